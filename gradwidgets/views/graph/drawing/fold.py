"""Which tensors of a large graph share a box: a layer's, what repeats, and else neighbours.

Long computations are loops: the same few operations come again and again, each time with the
results of the time before. Two tensors count as the same when operation, shape and kind agree and
their creators stand equally far back, or are one and the same tensor outside the loop. Where this
holds over several rounds in a row, the rounds become one box. The first round and the last one may
differ in what they are made of: a loop begins with something else than its own result.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from gradwidgets.engine.graph.snapshot import Graph

MOST_NODES = 1_000  # more are never drawn one by one
MOST_BOXES = 150  # more than these are folded into stretches
STRETCHES = 24  # so many, about
LONGEST_PERIOD = 256
FEWEST_ROUNDS = 3
FEWEST_NODES = 6  # that are worth folding

Folded: TypeAlias = Literal["repeat", "stretch"]
"""Why tensors without a layer share a box: they repeat, or there are too many of them."""

PartKind: TypeAlias = Literal["group", "one"] | Folded


@dataclass(frozen=True)
class Part:
    """The nodes of one box, by index in increasing order.

    kind : PartKind
    times : how often the same comes in a repeat
    """

    kind: PartKind
    members: tuple[int, ...]
    times: int = 1


def fold(graph: Graph) -> list[Part]:
    """Return the parts of a graph, in the order of their first nodes; each node is in one part.

    Groups stay together. Of the nodes without a group, what repeats is folded when there are no
    groups at all or too many boxes, and whatever then is too much becomes stretches.
    """
    members: dict[str, list[int]] = {}
    rest: list[int] = []
    for node in graph.nodes:
        if node.group is None:
            rest.append(node.index)
        else:
            members.setdefault(node.group, []).append(node.index)
    if len(members) > MOST_BOXES:
        members, rest = {}, list(range(len(graph.nodes)))
    groups = [Part("group", tuple(indices)) for indices in members.values()]
    if groups and len(groups) + len(rest) <= MOST_BOXES:
        others = [Part("one", (index,)) for index in rest]
    else:
        others = _repeats(graph, rest)
        if len(groups) + len(others) > MOST_BOXES:
            others = list(_stretches(others, len(rest)))
    return sorted(groups + others, key=lambda part: part.members[0])


def tangle(creators: Sequence[Iterable[int]]) -> int:
    """Return over how many rows in between the edges of a graph lead, when it is drawn downwards.

    This, rather than the number of boxes, decides how long a layout program takes. `creators` are
    those of each node, in topological order.
    """
    row = [0] * len(creators)
    users = [len(creators)] * len(creators)  # the upmost row of its users
    for node, its in enumerate(creators):
        row[node] = max([row[creator] + 1 for creator in its], default=0)
        for creator in its:
            users[creator] = min(users[creator], row[node])
    row = [
        at if its else max(0, upmost - 1)  # a leaf is drawn just above its first user
        for at, its, upmost in zip(row, creators, users, strict=True)
    ]
    return sum([
        max(0, row[node] - row[creator] - 1) for node, its in enumerate(creators) for creator in its
    ])  # fmt: skip


def why_folded(graph: Graph) -> Folded | None:
    """Return why tensors without a layer share boxes, or None if they do not."""
    kinds = {part.kind for part in fold(graph)}
    return "stretch" if "stretch" in kinds else "repeat" if "repeat" in kinds else None


def _stretches(parts: list[Part], count: int) -> Iterator[Part]:
    """Yield parts that follow each other as one; large repeats stand for themselves."""
    enough = -(-count // STRETCHES)
    open_: list[int] = []

    def closed() -> Iterator[Part]:
        if open_:
            yield Part("stretch" if len(open_) > 1 else "one", tuple(open_))
            open_.clear()

    for part in parts:
        if part.kind == "repeat" and len(part.members) >= enough:
            yield from closed()
            yield part
            continue
        open_.extend(part.members)
        if len(open_) >= enough:
            yield from closed()
    yield from closed()


def _repeats(graph: Graph, rest: list[int]) -> list[Part]:
    """Return the nodes of `rest` as repeats, where something repeats, and single ones."""
    same = _Sameness(graph, rest)
    free = np.ones(len(rest), dtype=bool)
    found: list[tuple[int, int, int]] = []  # start, period, times
    for _, period, start, stop in sorted(same.candidates()):
        start, stop = same.with_ends(free, *_longest(free, start, stop), period)
        times = (stop - start) // period
        if times >= FEWEST_ROUNDS and times * period >= FEWEST_NODES:
            found.append((start, period, times))
            free[start : start + times * period] = False
    parts = [
        Part("repeat", tuple(rest[start : start + period * times]), times)
        for start, period, times in found
    ]
    parts += [Part("one", (rest[place],)) for place in np.flatnonzero(free).tolist()]
    return sorted(parts, key=lambda part: part.members[0])


def _longest(free: np.ndarray, start: int, stop: int) -> tuple[int, int]:
    """Return the longest stretch between `start` and `stop` in which everything is free."""
    if free[start:stop].all():
        return start, stop
    runs = _runs(free[start:stop])
    first, last = max(runs, key=lambda run: run[1] - run[0], default=(0, 0))
    return start + first, start + last


def _runs(true: np.ndarray) -> list[tuple[int, int]]:
    """Return begin and end of every run of true values."""
    ends = np.flatnonzero(np.diff(true, prepend=False, append=False))
    return list(zip(ends[::2].tolist(), ends[1::2].tolist(), strict=True))


class _Sameness:
    """Compares every node with those that come later, one distance at a time."""

    def __init__(self, graph: Graph, rest: list[int]) -> None:
        place = {index: number for number, index in enumerate(rest)}
        kinds: dict[tuple[Hashable, ...], int] = {}
        self.kind = np.zeros(len(rest), dtype=int)
        self.operation = np.zeros(len(rest), dtype=int)  # the same, whatever the creators are
        self.back = np.zeros((2, len(rest)), dtype=int)  # how far back two creators stand, ...
        self.where = np.full((2, len(rest)), -1)  # ... and where
        for number, index in enumerate(rest):
            node = graph.nodes[index]
            kind: list[Hashable] = [node.op, node.shape, node.kind, node.autograd]
            for position, creator in enumerate(node.creators):
                made_by, at = graph.nodes[creator], place.get(creator)
                if at is None:
                    kind.append(made_by.group)
                elif not made_by.creators:  # a leaf may stand anywhere: each round has its own
                    kind.append((made_by.shape, made_by.kind))
                elif position > 1:
                    kind.append(number - at)
                else:
                    kind.append(None)
                    self.back[position, number] = number - at
                    self.where[position, number] = at
            self.kind[number] = kinds.setdefault(tuple(kind), len(kinds))
            operation = (node.op, node.shape, node.autograd, len(node.creators))
            self.operation[number] = kinds.setdefault(operation, len(kinds))

    def candidates(self) -> Iterator[tuple[int, int, int, int]]:
        """Yield (rank, period, start, stop) of what repeats; the least rank is the best."""
        count = len(self.kind)
        for period in range(1, min(LONGEST_PERIOD, count // FEWEST_ROUNDS) + 1):
            same = self.kind[period:] == self.kind[:-period]
            for back, where in zip(self.back, self.where, strict=True):
                same &= (back[period:] == back[:-period]) | (where[period:] == where[:-period])
            for start, stop in _runs(same):
                times = (stop + period - start) // period
                if times >= FEWEST_ROUNDS and times * period >= FEWEST_NODES:
                    # A longer period must gain something: every multiple of one repeats too.
                    yield 2 * period - times * period, period, start, stop + period

    def with_ends(
        self, free: np.ndarray, start: int, stop: int, period: int
    ) -> tuple[int, int]:
        """Return a stretch with a first and a last round that have the same operations."""
        operation = self.operation
        for _ in range(period if stop - start >= FEWEST_ROUNDS * period else 0):
            before = start - 1
            if start and free[before] and operation[before] == operation[before + period]:
                start = before
            if stop < len(free) and free[stop] and operation[stop] == operation[stop - period]:
                stop += 1
        return start, stop
