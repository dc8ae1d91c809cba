"""Put JupyterLab's extension together: the files of ``static`` and the notebooks, in one folder.

Browsers keep the files of an extension for ever. So they stand in a folder that is named after
what is in it: a changed file has another address, and an upgrade is seen at once.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gradwidgets import __version__
from gradwidgets.command import notebook_files
from gradwidgets.texts import CATALOGUES

NAME = "gradwidgets"
HERE = Path(__file__).parent
OURS = "lab."  # what the keys of the extension's texts begin with

INSTALLED_BY = {
    "packageManager": "python",
    "packageName": NAME,
    "uninstallInstructions": f"Uninstall the Python package {NAME}: pip uninstall {NAME}",
}


def assemble(target: Path, static: Path = HERE / "static") -> Path:
    """Write the extension into `target`, a folder for extensions; return the folder of this one."""
    extension = target / NAME
    files = _contents(static)
    place = f"static/{_digest(files)}"
    for name, content in files.items():
        _write(extension / place / name, content)
    package = json.loads((HERE / "package.json").read_text(encoding="utf-8"))
    package["version"] = __version__
    package["jupyterlab"]["_build"]["load"] = f"{place}/entry.js"
    _write(extension / "package.json", _json(package))
    _write(extension / "install.json", _json(INSTALLED_BY))
    return extension


def _contents(static: Path) -> dict[str, bytes]:
    """Return the files of the extension by their names: code, texts, notebooks, and their list."""
    files = {path.name: path.read_bytes() for path in static.iterdir() if path.is_file()}
    lessons = notebook_files.lessons()
    playground = notebook_files.playground()
    for path in [playground, *(lesson.path for lesson in lessons)]:
        files[f"notebooks/{path.name}"] = path.read_bytes()
    files["notebooks.json"] = _json(
        {
            "playground": playground.name,
            "lessons": [
                {"number": one.number, "title": one.title, "file": one.path.name}
                for one in lessons
            ],
        }
    )
    files["texts.json"] = _json(
        {
            language: {
                key.removeprefix(OURS): words
                for key, words in texts.items()
                if key.startswith(OURS)
            }
            for language, texts in CATALOGUES.items()
        }
    )
    return dict(sorted(files.items()))


def _digest(files: dict[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name, content in files.items():
        digest.update(f"{name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()[:16]


def _json(value: Mapping[str, Any]) -> bytes:
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
