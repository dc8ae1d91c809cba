"""Tells whether an exercise has been attempted, and what is still missing if not."""

from __future__ import annotations

import dis
import types
from collections.abc import Iterator

from gradwidgets.core.types import Foreign

BLANK = "____"


class Blank:
    """Stands for what the learner has still to write."""

    def __repr__(self) -> str:
        return BLANK


blank = Blank()


def is_blank(answer: Foreign) -> bool:
    """Whether nothing has been written in the place of an answer."""
    return answer is None or isinstance(answer, Blank) or str(answer).strip() in ("", BLANK)


def missing(name: str, answer: Foreign, methods: tuple[str, ...] = ()) -> str:
    """Return a sentence on what has not been written yet; empty when all of it has been.

    Parameters
    ----------
    name : str
        What the answer is called.
    answer : class, function or value
    methods : tuple of str
        What of a class is to be written.
    """
    if answer is None:
        return f"`{name}` is `None`: put your answer there."
    if isinstance(answer, Blank):
        return f"`{name}` is still `{BLANK}`: put your answer in its place."
    if isinstance(answer, type):
        found = (_missing_method(name, answer, method) for method in methods)
        return next(filter(None, found), "")
    if isinstance(answer, types.FunctionType):
        return _blank_in(f"`{name}`", answer)
    return ""


def _missing_method(name: str, cls: type, method: str) -> str:
    owner = next((base for base in cls.__mro__ if method in vars(base)), object)
    called = f"`{name}.{method}`"
    if owner is object:
        return f"`{name}` has no method `{method}` yet: write it, and run its cell."
    if owner.__module__.startswith("gradwidgets."):
        return (
            f"{called} is still the one from before: write yours into the class `{name}`, and run "
            f"its cell. (If you have, run that cell once more: a later one has made a new `{name}`.)"
        )
    function = vars(owner)[method]
    function = getattr(function, "__func__", function)
    return _blank_in(called, function) if isinstance(function, types.FunctionType) else ""


def _blank_in(called: str, function: types.FunctionType) -> str:
    if any(BLANK in code.co_names for code in _codes(function.__code__)):
        return f"There is still a `{BLANK}` in {called}: put your code in its place, and run the cell."
    if _is_empty(function.__code__):
        return f"{called} is still empty: write its body, and run the cell."
    return ""


def _codes(code: types.CodeType) -> Iterator[types.CodeType]:
    """Yield a code object and those of the functions inside."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _codes(constant)


def _is_empty(code: types.CodeType) -> bool:
    """Whether it does nothing but return None: `pass`, `...`, a docstring, `return`."""
    done = [step for step in dis.get_instructions(code) if step.opname not in ("RESUME", "NOP")]
    names = [step.opname for step in done]
    return names in (["LOAD_CONST", "RETURN_VALUE"], ["RETURN_CONST"]) and done[0].argval is None
