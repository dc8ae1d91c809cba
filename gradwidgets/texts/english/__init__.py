"""Every text in English, which a translation is held to."""

from __future__ import annotations

from gradwidgets.texts.english import classroom, course, engine, lab, page, walk

TEXTS: dict[str, str] = (
    page.TEXTS | classroom.TEXTS | walk.TEXTS | course.TEXTS | engine.TEXTS | lab.TEXTS
)
