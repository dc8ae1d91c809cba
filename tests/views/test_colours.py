"""Colours that mean something are told apart by everybody, and texts on them can be read."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

import gradwidgets.views
from gradwidgets.lessons.check.outcome import Outcome
from gradwidgets.lessons.page import report
from gradwidgets.views.graph.drawing import svg as graph_svg
from gradwidgets.views.kit.theme import Theme, on_background, parse_colour

VIEWS = Path(gradwidgets.views.__file__).parent
CSS, JAVASCRIPT = ((VIEWS / name).read_text() for name in ("graph/cells.css", "graph/cells.js"))

# What each kind of eye makes of linear RGB, at full severity.
# Source: Machado, Oliveira, Fernandes, "A Physiologically-based Model for Simulation of Color
# Vision Deficiency", IEEE Transactions on Visualization and Computer Graphics 15(6), 2009, table 1.
EYES = {
    "full colour vision": np.eye(3),
    "protanopia": np.array([
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ]),
    "deuteranopia": np.array([
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ]),
    "tritanopia": np.array([
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ]),
}  # fmt: skip

# Linear sRGB to XYZ under D65, and its white. Source: IEC 61966-2-1.
TO_XYZ = np.array([
    [0.4124564, 0.3575761, 0.1804375],
    [0.2126729, 0.7151522, 0.0721750],
    [0.0193339, 0.1191920, 0.9503041],
])  # fmt: skip
WHITE = TO_XYZ.sum(axis=1)

TOLD_APART = 25  # in units of CIELAB; 2.3 is a just noticeable difference of two large patches
READABLE = 4.5  # Source: Web Content Accessibility Guidelines 2.2, success criterion 1.4.3

# JupyterLab's own values of the variables that the graph's style sheets read.
PAGES = {
    "light": {
        "--jp-layout-color0": "#ffffff",
        "--jp-content-font-color1": "rgba(0, 0, 0, 0.87)",
        "--jp-content-font-color2": "rgba(0, 0, 0, 0.54)",
    },
    "dark": {
        "--jp-layout-color0": "#111111",
        "--jp-content-font-color1": "rgba(255, 255, 255, 1)",
        "--jp-content-font-color2": "rgba(255, 255, 255, 0.7)",
    },
}


def linear(colour: object) -> np.ndarray:
    colour = np.asarray(colour, dtype=float)
    return np.where(colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4)


def seen(css: str, eye: str) -> np.ndarray:
    """Return the place of a colour in CIELAB, as an eye sees it."""
    light = np.clip(EYES[eye] @ linear(parse_colour(css)[:3]), 0, 1)
    ratio = TO_XYZ @ light / WHITE
    f = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def difference(one: str, other: str, eye: str) -> float:
    return float(np.linalg.norm(seen(one, eye) - seen(other, eye)))


def contrast(one: object, other: object) -> float:
    """Return the contrast of two opaque colours, from 1 to 21. Source: WCAG 2.2."""
    low, high = sorted(float(TO_XYZ[1] @ linear(colour)) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def css_colours(theme: str) -> dict[str, str]:
    """Return the graph's own colours in a theme, as they stand in its style sheet."""
    found: dict[str, str] = {}
    selectors = [r"\.gw-heat"]
    if theme == "dark":
        selectors.append(r'body\[data-jp-theme-light="false"\] \.gw-heat')
    for selector in selectors:
        block = re.search(rf"^{selector} \{{(.*?)^\}}", CSS, re.MULTILINE | re.DOTALL)[1]
        found |= dict(re.findall(r"--gw-([\w-]+): (#\w+);", block))
    return found


def mixed(end: str, zero: str, share: float) -> np.ndarray:
    """Return the CSS `color-mix(in srgb, end share, zero)`."""
    ends = [np.array(parse_colour(css)[:3]) for css in (end, zero)]
    return ends[0] * share + ends[1] * (1 - share)


def on(css: str, under: np.ndarray) -> tuple[float, float, float]:
    return on_background(css, "rgb({}, {}, {})".format(*(255 * under)))


def themes() -> list:
    return [pytest.param(Theme.of_page({"dark": dark}), id="dark" if dark else "light")
            for dark in (False, True)]  # fmt: skip


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize("theme", themes())
def test_minus_zero_and_plus_are_told_apart_in_figures(theme, eye):
    for one, other in (("negative", "zero"), ("zero", "positive"), ("negative", "positive")):
        assert difference(getattr(theme, one), getattr(theme, other), eye) > TOLD_APART


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize("theme", themes())
def test_train_and_test_are_told_apart_in_figures(theme, eye):
    assert difference(theme.train, theme.test, eye) > TOLD_APART


@pytest.mark.parametrize("theme", themes())
def test_curves_stand_out_from_the_background(theme):
    """Three to one is what graphics need (success criterion 1.4.11)."""
    background = on_background(theme.background, "#ffffff")
    for colour in (theme.train, theme.test):
        assert contrast(on_background(colour, theme.background), background) >= 3


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize("theme", PAGES)
def test_minus_zero_and_plus_are_told_apart_in_the_graph(theme, eye):
    colours = css_colours(theme)
    for one, other in (("minus", "zero"), ("zero", "plus"), ("minus", "plus")):
        assert difference(colours[one], colours[other], eye) > TOLD_APART


@pytest.mark.parametrize("sign", ["minus", "plus"])
@pytest.mark.parametrize("theme", PAGES)
def test_numbers_can_be_read_on_cells_of_every_strength(theme, sign):
    """On strong cells of the minus colour the text has a colour of its own."""
    colours = css_colours(theme)
    strong = float(re.search(r"const STRONG = ([\d.]+);", JAVASCRIPT)[1])
    for share in np.linspace(0, 1, 101):
        cell = mixed(colours[sign], colours["zero"], share)
        own = sign == "minus" and share > strong
        text = colours["on-minus"] if own else PAGES[theme]["--jp-content-font-color1"]
        assert contrast(on(text, cell), cell) >= READABLE, share


@pytest.mark.parametrize("end", [Theme().negative, Theme().positive])
def test_numbers_can_be_read_in_the_still_picture(end):
    for share in np.linspace(0, 1, 101):
        cell = mixed(end, Theme().zero, share)
        assert contrast(on(graph_svg.IN_CELL, cell), cell) >= READABLE, share


@pytest.mark.parametrize("theme", PAGES)
def test_symbols_can_be_read_on_their_badges(theme):
    badge = parse_colour(css_colours(theme)["badge"])[:3]
    assert contrast(on(PAGES[theme]["--jp-layout-color0"], badge), badge) >= READABLE


@pytest.mark.parametrize("theme", PAGES)
@pytest.mark.parametrize("level", [1, 2])
def test_texts_beside_the_cells_can_be_read(theme, level):
    page = np.array(parse_colour(PAGES[theme]["--jp-layout-color0"])[:3])
    assert contrast(on(PAGES[theme][f"--jp-content-font-color{level}"], page), page) >= READABLE


# What else than its colour tells it apart stands beside it: a sign, a thick line, words.
MARKED = 15

# A sign or words stand with each of these, so that even equal colours would do.
SIGNS = {
    "messages": (VIEWS / "kit/panel.js", r"SIGNS = \{(.*?)\}", {"note", "trouble", "wrong"}),
    "faults in the graph": (VIEWS / "graph/drawing.js", r"FAULT_SIGNS = \{(.*?)\}",
                            {"gw-wrong", "gw-warned"}),
    "states of a walk": (VIEWS / "graph/drawing.js", r"^const SIGNS = \{(.*?)\}",
                         {"done", "partial", "ready"}),
}  # fmt: skip


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize("theme", PAGES)
def test_what_happens_now_is_told_apart_from_numbers(theme, eye):
    colours = css_colours(theme)
    for other in ("minus", "zero", "plus", "wrong", "warned"):
        assert difference(colours["now"], colours[other], eye) > MARKED, other


@pytest.mark.parametrize("of", SIGNS)
def test_no_meaning_rests_on_colour_alone(of):
    file, pattern, names = SIGNS[of]
    block = re.search(pattern, file.read_text(), re.MULTILINE | re.DOTALL)[1]
    signs = {name: sign for name, sign in re.findall(r'"?([\w-]+)"?: "(.)"', block)}
    assert names <= set(signs)
    assert len({signs[name] for name in names}) == len(names)


def test_outcomes_of_exercises_have_signs_of_their_own():
    assert len(set(report.SIGNS.values())) == len(Outcome) == len(report.SIGNS)
