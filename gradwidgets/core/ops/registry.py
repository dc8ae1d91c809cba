"""What an operation is, and the table of all of them.

An operation works on plain arrays; it knows nothing of tensors. Everything about it stands in one
declaration, so that what runs, what is drawn and what is explained cannot come apart.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TypeAlias

import numpy as np

from gradwidgets.core.types import Answer, Arguments, Foreign, Shape

OPS: dict[str, Op] = {}
"""Every operation by its name, in the order of declaration."""


Compute: TypeAlias = Callable[..., Answer]
"""A function of arrays, and of the arguments of its operation."""

BROADCAST = "shapes must be equal, or 1 where they differ"
"""What the inputs of an operation element by element must satisfy."""


class Op:
    """Declare one operation: how it is computed, and how a gradient passes back through it.

    Parameters
    ----------
    name : str
        First part of ``creation_op``, and the name of the tensor method. Arguments follow it after
        underscores: ``sum_0``, ``leaky_relu_0.01``.
    symbol : str
        What a picture of the graph draws.
    forward : callable
        ``forward(*inputs, *arguments) -> ndarray``.
    gradients : tuple of callables
        One per input, called as ``gradient(g, y, *inputs, *arguments)``: ``g`` is the gradient that
        has arrived at the result ``y``. It may answer in the shape of ``y``: what broadcasting
        has repeated is summed up by the backward pass. None stands for an input without gradient.
    rules : tuple of str
        For each gradient the formula a learner reads. It can be evaluated: see `namespace`.
    reason : str
        One sentence saying why the rules hold.
    shapes : str
        What the shapes of the inputs must satisfy, for error messages.
    formula : str
        The result itself as a formula a learner reads. It can be evaluated as the rules can.
    limits : dict of str to (float, float), optional
        The range into which an input is brought before anything is computed with it.
    needs_shape : bool, default=False
        True when the last argument of ``forward`` is the shape of the result, which is read from
        the tensors and therefore does not stand in ``creation_op``.

    Attributes
    ----------
    inputs, arguments : tuple of str
        The names that rules use, taken from the signature of the gradient functions.
    readers : tuple of tuple of int
        For each input the positions of the rules that compute with its numbers, not only its
        shape.
    """

    __slots__ = ("name", "symbol", "forward", "gradients", "rules", "reason", "shapes",
                 "needs_shape", "formula", "limits", "inputs", "arguments",
                 "broadcasts", "readers")  # fmt: skip

    def __init__(
        self,
        name: str,
        symbol: str,
        forward: Compute,
        gradients: tuple[Compute, *tuple[Compute | None, ...]],
        rules: tuple[str | None, ...],
        reason: str,
        shapes: str = BROADCAST,
        needs_shape: bool = False,
        formula: str = "",
        limits: dict[str, tuple[float, float]] | None = None,
    ) -> None:
        self.name = name
        self.symbol = symbol
        self.forward = forward
        self.gradients = gradients
        self.rules = rules
        self.reason = reason
        self.shapes = shapes
        self.needs_shape = needs_shape
        self.formula = formula
        self.limits = limits or {}
        signature = gradients[0].__code__
        names = signature.co_varnames[2 : signature.co_argcount]
        self.inputs = names[: len(gradients)]
        self.arguments = names[len(gradients) :]
        self.broadcasts = len(gradients) > 1 and shapes == BROADCAST
        self.readers = tuple(
            tuple(position for position, rule in enumerate(rules) if rule and _reads(rule, each))
            if gradient
            else ()
            for each, gradient in zip(self.inputs, gradients)
        )
        OPS[name] = self

    def compute(
        self, values: Sequence[np.ndarray], args: Arguments = (), shape: Shape | None = None
    ) -> np.ndarray:
        """Compute the result again from what a graph keeps: inputs, arguments, result's shape."""
        unspelled = (shape,) if self.needs_shape else ()
        return np.asarray(self.forward(*values, *args, *unspelled))

    def namespace(
        self, g: np.ndarray | None, y: np.ndarray, values: Sequence[np.ndarray], args: Arguments = ()
    ) -> dict[str, Foreign]:
        """Return the names that a rule uses, so that ``eval(rule, op.namespace(...))`` works.

        The formula of the result needs no ``g``.
        """
        inputs = dict(zip(self.inputs, values))
        for name, limits in self.limits.items():
            inputs[name] = np.clip(np.asarray(inputs[name], np.float64), *limits)
        arguments = {**dict.fromkeys(self.arguments), **dict(zip(self.arguments, args))}
        return {"np": np, "spread": spread, "g": g, "y": y, **inputs, **arguments}

    def __repr__(self) -> str:
        return f"Op({self.name!r})"


def _reads(rule: str, name: str) -> bool:
    """Tell whether a rule computes with the numbers of an input, and not with its shape alone."""
    tree = ast.parse(rule, mode="eval")
    shapes = {
        id(part)
        for node in ast.walk(tree)
        for part in ast.walk(node)
        if (isinstance(node, ast.Attribute) and node.attr in ("shape", "size"))
        or (isinstance(node, ast.Call) and ast.unparse(node.func) == "np.size")
    }
    return any(
        isinstance(node, ast.Name) and node.id == name and id(node) not in shapes
        for node in ast.walk(tree)
    )


@lru_cache(maxsize=4096)
def find_op(creation_op: Foreign) -> tuple[Op, Arguments] | None:
    """Read a ``creation_op``: the operation and its arguments, or None where no rule is known.

    >>> find_op("leaky_relu_0.01")
    (Op('leaky_relu'), (0.01,))
    """
    if not isinstance(creation_op, str):
        return None
    name = creation_op
    texts: list[str] = []
    while name not in OPS:
        name, underscore, text = name.rpartition("_")
        if not underscore:
            return None
        texts.insert(0, text)
    try:
        return OPS[name], tuple(_number(text) for text in texts)
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def spell(name: str, *args: float | None) -> str:
    """Write a ``creation_op``: ``spell("sum", 0)`` is ``"sum_0"``; None is left out."""
    return "_".join([name, *(repr(arg) for arg in args if arg is not None)])


def _number(text: str) -> int | float:
    try:
        return int(text)
    except ValueError:
        return float(text)


def spread(g: np.ndarray, shape: Shape, dim: int | None = None) -> np.ndarray:
    """Repeat `g` along the dimension `dim` that a reduction took away; None: along all of them."""
    if dim:  # along the first dimension, 0, broadcasting repeats by itself
        g = g.reshape(shape[:dim] + (1,) + shape[dim + 1 :])
    copies = np.empty(shape, g.dtype)
    copies[...] = g
    return copies
