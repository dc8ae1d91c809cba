"""Numbers that are not finite stop training, with the last good weights and a way out."""
from __future__ import annotations

import numpy as np
import pytest

from gradwidgets.core import SGD, Linear, MSELoss, ReLU, Sequential
from gradwidgets.engine.experiment.spec import Spec
from gradwidgets.engine.training.trainer import Trainer
from gradwidgets.engine.tutor.diverged import explain, suggest_rate

WILD = Spec.suited("sine", layers=[(4, "ReLU")], learning_rate=10)


def weights_of(trainer):
    return [parameter.data.copy() for parameter in trainer.model.get_parameters()]


@pytest.mark.parametrize("seed", range(4))
def test_a_rate_too_large_diverges_is_told_and_recovers(seed):
    trainer = Trainer(WILD.replace(weight_seed=seed))
    tensors = trainer.model.get_parameters()
    start = weights_of(trainer)
    taken = trainer.run(500, capture=True)
    broken = trainer.divergence
    assert taken == trainer.step_count == broken.step < 20
    assert broken.learning_rate == 10 and broken.suggestion == 0.01
    assert broken.message == (
        f"The loss is no longer finite: it became {trainer.step_loss} at step {broken.step} with "
        "learning rate 10. The steps are too large: each one overshoots further than the one "
        "before. Training has stopped and the first weights are back. Lower the learning rate, "
        "for example to 0.01, then go on.")
    assert all(a is b for a, b in zip(tensors, trainer.model.get_parameters()))
    assert all(np.array_equal(a, b) for a, b in zip(weights_of(trainer), start))
    assert np.isfinite([trainer.train_loss, trainer.test_loss, *trainer.history.train]).all()
    trainer.learning_rate = broken.suggestion
    assert trainer.divergence is None
    trainer.train(25 * 60)
    assert trainer.divergence is None
    assert trainer.train_loss < 0.2 and trainer.train_loss < 0.5 * trainer.history.train[0]


def test_the_step_that_failed_is_kept_to_be_seen():
    trainer = Trainer(WILD)
    trainer.train(100)
    record = trainer.last_step
    assert record.step == trainer.divergence.step
    loss = record.graph.nodes[record.graph.root]
    assert not np.isfinite(loss.data).all()
    assert all(node.grad is None for node in record.graph.nodes)  # not the zeros of the step before


def test_nothing_happens_until_the_rate_is_lower():
    trainer = Trainer(WILD)
    trainer.train(100)
    stopped = trainer.step_count
    for same_or_higher in (10, 10.0):
        trainer.learning_rate = same_or_higher
        trainer.step(capture=True)
        trainer.epoch()
        assert trainer.run(5) == 0
    assert trainer.step_count == stopped and trainer.divergence is not None
    trainer.learning_rate = 0.01
    trainer.step()
    assert trainer.step_count == stopped + 1


def test_reset_clears_it_and_it_comes_again():
    trainer = Trainer(WILD)
    trainer.train(100)
    first = trainer.divergence
    trainer.reset()
    assert trainer.divergence is None and trainer.step_count == 0
    trainer.train(100)
    assert trainer.divergence == first


def test_the_weights_of_the_last_good_epoch_are_kept():
    trainer = Trainer(Spec.suited("sine", layers=[(8, "ReLU")], learning_rate=0.01))
    trainer.train(25 * 20)
    good, loss = weights_of(trainer), trainer.train_loss
    trainer.learning_rate = 10
    trainer.train(25)
    assert trainer.divergence.step > 500
    assert "the weights of step 500 are back" in trainer.divergence.message
    assert all(np.array_equal(a, b) for a, b in zip(weights_of(trainer), good))
    assert trainer.train_loss == loss


@pytest.mark.parametrize("optimizer", ["Momentum", "Adam", "RMSProp"])
def test_the_optimizers_memory_begins_anew(optimizer):
    trainer = Trainer(WILD.replace(optimizer=optimizer, learning_rate=1, layers=[(4, "Tanh")]))
    trainer.train(10)
    trainer._break_down("data")
    fresh = Trainer(trainer.spec)
    trainer.learning_rate = fresh.learning_rate = 0.001
    for parameter, other in zip(trainer.model.get_parameters(), fresh.model.get_parameters()):
        other.data[...] = parameter.data
        parameter.grad = other.grad = None
        gradient = np.full(parameter.data.shape, 0.5)
        for tensor in (parameter, other):
            (tensor * gradient).sum().backward()
    trainer.optimizer.step()
    fresh.optimizer.step()
    assert all(np.array_equal(a, b) for a, b in zip(weights_of(trainer), weights_of(fresh)))


def test_weights_that_overflow_are_noticed_although_the_loss_is_finite():
    trainer = Trainer()
    weight = trainer.model.get_parameters()[0]
    start = weight.data.copy()

    class Overflowing:
        alpha = 0.01

        def step(self):
            weight.data[0, 0] = np.inf

    trainer.optimizer = Overflowing()
    trainer.step()
    assert trainer.divergence.message.startswith(
        "The weights are no longer finite: they overflowed at step 1 with learning rate 0.01.")
    assert np.isfinite(trainer.step_loss) and np.array_equal(weight.data, start)


def test_large_finite_weights_are_no_divergence():
    trainer = Trainer(Spec(output_activation="Tanh"))
    for parameter in trainer.model.get_parameters():
        parameter.data[...] = 1e200
    trainer.train(3)
    assert trainer.divergence is None and np.isfinite(trainer.train_loss)


@pytest.mark.parametrize("data", ["circle", "sine"])
@pytest.mark.parametrize("activation", ["Tanh", "ReLU"])
def test_a_tanh_output_at_rate_10_is_stuck_and_not_divergent(data, activation):
    trainer = Trainer(Spec.suited(data, output_activation="Tanh", layers=[(4, activation)],
                                  learning_rate=10))
    trainer.train(25 * 40)
    assert trainer.divergence is None
    assert trainer.train_loss > 0.2 and trainer.step_count == 1000


@pytest.mark.parametrize("rate, known, suggestion", [
    (10, None, 1), (10, 0.03, 0.01), (10, 0.01, 0.003), (0.3, 3, 0.03), (0.1, None, 0.01),
    (5, None, 0.3), (1e-5, None, 1e-6)])
def test_a_lower_rate_is_suggested(rate, known, suggestion):
    assert suggest_rate(rate, known) == pytest.approx(suggestion, rel=1e-12)


def test_without_a_known_rate_the_advice_is_general():
    found = explain("loss", 3, None, 2, value=float("nan"))
    assert found.suggestion is None
    assert "at step 3. Look for a division by zero" in found.message
    assert "the weights of step 2 are back. Mend that, then reset." in found.message


def test_no_rate_is_suggested_that_cannot_be_set():
    spec = Spec.suited("circle", inputs=("x1", "x2", "x1²", "x2²", "x1x2"), learning_rate=1e-5,
                       layers=[(64, "Linear")] * 8, output_activation="Linear",
                       optimizer="Momentum", batch_size=500)  # fmt: skip
    trainer = Trainer(spec)
    trainer.train(20)
    assert trainer.divergence.suggestion is None
    assert trainer.divergence.message.endswith("Take fewer or smaller layers, or other inputs.")


def test_a_loss_that_was_never_finite_points_at_the_data():
    own = {"model": Sequential([Linear(1, 1)]), "criterion": MSELoss(),
           "data": np.array([[1.0], [np.nan]]), "target": np.ones((2, 1))}  # fmt: skip
    trainer = Trainer.of(**own, optimizer=SGD(own["model"].get_parameters(), alpha=0.01))
    trainer.train(3)
    assert trainer.divergence.suggestion is None
    assert "in the data already: 1 of the 2 numbers of `input`" in trainer.divergence.message
    assert "too large" not in trainer.divergence.message


def test_a_rate_lowered_in_the_learners_own_code_goes_on():
    model = Sequential([Linear(1, 8), ReLU(), Linear(8, 1)])
    optimizer = SGD(model.get_parameters(), alpha=10)
    x = np.linspace(-3, 3, 20)[:, None]
    trainer = Trainer.of(model, MSELoss(), optimizer, x, np.sin(x))
    trainer.train(50)
    assert trainer.divergence is not None and not trainer.can_go_on()
    stopped = trainer.step_count
    optimizer.alpha = 0.001
    assert trainer.run(5) == 5
    assert trainer.step_count == stopped + 5 and trainer.divergence is None
