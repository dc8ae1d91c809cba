"""JupyterLab's extension comes with the wheel, and an upgrade of it is seen at once."""

from __future__ import annotations

import email
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import gradwidgets
from gradwidgets.command import notebook_files
from gradwidgets.lab import first_cells
from gradwidgets.lab.assemble import HERE, assemble
from gradwidgets.texts import CATALOGUES

STATIC = HERE / "static"


@pytest.fixture
def extension(tmp_path: Path) -> Path:
    return assemble(tmp_path / "labextensions")


def package(extension: Path) -> dict:
    return json.loads((extension / "package.json").read_text(encoding="utf-8"))


def entry(extension: Path) -> str:
    return package(extension)["jupyterlab"]["_build"]["load"]


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_package_names_what_is_loaded(extension: Path) -> None:
    assert package(extension)["name"] == "gradwidgets"
    assert package(extension)["version"] == gradwidgets.__version__
    assert re.fullmatch(r"static/[0-9a-f]{16}/entry\.js", entry(extension))
    assert (extension / entry(extension)).read_bytes() == (STATIC / "entry.js").read_bytes()


def test_its_files_are_those_of_the_source_and_the_notebooks(extension: Path) -> None:
    found = files((extension / entry(extension)).parent)
    names = {path.name for path in STATIC.iterdir()}
    lessons = notebook_files.lessons()
    notebooks = {notebook_files.playground(), *(lesson.path for lesson in lessons)}
    expected = {f"notebooks/{path.name}" for path in notebooks}
    assert set(found) == names | expected | {"notebooks.json", "texts.json"}
    listed = json.loads(found["notebooks.json"])
    assert [(one["number"], one["title"], one["file"]) for one in listed["lessons"]] == [
        (lesson.number, lesson.title, lesson.path.name) for lesson in lessons
    ]


def test_the_first_cells_of_today_are_in_the_list_of_all_that_were_shipped(tmp_path: Path) -> None:
    ever = first_cells.ever()
    missing = [name for name, source in first_cells.of_today().items()
               if source not in ever.get(name, [])]  # fmt: skip
    assert missing == [], "python -m gradwidgets.lab.first_cells adds them"
    copy = Path(shutil.copy(first_cells.LIST, tmp_path))
    first_cells.add_today(copy)
    assert copy.read_bytes() == first_cells.LIST.read_bytes(), "each stands there once"


def test_a_first_cell_that_was_changed_is_added_and_the_older_one_stays(tmp_path: Path) -> None:
    path = tmp_path / "first_cells.json"
    path.write_text('{"00_playground.ipynb": ["import older"]}', encoding="utf-8")
    first_cells.add_today(path)
    playground = first_cells.ever(path)["00_playground.ipynb"]
    assert playground == ["import older", "import gradwidgets\n\ngradwidgets.Playground()"]


def test_the_same_content_has_the_same_address_and_another_one_another(tmp_path: Path) -> None:
    static = shutil.copytree(STATIC, tmp_path / "static")
    first = assemble(tmp_path / "first", static)
    assert files(assemble(tmp_path / "second", static)) == files(first)
    changed = static / "link.js"
    changed.write_text(changed.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    third = assemble(tmp_path / "third", static)
    assert entry(third) != entry(first)
    shared = {name for name in files(first) if name in files(third)}
    assert shared == {"package.json", "install.json"}, "no browser takes an old file for a new one"


def test_its_texts_come_along_in_every_language(tmp_path: Path) -> None:
    (file,) = assemble(tmp_path).glob("static/*/texts.json")
    texts = json.loads(file.read_text(encoding="utf-8"))
    assert set(texts) == set(CATALOGUES)
    for language, spoken in texts.items():
        assert spoken["cancel"] == CATALOGUES[language]["lab.cancel"]
        assert len(spoken) == sum(key.startswith("lab.") for key in CATALOGUES["en"])


def test_every_text_is_used_and_none_is_missing() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in STATIC.glob("*.js"))
    texts = [key.removeprefix("lab.") for key in CATALOGUES["en"] if key.startswith("lab.")]
    unused = [key for key in texts if f'"{key.removesuffix(".help")}"' not in code
              and f"{key.removesuffix('.help')}:" not in code]
    assert unused == []
    asked = set(re.findall(r'"((?:first|open|link|lesson|classroom|work)\.\w+)"', code))
    assert asked <= set(texts)


@pytest.fixture(scope="module")
def installed(wheel_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of the wheel, where an installation puts them."""
    directory = tmp_path_factory.mktemp("lab-wheel")
    with zipfile.ZipFile(wheel_file) as wheel:
        wheel.extractall(directory)
    (data,) = directory.glob("*.data/data")
    return data / "share" / "jupyter"


def test_the_wheel_brings_it_to_where_jupyterlab_looks(installed: Path, extension: Path) -> None:
    assert files(installed / "labextensions") == files(extension.parent)


def test_the_wheel_says_what_the_extension_manager_looks_for(installed: Path) -> None:
    (metadata,) = installed.parents[3].glob("*.dist-info/METADATA")
    classifiers = email.message_from_bytes(metadata.read_bytes()).get_all("Classifier")
    lab = "Framework :: Jupyter :: JupyterLab"
    assert {lab, f"{lab} :: 4", f"{lab} :: Extensions", f"{lab} :: Extensions :: Prebuilt"} <= set(
        classifiers
    )


def test_jupyterlab_calls_it_enabled_and_ok(installed: Path, tmp_path: Path) -> None:
    environ = {**os.environ, "JUPYTER_PATH": str(installed), "JUPYTER_NO_CONFIG": "1",
               "JUPYTER_CONFIG_DIR": str(tmp_path / "config")}
    done = subprocess.run([sys.executable, "-m", "jupyterlab.labextensions", "list"], env=environ,
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    plain = re.sub(r"\x1b\[[0-9;]*m", "", done.stdout + done.stderr)
    above, line = re.search(r"^(\S+)\n(?:\s+.*\n)*?\s+gradwidgets (.*)$", plain, re.M).groups()
    assert above == str(installed / "labextensions")
    assert line == f"v{gradwidgets.__version__} enabled OK (python, gradwidgets)"
