"""A backward pass that does not fit the forward pass: what is noticed, and what is said."""

from __future__ import annotations

import copy

import numpy as np
import pytest

from gradwidgets.core import (
    SGD,
    BCELoss,
    CrossEntropyLoss,
    Linear,
    MSELoss,
    Sequential,
    Tanh,
    Tensor,
)  # fmt: skip
from gradwidgets.core.ops import OPS
from tests.core.cases import all_cases, case_name


def refused(loss: Tensor) -> str:
    with pytest.raises(RuntimeError) as caught:
        loss.backward()
    return str(caught.value)


# -- a weight that is bound anew ----------------------------------------------------------------


def subtracted(w, alpha):
    return w - alpha * w.grad


def in_place(w, alpha):
    w -= alpha * w.grad
    return w


def added(w, alpha):
    return w + -alpha * w.grad


def added_in_place(w, alpha):
    w += w.grad * -alpha
    return w


def decayed(w, alpha):
    return w * 0.99 - alpha * w.grad


@pytest.mark.parametrize("shape", [(), (2,)])
@pytest.mark.parametrize(
    "move, op",
    [(subtracted, "sub"), (in_place, "sub"), (added, "add"), (added_in_place, "add"),
     (decayed, "sub")],
)  # fmt: skip
def test_a_weight_bound_anew_is_told_what_it_is_now(move, op, shape):
    w = Tensor(np.ones(shape), autograd=True)
    with pytest.raises(RuntimeError) as caught:
        for _ in range(4):
            ((w * [1.0, 2.0] - [2.0, 4.0]) ** 2).sum().backward()
            w = move(w, 0.1)
    message = str(caught.value)
    assert message.startswith(f"backward: the result of {op!r}, shape {shape}, was already passed")
    sign = "+" if op == "add" else "-"
    assert f"w = w {sign} ... (or w {sign}= ...): that made w the result of {op!r}" in message
    assert "no leaf any more" in message and "w.data -= alpha * w.grad.data" in message


def test_what_the_error_advises_works():
    w, x, target = Tensor(1.0, autograd=True), Tensor([1.0, 2.0]), Tensor([2.0, 4.0])
    for _ in range(50):
        ((w * x - target) ** 2).sum().backward()
        w.data -= 0.05 * w.grad.data
        w.grad = None
    assert w.item() == pytest.approx(2, abs=1e-6)


@pytest.mark.parametrize(
    "made", [lambda w: w.tanh(), lambda w: w.mm(w), lambda w: w + w, lambda w: (w.tanh() - 1.0)],
)  # fmt: skip
def test_any_other_second_pass_is_told_to_compute_the_loss_again(made):
    h = made(Tensor(np.ones((2, 2)), autograd=True))
    h.sum().backward()
    message = refused((h * 2).sum())
    assert "would count its gradient twice. Compute the loss again (a new forward pass)" in message
    assert "no leaf" not in message


# -- numbers changed in place -------------------------------------------------------------------


def test_a_leaf_changed_in_place_is_named_with_its_operation():
    x = Tensor([1.0, 2.0], autograd=True)
    y = (x * x).sum()
    x.data[0] = 100
    assert refused(y) == (
        "backward: creators[0] of the result of 'mul', a leaf of shape (2,), was changed after "
        "'mul' had used it: it was 1 at [0] then, and is 100 now. The gradients would belong to "
        "other numbers than the loss. Change .data only after backward(), or compute the loss "
        "again (a new forward pass) after the change"
    )
    assert x.grad is None
    (x * x).sum().backward()
    assert x.grad.data.tolist() == [200, 4]


def test_data_without_autograd_changed_in_place_are_noticed():
    x, w = Tensor([[1, 2], [3, 4]]), Tensor(np.ones((2, 1)), autograd=True)
    loss = x.mm(w).sum()
    x.data[1] = [5, 6]
    assert "creators[0] of the result of 'mm', a constant of shape (2, 2), was" in refused(loss)
    loss = w.transpose().mm(x).sum()
    x.data = x.data * 2.5
    assert "creators[1] of the result of 'mm', a constant of shape (2, 2), was" in refused(loss)
    loss = x.mm(w).sum()
    x.data = [[1.0, 2.0], [3.0, 4.0]]
    assert "creators[0] of the result of 'mm'" in refused(loss)


@pytest.mark.parametrize("rows", [3, 50, 200], ids=["copied", "summed", "summed again"])
def test_a_batch_changed_in_place_is_noticed(rows):
    x = Tensor(np.random.default_rng(0).normal(size=(rows, 100)))
    w = Tensor(np.ones((100, 1)), autograd=True)
    loss = x.mm(w).sum()
    x.data[rows // 2, 7] += 0.01
    assert "a constant of shape" in refused(loss)


def test_a_step_between_forward_and_backward_is_noticed():
    model = Sequential([Linear(2, 3), Tanh(), Linear(3, 1)])
    optimizer = SGD(model.get_parameters(), alpha=0.1)
    x = Tensor([[0.5, 1.0]])
    first, second = model(x).sum(), model(x).sum()
    first.backward()
    optimizer.step()
    assert "was changed after 'mm' had used it" in refused(second)


@pytest.mark.parametrize("name, function, arrays", list(all_cases()), ids=case_name)
def test_whatever_a_rule_reads_is_noticed_when_it_changes(name, function, arrays):
    for number in range(len(arrays)):
        leaves = [Tensor(array, autograd=True) for array in arrays]
        leaf = leaves[number]
        if not leaf.size:
            continue
        result = function(*leaves)
        readers = OPS[name].readers[number]
        leaf.data += 0.125
        if readers:
            with pytest.raises(RuntimeError, match=f"creators.{number}. of the result of "):
                result.backward(np.ones(result.shape))
        else:
            # What is not read cannot spoil a gradient.
            before = function(*[Tensor(array, autograd=True) for array in arrays])
            result.backward(np.ones(result.shape))
            before.backward(np.ones(result.shape))
            np.testing.assert_array_equal(leaf.grad.data, before.creators[number].grad.data)


@pytest.mark.parametrize(
    "change",
    [
        lambda w: np.copyto(w.data, w.data.copy()), lambda w: w.data.__imul__(-1),
        lambda w: setattr(w, "data", w.data.copy()), lambda w: setattr(w, "grad", None),
    ],
)  # fmt: skip
def test_a_change_that_leaves_the_numbers_alone_is_none(change):
    w = Tensor([0.0, 0.0], autograd=True)
    loss = (w * w * [1.0, 2.0]).sum()
    change(w)
    loss.backward()
    assert w.grad.data.tolist() == [0, 0]


@pytest.mark.parametrize("size", [2, 5_000, 50_000])
@pytest.mark.parametrize("number", [np.nan, np.inf, 1e200])
def test_what_is_not_finite_is_no_change(size, number):
    w = Tensor(np.full(size, number), autograd=True)
    with np.errstate(all="ignore"):
        (w * w).sum().backward()
    assert w.grad.shape == (size,)


def test_data_may_change_before_a_new_forward_pass_and_after_backward():
    x, w = Tensor(np.ones((4, 2))), Tensor(np.ones((2, 1)), autograd=True)
    model_losses = []
    for batch in range(3):
        x.data[...] = batch
        for criterion in (MSELoss(), BCELoss(from_logits=True)):
            loss = criterion(x.mm(w), np.ones((4, 1)))
            loss.backward()
            w.data -= 0.01 * w.grad.data
            x.data += 1
            model_losses.append(loss.item())
    assert np.isfinite(model_losses).all()


def test_a_loss_that_is_never_sent_back_forbids_no_change():
    x = Tensor([[1.0, 2.0]], autograd=True)
    CrossEntropyLoss()(x * 2, [0])
    x.data[0] = 5
    CrossEntropyLoss()(x * 2, [0]).backward()
    assert x.grad is not None


def test_a_copied_graph_is_judged_by_its_own_leaves():
    w = Tensor([1.0], autograd=True)
    loss = (w * w).sum()
    twin = copy.deepcopy(loss)
    w.data[0] = 3
    twin.backward()
    assert "was changed after 'mul'" in refused(loss)
