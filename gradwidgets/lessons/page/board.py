"""The course as a board: what is done, what is next, and where it is kept."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import ipywidgets

from gradwidgets.lessons import course
from gradwidgets.lessons import progress as kept
from gradwidgets.lessons.check.outcome import Outcome
from gradwidgets.lessons.course import Lesson
from gradwidgets.lessons.exercise import Exercise
from gradwidgets.lessons.page.board_panel import Asked, BoardPanel, ExerciseRow, LessonRow, Shown
from gradwidgets.lessons.page.report import SIGNS
from gradwidgets.lessons.page.show import TONES
from gradwidgets.lessons.progress import Entry, ProgressError, SetAside
from gradwidgets.texts import counted, text
from gradwidgets.views.kit.still import Bundle, Keeper, still_html

FILE = "gradwidgets-progress.json"
FOLDERS = ("", "notebooks", "..", "../notebooks")  # where the course may be, seen from a notebook
MOST_NAMED = 3  # names of files, or of exercises, in a sentence
BINDERS = ("BINDER_SERVICE_HOST", "BINDER_LAUNCH_HOST", "BINDER_REQUEST")  # variables it sets
UNTOUCHED = Entry(Outcome.NOT_ATTEMPTED, 0, "")


def progress() -> Board:
    """Show the course as a board: what is done, what is next; it follows the checks you make.

    The file that keeps it is yours, on this machine. The board exports it, imports one, and starts
    afresh.
    """
    return Board(course.lessons())


class Board(ipywidgets.VBox):
    """Shows how far somebody is in some lessons, and follows every check of this notebook.

    Parameters
    ----------
    lessons : sequence of Lesson
    """

    _keeper: Keeper  # one that was refused is closed without these two
    _stop_following: Callable[[], None]

    def __init__(self, lessons: Sequence[Lesson]) -> None:
        self.lessons = tuple(lessons)
        self.panel = BoardPanel(self._asked)
        self.message = ""
        self._aside = ""  # what is said of a damaged file: it stays in sight until the next command
        self._hrefs = {lesson.number: _href(lesson.notebook) for lesson in self.lessons}
        self._entries: dict[str, Entry] = {}
        super().__init__([self.panel])
        self._keeper = Keeper(self, self._still_html)
        self._stop_following = kept.follow(lambda: self.panel.post(self.refresh))
        self.refresh()

    def close(self) -> None:
        """Take the board away; it follows no checks any more."""
        if hasattr(self, "_stop_following"):
            self._stop_following()
            self._keeper.stop()
        for part in self.children:
            part.close()
        super().close()

    def refresh(self) -> None:
        """Read the file again, and show what it tells."""
        trouble = self._read()
        lessons = [self._lesson(lesson) for lesson in self.lessons]
        done, count = self._count()
        following = self._next()
        shown: Shown = {
            "words": {
                "title": text("board"),
                "bar": text("board.bar"),
                "export": text("board.export"),
                "import": text("board.import"),
                "afresh": text("board.afresh"),
                "question": text("board.question"),
                "yes": text("board.yes"),
                "no": text("board.no"),
            },
            "lessons": lessons,
            "done": done,
            "all": count,
            "total": text("board.total", done=done, count=count),
            "next": {
                "text": self._next_words(),
                "href": "" if following is None else self._hrefs[following[0].number],
            },
            "message": self.message,
            "trouble": trouble,
            "place": _place() + self._strangers(),
            "home": text("board.forgets") if on_binder() else "",
        }
        self.panel.show(shown)
        self._keeper.renew()

    def export_file(self) -> None:
        """Let the browser save the progress as a file."""
        try:
            told = kept.export_text()
        except ProgressError as error:
            self.message = str(error)
        else:
            self.panel.give_file(FILE, told)
            self.message = text("board.exported", file=FILE)
        self.refresh()

    def import_file(self, content: str) -> None:
        """Take over what the text of a progress file tells, where it is further."""
        try:
            told, further = kept.import_text(content)
        except ProgressError as error:
            self._refuse(str(error))
            return
        self._aside = ""
        were = counted("board.further", further) if further else text("board.further.none")
        self.message = text("board.imported", told=counted("board.told", told), further=were)
        self.refresh()

    def _refuse(self, why: str) -> None:
        self.message = text("board.refused", why=why)
        self.refresh()

    def start_afresh(self) -> None:
        """Begin with nothing done; the old file is kept under another name."""
        try:
            aside = kept.start_afresh()
        except ProgressError as error:
            self.message = str(error)
        else:
            self._aside = ""
            self.message = (
                text("board.started.aside", file=aside) if aside else text("board.started")
            )
        self.refresh()

    def _asked(self, what: Asked, content: str) -> None:
        if what == "export":
            self.export_file()
        elif what == "import":
            self.import_file(content)
        elif what == "refuse":
            self._refuse(text("board.refused.long" if content == "long" else "board.refused.unreadable"))
        elif what == "afresh":
            self.start_afresh()
        else:
            self.refresh()

    def _read(self) -> str:
        """Read the file, and return what is to be said of trouble with it."""
        troubles = [kept.trouble]
        try:
            self._entries = kept.load()
        except ProgressError as error:  # what was known before is still shown
            troubles.append(error)
        for trouble in troubles:
            if isinstance(trouble, SetAside):
                self._aside = str(trouble)
        told = [self._aside, *(str(trouble) for trouble in troubles if trouble is not None)]
        return " ".join(dict.fromkeys(filter(None, told)))

    def _entry(self, exercise: Exercise) -> Entry:
        return self._entries.get(exercise.key, UNTOUCHED)

    def _all(self) -> list[tuple[Lesson, Exercise]]:
        return [(lesson, exercise) for lesson in self.lessons for exercise in lesson.exercises]

    def _count(self) -> tuple[int, int]:
        outcomes = [self._entry(exercise).outcome for _, exercise in self._all()]
        return outcomes.count(Outcome.RIGHT), len(outcomes)

    def _next(self) -> tuple[Lesson, Exercise] | None:
        """Return the first exercise that is not done."""
        return next(
            (one for one in self._all() if self._entry(one[1]).outcome is not Outcome.RIGHT), None
        )

    def _next_words(self) -> str:
        following = self._next()
        if not self._all():
            return text("board.no_lessons")
        if following is None:
            return text("board.done")
        lesson, exercise = following
        if all(self._entry(exercise) == UNTOUCHED for _, exercise in self._all()):
            return text("board.begin", number=lesson.number, title=lesson.title)
        return text("board.next", key=exercise.key, title=exercise.title)

    def _lesson(self, lesson: Lesson) -> LessonRow:
        right = sum(self._entry(one).outcome is Outcome.RIGHT for one in lesson.exercises)
        return {
            "number": lesson.number,
            "title": lesson.title,
            "href": self._hrefs[lesson.number],
            "count": text("board.count", done=right, count=len(lesson.exercises)),
            "exercises": [self._exercise(exercise) for exercise in lesson.exercises],
        }

    def _exercise(self, exercise: Exercise) -> ExerciseRow:
        entry = self._entry(exercise)
        return {
            "key": exercise.key,
            "title": exercise.title,
            "sign": SIGNS[entry.outcome],
            "tone": TONES[entry.outcome],
            "outcome": entry.outcome.words,
            "tries": counted("board.tries", entry.tries) if entry.tries else "",
        }

    def _strangers(self) -> str:
        """Return a sentence on what the file tells of exercises that are not in these lessons."""
        strangers = sorted(self._entries.keys() - {exercise.key for _, exercise in self._all()})
        if not strangers:
            return ""
        return " " + text("board.strangers", keys=_some([_short(key) for key in strangers]))

    def __repr__(self) -> str:
        done, count = self._count()
        lines = [f"{text('board.total', done=done, count=count)}. {self._next_words()}"]
        for lesson in map(self._lesson, self.lessons):
            lines += ["", f"{lesson['number']} {lesson['title']}  ({lesson['count']})"]
            for one in lesson["exercises"]:
                tries = f"  ({one['tries']})" if one["tries"] else ""
                call = one["key"].partition(".")[2]
                lines.append(f"  {one['sign']} {call} {one['title']}: {one['outcome']}{tries}")
        told = self.panel.shown
        notes = [told["home"], told["trouble"], told["message"], told["place"]]
        return "\n".join([*lines, "", *filter(None, notes)])

    def _repr_mimebundle_(self, **options: Any) -> Bundle | None:
        """Tell all of it as text, which ipywidgets would cut short."""
        bundle = self._keeper.bundle(super()._repr_mimebundle_(**options))
        return {**bundle, "text/plain": repr(self)} if bundle else bundle

    def _still_html(self) -> str:
        told = self.panel.shown
        rows: list[list[str]] = []
        for lesson in told["lessons"]:
            rows.append([lesson["number"], lesson["title"], lesson["count"], ""])
            rows += [
                [one["sign"], f"{one['key']} {one['title']}", one["outcome"], one["tries"]]
                for one in lesson["exercises"]
            ]
        lines = [told["total"], told["next"]["text"], told["home"], told["trouble"]]
        return still_html(text("board.course"), lines, table=rows)


def on_binder() -> bool:
    """Whether this kernel runs on Binder, which keeps nothing."""
    hubs = (os.environ.get(f"JUPYTERHUB_{name}", "") for name in ("HOST", "API_URL", "BASE_URL"))
    return any(map(os.environ.get, BINDERS)) or "binder" in " ".join(hubs).lower()


def _href(notebook: str) -> str:
    """Return where a notebook is, seen from here; empty when it is not near."""
    for folder in FOLDERS:
        place = Path(folder, notebook)
        with suppress(OSError):  # a folder may be closed, this one too
            if place.is_file():
                return place.as_posix()
    return ""


def _place() -> str:
    try:
        told = text("board.place", file=kept.path())
        aside = [one.name for one in reversed(kept.set_aside())]
    except ProgressError:
        return ""
    return f"{told} {text('board.aside', files=_some(aside))}" if aside else told


def _some(names: list[str]) -> str:
    left = len(names) - MOST_NAMED
    shown = ", ".join(names[:MOST_NAMED])
    return text("board.some", names=shown, left=left) if left > 0 else shown


def _short(key: str) -> str:
    return key if len(key) <= kept.SHORT else key[: kept.SHORT] + "…"
