"""What every tensor keeps of itself, and how the result of an operation is made.

The methods of `Tensor` stand in several files, which all build on this one; `Tensor` itself, which
is put together of them, is known here only as the class that all results have.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from types import FunctionType
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy import ndarray

from gradwidgets.core.arguments import copy_numbers
from gradwidgets.core.types import Answer, Foreign, Operand

if TYPE_CHECKING:
    from gradwidgets.core.tensor import Tensor

next_id = count().__next__

_new = object.__new__
_class_of_results: type[Tensor]


class Recorded:
    """The attributes of a tensor. `Tensor`, which tells of them, is the one class made of it."""

    __slots__ = ("data", "autograd", "creators", "creation_op", "id", "_grad", "_kept",
                 "__weakref__")  # fmt: skip

    data: ndarray
    autograd: bool
    creators: Sequence[Tensor] | None
    creation_op: str | None
    id: int
    _grad: Tensor | ndarray | None
    _kept: Kept | None


Fingerprint: TypeAlias = bytes | float | None
"""What tells whether numbers have changed since; see `gradwidgets.core.past`."""

Kept: TypeAlias = (
    tuple[()]
    | tuple[Recorded, Fingerprint]
    | tuple[Recorded, Fingerprint, Recorded, Fingerprint]
)
"""The leaves whose numbers a rule is going to read, each followed by its fingerprint."""


def results_are(cls: type[Tensor]) -> type[Tensor]:
    """Let all operations give instances of this class, and its methods bear its name in errors."""
    global _class_of_results
    _class_of_results = cls
    for base in cls.__mro__:
        if issubclass(base, Recorded):
            for method in vars(base).values():
                if isinstance(method, FunctionType):
                    method.__module__ = cls.__module__
                    method.__qualname__ = f"{cls.__qualname__}.{method.__name__}"
    return cls


def result(
    data: Answer, creators: list[Recorded] | None, creation_op: str | None, autograd: bool
) -> Tensor:
    """Wrap what an operation has computed, without the copy and the checks of ``Tensor(...)``."""
    tensor = _new(_class_of_results)
    tensor.data = data if data.__class__ is ndarray else as_array(data)
    tensor.autograd = autograd
    tensor.creators = creators if autograd else None  # type: ignore[assignment]  # all are Tensors
    tensor.creation_op = creation_op if autograd else None
    tensor.id = next_id()
    tensor._grad = None
    tensor._kept = None
    return tensor


def constant(array: ndarray) -> Tensor:
    """Return a tensor that holds this very array and takes no gradient."""
    return result(array, None, None, False)


def constant_of(numbers: Operand) -> Tensor:
    """Return what ``Tensor(numbers)`` is: a tensor of its own that takes no gradient."""
    return result(copy_numbers(numbers, False), None, None, False)


def as_array(data: Foreign) -> ndarray:
    """Return an array; NumPy answers with a scalar where all operands have no dimensions."""
    if type(data) is ndarray:
        return data
    if isinstance(data, Recorded):
        raise TypeError(
            "the .data of this tensor, or of the other one, is a Tensor, expected an array; take "
            "the numbers when you set it: w.data = w.data - 0.1 * w.grad.data"
        )
    return np.asarray(data)
