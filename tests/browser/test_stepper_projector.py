"""On a projector, 1280 × 720 with the page enlarged to 150 %, a step is seen at one glance."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.fixtures import FAILED, RESULTS
from tests.browser.lab import Lab, LabPage, LabServer, errors_text
from tests.browser.playground_page import SHOW, PlaygroundPage
from tests.browser.stepper_page import NETWORK, StepperPage

PROJECTOR = (853, 480)  # CSS pixels

# The seed's class, on which the gradients of a diamond go astray.
FAULTY = """
import numpy as np
from gradwidgets import BackwardStepper, trace_backward
from tests.engine.seed_classes import Curves
x = Curves([0.3, -0.7], autograd=True)
h = x.tanh()
y = h.sigmoid() * h
stepper = BackwardStepper(trace_backward(y, Curves(np.ones(2))))
stepper
"""

# How far a part reaches out of the frames around it, in pixels: 0 where all of it is seen.
HIDDEN = """
part => {
    const {left, top, right, bottom} = part.getBoundingClientRect();
    let most = right > left && bottom > top ? 0 : 1e9;
    for (let frame = part.parentElement; !frame.matches("body"); frame = frame.parentElement) {
        const seen = frame.getBoundingClientRect();
        if (frame.namespaceURI.endsWith("svg") ? !frame.matches(".gw-svg")
            : getComputedStyle(frame).overflow === "visible") continue;
        most = Math.max(most, seen.left - left, seen.top - top, right - seen.right,
            bottom - seen.bottom);
    }
    return Math.round(most);
}
"""


@pytest.fixture(scope="module")
def notebook(lab_server: LabServer, browser: Browser) -> Iterator[LabPage]:
    context = browser.new_context(device_scale_factor=1.5)
    lab = Lab(lab_server, context)
    yield lab.open(viewport=PROJECTOR)
    lab.close()
    context.close()


@pytest.fixture
def projector(request: pytest.FixtureRequest, notebook: LabPage) -> Iterator[LabPage]:
    """A page on which nothing else is shown."""
    yield notebook
    if request.node.stash.get(FAILED, False):
        notebook.screenshot(RESULTS / f"{request.node.name}.png")
    notebook.kernel("import ipywidgets; ipywidgets.Widget.close_all()")
    expect(notebook.page.locator(".gw-stepper, .gw-playground")).to_have_count(0)
    errors = notebook.take_errors()
    assert not errors, errors_text(errors)


def hidden(part: Locator) -> int:
    return part.evaluate(HIDDEN)


def parts(stepper: StepperPage) -> dict[str, int]:
    """Return how much of each part of the stepper is hidden."""
    found = {
        "Play": stepper.button("Play the walk"),
        "Next": stepper.button("Next step"),
        "slider": stepper.slider,
        "sentence": stepper.sentence,
        "active box": stepper.root.locator(".gw-box.gw-now .gw-frame").first,
        "title": stepper.root.locator(".gw-sheet-title").first,
    }
    return {name: hidden(part) for name, part in found.items()}


def opened(notebook: LabPage, code: str) -> StepperPage:
    notebook.run_cell(code)
    stepper = StepperPage(notebook)
    expect(stepper.root.locator("[data-node]")).not_to_have_count(0)
    stepper.root.evaluate("one => one.scrollIntoView({block: 'nearest'})")
    stepper.focus()
    return stepper


def test_every_step_of_the_seeds_network_is_seen_whole(projector: LabPage) -> None:
    stepper = opened(projector, NETWORK)
    for step in range(1, 21):
        stepper.expect_step(step)
        seen = parts(stepper)
        assert seen == dict.fromkeys(seen, 0), f"step {step}"
        assert stepper.sentence.evaluate("one => one.scrollHeight - one.clientHeight") <= 0
        if step == 9:
            assert hidden(stepper.root.locator(".gw-equation").first) == 0
        stepper.press("ArrowRight")


def test_the_verdict_stands_above_the_place_where_it_goes_wrong(projector: LabPage) -> None:
    stepper = opened(projector, FAULTY)
    remark = stepper.root.locator(".gw-message-box")
    expect(remark).to_contain_text("Likeliest: passed on too early. h handed its gradient on")
    expect(stepper.root.locator(".gw-wrong")).to_contain_text("x")
    for step in range(1, 6):
        stepper.expect_step(step, 5)
        seen = parts(stepper) | {"verdict": hidden(remark)}
        assert seen == dict.fromkeys(seen, 0), f"step {step}"
        stepper.press("ArrowRight")


def test_the_walk_in_a_playground_is_seen_whole(projector: LabPage) -> None:
    projector.set_theme("dark")
    projector.run_cell(SHOW.format(""))
    playground = PlaygroundPage(projector)
    playground.wait_for_pictures()
    playground.button("Step").click()
    playground.wait_for_step(1)
    playground.button("Walk this step").click()
    stepper = StepperPage(projector, "playground._walk_place.stepper")
    expect(stepper.button("Play the walk")).to_be_focused()
    for step in range(1, 16):
        stepper.expect_step(step, 15)
        seen = parts(stepper) | {"way back": hidden(stepper.button("Back to training"))}
        assert seen == dict.fromkeys(seen, 0), f"step {step}"
        stepper.press("ArrowRight")
