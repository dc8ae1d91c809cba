"""The steps of a walk over a graph, and how the graph looks after any of them."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from gradwidgets.core.ops import find_op
from gradwidgets.engine.graph.snapshot import Graph, Node
from gradwidgets.engine.walk.step import ERROR, FORWARD, Step

State: TypeAlias = Literal["now", "waiting", "partial", "ready", "done", "outside"]
"""How far a node is at a step: see `Walk.states_at`."""


@dataclass(frozen=True, slots=True, eq=False)
class Walk:
    """All steps over one graph, and how the graph looks after any of them.

    Attributes
    ----------
    trouble : str
        Why there are no steps, in a sentence; empty when there are.
    """

    graph: Graph
    steps: tuple[Step, ...]
    trouble: str = ""

    def graph_at(self, index: int) -> Graph:
        """Return the graph after the step `index`; -1 is before the first.

        A gradient is the sum so far, and None as long as nothing has arrived. Values that a
        forward walk has not computed yet are None. Arrays are not copied.
        """
        # A call that fails brings nothing, and takes nothing away.
        totals = {step.node: step.total for step in self.steps[:index + 1]
                  if step.kind != FORWARD and not (step.kind == ERROR and step.total is None)}
        hidden = {step.node for step in self.steps[index + 1:] if step.kind == FORWARD}
        # Spelled out, since dataclasses.replace takes five times as long.
        return Graph(tuple([
            node if node.grad is None and node.index not in totals and node.index not in hidden
            else Node(node.index, node.op, node.shape, None if node.index in hidden else node.data,
                      totals.get(node.index), node.creators, node.name, node.kind, node.autograd,
                      node.group, node.note, node.path, node.shares)
            for node in self.graph.nodes]), self.graph.root)

    def states_at(self, index: int) -> dict[int, State]:
        """Return how far each node is at the step `index`; -1 is before the first.

        "now" receives in this step, "waiting" has nothing yet, "partial" has some of its
        gradients, "ready" all of them, "done" has handed everything on (a leaf: has received
        everything), "outside" receives nothing in the whole walk. Going forward a node is
        "waiting", "now" or "done".
        """
        steps = self.steps
        if 0 <= index < len(steps) and steps[index].kind == FORWARD or (
                index < 0 and steps and steps[0].kind == FORWARD):
            waiting = {step.node for step in steps[index + 1:] if step.kind == FORWARD}
            states: dict[int, State] = {
                node.index: "waiting" if node.index in waiting else "done"
                for node in self.graph.nodes}
        else:
            states = self._backward_states(index)
        if 0 <= index < len(steps):
            states[steps[index].node] = "now"
        return states

    def _backward_states(self, index: int) -> dict[int, State]:
        latest: dict[int, Step] = {}
        receives: set[int] = set()
        hands_on: set[int] = set()
        for place, step in enumerate(self.steps):
            if step.kind == FORWARD or step.kind == ERROR and step.total is None:
                continue
            receives.add(step.node)
            if place <= index:
                latest[step.node] = step
            elif step.source is not None:
                hands_on.add(step.source)
        states: dict[int, State] = {}
        for node in self.graph.nodes:
            last = latest.get(node.index)
            if node.index not in receives:
                states[node.index] = "outside"
            elif last is None:
                states[node.index] = "waiting"
            elif last.arrived < last.expected:
                states[node.index] = "partial"
            else:
                states[node.index] = "ready" if node.index in hands_on else "done"
        return states

    def sections(self) -> tuple[tuple[str, int, int], ...]:
        """Return runs of steps in one layer: its name ("" for none), first and last step."""
        found: list[tuple[str, int, int]] = []
        forward = None
        for index, step in enumerate(self.steps):
            name = step.group or ""
            # Where a walk turns round, a new section begins even in the same layer.
            if found and found[-1][0] == name and forward == (step.kind == FORWARD):
                found[-1] = (name, found[-1][1], index)
            else:
                found.append((name, index, index))
            forward = step.kind == FORWARD
        return tuple(found)

    def letters(self, index: int) -> dict[str, int]:
        """Return which nodes the letters of the rule of the step `index` stand for.

        ``{"y": 7, "a": 2, "b": 5}``: the result, and what it was made of. g, the gradient that
        has arrived at y, is no node.
        """
        step = self.steps[index]
        made = step.node if step.kind == FORWARD else step.source
        if step.op is None or made is None:
            return {}
        found = find_op(step.op)
        if found is None:
            return {}
        return {"y": made, **dict(zip(found[0].inputs, self.graph.nodes[made].creators))}
