"""What tensors and operations are called in the sentences of a walk.

Names of tensors stand between backticks, so that a page can set them apart; a name's own backticks
become apostrophes.
"""

from __future__ import annotations

from collections import Counter

from gradwidgets.core.ops import find_op
from gradwidgets.engine.graph.snapshot import Graph, Node
from gradwidgets.engine.walk.step import Step
from gradwidgets.texts import text
from gradwidgets.views.graph.words import shortened

LONGEST_NAME = 40  # characters
LONGEST_IN_FORMULA = 12  # a longer name has a letter in its place


class Names:
    """What the tensors of a graph are called in a sentence.

    A tensor without a name is called after the operation that made it; where there are several of
    these, after its layer too, and by its number in the order in which they were computed.
    """

    def __init__(self, graph: Graph) -> None:
        self.nodes = graph.nodes
        self._number: dict[int, int] = {}
        per_op: Counter[str] = Counter()
        per_place: Counter[tuple[str, str | None]] = Counter()
        for node in graph.nodes:
            if not node.name:
                per_op[_kind(node)] += 1
                per_place[_kind(node), node.group] += 1
                self._number[node.index] = per_place[_kind(node), node.group]
        self._per_op, self._per_place = per_op, per_place

    def __getitem__(self, index: int) -> str:
        """Return what the node is called, ready for the middle of a sentence."""
        node = self.nodes[index]
        if node.name:
            return quoted(node.name)
        called = _kind(node)
        op = quoted(called)
        plain = node.op is None
        if self._per_op[called] == 1:
            return _unnamed(node) if plain else text("walk.name.made", op=op)
        number = self._number[index]
        several = self._per_place[called, node.group] > 1
        if plain:
            return text("walk.name.leaf", kind=_unnamed(node), number=number)
        if node.group and several:
            return text("walk.name.both", op=op, number=number, group=node.group)
        if node.group:
            return text("walk.name.group", op=op, group=node.group)
        return text("walk.name.number", op=op, number=number)

    def in_formula(self, index: int) -> str:
        """Return a short name for a formula, or nothing where a letter is better."""
        name = self.nodes[index].name
        return quoted(name) if name and len(name) <= LONGEST_IN_FORMULA and " " not in name else ""


def giver_of(step: Step) -> int:
    """Return whose gradient a step hands on.

    Raises
    ------
    ValueError
        At the start, and going forward: nothing is handed on there.
    """
    if step.source is None:
        raise ValueError(f"in a step of the kind {step.kind!r} no gradient is handed on")
    return step.source


def quoted(name: str) -> str:
    """Return a name between backticks, at a length that can be read."""
    name = " ".join(str(name).replace("`", "'").split()) or "?"
    return f"`{shortened(name, LONGEST_NAME)}`"


def op_words(op: str | None) -> str:
    """Return an operation's name, with its sign where that is another word: mul (×)."""
    found = find_op(op) if op else None
    if not found:
        return quoted(op or "?")
    name, symbol = found[0].name, found[0].symbol
    return name if symbol.lower() == name else text("walk.op", name=name, symbol=symbol)


def capital(words: str) -> str:
    """Return words with a capital at their beginning."""
    return words[:1].upper() + words[1:]


def as_sentence(words: str) -> str:
    """Return words with a capital and a full stop."""
    words = words.strip()
    return capital(words if words.endswith((".", "!", "?")) else words + ".")


def listed(words: list[str]) -> str:
    """Return words in a row, with an "and" before the last."""
    if len(words) < 2:
        return "".join(words)
    return text("walk.and", first=", ".join(words[:-1]), last=words[-1])


def _kind(node: Node) -> str:
    """Return an operation's name without its arguments; of a leaf, its kind."""
    if node.op is None:
        return text(f"kind.{node.kind}")
    found = find_op(node.op)
    return found[0].name if found else node.op


def _unnamed(node: Node) -> str:
    return text("walk.name.parameter" if node.kind == "parameter" else "walk.name.input")
