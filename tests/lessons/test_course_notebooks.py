"""Every lesson's notebook runs as it is shipped, and with all of its exercises solved."""

from __future__ import annotations

import re
from collections.abc import Iterator

import nbformat
import pytest
from nbclient import NotebookClient

from gradwidgets.lessons import progress
from gradwidgets.lessons.check.outcome import Outcome
from gradwidgets.lessons.check.questions import Predict
from gradwidgets.lessons.code import Code
from gradwidgets.lessons.exercise import Exercise
from tests.lessons.answers_of import NUMBERS, lesson
from tests.packaging.project import ROOT

NOTEBOOKS = ROOT / "notebooks"
MOST_LINES = 30

each_lesson = pytest.mark.parametrize("number", NUMBERS)


def notebook(number: str) -> nbformat.NotebookNode:
    return nbformat.read(NOTEBOOKS / lesson(number).NOTEBOOK, as_version=4)


def run(book: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Run a notebook; an exception in one of its cells fails the test."""
    NotebookClient(book, timeout=120, kernel_name="python3").execute(cwd=str(NOTEBOOKS))
    return book


def checked(book: nbformat.NotebookNode, answers: dict[str, str]) -> nbformat.NotebookNode:
    """Add a check behind the panel of every exercise; `answers` are what each is given."""
    cells = []
    for cell in book.cells:
        cells.append(cell)
        call = cell.source.strip()
        if cell.cell_type == "code" and call in answers:
            cells.append(nbformat.v4.new_code_cell(f"print({call}.check({answers[call]}))"))
    return nbformat.v4.new_notebook(cells=cells, metadata=book.metadata)


def said(book: nbformat.NotebookNode) -> Iterator[str]:
    """Yield what the added checks have printed."""
    for cell in book.cells:
        if re.match(r"print\(q\d+\.check\(", cell.source):
            yield "".join(output["text"] for output in cell.outputs)


def right_answer(exercise: Exercise) -> str:
    if isinstance(exercise, Code):
        return exercise.task.name
    return repr(exercise.expected.tolist() if isinstance(exercise, Predict) else exercise.answer)


@pytest.fixture(autouse=True)
def directory(monkeypatch, tmp_path):
    monkeypatch.setenv(progress.DIRECTORY, str(tmp_path))


@each_lesson
def test_as_shipped_nothing_is_attempted_and_nothing_fails(number):
    exercises = lesson(number).EXERCISES
    book = run(checked(notebook(number), {e.call: "" for e in exercises}))
    told = list(said(book))
    assert len(told) == len(exercises), "every exercise has a cell with its panel"
    assert all(text.startswith("Not attempted yet. ") for text in told), told
    assert {entry.outcome for entry in progress.load().values()} == {Outcome.NOT_ATTEMPTED}


@each_lesson
def test_with_every_solution_filled_in_all_is_right(number):
    exercises = lesson(number).EXERCISES
    book = notebook(number)
    for exercise in exercises:
        if isinstance(exercise, Code):
            cells = [c for c in book.cells if c.metadata.get("exercise") == exercise.key]
            assert len(cells) == 1, f"one cell is to be filled in for {exercise.key}"
            cells[0].source = exercise.solution_text
    book = run(checked(book, {e.call: right_answer(e) for e in exercises}))
    told = list(said(book))
    assert len(told) == len(exercises)
    assert all(text.startswith("Right. ") for text in told), told
    kept = {key: entry.outcome for key, entry in progress.load().items()}
    assert kept == {exercise.key: Outcome.RIGHT for exercise in exercises}


@each_lesson
def test_a_notebook_is_easy_to_read(number):
    book = notebook(number)
    assert book.cells[0].cell_type == "markdown"
    assert "You will be able to" in book.cells[0].source
    for cell in book.cells:
        if cell.cell_type == "code":
            assert cell.source.count("\n") < MOST_LINES, cell.source
            assert not cell.outputs
            assert cell.execution_count is None


@each_lesson
def test_links_lead_somewhere(number):
    texts = "\n".join(c.source for c in notebook(number).cells if c.cell_type == "markdown")
    links = re.findall(r"\]\(([^)]+)\)", texts)
    for link in links:
        if not link.startswith("https://"):
            assert (NOTEBOOKS / link.partition("#")[0]).is_file(), link
    place = NUMBERS.index(number)
    for other in (*NUMBERS[max(0, place - 1) : place], *NUMBERS[place + 1 : place + 2]):
        assert any(link.startswith(lesson(other).NOTEBOOK) for link in links), (
            f"{number} does not link to {other}"
        )


def test_all_lessons_are_there():
    assert NUMBERS == [f"{number:02}" for number in range(1, len(NUMBERS) + 1)]
