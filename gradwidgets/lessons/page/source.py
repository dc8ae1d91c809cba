"""The source of classes and functions, also of those that were written into a notebook's cell."""

from __future__ import annotations

import ast
import inspect
import linecache
import textwrap
from collections.abc import Callable, Iterator
from types import FunctionType
from typing import Any, TypeAlias

Definition: TypeAlias = Callable[..., Any]
"""What has a source: a class or a function."""

DEFINITIONS = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def source_of(part: Definition) -> list[str]:
    """Return the lines of a class or function, from the margin.

    Raises
    ------
    ValueError
        When they cannot be found, as of a class that was made without a cell or a file.
    """
    lines = _lines_of_class(part) if isinstance(part, type) else None
    if lines is None:
        try:
            lines = inspect.getsource(part).splitlines()
        except (OSError, TypeError):
            name = getattr(part, "__name__", type(part).__name__)
            raise ValueError(
                f"The source of {name} cannot be found: only what was written in Python has one, "
                "in a cell that has been run, or in a file."
            ) from None
    return textwrap.dedent("\n".join(lines)).split("\n")


def _lines_of_class(cls: type[Any]) -> list[str] | None:
    """Return the lines around one of the methods of a class.

    A class that was written into a cell belongs to no file, and `inspect` does not find it; its
    methods know their cell. They also know which one it was, where a name was used again.
    """
    for function in _functions(cls):
        code = function.__code__
        linecache.checkcache(code.co_filename)  # a file may have been edited since
        lines = [line.rstrip("\n") for line in linecache.getlines(code.co_filename)]
        tree = _parsed(lines)
        around = [
            node
            for node in ([] if tree is None else ast.walk(tree))
            if isinstance(node, ast.ClassDef)
            and node.name == cls.__name__
            and node.lineno <= code.co_firstlineno <= (node.end_lineno or 0)
        ]
        if around:
            node = max(around, key=lambda node: node.lineno)
            return lines[_first_line(node) - 1 : node.end_lineno]
    return None


def _functions(cls: type[Any]) -> Iterator[FunctionType]:
    for member in vars(cls).values():
        if isinstance(member, property):
            member = member.fget
        if isinstance(member, (staticmethod, classmethod)):
            member = member.__func__
        try:
            member = inspect.unwrap(member)
        except ValueError:  # what answers to every name wraps itself without end
            continue
        if isinstance(member, FunctionType):
            yield member


def without_docstrings(lines: list[str]) -> list[str]:
    """Return the lines of a class or function without the docstrings in them."""
    gone: set[int] = set()
    for node in ast.walk(_parsed(lines) or ast.Module([], [])):
        if isinstance(node, DEFINITIONS) and ast.get_docstring(node) is not None:
            text, *rest = node.body
            end = text.end_lineno or text.lineno
            # Where it stands alone: with more behind it, and nothing beside it.
            if rest and node.lineno < text.lineno and end < rest[0].lineno:
                after = end + (not lines[end].strip())
                gone |= set(range(text.lineno, after + 1))
    return [line for number, line in enumerate(lines, start=1) if number not in gone]


def laid_over(base: list[str], own: list[str]) -> list[str]:
    """Return a class as its subclass changes it: the base's lines, with the members of its own."""
    old, new = _members(base), _members(own)
    if old is None or new is None:
        return own
    lines = new.pop("class")
    old.pop("class")
    new.pop("docstring", None)
    for name in old | new:
        chunk = _from_first_line(new[name]) if name in new else old[name]
        # A blank line above stays as the base has it; what is new comes after one.
        blank = name in new and not old.get(name, [""])[0].strip()
        lines += [*([""] if blank else []), *chunk]
    return lines


def _members(lines: list[str]) -> dict[str, list[str]] | None:
    """Return the lines of a class by what they define, with the empty lines and comments above."""
    tree = _parsed(lines)
    if tree is None or not isinstance(tree.body[0], ast.ClassDef):
        return None
    cls = tree.body[0]
    start = _first_line(cls.body[0]) - 1
    members = {"class": lines[:start]}
    for number, node in enumerate(cls.body):
        end = node.end_lineno or node.lineno
        if not isinstance(node, ast.Pass):
            members[_name_of(node, number)] = lines[start:end]
        start = end
    return members


def _name_of(node: ast.stmt, number: int) -> str:
    if isinstance(node, DEFINITIONS):
        return node.name
    if isinstance(node, ast.Assign):
        return ast.unparse(node.targets[0])
    if isinstance(node, ast.AnnAssign):
        return ast.unparse(node.target)
    is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return "docstring" if number == 0 and is_text else f"statement {number}"


def _from_first_line(chunk: list[str]) -> list[str]:
    return chunk[next(place for place, line in enumerate(chunk) if line.strip()) :]


def _first_line(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *[decorator.lineno for decorator in decorators]])


def _parsed(lines: list[str]) -> ast.Module | None:
    try:
        return ast.parse("\n".join(lines))
    except (SyntaxError, ValueError):
        return None
