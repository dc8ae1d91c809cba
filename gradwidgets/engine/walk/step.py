"""One step of a walk, with all that a page shows of it."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias, TypedDict

import numpy as np

from gradwidgets.engine.walk.formula import Part

StepKind: TypeAlias = Literal["forward", "start", "pass", "call", "error"]
FORWARD: Final = "forward"
START: Final = "start"
PASS: Final = "pass"
CALL: Final = "call"
ERROR: Final = "error"


class Detail(TypedDict, total=False):
    """More about steps of one kind only: where broadcasting was `Step.summed`, and of calls.

    ``full`` and ``over`` are told of at `Step.summed`; ``should_be`` is what our rule gives. Calls
    and callers are counted from 1; the others are as in `call.Call`.
    """

    full: np.ndarray
    over: tuple[int, ...]
    call: int
    caller: int | None
    depth: int
    before: np.ndarray | None
    after: np.ndarray | None
    waiting_before: dict[str, int]
    waiting_after: dict[str, int]
    should_be: np.ndarray | None
    line: str
    line_number: int | None


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One gradient that is handed to one tensor; of a forward walk, one value that is computed.

    Attributes
    ----------
    kind : StepKind
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
    equation : tuple of Part or str
        The rule as parts with signs between; before adding up, where `summed`.
    """

    kind: StepKind
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
    detail: Detail = field(default_factory=Detail)
    equation: tuple[Part | str, ...] = ()
