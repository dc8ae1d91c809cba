"""A playground of classes that a learner wrote: tensor, layers, loss and optimizer."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.lab import ROOT, CellError, Lab
from tests.browser.playground_page import PlaygroundPage

OWN = f"""
import sys; sys.path.insert(0, {str(ROOT)!r})
import numpy as np
import gradwidgets
from tests.engine.textbook import (
    TextbookActivation, TextbookLinear, TextbookLoss, TextbookSequential, TextbookSGD,
    TextbookTensor as Tensor)
np.random.seed(0)
data = Tensor(np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), autograd=True)
target = Tensor(np.array([[0], [1], [0], [1]]), autograd=True)
model = TextbookSequential([TextbookLinear(2, 3), TextbookActivation("tanh"),
                            TextbookLinear(3, 1), TextbookActivation("sigmoid")])
sgd = TextbookSGD(model.get_parameters(), alpha=0.01)
playground = gradwidgets.Playground(
    model=model, criterion=TextbookLoss(), optimizer=sgd, data=data, target=target)
playground
"""

HALF = """\
class Half(TextbookSequential):
    def forward(self, input):
        hidden = self.layers[0].forward(input)
        hidden.tahn()
gradwidgets.Playground(model=Half(model.layers), criterion=TextbookLoss(), optimizer=sgd,
                       data=data, target=target)
"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_learners_own_classes_are_played_tuned_walked_and_reset(lab: Lab, theme: str) -> None:
    notebook = lab.open([OWN], theme=theme)
    notebook.run_all()
    playground = PlaygroundPage(notebook)
    playground.wait_for_pictures()
    first, numbers = playground.status(), playground.graph_texts()
    frames = {name: playground.frame(name) for name in ("Backward graph", "Loss plot", "Output")}

    playground.play()
    playground.wait_for_step(40)
    playground.pause()
    playground.wait_until_still()
    assert float(playground.status().train) < float(first.train)
    assert playground.graph_texts() != numbers
    for name, frame in frames.items():
        assert playground.frame(name) > frame, name

    value = playground.field("Learning rate value")
    value.fill("0.5")
    value.press("Enter")
    playground.wait_for_kernel("sgd.alpha", "0.5")
    playground.drag(playground.field("Learning rate"), (0.5, 0.6, 0.7))
    shown = playground.field("Learning rate value").input_value()
    playground.wait_for_kernel("float(sgd.alpha)", repr(float(shown)))

    step = playground.status().step
    playground.button("Step").click()
    playground.wait_for_step(step + 1)
    playground.wait_until_still()
    assert playground.status().step == step + 1

    playground.button("Walk this step").click()
    stepper = playground.root.locator(".gw-stepper")
    expect(stepper).to_be_visible()
    expect(stepper.get_by_text(re.compile(rf"step {step + 1}\b")).first).to_be_visible()
    playground.button("Reset").click()
    expect(stepper).to_have_count(0)
    playground.wait_until_still()
    assert playground.status() == first
    assert playground.graph_texts() == numbers


def test_a_half_finished_class_is_told_with_the_learners_line(lab: Lab) -> None:
    notebook = lab.open([OWN])
    notebook.run_all()
    with pytest.raises(CellError) as failed:
        notebook.run_cell(HALF)
    words = str(failed.value).splitlines()[-1]
    assert words.startswith("RuntimeError: The model could not be run on the data: AttributeError")
    assert words.endswith("'tahn', in line 4 of your code: hidden.tahn()")
    notebook.kernel("TextbookLinear.forward = lambda self, input: input.mm(self.wieght)")
    playground = PlaygroundPage(notebook)
    playground.button("Step").click()
    expect(playground.alert()).to_contain_text("no attribute 'wieght', in line 1 of your code")
