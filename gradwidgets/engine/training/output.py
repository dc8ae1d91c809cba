"""What a network says over the whole domain, as plain data for a picture."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from time import perf_counter
from typing import Literal, TypeAlias

import numpy as np

from gradwidgets.engine.experiment.data.drawn import Domain
from gradwidgets.texts import text

Kind: TypeAlias = Literal["map", "curve", "none"]

GRID = 100
"""Points along each side of a map."""
CURVE = 200
"""Points along a curve."""
LONGEST = 0.25
"""Seconds that a picture may take: whoever presses Pause waits for it."""
MORE = 4
"""Times as many points are asked for to see how the time grows."""


@dataclass(frozen=True, slots=True)
class Output:
    """A map for two raw variables, a curve for one, or the reason why there is neither.

    Attributes
    ----------
    grid : ndarray of shape (100, 100)
        Scores in [−1, 1]; row i is at the i-th height from below, column j the j-th from the left
        (Matplotlib's ``origin="lower"``).
    xs, ys : ndarray of shape (200,)
    reason : str
        A sentence, when `kind` is 'none'.
    """

    kind: Kind
    grid: np.ndarray | None = None
    extent: Domain | None = None
    xs: np.ndarray | None = None
    ys: np.ndarray | None = None
    reason: str = ""


@lru_cache(maxsize=8)
def picture_points(n_raw: int, extent: Domain) -> np.ndarray:
    """Return the raw points of a picture: (10,000, 2) for a map, (200, 1) for a curve."""
    x_min, x_max, y_min, y_max = extent
    if n_raw == 1:
        points = np.linspace(x_min, x_max, CURVE)[:, None]
    else:
        x, y = np.meshgrid(np.linspace(x_min, x_max, GRID), np.linspace(y_min, y_max, GRID))
        points = np.stack([x.ravel(), y.ravel()], axis=1)
    points.flags.writeable = False
    return points


def quick_enough(value: Callable[[np.ndarray], np.ndarray], points: np.ndarray,
                 rows: int) -> bool:
    """Tell whether `value` answers for all points soon: it is asked about more and more of them.

    A learner's code may go through its rows one by one, or through none of them.
    """
    growth, before = float(MORE), 0.0
    while rows < len(points):
        took = seconds_for(value, points[:rows])
        growth = max(1.0, took / before) if before else growth
        if took > LONGEST or took * growth > MORE * LONGEST:
            return False
        before, rows = took, rows * MORE
    return True


class Growth:
    """How the time that a slow model takes grows with its rows, as far as it has been asked.

    It is asked once at a time, so that others are let in between: see `ForeignTask.late_output`.

    Parameters
    ----------
    rows, took : what it has taken for its own data, in seconds
    limit : seconds that a picture may take
    """

    def __init__(self, rows: int, took: float, limit: float) -> None:
        self._asked = [(rows, took)]
        self._limit = limit
        self._sure = False  # about as many rows it was asked twice

    def add(self, rows: int, took: float) -> None:
        """Take note of what it has taken for so many rows."""
        self._sure = rows == self._asked[-1][0]
        if self._sure:
            took = min(took, self._asked.pop()[1])
        self._asked.append((rows, took))

    def rows_to_ask(self, points: int) -> int:
        """Return how many rows to ask about next: all points, fewer to find out, 0 for too slow."""
        rows = self._rows_to_ask(points)
        if rows or self._sure:
            return rows
        return self._asked[-1][0]  # once more: anything may have held it up

    def _rows_to_ask(self, points: int) -> int:
        rows, took = self._asked[-1]
        if len(self._asked) == 1:
            return min(2 * rows, points)
        rows_before, took_before = self._asked[-2]
        each = max(took - took_before, 0.0) / (rows - rows_before)
        affordable = rows + (self._limit - took) / each if each else float("inf")
        if took > self._limit or affordable < min(MORE * rows, points):
            return 0
        most = rows * MORE**2  # a hiccup in what came before must not make it a matter of minutes
        return int(min(affordable, most, points))


def seconds_for(value: Callable[[np.ndarray], np.ndarray], points: np.ndarray) -> float:
    """Return how long `value` takes for some points; what seems long is tried once more."""
    took: list[float] = []
    while not took or len(took) < 2 and took[0] > LONGEST:
        started = perf_counter()
        value(points)
        took.append(perf_counter() - started)
    return min(took)


def picture(n_raw: int, extent: Domain, value: Callable[[np.ndarray], np.ndarray]) -> Output:
    """Ask `value` for one number per raw point, and put the answers into an `Output`."""
    points = picture_points(n_raw, extent)
    values = np.asarray(value(points), dtype=float).reshape(-1)
    if len(values) != len(points):
        reason = text("no_picture.outputs", found=len(values), wanted=len(points))
        return Output("none", reason=reason)
    if n_raw == 1:
        return Output("curve", extent=extent, xs=points[:, 0], ys=values)
    return Output("map", grid=np.clip(values, -1, 1).reshape(GRID, GRID), extent=extent)
