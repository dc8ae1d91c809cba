"""A real Voila, which shows a notebook as a page without its code, for the browser tests.

`VoilaServer` is the process; a `VoilaPage` is a page of it, with a kernel that has run all cells.
The fixtures are in ``tests/browser/fixtures.py``.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Sequence
from pathlib import Path

import nbformat
import psutil
from playwright.sync_api import BrowserContext, Route, expect

from tests.browser.lab import (
    ROOT,
    WatchedPage,
    free_port,
    jupyter_environment,
    new_notebook,
    stop_process_group,
)

# What Voila's page takes from other servers: (pattern, the reason why it does not matter). It is
# answered with an empty style sheet, so that tests run without the Internet. Anything else that is
# asked of another server fails the test: what gradwidgets shows comes with it.
FROM_ELSEWHERE: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(r"https://cdn\.jsdelivr\.net/npm/@fortawesome/fontawesome-free@[^/]+/css/"
                   r"(all|v4-shims)\.min\.css"),
        "icons for the buttons of ipywidgets, in the head of each of Voila's pages; gradwidgets "
        "has signs of its own",
    ),
)


class VoilaServer:
    """A Voila server of its own: port, settings and files are its alone.

    Parameters
    ----------
    directory : Path
        An empty directory for all its files.
    cells : iterable of str, or Path
        The sources of the notebook's code cells, or a notebook's file.
    arguments : sequence of str
        More of the command line.
    """

    def __init__(
        self, directory: Path, cells: Iterable[str] | Path, arguments: Sequence[str] = ()
    ) -> None:
        self.log = directory / "voila.log"
        self.port = free_port()
        connections = directory / "connections"
        connections.mkdir(parents=True)
        notebook = directory / "notebook.ipynb"
        if isinstance(cells, Path):
            shutil.copyfile(cells, notebook)
        else:
            nbformat.write(new_notebook(cells), notebook)
        environ = jupyter_environment(directory)
        environ["PYTHONPATH"] = str(ROOT)
        environ["GRADWIDGETS_DATA"] = str(directory / "kept")
        command = [
            sys.executable, "-m", "voila", str(notebook), "--no-browser",
            "--Voila.ip=127.0.0.1", f"--port={self.port}", "--Voila.port_retries=0",
            f"--Voila.connection_dir_root={connections}", "--Voila.log_level=WARN",
            # It cannot be loaded here, and says so as an error; it comes with Jupyter Notebook.
            "--VoilaConfiguration.extension_denylist=@jupyter-notebook/lab-extension",
            *arguments,
        ]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(command, cwd=directory, env=environ, stdout=log,
                                            stderr=log, stdin=subprocess.DEVNULL,
                                            start_new_session=True)

    @property
    def url(self) -> str:
        """The address of the page."""
        return f"http://127.0.0.1:{self.port}/"

    def wait_until_ready(self, seconds: float = 60.0) -> None:
        """Wait until it answers; raise RuntimeError with the log's end if it does not."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            try:
                # a path without a notebook: the page itself would start a kernel
                urllib.request.urlopen(f"{self.url}voila/static/", timeout=5).close()
            except urllib.error.HTTPError:
                return
            except OSError:
                time.sleep(0.1)  # a process on its way up tells nobody that it is there
            else:
                return
        self.stop()
        log = self.log.read_text(encoding="utf-8", errors="replace")[-3000:]
        raise RuntimeError(f"Voila did not start within {seconds:g} s. Its log ends:\n{log}")

    def kernels(self) -> list[int]:
        """Return the process ids of the kernels that run; Voila itself tells nobody."""
        found = psutil.Process(self.process.pid).children(recursive=True)
        return [process.pid for process in found if _is_kernel(process)]

    def wait_for_kernels(self, count: int, seconds: float = 30.0) -> None:
        """Wait until so many kernels run; raise AssertionError if it takes longer."""
        deadline = time.monotonic() + seconds
        while len(found := self.kernels()) != count:
            assert time.monotonic() < deadline, f"{len(found)} kernels run, not {count}"
            time.sleep(0.2)  # the server tells nobody when one ends

    def stop(self) -> None:
        """End the server and its kernels."""
        stop_process_group(self.process)


def _is_kernel(process: psutil.Process) -> bool:
    try:
        return any("ipykernel_launcher" in word for word in process.cmdline())
    except psutil.Error:  # it has just ended
        return False


class VoilaPage(WatchedPage):
    """The notebook of a Voila server, run by a kernel of its own.

    Parameters
    ----------
    server : VoilaServer
    context : BrowserContext
    theme : {'light', 'dark'}
    viewport : tuple of two int
        Width and height in CSS pixels.
    """

    def __init__(self, server: VoilaServer, context: BrowserContext, theme: str = "light",
                 viewport: tuple[int, int] = (1280, 800)) -> None:
        super().__init__(context, viewport)
        self.page.route(lambda url: not url.startswith(server.url), self._from_elsewhere)
        self.page.goto(f"{server.url}?theme={theme}", wait_until="commit")
        is_light = "true" if theme == "light" else "false"
        body = self.page.locator("body")
        expect(body).to_have_attribute("data-jp-theme-light", is_light, timeout=60_000)

    def _from_elsewhere(self, route: Route) -> None:
        url = route.request.url
        if any(pattern.fullmatch(url) for pattern, _ in FROM_ELSEWHERE):
            route.fulfill(content_type="text/css", body="")
        elif url.startswith(("data:", "blob:")):
            route.continue_()
        else:
            self.errors.append(f"asked of another server: {url}")
            route.abort()
