"""An experiment as an answer: it is trained, and what keeps it from the target is said."""

from __future__ import annotations

import pytest

from gradwidgets import Spec
from gradwidgets.lessons import progress
from gradwidgets.lessons.check.attempt import blank
from gradwidgets.lessons.check.outcome import Outcome
from gradwidgets.lessons.check.reach import Reach


@pytest.fixture(autouse=True)
def directory(monkeypatch, tmp_path):
    monkeypatch.setenv(progress.DIRECTORY, str(tmp_path))


def reach(**changes: object) -> Reach:
    start = Spec(data="gauss", output_activation="Linear")
    settings = {
        "start": start, "target": 0.1, "epochs": 20, "parameters": 100, "batch": 5,
        "hints": [], "solution": "", "praise": "There.",
    }  # fmt: skip
    return Reach("12.q2", "t", "s", **(settings | changes))


def test_a_spec_that_reaches_the_target_is_right_and_told_with_its_numbers():
    report = reach().check(reach().start)
    assert report.outcome is Outcome.RIGHT
    assert report.message == "There."
    assert report.result.got.endswith("after 10 epochs, with 17 parameters")


def test_a_training_that_breaks_down_is_told_with_a_rate_to_try():
    report = reach().check(reach().start.replace(learning_rate=10))
    assert report.outcome is Outcome.NOT_YET
    assert report.message.startswith("The training broke down.")
    assert "learning rate 10" in report.message


def test_what_is_shared_by_all_must_not_be_changed():
    assert "Leave `noise` at 0" in reach().check(reach().start.replace(noise=10)).message


def test_a_training_that_takes_too_long_is_stopped():
    report = reach(seconds=0.5, epochs=10**6, target=0.0).check(reach().start)
    assert report.outcome is Outcome.NOT_YET
    assert "After 0.5 seconds the training was not over" in report.message


@pytest.mark.parametrize("nothing", [blank, None])
def test_untouched_is_not_wrong(nothing):
    assert reach().check(nothing).outcome is Outcome.NOT_ATTEMPTED


def test_something_else_cannot_be_checked():
    report = reach().check([8, 8])
    assert report.outcome is Outcome.NOT_CHECKED
    assert "`spec` is a `list`: write `spec = Spec(…)`" in report.message
