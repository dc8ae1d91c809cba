"""What can be undone: trainers as they stood, in bounded memory."""

from __future__ import annotations

from time import monotonic

import numpy as np

from gradwidgets.engine.training.trainer import Trainer

DEPTH = 20
MOST_BYTES = 100_000_000  # of all that is kept; a visitor of Binder has 1 to 2 GB for everything
ONE_CHANGE = 1.5  # seconds; a slider that is dragged makes many changes, which are undone as one


class Moment:
    """A trainer as it stands: weights, optimizer, history, order of the batches, random streams.

    It is brought back into the same objects, which pictures and a learner's variables still hold.
    """

    def __init__(self, trainer: Trainer) -> None:
        self.trainer = trainer
        self.step = trainer.step_count
        self._weights = [np.array(parameter.data) for parameter in trainer.parameters]
        self._memento = trainer.memento()

    @property
    def size(self) -> int:
        """Bytes of the numbers that are kept."""
        return self._memento.size + sum(weight.nbytes for weight in self._weights)

    def bring_back(self) -> Trainer:
        """Put everything back as it was, and return the trainer."""
        self._memento.restore()
        return self.trainer

    def differs(self) -> bool:
        """Tell whether the trainer stands elsewhere by now: at another step, or weights."""
        now = [np.asarray(parameter.data) for parameter in self.trainer.parameters]
        return self.step != self.trainer.step_count or not all(
            before.dtype == after.dtype
            and np.array_equal(before, after, equal_nan=before.dtype.kind == "f")
            for before, after in zip(self._weights, now, strict=True)
        )


class Past:
    """Moments to go back to, and, once gone back, those to go forward to again.

    The oldest are forgotten beyond `depth`, and where all together are larger than `most_bytes`;
    one that is too large by itself is not kept at all.
    """

    def __init__(self, depth: int = DEPTH, most_bytes: int = MOST_BYTES) -> None:
        self._depth, self._most_bytes = depth, most_bytes
        self._before: list[Moment] = []
        self._after: list[Moment] = []
        self._last_change: tuple[str, float] = ("", 0.0)

    @property
    def can_undo(self) -> bool:
        """Whether there is a moment to go back to."""
        return bool(self._before)

    @property
    def can_redo(self) -> bool:
        """Whether something was undone that can be done again."""
        return bool(self._after)

    def remember(self, moment: Moment, slider: str = "") -> None:
        """Keep the moment before a change, which ends what could be done again.

        Changes by one `slider`, if it is named, that follow each other soon are undone as one.
        """
        before, at = self._last_change
        self._last_change = slider, monotonic()
        self._after.clear()
        if not slider or slider != before or monotonic() - at > ONE_CHANGE:
            self._before.append(moment)
            self._forget()

    def undo(self, present: Trainer) -> Trainer | None:
        """Return the trainer before the last change, as it stood; None when there is none."""
        return self._move(self._before, self._after, present)

    def redo(self, present: Trainer) -> Trainer | None:
        """Return the trainer as it stood before the last `undo`; None when there is none."""
        return self._move(self._after, self._before, present)

    def clear(self) -> None:
        """Let go of everything."""
        self._before.clear()
        self._after.clear()

    def _move(self, away: list[Moment], back: list[Moment], present: Trainer) -> Trainer | None:
        self._last_change = "", 0.0
        if not away:
            return None
        moment = away.pop()
        back.append(Moment(present))
        self._forget()
        return moment.bring_back()

    def _forget(self) -> None:
        """Drop the moments that are furthest away from the present."""
        for moments in (self._before, self._after):
            del moments[: -self._depth]
        kept = sum(moment.size for moment in (*self._before, *self._after))
        while kept > self._most_bytes:
            furthest = max(self._before, self._after, key=len)
            kept -= furthest.pop(0).size
