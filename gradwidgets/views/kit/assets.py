"""Files that go to the page."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).parents[2]


def joined(*names: str) -> str:
    """Return files of the package, named from its folder on, as one text.

    A widget's page code is sent as a text and can import nothing relative to it; what several
    widgets need stands in a file of its own, and is put in front of theirs. It is a text and no
    path, since anywidget watches the file of a path, and so keeps every widget for ever.
    """
    return "\n".join((PACKAGE / name).read_text(encoding="utf-8") for name in names)
