"""The classroom view: one widget alone, as large as the window, to be read from the last row."""

from __future__ import annotations

from gradwidgets.views.texts import text


def classroom_field(scope: str, title: str = "", text_size: int = 100) -> dict:
    """Return the button that leads there and back; for a `ClassPanel`.

    Parameters
    ----------
    scope : str
        Class of the element that is to fill the window.
    title : str, optional
        What the view is called for screen readers.
    text_size : int
        Percent, as in a notebook; in the classroom it is enlarged further.
    """
    return {
        "kind": "classroom",
        "name": "classroom",
        "scope": scope,
        "label": text("classroom"),
        "help": text("classroom.help"),
        "leave": text("classroom.leave"),
        "leave_help": text("classroom.leave.help"),
        "settings": text("classroom.settings"),
        "settings_help": text("classroom.settings.help"),
        "text_size": text_size,
        "title": title or text("classroom"),
    }
