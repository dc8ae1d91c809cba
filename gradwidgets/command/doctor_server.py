"""Tries JupyterLab for real: starts it for a moment, and asks a kernel as a browser does."""

from __future__ import annotations

import asyncio
import json
import os
import re
import secrets
import signal
import ssl
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from time import monotonic, sleep
from typing import IO, Required, TypeAlias, TypedDict

from gradwidgets.command.doctor import GOOD, NOTE, WRONG, Finding, install

EXTENSION = "gradwidgets"
# What JupyterLab has to load for our widgets, and what brings it.
FRONT_ENDS = {"@jupyter-widgets/jupyterlab-manager": "ipywidgets", "anywidget": "anywidget"}
CODE = """
import json, sys
try:
    import gradwidgets
    _found = [gradwidgets.__version__, ""]
except Exception as error:
    _found = ["", f"{type(error).__name__}: {error}"]
print(json.dumps([1 + 1, sys.executable, *_found]))
"""
KernelAnswer: TypeAlias = tuple[int, str, str, str]
"""What `CODE` prints: two, the kernel's Python, our version there, or why there is none."""

STOPPING = 5.0  # seconds that JupyterLab gets to end


class Trouble(Exception):
    """JupyterLab or a kernel does not do what it should; the message says what."""


def server_findings(folder: Path, seconds: float) -> Iterator[Finding]:
    """Start JupyterLab in a folder, yield what is found, and end it; `seconds` is for all of it."""
    end = monotonic() + seconds
    try:
        with _jupyterlab(folder, end) as server:
            yield Finding("jupyter", GOOD, f"JupyterLab starts and answers at {server.url}.")
            yield from _extensions(server)
            try:
                answer = asyncio.run(_ask_kernel(server, end))
            except (Trouble, OSError) as error:
                yield Finding("kernel", WRONG, f"A notebook's kernel does not answer: {error}.",
                              install("ipykernel"))
            else:
                yield _kernel(answer)
    except (Trouble, OSError) as error:
        yield Finding("jupyter", WRONG, f"JupyterLab cannot be used: {error}.",
                      f"{sys.executable} -m jupyterlab tells more; settings that may be wrong lie "
                      "where jupyter --paths says.")


class ServerFile(TypedDict, total=False):
    """What we read of the file in which a running JupyterLab tells where it is."""

    url: Required[str]
    token: str
    pid: int


class _Server:
    def __init__(self, told: ServerFile) -> None:
        self.url = told["url"]
        self.token = told.get("token") or ""
        self.context = ssl._create_unverified_context()  # this machine's own certificate, if any
        # A proxy for the world outside has no business between two programs of this machine.
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=self.context)
        )

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"token {self.token}"} if self.token else {}

    def ask(
        self, method: str, path: str, body: dict[str, str] | None = None, seconds: float = 20.0
    ) -> str:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, self.headers, method=method)
        try:
            with self._opener.open(request, timeout=seconds) as response:
                answer: bytes = response.read()
                return answer.decode("utf-8")
        except urllib.error.HTTPError as error:
            if error.code == 403:
                raise Trouble("it asks for a password, so that it cannot be tried") from error
            raise Trouble(f"{self.url}{path} answers: {error.code} {error.reason}") from error
        except urllib.error.URLError as error:
            raise Trouble(f"{self.url}{path} cannot be reached: {error.reason}") from error


@contextmanager
def _jupyterlab(folder: Path, end: float) -> Iterator[_Server]:
    from jupyter_core.paths import jupyter_runtime_dir

    token = secrets.token_hex(24)
    # -P: what lies in the folder is not JupyterLab, whatever its name
    command = [sys.executable, "-P", "-m", "jupyterlab", "--no-browser"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            command, cwd=folder, env={**os.environ, "JUPYTER_TOKEN": token},
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
        server = None
        try:
            while server is None:
                if process.poll() is not None:
                    raise Trouble(f"it ends at once and says: {_last_words(log)}")
                if monotonic() > end:
                    raise Trouble("it did not start in time")
                server = _running(Path(jupyter_runtime_dir()), process.pid, token)
                sleep(0.1)  # a process on its way up tells nobody that it is there
            server.ask("GET", "api/status", seconds=max(1.0, end - monotonic()))
            yield server
        finally:
            if server is not None:
                with suppress(Trouble, OSError):
                    server.ask("POST", "api/shutdown", {}, STOPPING)
            _stop(process)


def _running(runtime: Path, pid: int, token: str) -> _Server | None:
    """Return the server that we have started, once it has said in its file where it is."""
    for file in runtime.glob("jpserver-*.json"):
        with suppress(OSError, ValueError, KeyError):
            told: ServerFile = json.loads(file.read_text(encoding="utf-8"))
            if told.get("token") == token or told.get("pid") == pid:
                return _Server(told)
    return None


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End the server, and what is left of its session."""
    try:
        process.wait(STOPPING)
    except subprocess.TimeoutExpired:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(STOPPING)
    if hasattr(os, "killpg"):
        with suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
    elif process.poll() is None:
        process.kill()
    process.wait()


def _last_words(log: IO[bytes]) -> str:
    """Return the last line of a log that tells something, without its time and colours."""
    log.seek(0)
    text = re.sub(r"\x1b\[[0-9;]*m", "", log.read().decode("utf-8", "replace"))
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    urgent = [line for line in lines if re.match(r"\[[CE] ", line)]
    words = (urgent or lines or ["nothing"])[-1]
    return re.sub(r"^\[\w [^]]*\] ", "", words).rstrip(".")[:300]


def _extensions(server: _Server) -> Iterator[Finding]:
    """Tell what JupyterLab's own page says of the extensions that it loads."""
    page = server.ask("GET", "lab")
    found = re.search(r'<script id="jupyter-config-data"[^>]*>(.*?)</script>', page, re.DOTALL)
    text = found[1] if found else "{}"
    try:
        config = json.loads(text)
    except ValueError:
        config = json.loads(unescape(text))
    there = {one.get("name") for one in config.get("federated_extensions", [])}
    switched_off = set(config.get("disabledExtensions", []))

    def off(name: str) -> bool:
        return any(one.split(":")[0] == name for one in switched_off)

    lacking = {name: brings for name, brings in FRONT_ENDS.items() if name not in there}
    disabled = [name for name in FRONT_ENDS if name in there and off(name)]
    if lacking:
        brings = sorted(lacking.values())
        yield Finding("widgets", WRONG, f"JupyterLab cannot show widgets: it does not find the "
                      f"part that {' and '.join(brings)} should have brought.",
                      f"{install(*brings)} --force-reinstall (for the Python that has JupyterLab)")
    elif disabled:
        yield Finding("widgets", WRONG, f"JupyterLab cannot show widgets: {disabled[0]} is "
                      "disabled.", f"jupyter labextension enable {disabled[0]}")
    else:
        yield Finding("widgets", GOOD, "JupyterLab loads what shows widgets.")
    if EXTENSION not in there:
        yield Finding("extension", NOTE, "JupyterLab does not find the extension of gradwidgets: "
                      "its launcher has no card for the playground. All else works.",
                      install("gradwidgets") + " --force-reinstall --no-deps")
    elif off(EXTENSION):
        yield Finding("extension", NOTE, "JupyterLab's extension of gradwidgets is disabled.",
                      f"jupyter labextension enable {EXTENSION}")
    else:
        yield Finding("extension", GOOD, "JupyterLab's extension of gradwidgets is enabled.")


def _kernel(answer: KernelAnswer) -> Finding:
    two, executable, version, why = answer
    if two != 2:
        return Finding("kernel", WRONG, f"A kernel answered that 1 + 1 is {two}.")
    if not version:
        return Finding("kernel", WRONG, f"A kernel answers, but it runs {executable}, where "
                       f"gradwidgets cannot be loaded ({why}).",
                       f"{sys.executable} -m ipykernel install --sys-prefix makes JupyterLab use "
                       f"this Python; a kernel of your own with the same name stands in its way: "
                       "jupyter kernelspec list shows it.")
    return Finding("kernel", GOOD, f"A kernel answers as it does to a browser, and finds "
                   f"gradwidgets {version} ({executable}).")


async def _ask_kernel(server: _Server, end: float) -> KernelAnswer:
    """Start a kernel, run the code through a websocket, and return what it printed."""
    try:
        async with asyncio.timeout(max(1.0, end - monotonic())):
            told = await asyncio.to_thread(server.ask, "POST", "api/kernels", {"name": "python3"},
                                           max(1.0, end - monotonic()))
            kernel = json.loads(told)["id"]
            try:
                return await _through_websocket(server, kernel)
            finally:
                with suppress(Trouble, OSError):
                    await asyncio.to_thread(server.ask, "DELETE", f"api/kernels/{kernel}")
    except TimeoutError:
        raise Trouble("there was no answer in time") from None


async def _through_websocket(server: _Server, kernel: str) -> KernelAnswer:
    from tornado.httpclient import HTTPError, HTTPRequest
    from tornado.websocket import WebSocketError, websocket_connect

    session, message = uuid.uuid4().hex, uuid.uuid4().hex
    address = re.sub("^http", "ws", server.url)
    request = HTTPRequest(f"{address}api/kernels/{kernel}/channels?session_id={session}",
                          headers=server.headers, ssl_options=server.context)
    try:
        connection = await websocket_connect(request)
    except (HTTPError, WebSocketError) as error:
        raise Trouble(f"its websocket is refused: {error}") from error
    try:
        header = {"msg_id": message, "msg_type": "execute_request", "username": "",
                  "session": session, "version": "5.3", "date": datetime.now(UTC).isoformat()}
        content = {"code": CODE, "silent": False, "store_history": False, "user_expressions": {},
                   "allow_stdin": False, "stop_on_error": True}
        await connection.write_message(json.dumps({
            "header": header, "parent_header": {}, "metadata": {}, "content": content,
            "channel": "shell", "buffers": [],
        }))  # fmt: skip
        printed = ""
        while True:
            received = await connection.read_message()
            if received is None:
                raise Trouble("its connection was closed")
            if isinstance(received, bytes):
                continue
            told = json.loads(received)
            kind = told["header"]["msg_type"]
            if kind == "status" and told["content"].get("execution_state") in ("dead",
                                                                               "restarting"):
                raise Trouble("it died while it started")
            if told.get("parent_header", {}).get("msg_id") != message:
                continue
            if kind == "stream" and told["content"]["name"] == "stdout":
                printed += told["content"]["text"]
            if kind == "status" and told["content"]["execution_state"] == "idle":
                answer: KernelAnswer = json.loads(printed)
                return answer
    except ValueError as error:
        raise Trouble(f"its answer cannot be read ({error})") from error
    finally:
        connection.close()
