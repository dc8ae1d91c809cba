"""A graph view on its own in a notebook, as a person uses it."""

from __future__ import annotations

import json
import re

from playwright.sync_api import Locator

from tests.browser.lab import Lab, LabPage

# Ten tensors: parameters, an input, one that is used twice, arrays too large to be shown whole.
SHOW = """
import json
import numpy as np
import gradwidgets
from gradwidgets import Tensor
from gradwidgets.views.kit import numbers

def forward():
    h = (x.mm(w) + b).tanh()
    y = (h.sigmoid() * h).sum(0).mean()
    return h, y

x = Tensor(np.random.default_rng(0).normal(size=(12, 10)))
w = Tensor(np.random.default_rng(1).normal(size=(10, 3)), autograd=True)
b = Tensor([0.5, -0.25, 0.0], autograd=True)
h, y = forward()
y.backward()
view = gradwidgets.GraphView(y)
view
"""

NUMBERS = """
svg => Object.fromEntries([...svg.querySelectorAll("[data-node]")].map(node => [
    node.dataset.node,
    [...node.querySelectorAll(".gw-number")].map(text => text.textContent).filter(Boolean),
]))
"""

# In the kernel: what every tensor of the graph holds, in the order of the nodes.
TENSORS = """
from gradwidgets.engine.graph.snapshot import tensors_in
told = []
for tensor in tensors_in(view._tensor):
    arrays = [tensor.data] + ([tensor.grad.data] if tensor.grad is not None else [])
    told.append([tensor.creation_op, [np.ravel(a).astype(float).tolist() for a in arrays]])
print(json.dumps(told))
"""


class GraphPage:
    """Drives the first graph view of a notebook page; in the kernel it is called `view`."""

    def __init__(self, notebook: LabPage) -> None:
        self.notebook = notebook
        self.page = notebook.page
        self.root = self.page.locator(".gw-graph-view").first
        self.graph = self.root.get_by_role("group", name="Backward graph")
        self.stage = self.root.locator(".gw-stage")
        self.layer = self.root.locator(".gw-svg > g")
        self.nodes = self.graph.locator("[data-node]")
        self.drawer = self.root.locator(".gw-drawer")

    def node(self, name: str) -> Locator:
        """Return the box whose title is exactly this."""
        title = self.page.locator(".gw-title", has_text=re.compile(f"^{re.escape(name)}$"))
        return self.nodes.filter(has=title)

    def button(self, name: str) -> Locator:
        return self.root.get_by_role("button", name=name, exact=True)

    def kernel(self, code: str) -> str:
        return self.notebook.kernel(code)

    def update(self, code: str) -> None:
        """Run code that changes the view, and wait until the page shows the last frame of it."""
        self.kernel(code)
        self.wait_until_shown()

    def wait_until_shown(self) -> None:
        # The page may ask for a frame more while the kernel is asked for the last one.
        for _ in range(200):
            sent, shown = self.kernel("view.picture.sent"), self.graph.get_attribute("data-frame")
            if shown == sent:
                return
            self.notebook.page.wait_for_timeout(25)
        raise AssertionError(f"the page stays at frame {shown}, the kernel has sent {sent}")

    def start_afresh(self) -> None:
        """Go back to a view that nobody has touched."""
        self.page.bring_to_front()  # behind another, the browser draws it once a second
        self.kernel(
            "view.picture.selected = None; view.detail = 'auto'; view.colour = 'value'\n"
            "view.update(y, names={})"
        )
        self.wait_until_shown()
        self.page.evaluate("document.activeElement?.blur()")
        self.page.mouse.move(2, 2)
        self.button("Fit the graph").click()

    def choose(self, item: str) -> None:
        """Choose an item of the menu."""
        self.button("More").click()
        self.root.locator(".gw-menu-item", has_text=re.compile(f"^{item}$")).click()

    def numbers(self) -> dict[str, list[str]]:
        """Return the numbers in the graph: for each node its texts, in order."""
        return self.root.locator(".gw-svg").evaluate(NUMBERS)

    def fact(self, name: str) -> Locator:
        """Return what the inspector's lists say of something, such as the shape."""
        term = self.drawer.get_by_text(name, exact=True)
        return term.first.locator("xpath=following-sibling::dd[1]")

    def tables(self) -> list[list[str]]:
        """Return the numbers of every table in the inspector."""
        return self.drawer.evaluate(
            "el => [...el.querySelectorAll('table')].map(t => [...t.querySelectorAll('td')]"
            ".map(td => td.textContent))"
        )


def open_graph(lab: Lab, cell: str = SHOW, **options: object) -> GraphPage:
    """Open a notebook with a graph view in it, run it, wait for its picture."""
    notebook = lab.open([cell], **options)
    notebook.run_all()
    graph = GraphPage(notebook)
    graph.nodes.first.wait_for()
    return graph


def as_written(text: str) -> tuple[float, float]:
    """Return the number that a text shows, and half a unit of its last digit."""
    plain = text.lstrip("↓ø↑").replace("−", "-")
    mantissa, _, exponent = plain.partition("e")
    digits = len(mantissa.partition(".")[2])
    return float(plain), 0.5 * 10.0 ** (int(exponent or 0) - digits)


def agree(texts: list[str], values: list[float]) -> bool:
    """Tell whether texts show these values: of more than 16, the least, the mean, the greatest."""
    if len(values) > 16:
        values = [min(values), sum(values) / len(values), max(values)]
    if len(texts) != len(values):
        return False
    for text, value in zip(texts, values, strict=True):
        shown, half = as_written(text)
        if abs(shown - value) > half * 1.0001 + 1e-12:
            return False
    return True


def check_numbers(page: GraphPage, in_sight: int | None = None) -> list[str | None]:
    """Compare every number in the graph with the kernel's; return the operations that are there.

    The kernel's come from the tensors' own arrays, in the order of the graph. Of a large graph only
    what is `in_sight` is drawn: at least so many tensors.
    """
    told = json.loads(page.kernel(TENSORS))
    shown = page.numbers()
    assert len(shown) == len(told)
    if in_sight is not None:
        assert in_sight <= sum(map(bool, shown.values())) < len(told)
    for index, (op, arrays) in enumerate(told):
        texts = shown[f"n{index}"]
        if in_sight is not None and not texts:
            continue
        for values in arrays:
            count = len(values) if len(values) <= 16 else 3
            assert agree(texts[:count], values), f"{index} {op}: {texts[:count]} but {values}"
            texts = texts[count:]
        assert texts == [], f"{index} {op}"
    return [op for op, _ in told]
