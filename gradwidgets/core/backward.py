"""The backward pass, on plain data.

The same steps run in `Tensor.backward` and are shown one by one to a learner: they read arrays and
names, and write to no tensor.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Protocol, TypeVar

import numpy as np
from numpy import ndarray

from gradwidgets.core.ops import find_op
from gradwidgets.core.types import Shape


class Node(Protocol):
    """What the pass reads of a node: of a `Tensor`, or of a plain record of one; hashable."""

    @property
    def data(self) -> ndarray:
        """The numbers of the result."""

    @property
    def creation_op(self) -> str | None:
        """The operation, as ``"sum_0"``; None for a leaf."""

    @property
    def creators(self) -> Sequence[Node] | None:
        """What it was made of, in order; None for a leaf."""

    @property
    def autograd(self) -> bool:
        """Whether it takes a gradient."""


AnyNode = TypeVar("AnyNode", bound=Node)


def backward_steps(
    nodes: Sequence[AnyNode], gradient: ndarray
) -> Iterator[tuple[AnyNode, ndarray, list[ndarray | None]]]:
    """Yield every step of a backward pass, results before their creators.

    Parameters
    ----------
    nodes : sequence of `Node`
        Everything that may take a gradient, each node before its creators; the first one is where
        the pass begins.
    gradient : ndarray of the first node's shape
        What the first node receives.

    Yields
    ------
    node, gradient, contributions
        A node whose gradient has fully arrived, that gradient, and what the node hands on to each
        of its creators, in their order and shapes (None: takes no gradient; an empty list: leaf).
        Arrays may be shared between steps, so do not write to them.

    Raises
    ------
    LookupError
        When a node was made by an operation that has no rule, or does not name its operation.
    """
    arrived: dict[Node, ndarray] = {nodes[0]: gradient}
    for node in nodes:
        # All results made of this node have had their turn, so nothing more can arrive.
        g = arrived.pop(node, None)
        if g is None:
            continue
        if g.__class__ is not ndarray:
            g = np.asarray(g)
        contributions: list[ndarray | None] = []
        creators = node.creators
        if creators:
            found = find_op(node.creation_op)
            if found is None:
                raise LookupError(_no_rule(node.creation_op))
            op, args = found
            y = node.data
            a, b = creators[0].data, creators[-1].data
            for creator, rule in zip(creators, op.gradients):
                if rule is None or not creator.autograd:
                    contributions.append(None)
                    continue
                # Spelled out, since a call with * takes as long as a small multiplication.
                if args:
                    contribution = rule(g, y, *[each.data for each in creators], *args)
                elif len(creators) == 1:
                    contribution = rule(g, y, a)
                else:
                    contribution = rule(g, y, a, b)
                if contribution.__class__ is not ndarray:
                    # NumPy answers with a scalar where all operands have no dimensions.
                    contribution = np.asarray(contribution)
                if op.broadcasts and contribution.shape != creator.data.shape:
                    contribution = unbroadcast(contribution, creator.data.shape)
                contributions.append(contribution)
                if creator in arrived:
                    # Never `+=`: the array may belong to another tensor as well.
                    contribution = arrived[creator] + contribution
                arrived[creator] = contribution
        yield node, g, contributions


def unbroadcast(gradient: ndarray, shape: Shape) -> ndarray:
    """Sum a gradient over the dimensions along which broadcasting has repeated the input."""
    while gradient.ndim > len(shape):
        if gradient.ndim == 2:
            # What a bias receives: a product with ones adds up rows faster than a sum does.
            gradient = _ones(len(gradient)).dot(gradient)
        else:
            gradient = np.add.reduce(gradient, 0)
    if gradient.shape != shape:
        repeated = tuple(dim for dim, size in enumerate(shape) if gradient.shape[dim] != size)
        gradient = np.add.reduce(gradient, repeated, keepdims=True)
    return gradient


@lru_cache(maxsize=64)
def _ones(length: int) -> ndarray:
    return np.ones(length)


def _no_rule(creation_op: str | None) -> str:
    if creation_op is None:
        return (
            "backward: a tensor has creators but no creation_op, so its rule cannot be looked up; "
            "build it with the operations of Tensor, or pass creation_op=... beside creators"
        )
    return (
        f"backward: no rule is known for the operation {creation_op!r}; build the tensor with the "
        "operations of Tensor, or declare an Op of that name"
    )
