"""Read the executable rules of `core.ops` to people: in symbols, and part by part with numbers.

`symbols` writes ``"g * (1 - y * y)"`` as ``"g × (1 − y²)"``. `parts` computes what such a rule is
put together from: g, and what g is multiplied by. `equation` is the rule as tables with signs
between them. All work on the rule's syntax tree, so an operation that is declared tomorrow is
explained without another line; only what NumPy spells as a function has its words here.
"""
from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import CodeType
from typing import Any, TypeAlias, TypeVar

import numpy as np

from gradwidgets.core.ops import OPS
from gradwidgets.engine.walk.notation import (
    SIGNS,
    Writer,
    factors_of,
    function_of,
    is_product,
    names_in,
    number_of,
    owner_of,
)
from gradwidgets.texts import language

Argument: TypeAlias = float | None
"""What an operation was called with besides tensors: ``2``, ``0.01``; None where it is left out."""


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A quantity of a rule that can be shown by itself.

    Attributes
    ----------
    symbol : str
        How it is written: ``"g"``, ``"1 − y²"``, ``"bᵀ"``.
    value : ndarray
        Its numbers; of a condition 1 where it holds, else 0.
    """

    symbol: str
    value: np.ndarray


def symbols(code: str, arguments: Mapping[str, Argument] | None = None,
            names: Mapping[str, str] | None = None,
            ndims: Mapping[str, int] | None = None) -> str:
    """Write an executable rule as people write it.

    Parameters
    ----------
    code : one of ``Op.rules``, or ``Op.formula``
    arguments : the operation's arguments, to be put in: ``{"exponent": 4}``
    names : what to write for the rule's letters: ``{"y": "h"}``
    ndims : the number of dimensions of each letter: ``{"g": 2}``. Only a table, of two dimensions,
        has rows and columns; the dimensions of anything else are spoken of by number.

    >>> symbols("g * exponent * x ** (exponent - 1)", {"exponent": 4})
    'g × 4 × x³'
    """
    return Writer(names or {}, ndims or {}).text(_tree(code, _frozen(arguments)))


def parts(code: str, namespace: Mapping[str, Any], arguments: Mapping[str, Argument] | None = None,
          names: Mapping[str, str] | None = None) -> tuple[Part, ...]:
    """Return the quantities of a rule with their numbers, g first, each once.

    They are the largest pieces that do not depend on g, and sums over g inside a larger rule. Of a
    rule without g, which says how a result is computed, they are the inputs.

    Parameters
    ----------
    code, arguments, names : as for `symbols`
    namespace : the values of all names, from ``Op.namespace``
    """
    written = _written(code, _frozen(arguments), _frozen(names), _ndims(namespace), language())
    return tuple([_evaluated(piece, namespace) for piece in written.parts])


def equation(code: str, namespace: Mapping[str, Any],
             arguments: Mapping[str, Argument] | None = None,
             names: Mapping[str, str] | None = None) -> tuple[Part | str, ...]:
    """Return a rule as parts with signs between, to be read from left to right.

    >>> equation("-g * y / b", {"g": 6.0, "y": 2.0, "b": 3.0})    # doctest: +SKIP
    (Part("g", 6.0), "×", Part("−y / b", -0.667))

    A sign in front ("−") turns what follows around; "·" is the matrix product. A rule that only
    moves or adds up entries is a single part.
    """
    written = _written(code, _frozen(arguments), _frozen(names), _ndims(namespace), language())
    return tuple([piece if isinstance(piece, str) else _evaluated(piece, namespace)
                  for piece in written.equation])


def executable(code: str, arguments: Mapping[str, Argument] | None = None) -> str:
    """Return the rule with the arguments put in and plain sums done, still executable.

    >>> executable("g * exponent * x ** (exponent - 1)", {"exponent": 2})
    'g * 2 * x'
    """
    return ast.unparse(_tree(code, _frozen(arguments)))


# -- reading -------------------------------------------------------------------------------------

_Piece: TypeAlias = tuple[str, CodeType]
_Value = TypeVar("_Value")
_Frozen: TypeAlias = tuple[tuple[str, type, _Value], ...]


@dataclass(frozen=True, slots=True)
class _Written:
    parts: tuple[_Piece, ...]
    equation: tuple[_Piece | str, ...]


def _evaluated(piece: _Piece, namespace: Mapping[str, Any]) -> Part:
    symbol, code = piece
    with np.errstate(all="ignore"):
        value = np.asarray(eval(code, {"__builtins__": {}}, namespace))
    return Part(symbol, value.astype(np.float64) if value.dtype.kind == "b" else value)


def _ndims(namespace: Mapping[str, Any]) -> tuple[tuple[str, int], ...]:
    return tuple([(name, value.ndim) for name, value in namespace.items()
                  if isinstance(value, np.ndarray)])


def _frozen(mapping: Mapping[str, _Value] | None) -> _Frozen[_Value]:
    # With its type: 1 and 1.0 are one key of a dictionary, and yet written differently.
    return tuple([(key, type(value), value) for key, value in (mapping or {}).items()])


@lru_cache(maxsize=4096)
def _written(code: str, arguments: _Frozen[Argument], names: _Frozen[str],
             ndims: tuple[tuple[str, int], ...], _language: str) -> _Written:
    tree = _tree(code, arguments)
    writer = Writer({key: value for key, _, value in names}, dict(ndims))

    def piece(node: ast.expr) -> _Piece:
        return writer.text(node), _compiled(node)

    found: dict[str, _Piece] = {}
    g = names_in(tree) & {"g"}
    for node in ([ast.Name("g")] if g else []) + list(_parts_of(tree) if g else _inputs_of(tree)):
        found.setdefault(ast.dump(node), piece(node))
    return _Written(tuple(found.values()), tuple(
        [each if isinstance(each, str) else piece(each) for each in _equation_of(tree)]))


def _compiled(node: ast.expr) -> CodeType:
    return compile(ast.unparse(node), "<rule>", "eval")


@lru_cache(maxsize=4096)
def _tree(code: str, arguments: _Frozen[Argument] = ()) -> ast.expr:
    """Return the syntax tree, with the arguments put in and sums of plain numbers done."""
    tree = ast.parse(code.strip(), mode="eval")
    _Filled({key: value for key, _, value in arguments}).visit(tree)
    return tree.body


class _Filled(ast.NodeTransformer):
    """Puts numbers in for names, and does the arithmetic that nobody needs to see."""

    def __init__(self, arguments: dict[str, Argument]) -> None:
        self.arguments = arguments

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id not in self.arguments:
            return node
        return ast.Constant(self.arguments[node.id])

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        left, right = number_of(node.left), number_of(node.right)
        if isinstance(node.op, ast.Pow):
            return ast.Constant(1) if right == 0 else node.left if right == 1 else node
        if isinstance(node.op, ast.Mult):
            if left == 1 and right is not None or right == 0 and left is not None:
                return node.right
            if right == 1:
                return node.left
            # The slope of x⁰: 0 · x⁻¹ is 0 also where x is 0.
            factors = list(factors_of(node))
            if right != 0 and any(number_of(each) == 0 for each, _, _ in factors):
                kept = [each for each, _, _ in factors if "g" in names_in(each)]
                if kept:
                    return ast.BinOp(kept[0], ast.Mult(), ast.Constant(0))
        if left is not None and right is not None and isinstance(node.op, (ast.Add, ast.Sub)):
            return ast.Constant(left + right if isinstance(node.op, ast.Add) else left - right)
        return node


def _depends_on_g(node: ast.AST) -> bool:
    return "g" in names_in(node)


# -- taking a rule apart -------------------------------------------------------------------------

@dataclass(frozen=True, slots=True)
class _Product:
    """A product as g's own term, a sign, and everything else: ``term × other`` or ``term / other``.

    `other` takes the minus where there is one to take it.
    """

    term: ast.expr
    minus: bool
    sign: str
    other: ast.expr | None
    term_first: bool


def _product(node: ast.expr) -> _Product | None:
    """Return how g stands in a product; None when it is none, or holds g twice or below."""
    if not is_product(node):
        return None
    factors = list(factors_of(node))
    minus = sum([each_minus for _, _, each_minus in factors]) % 2 == 1
    terms = [(place, each) for place, (each, divides, _) in enumerate(factors)
             if not divides and _depends_on_g(each)]
    above = [each for each, divides, _ in factors if not divides and not _depends_on_g(each)]
    below = [each for each, divides, _ in factors if divides]
    if len(terms) != 1 or any(_depends_on_g(each) for each in below):
        return None
    place, term = terms[0]
    if not above and not below:
        return _Product(term, minus, "", None, True)
    if not above:
        return _Product(term, minus, "/", _multiplied(below), True)
    other = _multiplied(above)
    if minus:
        # The minus goes to the first factor, where people write it.
        other = _multiplied([ast.UnaryOp(ast.USub(), above[0]), *above[1:]])
    if below:
        other = ast.BinOp(other, ast.Div(), _multiplied(below))
    return _Product(term, False, "×", other, place == 0)


def _multiplied(factors: list[ast.expr]) -> ast.expr:
    product = factors[0]
    for factor in factors[1:]:
        product = ast.BinOp(product, ast.Mult(), factor)
    return product


def _parts_of(node: ast.expr, inside: bool = False) -> Iterator[ast.expr]:
    """Yield the largest pieces without g, and sums over g inside a larger rule."""
    if not _depends_on_g(node):
        if not _is_bookkeeping(node):
            yield node
        return
    product = _product(node)
    if product is not None:
        yield from _parts_of(product.term, inside=True)
        if product.other is not None:
            yield product.other
    elif isinstance(node, ast.BinOp):
        yield from _parts_of(node.left, inside=True)
        yield from _parts_of(node.right, inside=True)
    elif isinstance(node, ast.UnaryOp):
        yield from _parts_of(node.operand, inside=True)
    elif isinstance(node, ast.Call):
        arguments = node.args
        if isinstance(node.func, ast.Attribute) and _depends_on_g(node.func):
            yield from _parts_of(node.func.value, inside=True)
        elif function_of(node) in ("spread", "sum", "split"):
            arguments = arguments[:1]  # what follows says how, not what
        for argument in arguments:
            yield from _parts_of(_unravelled(argument), inside=True)
        if inside and function_of(node) == "sum":
            yield node
    elif isinstance(node, (ast.Subscript, ast.Attribute)):
        yield from _parts_of(node.value, inside=True)


def _inputs_of(node: ast.expr) -> list[ast.expr]:
    """Return the names a formula computes with, in the order of reading."""
    sizes = {id(each.value) for each in ast.walk(node)
             if isinstance(each, ast.Attribute) and each.attr in ("shape", "size")}
    names = [each for each in ast.walk(node) if isinstance(each, ast.Name)
             and id(each) not in sizes and each.id not in ("np", "spread", *_argument_names())]
    return sorted(names, key=lambda each: getattr(each, "col_offset", 0))


def _argument_names() -> set[str]:
    return {argument for op in OPS.values() for argument in op.arguments}


def _is_bookkeeping(node: ast.expr) -> bool:
    """Tell whether it is a plain number, a dimension or a shape, which is not worth a table."""
    if isinstance(node, ast.Name):
        return node.id in _argument_names()
    return isinstance(node, (ast.Constant, ast.List, ast.Tuple)) or number_of(node) is not None or (
        isinstance(node, ast.Attribute) and node.attr in ("shape", "size", "ndim"))


def _unravelled(node: ast.expr) -> ast.expr:
    """Return what stands before ``.ravel()``."""
    owner = owner_of(node) if isinstance(node, ast.Call) and function_of(node) == "ravel" else None
    return node if owner is None else owner


def _equation_of(node: ast.expr) -> list[ast.expr | str]:
    product = _product(node) if _depends_on_g(node) else None
    if product is not None:
        front = ["−"] if product.minus else []
        if product.other is None:
            return [*front, product.term]
        if product.term_first:
            return [*front, product.term, product.sign, product.other]
        return [*front, product.other, product.sign, product.term]
    if isinstance(node, ast.BinOp):
        simple = all(isinstance(each, ast.Name) or isinstance(each, ast.Attribute)
                     and isinstance(each.value, ast.Name) for each in (node.left, node.right))
        sign = SIGNS.get(type(node.op))
        if sign and (simple or _depends_on_g(node)):
            return [node.left, sign, node.right]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and isinstance(
            node.operand, ast.Name):
        return ["−", node.operand]
    return [node]
