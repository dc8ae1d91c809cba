"""Restoring says of every file what came of it, and what it began it ends or takes away again."""

from __future__ import annotations

import io
import resource
import unicodedata
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gradwidgets.command import main as cli
from gradwidgets.command import restoring, work
from gradwidgets.command.work import WorkError
from gradwidgets.lessons import progress
from tests.cli.test_work import NOTEBOOK, everything_below, names, zipped
from tests.users import a_folder, ordinary_user

PROGRESS = ("gradwidgets-progress.json", '{"version": 1, "exercises": {}}')


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(progress.DIRECTORY, str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    """Let the system refuse what a full disk refuses: the bytes beyond so many."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def restored(capsys: pytest.CaptureFixture[str], data: bytes, *options: str) -> tuple[int, str]:
    """Run the command; return its exit code and all that it prints."""
    Path("saved.zip").write_bytes(data)
    code = cli.main(["restore", "saved.zip", *options])
    told = capsys.readouterr()
    return code, told.out + told.err


# -- what cannot be trusted, or cannot be: nothing is written


@pytest.mark.parametrize("entries", [
    ("a.ipynb", "a.ipynb/b.ipynb"), ("a.ipynb/b.ipynb", "a.ipynb"),
    ("A.ipynb", "a.ipynb/deep/b.ipynb"), ("x/é.ipynb", "x/e\u0301.ipynb/b.ipynb"),
])  # fmt: skip
def test_a_name_that_is_file_and_folder_refuses_the_whole_file(
    folder: Path, capsys: pytest.CaptureFixture[str], entries: tuple[str, ...]
) -> None:
    data = zipped(("good.ipynb", NOTEBOOK), *((name, NOTEBOOK) for name in entries))
    file, inside = sorted(entries, key=len)
    assert restored(capsys, data, "--into", "home") == (
        1, f"gradwidgets: It holds {file} as a file, and as a folder with {inside} in it. "
        "Nothing was written.\n",
    )  # fmt: skip
    assert not (folder / "home").exists()


def test_names_that_are_the_same_on_a_mac_are_refused(folder: Path) -> None:
    data = zipped(("é.ipynb", "1"), (unicodedata.normalize("NFD", "É.ipynb"), "2"))
    with pytest.raises(WorkError, match=r"It holds .*\.ipynb twice\. Nothing was written\."):
        restoring.restore(data, "home")


@pytest.mark.parametrize("name", [
    "com¹.ipynb", "CONIN$.ipynb", "con .ipynb", "a/Lpt9.x.ipynb",
    "clear\x9b2J.ipynb", "bnypi.\u202egnp.ipynb", "two\u2028lines.ipynb", "del\x7f.ipynb",
])  # fmt: skip
def test_a_name_that_some_machine_shows_or_takes_as_something_else_is_refused(name: str) -> None:
    with pytest.raises(WorkError, match="which may not be unpacked here. Nothing was written."):
        restoring.restore(zipped((name, NOTEBOOK)), "home")


def test_an_encrypted_a_truncated_and_a_packed_file_of_another_kind_are_named(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plain = zipped(("a.ipynb", NOTEBOOK), ("b.ipynb", NOTEBOOK))
    encrypted, other = bytearray(plain), bytearray(plain)
    at = plain.rindex(b"PK\x01\x02")  # what the directory says of b.ipynb
    encrypted[at + 8] |= 1
    other[at + 10] = 99
    for data, why in [
        (bytes(encrypted), "'b.ipynb' in it is encrypted."),
        (plain[:-30], "This is no saved work: it cannot be unpacked (File is not a zip file)."),
        (plain[: len(plain) // 2], "it cannot be unpacked (File is not a zip file)."),
        (bytes(other), "it cannot be unpacked (That compression method is not supported)."),
    ]:
        code, told = restored(capsys, data, "--into", "home")
        assert code == 1 and told.endswith(f"{why} Nothing was written.\n")
        assert not (folder / "home").exists()


def test_a_folder_or_a_file_in_the_wrong_place_is_a_sentence(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "home").mkdir()
    assert cli.main(["restore", "home"]) == 1
    assert capsys.readouterr().err == (
        'gradwidgets: home is a folder. Give the file that "Save my work" has saved: '
        "gradwidgets-work-….zip.\n"
    )
    (folder / "notes").write_text("mine")
    assert restored(capsys, zipped(("a.ipynb", NOTEBOOK)), "--into", "notes") == (
        1, "gradwidgets: notes is a file, and no folder. Nothing was written.\n"
    )  # fmt: skip
    assert (folder / "notes").read_text() == "mine"


# -- what goes wrong half way: each file is told


def test_on_a_full_disk_what_was_written_and_what_was_not_is_told(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = zipped(("a.ipynb", NOTEBOOK), ("new/big.ipynb", "x" * 20_000), ("z.ipynb", "{}"),
                  PROGRESS)
    Path("saved.zip").write_bytes(data)
    with no_file_larger_than(10_000):
        assert cli.main(["restore", "saved.zip", "--into", "home"]) == 1
    assert capsys.readouterr().out == (
        "Restored to home:\n  a.ipynb\n  z.ipynb\n"
        "Not restored to home (File too large):\n  new/big.ipynb\n"
        "Your progress: it tells of 0 exercises; none was further than what was kept here.\n"
    )
    assert everything_below(folder / "home") == {"a.ipynb": NOTEBOOK.encode(), "z.ipynb": b"{}"}
    assert not (folder / "home" / "new").exists()


@pytest.mark.parametrize("size", [1, 100])
def test_a_small_file_that_a_full_disk_refuses_leaves_nothing_behind(
    folder: Path, size: int
) -> None:
    with no_file_larger_than(size), pytest.raises(OSError, match="File too large"):
        restoring.put(folder / "home" / "deep" / "a.ipynb", b"x" * (size + 1))
    assert not (folder / "home").exists()


def test_without_permission_half_way_what_was_not_written_is_told(
    capsys: pytest.CaptureFixture[str]
) -> None:
    with a_folder() as top:
        home = top / "home"
        (home / "closed").mkdir(parents=True)
        home.chmod(0o777)
        (home / "closed").chmod(0o555)
        data = zipped(("a.ipynb", NOTEBOOK), ("closed/b.ipynb", NOTEBOOK),
                      ("closed/below/c.ipynb", NOTEBOOK), ("open/d.ipynb", NOTEBOOK))
        with ordinary_user():
            done = restoring.restore(data, home)
        assert (done.written, done.same, done.beside) == (["a.ipynb", "open/d.ipynb"], [], {})
        assert done.failed == {
            "closed/b.ipynb": "Permission denied", "closed/below/c.ipynb": "Permission denied",
        }
        assert everything_below(home).keys() == {"a.ipynb", "open/d.ipynb"}


def test_a_file_in_the_place_of_a_folder_is_kept_and_told(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "home").mkdir()
    (folder / "home" / "own").write_text("mine")
    (folder / "home" / "a.ipynb").mkdir()
    data = zipped(("own/try.ipynb", NOTEBOOK), ("own/deep/x.ipynb", "{}"), ("a.ipynb", NOTEBOOK))
    assert restored(capsys, data, "--into", "home") == (
        1,
        "In home there are others of that name, which are kept. Restored beside them:\n"
        "  a.ipynb as a-restored.ipynb\n"
        f"Not restored to home ({Path('home/own')} is a file, and no folder):\n"
        "  own/try.ipynb\n  own/deep/x.ipynb\n",
    )
    assert (folder / "home" / "own").read_text() == "mine"


def test_a_link_that_leads_nowhere_is_not_written_through(folder: Path) -> None:
    (folder / "home").mkdir()
    (folder / "home" / "a.ipynb").symlink_to(folder / "home" / "nowhere")
    done = restoring.restore(zipped(("a.ipynb", NOTEBOOK)), folder / "home")
    assert done.beside == {"a.ipynb": "a-restored.ipynb"}
    assert not (folder / "home" / "nowhere").exists()


def test_an_interrupt_half_way_says_what_was_restored(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    put = restoring.put

    def put_or_interrupt(path: Path, content: bytes) -> str:
        if path.name == "b.ipynb":
            raise KeyboardInterrupt
        return put(path, content)

    monkeypatch.setattr(restoring, "put", put_or_interrupt)
    data = zipped(("a.ipynb", NOTEBOOK), ("b.ipynb", NOTEBOOK), PROGRESS)
    assert restored(capsys, data) == (
        1,
        "Restored to this folder:\n  a.ipynb\nAll else was not restored.\n"
        "gradwidgets: interrupted.\n",
    )


# -- what is saved can always be restored


def test_what_only_some_machines_keep_apart_is_saved_under_names_that_all_do(
    folder: Path
) -> None:
    before = folder / "before"
    for name in ("A.ipynb", "a.ipynb/b.ipynb", "README.txt/c.ipynb", "x/é.ipynb",
                 "x/e\u0301.ipynb", "Y/z.ipynb/d.ipynb", "y/Z.ipynb"):
        (before / name).parent.mkdir(parents=True, exist_ok=True)
        (before / name).write_text(f'"{name}"', encoding="utf-8")
    saved = work.archive(before)
    assert names(saved) == {
        "A.ipynb", "a-2.ipynb/b.ipynb", "README-2.txt/c.ipynb", "x/e\u0301.ipynb", "x/é-2.ipynb",
        "Y/z.ipynb/d.ipynb", "y/Z-2.ipynb", "README.txt",
    }
    assert len(restoring.restore(saved, folder / "after").written) == 7


def test_a_name_too_long_for_other_machines_is_left_out_and_said(folder: Path) -> None:
    deep = folder / "before" / ("d" * 150) / ("e" * 150)
    deep.mkdir(parents=True)
    (deep / "a.ipynb").write_text(NOTEBOOK)
    (folder / "before" / "b.ipynb").write_text(NOTEBOOK)
    saved = work.archive(folder / "before")
    assert names(saved) == {"b.ipynb", "README.txt"}
    readme = zipfile.ZipFile(io.BytesIO(saved)).read("README.txt").decode()
    assert "too large, have too long a name, or cannot be read:\n    dddd" in readme


def test_a_folder_that_is_closed_is_named_and_the_rest_is_saved() -> None:
    with a_folder() as top:
        (top / "closed").mkdir()
        (top / "open").mkdir()
        (top / "open" / "a.ipynb").write_text(NOTEBOOK)
        (top / "closed").chmod(0)
        with ordinary_user():
            saved = work.archive(top)
    assert names(saved) == {"open/a.ipynb", "README.txt"}
    readme = zipfile.ZipFile(io.BytesIO(saved)).read("README.txt").decode()
    assert "or cannot be read:\n    closed/\n" in readme


def test_a_name_that_is_no_text_is_left_out_and_said(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "MOST_BYTES", 100)
    (folder / "before").mkdir()
    (folder / "before" / "huge\udce9.ipynb").write_text("x" * 101)
    saved = work.archive(folder / "before")
    assert "    huge?.ipynb" in zipfile.ZipFile(io.BytesIO(saved)).read("README.txt").decode()
