"""Curves are drawn where their numbers are, and told in words."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from gradwidgets.lessons.curves import curves


def drawn(html: str) -> dict[str, list]:
    """Return what the picture consists of: points of lines, and what is written where."""
    svg = re.search(r"<svg viewBox.*?</svg>", html, re.DOTALL)[0]
    parts = list(ElementTree.fromstring(svg).iter())
    lines = [
        [tuple(map(float, point.split(","))) for point in part.get("points").split()]
        for part in parts
        if part.tag == "polyline"
    ]
    written = {
        part.text: (float(part.get("x")), float(part.get("y")))
        for part in parts
        if part.tag == "text"
    }
    return {"lines": lines, "written": written}


def test_a_point_lies_at_its_numbers():
    picture = drawn(curves({"one": [0, 30, 50]})._repr_html_())
    (line,), written = picture["lines"], picture["written"]
    assert [round(x) for x, _ in line[1:]] == [round(written[n][0]) for n in ("1", "2")]
    assert line[2][1] < line[1][1] < line[0][1], "larger numbers are further up"
    assert line[2][1] == pytest.approx(written["50"][1] - 4, abs=0.1)


def test_on_a_log_axis_multiples_are_as_far_apart():
    picture = drawn(curves({"one": [100, 10, 1, 0.1]}, log=True)._repr_html_())
    heights = [y for _, y in picture["lines"][0]]
    apart = [after - before for before, after in zip(heights, heights[1:], strict=False)]
    assert apart == pytest.approx([apart[0]] * 3, abs=0.2)
    assert {"100", "10", "1", "0.1"} <= set(picture["written"])


def test_x_may_be_given():
    picture = drawn(curves({"path": ([4, -2, 1], [16, 4, 1])}, x="w")._repr_html_())
    (line,), written = picture["lines"], picture["written"]
    assert line[1][0] < line[2][0] < line[0][0]
    assert line[2][0] - line[1][0] == pytest.approx((line[0][0] - line[2][0]), abs=0.2)
    assert "w" in written


def test_what_leaves_the_finite_numbers_ends_there():
    (line,) = drawn(curves({"away": [1, 10, float("inf"), 3]})._repr_html_())["lines"]
    assert len(line) == 2


def test_names_are_written_as_text():
    html = curves({"<b>bold</b>": [1, 2]})._repr_html_()
    assert "<b>bold" not in html
    assert "&lt;b&gt;bold" in html


def test_curves_are_told_in_words():
    told = repr(curves({"by hand": [5.0664, 0.5], "flat": [1, 1, 1]}))
    assert told == (
        "by hand: loss from 5.066 at step 0 to 0.5 at step 1\n"
        "flat: loss from 1 at step 0 to 1 at step 2"
    )


@pytest.mark.parametrize("values", [[0.0], [0, 0, 0], [-1, -2], [1e-12, 1e-12], [1e200, 1]])
def test_any_finite_numbers_can_be_drawn(values):
    for log in (False, True):
        positive = [abs(value) or 1.0 for value in values] if log else values
        (line,) = drawn(curves({"one": positive}, log=log)._repr_html_())["lines"]
        assert len(line) == len(values)
        assert all(0 <= x <= 640 and 0 <= y <= 260 for x, y in line)
