"""What goes wrong is said where it happened, and nothing is lost."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.lab import CellError, Lab
from tests.browser.playground_page import PlaygroundPage, open_playground

OWN = """
import numpy as np
import gradwidgets as gw

class Mine:
    def __init__(self):
        self.inner = gw.Sequential([gw.Linear(2, 3), gw.Tanh(), gw.Linear(3, 1), gw.Sigmoid()])
        self.broken = False
    def forward(self, x):
        if self.broken == "endless":
            print("it runs", flush=True)
            while True: pass
        if self.broken == "exit":
            quit()
        if self.broken:
            raise ValueError("the learner's forward fell over")
        return self.inner.forward(x)
    def get_parameters(self):
        return self.inner.get_parameters()

np.random.seed(0)
data = gw.Tensor([[0, 0], [0, 1], [1, 0], [1, 1]], autograd=True)
target = gw.Tensor([[0], [1], [0], [1]], autograd=True)
model = Mine()
optimizer = gw.SGD(model.get_parameters(), alpha=1)
playground = gw.Playground(
    model=model, criterion=gw.MSELoss(), optimizer=optimizer, data=data, target=target
)
playground
"""


def open_own(lab: Lab) -> PlaygroundPage:
    notebook = lab.open([OWN])
    notebook.run_all()
    playground = PlaygroundPage(notebook)
    playground.wait_for_pictures()
    return playground


def test_divergence_is_explained_and_a_lower_rate_goes_on(playground: PlaygroundPage) -> None:
    playground.field("Data set").select_option("Sine")
    playground.field("Layer 1 activation").select_option("ReLU")
    value = playground.field("Learning rate value")
    value.fill("10")
    value.press("Enter")
    playground.button("Play").click()  # so fast that nobody sees it called Pause
    expect(playground.alert()).to_contain_text("no longer finite")
    expect(playground.alert()).to_contain_text("learning rate 10")
    expect(playground.button("Play")).to_be_visible()
    expect(playground.button("Try 0.01")).to_be_visible()
    finite = "all(np.isfinite(p.data).all() for p in playground.trainer.model.get_parameters())"
    assert playground.kernel(f"import numpy as np; {finite}") == "True"
    step = playground.status().step
    value.fill("0.01")
    value.press("Enter")
    expect(playground.message()).to_contain_text("Press Play")
    playground.play()
    playground.wait_for_step(step + 400)
    playground.pause()
    assert float(playground.status().train) < 0.5


@pytest.mark.parametrize(
    ("example", "words"),
    [
        ("What goes wrong: dead units", "all 3 ReLU units answer 0 for every training point"),
        ("What goes wrong: gradients vanish", "the gradient vanishes on its way back"),
    ],
)
def test_what_keeps_it_from_learning_is_named_until_it_is_mended(
    playground: PlaygroundPage, example: str, words: str
) -> None:
    playground.field("Example").select_option(example)
    playground.field("Speed").select_option("as fast as possible")
    playground.play()
    expect(playground.message()).to_contain_text(words)
    expect(playground.alert()).to_have_count(0)
    playground.pause()
    expect(playground.message()).to_contain_text(words)
    playground.button("Reset").click()
    expect(playground.message()).to_contain_text("Back to the first weights")
    playground.field("Example").select_option("Circle: a hidden layer bends the boundary")
    playground.play()
    playground.wait_for_step(2000)
    playground.pause()
    expect(playground.message()).not_to_contain_text(words)


def test_a_stuck_network_is_not_called_divergence(playground: PlaygroundPage) -> None:
    value = playground.field("Learning rate value")
    value.fill("10")
    value.press("Enter")
    playground.play()
    playground.wait_for_step(25 * 20)
    expect(playground.alert()).to_have_count(0)
    playground.pause()


def test_the_suggested_rate_is_one_click_away(playground: PlaygroundPage) -> None:
    playground.kernel(
        "playground.set_spec(gradwidgets.Spec.suited('sine', layers=[(8, 'ReLU')],"
        " learning_rate=10))"
    )
    playground.button("Play").click()
    playground.button("Try 0.01").click()
    expect(playground.field("Learning rate value")).to_have_value("0.01")
    expect(playground.message()).to_contain_text("Press Play to go on")
    playground.play()
    playground.wait_for_step(playground.status().step + 50)
    playground.pause()


def test_a_cell_that_is_run_again_leaves_no_training_behind(lab: Lab) -> None:
    notebook = lab.open(["import gradwidgets\nolder = globals().get('playground')\n"
                         "playground = gradwidgets.Playground()\nplayground"])
    notebook.run_all()
    first = PlaygroundPage(notebook)
    first.wait_for_pictures()
    first.play()
    first.wait_for_step(50)
    notebook.run_all()
    PlaygroundPage(notebook).wait_for_pictures()
    notebook.kernel(
        "import asyncio\n"
        "for _ in range(200):\n"
        "    if not older.pump.playing: break\n"
        "    await asyncio.sleep(0.05)"
    )
    assert notebook.kernel("older.pump.playing, older.pump.reason") == "(False, 'unwatched')"


def test_a_cell_that_sleeps_does_no_harm(playground: PlaygroundPage) -> None:
    playground.play()
    playground.wait_for_step(30)
    assert playground.notebook.run_cell("import time; time.sleep(3); print('awake')") == "awake"
    playground.wait_for_step(playground.status().step + 50)
    playground.pause()


def test_an_interrupt_between_cells_pauses_training(playground: PlaygroundPage) -> None:
    playground.play()
    playground.wait_for_step(100)
    playground.notebook.interrupt()
    expect(playground.button("Play")).to_be_visible()
    expect(playground.message()).to_contain_text("interrupt")
    playground.wait_until_still()
    assert str(playground.status().step) == playground.kernel("playground.trainer.step_count")
    playground.play()
    playground.wait_for_step(playground.status().step + 50)
    playground.pause()


@pytest.mark.parametrize("nap", ["time.sleep(30)", "await asyncio.sleep(30)"])
def test_an_interrupt_still_stops_a_cell(lab: Lab, nap: str) -> None:
    playground = open_playground(lab)
    playground.play()
    playground.wait_for_step(100)
    page = playground.page
    page.evaluate(
        """nap => { const app = window.jupyterapp, nb = app.shell.currentWidget.content;
            nb.activeCellIndex = nb.widgets.length - 1;
            app.commands.execute("notebook:insert-cell-below").then(() => {
                nb.activeCell.model.sharedModel.setSource(
                    `print('begun')\\nimport asyncio, time\\n${nap}`);
                app.commands.execute("notebook:run-cell"); }); }""",
        nap,
    )
    expect(page.get_by_text("begun", exact=True)).to_be_visible()
    playground.notebook.interrupt()
    expect(page.get_by_text(re.compile("KeyboardInterrupt|CancelledError")).first).to_be_visible()
    playground.wait_for_step(playground.status().step + 50)
    playground.notebook.interrupt()  # no cell runs any more, so this one is for the training
    expect(playground.button("Play")).to_be_visible()


def test_an_error_in_the_learners_code_is_a_line_and_play_works_again(lab: Lab) -> None:
    playground = open_own(lab)
    playground.field("Speed").select_option("as fast as possible")
    playground.play()
    playground.wait_for_step(50)
    playground.kernel("model.broken = True")
    expect(playground.alert()).to_contain_text("ValueError: the learner's forward fell over")
    expect(playground.button("Play")).to_be_visible()
    playground.button("Step").click()
    expect(playground.alert()).to_contain_text("fell over")
    playground.kernel("model.broken = False")
    step = playground.status().step
    playground.play()
    playground.wait_for_step(step + 50)
    expect(playground.alert()).to_have_count(0)
    playground.pause()


def test_a_learners_own_model_trains_and_shows(lab: Lab) -> None:
    playground = open_own(lab)
    words = playground.root.get_by_text("This is your own model: Mine, with 13 parameters")
    expect(words).to_be_visible()
    expect(playground.button("New weights")).to_have_count(0)
    expect(playground.field("Data set")).to_have_count(0)
    first = float(playground.status().train)
    playground.play()
    playground.wait_for_step(40)
    playground.pause()
    assert float(playground.status().train) < first
    assert playground.kernel("playground.trainer.model is model") == "True"
    playground.button("Reset").click()
    expect(playground.root.locator(".gw-status-line")).to_contain_text("step 0")
    assert float(playground.status().train) == first


def test_a_playground_of_half_the_objects_says_what_is_missing(lab: Lab) -> None:
    notebook = lab.open(["import gradwidgets as gw\ngw.Playground(model=gw.Tanh(), data=[[1.0]])"])
    try:
        notebook.run_all()
    except CellError as error:
        assert "criterion, optimizer, target are missing" in str(error)
    else:
        raise AssertionError("half a playground was built")


def test_a_quit_in_the_learners_code_is_a_line_and_the_kernel_lives(lab: Lab) -> None:
    playground = open_own(lab)
    playground.kernel("model.broken = 'exit'; kept = 42")
    playground.button("Play").click()
    expect(playground.alert()).to_contain_text("Training stopped: SystemExit, in line 13 of your")
    expect(playground.alert()).to_contain_text("quit()")
    assert playground.kernel("kept") == "42"
    playground.kernel("model.broken = False")
    playground.play()
    playground.wait_for_step(50)
    expect(playground.alert()).to_have_count(0)
    playground.pause()


@pytest.mark.parametrize("button", ["Play", "Step"])
def test_an_endless_forward_is_interrupted_as_in_a_cell(lab: Lab, button: str) -> None:
    playground = open_own(lab)
    playground.kernel("model.broken = 'endless'")
    playground.button(button).click()
    expect(playground.page.get_by_text("it runs", exact=True)).to_be_visible()
    playground.notebook.interrupt()
    expect(playground.alert()).to_contain_text("interrupted in line 11 of your code: while True:")
    expect(playground.alert()).to_contain_text("It stands at step 0")
    expect(playground.button("Play")).to_be_visible()
    playground.kernel("model.broken = False")
    playground.play()
    playground.wait_for_step(50)
    expect(playground.alert()).to_have_count(0)
    playground.pause()
