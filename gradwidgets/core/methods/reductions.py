"""Taking a dimension away, and `expand`, which puts one in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gradwidgets.core.answers import refuse_keywords
from gradwidgets.core.arguments import number_of_copies, position
from gradwidgets.core.methods.operation import apply
from gradwidgets.core.methods.shapes import Shapes
from gradwidgets.core.ops.reductions import EXPAND, MAX, MEAN, SUM
from gradwidgets.core.ops.registry import Op
from gradwidgets.core.types import Foreign

if TYPE_CHECKING:
    from gradwidgets.core.tensor import Tensor


class Reductions(Shapes):
    """The methods of `Tensor` whose operations stand in `gradwidgets.core.ops.reductions`."""

    __slots__ = ()

    def sum(self, dim: int | None = None, **as_numpy: Any) -> Tensor:
        """Add up the entries along `dim`, also called `axis`, or all of them.

        ``keepdims=True`` keeps the dimension, with length 1.
        """
        return self._reduced(SUM, dim, as_numpy)

    def mean(self, dim: int | None = None, **as_numpy: Any) -> Tensor:
        """Average the entries along `dim`, or all of them; `axis` and `keepdims` as in `sum`."""
        return self._reduced(MEAN, dim, as_numpy)

    def max(self, dim: int | None = None, **as_numpy: Any) -> Tensor:
        """Return the largest entry along `dim`, or of all; equally large ones share gradients.

        `axis` and `keepdims` as in `sum`.
        """
        return self._reduced(MAX, dim, as_numpy)

    def _reduced(self, op: Op, dim: int | None, as_numpy: dict[str, Any]) -> Tensor:
        if as_numpy:
            return self._reduced_as_numpy(op, dim, **as_numpy)
        args = () if dim is None else (position(dim, self.data.ndim, op.name, "leave dim out"),)
        return apply(op, [self], args)

    def _reduced_as_numpy(
        self,
        op: Op,
        dim: int | None,
        axis: int | None = None,
        keepdims: bool = False,
        **unknown: Foreign,
    ) -> Tensor:
        takes = "dim", "axis", "keepdims"
        refuse_keywords(f"Tensor.{op.name}", unknown, takes, "Tensor.sum")
        dim = dim if axis is None else axis
        reduced, shape = self._reduced(op, dim, {}), self.data.shape
        if not keepdims:
            return reduced
        dim = None if dim is None else position(dim, len(shape), op.name)
        return reduced.reshape([1 if dim in (None, place) else n for place, n in enumerate(shape)])

    def expand(self, dim: int, copies: int) -> Tensor:
        """Put in a dimension at `dim` and repeat the tensor `copies` times along it."""
        shape, copies = self.data.shape, number_of_copies(copies)
        dim = position(dim, len(shape) + 1, "expand")
        return apply(EXPAND, [self], (dim,), (shape[:dim] + (copies,) + shape[dim:],))
