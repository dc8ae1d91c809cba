"""What a training holds on to, in case its numbers are no longer finite: the last good weights."""
from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Sequence
from typing import TypeAlias

import numpy as np

from gradwidgets.core.types import Foreign
from gradwidgets.engine.learner.textbook import TensorLike
from gradwidgets.engine.training import foreign
from gradwidgets.engine.training.saved_state import Memento
from gradwidgets.engine.tutor.diverged import RECENT

Pair: TypeAlias = tuple[float, float | None]
"""A train and a test loss."""


class Fallback:
    """Copies of good weights, the optimizer as it was before the first step, and recent losses.

    Attributes
    ----------
    optimizer : Memento
        The optimizer as it was before the first step.
    step : int
        The step whose weights are kept.
    losses : (train, test)
        What was measured with them.
    lately : deque of float
        The losses of the latest steps at the present learning rate.
    from_start : bool
        Whether the loss with the first weights was not finite.
    """

    def __init__(self, model: Foreign, criterion: Foreign, optimizer: Foreign,
                 parameters: Sequence[TensorLike]) -> None:
        self._parameters = parameters
        self.optimizer = Memento([optimizer], keep=[model, criterion, *parameters])
        self.lately: deque[float] = deque(maxlen=RECENT)
        self._rate: float | None = None

    def begin(self, losses: Pair) -> None:
        """Keep the first weights."""
        self.from_start = not math.isfinite(losses[0])
        self._first_loss = math.inf if self.from_start else losses[0]
        self.lately.clear()
        self.keep(0, losses)

    def keep(self, step: int, losses: Pair) -> None:
        """Keep the present weights."""
        self._good = [np.array(parameter.data) for parameter in self._parameters]
        self.step, self.losses = step, losses

    def keep_if_good(self, step: int, losses: Pair) -> None:
        """Keep the present weights, unless the loss has grown by much with them.

        Weights on their way to infinity are finite for a while; these are not worth keeping.
        """
        if losses[0] <= 2 * self._first_loss:
            self.keep(step, losses)

    def at_rate(self, rate: float | None) -> None:
        """Take note of the learning rate: losses at another one tell nothing of this one."""
        if rate != self._rate:
            self.lately.clear()
            self._rate = rate

    def growth(self) -> float:
        """Return how many times larger the largest weight is now; of weights below 1, than 1."""
        return _largest(parameter.data for parameter in self._parameters) / max(
            1.0, _largest(self._good))

    def put_back(self) -> None:
        """Put the weights back into the same tensors, and take the optimizer's memory away."""
        for parameter, good in zip(self._parameters, self._good):
            foreign.put_numbers(parameter, good)
            # Also gradients may be NaN, and 0 · NaN is NaN: zeroing would not get rid of them.
            parameter.grad = None
        self.optimizer.restore()
        self.lately.clear()

    def left_behind(self) -> bool:
        """Tell whether the weights are others than those that were put back: somebody's own."""
        return not all(np.array_equal(parameter.data, good, equal_nan=True)
                       for parameter, good in zip(self._parameters, self._good))


def _largest(arrays: Iterable[Foreign]) -> float:
    with np.errstate(all="ignore"):
        largest = max([float(np.abs(np.asarray(array, dtype=float)).max(initial=0))
                       for array in arrays], default=0.0)
    return largest if math.isfinite(largest) else math.inf
