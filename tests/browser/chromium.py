"""Provide a Chromium for the tests, so that nobody has to install one by hand.

Tried in this order, and the first that starts is taken:

1. the one named by ``GRADWIDGETS_CHROMIUM`` (then no other is tried), or one on this machine;
2. Playwright's own download;
3. on Debian and Ubuntu, as root, ``apt-get install chromium``.

Where none can be had, `ChromiumNotFound` says what was tried. Tests then fail: a browser test that
is skipped is not a test.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "msedge",
)

MAC_PATHS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)

WINDOWS_PATHS = (
    r"Chromium\Application\chrome.exe",
    r"Google\Chrome\Application\chrome.exe",
    r"Microsoft\Edge\Application\msedge.exe",
)
WINDOWS_ROOTS = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")

PLAYWRIGHT_PATH_SCRIPT = """
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
"""


class ChromiumNotFound(RuntimeError):
    """No Chromium could be found or installed; the message lists what was tried."""


def provide() -> Path:
    """Return the path of a Chromium that starts, installing one where that is possible.

    Raises
    ------
    ChromiumNotFound
        If there is none and none can be had.
    """
    named = os.environ.get("GRADWIDGETS_CHROMIUM")
    if named:
        if starts(Path(named)):
            return Path(named)
        raise ChromiumNotFound(
            f"GRADWIDGETS_CHROMIUM names {named!r}, which does not start; correct or unset it."
        )
    tried = []
    for way in (from_system, from_playwright, from_apt):
        found = way()
        if isinstance(found, Path):
            return found
        tried.append(found)
    raise ChromiumNotFound(
        "The browser tests need Chromium and none can be had: "
        + "; ".join(tried)
        + ". Install Chromium or Chrome, or name one in GRADWIDGETS_CHROMIUM."
    )


def from_system() -> Path | str:
    """Return an installed Chromium that starts, or a phrase saying that there is none."""
    for candidate in candidates(os.environ, sys.platform):
        if starts(candidate):
            return candidate
    return "none that starts is installed"


def candidates(environ: Mapping[str, str], platform: str) -> Iterator[Path]:
    """Yield where a Chromium may be on this `platform`, existing files only, best first."""
    for name in NAMES:
        found = shutil.which(name, path=environ.get("PATH", ""))
        if found:
            yield Path(found)
    paths: list[Path] = []
    if platform == "darwin":
        paths = [Path(path) for path in MAC_PATHS]
    elif platform == "win32":
        roots = [environ[root] for root in WINDOWS_ROOTS if root in environ]
        paths = [Path(root) / path for path in WINDOWS_PATHS for root in roots]
    yield from (path for path in paths if path.is_file())


def from_playwright() -> Path | str:
    """Return Playwright's own Chromium, downloaded if it is not there yet, or what went wrong."""
    done = _run(sys.executable, "-m", "playwright", "install", "chromium", seconds=600)
    if done.returncode:
        return f"Playwright's download failed ({_reason(done)})"
    asked = _run(sys.executable, "-c", PLAYWRIGHT_PATH_SCRIPT, seconds=60)
    path = Path(asked.stdout.strip())
    if asked.returncode or not starts(path):
        return "Playwright's download does not start (are its shared libraries installed?)"
    return path


def from_apt() -> Path | str:
    """Return a Chromium installed by apt-get, or a phrase saying why there is none."""
    if not _is_root():
        return "apt-get needs root"
    if not _is_debian() or not shutil.which("apt-get"):
        return "this is not Debian or Ubuntu, so there is no apt-get to ask"
    # One update may fail for a source that chromium does not come from: the install decides.
    _run("apt-get", "update", "-q", seconds=300)
    done = _run("apt-get", "install", "-y", "-q", "--no-install-recommends", "chromium",
                seconds=900)
    if done.returncode:
        return f"apt-get install chromium failed ({_reason(done)})"
    found = from_system()
    return found if isinstance(found, Path) else "what apt-get installed does not start"


def launch_arguments() -> list[str]:
    """Return the command line options that suit a test machine.

    Chromium's sandbox does not run as root; the others keep it from calling home.
    """
    arguments = [
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-quic",
    ]
    return ["--no-sandbox", *arguments] if _is_root() else arguments


def starts(path: Path) -> bool:
    """Tell whether the program at `path` runs; Ubuntu's snap stub, for one, is there but does not.

    On Windows, where ``--version`` would open a window, being there has to do.
    """
    if sys.platform == "win32":
        return path.is_file()
    done = _run(str(path), "--version", seconds=30)
    return done.returncode == 0


def _run(*command: str, seconds: float) -> subprocess.CompletedProcess[str]:
    """Run `command` without input; a missing program or a time-out is a failure like any other."""
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=seconds, env=environ)
    except (OSError, subprocess.TimeoutExpired) as error:
        return subprocess.CompletedProcess(command, 1, "", str(error))


def _reason(done: subprocess.CompletedProcess[str]) -> str:
    """Return the last line of what a failed program says that speaks of an error, or the last."""
    lines = [line.strip() for line in (done.stdout + "\n" + done.stderr).splitlines()]
    told = [line for line in lines if line]
    errors = [line for line in told if re.match(r"(\w*error|e|failed)\b", line, re.IGNORECASE)]
    return (errors or told or [f"exit code {done.returncode}"])[-1]


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _is_debian() -> bool:
    """Tell whether this is Debian, Ubuntu or a child of theirs."""
    try:
        return "debian" in Path("/etc/os-release").read_text(encoding="utf-8").lower()
    except OSError:
        return False
