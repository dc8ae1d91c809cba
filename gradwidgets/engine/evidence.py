"""What each tensor of a copied graph should have received, from what its users hold.

A gradient is judged against its neighbours only: what the users of a tensor *have* must, by our
rules, add up to what the tensor has. So one mistake does not make everything below it suspect.
"""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gradwidgets.core.backward import unbroadcast
from gradwidgets.core.ops import Op
from gradwidgets.engine.mutants import Mutant
from gradwidgets.engine.operations import operation_of
from gradwidgets.engine.snapshot import Graph, Node

Edge = tuple[int, int]
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
        self.found = [operation_of(graph, index) for index in range(len(graph.nodes))]
        self.shares: list[list[Share] | None] = [None] * len(graph.nodes)
        self.expected: list[np.ndarray | None] = [None] * len(graph.nodes)
        self.held: list[np.ndarray | None] = [None] * len(graph.nodes)
        for node in reversed(graph.nodes):
            self._look_at(node)

    def _look_at(self, node: Node) -> None:
        index = node.index
        if node.autograd and node.data is not None:
            if index == self.graph.root:
                self.shares[index], self.expected[index] = [], self.start
            else:
                self.shares[index] = self._shares_of(index)
                if self.shares[index]:
                    self.expected[index] = total([each.value for each in self.shares[index]])
        fits = node.grad is not None and node.grad.shape == node.shape
        self.held[index] = node.grad if fits else self.expected[index]

    def _shares_of(self, index: int) -> list[Share] | None:
        """Return what each user should hand over; None where that is not known of all of them."""
        shares = []
        for user, position in self.users[index]:
            if not self.nodes[user].autograd:
                continue
            if self.held[user] is None:
                return None
            value = self.handed((user, position), self.held[user])
            if value is None:
                return None
            if value.size or not self.nodes[index].data.size:
                shares.append(Share((user, position), value))
        return shares

    def handed(self, edge: Edge, g: np.ndarray) -> np.ndarray | None:
        """Return what our rule hands over along an edge when its user has received g."""
        user, position = edge
        if self.found[user] is None or self.found[user][0].gradients[position] is None:
            return None
        op, args = self.found[user]
        creators = self.nodes[user].creators
        shape = self.nodes[creators[position]].shape
        try:
            with np.errstate(all="ignore"):
                value = np.asarray(op.gradients[position](
                    g, self.nodes[user].data, *[self.nodes[each].data for each in creators],
                    *args), np.float64)
                value = unbroadcast(value, shape) if op.broadcasts else value
        except Exception:  # noqa: BLE001 - a learner's graph may hold anything
            return None
        return value if value.shape == shape else None

    def spoilt(self, edge: Edge, mutant: Mutant) -> list[tuple[np.ndarray, str]]:
        """Return what a mistaken rule hands over, with the cause to name, for each way to fit."""
        user, position = edge
        op, args = self.found[user]
        creators = self.nodes[user].creators
        shape = self.nodes[creators[position]].shape
        value = mutant.compute(op.namespace(self.held[user], self.nodes[user].data,
                                            [self.nodes[each].data for each in creators], args))
        if value is None:
            return []
        if value.shape == shape or not op.broadcasts:
            return [(value, mutant.cause)]
        try:
            return [(unbroadcast(value, shape), mutant.cause)]
        except Exception:  # noqa: BLE001 - it has lost the shape of the result
            return []

    def not_summed(self, edge: Edge) -> list[np.ndarray]:
        """Return what comes of an edge when what broadcasting repeated is not added up."""
        user, position = edge
        op, args = self.found[user]
        creators = self.nodes[user].creators
        shape = self.nodes[creators[position]].shape
        if not op.broadcasts or shape == self.nodes[user].shape:
            return []
        with np.errstate(all="ignore"):
            full = np.asarray(op.gradients[position](
                self.held[user], self.nodes[user].data,
                *[self.nodes[each].data for each in creators], *args), np.float64)
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

    def op_of(self, edge: Edge) -> Op:
        """Return the operation of an edge's user, which must be known."""
        return self.found[edge[0]][0]

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
        sizes = [value, *[each.value for each in self.shares[index] or ()]]
        scale = max([float(np.abs(each[np.isfinite(each)]).max(initial=0.0)) for each in sizes])
        if size < 4:
            return 5e-2, 2e-2 * scale
        return (2e-3, 1e-4 * scale) if size < 8 else (1e-6, 1e-8 * scale)

    def _open(self, index: int) -> np.ndarray | None:
        """Return where any value would do: at a kink, and among equally large entries."""
        found = None
        for edge in self.users[index]:
            if self.found[edge[0]] is None:
                continue
            name, x = self.op_of(edge).name, self.nodes[index].data
            if name in ("relu", "leaky_relu"):
                kink = x == 0
            elif name == "max":
                # A tie may go to any of its entries; there is one where more than one has a share.
                largest = self.handed(edge, np.ones(self.nodes[edge[0]].shape))
                kink = (largest > 0) & (largest < 1) if largest is not None else None
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


def total(values: list[np.ndarray]) -> np.ndarray | None:
    """Return the sum; None where the shapes do not go together."""
    try:
        result = values[0]
        for value in values[1:]:
            result = result + value
        return np.asarray(result)
    except (ValueError, IndexError):
        return None
