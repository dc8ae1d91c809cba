"""The answers that the exercises are tried on: one file of data for each lesson, in `answers`.

Each is a module `lesson_03.py` with two dictionaries, by the exercise's name:

RIGHT : {"q1": [code, ...]}
    Other right ways to write it (or other right answers), besides the exercise's own solution.
WRONG : {"q1": [(code, message), ...]}
    Wrong ones, and a piece of the message that each has to be told.

Code is that of the learner's cell. It finds what the lesson's notebook imports at its top.
"""

from __future__ import annotations

import itertools
import linecache
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

import numpy as np

from gradwidgets.lessons import steps as all_steps
from gradwidgets.lessons.check import attempt
from gradwidgets.lessons.code import Code
from gradwidgets.lessons.exercise import Exercise

HERE = Path(__file__).parent
NUMBERS = sorted(file.stem[-2:] for file in (HERE / "answers").glob("lesson_*.py"))

_cells = itertools.count(1)


def lesson(number: str) -> ModuleType:
    """Return the lesson with this number."""
    return import_module(f"gradwidgets.lessons.lesson_{number}")


def answers(number: str) -> ModuleType:
    """Return the answers that a lesson is tried on."""
    return import_module(f"tests.lessons.answers.lesson_{number}")


def exercises() -> Iterator[Exercise]:
    """Yield the exercises of all lessons, in order."""
    for number in NUMBERS:
        yield from lesson(number).EXERCISES


def value(exercise: Code, code: str) -> object:
    """Run the learner's cell; return what it calls by the name that the exercise asks for."""
    names = {name: getattr(all_steps, name) for name in all_steps.__all__}
    space = {"np": np, attempt.BLANK: attempt.blank, "__name__": "__main__", **names}
    space |= {name: part for name, part in exercise.task.names.items() if name not in space}
    filename = f"<ipython-input-{next(_cells)}>"
    linecache.cache[filename] = (len(code), None, code.splitlines(keepends=True), filename)
    exec(compile(code, filename, "exec"), space)
    return space[exercise.task.name]
