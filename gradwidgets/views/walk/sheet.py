"""What stands beside the picture while it is walked: where from, which rule, with which numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from gradwidgets.core.ops import find_op
from gradwidgets.engine.walk.formula import Part
from gradwidgets.engine.walk.step import Detail, Step, StepKind
from gradwidgets.texts import registered, text
from gradwidgets.views.graph.drawing.tables import Scale
from gradwidgets.views.graph.names import as_sentence, giver_of, op_words, quoted
from gradwidgets.views.kit import numbers
from gradwidgets.views.kit.blocks import Block, Equation, Facts, Formula, Table, Text, Title
from gradwidgets.views.kit.sheet import table
from gradwidgets.views.walk.words.calls import change_of
from gradwidgets.views.walk.words.rules import letters_of
from gradwidgets.views.walk.words.sentence import Words

EQUALS = "="

Told: TypeAlias = list[Block | None]
"""Blocks, and None in the place of one that has nothing to tell."""

Item: TypeAlias = Table[float] | str
"""A table of an equation, or a sign."""


def blocks(words: Words, index: int) -> list[Block]:
    """Return the blocks of a step, for a `Sheet`."""
    if words.walk.trouble or not words.walk.steps:
        return []
    step = words.walk.steps[index]
    tell: dict[StepKind, Callable[[Words, Step, int], Told]] = {
        "start": _start,
        "pass": _pass,
        "forward": _forward,
        "call": _call,
        "error": _error,
    }
    return [block for block in tell[step.kind](words, step, index) if block is not None]


def _start(words: Words, step: Step, _index: int) -> Told:
    result = words.names[step.node]
    return [
        _title(text("walk.sheet.start")),
        _table(step.result, text("walk.sheet.gradient_of", node=result)),
        _text(text("walk.sheet.meaning", result=result)),
        _text(text("walk.sheet.direction")),
    ]


def _pass(words: Words, step: Step, index: int) -> Told:
    receiver = words.names[step.node]
    return [
        _title(text("walk.sheet.arriving", node=receiver)),
        _text(words.standing(index)),
        {"kind": "lines", "lines": _arrivals(words, step, index)},
        _title(text("walk.sheet.rule", op=op_words(step.op))),
        _handed_on(step),
        equation(step),
        _legend(words, index),
        _text(_reason(step)),
        *_sum_so_far(words, step, index),
        _resting(words, step),
    ]


def _arrivals(words: Words, step: Step, index: int) -> list[str]:
    """Return one line for each gradient that the receiver gets, in the order of arrival."""
    steps = words.walk.steps
    lines = []
    for number in words.arrivals.get(step.node, ()):
        one = steps[number]
        if one.source is None:
            continue
        key = "walk.sheet.came" if number < index else "walk.sheet.comes"
        lines.append(
            text(
                key if number <= index else "walk.sheet.missing",
                source=words.names[one.source],
                op=op_words(one.op),
                step=number + 1,
                numbers=_in_short(one.result),
            )
        )
    return lines


def _legend(words: Words, index: int) -> Facts | None:
    """Return what the letters of the rule stand for."""
    step = words.walk.steps[index]
    # The reason may speak of others; there an "a" is a letter only where there is a b too.
    told = letters_of(_reason(step))
    used = letters_of(step.code) | (told if "b" in told else told - {"a"})
    pairs = []
    if "g" in used and step.source is not None:
        pairs.append(["g", text("walk.sheet.g", node=words.names[step.source])])
    pairs += [
        [letter, text("walk.sheet.value", node=words.names[node])]
        for letter, node in words.walk.letters(index).items()
        if letter in used
    ]
    return {"kind": "facts", "pairs": pairs} if pairs else None


def _reason(step: Step) -> str:
    """Return the sentence that says why the rule holds."""
    found = find_op(step.op) if step.op else None
    return registered("reason", found[0].name, step.reason) if found else step.reason


def equation(step: Step) -> Equation[float]:
    """Return the rule with this step's numbers in the place of its letters.

    Where the rule cannot be read from left to right, its parts stand before an arrow.
    """
    result = _array(step.result, text("walk.sheet.result"))
    pieces = step.equation
    alone = pieces[0] if len(pieces) == 1 else "g"
    if isinstance(alone, Part) and alone.symbol != "g":
        parts = [each for part in step.parts for each in (_part(part), ",")][:-1]
        return {"kind": "equation", "items": [*parts, "→", result]}
    items = [_part(piece) for piece in pieces]
    if step.summed:
        items += [EQUALS, _array(step.detail["full"], ""), text("walk.sheet.added_up"), result]
    else:
        items += [EQUALS, result]
    return {"kind": "equation", "items": items}


def _sum_so_far(words: Words, step: Step, index: int) -> Told:
    """Return how this gradient is added to those that came before."""
    if step.arrived < 2 or step.result is None or step.total is None:
        return []
    earlier = [n for n in words.arrivals.get(step.node, ()) if n < index]
    before = words.walk.steps[earlier[-1]].total if earlier else None
    if before is None:
        return []
    items: list[Item] = [
        _array(before, text("walk.sheet.before")),
        "+",
        _array(step.result, text("walk.sheet.this")),
        EQUALS,
        _array(step.total, text("walk.sheet.sum")),
    ]
    node = words.names[step.node]
    return [_title(text("walk.sheet.sum_of", node=node)), {"kind": "equation", "items": items}]


def _resting(words: Words, step: Step) -> Text | None:
    """Return what becomes of inputs that take no gradient, and of a parameter that has its own."""
    nodes = words.walk.graph.nodes
    node = nodes[step.node]
    if node.kind == "parameter" and step.arrived == step.expected:
        return _text(text(
            # Of a tensor of no layer nobody knows whether it is to be trained.
            "walk.sheet.leaf" if node.group is None else "walk.sheet.parameter",
            node=words.names[step.node],
        ))
    giver = giver_of(step)
    others = {creator for creator in nodes[giver].creators if not nodes[creator].autograd}
    if not others:
        return None
    source, first = words.names[giver], words.names[min(others)]
    return _text(text("walk.sheet.no_gradient", source=source, node=first))


def _forward(words: Words, step: Step, index: int) -> Told:
    node = words.walk.graph.nodes[step.node]
    result = _array(step.result, words.names[step.node], "data")
    told: Told = [_title(text("walk.sheet.computed", node=words.names[step.node]))]
    if step.rule:
        told += [_formula(f"y {EQUALS} {step.rule}"), _legend(words, index)]
        if len(step.equation) > 1:
            pieces = [_part(piece) for piece in step.equation]
            return [*told, {"kind": "equation", "items": [*pieces, EQUALS, result]}]
    items: list[Item] = []
    for creator in node.creators:
        items += [_array(words.walk.graph.nodes[creator].data, words.names[creator], "data"), ","]
    return [*told, {"kind": "equation", "items": [*items[:-1], "→", result]}]


def _call(words: Words, step: Step, index: int) -> Told:
    detail = step.detail
    told: Told = [
        _title(text("walk.sheet.call", number=detail.get("call", index + 1),
                    node=words.names[step.node])),
        {"kind": "facts", "pairs": _circumstances(detail)},
    ]  # fmt: skip
    if step.rule:
        told += [_title(text("walk.sheet.rule", op=op_words(step.op))), _handed_on(step),
                 equation(step), _legend(words, index), _text(_reason(step))]  # fmt: skip
    if step.note:
        told += [_text(as_sentence(step.note)),
                 _table(detail.get("should_be"), text("walk.sheet.should_be"))]  # fmt: skip
    given = _array(step.result, text("walk.sheet.handed"))
    after = _array(detail.get("after"), text("walk.sheet.grad_after"))
    before = detail.get("before")
    items: list[Item] = [given, "→", after]
    if before is not None:
        added = change_of(step) == "walk.call.added"
        items = [_array(before, text("walk.sheet.grad_before")),
                 "+" if added else ",", given, EQUALS if added else "→", after]  # fmt: skip
    return [*told, _title(text("walk.sheet.grad_of", node=words.names[step.node])),
            {"kind": "equation", "items": items}]  # fmt: skip


def _circumstances(detail: Detail) -> list[list[str]]:
    """Return from where a call came, and what the counters of its tensor said."""
    pairs = []
    caller = detail.get("caller")
    if caller is not None:
        pairs.append([text("walk.sheet.caller"), text("walk.sheet.call_no", number=caller)])
    pairs.append([text("walk.sheet.depth"), str(detail.get("depth", 0))])
    after = detail.get("waiting_after") or {}
    for name, count in (detail.get("waiting_before") or {}).items():
        pairs.append([text("walk.sheet.counter", name=quoted(name)),
                      f"{count} → {after.get(name, '?')}"])  # fmt: skip
    return pairs


def _error(_words: Words, step: Step, _index: int) -> Told:
    return [
        _title(text("walk.sheet.stopped")),
        _text(as_sentence(step.note)) if step.note else None,
        _formula(step.detail.get("line") or ""),
    ]


def _handed_on(step: Step) -> Formula | None:
    return _formula(f"{text('walk.sheet.result')} {EQUALS} {step.rule}" if step.rule else "")


def _title(words: str) -> Title:
    return {"kind": "title", "text": words}


def _text(words: str) -> Text | None:
    return {"kind": "text", "text": words} if words else None


def _formula(words: str) -> Formula | None:
    return {"kind": "formula", "text": words} if words else None


def _table(values: np.ndarray | None, caption: str) -> Table[float] | None:
    return _array(values, caption) if values is not None else None


def _array(
    values: np.ndarray | None, caption: str, scale: Scale = "gradient"
) -> Table[float]:
    """Return numbers as a little table with its caption."""
    return table(values, caption, scale)


def _part(part: Part | str) -> Item:
    """Return a quantity of a rule, or a sign; with a g in it, it is a gradient, else a value."""
    if isinstance(part, str):
        return part
    is_gradient = "g" in letters_of(part.symbol)
    return table(part.value, part.symbol, "gradient" if is_gradient else "data")


def _in_short(values: np.ndarray | None) -> str:
    """Return a gradient in a few characters: its number, or its shape."""
    if values is None:
        return text("not_yet")
    values = np.asarray(values)
    if values.size <= 3:
        return ", ".join(numbers.cells(values))
    return numbers.shape(values.shape)
