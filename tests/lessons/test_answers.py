"""Every exercise tells right from wrong, and names the mistakes that it knows."""

from __future__ import annotations

import pytest

from gradwidgets.lessons.check.outcome import Outcome
from gradwidgets.lessons.check.questions import Choice, FindNode, Predict
from gradwidgets.lessons.code import Code
from gradwidgets.lessons.exercise import Exercise
from tests.lessons.answers_of import answers, exercises, value

ALL = list(exercises())
CODE = [exercise for exercise in ALL if isinstance(exercise, Code)]
PREDICT = [exercise for exercise in ALL if isinstance(exercise, Predict)]
CHOICE = [exercise for exercise in ALL if isinstance(exercise, Choice)]
FIND = [exercise for exercise in ALL if isinstance(exercise, FindNode)]


def each(exercises: list[Exercise]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("exercise", exercises, ids=[e.key for e in exercises])


def right_answers(exercise: Code) -> list[str]:
    return [exercise.solution_text, *answers(exercise.lesson).RIGHT.get(exercise.call, [])]


def wrong_answers(exercise: Code) -> list[tuple[str, str]]:
    return answers(exercise.lesson).WRONG.get(exercise.call, [])


RIGHT = [(e, code) for e in CODE for code in right_answers(e)]
WRONG = [(e, code, message) for e in CODE for code, message in wrong_answers(e)]


@pytest.mark.parametrize(("exercise", "code"), RIGHT, ids=[e.key for e, _ in RIGHT])
def test_every_right_way_is_right(exercise, code):
    result = exercise.examine(value(exercise, code))
    assert result.is_right, str(result)
    assert result.message == exercise.praise


@pytest.mark.parametrize(
    ("exercise", "code", "message"), WRONG, ids=[e.key for e, _, _ in WRONG]
)
def test_every_mistake_is_told_in_its_own_words(exercise, code, message):
    result = exercise.examine(value(exercise, code))
    assert result.outcome is Outcome.NOT_YET, str(result)
    assert message in result.message, str(result)
    assert result.case or result.line, "the learner can see where it fails"


@each(CODE)
def test_there_are_three_right_ways_and_three_mistakes(exercise):
    assert len(right_answers(exercise)) >= 3
    assert len({code for code, _ in wrong_answers(exercise)}) >= 3


@each(CODE)
def test_every_mistake_that_is_named_is_made_in_an_answer(exercise):
    for mistake in exercise.task.mistakes:
        assert any(message in mistake.message for _, message in wrong_answers(exercise)), (
            f"no answer of {exercise.key} is told: {mistake.message}"
        )


@each(PREDICT)
def test_a_prediction_is_right_wrong_empty_or_no_number(exercise):
    assert exercise.examine(exercise.expected).is_right
    assert exercise.examine(exercise.expected.tolist()).is_right
    assert exercise.examine(str(exercise.expected.tolist())).is_right
    assert exercise.examine((exercise.expected + 17.3).tolist()).outcome is Outcome.NOT_YET
    for empty in ("", "  ", None, "____"):
        assert exercise.examine(empty).outcome is Outcome.NOT_ATTEMPTED
    assert exercise.examine("a lot").outcome is Outcome.NOT_CHECKED
    for given, message in exercise.wrong:
        result = exercise.examine(given)
        assert (result.outcome, result.message) == (Outcome.NOT_YET, message)


@each(CHOICE)
def test_every_choice_is_answered_with_its_reason(exercise):
    for letter, option in exercise.options.items():
        result = exercise.examine(letter)
        assert result.message == option.reason
        assert result.is_right == (letter == exercise.answer)
    assert exercise.examine("").outcome is Outcome.NOT_ATTEMPTED
    assert exercise.examine("z").outcome is Outcome.NOT_CHECKED


@each(FIND)
def test_the_wrong_tensor_is_found_and_others_are_not(exercise):
    _, names = exercise.build()
    assert exercise.answer in names
    for name in names:
        result = exercise.examine(name)
        assert result.is_right == (name == exercise.answer)
        assert result.message
    assert exercise.examine("").outcome is Outcome.NOT_ATTEMPTED
    assert exercise.examine("nobody").outcome is Outcome.NOT_CHECKED


@each(ALL)
def test_an_exercise_has_all_its_parts(exercise):
    assert exercise.title
    assert exercise.statement
    assert exercise.solution_text
    assert 2 <= len(exercise.hints) <= 4
    assert len(set(exercise.hints)) == len(exercise.hints)
