"""What all tests share."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

# NumPy's threads would wait for each other on processors that browser and kernels use. Set before
# NumPy is loaded here, and inherited by every kernel and command that a test starts.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# How long a case takes depends on the machine and on what else it does; no test is about that.
settings.register_profile("gradwidgets", deadline=None)
settings.load_profile("gradwidgets")

pytest_plugins = ["tests.browser.fixtures"]

BROWSERS = ("chrom", "headless_shell", "firefox", "playwright")  # in the path of a program
PROCESSES = 2
_without_browser = ""  # the test that runs, unless it is marked `browser`


def pytest_configure() -> None:
    """Hold `-m "not browser"` to what it says: no other test may start a browser."""
    sys.addaudithook(_look_for_browsers)


def _look_for_browsers(event: str, details: tuple) -> None:
    if event == "subprocess.Popen" and _without_browser:
        executable, arguments, *_ = details
        first = arguments if isinstance(arguments, str | bytes) else next(iter(arguments), "")
        for program in filter(None, (executable, first)):
            name = Path(os.fsdecode(program)).as_posix().lower()
            if any(browser in name for browser in BROWSERS):
                raise AssertionError(f"{_without_browser} starts {name} and is not marked browser")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Keep in mind whether the test that runs may start a browser."""
    global _without_browser
    _without_browser = "" if item.get_closest_marker("browser") else item.nodeid
    try:
        return (yield)
    finally:
        _without_browser = ""


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Return for ``-n auto``, which pyproject.toml asks for, how many processes there are.

    A part of the suite, with paths on the command line, or where somebody wants to look, stays in
    this process.
    """
    option = config.option
    looked_at = option.usepdb or option.capture == "no" or option.collectonly
    whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    return PROCESSES if whole and not looked_at else 0


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    """Return what hands the tests out."""
    return ByModule(config, log)


class ByModule(LoadScopeScheduling):
    """Gives all tests without a page to one process, and the modules of browser tests to the others.

    Once it is done, it takes a module too. Not before: from its first page on Playwright keeps an
    event loop in the main thread, where asyncio.run() then refuses to work.
    """

    def _split_scope(self, nodeid: str) -> str:
        return nodeid.partition("::")[0] if nodeid.startswith("tests/browser/") else "others"
