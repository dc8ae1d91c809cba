"""A learner's work in one file: the notebooks of a folder, and the progress.

The way back is in `restoring`.
"""

from __future__ import annotations

import io
import os
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from gradwidgets.lessons import progress

if TYPE_CHECKING:
    from gradwidgets.command.save_button import SaveButton

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
TOO = "too large, have too long a name, or cannot be read"
MEGABYTE = 1_000_000
MOST_FILES = 500
MOST_BYTES = 100 * MEGABYTE  # of one notebook, its pictures included
MOST_TOTAL = 300 * MEGABYTE
DEEPEST = 4  # folders within folders
NOT_WORK = {"node_modules", "site-packages", "__pycache__", "__MACOSX"}
LONGEST = 250  # characters of a name, its folders included
# Windows' devices, whatever follows the dot.
RESERVED = re.compile(
    r"(con|conin\$|conout\$|prn|aux|nul|com[\d¹²³]|lpt[\d¹²³])\s*(\.|$)", re.IGNORECASE
)


class WorkError(Exception):
    """The work cannot be saved or restored; the message says why, and what to do."""


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
    top = existing(Path(folder))
    try:
        os.scandir(top).close()
    except FileNotFoundError:
        raise WorkError(f"There is no folder {top}.") from None
    except OSError as error:
        raise WorkError(f"The folder {top.absolute()} cannot be read: {error.strerror}.") from error
    made, saved, left, total = io.BytesIO(), 0, [], 0
    names = _Names()
    closed: list[Path] = []
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as file:
        for path in _notebooks(top, DEEPEST, closed):
            name = path.relative_to(top).as_posix()
            try:
                data = path.read_bytes() if path.stat().st_size <= MOST_BYTES else None
            except OSError:
                data = None
            fitting = names.fitting(name)
            too_much = saved >= MOST_FILES or len(fitting) > LONGEST
            if data is None or too_much or total + len(data) > MOST_TOTAL:
                left.append(name)
                continue
            file.writestr(fitting, data)
            saved, total = saved + 1, total + len(data)
        left += [f"{path.relative_to(top).as_posix()}/" for path in closed]
        kept = _progress_file()
        if kept is not None:
            file.writestr(PROGRESS, kept)
        if not saved and not left and kept is None:
            raise WorkError(
                f"There is nothing to save: no notebook in {top.absolute()}, and no progress."
            )
        # A name may hold half a letter, which UTF-8 cannot write.
        file.writestr(README, _readme(saved, kept is not None, left).encode("utf-8", "replace"))
    return made.getvalue()


def save_work(folder: str | os.PathLike[str] = ".") -> SaveButton:
    """Show a button that downloads your work: the notebooks of a folder, and your progress.

    ``gradwidgets restore FILE`` brings it back, on this machine or on another one.

    Parameters
    ----------
    folder : path, default="."
        By default the folder of this notebook.
    """
    from gradwidgets.command.save_button import SaveButton

    return SaveButton(lambda: archive(folder), name_for_today, WorkError)


def _notebooks(folder: Path, depth: int, closed: list[Path]) -> Iterator[Path]:
    """Yield the notebooks below a folder, its own first; `closed` gets what cannot be looked at."""
    deeper = []
    try:
        for path in sorted(folder.iterdir()):
            if path.name.startswith(".") or path.name in NOT_WORK or path.is_symlink():
                continue
            if path.suffix == ".ipynb" and path.is_file():
                yield path
            elif depth and path.is_dir():
                deeper.append(path)
    except OSError:
        closed.append(folder)
    for path in deeper:
        if not _is_environment(path):
            yield from _notebooks(path, depth - 1, closed)


def _is_environment(folder: Path) -> bool:
    try:
        return (folder / "pyvenv.cfg").exists()
    except OSError:  # it is closed
        return False


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
        left=f"\nNot in it, since they are {TOO}:\n{more}" if left else "",
        python="3.11",
        name=name_for_today(),
        file=PROGRESS,
    )


class _Names:
    """Gives each file a name that `restore` takes on every machine, and that no other file has."""

    def __init__(self) -> None:
        self._files = {same_name(README), same_name(PROGRESS)}
        self._folders: set[str] = set()

    def fitting(self, name: str) -> str:
        """Return a name for the file that is called `name` here."""
        *folders, last = (self._part(part) for part in PurePosixPath(name).parts)
        path = PurePosixPath()
        for part in folders:
            path = self._free(path / part, self._files)
            self._folders.add(same_name(path.as_posix()))
        path = self._free(path / last, self._files | self._folders)
        self._files.add(same_name(path.as_posix()))
        return path.as_posix()

    @staticmethod
    def _part(part: str) -> str:
        kept = "".join("_" if is_unfit(letter) else letter for letter in part)
        kept = kept[:-1] + "_" if kept[-1] in ". " else kept
        return f"_{kept}" if RESERVED.match(kept) else kept

    @staticmethod
    def _free(path: PurePosixPath, taken: set[str]) -> PurePosixPath:
        free, number = path, 1
        while same_name(free.as_posix()) in taken:
            number += 1
            free = path.with_stem(f"{path.stem}-{number}")
        return free


def same_name(name: str) -> str:
    """Return what two names have in common that are one and the same on some machine."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def is_unfit(letter: str) -> bool:
    """Tell whether some machine takes no file with this letter, or shows another name for it.

    Half of a surrogate pair is no letter; some marks turn the direction of what follows.
    """
    code = ord(letter)
    return (
        code < 32
        or 0x7F <= code < 0xA0
        or 0xD800 <= code <= 0xDFFF
        or 0x2028 <= code <= 0x202E
        or 0x2066 <= code <= 0x2069
        or letter in '\\:*?"<>|'
    )


def existing(folder: Path) -> Path:
    """Return a folder, unless it lies below a working folder that is not there any more."""
    if not folder.is_absolute():
        try:
            os.getcwd()
        except OSError as error:
            raise WorkError(
                f"The folder that you are in cannot be read: {error.strerror}. It was removed, or "
                "moved, perhaps. Go to a folder that is there, and try again."
            ) from error
    return folder
