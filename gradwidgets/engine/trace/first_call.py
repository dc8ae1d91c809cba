"""Find out what a learner's ``backward`` wants to be called with."""
from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable
from types import FunctionType
from typing import Any

import numpy as np

from gradwidgets.core.types import Foreign
from gradwidgets.engine.learner.careful import safely


def first_arguments(loss: Any, methods: list[Foreign], gradient: Foreign
                    ) -> tuple[Foreign, ...]:
    """Return what to call ``backward`` with.

    Parameters
    ----------
    methods : the ``backward`` of the class of `loss`, and those that it overrides
    """
    if gradient is not None:
        return (gradient,)
    functions = [_innermost(method) for method in methods]
    try:
        parameters = list(inspect.signature(functions[0]).parameters.values())
    except (ValueError, TypeError):
        return ()
    if not isinstance(methods[0], staticmethod):
        parameters = parameters[1:]
    first = next((each for each in parameters
                  if each.kind in (each.POSITIONAL_ONLY, each.POSITIONAL_OR_KEYWORD)), None)
    # One that overrides another may leave the question to it.
    if first is None or first.default is not first.empty and any(
            _asks_for_none(function, first.name) for function in functions):
        return ()
    # The class may need more to be built.
    return safely(lambda: (type(loss)(np.ones_like(np.asarray(loss.data))),), otherwise=())


def _asks_for_none(function: Callable[..., Any], parameter: str) -> bool:
    """Tell whether the code looks at whether the parameter was given; yes where it is unknown."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError, SyntaxError):
        return True
    for node in ast.walk(tree):
        asked = {ast.Compare: ("left",), ast.UnaryOp: ("operand",), ast.If: ("test",),
                 ast.IfExp: ("test",)}.get(type(node), ())
        tests = [getattr(node, name) for name in asked]
        tests += node.values if isinstance(node, ast.BoolOp) else []
        if any(isinstance(test, ast.Name) and test.id == parameter for test in tests):
            return True
    return False


def _innermost(function: Any) -> Any:
    """Return the function that a decorator has wrapped, as far as it can be found."""
    for _ in range(10):
        inner = getattr(function, "__wrapped__", None)
        if inner is None:
            held = [cell.cell_contents for cell in getattr(function, "__closure__", None) or ()
                    if _is_filled(cell)]
            inner = next((each for each in held if isinstance(each, FunctionType)
                          and each.__name__ == "backward"), None)
        if inner is None:
            return function
        function = inner
    return function


def _is_filled(cell: Any) -> bool:
    try:
        cell.cell_contents  # noqa: B018 - asked for, since an empty cell raises
    except ValueError:
        return False
    return True
