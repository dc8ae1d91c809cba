"""The drawer beside a graph tells of the tensor selected, and follows it while training runs."""

from __future__ import annotations

import asyncio

import pytest

from gradwidgets.core import Tensor
from gradwidgets.engine.graph.snapshot import snapshot
from gradwidgets.views.graph import pane as graph_pane
from gradwidgets.views.graph.pane import GraphPane
from gradwidgets.views.graph.picture import GraphPicture
from tests.views.support import Page, on_a_loop, until


def graph_of(value: float) -> object:
    x = Tensor([value, 2.0], autograd=True)
    y = (x * x).sum(0)
    y.backward()
    return snapshot(y, {"x": x, "y": y})


def opened(value: float = 1.0) -> tuple[GraphPane, Page]:
    """Return a pane with a graph that a page shows."""
    pane = GraphPane(GraphPicture())
    page = Page(pane.picture)
    pane.picture.show(graph_of(value))
    page.says(hello=True)
    return pane, page


def rows(pane: GraphPane) -> list[list[list[str]]]:
    return [block["rows"] for block in pane.drawer.blocks if block["kind"] == "table"]


def test_the_drawer_opens_on_the_tensor_that_is_selected_and_closes_again():
    pane, page = opened()
    assert not pane.drawer.shown and pane.drawer.blocks == []
    page.says(select=0)
    assert pane.drawer.shown
    assert pane.drawer.blocks[0]["text"] == "`x`"
    assert rows(pane) == [[["+1.00", "+2.00"]], [["+2.00", "+4.00"]]]
    pane.drawer._handle_custom_msg({"close": True}, [])
    assert not pane.drawer.shown and pane.picture.selected is None
    assert page.messages[-1]["select"] is None


def test_a_link_selects_another_tensor():
    pane, page = opened()
    page.says(select=0)
    pane.drawer._handle_custom_msg({"go": 1}, [])
    assert pane.picture.selected == 1
    assert pane.drawer.blocks[0]["text"].startswith("The result of `mul`")
    assert page.messages[-1]["select"] == {"node": 1, "box": "n1"}


@pytest.mark.parametrize("node", [7, -1, "0", None, 0.5, True])
def test_what_is_no_tensor_of_the_graph_selects_nothing(node):
    pane, page = opened()
    page.says(select=0)
    page.says(select=node)
    assert pane.picture.selected is None and not pane.drawer.shown


def test_the_others_in_the_same_box_can_be_reached():
    pane, page = opened()
    pane.picture.detail = "layers"
    page.says(select=0)
    beside = pane.picture.beside()
    labels = [block.get("label") for block in pane.drawer.blocks]
    assert ("In the same box" in labels) == (len(beside) > 1)


def test_in_a_plain_script_the_drawer_follows_at_once():
    pane, page = opened()
    page.says(select=0)
    for value in (3.0, 4.0):
        pane.picture.show(graph_of(value))
        assert rows(pane)[0] == [[f"+{value:.2f}", "+2.00"]]


def test_another_graph_closes_the_drawer():
    pane, page = opened()
    page.says(select=0)
    pane.picture.show(snapshot(Tensor([1.0], autograd=True).tanh()))
    assert not pane.drawer.shown


def test_many_frames_fill_the_drawer_now_and_then_and_the_last_one_is_shown(monkeypatch):
    monkeypatch.setattr(graph_pane, "FOLLOW_INTERVAL", 0.05)
    told = []

    async def body() -> GraphPane:
        pane, page = opened()
        page.says(select=0)
        await until(lambda: pane.drawer.shown)
        pane.drawer.observe(told.append, "blocks")
        for value in range(100, 300):
            pane.picture.show(graph_of(float(value)))
        await until(lambda: rows(pane)[0][0][0] == "+299")
        return pane

    on_a_loop(body)
    assert len(told) == 1  # two hundred frames within one interval


def test_nothing_is_told_after_the_drawer_is_closed(monkeypatch):
    monkeypatch.setattr(graph_pane, "FOLLOW_INTERVAL", 0.3)

    async def body() -> None:
        pane, page = opened()
        page.says(select=0)
        await until(lambda: pane.drawer.shown)
        pane.picture.show(graph_of(5.0))
        assert pane._later is not None
        page.says(select=None)
        await until(lambda: not pane.drawer.shown)
        assert pane._later is None
        before = pane.drawer.blocks
        await asyncio.sleep(0.35)
        assert pane.drawer.blocks == before

    on_a_loop(body)


def test_a_closed_pane_leaves_no_timer_behind():
    async def body() -> None:
        pane, page = opened()
        page.says(select=0)
        await until(lambda: pane.drawer.shown)
        pane.picture.show(graph_of(5.0))
        later = pane._later
        pane.close()
        assert later.cancelled() and pane._later is None

    on_a_loop(body)
