"""What happens in one step of a walk, in plain sentences.

Everything is told from the plain data of a walk.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

import numpy as np

from gradwidgets.engine.walk.step import Step, StepKind
from gradwidgets.engine.walk.walk import Walk
from gradwidgets.texts import text
from gradwidgets.views.graph.names import Names, as_sentence, capital, giver_of, op_words
from gradwidgets.views.kit import numbers
from gradwidgets.views.walk.words.calls import Calls
from gradwidgets.views.walk.words.forward import computed
from gradwidgets.views.walk.words.rules import Rules


class Words:
    """Tells the steps of one walk."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self.names = Names(walk.graph)
        self._rules = Rules(walk.graph, self.names)
        self._calls = Calls(walk, self.names)
        self.arrivals: dict[int, list[int]] = defaultdict(list)  # node -> its steps
        for number, step in enumerate(walk.steps):
            if step.kind in ("start", "pass"):
                self.arrivals[step.node].append(number)

    def sentence(self, index: int) -> str:
        """Return what happens in a step, and why, in a sentence or three."""
        if self.walk.trouble:
            return self.walk.trouble
        if not self.walk.steps:
            return text("walk.nothing")
        step = self.walk.steps[index]
        tell: dict[StepKind, Callable[[Step, int], str]] = {
            "start": self._start,
            "pass": self._pass,
            "forward": self._forward,
            "call": self._calls.sentence,
            "error": self._error,
        }
        told = tell[step.kind](step, index)
        if step.note and step.kind not in ("error", "forward"):
            told += " " + as_sentence(step.note)
        if index == len(self.walk.steps) - 1 and step.kind in ("start", "pass"):
            # What has no rule hands nothing on, and its note has just said so.
            if not any(each.note for each in self.walk.steps):
                told += " " + text("walk.end" if index else "walk.end.at_once")
            elif index:
                told += " " + text("walk.end.without_rule")
        return told

    def standing(self, index: int) -> str:
        """Return how many of the receiver's gradients are in: "2 of 3: waits for one more"."""
        step = self.walk.steps[index]
        missing = step.expected - step.arrived
        if missing <= 0:
            return text("walk.in.complete", arrived=step.arrived, expected=step.expected)
        return text(
            "walk.in.missing.one" if missing == 1 else "walk.in.missing.many",
            arrived=step.arrived,
            expected=step.expected,
            missing=missing,
        )

    def _start(self, step: Step, _index: int) -> str:
        node, result = self.names[step.node], step.result
        if result is None:
            return text("walk.start.given", node=node)
        size = np.size(result)
        if not np.all(np.equal(result, 1)):
            if size == 1:
                value = numbers.cell(np.ravel(result)[0])
                return text("walk.start.number", node=node, value=value)
            return text("walk.start.given", node=node)
        if size == 1:
            return text("walk.start.one", node=node)
        return text("walk.start.ones", node=node, count=size)

    def _pass(self, step: Step, index: int) -> str:
        giver = giver_of(step)
        source, receiver = self.names[giver], self.names[step.node]
        before = self.walk.steps[index - 1] if index else None
        count = self._expected_of(giver)
        if before is not None and before.kind == "pass" and before.source == giver:
            key = "walk.pass.again" if before.node == step.node else "walk.pass.also"
        else:
            key = {1: "walk.pass.one", 2: "walk.pass.both"}.get(count, "walk.pass.all")
        told = text(
            key,
            source=source,
            receiver=receiver,
            op=op_words(step.op),
            how=self._rules.how(step),
            count=count,
        )
        return f"{capital(told)} {capital(self._received(step, receiver))}"

    def _received(self, step: Step, receiver: str) -> str:
        missing = step.expected - step.arrived
        if missing > 0:
            return text(
                "walk.received.missing.one" if missing == 1 else "walk.received.missing.many",
                receiver=receiver,
                arrived=step.arrived,
                expected=step.expected,
                missing=missing,
            )
        if step.expected == 1:
            return text("walk.received.only")
        if step.expected == 2:
            return text("walk.received.both", receiver=receiver)
        return text("walk.received.all", receiver=receiver, count=step.expected)

    def _forward(self, step: Step, _index: int) -> str:
        return computed(self.walk.graph, self.names, step.node)

    def _error(self, step: Step, _index: int) -> str:
        note = as_sentence(step.note)
        return text("walk.error", node=self.names[step.node], error=note)

    def _expected_of(self, node: int) -> int:
        arrivals = self.arrivals.get(node)
        return self.walk.steps[arrivals[-1]].expected if arrivals else 1
