"""The losses of a run, in bounded memory."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Losses:
    """Arrays of equal length that nothing changes any more: what a loss plot needs."""

    epoch: np.ndarray
    train: np.ndarray
    test: np.ndarray


class History:
    """Losses by epoch: at most `capacity` points, evenly spaced, the first and last kept.

    When the memory is full, every second point is dropped, and from then on only every second
    one is kept; the last one is always there, and is replaced by the next when it is not to stay.
    """

    def __init__(self, capacity: int = 2000) -> None:
        if capacity < 4:
            raise ValueError(f"capacity: received {capacity}; expected at least 4 points")
        self.capacity = capacity
        self._points = np.empty((3, capacity))
        self.clear()

    def clear(self) -> None:
        """Forget every point."""
        self._length = 0
        self._stride = 1
        self._received = 0

    def add(self, epoch: float, train: float, test: float | None) -> None:
        """Append a point; one at the same epoch as the last takes its place.

        `epoch` may have a fraction. A test loss of None (no test set) is stored as NaN.
        """
        points, length = self._points, self._length
        if length and points[0, length - 1] == epoch:
            points[:, length - 1] = epoch, train, np.nan if test is None else test
            return
        # The last point stays when its number is on the stride; else it was only the newest.
        if length and (self._received - 1) % self._stride:
            length -= 1
        elif length == self.capacity:
            kept = points[:, :length:2].copy()
            length = kept.shape[1]
            points[:, :length] = kept
            self._stride *= 2
        points[:, length] = epoch, train, np.nan if test is None else test
        self._length = length + 1
        self._received += 1

    def __len__(self) -> int:
        return self._length

    @property
    def epoch(self) -> np.ndarray:
        """Epochs, shape (n_points,); fractions are points in the middle of one."""
        return self._points[0, : self._length].copy()

    @property
    def train(self) -> np.ndarray:
        """Train losses, shape (n_points,)."""
        return self._points[1, : self._length].copy()

    @property
    def test(self) -> np.ndarray:
        """Test losses, shape (n_points,); NaN where there is no test set."""
        return self._points[2, : self._length].copy()

    def arrays(self) -> Losses:
        """Return copies that later steps do not change."""
        return Losses(*self._points[:, : self._length].copy())
