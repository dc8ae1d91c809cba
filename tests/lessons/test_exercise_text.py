"""What a learner reads of an exercise where no widget can be drawn, and in the output of a cell."""

from __future__ import annotations

from gradwidgets.lessons.show import ExerciseView
from tests.lessons.small_course import lessons


def test_the_text_of_an_exercise_is_told_whole():
    view = ExerciseView(lessons()[0].exercises[0])
    assert view._repr_mimebundle_()["text/plain"] == (
        "Exercise 01.q1: Double it\nWrite a function `double` that returns twice its number.\n"
        "q1.check(…), q1.hint(), q1.solution()"
    )


def test_a_case_of_an_expression_alone_is_told_without_an_empty_line():
    result = lessons()[0].exercises[0].examine(lambda number: number + 2)
    assert "Tried:\n    double(3)\nGot:\n    5\n" in str(result)
