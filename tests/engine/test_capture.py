"""Captured steps: which step is caught, and that its numbers belong together."""
from __future__ import annotations

from itertools import count

import numpy as np
import pytest

from gradwidgets.engine.experiment.spec import Spec
from gradwidgets.engine.training import trainer as trainer_module
from gradwidgets.engine.training.trainer import Trainer

UNEVEN = Spec(batch_size=60)  # 250 training points: four batches of 60, and one of 10


def weights_of(trainer):
    return [parameter.data.copy() for parameter in trainer.model.get_parameters()]


def same(first, second):
    return all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))


def node_of(trainer, name):
    return next(node for node in trainer.last_step.graph.nodes if node.name == name)


def test_a_captured_step_holds_weights_values_and_gradients_of_one_moment():
    trainer = Trainer(Spec(layers=[(4, "Tanh"), (3, "ReLU")]))
    trainer.train(10)
    before = weights_of(trainer)
    trainer.step(capture=True)
    record = trainer.last_step
    assert (record.step, record.epoch, record.learning_rate) == (11, 0, 0.01)
    names = [f"Layer {layer} {part}" for layer in (1, 2, 3) for part in ("weight", "bias")]
    assert same([node_of(trainer, name).data for name in names], before)
    gradients = [node_of(trainer, name).grad for name in names]
    moved = [old - 0.01 * gradient for old, gradient in zip(before, gradients)]
    for after, expected in zip(weights_of(trainer), moved):
        assert after == pytest.approx(expected, rel=1e-12, abs=1e-15)
    loss = record.graph.nodes[record.graph.root]
    assert loss.name == "loss" and loss.data == record.loss == trainer.step_loss
    assert loss.grad == 1
    groups = {node.name: node.group for node in record.graph.nodes if node.name}
    assert groups["Layer 2 weight"] == "Layer 2" and groups["Layer 3 weight"] == "Output"
    assert groups["prediction"] == "Output" and groups["loss"] == groups["target"] == "Loss"


def test_capturing_changes_nothing_but_the_record():
    plain, captured = Trainer(UNEVEN), Trainer(UNEVEN)
    plain.train(23)
    captured.run(23, capture=True)
    captured.output()
    assert same(weights_of(plain), weights_of(captured))
    assert plain.last_step is None


@pytest.mark.parametrize("steps, captured", [(1, 1), (3, 3), (5, 4), (6, 6), (10, 9), (12, 12)])
def test_the_last_full_batch_of_a_run_is_captured(steps, captured):
    trainer = Trainer(UNEVEN)
    assert trainer.run(steps, capture=True) == steps
    assert trainer.last_step.step == captured and trainer.last_step.samples == 60


def test_a_single_step_is_captured_also_when_its_batch_is_smaller():
    trainer = Trainer(UNEVEN)
    trainer.train(4)
    trainer.run(1, capture=True)
    assert (trainer.last_step.step, trainer.last_step.samples) == (5, 10)


@pytest.mark.parametrize("seconds, taken", [(0, 2), (1, 2), (3, 4), (3.5, 6), (4.5, 6)])
def test_a_run_out_of_time_ends_with_a_captured_full_batch(monkeypatch, seconds, taken):
    clock = count()
    monkeypatch.setattr(trainer_module, "perf_counter", lambda: next(clock))
    trainer = Trainer(UNEVEN)
    assert trainer.run(100, seconds, capture=True) == taken
    assert trainer.last_step.step == trainer.step_count == taken
    assert trainer.last_step.samples == 60


def test_a_run_out_of_time_without_capture_just_ends(monkeypatch):
    clock = count()
    monkeypatch.setattr(trainer_module, "perf_counter", lambda: next(clock))
    trainer = Trainer()
    assert trainer.run(100, 3) == 3 and trainer.step_count == 3


def test_a_frame_is_plain_data_of_one_moment():
    trainer = Trainer()
    trainer.run(25, capture=True)
    frame = trainer.frame()
    trainer.train(25)
    assert (frame.step, frame.epoch, frame.learning_rate) == (25, 1, 0.01)
    assert frame.record.step == 25 and frame.divergence is None
    assert frame.history.epoch.tolist() == [0, 1]
    assert frame.history.train[-1] == frame.train_loss != trainer.train_loss
