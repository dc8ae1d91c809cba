"""A notebook that was saved and opened again shows still pictures, until its cells are run."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Locator, expect

from tests.browser.fixtures import FAILED, RESULTS
from tests.browser.lab import Lab, LabPage, LabServer, errors_text
from tests.browser.notebook_file import read_notebook
from tests.browser.playground_page import PlaygroundPage

CELLS = [
    "import gradwidgets\nplayground = gradwidgets.Playground()\nplayground",
    "x = gradwidgets.Tensor([0.3, -0.7], autograd=True)\n"
    "y = x.tanh() * x\n"
    "y.backward([1.0, 1.0])\n"
    "gradwidgets.GraphView(y)",
    "gradwidgets.BackwardStepper(y)",
    "for loss in gradwidgets.watch([3.0, 2.0, 1.0]):\n    pass",
    "from gradwidgets.lessons import lesson_03\nlesson_03.q1",
    "gradwidgets.progress()",
]
TITLES = [
    "Playground: circle, 2-4-1",
    "Backward graph",
    "Walk through the backward pass: step 1 of 4",
    "A training loop, watched",
    "Exercise 1",
    "The course",
]
PICTURES = ["Backward graph", "Loss plot: ", "Output: "]
LIVE = "A still picture: run this cell to make it live."


class SavedPage:
    """A notebook with one of every widget, as a person finds it again."""

    def __init__(self, notebook: LabPage) -> None:
        self.notebook = notebook
        self.page = notebook.page

    @property
    def stills(self) -> Locator:
        return self.page.locator(".gw-still")

    def expect_stills(self) -> None:
        for number, title in enumerate(TITLES):
            still = self.page.locator(".jp-CodeCell").nth(number).locator(".gw-still")
            expect(still).to_contain_text(title)
            expect(still).to_contain_text(LIVE)
        pictures = self.stills.first.locator("img")
        for number, name in enumerate(PICTURES):
            expect(pictures.nth(number)).to_have_attribute("alt", re.compile(f"^{name}"))
            assert pictures.nth(number).evaluate("one => one.decode().then(() => one.width)") > 200
        expect(self.page.get_by_text("Error displaying")).to_have_count(0)
        expect(self.page.locator(".gw-playground, .gw-graph-view")).to_have_count(0)

    def save(self) -> list[str]:
        """Save; return the HTML of every cell's last output in the file."""
        self.notebook.command("docmanager:save")
        path = self.notebook.server.files / self.notebook.name
        cells = read_notebook(path)["cells"]
        return ["".join(cell["outputs"][-1]["data"]["text/html"]) for cell in cells]


@pytest.fixture(scope="module")
def shared_saved(lab_server: LabServer, browser_context: BrowserContext) -> Iterator[SavedPage]:
    lab = Lab(lab_server, browser_context)
    notebook = lab.open(CELLS, viewport=(1280, 3000))
    notebook.run_all()
    yield SavedPage(notebook)
    lab.close()


@pytest.fixture
def saved(request: pytest.FixtureRequest, shared_saved: SavedPage) -> Iterator[SavedPage]:
    yield shared_saved
    if request.node.stash.get(FAILED, False):
        shared_saved.notebook.screenshot(RESULTS / f"{request.node.name}.png")
    errors = shared_saved.notebook.take_errors()
    assert not errors, errors_text(errors)


def test_the_file_keeps_what_is_seen_at_the_pause(saved: SavedPage) -> None:
    expect(saved.page.locator(".gw-playground")).to_have_count(1)
    expect(saved.stills).to_have_count(0)
    playground = PlaygroundPage(saved.notebook)
    playground.wait_for_pictures()
    playground.play()
    playground.wait_for_step(30)
    playground.pause()
    line = playground.root.locator(".gw-status-line").text_content()
    kept = "playground._keeper._due is None"
    playground.wait_for_kernel(kept, "True")
    saved.page.wait_for_function(
        """line => jupyterapp.shell.currentWidget.content.widgets[0].model.outputs.get(0)
            .data["text/html"].includes(line)""",
        arg=line,
    )
    playground.wait_until_still()
    html = saved.save()
    assert line in html[0]
    assert "The loss went from 3.0000 at step 1 to 1.0000 at step 3" in html[3]
    assert all(LIVE in one for one in html)
    assert sum(map(len, html)) < 100_000


def test_the_kernel_restarts_with_the_page_open(saved: SavedPage) -> None:
    kernel = saved.notebook.kernel_id()
    saved.page.evaluate(
        "() => jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()"
    )
    saved.expect_stills()
    assert saved.notebook.kernel_id() == kernel


def test_the_page_is_loaded_again_after_it(saved: SavedPage) -> None:
    saved.save()
    saved.notebook.reload()
    saved.expect_stills()


def test_a_cell_that_is_run_is_live_again(saved: SavedPage) -> None:
    saved.notebook.run_all()
    expect(saved.stills).to_have_count(0)
    playground = PlaygroundPage(saved.notebook)
    playground.wait_for_pictures()
    playground.button("Step").click()
    playground.wait_for_step(1)
    saved.save()
    saved.notebook.reload()
    playground.wait_for_pictures()
    expect(saved.stills).to_have_count(0)
    assert playground.status().step == 1


def test_a_notebook_of_somebody_else_shows_them_too(saved: SavedPage, lab: Lab) -> None:
    """It is not trusted, so JupyterLab takes out of its HTML what might do harm."""
    saved.save()
    path = saved.notebook.server.files / saved.notebook.name
    content = read_notebook(path)
    content["cells"][0]["source"] = ["# mine\n", *content["cells"][0]["source"]]
    theirs = path.with_name("theirs.ipynb")
    theirs.write_text(json.dumps(content), encoding="utf-8")
    notebook = lab.open(theirs, viewport=(1280, 3000))
    page = notebook.page
    for title in TITLES:
        expect(page.locator(".jp-OutputArea", has_text=title).first).to_contain_text(LIVE)
    images = page.locator(".jp-OutputArea img")
    for number, name in enumerate(PICTURES):
        expect(images.nth(number)).to_have_attribute("alt", re.compile(f"^{name}"))
    expect(page.get_by_text("Error displaying")).to_have_count(0)
