"""What happens in one step of a walk, in plain sentences.

Everything is told from the plain data of a walk. Names of tensors stand between backticks, so that
a page can set them apart; a name's own backticks become apostrophes.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict

import numpy as np

from gradwidgets.core.ops import find_op
from gradwidgets.views import numbers
from gradwidgets.views.texts import text

LONGEST_NAME = 40  # characters
LONGEST_IN_FORMULA = 12  # a longer name has a letter in its place

# What a rule asks of somebody with a pencil: operation -> for each input the key of a text.
# An operation that is not listed here has its rule in symbols read out.
HOW = {
    "add": ("walk.how.add", "walk.how.add"),
    "sub": ("walk.how.sub", "walk.how.subtracted"),
    "mul": ("walk.how.times", "walk.how.times"),
    "div": ("walk.how.divide", "walk.how.divisor"),
    "neg": ("walk.how.negate",),
    "pow": ("walk.how.pow",),
    "exp": ("walk.how.exp",),
    "log": ("walk.how.divide_own",),
    "mm": ("walk.how.mm_left", "walk.how.mm_right"),
    "tanh": ("walk.how.tanh",),
    "sigmoid": ("walk.how.sigmoid",),
    "relu": ("walk.how.relu",),
    "leaky_relu": ("walk.how.leaky_relu",),
    "sum": ("walk.how.sum",),
    "mean": ("walk.how.mean",),
    "max": ("walk.how.max",),
    "expand": ("walk.how.expand",),
    "transpose": ("walk.how.transpose",),
    "reshape": ("walk.how.reshape",),
    "index": ("walk.how.index",),
    "concat": ("walk.how.concat", "walk.how.concat"),
    "bce_logits": ("walk.how.bce_logits", None),
}

# What an operation does with its inputs, for the forward pass.
DOES = {
    "add": "walk.does.add",
    "sub": "walk.does.sub",
    "mul": "walk.does.mul",
    "div": "walk.does.div",
    "neg": "walk.does.neg",
    "pow": "walk.does.pow",
    "power": "walk.does.power",
    "exp": "walk.does.exp",
    "log": "walk.does.log",
    "mm": "walk.does.mm",
    "tanh": "walk.does.tanh",
    "sigmoid": "walk.does.sigmoid",
    "relu": "walk.does.relu",
    "leaky_relu": "walk.does.leaky_relu",
    "softmax": "walk.does.softmax",
    "log_softmax": "walk.does.log_softmax",
    "sum": "walk.does.sum",
    "mean": "walk.does.mean",
    "max": "walk.does.max",
    "expand": "walk.does.expand",
    "transpose": "walk.does.transpose",
    "reshape": "walk.does.reshape",
    "index": "walk.does.index",
    "concat": "walk.does.concat",
    "bce": "walk.does.bce",
    "bce_logits": "walk.does.bce_logits",
}


class Names:
    """What the tensors of a graph are called in a sentence.

    A tensor without a name is called after the operation that made it; where there are several of
    these, after its layer too, and by its number in the order in which they were computed.
    """

    def __init__(self, graph: object) -> None:
        self.nodes = graph.nodes
        self._number: dict[int, int] = {}
        per_op: Counter[str] = Counter()
        per_place: Counter[tuple] = Counter()
        for node in graph.nodes:
            if not node.name:
                per_op[_called(node)] += 1
                per_place[_called(node), node.group] += 1
                self._number[node.index] = per_place[_called(node), node.group]
        self._per_op, self._per_place = per_op, per_place

    def __getitem__(self, index: int) -> str:
        """Return what the node is called, ready for the middle of a sentence."""
        node = self.nodes[index]
        if node.name:
            return quoted(node.name)
        called = _called(node)
        op = quoted(called)
        plain = node.op is None
        if self._per_op[called] == 1:
            return _unnamed(node) if plain else text("walk.name.made", op=op)
        number = self._number[index]
        several = self._per_place[called, node.group] > 1
        if plain:
            return text("walk.name.leaf", kind=_unnamed(node), number=number)
        if node.group and several:
            return text("walk.name.both", op=op, number=number, group=node.group)
        if node.group:
            return text("walk.name.group", op=op, group=node.group)
        return text("walk.name.number", op=op, number=number)

    def in_formula(self, index: int) -> str:
        """Return a short name for a formula, or nothing where a letter is better."""
        name = self.nodes[index].name
        return quoted(name) if name and len(name) <= LONGEST_IN_FORMULA and " " not in name else ""


class Words:
    """Tells the steps of one walk."""

    def __init__(self, walk: object) -> None:
        self.walk = walk
        self.names = Names(walk.graph)
        self.arrivals: dict[int, list[int]] = defaultdict(list)  # node -> its steps
        for number, step in enumerate(walk.steps):
            if step.kind in ("start", "pass"):
                self.arrivals[step.node].append(number)

    def sentence(self, index: int) -> str:
        """Return what happens in a step, and why, in a sentence or three."""
        if self.walk.trouble:
            return self.walk.trouble
        if not self.walk.steps:
            return text("walk.nothing")
        step = self.walk.steps[index]
        told = {
            "start": self._start,
            "pass": self._pass,
            "forward": self._forward,
            "call": self._call,
            "error": self._error,
        }[step.kind](step, index)
        if step.note and step.kind not in ("error", "forward"):
            told += " " + as_sentence(step.note)
        if index == len(self.walk.steps) - 1 and step.kind in ("start", "pass"):
            told += " " + text("walk.end" if index else "walk.end.at_once")
        return told

    def standing(self, index: int) -> str:
        """Return how many of the receiver's gradients are in: "2 of 3: waits for one more"."""
        step = self.walk.steps[index]
        missing = step.expected - step.arrived
        if missing <= 0:
            return text("walk.in.complete", arrived=step.arrived, expected=step.expected)
        return text(
            "walk.in.missing.one" if missing == 1 else "walk.in.missing.many",
            arrived=step.arrived,
            expected=step.expected,
            missing=missing,
        )

    def how(self, step: object) -> str:
        """Return what the rule of a step asks for, in the imperative."""
        found = find_op(step.op) if step.op else None
        keys = HOW.get(found[0].name, ()) if found else ()
        if step.position is None or step.position >= len(keys) or keys[step.position] is None:
            return self._rule(step)
        where: list[str] = []
        words = text(keys[step.position], **self._places(step, found, where))
        if step.summed:
            count = _size(self.walk.graph, step.source) // max(1, _size(self.walk.graph, step.node))
            words = text(
                "walk.how.summed", how=words, receiver=self.names[step.node], count=count
            )
        if where:
            words += text("walk.where", letters=_listed(where))
        return words

    def _rule(self, step: object) -> str:
        """Return a rule for which there are no words in symbols, and what its letters are."""
        if not step.rule:
            return text("walk.how.unknown")
        used = letters_of(step.code)
        where = [text("walk.letter", letter="g", node=text("walk.letter.g"))] if "g" in used else []
        found = find_op(step.op)
        nodes = {"y": step.source}
        nodes.update(zip(found[0].inputs if found else (),
                         self.walk.graph.nodes[step.source].creators, strict=False))  # fmt: skip
        where += [text("walk.letter", letter=letter, node=self.names[node])
                  for letter, node in nodes.items() if letter in used]  # fmt: skip
        words = text("walk.how.rule", rule=step.rule)
        return words + text("walk.where", letters=_listed(where)) if where else words

    def _start(self, step: object, _index: int) -> str:
        node, result = self.names[step.node], step.result
        if result is None:
            return text("walk.start.given", node=node)
        size = np.size(result)
        if not np.all(np.equal(result, 1)):
            if size == 1:
                value = numbers.cell(np.ravel(result)[0])
                return text("walk.start.number", node=node, value=value)
            return text("walk.start.given", node=node)
        if size == 1:
            return text("walk.start.one", node=node)
        return text("walk.start.ones", node=node, count=size)

    def _pass(self, step: object, index: int) -> str:
        source, receiver = self.names[step.source], self.names[step.node]
        before = self.walk.steps[index - 1] if index else None
        count = self._expected_of(step.source)
        if before is not None and before.kind == "pass" and before.source == step.source:
            key = "walk.pass.again" if before.node == step.node else "walk.pass.also"
        else:
            key = {1: "walk.pass.one", 2: "walk.pass.both"}.get(count, "walk.pass.all")
        told = text(
            key,
            source=source,
            receiver=receiver,
            op=self.op_words(step.op),
            how=self.how(step),
            count=count,
        )
        return f"{_capital(told)} {_capital(self._received(step, receiver))}"

    def _received(self, step: object, receiver: str) -> str:
        missing = step.expected - step.arrived
        if missing > 0:
            return text(
                "walk.received.missing.one" if missing == 1 else "walk.received.missing.many",
                receiver=receiver,
                arrived=step.arrived,
                expected=step.expected,
                missing=missing,
            )
        if step.expected == 1:
            return text("walk.received.only")
        if step.expected == 2:
            return text("walk.received.both", receiver=receiver)
        return text("walk.received.all", receiver=receiver, count=step.expected)

    def _forward(self, step: object, _index: int) -> str:
        node = self.walk.graph.nodes[step.node]
        receiver = self.names[step.node]
        inputs = [self.names[creator] for creator in node.creators]
        found = find_op(node.op) if node.op else None
        key = DOES.get(found[0].name) if found else None
        if key is None:
            told = text("walk.does.unknown", node=receiver, op=quoted(node.op or "?"),
                        inputs=_listed(inputs))  # fmt: skip
            return _capital(told)
        places = {
            "a": inputs[0],
            "b": inputs[-1],
            "argument": found[1][-1] if found[1] else "",
            "along": self._along(node.creators[0], found[1]),
            "count": _size(self.walk.graph, step.node)
            // max(1, _size(self.walk.graph, node.creators[0])),
        }
        told = text("walk.forward", node=receiver, op=self.op_words(node.op),
                    does=text(key, **places))  # fmt: skip
        return _capital(told)

    def _along(self, index: int, arguments: tuple) -> str:
        """Return along what an operation with a dimension goes; nothing where there is one."""
        if not arguments or len(self.walk.graph.nodes[index].shape) < 2:
            return ""
        dim = arguments[0]
        if dim in (0, 1):
            return " " + text("walk.along.rows" if dim == 0 else "walk.along.columns")
        return " " + text("walk.along.other", dim=dim)

    def _call(self, step: object, index: int) -> str:
        receiver = self.names[step.node]
        if step.source is None:
            told = text("walk.call.first", receiver=receiver)
        else:
            told = self._handing_over(step, index, receiver)
        return f"{_capital(told)} {_capital(text(self.change_of(step), receiver=receiver))}"

    def _handing_over(self, step: object, index: int, receiver: str) -> str:
        """Say who calls, and whether it should have waited."""
        source = self.names[step.source]
        before = [one for one in self.walk.steps[:index]
                  if one.kind == "call" and one.node == step.source]  # fmt: skip
        if before and before[-1].arrived < before[-1].expected:
            return text(
                "walk.call.early",
                source=source,
                receiver=receiver,
                arrived=before[-1].arrived,
                expected=before[-1].expected,
            )
        edge = step.source, step.position
        again = any((one.source, one.position) == edge for one in self.walk.steps[:index])
        added = self.change_of(step) == "walk.call.added"
        if again and added and step.rule and not step.note:
            return text("walk.call.again", source=source, receiver=receiver)
        return text("walk.call", source=source, receiver=receiver)

    @staticmethod
    def change_of(step: object) -> str:
        """Return the key of what a call did to its receiver's gradient."""
        before, after, given = step.detail.get("before"), step.detail.get("after"), step.result
        if after is None:
            return "walk.call.nothing"
        if before is None:
            return "walk.call.kept" if _same(after, given) else "walk.call.other"
        if _same(after, before) and not _same(given, 0):
            return "walk.call.unchanged"
        if given is not None and _same(after, _sum(before, given)):
            return "walk.call.added"
        return "walk.call.replaced" if _same(after, given) else "walk.call.other"

    def _error(self, step: object, _index: int) -> str:
        note = as_sentence(step.note)
        return text("walk.error", node=self.names[step.node], error=note)

    def op_words(self, op: str | None) -> str:
        """Return an operation's name, with its sign where that is another word: mul (×)."""
        found = find_op(op) if op else None
        if not found:
            return quoted(op or "?")
        name, symbol = found[0].name, found[0].symbol
        return name if symbol.lower() == name else text("walk.op", name=name, symbol=symbol)

    def _expected_of(self, node: int) -> int:
        arrivals = self.arrivals.get(node)
        return self.walk.steps[arrivals[-1]].expected if arrivals else 1

    def _places(self, step: object, found: tuple, where: list[str]) -> dict[str, object]:
        """Return what a text of HOW may mention; letters that need a word go into `where`."""
        op, arguments = found
        nodes = self.walk.graph.nodes
        creators = nodes[step.source].creators
        other = creators[1 - step.position] if len(creators) == 2 else step.node

        def short(index: int, letter: str) -> str:
            named = self.names.in_formula(index)
            if not named:
                node = self.names[index]
                if index == step.source:
                    node = text("walk.name.made", op=quoted(op.name))
                where.append(text("walk.letter", letter=letter, node=node))
            return named or letter

        key = HOW[op.name][step.position]
        letters = op.inputs
        y = short(step.source, "y") if key in _NEEDS_Y else ""
        x = short(step.node, letters[step.position]) if key in _NEEDS_X else ""
        size = _size(self.walk.graph, step.node) // max(1, _size(self.walk.graph, step.source))
        return {
            "y": y,
            "x": x,
            "receiver": self.names[step.node],
            "other": self.names[other],
            "count": size,
            "copies": _size(self.walk.graph, step.source)
            // max(1, _size(self.walk.graph, step.node)),
            "argument": arguments[0] if arguments else "",
            "lowered": _superscript(arguments[0] - 1) if op.name == "pow" else "",
        }


_NEEDS_Y = ("walk.how.tanh", "walk.how.sigmoid", "walk.how.divisor")
_NEEDS_X = ("walk.how.divisor", "walk.how.pow")
_RAISED = str.maketrans("0123456789-.", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻·")


def quoted(name: str) -> str:
    """Return a name between backticks, at a length that can be read."""
    name = " ".join(str(name).replace("`", "'").split()) or "?"
    return f"`{name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + '…'}`"


def letters_of(code: str) -> set[str]:
    """Return the letters that an executable rule uses."""
    return set(re.findall(r"\b[a-z]\b", code))


def as_sentence(words: str) -> str:
    """Return words with a capital and a full stop."""
    words = words.strip()
    return _capital(words if words.endswith((".", "!", "?")) else words + ".")


def _called(node: object) -> str:
    """Return an operation's name without its arguments; of a leaf, its kind."""
    if node.op is None:
        return text(f"kind.{node.kind}")
    found = find_op(node.op)
    return found[0].name if found else node.op


def _unnamed(node: object) -> str:
    return text("walk.name.parameter" if node.kind == "parameter" else "walk.name.input")


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _listed(words: list[str]) -> str:
    if len(words) < 2:
        return "".join(words)
    return text("walk.and", first=", ".join(words[:-1]), last=words[-1])


def _superscript(exponent: float) -> str:
    return "" if exponent == 1 else f"{exponent:g}".translate(_RAISED)


def _size(graph: object, index: int) -> int:
    return int(np.prod(graph.nodes[index].shape))


def _sum(a: object, b: object) -> object:
    try:
        return np.add(a, b)
    except (TypeError, ValueError):
        return None


def _same(a: object, b: object) -> bool:
    if a is None or b is None:
        return False
    try:
        return bool(np.allclose(a, b, rtol=1e-9, atol=0, equal_nan=True))
    except (TypeError, ValueError):
        return False
