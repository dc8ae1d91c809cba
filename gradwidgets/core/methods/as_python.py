"""What Python's comparisons, operators and built-in functions mean for a tensor.

Comparing and rounding give plain arrays or numbers: they have no gradient worth a graph. What
would lose the graph of a tensor that takes gradients is refused, with what to write instead.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from numbers import Number
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias

import numpy as np

from gradwidgets.core.answers import answer
from gradwidgets.core.methods.shapes import Shapes
from gradwidgets.core.ops.registry import BROADCAST
from gradwidgets.core.recorded import Recorded
from gradwidgets.core.types import Answer, Foreign

if TYPE_CHECKING:
    from gradwidgets.core.tensor import Tensor

PlainMethod: TypeAlias = Callable[..., Any]
"""A method that answers with plain numbers: of one kind or another, as NumPy does."""

_NUMBERS = (Number, np.ndarray, np.generic, list, tuple)


def _comparison(symbol: str, compare: np.ufunc) -> Callable[[Recorded, Foreign], Answer]:
    """Return a method that compares entry by entry, as arrays do."""

    def method(self: Recorded, other: Foreign) -> Answer:
        numbers = None
        if isinstance(other, Recorded):
            numbers = other.data
        elif isinstance(other, _NUMBERS):
            numbers = _array_or_none(other)
        if numbers is None:
            # Python answers: == is False, as with None, and < says which types do not fit.
            return NotImplemented
        try:
            return compare(self.data, numbers)
        except ValueError:
            raise ValueError(
                f"{symbol}: one side has shape {self.data.shape} but the other {numbers.shape}; "
                f"{BROADCAST}"
            ) from None

    method.__name__ = f"__{compare.__name__}__"
    method.__doc__ = f"Compare by {symbol}, entry by entry; a plain boolean array."
    return method


def _array_or_none(numbers: Foreign) -> np.ndarray | None:
    try:
        array = np.asarray(numbers)
    except ValueError:  # rows of different lengths
        return None
    return array if array.dtype.kind in "biufc" else None


def _numbers_only(symbol: str, compute: Callable[..., Any], swapped: bool = False) -> PlainMethod:
    """Return a method for what has no rule: plain numbers, unless gradients would be lost."""

    def method(self: Recorded, *others: Foreign) -> Any:
        if any(isinstance(each, Recorded) and each.autograd for each in (self, *others)):
            raise no_rule(symbol)
        numbers = [each.data if isinstance(each, Recorded) else each for each in others]
        return compute(*numbers, self.data) if swapped else compute(self.data, *numbers)

    method.__doc__ = f"Apply {symbol} to the numbers; TypeError where gradients would be lost."
    return method


def _of_bits(symbol: str, compute: Callable[..., Any], swapped: bool = False) -> PlainMethod:
    """Return a method for whole numbers and for masks; floats have no bits to speak of."""
    plain = _numbers_only(symbol, compute, swapped)

    def method(self: Recorded, *others: Foreign) -> Any:
        if self.data.dtype.kind == "f":
            raise TypeError(f"{symbol}: {answer('operator', symbol)}")
        return plain(self, *others)

    method.__doc__ = f"Apply {symbol} to whole numbers or masks; TypeError for floats."
    return method


def no_rule(symbol: str) -> TypeError:
    """Return the error for an operator that would lose the graph."""
    return TypeError(f"{symbol}: the tensor takes gradients, and {answer('operator', symbol)}")


class AsPython(Shapes):
    """The methods that Python itself calls, apart from arithmetic."""

    __slots__ = ()

    # -- one by one -----------------------------------------------------------------------------

    __eq__ = _comparison("==", np.equal)
    __ne__ = _comparison("!=", np.not_equal)
    __lt__ = _comparison("<", np.less)
    __le__ = _comparison("<=", np.less_equal)
    __gt__ = _comparison(">", np.greater)
    __ge__ = _comparison(">=", np.greater_equal)
    # A tensor in a set or dict is that very tensor, whatever its numbers: two that are equal are
    # two weights. Ids of living objects differ, so that no look-up comes to ask ==.
    __hash__ = object.__hash__

    def __contains__(self, value: Foreign) -> bool:
        equal = self == value
        return bool(np.any(equal)) if equal is not NotImplemented else False

    def __len__(self) -> int:
        if not self.data.shape:
            raise TypeError(
                "len: the tensor has no dimensions, so it has no length; size counts its entries"
            )
        length: int = self.data.shape[0]
        return length

    def __iter__(self) -> Iterator[Tensor]:
        if not self.data.shape:
            raise TypeError(
                "iter: the tensor has no dimension to go along; its only entry is item()"
            )
        return (self[index] for index in range(len(self)))

    def __setitem__(self, index: Foreign, value: Foreign) -> NoReturn:
        raise TypeError(f"[]=: {answer('operator', '[]=')}")

    def __delitem__(self, index: Foreign) -> NoReturn:
        raise TypeError(f"del: {answer('operator', 'del')}")

    def __repr__(self) -> str:
        return repr(self.data)

    def __str__(self) -> str:
        return str(self.data)

    # -- one number -----------------------------------------------------------------------------

    def item(self) -> float:
        """Return the only entry as a Python number; ValueError when there is not exactly one."""
        return self._only("item")

    def _only(self, reader: str) -> float:
        if self.data.size != 1:
            raise ValueError(
                f"{reader}: the tensor has shape {self.data.shape}, expected a tensor of one "
                "entry; choose one, or reduce it: .sum().item(); its numbers are in .data"
            )
        number: float = self.data.item()
        return number

    def __float__(self) -> float:
        return float(self._only("float"))

    def __int__(self) -> int:
        return int(self._only("int"))

    def __trunc__(self) -> int:
        return int(self._only("trunc"))

    def __complex__(self) -> complex:
        return complex(self._only("complex"))

    def __index__(self) -> int:
        number = self._only("index")
        if not isinstance(number, int):
            raise TypeError(
                f"index: the tensor holds {self.data.dtype}, expected a whole number; round it: "
                "int(x.item())"
            )
        return int(number)

    def __bool__(self) -> bool:
        if self.data.size != 1:
            raise ValueError(
                f"bool: a tensor of shape {self.data.shape} is neither true nor false; ask its "
                "numbers, (x.data > 0).all() or .any(), or whether there is one: x is not None"
            )
        return bool(self.data.item())

    def __format__(self, how: str) -> str:
        if not how:
            return str(self)
        if self.data.size != 1:
            raise TypeError(
                f"format: the tensor has shape {self.data.shape}, and {how!r} writes one number; "
                "choose an entry, or write np.round(x.data, 3)"
            )
        return format(self.data.item(), how)

    def __round__(self, digits: int | None = None) -> np.ndarray | float:
        rounded = np.round(self.data, digits or 0)
        if rounded.shape:
            return rounded
        return int(rounded) if digits is None else rounded.item()

    # -- operators without a rule for going backward ----------------------------------------------

    __floordiv__ = _numbers_only("//", operator.floordiv)
    __rfloordiv__ = _numbers_only("//", operator.floordiv, swapped=True)
    __mod__ = _numbers_only("%", operator.mod)
    __rmod__ = _numbers_only("%", operator.mod, swapped=True)
    __divmod__ = _numbers_only("divmod", divmod)
    __rdivmod__ = _numbers_only("divmod", divmod, swapped=True)
    __and__ = _of_bits("&", operator.and_)
    __rand__ = _of_bits("&", operator.and_, swapped=True)
    __or__ = _of_bits("|", operator.or_)
    __ror__ = _of_bits("|", operator.or_, swapped=True)
    __xor__ = _of_bits("^", operator.xor)
    __rxor__ = _of_bits("^", operator.xor, swapped=True)
    __invert__ = _of_bits("~", operator.invert)
    __lshift__ = _of_bits("<<", operator.lshift)
    __rlshift__ = _of_bits("<<", operator.lshift, swapped=True)
    __rshift__ = _of_bits(">>", operator.rshift)
    __rrshift__ = _of_bits(">>", operator.rshift, swapped=True)
