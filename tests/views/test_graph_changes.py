"""Changes that are told in few bytes are told exactly."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gradwidgets.views.graph.drawing.changes import changes
from tests.views.support import changed

TEXTS = st.one_of(
    st.sampled_from(["", "+1.00", "+1.02", "−2e-3", "−2e-4"]),
    st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"])),
)
PAIRS = st.lists(st.tuples(TEXTS, TEXTS))


@given(PAIRS, st.integers(0, 200), st.integers(0, 200))
def test_the_new_texts_are_found_at_their_places(pairs, before, between):
    """Long stretches without a change stand before and between those that may differ."""
    texts = [("=", "=")] * before
    for pair in pairs:
        texts += [pair, *[("=", "=")] * between]
    old, new = [old for old, _ in texts], [new for _, new in texts]
    assert changed(old, changes(old, new)) == new


def test_a_change_is_told_by_its_place_and_its_last_letters():
    before, after = ["+0.50"] * 200, ["+0.50"] * 99 + ["+0.51", "−2e-3"] + ["+0.50"] * 99
    assert changes(before, after) == {"at": "00u1", "texts": "41\n0−2e-3"}


def test_a_text_of_several_lines_stays_one_text():
    assert changed(["x y", "b"], changes(["x\ny", "b"], ["x\nz", "c"])) == ["x z", "c"]
