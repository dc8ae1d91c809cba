"""What happens in a call of somebody's own `backward`, in plain sentences."""

from __future__ import annotations

import numpy as np

from gradwidgets.engine.walk.step import Step
from gradwidgets.engine.walk.walk import Walk
from gradwidgets.texts import text
from gradwidgets.views.graph.names import Names, capital


class Calls:
    """Tells the calls in one walk."""

    def __init__(self, walk: Walk, names: Names) -> None:
        self.walk = walk
        self.names = names

    def sentence(self, step: Step, index: int) -> str:
        """Return who calls, and what the call did to its receiver's gradient."""
        receiver = self.names[step.node]
        if step.source is None:
            told = text("walk.call.first", receiver=receiver)
        else:
            told = self._handing_over(step, step.source, index)
        return f"{capital(told)} {capital(text(change_of(step), receiver=receiver))}"

    def _handing_over(self, step: Step, giver: int, index: int) -> str:
        """Say who calls, and whether it should have waited."""
        source, receiver = self.names[giver], self.names[step.node]
        before = [one for one in self.walk.steps[:index]
                  if one.kind == "call" and one.node == giver]  # fmt: skip
        if before and before[-1].arrived < before[-1].expected:
            return text(
                "walk.call.early",
                source=source,
                receiver=receiver,
                arrived=before[-1].arrived,
                expected=before[-1].expected,
            )
        edge = giver, step.position
        again = any((one.source, one.position) == edge for one in self.walk.steps[:index])
        added = change_of(step) == "walk.call.added"
        if again and added and step.rule and not step.note:
            return text("walk.call.again", source=source, receiver=receiver)
        return text("walk.call", source=source, receiver=receiver)


def change_of(step: Step) -> str:
    """Return the key of what a call did to its receiver's gradient."""
    before, after, given = step.detail.get("before"), step.detail.get("after"), step.result
    if after is None:
        return "walk.call.nothing"
    if before is None:
        return "walk.call.kept" if _same(after, given) else "walk.call.other"
    if _same(after, before) and not _same(given, 0):
        return "walk.call.unchanged"
    if given is not None and _same(after, _sum(before, given)):
        return "walk.call.added"
    return "walk.call.replaced" if _same(after, given) else "walk.call.other"


def _sum(a: np.ndarray, b: np.ndarray) -> np.ndarray | None:
    try:
        total: np.ndarray = np.add(a, b)
        return total
    except (TypeError, ValueError):
        return None


def _same(a: np.ndarray | None, b: np.ndarray | float | None) -> bool:
    if a is None or b is None:
        return False
    try:
        return bool(np.allclose(a, b, rtol=1e-9, atol=0, equal_nan=True))
    except (TypeError, ValueError):
        return False
