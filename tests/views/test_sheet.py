"""A sheet shows numbers as they are written, and of a large array says which part it shows."""

from __future__ import annotations

import numpy as np
import pytest

from gradwidgets.views.kit.sheet import MOST, Sheet, table


def sizes(block: dict) -> list[int]:
    return [len(row) for row in block["rows"]]


@pytest.mark.parametrize(
    ("shape", "rows", "part"),
    [
        ((), [1], ""),
        ((1,), [1], ""),
        ((8,), [8], ""),
        ((9,), [8, 1], ""),
        ((64,), [8] * 8, ""),
        ((65,), [8] * 8, "numbers 1–64 of 65"),
        ((3000,), [8] * 8, "numbers 1–64 of 3\u2009000"),
        ((8, 8), [8] * 8, ""),
        ((9, 3), [3] * 8, "rows 1–8 of 9"),
        ((3, 9), [8] * 3, "columns 1–8 of 9"),
        ((9, 1200), [8] * 8, "rows 1–8 of 9, columns 1–8 of 1\u2009200"),
        ((2, 3, 2), [2] * 6, ""),
        ((4, 3, 2), [2] * 8, "rows 1–8 of 12"),
    ],
)
def test_a_large_array_is_shown_in_part_and_says_which(shape, rows, part):
    block = table(np.zeros(shape))
    assert sizes(block) == rows
    assert block["part"] == part


def test_the_numbers_shown_are_the_first_ones_in_their_places():
    values = np.arange(200.0).reshape(10, 20)
    np.testing.assert_array_equal(table(values)["rows"], values[:MOST, :MOST])
    np.testing.assert_array_equal(table(values.ravel())["rows"], np.arange(64.0).reshape(8, 8))
    np.testing.assert_array_equal(table(values.reshape(5, 2, 20))["rows"], values[:8, :8])


@pytest.mark.parametrize(
    ("values", "words"), [(None, "not yet"), ([], "no numbers"), (np.zeros((3, 0)), "no numbers")]
)
def test_where_there_are_no_numbers_it_says_why(values, words):
    block = table(values, "a caption")
    assert (block["rows"], block["part"], block["caption"]) == ([], words, "a caption")


def test_numbers_reach_the_page_as_the_graph_writes_them():
    sheet = Sheet()
    ours = table([0.0, -0.004, 1234.5, np.nan, -np.inf], scale="gradient")
    sheet.show([ours, {"kind": "equation", "items": [ours, "=", table([True, False])]}])
    written = [["0", "−4e-3", "+1e3", "nan", "−inf"]]
    plain, equation = sheet.blocks
    assert plain["rows"] == equation["items"][0]["rows"] == written
    assert plain["scale"] == "gradient" and equation["items"][1] == "="
    assert equation["items"][2]["rows"] == [["+1.00", "0"]]
    assert ours["rows"][0][1] == -0.004  # what was given stays as it was


def test_the_same_blocks_are_sent_only_once():
    sheet, sent = Sheet(), []
    sheet.observe(sent.append, "blocks")
    sheet.show([table([1.0])])
    sheet.show([table([1.001])])  # written the same
    sheet.show([table([2.0])])
    assert [change["new"][0]["rows"] for change in sent] == [[["+1.00"]], [["+2.00"]]]


def test_links_and_the_button_to_close_are_told_to_its_owner():
    told = []
    sheet = Sheet("Inspector", went=told.append, closed=lambda: told.append("closed"))
    assert sheet.closable and sheet.label == "Inspector"
    sheet._handle_custom_msg({"go": 3}, [])
    sheet._handle_custom_msg({"close": True}, [])
    assert told == [3, "closed"]


def test_a_sheet_without_an_owner_cannot_be_closed_and_ignores_the_page():
    sheet = Sheet()
    assert not sheet.closable
    sheet._handle_custom_msg({"go": 3}, [])
    sheet._handle_custom_msg({"close": True}, [])
    assert sheet.shown
