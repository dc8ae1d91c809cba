"""The bar and the switches beside the pictures, under their fixed names."""

from __future__ import annotations

import asyncio
import json
import threading

import pytest

from gradwidgets.engine.experiment import spec as limits
from gradwidgets.engine.experiment.spec import Spec
from gradwidgets.playground import bar as controls
from gradwidgets.playground import builder
from gradwidgets.views.graph import fields as graph_fields
from gradwidgets.views.kit.panel import Panel
from gradwidgets.views.pictures import fields as picture_fields
from tests.views.specs import leaves
from tests.views.support import Page, on_a_loop, until


def labels(fields: list[dict]) -> list[str]:
    return [field["label"] for field in leaves(fields)]


def test_the_buttons_have_their_names():
    assert labels(controls.button_fields(False, True, False)) == [
        "Play", "Step", "Reset", "New weights", "Undo", "Redo",
    ]  # fmt: skip
    assert labels(controls.button_fields(True, True, False))[0] == "Pause"


def test_the_play_button_keeps_its_place_and_tells_what_it_does():
    standing, running = (
        leaves(controls.button_fields(playing, True, False))[0] for playing in (False, True)
    )
    assert standing["name"] == running["name"] == "play"
    assert standing["primary"] and running["primary"]
    assert (standing["help"], running["help"]) == (
        "Train until you press Pause",
        "Stop after this step",
    )


def test_an_own_model_has_no_new_weights():
    found = labels(controls.button_fields(False, True, True))
    assert found == ["Play", "Step", "Reset", "Undo", "Redo"]


def test_undo_and_redo_have_a_place_from_the_start_and_are_seen_once_one_of_them_can_be_pressed():
    for can_undo, can_redo in ((False, False), (True, False), (False, True), (True, True)):
        fields = leaves(controls.button_fields(True, True, False, can_undo, can_redo))
        undo, redo = fields[-2:]
        assert (undo["label"], redo["label"]) == ("Undo", "Redo")
        assert (undo["idle"], redo["idle"]) == (not can_undo, not can_redo)
        assert undo["away"] is redo["away"] is not (can_undo or can_redo)


def test_without_a_loop_only_play_is_greyed_out():
    fields = leaves(controls.button_fields(False, False, False))
    assert [field["label"] for field in fields if field["disabled"]] == ["Play"]


def test_speeds_are_the_four_of_the_pump():
    speed = leaves(controls.setting_fields(0.1, "epoch"))[0]
    assert speed["label"] == "Speed"
    assert speed["value"] == "epoch"
    assert [option["text"] for option in speed["options"]] == [
        "1 step a second", "5 steps a second", "1 epoch a frame", "as fast as possible",
    ]  # fmt: skip


def test_the_learning_rate_is_a_log_slider_with_a_number_field():
    rate = leaves(controls.setting_fields(0.1, "epoch"))[1]
    assert (rate["label"], rate["number_label"]) == ("Learning rate", "Learning rate value")
    assert rate["log"]
    assert (rate["min"], rate["max"]) == (1e-5, 10)
    assert (rate["min"], rate["max"]) == (limits.LEARNING_RATE_MIN, limits.LEARNING_RATE_MAX)


def test_an_optimizer_without_a_rate_has_no_slider():
    assert labels(controls.setting_fields(None, "epoch")) == ["Speed"]


def test_detail_and_axis_have_their_names():
    assert labels(graph_fields.detail_fields("layers")) == ["Graph detail"]
    options = graph_fields.detail_fields("layers")[0]["options"]
    assert [option["text"] for option in options] == ["Layers", "Operations", "Values"]
    assert labels(picture_fields.axis_fields(False)) == ["Log axis"]


@pytest.mark.parametrize(
    "fields",
    [builder.data_fields(Spec()), builder.model_fields(Spec()), controls.setting_fields(0.1, "slow"),
     controls.button_fields(True, True, True), graph_fields.detail_fields("layers"),
     picture_fields.axis_fields(True)],
)  # fmt: skip
def test_fields_are_plain_data(fields):
    assert json.loads(json.dumps(fields)) == json.loads(json.dumps(list(fields)))
    kinds = {field["kind"] for field in [*fields, *leaves(fields)]}
    assert kinds <= {"heading", "note", "button", "select", "number", "range", "check", "choice",
                     "row", "group"}  # fmt: skip


def test_a_panel_tells_what_was_changed():
    told = []
    panel = Panel("Settings", lambda name, value: told.append((name, value)))
    page = Page(panel)
    page.says(name="noise", value=25)
    page.says(name="play")
    page.says(hello=True)
    assert told == [("noise", 25), ("play", None)]


def test_a_panel_tells_on_its_loop_what_another_thread_brings():
    async def body() -> None:
        told = []
        panel = Panel("Settings", lambda *_: told.append(threading.get_ident()))
        await asyncio.to_thread(Page(panel).says, name="play")
        await until(lambda: told)
        assert told == [threading.get_ident()]

    on_a_loop(body)


def test_a_panel_is_changed_only_when_its_fields_are():
    panel, changes = Panel("Axis", lambda *_: None), []
    panel.observe(changes.append, "fields")
    for log in (False, False, True, True):
        panel.show(picture_fields.axis_fields(log))
    assert len(changes) == 2


def test_a_refused_change_is_put_back():
    panel = Panel("Axis", lambda *_: None)
    page = Page(panel)
    panel.restore()
    assert page.messages == [{"restore": True}]
