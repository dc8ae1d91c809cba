"""A notebook with every kind of widget in it, and what axe-core and a keyboard find there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Locator, Page, expect

from tests.browser.lab import ROOT, Lab, LabPage

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")

# What the widgets are judged by: WCAG 2.0, 2.1 and 2.2, levels A and AA, and axe's own advice.
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")

SETUP = f"""
import sys; sys.path.insert(0, {str(ROOT)!r})
import os; os.environ["GRADWIDGETS_DATA"] = KEPT
import numpy as np
import gradwidgets
from gradwidgets import BackwardStepper, GraphView, Tensor, watch
from gradwidgets.lessons.lesson_03 import q2 as find
from gradwidgets.lessons.page.board import Board
from gradwidgets.lessons.check.questions import Choice, Option
from tests.lessons.small_course import lessons
course = lessons()
write, predict = course[0].exercises
pick = Choice("01.q4", "Pick", "Which of *these*?", options={{
    "a": Option("This `one`", "No, the other."), "b": Option("That", "Yes.")}}, answer="b",
    hints=["It is b."])
np.random.seed(0)
x = Tensor(np.random.randn(4, 2), autograd=True)
w = Tensor(np.random.randn(2, 3), autograd=True)
h = x.mm(w).tanh()
y = (h.sigmoid() * h).sum(0).mean()
y.backward()
v = Tensor([2.0, -1.0], autograd=True)
loss = (v * v).sum(0)
def steps():
    for _ in range(40):
        u = Tensor([0.5, -0.25], autograd=True)
        out = (u * u).sum(0)
        out.backward()
        yield out
def double(number):
    return number
"""

CELLS = {
    "playground": "playground = gradwidgets.Playground(); playground",
    "graph": "view = GraphView(y); view",
    "walk": "stepper = BackwardStepper(loss); stepper",
    "write": "write",
    "predict": "predict",
    "pick": "pick",
    "find": "find",
    "board": "Board(course)",
    "watch": "for _ in watch(steps()): pass",
}

ROOTS = {
    "playground": ".gw-playground",
    "graph": ".gw-graph-view",
    "walk": ".gw-stepper",
    "watch": ".gw-watch",
    "board": ".gw-board",
}

# All cells stay in the document: else those out of sight are taken out.
KEEP_ALL = """
() => {
    const content = window.jupyterapp.shell.currentWidget.content;
    content.notebookConfig = { ...content.notebookConfig, windowingMode: "none" };
}
"""

RUN_AXE = """
async ([root, tags]) => {
    const { violations, incomplete, passes } = await axe.run(root,
        { runOnly: { type: "tag", values: tags }, resultTypes: ["violations", "incomplete"] });
    const flat = all => all.flatMap(({ id, help, nodes }) => nodes.map(node => ({
        id, help, html: node.html, target: node.target.join(" "),
        summary: [...node.any, ...node.all, ...node.none].map(one => one.message).join("; "),
    })));
    return { violations: flat(violations), incomplete: flat(incomplete), passes: passes.length };
}
"""


def axe(page: Page, root: Locator) -> dict:
    """Return what axe-core finds in the subtree of an element."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    return root.evaluate(f"(el, tags) => ({RUN_AXE})([el, tags])", list(RULES))


@dataclass
class EveryWidget:
    """Drives a page on which every kind of widget is shown."""

    notebook: LabPage

    @property
    def page(self):
        return self.notebook.page

    def root(self, name: str) -> Locator:
        """Return the root of a widget, by its name in `CELLS`."""
        cell = self.page.locator(".jp-Cell").nth(1 + list(CELLS).index(name))
        return cell.locator(ROOTS.get(name, ".gw-exercise")).first

    def show(self, name: str) -> Locator:
        """Bring a widget before the eyes, and return its root."""
        root = self.root(name)
        root.evaluate("el => el.scrollIntoView({ block: 'start' })")
        return root

    def axe(self, root: Locator) -> dict:
        """Return what axe-core finds in the subtree of an element."""
        return axe(self.page, root)


def open_every_widget(lab: Lab, kept: Path, **options: object) -> EveryWidget:
    """Open a notebook with every widget, and wait until each has its picture."""
    setup = SETUP.replace("KEPT", repr(str(kept)))
    notebook = lab.open([setup, *CELLS.values()], **options)
    notebook.page.evaluate(KEEP_ALL)
    notebook.run_all()
    every = EveryWidget(notebook)
    for name in ("playground", "graph", "walk", "find", "watch"):
        every.show(name)
        cell = every.page.locator(".jp-Cell").nth(1 + list(CELLS).index(name))
        expect(cell.locator("[data-node]").first).to_be_visible()
    for name in ("write", "predict", "pick", "board"):
        expect(every.root(name)).to_be_visible()
    return every
