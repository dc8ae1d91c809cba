"""Code that did not come with gradwidgets is opened under a name of ours, and not run unasked."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Browser, Page, expect

from gradwidgets.lab import first_cells
from tests.browser.every_widget import axe
from tests.browser.extension_files import page_of_files
from tests.browser.extension_page import COURSE, PLAYGROUND, ExtensionPage
from tests.browser.fixtures import RESULTS
from tests.browser.lab import LabServer, new_notebook
from tests.browser.notebook_file import sources

RAN = "open('ran', 'w').close()"
FOREIGN = f"import gradwidgets\n\n{RAN}\ngradwidgets.Playground()"
RUN = "Run the first cell"

SAVE = """
() => {
    const {context} = window.jupyterapp.shell.currentWidget;
    context.model.dirty = true;
    return context.save();
}
"""

IS_SHIPPED = "async (source) => (await import('/shipped.js')).isShipped(source)"

# The very kernel of Python, under a name and a language of its own.
OTHER_KERNEL = {
    "argv": ["python", "-m", "ipykernel_launcher", "-f", "{connection_file}"],
    "display_name": "Other",
    "language": "other",
}


@pytest.fixture(scope="module")
def files(browser: Browser) -> Iterator[Page]:
    with page_of_files(browser) as page:
        yield page


@pytest.fixture
def other_kernel(lab_server: LabServer) -> Iterator[str]:
    """The name of a kernel of the server that is not called one for Python."""
    folder = lab_server.runtime.parent / "data" / "kernels" / "other"
    folder.mkdir(parents=True)
    spec = {**OTHER_KERNEL, "argv": [lab_server.python, *OTHER_KERNEL["argv"][1:]]}
    (folder / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")
    yield folder.name
    shutil.rmtree(folder)


def put(
    page: ExtensionPage, cells: list[str], name: str = "playground.ipynb", hidden: bool = False
) -> Path:
    """Write a notebook into the page's folder, as somebody's zip would."""
    path = page.folder / name
    path.parent.mkdir(exist_ok=True)
    notebook = new_notebook(cells)
    notebook.cells[0].metadata = {"jupyter": {"source_hidden": hidden}} if hidden else {}
    nbformat.write(notebook, path)
    return path


def expect_not_run(page: ExtensionPage, folder: Path) -> None:
    """Wait for the line, and hold that nothing has been run."""
    expect(page.line).to_be_visible(timeout=60_000)
    expect(page.line).to_contain_text("because it is not as it came with gradwidgets")
    page.wait_for_kernel()
    assert page.in_kernel("print(len(In), 'gradwidgets' in globals())").strip() == "1 False"
    assert not (folder / "ran").exists()


@pytest.mark.old_environment
def test_a_foreign_playground_is_opened_and_runs_when_it_is_told_to(
    lab_page: ExtensionPage,
) -> None:
    path = put(lab_page, [FOREIGN, "open('second', 'w').close()"])
    lab_page.load()
    lab_page.card(PLAYGROUND).click()
    expect_not_run(lab_page, lab_page.folder)
    lab_page.line.get_by_role("button", name=RUN).click()
    lab_page.expect_playground()
    expect(lab_page.line).to_have_count(0)
    lab_page.expect_folded()
    lab_page.expect_saved()
    assert lab_page.files() == ["playground.ipynb", "ran"]
    assert sources(path)[0] == FOREIGN


def test_neither_saving_nor_opening_again_is_a_permission(lab_page: ExtensionPage) -> None:
    put(lab_page, [FOREIGN])
    lab_page.load()
    lab_page.card(PLAYGROUND).click()
    expect_not_run(lab_page, lab_page.folder)
    lab_page.page.evaluate(SAVE)
    lab_page.page.goto("about:blank")
    lab_page.end_kernels()
    lab_page.load()
    listed = lab_page.page.locator(".jp-DirListing-item").filter(has_text="playground.ipynb")
    expect(listed).to_be_visible()
    lab_page.choose(PLAYGROUND)
    expect_not_run(lab_page, lab_page.folder)
    lab_page.choose(PLAYGROUND)
    expect(lab_page.line).to_have_count(1)
    lab_page.load(gradwidgets="playground")
    lab_page.expect_playground()
    assert lab_page.files() == ["playground-2.ipynb", "playground.ipynb"]


def test_a_picture_out_of_somebody_s_file_is_no_widget_even_beside_a_running_kernel(
    lab_page: ExtensionPage,
) -> None:
    path = put(lab_page, [FOREIGN])
    notebook = nbformat.read(path, as_version=4)
    view = {"application/vnd.jupyter.widget-view+json": {"model_id": "5eed" * 8}}
    saved = nbformat.v4.new_output("display_data", {**view, "text/plain": "<Playground>"})
    notebook.cells[0].outputs = [saved]
    nbformat.write(notebook, path)
    lab_page.server.start_kernel(f"{lab_page.name}/playground.ipynb")
    lab_page.load()
    lab_page.card(PLAYGROUND).click()
    expect_not_run(lab_page, lab_page.folder)


def test_a_foreign_lesson_is_not_run_and_the_line_goes_when_it_is_run_by_hand(
    lab_page: ExtensionPage,
) -> None:
    put(lab_page, [RAN, "1 + 1"], "gradwidgets-course/01_tensor.ipynb")
    course = lab_page.folder / "gradwidgets-course"
    lab_page.load()
    lab_page.card(COURSE).click()
    expect_not_run(lab_page, course)
    lab_page.page.locator(".jp-CodeCell .cm-content").nth(1).click()
    lab_page.page.keyboard.press("Shift+Enter")
    expect(lab_page.page.locator(".jp-OutputArea-output")).to_have_text("2")
    expect(lab_page.line).to_be_visible()  # this was another cell
    lab_page.page.locator(".jp-CodeCell .cm-content").first.click()
    lab_page.page.keyboard.press("Shift+Enter")
    expect(lab_page.line).to_have_count(0)
    prompt = lab_page.page.locator(".jp-CodeCell .jp-InputPrompt").first
    expect(prompt).to_have_text("[2]:")
    assert (course / "ran").exists()
    lab_page.choose("Backpropagation course")
    lab_page.wait_for_kernel()
    expect(lab_page.line).to_have_count(0)


def test_the_line_is_reached_by_keyboard_and_gives_the_focus_to_the_notebook(
    lab_page: ExtensionPage,
) -> None:
    put(lab_page, [FOREIGN], hidden=True)
    lab_page.load()
    lab_page.card(PLAYGROUND).click()
    expect_not_run(lab_page, lab_page.folder)
    # its code was folded away, and can be read now
    expect(lab_page.page.locator(".jp-CodeCell .cm-content").first).to_contain_text("'ran'")
    assert lab_page.page.evaluate(
        "window.jupyterapp.shell.currentWidget.content.widgets[0].model.getMetadata('jupyter')"
    ) == {"source_hidden": True}
    button = lab_page.line.get_by_role("button", name=RUN)
    for _ in range(80):  # from wherever the focus is, once around the page
        lab_page.page.keyboard.press("Tab")
        if button.evaluate("one => one === document.activeElement"):
            break
    expect(button).to_be_focused()
    lab_page.page.keyboard.press("Enter")
    lab_page.expect_playground()
    expect(lab_page.line).to_have_count(0)
    assert lab_page.page.evaluate("document.activeElement.closest('.jp-Notebook') !== null")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_line_can_be_read_in_both_themes_and_on_a_narrow_page(
    lab_page: ExtensionPage, theme: str
) -> None:
    lab_page.server.set_theme(theme)
    put(lab_page, [FOREIGN])
    lab_page.load()
    lab_page.card(PLAYGROUND).click()
    expect_not_run(lab_page, lab_page.folder)
    lab_page.screenshot(RESULTS / f"first-cell-{theme}.png")
    line = lab_page.page.locator(".gw-first-cell")
    found = axe(lab_page.page, line)
    assert found["violations"] == [] and found["passes"] > 0
    lab_page.page.set_viewport_size({"width": 700, "height": 600})
    lab_page.page.wait_for_function(
        "() => { const line = document.querySelector('.gw-first-cell');"
        " const notebook = document.querySelector('.jp-NotebookPanel .jp-Notebook');"
        " return line.offsetHeight > 50 && line.getBoundingClientRect().bottom"
        " <= notebook.getBoundingClientRect().top + 1; }"
    )
    assert line.evaluate("one => one.scrollWidth <= one.clientWidth")


def test_what_an_earlier_version_shipped_is_run(lab_page: ExtensionPage) -> None:
    old, today = first_cells.ever()["06_descent.ipynb"][:2]
    assert "from gradwidgets import watch" in today and "watch" not in old
    put(lab_page, [old], "gradwidgets-course/06_descent.ipynb")
    lab_page.load(gradwidgets="lesson-06")
    expect(lab_page.tab).to_have_text("06_descent.ipynb", timeout=30_000)
    lab_page.expect_saved()
    expect(lab_page.line).to_have_count(0)


@pytest.mark.parametrize(
    "source",
    [
        "import gradwidgets\n\ngradwidgets.Playground(recipe='{}')",
        'import gradwidgets\n\ngradwidgets.Playground(recipe="{}") # \\\n',
        'import gradwidgets\n\ngradwidgets.Playground(recipe="{\\"colour\\": 1}")',
        'import gradwidgets\n\ngradwidgets.Playground(recipe="{}", title=open("ran", "w").name)',
        'import gradwidgets\n\ngradwidgets.Playground(recipe="{}" "\\x7b")',
        "import gradwidgets\n\ngradwidgets.Playground() ",
    ],
)
def test_only_the_letter_of_what_a_link_writes_is_ours(
    files: Page, source: str
) -> None:
    assert files.evaluate(IS_SHIPPED, source) is False


def test_what_a_link_writes_and_today_s_first_cells_are_ours(files: Page) -> None:
    written = 'import gradwidgets\n\ngradwidgets.Playground(recipe="{\\"preset\\": \\"xor\\"}")'
    for source in [written, *first_cells.of_today().values()]:
        assert files.evaluate(IS_SHIPPED, source) is True


def test_a_first_cell_of_ours_is_not_run_by_a_kernel_that_is_none_for_python(
    lab_page: ExtensionPage, other_kernel: str
) -> None:
    notebook = new_notebook(["import gradwidgets\n\ngradwidgets.Playground()"])
    notebook.metadata.kernelspec = {"name": other_kernel, "display_name": "Other"}
    nbformat.write(notebook, lab_page.folder / "playground.ipynb")
    lab_page.load()
    lab_page.card(PLAYGROUND).click()
    expect(lab_page.line).to_contain_text("is not one for Python", timeout=60_000)
    lab_page.wait_for_kernel()
    assert lab_page.in_kernel("print(len(In))").strip() == "1"
