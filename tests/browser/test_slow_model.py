"""A model of the learner's own that takes a second for each forward pass holds nobody up."""

from __future__ import annotations

import re
from time import monotonic

from playwright.sync_api import expect

from tests.browser.lab import Lab
from tests.browser.playground_page import PlaygroundPage

OWN = """
import time
import numpy as np
import gradwidgets as gw

class Slow(gw.Sequential):
    began = []
    def forward(self, x):
        self.began.append(time.monotonic())
        time.sleep(1)
        return super().forward(x)

np.random.seed(0)
data = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])
model = Slow([gw.Linear(2, 1)])
playground = gw.Playground(
    model=model, criterion=gw.MSELoss("mean"), data=data, target=data[:, :1],
    optimizer=gw.SGD(model.get_parameters(), alpha=0.01),
)
playground
"""


def test_pause_and_other_cells_are_answered_after_one_pass(lab: Lab) -> None:
    notebook = lab.open([OWN])
    notebook.run_all()
    playground = PlaygroundPage(notebook)
    line = playground.root.locator(".gw-status-line")
    expect(line).to_contain_text("each step takes 1.0 s")
    expect(playground.root.locator(".gw-caption")).to_have_text(re.compile("forward"))
    playground.play()
    expect(line).to_contain_text("step 2")
    asked = monotonic()  # of the same clock as the kernel's
    began = int(notebook.run_cell(f"sum(moment > {asked} for moment in model.began)"))
    answered = monotonic()
    print(f"a cell is answered after {answered - asked:.2f} s")
    assert began <= 1
    asked = monotonic()
    playground.pause()
    expect(playground.button("Play")).to_be_visible()
    answered = monotonic()
    print(f"Pause is answered after {answered - asked:.2f} s")
    began = notebook.kernel(f"sum({asked} < moment < {answered} for moment in model.began)")
    assert int(began) <= 1
    expect(playground.button("Play")).to_be_visible()
    playground.wait_for_kernel("playground.trainer.owes", "False")
    shown = playground.kernel("playground.trainer.step_count")
    expect(line).to_contain_text(f"step {shown} ")
