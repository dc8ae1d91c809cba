"""What the page's colours become in a figure, however a theme spells them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradwidgets.views.kit.theme import Theme, on_background, parse_colour

BYTES = st.integers(0, 255)


@given(BYTES, BYTES, BYTES)
def test_every_spelling_of_a_colour_means_the_same(red, green, blue):
    spellings = [
        f"#{red:02x}{green:02x}{blue:02x}",
        f"#{red:02X}{green:02X}{blue:02X}",
        f"#{red:02x}{green:02x}{blue:02x}ff",
        f" #{red:02x}{green:02x}{blue:02x} ",
        f"rgb({red}, {green}, {blue})",
        f"rgb({red} {green} {blue})",
        f"rgba({red},{green},{blue},1)",
        f"rgb({red} {green} {blue} / 100%)",
        f"RGB({red}, {green}, {blue})",
    ]
    wanted = pytest.approx((red / 255, green / 255, blue / 255, 1.0))
    for spelling in spellings:
        assert parse_colour(spelling) == wanted, spelling


@pytest.mark.parametrize(
    ("css", "colour"),
    [
        ("#f80", (1, 0x88 / 255, 0, 1)),
        ("#f808", (1, 0x88 / 255, 0, 0x88 / 255)),
        ("rgba(0, 0, 0, 0.87)", (0, 0, 0, 0.87)),
        ("rgba(0, 0, 0, .87)", (0, 0, 0, 0.87)),
        ("rgb(255 255 255 / 12%)", (1, 1, 1, 0.12)),
        ("rgb(100%, 50%, 0%)", (1, 0.5, 0, 1)),
        ("rgb(300, -5, 127.5)", (1, 0, 0.5, 1)),
        ("rgba(1, 2, 3, 7)", (1 / 255, 2 / 255, 3 / 255, 1)),
    ],
)
def test_unusual_but_valid_colours_are_read(css, colour):
    assert parse_colour(css) == pytest.approx(colour)


@pytest.mark.parametrize(
    "css",
    ["", "white", "var(--x)", "#12", "#12345", "#ggg", "rgb()", "rgb(1,2)", "rgb(1,2,3,4,5)",
     "rgb(a,b,c)", "hsl(120, 50%, 50%)", "rgb(1,2,3", "color-mix(in srgb, red, blue)"],
)  # fmt: skip
def test_what_cannot_be_read_is_none(css):
    assert parse_colour(css) is None


@given(st.text(max_size=30))
def test_no_text_breaks_the_reading_of_colours(css):
    colour = parse_colour(css)
    assert colour is None or all(0 <= part <= 1 for part in colour)


def test_an_opaque_colour_hides_what_is_under_it():
    assert on_background("#336699", "#ff0000") == pytest.approx((0.2, 0.4, 0.6))


def test_a_translucent_colour_lets_the_background_through():
    assert on_background("rgba(0, 0, 0, 0.25)", "#ffffff") == pytest.approx((0.75, 0.75, 0.75))
    assert on_background("rgba(255, 255, 255, 0.25)", "#000") == pytest.approx((0.25, 0.25, 0.25))


def test_unreadable_colours_paint_black_on_white():
    assert on_background("chartreuse-ish", "#ffffff") == (0, 0, 0)
    assert on_background("rgba(0,0,0,0.5)", "no colour") == pytest.approx((0.5, 0.5, 0.5))


def test_a_page_that_says_nothing_is_light():
    assert Theme.of_page({}) == Theme(False, "#ffffff", "#212121", "#e0e0e0")
    assert Theme.of_page({"dark": True}) == Theme(True, "#111111", "#e0e0e0", "#424242")


def test_a_custom_theme_keeps_its_colours_and_what_cannot_be_read_gets_a_default():
    theme = Theme.of_page(
        {"dark": True, "background": "#002b36", "foreground": "papayawhip", "grid": "rgb(7 54 66)"}
    )
    assert theme.background == "#002b36"
    assert theme.foreground == "#e0e0e0"
    assert theme.grid == "rgb(7 54 66)"


def test_a_page_may_report_nonsense():
    theme = Theme.of_page({"dark": 0, "background": None, "foreground": 7, "grid": ["#fff"]})
    assert theme == Theme()
