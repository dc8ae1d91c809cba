"""What all exercises have in common: a statement, hints, a solution, a check."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar, Literal, Protocol
from weakref import WeakSet

from gradwidgets.core.types import Foreign
from gradwidgets.engine.learner.careful import spoken
from gradwidgets.engine.learner.guard import guard
from gradwidgets.lessons import progress
from gradwidgets.lessons.check.limits import Interrupted
from gradwidgets.lessons.check.outcome import Outcome, Result, not_attempted, not_checked
from gradwidgets.lessons.page.report import Report, Words
from gradwidgets.texts import text

if TYPE_CHECKING:
    from gradwidgets.lessons.check.questions import Option


class NotRight(AssertionError):
    """An answer that is not right; raised by `check(..., strict=True)`, for whoever grades."""


class View(Protocol):
    """What shows an exercise."""

    def refresh(self) -> None:
        """Show how things stand."""


class Exercise:
    """One exercise of a lesson.

    Parameters
    ----------
    key : str
        Lesson and number: "03.q2".
    title : str
        A few words for the board.
    statement : str
        What is to be done; code stands between backticks, emphasis between asterisks.
    hints : sequence of str
        From a first nudge to nearly the solution.
    solution : str
        What is shown in the end, as code or as an answer with its reason.

    Attributes
    ----------
    kind : str
        How its panel asks for the answer; "code" takes what the notebook calls by a name.
    label : str
        The key of what stands beside the place for the answer, "" where there is none.
    options : mapping of str to Option
        The answers to choose from, by their letters, where the panel has "options".
    hints_given : int
    solution_asked : int
        How often: the first time it only asks back.
    views : set
        The panels that show it; told by `refresh` when a hint or the solution is given.
    """

    kind: ClassVar[Literal["code", "entry", "options", "find"]] = "code"
    label: ClassVar[str] = ""
    options: Mapping[str, Option] = {}

    def __init__(
        self, key: str, title: str, statement: str, hints: Sequence[str], solution: str
    ) -> None:
        self.key = key
        self.title = title
        self.statement = statement
        self.hints = tuple(hints)
        self.solution_text = solution.strip("\n")
        self.hints_given = 0
        self.solution_asked = 0
        self.views: WeakSet[View] = WeakSet()

    @property
    def call(self) -> str:
        """What the exercise is called in its notebook: "q2"."""
        return self.key.partition(".")[2]

    @property
    def lesson(self) -> str:
        """The number of its lesson, as two digits."""
        return self.key.partition(".")[0]

    def check(self, answer: Foreign = None, strict: bool = False) -> Report:
        """Check an answer, and keep what came of it in the progress file.

        Parameters
        ----------
        answer : optional
            By default what the notebook calls by the name that the exercise asks for.
        strict : bool, default=False
            Raise NotRight with the message unless the answer is right, so that a grading program
            takes note; nothing is written to the progress file then.
        """
        result = self.examine(self.given() if answer is None else answer)
        if strict:
            if not result.is_right:
                raise NotRight(str(result))
        else:
            progress.record(self.key, result.outcome)
        return Report(result)

    def examine(self, answer: Foreign | Result) -> Result:
        """Return what an answer is worth; it is not kept anywhere.

        A Result in its place, which says why there is no answer, is returned as it is.
        """
        return answer if isinstance(answer, Result) else self.worth(answer)

    def worth(self, answer: Foreign) -> Result:
        """Return what this very answer is worth."""
        raise NotImplementedError

    def given(self) -> Foreign | Result:
        """Return the answer that is there already, or a Result that says what is missing."""
        return not_attempted(text("exercise.give", call=self.call))

    def hint(self) -> Words:
        """Give the next hint; after the last one, the last one again."""
        if not self.hints:
            return Words(text("exercise.hint.none"))
        self.hints_given = min(self.hints_given + 1, len(self.hints))
        self._tell()
        return Words(self.hint_words(self.hints_given))

    def hint_words(self, number: int) -> str:
        """Return a hint with its number, and how many are left."""
        left = len(self.hints) - number
        how_many = "last" if not left else "one" if left == 1 else "many"
        hint = self.hints[number - 1]
        return text(f"exercise.hint.{how_many}", number=number, left=left, hint=hint)

    def solution(self) -> Words:
        """Show the solution; the first call only asks whether it is wanted."""
        self.solution_asked += 1
        self._tell()
        if not self.has_solution:
            return Words(text("exercise.sure", call=self.call))
        return Words(text("exercise.solution.shown"), code=self.solution_text)

    @property
    def has_solution(self) -> bool:
        """Whether the solution has been given: it is asked for twice."""
        return self.solution_asked > 1

    def _tell(self) -> None:
        for view in list(self.views):
            view.refresh()

    def _ipython_display_(self) -> None:
        from IPython.display import display

        from gradwidgets.lessons.page.show import ExerciseView  # widgets only where there is a page

        display(ExerciseView(self))

    def __repr__(self) -> str:
        return f"<Exercise {self.key}: {self.title}>"


def from_notebook(name: str) -> Foreign | Result:
    """Return what the notebook calls `name`, or a Result that says that it is not there."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    space = shell.user_ns if shell is not None else vars(sys.modules["__main__"])
    if name not in space:
        return not_attempted(text("exercise.no_name", name=name))
    value: Foreign = space[name]
    if value is None:
        return not_attempted(text("exercise.is_none", name=name))
    return value


def guarded(check: Callable[[], Result]) -> Result:
    """Return what a check finds; where it fails by itself, say so instead of raising."""
    try:
        with guard:
            return check()
    except Interrupted as error:
        return not_checked(str(error))
    except Exception as error:  # a check is ours: the learner must not meet its traceback
        words = text("exercise.failed", error=spoken(error))
        return Result(Outcome.NOT_CHECKED, words)
