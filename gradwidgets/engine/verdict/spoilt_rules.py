"""The mistakes that people make in a rule, computed from the rule itself.

Each executable rule of `core.ops` is taken as a syntax tree and spoilt in one place: a factor left
out, a sign turned, ``x`` for ``y``, a transposition forgotten. Whoever knows what each of these
gives can tell from wrong numbers what was probably written. An operation that is declared tomorrow
has its mistakes without another line here.
"""
from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import CodeType
from typing import Any, TypeAlias

import numpy as np

from gradwidgets.core.ops import OPS, Op
from gradwidgets.engine.verdict.causes import (
    FACTOR,
    NOT_SUMMED,
    RULE,
    SCALED,
    SHAPE,
    SIGN,
    SWAPPED,
    TRANSPOSED,
    VALUE,
    Cause,
)
from gradwidgets.engine.walk.notation import owner_of


@dataclass(frozen=True, slots=True)
class Mutant:
    """A rule with a mistake in it.

    Attributes
    ----------
    code : str
        What was perhaps written, executable as a rule is.
    left_out : str
        The code of the factor that is missing, where one is.
    """

    code: str
    cause: Cause
    left_out: str = ""

    def compute(self, namespace: Mapping[str, Any]) -> np.ndarray | None:
        """Return what it gives; None where it cannot be computed."""
        try:
            with np.errstate(all="ignore"):
                value = np.asarray(eval(_compiled(self.code), {"__builtins__": {}}, namespace))
        except Exception:  # noqa: BLE001 - a spoilt rule may fail in any way
            return None
        return value.astype(np.float64) if value.dtype.kind in "fiub" else None


@lru_cache(maxsize=None)
def mutants_of(name: str, position: int) -> tuple[Mutant, ...]:
    """Return the mistakes in the rule of an operation for one of its inputs, likeliest first."""
    op = OPS[name]
    code = op.rules[position]
    if code is None:
        return ()
    tree = _parsed(code)
    found: dict[str, Mutant] = {}
    for mutated, cause, left_out in _mutations(op, tree):
        text = ast.unparse(mutated)
        if text != ast.unparse(tree):
            found.setdefault(text, Mutant(text, cause, left_out))
    return tuple(found.values())


@lru_cache(maxsize=None)
def _compiled(code: str) -> CodeType:
    return compile(code, "<rule>", "eval")


def _parsed(code: str) -> ast.expr:
    return ast.parse(code, mode="eval").body


_Mutation: TypeAlias = tuple[ast.expr, Cause, str]
"""What comes of a rule, the cause, and the factor that is left out."""


def _mutations(op: Op, tree: ast.expr) -> Iterator[_Mutation]:
    yield ast.UnaryOp(ast.USub(), tree), SIGN, ""
    yield from _everywhere(tree, _turned_sign)
    yield from _without_factors(tree)
    yield from _with_other_names(op, tree)
    yield from _everywhere(tree, _not_turned)
    yield from _products_of_matrices(tree)
    yield from _everywhere(tree, _not_gathered)
    yield from _everywhere(tree, _other_operator)
    yield from _rules_of_others(op)
    without_g = _renamed(tree, {"g": _parsed("np.ones_like(g)")})
    yield without_g, FACTOR, "g"
    for factor in (2, 0.5):
        yield ast.BinOp(ast.Constant(factor), ast.Mult(), tree), SCALED, ""


def _everywhere(tree: ast.expr, change: Callable[[ast.expr], Iterator[_Mutation]]
                ) -> Iterator[_Mutation]:
    """Yield the tree with one of its pieces changed, for every piece and every change."""
    pieces = [node for node in ast.walk(tree) if isinstance(node, ast.expr)]
    for place, piece in enumerate(pieces):
        for new, cause, left_out in change(piece):
            yield _replaced(tree, place, new), cause, left_out


def _replaced(tree: ast.expr, place: int, new: ast.expr) -> ast.expr:
    """Return a copy of the tree with its piece number `place` replaced."""
    pieces = [node for node in ast.walk(tree) if isinstance(node, ast.expr)]
    changed: ast.expr = _Replace(pieces[place], new).visit(tree)
    return changed


class _Replace(ast.NodeTransformer):
    """Copies a tree on the way to the piece that is to be replaced; the original stays."""

    def __init__(self, old: ast.expr, new: ast.expr) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> Any:
        if node is self.old:
            return self.new
        twin = copy.copy(node)
        for name, value in ast.iter_fields(node):
            if isinstance(value, ast.AST):
                setattr(twin, name, self.visit(value))
            elif isinstance(value, list):
                setattr(twin, name, [self.visit(each) if isinstance(each, ast.AST) else each
                                     for each in value])
        return twin


def _turned_sign(node: ast.expr) -> Iterator[_Mutation]:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield node.operand, SIGN, ""
    elif isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub)):
        other = ast.Sub() if isinstance(node.op, ast.Add) else ast.Add()
        yield ast.BinOp(node.left, other, node.right), SIGN, ""


def _without_factors(tree: ast.expr) -> Iterator[_Mutation]:
    yield from _everywhere(tree, _without_one)
    # All that g is multiplied by, however many factors these are.
    rest: list[ast.expr] = []
    node = tree
    while isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Mult, ast.Div)):
        rest.insert(0, node.right)
        node = node.left
    if len(rest) > 1 and _mentions(node, "g"):
        yield node, FACTOR, ast.unparse(tree).replace(ast.unparse(node), "", 1).lstrip(" */")


def _without_one(node: ast.expr) -> Iterator[_Mutation]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        yield node.left, FACTOR, ast.unparse(node.right)
        yield node.right, FACTOR, ast.unparse(node.left)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        yield node.left, FACTOR, f"1 / {ast.unparse(node.right)}"
    elif isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub, ast.Pow)):
        yield node.left, RULE, ""
        if not isinstance(node.op, ast.Pow):
            yield node.right, RULE, ""


def _with_other_names(op: Op, tree: ast.expr) -> Iterator[_Mutation]:
    if len(op.inputs) == 1:
        (x,) = op.inputs
        if _mentions(tree, "y"):
            yield _renamed(tree, {"y": ast.Name(x)}), VALUE, ""
            if op.formula:  # the function once more of what is its result already
                twice = _renamed(_parsed(op.formula), {x: ast.Name("y")})
                yield _renamed(tree, {"y": twice}), VALUE, ""
        if _mentions(tree, x):
            yield _renamed(tree, {x: ast.Name("y")}), VALUE, ""
            yield _renamed(tree, {x: ast.Name("g")}), VALUE, ""
    elif len(op.inputs) == 2:
        a, b = op.inputs
        yield _renamed(tree, {a: ast.Name(b), b: ast.Name(a)}), SWAPPED, ""
        yield _renamed(tree, {a: ast.Name(b)}), SWAPPED, ""
        yield _renamed(tree, {b: ast.Name(a)}), SWAPPED, ""
        for name in (a, b):
            yield _renamed(tree, {name: ast.Name("y")}), VALUE, ""


def _rules_of_others(op: Op) -> Iterator[_Mutation]:
    """Yield the rules of the other curves: lines are copied, and then not changed."""
    if len(op.inputs) == 1 and _curve(op) is not None:
        for other in OPS.values():
            rule = _curve(other) if other is not op and other.inputs == op.inputs else None
            if rule is not None:
                yield rule, RULE, ""


def _curve(op: Op) -> ast.expr | None:
    """Return the rule of an operation each entry of which comes from one entry of the input."""
    code = op.rules[0]
    if op.arguments or not code:
        return None
    rule = _parsed(code)
    pieces = list(ast.walk(rule))
    names = {piece.id for piece in pieces if isinstance(piece, ast.Name)}
    calls = any(isinstance(piece, (ast.Call, ast.Attribute)) for piece in pieces)
    return rule if names <= {"g", "y", *op.inputs} and not calls else None


def _not_turned(node: ast.expr) -> Iterator[_Mutation]:
    if isinstance(node, ast.Attribute) and node.attr == "T":
        yield node.value, TRANSPOSED, ""
    elif isinstance(node, ast.Call) and _method(node) == "transpose":
        owner = owner_of(node)
        if owner is not None:
            yield owner, TRANSPOSED, ""


def _products_of_matrices(tree: ast.expr) -> Iterator[_Mutation]:
    if not (isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.MatMult)):
        return
    left, right = [each.value if isinstance(each, ast.Attribute) else each
                   for each in (tree.left, tree.right)]
    for first, second in ((left, right), (right, left)):
        for one in (first, ast.Attribute(first, "T")):
            for other in (second, ast.Attribute(second, "T")):
                yield ast.BinOp(one, ast.MatMult(), other), TRANSPOSED, ""


def _not_gathered(node: ast.expr) -> Iterator[_Mutation]:
    """Leave out what changes the shape."""
    if isinstance(node, ast.Call) and node.args:
        name = _method(node) or getattr(node.func, "id", "")
        if name == "sum":
            yield node.args[0], NOT_SUMMED, ""
            mean = ast.Call(ast.Attribute(ast.Name("np"), "mean"), node.args, node.keywords)
            yield mean, SCALED, ""
            if len(node.args) == 2:
                first = [node.args[0], ast.Constant(0), node.args[1]]
                yield ast.Call(ast.Attribute(ast.Name("np"), "take"), first, []), NOT_SUMMED, ""
                other = [node.args[0], ast.BinOp(ast.Constant(1), ast.Sub(), node.args[1])]
                yield ast.Call(node.func, other, node.keywords), NOT_SUMMED, ""
        elif name == "spread":
            yield node.args[0], SHAPE, ""
        elif name == "reshape":
            owner = owner_of(node)
            if owner is not None:
                yield owner, SHAPE, ""


def _other_operator(node: ast.expr) -> Iterator[_Mutation]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Mult, ast.Div)):
        other = ast.Div() if isinstance(node.op, ast.Mult) else ast.Mult()
        yield ast.BinOp(node.left, other, node.right), RULE, ""
    elif isinstance(node, ast.Compare) and isinstance(node.ops[0], (ast.Gt, ast.Lt)):
        sign = ast.Lt() if isinstance(node.ops[0], ast.Gt) else ast.Gt()
        yield ast.Compare(node.left, [sign], node.comparators), RULE, ""


def _method(node: ast.expr) -> str:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr
    return ""


def _mentions(tree: ast.expr, name: str) -> bool:
    return any(isinstance(node, ast.Name) and node.id == name for node in ast.walk(tree))


def _renamed(tree: ast.expr, new: dict[str, ast.expr]) -> ast.expr:
    """Return a copy of the tree with names replaced, except where only a size is asked for."""

    class Rename(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.AST:
            return new.get(node.id, node)

        def visit_Call(self, node: ast.Call) -> ast.AST:
            return node if _method(node) == "size" else self.generic_visit(node)

        def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
            return node if node.attr in ("shape", "size", "ndim") else self.generic_visit(node)

    renamed: ast.expr = Rename().visit(copy.deepcopy(tree))
    return renamed
