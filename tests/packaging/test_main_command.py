"""The first command of the README, run by an ordinary user, ends with the playground on a page."""

from __future__ import annotations

import html
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.lab import jupyter_environment, stop_process_group
from tests.packaging.project import copy_sources, readme_command

NOBODY = 65534  # an ordinary user on every Unix, who owns nothing

CAN_MAKE_ENVIRONMENTS = "import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))"


@dataclass(frozen=True)
class Person:
    """Somebody who is not root, with a home of their own and a ``python3`` on the PATH.

    Attributes
    ----------
    identity : dict
        What `subprocess` needs to start a program as this person; empty if we are not root.
    home : Path
    environment : dict of str
    """

    identity: dict[str, Any]
    home: Path
    environment: dict[str, str]

    def give(self, directory: Path) -> None:
        """Make `directory`, and all that is in it, this person's own."""
        if self.identity:
            for path in (directory, *directory.rglob("*")):
                os.chown(path, self.identity["user"], self.identity["group"])


@pytest.fixture
def person() -> Iterator[Person]:
    # Not pytest's tmp_path: its parents are closed to everybody but the user who runs the tests.
    home = Path(tempfile.mkdtemp(prefix="gradwidgets-person-"))
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    identity = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if is_root else {}
    environment = jupyter_environment(home / "jupyter")
    for name in ("PYTHONPATH", "VIRTUAL_ENV", "PYTHONNOUSERSITE", "XDG_CACHE_HOME"):
        environment.pop(name, None)
    environment["HOME"] = str(home)
    person = Person(identity, home, environment)
    try:
        person.give(home)
        if os.name != "nt":
            python = python_of(person)
            environment["PATH"] = f"{python.parent}{os.pathsep}{os.defpath}"
        yield person
    finally:
        shutil.rmtree(home, ignore_errors=True)


def python_of(person: Person) -> Path:
    """Return a ``python3`` that the person can run and that can make virtual environments.

    Root's own Python may lie where nobody else may look. Then the person gets a copy of it.
    """
    directories = [Path(sys.base_prefix, "bin"), *map(Path, os.get_exec_path())]
    for directory in directories:
        try:
            done = subprocess.run([directory / "python3", "-c", CAN_MAKE_ENVIRONMENTS],
                                  cwd=person.home, env=person.environment, capture_output=True,
                                  **person.identity)
        except OSError:
            continue
        if done.returncode == 0:
            return directory / "python3"
    copy = person.home / "python"
    shutil.copytree(sys.base_prefix, copy, symlinks=True,
                    ignore=shutil.ignore_patterns("__pycache__", "site-packages", "test"))
    person.give(copy)
    person.environment["LD_LIBRARY_PATH"] = str(copy / "lib")
    return copy / "bin" / "python3"


def address_to_open(runtime: Path, process: subprocess.Popen[bytes], log: Path) -> str:
    """Wait for JupyterLab; return the address at which it would open the person's browser."""
    while process.poll() is None:
        for page in runtime.glob("jpserver-file-to-run-*-open.html"):
            found = re.search(r'href="([^"]+)"', page.read_text(encoding="utf-8"))
            if found:
                return html.unescape(found[1])
        time.sleep(0.2)  # an installation and a server's start; nothing tells when they are done
    raise AssertionError(f"the command ended with {process.returncode}:\n{log.read_text()[-4000:]}")


@pytest.mark.installs
@pytest.mark.timeout(480)
def test_the_main_command_shows_the_playground_to_an_ordinary_user(
    person: Person, browser: Browser
) -> None:
    tree = copy_sources(person.home / "gradwidgets")
    person.give(tree)
    log = person.home / "log.txt"
    with log.open("wb") as output:
        process = subprocess.Popen(readme_command("playground"), shell=True, cwd=tree,
                                   env=person.environment, stdin=subprocess.DEVNULL,
                                   stdout=output, stderr=output, start_new_session=True,
                                   **person.identity)
    try:
        address = address_to_open(person.home / "jupyter" / "runtime", process, log)
        assert "playground.ipynb" in address
        assert "playground.ipynb is now in this folder" in log.read_text(encoding="utf-8")
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        page = context.new_page()
        page.goto(address, wait_until="commit")
        expect(page.get_by_role("tab", name="playground.ipynb")).to_be_visible(timeout=60_000)
        expect(page.locator(".jp-Notebook")).to_be_visible(timeout=60_000)
        # nobody has to run anything
        expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible(timeout=60_000)
        # and the code is folded: its first line stands for it
        expect(page.locator(".jp-PlaceholderText")).to_have_text("import gradwidgets")
        expect(page.get_by_text("gradwidgets.Playground()")).to_have_count(0)
        context.close()
    finally:
        stop_process_group(process)
