"""What the rule of a step asks for, as one would say it to somebody with a pencil."""

from __future__ import annotations

import re
from math import prod

from gradwidgets.core.ops import Op, find_op
from gradwidgets.core.types import Arguments
from gradwidgets.engine.graph.snapshot import Graph
from gradwidgets.engine.walk.step import Step
from gradwidgets.texts import text
from gradwidgets.views.graph.names import Names, giver_of, listed, quoted

# Operation -> for each input the key of the text that says what its rule asks.
# An operation that is not listed here has its rule in symbols read out.
HOW: dict[str, tuple[str | None, ...]] = {
    "add": ("walk.how.add", "walk.how.add"),
    "sub": ("walk.how.sub", "walk.how.subtracted"),
    "mul": ("walk.how.times", "walk.how.times"),
    "weigh": ("walk.how.times", "walk.how.times"),
    "div": ("walk.how.divide", "walk.how.divisor"),
    "neg": ("walk.how.negate",),
    "pow": ("walk.how.pow",),
    "exp": ("walk.how.exp",),
    "log": ("walk.how.divide_own",),
    "mm": ("walk.how.mm_left", "walk.how.mm_right"),
    "tanh": ("walk.how.tanh",),
    "sigmoid": ("walk.how.sigmoid",),
    "relu": ("walk.how.relu",),
    "leaky_relu": ("walk.how.leaky_relu",),
    "sum": ("walk.how.sum",),
    "mean": ("walk.how.mean",),
    "max": ("walk.how.max",),
    "expand": ("walk.how.expand",),
    "transpose": ("walk.how.transpose",),
    "reshape": ("walk.how.reshape",),
    "index": ("walk.how.index",),
    "concat": ("walk.how.concat", "walk.how.concat"),
    "bce_logits": ("walk.how.bce_logits", None),
}

# Texts that speak of the result, and of the input itself.
NEEDS_Y = ("walk.how.tanh", "walk.how.sigmoid", "walk.how.divisor")
NEEDS_X = ("walk.how.divisor", "walk.how.pow")
_RAISED = str.maketrans("0123456789-.", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻·")


class Rules:
    """Tells the rules of the operations in one graph."""

    def __init__(self, graph: Graph, names: Names) -> None:
        self.graph = graph
        self.names = names

    def how(self, step: Step) -> str:
        """Return what the rule of a step asks for, in the imperative."""
        found, position = find_op(step.op) if step.op else None, step.position
        if found is None or position is None:
            return self._rule(step)
        keys = HOW.get(found[0].name, ())
        key = keys[position] if position < len(keys) else None
        if key is None:
            return self._rule(step)
        where: list[str] = []
        words = text(key, **self._places(step, position, key, found, where))
        if step.summed:
            count = self._times(giver_of(step), step.node)
            words = text("walk.how.summed", how=words, receiver=self.names[step.node], count=count)
        if where:
            words += text("walk.where", letters=listed(where))
        return words

    def _rule(self, step: Step) -> str:
        """Return a rule for which there are no words in symbols, and what its letters are."""
        if not step.rule:
            return text("walk.how.unknown")
        used = letters_of(step.code)
        where = [text("walk.letter", letter="g", node=text("walk.letter.g"))] if "g" in used else []
        found, giver = find_op(step.op) if step.op else None, giver_of(step)
        nodes = {"y": giver}
        nodes.update(zip(found[0].inputs if found else (),
                         self.graph.nodes[giver].creators, strict=False))  # fmt: skip
        where += [text("walk.letter", letter=letter, node=self.names[node])
                  for letter, node in nodes.items() if letter in used]  # fmt: skip
        words = text("walk.how.rule", rule=step.rule)
        return words + text("walk.where", letters=listed(where)) if where else words

    def _places(
        self, step: Step, position: int, key: str, found: tuple[Op, Arguments], where: list[str]
    ) -> dict[str, str | float]:
        """Return what a text of HOW may mention; letters that need a word go into `where`."""
        (op, arguments), giver = found, giver_of(step)
        creators = self.graph.nodes[giver].creators
        other = creators[1 - position] if len(creators) == 2 else step.node

        def short(index: int, letter: str) -> str:
            named = self.names.in_formula(index)
            if not named:
                node = self.names[index]
                if index == giver:
                    node = text("walk.name.made", op=quoted(op.name))
                where.append(text("walk.letter", letter=letter, node=node))
            return named or letter

        y = short(giver, "y") if key in NEEDS_Y else ""
        x = short(step.node, op.inputs[position]) if key in NEEDS_X else ""
        return {
            "y": y,
            "x": x,
            "receiver": self.names[step.node],
            "other": self.names[other],
            "count": self._times(step.node, giver),
            "copies": self._times(giver, step.node),
            "argument": arguments[0] if arguments else "",
            "lowered": _superscript(arguments[0] - 1) if op.name == "pow" else "",
        }

    def _times(self, one: int, other: int) -> int:
        """Return how many times as many numbers one node has as another."""
        nodes = self.graph.nodes
        return prod(nodes[one].shape) // max(1, prod(nodes[other].shape))


def letters_of(code: str) -> set[str]:
    """Return the letters that an executable rule uses."""
    return set(re.findall(r"\b[a-z]\b", code))


def _superscript(exponent: float) -> str:
    return "" if exponent == 1 else f"{exponent:g}".translate(_RAISED)
