"""The file that keeps which exercises are done: its form, and how it is read and written.

It is JSON:
`{"version": 1, "exercises": {"03.q2": {"outcome": "right", "tries": 3, "at": …}}}`.
It is written whole and then put in place, under a lock, so that several notebooks may write at once
and none ever reads half a file. A damaged file is set aside, never overwritten; one that a newer
gradwidgets has written is left as it is, and fields that only a newer one knows are kept. Where the
file is a link, it stays one: what it leads to is read, locked and replaced.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import stat
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import sleep, time
from typing import TypeAlias

from filelock import FileLock, Timeout
from platformdirs import user_data_path

from gradwidgets.lessons.check.outcome import Outcome

VERSION = 1
DIRECTORY = "GRADWIDGETS_DATA"  # environment variable: where the file is kept instead
WAIT = 2.0  # seconds that somebody who asked for something waits for other notebooks
POLL = 0.02  # seconds between two looks whether they have
MOST_CHARACTERS = 1_000_000  # of a file; that of the whole course has some 5,000
MOST_TRIES = 10**9  # more than anybody has tried, and a number that every program can read
DEEPEST = 50  # levels of what a newer version may have added
SHORT = 40  # characters of what somebody else's file says, in a sentence of ours

RANKS = [Outcome.NOT_ATTEMPTED, Outcome.NOT_CHECKED, Outcome.NOT_YET, Outcome.RIGHT]
BEING_WRITTEN = ".gradwidgets-part"  # how the name ends of a file on its way
LEFT = ".gradwidgets-left"  # and of what a kernel could not add to the file before its end
ABANDONED = 3600.0  # seconds after which nobody is writing such a file any more
# Earlier versions gave them no ending: "progress.json.k3x_9a0b".
BEING_WRITTEN_BEFORE = re.compile(r"\.[a-z0-9_]{8}")


Json: TypeAlias = str | int | float | bool | list["Json"] | dict[str, "Json"] | None
"""What somebody else's file may hold."""


class ProgressError(Exception):
    """The progress file cannot be read or written; the message says what to do.

    `aside` is what the message says of a damaged file that was set aside before that.
    """

    aside: SetAside | None = None


class SetAside(ProgressError):
    """The progress file was damaged; it is kept under another name, and a new one begins."""


class Held(ProgressError):
    """Another program is writing the progress file, and does not come to an end."""


class LeftAlone(ProgressError):
    """The progress file is of a newer gradwidgets; nothing is kept in it."""


class Newer(ValueError):
    """A text is a progress file, but of a version that this gradwidgets does not know."""


@dataclass(frozen=True)
class Entry:
    """What is known of one exercise.

    `outcome` is the best so far, `tries` counts the answers that were right or not yet right, and
    `at` is when it was last checked, as ISO 8601 in UTC. `more` is what a newer version has added.
    """

    outcome: Outcome
    tries: int
    at: str
    more: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True)
class Kept:
    """What a progress file tells; `more` is what a newer version has added to it."""

    entries: Mapping[str, Entry] = field(default_factory=dict)
    more: Mapping[str, Json] = field(default_factory=dict)

    def with_entries(self, entries: Mapping[str, Entry]) -> Kept:
        """Return the same with other entries added, or put in the place of those of that key."""
        return replace(self, entries={**self.entries, **entries})

    def with_more(self, key: str, new: Entry) -> Kept:
        """Return the same with more answers to an exercise; the best outcome stays."""
        old = self.entries.get(key, Entry(Outcome.NOT_ATTEMPTED, 0, ""))
        best = max(old.outcome, new.outcome, key=RANKS.index)
        tries = min(old.tries + new.tries, MOST_TRIES)
        entry = Entry(best, tries, max(old.at, new.at), {**new.more, **old.more})
        return self.with_entries({key: entry})


def path() -> Path:
    """Return where the progress of this user is kept.

    Raises
    ------
    ProgressError
        When this user has no home directory, or the working folder is gone that it is below.
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
    try:
        return directory.absolute() / "progress.json"
    except OSError as error:
        raise ProgressError(
            f"Your progress cannot be kept in {directory}: the folder that this notebook works in "
            f"cannot be read ({error.strerror}). Set the environment variable {DIRECTORY} to a "
            'directory that begins with "/".'
        ) from error


def real(file: Path) -> Path:
    """Return what a progress file is when it is a link: the file at its end; else itself."""
    return Path(os.path.realpath(file)) if file.is_symlink() else file


# -- its form


def parse(text: str) -> Kept:
    """Return what a progress file tells; ValueError says what is wrong with it."""
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
    version = told.pop("version")
    if type(version) is not int or version < 1:
        raise ValueError(f"its version is {_short(version)}")
    if version > VERSION:
        raise Newer(f"its version is {_short(version)}, and this gradwidgets reads up to {VERSION}")
    exercises = told.pop("exercises", None)
    if not isinstance(exercises, dict):
        raise ValueError("its exercises are not an object")
    if _deeper_than(DEEPEST, [told, exercises]):
        raise ValueError("it is nested too deeply")
    return Kept({key: _entry(key, value) for key, value in exercises.items()}, told)


def _entry(key: str, value: Json) -> Entry:
    if not isinstance(value, dict):
        raise ValueError(f"its entry {_short(key)} cannot be read")
    more = dict(value)
    try:
        outcome = Outcome(more.pop("outcome"))
    except (KeyError, ValueError):
        raise ValueError(f"its entry {_short(key)} cannot be read") from None
    tries, at = more.pop("tries", 1), more.pop("at", "")
    if type(tries) is not int or not 0 <= tries <= MOST_TRIES or not isinstance(at, str):
        raise ValueError(f"its entry {_short(key)} cannot be read")
    return Entry(outcome, tries, at, more)


def _deeper_than(levels: int, value: Json) -> bool:
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return levels < 0 or any(_deeper_than(levels - 1, one) for one in inside)


def _short(value: Json) -> str:
    text = repr(value)
    return text if len(text) <= SHORT else text[:SHORT] + "…"


def written(kept: Kept) -> str:
    """Return the text of a progress file."""
    exercises = {
        key: {"outcome": entry.outcome.value, "tries": entry.tries, "at": entry.at, **entry.more}
        for key, entry in sorted(kept.entries.items())
    }
    told = {"version": VERSION, "exercises": exercises, **kept.more}
    return json.dumps(told, indent=1) + "\n"


# -- on the disk


def read(file: Path) -> Kept:
    """Return what a file tells; nothing when it is not there.

    Raises
    ------
    ValueError
        When it is damaged; the message says how.
    LeftAlone, ProgressError
        When it is of a newer version, or cannot be read.
    """
    try:
        return parse(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Kept()
    except UnicodeDecodeError:
        raise ValueError("it is not text") from None
    except Newer as error:
        raise LeftAlone(
            f"{file} is of a newer gradwidgets: {error}. It is left as it is, and nothing is kept "
            "in it. Update gradwidgets, or start afresh: the file is then kept under another name."
        ) from error
    except OSError as error:
        raise ProgressError(f"{file} cannot be read: {error.strerror or error}.") from error


def read_or_set_aside(file: Path) -> tuple[Kept, SetAside | None]:
    """Return what a file tells; a damaged one is set aside first. Only under the lock."""
    try:
        return read(file), None
    except ValueError as error:
        target = real(file)
        aside = free_name(target, "damaged")
        rename(target, aside)
        return Kept(), SetAside(
            f"Your progress file could not be read: {error}. It is kept as {aside}, and a new one "
            "begins."
        )


def change(file: Path, make: Callable[[Kept], Kept]) -> SetAside | None:
    """Read a file, change what it tells, and put the new one in its place, with nobody between.

    Returns what is to be said of a damaged file, where there was one.
    """
    with locked(file):
        return exchange(file, make)


def exchange(
    file: Path, make: Callable[[Kept], Kept], before: SetAside | None = None
) -> SetAside | None:
    """Do what `change` does, under the lock; `before` is what is still to be said."""
    kept, aside = read_or_set_aside(file)
    aside = aside or before
    left = left_behind(file)
    for other in left.values():
        kept = with_all(kept, other)
    try:
        _put(real(file), written(make(kept)))
    except OSError as error:
        raise not_kept(file, error, aside) from error
    for one in left:
        with suppress(OSError):
            one.unlink()
    return aside


def with_all(kept: Kept, other: Kept) -> Kept:
    """Return what a file tells, and all the answers that another tells of."""
    for key, entry in other.entries.items():
        kept = kept.with_more(key, entry)
    return kept


def leave(file: Path, kept: Kept) -> None:
    """Leave beside a file that is held what the next one to write it is to add."""
    target = real(file)
    with suppress(OSError):
        _put(target.with_name(f"{target.name}.{secrets.token_hex(4)}{LEFT}"), written(kept))


def left_behind(file: Path) -> dict[Path, Kept]:
    """Return what ended kernels have left to be added, by the file that holds it."""
    target = real(file)
    found: dict[Path, Kept] = {}
    with suppress(OSError):
        for one in target.parent.iterdir():
            if one.name.startswith(f"{target.name}.") and one.name.endswith(LEFT):
                with suppress(ValueError, ProgressError):
                    found[one] = read(one)
    return found


@contextmanager
def locked(file: Path, wait: float | None = None) -> Iterator[None]:
    """Hold a file against other notebooks; what goes wrong meanwhile is a ProgressError."""
    target = real(file)
    wait = WAIT if wait is None else wait
    try:
        if target == file:
            file.parent.mkdir(parents=True, exist_ok=True)
        else:  # a drive, perhaps, that is not there now: its folder is not ours to make
            target.parent.stat()
        lock = FileLock(target.with_suffix(".lock"), timeout=wait)
        with lock.acquire(poll_interval=POLL):
            yield
    except Timeout:
        raise Held(
            f"{file} is held by another notebook; if there is none, remove "
            f"{target.with_suffix('.lock').name}."
        ) from None
    except (OSError, NotImplementedError) as error:  # the latter where files cannot be locked
        raise not_kept(file, error) from error


def not_kept(file: Path, error: Exception, aside: SetAside | None = None) -> ProgressError:
    """Return the error that says why nothing can be written."""
    reason = getattr(error, "strerror", None) or error
    before = f"{aside} " if aside else ""
    told = ProgressError(f"{before}Your progress cannot be kept in {real(file).parent}: {reason}.")
    told.aside = aside
    return told


def free_name(file: Path, why: str) -> Path:
    """Return a name beside a file that no other has: "progress.damaged-1.json"."""
    number = 1
    while (aside := file.with_name(f"{file.stem}.{why}-{number}.json")).exists():
        number += 1
    return aside


def _put(file: Path, text: str) -> None:
    if len(text) > MOST_CHARACTERS:
        raise OSError("it would be far too long")
    _sweep(file)
    handle, name = tempfile.mkstemp(
        dir=file.parent, prefix=f"{file.name}.", suffix=BEING_WRITTEN, text=True
    )
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as new:
            new.write(text)
            new.flush()
            os.fsync(new.fileno())
        with suppress(OSError):  # whom its owner lets read it may go on reading it
            os.chmod(name, stat.S_IMODE(file.stat().st_mode))
        rename(Path(name), file)
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise


def _sweep(file: Path) -> None:
    """Remove what is left of writes that were killed; only under the lock."""
    with suppress(OSError):
        for one in os.scandir(file.parent):
            with suppress(OSError):
                if one.name.startswith(f"{file.name}.") and _is_abandoned(one, file):
                    os.unlink(one.path)


def _is_abandoned(one: os.DirEntry[str], file: Path) -> bool:
    """Whether a file was on its way into the place of `file`, and never came there."""
    told = one.stat(follow_symlinks=False)
    if not stat.S_ISREG(told.st_mode) or time() - told.st_mtime < ABANDONED:
        return False
    if hasattr(os, "getuid") and told.st_uid != os.getuid():
        return False
    ending = one.name.removeprefix(file.name)
    if ending.endswith(BEING_WRITTEN):
        return True
    if not BEING_WRITTEN_BEFORE.fullmatch(ending):
        return False
    # Without an ending of ours it may be somebody's own copy, "progress.json.original". A copy is
    # whole, and what a killed write leaves is empty or breaks off.
    try:
        text = Path(one.path).read_text(encoding="utf-8")
        parse(text)
    except ValueError:
        return text.startswith('{\n "version"') or not text
    return False


def rename(file: Path, target: Path) -> None:
    """Rename a file; Windows refuses that for the moment in which somebody reads it."""
    for pause in (0.01, 0.05, 0.25):
        try:
            os.replace(file, target)
        except PermissionError:
            sleep(pause)
        else:
            return
    os.replace(file, target)
