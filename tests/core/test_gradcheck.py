"""gradcheck: what passes, what fails, and what it says then."""

from __future__ import annotations

import numpy as np
import pytest

from gradwidgets.core import Dropout, Linear, MSELoss, Sequential, Sigmoid, Tanh, Tensor, gradcheck
from gradwidgets.core.gradcheck import GradientError
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


def test_a_missing_gradient_counts_as_zero(x):
    with pytest.raises(GradientError, match="forgetful, input 0 .* got 0, expected"):

        def forgetful(x):
            return Tensor(x.data * 2)

        gradcheck(forgetful, x)


@pytest.mark.parametrize(
    "error, text, call",
    [
        (ValueError, "no tensors given", lambda x: gradcheck(lambda: x)),
        (TypeError, "input 0 must be a Tensor with autograd=True",
         lambda x: gradcheck(lambda y: y, Tensor([1.0]))),
        (TypeError, "input 0 must be", lambda x: gradcheck(lambda y: y, x * 2)),
        (TypeError, "the function returned a ndarray, expected a Tensor",
         lambda x: gradcheck(lambda y: y.data, x)),
        (ValueError, "two different results for the same inputs",
         lambda x: gradcheck(Dropout(0.5, np.random.default_rng(0)), x)),
    ],
)  # fmt: skip
def test_what_cannot_be_checked_is_refused(x, error, text, call):
    with pytest.raises(error, match=text):
        call(x)
