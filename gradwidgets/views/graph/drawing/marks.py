"""What is marked in a graph: how far each tensor is in a walk, and where a gradient is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypedDict

from gradwidgets.engine.walk.walk import State
from gradwidgets.views.graph.drawing.boxes import Scene


class PlacedMarks(TypedDict, total=False):
    """Marks of boxes and edges, by their names and places on the page; empty without any."""

    boxes: dict[str, State]
    edge: int | None
    wrong: str | None
    warning: bool


@dataclass(frozen=True)
class Marks:
    """Marks of the nodes and edges of one graph.

    Attributes
    ----------
    states : mapping of node index to State
    edge : (node, position), optional
        The edge from this node to the creator at this position is lit.
    wrong : int, optional
        The node whose gradient is wrong.
    warning : bool, default=False
        The gradient of that node is not wrong by now, but is about to become so.
    remark : str, optional
        What is wrong, in words.
    """

    states: Mapping[int, State] = field(default_factory=dict)
    edge: tuple[int, int] | None = None
    wrong: int | None = None
    warning: bool = False
    remark: str = ""

    def on(self, scene: Scene) -> PlacedMarks:
        """Return the marks of boxes and edges, for the page."""
        if not self.states and self.wrong is None:
            return {}
        together: dict[str, list[State]] = {}
        for index, state in self.states.items():
            together.setdefault(scene.box_of[index], []).append(state)
        return {
            "boxes": {box: joint_state(states) for box, states in together.items()},
            "edge": scene.edge_of.get(self.edge) if self.edge else None,
            "wrong": None if self.wrong is None else scene.box_of[self.wrong],
            "warning": self.warning,
        }


def joint_state(states: list[State]) -> State:
    """Return the state of a box that holds nodes in these states."""
    if "now" in states:
        return "now"
    taking = set(states) - {"outside"}
    if len(taking) <= 1:
        return taking.pop() if taking else "outside"
    return "ready" if taking <= {"ready", "done"} else "partial"
