"""Write the syntax tree of a rule as people write mathematics.

``g @ b.T`` becomes ``g · bᵀ``. What NumPy spells as a function has its words here.
"""
from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from gradwidgets.texts import text

# -- reading -------------------------------------------------------------------------------------


def number_of(node: ast.expr) -> int | float | None:
    """Return the plain number that stands here, or None."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = number_of(node.operand)
        return None if inner is None else -inner
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        return node.value
    return None


def names_in(node: ast.AST) -> set[str]:
    """Return all names that occur."""
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}


def function_of(call: ast.Call) -> str:
    """Return the bare name of the function that is called."""
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def owner_of(call: ast.Call) -> ast.expr | None:
    """Return what a method is called on; None of a plain function."""
    return call.func.value if isinstance(call.func, ast.Attribute) else None


Factor: TypeAlias = tuple[ast.expr, bool, bool]
"""A factor, whether it divides, and whether a minus stands before it."""


def is_product(node: ast.expr) -> bool:
    """Tell whether it is a chain of × and /, or something with a minus before it."""
    return (isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Mult, ast.Div))
            or isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub))


def factors_of(node: ast.expr, divides: bool = False) -> Iterator[Factor]:
    """Yield the factors of a chain of × and / from left to right."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = list(factors_of(node.operand, divides))
        first, inverted, minus = inner[0]
        yield first, inverted, not minus
        yield from inner[1:]
    elif isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Mult, ast.Div)):
        yield from factors_of(node.left, divides)
        if isinstance(node.op, ast.Mult):
            yield from factors_of(node.right, divides)
        else:
            divisor = node.right
            if isinstance(divisor, ast.BinOp) and isinstance(divisor.op, ast.Mult):
                yield from factors_of(divisor, not divides)
            else:
                yield divisor, not divides, False
    else:
        yield node, divides, False


# -- writing -------------------------------------------------------------------------------------

SIGNS = {ast.Add: "+", ast.Sub: "−", ast.Mult: "×", ast.Div: "/", ast.MatMult: "·"}
_COMPARED = {ast.Gt: ">", ast.GtE: "≥", ast.Lt: "<", ast.LtE: "≤", ast.Eq: "=", ast.NotEq: "≠"}
_RAISED = dict(zip("0123456789+-−()abcdefghijklmnoprstuvwxyz",
                   "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ", strict=True))

_PHRASE, _SUM, _TIMES, _BIG, _POWER, _ATOM = range(6)
"""How tightly a piece of text holds together; looser ones are put in brackets inside others."""


class Writer:
    """Writes syntax trees as text.

    Parameters
    ----------
    names : what to write for a letter
    ndims : how many dimensions a letter has
    """

    def __init__(self, names: Mapping[str, str], ndims: Mapping[str, int]) -> None:
        self.names = names
        self.ndims = ndims

    def text(self, node: ast.expr) -> str:
        """Return the text of a tree."""
        return self._write(node)[0]

    def _within(self, node: ast.expr, level: int) -> str:
        written, own = self._write(node)
        return written if own >= level else f"({written})"

    def _write(self, node: ast.expr) -> tuple[str, int]:
        write = getattr(self, f"_{type(node).__name__.lower()}", None)
        answer = write(node) if write else None
        return answer or (ast.unparse(node).replace("*", "×").replace("-", "−"), _PHRASE)

    def _name(self, node: ast.Name) -> tuple[str, int]:
        return self.names.get(node.id, node.id), _ATOM

    def _constant(self, node: ast.Constant) -> tuple[str, int]:
        value = node.value
        digits = f"{value:.12g}" if isinstance(value, float) else str(value)
        return digits.replace("-", "−"), _SUM if digits.startswith("-") else _ATOM

    def _attribute(self, node: ast.Attribute) -> tuple[str, int] | None:
        if node.attr == "T":
            return self._within(node.value, _ATOM) + "ᵀ", _ATOM
        if node.attr == "size":
            return text("formula.entries", x=self._within(node.value, _ATOM)), _POWER
        if node.attr == "shape":
            return text("formula.shape", x=self._within(node.value, _ATOM)), _POWER
        return None

    def _unaryop(self, node: ast.UnaryOp) -> tuple[str, int] | None:
        if isinstance(node.op, ast.USub):
            return self._chain(node) if is_product(node.operand) else (
                "−" + self._within(node.operand, _POWER), _SUM)
        return None

    def _binop(self, node: ast.BinOp) -> tuple[str, int] | None:
        if isinstance(node.op, ast.Pow):
            return self._power(self._within(node.left, _ATOM), self._write(node.right)), _POWER
        if isinstance(node.op, ast.MatMult):
            left, right = self._within(node.left, _POWER), self._within(node.right, _POWER)
            return f"{left} · {right}", _TIMES
        if isinstance(node.op, (ast.Mult, ast.Div)):
            return self._chain(node)
        if isinstance(node.op, (ast.Add, ast.Sub)):
            return (f"{self._within(node.left, _SUM)} {SIGNS[type(node.op)]} "
                    f"{self._within(node.right, _TIMES)}"), _SUM
        return None

    def _power(self, base: str, exponent: tuple[str, int]) -> str:
        text, level = exponent
        short = text.replace(" ", "")
        if all(letter in _RAISED for letter in short):
            return base + "".join([_RAISED[letter] for letter in short])
        return f"{base}^{text if level >= _ATOM else f'({text})'}"

    def _chain(self, node: ast.expr) -> tuple[str, int]:
        factors = list(factors_of(node))
        minus = sum([each_minus for _, _, each_minus in factors]) % 2 == 1
        above = self._multiplied([each for each, divides, _ in factors if not divides])
        below = self._multiplied([each for each, divides, _ in factors if divides])
        text = "−" * minus + (" × ".join(above) or "1")
        if below:
            text += f" / {below[0] if len(below) == 1 else '(' + ' × '.join(below) + ')'}"
        return text, _SUM if minus else _TIMES

    def _multiplied(self, factors: list[ast.expr]) -> list[str]:
        """Return the factors' texts; a factor that stands twice in a row is squared."""
        texts: list[str] = []
        place = 0
        while place < len(factors):
            factor = factors[place]
            count = 1
            while place + count < len(factors) and (
                    ast.dump(factors[place + count]) == ast.dump(factor)):
                count += 1
            if count > 1:
                texts.append(self._power(self._within(factor, _ATOM), (str(count), _ATOM)))
            else:
                texts.append(self._within(factor, _BIG))
            place += count
        return texts

    def _compare(self, node: ast.Compare) -> tuple[str, int]:
        return text("formula.one_where", condition=self._condition(node)), _PHRASE

    def _condition(self, node: ast.expr) -> str:
        if not isinstance(node, ast.Compare):
            return self.text(node)
        # Repeating a result to compare it with every entry goes without saying.
        sides = [each.args[0] if isinstance(each, ast.Call) and function_of(each) == "spread"
                 else each for each in (node.left, node.comparators[0])]
        sign = _COMPARED.get(type(node.ops[0]), "?")
        return f"{self.text(sides[0])} {sign} {self.text(sides[1])}"

    def _subscript(self, node: ast.Subscript) -> tuple[str, int] | None:
        inner = node.value
        if isinstance(inner, ast.Call) and function_of(inner) == "split":
            mark = next((each.value for each in ast.walk(inner.args[1])
                         if isinstance(each, ast.Attribute)), None)
            whole = self._within(inner.args[0], _ATOM)
            if mark is not None and number_of(node.slice) in (0, 1):
                key = "formula.piece" if number_of(node.slice) == 0 else "formula.rest"
                return text(key, whole=whole, mark=self.text(mark)), _PHRASE
        if isinstance(inner, ast.Call) and function_of(inner) == "ravel":
            owner = owner_of(inner)
            if owner is not None:
                return text("formula.at_places", x=self._within(owner, _ATOM),
                           places=self.text(node.slice)), _PHRASE
        return None

    def _call(self, node: ast.Call) -> tuple[str, int] | None:
        write: Callable[[ast.Call], tuple[str, int] | None] | None = getattr(
            self, f"_call_{function_of(node)}", None)
        if write is not None:
            return write(node)
        if isinstance(node.func, ast.Attribute) and names_in(node.func) == {"np"}:
            return f"{node.func.attr}({', '.join(map(self.text, node.args))})", _ATOM
        return None

    def _call_transpose(self, node: ast.Call) -> tuple[str, int] | None:
        owner = owner_of(node)
        return None if owner is None else (self._within(owner, _ATOM) + "ᵀ", _ATOM)

    def _call_ravel(self, node: ast.Call) -> tuple[str, int] | None:
        owner = owner_of(node)
        return None if owner is None else self._write(owner)

    def _call_reshape(self, node: ast.Call) -> tuple[str, int] | None:
        inner, target = owner_of(node), node.args[0]
        if inner is None or not isinstance(target, ast.Attribute) or target.attr != "shape":
            return None
        owner = self._within(target.value, _ATOM)
        if isinstance(inner, ast.Call) and function_of(inner) == "bincount":
            places, weights = [self._write(each)[0] for each in inner.args[:2]]
            return text("formula.counted", x=owner, weights=weights, places=places), _PHRASE
        return text("formula.reshaped", x=self._within(inner, _SUM), owner=owner), _PHRASE

    def _call_spread(self, node: ast.Call) -> tuple[str, int] | None:
        target = node.args[1]
        if not isinstance(target, ast.Attribute) or target.attr != "shape":
            return None
        return text("formula.repeated", x=self._within(node.args[0], _SUM),
                   owner=self._within(target.value, _ATOM)), _PHRASE

    def _call_sum(self, node: ast.Call) -> tuple[str, int] | None:
        if isinstance(node.args[0], ast.Compare):
            return text("formula.number_where", condition=self._condition(node.args[0])), _BIG
        return self._reduced("sum", node)

    def _call_size(self, node: ast.Call) -> tuple[str, int] | None:
        kind, dim = self._dimension_of(node)
        x = self._within(node.args[0], _POWER)
        return text(f"formula.size.{kind}", x=x, dim=dim), _BIG

    def _call_mean(self, node: ast.Call) -> tuple[str, int] | None:
        return self._reduced("mean", node)

    def _call_max(self, node: ast.Call) -> tuple[str, int] | None:
        return self._reduced("max", node)

    def _reduced(self, what: str, node: ast.Call) -> tuple[str, int]:
        kind, dim = self._dimension_of(node)
        over = text(f"formula.over.{kind}", dim=dim)
        return text(f"formula.of.{what}", x=self._within(node.args[0], _POWER), over=over), _BIG

    def _call_maximum(self, node: ast.Call) -> tuple[str, int] | None:
        return f"max({self.text(node.args[0])}, {self.text(node.args[1])})", _ATOM

    def _call_abs(self, node: ast.Call) -> tuple[str, int] | None:
        return f"|{self.text(node.args[0])}|", _ATOM

    def _call_logaddexp(self, node: ast.Call) -> tuple[str, int] | None:
        first, second = node.args
        left = "1" if number_of(first) == 0 else f"exp({self.text(first)})"
        return f"log({left} + exp({self.text(second)}))", _ATOM

    def _call_where(self, node: ast.Call) -> tuple[str, int] | None:
        condition, yes, no = node.args
        return text("formula.where", yes=self._within(yes, _SUM),
                   condition=self._condition(condition), no=self._within(no, _SUM)), _PHRASE

    def _call_concatenate(self, node: ast.Call) -> tuple[str, int] | None:
        joined = node.args[0]
        if not isinstance(joined, (ast.List, ast.Tuple)):
            return None
        first, *others = [self._within(each, _SUM) for each in joined.elts]
        for other in others:
            first = text("formula.then", first=first, second=other)
        kind, dim = self._dimension_of(node)
        along = text(f"formula.along.{kind}", dim=dim)
        return text("formula.joined", parts=first, along=along), _PHRASE

    def _dimension_of(self, node: ast.Call) -> tuple[str, str]:
        """Return along what a call goes: {'all', 'rows', 'columns', 'number', 'other'}, and which.

        Only a table, of two dimensions, has rows and columns.
        """
        dim = node.args[1] if len(node.args) > 1 else None
        if dim is None or isinstance(dim, ast.Constant) and dim.value is None:
            return "all", ""
        number = number_of(dim)
        if number is None:
            return "other", self.text(dim)
        ndim = max([self.ndims.get(name, -1) for name in names_in(node.args[0])], default=-1)
        if ndim == 2:
            return "columns" if number % 2 else "rows", ""
        return ("all", "") if ndim == 1 else ("number", str(number).replace("-", "−"))
