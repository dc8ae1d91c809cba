"""A rule of an operation with the numbers of one step."""
from __future__ import annotations

import numpy as np

from gradwidgets.core.types import Shape
from gradwidgets.engine.graph.operations import Operation
from gradwidgets.engine.walk.formula import equation, parts, symbols


class Rule:
    """One rule of an operation with the numbers of one step."""

    __slots__ = ("code", "text", "parts", "equation")

    def __init__(self, operation: Operation, code: str, g: np.ndarray | None) -> None:
        op, args = operation.op, operation.args
        namespace = op.namespace(g, operation.result, operation.values, args)
        arguments = dict(zip(op.arguments, args + (None,) * len(op.arguments)))
        self.code = code
        self.text = symbols(code, arguments, ndims={
            name: value.ndim for name, value in namespace.items()
            if isinstance(value, np.ndarray)})
        self.parts = parts(code, namespace, arguments)
        self.equation = equation(code, namespace, arguments)


def repeated(full: Shape, shape: Shape) -> tuple[int, ...]:
    """Return the dimensions along which `shape` was repeated to become `full`."""
    new = len(full) - len(shape)
    return (*range(new), *[new + dim for dim, size in enumerate(shape) if full[new + dim] != size])
