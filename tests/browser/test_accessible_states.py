"""What is open, covered, enlarged or in trouble is for everyone too, in every theme."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.every_widget import EveryWidget
from tests.browser.lab import Lab, LabServer, errors_text
from tests.browser.playground_page import PlaygroundPage, open_playground
from tests.browser.test_page import CORNER

# Controls whose box is not within the widget's own.
OUTSIDE = """
root => {
    const { left, right } = root.getBoundingClientRect();
    return [...root.querySelectorAll("button, select, input, a[href]")]
        .filter(el => el.checkVisibility({ visibilityProperty: true }) && !el.closest(".gw-stage"))
        .map(el => [el.getBoundingClientRect(), el.outerHTML.slice(0, 120)])
        .filter(([box]) => box.width > 1.5 && (box.left < left - 1 || box.right > right + 1))
        .map(([, html]) => html);
}
"""

MOVING = """
root => [root, ...root.querySelectorAll("*")].filter(el => {
    const { animationName, transitionDuration, scrollBehavior } = getComputedStyle(el);
    return animationName !== "none" || scrollBehavior === "smooth"
        || transitionDuration.split(", ").some(time => parseFloat(time) > 0);
}).map(el => el.outerHTML.slice(0, 120))
"""

OWN_THEME = {
    "--jp-layout-color0": "rgb(10, 60, 30)",
    "--jp-content-font-color1": "rgba(255, 250, 200, 0.95)",
    "--jp-border-color2": "rgba(255, 255, 255, 0.3)",
}


@pytest.fixture(scope="module")
def shared(
    lab_server: LabServer, browser_context: BrowserContext
) -> Iterator[PlaygroundPage]:
    """One page for the tests of this module."""
    lab = Lab(lab_server, browser_context)
    yield open_playground(lab)
    lab.close()


@pytest.fixture
def opened(shared: PlaygroundPage) -> Iterator[PlaygroundPage]:
    """A playground nobody has touched; errors in the page fail the test."""
    shared.start_afresh()
    yield shared
    errors = shared.notebook.take_errors()
    assert not errors, errors_text(errors)


def objections(playground: PlaygroundPage) -> list[str]:
    found = EveryWidget(playground.notebook).axe(playground.root)
    assert found["passes"] > 10
    return [f"{one['id']}: {one['summary']} {one['html'][:160]}" for one in found["violations"]]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_has_no_objection_to_what_is_open_covered_or_in_trouble(
    opened: PlaygroundPage, theme: str
) -> None:
    opened.notebook.set_theme(theme)
    opened.button("Share").click()
    expect(opened.field("Line for a notebook")).to_be_visible()
    assert objections(opened) == []
    opened.button("Predict first").click()
    opened.field("test loss").click()
    opened.field("loss plot").click()
    expect(opened.button("Reveal loss plot").first).to_be_visible()
    assert objections(opened) == []
    opened.button("Classroom view").click()
    expect(opened.button("Leave classroom view")).to_be_visible()
    opened.page.keyboard.press("?")
    expect(opened.root.get_by_role("dialog", name="Keys")).to_be_visible()
    assert objections(opened) == []
    opened.page.keyboard.press("Escape")
    opened.page.keyboard.press("Escape")
    opened.button("Reveal test loss").click()
    opened.button("Reveal loss plot").first.click()
    opened.button("Predict first").click()
    opened.field("Example").select_option("What goes wrong: the learning rate is too high")
    opened.button("Play").click()
    expect(opened.alert()).to_contain_text("no longer finite")
    assert objections(opened) == []
    opened.notebook.set_theme("light")


def test_nothing_is_lost_when_the_page_is_enlarged_to_twice_its_size(
    opened: PlaygroundPage,
) -> None:
    opened.page.set_viewport_size({"width": 640, "height": 400})  # of 1280 × 800
    opened.button("Share").click()
    expect(opened.field("Line for a notebook")).to_be_visible()
    assert opened.root.evaluate(OUTSIDE) == []
    opened.button("Share").click()
    expect(opened.field("Line for a notebook")).to_have_count(0)  # from here on nothing moves
    for name in ("Play", "Add layer", "Walk this step"):
        opened.button(name).scroll_into_view_if_needed()
        expect(opened.button(name)).to_be_in_viewport(ratio=1)
    opened.page.set_viewport_size({"width": 1280, "height": 800})


def test_nothing_moves_for_whoever_wants_no_motion(opened: PlaygroundPage) -> None:
    opened.page.emulate_media(reduced_motion="reduce")
    opened.button("Step").click()
    opened.wait_for_step(1)
    assert opened.root.evaluate(MOVING) == []
    opened.page.emulate_media(reduced_motion="no-preference")


def test_pictures_follow_a_theme_of_ones_own_while_training_runs(opened: PlaygroundPage) -> None:
    opened.play()
    opened.page.evaluate(
        "all => Object.entries(all).forEach(([name, value]) =>"
        " document.body.style.setProperty(name, value))",
        OWN_THEME,
    )
    for name in ("Loss plot", "Output"):
        opened.page.wait_for_function(
            f"img => (([r, g, b]) => r < 30 && g > 45 && g < 75 && b < 45)(({CORNER})(img))",
            arg=opened.picture(name).element_handle(),
        )
    card = opened.root.locator(".gw-card").first
    assert card.evaluate("el => getComputedStyle(el).backgroundColor") == "rgb(10, 60, 30)"
    opened.pause()
    opened.page.evaluate(
        "all => Object.keys(all).forEach(name => document.body.style.removeProperty(name))",
        OWN_THEME,
    )
    for name in ("Loss plot", "Output"):
        opened.page.wait_for_function(
            f"img => Math.min(...({CORNER})(img)) > 240",
            arg=opened.picture(name).element_handle(),
        )
