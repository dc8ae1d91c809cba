"""What Binder reads: its pins serve the project, and its steps lead to a package that works."""

from __future__ import annotations

import json
import os
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from tests.packaging.project import ROOT, copy_sources, fresh_environment, pip

BINDER = ROOT / "binder"

# What repo2docker's base environment brings.
BASE = {
    "jupyterlab": "4.4.9",
    "ipykernel": "7.0.1",
    "jupyter_client": "8.6.3",
    "ipywidgets": "8.1.7",
}

# What the pins raise, for a reason that stands beside them.
RAISED = {"ipykernel": "7.4.0", "jupyter_client": "8.10.0"}


def pins(path: Path) -> dict[str, str]:
    """Return name -> version of a requirements file, in which every line has to be an exact pin."""
    found = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith(("#", "-r ")):
            requirement = Requirement(line)
            (specifier,) = requirement.specifier
            assert specifier.operator == "==" and "*" not in specifier.version, line
            found[requirement.name] = specifier.version
    return found


def dependencies(*extras: str) -> list[Requirement]:
    """Return the project's dependencies, and those of its extras, that hold on Binder."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = list(project["dependencies"])
    for extra in extras:
        lines += project["optional-dependencies"][extra]
    environment = {**default_environment(), "sys_platform": "linux"}
    requirements = [Requirement(line) for line in lines]
    return [one for one in requirements if not one.marker or one.marker.evaluate(environment)]


def test_binder_has_a_python_that_the_project_supports() -> None:
    name, _, version = (BINDER / "runtime.txt").read_text(encoding="utf-8").strip().partition("-")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert name == "python"
    assert SpecifierSet(project["requires-python"]).contains(f"{version}.0")


def test_the_pins_satisfy_every_dependency() -> None:
    available = BASE | pins(BINDER / "requirements.txt")
    for requirement in dependencies("lab"):
        assert requirement.specifier.contains(available[requirement.name]), str(requirement)
        if "wasmtime" in requirement.extras:
            assert "wasmtime" in available


def test_the_pins_leave_the_base_environment_as_it_is_but_for_what_they_raise() -> None:
    pinned = pins(BINDER / "requirements.txt")
    assert "jupyterlab" not in pinned
    assert {name: version for name, version in pinned.items() if name in BASE} == {
        name: (BASE | RAISED)[name] for name in pinned.keys() & BASE.keys()
    }
    assert all(Version(RAISED[name]) > Version(BASE[name]) for name in RAISED)


def test_the_old_environment_is_the_one_of_binder() -> None:
    path = ROOT / "tests" / "old_environment" / "binder.txt"
    assert "-r ../../binder/requirements.txt" in path.read_text(encoding="utf-8").splitlines()
    given = pins(BINDER / "requirements.txt") | pins(path)
    assert given.items() >= (BASE | RAISED).items()


def test_the_oldest_environment_is_what_the_package_still_allows() -> None:
    pinned = pins(ROOT / "tests" / "old_environment" / "oldest.txt")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    allowed = {}
    for line in [*project["dependencies"], *project["optional-dependencies"]["lab"]]:
        asked = Requirement(line)
        allowed[asked.name] = asked.specifier
    for name, specifier in allowed.items():
        assert pinned[name] in specifier, name
    assert pinned["jupyterlab"] == "4.2.0"


DRAW = """
import importlib.metadata as m, json, os, pathlib, matplotlib, wasmtime, gradwidgets
from importlib.util import cache_from_source
from gradwidgets.engine.graph.snapshot import snapshot
from gradwidgets.views.graph.drawing import layout as graph_layout
from gradwidgets.views.graph.drawing.scene import build_scene

def compiles(*_arguments):
    raise SystemExit("compiled again")

wasmtime.Module.from_file = wasmtime.Module.__init__ = compiles
gradwidgets.Playground().train(10)
x = gradwidgets.Tensor([1.0, 2.0], autograd=True)
graph_layout.lay_out(build_scene(snapshot(x * x), "operations"))
sources = list(pathlib.Path(gradwidgets.__file__).parent.rglob("*.py"))
print(json.dumps({
    "place": gradwidgets.__file__,
    "versions": {d.metadata["Name"]: d.version for d in m.distributions()},
    "fonts": [name for name in os.listdir(matplotlib.get_cachedir()) if "fontlist" in name],
    "without bytecode": [str(s) for s in sources if not os.path.exists(cache_from_source(str(s)))],
}))
"""


@pytest.mark.installs
def test_the_steps_of_binder_lead_to_a_package_that_works(tmp_path: Path) -> None:
    python = fresh_environment(tmp_path / "environment")
    pip(python, "install", "--quiet", f"ipykernel=={BASE['ipykernel']}")
    pip(python, "install", "--quiet", "-r", str(BINDER / "requirements.txt"))
    tree = copy_sources(tmp_path / "tree")
    before = files_below(tree)
    environ = home_of_its_own(tmp_path / "home")
    environ["PATH"] = f"{python.parent}{os.pathsep}{environ['PATH']}"
    script = tree / "binder" / "postBuild"
    command = [str(script)] if os.name != "nt" else ["bash", str(script)]
    done = subprocess.run(command, cwd=tree, env=environ, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    # In the image the sources are root's and the script is not: it could not write there.
    assert files_below(tree) == before
    kept = tmp_path / "environment" / "share" / "gradwidgets" / "cache"
    assert [file.suffix for file in kept.iterdir()] == [".cwasm"]

    # A kernel that starts then draws without compiling, also where a new home hides the image's.
    for home in ("home", "another home"):
        environ |= home_of_its_own(tmp_path / home) | {"PATH": environ["PATH"]}
        done = subprocess.run([python, "-c", DRAW], cwd=tmp_path, env=environ,
                              capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        found = json.loads(done.stdout.splitlines()[-1])
        assert len(found["fonts"]) == (home == "home")
    assert Path(found["place"]).is_relative_to(tmp_path / "environment")
    assert found["without bytecode"] == []
    assert found["versions"].items() >= pins(BINDER / "requirements.txt").items()


def files_below(directory: Path) -> set[Path]:
    return {path for path in directory.rglob("*") if path.is_file()}


def home_of_its_own(home: Path) -> dict[str, str]:
    """Return an environment with an empty home directory, and no settings of this machine."""
    home.mkdir(exist_ok=True)
    hidden = ("PYTHONPATH", "MPLCONFIGDIR", "GRADWIDGETS_CACHE", "PYTHONDONTWRITEBYTECODE")
    environ = {name: value for name, value in os.environ.items()
               if name not in hidden and not name.startswith("XDG_")}
    return environ | {"HOME": str(home)}
