"""Writes results to the progress file in a thread of its own, so that no check waits for a disk.

A file may be held by somebody, a disk full, a folder closed, a network drive slow. What came of a
check is kept here then, and tried again until it is in the file: it is added to what the file tells
by that time. At the end of the kernel there is one more try, which takes a moment at most; what is
still held is left beside the file, for the next notebook that writes it. Where there are no threads
(Pyodide), a result is tried when it comes, and again with the next one.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from gradwidgets.lessons import progress_file
from gradwidgets.lessons.progress_file import (
    Entry,
    Held,
    Kept,
    LeftAlone,
    ProgressError,
    SetAside,
)  # fmt: skip

PATIENCE = 0.2  # seconds that a check waits for its result to be in the file
HELD = 10.0  # seconds for other notebooks to have written theirs, before anything is said
AT_EXIT = 2.0  # seconds that the end of a kernel waits
AGAIN = "It waits in this notebook, and is written as soon as it can be."
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0  # seconds between two tries


@dataclass(eq=False)
class Result:
    """What came of one check, and how often it was tried to write it."""

    file: Path
    key: str
    entry: Entry
    tries: int = 0


class Later:
    """Writes results as soon as it can be.

    Parameters
    ----------
    tell : callable
        Called with what is to be said after each try, or None, from whatever thread it was.
    """

    def __init__(self, tell: Callable[[ProgressError | None], None]) -> None:
        self._tell = tell
        self._begin()

    def _begin(self) -> None:
        self._results: list[Result] = []
        self._asides: dict[Path, SetAside | None] = {}  # to be said with the next that succeeds
        self._state = threading.Condition()  # over results, hurry and thread
        self._hurry = False  # whether somebody waits for the next try
        self._thread: threading.Thread | None = None
        # A result leaves the list in the moment in which it comes into the file.
        self._moving = threading.Lock()

    def forget(self, file: Path | None = None) -> None:
        """Give up what waits for a file; without one, all of it, as a forked process has to."""
        if file is None:
            self._begin()
            return
        with self._state:
            given_up = [one for one in self._results if one.file == file]
            self._results = [one for one in self._results if one.file != file]
        self._tried(given_up)

    def add(self, result: Result) -> None:
        """Write a result; returns when that is done, has failed, or takes too long."""
        with self._state:
            self._results.append(result)
            in_thread = self._run()
            if in_thread:
                self._wait(PATIENCE)
        if not in_thread:
            self._try_all(0.0)

    def flush(self, seconds: float | None = None) -> bool:
        """Try once more to write what waits; tell whether nothing does any more."""
        with self._state:
            if self._results and self._run():
                self._wait(AT_EXIT if seconds is None else seconds)
                return not self._results
        self._try_all(0.0)
        return not self._results

    def end(self) -> None:
        """Write what waits, as a kernel ends; what is held then is left beside its file."""
        self.flush()
        idle = self._moving.acquire(timeout=AT_EXIT)  # not what is being written this very moment
        with self._state:
            waiting, self._results = self._results, []
        if idle:
            self._moving.release()
        left: dict[Path, Kept] = {}
        for one in waiting:
            left[one.file] = left.get(one.file, Kept()).with_more(one.key, one.entry)
        for file, kept in left.items():
            progress_file.leave(file, kept)

    def read(self, file: Path) -> Kept:
        """Return what a file tells, and what is on its way there; raises what reading it does."""
        with self._moving:
            kept = progress_file.read(file)
            with self._state:
                waiting = [one for one in self._results if one.file == file]
        for left in progress_file.left_behind(file).values():
            kept = progress_file.with_all(kept, left)
        for result in waiting:
            kept = kept.with_more(result.key, result.entry)
        return kept

    def _wait(self, seconds: float) -> None:
        """Wait until each result that is here now was tried once more."""
        before = {one: one.tries for one in self._results}
        self._hurry = True
        self._state.notify_all()
        self._state.wait_for(lambda: all(one.tries > before[one] for one in before), seconds)

    def _tried(self, results: list[Result]) -> None:
        with self._state:
            for one in results:
                one.tries += 1
            self._state.notify_all()

    def _run(self) -> bool:
        """Have a thread write what waits; tell whether there can be one."""
        if self._thread is None:
            thread = threading.Thread(target=self._work, name="gradwidgets progress", daemon=True)
            try:
                thread.start()
            except RuntimeError:  # under Pyodide, and while Python ends
                return False
            self._thread = thread
        return True

    def _work(self) -> None:
        pause = FIRST_PAUSE
        while True:
            failed = self._try_all(HELD)
            with self._state:
                if not self._results:
                    self._thread = None
                    return
                if failed:
                    self._state.wait_for(lambda: self._hurry, pause)
                    pause = min(2 * pause, LONGEST_PAUSE)

    def _try_all(self, wait: float) -> bool:
        """Try to write all that waits, file by file; tell whether a pause should follow."""
        with self._state:
            self._hurry = False
            files = list(dict.fromkeys(one.file for one in self._results))
        return any([self._fails(file, wait) for file in files])  # a list: each is to be tried

    def _fails(self, file: Path, wait: float) -> bool:
        """Try to write all that waits for a file; tell whether that fails at once."""
        with self._state:
            tried = [one for one in self._results if one.file == file]
        told: ProgressError | None
        failed = False
        try:
            told = self._write(file, wait, tried)
        except LeftAlone as left:
            told = left
            self.forget(file)
        except Held as held:
            told = Held(f"{held} {AGAIN}")  # it was waited for all the time
        except Exception as error:  # whatever it is, it must not be the end of this thread
            told, failed = ProgressError(f"{error} {AGAIN}"), True
            self._asides[file] = getattr(error, "aside", None)
        with suppress(Exception):  # nor must what somebody does who is told
            self._tell(told)
        self._tried(tried)
        return failed

    def _write(self, file: Path, wait: float, tried: list[Result]) -> SetAside | None:
        """Add what waits to a file, also what has come while others held it."""

        def add_all(kept: Kept) -> Kept:
            with self._state:
                tried[:] = [one for one in self._results if one.file == file]
            for result in tried:
                kept = kept.with_more(result.key, result.entry)
            return kept

        with progress_file.locked(file, wait), self._moving:
            aside = progress_file.exchange(file, add_all, self._asides.pop(file, None))
            with self._state:
                self._results = [one for one in self._results if one not in tried]
        return aside
