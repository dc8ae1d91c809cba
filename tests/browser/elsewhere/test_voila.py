"""In Voila, where a notebook is a page without code, everything works as in JupyterLab."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.elsewhere.voila import VoilaPage, VoilaServer
from tests.browser.fixtures import FAILED, RESULTS
from tests.browser.lab import errors_text
from tests.browser.playground_page import PlaygroundPage
from tests.browser.stepper_page import StepperPage

CELLS = [
    "import gradwidgets\n"
    "x = gradwidgets.Tensor([0.3, -0.7], autograd=True)\n"
    "h = x.tanh()\n"
    "y = h.sigmoid() * h\n"
    "y.backward([1.0, 1.0])\n"
    "gradwidgets.GraphView(y)",
    "gradwidgets.BackwardStepper(y)",
    "gradwidgets.Playground()",
]


@pytest.fixture(scope="module", params=["light", "dark"])
def shared_page(
    request: pytest.FixtureRequest, voila_server: VoilaServer, browser_context: BrowserContext
) -> Iterator[VoilaPage]:
    page = VoilaPage(voila_server, browser_context, theme=request.param)
    expect(page.page.locator(".gw-playground")).to_be_visible(timeout=60_000)
    yield page
    page.close()


@pytest.fixture
def page(request: pytest.FixtureRequest, shared_page: VoilaPage) -> Iterator[VoilaPage]:
    yield shared_page
    if request.node.stash.get(FAILED, False):
        shared_page.screenshot(RESULTS / f"{request.node.name}.png")
    errors = shared_page.take_errors()
    assert not errors, errors_text(errors)


def test_a_graph_has_its_numbers_and_an_inspector(page: VoilaPage) -> None:
    view = page.page.locator(".gw-graph-view").first
    expect(view.locator("[data-node]")).to_have_count(4)
    box = view.locator("[data-node]", has_text="x").first
    assert box.locator(".gw-number").all_text_contents() == ["+0.30", "−0.70", "+0.59", "+0.14"]
    drawer = view.locator(".gw-drawer")
    expect(drawer).to_be_hidden()
    box.click()
    expect(drawer).to_be_visible()
    assert drawer.locator("table").nth(1).locator("td").all_text_contents() == ["+0.59", "+0.14"]
    drawer.get_by_role("button", name="Close").click()
    expect(drawer).to_be_hidden()


def test_the_walk_leads_with_the_keyboard_to_the_end_and_back(page: VoilaPage) -> None:
    walk = StepperPage(page)
    walk.focus()
    told = []
    for step in range(1, 6):
        walk.expect_place(step, 5)
        told.append(walk.sentence.text_content())
        walk.press("ArrowRight")
    assert len(set(told)) == 5
    expect(walk.sentence).to_contain_text("This was the last step: every gradient is computed.")
    texts = walk.root.locator("[data-node='n0'] .gw-number")
    expect(texts).to_have_text(["+0.30", "−0.70", "+0.59", "+0.14"])
    for step in range(4, 0, -1):
        walk.press("ArrowLeft")
        walk.expect_place(step, 5)
        expect(walk.sentence).to_have_text(told[step - 1])
    expect(walk.root.locator("[data-node='n0']")).to_contain_text("not yet")


def test_a_playground_trains_and_pauses(page: VoilaPage) -> None:
    playground = PlaygroundPage(page)
    playground.wait_for_pictures()
    playground.play()
    playground.wait_for_step(20)
    playground.pause()
    at = playground.status().step
    playground.button("Step").click()
    playground.wait_for_step(at + 1)
    assert playground.status().step == at + 1, "nothing has trained in between"


def test_colours_are_those_of_the_theme(
    page: VoilaPage, request: pytest.FixtureRequest
) -> None:
    dark = "dark" in request.node.name
    for place in (".gw-sentence", ".gw-sheet-title", ".gw-status-line", ".gw-heading-text"):
        brightness = page.page.locator(place).first.evaluate(
            "one => getComputedStyle(one).color.match(/[0-9]+/g).slice(0, 3).map(Number)"
            ".reduce((a, b) => a + b) / 3"
        )
        assert (brightness > 150) == dark, place
    ground = "one => getComputedStyle(one).backgroundColor"
    sheet = page.page.locator(".gw-sheet-root").first.evaluate(ground)
    for part in (".gw-card", ".gw-stepper-main > .gw-graph"):
        assert page.page.locator(part).first.evaluate(ground) == sheet, part


def test_the_classroom_view_fills_the_window_and_leads_back(page: VoilaPage) -> None:
    playground = page.page.locator(".gw-playground")
    playground.get_by_role("button", name="Classroom view", exact=True).click()
    box = playground.bounding_box()
    window = page.page.viewport_size
    assert (box["x"], box["y"]) == (0, 0)
    assert (round(box["width"]), round(box["height"])) == (window["width"], window["height"])
    page.page.keyboard.press("Escape")
    expect(playground.get_by_role("button", name="Classroom view", exact=True)).to_be_visible()
    assert playground.bounding_box()["width"] < window["width"]
