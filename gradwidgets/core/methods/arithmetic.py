# mypy: disable-error-code="empty-body"
# `operation` puts in the body of a method that has none.
"""Reckoning entry by entry, and the matrix product; with Python's operators for them."""

from __future__ import annotations

from numbers import Real
from typing import TYPE_CHECKING, Self

import numpy as np

from gradwidgets.core.arguments import plain_number
from gradwidgets.core.methods.activations import Activations
from gradwidgets.core.methods.operation import apply, operation, reflected
from gradwidgets.core.ops.arithmetic import ADD, DIV, EXP, LOG, MM, MUL, NEG, POW, POWER, SUB, WEIGH
from gradwidgets.core.recorded import constant
from gradwidgets.core.types import Operand

if TYPE_CHECKING:
    from gradwidgets.core.tensor import Tensor


class Arithmetic(Activations):
    """The methods of `Tensor` whose operations stand in `gradwidgets.core.ops.arithmetic`.

    Where two shapes differ, one is repeated along its dimensions of length 1, as NumPy does.
    """

    __slots__ = ()

    # -- by name --------------------------------------------------------------------------------

    @operation(ADD)
    def add(self, other: Operand) -> Tensor:
        """Add another tensor, or numbers: ``x + y``."""

    @operation(SUB)
    def sub(self, other: Operand) -> Tensor:
        """Subtract another tensor, or numbers: ``x - y``."""

    @operation(MUL)
    def mul(self, other: Operand) -> Tensor:
        """Multiply by another tensor, or numbers, entry by entry: ``x * y``."""

    @operation(DIV)
    def div(self, other: Operand) -> Tensor:
        """Divide by another tensor, or numbers, entry by entry: ``x / y``."""

    @operation(WEIGH)
    def weigh(self, other: Operand) -> Tensor:
        """Multiply by weights; an entry of weight 0 is left out, even an infinite one."""

    @operation(NEG)
    def neg(self) -> Tensor:
        """Turn the sign of every entry: ``-x``."""

    def pow(self, exponent: Real | Operand) -> Tensor:
        """Raise every entry to a power: a number (``pow_2``) or a tensor (``power``)."""
        if isinstance(exponent, Real):
            return apply(POW, [self], (plain_number(exponent),))
        return self.power(exponent)

    @operation(POWER)
    def power(self, other: Operand) -> Tensor:
        """Raise every entry to the power that stands in its place in another tensor."""

    @operation(EXP)
    def exp(self) -> Tensor:
        """Raise e to the power of every entry."""

    @operation(LOG)
    def log(self) -> Tensor:
        """Take the natural logarithm of every entry."""

    @operation(MM)
    def mm(self, other: Operand) -> Tensor:
        """Multiply by another matrix: rows by columns, ``x @ w``."""

    # -- by operator ----------------------------------------------------------------------------

    @operation(ADD)
    def __add__(self, other: Operand) -> Tensor:
        """Add entry by entry: ``x + y``, ``x + 1``."""

    @reflected(ADD)
    def __radd__(self, other: Operand) -> Tensor:
        """Add to a number or an array: ``1 + x``."""

    @operation(SUB)
    def __sub__(self, other: Operand) -> Tensor:
        """Subtract entry by entry: ``x - y``, ``x - 1``."""

    @reflected(SUB)
    def __rsub__(self, other: Operand) -> Tensor:
        """Subtract from a number or an array: ``1 - x``."""

    @operation(MUL)
    def __mul__(self, other: Operand) -> Tensor:
        """Multiply entry by entry: ``x * y``, ``x * 2``."""

    @reflected(MUL)
    def __rmul__(self, other: Operand) -> Tensor:
        """Multiply a number or an array: ``2 * x``."""

    @operation(DIV)
    def __truediv__(self, other: Operand) -> Tensor:
        """Divide entry by entry: ``x / y``, ``x / 2``."""

    @reflected(DIV)
    def __rtruediv__(self, other: Operand) -> Tensor:
        """Divide a number or an array: ``1 / x``."""

    @operation(MM)
    def __matmul__(self, other: Operand) -> Tensor:
        """Multiply by another matrix: ``x @ w``."""

    @reflected(MM)
    def __rmatmul__(self, other: Operand) -> Tensor:
        """Multiply an array by this matrix: ``array @ w``."""

    @operation(NEG)
    def __neg__(self) -> Tensor:
        """Turn the sign of every entry: ``-x``."""

    def __pow__(self, exponent: Real | Operand) -> Tensor:
        return self.pow(exponent)

    @reflected(POWER)
    def __rpow__(self, other: Operand) -> Tensor:
        """Raise a number or an array to the power of every entry: ``2 ** x``."""

    def __pos__(self) -> Self:
        return self

    def __abs__(self) -> Tensor:
        # Composed; unsigned numbers have no negative, and what takes no gradient needs no graph.
        return self.relu() + (-self).relu() if self.autograd else constant(np.abs(self.data))
