"""Reading what a learner has passed: numbers, dimensions, shapes; with errors that help."""

from __future__ import annotations

from numbers import Real
from operator import index as whole_number

import numpy as np


def copy_numbers(data, as_floats: bool, reader: str = "Tensor") -> np.ndarray:
    """Return a copy of the data as an array of numbers; errors begin with the reader's name."""
    try:
        array = np.array(data)
    except ValueError:
        raise ValueError(
            f"{reader}: the rows of the data have different lengths; give every row the same "
            "number of entries"
        ) from None
    if array.dtype.kind not in "biuf":
        raise TypeError(
            f"{reader}: got {_kind(data)}, expected numbers or nested lists of numbers; convert "
            "the entries to int or float first (the numbers of a tensor t are t.data)"
        )
    return array.astype(np.float64, copy=False) if as_floats else array


def _kind(data) -> str:
    if isinstance(data, (list, tuple)) and data:
        return f"a {type(data).__name__} with a {type(data[0]).__name__}"
    if isinstance(data, np.ndarray):
        return f"an array of {data.dtype}"
    return f"a {type(data).__name__}"


def plain_number(number: Real) -> int | float:
    """Return a number whose text is short: 2 for 2.0 and for np.float64(2)."""
    number = float(number)
    return int(number) if number.is_integer() else number


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


def full_shape(shape: tuple, given: tuple[int, ...]) -> tuple[int, ...]:
    """Return the new shape of something of the shape `given`, with a length of -1 computed."""
    if len(shape) == 1 and not hasattr(shape[0], "__index__"):
        (shape,) = shape
    try:
        return np.empty(given, np.bool_).reshape(shape).shape
    except (ValueError, TypeError):
        raise ValueError(
            f"reshape: {given} has {np.prod(given, dtype=int)} entries, which do not fill "
            f"{shape}; the product of the lengths must stay the same"
        ) from None
