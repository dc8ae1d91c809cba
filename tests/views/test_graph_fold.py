"""What repeats in a large graph is folded; every tensor stays in exactly one part."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradwidgets.core import Tensor
from gradwidgets.engine.graph.snapshot import Graph, snapshot
from gradwidgets.views.graph.drawing.fold import (
    MOST_BOXES,
    STRETCHES,
    Part,
    fold,
    tangle,
    why_folded,
)
from gradwidgets.views.graph.drawing.scene import build_scene, choose_detail
from tests.views.support import graph_of_step


def rounds(times: int, names: bool = False) -> Graph:
    """Return a loop of three operations a round, with a start that each round reads."""
    start = value = Tensor([0.5, -1.0], autograd=True)
    for _ in range(times):
        value = (value * 2.0 + start).tanh()
    return snapshot(value.sum(0), {"start": start} if names else None)


def irregular(count: int, seed: int = 0) -> Graph:
    """Return a graph in which nothing repeats for long."""
    rng = np.random.default_rng(seed)
    made = [Tensor([0.5, -1.0], autograd=True), Tensor([1.5, 1.0], autograd=True)]
    while len(made) < count:
        last, other = made[-1], made[-int(rng.integers(2, min(len(made), 40) + 1))]
        made.append([last + other, last * other, last - other, last.tanh(), last.sigmoid()]
                    [rng.integers(5)])  # fmt: skip
    return snapshot(made[-1])


def check_parts(graph: Graph, parts: list[Part]) -> None:
    indices = [index for part in parts for index in part.members]
    assert sorted(indices) == list(range(len(graph.nodes)))
    assert all(list(part.members) == sorted(part.members) for part in parts)
    firsts = [part.members[0] for part in parts]
    assert firsts == sorted(firsts)
    for part in parts:
        if part.kind == "one":
            assert len(part.members) == 1
        if part.kind == "repeat":
            assert part.times >= 3 and len(part.members) % part.times == 0


def test_twelve_rounds_become_one_part():
    graph = rounds(12)
    parts = fold(graph)
    check_parts(graph, parts)
    (repeat,) = [part for part in parts if part.kind == "repeat"]
    assert repeat.times == 12
    assert len(repeat.members) == 12 * 4  # × + tanh, and the constant of each round
    assert {graph.nodes[index].op for index in repeat.members} == {"mul", "add", "tanh", None}


def test_two_rounds_are_not_worth_folding():
    assert {part.kind for part in fold(rounds(2))} == {"one"}
    assert why_folded(rounds(2)) is None


def test_the_box_of_a_fold_says_how_often_and_what():
    scene = build_scene(rounds(12), "layers")
    (box,) = [box for box in scene.boxes if box.kind == "fold"]
    words = [words for _, _, _, words in box.titles]
    assert "× 12" in words and "48 tensors" in words
    assert box.says.startswith("12 times the same: × + tanh. Tensors ")


def test_layers_stay_together_and_what_is_without_one_stays_alone():
    graph = graph_of_step()
    parts = fold(graph)
    check_parts(graph, parts)
    groups = [part for part in parts if part.kind == "group"]
    assert len(groups) == len({node.group for node in graph.nodes if node.group})
    for part in groups:
        assert len({graph.nodes[index].group for index in part.members}) == 1
    assert why_folded(graph) is None


def test_ten_thousand_tensors_of_a_loop_are_one_fold():
    graph = rounds(2500)
    assert len(graph.nodes) == 10_002
    parts = fold(graph)
    check_parts(graph, parts)
    assert [part.times for part in parts if part.kind == "repeat"] == [2500]
    used, why = choose_detail(graph)
    assert used == "layers"
    assert why == "10\u2009002 tensors. What repeats is folded: × 12 means twelve times the same."


def test_ten_thousand_tensors_without_a_pattern_become_stretches():
    graph = irregular(10_000)
    parts = fold(graph)
    check_parts(graph, parts)
    assert len(parts) <= 2 * STRETCHES + 2 <= MOST_BOXES
    assert why_folded(graph) == "stretch"
    scene = build_scene(graph, "layers")
    assert any("tensors 1–" in words for box in scene.boxes for *_, words in box.titles)


def test_more_layers_than_boxes_are_not_kept_apart():
    tensors = [Tensor([1.0], autograd=True) for _ in range(MOST_BOXES + 1)]
    value = tensors[0]
    for tensor in tensors[1:]:
        value = (value + tensor).tanh()
    graph = snapshot(value, groups={f"Layer {i}": [t] for i, t in enumerate(tensors, start=1)})
    parts = fold(graph)
    check_parts(graph, parts)
    assert len(parts) < MOST_BOXES and "group" not in {part.kind for part in parts}


def test_another_operation_within_a_loop_ends_the_fold():
    value = start = Tensor([0.5], autograd=True)
    for number in range(21):
        value = value + start
        value = value.sigmoid() if number == 10 else value.tanh()
    graph = snapshot(value)
    repeats = [part for part in fold(graph) if part.kind == "repeat"]
    assert [part.times for part in repeats] == [10, 10]
    alone = [graph.nodes[part.members[0]].op for part in fold(graph) if part.kind == "one"]
    assert "sigmoid" in alone


@settings(max_examples=40)
@given(st.integers(1, 300), st.integers(0, 50))
def test_every_tensor_is_in_exactly_one_part(count, seed):
    graph = irregular(count, seed)
    check_parts(graph, fold(graph))


@pytest.mark.parametrize(
    ("creators", "expected"),
    [
        ([], 0),
        ([[], [0], [1], [2]], 0),  # a chain
        ([[], [0], [1], [2, 0]], 2),  # from the first row to the last, over two
        ([[], [], [0], [2], [3, 1]], 0),  # a leaf is drawn just above its user
    ],
)
def test_edges_over_rows_in_between_are_counted(creators, expected):
    assert tangle(creators) == expected


def test_one_tensor_is_told_as_one():
    one = Tensor([0.5, -1.0], autograd=True)
    assert choose_detail(snapshot(one))[1] == "One small tensor: every number is shown."
    assert choose_detail(snapshot(one * one))[1] == "2 small tensors: every number is shown."
