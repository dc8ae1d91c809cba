"""What NumPy's functions do with a tensor.

Operators with an array on the left keep the graph. What gives positions, shapes, or yes and no
needs none, and gets the numbers. Anything else gets the numbers only of tensors that take no
gradients: of others NumPy's answer would have lost the graph, so it is refused, with the method
to write instead.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from types import FrameType
from typing import TYPE_CHECKING, Any

import numpy as np

from gradwidgets.core.answers import answer
from gradwidgets.core.methods.as_python import no_rule
from gradwidgets.core.recorded import Recorded
from gradwidgets.core.types import Foreign, Shape

if TYPE_CHECKING:
    from numpy.typing import DTypeLike

OPERATORS = {
    np.add: ("__add__", "__radd__"), np.subtract: ("__sub__", "__rsub__"),
    np.multiply: ("__mul__", "__rmul__"), np.divide: ("__truediv__", "__rtruediv__"),
    np.matmul: ("__matmul__", "__rmatmul__"), np.power: ("__pow__", "__rpow__"),
    np.negative: ("__neg__", ""), np.positive: ("__pos__", ""),
    np.equal: ("__eq__", "__eq__"), np.not_equal: ("__ne__", "__ne__"),
    np.less: ("__lt__", "__gt__"), np.less_equal: ("__le__", "__ge__"),
    np.greater: ("__gt__", "__lt__"), np.greater_equal: ("__ge__", "__le__"),
    np.floor_divide: ("__floordiv__", "__rfloordiv__"), np.remainder: ("__mod__", "__rmod__"),
    np.divmod: ("__divmod__", "__rdivmod__"),
    np.bitwise_and: ("__and__", "__rand__"), np.bitwise_or: ("__or__", "__ror__"),
    np.bitwise_xor: ("__xor__", "__rxor__"), np.invert: ("__invert__", ""),
    np.left_shift: ("__lshift__", "__rlshift__"), np.right_shift: ("__rshift__", "__rrshift__"),
}  # fmt: skip
"""What an array calls for an operator -> the tensor's methods, for the left and the right side."""

NEEDS_NO_GRAPH = frozenset(
    # positions, counts, yes and no; whole numbers, whose slope is 0; shapes; text
    "argmax argmin argsort argwhere argpartition nanargmax nanargmin lexsort searchsorted nonzero "
    "flatnonzero count_nonzero unique digitize bincount histogram histogram2d histogram_bin_edges "
    "array_equal array_equiv allclose isclose any all isin isnan isinf isfinite isposinf isneginf "
    "isreal iscomplex isrealobj iscomplexobj signbit logical_and logical_or logical_xor "
    "logical_not sign floor ceil trunc rint round around fix heaviside zeros_like ones_like "
    "empty_like full_like shape ndim size result_type can_cast common_type min_scalar_type "
    "shares_memory may_share_memory array_repr array_str array2string save savez "
    "savez_compressed savetxt".split()
)
"""The functions whose answer would have no gradient, or a gradient of 0."""

SINKS = ("matplotlib.", "mpl_toolkits.", "numpy.testing.")
"""The packages from which no number comes back into a graph: they show it, or judge it."""


class AsNumPy(Recorded):
    """The names that arrays have, too, and the methods that NumPy itself calls."""

    __slots__ = ()

    @property
    def shape(self) -> Shape:
        """Return the length of each dimension."""
        return self.data.shape

    @property
    def ndim(self) -> int:
        """Return the number of dimensions."""
        return self.data.ndim

    @property
    def size(self) -> int:
        """Return the number of entries."""
        return self.data.size

    def __array__(
        self, dtype: DTypeLike | None = None, copy: bool | None = None
    ) -> np.ndarray:
        if self.autograd and not _is_only_seen():
            # The list in np.sum([loss, other]) comes here, too: its answer would be a constant.
            raise TypeError(
                "NumPy asks for the numbers of a tensor that takes gradients, and its answer "
                "would lose them; write x.data for the numbers, and with a list of tensors the "
                "operations of Tensor: sum(tensors), x.concat(y)"
            )
        if copy:
            return np.array(self.data, dtype)
        if copy is None or dtype is None or dtype == self.data.dtype:
            return self.data if dtype is None else self.data.astype(dtype, copy=False)
        raise ValueError(f"np.asarray: a change from {self.data.dtype} to {dtype} needs a copy")

    def __array_ufunc__(
        self, ufunc: np.ufunc, method: str, *inputs: Foreign, **options: Any
    ) -> Any:
        names = OPERATORS.get(ufunc) if method == "__call__" else None
        if names and not options:
            left, *right = inputs
            if isinstance(left, Recorded):
                return getattr(left, names[0])(*right)
            return getattr(right[0], names[1])(left)
        name = _name(ufunc, method)
        _require_array(name, *options.get("out", ()))
        loses = ufunc.__name__ not in NEEDS_NO_GRAPH and _takes_gradients(inputs)
        if loses and not _is_only_seen():
            if names and options.keys() == {"out"}:  # which is how an array does array += tensor
                raise no_rule("in-place")
            raise _would_lose_the_graph(name)
        return getattr(ufunc, method)(*_plain(inputs), **_plain(options))

    def __array_function__(
        self,
        function: Callable[..., Any],
        types: Iterable[type],
        args: tuple[Any, ...],
        options: dict[str, Any],
    ) -> Any:
        name = _name(function)
        _require_array(name, options.get("out"))
        # A condition only chooses: the gradients are those of what is chosen from.
        read = args[1:] if function is np.where else args
        loses = name[3:] not in NEEDS_NO_GRAPH and _takes_gradients((*read, options))
        if loses and not _is_only_seen():
            raise _would_lose_the_graph(name)
        return function(*_plain(args), **_plain(options))


def _is_only_seen() -> bool:
    """Tell whether NumPy's answer goes to one of `SINKS`, which asked for it."""
    frame: FrameType | None = sys._getframe(2)
    while frame is not None:
        module = str(frame.f_globals.get("__name__"))
        if module.startswith(SINKS):
            return True
        if not module.startswith("numpy"):
            return False
        frame = frame.f_back
    return False


def _name(function: Callable[..., Any], method: str = "__call__") -> str:
    """Return a function as it is written: ``np.linalg.norm``."""
    name = function.__name__
    if isinstance(function, np.ufunc):
        name = f"np.{name}" if getattr(np, name, None) is function else name
        return name if method == "__call__" else f"{name}.{method}"
    inside = (function.__module__ or "numpy").partition(".")[2]
    return f"np.{inside}.{name}" if inside in ("linalg", "fft", "random") else f"np.{name}"


def _require_array(name: str, *outs: Foreign) -> None:
    if any(isinstance(out, Recorded) for out in outs):
        raise TypeError(
            f"{name}: out is a Tensor, whose graph cannot follow; pass its array, out=x.data, or "
            "write x = ... without out"
        )


def _takes_gradients(value: Foreign) -> bool:
    if isinstance(value, Recorded):
        return value.autograd
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, (list, tuple)):
        return False
    return any(_takes_gradients(each) for each in value)


def _plain(value: Any) -> Any:
    """Return the same with arrays in place of tensors."""
    if isinstance(value, Recorded):
        return value.data
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return type(value)(map(_plain, value)) if type(value) in (list, tuple) else value


def _would_lose_the_graph(name: str) -> TypeError:
    here = answer("np", name.removeprefix("np."))
    instead = f"write {here}" if here else "there is no such operation here"
    return TypeError(
        f"{name}: the tensor takes gradients, and NumPy's answer would lose them; {instead}; for "
        f"the numbers alone pass x.data to {name}"
    )
