"""Which code is a learner's own, and which line of it an error came from."""

from __future__ import annotations

import linecache
import os
import sysconfig
import traceback
from functools import lru_cache
from pathlib import Path
from types import TracebackType


def own_line(trail: TracebackType | None) -> tuple[str, int | None]:
    """Return the last line of the trail that is the learner's, and not a library's."""
    lines = [(frame.f_code.co_filename, number) for frame, number in traceback.walk_tb(trail)]
    own = [entry for entry in lines if is_foreign(entry[0])]
    if not own:
        return "", None
    return linecache.getline(*own[-1]).strip(), own[-1][1]


@lru_cache(maxsize=1024)
def is_foreign(filename: str) -> bool:
    """Tell whether code comes from a learner, and neither from here nor from a library."""
    return not filename.startswith(("<frozen", "<__array", _HERE)) and not any(
        filename.startswith(folder) for folder in _libraries()) and not any(
        f"{os.sep}{folder}{os.sep}" in filename for folder in ("site-packages", "dist-packages"))


@lru_cache(maxsize=1)
def _libraries() -> tuple[str, ...]:
    """Return the folders of Python's own modules and of what is installed; 5 ms, so not at once."""
    names = "stdlib", "platstdlib", "purelib", "platlib"
    return tuple({path for path in map(sysconfig.get_path, names) if path})


_HERE = str(Path(__file__).parents[2])
