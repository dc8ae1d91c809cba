"""Which mistakes would give exactly the wrong gradient that a tensor has.

Each way to go wrong is computed and compared. Where several explain the same numbers, the other
tensors of the graph decide: a sign that is wrong in ``mul`` is wrong wherever ``mul`` was used.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations, islice, product

import numpy as np

from gradwidgets.engine.verdict.cause import Suspect
from gradwidgets.engine.verdict.causes import (
    CAUSES,
    MISSING,
    NOT_SUMMED,
    OVERWRITTEN,
    RULE,
    SCALED,
    SHAPE,
    SHARED,
    SIGN,
    TRANSPOSED,
    Cause,
)
from gradwidgets.engine.verdict.early import MOST_GUESSES, early
from gradwidgets.engine.verdict.evidence import Edge, Evidence, total
from gradwidgets.engine.verdict.spoilt_rules import Mutant, mutants_of

MOST_WITNESSES = 300


def likeliest(evidence: Evidence, index: int) -> Suspect:
    """Return the likeliest mistake behind the wrong gradient of a node."""
    suspects = list(_suspects(evidence, index))
    if not suspects:
        return Suspect(RULE, _only_edge(evidence, index))
    if len(suspects) == 1 or suspects[0].cause == SHARED:
        return suspects[0]
    witnesses = [node.index for node in evidence.nodes if node.index not in (
        index, evidence.graph.root) and evidence.judged(node.index)]
    witnesses = witnesses[-MOST_WITNESSES:]

    def weight(suspect: Suspect) -> tuple[bool, bool, int]:
        answers = [suspect.holds(witness) for witness in witnesses]
        return (False in answers, True not in answers, CAUSES.index(suspect.cause))

    return min(suspects, key=weight)


def _only_edge(evidence: Evidence, index: int) -> Edge | None:
    shares = evidence.shares[index]
    return shares[0].edge if len(shares) == 1 else None


def _suspects(evidence: Evidence, index: int) -> Iterator[Suspect]:
    yield from _shared(evidence, index)
    yield from early(evidence, index)
    yield from _overwritten(evidence, index)
    yield from _missing(evidence, index)
    yield from _spoilt(evidence, index)
    yield from _not_summed(evidence, index)
    yield from _shape(evidence, index)
    yield from _scaled(evidence, index)


def _verdict_of(evidence: Evidence, index: int, applies: bool, value: np.ndarray | None
                ) -> bool | None:
    """Return what a node says about a mistake that would have given it `value`."""
    if not applies or value is None or evidence.agrees(index, value, evidence.expected[index]):
        return None
    if evidence.agrees(index, value):
        return True
    return False if evidence.right(index) else None


# -- the ways to go wrong ------------------------------------------------------------------------


def _shared(evidence: Evidence, index: int) -> Iterator[Suspect]:
    """Something was added in place to an array that other tensors hold too."""
    node, expected = evidence.nodes[index], evidence.should_be(index)
    if not node.shares or node.grad is None:
        return
    together = {index, *node.shares}
    edge = next(((user, place) for user in together for place, creator in
                 enumerate(evidence.nodes[user].creators) if creator in together), None)
    extras = []
    for other in node.shares:
        for user, position in evidence.users[other]:
            g = expected if user == index else (
                None if user in together else evidence.held[user])
            value = None if g is None else evidence.handed((user, position), g)
            if value is not None and value.shape == expected.shape:
                extras.append(value)
    subsets = (chosen for count in range(1, len(extras) + 1)
               for chosen in combinations(extras, count))
    added = any(evidence.agrees(index, total([expected, *chosen]))
                for chosen in islice(subsets, MOST_GUESSES))
    emptied = not node.grad.any() and expected.any()
    if added or emptied:
        yield Suspect(SHARED, edge)
    elif any(len(evidence.users[other]) > 1 for other in node.shares):
        if not any(suspect.cause != SCALED for suspect in _spoilt(evidence, index)):
            yield Suspect(SHARED, edge)


def _overwritten(evidence: Evidence, index: int) -> Iterator[Suspect]:
    """Only one of several gradients is there: each replaced the one before."""
    edge = _kept(evidence, index)
    if edge is not None:
        yield Suspect(OVERWRITTEN, edge, holds=lambda other: _holds_overwritten(evidence, other))


def _kept(evidence: Evidence, index: int) -> Edge | None:
    shares = evidence.shares[index]
    if len(shares) < 2 or evidence.right(index):
        return None
    # Of equal ones the last handed over: of the earliest user, at the last position.
    kept = [share.edge for share in shares if evidence.agrees(index, share.value)]
    return min(kept, key=lambda edge: (edge[0], -edge[1])) if kept else None


def _holds_overwritten(evidence: Evidence, index: int) -> bool | None:
    shares = evidence.shares[index]
    if len(shares) < 2:
        return None
    if evidence.right(index):
        values = [share.value for share in shares if np.any(share.value)]
        return None if len(values) < 2 else False
    return _kept(evidence, index) is not None or None


def _missing(evidence: Evidence, index: int) -> Iterator[Suspect]:
    """Some of the gradients were never handed over."""
    shares = evidence.shares[index]
    if _empty(evidence, index):
        if shares:
            edge = shares[0].edge
            yield Suspect(MISSING, edge, holds=_holds_missing(evidence, edge))
        return
    if len(shares) < 2:
        return
    kinds = {(evidence.op_name(share.edge), share.edge[1]): share.edge for share in shares}
    for kind, edge in kinds.items():
        rest = [share.value for share in shares
                if (evidence.op_name(share.edge), share.edge[1]) != kind]
        if rest and evidence.agrees(index, total(rest)):
            yield Suspect(MISSING, edge, holds=_holds_missing(evidence, edge))
    for share in shares:
        rest = [other.value for other in shares if other is not share]
        if evidence.agrees(index, total(rest)):
            yield Suspect(MISSING, share.edge)


def _empty(evidence: Evidence, index: int) -> bool:
    grad, expected = evidence.nodes[index].grad, evidence.expected[index]
    return grad is None or (grad.shape == evidence.nodes[index].shape and not grad.any()
                            and expected is not None and bool(expected.any()))


def _holds_missing(evidence: Evidence, edge: Edge) -> Callable[[int], bool | None]:
    kind = evidence.op_name(edge), edge[1]

    def holds(index: int) -> bool | None:
        shares = evidence.shares[index]
        rest = [share.value for share in shares
                if (evidence.op_name(share.edge), share.edge[1]) != kind]
        if len(rest) == len(shares):
            return None
        if rest:
            return _verdict_of(evidence, index, True, total(rest))
        if _empty(evidence, index):
            return True
        return False if evidence.right(index) and evidence.should_be(index).any() else None

    return holds


def _spoilt(evidence: Evidence, index: int) -> Iterator[Suspect]:
    """A rule has a mistake in it, for one input of an operation or for both."""
    kinds: dict[str, dict[int, Edge]] = {}
    for share in evidence.shares[index]:
        kinds.setdefault(evidence.op_name(share.edge), {}).setdefault(share.edge[1], share.edge)
    for name, edges in kinds.items():
        alone = [{position: mutant} for position in edges
                 for mutant in mutants_of(name, position)]
        both = [dict(zip(edges, pair)) for pair in
                product(*[mutants_of(name, position) for position in edges])
                if len({mutant.cause for mutant in pair}) == 1] if len(edges) > 1 else []
        for mutants in alone + both:
            for value, cause in _with_mutants(evidence, index, name, mutants):
                if evidence.agrees(index, value) and not evidence.right(index):
                    position = next(iter(mutants))
                    yield Suspect(cause, edges[position], mutants[position],
                                  holds=_holds_spoilt(evidence, name, mutants))


def _with_mutants(evidence: Evidence, index: int, name: str, mutants: dict[int, Mutant]
                  ) -> list[tuple[np.ndarray | None, Cause]]:
    values: list[np.ndarray] = []
    cause: Cause | None = None
    for share in evidence.shares[index]:
        mutant = mutants.get(share.edge[1]) if evidence.op_name(share.edge) == name else None
        if mutant is None:
            values.append(share.value)
            continue
        spoilt = evidence.spoilt(share.edge, mutant)
        if not spoilt:
            return []
        value, cause = spoilt[0]
        values.append(value)
    return [] if cause is None else [(total(values), cause)]


def _holds_spoilt(evidence: Evidence, name: str, mutants: dict[int, Mutant]
                  ) -> Callable[[int], bool | None]:
    def holds(index: int) -> bool | None:
        values = _with_mutants(evidence, index, name, mutants) if evidence.shares[index] else []
        return _verdict_of(evidence, index, bool(values), values[0][0] if values else None)

    return holds


def _not_summed(evidence: Evidence, index: int) -> Iterator[Suspect]:
    """What broadcasting had repeated was not added up."""
    for share in evidence.shares[index]:
        rest = [other.value for other in evidence.shares[index] if other is not share]
        for value in evidence.not_summed(share.edge):
            if evidence.agrees(index, total([value, *rest])):
                yield Suspect(NOT_SUMMED, share.edge)
                break


def _shape(evidence: Evidence, index: int) -> Iterator[Suspect]:
    """The numbers may be right, the shape is not."""
    got, expected = evidence.nodes[index].grad, evidence.should_be(index)
    if got is None or got.shape == expected.shape:
        return
    if got.ndim == 2 and expected.ndim == 2 and evidence.agrees(index, expected, got.T):
        yield Suspect(TRANSPOSED, _only_edge(evidence, index))
    else:
        yield Suspect(SHAPE, _only_edge(evidence, index))


def _scaled(evidence: Evidence, index: int) -> Iterator[Suspect]:
    """Every entry is too large by the same factor."""
    got, expected = evidence.nodes[index].grad, evidence.should_be(index)
    if got is None or got.shape != expected.shape or not np.isfinite(got).all():
        return
    square = float(np.sum(expected * expected))
    if square == 0:
        return
    factor = float(np.sum(got * expected)) / square
    if factor == 0 or not evidence.agrees(index, factor * expected):
        return
    # A single number is a multiple of any other: there only a plain factor tells anything.
    plain = any(abs(each - round(each)) < 1e-6 and round(each) != 0
                for each in (abs(factor), 1 / abs(factor)))
    varied = expected.size > 2 and np.ptp(np.abs(expected)) > 1e-6 * float(np.abs(expected).max())
    if plain or varied:
        yield Suspect(SIGN if abs(factor + 1) < 1e-9 else SCALED, _only_edge(evidence, index),
                      factor=factor)
