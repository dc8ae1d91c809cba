"""The way through a walk: its steps in one row, its parts, and the moves of whoever walks it."""

from __future__ import annotations

from gradwidgets.engine.walk.walk import Walk
from gradwidgets.texts import text

STRETCH = 25  # steps of a part, where no layers divide a long walk


class Tour:
    """A backward walk, with the forward pass before it where that is wanted, and a place in it.

    Parameters
    ----------
    backward, forward : Walk or None
        Without a forward walk, `with_forward` changes nothing.

    Attributes
    ----------
    position : int
        The present step, counted from 0 over both walks.
    """

    def __init__(self, backward: Walk, forward: Walk | None = None) -> None:
        self.backward = backward
        self.forward = forward
        self._with_forward = False
        self._parts: dict[bool, list[tuple[str, int, int]]] = {}  # they never change
        self.position = 0

    def __len__(self) -> int:
        return self._before + len(self.backward.steps)

    @property
    def _before(self) -> int:
        """How many steps come before the backward walk."""
        return len(self.forward.steps) if self._with_forward and self.forward is not None else 0

    @property
    def with_forward(self) -> bool:
        """Whether the forward pass is walked too; the present step stays the same one."""
        return self._with_forward

    @with_forward.setter
    def with_forward(self, wanted: bool) -> None:
        wanted = bool(wanted and self.forward is not None and self.forward.steps)
        if wanted == self._with_forward:
            return
        beginning = self.position == 0
        before = self._before
        self._with_forward = wanted
        # Whoever has not begun yet begins with the forward pass; else the same step stays.
        self.position = 0 if beginning else self._within(self.position - before + self._before)

    def here(self) -> tuple[Walk, int]:
        """Return the walk of the present step, and its place in that walk."""
        if self.forward is not None and self.position < self._before:
            return self.forward, self.position
        return self.backward, self.position - self._before

    def go(self, move: str) -> bool:
        """Make a move, "first", "previous", "next" or "last"; tell whether it led elsewhere."""
        last = len(self) - 1
        aim = {
            "first": 0,
            "previous": self.position - 1,
            "next": self.position + 1,
            "last": last,
        }[move]
        return self.go_to(aim)

    def go_to(self, position: int) -> bool:
        """Go to a step, or the nearest there is; tell whether that is another one."""
        position = self._within(position)
        moved, self.position = position != self.position, position
        return moved

    def _within(self, position: int) -> int:
        return max(0, min(int(position), len(self) - 1))

    def parts(self) -> list[tuple[str, int, int]]:
        """Return name, first and last step of the parts of the walk, for jumps."""
        parts = self._parts.get(self._with_forward)
        if parts is None:
            parts = self._parts_of(self.backward, "walk.part", self._before)
            if self._with_forward and self.forward is not None:
                parts = [*self._parts_of(self.forward, "walk.part.forward", 0), *parts]
            self._parts[self._with_forward] = parts
        return parts

    def part(self) -> int:
        """Return the first step of the part in which the present step lies."""
        return max((first for _, first, _ in self.parts() if first <= self.position), default=0)

    @staticmethod
    def _parts_of(walk: Walk, key: str, before: int) -> list[tuple[str, int, int]]:
        runs = _runs(walk)
        count = len(walk.steps)
        if len(runs) < 2 and count > 2 * STRETCH:
            starts = range(0, count - STRETCH // 2, STRETCH)
            ends = [*starts[1:], count]
            runs = [("", first, end - 1) for first, end in zip(starts, ends, strict=True)]
        return [
            (
                text(
                    key,
                    name=name or text("walk.part.none"),
                    first=before + first + 1,
                    last=before + last + 1,
                ),
                before + first,
                before + last,
            )
            for name, first, last in runs
        ]


def _runs(walk: Walk) -> list[tuple[str, int, int]]:
    """Return runs of steps in which one layer hands its gradients on, or computes.

    A gradient that leaves a layer still belongs to it: by the receivers there would be a new part
    at each input that a layer has from outside.
    """
    runs: list[tuple[str, int, int]] = []
    for index, step in enumerate(walk.steps):
        node = step.node if step.source is None else step.source
        name = walk.graph.nodes[node].group or ""
        if runs and runs[-1][0] == name:
            runs[-1] = name, runs[-1][1], index
        else:
            runs.append((name, index, index))
    return runs
