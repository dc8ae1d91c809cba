"""Files that JupyterLab may be writing at this moment.

Its server opens a notebook that is there and writes into it, so for a moment the file is empty or
half of what it will be. Who reads it then reads what nobody has ever written.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any


def read_notebook(path: Path, seconds: float = 30.0) -> dict[str, Any]:
    """Return the content of a notebook file, once there is a whole one."""
    deadline = time.monotonic() + seconds
    while True:
        content = path.read_bytes() if path.exists() else b""
        try:
            return json.loads(content)
        except ValueError:
            if time.monotonic() > deadline:
                raise AssertionError(f"{path} is no whole notebook: {content[:200]!r}") from None
        time.sleep(0.05)  # nothing tells when the server has written it


def source_of(cell: dict[str, Any]) -> str:
    """Return a cell's source as one text."""
    return "".join(cell["source"])


def sources(path: Path) -> list[str]:
    """Return the sources of a notebook file's cells."""
    return [source_of(cell) for cell in read_notebook(path)["cells"]]


def first_code(path: Path) -> str:
    """Return the source of the first code cell of a notebook file."""
    cells = read_notebook(path)["cells"]
    return source_of(next(cell for cell in cells if cell["cell_type"] == "code"))
