"""Whether a user handed its gradient on while some of it was still to come."""
from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, product
from typing import TypeAlias

import numpy as np

from gradwidgets.engine.verdict.cause import Suspect
from gradwidgets.engine.verdict.causes import EARLY
from gradwidgets.engine.verdict.evidence import Edge, Evidence, total

MOST_GUESSES = 3000
"""As many ways in which the parts may have come are tried."""


_Term: TypeAlias = tuple[Edge, int, np.ndarray]
"""Which edge, whose part, what it comes to."""


def early(evidence: Evidence, index: int) -> Iterator[Suspect]:
    """A user handed its gradient on while some of it was still to come."""
    terms: list[_Term] = []
    counts: list[int] = []  # for each term: how many parts its user has
    for share in evidence.shares[index]:
        parts = evidence.shares[share.edge[0]]
        handed = [evidence.handed(share.edge, part.value) for part in parts]
        pieces = [piece for piece in handed if piece is not None]
        if len(parts) < 2 or len(pieces) < len(parts):
            terms.append((share.edge, -1, share.value))
            counts.append(1)
            continue
        for part, piece in zip(parts, pieces):
            terms.append((share.edge, part.edge[0], piece))
            counts.append(len(parts))
    if not any(count > 1 for count in counts):
        return
    found = _times(evidence, index, terms, counts)
    if not found:
        return
    times = found[0]
    edges = list(dict.fromkeys(edge for edge, _, _ in terms))
    for edge in edges:
        own = [(who, number) for (other, who, _), number in zip(terms, times) if other == edge]
        if any(number != 1 for _, number in own):
            most = max(number for _, number in own)
            arrived = tuple(dict.fromkeys(who for who, number in own if number == most))
            if len(found) > 1:
                arrived = ()  # where two parts are equal, the numbers do not tell which was in
            yield Suspect(EARLY, edge, arrived=arrived, repeated=most > 1,
                          holds=lambda other: _holds_early(evidence, other))
            return


def _holds_early(evidence: Evidence, index: int) -> bool | None:
    if evidence.right(index):
        return None
    return any(True for _ in early(evidence, index)) or None


def _times(evidence: Evidence, index: int, terms: list[_Term], counts: list[int]
           ) -> list[tuple[int, ...]]:
    """Return how often each term went into the gradient, for each way that explains it.

    A user that hands on its sum so far with each arrival hands the first part on several times. All
    parts of one user the same number of times is not early, and no part at all is not either. Only
    the ways with the fewest repetitions are returned.
    """
    got = evidence.nodes[index].grad
    if got is None or any(value.shape != got.shape for _, _, value in terms):
        return []

    def fits(times: tuple[int, ...]) -> bool:
        per_edge: dict[Edge, list[int]] = {}
        for (edge, _, _), number in zip(terms, times):
            per_edge.setdefault(edge, []).append(number)
        if all(len(set(numbers)) == 1 for numbers in per_edge.values()):
            return False
        if any(max(numbers) == 0 or (len(set(numbers)) == 1 and numbers[0] != 1)
               for numbers in per_edge.values()):
            return False
        return evidence.agrees(index, total([number * value for (_, _, value), number
                                             in zip(terms, times)]))

    flat = np.array([value.ravel() for _, _, value in terms]).T
    if got.size >= len(terms) and np.isfinite(flat).all() and np.isfinite(got).all():
        if np.linalg.matrix_rank(flat) == len(terms):
            solved = np.linalg.lstsq(flat, got.ravel().astype(np.float64), rcond=None)[0]
            times = tuple(int(round(number)) for number in solved)
            return [times] if min(times) >= 0 and fits(times) else []
    # One user that is too early is likelier than several at once.
    edges = list(dict.fromkeys(edge for edge, _, _ in terms))
    for suspected in [[edge] for edge in edges] + [edges]:
        choices = [range(count + 1) if count > 1 and edge in suspected else (1,)
                   for (edge, _, _), count in zip(terms, counts)]
        ways: dict[int, list[tuple[int, ...]]] = {}
        for times in islice(product(*choices), MOST_GUESSES):
            if fits(times):
                ways.setdefault(sum(max(number - 1, 0) for number in times), []).append(times)
        if ways:  # a part left out is likelier than one that counts three times
            return ways[min(ways)]
    return []
