"""The command line copies, restores and explains, and never touches what is a learner's own."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import gradwidgets
from gradwidgets.command import main as cli
from gradwidgets.command import notebook_files, work

SOURCES = [notebook_files.playground(), *(one.path for one in notebook_files.lessons())]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GRADWIDGETS_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(sys, "argv", ["gradwidgets"])
    return tmp_path


def test_the_course_is_copied_and_what_to_do_next_is_said(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["course"]) == 0
    copied = sorted((folder / "gradwidgets-course").iterdir())
    assert [path.name for path in copied] == [path.name for path in SOURCES]
    assert [path.read_bytes() for path in copied] == [path.read_bytes() for path in SOURCES]
    told = capsys.readouterr().out
    assert told.startswith("Copied to gradwidgets-course:\n  00_playground.ipynb\n  01_tensor.ipynb")
    assert told.endswith(
        "\nTo begin:\n    gradwidgets course --open\n"
        f"or open {Path('gradwidgets-course', '01_tensor.ipynb')} in a JupyterLab that runs.\n"
    )


def test_a_second_copy_keeps_what_was_worked_on(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cli.main(["course", "my course"])
    (folder / "my course" / "03_used_twice.ipynb").write_text("my work")
    (folder / "my course" / "05_by_hand.ipynb").unlink()
    capsys.readouterr()
    assert cli.main(["course", "my course"]) == 0
    assert (folder / "my course" / "03_used_twice.ipynb").read_text() == "my work"
    told = capsys.readouterr().out
    assert "Copied to my course:\n  05_by_hand.ipynb\n" in told
    assert "Already in my course, unchanged:\n  00_playground.ipynb\n  01_tensor.ipynb\n" in told
    assert (
        "Kept as they are in my course, since you have worked on them:\n  03_used_twice.ipynb\n"
    ) in told
    assert '    gradwidgets course "my course" --open\n' in told


def test_a_file_in_the_place_of_the_folder_is_a_sentence(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "notes").write_text("")
    assert cli.main(["course", "notes"]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("gradwidgets: ") and "notes" in told.err
    assert "Go to a folder of your own, and try again there.\n" in told.err


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, list[str]]]:
    """What would be opened in JupyterLab: path and options."""
    calls: list[tuple[str, list[str]]] = []
    monkeypatch.setattr(cli, "_open", lambda path, options: (
        calls.append((path.as_posix(), options)) or 0))
    return calls


def test_the_playground_is_copied_and_opened(
    folder: Path, started: list, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["--", "--no-browser"]) == 0
    path = folder / "playground.ipynb"
    assert path.read_bytes() == notebook_files.playground().read_bytes()
    [(opened, (setting, *others))] = started
    assert (opened, others) == ("playground.ipynb", ["--no-browser"])
    # what the extension reads, so that nobody has to run the cell
    assert setting.startswith("--ServerApp.tornado_settings=")
    data = ast.literal_eval(setting.partition("=")[2])["page_config_data"]
    assert data["gradwidgetsOpens"].startswith("gradwidgets=playground&started=")
    assert capsys.readouterr().out == (
        "playground.ipynb is now in this folder: it is yours, and will not be written over.\n"
    )


@pytest.mark.parametrize(
    ("line", "options"),
    [
        (["--no-browser"], ["--no-browser"]),
        (["--port", "8888"], ["--port=8888"]),
        (["--port=8888", "--no-browser", "--ip", "::"],
         ["--no-browser", "--port=8888", "--ip=::"]),
        (["playground", "--port", "1", "--", "--debug"], ["--port=1", "--debug"]),
    ],
)
def test_options_for_jupyterlab_are_handed_on(
    started: list, line: list[str], options: list[str]
) -> None:
    assert cli.main(line) == 0
    assert started[-1][1][1:] == options
    assert cli.main(["course", "--open", *[word for word in line if word != "playground"]]) == 0
    assert started[-1] == ("gradwidgets-course/01_tensor.ipynb", options)
    at_front = [word for word in line if word not in ("playground", "--", "--debug")]
    assert cli.main([*at_front, "course", "--open"]) == 0
    assert started[-1][1] == [option for option in options if option != "--debug"]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("playgroud", 'there is no command "playgroud"; did you mean course, doctor, restore?'),
        ("docter", 'there is no command "docter"; did you mean doctor?'),
        ("--port 8888 curse", 'there is no command "curse"; did you mean course?'),
        ("--prot 8888", "there is no option --prot; did you mean --port?"),
        ("playground --prot 8888", "there is no option --prot; did you mean --port?"),
        ("-port 8888", "there is no option -port; did you mean --port?"),
        ("--no-broswer", "there is no option --no-broswer; did you mean --no-browser?"),
        ("--verison", "there is no option --verison; did you mean --version?"),
        ("--notebook-dir=x", "Any other option for JupyterLab stands after a --, as in: "
                             "gradwidgets -- --notebook-dir=x"),
        ("--port eight", "argument --port: invalid int value: 'eight'"),
        ("--port", "argument --port: expected one argument"),
        ("course --opne", "there is no option --opne; did you mean --open?"),
        ("course a b", '"b" is too much'),
        ("restore", "the following arguments are required: FILE. gradwidgets restore --help"),
        ("restore a.zip --inot b", "there is no option --inot; did you mean --into?"),
        ("doctor --yaml", "there is no option --yaml. There are --help, --json, --seconds."),
    ],
)
def test_a_line_that_cannot_be_read_is_a_sentence_that_says_what_was_meant(
    folder: Path, started: list, capsys: pytest.CaptureFixture[str], line: str, told: str
) -> None:
    assert cli.main(line.split()) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("gradwidgets: ") and told in printed.err
    assert printed.err.count("\n") == 1
    assert started == [] and list(folder.iterdir()) == []


def test_a_playground_that_was_changed_is_opened_as_it_is(
    folder: Path, started: list, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "playground.ipynb").write_text("mine")
    assert cli.main([]) == 0
    assert (folder / "playground.ipynb").read_text() == "mine"
    assert [opened for opened, _ in started] == ["playground.ipynb"]
    assert capsys.readouterr().out == (
        "Opening playground.ipynb of this folder as you left it.\n"
    )


def test_the_course_can_be_opened_at_once(started: list) -> None:
    assert cli.main(["course", "--open"]) == 0
    assert started == [("gradwidgets-course/01_tensor.ipynb", [])]


def test_saved_work_is_restored_in_plain_lines(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "there").mkdir()
    (folder / "there" / "a.ipynb").write_text("work")
    (folder / "saved.zip").write_bytes(work.archive(folder / "there"))
    assert cli.main(["restore", "saved.zip"]) == 0
    assert capsys.readouterr().out == "Restored to this folder:\n  a.ipynb\n"
    (folder / "a.ipynb").write_text("more work")
    assert cli.main(["restore", "saved.zip"]) == 0
    assert capsys.readouterr().out == (
        "In this folder there are others of that name, which are kept. Restored beside them:\n"
        "  a.ipynb as a-restored.ipynb\n"
    )
    assert cli.main(["restore", "saved.zip", "--into", "new"]) == 0
    assert capsys.readouterr().out == "Restored to new:\n  a.ipynb\n"


def test_what_cannot_be_restored_is_a_sentence(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["restore", "nothing.zip"]) == 1
    assert capsys.readouterr().err == "gradwidgets: There is no file nothing.zip.\n"
    (folder / "text.zip").write_text("no zip")
    assert cli.main(["restore", "text.zip"]) == 1
    assert capsys.readouterr().err == (
        "gradwidgets: This is no saved work: it cannot be unpacked (File is not a zip file). "
        "Nothing was written.\n"
    )


@pytest.mark.parametrize("call", [["-m", "gradwidgets"], ["-c", "from gradwidgets.command.main import main;"
                                                          "main()"]])
def test_version_and_help_are_told(call: list[str]) -> None:
    def told(option: str) -> str:
        done = subprocess.run([sys.executable, *call, option], capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    assert told("--version") == f"gradwidgets {gradwidgets.__version__}\n"
    assert "gradwidgets course [FOLDER]    copy the lessons of the course\n" in told("--help")
