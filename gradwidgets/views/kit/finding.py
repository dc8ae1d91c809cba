"""What keeps a network from learning, told in the message below the pictures."""

from __future__ import annotations

from gradwidgets.engine.tutor.not_learning import Finding
from gradwidgets.views.kit.fields import Action
from gradwidgets.views.kit.status import Message


class FindingNote:
    """Tells a finding once, and takes it back when it is over; its numbers may change meanwhile.

    Where something else was said and cleared since, it is told again.

    Parameters
    ----------
    message : Message
        Where it is told; others speak there too.
    """

    def __init__(self, message: Message) -> None:
        self._message = message
        self._told: Finding | None = None

    def show(self, finding: Finding | None, action: Action | None = None) -> None:
        """Tell a finding, with a button for what to do; None when there is none any more."""
        if finding is None:
            if self._stands():
                self._message.say("")
            self._told = None
        elif self._is_another(finding) or not self._message.words:
            self._message.say(finding.message, "warning", action)
            self._told = finding

    def clear_other(self) -> None:
        """Clear the message, unless it is the finding, which stays until it is over."""
        if not self._stands():
            self._message.say("")

    def _stands(self) -> bool:
        return self._told is not None and self._message.words == self._told.message

    def _is_another(self, finding: Finding) -> bool:
        told = self._told
        return told is None or (finding.kind, finding.layer) != (told.kind, told.layer)
