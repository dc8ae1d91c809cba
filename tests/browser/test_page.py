"""The page around the playground: theme, reload, narrow windows, nothing running at all."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.lab import ROOT, Lab
from tests.browser.playground_page import SHOW, PlaygroundPage, open_playground

NOTEBOOK = ROOT / "notebooks" / "00_playground.ipynb"

CORNER = """
img => {
    const canvas = document.createElement("canvas");
    canvas.width = img.naturalWidth; canvas.height = img.naturalHeight;
    const context = canvas.getContext("2d");
    context.drawImage(img, 0, 0);
    return [...context.getImageData(1, 1, 1, 1).data.slice(0, 3)];
}
"""


def test_figures_follow_the_theme_while_it_trains(playground: PlaygroundPage) -> None:
    playground.play()
    playground.wait_for_step(50)
    loss, output = playground.picture("Loss plot"), playground.picture("Output")
    assert min(loss.evaluate(CORNER)) > 240
    playground.notebook.set_theme("dark")
    for picture in (loss, output):
        playground.page.wait_for_function(
            f"img => Math.max(...({CORNER})(img)) < 60", arg=picture.element_handle()
        )
    playground.pause()
    playground.notebook.set_theme("light")
    for picture in (loss, output):  # also while nothing trains
        playground.page.wait_for_function(
            f"img => Math.min(...({CORNER})(img)) > 240", arg=picture.element_handle()
        )


def test_dark_from_the_start(lab: Lab) -> None:
    playground = open_playground(lab, theme="dark")
    for name in ("Loss plot", "Output"):
        playground.page.wait_for_function(
            f"img => Math.max(...({CORNER})(img)) < 60",
            arg=playground.picture(name).element_handle(),
        )


def test_on_a_first_visit_all_of_it_and_its_trouble_come_before_the_eyes(lab: Lab) -> None:
    notebook = lab.open(NOTEBOOK, sidebar=True)
    notebook.page.locator(".jp-CodeCell .cm-content").first.click()
    notebook.page.keyboard.press("Shift+Enter")
    playground = PlaygroundPage(notebook)
    playground.wait_for_pictures()
    expect(playground.button("Play")).to_be_in_viewport(ratio=1)
    for name in ("Backward graph", "Loss plot", "Output"):
        expect(playground.picture(name)).to_be_in_viewport(ratio=1)
    playground.field("Data set").select_option("Sine")
    playground.field("Layer 1 activation").select_option("ReLU")
    playground.field("Learning rate value").fill("10")
    playground.page.keyboard.press("Enter")
    playground.button("Play").click()
    expect(playground.alert()).to_be_in_viewport(ratio=1)
    expect(playground.button("Try 0.01")).to_be_in_viewport(ratio=1)
    expect(playground.button("Play")).to_be_in_viewport(ratio=1)


def test_nobody_who_reads_elsewhere_is_moved(lab: Lab) -> None:
    far = "print('\\n' * 150)"
    notebook = lab.open([SHOW.format("gradwidgets.Spec.suited('sine', layers=[(8, 'ReLU')], "
                                     "learning_rate=10)"), far])  # fmt: skip
    notebook.run_all()
    playground = PlaygroundPage(notebook)
    playground.wait_for_pictures()
    notebook.page.get_by_role("textbox").last.scroll_into_view_if_needed()
    notebook.page.mouse.move(640, 500)
    notebook.page.mouse.wheel(0, 5000)
    expect(playground.button("Step")).not_to_be_in_viewport()
    playground.kernel("playground.play()")
    expect(playground.alert()).to_contain_text("no longer finite")
    expect(playground.alert()).not_to_be_in_viewport()


@pytest.mark.old_environment
def test_a_reload_brings_the_pictures_back_and_training_goes_on(lab: Lab) -> None:
    playground = open_playground(lab)
    playground.play()
    playground.wait_for_step(50)
    playground.notebook.command("docmanager:save")
    playground.notebook.reload()
    playground = PlaygroundPage(playground.notebook)
    playground.wait_for_pictures()
    expect(playground.button("Pause")).to_be_visible()
    step = playground.status().step
    playground.wait_for_step(step + 50)
    playground.pause()
    playground.wait_until_still()
    assert str(playground.status().step) == playground.kernel("playground.trainer.step_count")
    assert playground.graph_texts() != {}


def test_a_reload_while_paused_shows_the_same_step(lab: Lab) -> None:
    playground = open_playground(lab)
    playground.button("Step").click()
    playground.wait_for_step(1)
    texts = playground.graph_texts()
    playground.notebook.command("docmanager:save")
    playground.notebook.reload()
    playground = PlaygroundPage(playground.notebook)
    playground.wait_for_pictures()
    assert playground.status().step == 1
    assert playground.graph_texts() == texts


def test_after_a_walk_a_notebook_that_is_opened_again_brings_the_playground_back(lab: Lab) -> None:
    playground = open_playground(lab)
    playground.button("Step").click()
    playground.wait_for_step(1)
    playground.button("Walk this step").click()
    playground.button("Back to training").click()
    expect(playground.root.locator(".gw-stepper")).to_have_count(0)
    playground.notebook.command("docmanager:save")
    playground.page.evaluate("() => jupyterapp.shell.currentWidget.dispose()")
    playground.notebook.command("docmanager:open", path=playground.notebook.name)
    playground.wait_for_pictures()
    playground.button("Step").click()
    playground.wait_for_step(2)


def test_a_narrow_page_stacks_and_loses_nothing(lab: Lab) -> None:
    playground = open_playground(lab, viewport=(560, 900))
    boxes = [playground.picture(name).bounding_box()
             for name in ("Backward graph", "Loss plot", "Output")]
    assert boxes[0]["y"] < boxes[1]["y"] < boxes[2]["y"]
    assert playground.root.evaluate("el => el.scrollWidth - el.clientWidth") <= 0
    for name in ("Play", "Step", "Reset", "New weights"):
        box = playground.button(name).bounding_box()
        assert box["x"] + box["width"] <= 560


def test_a_wide_page_needs_no_scrolling(playground: PlaygroundPage) -> None:
    box = playground.root.bounding_box()
    page = playground.page.locator(".jp-Notebook:visible").first.bounding_box()
    assert box["height"] <= page["height"]


def test_pictures_are_described_in_words(playground: PlaygroundPage) -> None:
    playground.play()
    playground.wait_for_step(100)
    playground.pause()
    playground.wait_until_still()
    loss = playground.picture("Loss plot").get_attribute("aria-label")
    assert playground.status().train in loss
    output = playground.picture("Output").get_attribute("aria-label")
    assert "250 training points, 250 test points" in output
    graph = playground.picture("Backward graph")
    described = playground.page.locator(f"#{graph.get_attribute('aria-describedby')}")
    assert "operations" in described.text_content()
    step = playground.root.locator(".gw-status-part b").nth(1).text_content()
    expect(playground.root.get_by_role("status")).to_contain_text(f"step {step}")


def test_log_axis(playground: PlaygroundPage) -> None:
    frame = playground.frame("Loss plot")
    playground.field("Log axis").check()
    expect(playground.picture("Loss plot")).not_to_have_attribute("data-frame", str(frame))
    assert playground.kernel("playground.screens.loss.figure.axes.get_yscale()") == "'log'"


def test_keyboard_alone_trains(playground: PlaygroundPage) -> None:
    playground.button("Play").focus()
    playground.page.keyboard.press("Space")
    playground.wait_for_step(50)
    playground.page.keyboard.press("Space")
    expect(playground.button("Play")).to_be_focused()
    playground.wait_until_still()
    step = playground.status().step
    playground.page.keyboard.press("Tab")
    playground.page.keyboard.press("Enter")
    playground.wait_for_step(step + 1)
    playground.wait_until_still()
    assert str(playground.status().step) == playground.kernel("playground.trainer.step_count")
