"""Print which methods of a tensor class call which, indented."""
from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import FunctionType
from typing import Any, TextIO

import numpy as np

from gradwidgets.core.types import Foreign
from gradwidgets.engine.learner.careful import held_numbers, read, safely, spoken

_QUIET = {"__init__", "__new__", "__repr__", "__str__", "__format__", "__getattribute__",
          "__getattr__", "__setattr__", "__delattr__", "__dir__", "__hash__", "__del__",
          "__init_subclass__", "__subclasshook__", "__class_getitem__", "__set_name__",
          "__getstate__", "__setstate__", "__reduce__", "__reduce_ex__", "__sizeof__",
          "__array__", "__array_ufunc__", "__array_function__", "__copy__", "__deepcopy__",
          "__iter__", "__next__", "__len__", "__bool__", "__float__", "__int__", "__contains__"}


@contextmanager
def trace_calls(tensor_class: type, out: TextIO | None = None,
                names: Mapping[str, Foreign] | None = None) -> Iterator[None]:
    """Print every method call of a tensor class while the block runs, indented by depth.

    ::

        with trace_calls(Tensor):
            z = x + y
            z.backward(Tensor(1))

    Methods and operators of the class and of its base classes are told; how a tensor is built,
    shown and asked for attributes is not, nor are methods whose names begin with "_". The class is
    put back when the block ends, also when it ends with an exception.

    Parameters
    ----------
    out : file, default=sys.stdout as it is when a line is printed
    names : name -> tensor
        What tensors are called; the variables of the caller when left out, as they are when a line
        is printed.

    Raises
    ------
    TypeError
        When `tensor_class` is no class.
    """
    if not isinstance(tensor_class, type):
        raise TypeError(f"trace_calls: received a {type(tensor_class).__name__}; expected a class, "
                        "as in `with trace_calls(Tensor):`")
    frame = sys._getframe(2)  # beyond contextlib's own

    def variables() -> Mapping[str, Foreign]:
        return {**frame.f_globals, **frame.f_locals} if names is None else names

    log = _Log(out, variables)
    kept: list[tuple[type, str, FunctionType]] = []
    try:
        for base in tensor_class.__mro__:
            if base is object:
                continue
            for name, member in list(vars(base).items()):
                private = name.startswith("_") and not name.startswith("__")
                if isinstance(member, FunctionType) and not private and name not in _QUIET:
                    kept.append((base, name, member))
                    setattr(base, name, log.wrapped(name, member))
        yield
    finally:
        for base, name, member in reversed(kept):
            setattr(base, name, member)


class _Log:
    """Prints calls as they begin, what they return, and where they fail."""

    def __init__(self, out: TextIO | None, variables: Callable[[], Mapping[str, Foreign]]) -> None:
        self.out, self.variables = out, variables
        self.depth = 0
        self.failed: BaseException | None = None

    def wrapped(self, name: str, function: FunctionType) -> Callable[..., Any]:
        """Return the method with the log around it."""
        @functools.wraps(function)
        def logged(this: Foreign, *args: Foreign, **kwargs: Foreign) -> Any:
            self.tell(self.call_text(name, this, args, kwargs))
            self.depth += 1
            try:
                result = function(this, *args, **kwargs)
            except BaseException as error:
                if self.failed is not error:
                    self.failed = error
                    self.tell(f"stopped by {spoken(error)}")
                raise
            finally:
                self.depth -= 1
            return result

        return logged

    def tell(self, line: str) -> None:
        """Print a line at the present depth."""
        print("    " * self.depth + line, file=self.out or sys.stdout)

    def call_text(self, name: str, this: Foreign, args: tuple[Foreign, ...],
                  kwargs: dict[str, Foreign]) -> str:
        """Return a call as one reads it: ``backward([1 1]) of z (add)``."""
        called: dict[int, str] = {}
        for variable, value in self.variables().items():
            if not variable.startswith("_"):
                called.setdefault(id(value), variable)
        given = [_brief(value, called, this) for value in args]
        given += [f"{key}={_brief(value, called, this)}" for key, value in kwargs.items()]
        op = read(this, "creation_op")
        made = f" ({op})" if isinstance(op, str) else ""
        return f"{name}({', '.join(given)}) of {_brief(this, called, this)}{made}"


def _brief(value: Foreign, called: Mapping[int, str], tensor: Foreign) -> str:
    """Return the name of a tensor, else its numbers, in a few characters."""
    if isinstance(value, (type(tensor), np.ndarray)):
        if id(value) in called:
            return called[id(value)]
        numbers = held_numbers(value)
        if numbers is None:
            return f"a {type(value).__name__}"
        if numbers.size > 6:
            return f"a {type(value).__name__} of shape {numbers.shape}"
        with np.printoptions(precision=4):
            return " ".join(str(numbers).split())
    text = safely(lambda: " ".join(repr(value).split()))
    if text is None:
        text = f"a {type(value).__name__}"
    return text if len(text) <= 40 else text[:37] + "..."
