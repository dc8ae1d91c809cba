"""The status line above the pictures, and the message below them."""

from __future__ import annotations

import traitlets

from gradwidgets.texts import text
from gradwidgets.views.kit.assets import joined
from gradwidgets.views.kit.fields import Action, Changed, Remark, Tone
from gradwidgets.views.kit.panel import Panel
from gradwidgets.views.kit.spoken import SpokenWidget


class StatusLine(SpokenWidget):
    """One line of numbers that follows every frame; screen readers hear it at most every 2 s."""

    _esm = joined("views/kit/status.js")

    line = traitlets.Unicode().tag(sync=True)

    def __init__(self) -> None:
        super().__init__()
        self.add_class("gw-status")

    def show(self, line: str, announce: bool = False) -> None:
        """Show `line`; with `announce` a screen reader hears it at once."""
        self.line = line
        if announce:
            self.send({"announce": line})


class Message(Panel):
    """A sentence on what happened, and perhaps a button for what to do about it.

    Parameters
    ----------
    changed : callable taking a name and a value
        Called when the button is pressed.
    """

    def __init__(self, changed: Changed) -> None:
        super().__init__(text("panel.message"), changed)
        self.add_class("gw-message")
        self.say("")

    def say(self, words: str, tone: Tone = "note", action: Action | None = None) -> None:
        """Show a sentence; an empty one clears the place.

        Parameters
        ----------
        tone : {"note", "warning", "wrong", "trouble"}
            Trouble is announced as an alert.
        action : Action, optional
        """
        remark: Remark = {"kind": "message", "name": "message", "text": words, "tone": tone}
        if action:
            remark["action"] = action
        self.show([remark])

    @property
    def words(self) -> str:
        """The sentence shown; empty when there is none."""
        (remark,) = self.fields
        return remark["text"] if remark["kind"] == "message" else ""
