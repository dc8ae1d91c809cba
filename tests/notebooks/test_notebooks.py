"""Every notebook is stored clean, and runs from top to bottom without anybody watching."""

from __future__ import annotations

import nbformat
import pytest

from tests.notebooks.shipped import NOTEBOOKS as FOLDER
from tests.notebooks.shipped import run_as_shipped

NOTEBOOKS = sorted(
    path.relative_to(FOLDER).as_posix()
    for path in FOLDER.rglob("*.ipynb")
    if ".ipynb_checkpoints" not in path.parts
)


def test_the_playground_is_among_the_notebooks() -> None:
    assert "00_playground.ipynb" in NOTEBOOKS


@pytest.mark.parametrize("path", NOTEBOOKS)
def test_a_notebook_is_stored_without_outputs(path: str) -> None:
    notebook = nbformat.read(FOLDER / path, as_version=4)
    nbformat.validate(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None
    assert "widgets" not in notebook.metadata, "the state of widgets is an output too"
    assert any(cell.cell_type == "markdown" for cell in notebook.cells)


@pytest.mark.parametrize("path", NOTEBOOKS)
def test_a_notebook_runs_without_errors(path: str) -> None:
    notebook = run_as_shipped(path)
    ran = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
    assert ran and all(cell.execution_count for cell in ran)
