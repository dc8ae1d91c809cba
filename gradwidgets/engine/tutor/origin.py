"""Where numbers that are not finite come from: what first made one out of finite ones."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from gradwidgets.core.ops import Op, find_op
from gradwidgets.core.types import Arguments
from gradwidgets.engine.graph.snapshot import Graph, Node
from gradwidgets.texts import Value, text

Test: TypeAlias = Callable[..., float | None]

_SPELLINGS = {"truediv": "div", "true_divide": "div", "divide": "div", "ln": "log",
              "multiply": "mul", "matmul": "mm", "dot": "mm", "subtract": "sub", "square": "pow_2",
              "sqrt": "pow_0.5"}
"""How learners call operations that we know by another name."""


@dataclass(frozen=True, slots=True)
class Origin:
    """The tensor with which it began, and what to say of it.

    Attributes
    ----------
    node : int
        Its index in the graph.
    kind : str
        A name in `CAUSES`, or that of what stood in the graph from the beginning.
    cause, advice : str
        A sentence each: what happened there, and what to do about it.
    by_size : bool
        Whether numbers that grow from step to step end in this.
    """

    node: int
    kind: str
    cause: str
    advice: str
    by_size: bool = False


@dataclass(frozen=True, slots=True)
class Cause:
    """One way in which an operation makes of finite numbers one that is not.

    Parameters
    ----------
    operations : tuple of str
        The names of the operations that can do so; empty for every one that is known.
    test : callable
        Takes the inputs at the places of such results, and the operation's arguments, and returns
        the number that does it; None where it is something else. Where there are no operations,
        it takes the whole inputs.
    by_size : bool
        See `Origin`.
    """

    operations: tuple[str, ...]
    test: Test
    by_size: bool = False


_POWERS = ("pow", "power")

LARGE = 1e3
"""Sums, products and powers of smaller numbers do not overflow, unless it is to a high power."""


def _first(values: np.ndarray, found: np.ndarray) -> float | None:
    return float(values[found][0]) if found.any() else None


def _large(*inputs: np.ndarray) -> float | None:
    largest = max([float(np.abs(x).max(initial=0)) for x in inputs])
    return largest if largest > LARGE else None


CAUSES: dict[str, Cause] = {
    "division": Cause(("div",), lambda a, b: _first(b, b == 0)),
    "zero_power": Cause(_POWERS, lambda x, exponent: _first(x, (x == 0) & (exponent < 0))),
    "root": Cause(_POWERS, lambda x, exponent: _first(
        x, (x < 0) & (exponent != np.floor(exponent)))),
    "log_negative": Cause(("log",), lambda x: _first(x, x < 0)),
    "log_zero": Cause(("log",), lambda x: _first(x, x == 0)),
    "exp": Cause(("exp",), lambda x: float(x.max()), by_size=True),
    "overflow": Cause((), _large, by_size=True),
}
"""In the order in which they are looked for. The sentences stand under ``origin.`` and the name."""


def find_origin(graph: Graph) -> Origin | None:
    """Return where the numbers began that make the graph's root not finite; None if it is finite.

    Looked at are only those that reach the root: a mask of -inf, which softmax turns into zeros,
    has done nothing.
    """
    nodes = graph.nodes
    with np.errstate(all="ignore"):
        is_nan = [_holds(node.data, np.isnan) for node in nodes]
        is_inf = [_holds(node.data, np.isinf) for node in nodes]
        if not is_nan[graph.root] and not is_inf[graph.root]:
            return None
        first = graph.root
        if is_nan[first]:
            first = _beginning(nodes, [first], is_nan)
        # A nan is often made of inf, as in inf − inf: then this is what it began with.
        sources = [index for index in {first, *nodes[first].creators} if is_inf[index]]
        if sources:
            first = _beginning(nodes, sources, is_inf)
        return _origin_at(graph, first)


def find_slope(graph: Graph) -> Origin | None:
    """Return the operation that first handed on a gradient that is not finite; None for none."""
    nodes = graph.nodes
    users: list[list[int]] = [[] for _ in nodes]
    for node in nodes:
        for creator in node.creators:
            users[creator].append(node.index)
    bad = [_holds(node.grad, lambda numbers: ~np.isfinite(numbers)) for node in nodes]
    for index in reversed(range(len(nodes))):
        if bad[index] and not any(bad[user] for user in users[index]):
            above = [user for user in users[index] if nodes[user].op is not None]
            if not above:
                return None
            user, value = nodes[above[0]], nodes[index].data
            found = _find_op(user)
            fraction = found is not None and found[0].name == "pow" and 0 < found[1][0] < 1
            corner = fraction and _holds(value, lambda x: x == 0)
            return _told("slope_root" if corner else "slope", graph, user, [value])
    return None


def _holds(numbers: np.ndarray | None, test: Callable[[np.ndarray], np.ndarray]) -> bool:
    return numbers is not None and bool(test(numbers).any())


def _beginning(nodes: tuple[Node, ...], starts: list[int], bad: list[bool]) -> int:
    """Return the first node on the way to `starts` that is bad, and made of none that is."""
    begun: set[int] = set()
    seen, waiting = set(starts), list(starts)
    while waiting:
        index = waiting.pop()
        sources = [creator for creator in nodes[index].creators if bad[creator]]
        if not sources:
            begun.add(index)
        waiting += [source for source in sources if source not in seen]
        seen.update(sources)
    return min(begun)


def _origin_at(graph: Graph, index: int) -> Origin:
    node = graph.nodes[index]
    if not node.creators:
        return _from_the_start(graph, node)
    inputs = [graph.nodes[creator].data for creator in node.creators]
    arrays = [each for each in inputs if each is not None]
    operation = _find_op(node)
    if operation is None or node.data is None or len(arrays) < len(inputs):
        return _told("unknown", graph, node, inputs)
    try:
        return _by_operation(graph, node, ~np.isfinite(node.data), arrays, *operation)
    except (ValueError, TypeError, OverflowError):  # learners may call anything anything
        return _told("unknown", graph, node, inputs)


def _find_op(node: Node) -> tuple[Op, Arguments] | None:
    op = node.op or ""
    return find_op(_SPELLINGS.get(op, op))


def _by_operation(graph: Graph, node: Node, places: np.ndarray, inputs: list[np.ndarray], op: Op,
                  args: Arguments) -> Origin:
    for kind, cause in CAUSES.items():
        if cause.operations and op.name not in cause.operations:
            continue
        there = [np.broadcast_to(each, node.shape)[places] for each in inputs] if (
            cause.operations) else inputs
        value = cause.test(*there, *(args if cause.operations else ()))
        if value is not None:
            return _told(kind, graph, node, inputs, value)
    raise ValueError(f"{op.name}: no cause fits")


def _from_the_start(graph: Graph, node: Node) -> Origin:
    """Tell of a tensor that was made of no other: data, weights, or a number of the learner's."""
    if node.index == graph.root:
        kind = "hidden"
    elif not node.name and not node.path:
        kind = "nameless"
    elif node.kind == "parameter":
        kind = "weights"
    elif node.name in (text("name.input"), text("name.target")):
        kind = "data"
    else:
        kind = "constant"
    return _told(kind, graph, node, [node.data])


def _told(kind: str, graph: Graph, node: Node, inputs: Sequence[np.ndarray | None],
          value: float = 0.0) -> Origin:
    """Put an origin into words."""
    there = [each.ravel() for each in inputs if each is not None and each.size]
    all_of_them = np.concatenate(there) if there else np.zeros(1)
    finite = np.isfinite(all_of_them)
    low, high = (all_of_them[finite].min(), all_of_them[finite].max()) if finite.any() else (0, 0)
    name = _called(graph, node)
    place = (text("origin.place", call=name) if node.group is None else
             text("origin.place.layer", call=name, layer=node.group))
    values: dict[str, Value] = {
        "place": place, "name": name, "value": _number(value), "low": _number(low),
        "high": _number(high), "count": int((~finite).sum()), "size": len(all_of_them)}
    cause = CAUSES.get(kind)
    return Origin(node.index, kind, text(f"origin.{kind}", **values), text(f"origin.{kind}.try"),
                  cause is not None and cause.by_size)


def _called(graph: Graph, node: Node) -> str:
    """Return a tensor as a call: ``log(prediction)``, ``div(1, sum_0(…))``."""
    if node.op is None or not node.creators:
        return node.name or node.path or ""
    inside = [_short(graph.nodes[creator]) for creator in node.creators]
    return f"{node.op}({', '.join(inside)})"


def _short(node: Node) -> str:
    named = node.name or node.path
    if named:
        return named
    if node.creators:
        return f"{node.op}(…)"
    return _number(node.data.item()) if node.data is not None and node.data.size == 1 else "…"


def _number(value: float) -> str:
    return f"{value:.4g}".replace("-", "−")
