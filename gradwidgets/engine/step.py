"""One step of a walk, with all that a page shows of it."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from gradwidgets.engine.formula import Part

FORWARD, START, PASS, CALL, ERROR = "forward", "start", "pass", "call", "error"


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One gradient that is handed to one tensor; of a forward walk, one value that is computed.

    Attributes
    ----------
    kind : {'forward', 'start', 'pass', 'call', 'error'}
        "call" and "error" are calls of a learner's own ``backward``.
    node : int
        Who receives, or whose value is computed: an index of the walk's graph.
    source : int or None
        Whose gradient is handed on; None at the start and going forward.
    position : int or None
        Which of the source's creators `node` is: together the edge ``(source, position)``.
    op : str or None
        ``creation_op`` of the source; going forward, of the node.
    rule : str
        What is computed, in symbols: ``"g × (1 − y²)"``. See `Walk.letters` for the letters.
    code : str
        The same, executable with ``Op.namespace``; empty when there is none.
    reason : str
        Why the rule holds, in a sentence.
    parts : tuple of Part
        Every named quantity of the rule with its numbers: g first, then the local factors.
    summed : bool
        The rule's result was added up over the dimensions along which broadcasting had repeated
        the receiver; ``detail["full"]`` is what it was before, ``detail["over"]`` the dimensions.
    result : ndarray or None
        What is handed on, or the computed value.
    total : ndarray or None
        The receiver's sum so far, with this step.
    arrived, expected : int
        How many of the receiver's gradients are in, with this step, and how many will come.
    group : str or None
        The receiver's layer.
    note : str
        What is missing or odd; empty when nothing is.
    detail : dict
        More about steps of one kind only.
    equation : tuple of Part or str
        The rule as parts with signs between; before adding up, where `summed`.
    """

    kind: str
    node: int
    source: int | None = None
    position: int | None = None
    op: str | None = None
    rule: str = ""
    code: str = ""
    reason: str = ""
    parts: tuple[Part, ...] = ()
    summed: bool = False
    result: np.ndarray | None = None
    total: np.ndarray | None = None
    arrived: int = 0
    expected: int = 0
    group: str | None = None
    note: str = ""
    detail: dict[str, Any] = field(default_factory=dict)
    equation: tuple[Part | str, ...] = ()
