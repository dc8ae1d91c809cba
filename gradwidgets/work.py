"""A learner's work in one file: the notebooks of a folder and the progress, and the way back.

Restoring trusts nothing: what is in the file may come from anybody. Every name and size is looked
at before the first byte is written, and a file that is there already is never written over.
"""

from __future__ import annotations

import io
import os
import re
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath

from gradwidgets.lessons import progress

PROGRESS = "gradwidgets-progress.json"  # as the board exports it
README = "README.txt"
TEXT = """\
Work done with gradwidgets, saved on {day}.

In this file: {count}{progress}.{left}

To get it back, on any machine with Python {python} or newer:

1. Install gradwidgets (its README.md tells how).
2. Go to the folder where you want to work, and run
       gradwidgets restore {name}
   with the name under which you keep this file. A notebook that is there already is never
   written over: yours then gets "-restored" in its name. Your progress is added to what is there.
3. Run "gradwidgets" or "gradwidgets course", or open one of the notebooks in JupyterLab.

Without gradwidgets this is an ordinary ZIP archive: unpack it, and open the notebooks in
JupyterLab. On Binder, upload the notebooks with the arrow on top of JupyterLab's file browser, and
{file} with "Import …" below gradwidgets.progress().
"""
MEGABYTE = 1_000_000
MOST_FILES = 500
MOST_BYTES = 100 * MEGABYTE  # of one notebook, its pictures included
MOST_TOTAL = 300 * MEGABYTE
DEEPEST = 4  # folders within folders
NOT_WORK = {"node_modules", "site-packages", "__pycache__", "__MACOSX"}
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)  # Windows' devices


class WorkError(Exception):
    """The work cannot be saved or restored; the message says why, and what to do."""


@dataclass
class Restored:
    """What came of restoring: names of files, and a sentence on the progress ("" for none)."""

    written: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    beside: dict[str, str] = field(default_factory=dict)  # its name -> the one it got
    left_out: list[str] = field(default_factory=list)
    progress: str = ""


def name_for_today() -> str:
    """Return a file name for the work as it is now: "gradwidgets-work-2025-03-31-1405.zip"."""
    return f"gradwidgets-work-{datetime.now():%Y-%m-%d-%H%M}.zip"


def archive(folder: str | os.PathLike[str] = ".") -> bytes:
    """Return a ZIP archive of the notebooks in a folder, with their outputs, and of the progress.

    Folders in it are looked into as well, but for hidden ones and virtual environments. The
    archive holds a README.txt that says how to get the work back.

    Raises
    ------
    WorkError
        When the folder is none, or there is nothing to save.
    """
    top = Path(folder)
    if not top.is_dir():
        raise WorkError(f"There is no folder {top}.")
    made, saved, left, total = io.BytesIO(), 0, [], 0
    names: set[str] = set()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as file:
        for path in _notebooks(top, DEEPEST):
            name = path.relative_to(top).as_posix()
            try:
                data = path.read_bytes() if path.stat().st_size <= MOST_BYTES else None
            except OSError:
                data = None
            if data is None or saved >= MOST_FILES or total + len(data) > MOST_TOTAL:
                left.append(name)
                continue
            file.writestr(_name_for_every_machine(name, names), data)
            saved, total = saved + 1, total + len(data)
        kept = _progress_file()
        if kept is not None:
            file.writestr(PROGRESS, kept)
        if not saved and not left and kept is None:
            raise WorkError(
                f"There is nothing to save: no notebook in {top.absolute()}, and no progress."
            )
        file.writestr(README, _readme(saved, kept is not None, left))
    return made.getvalue()


def restore(data: bytes, folder: str | os.PathLike[str] = ".") -> Restored:
    """Unpack saved work into a folder, which is made when it is not there.

    Raises
    ------
    WorkError
        When it is no saved work, or not all of it can be trusted (nothing is written then), or a
        file cannot be written.
    """
    top, done = Path(folder), Restored()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            wanted = _checked(file, top, done)
            contents = {name: file.read(info) for name, info in wanted.items()}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
        raise WorkError(f"This is no saved work: it cannot be unpacked ({error}).") from error
    except Exception as error:  # zlib's and lzma's own errors, of damaged contents
        if isinstance(error, (WorkError, OSError)):
            raise
        raise WorkError(f"This is no saved work: it is damaged ({error}).") from error
    if not contents:
        raise WorkError("This is no saved work: there is no notebook and no progress in it.")
    kept = contents.pop(PROGRESS, None)
    try:
        for name, content in contents.items():
            _restore_one(top, name, content, done)
    except OSError as error:
        raise WorkError(f"{_reason(error, top)} Written so far: {len(done.written)}.") from error
    if kept is not None:
        done.progress = _import(kept)
    return done


def put(path: Path, content: bytes) -> str:
    """Write a new file: "written"; or tell of what is there: "same", or "different".

    Nothing is ever written over, not even when another program makes the file meanwhile.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("xb") as file:
            try:
                file.write(content)
            except OSError:
                path.unlink()  # half a notebook would be taken for the learner's own
                raise
    except FileExistsError:
        same = path.is_file() and path.read_bytes() == content
        return "same" if same else "different"
    return "written"


def save_work(folder: str | os.PathLike[str] = ".") -> object:
    """Show a button that downloads your work: the notebooks of a folder, and your progress.

    ``gradwidgets restore FILE`` brings it back, on this machine or on another one.

    Parameters
    ----------
    folder : path, default="."
        By default the folder of this notebook.
    """
    from gradwidgets.views.save_button import SaveButton

    return SaveButton(lambda: archive(folder), name_for_today, WorkError)


def _notebooks(folder: Path, depth: int) -> Iterator[Path]:
    """Yield the notebooks below a folder, those of the folder itself first."""
    try:
        entries = sorted(folder.iterdir())
    except OSError:
        return
    deeper = []
    for path in entries:
        if path.name.startswith(".") or path.name in NOT_WORK or path.is_symlink():
            continue
        if path.suffix == ".ipynb" and path.is_file():
            yield path
        elif depth and path.is_dir() and not (path / "pyvenv.cfg").exists():
            deeper.append(path)
    for path in deeper:
        yield from _notebooks(path, depth - 1)


def _progress_file() -> bytes | None:
    try:
        if progress.load():
            return progress.export_text().encode("utf-8")  # with what could not be written yet
    except progress.ProgressError:
        pass  # a damaged or a newer file is saved as it is
    try:
        kept = progress.path().read_bytes()
    except (OSError, progress.ProgressError):
        return None
    return kept if len(kept) <= progress.MOST_CHARACTERS else None


def _readme(saved: int, progress_too: bool, left: list[str]) -> str:
    count = "1 notebook" if saved == 1 else f"{saved} notebooks"
    more = "\n".join(f"    {name}" for name in left)
    return TEXT.format(
        day=f"{datetime.now():%Y-%m-%d at %H:%M}",
        count=count,
        progress=f", and your progress in the course ({PROGRESS})" if progress_too else "",
        left=f"\nNot in it, since they are too large or cannot be read:\n{more}" if left else "",
        python="3.11",
        name=name_for_today(),
        file=PROGRESS,
    )


def _checked(
    file: zipfile.ZipFile, top: Path, done: Restored
) -> dict[str, zipfile.ZipInfo]:
    """Return what is to be restored, by its name; refuse the whole file if anything is wrong."""
    infos = [info for info in file.infolist() if not info.is_dir()]
    if len(infos) > MOST_FILES + 2:
        raise WorkError(f"It holds {len(infos)} files; saved work has at most {MOST_FILES + 2}.")
    wanted: dict[str, zipfile.ZipInfo] = {}
    seen, total = set(), 0
    for info in infos:
        name = info.filename
        _check_name(name, info, top)
        total += info.file_size
        if info.file_size > MOST_BYTES or total > MOST_TOTAL:
            raise WorkError(
                f"{name} is too large: {info.file_size // MEGABYTE} MB of {total // MEGABYTE} MB "
                f"so far; at most {MOST_BYTES // MEGABYTE} MB each and {MOST_TOTAL // MEGABYTE} "
                "MB in all are restored."
            )
        if name.casefold() in seen:
            raise WorkError(f"It holds {name} twice.")
        seen.add(name.casefold())
        parts = PurePosixPath(name).parts
        hidden = any(part.startswith(".") or part in NOT_WORK for part in parts)
        if name == PROGRESS or (parts[-1].endswith(".ipynb") and not hidden):
            wanted[name] = info
        elif name != README:
            done.left_out.append(name)
    return wanted


def _name_for_every_machine(name: str, taken: set[str]) -> str:
    """Return a name that `restore` takes on every machine, and that no other file has."""
    parts = []
    for part in PurePosixPath(name).parts:
        kept = "".join("_" if _is_unfit(letter) else letter for letter in part)
        kept = kept[:-1] + "_" if kept[-1] in ". " else kept
        parts.append(f"_{kept}" if RESERVED.match(kept) else kept)
    path, number = PurePosixPath(*parts), 1
    while path.as_posix().casefold() in taken:
        number += 1
        path = PurePosixPath(*parts).with_stem(f"{PurePosixPath(*parts).stem}-{number}")
    taken.add(path.as_posix().casefold())
    return path.as_posix()


def _is_unfit(letter: str) -> bool:
    """Tell whether some machine takes no file with this letter; half a surrogate pair is none."""
    return ord(letter) < 32 or letter in '\\:*?"<>|' or 0xD800 <= ord(letter) <= 0xDFFF


def _check_name(name: str, info: zipfile.ZipInfo, top: Path) -> None:
    """Refuse a name that leads, or could lead, out of the folder."""
    parts = name.split("/")
    kind = stat.S_IFMT(info.external_attr >> 16)
    if (
        any(part in ("", ".", "..") or part[-1] in ". " for part in parts)
        or any(_is_unfit(letter) for letter in name)
        or any(RESERVED.match(part) for part in parts)
        or len(name) > 250
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


def _reason(error: OSError, top: Path) -> str:
    return f"{error.filename or top} cannot be written: {error.strerror or error}."
