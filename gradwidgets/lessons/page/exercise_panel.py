"""The panel of an exercise: what is to be done, Check, Hint, Solution, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, TypeAlias, TypedDict

import anywidget
import traitlets

from gradwidgets.views.kit.assets import joined
from gradwidgets.views.kit.live import FromPage, Post

Asked: TypeAlias = Literal["check", "hint", "solution"]
"""Which button was pressed."""

Tone: TypeAlias = Literal["right", "wrong", "open", "trouble"]
"""How the outcome of a check looks."""


class Letter(TypedDict):
    """One answer to choose from, and its letter."""

    letter: str
    text: str


class Detail(TypedDict):
    """A part of what a check has found, and what it is called."""

    name: str
    text: str


class Solution(TypedDict):
    """What is said of a solution, and the solution."""

    text: str
    code: str


class Buttons(TypedDict):
    """The texts of the buttons: `checking` while busy, `sure` once the solution is asked for."""

    check: str
    checking: str
    hint: str
    solution: str
    sure: str


class Shown(TypedDict):
    """What the panel shows. In texts, code stands between backticks, emphasis between asterisks."""

    kind: Literal["code", "entry", "options", "find"]
    title: str
    statement: str
    label: str  # of the entry
    options: Sequence[Letter]
    answer: str  # what is chosen or typed
    selected: str  # what is said of it where it was selected in a graph
    buttons: Buttons
    sign: str
    tone: Tone
    outcome: str  # and message and details, those of the last check
    message: str
    details: Sequence[Detail]
    hints: Sequence[str]  # those that were given
    left: int  # how many are not
    solution: Solution | None
    asked: bool  # whether the solution was asked for once
    busy: bool
    note: str  # below the buttons


class ExercisePanel(anywidget.AnyWidget):
    """Shows an exercise as plain data.

    Parameters
    ----------
    asked : callable
        Called on the notebook's loop. The answer is a string, or None where the panel has no field
        for it.

    Attributes
    ----------
    shown : dict
        A `Shown`; what is given to `show`.
    """

    _esm = joined("lessons/page/exercise_panel.js")
    _css = joined("lessons/page/exercise_panel.css")

    shown = traitlets.Dict().tag(sync=True)

    def __init__(self, asked: Callable[[Asked, str | None], None]) -> None:
        super().__init__()
        self._asked = asked
        self._post = Post()
        self.on_msg(self._receive)

    def show(self, shown: Shown) -> None:
        """Show the exercise as it is now."""
        self.shown = dict(shown)

    def _receive(
        self, _widget: ExercisePanel, content: FromPage, _buffers: list[memoryview]
    ) -> None:
        asked, answer = content.get("do"), content.get("answer")
        if asked in ("check", "hint", "solution"):
            self._post(self._asked, asked, answer if isinstance(answer, str) else None)
