"""What comes of a check, as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TypedDict, Unpack

from gradwidgets.engine.graph.snapshot import Graph
from gradwidgets.texts import text


class Outcome(Enum):
    """How far an exercise has got."""

    NOT_ATTEMPTED = "not attempted yet"
    NOT_YET = "not yet right"
    RIGHT = "right"
    NOT_CHECKED = "could not be checked"

    @property
    def words(self) -> str:
        """What a person reads; the value is what the file of the progress keeps."""
        return text(_WORDS[self])


_WORDS = {
    Outcome.NOT_ATTEMPTED: "outcome.not_attempted",
    Outcome.NOT_YET: "outcome.not_yet",
    Outcome.RIGHT: "outcome.right",
    Outcome.NOT_CHECKED: "outcome.not_checked",
}


@dataclass(frozen=True)
class Result:
    """What a check has found.

    Attributes
    ----------
    outcome : Outcome
    message : str
        Sentences for the learner: code between backticks, emphasis between asterisks.
    case : str
        The smallest piece of code that shows what is wrong; empty when there is none.
    got, expected : str
        What came of it, and what should have.
    line : str
        The learner's own line that raised an error, with its number.
    graph : Graph or None
        The graph of the case, to be shown.
    node : int or None
        The tensor of that graph whose gradient is wrong.
    is_warning : bool
        Whether that gradient is right so far, and yet something is going to go wrong with it.
    """

    outcome: Outcome
    message: str
    case: str = ""
    got: str = ""
    expected: str = ""
    line: str = ""
    graph: Graph | None = None
    node: int | None = None
    is_warning: bool = False

    @property
    def is_right(self) -> bool:
        """Whether the exercise is done."""
        return self.outcome is Outcome.RIGHT

    def lines(self) -> list[tuple[str, str]]:
        """Return the parts below the message that have something to say, with their names."""
        parts = [
            (text("exercise.line"), self.line),
            (text("exercise.tried"), self.case),
            (text("exercise.got"), self.got),
            (text("exercise.expected"), self.expected),
        ]
        return [(name, words) for name, words in parts if words]

    def __str__(self) -> str:
        told = [f"{self.outcome.words.capitalize()}. {self.message}"]
        for name, words in self.lines():
            told.append(f"{name}:")
            told += ["    " + line for line in words.splitlines()]
        return "\n".join(told)


class Parts(TypedDict, total=False):
    """What a result tells beside its message; the fields of `Result`."""

    case: str
    got: str
    expected: str
    line: str
    graph: Graph | None
    node: int | None
    is_warning: bool


def not_attempted(message: str) -> Result:
    """Return the result of an exercise that nobody has touched."""
    return Result(Outcome.NOT_ATTEMPTED, message)


def not_yet(message: str, **parts: Unpack[Parts]) -> Result:
    """Return the result of an answer that is wrong."""
    return Result(Outcome.NOT_YET, message, **parts)


def right(message: str) -> Result:
    """Return the result of a right answer."""
    return Result(Outcome.RIGHT, message)


def not_checked(reason: str, **parts: Unpack[Parts]) -> Result:
    """Return the result of a check that could not be made."""
    return Result(Outcome.NOT_CHECKED, reason, **parts)
