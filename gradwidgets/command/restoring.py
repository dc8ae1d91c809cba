"""Saved work comes back into a folder: what is in the file may come from anybody.

Every name and size is looked at before the first byte is written, and a file that is there already
is never written over. What goes wrong after that is told file by file.
"""

from __future__ import annotations

import errno
import io
import os
import stat
import zipfile
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from gradwidgets.command import work
from gradwidgets.command.work import MEGABYTE, PROGRESS, README, WorkError
from gradwidgets.lessons import progress

NO_WORK = "This is no saved work"
NOTHING = "Nothing was written."


@dataclass
class Restored:
    """What came of restoring: names of files, and a sentence on the progress ("" for none)."""

    written: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    beside: dict[str, str] = field(default_factory=dict)  # its name -> the one it got
    left_out: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)  # its name -> why it was not written
    progress: str = ""


def restore(
    data: bytes, folder: str | os.PathLike[str] = ".", done: Restored | None = None
) -> Restored:
    """Unpack saved work into a folder, which is made when it is not there.

    What cannot be written is in `failed` of what this returns; all the rest is written.

    Parameters
    ----------
    data : bytes
    folder : path, default="."
    done : Restored, optional
        Filled while it goes on, so that it tells the truth after an interrupt, too.

    Raises
    ------
    WorkError
        When it is no saved work, or not all of it can be trusted; nothing is written then.
    """
    top, done = work.existing(Path(folder)), done or Restored()
    try:
        contents = _contents(data, top, done)
    except WorkError as error:
        raise WorkError(f"{error} {NOTHING}") from error
    kept = contents.pop(PROGRESS, None)
    for name, content in contents.items():
        try:
            _restore_one(top, name, content, done)
        except OSError as error:
            done.failed[name] = _reason(error)
    if kept is not None:
        done.progress = _import(kept)
    return done


def put(path: Path, content: bytes) -> str:
    """Write a new file: "written"; or tell of what is there: "same", or "different".

    Nothing is ever written over, not even when another program makes the file meanwhile; and what
    cannot be written leaves nothing behind, neither half a file nor a folder made for it.
    """
    made = _make_folder(path.parent)
    try:
        with path.open("xb", buffering=0) as file:
            try:
                left = memoryview(content)
                while left:
                    left = left[file.write(left) :]
                os.fsync(file.fileno())  # some disks say only then that they are full
            except BaseException:
                path.unlink()  # half a notebook would be taken for the learner's own
                raise
    except FileExistsError:
        same = path.is_file() and path.read_bytes() == content
        return "same" if same else "different"
    except BaseException:
        _remove(made)
        raise
    return "written"


def _make_folder(folder: Path) -> list[Path]:
    """Make a folder, and return those that were made for it, the innermost first."""
    if folder.is_dir():
        return []
    outer = _make_folder(folder.parent)
    try:
        folder.mkdir()
    except OSError as error:
        if folder.is_dir():  # another program was quicker
            return outer
        _remove(outer)
        if isinstance(error, FileExistsError):
            told = os.strerror(errno.ENOTDIR)
            raise NotADirectoryError(errno.ENOTDIR, told, str(folder)) from None
        raise
    return [folder, *outer]


def _remove(folders: list[Path]) -> None:
    for one in folders:
        with suppress(OSError):
            one.rmdir()


def _contents(data: bytes, top: Path, done: Restored) -> dict[str, bytes]:
    """Return what is to be restored, by its name; refuse the whole file if anything is wrong."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            wanted = _checked(file, top, done)
            contents = {name: file.read(info) for name, info in wanted.items()}
    except (WorkError, MemoryError):
        raise
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
        raise WorkError(f"{NO_WORK}: it cannot be unpacked ({error}).") from error
    except Exception as error:  # zlib's and lzma's own errors, of damaged contents
        raise WorkError(f"{NO_WORK}: it is damaged ({error}).") from error
    if not contents:
        raise WorkError(f"{NO_WORK}: there is no notebook and no progress in it.")
    return contents


def _checked(file: zipfile.ZipFile, top: Path, done: Restored) -> dict[str, zipfile.ZipInfo]:
    most = work.MOST_FILES + 2
    infos = [info for info in file.infolist() if not info.is_dir()]
    if len(infos) > most:
        raise WorkError(f"It holds {len(infos)} files; saved work has at most {most}.")
    wanted: dict[str, zipfile.ZipInfo] = {}
    files: dict[str, str] = {}
    folders: dict[str, str] = {}
    total = 0
    for info in infos:
        name = info.filename
        _check_name(name, info, top)
        total += info.file_size
        if info.file_size > work.MOST_BYTES or total > work.MOST_TOTAL:
            raise WorkError(
                f"{name} is too large: {info.file_size // MEGABYTE} MB of {total // MEGABYTE} MB "
                f"so far; at most {work.MOST_BYTES // MEGABYTE} MB each and "
                f"{work.MOST_TOTAL // MEGABYTE} MB in all are restored."
            )
        if work.same_name(name) in files:
            raise WorkError(f"It holds {name} twice.")
        files[work.same_name(name)] = name
        for parent in PurePosixPath(name).parents:
            folders.setdefault(work.same_name(parent.as_posix()), name)
        parts = PurePosixPath(name).parts
        hidden = any(part.startswith(".") or part in work.NOT_WORK for part in parts)
        if name == PROGRESS or (parts[-1].endswith(".ipynb") and not hidden):
            wanted[name] = info
        elif name != README:
            done.left_out.append(name)
    for name in files.keys() & folders.keys():
        raise WorkError(
            f"It holds {files[name]} as a file, and as a folder with {folders[name]} in it."
        )
    return wanted


def _check_name(name: str, info: zipfile.ZipInfo, top: Path) -> None:
    """Refuse a name that leads, or could lead, out of the folder."""
    parts = name.split("/")
    kind = stat.S_IFMT(info.external_attr >> 16)
    if (
        any(part in ("", ".", "..") or part[-1] in ". " for part in parts)
        or any(work.is_unfit(letter) for letter in name)
        or any(work.RESERVED.match(part) for part in parts)
        or len(name) > work.LONGEST
    ):
        raise WorkError(f"It holds a file named {name!r}, which may not be unpacked here.")
    if kind not in (0, stat.S_IFREG):
        raise WorkError(f"{name!r} in it is no ordinary file, but a link or a device.")
    if info.flag_bits & 0x1:
        raise WorkError(f"{name!r} in it is encrypted.")
    try:
        inside = (top / name).resolve().is_relative_to(top.resolve())
    except (OSError, RuntimeError):
        inside = False
    if not inside:
        raise WorkError(f"{name!r} would be written outside of {top.absolute()}, through a link.")


def _restore_one(top: Path, name: str, content: bytes, done: Restored) -> None:
    path, number = top / name, 1
    outcome = put(path, content)
    while outcome == "different":
        ending = "-restored" if number == 1 else f"-restored-{number}"
        path = (top / name).with_name(f"{PurePosixPath(name).stem}{ending}.ipynb")
        outcome, number = put(path, content), number + 1
    given = path.relative_to(top).as_posix()
    if outcome == "same":
        done.same.append(given)
    elif given == name:
        done.written.append(name)
    else:
        done.beside[name] = given


def _import(kept: bytes) -> str:
    try:
        told, further = progress.import_text(kept.decode("utf-8"))
    except UnicodeDecodeError:
        return "The progress in it is damaged; yours is as it was."
    except progress.ProgressError as error:
        return f"The progress in it was not taken over. {error}"
    exercises = "1 exercise" if told == 1 else f"{told} exercises"
    were = "none was" if not further else "1 was" if further == 1 else f"{further} were"
    return f"Your progress: it tells of {exercises}; {were} further than what was kept here."


def _reason(error: OSError) -> str:
    if isinstance(error, NotADirectoryError) and error.filename:
        return f"{error.filename} is a file, and no folder"
    return error.strerror or str(error)
