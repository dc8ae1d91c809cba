"""What a verdict says: what was got, what was expected, the likeliest cause, and what to do."""
from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import SupportsFloat

import numpy as np

from gradwidgets.core.ops import OPS
from gradwidgets.engine.graph.operations import title
from gradwidgets.engine.verdict.cause import Suspect
from gradwidgets.engine.verdict.causes import (
    EARLY,
    FACTOR,
    LEFTOVER,
    MISSING,
    NOT_SUMMED,
    OVERWRITTEN,
    RULE,
    SCALED,
    SHAPE,
    SHARED,
    SIGN,
    SWAPPED,
    TRANSPOSED,
    VALUE,
    Cause,
)
from gradwidgets.engine.verdict.evidence import Evidence
from gradwidgets.engine.walk.formula import symbols

MOST_ENTRIES = 6
"""Larger gradients are shown at the entry that is off the most."""


def sentence(evidence: Evidence, index: int, suspect: Suspect) -> str:
    """Return the whole message of a verdict."""
    return _Words(evidence, index, suspect).message()


class _Words:
    def __init__(self, evidence: Evidence, index: int, suspect: Suspect) -> None:
        self.evidence, self.index, self.suspect = evidence, index, suspect
        self.node = title(evidence.nodes[index])
        self.user = self.op = self.place = ""
        self.arguments: dict[str, float] = {}
        self.count = len(evidence.shares[index])
        if suspect.edge is not None:
            user, position = suspect.edge
            made = evidence.nodes[user]
            self.user = title(made)
            self.op = _op_name(user, evidence)
            self.place = f"creators[{position}]"
            operation = evidence.operations[user]
            if operation is not None:
                self.arguments = dict(zip(operation.op.arguments, operation.args))

    def message(self) -> str:
        ways: dict[Cause, Callable[[], str]] = {
            EARLY: self.early, OVERWRITTEN: self.overwritten, SHARED: self.shared,
            MISSING: self.missing, SIGN: self.sign, FACTOR: self.factor, SWAPPED: self.swapped,
            VALUE: self.value, TRANSPOSED: self.transposed, NOT_SUMMED: self.not_summed,
            SHAPE: self.shape, SCALED: self.scaled, LEFTOVER: self.leftover, RULE: self.rule,
        }
        return f"{self.difference()} {ways[self.suspect.cause]()}"

    def difference(self) -> str:
        """Return what is there, and what should be."""
        got, expected = self.evidence.nodes[self.index].grad, self.evidence.should_be(self.index)
        if got is None:
            return f"The gradient of {self.node} is missing; expected {_shown(expected)}."
        if got.shape != expected.shape:
            return (f"The gradient of {self.node} has shape {got.shape}, but {self.node} has shape "
                    f"{expected.shape}, so its gradient must have that shape too.")
        if self.evidence.right(self.index):
            return f"The gradient of {self.node} is right so far: {_shown(got)}."
        if got.size <= MOST_ENTRIES:
            return (f"The gradient of {self.node} is {_shown(got)}; expected {_shown(expected)}.")
        off = ~np.isclose(got, expected, rtol=1e-6, atol=1e-12, equal_nan=True)
        distance = np.where(np.isfinite(got), np.abs(got - expected), np.inf)
        worst = np.unravel_index(int(np.argmax(distance)), got.shape)
        where = ", ".join(str(int(place)) for place in worst)
        return (f"The gradient of {self.node} is {_number(got[worst])} at [{where}]; expected "
                f"{_number(expected[worst])} ({int(off.sum())} of {got.size} entries differ).")

    # -- causes ----------------------------------------------------------------------------------

    def early(self) -> str:
        evidence = self.evidence
        parts = evidence.shares[self.suspect.user]
        senders = list(dict.fromkeys(share.edge[0] for share in parts))
        here = [each for each in self.suspect.arrived if each in senders]
        late = [each for each in senders if each not in here]
        whole = "both" if len(parts) == 2 else f"all {len(parts)}"
        told = (f"Likeliest: passed on too early. {_capital(self.user)} handed its gradient on "
                f"through {self.op} before {whole} of its gradients had arrived")
        count = (f"Count how often {self.user} is used, and let it hand on only when as many "
                 "gradients have come.")
        if self.suspect.repeated:
            return (f"{told}, and again with the next, so that what came first counts more than "
                    f"once. {count}")
        if here and late:
            told += (f": the part from {_listed(here, evidence)} was in, the part from "
                     f"{_listed(late, evidence)} was not")
        return (f"{told}. {count} Look at the lines for {_ops(here or senders, evidence)} in "
                "backward(): do they tell whose gradient it is, backward(grad, self), so that the "
                "count goes down?")

    def overwritten(self) -> str:
        evidence = self.evidence
        kept = [share for share in evidence.shares[self.index]
                if evidence.agrees(self.index, share.value)]
        # Of equal ones it cannot be told which was the last.
        left = "one of them" if len(kept) > 1 else f"the one from {self.user} ({self.op})"
        return (f"Likeliest: overwritten instead of added. {_capital(self.node)} was used "
                f"{_times(self.count)}, so {self.count} gradients arrive, and only {left} is "
                "there. Add to what is there already: "
                "self.grad = self.grad + grad, and self.grad = grad only the first time.")

    def shared(self) -> str:
        evidence = self.evidence
        others = [title(evidence.nodes[each]) for each in evidence.nodes[self.index].shares]
        with_ = " and ".join(dict.fromkeys(others[:3])) or "another tensor"
        by = f" {_capital(self.op)} hands the same array to several." if self.op else ""
        told = (f"The array is shared: {with_} hold{'s' if len(others) == 1 else ''} the very same "
                "one, so what changes one gradient in place (+=, *= 0) changes the other.")
        if not evidence.right(self.index):
            told = "Likeliest: " + told[0].lower() + told[1:]
        return (f"{told}{by} Give each its own: hand on grad.copy(), or add with "
                "self.grad = self.grad + grad.")

    def missing(self) -> str:
        grad = self.evidence.nodes[self.index].grad
        leaves = [node for node in self.evidence.nodes if not node.creators and node.autograd]
        if len(leaves) > 1 and self.evidence.is_leaf(self.index) and all(
                node.grad is None for node in leaves):
            return ("No leaf has a gradient, and what lies between is right. Likeliest: backward() "
                    "keeps no gradient in a tensor without creators; it must store what it is "
                    "given before it asks whether there is anybody to hand it on to.")
        if grad is None or not grad.any():
            told = (f"Likeliest: nothing was handed to it. {_capital(self.user)} should hand its "
                    f"gradient on through {self.op} to {self.place}.")
        else:
            told = (f"Likeliest: a part is missing. {_capital(self.node)} was used "
                    f"{_times(self.count)}, but what {self.user} should hand on through {self.op} "
                    f"to {self.place} is not in there.")
        return (f"{told} Look at the line for {self.op} in backward(): does it call "
                f"self.{self.place}.backward(...), and does backward() keep what it is given? It "
                f"may also be that {self.user} still waits for a gradient that never comes.")

    def sign(self) -> str:
        return (f"Likeliest: the sign is turned{self.through()}. {self.rule_of()} "
                "Check where a minus is missing, or is one too many.")

    def factor(self) -> str:
        left = self.suspect.mutant.left_out if self.suspect.mutant else ""
        if left == "g" or left == "-g":
            return (f"Likeliest: the incoming gradient is left out{self.through()}. "
                    f"{self.rule_of()} By the chain rule, multiply by the gradient that arrived.")
        factor = _symbols(left, self.arguments) if left else ""
        if any(len(word) > 1 and word.isalpha() for word in factor.split()):
            factor = f"({factor})"
        what = f"the factor {factor} is forgotten" if left else "a factor is forgotten"
        return f"Likeliest: {what}{self.through()}. {self.rule_of()}"

    def swapped(self) -> str:
        return (f"Likeliest: the two inputs are swapped{self.through()}. {self.rule_of()} "
                "Check which creator stands for which letter.")

    def value(self) -> str:
        written = self.suspect.mutant.code if self.suspect.mutant else ""
        return (f"Likeliest: the wrong value is used{self.through()}. {self.rule_of()} The numbers "
                f"are those of {_symbols(written, self.arguments)}.")

    def transposed(self) -> str:
        return (f"Likeliest: a matrix is transposed where it should not be, or the other way "
                f"round,{self.through()}. {self.rule_of()} Check each .transpose() and the order "
                "of the product.")

    def not_summed(self) -> str:
        made = self.evidence.nodes[self.suspect.user]
        return (f"Likeliest: not summed{self.through()}. {_capital(self.node)} of shape "
                f"{self.evidence.nodes[self.index].shape} was repeated to make {self.user} of "
                f"shape {made.shape}, so what all copies receive must be added up: sum the "
                "gradient over the repeated dimension.")

    def shape(self) -> str:
        through = self.through()
        return (f"Likeliest: what is handed over has the wrong shape{through}. {self.rule_of()} "
                "Bring it to the shape of the tensor that receives it.").replace("  ", " ")

    def scaled(self) -> str:
        factor = self.suspect.factor
        if factor == 1.0 and self.suspect.mutant is not None:
            got = self.evidence.nodes[self.index].grad
            expected = self.evidence.should_be(self.index)
            square = float(np.sum(expected * expected))
            if got is not None and got.shape == expected.shape and square:
                factor = float(np.sum(got * expected)) / square
        times = "" if factor == 1.0 else (
            f": the numbers are {_number(factor)} times what they should be")
        told = f"Likeliest: the scale is off{self.through()}{times}. {self.rule_of()}".rstrip()
        if abs(factor) > 1:
            told += (" Check also whether it is handed on or added twice, and whether backward() "
                     "ran twice without setting the gradients back.")
        return told

    def leftover(self) -> str:
        return ("All tensors in between are right, and no leaf is: likeliest, gradients of an "
                "earlier pass are still in there. Set them back before each pass "
                "(optimizer.zero()), unless you want to add up several passes.")

    def rule(self) -> str:
        if not self.op:
            return (f"{_capital(self.node)} was used {_times(self.count)}, and what has arrived "
                    "does not add up. Compare each part with its rule, one at a time.")
        told = (f"The numbers handed on through {self.op}, on the way from {self.user}, are not "
                f"what its rule gives. {self.rule_of()}")
        if self.suspect.mutant is not None:
            code = self.suspect.mutant.code
            copied = next((f", the rule of {op.name}" for op in OPS.values() if code in op.rules),
                          "")
            return f"{told} They are those of {_symbols(code, self.arguments)}{copied}."
        return (f"{told} If {self.node} had a gradient before this pass, set it back "
                "first.")

    # -- pieces ----------------------------------------------------------------------------------

    def through(self) -> str:
        return f" in the rule of {self.op}, on the way from {self.user}" if self.op else ""

    def rule_of(self) -> str:
        """Return the right rule as a sentence."""
        if self.suspect.edge is None:
            return ""
        user, position = self.suspect.edge
        operation = self.evidence.operations[user]
        if operation is None:
            return ""
        rule = _symbols(operation.rule(position), self.arguments)
        letters = [f"g is the gradient of {self.user}"]
        names = {"y": title(self.evidence.nodes[user]),
                 **dict(zip(operation.op.inputs, [title(self.evidence.nodes[each])
                                        for each in self.evidence.nodes[user].creators]))}
        used = operation.rule(position).replace("np.", "")
        letters += [f"{letter} is {name}" for letter, name in names.items()
                    if _stands_in(letter, used) and name != f"`{letter}`"]
        return f"{_capital(self.node)} receives {rule}, where {', '.join(letters)}."


def _stands_in(letter: str, code: str) -> bool:
    return any(isinstance(node, ast.Name) and node.id == letter
               for node in ast.walk(ast.parse(code, mode="eval")))


def _symbols(code: str, arguments: Mapping[str, float]) -> str:
    try:
        return symbols(code, arguments)
    except Exception:  # noqa: BLE001 - a spoilt rule may be written in a way that has no symbols
        return code


def _op_name(index: int, evidence: Evidence) -> str:
    operation = evidence.operations[index]
    return evidence.nodes[index].op or "?" if operation is None else operation.op.name


def _listed(indices: list[int], evidence: Evidence) -> str:
    return " and ".join([f"{title(evidence.nodes[each])}" if evidence.nodes[each].name is None
                         else f"{title(evidence.nodes[each])} ({_op_name(each, evidence)})"
                         for each in indices[:3]])


def _ops(indices: list[int], evidence: Evidence) -> str:
    return " and ".join(dict.fromkeys([_op_name(each, evidence) for each in indices[:3]]))


def _shown(array: np.ndarray) -> str:
    if array.size > MOST_ENTRIES:
        return f"an array of shape {array.shape}"
    text = np.array2string(np.asarray(array, np.float64), separator=", ",
                           formatter={"float_kind": _number})
    return " ".join(text.split())


def _number(value: SupportsFloat) -> str:
    return f"{float(value):.4g}".replace("-", "−")


def _times(count: int) -> str:
    return "twice" if count == 2 else f"{count} times"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
