"""What a class is shown: strong pictures, covers that hide, and one table of keys."""

from __future__ import annotations

import io
import json

import numpy as np
import pytest
from PIL import Image

import gradwidgets
from gradwidgets.engine.sharing.recipe import COVERABLE
from gradwidgets.playground.keys import KEYS, key_list, keys_field
from gradwidgets.views.kit.theme import Theme, on_background
from gradwidgets.views.pictures.decision import DecisionPlot
from gradwidgets.views.pictures.loss import LossPlot
from gradwidgets.views.pictures.view import FigureView
from gradwidgets.views.walk import keys as walk_keys

PAGE = {"background": "#ffffff", "foreground": "#000000", "grid": "#767676"}
STRONG = Theme.of_page({**PAGE, "strong": True})


def below(widget):
    """Yield a widget and everything that it holds on the page."""
    yield widget
    for child in getattr(widget, "children", ()):
        yield from below(child)


def on_page(playground):
    """Return all that the page is sent of a playground, as one text."""
    return "\n".join(
        json.dumps(part.get_state(), default=str, ensure_ascii=False) for part in below(playground)
    )


def drawn(theme, size=(400, 300)):
    plot = LossPlot()
    plot.set_page(*size, 1, theme)
    epoch = np.arange(20.0)
    return plot, np.asarray(Image.open(io.BytesIO(plot.draw(epoch, 1 / (1 + epoch), epoch / 20)))
                            .convert("RGB"), int)  # fmt: skip


def dark_rows(image, colour):
    """Return how many pixels have nearly this colour."""
    wanted = np.array(on_background(colour, "#ffffff")) * 255
    return int((np.abs(image - wanted).sum(axis=2) < 40).sum())


def test_in_a_classroom_curves_are_thicker_and_letters_larger():
    usual, plain = drawn(Theme.of_page(PAGE))
    strong, image = drawn(STRONG)
    assert strong.train.get_linewidth() == pytest.approx(1.4 * usual.train.get_linewidth())
    assert dark_rows(image, STRONG.train) > 1.25 * dark_rows(plain, STRONG.train)
    sizes = [plot.axes.xaxis.label.get_size() for plot in (usual, strong)]
    assert sizes == [9, pytest.approx(10.8)]
    ticks = [plot.axes.get_xticklabels()[0].get_size() for plot in (usual, strong)]
    assert ticks == [8.5, pytest.approx(10.2)]


@pytest.mark.parametrize("make", [LossPlot, DecisionPlot])
def test_large_letters_stay_inside_the_picture(make):
    plot = make()
    plot.set_page(262, 170, 1, STRONG)
    if make is DecisionPlot:
        plot.axes.set_ylim(-6, 6)
    plot.png()
    renderer = plot.canvas.get_renderer()
    whole = plot.figure.bbox
    low, high = plot.axes.get_ylim()
    ticks = [tick for tick in plot.axes.get_yticklabels() if low <= tick.get_position()[1] <= high]
    assert len(ticks) > 1
    for label in (plot.axes.xaxis.label, *ticks):
        box = label.get_window_extent(renderer)
        assert whole.x0 <= box.x0 and whole.y0 <= box.y0 and box.x1 <= whole.x1, label.get_text()


def test_a_picture_goes_back_to_the_usual_lines():
    plot, _ = drawn(STRONG)
    assert plot.set_page(400, 300, 1, Theme.of_page(PAGE))
    assert plot.train.get_linewidth() == 2
    assert not plot.set_page(400, 300, 1, Theme.of_page(PAGE))


def test_a_new_picture_is_not_strong_because_another_one_is(monkeypatch):
    monkeypatch.setattr(FigureView, "latest_theme", {})
    view = FigureView("Loss plot", LossPlot)
    view.on_page({**PAGE, "width": 300, "height": 200, "ratio": 1, "strong": True})
    assert FigureView.latest_theme == {**PAGE, "ratio": 1}


@pytest.mark.parametrize("name", ["train_loss", "test_loss"])
def test_a_covered_loss_is_nowhere_on_the_page(name):
    playground = gradwidgets.Playground(cover=["loss_plot", name])
    playground.train(30)
    value = getattr(playground.screens.last, name)
    shown = gradwidgets.views.kit.numbers.short(value)
    assert shown not in on_page(playground)
    assert f"{name.replace('_', ' ')} covered" in playground.screens.status.line
    playground.reveal(name)
    assert f"{name.replace('_', ' ')} {shown}" in playground.screens.status.line
    assert playground.recipe.cover == ("loss_plot",)


@pytest.mark.parametrize("name", ["graph", "loss_plot", "output"])
def test_a_covered_picture_is_not_on_the_page_and_training_goes_on_beneath(name):
    playground = gradwidgets.Playground(cover=[name])
    views = {"graph": playground.screens.graph, "loss_plot": playground.screens.loss,
             "output": playground.screens.output}  # fmt: skip
    assert views[name] not in set(below(playground))
    assert all(view in set(below(playground)) for key, view in views.items() if key != name)
    playground.train(10)
    assert playground.trainer.step_count == 10
    playground.reveal(name)
    assert views[name] in set(below(playground))
    assert playground.screens.last.step == 10
    assert playground.trainer.step_count == 10


def test_what_was_revealed_can_be_covered_again():
    playground = gradwidgets.Playground(cover=["output"])
    playground.reveal("output")
    playground._control_changed("cover-output", True)
    assert playground.recipe.cover == ("output",)
    assert playground.screens.output not in set(below(playground))
    playground._control_changed("reveal-output", None)
    assert playground.recipe.cover == ()


def test_each_thing_covered_has_a_button_that_reveals_it():
    playground = gradwidgets.Playground(cover=list(COVERABLE))
    text = on_page(playground)
    for name in ("train loss", "test loss", "backward graph", "loss plot", "output"):
        assert f"Reveal {name}" in text


def test_the_list_tells_every_key_of_the_playground():
    listed = [key for key, _ in key_list()]
    assert listed == [
        "Space", ".", "r", "u, Ctrl+Z", "y, Ctrl+Y", "g", "w", "c", "?",
        "→ ←", "Home, End", "Escape",
    ]  # fmt: skip
    assert all(does for _, does in key_list())
    assert keys_field(())["keys"] == KEYS


def test_what_is_left_out_has_no_key():
    assert set(keys_field(("reset", "walk", "classroom"))["keys"]) == {
        " ", ".", "u", "ctrl+z", "y", "ctrl+y", "ctrl+shift+z", "g", "?",
    }  # fmt: skip


def test_a_walk_alone_has_the_keys_of_a_class_and_one_in_a_playground_leaves_them_to_it():
    moves = {
        "ArrowRight": "next",
        "ArrowLeft": "previous",
        "Home": "first",
        "End": "last",
        " ": "play",
    }
    assert walk_keys.keys_field(alone=False)["keys"] == moves
    assert walk_keys.keys_field(alone=True)["keys"] == {**moves, "c": "classroom", "?": "keys"}
    assert [key for key, _ in walk_keys.key_list()] == ["Space", "→ ←", "Home, End", "c", "?", "Escape"]
