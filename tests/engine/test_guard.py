"""What is around a learner's code does not mind what kind of shell it runs in."""

from __future__ import annotations

import pytest

from tests.packaging.project import run_python

RUN = """
from IPython.core.interactiveshell import InteractiveShell
from IPython.terminal.interactiveshell import TerminalInteractiveShell
from gradwidgets.engine.learner.guard import guard
{begin}
with guard:
    print(6 * 7)
try:
    with guard:
        raise SystemExit(3)
except Exception as error:
    print(type(error).__name__)
"""


@pytest.mark.parametrize(
    "begin", ["InteractiveShell.instance()", "TerminalInteractiveShell.instance()", "# no shell"]
)
def test_code_runs_and_is_held_in_every_kind_of_shell(begin: str) -> None:
    assert run_python(RUN.format(begin=begin)).splitlines() == ["42", "Ended"]
