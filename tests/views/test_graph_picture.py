"""The graph is sent once for each topology; after that, only the texts that have changed."""

from __future__ import annotations

import json

import pytest

from gradwidgets.core import Tensor
from gradwidgets.engine.experiment.spec import Spec
from gradwidgets.engine.graph.snapshot import snapshot
from gradwidgets.engine.training.trainer import Trainer
from gradwidgets.views.graph.drawing import layout as graph_layout
from gradwidgets.views.graph.drawing.scene import DETAILS, build_scene, scene_texts
from gradwidgets.views.graph.picture import GraphPicture
from gradwidgets.views.kit.live import MOST_FRAMES_IN_FLIGHT
from tests.views.support import Page, changed


@pytest.fixture
def trainer():
    return Trainer(Spec())


@pytest.fixture
def view():
    return GraphPicture()


@pytest.fixture
def page(view):
    return Page(view)


def next_graph(trainer: Trainer) -> object:
    trainer.step(capture=True)
    return trainer.last_step.graph


def test_an_empty_view_has_nothing_to_send(page):
    page.says(hello=True)
    assert page.messages == []


def test_nothing_is_laid_out_before_a_page_asks(view, page, trainer, monkeypatch):
    monkeypatch.setattr(graph_layout, "lay_out", None)  # calling it would fail
    view.show(next_graph(trainer))
    view.detail = "layers"
    assert page.messages == []


def test_the_page_that_asks_gets_boxes_edges_texts_and_caption(view, page, trainer):
    graph = next_graph(trainer)
    view.show(graph, "step 1")
    page.says(hello=True)
    (message,) = page.messages
    scene = build_scene(graph, "operations")
    assert message["texts"] == scene_texts(graph, scene)
    assert message["caption"] == "step 1"
    assert message["scene"]["count"] == len(message["texts"])
    assert [box["id"] for box in message["scene"]["boxes"]] == [box.name for box in scene.boxes]
    assert len(message["scene"]["edges"]) == sum(len(node.creators) for node in graph.nodes)
    assert message["says"].startswith("Backward graph: 16 tensors and 10 operations, from the ")


def test_what_is_sent_can_be_written_as_json(view, page, trainer):
    view.show(next_graph(trainer), "step 1")
    page.says(hello=True)
    view.show(next_graph(trainer), "step 2")
    for message in page.messages:
        json.dumps(message, allow_nan=False)


def test_later_frames_send_only_the_texts_that_have_changed(view, page, trainer):
    first = next_graph(trainer)
    view.show(first, "step 1")
    page.says(hello=True)
    second = next_graph(trainer)
    view.show(second, "step 2")
    scene = build_scene(first, "operations")
    before, after = scene_texts(first, scene), scene_texts(second, scene)
    message = page.messages[1]
    assert set(message) == {"at", "texts", "caption", "n", "ack"}
    assert message["caption"] == "step 2"
    assert changed(before, message) == after
    differ = sum(old != new for old, new in zip(before, after, strict=True))
    assert differ == len(message["texts"].split("\n")) < len(after)


def test_the_changes_add_up_to_the_present_texts(view, page, trainer):
    view.show(next_graph(trainer))
    page.says(hello=True)
    for _ in range(5):
        graph = next_graph(trainer)
        view.show(graph)
    shown = page.messages[0]["texts"]
    for message in page.messages[1:]:
        shown = changed(shown, message)
    assert shown == scene_texts(graph, build_scene(graph, "operations"))


def test_the_same_frame_again_changes_nothing(view, page, trainer):
    graph = next_graph(trainer)
    view.show(graph)
    page.says(hello=True)
    view.show(graph)
    assert page.messages[1] == {"at": "", "texts": "", "n": 2, "ack": True}


def test_a_graph_that_may_wait_is_sent_when_the_page_has_kept_up(view, page, trainer):
    view.show(next_graph(trainer))
    page.says(hello=True)
    graphs = [next_graph(trainer) for _ in range(9)]
    for number, graph in enumerate(graphs):
        view.show(graph, f"update {number}", may_wait=True)
        view.mark(wrong=number)
    sent = len(page.messages)
    assert view.sent - view.acknowledged <= MOST_FRAMES_IN_FLIGHT + 1, "a graph and its marks"
    page.says(ack=page.messages[-1]["n"])
    late, marks = page.messages[sent:]
    assert late["caption"] == "update 8"
    assert marks["marks"]["wrong"] == "n8"
    page.says(ack=page.messages[-1]["n"])
    assert len(page.messages) == sent + 2, "nothing waits any more"


def test_a_graph_that_waits_while_its_still_picture_is_drawn_comes_whole(view, page, trainer):
    view.show(next_graph(trainer))
    page.says(hello=True)
    for _ in range(9):
        view.show(next_graph(trainer), may_wait=True)
    other = next_graph(Trainer(Spec(layers=((4, "Tanh"), (2, "ReLU")))))
    view.show(other, "another", may_wait=True)
    view.svg()  # lays it out, for a notebook that is saved
    sent = len(page.messages)
    page.says(ack=page.messages[-1]["n"])
    (late,) = page.messages[sent:]
    assert len(late["scene"]["boxes"]) == len(other.nodes)
    assert late["caption"] == "another"


def test_marks_of_a_graph_that_the_page_never_saw_are_not_put_on_the_next_one(view, page, trainer):
    view.show(next_graph(trainer))
    page.says(hello=True)
    for _ in range(9):
        view.show(next_graph(trainer), may_wait=True)
    view.show(next_graph(Trainer(Spec(layers=((4, "Tanh"), (2, "ReLU"))))), may_wait=True)
    view.mark(wrong=3)
    view.show(next_graph(trainer), "back", may_wait=True)
    sent = len(page.messages)
    page.says(ack=page.messages[-1]["n"])
    (late,) = page.messages[sent:]
    assert late["caption"] == "back"


def test_what_is_shown_before_the_page_has_anything_comes_whole(view, page, trainer):
    graph = next_graph(trainer)
    view.show(graph)
    view.svg()
    view.unasked = True  # a page is there by now, and has not been answered
    view.mark(wrong=3)
    assert page.messages == []
    view.show(graph, "again")
    (message,) = page.messages
    assert (message["caption"], message["marks"]["wrong"]) == ("again", "n3")
    assert len(message["scene"]["boxes"]) == len(graph.nodes)


def test_a_forward_pass_and_its_step_share_one_layout(view, page, trainer):
    """Gradients that are not there yet are texts; the boxes keep their places."""
    coming = trainer.preview().graph
    view.show(coming)
    page.says(hello=True)
    takes_one = sum(node.autograd for node in coming.nodes)
    assert page.messages[0]["texts"].count("not yet") == takes_one == len(coming.nodes) - 2
    view.show(next_graph(trainer))
    assert "scene" not in page.messages[1]
    assert "not yet" not in page.messages[1]["texts"]


def test_a_new_topology_sends_a_new_scene(view, page, trainer):
    view.show(next_graph(trainer))
    page.says(hello=True)
    view.show(next_graph(Trainer(Spec(layers=((4, "Tanh"), (2, "ReLU"))))))
    assert len(page.messages[1]["scene"]["boxes"]) > len(page.messages[0]["scene"]["boxes"])


@pytest.mark.parametrize("change", [{"layers": ((5, "Tanh"),)}, {"layers": ((4, "Sigmoid"),)}])
def test_other_shapes_or_operations_are_another_topology(view, page, trainer, change):
    view.show(next_graph(trainer))
    page.says(hello=True)
    view.show(next_graph(Trainer(Spec().replace(**change))))
    assert "scene" in page.messages[1]


def test_hello_again_sends_everything_as_it_is_now(view, page, trainer):
    view.show(next_graph(trainer), "step 1")
    page.says(hello=True)
    graph = next_graph(trainer)
    view.show(graph, "step 2")
    page.says(hello=True)
    again = page.messages[2]
    assert again["scene"] == page.messages[0]["scene"]
    assert again["says"] == page.messages[0]["says"]
    assert again["texts"] == scene_texts(graph, build_scene(graph, "operations"))
    assert again["caption"] == "step 2"


def test_one_layout_serves_many_frames_and_pages(view, page, trainer, monkeypatch):
    laid_out, lay_out = [], graph_layout.lay_out
    monkeypatch.setattr(graph_layout, "lay_out", lambda s: laid_out.append(s) or lay_out(s))
    view.show(next_graph(trainer))
    for _ in range(3):
        page.says(hello=True)
        view.show(next_graph(trainer))
    assert len(laid_out) == 1


def test_another_detail_is_another_scene(view, page, trainer):
    view.show(next_graph(trainer), "step 1")
    page.says(hello=True)
    view.detail = "layers"
    headings = [title[3] for box in page.messages[1]["scene"]["boxes"]
                for title in box["titles"] if title[2] == "gw-heading"]  # fmt: skip
    assert sorted(headings) == ["Layer 1", "Layer 2", "Loss"]
    assert page.messages[1]["caption"] == "step 1"
    view.detail = "operations"
    assert page.messages[2]["scene"] == page.messages[0]["scene"]


def test_the_detail_can_be_read_back(view):
    for detail in DETAILS:
        view.detail = detail
        assert view.detail == detail


def test_an_unknown_detail_is_refused_and_the_present_one_stays(view):
    with pytest.raises(ValueError, match="'scalars'; expected one of auto, layers, operations, values"):
        view.detail = "scalars"
    assert view.detail == "operations"


def test_an_unknown_detail_is_refused_from_the_start():
    with pytest.raises(ValueError, match="expected one of auto, layers, operations, values"):
        GraphPicture(detail="scalars")


def test_the_scene_of_a_snapshot_is_what_the_page_gets(view, page):
    x = Tensor([[1.0, 2.0]], autograd=True)
    view.show(snapshot(x.tanh()))
    page.says(hello=True)
    box = page.messages[0]["scene"]["boxes"][1]
    assert box["badge"] == "tanh"
    assert [(block["rows"], block["columns"], block["scale"]) for block in box["blocks"]] == [
        (1, 2, "data"),
        (1, 2, "gradient"),
    ]


def test_what_is_chosen_while_a_graph_waits_is_shown_with_it(view, page, trainer):
    view.show(next_graph(trainer))
    page.says(hello=True)
    for _ in range(9):
        view.show(next_graph(trainer), may_wait=True)
    sent = len(page.messages)
    page.says(select=3)
    page.says(colour="gradient")
    assert len(page.messages) == sent, "the page is still busy"
    page.says(ack=page.messages[-1]["n"])
    told = {}
    for message in page.messages[sent:]:
        told |= message
    assert told["select"]["node"] == 3
    assert told["colour"] == "gradient"
    assert any(share is not None for share in told["heat"])
    page.says(ack=page.messages[-1]["n"])
    last = len(page.messages)
    view.show(next_graph(trainer), may_wait=True)
    assert "select" not in page.messages[last], "it is told once"
