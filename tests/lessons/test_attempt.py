"""What nobody has touched is told apart from what is wrong, each in its own words."""

from __future__ import annotations

import pytest

from gradwidgets.lessons.check.attempt import blank, missing

____ = blank


class Untouched:
    def only_a_docstring(self):
        """Add."""

    def passes(self):
        pass

    def dots(self): ...

    def returns_nothing(self):
        return None

    def still_blank(self):
        self.data = ____
        return [____ for _ in range(3)]

    def blank_inside(self):
        def inner():
            return ____

        return inner()

    def written(self):
        return 1


@pytest.mark.parametrize(
    "method", ["only_a_docstring", "passes", "dots", "returns_nothing"]
)
def test_an_empty_body_is_not_an_attempt(method):
    said = missing("Tensor", Untouched, (method,))
    assert said == f"`Tensor.{method}` is still empty: write its body, and run the cell."


@pytest.mark.parametrize("method", ["still_blank", "blank_inside"])
def test_a_blank_is_not_an_attempt(method):
    assert missing("Tensor", Untouched, (method,)).startswith(
        f"There is still a `____` in `Tensor.{method}`"
    )


def test_a_method_that_is_not_there_is_not_an_attempt():
    assert "has no method `backward` yet" in missing("Tensor", Untouched, ("backward",))


def test_a_method_of_ours_is_not_an_attempt():
    from gradwidgets.lessons.check.outcome import Result

    class Mine(Result):
        pass

    told = missing("Mine", Mine, ("lines",))
    assert "still the one from before" in told
    assert told.endswith("(If you have, run that cell once more: a later one has made a new `Mine`.)")


def test_none_and_a_blank_are_not_answers():
    assert missing("answer", None) == "`answer` is `None`: put your answer there."
    assert missing("answer", blank) == "`answer` is still `____`: put your answer in its place."


def test_a_function_that_does_nothing_is_not_an_attempt():
    def update(w): ...

    assert missing("update", update) == "`update` is still empty: write its body, and run the cell."


@pytest.mark.parametrize("answer", [1, "text", Untouched, lambda: 1, 0])
def test_everything_else_is_an_attempt(answer):
    assert missing("answer", answer, ("written",)) == ""
