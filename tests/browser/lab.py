"""A real JupyterLab, and pages of it, for the browser tests.

`LabServer` is the process, started once for all tests. `Lab` is what a test gets: it opens pages
(`LabPage`) on notebooks of their own, and at the end shuts their kernels down and fails the test
if the browser has reported an error. The fixtures are in ``tests/browser/fixtures.py``.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import nbformat
import zmq
from jupyter_client import BlockingKernelClient
from jupyter_core.utils import ensure_event_loop
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, expect

from gradwidgets.lab.assemble import assemble

ROOT = Path(__file__).resolve().parents[2]

THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}

# How many notebooks a page serves, one after the other.
MOST_USES = 20

# JupyterLab draws its icon anew with each message of a kernel, a sixth of what a page works while
# training runs; and each page would start a Node to ask whether JupyterLab is to be built.
PAGE_CONFIG = {
    "buildCheck": False,
    "disabledExtensions": {"@jupyterlab/application-extension:faviconbusy": True},
}

# Console errors that are not the project's: (pattern, the reason it is let through). Nothing goes
# in here without proof; a setting that prevents the message is better than a line in this list.
UNRELATED_ERRORS: tuple[tuple[re.Pattern[str], str], ...] = ()

# In the page. `app` is JupyterLab's application object (--expose-app-in-browser).
IS_READY = """
() => {
    const panel = window.jupyterapp?.shell?.currentWidget;
    const session = panel?.sessionContext;
    return panel?.content?.widgets && panel.isVisible && panel.context.isReady && session.isReady
        && STATUS.includes(session.kernelDisplayStatus);
}
"""

# Playwright's evaluate() knows no time limit of its own.
IN_TIME = """
([source, argument, ms]) => Promise.race([
    (0, eval)(`(${source})`)(argument),
    new Promise((_, reject) => setTimeout(() => reject(new Error(`no answer in ${ms} ms`)), ms)),
])
"""

EXECUTE = """
async ({name, args}) => { await window.jupyterapp.commands.execute(name, args); }
"""

OUTPUTS = """
() => window.jupyterapp.shell.currentWidget.content.widgets
    .flatMap(cell => cell.model.outputs ? cell.model.outputs.toJSON() : [])
"""

# Nothing of a notebook is left in the page, which is as good as new; false where something is.
LEAVE = """
async () => {
    const {shell, restored} = window.jupyterapp;
    await restored;
    if (document.querySelector(".jp-Dialog, .jp-Notification-Toast")) return false;
    for (const widget of [...shell.widgets("main")]) {
        if (widget.context) widget.context.model.dirty = false; // nobody is asked about it
        widget.dispose();
    }
    document.activeElement?.blur();
    return true;
}
"""

# A cell at the end, run without moving what the page shows.
RUN_CELL = """
async ({code, wait}) => {
    const app = window.jupyterapp;
    const notebook = app.shell.currentWidget.content;
    const scroller = notebook.node.querySelector(".jp-WindowedPanel-outer") ?? notebook.node;
    const top = scroller.scrollTop;
    notebook.activeCellIndex = notebook.widgets.length - 1;
    await app.commands.execute("notebook:insert-cell-below");
    const cell = notebook.activeCell;
    const outputs = cell.model.outputs;
    cell.model.sharedModel.setSource(code);
    const start = performance.now();
    let end = null;
    outputs.changed.connect(() => { if (outputs.length > 0) end ??= performance.now(); });
    const run = app.commands.execute("notebook:run-cell");
    if (wait) await run;
    end ??= performance.now();
    scroller.scrollTop = top;
    return {outputs: outputs.toJSON(), ms: end - start};
}
"""


class CellError(AssertionError):
    """A cell raised an exception; the message is its traceback, without colours."""


def free_port() -> int:
    """Return a TCP port on the loopback address that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def lab_python() -> str:
    """Return the Python whose JupyterLab is tested: ``GRADWIDGETS_LAB_PYTHON``, else this one."""
    return os.environ.get("GRADWIDGETS_LAB_PYTHON") or sys.executable


def jupyter_environment(directory: Path) -> dict[str, str]:
    """Return an environment in which Jupyter reads and writes settings below `directory` only."""
    environ = {name: value for name, value in os.environ.items()
               if not name.startswith(("JUPYTER", "IPYTHON", "PYTEST_"))}
    for name in ("CONFIG", "DATA", "RUNTIME"):
        environ[f"JUPYTER_{name}_DIR"] = str(directory / name.lower())
    environ["JUPYTERLAB_SETTINGS_DIR"] = str(directory / "settings")
    environ["JUPYTERLAB_WORKSPACES_DIR"] = str(directory / "workspaces")
    environ["IPYTHONDIR"] = str(directory / "ipython")
    environ["PYTHONNOUSERSITE"] = "1"
    environ["BROWSER"] = "true"  # should anything want to show a page to somebody
    return environ


class LabServer:
    """A JupyterLab server of its own: port, token, settings and files are its alone.

    Parameters
    ----------
    directory : Path
        An empty directory for all its files.
    python : str
        The Python that runs the server and the kernels.
    """

    def __init__(self, directory: Path, python: str) -> None:
        self.python = python
        self.token = uuid.uuid4().hex
        self.files = directory / "files"
        self.runtime = directory / "runtime"
        self.settings = directory / "settings"
        self.log = directory / "jupyterlab.log"
        self.port = free_port()
        self.spare: LabPage | None = None
        self.files.mkdir(parents=True)
        self._write_setting("notification", {"checkForUpdates": False, "fetchNews": "false"})
        page_config = directory / "config" / "labconfig" / "page_config.json"
        page_config.parent.mkdir(parents=True)
        page_config.write_text(json.dumps(PAGE_CONFIG), encoding="utf-8")
        environ = jupyter_environment(directory)
        if not self._has_own_copy(environ):
            environ["PYTHONPATH"] = str(ROOT)
            # The extension as it is now, before the one that was installed.
            assemble(directory / "share" / "labextensions")
            environ["JUPYTER_PATH"] = str(directory / "share")
        command = [
            python, "-m", "jupyterlab", "--no-browser", "--allow-root",
            "--ip=127.0.0.1", f"--port={self.port}", "--ServerApp.port_retries=0",
            f"--IdentityProvider.token={self.token}", f"--ServerApp.root_dir={self.files}",
            "--ServerApp.terminals_enabled=False", "--expose-app-in-browser",
            "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
            "--LabApp.news_url=None", "--LabApp.extension_manager=readonly",
            "--Application.log_level=WARN",
        ]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(command, cwd=self.files, env=environ, stdout=log,
                                            stderr=log, stdin=subprocess.DEVNULL,
                                            start_new_session=True)

    def _has_own_copy(self, environ: dict[str, str]) -> bool:
        """Tell whether another environment than this one brings its own gradwidgets."""
        if self.python == sys.executable:
            return False
        probe = [self.python, "-I", "-c", "import gradwidgets"]
        return subprocess.run(probe, env=environ, capture_output=True).returncode == 0

    @property
    def url(self) -> str:
        """The address of the server, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    def wait_until_ready(self, seconds: float = 60.0) -> None:
        """Wait for the first answer; raise RuntimeError with the log's end if there is none."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            try:
                self.request("GET", "status")
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)  # a process on its way up tells nobody that it is there
            else:
                return
        self.stop()
        log = self.log.read_text(encoding="utf-8", errors="replace")[-3000:]
        raise RuntimeError(f"JupyterLab did not start within {seconds:g} s. Its log ends:\n{log}")

    def start_kernel(self, notebook: str) -> None:
        """Start the kernel of a notebook file; the page that is opened on it will find it."""
        self.request("POST", "sessions", {"path": notebook, "name": notebook, "type": "notebook",
                                          "kernel": {"name": "python3"}})

    def request(self, method: str, path: str, body: Any = None) -> Any:
        """Send a request to the server's REST interface; return the decoded answer, if any."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/api/{path}", data, method=method)
        request.add_header("Authorization", f"token {self.token}")
        with urllib.request.urlopen(request, timeout=30) as response:
            answer = response.read()
        return json.loads(answer) if answer else None

    def set_theme(self, theme: str) -> None:
        """Let pages opened from now on have `theme`, 'light' or 'dark'."""
        self._write_setting("themes", {"theme": THEMES[theme]})

    def _write_setting(self, name: str, values: dict[str, Any]) -> None:
        path = self.settings / "@jupyterlab" / "apputils-extension" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values), encoding="utf-8")

    def stop(self) -> None:
        """End the server and its kernels."""
        stop_process_group(self.process)


def stop_process_group(process: subprocess.Popen[bytes], seconds: float = 10.0) -> None:
    """End `process`, asking first, and whatever is left of the session that it leads."""
    if os.name == "nt":
        process.terminate()
        process.wait(timeout=seconds)
        return
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            pass
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait(timeout=seconds)


class Lab:
    """What a test has of JupyterLab: it opens pages, and closes them when the test is over.

    JupyterLab takes seconds to load. So a page in which nothing has gone wrong stays, without its
    notebook, and the next test opens its own in it, as somebody would who works on.
    """

    def __init__(self, server: LabServer, context: BrowserContext) -> None:
        self.server = server
        self.context = context
        self.pages: list[LabPage] = []

    def open(
        self,
        notebook: str | os.PathLike[str] | Iterable[str] = (),
        *,
        theme: str = "light",
        viewport: tuple[int, int] = (1280, 800),
        sidebar: bool = False,
        port: int | None = None,
    ) -> LabPage:
        """Open a fresh notebook with a kernel of its own, and wait until both are ready.

        Parameters
        ----------
        notebook : path or iterable of str
            A notebook file, of which a copy is opened, or the sources of code cells.
        theme : {'light', 'dark'}
        viewport : tuple of two int
            Width and height in CSS pixels.
        sidebar : bool
            Whether the file browser is shown at the left, as on JupyterLab's first visit.
        port : int, optional
            Where the page connects to, if not straight to the server: a proxy's port.
        """
        name = f"{uuid.uuid4().hex[:8]}.ipynb"
        if isinstance(notebook, (str, os.PathLike)):
            shutil.copyfile(notebook, self.server.files / name)
        else:
            nbformat.write(new_notebook(notebook), self.server.files / name)
        self.server.start_kernel(name)
        page = None if port else self._take_spare()
        if page:
            self.pages.append(page)
            page.turn_to(name, theme, viewport, sidebar)
            return page
        self.server.set_theme(theme)
        page = LabPage(self.server, self.context, name, viewport, sidebar, port)
        self.pages.append(page)
        page.load()
        return page

    def _take_spare(self) -> LabPage | None:
        """Return the page of JupyterLab that a test before has left, if it is of this browser."""
        page = self.server.spare
        if not page or page.page.is_closed() or page.page.context is not self.context:
            return None
        self.server.spare = None
        return page

    def close(self, spare: bool = True) -> None:
        """Close the pages and shut their kernels down; raise if the browser reported errors.

        One page is kept, without a notebook, for the next `open`, if `spare` allows it.
        """
        pages, self.pages = self.pages, []
        problems = []
        for page in pages:
            errors = page.take_errors()
            problems += errors
            if errors or not spare or self.server.spare or not page.leave():
                page.close()
            else:
                self.server.spare = page
        if problems:
            raise AssertionError(errors_text(problems))


def new_notebook(cells: Iterable[str]) -> nbformat.NotebookNode:
    """Return a notebook of code cells with the given sources, for the Python kernel."""
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    code = [nbformat.v4.new_code_cell(source) for source in cells]
    return nbformat.v4.new_notebook(cells=code, metadata=metadata)


def errors_text(errors: Sequence[str]) -> str:
    """Return the message of a test that failed over `errors` of the browser."""
    return f"the browser reported {len(errors)} error(s):\n" + "\n".join(errors)


class WatchedPage:
    """A page of the browser that keeps account of what goes wrong in it.

    Attributes
    ----------
    page : playwright.sync_api.Page
    errors : list of str
        What the browser has reported so far: console errors and uncaught exceptions.
    """

    def __init__(self, context: BrowserContext, viewport: tuple[int, int]) -> None:
        self.errors: list[str] = []
        self.page: Page = context.new_page()
        self.page.set_viewport_size({"width": viewport[0], "height": viewport[1]})
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self.errors.append(f"uncaught: {error}"))
        self.page.on("crash", lambda _: self.errors.append("the page crashed"))

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type != "error":
            return
        source = (message.location or {}).get("url", "")
        text = f"console.error: {message.text} ({source})"
        if not any(pattern.search(text) for pattern, _ in UNRELATED_ERRORS):
            self.errors.append(text)

    def screenshot(self, path: str | os.PathLike[str]) -> None:
        """Write what the page shows to a PNG file."""
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=path)

    def take_errors(self) -> list[str]:
        """Return the errors that the browser has reported until now, and forget them."""
        if not self.page.is_closed():
            self.page.evaluate("0")  # a round trip: what was reported before it has arrived
        errors, self.errors = self.errors, []
        return errors

    def close(self) -> None:
        """Close the page."""
        self.page.close()


class LabPage(WatchedPage):
    """A notebook open in JupyterLab.

    Attributes
    ----------
    last_cell_ms : float
        How long the last `run_cell` took in the page, from asking to its first output.
    """

    def __init__(self, server: LabServer, context: BrowserContext, name: str,
                 viewport: tuple[int, int], sidebar: bool, port: int | None) -> None:
        super().__init__(context, viewport)
        self.server = server
        self.name = name
        self.sidebar = sidebar
        self.port = port or server.port
        self.last_cell_ms = 0.0
        self._uses = 1
        self._kernel: KernelClient | None = None

    def load(self) -> None:
        """Open the notebook's page and wait until its kernel is idle."""
        # A workspace of its own: nothing is restored from the pages of other tests.
        query = urlencode({"token": self.server.token})
        self.page.goto(f"http://127.0.0.1:{self.port}/lab/workspaces/{Path(self.name).stem}"
                       f"/tree/{quote(self.name)}?{query}", wait_until="commit")
        self.wait_until_ready()
        self._show_sidebar()

    def _show_sidebar(self) -> None:
        collapsed = self._in_page("() => window.jupyterapp.shell.leftCollapsed")
        if collapsed == self.sidebar:
            self.command("application:toggle-left-area")

    def turn_to(self, name: str, theme: str, viewport: tuple[int, int], sidebar: bool) -> None:
        """Open another notebook in the page, which shows none; see `Lab.open`."""
        self.page.bring_to_front()
        self.take_errors()  # what JupyterLab says of a notebook that was closed half-way
        self.name = name
        self.sidebar = sidebar
        self._uses += 1
        self.page.set_viewport_size({"width": viewport[0], "height": viewport[1]})
        self.page.mouse.move(0, 0)
        if self.page.locator("body").get_attribute("data-jp-theme-light") != str(
                theme == "light").lower():
            self.set_theme(theme)
        self._show_sidebar()
        self.command("docmanager:open", path=name)
        self.wait_until_ready()

    def leave(self) -> bool:
        """Leave the notebook and shut its kernel down; tell whether the page can serve again."""
        if self.port != self.server.port or self._uses >= MOST_USES or not self._in_page(LEAVE):
            return False
        self._end_kernel()
        return True

    def reload(self) -> None:
        """Reload the page, as F5 does, and wait until it has found its kernel again."""
        self._uses = MOST_USES
        self.page.reload(wait_until="commit")
        self.wait_until_ready(idle=False)

    def wait_until_ready(self, idle: bool = True) -> None:
        """Wait until the notebook is shown and its kernel is known (and idle)."""
        status = ["idle"] if idle else ["idle", "busy"]
        self.page.wait_for_function(IS_READY.replace("STATUS", json.dumps(status)))
        self.page.locator(".jp-Notebook:visible").first.wait_for()

    def command(self, name: str, /, **arguments: Any) -> None:
        """Execute one of JupyterLab's commands in the page, and wait until it is done."""
        self._in_page(EXECUTE, {"name": name, "args": arguments})

    def _in_page(self, function: str, argument: Any = None, seconds: float = 60.0) -> Any:
        """Call a JavaScript function in the page and return its result, or fail in time."""
        return self.page.evaluate(IN_TIME, [function, argument, 1000 * seconds])

    def set_theme(self, theme: str) -> None:
        """Change the theme of the open page to 'light' or 'dark'."""
        self.command("apputils:change-theme", theme=THEMES[theme])
        is_light = json.dumps(theme == "light")
        expect(self.page.locator("body")).to_have_attribute("data-jp-theme-light", is_light)
        # JupyterLab stumbles when the theme changes again before its veil is gone
        expect(self.page.locator("#jupyterlab-splash")).to_have_count(0)

    def run_all(self) -> None:
        """Run all cells, and wait until the last has finished; raise CellError if one raised."""
        self.command("notebook:run-all-cells")
        outputs_text(self._in_page(OUTPUTS))

    def run_cell(self, code: str) -> str:
        """Add a cell at the end, run it, and return what it shows as text.

        Raises
        ------
        CellError
            If the cell raises.
        """
        result = self._in_page(RUN_CELL, {"code": code, "wait": True})
        self.last_cell_ms = result["ms"]
        return outputs_text(result["outputs"])

    def start_cell(self, code: str) -> None:
        """Add a cell at the end and run it, without waiting for its end."""
        self._in_page(RUN_CELL, {"code": code, "wait": False})

    def kernel(self, code: str, seconds: float = 30.0) -> str:
        """Execute `code` in the notebook's kernel, beside the page, and return its text.

        The text is what it prints, followed by the repr of its last expression. Neither the
        notebook nor its execution counter changes. A busy kernel answers when its cell is done.

        Raises
        ------
        CellError
            If the code raises.
        TimeoutError
            If there is no answer within `seconds`.
        """
        if self._kernel is None:
            self._kernel = KernelClient(self.server.runtime / f"kernel-{self.kernel_id()}.json")
        return self._kernel.execute(code, seconds)

    def kernel_id(self) -> str:
        """Return the id of the notebook's kernel."""
        for session in self.server.request("GET", "sessions"):
            if session["path"] == self.name:
                return session["kernel"]["id"]
        raise RuntimeError(f"no kernel is running for {self.name}")

    def interrupt(self) -> None:
        """Interrupt the kernel, as the stop button does."""
        self.server.request("POST", f"kernels/{self.kernel_id()}/interrupt")

    def close(self) -> None:
        """Close the page and shut its kernel down."""
        super().close()
        self._end_kernel()

    def _end_kernel(self) -> None:
        if self._kernel is not None:
            self._kernel.close()
            self._kernel = None
        for session in self.server.request("GET", "sessions"):
            if session["path"] == self.name:
                self.server.request("DELETE", f"sessions/{session['id']}")


class KernelClient:
    """A second front end of a running kernel.

    It lives in a thread of its own: Playwright keeps an event loop in the main thread, which
    jupyter_client must not meet.
    """

    def __init__(self, connection_file: Path) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="kernel-client")
        self._client: BlockingKernelClient = self._thread.submit(
            self._connect, connection_file
        ).result(timeout=30)

    @staticmethod
    def _connect(connection_file: Path) -> BlockingKernelClient:
        # Nobody reads between two calls, and a training notebook sends some sixty messages a
        # second: with the usual limit of a thousand, later answers would be dropped.
        context = zmq.Context()
        context.setsockopt(zmq.RCVHWM, 0)
        client = BlockingKernelClient(connection_file=str(connection_file), context=context)
        client.load_connection_file()
        client.start_channels(stdin=False, hb=False, control=False)
        return client

    def execute(self, code: str, seconds: float) -> str:
        """Execute `code`; see `LabPage.kernel`."""
        return self._thread.submit(self._execute, code, seconds).result(timeout=seconds + 10)

    def _execute(self, code: str, seconds: float) -> str:
        outputs: list[dict[str, Any]] = []

        def keep(message: dict[str, Any]) -> None:
            kind = message["header"]["msg_type"]
            if kind in {"stream", "execute_result", "display_data", "error"}:
                outputs.append({"output_type": kind, **message["content"]})

        self._client.execute_interactive(code, store_history=False, allow_stdin=False,
                                         timeout=seconds, output_hook=keep)
        return outputs_text(outputs)

    def close(self) -> None:
        """Give the sockets back."""
        self._thread.submit(self._close).result(timeout=10)
        self._thread.shutdown()

    def _close(self) -> None:
        self._client.stop_channels()
        self._client.context.destroy(linger=0)
        ensure_event_loop().close()  # jupyter_client opened one for this thread


def outputs_text(outputs: Iterable[dict[str, Any]]) -> str:
    """Return what notebook outputs say as plain text, stripped; raise CellError for an error."""
    parts = []
    for output in outputs:
        if output["output_type"] == "stream":
            parts.append(_joined(output["text"]))
        elif output["output_type"] == "error":
            traceback = "\n".join(output["traceback"]) or f"{output['ename']}: {output['evalue']}"
            raise CellError(re.sub(r"\x1b\[[0-9;]*m", "", traceback))
        else:
            parts.append(_joined(output["data"].get("text/plain", "")) + "\n")
    return "".join(parts).strip()


def _joined(text: str | list[str]) -> str:
    return text if isinstance(text, str) else "".join(text)
