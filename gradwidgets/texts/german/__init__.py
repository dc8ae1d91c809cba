"""Every text in German, and what the registries of core and engine hold: see `registered`."""

from __future__ import annotations

from gradwidgets.texts.german import classroom, course, engine, lab, page, presets, walk

TEXTS: dict[str, str] = (
    page.TEXTS
    | classroom.TEXTS
    | walk.TEXTS
    | course.TEXTS
    | engine.TEXTS
    | presets.TEXTS
    | lab.TEXTS
)
