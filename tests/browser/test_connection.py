"""A connection that is cut and comes back: the page recovers by itself, and nothing piles up."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, expect

from gradwidgets.views.kit.live import MOST_FRAMES_IN_FLIGHT
from tests.browser.fixtures import FAILED, RESULTS
from tests.browser.lab import Lab, LabServer
from tests.browser.playground_page import PlaygroundPage, open_playground
from tests.browser.slow_line import SlowLine

# A browser tells of every attempt to connect that failed while the line was down.
OF_THE_CUT = re.compile(r"net::ERR_|WebSocket|Failed to fetch|NetworkError|Connection lost")


@pytest.fixture(scope="module")
def line(lab_server: LabServer) -> Iterator[SlowLine]:
    with SlowLine(lab_server.port, delay=0.0, bandwidth=1e9) as line:
        yield line


@pytest.fixture(scope="module")
def shared(
    lab_server: LabServer, browser_context: BrowserContext, line: SlowLine
) -> Iterator[PlaygroundPage]:
    lab = Lab(lab_server, browser_context)
    yield open_playground(lab, port=line.port)
    lab.close()


@pytest.fixture
def playground(
    request: pytest.FixtureRequest, shared: PlaygroundPage, line: SlowLine
) -> Iterator[PlaygroundPage]:
    yield shared
    line.restore()
    if request.node.stash.get(FAILED, False):
        shared.notebook.screenshot(RESULTS / f"{request.node.name}.png")
    others = [one for one in shared.notebook.take_errors() if not OF_THE_CUT.search(one)]
    assert not others, others


def expect_all_is_well(playground: PlaygroundPage) -> None:
    """Frames go on, buttons work, and what is shown is what the kernel has."""
    playground.wait_for_step(int(playground.kernel("playground.trainer.step_count")))
    output = "playground.screens.output"
    kept_up = f"{output}.sent - {output}.acknowledged <= {MOST_FRAMES_IN_FLIGHT}"
    playground.wait_for_kernel(kept_up, "True")
    playground.pause()
    playground.wait_until_still()
    step = int(playground.kernel("playground.trainer.step_count"))
    assert playground.status().step == step
    playground.button("Step").click()
    playground.wait_for_step(step + 1)
    playground.field("Learning rate value").fill("0.02")
    playground.field("Learning rate value").press("Enter")
    playground.wait_for_kernel("playground.trainer.learning_rate", "0.02")
    expect(playground.root).to_be_visible()
    expect(playground.page.locator(".gw-still")).to_have_count(0)


def test_a_silent_line_goes_on_where_it_was(playground: PlaygroundPage, line: SlowLine) -> None:
    playground.play()
    playground.wait_for_step(50)
    sent = int(playground.kernel("playground.screens.output.sent"))
    line.cut()
    playground.kernel("import asyncio; await asyncio.sleep(3)")
    while_cut = int(playground.kernel("playground.screens.output.sent")) - sent
    assert while_cut <= MOST_FRAMES_IN_FLIGHT + 2, "one in two seconds, to see if a page is there"
    line.restore()
    expect_all_is_well(playground)


def test_connections_that_broke_are_made_again(playground: PlaygroundPage, line: SlowLine) -> None:
    playground.play()
    playground.wait_for_step(playground.status().step + 50)
    # JupyterLab may say in a dialog of its own that there was no answer; a person closes it
    told = playground.page.locator(".jp-Dialog", has_text="Server Connection Error")
    playground.page.add_locator_handler(told, lambda dialog: dialog.get_by_role("button").last.click())
    line.cut(break_off=True)
    playground.kernel("import asyncio; await asyncio.sleep(3)")
    line.restore()
    expect_all_is_well(playground)
    playground.page.remove_locator_handler(told)
