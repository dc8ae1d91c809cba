"""Undo and redo in a playground: what they bring back, when they are offered, what is said."""

from __future__ import annotations

import numpy as np
import pytest

from gradwidgets import Playground, Spec, Trainer
from gradwidgets.core import Tensor
from tests.views.support import on_a_loop, until
from tests.views.test_playground import fields, message, own_objects, status


@pytest.fixture
def playground() -> Playground:
    return Playground()


def press(playground: Playground, name: str) -> None:
    assert not fields(playground)[name]["idle"], f"{name} cannot be pressed"
    playground._control_changed(name, None)


def offered(playground: Playground) -> list[str]:
    """Return which of the two can be pressed."""
    return [name for name in ("undo", "redo") if not fields(playground)[name]["idle"]]


def test_nothing_is_seen_of_it_before_there_is_something_to_undo(playground):
    assert fields(playground)["undo"]["away"] and fields(playground)["redo"]["away"]
    playground.train(50)
    assert offered(playground) == [] and fields(playground)["undo"]["away"]
    playground._control_changed("units-1", 5)
    assert offered(playground) == ["undo"] and not fields(playground)["redo"]["away"]


def test_undo_brings_back_the_model_as_it_was_trained(playground):
    playground.train(50)
    trained, losses = playground.trainer, playground.trainer.history.train.tolist()
    playground._control_changed("units-1", 5)
    playground.train(5)
    playground._control_changed("data", "spiral")
    press(playground, "undo")
    assert message(playground)[0] == "Back to 2-5-1 on Circle, at step 5."
    press(playground, "undo")
    assert message(playground) == ("Back to 2-4-1 on Circle, at step 50.", "note")
    assert offered(playground) == ["redo"]
    assert playground.trainer is playground.pump.trainer is trained
    assert playground.spec == Spec()
    assert playground.trainer.history.train.tolist() == losses
    playground.undo()  # nothing left to undo
    assert playground.trainer is trained


def test_an_undone_reset_goes_on_as_if_there_had_been_none(playground):
    playground.train(60)
    line, alone = status(playground), Trainer(Spec())
    alone.train(60)
    playground._control_changed("reset", None)
    assert message(playground) == (
        "Back to the first weights. Undo brings back the training up to step 60.",
        "note",
    )
    playground.train(7)
    press(playground, "undo")
    assert status(playground) == line
    assert message(playground)[0] == "Back to 2-4-1 on Circle, at step 60."
    assert playground.screens.last.record.step == 60, "with the gradients of that step"
    playground.train(40)
    alone.train(40)
    assert playground.trainer.history.train.tolist() == alone.history.train.tolist()
    assert playground.trainer.history.epoch.tolist() == alone.history.epoch.tolist()


def test_resets_and_changes_are_undone_in_their_order_and_redone(playground):
    steps = []
    for name, value in (("reset", None), ("new_weights", None), ("example", "xor"), ("reset", None)):
        playground.train(10 + len(steps))
        steps.append((playground.spec.data, playground.trainer.step_count))
        playground._control_changed(name, value)
    last = (playground.spec.data, playground.trainer.step_count)
    seen = []
    while "undo" in offered(playground):
        press(playground, "undo")
        seen.append((playground.spec.data, playground.trainer.step_count))
    assert seen == steps[::-1]
    seen.clear()
    while "redo" in offered(playground):
        press(playground, "redo")
        seen.append((playground.spec.data, playground.trainer.step_count))
    assert seen == [*steps[1:], last]


def test_a_reset_that_changes_nothing_cannot_be_undone(playground):
    playground._control_changed("reset", None)
    assert message(playground) == ("", "note") and offered(playground) == []
    playground.train(3)
    playground._control_changed("reset", None)
    playground._control_changed("reset", None)
    press(playground, "undo")
    assert playground.trainer.step_count == 3 and offered(playground) == ["redo"]


def test_it_stays_while_training_goes_on(playground):
    playground.train(10)
    playground._control_changed("reset", None)
    playground.train(30)
    playground._control_changed("step", None)
    playground._control_changed("learning_rate", 0.5)
    assert offered(playground) == ["undo"]
    press(playground, "undo")
    assert (playground.trainer.step_count, playground.trainer.learning_rate) == (10, 0.01)
    assert fields(playground)["learning_rate"]["value"] == 0.01


def test_a_reset_after_a_divergence_is_undone_to_it():
    playground = Playground(Spec.suited("sine", layers=((8, "ReLU"),), learning_rate=10))
    playground.train(100)
    words = message(playground)
    playground._control_changed("reset", None)
    assert playground.trainer.divergence is None
    press(playground, "undo")
    assert message(playground) == words and words[1] == "trouble"


def test_a_reset_of_ones_own_objects_is_undone_in_the_same_tensors():
    own = own_objects()
    playground = Playground(**own)
    weight = own["model"].get_parameters()[0]
    playground.train(20)
    trained = weight.data.copy()
    playground._control_changed("reset", None)
    assert not np.array_equal(weight.data, trained)
    press(playground, "undo")
    assert own["model"].get_parameters()[0] is weight
    assert np.array_equal(weight.data, trained)
    assert message(playground)[0] == "Back to step 20."


def test_weights_that_a_learner_set_by_hand_come_back_after_a_reset():
    own = own_objects()
    playground = Playground(**own)
    weight = own["model"].get_parameters()[0]
    weight.data[:] = 0.5
    playground._control_changed("reset", None)
    assert (weight.data != 0.5).any()
    press(playground, "undo")
    assert (weight.data == 0.5).all()


def test_a_reset_that_fails_in_the_learners_code_can_be_undone():
    own, broken = own_objects(), []
    forward = own["model"].forward

    def may_break(x: Tensor) -> Tensor:
        if broken:
            raise ValueError("the shapes do not fit")
        return forward(x)

    own["model"].forward = may_break
    playground = Playground(**own)
    playground.train(20)
    trained = [one.data.copy() for one in playground.trainer.parameters]
    broken.append(True)
    playground._control_changed("reset", None)
    assert message(playground)[1] == "trouble"
    broken.clear()
    press(playground, "undo")
    for one, before in zip(playground.trainer.parameters, trained, strict=True):
        assert np.array_equal(one.data, before)


def test_what_a_slider_does_on_its_way_is_undone_at_once(playground):
    for noise in (5, 10, 15, 20):
        playground._control_changed("noise", noise)
    playground._control_changed("train_share", 70)
    press(playground, "undo")
    assert (playground.spec.noise, playground.spec.train_share) == (20, 50)
    press(playground, "undo")
    assert playground.spec == Spec()


def test_clicks_are_undone_one_by_one(playground):
    for _ in range(3):
        playground._control_changed("add_layer", None)
    playground._control_changed("new_weights", None)
    playground._control_changed("new_weights", None)
    assert (playground.spec.sizes, playground.spec.weight_seed) == ((2, 4, 4, 4, 4, 1), 2)
    press(playground, "undo")
    assert playground.spec.weight_seed == 1
    press(playground, "undo")
    press(playground, "undo")
    assert playground.spec.sizes == (2, 4, 4, 4, 1)


def test_undo_tells_the_losses_of_the_weights_that_came_back(playground):
    playground.trainer.run(33)  # left in the middle of an epoch, and not measured
    playground._control_changed("add_layer", None)
    press(playground, "undo")
    alone = Trainer(Spec())
    alone.train(33)
    assert f"step 33 · train loss {alone.train_loss:.4f}" in status(playground)


def test_after_undo_the_same_control_can_be_undone_again(playground):
    playground._control_changed("noise", 5)
    press(playground, "undo")
    playground._control_changed("noise", 10)
    assert offered(playground) == ["undo"]
    press(playground, "undo")
    assert playground.spec == Spec()


def test_a_spec_set_by_code_can_be_undone_too(playground):
    playground._control_changed("noise", 5)
    playground.set_spec(Spec.suited("xor"))
    playground.set_spec(Spec.suited("spiral"))
    for spec in (Spec.suited("xor"), Spec(noise=5), Spec()):
        playground.undo()
        assert playground.spec == playground.trainer.spec == spec
    playground.redo()
    assert playground.spec == Spec(noise=5)


def test_changes_long_past_are_forgotten(playground):
    for turn in range(30):
        playground._control_changed("weight_seed", 100 + turn)
        playground._control_changed("units-1", 5 + turn % 2)
    pressed = 0
    while "undo" in offered(playground):
        press(playground, "undo")
        pressed += 1
    assert pressed == 20
    assert playground.spec.weight_seed == 119


def test_undo_ends_a_walk_and_shows_the_step_that_came_back(playground):
    playground.step()
    playground._control_changed("reset", None)
    playground.train(5)
    playground.walk_step()
    press(playground, "undo")
    assert not playground.page._walking
    assert playground.screens.last.record.step == 1


def test_in_a_notebook_a_reset_while_playing_is_undone_and_then_goes_on():
    async def body() -> None:
        playground = Playground()
        playground.play()
        await until(lambda: playground.trainer.step_count > 25)
        playground._control_changed("reset", None)
        await until(lambda: fields(playground)["play"]["label"] == "Play")
        playground.play()
        await until(lambda: playground.trainer.step_count > 0)
        assert offered(playground) == ["undo"]
        press(playground, "undo")
        assert playground.trainer.step_count > 25 and playground.pump.playing
        step = playground.trainer.step_count
        await until(lambda: playground.trainer.step_count > step + 25)
        playground.pause()
        await until(lambda: fields(playground)["play"]["label"] == "Play")
        assert offered(playground) == ["redo"]
        await playground._preparing

    on_a_loop(body)
