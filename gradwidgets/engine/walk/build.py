"""Walk through a copied graph one number at a time: backward, gradient by gradient, or forward.

The backward walk drains the generator that also runs in `Tensor.backward`, over plain records of
the graph's nodes. So what is shown is what runs; it works before and after ``backward()``, is no
second backward pass, and changes nothing.
"""
from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

import numpy as np

from gradwidgets.core.backward import backward_steps, unbroadcast
from gradwidgets.core.ops import spell
from gradwidgets.core.types import Foreign
from gradwidgets.engine.graph.operations import Operation, capital, examine, operation_of, title
from gradwidgets.engine.graph.snapshot import Graph, Node
from gradwidgets.engine.walk.formula import Part
from gradwidgets.engine.walk.rule import Rule, repeated
from gradwidgets.engine.walk.step import FORWARD, PASS, START, Detail, Step
from gradwidgets.engine.walk.walk import Walk


def walk_backward(graph: Graph, gradient: Foreign = None) -> Walk:
    """Return the backward pass over `graph`: the start, and one step for each edge.

    Parameters
    ----------
    gradient : array of the root's shape, optional
        What the root receives; its own gradient when left out, and ones when it has none.

    Raises
    ------
    ValueError
        When `gradient` has another shape than the root.
    """
    root = graph.nodes[graph.root]
    first = _first_gradient(root, gradient)
    with np.errstate(all="ignore"):
        known, ends, trouble = examine(graph)
        trouble = trouble or _nothing_to_walk(graph)
        if trouble or first is None:
            return Walk(graph, (), trouble)
        return Walk(graph, tuple(_backward(graph, first, known, ends)))


def walk_forward(graph: Graph) -> Walk:
    """Return the forward pass over `graph`: one step for each tensor made by an operation."""
    with np.errstate(all="ignore"):
        known, ends, trouble = examine(graph)
        if trouble:
            return Walk(graph, (), trouble)
        return Walk(graph, tuple([_forward_step(node, known.get(node.index),
                                                ends.get(node.index, ""))
                                  for node in graph.nodes if node.op is not None]))


def walk_both(graph: Graph, gradient: Foreign = None) -> Walk:
    """Return the forward walk, followed by the backward walk."""
    forward, backward = walk_forward(graph), walk_backward(graph, gradient)
    trouble = forward.trouble or backward.trouble
    return Walk(graph, () if trouble else forward.steps + backward.steps, trouble)


def edge_step(graph: Graph, source: int, position: int, g: np.ndarray) -> Step | None:
    """Return what our rule hands from `source` to one of its creators when g has arrived there.

    None where no rule is known, or where it does not work for this g.
    """
    operation, y = operation_of(graph, source), graph.nodes[source]
    if operation is None:
        return None
    node = graph.nodes[y.creators[position]]
    try:
        with np.errstate(all="ignore"):
            full = operation.handed(position, g)
            if full is None:
                return None
            result = unbroadcast(full, node.shape) if operation.op.broadcasts else full
            rule = Rule(operation, operation.rule(position), g)
    except Exception:  # noqa: BLE001 - a learner's g may have any shape
        return None
    if result.shape != node.shape:
        return None
    summed = full.shape != node.shape
    detail = _summed(full, node) if summed else Detail()
    return Step(PASS, node.index, source, position, y.op, rule.text, rule.code,
                operation.op.reason, rule.parts, summed, result, group=node.group, detail=detail,
                equation=rule.equation)


def _summed(full: np.ndarray, receiver: Node) -> Detail:
    return {"full": full, "over": repeated(full.shape, receiver.shape)}


def _nothing_to_walk(graph: Graph) -> str:
    root = graph.nodes[graph.root]
    if root.data is None:
        return f"{capital(title(root))} holds no numbers, so there is no gradient to begin with."
    if not root.autograd:
        return (f"{capital(title(root))} takes no gradient, since neither it nor anything it was "
                "made of has autograd=True; so there is nothing to walk through.")
    return ""


def _first_gradient(root: Node, gradient: Foreign) -> np.ndarray | None:
    if root.data is None:
        return None
    if gradient is None:
        if root.grad is None or root.grad.shape != root.shape:
            return np.ones(root.shape)
        return root.grad.astype(np.float64)
    first = np.array(getattr(gradient, "data", gradient), np.float64)
    if first.shape != root.shape:
        raise ValueError(f"walk_backward: the gradient has shape {first.shape} but the graph's "
                         f"root has {root.shape}; each entry needs its own gradient, so the shapes "
                         "must be equal")
    return first


# -- the steps ----------------------------------------------------------------------------------


class _Record:
    """What the backward pass reads of a node."""

    __slots__ = ("index", "creation_op", "data", "creators", "autograd")

    def __init__(self, node: Node, operation: Operation | None, records: list[_Record]) -> None:
        self.index = node.index
        self.data = _NOTHING if node.data is None else node.data
        self.autograd = node.autograd
        # A node without a rule is an end: it receives, and hands nothing on.
        self.creation_op: str | None = None
        self.creators: list[_Record] | None = None
        if operation is not None:
            self.creation_op = spell(operation.op.name, *operation.args)
            self.creators = [records[creator] for creator in node.creators]


_NOTHING = np.empty(0)
"""What stands for the numbers of a node without any; such a one is not looked at."""

_Pass: TypeAlias = tuple[_Record, np.ndarray, list[np.ndarray | None]]


def _passes(graph: Graph, first: np.ndarray, known: dict[int, Operation], ends: dict[int, str]
            ) -> list[_Pass]:
    """Return the steps of the pass; a node whose rule turns out not to work becomes an end."""
    try:
        passes = _drained(graph, first, known)
        if all(contribution is None or contribution.shape == creator.data.shape
               for record, _, contributions in passes
               for creator, contribution in zip(record.creators or (), contributions)):
            return passes
    except Exception:  # noqa: BLE001 - found out below, node by node
        pass
    for index, operation in list(known.items()):
        why = _why_it_fails(operation)
        if why:
            del known[index]
            ends[index] = f"the rule of {operation.op.name} does not work here: {why}"
    return _drained(graph, first, known)


def _drained(graph: Graph, first: np.ndarray, known: dict[int, Operation]) -> list[_Pass]:
    records: list[_Record] = []
    for node in graph.nodes:
        records.append(_Record(node, known.get(node.index), records))
    return list(backward_steps(records[graph.root::-1], first))


def _why_it_fails(operation: Operation) -> str:
    g = np.ones(operation.result.shape)
    for position, value in enumerate(operation.values):
        try:
            answer = operation.handed(position, g)
            if answer is None:
                continue
            if operation.op.broadcasts:
                answer = unbroadcast(answer, value.shape)
        except Exception as error:  # noqa: BLE001 - a rule may fail in any way
            return str(error)
        if answer.shape != value.shape:
            return f"it gives {answer.shape} for an input of {value.shape}"
    return ""


def _backward(graph: Graph, first: np.ndarray, known: dict[int, Operation], ends: dict[int, str]
              ) -> Iterator[Step]:
    passes = _passes(graph, first, known, ends)
    expected = [0] * len(graph.nodes)
    for record, _, contributions in passes:
        for creator, contribution in zip(record.creators or (), contributions):
            expected[creator.index] += contribution is not None
    arrived = [0] * len(graph.nodes)
    totals: dict[int, np.ndarray] = {}
    root = graph.nodes[graph.root]
    yield Step(START, root.index, rule="g", reason="", parts=(Part("g", first),), result=first,
               total=first, arrived=1, expected=1, group=root.group,
               note=ends.get(root.index, ""), equation=(Part("g", first),))
    for record, g, contributions in passes:
        source = record.index
        for position, contribution in enumerate(contributions):
            if contribution is None:
                continue
            node = graph.nodes[graph.nodes[source].creators[position]]
            receiver = node.index
            arrived[receiver] += 1
            so_far = totals.get(receiver)
            total = contribution if so_far is None else so_far + contribution
            total = totals[receiver] = np.asarray(total)
            operation = known[source]
            rule = Rule(operation, operation.rule(position), g)
            detail, summed = Detail(), False
            if operation.op.broadcasts and node.shape != record.data.shape:
                full = operation.handed(position, g)
                if full is not None and full.shape != node.shape:
                    detail, summed = _summed(full, node), True
            yield Step(PASS, receiver, source, position, graph.nodes[source].op, rule.text,
                       rule.code, operation.op.reason, rule.parts, summed, contribution, total,
                       arrived[receiver], expected[receiver], node.group,
                       ends.get(receiver, ""), detail, rule.equation)


def _forward_step(node: Node, operation: Operation | None, note: str) -> Step:
    count = len(node.creators)
    if operation is None or not operation.op.formula:
        return Step(FORWARD, node.index, op=node.op, result=node.data, arrived=count,
                    expected=count, group=node.group, note=note)
    rule = Rule(operation, operation.op.formula, None)
    return Step(FORWARD, node.index, op=node.op, rule=rule.text, code=rule.code,
                parts=rule.parts, result=node.data, arrived=count, expected=count,
                group=node.group, equation=rule.equation)
