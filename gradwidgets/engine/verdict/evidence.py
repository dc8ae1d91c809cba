"""What each tensor of a copied graph should have received, from what its users hold.

A gradient is judged against its neighbours only: what the users of a tensor *have* must, by our
rules, add up to what the tensor has. So one mistake does not make everything below it suspect.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from gradwidgets.core.backward import unbroadcast
from gradwidgets.engine.graph.operations import Operation, operation_of
from gradwidgets.engine.graph.snapshot import Graph, Node
from gradwidgets.engine.verdict.causes import Cause
from gradwidgets.engine.verdict.spoilt_rules import Mutant

Edge: TypeAlias = tuple[int, int]
"""A user of a tensor, and which of its creators the tensor is."""


@dataclass(frozen=True, slots=True, eq=False)
class Share:
    """What one user should hand to a tensor."""

    edge: Edge
    value: np.ndarray


class Evidence:
    """The graph, and all that follows from the gradients in it.

    Parameters
    ----------
    start : ndarray
        What the root has received.
    """

    def __init__(self, graph: Graph, start: np.ndarray) -> None:
        self.graph, self.nodes, self.start = graph, graph.nodes, start
        self.users: list[list[Edge]] = [[] for _ in graph.nodes]
        for node in graph.nodes:
            for position, creator in enumerate(node.creators):
                self.users[creator].append((node.index, position))
        self.operations = [operation_of(graph, index) for index in range(len(graph.nodes))]
        self.shares: list[list[Share]] = [[] for _ in graph.nodes]
        self.expected: list[np.ndarray | None] = [None] * len(graph.nodes)
        self.held: list[np.ndarray | None] = [None] * len(graph.nodes)
        for node in reversed(graph.nodes):
            self._look_at(node)

    def _look_at(self, node: Node) -> None:
        index = node.index
        if node.autograd and node.data is not None:
            if index == self.graph.root:
                self.expected[index] = self.start
            else:
                shares = self.shares[index] = self._shares_of(index, node.data)
                if shares:
                    self.expected[index] = total([each.value for each in shares])
        fits = node.grad is not None and node.grad.shape == node.shape
        self.held[index] = node.grad if fits else self.expected[index]

    def _shares_of(self, index: int, data: np.ndarray) -> list[Share]:
        """Return what each user should hand over; none where that is not known of all of them."""
        shares = []
        for user, position in self.users[index]:
            if not self.nodes[user].autograd:
                continue
            g = self.held[user]
            value = None if g is None else self.handed((user, position), g)
            if value is None:
                return []
            if value.size or not data.size:
                shares.append(Share((user, position), value))
        return shares

    def handed(self, edge: Edge, g: np.ndarray) -> np.ndarray | None:
        """Return what our rule hands over along an edge when its user has received g."""
        user, position = edge
        operation = self.operations[user]
        if operation is None:
            return None
        shape = operation.values[position].shape
        try:
            with np.errstate(all="ignore"):
                full = operation.handed(position, g)
                if full is None:
                    return None
                value = np.asarray(full, np.float64)
                value = unbroadcast(value, shape) if operation.op.broadcasts else value
        except Exception:  # noqa: BLE001 - a learner's graph may hold anything
            return None
        return value if value.shape == shape else None

    def spoilt(self, edge: Edge, mutant: Mutant) -> list[tuple[np.ndarray, Cause]]:
        """Return what a mistaken rule hands over, with the cause to name, for each way to fit."""
        user, position = edge
        operation, g = self.operation(edge), self.held[user]
        if g is None:
            return []
        shape = operation.values[position].shape
        value = mutant.compute(operation.op.namespace(
            g, operation.result, operation.values, operation.args))
        if value is None:
            return []
        if value.shape == shape or not operation.op.broadcasts:
            return [(value, mutant.cause)]
        try:
            return [(unbroadcast(value, shape), mutant.cause)]
        except Exception:  # noqa: BLE001 - it has lost the shape of the result
            return []

    def not_summed(self, edge: Edge) -> list[np.ndarray]:
        """Return what comes of an edge when what broadcasting repeated is not added up."""
        user, position = edge
        operation, g = self.operation(edge), self.held[user]
        shape = operation.values[position].shape
        if g is None or not operation.op.broadcasts or shape == operation.result.shape:
            return []
        with np.errstate(all="ignore"):
            full = np.asarray(operation.handed(position, g), np.float64)
        if full.shape == shape:
            return []
        new = full.ndim - len(shape)
        repeated = tuple(range(new)) + tuple(new + dim for dim, size in enumerate(shape)
                                             if full.shape[new + dim] != size)
        first = full[tuple(slice(0, 1) if dim in repeated else slice(None)
                           for dim in range(full.ndim))]
        found = [full, full.mean(axis=repeated, keepdims=True).reshape(shape),
                 first.reshape(shape), np.broadcast_to(full.sum(), shape)]
        if len(repeated) > 1:
            found += [full.sum(axis=dim) for dim in repeated]
        # Added up, but over another dimension.
        found += [full.sum(axis=dim) for dim in range(full.ndim) if full.ndim == 2 == new + 1
                  and dim not in repeated]
        return found

    def operation(self, edge: Edge) -> Operation:
        """Return the operation of an edge's user, which must be known."""
        operation = self.operations[edge[0]]
        if operation is None:
            raise LookupError(f"no rule is known for the node {edge[0]}")
        return operation

    def op_name(self, edge: Edge) -> str:
        """Return what the operation of an edge's user is called; it must be known."""
        return self.operation(edge).op.name

    def should_be(self, index: int) -> np.ndarray:
        """Return what a node should have received, which must be known."""
        expected = self.expected[index]
        if expected is None:
            raise LookupError(f"it is not known what the node {index} should have received")
        return expected

    def agrees(self, index: int, value: np.ndarray | None, got: np.ndarray | None = None) -> bool:
        """Tell whether a node's gradient is `value`, up to rounding and up to what is open."""
        got = self.nodes[index].grad if got is None else got
        if got is None or value is None or got.shape != value.shape:
            return False
        rtol, atol = self._tolerance(index, value)
        with np.errstate(all="ignore"):
            close = np.isclose(got.astype(np.float64), value, rtol, atol, equal_nan=True)
        if close.all():
            return True
        open_ = self._open(index)
        return open_ is not None and open_.shape == close.shape and bool((close | open_).all())

    def _tolerance(self, index: int, value: np.ndarray) -> tuple[float, float]:
        node = self.nodes[index]
        # How exact the least exact of the numbers is: half, single or double precision.
        size = min([each.itemsize for each in (node.data, node.grad)
                    if each is not None and each.dtype.kind == "f"], default=8)
        sizes = [value, *[each.value for each in self.shares[index]]]
        scale = max([float(np.abs(each[np.isfinite(each)]).max(initial=0.0)) for each in sizes])
        if size < 4:
            return 5e-2, 2e-2 * scale
        return (2e-3, 1e-4 * scale) if size < 8 else (1e-6, 1e-8 * scale)

    def _open(self, index: int) -> np.ndarray | None:
        """Return where any value would do: at a kink, and among equally large entries."""
        found: np.ndarray | None = None
        for edge in self.users[index]:
            operation = self.operations[edge[0]]
            if operation is None:
                continue
            kink: np.ndarray
            if operation.op.name in ("relu", "leaky_relu"):
                kink = operation.values[0] == 0
            elif operation.op.name == "max":
                # A tie may go to any of its entries; there is one where more than one has a share.
                largest = self.handed(edge, np.ones(operation.result.shape))
                if largest is None:
                    continue
                kink = (largest > 0) & (largest < 1)
            else:
                continue
            found = kink if found is None else found | kink
        return found

    def judged(self, index: int) -> bool:
        """Tell whether it is known what the node should have received."""
        expected = self.expected[index]
        return expected is not None and bool(np.isfinite(expected).all())

    def right(self, index: int) -> bool:
        """Tell whether the node has received what it should."""
        return self.agrees(index, self.expected[index])

    def is_leaf(self, index: int) -> bool:
        """Tell whether the node was made of nothing."""
        return not self.nodes[index].creators


def total(values: Sequence[np.ndarray]) -> np.ndarray | None:
    """Return the sum; None where the shapes do not go together."""
    try:
        result = values[0]
        for value in values[1:]:
            result = result + value
        return np.asarray(result)
    except (ValueError, IndexError):
        return None
