"""The notebooks as they are shipped: where they are, and what comes of running them."""

from __future__ import annotations

import os
import tempfile
from functools import cache

import nbformat
from nbclient import NotebookClient

from tests.packaging.project import ROOT

NOTEBOOKS = ROOT / "notebooks"


@cache
def run_as_shipped(name: str) -> nbformat.NotebookNode:
    """Run a notebook, once for all tests; an exception in one of its cells is an error.

    Tests only look at what this returns.
    """
    notebook = nbformat.read(NOTEBOOKS / name, as_version=4)
    client = NotebookClient(notebook, timeout=120, kernel_name="python3",
                            resources={"metadata": {"path": str(NOTEBOOKS)}})
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    with tempfile.TemporaryDirectory() as data:
        client.execute(env={**os.environ, "PYTHONPATH": path, "GRADWIDGETS_DATA": data})
    return notebook
