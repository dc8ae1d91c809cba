"""Gradients measured by small changes, written apart from the framework that they judge."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np


def measured_gradient(measure: Callable[[], float], array: np.ndarray) -> np.ndarray:
    """Return the central differences of `measure()` over the entries of `array`."""
    slopes = np.zeros(array.shape)
    for index in np.ndindex(array.shape):
        entry = array[index]
        step = 1e-5 * max(1.0, abs(entry))
        array[index] = entry + step
        above = measure()
        array[index] = entry - step
        below = measure()
        array[index] = entry
        slopes[index] = (above - below) / (2 * step)
    return slopes
