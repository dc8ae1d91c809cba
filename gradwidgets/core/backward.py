"""The backward pass, on plain data.

The same steps run in `Tensor.backward` and are shown one by one to a learner: they read arrays and
names, and write to no tensor.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping

import numpy as np

from gradwidgets.core.ops import find_op


def backward_steps(
    nodes: Mapping[Hashable, tuple], root: Hashable, gradient: np.ndarray
) -> Iterator[tuple[Hashable, np.ndarray, list[np.ndarray | None]]]:
    """Yield every step of the backward pass from `root`, results before their creators.

    Parameters
    ----------
    nodes : mapping
        ``key -> (creation_op, value, creators, autograd)``, each node after its creators. `value`
        is an array, `creators` a sequence of keys or None for a leaf; a node whose `autograd` is
        false takes no gradient. Keys are anything hashable.
    root : key
        Where the pass begins.
    gradient : ndarray of the root's shape
        What the root receives.

    Yields
    ------
    key, gradient, contributions
        A node whose gradient has fully arrived, that gradient, and what the node hands on to each
        of its creators, in their order and shapes (None: takes no gradient; an empty list: leaf).
        Arrays may be shared between steps; do not write to them.

    Raises
    ------
    LookupError
        When a node was made by an operation that has no rule.
    """
    arrived = {root: gradient}
    for key, (creation_op, value, creators, _) in reversed(nodes.items()):
        # All results that use this node have had their turn, so nothing more can arrive.
        g = arrived.pop(key, None)
        if g is None:
            continue
        contributions = []
        if creators:
            found = find_op(creation_op)
            if found is None:
                raise LookupError(_no_rule(creation_op))
            op, args = found
            values = [nodes[creator][1] for creator in creators]
            for creator, creator_value, rule in zip(creators, values, op.gradients):
                if rule is None or not nodes[creator][3]:
                    contributions.append(None)
                    continue
                contribution = rule(g, value, *values, *args)
                if contribution.shape != creator_value.shape:
                    contribution = unbroadcast(contribution, creator_value.shape)
                contributions.append(contribution)
                if creator in arrived:
                    # Never `+=`: the array may belong to another tensor as well.
                    contribution = arrived[creator] + contribution
                arrived[creator] = contribution
        yield key, g, contributions


def unbroadcast(gradient: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Sum a gradient over the dimensions along which broadcasting has repeated the input."""
    while gradient.ndim > len(shape):
        gradient = np.add.reduce(gradient, axis=0)
    for dim, size in enumerate(shape):
        if size == 1 and gradient.shape[dim] != 1:
            gradient = np.add.reduce(gradient, axis=dim, keepdims=True)
    return gradient


def _no_rule(creation_op: object) -> str:
    return (
        f"backward: no rule is known for the operation {creation_op!r}; "
        "build the tensor with the operations of Tensor, or declare an Op of that name"
    )
