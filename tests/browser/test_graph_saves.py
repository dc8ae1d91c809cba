"""What is saved of a graph: files from its menu, and the still picture in the notebook."""

from __future__ import annotations

import base64
import io
import json
import re
from pathlib import Path
from xml.etree import ElementTree

import nbformat
import numpy as np
from nbconvert import HTMLExporter
from PIL import Image
from playwright.sync_api import expect

from tests.browser.graph_page import GraphPage
from tests.browser.notebook_file import read_notebook

SVG = "{http://www.w3.org/2000/svg}"
TITLES = ["x", "w", "mm", "b", "add", "h", "sigmoid", "mul", "sum_0", "y"]


def saved(graph: GraphPage, item: str) -> tuple[str, bytes]:
    """Save by the menu; return the file's name and what is in it."""
    with graph.page.expect_download() as download:
        graph.choose(item)
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


def pictured(page: str) -> bytes:
    """Return the one picture in a page."""
    (picture,) = re.findall(r'src="data:image/svg\+xml;base64,([^"]*)"', page)
    return base64.b64decode(picture)


def svg_texts(picture: str | bytes) -> list[str]:
    return [text.text or "" for text in ElementTree.fromstring(picture).iter(f"{SVG}text")]


def test_the_svg_is_xml_and_holds_the_numbers(graph: GraphPage) -> None:
    name, content = saved(graph, "Save as SVG")
    assert name == "backward-graph.svg"
    texts = svg_texts(content)
    assert set(TITLES) <= set(texts)
    for numbers in graph.numbers().values():
        assert set(numbers) <= set(texts)
    tags = {element.tag.removeprefix(SVG) for element in ElementTree.fromstring(content).iter()}
    assert tags <= {"svg", "title", "desc", "g", "rect", "path", "polygon", "text"}


def test_the_svg_shows_the_numbers_of_the_last_update(graph: GraphPage) -> None:
    graph.update("view.update(Tensor([0.125, -3.5], autograd=True) * 2)")
    _, content = saved(graph, "Save as SVG")
    assert {"+0.12", "−3.50", "+0.25", "−7.00", "not yet"} <= set(svg_texts(content))


def test_the_png_is_the_picture_at_twice_its_size(graph: GraphPage) -> None:
    _, drawing = saved(graph, "Save as SVG")
    name, content = saved(graph, "Save as PNG")
    assert name == "backward-graph.png"
    root = ElementTree.fromstring(drawing)
    with Image.open(io.BytesIO(content)) as image:
        assert image.format == "PNG"
        for pixels, attribute in zip(image.size, ("width", "height"), strict=True):
            assert abs(pixels - 2 * float(root.get(attribute))) <= 2
        colours = np.asarray(image.convert("RGB")).reshape(-1, 3)
    white = (colours > 250).all(axis=1).mean()
    assert 0.3 < white < 0.95
    for wanted in ((21, 131, 204), (245, 147, 34), (33, 33, 33)):  # +, −, and the ink
        assert (np.abs(colours.astype(int) - wanted).max(axis=1) < 12).sum() > 100


def test_the_dot_is_complete_and_names_the_tensors(graph: GraphPage) -> None:
    name, content = saved(graph, "Save as DOT")
    assert name == "backward-graph.dot"
    dot = content.decode("utf-8")
    assert dot.startswith("digraph {") and dot.rstrip().endswith("}")
    for title in TITLES:
        assert re.search(rf'label="(?:[^"]*\\n)?{title}  ?\d', dot), title
    assert len(re.findall(r"^\tn\d+ \[", dot, re.MULTILINE)) == 10
    edges = re.findall(r"^\t(n\d+ -> n\d+)", dot, re.MULTILINE)
    assert edges == ["n0 -> n2", "n1 -> n2", "n2 -> n4", "n3 -> n4", "n4 -> n5", "n5 -> n6",
                     "n6 -> n7", "n5 -> n7", "n7 -> n8", "n8 -> n9"]  # fmt: skip


def test_a_large_graph_is_saved_whole(graph: GraphPage) -> None:
    graph.update(
        "z = Tensor([1.0], autograd=True)\n"
        "for _ in range(800): z = z.tanh()\n"
        "view.detail = 'operations'; view.update(z)"
    )
    expect(graph.nodes).to_have_count(801)
    _, content = saved(graph, "Save as PNG")
    with Image.open(io.BytesIO(content)) as image:
        assert max(image.size) == 8192  # browsers refuse much larger ones


def test_a_saved_notebook_holds_a_still_picture_that_says_how_to_make_it_live(
    graph: GraphPage,
) -> None:
    path = graph.notebook.server.files / graph.notebook.name
    texts: list[str] = []
    for _ in range(20):  # the picture follows a change of the graph a moment later
        graph.notebook.command("docmanager:save")
        notebook = read_notebook(path)
        (output,) = notebook["cells"][0]["outputs"]
        texts = svg_texts(pictured("".join(output["data"]["text/html"])))
        if set(TITLES) <= set(texts):
            break
        graph.page.wait_for_timeout(250)
    assert set(TITLES) <= set(texts)
    words = " ".join(texts)
    assert "Run this cell in Jupyter with gradwidgets installed" in words
    # as nbviewer makes it
    node = nbformat.reads(json.dumps(notebook), as_version=4)
    page, _ = HTMLExporter().from_notebook_node(node)
    assert svg_texts(pictured(page)) == texts
