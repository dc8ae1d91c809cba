"""The panel of a course's board: lessons, exercises, what is next, and the file that keeps it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypedDict

import anywidget
import traitlets

from gradwidgets.views.assets import joined
from gradwidgets.views.live import FromPage, Post
from gradwidgets.views.spoken import shared


class ExerciseEntry(TypedDict):
    """An exercise in the list; `sign`, `tone`, `outcome` and `tries` may change later."""

    key: str
    title: str
    sign: str
    tone: str
    outcome: str
    tries: str


class LessonEntry(TypedDict):
    """A lesson in the list; `count` may change later, `href` is "" where there is no notebook."""

    number: str
    title: str
    href: str
    count: str
    exercises: list[ExerciseEntry]


class NextEntry(TypedDict):
    """What is to be done next, and the way there."""

    text: str
    href: str


class BoardState(TypedDict):
    """How far somebody is in a course."""

    words: dict[str, str]  # of the buttons and titles
    lessons: list[LessonEntry]
    done: int
    all: int
    total: str  # the sentence that these two numbers stand in
    next: NextEntry
    message: str
    trouble: str
    place: str  # where the file is
    home: str  # what is said of a machine that forgets


class BoardPanel(anywidget.AnyWidget):
    """Shows how far somebody is in a course, as plain data.

    Parameters
    ----------
    asked : callable taking "look", "export", "import", "refuse" or "afresh", and a text
        Called on the notebook's loop. "look" comes when the board has come into sight; the text is
        what is to be imported, or why the page refuses a file: "long" or "unreadable".
    """

    _esm = joined("board.js")
    _css = joined("board.css")

    shown: traitlets.TraitType[BoardState, BoardState] = shared(traitlets.Dict())

    def __init__(self, asked: Callable[[str, str], None]) -> None:
        super().__init__()
        self._asked = asked
        self.post = Post()
        self.on_msg(self._receive)

    def give_file(self, name: str, text: str) -> None:
        """Let the browser save a file."""
        self.send({"save": name, "text": text})

    def _receive(self, _widget: BoardPanel, content: FromPage, _buffers: list[memoryview]) -> None:
        asked, text = content.get("do"), content.get("text")
        if asked in ("look", "export", "import", "refuse", "afresh"):
            self.post(self._asked, asked, text if isinstance(text, str) else "")
