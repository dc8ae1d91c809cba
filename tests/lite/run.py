"""Build the JupyterLite site in an environment of its own, and look at it in a browser.

    python tests/lite/run.py

It takes two minutes and needs a network. The kernel itself does not start here: Pyodide, NumPy and
Matplotlib come from Pyodide's server. Where there is Node, Pyodide is taken from npm instead, and
runs what needs no NumPy.
"""

from __future__ import annotations

import functools
import http.server
import shutil
import subprocess
import sys
import tempfile
import threading
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import expect, sync_playwright  # noqa: E402

from tests.browser import chromium  # noqa: E402
from tests.old_environment.run import python_of  # noqa: E402

# In Pyodide: the wheels of the site, without what NumPy would have to be there for.
IMPORTS = """
import asyncio, glob, importlib, sys, zipfile
for wheel in glob.glob("/wheels/*.whl"):
    zipfile.ZipFile(wheel).extractall("/wheels/all")
sys.path.insert(0, "/wheels/all")
assert sys.platform == "emscripten"
assert await asyncio.to_thread(lambda: 42) == 42, "what runs beside the loop runs here too"
for name in ("gradwidgets", "gradwidgets.texts", "gradwidgets.command.notebook_files",
             "filelock", "platformdirs", "graphviz", "psygnal"):
    importlib.import_module(name)
from filelock import FileLock
with FileLock("/wheels/lock", timeout=1):
    pass
"imported"
"""
NODE = """
import { loadPyodide } from "%s/pyodide.mjs";
import fs from "fs";
const pyodide = await loadPyodide({ indexURL: "%s/" });
pyodide.FS.mkdir("/wheels");
for (const name of fs.readdirSync("%s").filter((one) => one.endsWith(".whl")))
  pyodide.FS.writeFile(`/wheels/${name}`, fs.readFileSync(`%s/${name}`));
console.log(await pyodide.runPythonAsync(%r));
"""


def build(directory: Path) -> Path:
    """Run the documented commands in a fresh environment; return the site."""
    venv.create(directory / "env", with_pip=True)
    python, site = python_of(directory / "env"), directory / "site"
    packages = [ROOT, "jupyterlite-core", "jupyterlite-pyodide-kernel", "jupyter_server",
                "jupyterlab_server"]  # fmt: skip
    subprocess.run([python, "-m", "pip", "install", "--quiet", *packages], check=True)
    subprocess.run([python, ROOT / "binder/lite/build.py", site], check=True)
    return site


def look(site: Path) -> None:
    """Open the playground's notebook; its text is there, and gradwidgets is installed first."""
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=site)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.provide(), args=chromium.launch_arguments()
        )
        page = browser.new_page()
        address = f"http://127.0.0.1:{server.server_port}/lab/index.html?path=00_playground.ipynb"
        page.goto(address)
        cell = page.locator(".jp-Notebook .jp-CodeCell").first
        expect(cell).to_contain_text("%pip install -q gradwidgets", timeout=60_000)
        expect(page.get_by_text("12_on_your_own.ipynb").first).to_be_visible()
        browser.close()
        server.shutdown()


def run_in_pyodide(site: Path, directory: Path) -> None:
    """Import what needs no NumPy in the Pyodide that the site would load."""
    version = subprocess.run(
        [python_of(directory / "env"), "-c", "from jupyterlite_pyodide_kernel.constants import "
         "PYODIDE_VERSION; print(PYODIDE_VERSION)"],
        capture_output=True, text=True, check=True,
    ).stdout.strip()  # fmt: skip
    subprocess.run(["npm", "pack", "--silent", f"pyodide@{version}"], cwd=directory, check=True)
    shutil.unpack_archive(directory / f"pyodide-{version}.tgz", directory / "npm")
    package, wheels = directory / "npm" / "package", site / "pypi"
    script = directory / "imports.mjs"
    script.write_text(NODE % (package, package, wheels, wheels, IMPORTS), encoding="utf-8")
    done = subprocess.run(["node", script], capture_output=True, text=True)
    assert done.stdout.strip() == "imported", done.stdout + done.stderr


def main() -> None:
    """Do all of it; raise on the first thing that is wrong."""
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        site = build(directory)
        assert any((site / "pypi").glob("gradwidgets-*.whl"))
        assert (site / "extensions" / "gradwidgets").is_dir()
        look(site)
        print("The site is built, and opens.")
        if shutil.which("node") and shutil.which("npm"):
            run_in_pyodide(site, directory)
            print("Imported in Pyodide: all that needs no NumPy.")
        else:
            print("Without Node, Pyodide was not tried.")


if __name__ == "__main__":
    main()
