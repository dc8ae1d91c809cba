"""Predict first: what comes out of a step of a walk is covered until the class has guessed."""

from __future__ import annotations

import dataclasses

from gradwidgets.engine.walk.walk import Walk
from gradwidgets.texts import text
from gradwidgets.views.kit.fields import Button, Field, Sentence
from gradwidgets.views.walk.words.sentence import Words

ASKED = {"pass": "walk.predict.pass", "forward": "walk.predict.forward"}
"""Kind of step -> the text that asks for its outcome; the others have nothing to guess."""


class Predictions:
    """Which steps are covered: all whose outcome can be guessed, until each is revealed."""

    def __init__(self, wanted: bool = False) -> None:
        self.wanted = wanted

    @property
    def wanted(self) -> bool:
        """Whether anything is covered at all; to set it begins anew."""
        return self._wanted

    @wanted.setter
    def wanted(self, wanted: bool) -> None:
        self._wanted = bool(wanted)
        self._revealed: set[tuple[int, int]] = set()

    def covers(self, walk: Walk, index: int) -> bool:
        """Tell whether the outcome of a step is covered."""
        return (
            self.wanted
            and index < len(walk.steps)
            and walk.steps[index].kind in ASKED
            and (id(walk), index) not in self._revealed
        )

    def reveal(self, walk: Walk, index: int) -> None:
        """Take the cover off a step."""
        self._revealed.add((id(walk), index))


def covered_words(words: Words, index: int) -> Words:
    """Return the words of a walk in which the outcome of one step is not known yet."""
    steps = list(words.walk.steps)
    step = steps[index]
    detail = step.detail.copy()
    detail.pop("full", None)
    steps[index] = dataclasses.replace(
        step, result=None, total=None, summed=False, detail=detail
    )
    return Words(dataclasses.replace(words.walk, steps=tuple(steps)))


def question_fields(words: Words, index: int) -> list[Field]:
    """Return the question for a step's outcome, and the button that answers it."""
    step = words.walk.steps[index]
    button: Button = {
        "kind": "button",
        "name": "reveal",
        "label": text("walk.button.reveal"),
        "help": text("walk.hint.reveal"),
        "primary": True,
    }
    asked = text(ASKED[step.kind], node=words.names[step.node])
    question: Sentence = {
        "kind": "sentence", "name": "question", "text": asked, "question": True
    }  # fmt: skip
    return [{"kind": "row", "name": "predict", "items": [question, button]}]
