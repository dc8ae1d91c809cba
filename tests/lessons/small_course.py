"""A course of two small lessons, for the tests of what surrounds the exercises."""

from __future__ import annotations

from gradwidgets.lessons.cases import Case
from gradwidgets.lessons.check.questions import Predict
from gradwidgets.lessons.code import Code, Task
from gradwidgets.lessons.course import Lesson


def _double(number: float) -> float:
    return 2 * number


def lessons() -> list[Lesson]:
    """Return two lessons, with exercises nobody has touched."""
    write = Code(
        "01.q1",
        "Double it",
        "Write a function `double` that returns twice its number.",
        task=Task("double", _double, [Case("", ("double(3)",)), Case("", ("double(-2.5)",))]),
        hints=["Multiply."],
        solution="def double(number):\n    return 2 * number",
        praise="Twice as much.",
    )
    predict = Predict(
        "01.q2",
        "Twice three",
        "What does `double(3)` return?",
        expected=6,
        because="2 · 3 = 6.",
        hints=["Add it to itself."],
    )
    count = Predict(
        "02.q1",
        "Count the children",
        "How many users has `x` in `x * x`?",
        expected=2,
        because="Each place counts.",
        hints=["Count the arrows."],
    )
    return [
        Lesson("01", "Numbers", "01_numbers.ipynb", (write, predict)),
        Lesson("02", "Used twice", "02_used_twice.ipynb", (count,)),
    ]
