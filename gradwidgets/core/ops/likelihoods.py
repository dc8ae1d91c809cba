"""Losses that would lose their digits if they were composed of logarithms and exponentials."""

from __future__ import annotations

import numpy as np
from numpy import ndarray

from gradwidgets.core.ops.activations import stable_sigmoid
from gradwidgets.core.ops.edges import weighed
from gradwidgets.core.ops.registry import Op
from gradwidgets.core.types import Answer

SMALLEST_PROBABILITY = 1e-12
"""Probabilities are kept this far from 0 and 1, so that a wrong certainty costs 27.6, not inf."""


_INSIDE = (SMALLEST_PROBABILITY, 1 - SMALLEST_PROBABILITY)


def _inside(p: ndarray) -> Answer:
    # In float32, 1 - 1e-12 is 1.
    return np.clip(np.asarray(p, np.float64), *_INSIDE)


def _cross_entropy(p: ndarray, t: ndarray) -> Answer:
    p = _inside(p)
    return -(t * np.log(p) + (1 - t) * np.log1p(-p))


def _cross_entropy_slope(g: ndarray, y: ndarray, p: ndarray, t: ndarray) -> Answer:
    p = _inside(p)
    return g * (p - t) / (p * (1 - p))


def _cross_entropy_target_slope(g: ndarray, y: ndarray, p: ndarray, t: ndarray) -> Answer:
    p = _inside(p)
    return g * (np.log1p(-p) - np.log(p))


BCE = Op(
    name="bce",
    symbol="BCE",
    forward=_cross_entropy,
    gradients=(_cross_entropy_slope, _cross_entropy_target_slope),
    rules=("g * (p - t) / (p * (1 - p))", "g * np.log((1 - p) / p)"),
    limits={"p": _INSIDE},
    formula="-(t * np.log(p) + (1 - t) * np.log(1 - p))",
    reason="The surprise falls as p comes near the target t, fastest where p is sure and wrong.",
)


def _cross_entropy_of_logits(z: ndarray, t: ndarray) -> Answer:
    # max(z, 0) - z·t + log(1 + exp(-|z|)) is the same loss of sigmoid(z), and exp cannot overflow.
    small = np.log1p(np.exp(-np.abs(z)))
    try:
        with np.errstate(invalid="raise"):
            return np.maximum(z, 0) - z * t + small
    except FloatingPointError:
        # An infinite logit is sure: right costs 0, wrong costs ∞. The weights are those of no, yes.
        no, yes = weighed(1 - t, lambda: z * (1 - t)), weighed(t, lambda: -z * t)
        return np.where(z > 0, no, yes) + small


BCE_LOGITS = Op(
    name="bce_logits",
    symbol="BCE",
    forward=_cross_entropy_of_logits,
    gradients=(
        lambda g, y, z, t: g * (stable_sigmoid(z) - t),
        lambda g, y, z, t: weighed(g, lambda: -g * z),
    ),
    rules=("g * (1 / (1 + np.exp(-z)) - t)", "-g * z"),
    formula="np.logaddexp(0, z) - z * t",
    reason="Sigmoid and logarithm cancel: what is left is how far the probability is from t.",
)
