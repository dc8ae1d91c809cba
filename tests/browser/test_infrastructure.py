"""The fixtures of the browser tests do what the other tests trust them to do."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

import gradwidgets
from tests.browser.lab import CellError, Lab
from tests.browser.slow_line import SlowLine

BUTTON = """
import ipywidgets
label = ipywidgets.Label("not yet")
button = ipywidgets.Button(description="Press me")
button.on_click(lambda _: setattr(label, "value", "pressed"))
display(button, label)
"""


@pytest.mark.old_environment
def test_a_widget_and_its_kernel_talk_to_each_other(lab: Lab) -> None:
    notebook = lab.open([BUTTON])
    notebook.run_all()
    notebook.page.get_by_role("button", name="Press me").click()
    expect(notebook.page.get_by_text("pressed", exact=True)).to_be_visible()
    assert notebook.kernel("label.value") == "'pressed'"


@pytest.mark.old_environment
def test_cells_and_the_second_front_end_share_a_kernel(lab: Lab) -> None:
    notebook = lab.open()
    assert notebook.run_cell("x = 20\nprint('twice')\n2 * x") == "twice\n40"
    assert 0 < notebook.last_cell_ms < 5000
    assert notebook.kernel("print('so'); x + 1") == "so\n21"
    assert notebook.run_cell("1 + 1") == "2"
    assert notebook.run_cell("len(Out)") == "2", "kernel() must leave no trace in the history"


def test_a_cell_that_raises_is_an_error(lab: Lab) -> None:
    notebook = lab.open(["1 / 0"])
    with pytest.raises(CellError, match="ZeroDivisionError"):
        notebook.run_all()
    with pytest.raises(CellError, match="ZeroDivisionError"):
        notebook.kernel("1 / 0")
    with pytest.raises(CellError, match="KeyError"):
        notebook.run_cell("{}[1]")


def test_notebooks_have_kernels_of_their_own_that_end_with_them(lab: Lab) -> None:
    first, second = lab.open(), lab.open()
    first.run_cell("x = 1")
    second.run_cell("x = 2")
    assert (first.kernel("x"), second.kernel("x")) == ("1", "2")
    theirs = {first.kernel_id(), second.kernel_id()}
    assert len(theirs) == 2
    lab.close()
    assert theirs.isdisjoint(kernel["id"] for kernel in lab.server.request("GET", "kernels"))


def test_what_goes_wrong_in_the_page_fails_the_test(lab: Lab) -> None:
    notebook = lab.open()
    for script in (
        "console.warn('only a warning')",
        "console.error('a console error')",
        "setTimeout(() => { throw new Error('an exception') })",
        "Promise.reject(new Error('a rejected promise')); 0",
    ):
        notebook.page.evaluate(script)
    notebook.page.evaluate("() => new Promise(done => setTimeout(done))")
    with pytest.raises(AssertionError) as caught:
        lab.close()
    for report in ("a console error", "an exception", "a rejected promise"):
        assert report in str(caught.value)
    assert "only a warning" not in str(caught.value)


def test_a_page_opens_in_the_theme_and_size_asked_for(lab: Lab) -> None:
    notebook = lab.open(theme="dark", viewport=(900, 700))
    body = notebook.page.locator("body")
    expect(body).to_have_attribute("data-jp-theme-light", "false")
    assert notebook.page.viewport_size == {"width": 900, "height": 700}
    notebook.set_theme("light")
    expect(body).to_have_attribute("data-jp-theme-light", "true")


def test_a_reloaded_page_finds_its_kernel_again(lab: Lab) -> None:
    notebook = lab.open(sidebar=True)
    expect(notebook.page.locator(".jp-FileBrowser")).to_be_visible()
    version = notebook.run_cell("import gradwidgets\ngradwidgets.__version__")
    assert version == repr(gradwidgets.__version__), "the kernel imports the package under test"
    notebook.run_cell("x = 3")
    notebook.reload()
    assert notebook.run_cell("x") == "3"


def test_a_page_opens_over_a_slow_line(lab: Lab) -> None:
    with SlowLine(lab.server.port, delay=0.05, bandwidth=50e6) as line:
        notebook = lab.open(port=line.port)
        assert notebook.run_cell("1 + 1") == "2"
        assert notebook.last_cell_ms > 100
        lab.close()


def test_a_cell_that_never_ends_is_interrupted(lab: Lab) -> None:
    notebook = lab.open()
    notebook.start_cell("import time\nprint('here we go')\nwhile True:\n    time.sleep(0.01)")
    expect(notebook.page.get_by_text("here we go", exact=True)).to_be_visible()
    notebook.interrupt()
    expect(notebook.page.get_by_text("KeyboardInterrupt").first).to_be_visible()
    assert notebook.kernel("1 + 1") == "2"
