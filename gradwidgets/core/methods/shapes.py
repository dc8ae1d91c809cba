# mypy: disable-error-code="empty-body"
# `operation` puts in the body of a method that has none.
"""Moving entries without changing their values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from gradwidgets.core.arguments import full_shape, position
from gradwidgets.core.methods.operation import apply, operation
from gradwidgets.core.ops.shapes import CONCAT, INDEX, RESHAPE, TRANSPOSE
from gradwidgets.core.recorded import Recorded, constant, constant_of
from gradwidgets.core.types import Operand

if TYPE_CHECKING:
    from gradwidgets.core.tensor import Tensor


class Shapes(Recorded):
    """The methods of `Tensor` whose operations stand in `gradwidgets.core.ops.shapes`."""

    __slots__ = ()

    @operation(TRANSPOSE)
    def transpose(self) -> Tensor:
        """Put the dimensions in the opposite order: rows become columns."""

    @property
    def T(self) -> Tensor:  # noqa: N802 - NumPy's name
        """Return `transpose()`: the dimensions in the opposite order."""
        return self.transpose()

    def reshape(self, *shape: int | Sequence[int]) -> Tensor:
        """Arrange the entries in another shape; one length may be -1 and is then computed."""
        return apply(RESHAPE, [self], unspelled=(full_shape(shape, self.data.shape),))

    def concat(self, other: Operand, dim: int = 0, *, axis: int | None = None) -> Tensor:
        """Put `other` behind this tensor along `dim`, also called `axis`."""
        dim = dim if axis is None else axis
        other = other if isinstance(other, Recorded) else constant_of(other)
        return apply(CONCAT, [self, other], (position(dim, self.data.ndim, "concat"),))

    def __getitem__(self, index: Any) -> Tensor:
        """Choose entries as NumPy does: numbers, slices, lists, masks; an entry may repeat."""
        if isinstance(index, Recorded):
            index = index.data
        # Whatever kind of index it is, it comes down to the positions of the chosen entries.
        positions = np.arange(self.data.size).reshape(self.data.shape)
        try:
            positions = np.array(positions[index])
        except IndexError as error:
            raise IndexError(
                f"index: the tensor has shape {self.data.shape}, so {index!r} does not fit: {error}"
            ) from None
        return apply(INDEX, [self, constant(positions)])
