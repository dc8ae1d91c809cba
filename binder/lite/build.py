"""Build a JupyterLite site with the playground and the course: Python in the browser, no server.

    pip install . jupyterlite-core jupyterlite-pyodide-kernel jupyter_server jupyterlab_server
    python binder/lite/build.py SITE

SITE is a folder of static files for any web server, such as GitHub Pages; try it with
``python -m http.server --directory SITE``. The site brings gradwidgets and what it needs as wheels.
Pyodide itself, NumPy and Matplotlib come from Pyodide's own server when the page is opened; with
``--pyodide ADDRESS`` (of a `pyodide-….tar.bz2` with all packages) they become part of the site.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parents[2]

# What gradwidgets needs and Pyodide does not bring; all of it is plain Python.
WHEELS = (
    "anywidget",
    "filelock",
    "graphviz",
    "ipywidgets",
    "jupyterlab_widgets",
    "platformdirs",
    "psygnal",
    "typing_extensions",
    "widgetsnbextension",
)
INSTALL = "%pip install -q gradwidgets"  # from the site's own wheels


def make_wheels(folder: Path) -> list[Path]:
    """Build our wheel, fetch the others, and return all of them."""
    pip = [sys.executable, "-m", "pip"]
    quiet = ["--quiet", "--no-deps"]
    subprocess.run([*pip, "wheel", *quiet, "--wheel-dir", folder, ROOT], check=True)
    plain = ["--only-binary=:all:", "--implementation=py", "--abi=none", "--platform=any"]
    subprocess.run([*pip, "download", *quiet, *plain, "--dest", folder, *WHEELS], check=True)
    return sorted(folder.glob("*.whl"))


def copy_notebooks(folder: Path, source: Path = ROOT / "notebooks") -> list[Path]:
    """Copy the notebooks, each with a first cell that installs gradwidgets into the browser."""
    copies = []
    for path in sorted(source.glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        cell = nbformat.v4.new_code_cell(INSTALL, id="install-gradwidgets")
        notebook.cells.insert(0, cell)
        copies.append(folder / path.name)
        nbformat.write(notebook, copies[-1])
    return copies


def build(site: Path, pyodide: str = "") -> None:
    """Build the site in the folder `site`."""
    with tempfile.TemporaryDirectory() as directory:
        wheels, contents = Path(directory, "wheels"), Path(directory, "contents")
        for folder in (wheels, contents):
            folder.mkdir()
        copy_notebooks(contents)
        command = [sys.executable, "-m", "jupyter", "lite", "build"]
        command += ["--lite-dir", directory, "--contents", contents, "--output-dir", site.resolve()]
        for wheel in make_wheels(wheels):
            command += ["--piplite-wheels", wheel]
        if pyodide:
            command += ["--pyodide", pyodide]
        subprocess.run(command, check=True, cwd=directory)


def main() -> None:
    """Build the site that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("site", type=Path, help="folder for the site")
    parser.add_argument("--pyodide", default="", help="address of a Pyodide to put into the site")
    given = parser.parse_args()
    build(given.site, given.pyodide)


if __name__ == "__main__":
    main()
