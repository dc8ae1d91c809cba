"""Play, Pause, Step, Reset, speed and learning rate in a real JupyterLab."""

from __future__ import annotations

import re
import statistics

import pytest
from playwright.sync_api import expect

from tests.browser.lab import ROOT, Lab
from tests.browser.playground_page import PlaygroundPage

NOTEBOOK = ROOT / "notebooks" / "00_playground.ipynb"


@pytest.mark.old_environment
def test_a_stranger_opens_the_notebook_adds_a_layer_and_sees_it_learn(lab: Lab) -> None:
    notebook = lab.open(NOTEBOOK)
    notebook.run_all()
    playground = PlaygroundPage(notebook)
    playground.wait_for_pictures()
    playground.button("Add layer").click()
    playground.field("Layer 2 units").select_option("3")
    playground.field("Layer 2 activation").select_option("ReLU")
    expect(playground.message()).to_contain_text("2-4-3-1")
    first = float(playground.status().train)
    before = {name: playground.frame(name) for name in ("Backward graph", "Loss plot", "Output")}
    playground.play()
    playground.wait_for_step(25 * 60)
    playground.pause()
    assert float(playground.status().train) < first / 2
    for name, number in before.items():
        assert playground.frame(name) > number, f"{name} did not change"


@pytest.mark.old_environment
def test_pause_shows_exactly_the_step_at_which_it_stopped(playground: PlaygroundPage) -> None:
    for speed in ("1 epoch a frame", "as fast as possible", "5 steps a second"):
        playground.field("Speed").select_option(speed)
        step = playground.status().step
        playground.play()
        playground.wait_for_step(step + 2)
        playground.pause()
        playground.wait_until_still()
        shown = playground.status()
        assert str(shown.step) == playground.kernel("playground.trainer.step_count")
        assert str(shown.step) == playground.kernel("playground.trainer.last_step.step")
        caption = playground.root.locator(".gw-caption").text_content()
        assert caption == f"step {shown.step}, batch of 10, before its update"
        frames = [playground.frame(name) for name in ("Backward graph", "Loss plot", "Output")]
        playground.kernel("import asyncio; await asyncio.sleep(0.3)")
        assert frames == [
            playground.frame(name) for name in ("Backward graph", "Loss plot", "Output")
        ], "a frame came after the last one"


def test_pause_in_an_epoch_with_a_smaller_last_batch(playground: PlaygroundPage) -> None:
    playground.kernel("playground.set_spec(gradwidgets.Spec(batch_size=30))")
    playground.play()
    playground.wait_for_step(50)
    playground.pause()
    playground.wait_until_still()
    assert playground.kernel(
        "t = playground.trainer; (t.last_step.step == t.step_count, t.last_step.samples)"
    ) == "(True, 30)"


def test_step_takes_one_step_and_shows_it(playground: PlaygroundPage) -> None:
    assert playground.status().step == 0
    expect(playground.root.locator(".gw-absent", has_text="not yet").first).to_be_visible()
    playground.button("Step").click()
    playground.wait_for_step(1)
    playground.wait_until_still()
    assert playground.kernel("playground.trainer.last_step.step") == "1"
    expect(playground.root.locator(".gw-absent", has_text="not yet")).to_have_count(0)
    playground.button("Step").click()
    playground.wait_for_step(2)


def test_reset_brings_the_same_losses_to_the_last_digit(playground: PlaygroundPage) -> None:
    read = "h = playground.trainer.history; list(h.train[:6]) + list(h.test[:6])"
    start = playground.status()
    playground.play()
    playground.wait_for_step(25 * 8)
    playground.pause()
    first = playground.kernel(read)
    playground.button("Reset").click()
    expect(playground.root.locator(".gw-caption")).to_have_text(re.compile("forward"))
    playground.wait_until_still()
    assert playground.status() == start
    playground.play()
    playground.wait_for_step(25 * 8)
    playground.pause()
    assert playground.kernel(read) == first


def test_reset_while_it_runs_stops_at_the_first_weights(playground: PlaygroundPage) -> None:
    start = playground.status()
    playground.play()
    playground.wait_for_step(100)
    playground.button("Reset").click()
    expect(playground.button("Play")).to_be_visible()
    playground.wait_until_still()
    assert playground.status() == start
    assert playground.kernel("playground.trainer.step_count") == "0"


def test_a_seed_brings_new_weights_and_the_old_ones_back(playground: PlaygroundPage) -> None:
    start = playground.status()
    playground.button("New weights").click()
    expect(playground.field("Weight seed")).to_have_value("1")
    expect(playground.message()).to_contain_text("seed 1")
    playground.wait_until_still()
    assert playground.status().train != start.train
    playground.field("Weight seed").fill("0")
    playground.field("Weight seed").press("Enter")
    expect(playground.message()).to_contain_text("seed 0")
    playground.wait_until_still()
    assert playground.status() == start


@pytest.mark.old_environment
def test_the_learning_rate_is_dragged_while_it_runs(playground: PlaygroundPage) -> None:
    playground.play()
    slider = playground.field("Learning rate")
    playground.drag(slider, (0.5, 0.55, 0.6, 0.65, 0.7))
    shown = float(playground.field("Learning rate value").input_value())
    assert shown > 0.01
    expect(playground.button("Pause")).to_be_visible()
    playground.wait_for_step(playground.status().step + 25)
    playground.wait_for_kernel("playground.trainer.learning_rate", repr(shown))
    assert float(playground.kernel("playground.spec.learning_rate")) == shown
    assert playground.kernel("playground.trainer.optimizer.alpha") == repr(shown)


def test_the_learning_rate_is_typed_and_refused_with_a_sentence(playground: PlaygroundPage) -> None:
    value = playground.field("Learning rate value")
    value.fill("0.3")
    value.press("Enter")
    playground.wait_until_still()
    assert playground.kernel("playground.trainer.learning_rate") == "0.3"
    value.fill("50")
    value.press("Enter")
    expect(playground.alert()).to_contain_text("50")
    expect(value).to_have_value("0.3")
    assert playground.kernel("playground.trainer.learning_rate") == "0.3"


def test_other_cells_answer_while_it_trains(playground: PlaygroundPage) -> None:
    playground.field("Speed").select_option("as fast as possible")
    playground.play()
    playground.wait_for_step(100)
    times = []
    for _ in range(9):
        assert playground.notebook.run_cell("1+1") == "2"
        times.append(playground.notebook.last_cell_ms)
    expect(playground.button("Pause")).to_be_visible()
    playground.pause()
    print(f"1+1 while training: median {statistics.median(times):.0f} ms of {len(times)}")


def test_two_playgrounds_run_side_by_side(lab: Lab) -> None:
    show = "import gradwidgets\n{0} = gradwidgets.Playground()\n{0}"
    notebook = lab.open([show.format("first"), show.format("second")], viewport=(1280, 1700))
    notebook.run_all()
    one, two = PlaygroundPage(notebook, 0), PlaygroundPage(notebook, 1)
    one.wait_for_pictures()
    two.wait_for_pictures()
    one.play()
    two.play()
    one.wait_for_step(100)
    two.wait_for_step(100)
    one.pause()
    stopped = one.status()
    two.wait_for_step(two.status().step + 100)
    assert one.status() == stopped
    two.pause()
    assert notebook.kernel("first.trainer.step_count, second.trainer.step_count") == (
        f"({stopped.step}, {two.status().step})"
    )


def test_a_running_playground_has_nothing_cut_off(playground: PlaygroundPage) -> None:
    playground.play()
    playground.wait_for_step(200)
    for name in ("Backward graph", "Loss plot", "Output"):
        box = playground.picture(name).bounding_box()
        assert box["width"] > 150 and box["height"] > 150, name
    overflow = playground.root.evaluate("el => el.scrollWidth - el.clientWidth")
    assert overflow <= 0
    playground.pause()
