"""The panel of an exercise: what is to be done, Check, Hint, Solution, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypedDict

import anywidget
import traitlets

from gradwidgets.views.assets import joined
from gradwidgets.views.live import FromPage, Post
from gradwidgets.views.spoken import shared


class AnswerOption(TypedDict):
    """An answer to choose, by its letter."""

    letter: str
    text: str


class Detail(TypedDict):
    """More about the last check: what it is called, and what it is."""

    name: str
    text: str


class Solution(TypedDict):
    """A solution, and the words above it."""

    text: str
    code: str


class ExerciseState(TypedDict):
    """An exercise, and how far it is. Code stands between backticks, emphasis between asterisks."""

    kind: str  # "code", "entry", "options" or "find"
    title: str
    statement: str
    label: str  # of the entry
    options: list[AnswerOption]
    answer: str  # what is chosen or typed
    selected: str  # what is said of it where it was selected in a graph
    sign: str
    tone: str  # "right", "wrong", "open" or "trouble"
    outcome: str
    message: str
    details: list[Detail]
    hints: list[str]  # those given
    left: int  # how many are not
    buttons: dict[str, str]  # "check", "checking" while busy, "hint", "solution", then "sure"
    asked: bool  # whether the solution has been asked for once
    solution: Solution | None
    busy: bool
    note: str  # below the buttons


class ExercisePanel(anywidget.AnyWidget):
    """Shows an exercise as plain data.

    Parameters
    ----------
    asked : callable taking "check", "hint" or "solution", and the answer
        Called on the notebook's loop. The answer is a string, or None where the panel has no field
        for it.
    """

    _esm = joined("exercise_panel.js")
    _css = joined("exercise_panel.css")

    shown: traitlets.TraitType[ExerciseState, ExerciseState] = shared(traitlets.Dict())

    def __init__(self, asked: Callable[[str, str | None], None]) -> None:
        super().__init__()
        self._asked = asked
        self._post = Post()
        self.on_msg(self._receive)

    def _receive(
        self, _widget: ExercisePanel, content: FromPage, _buffers: list[memoryview]
    ) -> None:
        asked, answer = content.get("do"), content.get("answer")
        if asked in ("check", "hint", "solution"):
            self._post(self._asked, asked, answer if isinstance(answer, str) else None)
