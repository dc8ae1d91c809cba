"""One call of a learner's ``backward``, as plain data."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """One call of a learner's ``backward``.

    Attributes
    ----------
    number : int
        Place in the order of calls, from 0.
    depth : int
        How many calls it was made inside of.
    caller : int or None
        The number of the call that it was made from; None for the first.
    node : int or None
        Whose ``backward`` it is, as an index of the trace's graph; None when it is not in there.
    sender : int or None
        Whose gradient it brings: what was passed along as the sender, else whose call it is from.
    gradient : ndarray or None
        A copy of what was passed, None when nothing was.
    before, after : ndarray or None
        Copies of the receiver's gradient: when the call began, and when the receiver had dealt with
        what arrived, that is when it made the first call of its own, or else returned.
    waiting_before, waiting_after : dict of str to int
        For each of the receiver's dictionaries that count something, such as ``children``, the sum
        of its numbers, at the same two moments.
    error : str
        The exception that ended the call, when it arose in this very call; else empty.
    line : str
        The line of the learner's code where it arose.
    line_number : int or None
    """

    number: int
    depth: int
    caller: int | None
    node: int | None
    sender: int | None
    gradient: np.ndarray | None
    before: np.ndarray | None
    after: np.ndarray | None
    waiting_before: dict[str, int]
    waiting_after: dict[str, int]
    error: str = ""
    line: str = ""
    line_number: int | None = None
