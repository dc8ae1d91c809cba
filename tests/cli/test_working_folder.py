"""A working folder that is gone, or closed, is a sentence; all that needs no folder goes on."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from gradwidgets.command import doctor, restoring, work
from gradwidgets.command import main as cli
from gradwidgets.command.work import WorkError
from gradwidgets.lessons import course, progress
from gradwidgets.lessons.check.outcome import Outcome
from gradwidgets.lessons.page.board import Board
from tests.cli.test_work import NOTEBOOK, zipped
from tests.users import a_folder, ordinary_user

GONE = "The folder that you are in cannot be read: No such file or directory."

# What a learner does in a notebook, whose folder was removed meanwhile.
IN_A_NOTEBOOK = """
import os
os.rmdir(os.getcwd())
import numpy as np
import gradwidgets
from gradwidgets import Linear, MSELoss, SGD, Tensor
np.random.seed(0)
model, loss_of = Linear(2, 1), MSELoss()
optimizer = SGD(model.get_parameters(), alpha=0.01)
x, y = Tensor(np.ones((3, 2))), Tensor(np.ones((3, 1)))

def losses():
    for _ in range(3):
        loss = loss_of.forward(model.forward(x), y)
        loss.backward()
        optimizer.step()
        yield loss

for loss in gradwidgets.watch(losses):
    pass
gradwidgets.trace_backward(loss_of.forward(model.forward(x), y))
gradwidgets.GraphView(loss_of.forward(model.forward(x), y))
gradwidgets.Playground().train(5)
print(repr(gradwidgets.progress()).splitlines()[0])
"""


@pytest.fixture
def gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Be in a folder that somebody has removed."""
    monkeypatch.setenv(progress.DIRECTORY, str(tmp_path / "data"))
    monkeypatch.setattr(sys, "argv", ["gradwidgets"])
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()


@pytest.mark.parametrize("command", [[], ["course"], ["course", "--open"], ["restore", "a.zip"]])
def test_a_command_in_a_folder_that_is_gone_says_so(
    gone: None, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(command) == 1
    assert capsys.readouterr().err == (
        f"gradwidgets: {GONE} It was removed, or moved, perhaps. Go to a folder that is there, and "
        "try again.\n"
    )


def test_the_doctor_says_that_the_folder_is_gone_and_looks_at_the_rest(
    gone: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["doctor"]) == 1
    told = capsys.readouterr().out
    assert f"{GONE}\n    To mend it: Go to a folder of your own" in told
    assert "Your progress in the course can be kept in" in told
    assert "JupyterLab was not tried, as a folder to start it in is missing." in told


def test_saving_and_restoring_there_are_sentences(gone: None, tmp_path: Path) -> None:
    for ask in (work.archive, lambda: restoring.restore(zipped(("a.ipynb", NOTEBOOK)))):
        with pytest.raises(WorkError, match=GONE):
            ask()
    done = restoring.restore(zipped(("a.ipynb", NOTEBOOK)), tmp_path / "home")
    assert done.written == ["a.ipynb"]


def test_what_a_learner_does_goes_on_in_a_folder_that_is_gone(tmp_path: Path) -> None:
    (tmp_path / "gone").mkdir()
    notebook = new_notebook(cells=[new_code_cell(IN_A_NOTEBOOK)])
    environment = {**os.environ, progress.DIRECTORY: str(tmp_path / "data")}
    client = NotebookClient(notebook, resources={"metadata": {"path": tmp_path / "gone"}})
    client.execute(env=environment)
    printed = [one["text"] for one in notebook.cells[0].outputs if one["output_type"] == "stream"]
    assert "".join(printed).startswith("0 of ")


def test_in_a_folder_that_is_closed_all_is_shown_and_what_cannot_be_is_said(
    monkeypatch: pytest.MonkeyPatch
) -> None:
    lesson = course.lessons()[0]
    with a_folder() as top:
        monkeypatch.setenv(progress.DIRECTORY, str(top / "data"))
        (top / "data").mkdir()
        (top / "data").chmod(0o777)
        (top / "closed").mkdir()
        monkeypatch.chdir(top / "closed")
        (top / "closed").chmod(0)
        with ordinary_user():
            board = Board([lesson])
            assert board.panel.shown["lessons"][0]["href"] == ""
            board.close()
            progress.record("01.q1", Outcome.RIGHT)
            assert progress.load()["01.q1"].outcome is Outcome.RIGHT
            closed = "The folder .*closed cannot be read: Permission denied."
            with pytest.raises(WorkError, match=closed):
                work.archive()
            done = restoring.restore(zipped(("a.ipynb", NOTEBOOK)))
            assert (done.written, done.failed) == ([], {"a.ipynb": "Permission denied"})
            folder = doctor.writable_folder(Path())
            assert folder.says == "The folder that you are in cannot be read: Permission denied."
            progress.flush()
        monkeypatch.undo()
