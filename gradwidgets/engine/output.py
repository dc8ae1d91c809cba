"""What a network says over the whole domain, as plain data for a picture."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from gradwidgets.engine.words import say

GRID = 100
"""Points along each side of a map."""
CURVE = 200
"""Points along a curve."""


@dataclass(frozen=True, slots=True)
class Output:
    """A map for two raw variables, a curve for one, or the reason why there is neither.

    Attributes
    ----------
    kind : {'map', 'curve', 'none'}
    grid : ndarray of shape (100, 100)
        Scores in [−1, 1]; row i is at the i-th height from below, column j the j-th from the left
        (Matplotlib's ``origin="lower"``).
    extent : (x_min, x_max, y_min, y_max)
    xs, ys : ndarray of shape (200,)
    reason : str
        A sentence, when `kind` is 'none'.
    """

    kind: str
    grid: np.ndarray | None = None
    extent: tuple[float, float, float, float] | None = None
    xs: np.ndarray | None = None
    ys: np.ndarray | None = None
    reason: str = ""


@lru_cache(maxsize=8)
def picture_points(n_raw: int, extent: tuple[float, float, float, float]) -> np.ndarray:
    """Return the raw points of a picture: (10,000, 2) for a map, (200, 1) for a curve."""
    x_min, x_max, y_min, y_max = extent
    if n_raw == 1:
        points = np.linspace(x_min, x_max, CURVE)[:, None]
    else:
        x, y = np.meshgrid(np.linspace(x_min, x_max, GRID), np.linspace(y_min, y_max, GRID))
        points = np.stack([x.ravel(), y.ravel()], axis=1)
    points.flags.writeable = False
    return points


def picture(n_raw: int, extent: tuple[float, float, float, float],
            value: Callable[[np.ndarray], np.ndarray]) -> Output:
    """Ask `value` for one number per raw point, and put the answers into an `Output`."""
    points = picture_points(n_raw, extent)
    values = np.asarray(value(points), dtype=float).reshape(-1)
    if len(values) != len(points):
        reason = say("no_picture.outputs", found=len(values), wanted=len(points))
        return Output("none", reason=reason)
    if n_raw == 1:
        return Output("curve", extent=extent, xs=points[:, 0], ys=values)
    return Output("map", grid=np.clip(values, -1, 1).reshape(GRID, GRID), extent=extent)
