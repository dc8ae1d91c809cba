"""Keeps which exercises are done, in one file of the user's own; nothing leaves the machine.

Its form, and how it is read and written, stands in `progress_file`; how a check does not wait for
that, in `progress_later`.
"""

from __future__ import annotations

import atexit
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from gradwidgets.lessons import progress_file
from gradwidgets.lessons.check.outcome import Outcome
from gradwidgets.lessons.progress_file import (
    DIRECTORY,
    MOST_CHARACTERS,
    MOST_TRIES,
    RANKS,
    SHORT,
    VERSION,
    Entry,
    Kept,
    ProgressError,
    SetAside,
    parse,
    path,
    real,
)  # fmt: skip
from gradwidgets.lessons.progress_later import Later, Result

__all__ = [
    "DIRECTORY", "MOST_CHARACTERS", "MOST_TRIES", "SHORT", "VERSION", "Entry", "Imported",
    "ProgressError", "SetAside", "export_text", "flush", "follow", "import_text", "load", "parse",
    "path", "real", "record", "set_aside", "start_afresh", "trouble",
]  # fmt: skip

NO_FILE = "This is no progress file of gradwidgets"


class Imported(NamedTuple):
    """How many exercises another file told of, and how many of them were further than ours."""

    told: int
    further: int


trouble: ProgressError | None = None
"""Why the last result could not be kept; the board tells it. A check itself never fails of it."""

_followers: list[Callable[[], None]] = []


def load() -> dict[str, Entry]:
    """Return what is known of every exercise, by its key; empty before the first check.

    What is not in the file yet, since that cannot be written, counts as well.

    Raises
    ------
    SetAside
        When the file was damaged; the next call starts afresh.
    ProgressError
        When the file cannot be read, or is of a newer version.
    """
    return dict(_load().entries)


def _load() -> Kept:
    file = path()
    try:
        return _later.read(file)
    except ValueError:
        pass
    # Another notebook may be about to set it aside too: only one may, and not the new file.
    with progress_file.locked(file):
        _, aside = progress_file.read_or_set_aside(file)
    if aside is not None:
        raise aside
    return _later.read(file)


def record(key: str, outcome: Outcome) -> None:
    """Keep what came of a check; the best outcome stays.

    This waits for no more than a moment. What cannot be written by then is written later.
    """
    now = datetime.now(UTC).isoformat(timespec="seconds")
    try:
        tried = int(outcome in (Outcome.NOT_YET, Outcome.RIGHT))
        _later.add(Result(path(), key, Entry(outcome, tried, now)))
    except ProgressError as error:
        _note(error)
    _tell_followers()


def flush() -> bool:
    """Try once more to write what is not in the file yet; tell whether all is there now.

    This takes two seconds at most.
    """
    return _later.flush()


def _note(told: ProgressError | None) -> None:
    """Take down how writing went; who follows is told when that is news."""
    global trouble
    news, trouble = str(told) != str(trouble), told
    if news:
        _tell_followers()


_later = Later(_note)
atexit.register(_later.end)
if hasattr(os, "register_at_fork"):
    # What waits is the parent's to write, and its thread does not live on in a child.
    os.register_at_fork(after_in_child=_later.forget)


def follow(follower: Callable[[], None]) -> Callable[[], None]:
    """Have `follower` called after every check of this notebook; return how to end that."""
    _followers.append(follower)
    return lambda: _followers.remove(follower) if follower in _followers else None


def _tell_followers() -> None:
    for follower in list(_followers):
        follower()


def export_text() -> str:
    """Return the progress as the text of a file, to be kept elsewhere."""
    return progress_file.written(_load())


def import_text(text: str) -> Imported:
    """Take over what another progress file tells, where it is further.

    Raises
    ------
    ProgressError
        When the text is not that of a progress file; nothing has changed then.
    """
    global trouble
    try:
        news = parse(text.removeprefix("\ufeff"))  # the mark that some editors put in front
    except ValueError as error:
        raise ProgressError(f"{NO_FILE}: {error}.") from error
    further = 0

    def add(kept: Kept) -> Kept:
        nonlocal further
        ours = kept.entries
        both = {key: _further(ours.get(key), new) for key, new in news.entries.items()}
        further = sum(
            key not in ours or RANKS.index(one.outcome) > RANKS.index(ours[key].outcome)
            for key, one in both.items()
        )
        return replace(kept.with_entries(both), more={**news.more, **kept.more})

    trouble = progress_file.change(path(), add)
    _tell_followers()
    return Imported(len(news.entries), further)


def start_afresh() -> Path | None:
    """Set the file aside, and return as what it is kept; None when there was none."""
    global trouble
    file = path()
    with progress_file.locked(file):
        target = real(file)
        aside = progress_file.free_name(target, "before") if target.exists() else None
        if aside is not None:
            progress_file.rename(target, aside)
        _later.forget(file)
    trouble = None
    _tell_followers()
    return aside


def set_aside() -> list[Path]:
    """Return the files that were set aside, oldest first."""
    file = real(path())
    try:
        found = [(one.stat().st_mtime, one) for one in file.parent.glob(f"{file.stem}.*-*.json")]
    except OSError:
        return []
    return [one for _, one in sorted(found)]


def _further(old: Entry | None, new: Entry) -> Entry:
    if old is None:
        return new
    best = max(old, new, key=lambda entry: (RANKS.index(entry.outcome), entry.at))
    more = {**new.more, **old.more}
    return replace(best, tries=max(old.tries, new.tries), more=more)
