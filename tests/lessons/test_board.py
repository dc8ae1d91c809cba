"""The board tells of the course what the file tells, and never less than the truth about it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

import gradwidgets
from gradwidgets.lessons import course, progress, progress_file
from gradwidgets.lessons.check.outcome import Outcome
from gradwidgets.lessons.check.questions import Predict
from gradwidgets.lessons.course import Lesson
from gradwidgets.lessons.page import board as board_module
from gradwidgets.lessons.page.board import FILE, Board, on_binder
from tests.lessons.small_course import lessons
from tests.views.support import Page, on_a_loop, until


@pytest.fixture(autouse=True)
def file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The progress file of this test, which is not there yet; and no Binder."""
    monkeypatch.setenv(progress.DIRECTORY, str(tmp_path / "kept"))
    for name in (*board_module.BINDERS, "JUPYTERHUB_HOST", "JUPYTERHUB_API_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "kept" / "progress.json"


@pytest.fixture
def board() -> Iterator[Board]:
    made = Board(lessons())
    yield made
    made.close()


def row(board: Board, key: str) -> tuple[str, str, str]:
    """Return sign, word and tries of an exercise, as they are shown."""
    exercises = [one for lesson in board.panel.shown["lessons"] for one in lesson["exercises"]]
    found = next(one for one in exercises if one["key"] == key)
    return found["sign"], found["outcome"], found["tries"]


def summary(board: Board) -> tuple[str, str]:
    return board.panel.shown["total"], board.panel.shown["next"]["text"]


# -- what it tells


def test_before_anything_is_done_it_says_where_to_begin(board: Board) -> None:
    assert summary(board) == ("0 of 3 right", "Nothing yet: begin with 01 Numbers")
    assert row(board, "01.q1") == ("○", "not attempted yet", "")
    assert [lesson["count"] for lesson in board.panel.shown["lessons"]] == ["0 of 2", "0 of 1"]


def test_every_outcome_has_a_sign_and_a_word(board: Board) -> None:
    seen = {}
    for outcome in Outcome:
        progress.start_afresh()
        progress.record("01.q1", outcome)
        seen[outcome] = row(board, "01.q1")
    assert seen == {
        Outcome.NOT_ATTEMPTED: ("○", "not attempted yet", ""),
        Outcome.NOT_CHECKED: ("!", "could not be checked", ""),
        Outcome.NOT_YET: ("✗", "not yet right", "1 try"),
        Outcome.RIGHT: ("✓", "right", "1 try"),
    }


def test_it_follows_the_checks_and_says_what_is_next(board: Board) -> None:
    (write, predict), (count,) = (lesson.exercises for lesson in board.lessons)
    predict.check("?")
    assert summary(board) == ("0 of 3 right", "Next: 01.q1 Double it")
    write.check(lambda number: 2 * number)
    assert summary(board) == ("1 of 3 right", "Next: 01.q2 Twice three")
    predict.check(5)
    predict.check(6)
    assert row(board, "01.q2") == ("✓", "right", "2 tries")
    assert summary(board) == ("2 of 3 right", "Next: 02.q1 Count the children")
    assert board.panel.shown["lessons"][0]["count"] == "2 of 2"
    count.check(2)
    assert summary(board) == ("3 of 3 right", "All of it is right: the course is done.")


def test_a_check_of_another_notebook_is_seen_when_the_board_comes_into_sight(board: Board) -> None:
    page = Page(board.panel)
    follower, progress._followers[:] = list(progress._followers), []
    progress.record("01.q1", Outcome.RIGHT)
    progress._followers[:] = follower
    assert summary(board)[0] == "0 of 3 right"
    page.says(do="look")
    assert summary(board)[0] == "1 of 3 right"


def test_a_closed_board_follows_no_checks() -> None:
    closed = Board(lessons())
    closed.close()
    assert progress._followers == []


def test_in_a_notebook_it_follows_the_checks_on_its_own_loop() -> None:
    async def body() -> str:
        made = Board(lessons())
        await asyncio.to_thread(progress.record, "01.q1", Outcome.RIGHT)
        await until(lambda: summary(made)[0] != "0 of 3 right")
        made.close()
        return summary(made)[0]

    assert on_a_loop(body) == "1 of 3 right"


def test_without_lessons_it_says_so() -> None:
    assert summary(Board([])) == ("0 of 0 right", "There are no lessons here.")


def test_the_text_tells_the_same(board: Board) -> None:
    board.lessons[0].exercises[1].check(5)
    text = repr(board)
    assert text.splitlines()[0] == "0 of 3 right. Next: 01.q1 Double it"
    assert "01 Numbers  (0 of 2)\n" in text
    assert "  ○ q1 Double it: not attempted yet\n" in text
    assert "  ✗ q2 Twice three: not yet right  (1 try)\n" in text
    assert f"Kept in {progress.path()}, on this machine alone." in text
    assert board._repr_mimebundle_()["text/plain"] == text


def test_the_public_name_shows_the_lessons_that_are_there(
    monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(course, "lessons", lessons)
    shown = gradwidgets.progress()
    assert [lesson["title"] for lesson in shown.panel.shown["lessons"]] == ["Numbers", "Used twice"]
    shown.close()


@pytest.mark.parametrize("folder", ["", "notebooks", "..", "../notebooks"])
def test_a_title_leads_to_its_notebook_where_that_is_near(
    folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    (here / folder).mkdir(exist_ok=True)
    (here / folder / "02_used_twice.ipynb").write_text("{}")
    hrefs = [lesson["href"] for lesson in Board(lessons()).panel.shown["lessons"]]
    assert hrefs == ["", Path(folder, "02_used_twice.ipynb").as_posix()]


def test_what_is_next_leads_to_its_notebook(tmp_path: Path) -> None:
    (tmp_path / "02_used_twice.ipynb").write_text("{}")
    made = Board(lessons())
    assert made.panel.shown["next"]["href"] == ""
    progress.record("01.q1", Outcome.RIGHT)
    progress.record("01.q2", Outcome.RIGHT)
    assert made.panel.shown["next"]["href"] == "02_used_twice.ipynb"


# -- where it is kept


@pytest.mark.parametrize(
    ("name", "value", "forgets"),
    [
        ("BINDER_SERVICE_HOST", "10.0.0.1", True),
        ("BINDER_LAUNCH_HOST", "https://mybinder.org/", True),
        ("JUPYTERHUB_API_URL", "http://hub.mybinder.org/hub/api", True),
        ("JUPYTERHUB_API_URL", "http://hub.example.edu/hub/api", False),
        ("JUPYTERHUB_USER", "binder", False),
    ],
)
def test_on_binder_it_says_that_the_machine_forgets(
    name: str, value: str, forgets: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    assert on_binder() is forgets
    told = Board(lessons()).panel.shown["home"]
    assert ("it forgets everything when you leave. Press Export" in told) is forgets


def test_a_full_disk_is_told_until_a_result_is_kept_again(
    board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(progress.os, "fsync", refuse)
        assert board.lessons[1].exercises[0].check(2).outcome is Outcome.RIGHT
    assert "cannot be kept" in board.panel.shown["trouble"]
    assert "No space left on device" in board.panel.shown["trouble"]
    board.refresh()
    assert "No space left" in board.panel.shown["trouble"]
    board.lessons[1].exercises[0].check(2)
    assert board.panel.shown["trouble"] == ""


def test_a_damaged_file_stays_told_until_the_next_command(board: Board, file: Path) -> None:
    file.parent.mkdir()
    file.write_text("{")
    board.lessons[1].exercises[0].check(2)
    board.lessons[1].exercises[0].check(2)
    assert "could not be read: it is not JSON" in board.panel.shown["trouble"]
    assert "progress.damaged-1.json" in board.panel.shown["trouble"]
    board.import_file('{"version": 1, "exercises": {}}')
    assert board.panel.shown["trouble"] == ""
    assert board.panel.shown["place"].endswith("Set aside beside it: progress.damaged-1.json.")


def test_a_file_damaged_before_the_board_came_is_told(file: Path) -> None:
    file.parent.mkdir()
    file.write_text("{")
    assert "could not be read" in Board(lessons()).panel.shown["trouble"]


def test_a_file_of_a_newer_version_is_told_and_can_be_set_aside(board: Board, file: Path) -> None:
    file.parent.mkdir()
    file.write_text('{"version": 7}')
    board.refresh()
    assert "its version is 7" in board.panel.shown["trouble"]
    board.start_afresh()
    assert board.panel.shown["trouble"] == ""
    assert "progress.before-1.json" in board.panel.shown["message"]


def test_without_a_home_the_board_is_shown_all_the_same(
    monkeypatch: pytest.MonkeyPatch
) -> None:
    def homeless(*_: object, **__: object) -> Path:
        raise RuntimeError("no home")

    monkeypatch.delenv(progress.DIRECTORY)
    monkeypatch.setattr(progress_file, "user_data_path", homeless)
    made = Board(lessons())
    assert "there is no home directory" in made.panel.shown["trouble"]
    assert made.panel.shown["place"] == ""
    for do in ("export", "import", "afresh"):
        Page(made.panel).says(do=do, text='{"01.q1": "right"}')
        assert "there is no home directory" in made.panel.shown["message"]


# -- export, import, afresh


def test_export_gives_the_browser_a_file_that_import_takes_back(board: Board) -> None:
    page = Page(board.panel)
    board.lessons[1].exercises[0].check(2)
    page.says(do="export")
    (sent,) = page.messages
    assert sent["save"] == FILE
    assert json.loads(sent["text"])["exercises"]["02.q1"]["outcome"] == "right"
    assert "Exported as" in board.panel.shown["message"]
    page.says(do="afresh")
    assert "progress.before-1.json; Import takes it back." in board.panel.shown["message"]
    assert summary(board) == ("0 of 3 right", "Nothing yet: begin with 01 Numbers")
    page.says(do="import", text=sent["text"])
    assert board.panel.shown["message"] == (
        "Imported: the file has 1 exercise; 1 was further than what was kept here."
    )
    assert row(board, "02.q1") == ("✓", "right", "1 try")


@pytest.mark.parametrize("text", ["", "<img src=x onerror=alert(1)>", None, 7, ["x"]])
def test_what_is_no_progress_file_is_said_and_changes_nothing(board: Board, text: object) -> None:
    board.lessons[1].exercises[0].check(2)
    Page(board.panel).says(do="import", text=text)
    assert board.panel.shown["message"] == (
        "This is no progress file of gradwidgets: it is not JSON. Nothing has changed."
    )
    assert summary(board)[0] == "1 of 3 right"


def test_a_file_that_the_page_refuses_is_told_in_the_same_words(board: Board) -> None:
    Page(board.panel).says(do="refuse", text="long")
    assert board.panel.shown["message"] == (
        "This is no progress file of gradwidgets: it is far too long. Nothing has changed."
    )


@pytest.mark.parametrize("content", [{}, {"do": "anything"}, {"do": ["export"]}, {"do": None}])
def test_what_is_no_command_does_nothing(board: Board, content: dict) -> None:
    page, before = Page(board.panel), board.panel.shown
    page.says(**content)
    assert page.messages == []
    assert board.panel.shown == before


def test_starting_afresh_with_nothing_done_says_so(board: Board) -> None:
    board.start_afresh()
    assert board.panel.shown["message"] == "Started afresh. There was nothing yet."


# -- what others have written


def test_exercises_that_are_not_of_these_lessons_are_named_and_kept(board: Board) -> None:
    keys = ["99.q1", "<b>98.q1", "97.q1" + "x" * 100, "96.q1", "95.q1"]
    board.import_file(json.dumps(dict.fromkeys(keys, "right")))
    assert board.panel.shown["place"].endswith(
        "It also tells of 95.q1, 96.q1, 97.q1" + "x" * 35 + "… and 2 more, not shown here."
    )
    assert summary(board)[0] == "0 of 3 right"
    assert progress.load().keys() == set(keys)


def test_many_tries_and_a_hostile_title_are_text() -> None:
    hostile = "<img src=x onerror=alert(1)>"
    made = Board([Lesson("01", hostile, f"{hostile}.ipynb", (
        Predict("01.q1", hostile, "?", expected=1, because="", hints=[]),
    ))])
    many = {"outcome": "right", "tries": progress.MOST_TRIES, "at": hostile}
    made.import_file(json.dumps({"version": 1, "exercises": {"01.q1": many}}))
    assert row(made, "01.q1") == ("✓", "right", "1000000000 tries")
    progress.record("01.q1", Outcome.RIGHT)
    assert row(made, "01.q1")[2] == "1000000000 tries"
    assert made.panel.shown["lessons"][0]["title"] == hostile
