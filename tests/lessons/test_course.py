"""The course finds its lessons, in their order, and loads them when they are asked for."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import gradwidgets.lessons
from gradwidgets.lessons import course
from gradwidgets.lessons.course import Lesson

MODULE = '''
from gradwidgets.lessons.check.questions import Predict

TITLE = "Lesson {number}"
NOTEBOOK = "{number}_lesson.ipynb"
q1 = Predict("{number}.q1", "One", "1?", expected=1, because="1.", hints=[])
EXERCISES = (q1,)
'''


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A directory in the place of the one that the lessons are in."""
    monkeypatch.setattr(gradwidgets.lessons, "__path__", [str(tmp_path)])
    known = {name: sys.modules.pop(name) for name in list(sys.modules) if ".lesson_" in name}
    course.lesson.cache_clear()
    yield tmp_path
    course.lesson.cache_clear()
    for name in [name for name in sys.modules if ".lesson_" in name]:
        del sys.modules[name]
    sys.modules.update(known)


def test_lessons_come_in_the_order_of_their_numbers_and_gaps_do_no_harm(elsewhere: Path) -> None:
    for number in ("11", "03", "02"):
        (elsewhere / f"lesson_{number}.py").write_text(MODULE.format(number=number))
    for other in ("lesson_plan", "old_lesson_04", "lessons_05"):
        (elsewhere / f"{other}.py").write_text("raise AssertionError")
    found = course.lessons()
    assert [lesson.number for lesson in found] == ["02", "03", "11"]
    assert [lesson.title for lesson in found] == ["Lesson 02", "Lesson 03", "Lesson 11"]
    assert [lesson.notebook for lesson in found] == [
        "02_lesson.ipynb", "03_lesson.ipynb", "11_lesson.ipynb",
    ]
    assert [exercise.key for lesson in found for exercise in lesson.exercises] == [
        "02.q1", "03.q1", "11.q1",
    ]


def test_without_lessons_the_course_is_empty(elsewhere: Path) -> None:
    assert course.lessons() == []


def test_a_lesson_is_loaded_when_it_is_asked_for(elsewhere: Path) -> None:
    (elsewhere / "lesson_01.py").write_text(MODULE.format(number="01"))
    (elsewhere / "lesson_02.py").write_text("raise RuntimeError('loaded')")
    assert course.numbers() == ["01", "02"]
    assert isinstance(course.lesson("01"), Lesson)
    with pytest.raises(RuntimeError, match="loaded"):
        course.lesson("02")


def test_the_lessons_that_are_shipped_belong_together() -> None:
    for lesson in course.lessons():
        assert lesson.title
        assert lesson.notebook.startswith(f"{lesson.number}_")
        assert [exercise.key for exercise in lesson.exercises] == [
            f"{lesson.number}.q{place}" for place in range(1, len(lesson.exercises) + 1)
        ]
