"""A mistake that explains a wrong gradient."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gradwidgets.engine.verdict.causes import Cause
from gradwidgets.engine.verdict.evidence import Edge
from gradwidgets.engine.verdict.spoilt_rules import Mutant


@dataclass(frozen=True, slots=True, eq=False)
class Suspect:
    """A mistake that explains a wrong gradient.

    Attributes
    ----------
    edge : the user, and its creator's position, where it happened; None where that is open
    mutant : the rule as it was perhaps written
    arrived : for "early", the users whose part had arrived when the rest was handed on
    repeated : for "early", whether some part was handed on more than once
    factor : for "scaled", how many times too large
    holds : tells of another node whether this mistake explains it: True; False where its gradient
        is right although the mistake would have spoilt it; None where it says nothing
    """

    cause: Cause
    edge: Edge | None = None
    mutant: Mutant | None = None
    arrived: tuple[int, ...] = ()
    repeated: bool = False
    factor: float = 1.0
    holds: Callable[[int], bool | None] = lambda index: None

    @property
    def user(self) -> int:
        """The user on the edge, which must not be open."""
        if self.edge is None:
            raise LookupError(f"{self.cause}: it is open where it happened")
        return self.edge[0]
