"""On a projector, 1280 × 720 with the page enlarged to 150 %, a step is seen at one glance."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, expect

from tests.browser.lab import Lab, LabPage, LabServer
from tests.browser.playground_page import open_playground
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
def projector(lab_server: LabServer, browser: Browser) -> Iterator[Lab]:
    context: BrowserContext = browser.new_context(device_scale_factor=1.5)
    lab = Lab(lab_server, context)
    yield lab
    lab.close()
    context.close()


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


def opened(notebook: LabPage) -> StepperPage:
    notebook.run_all()
    stepper = StepperPage(notebook)
    expect(stepper.root.locator("[data-node]")).not_to_have_count(0)
    stepper.root.evaluate("one => one.scrollIntoView({block: 'nearest'})")
    stepper.focus()
    return stepper


def test_every_step_of_the_seeds_network_is_seen_whole(projector: Lab) -> None:
    stepper = opened(projector.open([NETWORK], viewport=PROJECTOR))
    for step in range(1, 21):
        stepper.expect_step(step)
        assert parts(stepper) == dict.fromkeys(parts(stepper), 0), f"step {step}"
        sentence = stepper.sentence
        assert sentence.evaluate("one => one.scrollHeight - one.clientHeight") <= 0
        if step == 9:
            assert hidden(stepper.root.locator(".gw-equation").first) == 0
        stepper.press("ArrowRight")
    projector.close()


def test_the_verdict_stands_above_the_place_where_it_goes_wrong(projector: Lab) -> None:
    stepper = opened(projector.open([FAULTY], viewport=PROJECTOR))
    remark = stepper.root.locator(".gw-message-box")
    expect(remark).to_contain_text("Likeliest: passed on too early. h handed its gradient on")
    expect(stepper.root.locator(".gw-wrong")).to_contain_text("x")
    for step in range(1, 6):
        stepper.expect_step(step, 5)
        seen = parts(stepper) | {"verdict": hidden(remark)}
        assert seen == dict.fromkeys(seen, 0), f"step {step}"
        stepper.press("ArrowRight")
    projector.close()


def test_the_walk_in_a_playground_is_seen_whole(projector: Lab) -> None:
    playground = open_playground(projector, theme="dark", viewport=PROJECTOR)
    playground.button("Step").click()
    playground.wait_for_step(1)
    playground.button("Walk this step").click()
    stepper = StepperPage(playground.notebook, "playground._walk")
    expect(stepper.button("Back to training")).to_be_focused()
    for step in range(1, 16):
        stepper.expect_step(step, 15)
        seen = parts(stepper) | {"way back": hidden(stepper.button("Back to training"))}
        assert seen == dict.fromkeys(seen, 0), f"step {step}"
        stepper.press("ArrowRight")
    projector.close()
