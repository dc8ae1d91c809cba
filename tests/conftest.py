"""What all tests share."""

from __future__ import annotations

import pytest

pytest_plugins = ["tests.browser.fixtures"]


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Return for ``-n auto``, which pyproject.toml asks for, how many processes there are.

    The whole suite runs in two, which take a file each, in the order of the files. A part of it,
    with paths on the command line, or where somebody wants to look, stays in this process.
    """
    option = config.option
    looked_at = option.usepdb or option.capture == "no" or option.collectonly
    whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    return 2 if whole and not looked_at else 0
