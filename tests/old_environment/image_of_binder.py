"""Binder's image, held to repo2docker itself; slow, and not part of the plain run of the tests.

    python -m pytest tests/old_environment/image_of_binder.py

repo2docker (its newest release) is asked what it would build, without Docker, and its base is set
up with the versions of its own lock file, and with the current ones. A newer repo2docker makes the
first test fail, which then names the versions to raise in the project.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.packaging.project import copy_sources, fresh_environment, pip
from tests.packaging.test_binder import BASE, BINDER, DRAW, home_of_its_own, pins

pytestmark = pytest.mark.timeout(900)

HERE = Path(__file__).resolve().parent


@pytest.fixture(scope="module")
def repo2docker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install repo2docker; return the Python that has it."""
    python = fresh_environment(tmp_path_factory.mktemp("repo2docker"))
    pip(python, "install", "--quiet", "jupyter-repo2docker")
    return python


@pytest.fixture(scope="module")
def base(repo2docker: Path) -> dict[str, str]:
    """Return name -> version of what repo2docker puts into the environment of our Python."""
    version = (BINDER / "runtime.txt").read_text(encoding="utf-8").strip().partition("-")[2]
    code = (
        "import pathlib, repo2docker.buildpacks.conda as c\n"
        f"print(pathlib.Path(c.HERE, 'environment.py-{version}-linux-64.lock').read_text())"
    )
    done = subprocess.run([repo2docker, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, f"repo2docker has no Python {version} any more:\n{done.stderr}"
    found = re.findall(r"^https://\S+/([^/\s]+)-([^-/\s]+)-[^-/\s]+\.(?:conda|tar\.bz2)",
                       done.stdout, re.MULTILINE)
    assert len(found) > 100
    return dict(found)


def test_the_versions_that_the_project_knows_are_those_of_repo2docker(base: dict) -> None:
    known = BASE | pins(HERE / "binder.txt")
    raised = {name: base[name] for name in known if name in base and base[name] != known[name]}
    assert known.keys() >= BASE.keys() and not known.keys() - base.keys()
    assert raised == {}, f"to be raised in tests/packaging, tests/old_environment, binder: {raised}"


def test_what_the_image_leaves_out_of_its_pins_is_in_the_base(base: dict) -> None:
    # postBuild installs these without their dependencies.
    assert {"jupyter_server", "tornado", "jupyterlab", "ipykernel"} <= base.keys()


@pytest.fixture(scope="module")
def dockerfile(repo2docker: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return what repo2docker would build this checkout by."""
    tree = copy_sources(tmp_path_factory.mktemp("image") / "tree")
    environ = {**os.environ, "PATH": f"{repo2docker.parent}{os.pathsep}{os.environ['PATH']}"}
    command = [repo2docker, "-m", "repo2docker", "--no-build", "--debug", "--user-id", "1000",
               "--user-name", "jovyan", str(tree)]
    done = subprocess.run(command, capture_output=True, text=True, env=environ, cwd=tree)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_the_pins_are_installed_before_the_checkout_is_copied(dockerfile: str) -> None:
    steps = [
        r"^COPY .*environment-2epy-2d3-2e11-2dlinux-2d\S+ /tmp/env/environment\.lock",
        r"^COPY .*src/binder/requirements\.txt \S+/binder/requirements\.txt$",
        r"^USER \$\{NB_USER\}\nRUN \$\{KERNEL_PYTHON_PREFIX\}/bin/pip install .*"
        r'-r "?binder/requirements\.txt"?$',
        r"^COPY .*src/ \$\{REPO_DIR\}/?$",
        r"^USER \$\{NB_USER\}$",
        r"^RUN \./binder/postBuild$",
    ]
    place = 0
    for step in steps:
        found = re.compile(step, re.MULTILINE).search(dockerfile, place)
        assert found, f"{step} does not come in time in\n{dockerfile}"
        place = found.end()


CHECKED = """
import json, subprocess, sys
def says(*command):
    done = subprocess.run([sys.executable, "-m", *command], capture_output=True, text=True)
    return done.stdout + done.stderr
print(json.dumps([says("pip", "check"), says("jupyter", "server", "extension", "list")]))
"""


@pytest.mark.parametrize("versions", ["repo2docker's", "current"])
def test_the_image_works(versions: str, base: dict, tmp_path: Path) -> None:
    wanted = sorted(BASE | pins(HERE / "binder.txt"))
    if versions == "current":
        base_of_it = [name for name in wanted if name in BASE]
        ours = [f"{name}=={version}" for name, version in
                pins(BINDER / "requirements.txt").items() if name not in BASE]
    else:
        base_of_it = [f"{name}=={base[name]}" for name in wanted]
        ours = ["-r", str(BINDER / "requirements.txt")]
    python = fresh_environment(tmp_path / "environment")
    pip(python, "install", "--quiet", *base_of_it)
    pip(python, "install", "--quiet", *ours)
    tree = copy_sources(tmp_path / "tree")
    environ = home_of_its_own(tmp_path / "home")
    environ["PATH"] = f"{python.parent}{os.pathsep}{environ['PATH']}"
    done = subprocess.run([tree / "binder" / "postBuild"], cwd=tree, env=environ,
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    shutil.rmtree(tree)

    def run(code: str) -> object:
        done = subprocess.run([python, "-c", code], cwd=tmp_path, env=environ, capture_output=True,
                              text=True)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    found = run(DRAW)
    if versions != "current":
        assert found["versions"]["jupyterlab"] == base["jupyterlab"] == BASE["jupyterlab"]
        assert found["versions"]["ipywidgets"] == base["ipywidgets"] == BASE["ipywidgets"]
    conflicts, extensions = run(CHECKED)
    assert conflicts.strip() == "No broken requirements found."
    assert re.search(r"nbgitpuller .*OK", extensions), extensions
