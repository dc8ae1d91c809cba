"""What people read is spelled right."""

from __future__ import annotations

import subprocess
import sys

from tests.packaging.project import ROOT

SKIPPED = "*.json,.ipynb_checkpoints,*german*.py"  # codespell knows no German
SLIPS = "datas"  # of learners, which are answered with the right name
READ = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "notebooks", "gradwidgets", "binder"]


def misspelled(*paths: str) -> str:
    """Return what codespell finds, a line each."""
    command = [sys.executable, "-m", "codespell_lib", f"--skip={SKIPPED}",
               f"--ignore-words-list={SLIPS}", *paths]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return done.stdout


def test_there_are_no_known_misspellings() -> None:
    assert misspelled(*READ) == ""


def test_a_misspelling_is_found(tmp_path) -> None:
    (tmp_path / "text.md").write_text("teh gradient\n")
    assert "teh ==> the" in misspelled(str(tmp_path))
