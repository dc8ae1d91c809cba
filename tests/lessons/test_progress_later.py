"""No check waits for a disk, and nothing is lost all the same: what cannot be written is later."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from filelock import FileLock

from gradwidgets.command import work
from gradwidgets.lessons import progress, progress_later
from gradwidgets.lessons.check.outcome import Outcome
from gradwidgets.lessons.progress import ProgressError
from tests.lessons.conftest import LONG
from tests.lessons.small_course import lessons
from tests.packaging.project import ROOT

LATER = progress._later  # the one that this process really has

# A kernel that checks something while its file is held, and then comes to its end.
ENDING = """
import sys
from gradwidgets.lessons import progress, progress_later
from gradwidgets.lessons.check.outcome import Outcome
progress_later.PATIENCE, progress_later.AT_EXIT = 0.0, float(sys.argv[1])
progress.record("01.q1", Outcome.RIGHT)
progress.record("01.q2", Outcome.NOT_YET)
print("checked", flush=True)
input()
"""


@pytest.fixture(autouse=True)
def file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv(progress.DIRECTORY, str(tmp_path / "kept"))
    return tmp_path / "kept" / "progress.json"


@contextmanager
def held(file: Path) -> Iterator[None]:
    """Hold the file as another program does that does not come to an end."""
    file.parent.mkdir(exist_ok=True)
    with FileLock(file.with_suffix(".lock")):
        yield


@contextmanager
def a_kernel(at_exit: float) -> Iterator[subprocess.Popen[str]]:
    """Run what checks something, until a line is sent to it."""
    kernel = subprocess.Popen(
        [sys.executable, "-c", ENDING, str(at_exit)], cwd=ROOT, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        assert kernel.stdout.readline() == "checked\n"
        yield kernel
    finally:
        kernel.kill()
        kernel.communicate()


def on_disk(file: Path) -> dict[str, str]:
    exercises = json.loads(file.read_text(encoding="utf-8"))["exercises"]
    return {key: one["outcome"] for key, one in exercises.items()}


def check(answer: int) -> Outcome:
    return lessons()[0].exercises[1].check(answer).outcome


def test_a_check_does_not_wait_for_a_file_that_is_held_and_counts_at_once(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress_later, "PATIENCE", 0.01)
    monkeypatch.setattr(progress_later, "HELD", LONG)
    with held(file):
        assert check(5) is Outcome.NOT_YET
        assert check(6) is Outcome.RIGHT
        entry = progress.load()["01.q2"]
        assert (entry.outcome, entry.tries) == (Outcome.RIGHT, 2)
        assert not file.exists()
        assert progress.trouble is None  # a moment is nothing to speak of
        assert json.loads(progress.export_text())["exercises"]["01.q2"]["tries"] == 2
    assert progress._later.flush(LONG)
    assert on_disk(file) == {"01.q2": "right"}
    assert progress.load()["01.q2"].tries == 2


def test_what_waited_is_added_to_what_another_notebook_has_written_meanwhile(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress_later, "PATIENCE", 0.01)
    with held(file):
        check(5)
        told = {"01.q2": {"outcome": "right", "tries": 3, "at": "2020"},
                "07.q1": {"outcome": "not yet right", "tries": 1, "at": "2020"}}
        file.write_text(json.dumps({"version": 1, "exercises": told}))
    assert progress._later.flush(LONG)
    assert on_disk(file) == {"01.q2": "right", "07.q1": "not yet right"}
    assert progress.load()["01.q2"].tries == 4


def test_a_file_that_is_held_for_long_is_told_to_who_follows_and_then_no_more(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress_later, "HELD", 0.02)
    said = threading.Event()
    silent = threading.Event()

    def look() -> None:
        (silent if progress.trouble is None else said).set()

    with held(file):
        check(6)  # returns when it was tried
        told = str(progress.trouble)
        assert f"{file} is held by another notebook; if there is none, remove progress.lock" in told
        assert "It waits in this notebook, and is written as soon as it can be." in told
        progress.follow(look)
    assert silent.wait(LONG)
    assert progress._later.flush(LONG)
    assert on_disk(file) == {"01.q2": "right"}


def test_what_somebody_asks_for_is_refused_soon_while_the_file_is_held(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gradwidgets.lessons.progress_file.WAIT", 0.01)
    check(6)
    before = file.read_bytes()
    with held(file):
        for ask in (progress.start_afresh, lambda: progress.import_text('{"01.q1": "right"}')):
            with pytest.raises(ProgressError, match="is held by another notebook"):
                ask()
    assert file.read_bytes() == before


def test_a_kernel_that_ends_meanwhile_waits_a_moment_for_its_results_to_be_written(
    file: Path
) -> None:
    with held(file), a_kernel(LONG) as one, a_kernel(LONG) as other:
        for kernel in (one, other):
            kernel.stdin.write("\n")
            kernel.stdin.flush()
        file.with_suffix(".lock").unlink()  # lets go, as the message says
        assert (one.wait(LONG), other.wait(LONG)) == (0, 0)
        assert (one.stderr.read(), other.stderr.read()) == ("", "")
    assert on_disk(file) == {"01.q1": "right", "01.q2": "not yet right"}
    assert progress.load()["01.q2"].tries == 2


def test_what_a_kernel_could_not_write_before_its_end_is_added_by_the_next_that_writes(
    file: Path
) -> None:
    with held(file):
        with a_kernel(at_exit=0.0) as kernel:
            kernel.stdin.write("\n")
            kernel.stdin.flush()
            assert kernel.wait(LONG) == 0
        assert not file.exists()
        assert progress.load()["01.q1"].outcome is Outcome.RIGHT  # it counts already
    assert check(6) is Outcome.RIGHT
    assert on_disk(file) == {"01.q1": "right", "01.q2": "right"}
    assert progress.load()["01.q2"].tries == 2
    assert {path.name for path in file.parent.iterdir()} == {"progress.json", "progress.lock"}


def test_what_waits_is_the_parents_to_write_and_not_a_forked_childs(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gradwidgets.lessons.check.limits import run_limited

    monkeypatch.setattr(progress_later, "PATIENCE", 0.01)
    monkeypatch.setattr(progress, "_later", LATER)
    with held(file):
        check(6)
        assert run_limited(lambda: len(LATER._results), how="fork") == 0
        assert len(LATER._results) == 1
    assert LATER.flush(LONG)


def test_saved_work_holds_what_waits(
    file: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(progress_later, "PATIENCE", 0.01)
    with held(file):
        check(6)
        with zipfile.ZipFile(io.BytesIO(work.archive(tmp_path))) as saved:
            told = json.loads(saved.read(work.PROGRESS))
    assert told["exercises"]["01.q2"]["outcome"] == "right"


def test_where_there_are_no_threads_a_result_is_tried_when_it_comes_and_with_the_next(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(progress_later.threading.Thread, "start", refuse)
    with held(file):
        assert check(5) is Outcome.NOT_YET
        assert "is held by another notebook" in str(progress.trouble)
        assert progress.load()["01.q2"].tries == 1
    assert check(6) is Outcome.RIGHT
    assert progress.trouble is None
    assert progress.load()["01.q2"].tries == 2
    assert on_disk(file) == {"01.q2": "right"}


def test_a_follower_that_fails_is_no_end_of_writing(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_told: object) -> None:
        raise ValueError("a board that is closed")

    monkeypatch.setattr(progress, "_later", progress_later.Later(fail))
    for _ in range(2):
        assert check(6) is Outcome.RIGHT
    assert progress.load()["01.q2"].tries == 2


def test_starting_afresh_gives_up_what_waits(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", refuse)
        check(6)
        assert progress.load().keys() == {"01.q2"}
        assert progress.start_afresh() is None
    assert progress.load() == {}
    assert progress.flush() and not file.exists()
