"""Data and model from dropdowns."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from gradwidgets.engine.experiment.data.drawn import DATASETS
from tests.browser.playground_page import PlaygroundPage


def test_layers_are_added_moved_and_removed(playground: PlaygroundPage) -> None:
    spec = "[(l.units, l.activation) for l in playground.spec.layers]"
    playground.button("Add layer").click()
    playground.field("Layer 2 units").select_option("8")
    playground.field("Layer 1 activation").select_option("ReLU")
    expect(playground.message()).to_contain_text("2-4-8-1")
    assert playground.kernel(spec) == "[(4, 'ReLU'), (8, 'Tanh')]"
    expect(playground.root.get_by_text("61 parameters").first).to_be_visible()
    playground.button("Move layer 2 up").click()
    expect(playground.message()).to_contain_text("2-8-4-1")
    assert playground.kernel(spec) == "[(8, 'Tanh'), (4, 'ReLU')]"
    playground.button("Move layer 1 down").click()
    expect(playground.message()).to_contain_text("2-4-8-1")
    playground.button("Remove layer 1").click()
    expect(playground.message()).to_contain_text("2-8-1")
    assert playground.kernel(spec) == "[(8, 'Tanh')]"
    playground.button("Remove layer 1").click()
    expect(playground.message()).to_contain_text("2-1")
    focused = playground.page.evaluate("document.activeElement.tagName")
    assert focused in ("BUTTON", "SELECT"), "removing a layer dropped the focus"
    playground.button("Step").click()
    playground.wait_for_step(1)


def test_every_data_set_can_be_chosen_and_trains(playground: PlaygroundPage) -> None:
    for name, info in DATASETS.items():
        playground.field("Data set").select_option(info.title)
        expect(playground.message()).to_contain_text(info.title)
        playground.wait_until_still()
        assert playground.kernel("playground.spec.data") == f"'{name}'"
        assert (playground.status().test == "–") == (name == "table")
        first = float(playground.status().train)
        playground.play()
        playground.wait_for_step(20 if name == "table" else 200)
        playground.pause()
        assert float(playground.status().train) < first, name


def test_what_does_not_fit_is_greyed_out_with_a_reason(playground: PlaygroundPage) -> None:
    losses = playground.field("Loss function")
    cross = losses.locator("option", has_text=re.compile("^Cross-entropy$"))
    assert cross.is_disabled()
    assert "Softmax" in cross.get_attribute("title")
    playground.field("Output activation").select_option("Softmax")
    expect(playground.message()).to_contain_text("2-4-2")
    losses.select_option("Cross-entropy")
    playground.button("Step").click()
    playground.wait_for_step(1)
    assert playground.kernel("playground.spec.loss") == "'CrossEntropyLoss'"
    playground.field("Output activation").select_option("Sigmoid")
    expect(playground.message()).to_contain_text("goes with Sigmoid")


def test_inputs_are_check_boxes(playground: PlaygroundPage) -> None:
    playground.field("Input sin x1").check()
    expect(playground.message()).to_contain_text("3-4-1")
    playground.field("Input x1").uncheck()
    playground.field("Input x2").uncheck()
    expect(playground.field("Input sin x1")).to_be_disabled()
    assert playground.kernel("playground.spec.inputs") == "('sin x1',)"


def test_noise_and_batch_size_are_sliders(playground: PlaygroundPage) -> None:
    playground.field("Noise").focus()
    playground.page.keyboard.press("ArrowRight")
    expect(playground.message()).to_contain_text("noise 5 %")
    assert playground.kernel("playground.spec.noise") == "5"
    playground.play()
    playground.wait_for_step(30)
    playground.field("Batch size").focus()
    for _ in range(5):
        playground.page.keyboard.press("ArrowRight")
    expect(playground.button("Pause")).to_be_visible()
    playground.wait_for_step(playground.status().step + 20)
    playground.pause()
    assert playground.kernel("playground.trainer.batch_size") == "15"


def test_every_control_has_a_name(playground: PlaygroundPage) -> None:
    for name in ("Data set", "Noise", "Train share", "Input x1", "Input x2²", "Layer 1 units",
                 "Layer 1 activation", "Output activation", "Loss function", "Optimizer",
                 "Learning rate", "Learning rate value", "Batch size", "Speed", "Log axis"):
        expect(playground.field(name)).to_have_count(1)
    for name in ("Play", "Step", "Reset", "New weights", "Add layer", "Remove layer 1",
                 "Move layer 1 up", "Move layer 1 down"):
        expect(playground.button(name)).to_have_count(1)
    expect(playground.root.get_by_role("radiogroup", name="Graph detail")).to_have_count(1)
    nameless = playground.root.evaluate(
        """root => [...root.querySelectorAll("button, input, select")].filter(el =>
            !el.hidden && !el.getAttribute("aria-label")
            && !(el.matches("button") && el.textContent.trim()) && ![...(el.labels ?? [])].some(
                label => label.textContent.trim())).map(el => el.outerHTML)"""
    )
    assert nameless == []


def test_undo_brings_the_trained_model_back(playground: PlaygroundPage) -> None:
    playground.play()
    playground.wait_for_step(100)
    playground.pause()
    playground.wait_until_still()
    trained, texts = playground.status(), playground.graph_texts()
    playground.button("Remove layer 1").click()
    expect(playground.message()).to_contain_text("2-1")
    playground.field("Data set").select_option("Spiral")
    expect(playground.message()).to_contain_text("Spiral")
    playground.button("Undo").click()
    expect(playground.message()).to_contain_text("Back to 2-1 on Circle")
    playground.button("Undo").click()
    expect(playground.message()).to_contain_text("Back to 2-4-1 on Circle")
    expect(playground.button("Undo")).to_be_disabled()
    expect(playground.button("Undo")).to_be_focused()  # it has not dropped the keyboard
    playground.wait_until_still()
    assert playground.status() == trained
    assert playground.graph_texts() == texts
