"""A walk in a notebook, as a person uses it: by the names on its controls."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.browser.lab import LabPage, WatchedPage

# The network of the seed's step 10, as a learner writes it.
NETWORK = """
import numpy as np
from gradwidgets import BackwardStepper, Tensor
np.random.seed(0)
data = Tensor([[0., 0], [0, 1], [1, 0], [1, 1]], autograd=True)
target = Tensor([[0.], [1], [0], [1]], autograd=True)
w1 = Tensor(np.random.randn(2, 3), autograd=True)
b1 = Tensor(np.zeros(3), autograd=True)
w2 = Tensor(np.random.randn(3, 1), autograd=True)
b2 = Tensor(np.zeros(1), autograd=True)
h = (data.mm(w1) + b1.expand(0, 4)).tanh()
pred = (h.mm(w2) + b2.expand(0, 4)).sigmoid()
loss = ((pred - target) * (pred - target)).sum(0)
stepper = BackwardStepper(loss)
stepper
"""

# What the picture shows: all numbers, and how boxes and edges are marked.
PICTURE = """
root => ({
    texts: [...root.querySelectorAll("[data-node]")].map(box => [box.dataset.node,
        [...box.querySelectorAll(".gw-number, .gw-absent")].map(text => text.textContent)]),
    marks: [...root.querySelectorAll(".gw-box, .gw-edge")].map(
        one => [...one.classList].filter(name => /gw-(done|now|partial|ready|waiting)/.test(name))),
    sentence: root.querySelector(".gw-sentence").textContent,
    sheet: root.querySelector(".gw-sheet").textContent,
})
"""

# The equations of the sheet: signs as they are, of a table its rows.
EQUATIONS = """
root => [...root.querySelectorAll(".gw-equation")].map(equation => [...equation.children].map(
    item => item.matches(".gw-sign") ? item.textContent : [...item.querySelectorAll("tr")].map(
        row => [...row.querySelectorAll("td")].map(cell => cell.textContent))))
"""


class StepperPage:
    """Drives the stepper of a notebook page.

    Parameters
    ----------
    notebook : LabPage or WatchedPage
        `expect_step` needs one with a kernel to ask.
    variable : str
        What the stepper is called in the notebook.
    """

    def __init__(self, notebook: LabPage | WatchedPage, variable: str = "stepper") -> None:
        self.notebook = notebook
        self.variable = variable
        self.page: Page = notebook.page
        self.root = self.page.locator(".gw-stepper")

    def button(self, name: str) -> Locator:
        return self.root.get_by_role("button", name=name, exact=True)

    @property
    def slider(self) -> Locator:
        return self.root.get_by_role("slider", name="Step of the walk")

    @property
    def sentence(self) -> Locator:
        return self.root.locator(".gw-sentence:not(.gw-question)")

    @property
    def sheet(self) -> Locator:
        return self.root.locator(".gw-sheet")

    def box(self, node: int) -> Locator:
        """Return the box of a node in the picture."""
        return self.root.locator(f"[data-node='n{node}']")

    def expect_place(self, step: int, count: int) -> None:
        """Wait until the slider tells this step."""
        expect(self.slider).to_have_attribute("aria-valuetext", f"{step} of {count}")

    def expect_step(self, step: int, count: int = 20) -> None:
        """Wait until this step is on the page: in the slider, and in the picture."""
        self.expect_place(step, count)
        # The slider tells what was asked for before the kernel has heard of it, and the kernel
        # counts a picture that the page has yet to draw.
        ask = f"print({self.variable}.position, {self.variable}.picture.sent)"
        graph = self.root.locator(".gw-graph-root")
        for _ in range(200):
            position, sent = self.notebook.kernel(ask).split()
            told = int(position), graph.get_attribute("data-frame")
            if told == (step, sent):
                return
            self.page.wait_for_timeout(25)
        raise AssertionError(f"position and frame stay {told}, not {(step, sent)}")

    def start_afresh(self) -> None:
        """Go back to a walk that nobody has touched."""
        self.page.bring_to_front()  # behind another, the browser draws it once a second
        name = self.variable
        self.notebook.kernel(
            f"{name}.pause(); {name}.tour.with_forward = False; {name}.speed = 'normal'\n"
            f"{name}.predict = False; {name}.go_to(1)"
        )
        self.expect_step(1)
        expect(self.root.get_by_label("Forward pass too")).not_to_be_checked()
        expect(self.root.get_by_label("Walk speed")).to_have_value("a step in 2 s")

    def picture(self) -> dict:
        return self.root.evaluate(PICTURE)

    def equations(self) -> list[list[str | list[list[str]]]]:
        """Return the equations of the sheet: signs, and the texts in the cells of each table."""
        return self.root.evaluate(EQUATIONS)

    def focus(self) -> None:
        """Put the keyboard into the stepper, as a click on its sentence does."""
        self.sentence.click()

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
