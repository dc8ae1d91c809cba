"""The way through a walk, without any page."""

from __future__ import annotations

import pytest

from gradwidgets.engine.walk.build import walk_backward, walk_forward
from gradwidgets.views.walk.tour import STRETCH, Tour
from tests.views.walks import SeedNetwork, chain, diamond


def tour_of(graph):
    return Tour(walk_backward(graph), walk_forward(graph))


@pytest.fixture
def tour():
    return tour_of(SeedNetwork().graph)


def test_it_begins_at_the_first_step_and_stays_within_the_walk(tour):
    assert (tour.position, len(tour)) == (0, 20)
    assert not tour.go("previous")
    assert tour.go("next") and tour.position == 1
    assert tour.go("last") and tour.position == 19
    assert not tour.go("next")
    assert tour.go("previous") and tour.position == 18
    assert tour.go("first") and tour.position == 0


def test_any_number_leads_to_the_nearest_step(tour):
    assert tour.go_to(7) and tour.position == 7
    assert not tour.go_to(7)
    tour.go_to(1000)
    assert tour.position == 19
    tour.go_to(-3)
    assert tour.position == 0


def test_the_forward_pass_comes_before_the_backward_one(tour):
    tour.with_forward = True
    assert len(tour) == 32
    assert tour.here() == (tour.forward, 0)
    tour.go_to(12)
    assert tour.here() == (tour.backward, 0)


def test_whoever_is_under_way_stays_at_the_same_step(tour):
    tour.go_to(5)
    tour.with_forward = True
    assert tour.here() == (tour.backward, 5)
    tour.with_forward = False
    assert tour.here() == (tour.backward, 5)
    tour.with_forward = True
    tour.go_to(3)
    tour.with_forward = False
    assert tour.position == 0


def test_parts_are_the_layers_that_hand_on(tour):
    assert tour.parts() == [
        ("Loss: 1–8", 0, 7),
        ("Output: 9–14", 8, 13),
        ("Layer 1: 15–20", 14, 19),
    ]
    tour.go_to(10)
    assert tour.part() == 8


def test_parts_of_the_forward_pass_come_first(tour):
    tour.with_forward = True
    names = [name for name, _, _ in tour.parts()]
    assert names == [
        "Forward, Layer 1: 1–4",
        "Forward, Output: 5–8",
        "Forward, Loss: 9–12",
        "Loss: 13–20",
        "Output: 21–26",
        "Layer 1: 27–32",
    ]


def test_a_long_walk_without_layers_is_divided_into_stretches():
    tour = tour_of(chain(500))
    parts = tour.parts()
    assert len(tour) == 501
    assert parts[0] == (f"Steps: 1–{STRETCH}", 0, STRETCH - 1)
    assert parts[-1][2] == 500
    assert [first for _, first, _ in parts[1:]] == [last + 1 for _, _, last in parts[:-1]]


def test_a_short_walk_without_layers_is_one_part():
    assert tour_of(diamond()).parts() == [("Steps: 1–4", 0, 3)]
