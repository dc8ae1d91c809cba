"""An instructor's round trip: a strict check scores what learners hand in with nbgrader."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import nbformat
import pytest

from tests.browser.lab import jupyter_environment
from tests.packaging.project import ROOT

ANSWERS = {
    "right": "def double(number):\n    return number + number",
    "wrong": "def double(number):\n    return number + 2",
    "untouched": None,
}

# What nbgrader itself does, in the environment that has it.
ROUND_TRIP = """
import json, sys
from pathlib import Path
import nbformat
from nbgrader.apps import NbGraderAPI
from traitlets.config import Config

answers = json.loads(sys.argv[1])
config = Config()
config.CourseDirectory.root = str(Path.cwd())
api = NbGraderAPI(config=config)

def expect_success(told):
    assert told["success"], told
expect_success(api.generate_assignment("first"))
released = Path("release/first/double.ipynb")
for student, answer in answers.items():
    book = nbformat.read(released, as_version=4)
    if answer is not None:
        book.cells[1].source = answer
    submitted = Path("submitted", student, "first", "double.ipynb")
    submitted.parent.mkdir(parents=True)
    nbformat.write(book, submitted)
    expect_success(api.autograde("first", student))
with api.gradebook as gradebook:
    scores = {student: gradebook.find_submission("first", student).score for student in answers}
print(json.dumps(scores))
"""


def cell(source: str, name: str, **role: object) -> nbformat.NotebookNode:
    """Return a cell that nbgrader knows."""
    known = {"grade": False, "solution": False, "locked": True, "task": False,
             "schema_version": 3, "grade_id": name, **role}
    return nbformat.v4.new_code_cell(source, metadata={"nbgrader": known})


def assignment() -> nbformat.NotebookNode:
    """Return what an instructor writes: a set-up, a cell with the solution, a cell that scores."""
    cells = [
        cell("from tests.lessons.small_course import lessons\nq1 = lessons()[0].exercises[0]",
             "setup"),
        cell("def double(number):\n    ### BEGIN SOLUTION\n    return 2 * number\n"
             "    ### END SOLUTION", "double", solution=True, locked=False),
        cell("q1.check(double, strict=True)", "test-double", grade=True, points=3),
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})


@pytest.fixture(scope="module")
def nbgrader_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a Python that has nbgrader beside all that this one has.

    An environment of its own: nbgrader adds menus to every JupyterLab that it is installed with,
    and so to that of the browser tests.
    """
    environment = tmp_path_factory.mktemp("nbgrader") / "environment"
    venv.create(environment, symlinks=os.name != "nt")
    paths = {"base": str(environment), "platbase": str(environment)}
    packages = Path(sysconfig.get_path("purelib", "venv", vars=paths))
    (packages / "ours.pth").write_text(
        "".join(f"import site; site.addsitedir({path!r})\n" for path in sys.path
                if path.endswith(("site-packages", "dist-packages")))
    )
    python = Path(sysconfig.get_path("scripts", "venv", vars=paths)) / Path(sys.executable).name
    done = subprocess.run(
        [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "nbgrader>=0.9"],
        capture_output=True, text=True,
    )
    assert done.returncode == 0, done.stderr
    return python


@pytest.mark.installs
def test_a_strict_check_scores_right_and_wrong_and_untouched_submissions(
    nbgrader_python: Path, tmp_path: Path
) -> None:
    source = tmp_path / "course" / "source" / "first" / "double.ipynb"
    source.parent.mkdir(parents=True)
    nbformat.write(assignment(), source)
    environ = {**jupyter_environment(tmp_path / "jupyter"), "PYTHONPATH": str(ROOT),
               "GRADWIDGETS_DATA": str(tmp_path / "progress"),
               "PATH": f"{nbgrader_python.parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run([nbgrader_python, "-c", ROUND_TRIP, json.dumps(ANSWERS)],
                          cwd=tmp_path / "course", env=environ, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == {"right": 3, "wrong": 0, "untouched": 0}

    released = nbformat.read(tmp_path / "course/release/first/double.ipynb", as_version=4)
    assert "2 * number" not in released.cells[1].source
    assert released.cells[2].source == "q1.check(double, strict=True)"
    said = {
        student: json.dumps(nbformat.read(
            tmp_path / "course/autograded" / student / "first/double.ipynb", as_version=4
        ).cells[2].outputs)
        for student in ANSWERS
    }
    assert "Right. Twice as much." in said["right"]
    assert "Not yet right. `double(3)` is not what it should be." in said["wrong"]
    assert "NotRight" in said["wrong"] and "NotRight" in said["untouched"]
    assert not (tmp_path / "progress").exists(), "grading keeps nothing of it as progress"
