"""Where the notebooks are that come with gradwidgets: in the wheel, or beside it in a checkout."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import NamedTuple

PLAYGROUND = "00_playground.ipynb"
LESSON = re.compile(r"(0[1-9]|[1-9]\d)_\w+\.ipynb")


class Lesson(NamedTuple):
    """A lesson's notebook: "03", "03_used_twice", "Used twice", and where its file is."""

    number: str
    name: str
    title: str
    path: Path


def folder() -> Path:
    """Return the folder of the notebooks that come with this gradwidgets.

    Raises
    ------
    FileNotFoundError
        When they are missing; the message says what to do.
    """
    package = Path(__file__).parents[1]
    for place in (package / "notebooks", package.parent / "notebooks"):
        if (place / PLAYGROUND).is_file():
            return place
    raise FileNotFoundError(
        f"The notebooks of gradwidgets are not in {package / 'notebooks'}, where they should be. "
        "Install gradwidgets again."
    )


def playground() -> Path:
    """Return the file of the playground's notebook."""
    return folder() / PLAYGROUND


def lessons() -> list[Lesson]:
    """Return the notebooks of the course, in their order."""
    files = sorted(path for path in folder().iterdir() if LESSON.fullmatch(path.name))
    return [Lesson(path.name[:2], path.stem, _title(path), path) for path in files]


def _title(path: Path) -> str:
    """Return the heading of a notebook without its number: "# 03 · Used twice"."""
    first = json.loads(path.read_text(encoding="utf-8"))["cells"][0]["source"]
    heading = "".join(first).splitlines()[0].lstrip("# ")
    return heading.partition("·")[2].strip() or heading
