"""The fixtures of all tests that need a browser; `tests/conftest.py` makes them known."""

from __future__ import annotations

import getpass
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from tests.browser import chromium
from tests.browser.elsewhere.voila import VoilaServer
from tests.browser.extension_page import ExtensionPage, extension_page
from tests.browser.graph_page import GraphPage, open_graph
from tests.browser.lab import Lab, LabServer, errors_text, lab_python
from tests.browser.playground_page import PlaygroundPage, open_playground
from tests.browser.stepper_page import NETWORK, StepperPage

HERE = Path(__file__).resolve().parent
RESULTS = Path(__file__).resolve().parents[2] / "test-results"

CHROMIUM = pytest.StashKey[Path | chromium.ChromiumNotFound]()
FAILED = pytest.StashKey[bool]()


def needs_browser(item: pytest.Item) -> bool:
    """Tell whether a test uses one of the fixtures below."""
    return not {"browser", "lab", "lab_server"}.isdisjoint(getattr(item, "fixturenames", ()))


@pytest.hookimpl(tryfirst=True)  # before pytest looks at -m
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if needs_browser(item) or HERE in item.path.parents:
            item.add_marker("browser")
    # Last, for two reasons: the quick tests report first, and from its start on Playwright keeps
    # an event loop in the main thread, where asyncio.run() then refuses to work.
    items.sort(key=needs_browser)


def pytest_collection_finish(session: pytest.Session) -> None:
    # Here and not in a fixture: an installation may take longer than a test is allowed to.
    if session.config.option.collectonly or not any(map(needs_browser, session.items)):
        return
    try:
        # two processes collect the whole suite, and one Chromium is enough
        name = f"gradwidgets-chromium-{getpass.getuser()}.lock"
        with FileLock(Path(tempfile.gettempdir()) / name):
            session.config.stash[CHROMIUM] = chromium.provide()
    except chromium.ChromiumNotFound as error:
        session.config.stash[CHROMIUM] = error


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


@pytest.fixture(scope="session")
def browser(request: pytest.FixtureRequest) -> Iterator[Browser]:
    """One Chromium for all tests."""
    executable = request.config.stash[CHROMIUM]
    if isinstance(executable, chromium.ChromiumNotFound):
        pytest.fail(str(executable), pytrace=False)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable, args=chromium.launch_arguments(), headless=True
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def browser_context(browser: Browser) -> Iterator[BrowserContext]:
    """One browser profile for all pages of JupyterLab: its scripts are loaded only once."""
    context = browser.new_context()
    yield context
    context.close()


@pytest.fixture(scope="session")
def lab_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabServer]:
    """One JupyterLab server for all tests."""
    server = LabServer(tmp_path_factory.mktemp("jupyterlab"), lab_python())
    try:
        server.wait_until_ready()
        yield server
    finally:
        server.stop()


@pytest.fixture
def lab(
    request: pytest.FixtureRequest, lab_server: LabServer, browser_context: BrowserContext
) -> Iterator[Lab]:
    """Open notebooks in JupyterLab: ``page = lab.open(["1 + 1"])``; see `Lab.open`.

    Afterwards pages are closed and kernels shut down, and a console error or uncaught exception
    in any of the pages fails the test. A failed test leaves its pages' screenshots in
    ``test-results/``.
    """
    lab = Lab(lab_server, browser_context)
    yield lab
    failed = request.node.stash.get(FAILED, False)
    if failed:
        for number, page in enumerate(lab.pages):
            page.screenshot(RESULTS / f"{request.node.name}-{number}.png")
    lab.close(spare=not failed)


@pytest.fixture(scope="module")
def shared_playground(
    lab_server: LabServer, browser_context: BrowserContext
) -> Iterator[PlaygroundPage]:
    """One page with a playground for the tests of a module."""
    lab = Lab(lab_server, browser_context)
    yield open_playground(lab)
    lab.close()


@pytest.fixture
def playground(
    request: pytest.FixtureRequest, shared_playground: PlaygroundPage
) -> Iterator[PlaygroundPage]:
    """A playground as it is when it has just been opened; errors in the page fail the test."""
    shared_playground.start_afresh()
    yield shared_playground
    if request.node.stash.get(FAILED, False):
        shared_playground.notebook.screenshot(RESULTS / f"{request.node.name}.png")
    errors = shared_playground.notebook.take_errors()
    assert not errors, errors_text(errors)


@pytest.fixture(scope="module")
def shared_graph(lab_server: LabServer, browser_context: BrowserContext) -> Iterator[GraphPage]:
    """One page with a graph view for the tests of a module."""
    lab = Lab(lab_server, browser_context)
    yield open_graph(lab)
    lab.close()


@pytest.fixture
def graph(request: pytest.FixtureRequest, shared_graph: GraphPage) -> Iterator[GraphPage]:
    """A graph view as it is when it has just been opened; errors in the page fail the test."""
    shared_graph.start_afresh()
    yield shared_graph
    if request.node.stash.get(FAILED, False):
        shared_graph.notebook.screenshot(RESULTS / f"{request.node.name}.png")
    errors = shared_graph.notebook.take_errors()
    assert not errors, errors_text(errors)


@pytest.fixture(scope="module")
def shared_stepper(
    lab_server: LabServer, browser_context: BrowserContext
) -> Iterator[StepperPage]:
    """One page with the walk of the seed's network for the tests of a module."""
    lab = Lab(lab_server, browser_context)
    notebook = lab.open([NETWORK])
    notebook.run_all()
    stepper = StepperPage(notebook)
    expect(stepper.root.locator("[data-node]")).not_to_have_count(0)
    yield stepper
    lab.close()


@pytest.fixture
def stepper(request: pytest.FixtureRequest, shared_stepper: StepperPage) -> Iterator[StepperPage]:
    """A walk at its first step; errors in the page fail the test."""
    shared_stepper.start_afresh()
    yield shared_stepper
    if request.node.stash.get(FAILED, False):
        shared_stepper.notebook.screenshot(RESULTS / f"{request.node.name}.png")
    errors = shared_stepper.notebook.take_errors()
    assert not errors, errors_text(errors)


@pytest.fixture(scope="module")
def voila_server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[VoilaServer]:
    """A Voila server for the notebook in the `CELLS` of the test's module."""
    server = VoilaServer(tmp_path_factory.mktemp("voila"), request.module.CELLS)
    try:
        server.wait_until_ready()
        yield server
    finally:
        server.stop()


@pytest.fixture
def lab_page(
    request: pytest.FixtureRequest, lab_server: LabServer, browser_context: BrowserContext
) -> Iterator[ExtensionPage]:
    """JupyterLab in an empty folder, to try our extension; errors in the page fail the test."""
    with extension_page(lab_server, browser_context) as page:
        yield page
        if request.node.stash.get(FAILED, False):
            page.screenshot(RESULTS / f"{request.node.name}.png")
