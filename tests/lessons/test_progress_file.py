"""The progress file stays what its owner has made it: a link, readable for others, its folder tidy.

And what only a newer gradwidgets knows stays in it.
"""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from gradwidgets.lessons import progress
from gradwidgets.lessons.check.outcome import Outcome
from gradwidgets.lessons.progress import ProgressError
from tests.lessons.small_course import lessons
from tests.packaging.project import ROOT

OLD = 1_600_000_000  # seconds since 1970: long ago

# A notebook that is killed while it writes.
KILLED = """
import os, signal
from gradwidgets.lessons import progress
from gradwidgets.lessons.check.outcome import Outcome
os.fsync = lambda _handle: os.kill(os.getpid(), signal.SIGKILL)
progress.record("01.q1", Outcome.RIGHT)
"""


@pytest.fixture(autouse=True)
def file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv(progress.DIRECTORY, str(tmp_path / "kept"))
    (tmp_path / "kept").mkdir()
    return tmp_path / "kept" / "progress.json"


def check() -> None:
    assert lessons()[0].exercises[1].check(6).outcome is Outcome.RIGHT


def below(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


# -- fields of a newer version


NEWER = {
    "version": 1,
    "exercises": {
        "01.q2": {"outcome": "not yet right", "tries": 2, "at": "2020", "seconds": 12.5,
                  "hints": ["first", None]},
        "09.q9": {"outcome": "right", "tries": 1, "at": "2020", "badge": {"of": "gold"}},
    },
    "language": "de",
    "goals": {"per week": [1, 2, {"and": True}]},
}  # fmt: skip


def test_what_a_newer_version_has_added_is_kept_where_ours_is_written(file: Path) -> None:
    file.write_text(json.dumps(NEWER))
    check()
    told = json.loads(file.read_text())
    entry = told["exercises"]["01.q2"]
    assert (entry.pop("outcome"), entry.pop("tries")) == ("right", 3)
    assert entry.pop("at").startswith("20")
    assert entry == {"seconds": 12.5, "hints": ["first", None]}
    assert told["exercises"]["09.q9"] == NEWER["exercises"]["09.q9"]
    assert (told["language"], told["goals"]) == (NEWER["language"], NEWER["goals"])


def test_what_a_newer_version_has_added_is_exported_and_comes_back(file: Path) -> None:
    file.write_text(json.dumps(NEWER))
    text = progress.export_text()
    progress.start_afresh()
    check()
    assert progress.import_text(text) == (2, 1)
    told = json.loads(file.read_text())
    assert told["language"] == "de" and told["goals"] == NEWER["goals"]
    assert told["exercises"]["01.q2"]["hints"] == ["first", None]
    assert told["exercises"]["01.q2"]["outcome"] == "right"


def test_an_import_does_not_replace_what_ours_says_beyond_this_version(file: Path) -> None:
    file.write_text(json.dumps(NEWER))
    theirs = {**NEWER, "language": "fr", "theme": "dark"}
    progress.import_text(json.dumps(theirs))
    told = json.loads(file.read_text())
    assert (told["language"], told["theme"]) == ("de", "dark")


def test_an_import_that_would_make_the_file_too_long_to_be_read_is_refused(file: Path) -> None:
    check()
    before = file.read_text()
    long = {"version": 1, "exercises": {}, "more": "x" * (progress.MOST_CHARACTERS - 100)}
    with pytest.raises(ProgressError, match="cannot be kept in .*: it would be far too long"):
        progress.import_text(json.dumps(long))
    assert file.read_text() == before


def test_fields_without_end_are_damage_and_not_a_failure_of_the_check(file: Path) -> None:
    file.write_text('{"version": 1, "exercises": {}, "more": ' + "[" * 500 + "]" * 500 + "}")
    check()
    assert "it is nested too deeply" in str(progress.trouble)
    assert progress.set_aside()[0].name == "progress.damaged-1.json"


# -- links


def test_a_link_stays_a_link_and_what_it_leads_to_is_written(file: Path, tmp_path: Path) -> None:
    (tmp_path / "drive").mkdir()
    (tmp_path / "drive" / "mine.json").write_text('{"03.q1": "right"}')
    file.symlink_to("../drive/mine.json")
    check()
    assert os.readlink(file) == "../drive/mine.json"
    assert (tmp_path / "drive" / "mine.json").is_file()
    assert not (tmp_path / "drive" / "mine.json").is_symlink()
    assert progress.load().keys() == {"03.q1", "01.q2"}
    assert below(tmp_path / "drive") == {"mine.json", "mine.lock"}
    assert below(file.parent) == {"progress.json"}


def test_a_link_stays_one_when_what_it_leads_to_is_damaged_or_begun_afresh(
    file: Path, tmp_path: Path
) -> None:
    (tmp_path / "mine.json").write_text("{")
    file.symlink_to(tmp_path / "mine.json")
    check()
    assert (tmp_path / "mine.damaged-1.json").read_text() == "{"
    assert progress.start_afresh() == tmp_path / "mine.before-1.json"
    assert file.is_symlink() and not file.exists()
    check()
    assert file.is_symlink() and progress.load().keys() == {"01.q2"}
    assert {one.name for one in progress.set_aside()} == {"mine.damaged-1.json",
                                                          "mine.before-1.json"}


def test_a_link_to_a_drive_that_is_not_there_is_told_and_what_was_done_waits(
    file: Path, tmp_path: Path
) -> None:
    file.symlink_to(tmp_path / "drive" / "mine.json")
    check()
    assert f"cannot be kept in {tmp_path / 'drive'}: No such file" in str(progress.trouble)
    assert file.is_symlink() and not (tmp_path / "drive").exists()
    (tmp_path / "drive").mkdir()
    assert progress.flush()
    assert progress.trouble is None
    assert "01.q2" in (tmp_path / "drive" / "mine.json").read_text()


def test_a_link_to_itself_is_told(file: Path) -> None:
    file.symlink_to(file)
    check()
    assert f"{file} cannot be read: Too many levels of symbolic links" in str(progress.trouble)


def test_whom_its_owner_lets_read_the_file_may_go_on_reading_it(file: Path) -> None:
    check()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.chmod(0o640)
    check()
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


# -- what a killed write leaves


def test_what_a_killed_write_has_left_is_swept_once_it_is_old(file: Path) -> None:
    ended = subprocess.run([sys.executable, "-c", KILLED], cwd=ROOT, check=False)
    assert ended.returncode == -signal.SIGKILL
    (left,) = (one for one in file.parent.iterdir() if one.suffix != ".lock")
    check()
    assert left.exists()  # somebody may be writing it
    os.utime(left, (OLD, OLD))
    check()
    assert below(file.parent) == {"progress.json", "progress.lock"}


def test_what_earlier_versions_left_is_swept_too_and_nothing_of_anybody_else(file: Path) -> None:
    check()
    whole = file.read_text()
    ours = {"progress.json.k3x_9a0b": whole[:40], "progress.json.aaaaaaaa": "",
            "progress.json.0a1b2c3d.gradwidgets-part": whole}
    others = {"progress.json.original": whole, "progress.json.backup_1": whole,
              "progress.json.bak": "", "notes.json.k3x_9a0b": "", "progress.json.theirs_0": "mine",
              "notes.gradwidgets-part": ""}
    for name, text in {**ours, **others}.items():
        (file.parent / name).write_text(text)
        os.utime(file.parent / name, (OLD, OLD))
    (file.parent / "progress.json.folders0").mkdir()
    (file.parent / "progress.json.a.gradwidgets-part").symlink_to(file)
    check()
    assert below(file.parent) == {
        *others, "progress.json", "progress.lock", "progress.json.folders0",
        "progress.json.a.gradwidgets-part",
    }


# -- a working folder that cannot be read


def test_in_a_folder_that_is_gone_a_path_below_it_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    check()
    assert progress.trouble is None  # the file is not below it
    monkeypatch.setenv(progress.DIRECTORY, "mine")
    check()
    told = str(progress.trouble)
    assert "cannot be kept in mine: the folder that this notebook works in cannot be read" in told
    assert 'to a directory that begins with "/".' in told
    with pytest.raises(ProgressError, match="the folder that this notebook works in"):
        progress.load()
