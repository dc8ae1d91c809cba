"""Run the browser tests marked `old_environment` against older Jupyter versions.

    python tests/old_environment/run.py [--pins NAME] [--environment DIRECTORY] [pytest arguments]

Server and kernel run in an environment of their own, once for each file of pins beside this one;
pytest and the browser stay in the Python that runs this script. The environments are temporary,
unless a directory is named: there they are kept, each in a folder named after its pins, and used
again the next time.
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
PINS = ("oldest", "binder")


def python_of(environment: Path) -> Path:
    """Return the path of the interpreter in a virtual environment."""
    return environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def install(environment: Path, pins: str) -> None:
    """Create the environment where it is missing, and install the pins and the project into it."""
    python = python_of(environment)
    if not python.exists():
        venv.create(environment, with_pip=True)
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "-r", HERE / f"{pins}.txt"], check=True)
    subprocess.run([*pip, "--no-deps", "--force-reinstall", ROOT], check=True)


def run(environment: Path, arguments: list[str]) -> int:
    """Run the marked tests against `environment`; return pytest's exit code."""
    environ = {**os.environ, "GRADWIDGETS_LAB_PYTHON": str(python_of(environment))}
    command = [sys.executable, "-m", "pytest", "-m", "old_environment", "tests/browser", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environ).returncode


def main() -> int:
    """Install and run, and return the first exit code that tells of a failure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pins", choices=PINS, help="only these, not all")
    parser.add_argument("--environment", type=Path, help="directory of environments to keep")
    given, arguments = parser.parse_known_args()
    codes = []
    with tempfile.TemporaryDirectory(prefix="gradwidgets-old-") as directory:
        home = Path(directory) if given.environment is None else given.environment.resolve()
        for pins in [given.pins] if given.pins else PINS:
            print(f"== {pins}", flush=True)
            install(home / pins, pins)
            codes.append(run(home / pins, arguments))
    return next((code for code in codes if code), 0)


if __name__ == "__main__":
    sys.exit(main())
