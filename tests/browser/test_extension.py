"""JupyterLab's launcher and palette lead to a running playground and to the course."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect

from gradwidgets.command import notebook_files
from tests.browser.extension_page import COURSE, PLAYGROUND, ExtensionPage
from tests.browser.lab import LabServer, new_notebook
from tests.browser.notebook_file import sources

SAVE = (
    "import sys, types\n"
    "work = types.ModuleType('gradwidgets.command.work')\n"
    "work.archive = lambda folder='.': {answer}\n"
    "sys.modules['gradwidgets.command.work'] = work\n"
)


@pytest.mark.old_environment
def test_the_card_opens_a_running_playground_with_its_code_folded(lab_page: ExtensionPage) -> None:
    lab_page.load()
    card = lab_page.card(PLAYGROUND)
    expect(card.locator("img, svg")).to_be_visible()
    card.focus()
    lab_page.page.keyboard.press("Enter")
    lab_page.expect_playground()
    lab_page.expect_folded()
    expect(lab_page.tab).to_have_text("playground.ipynb")
    lab_page.expect_saved()
    assert lab_page.files() == ["playground.ipynb"]
    lab_page.playground.get_by_role("button", name="Step", exact=True).click()
    expect(lab_page.playground).to_contain_text("1 · train loss")


def test_a_double_click_opens_it_once(lab_page: ExtensionPage) -> None:
    lab_page.load()
    lab_page.card(PLAYGROUND).dblclick()
    lab_page.expect_playground()
    lab_page.expect_saved()
    assert lab_page.files() == ["playground.ipynb"]
    sessions = lab_page.server.request("GET", "sessions")
    assert [one["path"] for one in sessions if one["path"].startswith(lab_page.name)] == [
        f"{lab_page.name}/playground.ipynb"
    ]
    expect(lab_page.playground).to_have_count(1)


def test_other_files_of_that_name_are_left_alone(lab_page: ExtensionPage) -> None:
    others = {1: "not a notebook", 2: '{"cells": []}', 3: "[]", 4: "", 5: "null"}
    paths = {lab_page.folder / named(number): text for number, text in others.items()}
    for path, text in paths.items():
        path.write_text(text, encoding="utf-8")
    (lab_page.folder / named(6)).mkdir()
    nbformat.write(new_notebook(["'something else'"]), lab_page.folder / named(7))
    lab_page.load()
    lab_page.card(PLAYGROUND).click()
    lab_page.expect_playground()
    expect(lab_page.tab).to_have_text(named(8))
    assert {path: path.read_text(encoding="utf-8") for path in paths} == paths
    assert sources(lab_page.folder / named(7)) == ["'something else'"]


def test_choosing_it_again_does_not_start_a_training_afresh(lab_page: ExtensionPage) -> None:
    lab_page.load()
    lab_page.card(PLAYGROUND).click()
    step = lab_page.playground.get_by_role("button", name="Step", exact=True)
    step.click()
    expect(lab_page.playground).to_contain_text("1 · train loss")
    lab_page.expect_saved()
    lab_page.choose(PLAYGROUND)
    step.click()
    expect(lab_page.playground).to_contain_text("2 · train loss")
    assert lab_page.files() == ["playground.ipynb"]


def test_choosing_it_after_a_restart_of_its_kernel_runs_it_again(lab_page: ExtensionPage) -> None:
    lab_page.load()
    lab_page.card(PLAYGROUND).click()
    lab_page.expect_playground()
    lab_page.expect_saved()
    lab_page.page.evaluate(
        "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()"
    )
    expect(lab_page.playground).to_have_count(0)
    lab_page.wait_for_kernel()
    lab_page.choose(PLAYGROUND)
    lab_page.expect_playground()


def test_the_course_is_copied_beside_what_is_there_and_opens_at_lesson_one(
    lab_page: ExtensionPage,
) -> None:
    course = lab_page.folder / "gradwidgets-course"
    course.mkdir()
    nbformat.write(new_notebook(["'my answers'"]), course / "02_backward.ipynb")
    before = (course / "02_backward.ipynb").read_bytes()
    lab_page.load()
    lab_page.card(COURSE).click()
    expect(lab_page.tab).to_have_text("01_tensor.ipynb")
    heading = lab_page.page.get_by_role("heading", name="01 · An array in a box")
    expect(heading).to_be_visible()
    lab_page.expect_saved()
    lessons = {lesson.path.name for lesson in notebook_files.lessons()}
    copied = {path.name for path in course.iterdir() if path.suffix == ".ipynb"}
    assert copied == lessons | {notebook_files.playground().name}
    assert (course / "02_backward.ipynb").read_bytes() == before
    shipped = notebook_files.folder() / "03_used_twice.ipynb"
    assert sources(course / "03_used_twice.ipynb") == sources(shipped)


def test_a_lesson_is_chosen_in_a_dialog_by_keyboard(lab_page: ExtensionPage) -> None:
    lab_page.load()
    expect(lab_page.card(COURSE)).to_be_visible()
    lab_page.choose("Open lesson…")
    choice = lab_page.dialog.locator("select")
    expect(choice).to_be_focused()
    assert choice.locator("option").all_text_contents() == [
        f"{lesson.number} · {lesson.title}" for lesson in notebook_files.lessons()
    ]
    choice.select_option("03 · Used twice")
    lab_page.page.keyboard.press("Tab")
    expect(lab_page.dialog.get_by_role("button", name="Cancel")).to_be_focused()
    lab_page.page.keyboard.press("Tab")
    lab_page.page.keyboard.press("Enter")
    expect(lab_page.tab).to_have_text("03_used_twice.ipynb")
    lab_page.expect_saved()
    assert "gradwidgets-course" in lab_page.files()


def test_a_dialog_that_is_left_opens_nothing(lab_page: ExtensionPage) -> None:
    lab_page.load()
    expect(lab_page.card(COURSE)).to_be_visible()
    lab_page.choose("Open lesson…")
    expect(lab_page.dialog).to_be_visible()
    lab_page.page.keyboard.press("Escape")
    expect(lab_page.dialog).to_have_count(0)
    assert lab_page.files() == []


def test_what_cannot_be_copied_is_said(lab_page: ExtensionPage) -> None:
    lab_page.load()
    expect(lab_page.card(PLAYGROUND)).to_be_visible()
    lab_page.page.route("**/api/contents/**/playground.ipynb*", lambda route: route.fulfill(
        status=403, json={"message": "Permission denied: playground.ipynb"}
    ))
    lab_page.card(PLAYGROUND).click()
    expect(lab_page.dialog).to_contain_text("It could not be opened")
    expect(lab_page.dialog).to_contain_text("Permission denied: playground.ipynb")
    expect(lab_page.dialog).to_contain_text("Choose a folder that you may write to")
    lab_page.page.keyboard.press("Enter")
    expect(lab_page.dialog).to_have_count(0)
    (error,) = lab_page.take_errors()
    assert "403" in error


def test_the_classroom_view_is_asked_of_the_widget_in_front(lab_page: ExtensionPage) -> None:
    lab_page.load()
    expect(lab_page.card(PLAYGROUND)).to_be_visible()
    lab_page.choose("Classroom view")
    expect(lab_page.dialog).to_contain_text("there is none in the notebook in front")
    lab_page.page.keyboard.press("Enter")
    lab_page.card(PLAYGROUND).click()
    lab_page.expect_playground()
    lab_page.playground.evaluate(
        "view => view.addEventListener('gw-classroom', () => { view.dataset.asked = 'yes'; })"
    )
    lab_page.choose("Classroom view")
    expect(lab_page.playground).to_have_attribute("data-asked", "yes")


def test_work_is_saved_and_downloaded_whole(lab_page: ExtensionPage) -> None:
    lab_page.load()
    expect(lab_page.card(PLAYGROUND)).to_be_visible()
    lab_page.choose("Save my work")
    expect(lab_page.dialog).to_contain_text("takes a notebook with a running kernel")
    lab_page.page.keyboard.press("Enter")
    lab_page.card(PLAYGROUND).click()
    lab_page.expect_playground()
    lab_page.expect_saved()
    lab_page.page.evaluate(
        "window.jupyterapp.shell.currentWidget.content.widgets[0].model.sharedModel"
        ".setSource('# my own words')"
    )
    lab_page.in_kernel(SAVE.format(answer="bytes(range(256)) * 2000"))
    with lab_page.page.expect_download() as download:
        lab_page.choose("Save my work")
    assert download.value.suggested_filename == "gradwidgets-work.zip"
    assert Path(download.value.path()).read_bytes() == bytes(range(256)) * 2000
    assert "# my own words" in sources(lab_page.folder / "playground.ipynb")
    lab_page.in_kernel(SAVE.format(answer="open('nowhere')"))
    lab_page.choose("Save my work")
    expect(lab_page.dialog).to_contain_text("FileNotFoundError: [Errno 2]")
    expect(lab_page.dialog).to_contain_text("choose Download")


def test_german_is_spoken_where_jupyterlab_speaks_it(
    lab_page: ExtensionPage, lab_server: LabServer
) -> None:
    setting = lab_server.settings / "@jupyterlab/translation-extension/plugin.jupyterlab-settings"
    setting.parent.mkdir(parents=True, exist_ok=True)
    setting.write_text('{"locale": "de_DE"}', encoding="utf-8")
    try:
        lab_page.load(gradwidgets="lesson-99")
        expect(lab_page.card("Spielplatz für neuronale Netze")).to_be_visible()
        expect(lab_page.card("Kurs zur Backpropagation")).to_be_visible()
        expect(lab_page.dialog).to_contain_text("Dieser Link lässt sich nicht öffnen")
    finally:
        setting.unlink()


def named(number: int) -> str:
    """Return the name of a folder's first, second … playground."""
    return "playground.ipynb" if number == 1 else f"playground-{number}.ipynb"
