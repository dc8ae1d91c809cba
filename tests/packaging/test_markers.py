"""`-m "not browser"` serves people who have none."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.packaging.project import ROOT, source_files

SOME = ["tests/browser/test_chromium.py", "tests/browser/elsewhere/test_voila_lesson.py",
        "tests/packaging/test_main_command.py", "tests/packaging/test_spelling.py"]


def test_all_tests_below_the_browser_and_those_that_ask_for_one_are_marked() -> None:
    command = [sys.executable, "-m", "pytest", *SOME, "-n", "0", "-q", "--collect-only"]
    done = subprocess.run([*command, "-m", "not browser"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    left = {line.partition("::")[0] for line in done.stdout.splitlines() if "::" in line}
    assert left == {SOME[3]}


@pytest.mark.parametrize("program", [["/usr/bin/chromium", "--headless"], ["no/playwright/node"],
                                     "google-chrome about:blank"])
def test_a_test_that_is_not_marked_cannot_start_a_browser(program: list[str] | str) -> None:
    with pytest.raises(AssertionError, match="test_a_test_that_is_not_marked.* is not marked"):
        subprocess.Popen(program)


def test_no_other_test_makes_a_browser_by_itself() -> None:
    """One that is driven from a process of its own would not be noticed above."""
    launching = "sync_" + "playwright"
    files = [file for file in source_files("tests") if file.endswith(".py")
             and not file.startswith(("tests/browser/", "tests/benchmarks/", "tests/lite/"))]
    assert [file for file in files if launching in Path(ROOT, file).read_text("utf-8")] == []
