"""The panel of a course's board: lessons, exercises, what is next, and the file that keeps it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, TypeAlias, TypedDict

import anywidget
import traitlets

from gradwidgets.lessons.page.exercise_panel import Tone
from gradwidgets.views.kit.assets import joined
from gradwidgets.views.kit.live import FromPage, Post

Asked: TypeAlias = Literal["look", "export", "import", "refuse", "afresh"]
"""What the page asks for: "look" when the board has come into sight, the rest by its buttons."""


class ExerciseRow(TypedDict):
    """An exercise; its key and title never change."""

    key: str
    title: str
    sign: str
    tone: Tone
    outcome: str
    tries: str


class LessonRow(TypedDict):
    """A lesson and its exercises; of what stands here, only the count ever changes."""

    number: str
    title: str
    href: str  # of its notebook, "" where there is none
    count: str
    exercises: Sequence[ExerciseRow]


class Next(TypedDict):
    """What comes next, and where it is; "" where there is no notebook."""

    text: str
    href: str


# By calls, since one of the keys is a word of Python's own.
Words = TypedDict(
    "Words",
    {
        "title": str, "bar": str, "export": str, "import": str, "afresh": str, "question": str,
        "yes": str, "no": str,
    },
)  # fmt: skip
Words.__doc__ = """The texts of the board's title and buttons."""


class Shown(TypedDict):
    """What the board shows."""

    words: Words  # those of the buttons and titles
    lessons: Sequence[LessonRow]
    done: int
    all: int
    total: str  # the sentence with these two numbers
    next: Next
    message: str
    trouble: str
    place: str  # where the file is
    home: str  # what is said of a machine that forgets


class BoardPanel(anywidget.AnyWidget):
    """Shows how far somebody is in a course, as plain data.

    Parameters
    ----------
    asked : callable
        Called on the notebook's loop. The text is what is to be imported, or why the page refuses a
        file: "long" or "unreadable".

    Attributes
    ----------
    shown : dict
        A `Shown`; what is given to `show`.
    """

    _esm = joined("lessons/page/board_panel.js")
    _css = joined("lessons/page/board_panel.css")

    shown = traitlets.Dict().tag(sync=True)

    def __init__(self, asked: Callable[[Asked, str], None]) -> None:
        super().__init__()
        self._asked = asked
        self.post = Post()
        self.on_msg(self._receive)

    def show(self, shown: Shown) -> None:
        """Show how things stand now."""
        self.shown = dict(shown)

    def give_file(self, name: str, text: str) -> None:
        """Let the browser save a file."""
        self.send({"save": name, "text": text})

    def _receive(self, _widget: BoardPanel, content: FromPage, _buffers: list[memoryview]) -> None:
        asked, text = content.get("do"), content.get("text")
        if asked in ("look", "export", "import", "refuse", "afresh"):
            self.post(self._asked, asked, text if isinstance(text, str) else "")
