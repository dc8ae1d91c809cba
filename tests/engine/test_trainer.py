"""Steps, epochs, losses and reset, to the last digit."""
from __future__ import annotations

import json
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from gradwidgets.core import Tensor
from gradwidgets.core.optim import OPTIMIZERS
from gradwidgets.engine.experiment.checks import SpecError
from gradwidgets.engine.experiment.data.drawn import DATASETS, make_inputs
from gradwidgets.engine.experiment.spec import Spec
from gradwidgets.engine.training.trainer import Trainer

TABLE = json.loads((Path(__file__).parents[1] / "data" / "seed_losses.json").read_text())[
    "step10_tanh_sigmoid"]
UNEVEN = Spec(batch_size=60)  # 250 training points: four batches of 60, and one of 10


def weights_of(trainer):
    return [parameter.data.copy() for parameter in trainer.model.get_parameters()]


def same(first, second):
    return all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))


def losses_of(trainer, steps):
    found = []
    for _ in range(steps):
        trainer.step()
        found.append(trainer.step_loss)
    return found


def node_of(trainer, name):
    return next(node for node in trainer.last_step.graph.nodes if node.name == name)


def test_the_seed_table_gives_the_seed_losses():
    trainer = Trainer(Spec.suited("table", learning_rate=1))
    for parameter, value in zip(trainer.model.get_parameters(), TABLE["initial_parameters"]):
        parameter.data[...] = value
    assert losses_of(trainer, 10) == pytest.approx(TABLE["losses"], abs=5e-9)
    assert trainer.test_loss is None and np.isnan(trainer.history.test).all()
    trainer.step(capture=True)
    assert node_of(trainer, "input").data.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]


def test_an_epoch_uses_every_training_point_once():
    trainer = Trainer(UNEVEN)
    assert trainer.steps_per_epoch == 5
    rows, sizes = [], []
    for _ in range(5):
        assert trainer.epoch_count == 0
        trainer.step(capture=True)
        rows.append(node_of(trainer, "input").data)
        sizes.append(trainer.last_step.samples)
    assert sizes == [60, 60, 60, 60, 10] and trainer.epoch_count == 1
    expected = trainer.dataset.points[trainer.dataset.train]
    assert sorted(np.concatenate(rows).tolist()) == sorted(expected.tolist())
    trainer.step(capture=True)
    assert not np.array_equal(node_of(trainer, "input").data, rows[0])


def test_the_last_smaller_batch_is_divided_by_its_own_size():
    trainer = Trainer(UNEVEN)
    trainer.train(4)
    before = weights_of(trainer)
    trainer.step(capture=True)
    prediction, target = node_of(trainer, "prediction").data, node_of(trainer, "target").data
    assert prediction.shape == (10, 1)
    assert trainer.step_loss == pytest.approx(((prediction - target) ** 2).sum() / 10, rel=1e-12)
    delta = 2 * (prediction - target) / 10 * (1 - prediction**2)
    assert node_of(trainer, "Layer 2 bias").grad == pytest.approx(delta.sum(axis=0), rel=1e-9)
    moved = weights_of(trainer)[3] - before[3]
    assert moved == pytest.approx(-0.01 * delta.sum(axis=0), rel=1e-9)


def test_a_sum_is_not_divided():
    spec = Spec.suited("table")
    trainer = Trainer(spec)
    first = trainer.train_loss
    trainer.step(capture=True)
    difference = node_of(trainer, "prediction").data - node_of(trainer, "target").data
    assert trainer.step_loss == pytest.approx((difference**2).sum())
    assert first == pytest.approx(trainer.step_loss / 4)


def test_losses_are_per_sample_means_over_the_whole_sets_at_the_current_weights():
    spec = Spec(noise=10, train_share=30)
    trainer = Trainer(spec)
    trainer.train(33)
    dataset = trainer.dataset
    x, y = make_inputs(dataset.points, spec.inputs), 2 * dataset.labels[:, None] - 1
    outputs = trainer.model.forward(Tensor(x)).data
    squares = (outputs - y) ** 2
    assert trainer.train_loss == pytest.approx(squares[dataset.train].mean(), rel=1e-12)
    assert trainer.test_loss == pytest.approx(squares[dataset.test].mean(), rel=1e-12)
    assert trainer.history.epoch.tolist() == [0, 1, 2, pytest.approx(33 / 15)]
    assert trainer.history.train[-1] == trainer.train_loss


def test_epoch_finishes_the_present_one():
    trainer = Trainer(UNEVEN)
    trainer.train(2)
    trainer.epoch(capture=True)
    assert (trainer.step_count, trainer.epoch_count, trainer.last_step.step) == (5, 1, 4)
    trainer.epoch()
    assert (trainer.step_count, trainer.epoch_count) == (10, 2)


@pytest.mark.parametrize("data", DATASETS)
def test_two_trainers_of_one_spec_agree_to_the_last_digit(data):
    np.random.seed(1)
    first = Trainer(Spec.suited(data))
    first.train(60)
    np.random.seed(2)
    second = Trainer(Spec.from_json(first.spec.to_json()))
    second.train(60)
    assert same(weights_of(first), weights_of(second))
    assert np.array_equal(first.history.train, second.history.train)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_reset_gives_the_same_losses_to_the_last_digit(optimizer):
    trainer = Trainer(UNEVEN.replace(optimizer=optimizer))
    tensors = trainer.model.get_parameters()
    start = weights_of(trainer)
    first = losses_of(trainer, 33)
    history = trainer.history.train
    trainer.run(7, capture=True)
    trainer.reset()
    assert all(a is b for a, b in zip(tensors, trainer.model.get_parameters()))
    assert same(weights_of(trainer), start)
    assert (trainer.step_count, trainer.epoch_count, trainer.last_step) == (0, 0, None)
    assert trainer.step_loss is None and trainer.train_loss == history[0]
    assert losses_of(trainer, 33) == first
    assert np.array_equal(trainer.history.train, history)


def test_reset_keeps_the_present_rate_and_batch_size():
    trainer = Trainer(Spec(optimizer="Adam"))
    trainer.train(7)
    trainer.learning_rate, trainer.batch_size = 0.1, 60
    trainer.train(13)
    trainer.reset()
    assert (trainer.learning_rate, trainer.batch_size, trainer.steps_per_epoch) == (0.1, 60, 5)
    fresh = Trainer(Spec(optimizer="Adam", learning_rate=0.1, batch_size=60))
    assert trainer.spec == fresh.spec
    assert losses_of(trainer, 20) == losses_of(fresh, 20)


def test_settings_change_while_it_runs():
    trainer = Trainer()
    trainer.train(25)
    before = weights_of(trainer)
    trainer.learning_rate = 0.3
    trainer.step(capture=True)
    gradient = node_of(trainer, "Layer 1 weight").grad
    assert weights_of(trainer)[0] == pytest.approx(before[0] - 0.3 * gradient, rel=1e-12)
    trainer.batch_size = 100
    trainer.epoch()
    # 10 of 250 points were used; 240 make two batches of 100 and one of 40.
    assert (trainer.step_count, trainer.epoch_count) == (29, 2)
    trainer.batch_size = 400
    trainer.epoch()
    assert (trainer.step_count, trainer.epoch_count, trainer.steps_per_epoch) == (30, 3, 1)
    assert trainer.spec == Spec(learning_rate=0.3, batch_size=400)
    assert trainer.history.epoch.tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize("setting, value", [("learning_rate", 11), ("learning_rate", float("inf")),
                                            ("batch_size", 0), ("batch_size", 2.5)])
def test_settings_that_do_not_fit_are_refused_and_change_nothing(setting, value):
    trainer = Trainer()
    with pytest.raises(SpecError, match=setting):
        setattr(trainer, setting, value)
    assert trainer.spec == Spec() and trainer.learning_rate == 0.01


def test_history_and_memory_do_not_grow_with_time():
    trainer = Trainer(Spec.suited("table"))
    trainer.train(4100)
    tracemalloc.start()
    trainer.train(200)
    before = tracemalloc.get_traced_memory()[0]
    trainer.train(2500)
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert grown < 20_000
    assert len(trainer.history) <= 2000
    assert trainer.history.epoch[0] == 0 and trainer.history.epoch[-1] == 6800


def test_output_follows_the_current_weights():
    trainer = Trainer()
    trainer.train(25 * 250)
    output = trainer.output()
    assert output.kind == "map" and output.grid.shape == (100, 100)
    assert output.extent == (-6, 6, -6, 6)
    assert output.grid[50, 50] > 0.5 and output.grid[0, 0] < -0.5
    x, y = np.linspace(-6, 6, 100)[[20, 70]]
    expected = trainer.model.forward(Tensor([[x, y]])).data.item()
    assert output.grid[70, 20] == pytest.approx(expected)
    before = output.grid.copy()
    trainer.train(1)
    assert np.array_equal(output.grid, before)
    assert not np.array_equal(trainer.output().grid, before)


def test_output_of_a_sine_is_a_curve():
    trainer = Trainer(Spec.suited("sine"))
    trainer.train(25 * 150)
    output = trainer.output()
    assert output.kind == "curve" and output.xs[[0, -1]].tolist() == [-3.5, 3.5]
    inside = np.abs(output.xs) < 3
    assert np.abs(output.ys - np.sin(output.xs))[inside].mean() < 0.15


def test_the_start_is_seen_learning_for_some_seconds_from_any_weights():
    """At one epoch a frame and 20 frames a second: 5 to 20 seconds until it is solved."""
    for seed in range(4):
        trainer = Trainer(Spec(weight_seed=seed))
        trainer.train(25 * 400)
        solved = int(np.argmax(trainer.history.train < 0.05))
        assert 100 < solved < 400


def test_a_rate_far_too_small_crawls_and_one_far_too_large_fails():
    for seed in range(2):
        slow, fast = (Trainer(Spec(weight_seed=seed, learning_rate=rate))
                      for rate in (0.0003, 3))
        slow.train(25 * 100)
        fast.train(25 * 100)
        assert slow.train_loss > 0.5 * slow.history.train[0]
        assert fast.train_loss > 0.8 and fast.divergence is None


def test_what_is_no_spec_is_told():
    with pytest.raises(TypeError, match="received a dict; expected a Spec. For your own objects"):
        Trainer({"data": "circle"})
