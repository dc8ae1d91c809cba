"""What happens in a step of the forward pass, in a sentence."""

from __future__ import annotations

from math import prod

from gradwidgets.core.ops import find_op
from gradwidgets.core.types import Arguments
from gradwidgets.engine.graph.snapshot import Graph, Node
from gradwidgets.texts import text
from gradwidgets.views.graph.names import Names, capital, listed, op_words, quoted

# What an operation does with its inputs, for the forward pass.
DOES = {
    "add": "walk.does.add",
    "sub": "walk.does.sub",
    "mul": "walk.does.mul",
    "weigh": "walk.does.weigh",
    "div": "walk.does.div",
    "neg": "walk.does.neg",
    "pow": "walk.does.pow",
    "power": "walk.does.power",
    "exp": "walk.does.exp",
    "log": "walk.does.log",
    "mm": "walk.does.mm",
    "tanh": "walk.does.tanh",
    "sigmoid": "walk.does.sigmoid",
    "relu": "walk.does.relu",
    "leaky_relu": "walk.does.leaky_relu",
    "softmax": "walk.does.softmax",
    "log_softmax": "walk.does.log_softmax",
    "sum": "walk.does.sum",
    "mean": "walk.does.mean",
    "max": "walk.does.max",
    "expand": "walk.does.expand",
    "transpose": "walk.does.transpose",
    "reshape": "walk.does.reshape",
    "index": "walk.does.index",
    "concat": "walk.does.concat",
    "bce": "walk.does.bce",
    "bce_logits": "walk.does.bce_logits",
}


def computed(graph: Graph, names: Names, index: int) -> str:
    """Return how a node is computed from its creators."""
    node = graph.nodes[index]
    inputs = [names[creator] for creator in node.creators]
    found = find_op(node.op) if node.op else None
    key = DOES.get(found[0].name) if found else None
    if found is None or key is None:
        return capital(
            text(
                "walk.does.unknown",
                node=names[index],
                op=quoted(node.op or "?"),
                inputs=listed(inputs),
            )
        )
    arguments = found[1]
    first = graph.nodes[node.creators[0]]
    does = text(
        key,
        a=inputs[0],
        b=inputs[-1],
        argument=arguments[-1] if arguments else "",
        along=_along(first, arguments),
        count=prod(node.shape) // max(1, prod(first.shape)),
    )
    return capital(text("walk.forward", node=names[index], op=op_words(node.op), does=does))


def _along(node: Node, arguments: Arguments) -> str:
    """Return along what an operation with a dimension goes; nothing where there is one."""
    if not arguments or len(node.shape) < 2:
        return ""
    dim = arguments[0]
    if dim in (0, 1):
        return " " + text("walk.along.rows" if dim == 0 else "walk.along.columns")
    return " " + text("walk.along.other", dim=dim)
