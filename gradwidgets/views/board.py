"""The panel of a course's board: lessons, exercises, what is next, and the file that keeps it."""

from __future__ import annotations

from collections.abc import Callable

import anywidget
import traitlets

from gradwidgets.views.assets import joined
from gradwidgets.views.live import FromPage, Post


class BoardPanel(anywidget.AnyWidget):
    """Shows how far somebody is in a course, as plain data.

    Parameters
    ----------
    asked : callable taking "look", "export", "import", "refuse" or "afresh", and a text
        Called on the notebook's loop. "look" comes when the board has come into sight; the text is
        what is to be imported, or why the page refuses a file: "long" or "unreadable".

    Attributes
    ----------
    shown : dict
        ``lessons`` [{number, title, href, count, exercises [{key, title, sign, tone, outcome,
        tries}]}], of which only ``count``, ``sign``, ``tone``, ``outcome`` and ``tries`` may change
        later; ``href`` is "" where there is no notebook. ``total``, ``done`` and ``all``, the
        sentence and its numbers; ``next`` {text, href}; ``message`` and ``trouble``, sentences;
        ``words``, those of the buttons and titles; ``place``, where the file is, and ``home``, what is said of a machine that forgets.
    """

    _esm = joined("board.js")
    _css = joined("board.css")

    shown = traitlets.Dict().tag(sync=True)

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
