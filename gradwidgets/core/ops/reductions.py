"""Operations that take a dimension away, and `expand`, which puts one in."""

from __future__ import annotations

import numpy as np
from numpy import ndarray

from gradwidgets.core.ops.registry import Op, spread
from gradwidgets.core.types import Answer

SUM = Op(
    name="sum",
    symbol="Σ",
    forward=lambda x, dim=None: np.add.reduce(x, dim),
    gradients=(lambda g, y, x, dim=None: spread(g, x.shape, dim),),
    rules=("spread(g, x.shape, dim)",),
    formula="np.sum(x, dim)",
    reason="Every summand counts once, so each receives the g of the sum it went into.",
)


def _mean(x: ndarray, dim: int | None = None) -> Answer:
    return np.add.reduce(x, dim) / _count(x, dim)


def _count(x: ndarray, dim: int | None) -> int:
    return x.size if dim is None else x.shape[dim]


MEAN = Op(
    name="mean",
    symbol="mean",
    forward=_mean,
    gradients=(lambda g, y, x, dim=None: spread(g, x.shape, dim) / _count(x, dim),),
    rules=("spread(g, x.shape, dim) / np.size(x, dim)",),
    formula="np.mean(x, dim)",
    reason="Each entry has an equal share in the mean, so it receives that share of g.",
)


def _max_share(g: ndarray, y: ndarray, x: ndarray, dim: int | None = None) -> Answer:
    largest = x == spread(y, x.shape, dim)
    return spread(g, x.shape, dim) * largest / np.sum(largest, dim, keepdims=True)


MAX = Op(
    name="max",
    symbol="max",
    forward=lambda x, dim=None: np.maximum.reduce(x, axis=dim),
    gradients=(_max_share,),
    rules=(
        "spread(g, x.shape, dim) * (x == spread(y, x.shape, dim))"
        " / np.sum(x == spread(y, x.shape, dim), dim, keepdims=True)",
    ),
    formula="np.max(x, dim)",
    reason="Only the largest entry decides the result; equally large ones share g evenly.",
    shapes="there must be an entry to choose, so the dimension cannot have length 0",
)

EXPAND = Op(
    name="expand",
    symbol="expand",
    forward=lambda x, dim, shape: spread(x, shape, dim),
    gradients=(lambda g, y, x, dim: np.add.reduce(g, axis=dim),),
    rules=("np.sum(g, dim)",),
    formula="spread(x, y.shape, dim)",
    reason="Every copy is the same entry, so what all copies receive is added up.",
    shapes="the number of copies must be 0 or more",
    needs_shape=True,
)
