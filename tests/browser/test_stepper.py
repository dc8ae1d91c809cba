"""A learner walks through a backward pass in JupyterLab."""

from __future__ import annotations

import json
import re

import numpy as np
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


def test_a_step_is_covered_until_the_class_has_guessed(stepper: StepperPage) -> None:
    root, question = stepper.root, stepper.root.locator(".gw-question")
    root.get_by_label("Predict first").focus()
    stepper.press("Space")
    expect(question).to_have_count(0)  # where it begins, there is nothing to guess
    stepper.focus()
    stepper.press("ArrowRight")
    expect(question).to_contain_text("Guess first: which gradient is handed on to the result of")
    stepper.expect_step(2)
    receiver = root.locator(".gw-box.gw-now")
    expect(receiver.locator(".gw-absent").filter(has_text="not yet")).to_be_visible()
    assert stepper.equations()[0][-1] == [], "the equation stops before its result"
    stepper.press("ArrowRight")
    expect(question).to_have_count(0)
    stepper.expect_step(2)
    expect(receiver.locator(".gw-absent").filter(has_text="not yet")).to_be_hidden()
    assert stepper.equations()[0][-1] == [["+1.00"]] * 4
    stepper.press("ArrowRight")
    reveal = root.locator(".gw-row:has(.gw-question)").get_by_role("button")
    expect(reveal).to_have_text("Reveal")
    reveal.click()
    expect(reveal).to_have_count(0)
    stepper.expect_step(3)


def bounds(rows: list[list[str]]) -> tuple[np.ndarray, np.ndarray]:
    """Return the numbers that a table shows, and half a unit of the last digit of each."""
    values, halves = [], []
    for row in rows:
        plain = [text.replace("−", "-").partition("e") for text in row]
        values.append([float(mantissa + sign + power) for mantissa, sign, power in plain])
        halves.append([0 if mantissa == "0" else
                       0.5 * 10.0 ** (int(power or 0) - len(mantissa.partition(".")[2]))
                       for mantissa, _, power in plain])
    return np.array(values), np.array(halves)


def calculate(op: str, items: list) -> tuple[np.ndarray, np.ndarray]:
    """Return what stands before the last sign of an equation, and by how much it may be off."""
    (a, ea), *others = [bounds(item) for item in items[:-1] if not isinstance(item, str)]
    signs = [item for item in items if isinstance(item, str)]
    if signs[-1] == "→":
        return {"sum_0": (np.repeat(a, 4, 0), ea), "expand_0": (a.sum(0), ea.sum(0))}[op]
    if not others:
        return (-a if signs[0] == "−" else a), ea
    [(b, eb)] = others
    times = np.matmul if signs[0] == "·" else np.multiply
    if signs[0] == "+":
        return a + b, ea + eb
    assert signs[0] in ("×", "·")
    return times(a, b), times(abs(a), eb) + times(ea, abs(b)) + times(ea, eb)


def test_whoever_reads_only_the_screen_can_calculate_every_step(stepper: StepperPage) -> None:
    steps = json.loads(stepper.notebook.kernel(
        "import json\nprint(json.dumps([[step.op, step.node, step.rule]"
        " for step in stepper.walk.steps]))"
    ))
    stepper.focus()
    for number, (op, node, rule) in enumerate(steps, start=1):
        stepper.expect_step(number)
        equations = stepper.equations()
        if number > 1:
            assert stepper.sheet.locator(".gw-formula").text_content() == f"handed on = {rule}"
        for items in equations:
            shown, half = bounds(items[-1])
            value, error = calculate(op, items)
            assert (abs(value - shown) <= error + half + 1e-9).all(), f"step {number}: {items}"
        if equations:  # the last sum is what the box in the picture shows
            total = [cell for row in equations[-1][-1] for cell in row]
            cells = stepper.box(node).locator(".gw-number").all_text_contents()
            assert [text for text in cells if text][-len(total):] == total
        stepper.press("ArrowRight")
    expect(stepper.sentence).to_contain_text("This was the last step")
    untouched = "print(all(tensor.grad is None for tensor in (data, w1, b1, w2, b2, loss)))"
    assert stepper.notebook.kernel(untouched) == "True"
    told = json.loads(stepper.notebook.kernel(
        "from gradwidgets.views.kit.numbers import cells\n"
        "loss.backward()\n"
        "print(json.dumps({node.index: cells(globals()[node.name].grad.data)"
        " for node in stepper.walk.graph.nodes if node.name}))"
    ))
    assert len(told) == 9
    for node, gradient in told.items():
        cells = stepper.box(int(node)).locator(".gw-number").all_text_contents()
        assert [text for text in cells if text][-len(gradient):] == gradient


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
    told = json.loads(stepper.notebook.kernel(
        "import json\nwords = next(iter(stepper._words.values()))\n"
        "print(json.dumps([words.sentence(i).replace('`', '') for i in range(20)]))"
    ))
    for step in [*range(20, 0, -3), *range(1, 21)]:
        stepper.slider.fill(str(step - 1))
        expect(stepper.sentence).to_have_text(told[step - 1])
        stepper.expect_place(step, 20)


def test_every_button_leads_where_it_says(stepper: StepperPage) -> None:
    for name, step in [("Next step", 2), ("Next step", 3), ("Previous step", 2), ("Last step", 20),
                       ("Previous step", 19), ("First step", 1)]:  # fmt: skip
        stepper.button(name).click()
        stepper.expect_step(step)
    expect(stepper.button("First step")).to_be_disabled()
    expect(stepper.button("Previous step")).to_be_disabled()
    stepper.button("Last step").click()
    expect(stepper.button("Last step")).to_be_disabled()
    expect(stepper.button("Next step")).to_be_disabled()


def test_it_plays_by_itself_to_the_end(stepper: StepperPage) -> None:
    speed = stepper.root.get_by_label("Walk speed")
    assert speed.locator("option").all_text_contents() == [
        "a step in 5 s", "a step in 2 s", "a step in 0.7 s", "10 steps a second"
    ]
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
    stepper.slider.fill("11")
    stepper.expect_step(12, 32)
    expect(stepper.sentence).to_contain_text("Forward pass: loss is computed")
    expect(stepper.box(int(later))).to_contain_text("+0.")
    stepper.focus()
    stepper.press("ArrowRight")
    stepper.expect_step(13, 32)
    expect(stepper.sentence).to_contain_text("The walk begins at the end of the graph, loss.")
    stepper.press("End")
    stepper.expect_step(32, 32)
    expect(stepper.sentence).to_contain_text("This was the last step")
    stepper.root.get_by_label("Forward pass too").uncheck()
    stepper.expect_step(20)


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
    expect(shown.button("Play the walk")).to_be_focused()
    playground.page.keyboard.press("End")
    expect(shown.sentence).to_contain_text("This was the last step")
    same = playground.kernel(
        "import numpy as np\nw = playground._walk_place.stepper.walk\n"
        "r = playground.trainer.last_step.graph\n"
        "print(all(np.allclose(s.total, r.nodes[s.node].grad) for s in w.steps"
        " if s.arrived == s.expected and r.nodes[s.node].grad is not None))"
    )
    assert same == "True"
    shown.button("Back to training").click()
    expect(shown.root).to_have_count(0)
    expect(playground.picture("Loss plot")).to_be_visible()
    assert playground.picture("Loss plot").get_attribute("data-frame") == before
    expect(walk).to_be_focused()


def test_the_step_at_which_training_was_paused_is_walked(playground: PlaygroundPage) -> None:
    playground.play()
    playground.wait_for_step(30)
    playground.pause()
    playground.wait_until_still()
    step = playground.status().step
    shown = StepperPage(playground.notebook, "playground._walk_place.stepper")
    for _ in range(2):
        playground.button("Walk this step").click()
        expect(shown.button("Play the walk")).to_be_focused()
        expect(shown.root.locator(".gw-caption")).to_contain_text(f"step {step},")
        playground.page.keyboard.press("End")
        shown.expect_step(15, 15)
        weight, gradient, node = json.loads(playground.kernel(
            "import json; from gradwidgets.views.kit import numbers\n"
            "node = next(n for n in playground.trainer.last_step.graph.nodes"
            " if n.name == 'Layer 1 weight')\n"
            "print(json.dumps([numbers.cells(node.data), numbers.cells(node.grad), node.index]))"
        ))
        assert shown.box(node).locator(".gw-number").all_text_contents() == weight + gradient
        shown.button("Back to training").click()
        expect(shown.root).to_have_count(0)
        expect(playground.button("Walk this step")).to_be_focused()
        assert playground.status().step == step


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
