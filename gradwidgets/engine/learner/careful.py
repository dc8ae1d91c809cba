"""Read what objects of any class hold; nothing that half-finished code does may stop it."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, overload

import numpy as np

from gradwidgets.core.types import Foreign

T = TypeVar("T")
D = TypeVar("D")


@overload
def safely(function: Callable[..., T], *args: Foreign) -> T | None: ...
@overload
def safely(function: Callable[..., T], *args: Foreign, otherwise: D) -> T | D: ...
def safely(
    function: Callable[..., T], *args: Foreign, otherwise: D | None = None
) -> T | D | None:
    """Return what the function returns, or `otherwise` if it raises anything but an interrupt."""
    try:
        return function(*args)
    except KeyboardInterrupt:
        raise
    except BaseException:  # noqa: BLE001 - half-finished code may raise anything, even an exit
        return otherwise


def read(thing: Any, attribute: str, otherwise: Any = None) -> Any:
    """Return an attribute, or `otherwise` if it is missing or cannot be read."""
    try:  # and not by way of `safely`: a snapshot reads several attributes of every tensor
        return getattr(thing, attribute, otherwise)
    except KeyboardInterrupt:
        raise
    except BaseException:  # noqa: BLE001 - as in `safely`
        return otherwise


def held_numbers(value: Foreign) -> np.ndarray | None:
    """Return a copy of the numbers of an array, a number, a list or a tensor of these."""
    if value is None:
        return None
    if not issubclass(type(value), (np.ndarray, np.generic)):  # isinstance asks the object
        inner = read(value, "data")
        value = value if inner is None else inner
    array = safely(np.array, value)
    return array if array is not None and array.dtype.kind in "fiub" else None


def counts(receiver: Foreign) -> dict[str, int]:
    """Return the sum of every dictionary of whole numbers, such as the seed's ``children``."""
    names = [name for base in type(receiver).__mro__ for name in _listed(base)]
    attributes = {name: read(receiver, name) for name in names}
    safely(lambda: attributes.update(vars(receiver)))  # all of its attributes may be in slots
    return {name: sum(value.values()) for name, value in attributes.items()
            if type(value) is dict and value
            and all(type(number) is int for number in value.values())}


def _listed(base: type) -> tuple[str, ...]:
    """Return the names in the ``__slots__`` of a class."""
    slots = vars(base).get("__slots__", ())
    return (slots,) if isinstance(slots, str) else tuple(slots)


class Ended(Exception):
    """A learner's code has left by something that is no error: an exit, or an interrupt.

    Attributes
    ----------
    original : BaseException
        What it raised.
    interrupted : bool
        Whether somebody has interrupted it from outside.
    """

    def __init__(self, original: BaseException, interrupted: bool = False) -> None:
        self.original, self.interrupted = original, interrupted
        super().__init__(original)

    def __str__(self) -> str:
        return f"your code was ended by {spoken(self.original)}"


def interrupted(error: BaseException) -> bool:
    """Tell whether somebody has interrupted a learner's code from outside."""
    return isinstance(error, KeyboardInterrupt) or (
        isinstance(error, Ended) and error.interrupted)


def spoken(error: BaseException) -> str:
    """Return an exception as Python prints it: its class, and what it says."""
    if isinstance(error, Ended):
        error = error.original
    if isinstance(error, RecursionError):
        return ("RecursionError: the calls went deeper than Python allows; either a method calls "
                "itself without an end, perhaps by way of others, or backward() goes back along a "
                "very long chain")
    message = safely(str, error)  # a learner's exception may not even be able to speak
    return f"{type(error).__name__}: {message}" if message else type(error).__name__
