"""Reading what a learner has passed: numbers, dimensions, shapes; with errors that help."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from numbers import Integral, Real
from operator import index as whole_number
from typing import TYPE_CHECKING, Any, TypeGuard

import numpy as np

from gradwidgets.core.types import Foreign, Shape

if TYPE_CHECKING:
    from gradwidgets.core.tensor import Tensor

MOST_DIMENSIONS = 64  # of an array


def copy_numbers(data: Foreign, as_floats: bool, reader: str = "Tensor") -> np.ndarray:
    """Return a copy of the data as an array of numbers; errors begin with the reader's name."""
    try:
        array = np.array(data)
    except TypeError:
        if _with_a_tensor(data):  # one that takes gradients, and gives its numbers to nobody
            raise _joined(data, reader) from None
        raise
    except ValueError:
        raise ValueError(
            f"{reader}: the rows of the data have different lengths; give every row the same "
            "number of entries"
        ) from None
    if array.dtype.kind not in "biuf":
        if _with_a_tensor(array):
            raise _joined(data, reader)
        raise TypeError(
            f"{reader}: got {_kind(data)}, expected numbers or nested lists of numbers; "
            f"{_advice(array)}"
        )
    return array.astype(np.float64, copy=False) if as_floats else array


def _joined(data: Foreign, reader: str) -> TypeError:
    return TypeError(
        f"{reader}: got {_around(data)}a Tensor, expected numbers or nested lists of numbers; "
        "the numbers of a tensor t are t.data; to join tensors and keep their graph write "
        "t.concat(other)"
    )


def holds_graph(thing: Foreign) -> TypeGuard[Tensor]:
    """Tell whether it is a tensor of ours; asked by a name, since tensors are made of this file."""
    return hasattr(type(thing), "creation_op")


def _with_a_tensor(data: Foreign, depth: int = 0) -> bool:
    """Tell whether data are a tensor, or hold one, which NumPy would read as bare numbers."""
    if isinstance(data, (list, tuple)):
        if depth > MOST_DIMENSIONS:  # a list within itself, say
            return False
        return any(_with_a_tensor(each, depth + 1) for each in data)
    if isinstance(data, np.ndarray):
        return data.dtype.hasobject and _with_a_tensor(data.ravel().tolist())
    return holds_graph(data)


def _around(data: Foreign) -> str:
    """Return what there is around a tensor, as the beginning of a phrase."""
    if isinstance(data, np.ndarray):
        return "an array with "
    return "" if holds_graph(data) else f"a {type(data).__name__} with "


def _kind(data: Foreign) -> str:
    if isinstance(data, (list, tuple)) and data:
        return f"a {type(data).__name__} with {_a(type(data[0]).__name__)}"
    if isinstance(data, np.ndarray):
        return f"an array of {'objects' if data.dtype.kind == 'O' else data.dtype}"
    return _a(type(data).__name__)


def _a(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def _advice(array: np.ndarray) -> str:
    """Return what to do about an array that holds no numbers, by the first entry that is none."""
    if array.dtype.kind == "c":
        return "complex numbers have no place here: take .real or np.abs(...) of them first"
    entries = array.ravel().tolist() if array.dtype.kind == "O" else []
    for entry in entries:
        if isinstance(entry, int):
            if not -(2**63) <= entry < 2**64:
                return (
                    f"{_short(entry)} is too large for a whole number of 64 bits; write it as a "
                    f"float: {_as_float(entry)}"
                )
        elif entry is None:
            return (
                "None stands for no number; leave the entry out, or write float('nan') where a "
                "number is missing"
            )
        elif not isinstance(entry, float):
            break
    return "convert the entries to int or float first (the numbers of a tensor t are t.data)"


def _short(number: int) -> str:
    digits = number.bit_length() * 0.30103
    # Python itself refuses to write very long numbers.
    return str(number) if digits < 30 else f"a number of about {digits:.0f} digits"


def _as_float(number: int) -> str:
    try:
        return repr(float(number))
    except OverflowError:
        return "float('inf'), since it is larger than the largest float, 1.8e308"


def first_gradient(grad: Foreign, shape: Shape) -> np.ndarray:
    """Return the gradient that `backward` begins with, as an array that nobody else holds."""
    if grad is None:
        if prod(shape) != 1:
            raise ValueError(
                f"backward: this tensor has shape {shape}, so there are several gradients to "
                "begin with; pass them: backward(np.ones(...)), or reduce it first: .sum()"
            )
        return np.ones(shape)
    gradient = copy_numbers(grad.data if holds_graph(grad) else grad, True, "backward")
    if gradient.shape != shape:
        raise ValueError(
            f"backward: the gradient has shape {gradient.shape} but the tensor has {shape}; "
            "each entry needs its own gradient, so the shapes must be equal"
        )
    return gradient


def is_number(value: Foreign) -> bool:
    """Tell whether it is a real number, of Python, of NumPy or of any other kind."""
    return isinstance(value, Real)


def is_whole_number(value: Foreign) -> bool:
    """Tell whether it is a whole number, likewise."""
    return isinstance(value, Integral)


def plain_number(number: Real | float) -> float:
    """Return a number whose text is short: 2 for 2.0 and for np.float64(2)."""
    try:
        value = float(number)
    except OverflowError:
        raise OverflowError(
            f"got {_short(int(round(number)))}, which is larger than the largest float, 1.8e308; "
            "choose a smaller number"
        ) from None
    return int(value) if value.is_integer() else value


def position(dim: int, ndim: int, operation: str, without: str = "give it one: .reshape(1)") -> int:
    """Return a dimension counted from the front, where learners may count from the end.

    `without` says what to do with a tensor that has no dimensions.
    """
    try:
        dim = whole_number(dim)
    except TypeError:
        raise TypeError(
            f"{operation}: dim is {dim!r}, expected one whole number; "
            "apply the operation once for every dimension"
        ) from None
    if not ndim:
        raise ValueError(f"{operation}: the tensor has no dimensions to choose from; {without}")
    if not -ndim <= dim < ndim:
        raise ValueError(
            f"{operation}: dim is {dim}, but the tensor has {ndim} dimension(s); "
            f"dim must be from {-ndim} to {ndim - 1}"
        )
    return dim % ndim


def number_of_copies(copies: int) -> int:
    """Return how often `expand` repeats."""
    try:
        return whole_number(copies)
    except TypeError:
        raise TypeError(
            f"expand: copies is {copies!r}, expected a whole number; round it, or write int(copies)"
        ) from None


def full_shape(shape: tuple[int | Sequence[int], ...], given: Shape) -> Shape:
    """Return the new shape of something of the shape `given`, with a length of -1 computed."""
    lengths: Any = shape
    if len(shape) == 1 and not hasattr(shape[0], "__index__"):
        (lengths,) = shape
    try:
        full: Shape = np.empty(given, np.bool_).reshape(lengths).shape
    except (ValueError, TypeError):
        raise ValueError(
            f"reshape: {given} has {np.prod(given, dtype=int)} entries, which do not fill "
            f"{lengths}; the product of the lengths must stay the same"
        ) from None
    return full
