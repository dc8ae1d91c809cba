"""What the seed notebook got wrong, by number; each would come back with its Tensor class."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from gradwidgets.core import SGD, Linear, Sequential, Tensor


@pytest.mark.parametrize(
    "use_twice",
    [
        lambda h: h.sigmoid() * h,
        lambda h: -h + h * h,
        lambda h: h.tanh() + h,
        lambda h: h.expand(0, 3).sum(0) + h,
        lambda h: h.expand(0, 1).transpose().transpose().sum(0) * h,
        lambda h: h.expand(0, 1).mm(h.expand(1, 1)).sum(0).sum(0) + h.sum(0),
    ],
    ids=["sigmoid", "neg", "tanh", "expand and sum", "transpose", "mm"],
)
def test_1_a_gradient_is_handed_on_only_when_all_of_it_has_arrived(use_twice):
    x = Tensor([0.3, -0.7], autograd=True)
    use_twice(x.tanh()).sum().backward()
    h, width = x.data.copy(), 1e-6

    def value_at(data):
        return float(use_twice(Tensor(data).tanh()).data.sum())

    for index in range(2):
        step = np.eye(2)[index] * width
        measured = (value_at(h + step) - value_at(h - step)) / (2 * width)
        assert x.grad.data[index] == pytest.approx(measured, abs=1e-8)


def test_1_the_numbers_of_the_example():
    x = Tensor([0.3, -0.7], autograd=True)
    h = x.tanh()
    (h.sigmoid() * h).backward(np.ones(2))
    np.testing.assert_allclose(x.grad.data, [0.589, 0.137], atol=5e-4)


def test_2_both_parents_of_a_sum_have_a_gradient_of_their_own():
    w1, w2 = Tensor([1.0, 2.0], autograd=True), Tensor([3.0, 4.0], autograd=True)
    (w1 + w2).backward(np.ones(2))
    w1.grad.data *= 0
    np.testing.assert_array_equal(w2.grad.data, [1, 1])


def test_2_sgd_moves_both_parents_of_a_sum():
    w1, w2 = Tensor([1.0, 2.0], autograd=True), Tensor([3.0, 4.0], autograd=True)
    optimizer = SGD([w1, w2], alpha=0.5)
    (w1 + w2).backward(np.ones(2))
    optimizer.step()
    np.testing.assert_array_equal(w1.data, [0.5, 1.5])
    np.testing.assert_array_equal(w2.data, [2.5, 3.5])


def test_3_integer_data_can_be_trained():
    w = Tensor([1, 2], autograd=True)
    assert w.data.dtype == np.float64
    (w * w).sum().backward()
    SGD([w], alpha=0.25).step()
    np.testing.assert_array_equal(w.data, [0.5, 1.0])


def test_4_a_tensor_without_autograd_does_not_break_the_graph():
    w, x = Tensor([1.0, 2.0], autograd=True), Tensor([3.0, 4.0])
    for y in (w * x, x * w, w + x, x + w, x - w):
        assert y.autograd and len(y.creators) == 2
    (x * w).sum().backward()
    np.testing.assert_array_equal(w.grad.data, [3, 4])
    assert x.grad is None


def test_5_sigmoid_works_without_autograd():
    np.testing.assert_array_equal(Tensor([0.0]).sigmoid().data, [0.5])


def test_6_every_sequential_has_a_list_of_its_own():
    first, second = Sequential(), Sequential()
    first.add(Linear(2, 3))
    assert second.layers == []
    given = [Linear(1, 1)]
    Sequential(given).add(Linear(1, 1))
    assert len(given) == 1


def test_7_tensors_do_not_draw_from_the_learners_seed_and_ids_do_not_collide():
    np.random.seed(0)
    expected = np.random.rand()
    np.random.seed(0)
    tensors = [Tensor([1.0]) for _ in range(2000)]
    assert np.random.rand() == expected
    assert len({tensor.id for tensor in tensors}) == 2000


def test_8_a_chain_of_20_000_operations_needs_no_recursion():
    x = y = Tensor([1.0, -1.0], autograd=True)
    half = Tensor([0.5, 0.5], autograd=True)
    for _ in range(10_000):
        y = -(y + half)
    assert sys.getrecursionlimit() < 20_000
    y.backward(np.ones(2))
    np.testing.assert_array_equal(x.grad.data, [1, 1])
    del y  # the graph dies without recursion, too
    np.testing.assert_array_equal(x.grad.data, [1, 1])


@pytest.mark.parametrize("zero", [True, False])
def test_9_a_parameter_without_gradient_stays_where_it_is(zero):
    used, unused = Tensor([1.0], autograd=True), Tensor([2.0], autograd=True)
    optimizer = SGD([used, unused], alpha=0.1)
    (used * Tensor([3.0], autograd=True)).backward(Tensor([1.0]))
    optimizer.step(zero=zero)
    optimizer.zero()
    assert unused.data == [2.0] and unused.grad is None
    assert used.data == [0.7]


@pytest.mark.filterwarnings("error")
def test_10_sigmoid_does_not_overflow():
    x = Tensor([-1e308, -1000.0, -30.0, 0.0, 1000.0, np.inf, -np.inf], autograd=True)
    y = x.sigmoid()
    np.testing.assert_allclose(
        y.data, [0, 0, np.exp(-30) / (1 + np.exp(-30)), 0.5, 1, 1, 0], rtol=1e-15, atol=1e-300
    )
    y.backward(np.ones(7))
    assert np.isfinite(x.grad.data).all()


def test_a_second_backward_raises_and_says_what_to_do():
    w = Tensor([1.0, 2.0], autograd=True)
    loss = (w * w).sum()
    loss.backward()
    with pytest.raises(RuntimeError, match="Compute the loss again"):
        loss.backward()
    np.testing.assert_array_equal(w.grad.data, [2, 4])
