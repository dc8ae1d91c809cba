"""The panel of an exercise: its words, its buttons by keyboard, code that never ends."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.exercise_page import ExercisePage
from tests.browser.lab import ROOT, Lab, LabPage, LabServer, errors_text
from tests.lessons.test_exercise_text import WRITTEN

SETUP = f"""
import sys; sys.path.insert(0, {str(ROOT)!r})
import os; os.environ["GRADWIDGETS_DATA"] = KEPT
from gradwidgets.lessons.check.questions import Choice, Option, Predict
from tests.lessons.test_exercise_text import WRITTEN
from tests.lessons.small_course import lessons
q1, q2 = lessons()[0].exercises
q3 = Predict("01.q3", "Words", " ".join(WRITTEN), expected=2, because="", hints=list(WRITTEN))
q4 = Choice("01.q4", "Pick", "Which?", options={{
    "a": Option("*This* `one`", "No."), "b": Option("That", "*Yes.*")}}, answer="b", hints=["b"])
q1.seconds = 4
globals().pop("double", None)
"""

FOR_EVER = """
def double(number):
    while True:
        try:
            number += 1
        except:
            pass
"""


@pytest.fixture(scope="module")
def shared_notebook(
    lab_server: LabServer, browser_context: BrowserContext, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LabPage]:
    """One page for the tests of this module."""
    lab = Lab(lab_server, browser_context)
    setup = SETUP.replace("KEPT", repr(str(tmp_path_factory.mktemp("kept"))))
    yield lab.open([setup, "q1", "q3", "q4"], viewport=(1280, 1400))
    lab.close()


@pytest.fixture
def notebook(shared_notebook: LabPage) -> Iterator[LabPage]:
    """Exercises that nobody has touched; errors in the page fail the test."""
    shared_notebook.run_all()
    yield shared_notebook
    errors = shared_notebook.take_errors()
    assert not errors, errors_text(errors)


def test_code_and_emphasis_look_the_same_in_the_panel_as_below_a_cell(notebook: LabPage) -> None:
    words = ExercisePage(notebook, "q3")
    left = len(WRITTEN)
    for html in WRITTEN.values():
        words.button(f"Hint ({left} left)").click()
        left -= 1
        expect(words.hints).to_have_count(len(WRITTEN) - left)
        assert words.hints.last.inner_html().partition(": ")[2] == html
    pick = ExercisePage(notebook, "q4")
    assert pick.root.locator("label em").all_inner_texts() == ["This"]
    pick.root.get_by_role("radio", name="b) That").check()
    pick.check.click()
    expect(pick.says.locator("em")).to_have_text("Yes.")


def test_an_endless_loop_is_stopped_while_another_cell_answers(notebook: LabPage) -> None:
    double = ExercisePage(notebook, "q1")
    notebook.kernel(FOR_EVER)
    double.check.click()
    expect(double.check).to_have_text("Checking …")
    assert notebook.run_cell("print('still here', 6 * 7)") == "still here 42"
    expect(double.check).to_have_text("Checking …")
    expect(double.says).to_contain_text(
        "Your code was still running after 4 seconds, so it was stopped. Look for a loop"
    )
    expect(double.state).to_have_text("not yet right")
    notebook.kernel("double = lambda number: number + number")
    double.check.click()
    expect(double.state).to_have_text("right")


def test_the_solution_asks_once(notebook: LabPage) -> None:
    double = ExercisePage(notebook, "q1")
    double.button("Solution").click()
    sure = double.button("Show it: it gives the answer away")
    expect(sure).to_be_visible()
    expect(double.root.get_by_text("def double(number):")).to_have_count(0)
    sure.click()
    expect(double.root.get_by_text("def double(number):")).to_be_visible()
    expect(double.root.get_by_text("One way to do it:")).to_be_visible()
    expect(double.button("Solution")).to_be_disabled()


def test_the_keyboard_stays_at_the_button_that_was_pressed(notebook: LabPage) -> None:
    double, page = ExercisePage(notebook, "q1"), notebook.page
    double.check.focus()
    page.keyboard.press("Enter")
    expect(double.says).to_contain_text("There is no double yet")
    expect(double.check).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(double.hints).to_have_text(["Hint 1 (the last one): Multiply."])
    expect(double.button("Hint (0 left)")).to_be_focused()
    expect(double.button("Hint (0 left)")).to_be_disabled()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(double.root.get_by_text("One way to do it:")).to_be_visible()
    expect(double.button("Solution")).to_be_focused()
    expect(double.hints).to_have_count(1)


def test_what_was_said_before_is_not_said_again(notebook: LabPage) -> None:
    double = ExercisePage(notebook, "q1")
    double.check.click()
    expect(double.says).to_contain_text("There is no double yet")
    double.says.locator("p").evaluate("el => { el.dataset.said = 'before'; }")
    double.button("Hint (1 left)").click()
    double.hints.first.evaluate("el => { el.dataset.said = 'before'; }")
    double.button("Solution").click()
    expect(double.button("Show it: it gives the answer away")).to_be_visible()
    expect(double.root.locator("[data-said=before]")).to_have_count(2)


def test_a_check_is_acknowledged_while_another_cell_keeps_the_kernel(
    notebook: LabPage, tmp_path: Path
) -> None:
    double, gate = ExercisePage(notebook, "q1"), tmp_path / "gate"
    notebook.start_cell(
        f"import time\nwhile not os.path.exists({str(gate)!r}):\n    time.sleep(0.05)"
    )
    double.check.click()
    expect(double.check).to_have_text("Checking …")
    expect(double.check).to_be_disabled()
    gate.touch()
    expect(double.says).to_contain_text("There is no double yet")
    expect(double.check).to_have_text("Check")
    expect(double.check).to_be_enabled()
