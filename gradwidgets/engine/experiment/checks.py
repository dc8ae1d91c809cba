"""Checks of single values, each failing with what was received, what was expected, what to do."""
from __future__ import annotations

import json
import math
import operator
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

import numpy as np

from gradwidgets.core.answers import answer
from gradwidgets.core.types import Foreign


class SpecError(ValueError):
    """A value that does not fit.

    Attributes
    ----------
    field : str
        The field of the spec that has to change, or "spec" for the whole.
    """

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def _shown(value: Foreign) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _plain(number: float) -> str:
    """Return 0.00001 rather than 1e-05, which beginners cannot read."""
    return np.format_float_positional(number, trim="-")


def whole(field: str, value: Any, low: int, high: int) -> int:
    """Return `value` as an int within [low, high]; a bool or a float is no whole number here."""
    try:
        if isinstance(value, bool):
            raise TypeError
        result = operator.index(value)
    except TypeError:
        raise SpecError(field, f"{field}: received {_shown(value)}; expected a whole number from "
                               f"{low} to {high}") from None
    if not low <= result <= high:
        wanted = f"at least {low}" if result < low else f"at most {high}"
        raise SpecError(field, f"{field}: received {_shown(result)}; expected {wanted}")
    return result


def number(field: str, value: Any, low: float, high: float) -> float:
    """Return `value` as a finite float within [low, high]."""
    try:
        if isinstance(value, (bool, str, bytes)):
            raise TypeError
        result = float(value)
    except (TypeError, ValueError, OverflowError):
        result = math.nan
    if not math.isfinite(result) or not low <= result <= high:
        raise SpecError(field, f"{field}: received {_shown(value)}; expected a number from "
                               f"{_plain(low)} to {_plain(high)}")
    return result


def choice(field: str, value: Foreign, allowed: Iterable[str]) -> None:
    """Raise unless `value` is one of the texts `allowed`."""
    allowed = tuple(allowed)
    if not isinstance(value, str) or value not in allowed:
        raise SpecError(field, f"{field}: received {_shown(value)}; choose one of "
                               f"{', '.join(allowed)}")


def known(field: str, given: Iterable[Foreign], allowed: Iterable[str]) -> None:
    """Raise if `given` has names that are not `allowed`; the first is told what is near to it."""
    allowed = tuple(allowed)
    unknown = [name for name in given if name not in allowed]
    if unknown:
        place = f"{field[:1].upper()}{field[1:]}()"
        close = get_close_matches(str(unknown[0]), allowed, n=1)
        advice = answer(place, str(unknown[0])) or (
            f"did you mean {close[0]}?" if close else "correct the spelling or leave it out")
        raise SpecError(field, f"unknown {', '.join(_shown(name) for name in unknown)}; expected "
                               f"{', '.join(allowed)}; {advice}")


def json_object(text: str | bytes) -> dict[str, Any]:
    """Parse a JSON object; constants that JSON does not have and doubled names are refused."""
    def refuse_constant(name: str) -> None:
        raise SpecError("spec", f"JSON: received {name}, which is not a JSON number; write a "
                                "finite number")

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in pairs]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise SpecError("spec", f"JSON: {', '.join(twice)} given more than once; keep one")
        return dict(pairs)

    try:
        found = json.loads(text, parse_constant=refuse_constant, object_pairs_hook=once)
    except SpecError:
        raise
    except (ValueError, TypeError, RecursionError) as error:
        raise SpecError("spec", f"received text that is not JSON ({error}); expected an object "
                                'such as {"data": "circle"}') from None
    if not isinstance(found, dict):
        raise SpecError("spec", f"JSON: received {_shown(found)}; expected an object such as "
                                '{"data": "circle"}')
    return found
