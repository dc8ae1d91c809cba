"""The command `gradwidgets` on a machine without a browser, in a folder that somebody has filled."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import BrowserContext, expect

from gradwidgets.lab.assemble import assemble
from tests.browser.lab import free_port, jupyter_environment, new_notebook, stop_process_group

FOREIGN = "open('ran', 'w').close()\nprint('Playground(')"


@pytest.fixture
def printed(tmp_path: Path) -> Iterator[str]:
    """The address that the command prints in a folder with a foreign playground."""
    folder = tmp_path / "folder"
    folder.mkdir()
    nbformat.write(new_notebook([FOREIGN]), folder / "playground.ipynb")
    # what Python would find first, if it looked here for JupyterLab
    (folder / "jupyterlab.py").write_text("open('ran', 'w').close()", encoding="utf-8")
    environment = jupyter_environment(tmp_path)
    assemble(tmp_path / "share" / "labextensions")
    environment["JUPYTER_PATH"] = str(tmp_path / "share")
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    port = free_port()
    command = [sys.executable, "-P", "-m", "gradwidgets", "--no-browser", "--port", str(port),
               "--", *(["--allow-root"] if is_root else [])]  # fmt: skip
    log = tmp_path / "log.txt"
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                                   stdout=output, stderr=output, start_new_session=True)
    try:
        yield address_in(log, process)
    finally:
        stop_process_group(process)
    assert not (folder / "ran").exists(), log.read_text(encoding="utf-8")


def address_in(log: Path, process: subprocess.Popen[bytes]) -> str:
    """Wait until the command has printed an address with a token, and return it."""
    while process.poll() is None:
        text = log.read_text(encoding="utf-8", errors="replace")
        if found := re.search(r"http://\S+token=\w+(?=\s)", text):
            return found[0]
        time.sleep(0.1)  # a server on its way up tells nobody that it is there
    raise AssertionError(log.read_text(encoding="utf-8", errors="replace")[-3000:])


def test_the_address_that_it_prints_opens_the_playground_and_runs_nothing_of_others(
    printed: str, browser_context: BrowserContext
) -> None:
    assert re.fullmatch(r"http://[\w.-]+:\d+/lab/tree/playground\.ipynb\?token=\w+", printed)
    page = browser_context.new_page()
    page.goto(printed.replace("localhost", "127.0.0.1"), wait_until="commit")
    line = page.get_by_role("status").filter(has_text="The first cell was not run")
    expect(line).to_be_visible(timeout=60_000)
    expect(page.locator("#jp-main-dock-panel .lm-TabBar-tab")).to_have_text(["playground.ipynb"])
    expect(page.locator(".jp-InputPrompt").first).to_have_text("[ ]:")
    page.close()
