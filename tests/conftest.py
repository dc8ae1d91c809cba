"""What all tests share."""

from __future__ import annotations

import pytest
from hypothesis import settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

# How long a case takes depends on the machine and on what else it does; no test is about that.
settings.register_profile("gradwidgets", deadline=None)
settings.load_profile("gradwidgets")

pytest_plugins = ["tests.browser.fixtures"]


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Return for ``-n auto``, which pyproject.toml asks for, how many processes there are.

    The whole suite runs in two: the browser tests go one after the other in one of them, since
    two browsers at once would slow each other down, and all the others beside them. A part of it,
    with paths on the command line, or where somebody wants to look, stays in this process.
    """
    option = config.option
    looked_at = option.usepdb or option.capture == "no" or option.collectonly
    whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    return 2 if whole and not looked_at else 0


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    """Return what hands the two halves out."""
    return TwoHalves(config, log)


class TwoHalves(LoadScopeScheduling):
    """Gives all browser tests to one process, and all others to another."""

    def _split_scope(self, nodeid: str) -> str:
        return "browser" if nodeid.startswith("tests/browser/") else "others"
