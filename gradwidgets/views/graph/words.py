"""What the tensors of a graph are called, and what a screen reader and a tooltip tell of them."""

from __future__ import annotations

from gradwidgets.core.ops import find_op
from gradwidgets.engine.graph.snapshot import Graph, Node
from gradwidgets.texts import counted, text
from gradwidgets.views.kit import numbers

MOST_OUTLINED = 1_000  # tensors told one by one to a screen reader
LONGEST_TOLD = 200  # characters of a name in tooltip and outline, which repeat it


def title_of(node: Node) -> str:
    """Return what a tensor is called: its name, or else the operation that made it."""
    return node.name or symbol_of(node.op) or text("kind." + node.kind)


def symbol_of(creation_op: str | None) -> str:
    """Return the sign of an operation, or its own name when no rule is known for it."""
    if not creation_op:
        return ""
    known = find_op(creation_op)
    return known[0].symbol if known else creation_op


def called(node: Node) -> str:
    """Return a node's name; one without is told by its operation and its number."""
    if node.name:
        return _told(node.name)
    name = _told(node.op or text("kind." + node.kind))
    return text("node.numbered", name=name, number=node.index + 1)


def node_says(node: Node, name: str, op: str = "", creators: list[str] | None = None) -> str:
    """Return what a tensor is, and from which others an operation has made it, if any did."""
    shape = numbers.shape(node.shape)
    words = text("node.says", name=name, kind=text("kind." + node.kind), shape=shape)
    if creators:
        words += " " + text("node.made", op=op or "?", creators=", ".join(creators))
    return words


def with_note(words: str, node: Node) -> str:
    """Return words with what else there is to say of a node."""
    return f"{words} {node.note}" if node.note else words


def graph_says(graph: Graph, label: str) -> str:
    """Return how large a graph is, in a sentence; `label` is the name of its picture."""
    operations = sum(node.op is not None for node in graph.nodes)
    return text(
        "graph.says",
        what=label,
        tensors=counted("tensor_count", len(graph.nodes)),
        operations=counted("operation_count", operations),
    )


def outline(graph: Graph) -> list[str]:
    """Return a sentence for each node, in the order in which they are computed."""
    lines = []
    for node in graph.nodes[:MOST_OUTLINED]:
        creators = [called(graph.nodes[index]) for index in node.creators]
        lines.append(with_note(node_says(node, called(node), _told(node.op or ""), creators), node))
    if len(graph.nodes) > MOST_OUTLINED:
        rest = len(graph.nodes) - MOST_OUTLINED
        lines.append(text("fold.more", tensors=counted("tensor_count", rest)))
    return lines


def hint(node: Node) -> str:
    """Return what hovering over a tensor tells: its name, operation and shape."""
    name = _told(node.name or text("kind." + node.kind))
    parts = [name, _told(node.op or ""), numbers.shape(node.shape)]
    return "\n".join(part for part in [" · ".join(filter(None, parts)), node.note] if part)


def shortened(words: str, most: int) -> str:
    """Return words with no more than `most` characters."""
    return words if len(words) <= most else words[: most - 1] + "…"


def _told(words: str) -> str:
    return shortened(words, LONGEST_TOLD)
