"""The nonlinear functions between the layers, and those that make probabilities."""

from __future__ import annotations

import numpy as np
from numpy import ndarray

from gradwidgets.core.ops.registry import Op
from gradwidgets.core.types import Answer

# As arrays, since NumPy combines an array with an array faster than with a Python number.
ONE = np.array(1.0)
LEAST = np.array(-709.0)
"""exp(-x) is a float64 from here on; below it overflows."""

TANH = Op(
    name="tanh",
    symbol="tanh",
    forward=np.tanh,
    gradients=(lambda g, y, x: g * (ONE - y * y),),
    rules=("g * (1 - y * y)",),
    formula="np.tanh(x)",
    reason="The slope of tanh is 1 − y²: steepest at 0, flat where y comes near −1 or 1.",
)


def stable_sigmoid(x: ndarray) -> Answer:
    """Return 1 / (1 + exp(-x)) without overflow, however large x is."""
    e = np.exp(-np.maximum(x, LEAST))
    e += ONE
    return np.reciprocal(e)


SIGMOID = Op(
    name="sigmoid",
    symbol="σ",
    forward=stable_sigmoid,
    gradients=(lambda g, y, x: g * y * (ONE - y),),
    rules=("g * y * (1 - y)",),
    formula="1 / (1 + np.exp(-x))",
    reason="The slope of the sigmoid is y × (1 − y): steepest at y = ½, flat near 0 and 1.",
)

RELU = Op(
    name="relu",
    symbol="ReLU",
    forward=lambda x: np.maximum(x, 0),
    gradients=(lambda g, y, x: g * (x > 0),),
    rules=("g * (x > 0)",),
    formula="np.maximum(x, 0)",
    reason="Where the input is positive it passes unchanged, elsewhere nothing it does is seen.",
)

LEAKY_RELU = Op(
    name="leaky_relu",
    symbol="Leaky ReLU",
    forward=lambda x, slope: np.where(x > 0, x, slope * x),
    gradients=(lambda g, y, x, slope: g * np.where(x > 0, 1, slope),),
    rules=("g * np.where(x > 0, 1, slope)",),
    formula="np.where(x > 0, x, slope * x)",
    reason="Positive inputs pass unchanged, the others are scaled by a small slope, so none dies.",
)


def _floats(x: ndarray) -> ndarray:
    return x if x.dtype.kind == "f" else x.astype(np.float64)


def _below_largest(x: ndarray, dim: int) -> Answer:
    """Subtract the largest entry, which changes no share but keeps exp from overflowing."""
    largest = np.maximum.reduce(x, axis=dim, keepdims=True, initial=-np.inf)
    try:
        with np.errstate(invalid="raise"):
            return x - largest
    except FloatingPointError:
        # The largest is infinite: it takes all; or all are masked with -inf, and none has a share.
        with np.errstate(invalid="ignore"):
            below = x - largest
        takes_all = (x == largest) & (largest > 0)
        return np.where(np.isinf(largest), np.where(takes_all, 0.0, -np.inf), below)


def _total(e: ndarray, dim: int) -> Answer:
    """Return what the shares are shares of: 1 or more, since the largest entry's e is 1."""
    return np.maximum(np.add.reduce(e, axis=dim, keepdims=True), 1.0)


def _softmax(x: ndarray, dim: int) -> Answer:
    x = _floats(x)  # since -inf, the largest entry of none, is no whole number
    e = np.exp(_below_largest(x, dim))
    return e / _total(e, dim)


SOFTMAX = Op(
    name="softmax",
    symbol="softmax",
    forward=_softmax,
    gradients=(lambda g, y, x, dim: y * (g - np.sum(g * y, dim, keepdims=True)),),
    rules=("y * (g - np.sum(g * y, dim, keepdims=True))",),
    formula="np.exp(x) / np.sum(np.exp(x), dim, keepdims=True)",
    reason="The shares sum to one: a share grows only as far as its g lies above the mean of all.",
)


def _log_softmax(x: ndarray, dim: int) -> Answer:
    x = _below_largest(_floats(x), dim)
    return x - np.log(_total(np.exp(x), dim))


LOG_SOFTMAX = Op(
    name="log_softmax",
    symbol="log softmax",
    forward=_log_softmax,
    gradients=(lambda g, y, x, dim: g - np.exp(y) * np.sum(g, dim, keepdims=True),),
    rules=("g - np.exp(y) * np.sum(g, dim, keepdims=True)",),
    formula="x - np.log(np.sum(np.exp(x), dim, keepdims=True))",
    reason="Each entry keeps its own g and pays its probability's part of what all have received.",
)
