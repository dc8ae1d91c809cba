"""A learner walks through a backward pass in JupyterLab."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import expect

from tests.browser.lab import Lab
from tests.browser.playground_page import PlaygroundPage, open_playground
from tests.browser.stepper_page import NETWORK, StepperPage


def test_the_walk_leads_forward_and_back_to_the_same_pictures(stepper: StepperPage) -> None:
    seen = {}
    for step in range(1, 21):
        stepper.expect_step(step)
        seen[step] = stepper.picture()
        if step < 20:
            stepper.button("Next step").click()
    for step in range(20, 0, -1):
        stepper.expect_step(step)
        assert stepper.picture() == seen[step]
        if step > 1:
            stepper.button("Previous step").click()
    assert len({json.dumps(one) for one in seen.values()}) == 20
    for step in range(1, 21):
        flat = [mark for marks in seen[step]["marks"] for mark in marks]
        assert flat.count("gw-now") == (1 if step == 1 else 2), "one box, and the edge to it"


def test_the_gradients_at_the_end_are_those_of_backward(stepper: StepperPage) -> None:
    stepper.button("Last step").click()
    stepper.expect_step(20)
    expect(stepper.sentence).to_contain_text("This was the last step")
    told = json.loads(stepper.notebook.kernel(
        "import json\nfrom gradwidgets.views.numbers import cells\nloss.backward()\n"
        "graph = stepper.walk.graph\n"
        "print(json.dumps({'n%d' % node.index: cells(globals()[node.name].grad.data)"
        " for node in graph.nodes if node.name}))"
    ))
    shown = dict(stepper.picture()["texts"])
    assert len(told) == 9
    for box, gradient in told.items():
        texts = [one for one in shown[box] if one]
        assert texts[-len(gradient):] == gradient, box


def test_keys_walk_wherever_the_focus_is_inside(stepper: StepperPage) -> None:
    stepper.focus()
    stepper.press("ArrowRight")
    stepper.expect_step(2)
    stepper.press("ArrowRight")
    stepper.press("ArrowLeft")
    stepper.press("ArrowRight")
    stepper.expect_step(3)
    stepper.press("End")
    stepper.expect_step(20)
    stepper.press("Home")
    stepper.expect_step(1)
    stepper.root.locator("[data-node][tabindex='0']").focus()
    stepper.press("ArrowRight")
    stepper.expect_step(2)
    stepper.press("Space")
    expect(stepper.button("Pause the walk")).to_be_visible()
    stepper.press("Space")
    expect(stepper.button("Play the walk")).to_be_visible()


def test_keys_in_a_field_stay_with_the_field(stepper: StepperPage) -> None:
    select = stepper.root.get_by_label("Walk speed")
    select.focus()
    stepper.press("End")
    expect(select).to_have_value(re.compile("10 steps|fast"))
    stepper.expect_step(1)
    stepper.slider.focus()
    stepper.press("ArrowRight")
    stepper.expect_step(2)


def test_keys_outside_of_the_stepper_do_nothing_to_it(stepper: StepperPage) -> None:
    stepper.button("Next step").click()
    stepper.expect_step(2)
    stepper.notebook.run_cell("1 + 1")
    stepper.page.locator(".jp-Cell-inputWrapper .cm-content").last.click()
    stepper.press("ArrowLeft")
    stepper.press("Home")
    stepper.expect_step(2)


def test_the_slider_leads_to_any_step(stepper: StepperPage) -> None:
    stepper.slider.fill("8")  # positions count from 0
    stepper.expect_step(9)
    expect(stepper.sentence).to_contain_text("pred has now received both gradients")


def test_a_part_of_the_walk_is_chosen(lab: Lab) -> None:
    notebook = lab.open([
        "from gradwidgets import BackwardStepper, Tensor\n"
        "x = Tensor([0.5], autograd=True)\n"
        "y = x\nfor _ in range(500):\n    y = y.tanh()\n"
        "stepper = BackwardStepper(y)\nstepper"
    ])
    notebook.run_all()
    shown = StepperPage(notebook)
    shown.root.get_by_label("Part of the walk").select_option("Steps: 251–275")
    shown.expect_step(251, 501)
    expect(shown.sentence).to_contain_text("it may pass it on through tanh")


def test_it_plays_by_itself_to_the_end(stepper: StepperPage) -> None:
    stepper.root.get_by_label("Walk speed").select_option("10 steps a second")
    stepper.button("Play the walk").click()
    expect(stepper.button("Pause the walk")).to_be_visible()
    stepper.expect_step(20)
    expect(stepper.button("Play the walk")).to_be_visible()


def test_the_forward_pass_too(stepper: StepperPage) -> None:
    stepper.root.get_by_label("Forward pass too").check()
    stepper.expect_step(1, 32)
    expect(stepper.sentence).to_contain_text("Forward pass: the result of mm no. 1 is computed.")
    shown = dict(stepper.picture()["texts"])
    computed = stepper.notebook.kernel(
        "print([node.index for node in stepper.walk.graph.nodes if node.op == 'mm'][0])"
    )
    assert [one for one in shown[f"n{computed}"] if one][0] != "no numbers"
    later = stepper.notebook.kernel(
        "print([node.index for node in stepper.walk.graph.nodes if node.name == 'loss'][0])"
    )
    assert "+0" not in "".join(shown[f"n{later}"])


def test_names_from_a_notebook_stay_text(lab: Lab) -> None:
    notebook = lab.open([
        "from gradwidgets import BackwardStepper, Tensor\n"
        "x = Tensor([1.0], autograd=True)\n"
        "y = x.tanh()\n"
        "stepper = BackwardStepper(y * x, names={'<img src=x onerror=alert(1)>': x,"
        " '\"]; `evil`': y})\nstepper"
    ])
    notebook.run_all()
    shown = StepperPage(notebook)
    shown.button("Next step").click()
    expect(shown.sentence).to_contain_text("\"]; 'evil'")
    shown.button("Next step").click()
    expect(shown.sentence).to_contain_text("<img src=x onerror=alert(1)>")
    expect(shown.root.locator("img")).to_have_count(0)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_texts_can_be_read_in_both_themes(lab: Lab, theme: str) -> None:
    notebook = lab.open([NETWORK], theme=theme)
    notebook.run_all()
    shown = StepperPage(notebook)
    shown.button("Next step").click()
    expect(shown.sentence).to_contain_text("through sum")
    light = shown.sentence.evaluate(
        "one => getComputedStyle(one).color.match(/[0-9]+/g).slice(0, 3).map(Number)"
        ".reduce((a, b) => a + b) / 3"
    )
    assert (light > 150) == (theme == "dark")


def test_a_step_of_training_is_walked_and_left(lab: Lab) -> None:
    playground = open_playground(lab)
    walk = playground.button("Walk this step")
    expect(walk).to_be_disabled()
    playground.button("Step").click()
    playground.wait_for_step(1)
    expect(walk).to_be_enabled()
    before = playground.picture("Loss plot").get_attribute("data-frame")
    walk.click()
    shown = StepperPage(playground.notebook)
    expect(shown.sentence).to_contain_text("The walk begins at the end of the graph, loss.")
    expect(playground.picture("Loss plot")).to_be_hidden()
    expect(shown.button("Back to training")).to_be_focused()
    playground.page.keyboard.press("End")
    expect(shown.sentence).to_contain_text("This was the last step")
    same = playground.kernel(
        "import numpy as np\nw = playground._walk.walk\nr = playground.trainer.last_step.graph\n"
        "print(all(np.allclose(s.total, r.nodes[s.node].grad) for s in w.steps"
        " if s.arrived == s.expected and r.nodes[s.node].grad is not None))"
    )
    assert same == "True"
    shown.button("Back to training").click()
    expect(shown.root).to_have_count(0)
    expect(playground.picture("Loss plot")).to_be_visible()
    assert playground.picture("Loss plot").get_attribute("data-frame") == before
    expect(walk).to_be_focused()


@pytest.mark.parametrize("way_out", ["Step", "Reset", "New weights", "Play"])
def test_training_goes_on_where_the_walk_is_left(playground: PlaygroundPage, way_out: str) -> None:
    playground.button("Step").click()
    playground.wait_for_step(1)
    playground.button("Walk this step").click()
    expect(playground.root.locator(".gw-stepper .gw-sentence")).to_be_visible()
    playground.button(way_out).click()
    expect(playground.root.locator(".gw-stepper")).to_have_count(0)
    expect(playground.picture("Output")).to_be_visible()
    if way_out == "Play":
        expect(playground.button("Walk this step")).to_be_disabled()
        playground.wait_for_step(50)
        playground.pause()
    elif way_out == "Step":
        playground.wait_for_step(2)
