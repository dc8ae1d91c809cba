"""Whatever a learner calls a tensor is text: in the graph, the inspector, the outline, in files."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from tests.browser.graph_page import GraphPage

MARKUP = "<img src=x onerror=alert(1)>"
END = '"]; evil'
RECORD = "{a|b}"
EMOJI = "🔥🙂"
ARABIC = "مصفوفة الأوزان"
HEBREW = "משקל"
LONG = "w" * 10_000
NAMES = [MARKUP, END, RECORD, EMOJI, ARABIC, HEBREW, LONG]

SHOW_NAMES = f"""
leaves = {{name: Tensor([1.0, -2.0], autograd=True) for name in {NAMES!r}}}
named = None
for leaf in leaves.values():
    named = leaf if named is None else (named * leaf).tanh()
named = named.sum()
named.backward()
view.update(named, names=leaves)
"""

ELEMENTS = """
root => [...root.querySelectorAll("*")].map(el => el.localName).filter(name => ![
    "bdi", "button", "dd", "defs", "div", "dl", "dt", "figcaption", "figure", "g", "h3", "h4",
    "h5", "input", "label", "li", "marker", "ol", "p", "path", "rect", "section", "span", "svg",
    "table", "tbody", "td", "text", "title", "tr", "ul"].includes(name))
"""


def shown(name: str, most: int = 40) -> str:
    return name if len(name) <= most else name[: most - 1] + "…"


@pytest.fixture
def hostile(graph: GraphPage) -> GraphPage:
    dialogs: list[str] = []

    def dismiss(dialog: object) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    graph.page.on("dialog", dismiss)
    graph.update(SHOW_NAMES)
    yield graph
    assert graph.root.evaluate(ELEMENTS) == []
    graph.page.remove_listener("dialog", dismiss)
    assert dialogs == []


@pytest.mark.parametrize("detail", ["Operations", "Values"])
def test_names_stand_in_the_graph_as_they_were_written(hostile: GraphPage, detail: str) -> None:
    hostile.root.locator(".gw-choice-item", has_text=detail).click()
    expect(hostile.root.get_by_role("radio", name=detail)).to_be_checked()
    hostile.wait_until_shown()
    titles = hostile.nodes.locator(".gw-title").all_text_contents()
    assert {shown(name) for name in NAMES} <= set(titles)


def test_names_are_told_of_a_fold(hostile: GraphPage) -> None:
    hostile.update("view.detail = 'layers'")
    fold = hostile.root.locator(".gw-fold")
    expect(fold).to_have_count(1)
    says = fold.get_attribute("aria-label")
    assert all(name in says for name in (END, RECORD, EMOJI, ARABIC, HEBREW))


@pytest.mark.parametrize("name", NAMES[:-1])
def test_a_name_stays_inside_its_box(hostile: GraphPage, name: str) -> None:
    box = hostile.node(name).locator(".gw-frame").bounding_box()
    for text in hostile.node(name).locator(".gw-title, .gw-shape").all():
        words = text.bounding_box()
        assert box["x"] <= words["x"]
        assert words["x"] + words["width"] <= box["x"] + box["width"] + 1


def test_names_stand_in_inspector_and_tooltip(hostile: GraphPage) -> None:
    indices = json.loads(hostile.kernel(
        "print(json.dumps({n.name: n.index for n in view.picture.graph.nodes if n.name}))"
    ))
    for name in NAMES:
        hostile.update(f"view.picture.selected = {indices[name]}")
        title = hostile.drawer.locator("h4 bdi")
        expect(title).to_have_text(shown(name))
        expect(hostile.drawer.get_by_role("group", name="Used by")).to_be_visible()
        box = hostile.root.locator(f"[data-node='n{indices[name]}']")
        hint = box.locator("> title").text_content()
        assert hint.endswith("· 2") and shown(name, 200).rstrip("…") in hint
        assert len(hint) < 250
    hostile.update(f"view.picture.selected = {indices[MARKUP] + 2}")
    used = hostile.drawer.get_by_role("group", name="Made of").get_by_role("button")
    expect(used.first).to_have_text(MARKUP)
    letters = hostile.drawer.locator(".gw-sheet-text", has_text="a is").locator("bdi")
    expect(letters.first).to_have_text(MARKUP)


def test_names_stand_in_the_outline(hostile: GraphPage) -> None:
    outline = hostile.graph.get_by_role("list", name="Outline of the graph")
    lines = outline.get_by_role("listitem").all_text_contents()
    for name in NAMES:
        begin = shown(name, 200).rstrip("…")
        assert any(line.startswith(begin) and "parameter, shape 2." in line for line in lines)
    assert max(map(len, lines)) < 700


def test_names_stand_in_the_inspectors_width(hostile: GraphPage) -> None:
    hostile.update(
        "view.picture.selected = next(n.index for n in view.picture.graph.nodes"
        " if len(n.name or '') > 99)"
    )
    expect(hostile.drawer.locator("h4 bdi")).to_have_text(shown(LONG))
    sheet = hostile.drawer.locator(".gw-sheet-root")
    assert sheet.evaluate("el => el.scrollWidth - el.clientWidth") == 0
