"""A class that is taught in German reads German, all of it, and nothing of it is cut off."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.lab import Lab, LabPage, errors_text
from tests.texts.language import english_words

CELL = """
import os
os.environ["GRADWIDGETS_DATA"] = {directory!r}
import gradwidgets, ipywidgets
gradwidgets.set_language("de")
from gradwidgets.lessons.page.board import Board
from gradwidgets.lessons.course import Lesson
from gradwidgets.lessons.check.questions import Predict
from gradwidgets.lessons.page.show import ExerciseView
q1 = Predict("01.q1", "1 + 1", "1 + 1?", expected=2, because="2.", hints=["3 - 1", "2 * 1"])
playground = gradwidgets.Playground()
ipywidgets.VBox([playground, ExerciseView(q1), Board([Lesson("01", "1", "1.ipynb", (q1,))])])
"""

# What can be read or is read aloud: visible texts, and the names that elements have.
READ = """
root => {
    const shown = [...root.querySelectorAll("*")].filter(el => el.checkVisibility());
    const texts = shown.flatMap(el => [...el.childNodes])
        .filter(part => part.nodeType === 3).map(part => part.data);
    const names = ["aria-label", "title", "placeholder", "alt", "aria-valuetext"]
        .flatMap(name => shown.map(el => el.getAttribute(name)));
    return [...texts, ...names].filter(Boolean).map(text => text.trim()).filter(Boolean);
}
"""

# Controls and labels with more text than room.
CUT_OFF = """
root => {
    const pen = document.createElement("canvas").getContext("2d");
    const shown = [...root.querySelectorAll("button, label, legend, span, h3, h4, p, select")]
        .filter(el => el.checkVisibility() && !el.closest(".gw-hidden") && el.clientWidth);
    return shown.filter(el => {
        if (el.tagName !== "SELECT")
            return el.scrollWidth > el.clientWidth + 1 || el.scrollHeight > el.clientHeight + 4;
        const style = getComputedStyle(el);
        pen.font = `${style.fontSize} ${style.fontFamily}`;
        // 16: its arrow
        const room = el.clientWidth - 16 - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
        return pen.measureText(el.selectedOptions[0].textContent).width > room + 1;
    }).map(el => el.selectedOptions?.[0].textContent ?? el.textContent);
}
"""


def english_in(root: Locator) -> dict[str, list[str]]:
    """Return the texts of an element that have an English word in them."""
    read = root.evaluate(READ)
    assert len(read) > 5
    found = {text: english_words(text) for text in read}
    return {text: words for text, words in found.items() if words}


class GermanPage:
    """A notebook with a playground, an exercise and a board in German."""

    def __init__(self, notebook: LabPage) -> None:
        self.notebook = notebook
        self.page = notebook.page
        self.root = self.page.locator(".gw-playground")
        self.exercise = self.page.locator(".gw-exercise")
        self.board = self.page.locator(".gw-board")

    def button(self, name: str) -> Locator:
        return self.root.get_by_role("button", name=name, exact=True)


@pytest.fixture(scope="module")
def german(
    lab_server: object, browser_context: object, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[GermanPage]:
    lab = Lab(lab_server, browser_context)
    kept: Path = tmp_path_factory.mktemp("german")
    notebook = lab.open([CELL.format(directory=str(kept))])
    notebook.run_all()
    page = GermanPage(notebook)
    page.notebook.page.set_viewport_size({"width": 1280, "height": 800})
    expect(page.root.get_by_role("group", name=re.compile("^Rechengraph"))).to_have_attribute(
        "data-frame", re.compile(r"\d+")
    )
    yield page
    errors = notebook.take_errors()
    lab.close()
    assert not errors, errors_text(errors)


def test_a_playground_is_trained_in_german(german):
    status = german.root.locator(".gw-status-line")
    german.button("Start").click()
    expect(status).to_have_text(
        re.compile(r"^Epoche [1-9]\d* · Schritt \d+ · Verlust Training \S+ · Verlust Test \S+$")
    )
    german.button("Pause").click()
    expect(german.button("Start")).to_be_visible()
    # a screen reader is told which language it is
    for one in (status, german.root.get_by_role("img").first, german.button("Start")):
        assert one.evaluate("el => el.closest('[lang]').lang") == "de"
    assert english_in(german.root) == {}
    assert german.root.evaluate(CUT_OFF) == []
    titles = german.root.locator(".gw-heading").all_text_contents()
    assert {"Schicht 1", "Schicht 2"} <= set(titles)


def test_what_happens_to_it_is_told_in_german(german):
    message = german.root.locator(".gw-message-text")
    german.root.get_by_label("Datensatz", exact=True).select_option("Entweder-oder")
    expect(message).to_contain_text("Neue Daten: Entweder-oder. Das Training beginnt neu")
    assert english_in(german.root) == {}
    assert german.root.evaluate(CUT_OFF) == []
    example = "Was schiefgeht: Die Lernrate ist zu hoch"
    german.root.get_by_label("Beispiel", exact=True).select_option(example)
    expect(message).to_contain_text(f"Beispiel: {example}")
    german.button("Start").click()
    expect(message).to_contain_text("Senke die Lernrate, zum Beispiel auf")
    assert english_in(german.root) == {}
    assert german.root.evaluate(CUT_OFF) == []
    german.notebook.kernel("playground.set_spec(gradwidgets.Spec())")


def test_a_step_is_walked_and_a_tensor_inspected_in_german(german):
    german.button("Schritt").click()
    german.button("Durchgehen").click()
    sentence = german.root.locator(".gw-sentence")
    expect(sentence).to_contain_text("Der Rundgang beginnt am Ende des Graphen.")
    german.button("Nächster Schritt").click()
    expect(sentence).to_contain_text("weitergeben")
    walk = german.root.locator(".gw-walk")
    assert english_in(walk) == {}
    assert walk.evaluate(CUT_OFF) == []
    german.button("Zurück zum Training").click()
    german.root.locator("[data-node]").first.click()
    expect(german.root.get_by_role("region", name="Lupe")).to_be_visible()
    assert english_in(german.root) == {}
    german.page.keyboard.press("Escape")


def test_an_exercise_and_the_board_have_german_buttons(german):
    german.exercise.get_by_label("Deine Vorhersage").fill("3")
    german.exercise.get_by_role("button", name="Tipp (noch 2)").click()
    german.exercise.get_by_role("button", name="Lösung").click()
    expect(german.exercise.get_by_role("button", name="Zeigen: Das verrät die")).to_be_visible()
    german.exercise.get_by_role("button", name="Prüfen").click()
    expect(german.exercise.locator(".gw-exercise-state")).to_have_text("noch nicht richtig")
    expect(german.board.get_by_text("Als Nächstes: 01.q1")).to_be_visible()
    german.board.get_by_role("button", name="Neu anfangen …").click()
    for root in (german.exercise, german.board):
        assert root.evaluate(CUT_OFF) == []
    # What a check has found belongs to the course, which is in English.
    told = german.exercise.locator(".gw-exercise-says")
    german.board.get_by_role("button", name="Nein, behalten").click()
    assert set(english_in(german.exercise)) <= set(told.evaluate(READ))
    assert english_in(german.board) == {}
