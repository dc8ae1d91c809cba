"""What the line below a playground's pictures says of the training, beside what was asked for."""

from __future__ import annotations

import numpy as np

from gradwidgets.engine.frame import Frame
from gradwidgets.engine.training.trainer import Trainer
from gradwidgets.engine.tutor.diverged import Divergence
from gradwidgets.playground.words import trouble_words
from gradwidgets.texts import text
from gradwidgets.views.kit.fields import Action
from gradwidgets.views.kit.finding import FindingNote
from gradwidgets.views.kit.status import Message


class Telling:
    """Says in a `Message` why training stopped, what broke down, and what keeps it from learning.

    Parameters
    ----------
    message : Message
        Where it is said; others speak there too.
    """

    def __init__(self, message: Message) -> None:
        self._message = message
        self._finding = FindingNote(message)

    def error(self, error: BaseException, step: int) -> None:
        """Say why training has stopped at a step: what failed, and the learner's line."""
        self._message.say(trouble_words(error, step), "trouble")

    def divergence(self, divergence: Divergence, trainer: Trainer) -> None:
        """Say what broke down, with a button for a rate to try where there is one."""
        rate = divergence.suggestion
        action: Action | None = None
        if rate is not None and trainer.learning_rate is not None:
            action = {"name": "learning_rate", "value": rate, "text": text("try_rate", rate=rate)}
        self._message.say(divergence.message, "trouble", action)

    def frame(self, frame: Frame, trainer: Trainer, playing: bool, covered: bool) -> None:
        """Say what a frame gives reason to; of losses and gradients nothing while `covered`."""
        if frame.divergence is not None:
            self.divergence(frame.divergence, trainer)
        elif not playing and not np.isfinite(frame.train_loss or 0.0):
            self._message.say(trainer.why_not_finite() or text("too_large"), "trouble")
        else:
            self._finding.show(None if covered else frame.finding)

    def clear(self) -> None:
        """Clear what is said, unless it still holds."""
        self._finding.clear_other()
