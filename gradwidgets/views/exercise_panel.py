"""The panel of an exercise: what is to be done, Check, Hint, Solution, and what came of it."""

from __future__ import annotations

from collections.abc import Callable

import anywidget
import traitlets

from gradwidgets.views.assets import joined
from gradwidgets.views.live import FromPage, Post


class ExercisePanel(anywidget.AnyWidget):
    """Shows an exercise as plain data.

    Parameters
    ----------
    asked : callable taking "check", "hint" or "solution", and the answer
        Called on the notebook's loop. The answer is a string, or None where the panel has no field
        for it.

    Attributes
    ----------
    shown : dict
        ``title`` and ``statement``; ``kind`` {"code", "entry", "options", "find"}; ``label`` of
        the entry; ``options`` [{letter, text}]; ``answer``, what is chosen or typed; ``selected``, what
        is said of it where it was selected in a graph; ``buttons``, their texts: ``check``,
        ``checking`` while busy, ``hint``, ``solution`` and, once it is asked for, ``sure``; ``sign``,
        ``tone`` {"right", "wrong", "open", "trouble"}, ``outcome``, ``message`` and ``details``
        [{name, text}] of the last check; ``hints``, those given, and ``left``, how many are not;
        ``solution`` {text, code} or None, and ``asked``, whether it has been asked for once;
        ``busy``; ``note`` below the buttons. In texts, code stands between backticks and emphasis
        between asterisks.
    """

    _esm = joined("exercise_panel.js")
    _css = joined("exercise_panel.css")

    shown = traitlets.Dict().tag(sync=True)

    def __init__(self, asked: Callable[[str, str | None], None]) -> None:
        super().__init__()
        self._asked = asked
        self._post = Post()
        self.on_msg(self._receive)

    def _receive(self, _widget: ExercisePanel, content: FromPage, _buffers: list[memoryview]) -> None:
        asked, answer = content.get("do"), content.get("answer")
        if asked in ("check", "hint", "solution"):
            self._post(self._asked, asked, answer if isinstance(answer, str) else None)
