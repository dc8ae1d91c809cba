"""A loop written by hand is drawn while it runs, also while its cell keeps the kernel busy."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.lab import ROOT, Lab, LabPage

# A learner's own classes, and the training loop of the course around them.
OWN = f"""
import sys; sys.path.insert(0, {str(ROOT)!r})
import asyncio, json, pathlib, time
import numpy as np
from gradwidgets import watch
from tests.engine.textbook import (
    TextbookActivation, TextbookLinear, TextbookLoss, TextbookSequential, TextbookSGD,
    TextbookTensor as Tensor)
np.random.seed(0)
x = Tensor(np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), autograd=True)
target = Tensor(np.array([[0], [1], [0], [1]]), autograd=True)
model = TextbookSequential([TextbookLinear(2, 3), TextbookActivation("tanh"),
                            TextbookLinear(3, 1), TextbookActivation("sigmoid")])
mse, sgd = TextbookLoss(), TextbookSGD(model.get_parameters(), alpha=0.5)
losses = []

def steps(count=100_000):
    for _ in range(count):
        prediction = model.forward(x)
        loss = mse.forward(prediction, target)
        loss.backward(Tensor(np.ones_like(loss.data)))
        sgd.step()
        losses.append(loss.data.item())
        yield loss

def told():
    return pathlib.Path("enough-NAME").exists()
"""

LOOP = """
for loss in watch(steps()):
    time.sleep(0.01)
    if told():
        break
"""


class WatchPage:
    """The first loop that is watched in a notebook, as a person sees it."""

    def __init__(self, notebook: LabPage) -> None:
        self.notebook = notebook
        self.page = notebook.page
        self.root = self.page.locator(".gw-watch")
        self.plot = self.root.get_by_role("img", name=re.compile("^Loss plot"))
        self.graph = self.root.get_by_role("group", name="Backward graph")
        self.line = self.root.locator(".gw-status-line")
        self.message = self.root.locator(".gw-message-text")

    def start(self, code: str) -> None:
        """Run a cell, and wait until both of its pictures are seen."""
        self.notebook.start_cell(code)
        for picture in (self.plot, self.graph):
            expect(picture).to_have_attribute("data-frame", re.compile(r"\d+"))
        self.root.scroll_into_view_if_needed()

    def wait_for_frame(self, picture: Locator, number: int) -> None:
        self.page.wait_for_function(
            "([el, number]) => Number(el.dataset.frame) >= number",
            arg=[picture.element_handle(), number],
        )

    def step(self) -> int:
        return int(re.search(r"step (\d+)", self.line.text_content())[1])

    def busy(self) -> bool:
        """Tell whether the cell is still running."""
        return "[*]" in self.page.locator(".jp-InputArea-prompt").all_text_contents()[-1]

    def tell(self) -> None:
        """Tell the loop that it is enough."""
        (self.notebook.server.files / f"enough-{self.notebook.name}").touch()

    def kernel(self, code: str) -> str:
        return self.notebook.kernel(code)


def open_watch(lab: Lab, theme: str = "light") -> WatchPage:
    notebook = lab.open([], theme=theme)
    notebook.run_cell(OWN.replace("NAME", notebook.name))
    return WatchPage(notebook)


def check_the_last_step_is_shown(watch: WatchPage) -> None:
    """Compare what is seen, after the cell has ended, with the loop's own numbers."""
    count, last, first = json.loads(
        watch.kernel("print(json.dumps([len(losses), losses[-1], losses[0]]))")
    )
    expect(watch.line).to_have_text(f"step {count} · loss {last:.4f}")
    expect(watch.graph.locator(".gw-caption")).to_contain_text(f"step {count}")
    expect(watch.plot).to_have_attribute(
        "aria-label", re.compile(f"from {first:.4f} at step 1 to {last:.4f} at step {count};")
    )
    cells = watch.kernel(
        "from gradwidgets.views.kit import numbers\n"
        "print(json.dumps(numbers.cells(model.layers[0].bias.data)))"
    )
    shown = watch.graph.locator(".gw-number").all_text_contents()
    assert set(json.loads(cells)) <= set(shown)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_cell_that_blocks_the_kernel_is_drawn_while_it_runs(lab: Lab, theme: str) -> None:
    watch = open_watch(lab, theme)
    watch.start(LOOP)
    for picture in (watch.plot, watch.graph):
        before, step = int(picture.get_attribute("data-frame")), watch.step()
        watch.wait_for_frame(picture, before + 3)
        assert watch.step() > step
    assert watch.busy()
    watch.tell()
    watch.kernel("0")
    check_the_last_step_is_shown(watch)


def test_the_page_acts_while_an_asynchronous_loop_goes_on(lab: Lab) -> None:
    watch = open_watch(lab)
    watch.start(
        "async def train():\n"
        "    async for loss in watch(steps()):\n"
        "        await asyncio.sleep(0.005)\n"
        "        if told():\n"
        "            break\n"
        "task = asyncio.create_task(train())"
    )
    assert not watch.busy()
    axis = watch.root.get_by_label("Log axis")
    axis.check()
    watch.wait_for_frame(watch.plot, int(watch.plot.get_attribute("data-frame")) + 10)
    expect(axis).to_be_checked()
    assert watch.kernel("1 + 1") == "2"
    watch.tell()
    watch.kernel("await task")
    check_the_last_step_is_shown(watch)


def test_a_loss_that_explodes_is_told_below_the_pictures_and_the_loop_goes_on(lab: Lab) -> None:
    watch = open_watch(lab)
    watch.notebook.run_cell(
        "w = Tensor(np.array([1.0]), autograd=True)\n"
        "sgd.alpha, count = 10, 0\n"
        "def parabola():\n"
        "    with np.errstate(all='ignore'):\n"
        "        for _ in range(400):\n"
        "            loss = w * w\n"
        "            w.data = w.data - sgd.alpha * 2 * w.data\n"
        "            yield loss\n"
        "for loss in watch(parabola()):\n"
        "    count += 1"
    )
    expect(watch.root.get_by_role("alert")).to_contain_text(
        re.compile(r"became inf at step \d+ with learning rate 10\. .*for example to 1,")
    )
    expect(watch.line).to_have_text(re.compile(r"step \d+ · loss ∞"))
    assert watch.kernel("count") == "400"
