"""Put a recorder around the ``backward`` of a learner's classes, and take it away again."""
from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from gradwidgets.core.types import Foreign
from gradwidgets.engine.trace.recorder import Record

DEEPEST = 30_000
"""Recording takes room on the machine's own stack; far deeper calls would end the whole process."""


def homes_of(tensor_class: type) -> list[type]:
    """Return the classes that define ``backward``, in the order in which Python looks."""
    return [base for base in tensor_class.__mro__
            if callable(vars(base).get("backward"))]


@contextmanager
def wrapped(homes: Iterable[type], record: Record) -> Iterator[None]:
    """Record all calls of the ``backward`` that is defined in these classes.

    Raises
    ------
    TypeError
        When a class cannot be changed.
    """
    kept: list[tuple[type, Foreign]] = []
    try:
        for home in homes:
            method = vars(home)["backward"]
            kept.append((home, method))
            try:
                setattr(home, "backward", _Recorded(home, method, record))  # noqa: B010 - any class
            except (TypeError, AttributeError) as error:
                kept.pop()
                raise TypeError(
                    f"trace_backward: the backward of {home.__name__} cannot be recorded, since "
                    f"the class does not let itself be changed ({error}); expected a class written "
                    "in Python") from None
        yield
    finally:
        for home, method in reversed(kept):
            setattr(home, "backward", method)  # noqa: B010


class _Recorded:
    """Stands in for ``backward``, whatever kind of method that is."""

    def __init__(self, home: type, method: Any, record: Record) -> None:
        self.home, self.record = home, record
        self.__wrapped__ = method

    def __call__(self, *args: Foreign, **kwargs: Foreign) -> Any:
        return self.__get__(None, self.home)(*args, **kwargs)

    def __get__(self, instance: Foreign, owner: type | None = None) -> Callable[..., Any]:
        method, record, home = self.__wrapped__, self.record, self.home
        bind = getattr(type(method), "__get__", None)
        bound = method if bind is None else bind(method, instance, owner)

        def recorded(*args: Foreign, **kwargs: Foreign) -> Any:
            # As `Tensor.backward(x, grad)`, or as a static method, it is told whom it is called on.
            receiver = instance if instance is not None else record.first_of(args)
            return record.call(bound, home, receiver, args, kwargs)

        return recorded


@contextmanager
def deep_enough() -> Iterator[None]:
    """Make room for recording, which makes three frames of each of the learner's own.

    Up to a recursion limit of a third of `DEEPEST`, as deep a graph works as without it.
    """
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(min(3 * limit, DEEPEST))
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)
