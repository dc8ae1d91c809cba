"""Optimizers, against their formulas written out number by number."""

from __future__ import annotations

import copy
from math import sqrt

import numpy as np
import pytest

from gradwidgets.core import SGD, Adam, Linear, Momentum, RMSProp, Sequential, Tensor
from gradwidgets.core.optim import OPTIMIZERS

GRADIENTS = [0.5, -2.0, 0.0, 1e-3, 3.0, 0.7]


def sgd(alpha):
    w = 1.0
    for g in GRADIENTS:
        w = w - alpha * g
        yield w


def momentum(alpha):
    w, v = 1.0, 0.0
    for g in GRADIENTS:
        v = 0.9 * v - alpha * g
        w = w + v
        yield w


def rmsprop(alpha):
    w, m = 1.0, 0.0
    for g in GRADIENTS:
        m = 0.9 * m + 0.1 * g**2
        w = w - alpha * g / (sqrt(m) + 1e-8)
        yield w


def adam(alpha):
    w, m, v = 1.0, 0.0, 0.0
    for t, g in enumerate(GRADIENTS, start=1):
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g**2
        w = w - alpha * (m / (1 - 0.9**t)) / (sqrt(v / (1 - 0.999**t)) + 1e-8)
        yield w


FORMULAS = {SGD: sgd, Momentum: momentum, RMSProp: rmsprop, Adam: adam}


def parameter(*data: float) -> Tensor:
    return Tensor(data, autograd=True)


def give(tensor: Tensor, gradient: float) -> None:
    (tensor * gradient).sum().backward()


@pytest.mark.parametrize("optimizer, formula", FORMULAS.items(), ids=lambda x: x.__name__)
@pytest.mark.parametrize("alpha", [0.1, 0.003])
def test_the_path_is_that_of_the_formula(optimizer, formula, alpha):
    w = parameter(1.0, 1.0)
    data = w.data
    trained = optimizer([w], alpha=alpha)
    for g, expected in zip(GRADIENTS, formula(alpha), strict=True):
        give(w, g)
        trained.step()
        np.testing.assert_allclose(w.data, [expected, expected], rtol=1e-12)
        np.testing.assert_array_equal(w.grad.data, [0, 0])
    assert w.data is data, "parameters move in place"


@pytest.mark.parametrize("optimizer", FORMULAS, ids=lambda x: x.__name__)
class TestAll:
    def test_a_deep_copy_is_a_full_backup(self, optimizer):
        w = parameter(1.0)
        original = optimizer([w], alpha=0.1)
        for g in GRADIENTS[:3]:
            give(w, g)
            original.step()
        kept = w.data.copy()
        backup = copy.deepcopy(original, {id(w): w})
        paths = []
        for trained in (original, backup):
            w.data[...] = kept
            path = []
            for g in GRADIENTS[3:]:
                give(w, g)
                trained.step()
                path.append(w.item())
            paths.append(path)
        assert paths[0] == paths[1]

    def test_alpha_may_change_while_training(self, optimizer):
        w = parameter(1.0)
        trained = optimizer([w], alpha=0.1)
        trained.alpha = 0
        give(w, 1.0)
        trained.step()
        assert w.item() == 1.0 and trained.alpha == 0

    def test_step_can_keep_the_gradients(self, optimizer):
        w = parameter(1.0)
        trained = optimizer([w], alpha=0.1)
        give(w, 2.0)
        trained.step(zero=False)
        assert w.grad.item() == 2
        trained.zero()
        assert w.grad.item() == 0

    def test_zero_also_removes_what_is_not_a_number(self, optimizer):
        w = parameter(1.0)
        trained = optimizer([w], alpha=0.1)
        w.grad = Tensor([np.nan])
        trained.zero()
        assert w.grad.item() == 0

    def test_a_parameter_listed_twice_moves_once(self, optimizer):
        v, w = parameter(1.0), parameter(1.0)
        for listed, tensor in ([v], v), ([w, w], w):
            trained = optimizer(iter(listed), alpha=0.1)
            give(tensor, 2.0)
            trained.step()
            assert trained.parameters == [tensor]
        assert v.item() == w.item()

    def test_it_refuses_what_it_cannot_use(self, optimizer):
        name = optimizer.__name__
        w = parameter(1.0)
        for alpha in (float("nan"), float("inf"), -0.1):
            with pytest.raises(ValueError, match=f"{name}: alpha is {alpha}, expected a finite"):
                optimizer([w], alpha=alpha)
        for alpha in ("0.1", None, True):
            with pytest.raises(TypeError, match=f"{name}: alpha is {alpha!r}, expected a number"):
                optimizer([w], alpha=alpha)
        trained = optimizer([w], alpha=0.5)
        with pytest.raises(ValueError, match="alpha is nan"):
            trained.alpha = float("nan")
        assert trained.alpha == 0.5
        with pytest.raises(ValueError, match=f"{name}: the list of parameters is empty.* pass"):
            optimizer([])
        with pytest.raises(TypeError, match="got one tensor, expected a list"):
            optimizer(w)
        model = Sequential([Linear(2, 1)])
        for given, kind in [(model, "Sequential"), (model.get_parameters, "method"),
                            (None, "NoneType")]:  # fmt: skip
            with pytest.raises(TypeError) as caught:
                optimizer(given)
            assert str(caught.value) == (
                f"{name}: got a {kind}, expected a list of tensors; pass model.get_parameters(), "
                "with the parentheses"
            )
        with pytest.raises(TypeError, match="parameter 1 is a float, expected a Tensor"):
            optimizer([w, 1.0])
        whole = parameter(1.0)
        whole.data = np.array([1, 2], dtype=np.int64)
        with pytest.raises(TypeError, match="parameter 0 holds int64.* autograd=True"):
            optimizer([whole])

    def test_it_refuses_at_once_what_could_never_move(self, optimizer):
        w, name = parameter(1.0), optimizer.__name__
        locked = parameter(1.0)
        locked.data.setflags(write=False)
        layer = Linear(2, 1)
        for given, error, text in [
            ([w, w * 0.1], ValueError, "parameter 1 is the result of mul, no leaf"),
            ([-w], ValueError, "the result of neg.* Tensor\\(result.data, autograd=True\\)"),
            ([w, Tensor([1.0])], ValueError, "parameter 1 has autograd=False.* leave it out"),
            ([locked], ValueError, "parameter 0 holds a read-only array.*data.copy\\(\\)"),
            ([layer.parameters], TypeError, "parameter 0 is a list.*; join the lists"),
            ([w, layer], TypeError, "parameter 1 is a Linear.* get_parameters\\(\\) returns"),
            ([np.ones(2)], TypeError, "parameter 0 is a ndarray.*Tensor\\(array, autograd=True"),
            (np.ones(2), TypeError, "got one array, expected a list of tensors"),
            ({"w": w}, TypeError, "got a dict.* list\\(parameters.values\\(\\)\\)"),
            ("w", TypeError, "got a str, expected a list of tensors; write \\[w, b\\]"),
            (iter([]), ValueError, "the iterator gave no parameters.* is used up"),
        ]:
            with pytest.raises(error, match=f"^{name}: .*{text}"):
                optimizer(given)

    def test_a_refused_step_moves_nothing(self, optimizer):
        def read_only(w):
            w.data.setflags(write=False)

        def whole_numbers(w):
            w.data = np.array([1, 1])

        def bound_to_a_tensor(w):
            w.data = w - 0.1

        def of_another_shape(w):
            w.data = np.ones(3)

        def gradient_of_words(w):
            w.grad.data = np.array(["1", "2"])

        for spoil, text in [
            (read_only, "holds a read-only array"),
            (whole_numbers, "holds int64, which cannot move"),
            (bound_to_a_tensor, "has a Tensor as its data.* parameter.grad.data to move it"),
            (of_another_shape, "has shape \\(3,\\) but its gradient \\(2,\\).* new forward pass"),
            (gradient_of_words, "has a gradient whose data is an array of <U1"),
        ]:
            first, second = parameter(1.0, 2.0), parameter(3.0, 4.0)
            trained = optimizer([first, second], alpha=0.1)
            states = copy.deepcopy([getattr(trained, state) for state in trained.states])
            give(first, 1.0)
            give(second, 1.0)
            spoil(second)
            with pytest.raises((TypeError, ValueError), match=f"parameter 1 {text}"):
                trained.step()
            np.testing.assert_array_equal(first.data, [1, 2])
            np.testing.assert_array_equal(first.grad.data, [1, 1])
            for state, before in zip(trained.states, states, strict=True):
                np.testing.assert_array_equal(getattr(trained, state), before)

    def test_numbers_that_are_not_finite_may_move(self, optimizer):
        w = parameter(1.0)
        trained = optimizer([w], alpha=0.1)
        w.grad = Tensor([np.nan])
        trained.step()
        assert np.isnan(w.item()) and w.grad.item() == 0

    def test_two_parameters_with_one_gradient_both_move(self, optimizer):
        v, w = parameter(1.0), parameter(1.0)
        trained = optimizer([v, w], alpha=0.1)
        give(v, 2.0)
        w.grad = v.grad
        trained.step()
        assert v.item() == w.item() < 1 and w.grad.item() == 0

    def test_a_read_only_gradient_is_replaced_by_zeros(self, optimizer):
        w = parameter(1.0)
        h = w * 2
        h.sum().backward()
        w.grad = h.grad
        trained = optimizer([w], alpha=0.1)
        trained.step()
        assert w.grad.item() == 0 and h.grad.item() == 1 and w.item() < 1
        w.grad = h.grad
        trained.zero()
        assert w.grad.item() == 0 and h.grad.item() == 1


@pytest.mark.parametrize(
    "call, text",
    [
        (lambda w: Momentum([w], momentum=1), "Momentum: momentum is 1, expected"),
        (lambda w: RMSProp([w], decay=-0.1), "RMSProp: decay is -0.1, expected"),
        (lambda w: Adam([w], beta2=1.5), "Adam: beta2 is 1.5, expected"),
        (lambda w: Adam([w], epsilon=-1e-8), "Adam: epsilon is -1e-08, expected a finite number"),
        (lambda w: RMSProp([w], epsilon="0"), "RMSProp: epsilon is '0', expected a finite"),
    ],
)
def test_what_an_optimizer_is_set_by_has_its_range(call, text):
    with pytest.raises(ValueError, match=text):
        call(parameter(1.0))


def test_adam_starts_afresh_for_a_parameter_that_had_no_gradient_yet():
    early, late = parameter(1.0), parameter(1.0)
    trained = Adam([early, late], alpha=0.1)
    give(early, 1.0)
    trained.step()
    early_after_one = early.item()
    give(early, 1.0)
    give(late, 1.0)
    trained.step()
    assert late.item() == early_after_one


@pytest.mark.parametrize("optimizer", [Momentum, RMSProp, Adam], ids=lambda x: x.__name__)
def test_what_is_kept_from_step_to_step_must_fit_the_data(optimizer):
    first, second = parameter(1.0), parameter(1.0)
    trained = optimizer([first, second], alpha=0.1)
    second.data = np.ones(3)
    give(first, 1.0)
    give(second, 1.0)
    with pytest.raises(ValueError, match=r"parameter 1 has shape \(3,\), but had \(1,\) .*again"):
        trained.step()
    assert first.item() == 1


def test_the_registry_offers_them_by_class_name():
    assert OPTIMIZERS == {"SGD": SGD, "Momentum": Momentum, "RMSProp": RMSProp, "Adam": Adam}
    assert [each.label for each in OPTIMIZERS.values()] == ["SGD", "Momentum", "RMSProp", "Adam"]
    assert repr(SGD([parameter(1.0)])) == "SGD(1 parameters, alpha=0.1)"
