"""The first cells that ever came with gradwidgets: the only code that a page runs without asking.

    python -m gradwidgets.lab.first_cells

adds those of today's notebooks to the list. What an earlier version shipped stays in it, since
learners keep their copies: nothing is ever taken out. The list holds the sources themselves and no
digests of them, because browsers offer none on a plain http address other than localhost.
"""

from __future__ import annotations

import json
from pathlib import Path

from gradwidgets.command import notebook_files

LIST = Path(__file__).parent / "static" / "first_cells.json"


def of_today() -> dict[str, str]:
    """Return the source of the first code cell of every notebook that a page opens, by its name."""
    paths = [notebook_files.playground(), *(one.path for one in notebook_files.lessons())]
    return {path.name: _first_code(path) for path in paths}


def ever(path: Path = LIST) -> dict[str, list[str]]:
    """Return the sources that have been shipped under each notebook's name, the oldest first."""
    sources: dict[str, list[str]] = json.loads(path.read_text(encoding="utf-8"))
    return sources


def add_today(path: Path = LIST) -> None:
    """Add the first cells of today's notebooks to the list, if they are not in it."""
    sources = ever(path)
    for name, source in of_today().items():
        known = sources.setdefault(name, [])
        if source not in known:
            known.append(source)
    text = json.dumps(dict(sorted(sources.items())), indent=1, ensure_ascii=False)
    path.write_text(f"{text}\n", encoding="utf-8")


def _first_code(path: Path) -> str:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return "".join(next(cell["source"] for cell in cells if cell["cell_type"] == "code"))


if __name__ == "__main__":
    add_today()
