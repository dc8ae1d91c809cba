"""How numbers are written on the screen: few characters, never a false zero."""

from __future__ import annotations

import math

import numpy as np

from gradwidgets.texts import text


def cell(value: float) -> str:
    """Return `value` in at most five characters: +0.73, −12.3, +4e-5, 0, nan, +inf.

    Only an exact zero is written 0; a small number keeps its order of magnitude.
    """
    value = float(value)
    size = abs(value)
    if size != size:
        return "nan"
    if size == 0:
        return "0"
    sign = "−" if value < 0 else "+"
    if size == math.inf:
        return sign + "inf"
    if size < 0.0095:
        return sign + _power(size)
    if size < 9.995:
        return f"{sign}{size:.2f}"
    if size < 99.95:
        return f"{sign}{size:.1f}"
    if size < 999.5:
        return f"{sign}{size:.0f}"
    return sign + _power(size)


def _power(size: float, digits: int = 0) -> str:
    mantissa, exponent = f"{size:.{digits}e}".split("e")
    return f"{mantissa}e{int(exponent)}"


def cells(values: np.ndarray) -> list[str]:
    """Return every number of an array in the spelling of `cell`, row by row."""
    return [cell(value) for value in values.ravel().tolist()]


def short(value: float | None) -> str:
    """Return a loss in at most six characters that keep their width: 0.0345, 12.30, 4.1e5."""
    if value is None or value != value:
        return text_of_nothing(value)
    if value == 0:
        return "0.0000"
    sign, size = "−" if value < 0 else "", abs(value)
    if size == math.inf:
        return sign + "∞"
    if size < 0.00005 or size >= 99999.5:
        return sign + _power(size, 1)
    digits = 4 if size < 9.99995 else 2 if size < 999.995 else 0
    return f"{sign}{size:.{digits}f}"


def text_of_nothing(value: float | None) -> str:
    """Return what stands for a missing loss, and for one that is not a number."""
    return "–" if value is None else "nan"


def seconds(duration: float) -> str:
    """Return a duration in seconds in at most three characters: 0.3, 2.0, 14."""
    return f"{duration:.1f}" if duration < 9.95 else f"{duration:.0f}"


def grouped(count: int) -> str:
    """Return a whole number with thin spaces between its thousands: 12 000."""
    return f"{count:,}".replace(",", "\u2009")


def shape(dimensions: tuple[int, ...]) -> str:
    """Return a shape as it is read: 10×4, 3, or `one number`."""
    return "×".join(map(str, dimensions)) if dimensions else text("one_number")
