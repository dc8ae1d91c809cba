"""The place of a playground's pictures, in which a step's backward pass can be walked through."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from gradwidgets.engine.frame import StepRecord
from gradwidgets.playground.page import Page
from gradwidgets.playground.screens import Screens, caption
from gradwidgets.texts import text

if TYPE_CHECKING:
    from gradwidgets.views.walk.stepper import BackwardStepper


class WalkPlace:
    """Puts a walk of the step that is shown in the place of the pictures, and these back.

    Parameters
    ----------
    page : Page
    screens : Screens
    may_walk : callable returning bool
        Whether anybody may walk at present, if there is a step.

    Attributes
    ----------
    stepper : BackwardStepper or None
        The walk that is shown.
    """

    def __init__(self, page: Page, screens: Screens, may_walk: Callable[[], bool]) -> None:
        self._page, self._screens, self._may_walk = page, screens, may_walk
        self.stepper: BackwardStepper | None = None

    def begin(self) -> None:
        """Show the walk.

        Raises
        ------
        RuntimeError
            Where there is nothing to walk through.
        """
        record = self._to_walk()
        if record is None:
            raise RuntimeError(text("no_step_to_walk"))
        from gradwidgets.views.walk.stepper import BackwardStepper  # most playgrounds never walk

        self.end()
        self.stepper = BackwardStepper(record.graph, caption=caption(record), leave=self.end)
        self._page.show_walk(self.stepper)

    def end(self) -> None:
        """Show the pictures again; the page puts the keyboard back where the walk began."""
        stepper, self.stepper = self.stepper, None
        if stepper is not None:
            self._page.show_walk(None)
            stepper.close()
            self.refresh()

    def refresh(self) -> None:
        """Show whether there is a step to walk through."""
        self._page.show_can_walk(self._to_walk() is not None)

    def _to_walk(self) -> StepRecord | None:
        """Return the step that is shown, if its backward pass may be walked through."""
        last = self._screens.last
        if last is None or last.record is None or not self._may_walk():
            return None
        graph = last.record.graph
        return last.record if graph.nodes[graph.root].grad is not None else None
