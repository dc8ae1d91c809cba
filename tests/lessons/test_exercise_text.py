"""What a learner reads of an exercise where no widget can be drawn, and in the output of a cell."""

from __future__ import annotations

import pytest

from gradwidgets.lessons.check.outcome import not_yet
from gradwidgets.lessons.page.report import Words, result_html, with_code
from gradwidgets.lessons.page.show import ExerciseView
from tests.lessons.small_course import lessons

# As it is written, and as HTML. The panel of an exercise must write the same.
WRITTEN = {
    "Look at `a + b` once more.": "Look at <code>a + b</code> once more.",
    "It knows *how* it was made.": "It knows <em>how</em> it was made.",
    "*All* of them, (*each* one), *not* *here*: *b*.": (
        "<em>All</em> of them, (<em>each</em> one), <em>not</em> <em>here</em>: <em>b</em>."
    ),
    "*Two words*, and `x * y * z` and `f(*a, *b)`.": (
        "<em>Two words</em>, and <code>x * y * z</code> and <code>f(*a, *b)</code>."
    ),
    "2 * 3 * 4, a*b*c, 5*, **kwargs and **both** stay.": (
        "2 * 3 * 4, a*b*c, 5*, **kwargs and **both** stay."
    ),
    "*<b>* & <i>*no*</i> `<u>`": (
        "<em>&lt;b&gt;</em> &amp; &lt;i&gt;<em>no</em>&lt;/i&gt; <code>&lt;u&gt;</code>"
    ),
    "One `backtick without *its* partner": "One `backtick without <em>its</em> partner",
    "Größe*ä*ö and *é*.": "Größe*ä*ö and <em>é</em>.",
    "*open `x` end*": "*open <code>x</code> end*",
}


@pytest.mark.parametrize("text", WRITTEN)
def test_code_and_emphasis_are_written_as_html_and_all_else_is_escaped(text: str):
    assert with_code(text) == WRITTEN[text]
    assert WRITTEN[text] in result_html(not_yet(text))
    assert WRITTEN[text] in Words(text)._repr_html_()


def test_the_text_of_an_exercise_is_told_whole():
    view = ExerciseView(lessons()[0].exercises[0])
    assert view._repr_mimebundle_()["text/plain"] == (
        "Exercise 01.q1: Double it\nWrite a function `double` that returns twice its number.\n"
        "q1.check(…), q1.hint(), q1.solution()"
    )


def test_a_case_of_an_expression_alone_is_told_without_an_empty_line():
    result = lessons()[0].exercises[0].examine(lambda number: number + 2)
    assert "Tried:\n    double(3)\nGot:\n    5\n" in str(result)
