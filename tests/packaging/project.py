"""What the packaging tests ask about the project: its files, its README, fresh environments."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def tracked_files(*paths: str) -> list[str]:
    """Return the paths of the files in git's index below `paths`, relative to the top level."""
    return _git("ls-files", "-z", "--cached", "--", *paths)


def source_files(*paths: str) -> list[str]:
    """Return the files that would be handed in: tracked, or new and not ignored; none deleted."""
    listed = _git("ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *paths)
    return sorted({path for path in listed if (ROOT / path).is_file()})


def _git(*arguments: str) -> list[str]:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True)
    return [path for path in done.stdout.split("\0") if path]


def copy_sources(target: Path) -> Path:
    """Copy the source files to the directory `target`, which is created; return it."""
    for path in source_files():
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / path, target / path)
    return target


def readme_blocks(language: str) -> list[str]:
    """Return the contents of README's fenced blocks in a `language`."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def readme_command(name: str) -> str:
    """Return the command in README that is marked ``<!-- command: name -->``."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    found = re.findall(rf"^<!-- command: {re.escape(name)} -->\n```\w*\n(.*?)^```$", text,
                       re.MULTILINE | re.DOTALL)
    assert len(found) == 1, f"README has {len(found)} commands marked {name!r}; one was expected"
    return found[0].strip()


def fresh_environment(directory: Path) -> Path:
    """Create a virtual environment in `directory`; return its Python."""
    venv.create(directory, with_pip=True)
    return directory / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def pip(python: Path | str, *arguments: str) -> None:
    """Run pip; on failure, raise with what it said."""
    command = [str(python), "-m", "pip", "--disable-pip-version-check", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True,
                          stdin=subprocess.DEVNULL)
    assert done.returncode == 0, f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}"


def run_python(code: str, python: Path | str = sys.executable) -> str:
    """Run `code` in a new interpreter that sees this checkout; return what it prints."""
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([str(python), "-c", code], cwd=ROOT, env=environ, capture_output=True,
                          text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
