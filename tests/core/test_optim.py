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
        with pytest.raises(TypeError, match="parameter 0 holds int64.* autograd=True"):
            optimizer([Tensor(np.array([1, 2], dtype=np.int64))])


@pytest.mark.parametrize(
    "call, text",
    [
        (lambda w: Momentum([w], momentum=1), "Momentum: momentum is 1, expected"),
        (lambda w: RMSProp([w], decay=-0.1), "RMSProp: decay is -0.1, expected"),
        (lambda w: Adam([w], beta2=1.5), "Adam: beta2 is 1.5, expected"),
    ],
)
def test_shares_lie_between_0_and_1(call, text):
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


def test_the_registry_offers_them_by_class_name():
    assert OPTIMIZERS == {"SGD": SGD, "Momentum": Momentum, "RMSProp": RMSProp, "Adam": Adam}
    assert [each.label for each in OPTIMIZERS.values()] == ["SGD", "Momentum", "RMSProp", "Adam"]
    assert repr(SGD([parameter(1.0)])) == "SGD(1 parameters, alpha=0.1)"
