"""What a panel shows and what the calls of an exercise say is one and the same."""

from __future__ import annotations

import numpy as np
import pytest

from gradwidgets.engine.graph.snapshot import snapshot
from gradwidgets.lessons import progress
from gradwidgets.lessons.check.outcome import Outcome, not_yet
from gradwidgets.lessons.check.questions import Predict
from gradwidgets.lessons.page import show
from gradwidgets.lessons.page.report import graph_of
from gradwidgets.lessons.page.show import ExerciseView


@pytest.fixture(autouse=True)
def directory(monkeypatch, tmp_path):
    monkeypatch.setenv(progress.DIRECTORY, str(tmp_path))


@pytest.fixture
def q1():
    return Predict("03.q1", "guess", "What is it?", expected=2, because="So.", hints=["a", "b"])


def test_a_hint_from_the_panel_and_one_from_a_call_are_counted_together(q1):
    view, other = ExerciseView(q1), ExerciseView(q1)
    q1.hint()
    assert view.panel.shown["hints"] == other.panel.shown["hints"] == ["Hint 1 (one more): a"]
    view.panel._asked("hint", None)
    assert str(q1.hint()) == "Hint 2 (the last one): b"
    assert (other.panel.shown["left"], q1.hints_given) == (0, 2)


def test_the_solution_is_asked_for_twice_wherever_that_is(q1):
    view = ExerciseView(q1)
    assert "once more" in str(q1.solution())
    assert (view.panel.shown["asked"], view.panel.shown["solution"]) == (True, None)
    view.panel._asked("solution", None)
    assert view.panel.shown["solution"]["code"] == q1.solution_text
    assert q1.solution_text in str(q1.solution())


def test_a_panel_that_is_gone_is_forgotten(q1):
    view = ExerciseView(q1)
    assert list(q1.views) == [view]
    view.close()
    assert not list(q1.views)
    q1.hint()


def test_a_graph_that_cannot_be_drawn_does_not_leave_the_panel_checking(q1, monkeypatch):
    view = ExerciseView(q1)
    monkeypatch.setattr(show, "graph_of", lambda result: 1 / 0)
    monkeypatch.setattr(q1, "worth", lambda answer: not_yet("No.", graph=object()))
    with pytest.raises(ZeroDivisionError):
        view.check("3")
    assert not view.panel.shown["busy"]
    assert view.panel.shown["outcome"] == Outcome.NOT_YET.value


@pytest.mark.parametrize("is_warning", [False, True])
def test_a_warning_is_marked_as_one(is_warning):
    class Tensor:
        data, grad, creators, creation_op = np.ones(2), np.ones(2), None, None

    graph = snapshot(Tensor(), {})
    view = graph_of(not_yet("Look.", graph=graph, node=0, is_warning=is_warning))
    page = []
    view.picture.send = lambda content, buffers=None: page.append(content)
    view.picture._handle_custom_msg({"hello": True}, [])
    assert page[0]["marks"]["wrong"] == "n0"
    assert page[0]["marks"]["warning"] is is_warning
