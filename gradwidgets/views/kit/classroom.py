"""The classroom view, one widget alone as large as the window; and the list of keys."""

from __future__ import annotations

from gradwidgets.texts import text
from gradwidgets.views.kit.fields import ClassroomField, KeyList


def classroom_field(
    scope: str, title: str = "", text_size: int = 100, short: bool = False
) -> ClassroomField:
    """Return the button that leads there and back; for a `ClassPanel`.

    Parameters
    ----------
    scope : str
        Class of the element that is to fill the window.
    title : str, optional
        What the view is called for screen readers.
    text_size : int
        Percent, as in a notebook; in the classroom it is enlarged further.
    short : bool
        Whether there is room for a sign only.
    """
    return {
        "kind": "classroom",
        "name": "classroom",
        "scope": scope,
        "label": text("classroom"),
        "help": text("classroom.help") + " (c)",
        "leave": text("classroom.leave"),
        "leave_help": text("classroom.leave.help"),
        "settings": text("classroom.settings"),
        "settings_help": text("classroom.settings.help"),
        "text_size": text_size,
        "title": title or text("classroom"),
        "short": short,
    }


def key_list_field(scope: str, rows: list[tuple[str, str]], short: bool = False) -> KeyList:
    """Return the button that shows the list of keys; for a `ClassPanel`.

    Parameters
    ----------
    scope : str
        Class of the element that has the keys.
    rows : list of tuple
        Each key, and what it does.
    short : bool
        Whether there is room for a sign only.
    """
    return {
        "kind": "key_list",
        "name": "keys",
        "scope": scope,
        "label": text("keys"),
        "help": text("keys.help") + " (?)",
        "heading": text("keys.heading"),
        "close": text("keys.close"),
        "rows": [list(row) for row in rows],
        "short": short,
    }
