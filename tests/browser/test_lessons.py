"""Lessons done in JupyterLab as a learner does them: wrong, with a hint, and then right."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.exercise_page import ExercisePage, LessonPage
from tests.browser.lab import Lab

READABLE = 4.5  # the least contrast of a text. Source: WCAG 2.2


def expect_ticked(lesson: LessonPage, *titles: str) -> None:
    """Expect that the board, shown by a cell, has these exercises as right, and no other."""
    lesson.notebook.run_cell("import gradwidgets\ngradwidgets.progress()")
    board = lesson.page.get_by_role("region", name="Your progress")
    board.scroll_into_view_if_needed()
    expect(board.get_by_text(re.compile(rf"^{len(titles)} of \d+ right$"))).to_be_visible()
    for title in titles:
        row = board.get_by_role("listitem").filter(has_text=title)
        expect(row).to_contain_text("✓")
        expect(row).to_contain_text("right")


def check(exercise: ExercisePage, outcome: str, message: str) -> None:
    """Press Check, and expect this outcome and, in the message, these words."""
    exercise.check.click()
    expect(exercise.says).to_contain_text(message)
    expect(exercise.state).to_have_text(outcome)


def choose_by_keyboard(page: Page, exercise: ExercisePage, letters: str) -> None:
    """Walk with Tab and the arrow keys to the last of `letters`, and to Check; press Enter."""
    exercise.root.get_by_role("radio").first.focus()
    for letter in letters:
        page.keyboard.press("Space" if letter == "a" else "ArrowDown")
        expect(exercise.root.locator(f"input[value={letter}]")).to_be_checked()
    page.keyboard.press("Tab")
    expect(exercise.check).to_be_focused()
    page.keyboard.press("Enter")


def test_lesson_2_a_prediction_a_method_and_a_choice(lab: Lab, tmp_path: Path) -> None:
    lesson = LessonPage(lab, "02_backward.ipynb", tmp_path)
    calls = lesson.exercise("q2")
    calls.entry.click()
    lesson.page.keyboard.type("3")
    lesson.page.keyboard.press("Enter")
    expect(calls.says).to_contain_text("Three is the number of additions.")
    expect(calls.state).to_have_text("not yet right")
    lesson.page.keyboard.press("Backspace")
    lesson.page.keyboard.type("7")
    lesson.page.keyboard.press("Enter")
    expect(calls.says).to_contain_text("One call for each tensor of the graph: g, then e")
    expect(calls.state).to_have_text("right")

    back = lesson.exercise("q3")
    check(back, "not attempted yet", "There is still a ____ in Tensor.backward")
    expect(back.graph).to_have_count(0)
    lesson.write("q3", ("____", "self.grad = grad"))
    back = lesson.exercise("q3")
    check(back, "not yet right", "The gradient stops where it is: the creators never get one.")
    expect(back.detail("Tried")).to_have_text(
        "a = Tensor([7])\nb = Tensor([3])\nz = a + b\nz.backward(Tensor([5]))\nb.grad.data"
    )
    expect(back.detail("Got")).to_have_text("b.grad is None")
    expect(back.detail("Expected")).to_have_text("[5]")
    expect(back.marked()).to_have_text("b")
    back.button("Hint (3 left)").click()
    expect(back.hints).to_have_text(["Hint 1 (2 more): Three things: keep it, ask how this tensor "
                                     "was made, hand it on."])
    expect(back.button("Hint (2 left)")).to_be_visible()
    assert back.contrast() >= READABLE
    lesson.notebook.set_theme("dark")
    assert back.contrast() >= READABLE
    expect(back.marked()).to_have_text("b")
    lesson.write("q3", ("self.grad = grad", 'self.grad = grad\nif self.creation_op == "add":\n'
                        "self.creators[0].backward(grad)\nself.creators[1].backward(grad)"))
    back = lesson.exercise("q3")
    check(back, "right", "The gradient finds its way through any sum, however deep.")
    expect(back.graph).to_have_count(0)

    dynamic = lesson.exercise("q4")
    choose_by_keyboard(lesson.page, dynamic, "ab")
    expect(dynamic.says).to_contain_text("That is what one does with a static graph")
    expect(dynamic.state).to_have_text("not yet right")
    expect(dynamic.check).to_be_focused()
    lesson.page.keyboard.press("Shift+Tab")
    lesson.page.keyboard.press("ArrowDown")
    lesson.page.keyboard.press("Tab")
    lesson.page.keyboard.press("Enter")
    expect(dynamic.state).to_have_text("right")
    expect_ticked(lesson, "how many calls", "send the gradient back", "dynamic or static")


def test_lesson_3_a_node_that_is_clicked_and_a_gradient_that_is_added(
    lab: Lab, tmp_path: Path
) -> None:
    lesson = LessonPage(lab, "03_used_twice.ipynb", tmp_path)
    find = lesson.exercise("q2")
    check(find, "not attempted yet", "Click a tensor in the graph, or name one of a, b, c")
    expect(find.marked()).to_have_count(0)
    find.node("a").click()
    check(find, "not yet right", "Only one arrow leaves a: it is used once")
    find.node("c").click()
    check(find, "right", "Two arrows leave c: it is in f and in g.")
    expect(find.root.get_by_text("Selected: c")).to_be_visible()
    expect(find.node("c")).to_be_visible()

    lesson.write("q3", ("____", "self.grad = grad"))
    add = lesson.exercise("q3")
    check(add, "not yet right", "Several gradients have arrived, but only one of them is left.")
    expect(add.detail("Tried")).to_contain_text("z = x + x")
    expect(add.detail("Got")).to_have_text("[1, 1]")
    expect(add.detail("Expected")).to_have_text("[2, 2]")
    expect(add.marked()).to_have_text("x")
    for left in (3, 2):
        add.button(f"Hint ({left} left)").click()
    expect(add.hints).to_have_count(2)
    expect(add.hints.last).to_contain_text("Hint 2 (one more): An if and an else.")
    lesson.write("q3", ("self.grad = grad", "self.grad = self.grad + grad"))
    add = lesson.exercise("q3")
    check(add, "not yet right", "self.grad is still None, and one cannot add to None.")
    expect(add.detail("Your line")).to_contain_text("self.grad = self.grad + grad")
    lesson.write("q3", ("self.grad = self.grad + grad", "if self.grad is None:\nself.grad = grad"))
    lesson.write("q3", ("self.grad = grad", "    self.grad = grad\nelse:\n"
                        "self.grad = Tensor(self.grad.data + grad.data)"))
    add = lesson.exercise("q3")
    check(add, "right", "Two ways, two gradients, one sum.")
    expect(add.graph).to_have_count(0)
    expect(add.hints).to_have_count(2)
    expect_ticked(lesson, "find the wrong one", "add them up")


def test_lesson_11_a_bug_that_is_hunted(lab: Lab, tmp_path: Path) -> None:
    lesson = LessonPage(lab, "11_bug_hunt.ipynb", tmp_path)
    find = lesson.exercise("q1")
    find.node("h").click()
    check(find, "not yet right", "Do the sum. h is used twice")
    find.node("a").click()
    check(find, "right", "So h handed on before its second part was there.")

    mend = lesson.exercise("q2")
    check(mend, "not attempted yet", "There is still a ____ in Tensor6.hand_on")
    lesson.write("q2", ("____", "creator.backward(Tensor6(grad.data))"))
    mend = lesson.exercise("q2")
    check(mend, "not yet right", "Nobody is told who sends the gradient")
    expect(mend.detail("Tried")).to_contain_text("z.backward(Tensor6(")
    expect(mend.marked()).to_have_text("x")
    mend.button("Hint (3 left)").click()
    expect(mend.hints.last).to_contain_text("Hint 1 (2 more): The if in the faulty version")
    lesson.write("q2", ("creator.backward", "creator.backward(Tensor6(grad.dat), self)"))
    mend = lesson.exercise("q2")
    check(mend, "not yet right", "AttributeError")
    expect(mend.detail("Your line")).to_contain_text("creator.backward(Tensor6(grad.dat), self)")
    lesson.write("q2", ("creator.backward", "creator.backward(Tensor6(grad.data), self)"))
    mend = lesson.exercise("q2")
    check(mend, "right", "Bugs 1 and 2 are gone.")
    expect_ticked(lesson, "find the wrong gradient", "hand on in time, and separately")
