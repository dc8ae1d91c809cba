"""Keeps which exercises are done, in one file of the user's own; nothing leaves the machine.

The file is JSON: `{"version": 1, "exercises": {"03.q2": {"outcome": "right", "tries": 3, "at": …}}}`.
It is written whole and then put in place, under a lock, so that several notebooks may write at once
and none ever reads half a file. A file that cannot be read is set aside, never overwritten.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout
from platformdirs import user_data_path

from gradwidgets.lessons.outcome import Outcome

VERSION = 1
DIRECTORY = "GRADWIDGETS_DATA"  # environment variable: where the file is kept instead
WAIT = 10.0  # seconds for other notebooks to have written theirs

RANKS = [Outcome.NOT_ATTEMPTED, Outcome.NOT_CHECKED, Outcome.NOT_YET, Outcome.RIGHT]


class ProgressError(Exception):
    """The progress file cannot be read or written; the message says what to do."""


@dataclass(frozen=True)
class Entry:
    """What is known of one exercise.

    `outcome` is the best so far, `tries` counts the answers that were right or not yet right, and
    `at` is when it was last checked, as ISO 8601 in UTC.
    """

    outcome: Outcome
    tries: int
    at: str


def path() -> Path:
    """Return where the progress of this user is kept."""
    given = os.environ.get(DIRECTORY)
    return (Path(given) if given else user_data_path("gradwidgets", appauthor=False)) / (
        "progress.json"
    )


def load() -> dict[str, Entry]:
    """Return what is known of every exercise, by its key; empty before the first check.

    Raises
    ------
    ProgressError
        When the file was damaged; it has been set aside then, and the next call starts afresh.
    """
    try:
        text = path().read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        if isinstance(error, OSError):
            raise ProgressError(f"{path()} cannot be read: {error.strerror}.") from error
        raise _set_aside("it is not text") from error
    try:
        return parse(text)
    except ValueError as error:
        raise _set_aside(str(error)) from error


def parse(text: str) -> dict[str, Entry]:
    """Return the entries of a progress file; ValueError says what is wrong with it."""
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError("it is not JSON") from None
    if not isinstance(told, dict):
        raise ValueError("it does not hold an object")
    version = told.get("version", 0)
    if version == 0 and "exercises" not in told:  # the first format: outcomes by key, no more
        told = {"version": 1, "exercises": {key: {"outcome": value} for key, value in told.items()}}
    elif type(version) is not int or not 0 <= version <= VERSION:
        raise ValueError(f"its version is {version!r}, and this gradwidgets reads up to {VERSION}")
    exercises = told["exercises"]
    if not isinstance(exercises, dict):
        raise ValueError("its exercises are not an object")
    return {key: _entry(key, value) for key, value in exercises.items()}


def _entry(key: str, value: object) -> Entry:
    try:
        outcome = Outcome(value["outcome"])
        tries, at = value.get("tries", 1), value.get("at", "")
    except (TypeError, KeyError, AttributeError, ValueError):
        raise ValueError(f"its entry {key!r} cannot be read") from None
    if type(tries) is not int or tries < 0 or not isinstance(at, str):
        raise ValueError(f"its entry {key!r} cannot be read")
    return Entry(outcome, tries, at)


def written(entries: dict[str, Entry]) -> str:
    """Return the text of a progress file."""
    exercises = {
        key: {"outcome": entry.outcome.value, "tries": entry.tries, "at": entry.at}
        for key, entry in sorted(entries.items())
    }
    return json.dumps({"version": VERSION, "exercises": exercises}, indent=1) + "\n"


trouble: ProgressError | None = None
"""Why the last result could not be kept; the board tells it. A check itself never fails of it."""

_followers: list[Callable[[], None]] = []


def record(key: str, outcome: Outcome) -> None:
    """Keep what came of a check; the best outcome stays."""
    global trouble

    def change(entries: dict[str, Entry]) -> dict[str, Entry]:
        before = entries.get(key, Entry(Outcome.NOT_ATTEMPTED, 0, ""))
        tried = outcome in (Outcome.NOT_YET, Outcome.RIGHT)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        best = max(before.outcome, outcome, key=RANKS.index)
        return {**entries, key: Entry(best, before.tries + tried, now)}

    try:
        _change(change)
        trouble = None
    except ProgressError as error:
        trouble = error
    for follower in list(_followers):
        follower()


def follow(follower: Callable[[], None]) -> Callable[[], None]:
    """Have `follower` called after every check of this notebook; return how to end that."""
    _followers.append(follower)
    return lambda: _followers.remove(follower) if follower in _followers else None


def export_text() -> str:
    """Return the progress as the text of a file, to be kept elsewhere."""
    return written(load())


def import_text(text: str) -> int:
    """Take over what another progress file tells, where it is further; return how many entries.

    Raises
    ------
    ProgressError
        When the text is not that of a progress file; nothing has changed then.
    """
    try:
        news = parse(text)
    except ValueError as error:
        raise ProgressError(f"This is no progress file of gradwidgets: {error}.") from error

    def change(entries: dict[str, Entry]) -> dict[str, Entry]:
        return {**entries, **{key: _further(entries.get(key), new) for key, new in news.items()}}

    _change(change)
    for follower in list(_followers):
        follower()
    return len(news)


def forget() -> None:
    """Start the course afresh: the file is set aside under another name, which is returned."""
    _change(lambda entries: {})
    for follower in list(_followers):
        follower()


def _further(old: Entry | None, new: Entry) -> Entry:
    if old is None:
        return new
    best = max(old, new, key=lambda entry: (RANKS.index(entry.outcome), entry.at))
    return replace(best, tries=max(old.tries, new.tries))


def _change(change: Callable[[dict[str, Entry]], dict[str, Entry]]) -> None:
    """Read the file, change it, and put the new one in its place, with nobody in between."""
    file = path()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(file.with_suffix(".lock"), timeout=WAIT):
            told: ProgressError | None = None
            try:
                entries = load()
            except ProgressError as error:
                if file.exists():
                    raise
                entries, told = {}, error  # set aside: a new one begins
            _put(file, written(change(entries)))
            if told is not None:
                raise told
    except Timeout:
        raise ProgressError(
            f"{file} is held by another notebook; if there is none, remove {file.stem}.lock."
        ) from None
    except OSError as error:
        raise ProgressError(
            f"Your progress cannot be kept in {file.parent}: {error.strerror or error}."
        ) from error


def _put(file: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=file.name, text=True)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as new:
            new.write(text)
            new.flush()
            os.fsync(new.fileno())
        os.replace(name, file)
    except BaseException:
        os.unlink(name)
        raise


def _set_aside(why: str) -> ProgressError:
    file = path()
    for number in range(1, 1000):
        aside = file.with_name(f"progress.damaged-{number}.json")
        if not aside.exists():
            os.replace(file, aside)
            return ProgressError(
                f"Your progress file could not be read: {why}. It is kept as {aside}, and a new one "
                "begins."
            )
    return ProgressError(f"{file} cannot be read: {why}.")
