"""What the learner has done is kept, whatever happens to the file that keeps it."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gradwidgets.lessons import progress, progress_file
from gradwidgets.lessons.check.outcome import Outcome
from gradwidgets.lessons.progress import Entry, ProgressError, SetAside
from tests.lessons.small_course import lessons
from tests.packaging.project import ROOT
from tests.users import a_folder, ordinary_user

WRITERS, RESULTS = 4, 20

WRITER = """
import sys
from gradwidgets.lessons import progress, progress_file
from gradwidgets.lessons.check.outcome import Outcome
who, results = sys.argv[1], int(sys.argv[2])
print("here", flush=True)
input()
for number in range(results):
    progress.record(f"{who}.q{number}", Outcome.RIGHT)
    progress.record("all", Outcome.NOT_YET)
    assert progress.trouble is None, progress.trouble
"""


@pytest.fixture(autouse=True)
def file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The progress file of this test, which is not there yet."""
    monkeypatch.setenv(progress.DIRECTORY, str(tmp_path / "kept"))
    return tmp_path / "kept" / "progress.json"


def write(file: Path, text: str) -> str:
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return text


def check_something() -> Outcome:
    """Check an exercise of a small course, as a learner does; return what came of it."""
    return lessons()[0].exercises[1].check(6).outcome


def outcomes() -> dict[str, Outcome]:
    return {key: entry.outcome for key, entry in progress.load().items()}


@contextmanager
def full_disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let nothing be written out to the disk, as when it is full."""

    def refuse(_handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", refuse)
        yield


# -- what is kept


def test_before_the_first_check_nothing_is_known_and_nothing_is_written(file: Path) -> None:
    assert progress.load() == {}
    assert not file.parent.exists()


def test_the_best_outcome_stays_and_the_tries_are_counted() -> None:
    for outcome in (Outcome.NOT_ATTEMPTED, Outcome.NOT_YET, Outcome.RIGHT, Outcome.NOT_YET,
                    Outcome.NOT_CHECKED):
        progress.record("03.q2", outcome)
    entry = progress.load()["03.q2"]
    assert (entry.outcome, entry.tries) == (Outcome.RIGHT, 3)
    assert entry.at.endswith("+00:00")


def test_the_file_is_json_of_a_known_form(file: Path) -> None:
    progress.record("03.q2", Outcome.RIGHT)
    told = json.loads(file.read_text(encoding="utf-8"))
    assert told["version"] == 1
    assert told["exercises"]["03.q2"]["outcome"] == "right"
    assert told["exercises"]["03.q2"]["tries"] == 1


def test_a_strict_check_leaves_no_trace(file: Path) -> None:
    lessons()[0].exercises[1].check(6, strict=True)
    assert not file.exists()


def test_followers_are_told_of_every_check_until_they_leave() -> None:
    seen = []
    leave = progress.follow(lambda: seen.append(outcomes()))
    progress.record("01.q1", Outcome.NOT_YET)
    progress.record("01.q1", Outcome.RIGHT)
    leave()
    leave()
    progress.record("01.q1", Outcome.RIGHT)
    assert seen == [{"01.q1": Outcome.NOT_YET}, {"01.q1": Outcome.RIGHT}]


# -- several notebooks at once


def test_nothing_is_lost_when_several_processes_write_at_once(file: Path) -> None:
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(who), str(RESULTS)], cwd=ROOT,
                         stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for who in range(WRITERS)
    ]
    try:
        for writer in writers:
            assert writer.stdout.readline() == "here\n"
        for writer in writers:
            writer.stdin.write("\n")
            writer.stdin.flush()
        while any(writer.poll() is None for writer in writers):
            progress.load()  # raises when it meets half a file
        assert [writer.wait() for writer in writers] == [0] * WRITERS
    finally:
        for writer in writers:
            writer.kill()
            writer.communicate()
    kept = progress.load()
    assert kept.pop("all").tries == WRITERS * RESULTS
    every = {f"{who}.q{number}" for who in range(WRITERS) for number in range(RESULTS)}
    assert kept.keys() == every
    assert {path.name for path in file.parent.iterdir()} == {"progress.json", "progress.lock"}


def test_threads_of_one_kernel_do_not_lose_results_either() -> None:
    def write_some() -> None:
        for _ in range(10):
            progress.record("all", Outcome.NOT_YET)

    threads = [threading.Thread(target=write_some) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert progress.load()["all"].tries == 40


def test_a_damaged_file_is_set_aside_by_one_of_several_readers_only(file: Path) -> None:
    write(file, "{")
    told = []

    def read() -> None:
        try:
            told.append(progress.load())
        except SetAside as error:
            told.append(str(error))

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told.count({}) == 3
    assert [one.name for one in progress.set_aside()] == ["progress.damaged-1.json"]


# -- a disk that takes nothing


def test_on_a_full_disk_the_old_file_stays_whole_and_the_check_gives_its_result(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    progress.record("01.q1", Outcome.RIGHT)
    before = file.read_bytes()
    with full_disk(monkeypatch):
        assert check_something() is Outcome.RIGHT
    assert f"cannot be kept in {file.parent}: No space left on device." in str(progress.trouble)
    assert file.read_bytes() == before
    assert {path.name for path in file.parent.iterdir()} == {"progress.json", "progress.lock"}
    assert check_something() is Outcome.RIGHT
    assert progress.trouble is None
    assert outcomes() == {"01.q1": Outcome.RIGHT, "01.q2": Outcome.RIGHT}
    assert progress.load()["01.q2"].tries == 2  # what was checked meanwhile is not lost


def test_a_damaged_file_on_a_full_disk_is_named_all_the_same(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = write(file, "{ damaged")
    with full_disk(monkeypatch):
        check_something()
    assert "progress.damaged-1.json" in str(progress.trouble)
    assert "No space left on device" in str(progress.trouble)
    assert progress.set_aside()[0].read_text(encoding="utf-8") == text


def test_in_a_directory_that_may_not_be_written_to_the_check_gives_its_result(
    monkeypatch: pytest.MonkeyPatch
) -> None:
    with a_folder() as place:
        place.chmod(0o555)
        for directory in (str(place), f"{place}/below"):
            monkeypatch.setenv(progress.DIRECTORY, directory)
            with ordinary_user():
                assert check_something() is Outcome.RIGHT
                assert outcomes() == {"01.q2": Outcome.RIGHT}  # it waits, and counts
                with pytest.raises(ProgressError, match="Permission denied"):
                    progress.import_text('{"version": 1, "exercises": {}}')
            assert f"cannot be kept in {directory}: Permission denied." in str(progress.trouble)


def test_a_directory_in_the_place_of_the_file_is_told(file: Path) -> None:
    file.mkdir(parents=True)
    assert check_something() is Outcome.RIGHT
    assert f"{file} cannot be read: Is a directory." in str(progress.trouble)


def test_without_a_home_it_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(progress.DIRECTORY)

    def homeless(*_: object, **__: object) -> Path:
        raise RuntimeError("no home")

    for way in (homeless, lambda *_, **__: Path("~/.local/share/gradwidgets")):
        monkeypatch.setattr(progress_file, "user_data_path", way)
        monkeypatch.setattr(Path, "expanduser", lambda path: path)
        assert check_something() is Outcome.RIGHT
        assert f"Set the environment variable {progress.DIRECTORY}" in str(progress.trouble)
        with pytest.raises(ProgressError, match="no home"):
            progress.load()


def test_it_is_kept_in_the_directory_of_the_user(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.delenv(progress.DIRECTORY)
    assert progress.path().is_relative_to(tmp_path)
    assert progress.path().parts[-2:] == ("gradwidgets", "progress.json")
    monkeypatch.setenv(progress.DIRECTORY, "~/mine")
    assert progress.path() == tmp_path / "mine" / "progress.json"


def test_a_file_that_cannot_be_replaced_for_a_moment_is_tried_again(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace, refused = os.replace, []

    def busy_at_first(source: object, target: object) -> None:
        if not refused:
            refused.append(source)
            raise PermissionError(errno.EACCES, "in use")
        replace(source, target)

    monkeypatch.setattr(os, "replace", busy_at_first)
    progress.record("01.q1", Outcome.RIGHT)
    assert refused and progress.trouble is None
    assert outcomes() == {"01.q1": Outcome.RIGHT}


# -- a file that is not as it should be

DAMAGED = {
    "nothing": "",
    "half of it": '{"version": 1, "exercises": {"01.q1": {"outcome": "ri',
    "no object": "[1, 2]",
    "a number without end": '{"version": 1, "exercises": {"a": {"outcome": "right", "tries": '
    + "9" * 5000 + "}}}",
    "a huge number": '{"version": 1, "exercises": {"a": {"outcome": "right", "tries": 1e999}}}',
    "many tries": '{"version": 1, "exercises": {"a": {"outcome": "right", "tries": 1000000001}}}',
    "no number": '{"version": 1, "exercises": {"a": {"outcome": "right", "tries": NaN}}}',
    "fewer than no tries": '{"version": 1, "exercises": {"a": {"outcome": "right", "tries": -1}}}',
    "an unknown outcome": '{"version": 1, "exercises": {"a": {"outcome": "splendid"}}}',
    "an outcome that is a list": '{"version": 1, "exercises": {"a": {"outcome": []}}}',
    "an entry that is a number": '{"version": 1, "exercises": {"a": 1}}',
    "a time that is a number": '{"version": 1, "exercises": {"a": {"outcome": "right", "at": 1}}}',
    "exercises in a list": '{"version": 1, "exercises": []}',
    "no exercises": '{"version": 1}',
    "a version that is a text": '{"version": "one", "exercises": {}}',
    "a version that is no number": '{"version": NaN, "exercises": {}}',
    "a version below the first": '{"version": 0, "exercises": {}}',
    "brackets without end": "[" * 100_000,
    "far too long": '{"version": 1, "exercises": {}}' + " " * progress.MOST_CHARACTERS,
}
each_damage = pytest.mark.parametrize("text", DAMAGED.values(), ids=DAMAGED.keys())


@each_damage
def test_a_damaged_file_is_set_aside_and_named_and_the_result_is_kept(
    file: Path, text: str
) -> None:
    write(file, text)
    assert check_something() is Outcome.RIGHT
    aside = file.with_name("progress.damaged-1.json")
    assert isinstance(progress.trouble, SetAside)
    assert "could not be read: it" in str(progress.trouble)
    assert f"It is kept as {aside}, and a new one begins." in str(progress.trouble)
    assert aside.read_text(encoding="utf-8") == text
    assert outcomes() == {"01.q2": Outcome.RIGHT}
    progress.record("01.q2", Outcome.RIGHT)
    assert progress.trouble is None


@each_damage
def test_reading_a_damaged_file_says_so_once_and_keeps_it(file: Path, text: str) -> None:
    write(file, text)
    with pytest.raises(SetAside, match=r"progress\.damaged-1\.json"):
        progress.load()
    assert progress.load() == {}
    assert progress.set_aside()[0].read_text(encoding="utf-8") == text


@each_damage
def test_a_damaged_file_is_not_imported(text: str) -> None:
    progress.record("01.q1", Outcome.NOT_YET)
    before = progress.load()
    with pytest.raises(ProgressError, match=r"no progress file of gradwidgets: it"):
        progress.import_text(text)
    assert progress.load() == before


def test_a_file_that_is_not_text_is_set_aside(file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(b"\xff\xfe\x00\x80")
    with pytest.raises(SetAside, match="it is not text"):
        progress.load()
    assert progress.set_aside()[0].read_bytes() == b"\xff\xfe\x00\x80"


def test_a_second_damaged_file_does_not_replace_the_first(file: Path) -> None:
    for text in ("first", "second"):
        write(file, text)
        check_something()
    assert [one.read_text() for one in progress.set_aside()] == ["first", "second"]


def test_a_file_of_a_newer_version_is_left_as_it_is(file: Path) -> None:
    text = write(file, '{"version": 2, "exercises": {"01.q1": {"result": "right"}}}')
    assert check_something() is Outcome.RIGHT
    assert "its version is 2, and this gradwidgets reads up to 1" in str(progress.trouble)
    with pytest.raises(ProgressError, match="Update gradwidgets, or start afresh"):
        progress.load()
    assert file.read_text(encoding="utf-8") == text
    assert progress.set_aside() == []
    assert progress.start_afresh().read_text(encoding="utf-8") == text
    check_something()
    assert outcomes() == {"01.q2": Outcome.RIGHT}


def test_the_first_format_is_still_read(file: Path) -> None:
    write(file, '{"01.q1": "right", "01.q2": "not yet right"}')
    assert progress.load() == {
        "01.q1": Entry(Outcome.RIGHT, 1, ""), "01.q2": Entry(Outcome.NOT_YET, 1, "")
    }
    check_something()
    assert outcomes() == {"01.q1": Outcome.RIGHT, "01.q2": Outcome.RIGHT}
    assert json.loads(file.read_text(encoding="utf-8"))["version"] == progress.VERSION


def test_what_a_message_quotes_is_kept_short() -> None:
    key = "<img src=x onerror=alert(1)>" * 100
    with pytest.raises(ValueError, match="<img src=x") as error:
        progress.parse(json.dumps({"version": 1, "exercises": {key: 1}}))
    assert len(str(error.value)) < 100


# -- as a file elsewhere, and afresh


def test_what_is_exported_comes_back_the_same() -> None:
    progress.record("01.q1", Outcome.RIGHT)
    progress.record("01.q2", Outcome.NOT_YET)
    progress.record("<b>\ud800 & 日本", Outcome.NOT_CHECKED)
    before, text = progress.load(), progress.export_text()
    progress.start_afresh()
    assert progress.load() == {}
    assert progress.import_text("\ufeff" + text) == (3, 3)
    assert progress.load() == before
    assert progress.import_text(text) == (3, 0)
    assert progress.load() == before


def test_an_import_takes_over_only_what_is_further() -> None:
    progress.record("01.q1", Outcome.RIGHT)
    progress.record("01.q2", Outcome.NOT_YET)
    news = {"01.q1": "not yet right", "01.q2": "right", "02.q1": "could not be checked"}
    exercises = {key: {"outcome": told, "tries": 7, "at": "2020"} for key, told in news.items()}
    text = json.dumps({"version": 1, "exercises": exercises})
    assert progress.import_text(text) == (3, 2)
    kept = progress.load()
    assert {key: entry.outcome.value for key, entry in kept.items()} == {
        "01.q1": "right", "01.q2": "right", "02.q1": "could not be checked",
    }
    assert [entry.tries for entry in kept.values()] == [7, 7, 7]


def test_an_import_over_a_damaged_file_sets_that_aside(file: Path) -> None:
    write(file, "{")
    assert progress.import_text('{"01.q1": "right"}') == (1, 1)
    assert isinstance(progress.trouble, SetAside)
    assert outcomes() == {"01.q1": Outcome.RIGHT}
    assert progress.set_aside()[0].read_text() == "{"


def test_starting_afresh_keeps_the_old_file_under_another_name(file: Path) -> None:
    assert progress.start_afresh() is None
    kept = []
    for number in (1, 2):
        progress.record("01.q1", Outcome.RIGHT)
        kept.append(file.read_text())
        assert progress.start_afresh() == file.with_name(f"progress.before-{number}.json")
        assert progress.load() == {}
    assert [one.read_text() for one in progress.set_aside()] == kept
