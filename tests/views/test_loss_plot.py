"""The loss plot: its size, its colours, its axes, and the same in words."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gradwidgets.views.kit.theme import Theme, on_background
from gradwidgets.views.pictures.loss import LEAST, MOST, STEPS, LossPlot, step_down, step_up
from tests.views.support import near, pixels

LIGHT, DARK = Theme(), Theme.of_page({"dark": True})
EPOCHS = np.arange(6.0)
FALLING = np.array([1.0, 0.8, 0.6, 0.5, 0.4, 0.3])
SLOWER = FALLING + 0.1
NO_TEST = np.full(6, np.nan)
NOTHING = np.array([])


def place(plot: LossPlot, epoch: float, loss: float) -> tuple[int, int]:
    """Return row and column of a point of the plot in its PNG."""
    x, y = plot.axes.transData.transform((epoch, loss))
    return round(plot.figure.bbox.height - y), round(x)


def is_drawn(plot: LossPlot, png: bytes, colour: str, epoch: float, loss: float) -> bool:
    """Tell whether a colour is to be seen within two pixels of a point of the plot."""
    row, column = place(plot, epoch, loss)
    patch = pixels(png)[max(row - 2, 0) : row + 3, max(column - 2, 0) : column + 3]
    return bool(near(patch, on_background(colour, plot.theme.background), 40).any())


@pytest.fixture
def plot():
    return LossPlot()


@pytest.fixture
def drawn(plot, monkeypatch):
    """Return a list that grows with every drawing of the background."""
    calls, draw = [], plot.canvas.draw
    monkeypatch.setattr(plot.canvas, "draw", lambda: (calls.append(1), draw()))
    return calls


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("width", "height", "ratio", "shape"),
    [
        (340, 250, 1, (250, 340)),
        (500, 300, 2, (600, 1000)),
        (401, 203, 1.5, (304, 602)),
        (10, 10, 1, (90, 120)),
        (9000, 100, 9, (300, 6000)),
    ],
)
def test_the_picture_has_the_pages_size_and_ratio(plot, theme, width, height, ratio, shape):
    plot.set_page(width, height, ratio, theme)
    image = pixels(plot.draw(EPOCHS, FALLING, SLOWER))
    assert np.abs(np.subtract(image.shape[:2], shape)).max() <= 1
    background = on_background(theme.background, "#ffffff")
    assert near(image[:3, :3], background, 4).all()


def test_a_page_that_has_not_changed_changes_nothing(plot):
    assert plot.set_page(500, 300, 2, DARK)
    assert not plot.set_page(500.2, 299.8, 2, DARK)
    assert plot.set_page(500, 300, 2, LIGHT)
    assert plot.set_page(500, 300, 1, LIGHT)


@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize("test", [SLOWER, NO_TEST], ids=["with test set", "without"])
def test_the_same_losses_give_the_same_bytes(plot, log, test):
    first = plot.draw(EPOCHS, FALLING, test, log)
    other = plot.draw(EPOCHS, FALLING * 1.3, test, log)
    assert plot.draw(EPOCHS, FALLING, test, log) == first != other
    assert LossPlot().draw(EPOCHS, FALLING, test, log) == first


@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_each_curve_runs_through_its_losses_in_its_colour(plot, theme, log):
    plot.set_page(400, 280, 1, theme)
    test = np.full(6, 0.9)
    png = plot.draw(EPOCHS, np.full(6, 0.5), test, log)
    for epoch in np.linspace(0.3, 4.7, 9):
        assert is_drawn(plot, png, theme.train, epoch, 0.5)
        assert not is_drawn(plot, png, theme.train, epoch, 0.3)
    dashes = [is_drawn(plot, png, theme.test, epoch, 0.9) for epoch in np.linspace(0.3, 2.5, 40)]
    assert 0.4 < np.mean(dashes)


def test_the_colours_follow_the_theme(plot):
    def count(theme: Theme) -> list[int]:
        plot.set_page(340, 250, 1, theme)
        image = pixels(plot.draw(EPOCHS, FALLING, SLOWER))
        return [near(image, on_background(t.train, t.background)).sum() for t in (LIGHT, DARK)]

    for _ in range(2):
        light, dark = count(LIGHT), count(DARK)
        assert light[0] > 100 and light[1] == 0
        assert dark[1] > 100 and dark[0] == 0


def test_a_custom_theme_gives_the_background(plot):
    plot.set_page(340, 250, 1, Theme.of_page({"dark": True, "background": "#002b36"}))
    image = pixels(plot.draw(EPOCHS, FALLING, SLOWER))
    assert near(image, on_background("#002b36", "#ffffff"), 4).mean() > 0.5


def test_an_empty_history_is_an_empty_plot(plot):
    image = pixels(plot.draw(NOTHING, NOTHING, NOTHING))
    assert image.shape == (250, 340, 3)
    assert plot.axes.get_xlim() == (0, 5)
    assert plot.axes.get_ylim() == (0, 1)


def test_losses_below_zero_are_within_the_axis(plot, theme=LIGHT):
    epoch, losses = np.arange(3.0), np.array([0.2, -0.3, -0.45])
    png = plot.draw(epoch, losses, np.full(3, np.nan))
    assert plot.axes.get_ylim() == (-0.5, 0.2)
    assert is_drawn(plot, png, plot.train.get_color(), 1, -0.3)
    png = plot.draw(epoch, losses - 1, np.full(3, np.nan))
    assert plot.axes.get_ylim() == (-1.5, 1)


def test_the_legend_names_only_the_curves_that_there_are(plot):
    epoch, losses = np.arange(3.0), np.ones(3)
    for test in (losses, np.full(3, np.nan), losses):
        plot.draw(epoch, losses, test)
        shown = [label.get_text() for label in plot.legend.get_texts() if label.get_visible()]
        assert shown == (["train", "test"] if np.isfinite(test).any() else ["train"])


def test_a_run_without_a_test_set_has_one_curve(plot):
    png = plot.draw(EPOCHS, FALLING, NO_TEST)
    assert is_drawn(plot, png, LIGHT.train, 2, 0.6)
    assert plot.axes.get_ylim() == (0, 1)


@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize("loss", [0.0, 1.0, 1e-12, 1e-30, 0.25, 1e6, 1e300, 1.7e308, 5e-324])
def test_constant_losses_are_drawn(plot, loss, log):
    plot.draw(EPOCHS, np.full(6, loss), NO_TEST, log)
    low, high = plot.axes.get_ylim()
    assert low < high
    assert min(loss, MOST) <= high


def test_a_log_axis_holds_zeros_at_its_foot(plot):
    losses = np.array([1.0, 0.1, 0.01, 0.0, 0.0, 0.0])
    png = plot.draw(EPOCHS, losses, NO_TEST, True)
    assert plot.axes.get_yscale() == "log"
    low, high = plot.axes.get_ylim()
    assert (low, high) == (0.01, 1)
    assert is_drawn(plot, png, LIGHT.train, 4.5, low)
    assert is_drawn(plot, png, LIGHT.train, 1, 0.1)


@given(st.floats(1e-30, 1e8), st.floats(1e-30, 1e8))
@example(1e-12, 1e-13)
def test_a_log_axis_holds_the_least_and_the_greatest_loss(one, other):
    if max(one, other) / min(one, other) < 1e9:
        losses = np.array([one, other])
        AXES.draw(np.array([0.0, 1.0]), losses, np.full(2, np.nan), True)
        low, high = AXES.axes.get_ylim()
        assert low <= losses.min() * 1.000001 and losses.max() <= high * 1.000001
        assert high >= 10 * low * 0.999


class Axes(LossPlot):
    """A plot that draws nothing: only its axes are looked at."""

    def png(self) -> bytes:
        return b""


AXES = Axes()


@given(st.floats(min_value=0, exclude_min=True, allow_infinity=False, allow_nan=False))
@example(5e-324)
@example(1.7976931348623157e308)
def test_a_step_up_is_a_round_number_not_far_above(value):
    step = step_up(value)
    within = min(max(value, LEAST), MOST)
    assert within * 0.99999 <= step <= within * 1.6
    mantissa = step / 10.0 ** math.floor(math.log10(step) + 1e-9)
    assert min(abs(mantissa - known) for known in STEPS) < 1e-6


@given(st.floats(LEAST, MOST))
def test_a_step_down_is_a_round_number_not_far_below(value):
    step = step_down(value)
    assert value / 2.6 <= step <= value * 1.000001


def test_nothing_at_all_steps_up_to_one():
    assert step_up(0.0) == step_up(-1.0) == step_up(math.nan) == 1.0


def test_the_axis_is_widened_in_steps_and_the_background_drawn_only_then(plot, drawn):
    limits = []
    for n in (*range(1, 40), *range(40, 400, 9)):
        epochs = np.arange(n, dtype=float)
        plot.draw(epochs, 1 / (1 + epochs), np.full(n, np.nan))
        limits.append(plot.axes.get_xlim())
        assert epochs[-1] <= limits[-1][1]
    assert len(drawn) == len(set(limits)) <= 20


@pytest.mark.parametrize(
    "change",
    [
        lambda plot: plot.set_page(500, 250, 1, LIGHT),
        lambda plot: plot.set_page(340, 250, 2, LIGHT),
        lambda plot: plot.set_page(340, 250, 1, DARK),
        lambda plot: plot.invalidate(),
    ],
    ids=["size", "ratio", "theme", "asked for"],
)
def test_the_background_is_drawn_again_for_another_page(plot, drawn, change):
    for _ in range(3):
        plot.draw(EPOCHS, FALLING, SLOWER)
    change(plot)
    for _ in range(3):
        plot.draw(EPOCHS, FALLING, SLOWER)
    assert len(drawn) == 2


def test_the_background_is_drawn_again_for_another_axis(plot, drawn):
    for log in (False, False, True, True, False):
        plot.draw(EPOCHS, FALLING, SLOWER, log)
        assert plot.axes.get_yscale() == ("log" if log else "linear")
    assert len(drawn) == 3


def test_the_description_tells_the_course_of_both_losses():
    words = LossPlot.describe(EPOCHS, np.array([1.0, 0.5, 0.25, 0.5, 0.6, 0.75]), SLOWER)
    assert words == (
        "The train loss went from 1.0000 to 0.7500 at epoch 5; its least was 0.2500 at epoch 2. "
        "The test loss went from 1.1000 to 0.4000 at epoch 5; its least was 0.4000 at epoch 5."
    )


def test_the_description_leaves_out_a_test_set_that_is_not_there():
    words = LossPlot.describe(np.array([0.0, 0.5]), np.array([2.0, 1.0]), np.full(2, np.nan))
    assert words == (
        "The train loss went from 2.0000 to 1.0000 at epoch 0.5; its least was 1.0000 at epoch 0.5."
    )


def test_the_description_of_nothing_says_so():
    assert LossPlot.describe(NOTHING, NOTHING, NOTHING) == "No loss has been measured yet."
    assert LossPlot.describe(EPOCHS, NO_TEST, NO_TEST) == "The train loss is not known."


def test_the_description_passes_over_what_is_not_finite():
    losses = np.array([np.inf, 4.0, np.nan, 2.0, np.inf, np.nan])
    assert LossPlot.describe(EPOCHS, losses, NO_TEST) == (
        "The train loss went from 4.0000 to 2.0000 at epoch 3; its least was 2.0000 at epoch 3."
    )


def test_losses_that_are_not_finite_are_gaps(plot):
    losses = np.array([1.0, 0.8, np.inf, np.nan, 0.4, 0.3])
    png = plot.draw(EPOCHS, losses, NO_TEST)
    assert plot.axes.get_ylim() == (0, 1)
    assert is_drawn(plot, png, LIGHT.train, 0.5, 0.9)
    assert is_drawn(plot, png, LIGHT.train, 4.5, 0.35)
    assert not is_drawn(plot, png, LIGHT.train, 3, 0.5)
