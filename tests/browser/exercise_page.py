"""A lesson's notebook with the panels of its exercises, as a learner uses them."""

from __future__ import annotations

import json
import re
from pathlib import Path

from playwright.sync_api import Locator, expect

from tests.browser.lab import ROOT, Lab, LabPage

SCROLL_TO = """
async index => {
    await window.jupyterapp.shell.currentWidget.content.scrollToItem(index, "center");
}
"""

# The least contrast of a text in an element with the ground behind it; both are opaque. WCAG 2.2
CONTRAST = """
root => {
    const light = text => {
        const [r, g, b] = text.match(/[\\d.]+/g).slice(0, 3).map(Number).map(c => c / 255)
            .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const ground = el => {
        const { backgroundColor } = getComputedStyle(el);
        return backgroundColor === "rgba(0, 0, 0, 0)" ? ground(el.parentElement) : backgroundColor;
    };
    const texts = [...root.querySelectorAll("*")].filter(el => el.checkVisibility()
        && [...el.childNodes].some(part => part.nodeType === 3 && part.data.trim()));
    return Math.min(...texts.map(el => {
        const [a, b] = [light(getComputedStyle(el).color), light(ground(el))];
        return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    }));
}
"""


class LessonPage:
    """Drives a notebook of the course; what is done in it is kept in a directory of the test's."""

    def __init__(self, lab: Lab, name: str, kept: Path, **options: object) -> None:
        file = ROOT / "notebooks" / name
        self.cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
        self.number = name[:2]
        self.notebook: LabPage = lab.open(file, **options)
        self.page = self.notebook.page
        self.notebook.kernel(f"import os; os.environ['GRADWIDGETS_DATA'] = {str(kept)!r}")
        self.notebook.run_all()

    def exercise(self, name: str) -> ExercisePage:
        """Return the panel of an exercise, such as q3, scrolled to."""
        self._scroll_to(self._index(lambda cell: "".join(cell["source"]).strip() == name))
        panel = ExercisePage(self.notebook, name)
        expect(panel.root).to_be_visible()
        return panel

    def write(self, name: str, *lines: tuple[str, str]) -> None:
        """Write into the cell of an exercise, and run it with Shift+Enter.

        Each of `lines` is a piece of the line that is to be replaced, and what is typed instead;
        where this has several lines, the editor indents them.
        """
        key = f"{self.number}.{name}"
        index = self._index(lambda cell: cell["metadata"].get("exercise") == key)
        self._scroll_to(index)
        cell = self.page.locator(f'.jp-Cell[data-windowed-list-index="{index}"]')
        for piece, typed in lines:
            cell.locator(".cm-line", has_text=piece).first.click()
            self.page.keyboard.press("Home")
            self.page.keyboard.press("Shift+End")
            for number, line in enumerate(typed.splitlines()):
                if number:
                    self.page.keyboard.press("Enter")
                self.page.keyboard.type(line)
        self.page.keyboard.press("Shift+Enter")

    def _index(self, wanted) -> int:
        return next(index for index, cell in enumerate(self.cells) if wanted(cell))

    def _scroll_to(self, index: int) -> None:
        self.page.evaluate(SCROLL_TO, index)


class ExercisePage:
    """Drives the panel of an exercise."""

    def __init__(self, notebook: LabPage, name: str) -> None:
        self.notebook = notebook
        self.page = notebook.page
        title = re.compile(f"^Exercise {name.removeprefix('q')}: ")
        self.root = self.page.get_by_role("region", name=title)
        self.says = self.root.get_by_role("status")
        self.state = self.root.locator(".gw-exercise-state")
        self.hints = self.root.locator(".gw-exercise-hints > p")
        self.check = self.root.get_by_role("button", name=re.compile("^Check"))
        self.entry = self.root.get_by_role("textbox", name="Your prediction")
        output = self.page.locator(".jp-OutputArea-output").filter(has=self.root)
        self.graph = output.locator(".gw-graph-view")

    def button(self, name: str) -> Locator:
        return self.root.get_by_role("button", name=name, exact=True)

    def node(self, name: str) -> Locator:
        """Return the box in the graph below whose title is exactly this."""
        title = self.page.locator(".gw-title", has_text=re.compile(f"^{re.escape(name)}$"))
        return self.graph.locator("[data-node]").filter(has=title)

    def marked(self) -> Locator:
        """Return the title of the box that is marked as wrong."""
        return self.graph.locator(".gw-wrong .gw-title")

    def contrast(self) -> float:
        """Return the least contrast of a text in the panel with its ground, from 1 to 21."""
        return self.root.evaluate(CONTRAST)

    def detail(self, name: str) -> Locator:
        """Return what is said under a name: Tried, Got, Expected, Your line."""
        return self.says.locator(f".gw-exercise-detail:has(> span:text-is('{name}')) > pre")
