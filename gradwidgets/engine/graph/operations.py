"""Which operation made each node of a copied graph, as far as its value bears it out."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gradwidgets.core.ops import Op, find_op
from gradwidgets.core.types import Arguments
from gradwidgets.engine.graph.snapshot import Graph, Node


@dataclass(frozen=True, slots=True, eq=False)
class Operation:
    """The operation that made a node of a graph, with the numbers it went over.

    Attributes
    ----------
    values : tuple of ndarray
        Those of its inputs.
    """

    op: Op
    args: Arguments
    values: tuple[np.ndarray, ...]
    result: np.ndarray

    def handed(self, position: int, g: np.ndarray) -> np.ndarray | None:
        """Return what one input gets of g, in the result's shape perhaps; None: no gradient."""
        gradient = self.op.gradients[position]
        if gradient is None:
            return None
        return np.asarray(gradient(g, self.result, *self.values, *self.args))

    def again(self) -> np.ndarray:
        """Compute the result once more."""
        return self.op.compute(self.values, self.args, self.result.shape)

    def rule(self, position: int) -> str:
        """Return the rule for one input, which can be read and evaluated; "" without gradient."""
        return self.op.rules[position] or ""


def title(node: Node) -> str:
    """Return how a sentence speaks of a node: by its name, else by how it came about."""
    if node.name is not None or node.path is not None:
        return f"`{node.name or node.path}`"
    return f"the result of {node.op}" if node.op is not None else "an unnamed tensor"


def operation_of(graph: Graph, index: int) -> Operation | None:
    """Return the operation that gives a node's value; None where none does."""
    node = graph.nodes[index]
    if node.op is None:
        return None
    operation = _operation(node, [graph.nodes[creator] for creator in node.creators])
    if isinstance(operation, str):
        return None
    try:
        with np.errstate(all="ignore"):
            again = operation.again()
    except Exception:  # noqa: BLE001 - a learner's graph may hold anything
        return None
    return operation if again.shape == node.shape and _same(again, operation.result) else None


def examine(graph: Graph) -> tuple[dict[int, Operation], dict[int, str], str]:
    """Return the operation of each node that has a rule, why others have none, and trouble."""
    known: dict[int, Operation] = {}
    ends: dict[int, str] = {}
    nodes = graph.nodes
    for node in nodes:
        if not node.creators and node.op is None:
            continue
        creators = [nodes[creator] for creator in node.creators]
        operation = _operation(node, creators)
        if isinstance(operation, str):
            ends[node.index] = operation
            continue
        op = operation.op
        try:
            again = operation.again()
        except Exception as error:  # noqa: BLE001 - a learner's graph may hold anything
            ends[node.index] = _misfit(op, creators, error)
            continue
        if again.shape != node.shape:
            ends[node.index] = (f"{title(node)} has shape {node.shape}, but {op.name} of "
                                f"{_shapes(creators)} gives {again.shape}, so its rule does not "
                                "fit")
        elif not _same(again, operation.result):
            return {}, {}, (
                f"{capital(title(node))} is not what {op.name} gives for its inputs now, so these "
                "numbers do not belong together. Either an input has changed since the forward "
                "pass (an optimizer stepped: build the walk before `step()`), or this class "
                f"computes {op.name} in another way.")
        else:
            known[node.index] = operation
    return known, ends, ""


def _operation(node: Node, creators: list[Node]) -> Operation | str:
    """Return the operation that made a node, or why there is no rule."""
    if not creators:
        return f"it is not known what {title(node)} was made of, so nothing is handed on"
    if node.op == "?":
        return "creation_op is missing, so it is not known which rule applies"
    found = find_op(node.op)
    if found is None:
        return f"no rule is known for {node.op}, so nothing is handed on"
    op, args = found
    if len(creators) != len(op.inputs):
        return (f"{op.name} takes {_inputs(len(op.inputs))}, but {title(node)} was made of "
                f"{len(creators)}, so its rule does not fit")
    optional = getattr(op.gradients[0], "__defaults__", None) or ()
    if not len(op.arguments) - len(optional) <= len(args) <= len(op.arguments):
        return (f"{node.op} should read {'_'.join([op.name, *op.arguments])}, with numbers, "
                "so its rule does not fit")
    result, values = node.data, tuple([each.data for each in creators if each.data is not None])
    if result is None or len(values) < len(creators):
        empty = next(each for each in (node, *creators) if each.data is None)
        return f"{title(empty)} holds no numbers, so the rule cannot be computed"
    return Operation(op, _counted_from_the_front(op, args, creators[0]), values, result)


def _counted_from_the_front(op: Op, args: Arguments, creator: Node) -> Arguments:
    """Return the arguments with a dimension of -1 as the number of the last one."""
    if "dim" not in op.arguments or not args or not args[0] < 0:
        return args
    return (args[0] + len(creator.shape) + (op.name == "expand"), *args[1:])


def _same(a: np.ndarray, b: np.ndarray) -> bool:
    """Compare two results of one computation, of which one may have been made in float32."""
    if a.size == 0 or np.array_equal(a, b):
        return True
    single = any(each.dtype.kind == "f" and each.itemsize < 8 for each in (a, b))
    rtol, atol = (1e-4, 1e-5) if single else (1e-6, 1e-9)
    a, b = a.astype(np.float64), b.astype(np.float64)
    # Small differences of large numbers carry the rounding of the large ones.
    largest = float(np.abs(a[np.isfinite(a)]).max(initial=1.0))
    return bool(np.allclose(a, b, rtol, atol * largest, equal_nan=True))


def _misfit(op: Op, creators: list[Node], error: Exception) -> str:
    if isinstance(error, ValueError):
        return f"{op.name} does not fit {_shapes(creators)}: {op.shapes}"
    return f"{op.name} cannot be computed from {_shapes(creators)}: {error}"


def _shapes(creators: list[Node]) -> str:
    return " and ".join([str(creator.shape) for creator in creators])


def _inputs(count: int) -> str:
    return "1 input" if count == 1 else f"{count} inputs"


def capital(text: str) -> str:
    """Return a text as it stands at the beginning of a sentence."""
    return text[:1].upper() + text[1:]
