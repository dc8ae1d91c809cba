"""Keeps which exercises are done, in one file of the user's own; nothing leaves the machine.

The file is JSON:
`{"version": 1, "exercises": {"03.q2": {"outcome": "right", "tries": 3, "at": …}}}`.
It is written whole and then put in place, under a lock, so that several notebooks may write at once
and none ever reads half a file. A damaged file is set aside, never overwritten; one that a newer
gradwidgets has written is left as it is.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from time import sleep
from typing import NamedTuple

from filelock import FileLock, Timeout
from platformdirs import user_data_path

from gradwidgets.lessons.outcome import Outcome

VERSION = 1
DIRECTORY = "GRADWIDGETS_DATA"  # environment variable: where the file is kept instead
WAIT = 10.0  # seconds for other notebooks to have written theirs
MOST_CHARACTERS = 1_000_000  # of a file; that of the whole course has some 5,000
MOST_TRIES = 10**9  # more than anybody has tried, and a number that every program can read
SHORT = 40  # characters of what somebody else's file says, in a sentence of ours

NO_FILE = "This is no progress file of gradwidgets"
RANKS = [Outcome.NOT_ATTEMPTED, Outcome.NOT_CHECKED, Outcome.NOT_YET, Outcome.RIGHT]


class ProgressError(Exception):
    """The progress file cannot be read or written; the message says what to do."""


class SetAside(ProgressError):
    """The progress file was damaged; it is kept under another name, and a new one begins."""


class Newer(ValueError):
    """A text is a progress file, but of a version that this gradwidgets does not know."""


@dataclass(frozen=True)
class Entry:
    """What is known of one exercise.

    `outcome` is the best so far, `tries` counts the answers that were right or not yet right, and
    `at` is when it was last checked, as ISO 8601 in UTC.
    """

    outcome: Outcome
    tries: int
    at: str


class Imported(NamedTuple):
    """How many exercises another file told of, and how many of them were further than ours."""

    told: int
    further: int


def path() -> Path:
    """Return where the progress of this user is kept.

    Raises
    ------
    ProgressError
        When this user has no home directory.
    """
    given = os.environ.get(DIRECTORY)
    try:
        directory = Path(given) if given else user_data_path("gradwidgets", appauthor=False)
        directory = directory.expanduser()
    except RuntimeError:
        directory = Path("~")
    if directory.parts[:1] == ("~",):
        raise ProgressError(
            "Your progress cannot be kept, because there is no home directory. Set the environment "
            f"variable {DIRECTORY} to a directory for it."
        )
    return directory.absolute() / "progress.json"


def load() -> dict[str, Entry]:
    """Return what is known of every exercise, by its key; empty before the first check.

    Raises
    ------
    SetAside
        When the file was damaged; the next call starts afresh.
    ProgressError
        When the file cannot be read, or is of a newer version.
    """
    file = path()
    try:
        return _read(file)
    except Newer as error:
        raise _newer(file, error) from error
    except ValueError:
        pass
    # Another notebook may be about to set it aside too: only one may, and not the new file.
    with _locked(file):
        entries, aside = _read_or_set_aside(file)
    if aside is not None:
        raise aside
    return entries


def parse(text: str) -> dict[str, Entry]:
    """Return the entries of a progress file; ValueError says what is wrong with it."""
    if len(text) > MOST_CHARACTERS:
        raise ValueError("it is far too long")
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError("it is not JSON") from None
    if not isinstance(told, dict):
        raise ValueError("it does not hold an object")
    if "version" not in told:  # the first format: outcomes by key, no more
        told = {"version": 1, "exercises": {key: {"outcome": value} for key, value in told.items()}}
    version = told["version"]
    if type(version) is not int or version < 1:
        raise ValueError(f"its version is {_short(version)}")
    if version > VERSION:
        raise Newer(f"its version is {_short(version)}, and this gradwidgets reads up to {VERSION}")
    exercises = told.get("exercises")
    if not isinstance(exercises, dict):
        raise ValueError("its exercises are not an object")
    return {key: _entry(key, value) for key, value in exercises.items()}


def _entry(key: str, value: object) -> Entry:
    try:
        outcome = Outcome(value["outcome"])
        tries, at = value.get("tries", 1), value.get("at", "")
    except (TypeError, KeyError, AttributeError, ValueError):
        raise ValueError(f"its entry {_short(key)} cannot be read") from None
    if type(tries) is not int or not 0 <= tries <= MOST_TRIES or not isinstance(at, str):
        raise ValueError(f"its entry {_short(key)} cannot be read")
    return Entry(outcome, tries, at)


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= SHORT else text[:SHORT] + "…"


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
        return {**entries, key: Entry(best, min(before.tries + tried, MOST_TRIES), now)}

    try:
        trouble = _change(change)
    except ProgressError as error:
        trouble = error
    _tell_followers()


def follow(follower: Callable[[], None]) -> Callable[[], None]:
    """Have `follower` called after every check of this notebook; return how to end that."""
    _followers.append(follower)
    return lambda: _followers.remove(follower) if follower in _followers else None


def _tell_followers() -> None:
    for follower in list(_followers):
        follower()


def export_text() -> str:
    """Return the progress as the text of a file, to be kept elsewhere."""
    return written(load())


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

    def change(entries: dict[str, Entry]) -> dict[str, Entry]:
        nonlocal further
        both = {key: _further(entries.get(key), new) for key, new in news.items()}
        further = sum(
            key not in entries or RANKS.index(one.outcome) > RANKS.index(entries[key].outcome)
            for key, one in both.items()
        )
        return {**entries, **both}

    trouble = _change(change)
    _tell_followers()
    return Imported(len(news), further)


def start_afresh() -> Path | None:
    """Set the file aside, and return as what it is kept; None when there was none."""
    global trouble
    file = path()
    with _locked(file):
        aside = _free_name(file, "before") if file.exists() else None
        if aside is not None:
            _replace(file, aside)
    trouble = None
    _tell_followers()
    return aside


def set_aside() -> list[Path]:
    """Return the files that were set aside, oldest first."""
    file = path()
    try:
        found = [(one.stat().st_mtime, one) for one in file.parent.glob(f"{file.stem}.*-*.json")]
    except OSError:
        return []
    return [one for _, one in sorted(found)]


def _further(old: Entry | None, new: Entry) -> Entry:
    if old is None:
        return new
    best = max(old, new, key=lambda entry: (RANKS.index(entry.outcome), entry.at))
    return replace(best, tries=max(old.tries, new.tries))


def _change(change: Callable[[dict[str, Entry]], dict[str, Entry]]) -> SetAside | None:
    """Read the file, change it, and put the new one in its place, with nobody in between.

    Returns what is to be said of a damaged file, where there was one.
    """
    file = path()
    with _locked(file):
        try:
            entries, aside = _read_or_set_aside(file)
        except Newer as error:
            raise _newer(file, error) from error
        try:
            _put(file, written(change(entries)))
        except OSError as error:
            raise _not_kept(file, error, aside) from error
    return aside


@contextmanager
def _locked(file: Path) -> Iterator[None]:
    """Hold the file against other notebooks; what goes wrong meanwhile is a ProgressError."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(file.with_suffix(".lock"), timeout=WAIT):
            yield
    except Timeout:
        raise ProgressError(
            f"{file} is held by another notebook; if there is none, remove {file.stem}.lock."
        ) from None
    except (OSError, NotImplementedError) as error:  # the latter where files cannot be locked
        raise _not_kept(file, error) from error


def _not_kept(file: Path, error: Exception, aside: SetAside | None = None) -> ProgressError:
    reason = getattr(error, "strerror", None) or error
    before = f"{aside} " if aside else ""
    return ProgressError(f"{before}Your progress cannot be kept in {file.parent}: {reason}.")


def _newer(file: Path, error: Newer) -> ProgressError:
    return ProgressError(
        f"{file} is of a newer gradwidgets: {error}. It is left as it is, and nothing is kept in "
        "it. Update gradwidgets, or start afresh: the file is then kept under another name."
    )


def _read(file: Path) -> dict[str, Entry]:
    """Return the entries of a file; ValueError says what is wrong with it."""
    try:
        return parse(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except UnicodeDecodeError:
        raise ValueError("it is not text") from None
    except OSError as error:
        raise ProgressError(f"{file} cannot be read: {error.strerror or error}.") from error


def _read_or_set_aside(file: Path) -> tuple[dict[str, Entry], SetAside | None]:
    try:
        return _read(file), None
    except Newer:
        raise
    except ValueError as error:
        aside = _free_name(file, "damaged")
        _replace(file, aside)
        return {}, SetAside(
            f"Your progress file could not be read: {error}. It is kept as {aside}, and a new one "
            "begins."
        )


def _free_name(file: Path, why: str) -> Path:
    number = 1
    while (aside := file.with_name(f"{file.stem}.{why}-{number}.json")).exists():
        number += 1
    return aside


def _put(file: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f"{file.name}.", text=True)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as new:
            new.write(text)
            new.flush()
            os.fsync(new.fileno())
        _replace(Path(name), file)
    except BaseException:
        os.unlink(name)
        raise


def _replace(file: Path, target: Path) -> None:
    """Rename a file; Windows refuses that for the moment in which somebody reads it."""
    for pause in (0.01, 0.05, 0.25):
        try:
            os.replace(file, target)
        except PermissionError:
            sleep(pause)
        else:
            return
    os.replace(file, target)
