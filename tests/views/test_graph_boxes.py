"""In a box nothing overlaps, and whatever a learner calls a tensor stays inside it."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradwidgets.core import Tensor
from gradwidgets.engine.graph.snapshot import snapshot
from gradwidgets.views.graph.drawing.layout import dot_source, lay_out
from gradwidgets.views.graph.drawing.scene import (
    BADGE,
    CELL_HEIGHT,
    DETAILS,
    Box,
    Scene,
    build_scene,
)
from tests.views.support import Half, graph_of_step
from tests.views.test_graph_scene import HALVES, halves, titles

HOSTILE = {
    "markup": "<img src=x onerror=alert(1)>",
    "end of a label": '"]; evil [label="',
    "record": "{a|b}",
    "escapes": "\\N\\G\\n",
    "line breaks": "a\nb\r\nc",
    "emoji": "🔥🙂🔥🙂🔥🙂",
    "Chinese": "第一层的权重矩阵",
    "right to left": "משקל \u202eevil",
    "capitals": "WEIGHT MATRIX",
    "very long": "w" * 10_000,
    "nothing": "",
    "an id of ours": "n1",
}

# Widths of 11 px bold letters, in pixels: at most this, in the fonts that systems bring.
WIDTHS = {"narrow": 6.6, "capital": 8.4, "wide": 11.0}


def drawn_width(text: str) -> float:
    def kind(character: str) -> str:
        if ord(character) >= 0x2E80:
            return "wide"
        return "capital" if character.isupper() else "narrow"

    return sum(WIDTHS[kind(character)] for character in text)


def rectangles(box: Box) -> list[tuple[float, float, float, float]]:
    """Return left, top, right and bottom of everything in a box: its blocks and its titles."""
    found = [(b.x, b.y, b.x + b.width, b.y + b.height) for b in box.blocks]
    for x, baseline, kind, text in box.titles:
        if text:
            width = drawn_width(text)
            left = x - width if kind == "gw-signs" else x  # these end at their x
            found.append((left, baseline - 9, left + width, baseline + 2))
    return found


def check_boxes(scene: Scene) -> None:
    for box in scene.boxes:
        assert all(block.height % CELL_HEIGHT == 0 for block in box.blocks)
        inside = rectangles(box)
        for left, top, right, bottom in inside:
            assert 0 <= left and right <= box.width + 0.5, box.titles
            assert 0 <= top and bottom <= box.height + 0.5, box.titles
        for one, other in combinations(inside, 2):
            apart = (one[2] <= other[0] + 0.5 or other[2] <= one[0] + 0.5
                     or one[3] <= other[1] or other[3] <= one[1])  # fmt: skip
            assert apart, (one, other, box.titles)
        if box.badge:
            assert max(BADGE, 8 + 7.5 * len(box.badge)) <= box.width
            assert min(top for _, top, _, _ in inside) >= BADGE / 2


@pytest.mark.parametrize("detail", DETAILS)
@pytest.mark.parametrize(
    "changes",
    [{}, {"layers": ((4, "Tanh"), (64, "LeakyReLU"))}, {"layers": ((1, "Sigmoid"),) * 8},
     {"output_activation": "Softmax", "loss": "CrossEntropyLoss"},
     {"output_activation": "Sigmoid", "loss": "BCELoss", "batch_size": 1}],
)  # fmt: skip
def test_nothing_overlaps_in_the_graph_of_a_training_step(changes, detail):
    check_boxes(build_scene(graph_of_step(**changes), detail))


@pytest.mark.parametrize("detail", DETAILS)
@pytest.mark.parametrize("tensor", HALVES.values(), ids=HALVES.keys())
def test_nothing_overlaps_in_the_boxes_of_half_finished_tensors(tensor, detail):
    check_boxes(build_scene(snapshot(tensor), detail))


@settings(max_examples=50)
@given(halves(), st.sampled_from(DETAILS))
def test_nothing_overlaps_in_any_graph(tensors, detail):
    check_boxes(build_scene(snapshot(tensors[-1]), detail))


def hostile_graph(name: str) -> object:
    """Return a graph in which a name stands wherever a learner's text can stand."""
    x = Tensor(np.ones((2, 3)), autograd=True)
    y = Half(np.ones((2, 3)), x, creation_op=name or None)
    return snapshot(y, names={name: x}, groups={name or "g": [y]})


@pytest.mark.parametrize("detail", DETAILS)
@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE.keys())
def test_names_stay_inside_their_boxes(name, detail):
    check_boxes(build_scene(hostile_graph(name), detail))


@pytest.mark.parametrize("detail", DETAILS)
@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE.keys())
def test_names_never_reach_the_dot_and_it_can_be_laid_out(name, detail):
    scene = build_scene(hostile_graph(name), detail)
    assert {box.name for box in scene.boxes} == {"n0", "g0" if detail == "layers" else "n1"}
    source = dot_source(scene)
    if len(name) > 2:
        assert name not in source
    for line in source.splitlines()[1:-1]:
        assert line.split()[0] in {"graph", "node", "edge", "n0", "n1", "g0"}
    assert set(lay_out(scene).boxes) == {box.name for box in scene.boxes}


@pytest.mark.parametrize("name", [HOSTILE["markup"], HOSTILE["record"], HOSTILE["right to left"]])
def test_names_are_shown_as_they_are_written(name):
    boxes = build_scene(hostile_graph(name), "operations").boxes
    assert titles(boxes[0], "gw-title") == [name]
    assert boxes[1].badge == name
    assert boxes[0].says.startswith(name)


@pytest.mark.parametrize("detail", DETAILS)
def test_a_very_long_name_does_not_make_a_very_wide_box(detail):
    for box in build_scene(hostile_graph(HOSTILE["very long"]), detail).boxes:
        assert box.width < 1000
        assert len(box.says) > 10_000
    assert titles(box, "gw-title") == ["w" * 39 + "…"] or detail == "layers"
