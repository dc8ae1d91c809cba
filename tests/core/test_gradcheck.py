"""gradcheck: what passes, what fails, and what it says then."""

from __future__ import annotations

import numpy as np
import pytest

from gradwidgets.core import Dropout, Linear, MSELoss, Sequential, Sigmoid, Tanh, Tensor, gradcheck
from gradwidgets.core.gradcheck import COMPARE, EDGE, GradientError
from gradwidgets.core.ops import OPS


@pytest.fixture
def x() -> Tensor:
    return Tensor([[0.5, -1.0], [2.0, 0.1]], autograd=True)


def test_right_gradients_pass_and_nothing_is_changed(x):
    x.grad = Tensor(np.full((2, 2), 7.0))
    data = x.data.copy()
    assert gradcheck(lambda x: (x.tanh() * x).sum(0), x) is True
    np.testing.assert_array_equal(x.data, data)
    np.testing.assert_array_equal(x.grad.data, np.full((2, 2), 7.0))


def test_the_parameters_of_a_model_can_be_checked(x):
    model = Sequential([Linear(2, 3), Tanh(), Linear(3, 1), Sigmoid()])
    target = np.array([[0.0], [1.0]])
    assert gradcheck(lambda *_: MSELoss()(model(x), target), x, *model.get_parameters())


def test_a_wrong_gradient_names_operation_input_index_got_and_expected(x, monkeypatch):
    # tanh as a learner may have it: y instead of y².
    monkeypatch.setattr(OPS["tanh"], "gradients", (lambda g, y, x: g * (1 - y),))
    with pytest.raises(GradientError) as caught:
        gradcheck(lambda a, b: (a * b).tanh().sum(), Tensor([2.0], autograd=True), x)
    message = str(caught.value)
    weight = np.random.default_rng(0).uniform(0.5, 1.5)
    y = np.tanh(2 * x.data)
    got, expected = np.sum((1 - y) * x.data) * weight, np.sum((1 - y * y) * x.data) * weight
    assert message.startswith(
        f"gradcheck: tanh, input 0 of shape (1,), index (0,): got {got:.6g}, "
        f"expected {expected:.6g} "
    )
    assert "compare the operation's gradient function with its derivative" in message


def test_the_operation_is_found_inside_a_long_expression(x, monkeypatch):
    monkeypatch.setattr(OPS["sum"], "gradients", (lambda g, y, x, dim=None: np.ones(x.shape),))
    with pytest.raises(GradientError, match="gradcheck: sum_0, input 0 of shape \\(2, 2\\)"):
        gradcheck(lambda x: ((x.tanh() * 3).sum(0) * x).mean(), x)


def test_errors_of_opposite_sign_do_not_cancel(x, monkeypatch):
    monkeypatch.setattr(
        OPS["neg"], "gradients", (lambda g, y, x: -g * np.array([[2.0, 0.0], [0.0, 2.0]]),)
    )
    with pytest.raises(GradientError, match="gradcheck: neg, input 0"):
        gradcheck(lambda x: -x, x)


def corner(function, *data) -> str:
    """Return what is said of a function at these inputs."""
    with pytest.raises(GradientError) as caught:
        gradcheck(function, *[Tensor(each, autograd=True) for each in data])
    return str(caught.value)


@pytest.mark.parametrize(
    "function, data, name, place",
    [
        (lambda a: a.relu().sum(), [0.0, 1.0], "relu", "input 0 is 0 there"),
        (lambda a: a.relu(), [2.0, -3e-7], "relu", "input 0 is -3e-07 there"),
        (lambda a: a.relu(), [9e-7], "relu", "input 0 is 9e-07 there"),
        (lambda a: (a - 5.0).leaky_relu(0.1) * 1e3, [5.0], "leaky_relu_0.1", "input 0 is 5 there"),
        (lambda a: a.max(), [1.0, 3.0, 3.0, 3.0], "max", "input 0 is 3 there"),
        (lambda a: (a.max(1) * 2).tanh(), [[0.5, 0.5, 0.5], [0.1, 0.2, 0.3]], "max_1", "0 is 0.5 there"),
        (lambda a: (a * a) ** 0.5 * 0.0 + (a.relu() + (-a).relu() * 2), [0.0, 1.0], "relu", "0 is 0"),
        (lambda a: a.relu().exp().sum(0), [[0.0, 2.0]], "relu", "input 0 is 0 there"),
    ],
)  # fmt: skip
def test_a_corner_is_named_and_no_mistake(function, data, name, place):
    message = corner(function, data)
    assert message.startswith(f"gradcheck: {name}, input 0 of shape ")
    assert f"{name} has a corner at this point" in message and place in message
    assert message.endswith("Check it at another point")


def test_a_corner_outside_the_operations_is_named_by_the_function():
    def size(a):
        return a * Tensor(np.sign(a.data) + (a.data == 0))

    assert "size has a corner at this point (input 0 is 0 there)" in corner(size, [0.0, 1.0])


def test_a_strongly_curved_function_has_no_corner(monkeypatch):
    for function in (lambda a: (a * 300).exp(), lambda a: (a * 2000.0).tanh(), lambda a: a**9 * 1e6):
        assert gradcheck(function, Tensor([1e-3, 0.01], autograd=True), rtol=1e-3, atol=1e-3)
    monkeypatch.setattr(OPS["exp"], "gradients", (lambda g, y, x: g * y * 1.01,))
    message = corner(lambda a: (a * 300).exp(), [1e-3])
    assert message.startswith("gradcheck: exp, ") and "corner" not in message


def test_a_wrong_gradient_is_told_before_a_corner(x, monkeypatch):
    monkeypatch.setattr(OPS["tanh"], "gradients", (lambda g, y, x: g * (1 - y),))
    message = corner(lambda a: a.relu() + a.tanh(), [0.0, 0.7])
    assert message.startswith("gradcheck: tanh, input 0 of shape (2,), index (1,): ")
    monkeypatch.setattr(OPS["relu"], "gradients", (lambda g, y, x: g * 5,))
    message = corner(lambda a: a.relu(), [0.0])
    assert message.startswith("gradcheck: relu, ") and COMPARE in message


def test_an_edge_of_the_domain_is_named():
    with np.errstate(all="ignore"):
        assert EDGE in corner(lambda a: a.log(), [0.0, 1.0])


def test_a_detached_result_is_named():
    def forgetful(a):
        return Tensor(a.data * 2)

    message = corner(forgetful, [0.5, -1.0])
    assert message.startswith("gradcheck: forgetful, input 0 of shape (2,), index (0,): got 0, exp")
    assert "the result is detached: no operation of Tensor leads from the result back to" in message


def test_an_input_that_is_detached_from_the_graph_is_named():
    message = corner(lambda a, b: a * b.data, [0.5], [2.0])
    assert "input 1 is detached: no operation of Tensor leads from the result back to" in message
    message = corner(lambda a: a * a.data, [0.5])
    assert "past the graph. Use the tensor itself where its .data (or NumPy) was used" in message


def test_what_does_not_depend_on_the_inputs_passes():
    assert gradcheck(lambda a: Tensor([1.0]), Tensor([0.5], autograd=True))


def test_positions_are_not_moved_when_the_wrong_operation_is_looked_for(monkeypatch):
    monkeypatch.setattr(OPS["tanh"], "gradients", (lambda g, y, x: g * (1 - y),))
    assert corner(lambda a: a[[0, 0]].tanh()[1], [0.5, 1.0]).startswith("gradcheck: tanh, ")


@pytest.mark.parametrize(
    "error, text, call",
    [
        (ValueError, "no tensors given", lambda x: gradcheck(lambda: x)),
        (TypeError, "input 0 must be a Tensor with autograd=True",
         lambda x: gradcheck(lambda y: y, Tensor([1.0]))),
        (TypeError, "input 0 must be", lambda x: gradcheck(lambda y: y, x * 2)),
        (TypeError, "input 0 is a list, expected a Tensor; pass the tensors one by one",
         lambda x: gradcheck(lambda y: y, [x])),
        (TypeError, "the function returned a ndarray, expected a Tensor",
         lambda x: gradcheck(lambda y: y.data, x)),
        (ValueError, "two different results for the same inputs",
         lambda x: gradcheck(Dropout(0.5, np.random.default_rng(0)), x)),
    ],
)  # fmt: skip
def test_what_cannot_be_checked_is_refused(x, error, text, call):
    with pytest.raises(error, match=text):
        call(x)
