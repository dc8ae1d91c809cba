"""Work is saved in one file and comes back whole; a hostile file writes nothing anywhere."""

from __future__ import annotations

import io
import json
import stat
import zipfile
from pathlib import Path

import pytest

from gradwidgets.command import restoring, work
from gradwidgets.command.work import WorkError
from gradwidgets.lessons import progress
from gradwidgets.lessons.check.outcome import Outcome

NOTEBOOK = json.dumps({"cells": [{"cell_type": "code", "outputs": [{"text": "0.5 ± 1"}]}]})


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(progress.DIRECTORY, str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "course"
    for name in ("01_tensor.ipynb", "own/try.ipynb", ".ipynb_checkpoints/01_tensor.ipynb",
                 ".hidden/a.ipynb", "env/lib/b.ipynb"):
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).write_text(NOTEBOOK, encoding="utf-8")
    (made / "env" / "pyvenv.cfg").touch()
    (made / "other.txt").write_text("not mine")
    return made


def names(data: bytes) -> set[str]:
    return set(zipfile.ZipFile(io.BytesIO(data)).namelist())


def zipped(*entries: tuple[str, str | bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for name, content in entries:
            file.writestr(zipfile.ZipInfo(name), content)
    return made.getvalue()


def everything_below(path: Path) -> dict[str, bytes]:
    return {str(one.relative_to(path)): one.read_bytes() for one in path.rglob("*")
            if one.is_file()}


def test_what_is_saved_comes_back_with_outputs_and_progress(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    progress.record("03.q2", Outcome.RIGHT)
    saved = work.archive(folder)
    assert names(saved) == {
        "01_tensor.ipynb", "own/try.ipynb", "gradwidgets-progress.json", "README.txt",
    }
    monkeypatch.setenv(progress.DIRECTORY, str(tmp_path / "another machine"))
    assert progress.load() == {}
    done = restoring.restore(saved, tmp_path / "home")
    assert everything_below(tmp_path / "home") == {
        "01_tensor.ipynb": NOTEBOOK.encode(), "own/try.ipynb": NOTEBOOK.encode(),
    }
    assert (done.written, done.same, done.beside, done.left_out) == (
        ["01_tensor.ipynb", "own/try.ipynb"], [], {}, [],
    )
    assert progress.load()["03.q2"].outcome is Outcome.RIGHT
    assert done.progress == (
        "Your progress: it tells of 1 exercise; 1 was further than what was kept here."
    )


def test_the_readme_in_the_file_says_how_to_get_the_work_back(folder: Path) -> None:
    readme = zipfile.ZipFile(io.BytesIO(work.archive(folder))).read("README.txt").decode()
    assert "In this file: 2 notebooks.\n" in readme
    assert "gradwidgets restore gradwidgets-work-" in readme
    assert "never\n   written over" in readme


def test_without_notebooks_and_progress_there_is_nothing_to_save(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(WorkError, match="There is nothing to save: no notebook in .*empty, and"):
        work.archive(tmp_path / "empty")
    with pytest.raises(WorkError, match="There is no folder .*nowhere"):
        work.archive(tmp_path / "nowhere")


def test_a_notebook_that_is_too_large_is_named_in_the_readme(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "MOST_BYTES", 100)
    (folder / "huge.ipynb").write_text("x" * 101)
    saved = work.archive(folder)
    readme = zipfile.ZipFile(io.BytesIO(saved)).read("README.txt").decode()
    assert "huge.ipynb" not in names(saved)
    assert "too large, have too long a name, or cannot be read:\n    huge.ipynb\n" in readme


def test_a_different_file_is_never_written_over(folder: Path, tmp_path: Path) -> None:
    saved, home = work.archive(folder), tmp_path / "home"
    (home / "own").mkdir(parents=True)
    (home / "01_tensor.ipynb").write_text("newer work")
    (home / "own" / "try.ipynb").write_text(NOTEBOOK, encoding="utf-8")
    done = restoring.restore(saved, home)
    assert (home / "01_tensor.ipynb").read_text() == "newer work"
    assert (home / "01_tensor-restored.ipynb").read_text(encoding="utf-8") == NOTEBOOK
    assert done.beside == {"01_tensor.ipynb": "01_tensor-restored.ipynb"}
    assert done.same == ["own/try.ipynb"]
    again = restoring.restore(saved, home)
    assert again.same == ["01_tensor-restored.ipynb", "own/try.ipynb"]
    assert len(everything_below(home)) == 3


def test_files_of_other_kinds_are_left_out_and_named(tmp_path: Path) -> None:
    saved = zipped(("a.ipynb", NOTEBOOK), ("run.sh", "#!"), (".config/b.ipynb", "{}"),
                   ("__MACOSX/._a.ipynb", "x"))
    done = restoring.restore(saved, tmp_path / "home")
    assert everything_below(tmp_path / "home") == {"a.ipynb": NOTEBOOK.encode()}
    assert done.left_out == ["run.sh", ".config/b.ipynb", "__MACOSX/._a.ipynb"]


@pytest.mark.parametrize("name", [
    "../out.ipynb", "a/../../out.ipynb", "/tmp/out.ipynb", "//host/out.ipynb", "C:/out.ipynb",
    "C:out.ipynb", "..\\out.ipynb", "a\\b.ipynb", "./a.ipynb", "a//b.ipynb", "con.ipynb",
    "a/NUL/b.ipynb", "line\nbreak.ipynb", "a./b.ipynb", "a:stream.ipynb", "x" * 251,
])  # fmt: skip
def test_a_name_that_leads_elsewhere_refuses_the_whole_file(tmp_path: Path, name: str) -> None:
    home = tmp_path / "home"
    home.mkdir()
    before = everything_below(tmp_path)
    with pytest.raises(WorkError, match="which may not be unpacked here"):
        restoring.restore(zipped(("good.ipynb", NOTEBOOK), (name, "evil")), home)
    assert everything_below(tmp_path) == before


def test_a_link_in_the_file_is_refused(tmp_path: Path) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        link = zipfile.ZipInfo("link.ipynb")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        file.writestr(link, "/etc/passwd")
    with pytest.raises(WorkError, match="'link.ipynb' in it is no ordinary file, but a link"):
        restoring.restore(made.getvalue(), tmp_path / "home")
    assert not (tmp_path / "home").exists()


def test_a_link_in_the_folder_is_not_followed_out_of_it(tmp_path: Path) -> None:
    home, outside = tmp_path / "home", tmp_path / "outside"
    home.mkdir()
    outside.mkdir()
    (home / "sub").symlink_to(outside)
    with pytest.raises(WorkError, match="would be written outside of .*home, through a link"):
        restoring.restore(zipped(("sub/a.ipynb", NOTEBOOK)), home)
    assert list(outside.iterdir()) == []


def test_a_file_that_unpacks_to_far_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "MOST_BYTES", 3_000_000)
    monkeypatch.setattr(work, "MOST_TOTAL", 4_000_000)
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("a.ipynb", bytes(3_000_001))
    with pytest.raises(WorkError, match="a.ipynb is too large: 3 MB .* at most 3 MB each and 4 MB"):
        restoring.restore(bomb.getvalue(), tmp_path / "home")
    many = zipped(*((f"{number}.ipynb", bytes(1_400_000)) for number in range(3)))
    with pytest.raises(WorkError, match="2.ipynb is too large"):
        restoring.restore(many, tmp_path / "home")
    most = zipped(*((f"{number}.ipynb", "") for number in range(work.MOST_FILES + 3)))
    with pytest.raises(WorkError, match="It holds 503 files; saved work has at most 502"):
        restoring.restore(most, tmp_path / "home")
    assert not (tmp_path / "home").exists()


def test_a_file_that_lies_about_its_size_writes_nothing(tmp_path: Path) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("a.ipynb", b"x" * 1_000_000)
    lying = bomb.getvalue().replace((1_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert lying != bomb.getvalue()
    with pytest.raises(WorkError, match="This is no saved work"):
        restoring.restore(lying, tmp_path / "home")
    assert not (tmp_path / "home").exists()


def test_the_same_name_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WorkError, match="It holds A.ipynb twice"):
        restoring.restore(zipped(("a.ipynb", "1"), ("A.ipynb", "2")), tmp_path / "home")


@pytest.mark.parametrize("content", [b"", b"PK", b"not a zip at all", zipped(("notes.txt", "a"))])
def test_what_is_no_saved_work_is_told_so(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(WorkError, match="This is no saved work"):
        restoring.restore(content, tmp_path / "home")


def test_damaged_contents_are_told_so(tmp_path: Path, folder: Path) -> None:
    saved = bytearray(work.archive(folder))
    saved[60:90] = bytes(30)
    with pytest.raises(WorkError, match="This is no saved work"):
        restoring.restore(bytes(saved), tmp_path / "home")
    assert not (tmp_path / "home").exists()


def test_damaged_progress_leaves_yours_as_it_is(tmp_path: Path) -> None:
    progress.record("01.q1", Outcome.RIGHT)
    before = progress.load()
    saved = zipped(("a.ipynb", NOTEBOOK), ("gradwidgets-progress.json", "{"))
    done = restoring.restore(saved, tmp_path / "home")
    assert done.progress == (
        "The progress in it was not taken over. This is no progress file of gradwidgets: it is not "
        "JSON."
    )
    assert progress.load() == before and done.written == ["a.ipynb"]


@pytest.mark.parametrize(
    "name",
    ["What is it?.ipynb", "Q: one.ipynb", "con.ipynb", "a./x.ipynb", 'say "hi".ipynb'],
)
def test_a_name_that_not_every_machine_takes_is_saved_and_restored(
    tmp_path: Path, name: str
) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    (before / name).parent.mkdir(parents=True)
    (before / name).write_text(NOTEBOOK, encoding="utf-8")
    after.mkdir()
    done = restoring.restore(work.archive(before), after)
    (restored,) = done.written
    assert (after / restored).read_text(encoding="utf-8") == NOTEBOOK


def test_names_that_differ_in_their_case_alone_are_kept_apart(tmp_path: Path) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    before.mkdir()
    after.mkdir()
    for name in ("A.ipynb", "a.ipynb"):
        (before / name).write_text(NOTEBOOK, encoding="utf-8")
    assert sorted(restoring.restore(work.archive(before), after).written) == ["A.ipynb", "a-2.ipynb"]
