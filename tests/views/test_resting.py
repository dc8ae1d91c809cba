"""A widget that no page shows lets go of its models and figures, and comes back as it was."""

from __future__ import annotations

import asyncio
import gc
import weakref

import ipywidgets
import numpy as np
import pytest
from ipywidgets.widgets.widget import _instances

import gradwidgets
from gradwidgets.core import Tensor
from gradwidgets.engine.experiment.spec import Spec
from gradwidgets.views.graph.view import GraphView
from gradwidgets.views.kit import resting
from gradwidgets.views.walk.stepper import BackwardStepper
from gradwidgets.views.watch.screen import WatchScreen
from tests.views.support import on_a_loop, until

VIEW = "application/vnd.jupyter.widget-view+json"
ASK = {"ask": "still"}


@pytest.fixture(autouse=True)
def soon(monkeypatch):
    """Let a page leave and answer within moments, and what is never shown wait for long."""
    monkeypatch.setattr(resting, "LEFT_ALONE_AFTER", 0.002)
    monkeypatch.setattr(resting, "ANSWER_WITHIN", 0.002)
    monkeypatch.setattr(resting, "UNSHOWN_AFTER", 1000.0)


@pytest.fixture
def registered():
    """Return how many widgets ipywidgets holds beside those that were there before."""
    gc.collect()
    before = set(_instances)
    return lambda: len(set(_instances) - before)


def says(widget, **content):
    """Say something as the page does that shows the widget."""
    widget._handle_custom_msg(content, [])


def leave(widget):
    """Show a widget on a page, and take it away again."""
    bundle = widget._repr_mimebundle_()
    says(widget, **ASK)
    says(widget, left=True)
    return bundle[VIEW]["model_id"]


def tensor():
    x = Tensor([0.3, -0.7], autograd=True)
    return x.tanh() * x


WIDGETS = {
    "playground": gradwidgets.Playground,
    "playground with parts left out": lambda: gradwidgets.Playground(
        hide=["data", "loss_plot", "share"], cover=["output"]),
    "graph": lambda: GraphView(tensor()),
    "walk": lambda: BackwardStepper(tensor()),
}


@pytest.mark.parametrize("make", WIDGETS.values(), ids=WIDGETS.keys())
def test_what_nobody_sees_leaves_no_model_behind_and_opens_them_all_again(registered, make):
    async def body():
        widget = make()
        count = registered()
        number = leave(widget)
        await until(lambda: widget.resting)
        assert registered() == 0
        assert widget._repr_mimebundle_()[VIEW]["model_id"] == number
        assert not widget.resting
        assert registered() == count
        widget.close()
        assert registered() == 0

    on_a_loop(body)


def test_a_playground_is_there_again_as_it_was():
    async def body():
        playground = gradwidgets.Playground(Spec(data="xor"))
        playground._control_changed("noise", 10)  # something to undo
        playground.train(120)
        playground._control_changed("learning_rate", 0.03)
        playground._control_changed("log_axis", True)
        playground.walk_step()
        weights = [each.data.copy() for each in playground.trainer.parameters]
        line, status = playground.screens.status, playground.screens.status.line
        leave(playground)
        await until(lambda: playground.resting)
        assert playground._walk_place.stepper is None  # a walk is of one moment, and is over
        playground._repr_mimebundle_()
        assert playground.screens.status is line and line.line == status
        for before, after in zip(weights, playground.trainer.parameters, strict=True):
            assert np.array_equal(before, after.data)
        assert playground.trainer.learning_rate == 0.03 and playground.screens.log
        sent = []
        playground.screens.loss.send = lambda content, buffers=None: sent.append(content["alt"])
        says(playground.screens.loss, hello=True)
        await until(lambda: sent)
        assert "The train loss went from" in sent[0]
        playground.undo()
        assert playground.spec.noise == 0
        playground.close()

    on_a_loop(body)


def test_figures_are_dropped_while_it_rests():
    async def body():
        playground = gradwidgets.Playground()
        says(playground.screens.loss, hello=True)
        await until(lambda: playground.screens.loss._figure is not None)
        figure = weakref.ref(playground.screens.loss._figure.figure)
        leave(playground)
        await until(lambda: playground.resting)
        gc.collect()
        assert figure() is None
        playground.close()

    on_a_loop(body)


def test_a_page_that_answers_keeps_it():
    async def body():
        view = GraphView(tensor())
        asked = []

        def send(content, buffers=None):
            if "anybody" in content:
                asked.append(True)
                says(view, here=True)

        view.send = send
        leave(view)
        await until(lambda: asked)
        await asyncio.sleep(0.02)
        assert not view.resting
        view.close()

    on_a_loop(body)


def test_one_that_is_shown_again_at_once_does_not_rest():
    async def body():
        view = GraphView(tensor())
        leave(view)
        says(view, **ASK)  # the cell was moved
        await asyncio.sleep(0.02)
        assert not view.resting
        view.close()

    on_a_loop(body)


def test_training_goes_on_until_it_is_stopped_as_unwatched():
    async def body():
        playground = gradwidgets.Playground()
        playground._repr_mimebundle_()
        says(playground, **ASK)
        playground.play()
        says(playground, left=True)
        await until(lambda: playground.audience.alone)
        assert not playground.resting and playground.pump.playing
        playground.pause()
        await until(lambda: playground.resting)
        step = playground.trainer.step_count
        playground.play()  # from code: it needs no page
        await until(lambda: playground.trainer.step_count > step)
        playground.close()

    on_a_loop(body)


@pytest.mark.parametrize("extension", [True, False])
def test_a_page_that_stays_silent_is_taken_to_have_gone_only_where_it_could_speak(extension):
    async def body():
        playground = gradwidgets.Playground()
        playground._repr_mimebundle_()
        if extension:  # of JupyterLab; Voila has none, and nothing there would wake it
            says(playground, **ASK)
        gone = []
        playground.pump.watched = lambda: not gone
        playground.play()
        await until(lambda: playground.trainer.step_count)
        gone.append(True)
        await until(lambda: not playground.pump.playing)
        await until(lambda: playground.resting or not extension)
        await asyncio.sleep(0.02)  # an answer would have been due
        assert playground.resting is extension
        playground.close()

    on_a_loop(body)


def test_what_another_widget_holds_does_not_rest(registered):
    async def body():
        view = GraphView(tensor())
        box = ipywidgets.HBox([view])
        leave(view)
        await until(lambda: view.audience.alone)
        assert not view.resting
        box.close()
        view.rest_when_alone()
        assert view.resting
        again = ipywidgets.HBox([view])  # it has to have a number there
        assert not view.resting
        again.close()
        view.close()

    on_a_loop(body)


def test_what_was_never_shown_rests_and_is_freed_with_its_last_name(registered, monkeypatch):
    monkeypatch.setattr(resting, "UNSHOWN_AFTER", 0.002)

    async def body():
        playground = gradwidgets.Playground()
        playground.train(3)
        await until(lambda: playground.resting)
        await playground._preparing
        playground.train(3)
        assert playground.trainer.step_count == 6 and registered() == 0
        trainer = weakref.ref(playground.trainer)
        del playground
        gc.collect()
        assert trainer() is None

    on_a_loop(body)


def test_whoever_was_given_its_number_may_be_showing_it(monkeypatch):
    monkeypatch.setattr(resting, "UNSHOWN_AFTER", 0.002)

    async def body():
        shown, unseen = GraphView(tensor()), GraphView(tensor())
        assert shown.model_id
        await until(lambda: unseen.resting)
        assert not shown.resting

    on_a_loop(body)


def test_a_page_wakes_it_by_its_number(monkeypatch):
    async def body():
        view = GraphView(tensor())
        number = leave(view)
        await until(lambda: view.resting)
        told = []
        monkeypatch.setattr(resting._bell, "send", told.append)
        for asked in ("f" * 32, None, ["x"], number):
            resting._ring({"content": {"data": {"wake": asked}}})
        await until(lambda: told)
        assert told == [{"awake": number}] and not view.resting
        view.close()
        resting._ring({"content": {"data": {"wake": number}}})
        await asyncio.sleep(0)
        assert told == [{"awake": number}]

    on_a_loop(body)


def test_the_screen_of_a_loop_rests_once_the_loop_is_over(registered):
    async def body():
        screen = WatchScreen()
        leave(screen)
        await until(lambda: screen.audience.alone)
        assert not screen.resting
        screen.finish()
        assert screen.resting and registered() == 0
        screen.close()

    on_a_loop(body)
