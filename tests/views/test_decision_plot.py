"""The output picture: the right colour at the right place, points on top, and the same in words."""

from __future__ import annotations

import numpy as np
import pytest

from gradwidgets.core import Tensor
from gradwidgets.engine.experiment.data.drawn import make_dataset, make_inputs
from gradwidgets.engine.experiment.spec import Spec
from gradwidgets.engine.training.output import Output
from gradwidgets.engine.training.trainer import Trainer
from gradwidgets.views.kit.theme import Theme, on_background
from gradwidgets.views.pictures.decision import DecisionPlot, shades
from tests.views.support import near, pixels

LIGHT, DARK = Theme(), Theme.of_page({"dark": True})
THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
SQUARE = (-6.0, 6.0, -6.0, 6.0)
NO_POINTS = (np.zeros((0, 2)), np.zeros(0), np.arange(0), np.arange(0))


def a_map(grid: object) -> Output:
    return Output("map", grid=np.asarray(grid, dtype=float), extent=SQUARE)


def a_curve(ys: object) -> Output:
    ys = np.asarray(ys, dtype=float)
    return Output("curve", xs=np.linspace(-3.5, 3.5, len(ys)), ys=ys, extent=(-3.5, 3.5, -1.6, 1.6))


def colour_at(plot: DecisionPlot, png: bytes, x: float, y: float) -> np.ndarray:
    """Return the pixel where the point (x, y) of the domain is drawn."""
    image = pixels(png)
    column, up = plot.axes.transData.transform((x, y))
    return image[int(image.shape[0] - up), int(column)]


def shows(
    plot: DecisionPlot, png: bytes, x: float, y: float, css: str, tolerance: int = 16
) -> bool:
    """Tell whether a colour is drawn where the point (x, y) of the domain lies."""
    pixel = colour_at(plot, png, x, y)[None, None]
    return bool(near(pixel, on_background(css, plot.theme.background), tolerance).all())


@pytest.fixture
def plot():
    return DecisionPlot()


@THEMES
@pytest.mark.parametrize("output", [a_map(np.zeros((100, 100))), a_curve(np.zeros(200)),
                                    Output("none", reason="There is no picture.")])  # fmt: skip
@pytest.mark.parametrize(("width", "height", "ratio"), [(340, 250, 1), (256, 301, 2)])
def test_the_picture_has_the_pages_size_and_ratio(plot, theme, output, width, height, ratio):
    plot.set_page(width, height, ratio, theme)
    assert pixels(plot.draw(output)).shape == (height * ratio, width * ratio, 3)


@THEMES
def test_each_corner_of_the_map_has_the_colour_of_its_score(plot, theme):
    """Row 0 is below and column 0 is left: a picture upside down would look just as nice."""
    plot.set_page(340, 250, 1, theme)
    grid = np.zeros((100, 100))
    grid[:50, :50] = -1  # below, left
    grid[50:, 50:] = 1  # above, right
    png = plot.draw(a_map(grid))
    assert shows(plot, png, -3, -3, theme.negative)
    assert shows(plot, png, 3, 3, theme.positive)
    assert shows(plot, png, -3, 3, theme.zero)
    assert shows(plot, png, 3, -3, theme.zero)


def test_one_point_of_the_grid_is_drawn_where_it_lies(plot):
    grid = np.zeros((100, 100))
    grid[80:84, 10:14] = 1  # x from −4.8 to −4.3, y from 3.6 to 4.1
    png = plot.draw(a_map(grid))
    assert shows(plot, png, -4.56, 3.84, LIGHT.positive)
    assert shows(plot, png, 3.84, -4.56, LIGHT.zero)
    assert shows(plot, png, -4.56, -3.84, LIGHT.zero)


def test_a_trained_network_is_drawn_as_it_answers(plot):
    trainer = Trainer(Spec(data="gauss", learning_rate=0.01))
    trainer.train(200)
    output, data = trainer.output(), trainer.dataset
    png = plot.draw(output)
    for x, y in ((4, 4), (-4, -4), (5, 1), (-5, -1)):
        inputs = make_inputs(np.array([[x, y]], dtype=float), trainer.spec.inputs)
        answer = trainer.model.forward(Tensor(inputs)).data[0, 0]
        assert abs(answer) > 0.5
        assert shows(plot, png, x, y, LIGHT.positive if answer > 0 else LIGHT.negative, 110)
        red, _, blue = colour_at(plot, png, x, y)
        assert (blue > red) == (answer > 0)
    assert data.name == "gauss"


def test_half_a_score_is_half_way_between_the_colours():
    table = shades(LIGHT).astype(int)
    ends = [np.array(on_background(css, "#ffffff")) * 255 for css in (LIGHT.zero, LIGHT.positive)]
    assert len(table) % 2 == 1
    assert table[len(table) // 2] == pytest.approx(ends[0], abs=1)
    assert table[-1] == pytest.approx(ends[1], abs=1)
    assert table[len(table) * 3 // 4] == pytest.approx((ends[0] + ends[1]) / 2, abs=2)


@THEMES
def test_scores_that_are_not_finite_survive(plot, theme):
    plot.set_page(340, 250, 1, theme)
    grid = np.full((100, 100), np.nan)
    grid[:, :30] = -np.inf
    grid[:, 70:] = np.inf
    png = plot.draw(a_map(grid))
    assert shows(plot, png, -5, 0, theme.negative)
    assert shows(plot, png, 0, 0, theme.zero)
    assert shows(plot, png, 5, 0, theme.positive)


def test_scores_beyond_one_have_the_colours_of_the_ends(plot):
    png = plot.draw(a_map(np.full((100, 100), 7.0)))
    assert shows(plot, png, 0, 0, LIGHT.positive)


@THEMES
def test_training_points_are_filled_and_test_points_are_rings(plot, theme):
    plot.set_page(340, 250, 3, theme)
    points = np.array([[-4.0, 4.0], [4.0, 4.0], [-4.0, -4.0], [4.0, -4.0]])
    plot.set_data(points, np.array([0, 1, 0, 1]), np.array([0, 1]), np.array([2, 3]))
    png = plot.draw(a_map(np.zeros((100, 100))))
    inside = "#1b1b1b" if theme.dark else "#ffffff"
    assert shows(plot, png, -4, 4, theme.negative, 40)
    assert shows(plot, png, 4, 4, theme.positive, 40)
    assert shows(plot, png, -4, -4, inside, 60)
    assert shows(plot, png, 4, -4, inside, 60)


def test_a_map_is_square_and_a_curve_is_as_wide_as_its_place(plot):
    plot.set_page(600, 250, 1, LIGHT)
    plot.draw(a_map(np.zeros((100, 100))))
    box = plot.axes.get_window_extent()
    assert box.width == pytest.approx(box.height)
    plot.draw(a_curve(np.zeros(200)))
    assert plot.axes.get_window_extent().width > 500


@THEMES
def test_a_curve_runs_through_its_answers(plot, theme):
    plot.set_page(340, 250, 1, theme)
    data = make_dataset("sine")
    plot.set_data(data.points, data.labels, data.train[:0], data.test[:0])
    curve = a_curve(np.linspace(-1, 1, 200))
    png = plot.draw(curve)
    for x in (-3, -1, 0, 2, 3):
        assert shows(plot, png, x, x / 3.5, theme.foreground, 60)
        assert shows(plot, png, x, x / 3.5 + 0.4, theme.background, 8)


def test_the_points_of_a_curve_are_the_targets(plot):
    points, labels = np.array([[-2.0], [2.0]]), np.array([-0.9, 0.9])
    plot.set_data(points, labels, np.array([0]), np.array([1]))
    png = plot.draw(a_curve(np.zeros(200)))
    assert shows(plot, png, -2, -0.9, LIGHT.train, 40)
    assert not shows(plot, png, 2, 0.9, LIGHT.train, 40)
    assert not shows(plot, png, 2, -0.9, LIGHT.train, 40)


def test_a_curve_that_leaves_the_points_does_not_move_the_axis(plot):
    data = make_dataset("sine")
    plot.set_data(data.points, data.labels, data.train, data.test)
    plot.draw(a_curve(np.zeros(200)))
    limits = plot.axes.get_ylim()
    plot.draw(a_curve(np.linspace(-1e6, 1e6, 200)))
    assert plot.axes.get_ylim() == limits
    assert limits == pytest.approx((-1.5, 1.5), abs=0.01)


@pytest.mark.parametrize(
    "ys",
    [np.full(200, np.nan), np.where(np.arange(200) < 100, np.nan, 1.0), np.full(200, np.inf),
     np.linspace(-1e300, 1e300, 200)],
    ids=["nan", "half nan", "inf", "huge"],
)  # fmt: skip
@pytest.mark.parametrize("with_points", [False, True])
def test_curves_that_are_not_finite_survive(plot, ys, with_points):
    if with_points:
        plot.set_data(np.array([[0.0], [1.0]]), np.array([0.0, 1.0]), np.arange(2), np.arange(0))
    assert pixels(plot.draw(a_curve(ys))).shape == (250, 340, 3)
    low, high = plot.axes.get_ylim()
    assert np.isfinite([low, high]).all() and low < high


@THEMES
def test_where_there_is_no_picture_the_reason_is_written(plot, theme):
    plot.set_page(340, 250, 1, theme)
    reason = "the data have 3 columns; a picture of the output can show one or two"
    empty = pixels(plot.draw(Output("none", reason="")))
    image = pixels(plot.draw(Output("none", reason=reason)))
    written = near(image, on_background(theme.foreground, theme.background), 40)
    assert written.sum() > 200
    assert near(empty, on_background(theme.background, "#ffffff"), 4).all()
    other = pixels(plot.draw(Output("none", reason="another reason")))
    assert (image != other).any()


def test_no_points_lie_on_a_reason(plot):
    empty = DecisionPlot().draw(Output("none", reason="Why."))
    data = make_dataset("circle")
    plot.set_data(data.points, data.labels, data.train, data.test)
    plot.draw(a_map(np.zeros((100, 100))))
    assert plot.draw(Output("none", reason="Why.")) == empty


def test_a_map_comes_back_after_a_reason_and_after_a_curve(plot):
    first = plot.draw(a_map(np.ones((100, 100))))
    plot.draw(Output("none", reason="Why."))
    plot.draw(a_curve(np.zeros(200)))
    assert plot.draw(a_map(np.ones((100, 100)))) == first


def test_the_same_output_gives_the_same_bytes(plot):
    data, trainer = make_dataset("circle"), Trainer(Spec())
    pictures = []
    for _ in range(2):
        plot.set_data(data.points, data.labels, data.train, data.test)
        pictures.append(plot.draw(trainer.output()))
    trainer.train(50)
    assert pictures[0] == pictures[1] != plot.draw(trainer.output())


def test_new_data_replace_the_old_points(plot):
    data = make_dataset("circle")
    plot.set_data(data.points, data.labels, data.train, data.test)
    crowded = plot.draw(a_map(np.zeros((100, 100))))
    plot.set_data(*NO_POINTS)
    alone = plot.draw(a_map(np.zeros((100, 100))))
    assert alone == DecisionPlot().draw(a_map(np.zeros((100, 100)))) != crowded


def test_the_background_is_drawn_only_for_another_page_or_place(plot, monkeypatch):
    calls, draw = [], plot.canvas.draw
    monkeypatch.setattr(plot.canvas, "draw", lambda: (calls.append(1), draw()))
    for score in (0, 0.5, 1):
        plot.draw(a_map(np.full((100, 100), score)))
    assert len(calls) == 1
    plot.draw(Output("map", grid=np.zeros((100, 100)), extent=(0.0, 1.0, 0.0, 1.0)))
    assert len(calls) == 2
    plot.set_page(340, 250, 1, DARK)
    plot.draw(Output("map", grid=np.zeros((100, 100)), extent=(0.0, 1.0, 0.0, 1.0)))
    assert len(calls) == 3


def test_a_map_in_words_tells_the_shares_and_the_points():
    grid = np.full((100, 100), -0.5)
    grid[:37] = 0.5
    words = DecisionPlot.describe(a_map(grid), make_dataset("circle", train_share=40))
    assert words == (
        "The network says + (blue) on 37 % of the plane and − (orange) on 63 %. "
        "200 training points, 300 test points."
    )


def test_what_is_no_number_or_zero_is_neither_plus_nor_minus_in_words():
    grid = np.zeros((100, 100))
    grid[:10], grid[10:20], grid[20:50] = np.nan, np.inf, -1
    assert DecisionPlot.describe(a_map(grid), None) == (
        "The network says + (blue) on 10 % of the plane and − (orange) on 30 %."
    )


def test_a_curve_in_words_tells_its_range():
    words = DecisionPlot.describe(a_curve(np.linspace(-0.25, 12.5, 200)), make_dataset("sine"))
    assert words == (
        "The network's curve runs between −0.2500 and 12.50. "
        "250 training points, 250 test points."
    )
    half = np.where(np.arange(200) < 100, np.nan, 1.5)
    assert "between 1.5000 and 1.5000" in DecisionPlot.describe(a_curve(half), None)
    assert "between nan and nan" in DecisionPlot.describe(a_curve(np.full(200, np.nan)), None)


def test_no_picture_in_words_is_the_reason():
    assert DecisionPlot.describe(Output("none", reason="Why."), make_dataset("xor")) == "Why."
