"""A lesson as an app in Voila: its exercises answer, and its kernel ends with the visit."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.elsewhere.voila import VoilaPage, VoilaServer
from tests.browser.exercise_page import ExercisePage
from tests.browser.fixtures import FAILED, RESULTS
from tests.browser.lab import ROOT, errors_text

LESSON = ROOT / "notebooks" / "03_used_twice.ipynb"
# As README.md says, with fewer seconds: a kernel that nobody is connected to ends. They must be more
# than a page needs to connect after its cells have run.
ENDS = ("--MappingKernelManager.cull_interval=1", "--MappingKernelManager.cull_idle_timeout=10")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VoilaServer]:
    server = VoilaServer(tmp_path_factory.mktemp("voila"), LESSON, ENDS)
    try:
        server.wait_until_ready()
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="module")
def shared_page(server: VoilaServer, browser_context: BrowserContext) -> Iterator[VoilaPage]:
    page = VoilaPage(server, browser_context)
    expect(page.page.get_by_role("region", name=re.compile("^Exercise 1: "))).to_be_visible(
        timeout=60_000
    )
    yield page
    page.close()


@pytest.fixture
def page(request: pytest.FixtureRequest, shared_page: VoilaPage) -> Iterator[VoilaPage]:
    yield shared_page
    if request.node.stash.get(FAILED, False):
        shared_page.screenshot(RESULTS / f"{request.node.name}.png")
    errors = shared_page.take_errors()
    assert not errors, errors_text(errors)


def test_a_prediction_is_checked(page: VoilaPage) -> None:
    exercise = ExercisePage(page, "q1")
    exercise.entry.fill("[1, 1, 1, 1, 1]")
    exercise.check.click()
    expect(exercise.state).to_contain_text("not yet")
    exercise.entry.fill("[2, 2, 2, 2, 2]")
    exercise.check.click()
    expect(exercise.state).to_contain_text("right")


def test_a_hint_is_given(page: VoilaPage) -> None:
    exercise = ExercisePage(page, "q1")
    exercise.root.get_by_role("button", name=re.compile("^Hint")).click()
    expect(exercise.hints).to_have_count(1)


def test_the_text_of_the_lesson_is_there_without_its_code(page: VoilaPage) -> None:
    expect(page.page.get_by_role("heading", level=1)).to_have_count(1)
    expect(page.page.locator(".jp-CodeCell .jp-InputArea:visible")).to_have_count(0)


def test_the_kernel_ends_when_the_visitor_has_gone(
    page: VoilaPage, server: VoilaServer, browser_context: BrowserContext
) -> None:
    server.wait_for_kernels(1)
    visitor = VoilaPage(server, browser_context)
    server.wait_for_kernels(2)
    visitor.close()
    server.wait_for_kernels(1)
    assert not page.page.is_closed()
