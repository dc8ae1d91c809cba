"""Who runs a test: root, whom no right of a file binds, is an ordinary user for a while."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NOBODY = 65534  # an ordinary user on every Unix, who owns nothing


@contextmanager
def ordinary_user() -> Iterator[None]:
    """Be somebody whom the rights of files bind, if this is root."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@contextmanager
def a_folder() -> Iterator[Path]:
    """Make a folder that an ordinary user may enter, as pytest's own may not be; and remove it."""
    with tempfile.TemporaryDirectory(prefix="gradwidgets-") as place:
        os.chmod(place, 0o755)
        try:
            yield Path(place)
        finally:
            for path in (Path(place), *Path(place).rglob("*")):
                if path.is_dir():
                    path.chmod(0o755)
