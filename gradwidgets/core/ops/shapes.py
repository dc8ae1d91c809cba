"""Operations that move entries without changing their values.

Each forward answers with an array of its own: changing a result in place changes no input.
"""

from __future__ import annotations

import numpy as np
from numpy import ndarray

from gradwidgets.core.ops.registry import Op
from gradwidgets.core.types import Answer

TRANSPOSE = Op(
    name="transpose",
    symbol="T",
    forward=lambda x: x.transpose().copy(),
    gradients=(lambda g, y, x: g.transpose(),),
    rules=("g.transpose()",),
    formula="x.transpose()",
    reason="Entries only change places, so their gradients take the way back.",
)

RESHAPE = Op(
    name="reshape",
    symbol="reshape",
    forward=lambda x, shape: x.reshape(shape).copy(),
    gradients=(lambda g, y, x: g.reshape(x.shape),),
    rules=("g.reshape(x.shape)",),
    formula="x.reshape(y.shape)",
    reason="Entries keep their order in a new shape, so the gradient gets the old shape again.",
    needs_shape=True,
)


def _gathered(g: ndarray, y: ndarray, x: ndarray, positions: ndarray) -> Answer:
    received = np.bincount(positions.ravel(), g.ravel(), x.size)
    # When nothing was chosen, NumPy counts in integers.
    return received.astype(np.float64, copy=False).reshape(x.shape)


INDEX = Op(
    name="index",
    symbol="[ ]",
    forward=lambda x, positions: x.ravel()[positions],
    gradients=(_gathered, None),
    rules=("np.bincount(positions.ravel(), g.ravel(), x.size).reshape(x.shape)", None),
    formula="x.ravel()[positions]",
    reason="A chosen entry receives g as often as it was chosen, an entry left out receives 0.",
)

CONCAT = Op(
    name="concat",
    symbol="concat",
    forward=lambda a, b, dim: np.concatenate((a, b), dim),
    gradients=(
        lambda g, y, a, b, dim: np.split(g, [a.shape[dim]], dim)[0],
        lambda g, y, a, b, dim: np.split(g, [a.shape[dim]], dim)[1],
    ),
    rules=("np.split(g, [a.shape[dim]], dim)[0]", "np.split(g, [a.shape[dim]], dim)[1]"),
    formula="np.concatenate((a, b), dim)",
    reason="Each part receives the piece of g that stands where the part was put.",
    shapes="shapes must be equal in every dimension but the joined one",
)
