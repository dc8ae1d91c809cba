"""What Escape closes, one thing at a time, and where the keyboard then is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.lab import Lab, LabServer, errors_text
from tests.browser.playground_page import PlaygroundPage, open_playground


@pytest.fixture(scope="module")
def shared(lab_server: LabServer, browser_context: BrowserContext) -> Iterator[PlaygroundPage]:
    lab = Lab(lab_server, browser_context)
    yield open_playground(lab, viewport=(1280, 720))
    lab.close()


@pytest.fixture
def playground(shared: PlaygroundPage) -> Iterator[PlaygroundPage]:
    """A playground at its first step, and the focus in it."""
    shared.kernel(
        "playground.setup = type(playground.setup)(playground.recipe.replace("
        "title='', hide=(), text_size=100, cover=())); playground.end_walk(); playground._refresh()"
    )
    shared.start_afresh()
    shared.button("Step").click()
    shared.wait_for_step(1)
    expect(shared.button("Walk this step")).to_be_enabled()
    shared.root.locator(".gw-status-line").click()
    yield shared
    if shared.root.get_attribute("popover"):
        shared.root.evaluate("el => el.dispatchEvent(new CustomEvent('gw-classroom'))")
    errors = shared.notebook.take_errors()
    assert not errors, errors_text(errors)


def press(playground: PlaygroundPage, key: str) -> None:
    playground.page.keyboard.press(key)


def test_space_plays_in_the_classroom_view_that_a_click_has_opened(
    playground: PlaygroundPage,
) -> None:
    playground.button("Classroom view").click()
    expect(playground.button("Leave classroom view")).to_be_visible()
    press(playground, "Space")
    playground.wait_for_step(20)
    press(playground, "Space")
    expect(playground.button("Play")).to_be_focused()
    press(playground, "Escape")
    expect(playground.button("Classroom view")).to_be_focused()


def test_space_plays_a_walk_and_the_arrows_walk_it(playground: PlaygroundPage) -> None:
    playground.button("Walk this step").click()
    play = playground.button("Play the walk")
    expect(play).to_be_focused()
    place = playground.root.get_by_role("slider", name="Step of the walk")
    press(playground, "ArrowRight")
    expect(place).to_have_attribute("aria-valuetext", "2 of 15")
    press(playground, "Space")
    expect(playground.button("Pause the walk")).to_be_visible()
    press(playground, "Space")
    expect(play).to_be_focused()
    press(playground, "Escape")
    expect(playground.root.locator(".gw-stepper")).to_have_count(0)
    expect(playground.button("Walk this step")).to_be_focused()


def test_the_focus_goes_back_to_where_the_walk_was_opened_from(playground: PlaygroundPage) -> None:
    playground.button("Step").focus()
    press(playground, "w")
    expect(playground.button("Play the walk")).to_be_focused()
    playground.button("Back to training").click()
    expect(playground.button("Step")).to_be_focused()


@pytest.mark.parametrize(("key", "then"), [(".", 2), ("r", 0)])
def test_the_keys_go_on_after_one_that_ended_the_walk(
    playground: PlaygroundPage, key: str, then: int
) -> None:
    press(playground, "w")
    expect(playground.button("Play the walk")).to_be_focused()
    press(playground, key)
    expect(playground.root.locator(".gw-stepper")).to_have_count(0)
    expect(playground.root.locator(".gw-status-line")).to_contain_text(f"step {then}")
    expect(playground.root).to_be_focused()
    press(playground, ".")
    expect(playground.root.locator(".gw-status-line")).to_contain_text(f"step {then + 1}")


def test_escape_leaves_one_thing_at_a_time(playground: PlaygroundPage) -> None:
    press(playground, "c")
    leave = playground.button("Leave classroom view")
    expect(leave).to_be_visible()
    playground.button("Settings").click()
    playground.button("Share").click()
    heading = playground.root.get_by_role("heading", name="Give everybody these settings")
    expect(heading).to_be_visible()
    press(playground, "w")
    walk = playground.root.locator(".gw-stepper")
    expect(playground.button("Play the walk")).to_be_focused()
    press(playground, "?")
    keys = playground.root.get_by_role("dialog", name="Keys")
    expect(keys).to_be_focused()
    open_now = [keys, heading, walk, leave]
    while open_now:
        for one in open_now:
            expect(one).to_be_visible()
        press(playground, "Escape")
        expect(open_now.pop(0)).to_be_hidden()
        inside = "root => root.contains(document.activeElement)"
        playground.page.wait_for_function(inside, arg=playground.root.element_handle())


def test_a_drawer_is_closed_before_the_classroom_view(playground: PlaygroundPage) -> None:
    press(playground, "c")
    leave = playground.button("Leave classroom view")
    expect(leave).to_be_visible()
    playground.root.locator(".gw-graph-root .gw-box").first.click()
    drawer = playground.root.locator(".gw-drawer")
    expect(drawer).to_be_visible()
    playground.button("Step").focus()
    press(playground, "Escape")
    expect(drawer).to_be_hidden()
    expect(leave).to_be_visible()
    press(playground, "Escape")
    expect(leave).to_be_hidden()


def test_share_closes_on_escape_and_the_focus_is_on_its_button(playground: PlaygroundPage) -> None:
    share, title = playground.button("Share"), playground.field("Title")
    share.click()
    title.focus()
    press(playground, "Escape")
    expect(title).to_have_count(0)
    expect(share).to_be_focused()
    expect(share).to_have_attribute("aria-expanded", "false")


@pytest.mark.parametrize("name", ["Share", "Predict first"])
def test_the_classroom_view_closes_what_was_open(playground: PlaygroundPage, name: str) -> None:
    fields = playground.root.locator(".gw-head .gw-group")
    playground.button(name).click()
    expect(fields.first).to_be_visible()
    playground.button("Classroom view").click()
    expect(fields).to_have_count(0)
    expect(playground.button("Play")).to_be_focused()
    press(playground, "Escape")
    expect(playground.button("Classroom view")).to_be_focused()
    expect(fields).to_have_count(0)


def test_a_preview_closes_share_and_the_focus_is_on_its_button(playground: PlaygroundPage) -> None:
    share = playground.button("Share")
    share.click()
    playground.button("Preview").click()
    expect(playground.field("Title")).to_have_count(0)
    expect(share).to_be_focused()
    playground.button("End preview").click()
    expect(playground.button("End preview")).to_have_count(0)
    expect(share).to_be_focused()
