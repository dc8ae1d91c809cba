"""A learner follows the course on its board in JupyterLab."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.lab import Lab, LabPage, new_notebook

HOSTILE = "<img src=x onerror=alert(1)>"

SETUP = """
import os
os.environ["GRADWIDGETS_DATA"] = {directory!r}
from gradwidgets.lessons import progress
from gradwidgets.lessons.page.board import Board
from gradwidgets.lessons.course import Lesson
from gradwidgets.lessons.check.questions import Predict
def question(key, title):
    return Predict(key, title, "What is 1 + 1?", expected=2, because="So it is.", hints=["Add."])
lessons = [
    Lesson("01", "Numbers", {notebook!r},
           (question("01.q1", "First"), question("01.q2", "Second"))),
    Lesson("02", {hostile!r}, "nowhere.ipynb", (question("02.q1", {hostile!r}),)),
]
q1, q2 = lessons[0].exercises
"""


class BoardPage:
    """Drives the board of a notebook page."""

    def __init__(self, notebook: LabPage) -> None:
        self.notebook = notebook
        self.page = notebook.page
        self.root = self.page.get_by_role("region", name="Your progress")

    def button(self, name: str) -> Locator:
        return self.root.get_by_role("button", name=name, exact=True)

    def row(self, title: str) -> Locator:
        return self.root.get_by_role("listitem").filter(has_text=title)

    @property
    def message(self) -> Locator:
        return self.root.get_by_role("status")

    def expect_total(self, text: str, value: int) -> None:
        expect(self.root.get_by_text(text, exact=True)).to_be_visible()
        bar = self.root.get_by_role("progressbar", name="Exercises that are right")
        expect(bar).to_have_js_property("value", value)


@pytest.fixture
def board(lab: Lab, tmp_path: Path) -> Iterator[BoardPage]:
    other = f"{tmp_path.name} ü.ipynb"  # a name that an address has to write otherwise
    (lab.server.files / other).write_text(json.dumps(new_notebook(["'the other notebook'"])))
    setup = SETUP.format(directory=str(tmp_path / "kept"), notebook=other, hostile=HOSTILE)
    notebook = lab.open([setup, "Board(lessons)", "q1"])
    notebook.run_all()
    opened = BoardPage(notebook)
    expect(opened.root).to_be_visible()
    yield opened


@pytest.mark.old_environment
def test_checks_in_other_cells_tick_the_board(board: BoardPage) -> None:
    board.expect_total("0 of 3 right", 0)
    expect(board.root.get_by_text("Nothing yet: begin with 01 Numbers")).to_be_visible()
    expect(board.row("First")).to_contain_text("not attempted yet")
    board.notebook.run_cell("q1.check(3)")
    expect(board.row("First")).to_contain_text("✗")
    expect(board.row("First")).to_contain_text("not yet right, 1 try")
    exercise = board.page.get_by_role("region", name="Exercise 1: First")
    exercise.get_by_label("Your prediction").fill("2")
    exercise.get_by_role("button", name="Check").click()
    expect(board.row("First")).to_contain_text("✓")
    expect(board.row("First")).to_contain_text(re.compile("right, 2 tries$"))
    board.expect_total("1 of 3 right", 1)
    expect(board.root.get_by_text("Next: 01.q2 Second")).to_be_visible()


def test_what_is_exported_can_be_imported_after_a_fresh_start(
    board: BoardPage, tmp_path: Path
) -> None:
    board.notebook.run_cell("q1.check(2)")
    board.expect_total("1 of 3 right", 1)
    with board.page.expect_download() as download:
        board.button("Export").click()
    assert download.value.suggested_filename == "gradwidgets-progress.json"
    exported = tmp_path / "exported.json"
    download.value.save_as(exported)
    told = json.loads(exported.read_text(encoding="utf-8"))
    assert told["exercises"]["01.q1"]["outcome"] == "right"
    expect(board.message).to_contain_text("Exported as gradwidgets-progress.json")

    board.button("Start afresh …").focus()
    board.page.keyboard.press("Enter")
    expect(board.button("No, keep it")).to_be_focused()
    board.page.keyboard.press("Escape")
    expect(board.button("Start afresh …")).to_be_focused()
    expect(board.button("Yes, start afresh")).to_be_hidden()
    board.expect_total("1 of 3 right", 1)
    board.button("Start afresh …").click()
    board.button("Yes, start afresh").click()
    board.expect_total("0 of 3 right", 0)
    expect(board.message).to_contain_text("progress.before-1.json; Import takes it back.")

    board.button("Import …").focus()
    with board.page.expect_file_chooser() as chooser:
        # a question and its answer: Chromium has been told by now that the test wants the chooser
        expect(board.button("Import …")).to_be_focused()
        board.page.keyboard.press("Enter")
    chooser.value.set_files(exported)
    board.expect_total("1 of 3 right", 1)
    expect(board.message).to_contain_text("the file has 1 exercise; 1 was further")


def test_a_file_that_is_no_progress_file_is_refused_in_a_sentence(
    board: BoardPage, tmp_path: Path
) -> None:
    wrong, large = tmp_path / "wrong.json", tmp_path / "large.json"
    wrong.write_text(HOSTILE)
    large.write_text(" " * 1_100_000)
    for path, sentence in ((wrong, "it is not JSON. Nothing has changed."),
                           (large, "it is far too long. Nothing"), (wrong, "it is not JSON.")):
        with board.page.expect_file_chooser() as chooser:
            board.button("Import …").click()
        chooser.value.set_files(path)
        expect(board.message).to_contain_text(f"no progress file of gradwidgets: {sentence}")


@pytest.mark.old_environment
def test_a_title_opens_its_notebook(board: BoardPage) -> None:
    link = board.root.get_by_role("link", name="Numbers", exact=True)
    expect(link).to_have_attribute("href", re.compile("^http.*/files/"))
    link.focus()
    board.page.keyboard.press("Enter")
    expect(board.page.get_by_text("'the other notebook'")).to_be_visible()
    expect(board.page.get_by_role("dialog")).to_have_count(0)


def test_hostile_names_are_text(board: BoardPage) -> None:
    expect(board.row(HOSTILE)).to_have_count(1)
    expect(board.root.get_by_role("heading", name=f"02 {HOSTILE}")).to_be_visible()
    board.notebook.kernel(f"progress.record({HOSTILE!r}, progress.Outcome.RIGHT)")
    expect(board.root.get_by_text(f"It also tells of {HOSTILE}, not shown here.")).to_be_visible()
    expect(board.root.locator("img")).to_have_count(0)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_at_projector_size_nothing_is_cut_off(board: BoardPage, theme: str) -> None:
    board.notebook.set_theme(theme)
    board.page.set_viewport_size({"width": 853, "height": 480})  # 1280 × 720 at 150 %
    cut_off = """root => [...root.querySelectorAll("*")]
        .filter(one => one.checkVisibility() && one.scrollWidth > one.clientWidth + 1
            && getComputedStyle(one).display !== "inline" && one.tagName !== "PROGRESS")
        .map(one => one.className || one.tagName)"""
    assert board.root.evaluate(cut_off) == []
    box = board.root.bounding_box()
    assert box["x"] + box["width"] <= 853
