"""Values and gradients at the edge of a function: true limits, without a warning."""

from __future__ import annotations

import numpy as np
import pytest

from gradwidgets.core import Tensor

INF = np.inf
pytestmark = pytest.mark.filterwarnings("error")


def passed_back(function, *data, g=None) -> list[list[float]]:
    """Return the gradients of leaves with these data."""
    leaves = [Tensor(each, autograd=True) for each in data]
    with np.errstate(all="ignore"):  # the forward pass may say that it leaves the finite numbers
        y = function(*leaves)
    y.backward(np.ones(y.shape) if g is None else np.array(g, float))
    return [leaf.grad.data.tolist() for leaf in leaves]


@pytest.mark.parametrize(
    "base, exponent, slope_of_base, slope_of_exponent",
    [
        (0, 2, 0, 0), (0, 1, 1, 0), (0, 0.5, INF, 0), (0, 0, 0, -INF), (0, -1, -INF, -INF),
        (2, 0, 0, np.log(2)), (2, 2, 4, 4 * np.log(2)), (INF, -1, 0, 0), (0.5, 2000, 0, 0),
        (1, 0, 0, 0),
    ],
)  # fmt: skip
def test_powers(base, exponent, slope_of_base, slope_of_exponent):
    assert passed_back(lambda a, b: a**b, [base], [exponent]) == [
        [pytest.approx(slope_of_base)], [pytest.approx(slope_of_exponent)],
    ]  # fmt: skip
    assert passed_back(lambda a: a**exponent, [base]) == [[pytest.approx(slope_of_base)]]


@pytest.mark.parametrize(
    "function, at, slope",
    [
        (lambda x: x.log(), 0, INF), (lambda x: 1 / x, 0, -INF), (lambda x: x / 0.0, 1, INF),
        (lambda x: 1 / x, INF, 0), (lambda x: x.exp(), -INF, 0), (lambda x: x.exp(), 800, INF),
        (lambda x: x.sigmoid(), -INF, 0), (lambda x: x.sigmoid(), INF, 0),
        (lambda x: x.tanh(), INF, 0), (lambda x: x.relu(), INF, 1), (lambda x: x.relu(), -INF, 0),
    ],
)  # fmt: skip
def test_infinite_and_vanishing_slopes(function, at, slope):
    assert passed_back(function, [at]) == [[pytest.approx(slope, abs=1e-300)]]


@pytest.mark.parametrize(
    "function",
    [lambda x: x.log(), lambda x: 1 / x, lambda x: x / 0.0, lambda x: x**0.5, lambda x: x**-1,
     lambda x: x ** Tensor([0.5, 1.0]), lambda x: (x + 800).exp()],
)  # fmt: skip
def test_an_infinite_slope_hands_nothing_on_where_nothing_arrived(function):
    assert passed_back(function, [0.0, 1.0], g=[0, 0]) == [[0, 0]]


def test_what_does_not_decide_a_maximum_receives_nothing_be_its_slope_infinite():
    assert passed_back(lambda x: x.log().max(), [0.0, 2.0]) == [[0, 0.5]]


def test_a_sigmoid_written_out_is_flat_far_from_0():
    assert passed_back(lambda x: 1 / (1 + (-x).exp()), [-1000.0, 1000.0]) == [[0, 0]]


@pytest.mark.parametrize(
    "logits, shares",
    [
        ([-INF, 0.0], [0, 1]), ([0.0, -INF, 0.0], [0.5, 0, 0.5]), ([INF, 0.0], [1, 0]),
        ([INF, INF, -INF], [0.5, 0.5, 0]), ([-INF, -INF], [0, 0]),
    ],
)  # fmt: skip
def test_a_masked_logit_has_no_share(logits, shares):
    x = Tensor([logits, [0.0] * len(logits)], autograd=True)
    expected = np.array([shares, [1 / len(logits)] * len(logits)])
    y = x.softmax(1)
    np.testing.assert_allclose(y.data, expected, rtol=1e-15)
    g = np.arange(y.size, dtype=float).reshape(y.shape)
    y.backward(g)
    slopes = expected * (g - np.sum(g * expected, 1, keepdims=True))
    np.testing.assert_allclose(x.grad.data, slopes, rtol=1e-12, atol=1e-15)

    x.grad = None
    y = x.log_softmax(1)
    with np.errstate(divide="ignore"):
        np.testing.assert_allclose(y.data, np.log(expected), rtol=1e-15)
    y.backward(g)
    slopes = g - expected * np.sum(g, 1, keepdims=True)
    np.testing.assert_allclose(x.grad.data, slopes, rtol=1e-12, atol=1e-15)


def test_a_logit_that_is_not_a_number_stays_one():
    assert np.isnan(Tensor([np.nan, 0.0]).softmax().data).all()
    assert np.isnan(Tensor([np.nan, -INF]).log_softmax().data).all()


def test_a_weight_of_0_leaves_even_an_infinite_number_out():
    assert Tensor([-INF, 2.0, INF]).weigh([0, 1.5, 0]).data.tolist() == [0, 3, 0]
    assert Tensor([INF]).weigh([0.5]).data.tolist() == [INF]
    assert passed_back(lambda x, t: x.weigh(t), [-INF, 2.0], [0.0, 1.0], g=[1, 0]) == [
        [0, 0], [-INF, 0],
    ]  # fmt: skip


@pytest.mark.parametrize("exponent", [-1, -2, -0.5])
def test_a_negative_power_does_not_overflow_on_the_way(exponent):
    assert Tensor([1e200]).pow(exponent).item() == pytest.approx(1e200**exponent)
