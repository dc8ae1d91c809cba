"""How long steps and forward passes take, and whether that is long for whoever waits."""
from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

from gradwidgets.core.types import Foreign

SLOW = 0.25
"""Seconds: whoever presses Pause notices that."""

LATELY = 3
"""The fastest of so many counts: anything may hold up one of them."""


def is_slow(trainer: Foreign) -> bool:
    """Tell whether others have to be let in after each forward pass of a trainer."""
    pace = getattr(trainer, "pace", None)
    return isinstance(pace, Pace) and pace.slow


class Pace:
    """What steps, and losses over all data, have taken lately."""

    def __init__(self) -> None:
        self._steps: deque[float] = deque(maxlen=LATELY)
        self._measures: deque[float] = deque(maxlen=LATELY)

    @contextmanager
    def step(self) -> Iterator[None]:
        """Time a step."""
        started = perf_counter()
        yield
        self._steps.append(perf_counter() - started)

    @contextmanager
    def measure(self) -> Iterator[None]:
        """Time a forward pass over all data."""
        started = perf_counter()
        yield
        self._measures.append(perf_counter() - started)

    @property
    def seconds(self) -> float | None:
        """What a step takes; before the first one, what a forward pass does."""
        return min(self._steps or self._measures, default=None)

    @property
    def slow(self) -> bool:
        """Whether one piece of work is so long that others have to be let in after each."""
        return max(min(self._steps, default=0.0), min(self._measures, default=0.0)) >= SLOW
