"""A cell that is run again leaves nothing of its old widget behind, on the page and in the kernel."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from tests.browser.lab import Lab, LabPage
from tests.browser.playground_page import PlaygroundPage

SOON = (
    "from ipywidgets.widgets.widget import _instances\n"
    "from gradwidgets.views.kit import resting\n"
    "resting.LEFT_ALONE_AFTER = 0.1\n"
)
HERE = "p = playground = gradwidgets.Playground(); p"
COUNTS = ("Nodes", "JSEventListeners")


def open_cells(lab: Lab, *cells: str) -> LabPage:
    notebook = lab.open([f"import gradwidgets, json\n{SOON}", *cells])
    notebook.run_all()
    return notebook


def run(notebook: LabPage, index: int) -> None:
    notebook.page.evaluate(
        "index => { jupyterapp.shell.currentWidget.content.activeCellIndex = index; }", index
    )
    notebook.command("notebook:run-cell")


def counts(notebook: LabPage) -> list[int]:
    """Return how many DOM nodes and listeners the page holds, without its garbage."""
    session = notebook.page.context.new_cdp_session(notebook.page)
    session.send("Performance.enable")
    session.send("HeapProfiler.collectGarbage")
    metrics = {
        each["name"]: each["value"] for each in session.send("Performance.getMetrics")["metrics"]
    }
    session.detach()
    return [int(metrics[name]) for name in COUNTS]


def wait_for(notebook: LabPage, code: str, answer: str) -> None:
    PlaygroundPage(notebook).wait_for_kernel(code, answer)


def test_a_playground_run_again_and_again_costs_one(lab: Lab) -> None:
    notebook = open_cells(lab, f"resting.ANSWER_WITHIN = 0.3\n{HERE}")
    playground = PlaygroundPage(notebook)
    playground.wait_for_pictures()
    live = int(notebook.kernel("len(_instances)"))
    before = counts(notebook)
    for _ in range(3):
        run(notebook, 1)
        playground.wait_for_pictures()
        wait_for(notebook, "len(_instances)", str(live))
    for _ in range(40):  # some of what is collected is free only after a while
        nodes, listeners = (now - then for now, then in zip(counts(notebook), before, strict=True))
        if nodes < 600 and listeners < 200:
            break
        notebook.page.wait_for_timeout(250)
    assert nodes < 600 and listeners < 200  # three times 1,290 and 79, if they stayed
    expect(playground.root).to_have_count(1)


def test_it_is_there_as_it_was_in_whatever_cell_it_is_shown(lab: Lab) -> None:
    notebook = open_cells(lab, HERE)
    notebook.kernel("resting.ANSWER_WITHIN = 0.3")
    playground = PlaygroundPage(notebook)
    playground.wait_for_pictures()
    playground.button("Step").click()
    playground.wait_for_step(1)
    playground.field("Learning rate value").fill("0.03")
    playground.field("Learning rate value").press("Enter")
    wait_for(notebook, "playground.trainer.learning_rate", "0.03")
    notebook.page.evaluate("() => { jupyterapp.shell.currentWidget.content.activeCellIndex = 1; }")
    notebook.command("notebook:clear-cell-output")
    wait_for(notebook, "len(_instances)", "0")
    expect(playground.root).to_have_count(0)
    notebook.run_cell("p")
    playground.wait_for_pictures()
    assert playground.status().step == 1
    expect(playground.field("Learning rate value")).to_have_value("0.03")
    playground.button("Step").click()
    playground.wait_for_step(2)
    playground.wait_until_still()


def test_an_output_that_comes_back_wakes_its_widget(lab: Lab) -> None:
    notebook = open_cells(lab, HERE)
    notebook.kernel("resting.ANSWER_WITHIN = 0.3")
    playground = PlaygroundPage(notebook)
    playground.wait_for_pictures()
    playground.button("Step").click()
    playground.wait_for_step(1)
    notebook.page.evaluate("() => { jupyterapp.shell.currentWidget.content.activeCellIndex = 1; }")
    notebook.command("notebook:delete-cell")
    wait_for(notebook, "playground.resting", "True")
    notebook.command("notebook:undo-cell-action")
    playground.wait_for_pictures()
    assert playground.status().step == 1
    expect(notebook.page.locator(".gw-still")).to_have_count(0)


def test_one_that_is_seen_and_rests_all_the_same_comes_back_by_itself(lab: Lab) -> None:
    """A page that a slow line has kept from answering."""
    notebook = open_cells(lab, HERE)
    playground = PlaygroundPage(notebook)
    playground.wait_for_pictures()
    frame = playground.frame("Output")
    notebook.kernel("p.audience.alone = True; p.rest_when_alone(); assert p.resting")
    notebook.page.wait_for_function(
        "frame => Number(document.querySelector('.gw-playground [aria-label^=Output][data-frame]')"
        "?.dataset.frame) > frame",
        arg=frame,
    )
    assert notebook.kernel("p.resting") == "False"


@pytest.mark.parametrize(
    "code",
    [
        "x = gradwidgets.Tensor([0.3, -0.7], autograd=True)\ngradwidgets.GraphView(x.tanh() * x)",
        "x = gradwidgets.Tensor([0.3, -0.7], autograd=True)\n"
        "gradwidgets.BackwardStepper(x.tanh() * x)",
        "for loss in gradwidgets.watch([3.0, 2.0, 1.0]):\n    pass",
    ],
    ids=["graph", "walk", "loop"],
)
def test_every_view_goes_with_its_output(lab: Lab, code: str) -> None:
    notebook = open_cells(lab, code)
    notebook.kernel("resting.ANSWER_WITHIN = 0.3")
    expect(notebook.page.locator(".gw-panel").first).to_be_visible()
    wait_for(notebook, "len(_instances) > 0", "True")
    notebook.page.evaluate("() => { jupyterapp.shell.currentWidget.content.activeCellIndex = 1; }")
    notebook.command("notebook:clear-cell-output")
    wait_for(notebook, "len(_instances)", "0")


def test_the_file_keeps_what_is_seen_while_it_plays_and_does_not_count_as_changed(lab: Lab) -> None:
    notebook = open_cells(lab, HERE)
    playground = PlaygroundPage(notebook)
    playground.wait_for_pictures()
    # the still picture of the beginning, which does count, has come before it is saved
    playground.wait_for_kernel(
        "playground._keeper._wanted and playground._keeper._due is None", "True"
    )
    notebook.run_cell("None")
    notebook.command("docmanager:save")
    playground.play()
    notebook.page.wait_for_function(
        """() => {
            const {content, context} = jupyterapp.shell.currentWidget;
            const html = content.widgets[1].model.outputs.get(0).data["text/html"];
            const [, step] = /step (\\d+)/.exec(html);
            if (Number(step) > 0 && context.model.dirty) throw new Error("it counts as changed");
            return Number(step) > 50;
        }"""
    )
    notebook.command("docmanager:save")
    path = notebook.server.files / notebook.name
    html = "".join(json.loads(path.read_text("utf-8"))["cells"][1]["outputs"][0]["data"]["text/html"])
    assert " · step 0 ·" not in html and " · step " in html
    notebook.page.evaluate(
        "() => jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()"
    )
    still = notebook.page.locator(".gw-still")
    expect(still).to_contain_text(" · step ")
    expect(still).not_to_contain_text(" · step 0 ·")
