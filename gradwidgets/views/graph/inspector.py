"""What there is to know about one tensor of a graph, as the blocks of a `Sheet`."""

from __future__ import annotations

from collections.abc import Collection
from functools import reduce

import numpy as np

from gradwidgets.core.ops import find_op
from gradwidgets.engine.graph.snapshot import Graph, Node
from gradwidgets.engine.walk.build import edge_step
from gradwidgets.engine.walk.formula import symbols
from gradwidgets.engine.walk.walk import Walk
from gradwidgets.texts import registered, text
from gradwidgets.views.graph.names import Names, capital, quoted
from gradwidgets.views.kit import numbers
from gradwidgets.views.kit.blocks import Block, Facts, Table, Title
from gradwidgets.views.kit.sheet import table

MOST_WORDS = 4  # numbers that are told in a line
MOST_LINKS = 24
MOST_ORIGINS = 12  # users that are told one by one
MOST_ADDED = 4  # contributions whose tables stand side by side


def blocks(
    graph: Graph, index: int, walk: Walk | None = None, beside: tuple[int, ...] = ()
) -> list[Block]:
    """Return the blocks that tell of a node.

    Parameters
    ----------
    walk : Walk, optional
        A backward walk over the graph; without it the contributions come from the users'
        gradients.
    beside : tuple of int, optional
        The nodes in the same box of the picture.
    """
    node, called = graph.nodes[index], Names(graph)
    return [
        {"kind": "title", "text": quoted(node.name) if node.name else capital(called[index])},
        *_note(node),
        _facts(node),
        *_values(node),
        *_gradient(node, called),
        *_origin(graph, node, called, walk),
        *_rule(graph, node, called),
        *_links(graph, node, beside),
    ]


def _note(node: Node) -> list[Block]:
    if not node.note:
        return []
    return [{"kind": "text", "text": capital(node.note) + ".", "tone": "trouble"}]


def _facts(node: Node) -> Facts:
    dtype = "" if node.data is None else str(node.data.dtype)
    pairs = [
        (text("inspect.kind"), text("kind." + node.kind)),
        (text("inspect.layer"), node.group),
        (text("inspect.path"), node.path),
        (text("inspect.op"), node.op),
        (text("inspect.shape"), numbers.shape(node.shape)),
        (text("inspect.dtype"), dtype),
    ]
    return {"kind": "facts", "pairs": [[what, much] for what, much in pairs if much]}


def _values(node: Node) -> list[Block]:
    title: Title = {"kind": "title", "text": text("inspect.values"), "level": 2}
    if node.data is None or not node.data.size:
        return [title, {"kind": "text", "text": text("inspect.no_values")}]
    return [title, table(node.data, scale="data"), *_statistics(node.data, "inspect.deviation")]


def _gradient(node: Node, called: Names) -> list[Block]:
    title: Title = {"kind": "title", "text": text("inspect.gradient"), "level": 2}
    if node.grad is None:
        key = "inspect.not_yet" if node.autograd else "inspect.no_gradient"
        return [title, {"kind": "text", "text": text(key)}]
    numbers_of = table(node.grad, scale="gradient")
    told: list[Block] = [title, numbers_of, *_statistics(node.grad, "inspect.size")]
    if node.shares and node.op is None:  # an intermediate's is only read
        nodes = ", ".join(called[other] for other in node.shares[:MOST_WORDS])
        shared = text("inspect.shares", nodes=nodes)
        told.append({"kind": "text", "text": shared})
    return told


def _statistics(values: np.ndarray, spread: str) -> list[Block]:
    """Return the statistics of an array; of a single number there are none."""
    if values.size < 2 or values.dtype.kind not in "fiub":
        return []
    with np.errstate(all="ignore"):
        three = values.min(), values.mean(), values.max()
        width = values.std() if spread == "inspect.deviation" else np.sqrt(np.mean(values**2.0))
    pairs = [
        [text("inspect.range"), "  ".join(numbers.cell(value) for value in three)],
        [text(spread), numbers.cell(width).lstrip("+")],
    ]
    counts = {
        "inspect.zeros": np.count_nonzero(values == 0),
        "inspect.nan": np.count_nonzero(np.isnan(values)),
        "inspect.infinite": np.count_nonzero(np.isinf(values)),
    }
    total = numbers.grouped(values.size)
    pairs += [
        [text(key), text("inspect.of", part=numbers.grouped(int(count)), count=total)]
        for key, count in counts.items()
        if count
    ]
    return [{"kind": "facts", "pairs": pairs}]


def _rule(graph: Graph, node: Node, called: Names) -> list[Block]:
    title: Title = {"kind": "title", "text": text("inspect.rule"), "level": 2}
    if node.op is None:
        return [{"kind": "text", "text": text("inspect.leaf")}]
    found = find_op(node.op)
    if found is None:
        return [title, {"kind": "text", "text": text("inspect.no_rule", op=quoted(node.op))}]
    op, given = found
    arguments = dict(zip(op.arguments, given + (None,) * len(op.arguments), strict=False))
    ndims = {"g": len(node.shape), "y": len(node.shape)}
    letters = []
    for letter, creator in zip(op.inputs, node.creators, strict=False):
        ndims[letter] = len(graph.nodes[creator].shape)
        letters.append(text("inspect.letter", letter=letter, node=called[creator]))
    lines = []
    if op.formula:
        rule = symbols(op.formula, arguments, ndims=ndims)
        lines.append(text("inspect.rule.value", rule=rule))
    for letter, code in zip(op.inputs, op.rules, strict=False):
        if code:
            rule = symbols(code, arguments, ndims=ndims)
            lines.append(text("inspect.rule.gradient", letter=letter, rule=rule))
    return [
        title,
        {"kind": "formula", "text": "\n".join(lines)},
        {"kind": "text", "text": registered("reason", op.name, op.reason)},
        {"kind": "text", "text": text("inspect.letters", letters=", ".join(letters))},
    ]


def _origin(graph: Graph, node: Node, called: Names, walk: Walk | None) -> list[Block]:
    """Return one line for each user of the node, and how the contributions add up."""
    if not node.autograd:
        return []
    title: Title = {"kind": "title", "text": text("inspect.origin"), "level": 2}
    edges = [
        (user, position)
        for user in graph.nodes
        for position, creator in enumerate(user.creators)
        if creator == node.index and user.autograd
    ]
    if not edges:
        key = "inspect.origin.root" if node.index == graph.root else "inspect.origin.none"
        return [title, {"kind": "text", "text": text(key)}]
    lines: list[str] = []
    given: list[tuple[np.ndarray, str]] = []
    for user, position in edges:
        maker = called[user.index]
        if user.name:
            maker = text("inspect.through", node=maker, op=quoted(user.op or "?"))
        contribution = _contribution(graph, user, position, walk)
        if contribution is not None:
            given.append((contribution, called[user.index]))
            lines.append(text("inspect.origin.one", numbers=_in_short(contribution), node=maker))
        elif user.grad is None:
            lines.append(text("inspect.origin.missing", node=maker))
        else:
            lines.append(text("inspect.origin.unknown", node=maker))
    left_out = len(lines) - MOST_ORIGINS
    if left_out > 0:
        lines = [*lines[:MOST_ORIGINS], "…"]
    told: list[Block] = [title, {"kind": "lines", "lines": lines}]
    if node.grad is None or len(given) < len(edges):
        return told
    return [*told, *_sum(node.grad, given)]


def _contribution(
    graph: Graph, user: Node, position: int, walk: Walk | None
) -> np.ndarray | None:
    """Return what reaches the creator at `position` of a user, by our rule."""
    if walk is not None:
        return next(
            (s.result for s in walk.steps if s.source == user.index and s.position == position),
            None,
        )
    if user.grad is None:
        return None
    step = edge_step(graph, user.index, position, user.grad)
    return None if step is None else step.result


def _sum(grad: np.ndarray, given: list[tuple[np.ndarray, str]]) -> list[Block]:
    """Return how the contributions add up to the gradient, or that they do not."""
    total = reduce(np.add, (contribution for contribution, _ in given))
    with np.errstate(all="ignore"):
        same = np.shape(total) == grad.shape and np.allclose(
            total, grad, rtol=1e-6, atol=1e-12, equal_nan=True
        )
    if not same:
        words = text(
            "inspect.origin.differs", sum=_in_short(total), numbers=_in_short(grad)
        )
        return [{"kind": "text", "text": words, "tone": "trouble"}]
    if len(given) == 1:
        return [{"kind": "text", "text": text("inspect.origin.alone")}]
    told: list[Block] = [{"kind": "text", "text": text("inspect.origin.adds_up")}]
    if len(given) <= MOST_ADDED:
        items: list[Table[float] | str] = []
        for contribution, caption in given:
            items += [table(contribution, caption, "gradient"), "+"]
        items[-1] = "="
        items.append(table(grad, text("inspect.origin.sum"), "gradient"))
        told.append({"kind": "equation", "items": items})
    return told


def _links(graph: Graph, node: Node, beside: tuple[int, ...]) -> list[Block]:
    """Return the ways to the node's neighbours."""
    users = [user.index for user in graph.nodes if node.index in user.creators]
    ways: tuple[tuple[str, Collection[int]], ...] = (
        ("inspect.made_of", dict.fromkeys(node.creators)),
        ("inspect.used_by", users),
        ("inspect.beside", [index for index in beside if index != node.index]),
    )
    return [
        {
            "kind": "links",
            "label": text(key),
            "items": [
                {"node": index, "text": _plainly(graph.nodes[index])}
                for index in list(indices)[:MOST_LINKS]
            ],
        }
        for key, indices in ways
        if indices
    ]


def _plainly(node: Node) -> str:
    if node.name:
        return quoted(node.name).strip("`")
    return f"{node.op or text('kind.' + node.kind)} ({node.index + 1})"


def _in_short(values: np.ndarray) -> str:
    """Return a few numbers as they are, and of many the least, mean and greatest."""
    values = np.asarray(values)
    if values.size <= MOST_WORDS:
        return ", ".join(numbers.cells(values)) or "–"
    with np.errstate(all="ignore"):
        three = values.min(), values.mean(), values.max()
    return "  ".join(
        sign + numbers.cell(value) for sign, value in zip("↓ø↑", three, strict=True)
    )
