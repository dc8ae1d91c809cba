"""The status line, and the message below the pictures."""

from __future__ import annotations

from pathlib import Path

import anywidget
import traitlets


class StatusLine(anywidget.AnyWidget):
    """One line of numbers that follows every frame; screen readers hear it at most every 2 s."""

    _esm = Path(__file__).with_suffix(".js")

    line = traitlets.Unicode().tag(sync=True)

    def __init__(self) -> None:
        super().__init__()
        self.add_class("gw-status")

    def show(self, line: str, announce: bool = False) -> None:
        """Show `line`; with `announce` a screen reader hears it at once."""
        self.line = line
        if announce:
            self.send({"announce": line})


class Message(anywidget.AnyWidget):
    """A sentence on what happened and what to do; trouble is announced as an alert."""

    _esm = Path(__file__).with_name("message.js")

    text = traitlets.Unicode().tag(sync=True)
    tone = traitlets.Enum(("note", "trouble"), "note").tag(sync=True)

    def __init__(self) -> None:
        super().__init__()
        self.add_class("gw-message")

    def show(self, text: str, tone: str = "note") -> None:
        """Show a sentence; an empty one clears the place."""
        with self.hold_sync():
            self.tone = tone
            self.text = text
