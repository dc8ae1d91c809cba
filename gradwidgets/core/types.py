"""Types that several rooms share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

if TYPE_CHECKING:
    from numpy import ndarray
    from numpy.typing import ArrayLike

    from gradwidgets.core.tensor import Tensor

Foreign: TypeAlias = object
"""An object of a learner's own: anything may be missing in it, and reading it may fail."""

Shape: TypeAlias = tuple[int, ...]
"""The lengths of an array's dimensions."""

Arguments: TypeAlias = tuple[float, ...]
"""What stands behind the name in a ``creation_op``: ``(0,)`` in ``sum_0``."""

Answer: TypeAlias = Any
"""What NumPy's functions answer: an array, or a scalar where no operand has dimensions."""

Operand: TypeAlias = "Tensor | ArrayLike"
"""What an operation takes beside a tensor: another one, or numbers, which count as constants."""


class Parameter(Protocol):
    """What an optimizer moves: a `Tensor`, or one of a learner's, whose gradient may be any."""

    data: ndarray
    grad: Any
