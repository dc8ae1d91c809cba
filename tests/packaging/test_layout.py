"""The top level of the project, and the commands in its README."""

from __future__ import annotations

import subprocess
import sys

import pytest

from gradwidgets.engine.experiment.presets import preset_named
from tests.packaging.project import ROOT, readme_blocks, readme_command, tracked_files

TOP_LEVEL = {
    ".ci", ".gitignore", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "README.md", "binder",
    "gradwidgets", "notebooks", "pyproject.toml", "tests",
}

PLAYGROUND = (
    'python3 -m venv .venv && .venv/bin/pip install ".[lab]" && .venv/bin/gradwidgets'
)
TESTS = (
    'python3 -m venv .venv && .venv/bin/python -m pip install ".[test]" '
    "&& .venv/bin/python -m pytest"
)


def test_the_top_level_holds_what_it_should_and_nothing_else() -> None:
    tracked = tracked_files()
    assert {path.split("/")[0] for path in tracked} == TOP_LEVEL
    assert [path for path in tracked if path.startswith(".ci/")] == [".ci/run"]


def test_scripts_are_executable_in_the_repository() -> None:
    listed = subprocess.run(["git", "ls-files", "--stage", ".ci/run", "binder/postBuild"],
                            cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert [line[:6] for line in listed.splitlines()] == ["100755", "100755"]


def test_readme_opens_with_the_two_commands() -> None:
    assert readme_command("playground") == PLAYGROUND
    assert readme_command("tests") == TESTS
    assert [block.strip() for block in readme_blocks("sh")[:2]] == [PLAYGROUND, TESTS]
    before = (ROOT / "README.md").read_text(encoding="utf-8").split("## ")[0]
    assert PLAYGROUND in before and TESTS in before


@pytest.mark.parametrize("name", ["playground", "tests"])
def test_the_commands_for_windows_do_the_same(name: str) -> None:
    spelled = (
        readme_command(f"{name} on Windows")
        .replace("py -m venv", "python3 -m venv")
        .replace(".venv\\Scripts\\", ".venv/bin/")
    )
    assert spelled == readme_command(name)


def test_continuous_integration_runs_the_command_of_the_readme() -> None:
    done = subprocess.run(["bash", ROOT / ".ci" / "run", "--print-command"], capture_output=True,
                          text=True, check=True)
    assert done.stdout == readme_command("tests") + "\n"


@pytest.mark.parametrize("number", range(2))
def test_the_code_in_the_readme_runs_and_the_losses_fall(number: int) -> None:
    blocks = readme_blocks("python")[1:]  # the first is a playground for a class
    assert len(blocks) == 2
    code = "import numpy; numpy.random.seed(0)\n" + blocks[number]
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    printed = done.stdout.splitlines()
    if number == 0:
        train_loss, test_loss = map(float, printed[0].split())
        assert 0 < train_loss < 0.2 and 0 < test_loss < 0.3
    else:
        losses = [float(line.strip("[]")) for line in printed]
        assert len(losses) == 20 and losses[-1] < losses[0] / 2


def test_the_playground_of_the_readme_is_made_as_it_is_written_there() -> None:
    names: dict[str, object] = {}
    code = readme_blocks("python")[0].replace("gradwidgets.Playground", "made = gradwidgets.Playground")
    exec(code, names)
    recipe = names["made"].share_recipe()
    assert recipe.spec == preset_named("xor").spec
    assert (recipe.text_size, recipe.hide) == (150, ("share", "data"))
