"""Exercises that are answered without writing code: predict a number, choose, find a node."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from gradwidgets.core.types import Foreign
from gradwidgets.lessons.cases import Names, Numbers, told
from gradwidgets.lessons.check.attempt import is_blank
from gradwidgets.lessons.check.outcome import Result, not_attempted, not_checked, not_yet, right
from gradwidgets.lessons.exercise import Exercise

NO_ANSWER = "There is no answer yet."

Puzzle: TypeAlias = tuple[Foreign, Names]
"""The tensor at the end of a graph, and what the tensors in it are called."""


class Predict(Exercise):
    """A number, or several, to be told before they are shown.

    Parameters
    ----------
    expected : numbers
    because : str
        Why it is so: said with the right answer.
    wrong : sequence of (value, str)
        Answers that come of a known mistake, and what to say about each.
    tolerance : float, default=1e-6
        How far off an answer may be, relative to the expected one.
    """

    kind = "entry"
    label = "exercise.label.prediction"

    def __init__(
        self,
        key: str,
        title: str,
        statement: str,
        *,
        expected: Numbers,
        because: str,
        wrong: Sequence[tuple[Numbers, str]] = (),
        hints: Sequence[str],
        tolerance: float = 1e-6,
    ) -> None:
        self.expected = np.array(expected, dtype=float)
        super().__init__(
            key, title, statement, hints, f"{told(np.array(expected))}\n{because}"
        )
        self.because = because
        self.wrong = tuple(wrong)
        self.tolerance = tolerance

    def worth(self, answer: Foreign) -> Result:
        if is_blank(answer):
            return not_attempted(f"{NO_ANSWER} {self._how()}")
        try:
            given = _numbers(answer)
        except ValueError as error:
            return not_checked(f"{error} {self._how()}")
        if given.size == self.expected.size and self._agrees(given, self.expected):
            if given.shape == self.expected.shape or 1 in (given.ndim, self.expected.ndim):
                return right(self.because)
        for value, message in self.wrong:
            value = np.array(value, dtype=float)
            if given.size == value.size and self._agrees(given, value):
                return not_yet(message, got=_told(given))
        if given.size != self.expected.size:
            return not_yet(
                f"That is {_count(given.size)}, but the answer has {_count(self.expected.size)}.",
                got=_told(given),
            )
        return not_yet("Not that. Go through it once more, step by step.", got=_told(given))

    def _agrees(self, given: np.ndarray, value: np.ndarray) -> bool:
        return bool(np.allclose(given.ravel(), value.ravel(), rtol=self.tolerance, atol=1e-9))

    def _how(self) -> str:
        example = "2.5" if self.expected.size == 1 else "[1, 2, 3]"
        return f"Write {_count(self.expected.size)}, for example `{example}`."


def _numbers(answer: Foreign) -> np.ndarray:
    """Return what somebody typed, or an array or tensor, as numbers; ValueError if it is none."""
    value = answer
    if isinstance(answer, str):
        text = answer.strip().replace("−", "-")
        try:
            value = ast.literal_eval(text)  # numbers and lists alone: nothing is executed
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            value = text.strip("[](){}").replace(",", " ").replace(";", " ").split()
    elif hasattr(answer, "data") and not isinstance(answer, np.ndarray):
        value = answer.data
    try:
        array = np.array(value, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"`{_short(answer)}` cannot be read as numbers.") from None
    if not array.size:
        raise ValueError("There is no number in it.")
    return array


def _told(given: np.ndarray) -> str:
    """Return numbers as somebody would type them: 3, and not 3.0, when all of them are whole."""
    whole = np.all(np.abs(given) < 2**53) and np.all(given == np.rint(given))
    return told(given.astype(int) if whole else given)


def _short(answer: Foreign) -> str:
    text = str(answer)
    return text if len(text) <= 40 else text[:40] + "…"


def _count(number: int) -> str:
    return "one number" if number == 1 else f"{number} numbers"


@dataclass(frozen=True)
class Option:
    """One of the answers to choose from, and what to say to whoever chooses it."""

    text: str
    reason: str


class Choice(Exercise):
    """A question with answers to choose from; each of them is answered with a reason.

    Parameters
    ----------
    options : mapping of str to Option
        By their letters: "a", "b", …
    answer : str
        The letter of the right one.
    """

    kind = "options"
    label = "exercise.label.answer"

    def __init__(
        self,
        key: str,
        title: str,
        statement: str,
        *,
        options: Mapping[str, Option],
        answer: str,
        hints: Sequence[str],
    ) -> None:
        best = options[answer]
        super().__init__(
            key, title, statement, hints, f"{answer}) {best.text}\n{best.reason}"
        )
        self.options = dict(options)
        self.answer = answer

    def worth(self, answer: Foreign) -> Result:
        letters = ", ".join(f"`{letter}`" for letter in self.options)
        if is_blank(answer):
            return not_attempted(f"{NO_ANSWER} Choose one of {letters}.")
        letter = str(answer).strip().lower().rstrip(").")
        if letter not in self.options:
            return not_checked(f"`{_short(answer)}` is none of the answers. Choose one of {letters}.")
        option = self.options[letter]
        return right(option.reason) if letter == self.answer else not_yet(option.reason)


class FindNode(Exercise):
    """A graph with one wrong gradient in it, which is to be found.

    Parameters
    ----------
    build : callable
    answer : str
        The name of the tensor where it first goes wrong, on the way back.
    because : str
        Why it is that one.
    wrong : mapping of str to str
        What to say of other tensors.
    """

    kind = "find"
    label = "exercise.label.find"

    def __init__(
        self,
        key: str,
        title: str,
        statement: str,
        *,
        build: Callable[[], Puzzle],
        answer: str,
        because: str,
        wrong: Mapping[str, str],
        hints: Sequence[str],
    ) -> None:
        super().__init__(key, title, statement, hints, f"{answer}\n{because}")
        self.build = build
        self.answer = answer
        self.because = because
        self.wrong = dict(wrong)

    def worth(self, answer: Foreign) -> Result:
        _, names = self.build()
        known = ", ".join(f"`{name}`" for name in names)
        if is_blank(answer):
            return not_attempted(f"{NO_ANSWER} Click a tensor in the graph, or name one of {known}.")
        name = str(answer).strip()
        if name not in names:
            return not_checked(f"There is no tensor `{_short(name)}` here. Name one of {known}.")
        if name == self.answer:
            return right(self.because)
        return not_yet(self.wrong.get(name, f"The gradient of `{name}` is not where it goes wrong."))
