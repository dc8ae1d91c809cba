"""Run the browser tests marked `old_environment` against the oldest supported Jupyter versions.

    python tests/old_environment/run.py [--environment DIRECTORY] [pytest arguments]

Server and kernel run in an environment of their own, with the pins of the ``requirements.txt``
beside this file; pytest and the browser stay in the Python that runs this script. The environment
is temporary, unless a directory is named: there it is kept, and used again the next time.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]


def python_of(environment: Path) -> Path:
    """Return the path of the interpreter in a virtual environment."""
    return environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def install(environment: Path) -> None:
    """Create the environment where it is missing, and install the pins and the project into it."""
    python = python_of(environment)
    if not python.exists():
        venv.create(environment, with_pip=True)
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "-r", HERE / "requirements.txt"], check=True)
    subprocess.run([*pip, "--no-deps", "--force-reinstall", ROOT], check=True)


def run(environment: Path, arguments: list[str]) -> int:
    """Run the marked tests against `environment`; return pytest's exit code."""
    environ = {**os.environ, "GRADWIDGETS_LAB_PYTHON": str(python_of(environment))}
    command = [sys.executable, "-m", "pytest", "-m", "old_environment", "tests/browser", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environ).returncode


def main() -> int:
    """Install, run, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--environment", type=Path, help="directory of an environment to keep")
    given, arguments = parser.parse_known_args()
    if given.environment is not None:
        install(given.environment.resolve())
        return run(given.environment.resolve(), arguments)
    with tempfile.TemporaryDirectory(prefix="gradwidgets-old-") as directory:
        install(Path(directory))
        return run(Path(directory), arguments)


if __name__ == "__main__":
    sys.exit(main())
