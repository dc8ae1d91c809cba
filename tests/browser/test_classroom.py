"""A teacher shows the playground and a walk to a class, mostly by keyboard."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.lab import Lab, LabServer, errors_text
from tests.browser.playground_page import PlaygroundPage, open_playground
from tests.browser.stepper_page import StepperPage

WINDOW = (1280, 720)

# On the screen: what a letter's size is called, and how dark the ground is.
SEEN = """root => {
    const zoom = root.currentCSSZoom;
    const size = one => parseFloat(getComputedStyle(one).fontSize) * zoom;
    const words = [...root.querySelectorAll(
        ".gw-button, .gw-status-part, .gw-heading-text, .gw-choice-item, .gw-sentence, .gw-select")]
        .filter(one => one.getClientRects().length);
    const style = getComputedStyle(root);
    return {
        sizes: words.map(size),
        numbers: [...root.querySelectorAll(".gw-number")].filter(one => one.textContent)
            .map(one => one.getBoundingClientRect().height),
        ground: style.backgroundColor,
        text: style.color,
        frames: [...new Set([...root.querySelectorAll(".gw-input .gw-frame")]
            .map(one => getComputedStyle(one).stroke))],
        box: JSON.stringify(root.getBoundingClientRect()),
        wide: root.scrollWidth - root.clientWidth,
        high: root.scrollHeight - root.clientHeight,
    };
}"""

# The pixels of each picture, those of its place, and the frame it shows.
PIXELS = """root => [...root.querySelectorAll(".gw-figure img")].map(image => {
    const box = image.getBoundingClientRect();
    return [image.naturalWidth, box.width, image.naturalHeight, box.height];
})"""

SHARP = """root => [...root.querySelectorAll(".gw-figure img")].every(image => {
    const box = image.getBoundingClientRect();
    return Math.abs(image.naturalWidth - box.width * devicePixelRatio) < 4;
})"""


@pytest.fixture(scope="module")
def shared(lab_server: LabServer, browser_context: BrowserContext) -> Iterator[PlaygroundPage]:
    lab = Lab(lab_server, browser_context)
    yield open_playground(lab, viewport=WINDOW)
    lab.close()


@pytest.fixture
def teacher(shared: PlaygroundPage) -> Iterator[PlaygroundPage]:
    """A playground as it is when it has just been opened, and the focus in it."""
    shared.kernel(
        "playground.setup = type(playground.setup)(playground.recipe.replace("
        "title='', hide=(), text_size=100, cover=())); playground._refresh()"
    )
    shared.start_afresh()
    shared.root.locator(".gw-status-line").click()
    yield shared
    if shared.root.get_attribute("popover"):
        shared.root.evaluate("el => el.dispatchEvent(new CustomEvent('gw-classroom'))")
    errors = shared.notebook.take_errors()
    assert not errors, errors_text(errors)


def enter(playground: PlaygroundPage) -> None:
    playground.page.keyboard.press("c")
    expect(playground.button("Leave classroom view")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_fills_the_window_with_large_type_and_high_contrast(
    teacher: PlaygroundPage, theme: str
) -> None:
    teacher.notebook.set_theme(theme)
    teacher.button("Step").click()
    teacher.wait_for_step(1)
    teacher.button("Classroom view").click()
    expect(teacher.button("Leave classroom view")).to_be_visible()
    teacher.page.wait_for_function(f"root => ({SHARP})(root)", arg=teacher.root.element_handle())
    seen = teacher.root.evaluate(SEEN)
    assert teacher.root.bounding_box() == {"x": 0, "y": 0, "width": 1280, "height": 720}
    assert (seen["wide"], seen["high"]) == (0, 0), "all of it is seen at once"
    assert min(seen["sizes"]) >= 19.99
    assert min(seen["numbers"]) >= 22  # of a line of letters of 20 px
    black, white = "rgb(0, 0, 0)", "rgb(255, 255, 255)"
    assert (seen["text"], seen["ground"]) == ((black, white) if theme == "light" else (white, black))
    assert seen["frames"] == [seen["text"]]
    for width, place, height, room in teacher.root.evaluate(PIXELS):
        assert width == pytest.approx(place, abs=4) and height == pytest.approx(room, abs=4)
    assert teacher.kernel("playground.screens.loss.figure.theme.strong") == "True"
    teacher.page.keyboard.press("Escape")
    expect(teacher.button("Classroom view")).to_be_focused()
    assert teacher.root.bounding_box()["width"] < 1200
    teacher.wait_for_kernel("playground.screens.loss.figure.theme.strong", "False")
    teacher.notebook.set_theme("light")


def test_training_goes_on_and_escape_loses_nothing(teacher: PlaygroundPage) -> None:
    keyboard = teacher.page.keyboard
    keyboard.press("Space")
    expect(teacher.button("Pause")).to_be_visible()
    enter(teacher)
    step = teacher.status().step
    teacher.wait_for_step(step + 20)
    teacher.button("Settings").click()
    noise = teacher.field("Noise")
    expect(noise).to_be_visible()
    teacher.button("Settings").click()
    expect(noise).to_be_hidden()
    keyboard.press("Escape")
    expect(teacher.button("Classroom view")).to_be_visible()
    expect(teacher.button("Pause")).to_be_visible()
    teacher.wait_for_step(step + 60)
    teacher.pause()


def test_the_focus_stays_inside(teacher: PlaygroundPage) -> None:
    teacher.page.keyboard.press(".")
    expect(teacher.button("Walk this step")).to_be_enabled()
    enter(teacher)
    inside = "root => root.contains(document.activeElement)"
    reached = set()
    for key in ("Tab", "Shift+Tab"):
        for _ in range(24):
            teacher.page.keyboard.press(key)
            assert teacher.root.evaluate(inside)
            reached.add(teacher.page.evaluate("document.activeElement.textContent"))
    assert {"Play", "Leave classroom view", "Walk this step"} <= reached


def test_a_command_of_the_page_leads_there_and_back(teacher: PlaygroundPage) -> None:
    call = "el => el.dispatchEvent(new CustomEvent('gw-classroom', {bubbles: false}))"
    teacher.root.evaluate(call)
    expect(teacher.root).to_have_role("dialog")
    teacher.root.evaluate(call)
    expect(teacher.button("Classroom view")).to_be_visible()
    expect(teacher.root).not_to_have_attribute("popover", "manual")


def test_no_key_of_the_notebook_works_behind_the_classroom_view(teacher: PlaygroundPage) -> None:
    cells = teacher.page.locator(".jp-Notebook .jp-Cell")
    count = cells.count()
    enter(teacher)
    for key in ("a", "b", "d", "d", "x", "m", "Shift+Enter"):
        teacher.page.keyboard.press(key)
    teacher.page.keyboard.press(".")
    teacher.wait_for_step(1)
    expect(cells).to_have_count(count)
    expect(teacher.button("Leave classroom view")).to_be_visible()


def test_every_key_does_what_the_list_says(teacher: PlaygroundPage) -> None:
    keyboard = teacher.page.keyboard
    keyboard.press(".")
    teacher.wait_for_step(1)
    keyboard.press("g")
    expect(teacher.field("Operations")).to_be_checked()
    keyboard.press("g")
    expect(teacher.field("Values")).to_be_checked()
    keyboard.press("g")
    expect(teacher.field("Layers")).to_be_checked()
    keyboard.press("r")
    expect(teacher.root.locator(".gw-status-line")).to_contain_text("step 0")
    keyboard.press("Space")
    expect(teacher.button("Pause")).to_be_visible()
    keyboard.press("Space")
    expect(teacher.button("Play")).to_be_visible()
    keyboard.press("w")
    expect(teacher.root.locator(".gw-sentence")).to_be_visible()
    keyboard.press("ArrowRight")
    place = teacher.root.get_by_role("slider", name="Step of the walk")
    expect(place).to_have_attribute("aria-valuetext", re.compile("^2 of"))
    teacher.button("Back to training").click()
    expect(teacher.root).to_be_focused()
    keyboard.press("?")
    keys = teacher.root.get_by_role("dialog", name="Keys")
    expect(keys).to_be_focused()
    for key in ("Space", ".", "r", "u, Ctrl+Z", "y, Ctrl+Y", "g", "w", "c", "?", "Escape"):
        expect(keys.get_by_text(key, exact=True)).to_be_visible()
    keyboard.press("Escape")
    expect(keys).to_be_hidden()
    expect(teacher.root).to_be_focused()


def test_fields_and_the_notebook_keep_their_keys(teacher: PlaygroundPage) -> None:
    keyboard = teacher.page.keyboard
    rate = teacher.field("Learning rate value")
    rate.focus()
    keyboard.press("ControlOrMeta+a")
    keyboard.type("0.05")
    expect(rate).to_have_value("0.05")
    keyboard.press("Enter")
    teacher.field("Layers").focus()
    keyboard.press("ArrowRight")
    expect(teacher.field("Operations")).to_be_checked()
    noise = teacher.field("Noise")
    noise.focus()
    keyboard.press("ArrowRight")
    expect(noise).to_have_value("1")
    keyboard.press(".")  # a slider has no use for it
    teacher.wait_for_step(1)
    step = teacher.status().step
    cells = teacher.page.locator(".jp-Notebook .jp-Cell")
    count = cells.count()
    teacher.page.locator(".jp-CodeCell .cm-content").first.click()
    keyboard.press("Escape")
    for key in (".", "g", "b"):  # the last is the notebook's: a cell below
        keyboard.press(key)
    expect(cells).to_have_count(count + 1)
    keyboard.press("d")
    keyboard.press("d")
    expect(cells).to_have_count(count)
    assert teacher.status().step == step


def test_a_covered_picture_is_guessed_first_then_revealed(teacher: PlaygroundPage) -> None:
    teacher.button("Predict first").click()
    teacher.field("loss plot").check()
    teacher.field("test loss").check()
    expect(teacher.picture("Loss plot")).to_have_count(0)
    expect(teacher.root.locator(".gw-status-line")).to_contain_text("test loss covered")
    enter(teacher)
    expect(teacher.root.get_by_text("Covered. Guess first: what will be here?")).to_be_visible()
    teacher.play()
    teacher.wait_for_step(100)
    teacher.pause()
    assert teacher.root.get_by_text("test loss covered").count() >= 1
    teacher.button("Reveal loss plot").last.click()
    expect(teacher.picture("Loss plot")).to_be_visible()
    expect(teacher.picture("Loss plot")).to_have_accessible_name(
        re.compile("^Loss plot: The train loss went from")
    )
    teacher.button("Reveal test loss").click()
    expect(teacher.root.locator(".gw-status-line")).not_to_contain_text("covered")
    teacher.page.keyboard.press("Escape")
    expect(teacher.button("Predict first")).to_be_visible()


def test_a_walk_alone_is_shown_to_a_class_too(stepper: StepperPage) -> None:
    keyboard = stepper.page.keyboard
    before = stepper.page.viewport_size
    stepper.page.set_viewport_size({"width": WINDOW[0], "height": WINDOW[1]})
    try:
        stepper.button("Classroom view").focus()
        keyboard.press("Enter")
        expect(stepper.button("Play the walk")).to_be_focused()
        assert stepper.root.bounding_box() == {"x": 0, "y": 0, "width": 1280, "height": 720}
        keyboard.press("ArrowRight")
        stepper.expect_step(2)
        seen = stepper.root.evaluate(SEEN)
        assert min(seen["sizes"]) >= 19.99
        assert min(seen["numbers"]) >= 22
        keyboard.press("?")
        keys = stepper.root.get_by_role("dialog", name="Keys")
        expect(keys.get_by_text("Next step, or reveal this one; previous step")).to_be_visible()
        keyboard.press("Escape")
        expect(keys).to_be_hidden()
        expect(stepper.button("Leave classroom view")).to_be_visible()
        keyboard.press("Escape")
        expect(stepper.button("Classroom view")).to_be_focused()
        stepper.expect_step(2)
    finally:
        stepper.page.set_viewport_size(before)
