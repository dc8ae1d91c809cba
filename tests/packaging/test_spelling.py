"""What people read is spelled right."""

from __future__ import annotations

import subprocess
import sys

from tests.packaging.project import ROOT

READ = ["README.md", "CONTRIBUTING.md", "notebooks", "gradwidgets", "binder"]

GERMAN = "german*.py,test_german.py,test_translations.py"  # codespell knows English alone


def misspelled(*paths: str) -> str:
    """Return what codespell finds, a line each."""
    command = [sys.executable, "-m", "codespell_lib", f"--skip=*.json,.ipynb_checkpoints,{GERMAN}", *paths]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return done.stdout


def test_there_are_no_known_misspellings() -> None:
    assert misspelled(*READ) == ""


def test_a_misspelling_is_found(tmp_path) -> None:
    (tmp_path / "text.md").write_text("teh gradient\n")
    assert "teh ==> the" in misspelled(str(tmp_path))
