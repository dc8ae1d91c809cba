"""The lessons that are there, in their order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

import gradwidgets.lessons
from gradwidgets.lessons.exercise import Exercise

NAME = re.compile(r"lesson_(\d+)")


@dataclass(frozen=True)
class Lesson:
    """A lesson: its notebook, and the exercises in it.

    Attributes
    ----------
    number : str
        Two digits: "03".
    title : str
    notebook : str
        The name of its file: "03_used_twice.ipynb".
    exercises : sequence of Exercise
    """

    number: str
    title: str
    notebook: str
    exercises: Sequence[Exercise]


def numbers() -> list[str]:
    """Return the numbers of the lessons, without loading any of them."""
    found = (NAME.fullmatch(module.name) for module in iter_modules(gradwidgets.lessons.__path__))
    return sorted((match[1] for match in found if match), key=int)


@cache
def lesson(number: str) -> Lesson:
    """Return the lesson of a number: "03"."""
    module = import_module(f"gradwidgets.lessons.lesson_{number}")
    return Lesson(number, module.TITLE, module.NOTEBOOK, tuple(module.EXERCISES))


def lessons() -> list[Lesson]:
    """Return all lessons, in their order."""
    return [lesson(number) for number in numbers()]
