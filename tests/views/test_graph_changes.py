"""Changes that are told in few bytes are told exactly."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gradwidgets.views.graph_changes import changes
from tests.views.support import changes_in


@given(st.lists(st.tuples(st.sampled_from(["", "+1", "\u22122e-3"]), st.sampled_from(["", "+1"]))),
       st.integers(0, 200), st.integers(0, 200))
def test_the_new_texts_are_found_at_their_places(pairs, before, between):
    """Long stretches without a change stand before and between those that may differ."""
    texts = [("=", "=")] * before
    for pair in pairs:
        texts += [pair, *[("=", "=")] * between]
    old, new = [old for old, _ in texts], [new for _, new in texts]
    found = changes_in(changes(old, new))
    assert found == {place: b for place, (a, b) in enumerate(texts) if a != b}


def test_a_change_takes_a_letter_and_a_line():
    assert changes(["a"] * 200, ["a"] * 99 + ["b", "c"] + ["a"] * 99) == {
        "at": "00u1", "texts": "b\nc"
    }


def test_a_text_of_several_lines_stays_one_text():
    assert changes_in(changes(["a", "b"], ["x\ny", "c"])) == {0: "x y", 1: "c"}
