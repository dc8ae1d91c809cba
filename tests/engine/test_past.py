"""What is undone comes back exactly: the run goes on as if nothing had happened."""

from __future__ import annotations

import numpy as np
import pytest

from gradwidgets.core import Tensor
from gradwidgets.core.losses import MSELoss
from gradwidgets.core.nn import Dropout, Linear, Sequential, Tanh
from gradwidgets.core.optim import OPTIMIZERS, SGD, Momentum
from gradwidgets.engine.experiment.spec import Spec
from gradwidgets.engine.training.trainer import Trainer
from gradwidgets.engine.training.undo import Moment, Past
from tests.engine.textbook import (
    DATA,
    TARGET,
    TextbookDropout,
    TextbookLoss,
    TextbookSGD,
    textbook_model,
)


def with_dropout() -> Trainer:
    rng = np.random.default_rng(3)
    model = Sequential([Linear(2, 6, rng=rng), Tanh(), Dropout(0.4, rng=rng), Linear(6, 1, rng=rng)])
    optimizer = Momentum(model.get_parameters(), alpha=0.1)
    trainer = Trainer.of(model, MSELoss(), optimizer, Tensor(DATA), Tensor(TARGET))
    trainer.batch_size = 3
    return trainer


def of_the_textbook() -> Trainer:
    np.random.seed(0)
    model = textbook_model()
    model.layers.append(TextbookDropout())
    optimizer = TextbookSGD(model.get_parameters(), 0.1)
    return Trainer.of(model, TextbookLoss(), optimizer, DATA, TARGET)


TRAINERS = {
    **{name: lambda name=name: Trainer(Spec(optimizer=name, batch_size=60)) for name in OPTIMIZERS},
    "dropout and momentum of one's own": with_dropout,
    "the textbook's": of_the_textbook,
}


def run_of(trainer: Trainer, steps: int) -> list[float]:
    losses = []
    for _ in range(steps):
        trainer.step()
        losses.append(trainer.step_loss)
    trainer.measure()
    return losses


def stand_of(trainer: Trainer) -> list:
    """Return all that a person can see of a run."""
    return [
        trainer.step_count,
        trainer.epoch_position,
        trainer.train_loss,
        trainer.step_loss,
        trainer.learning_rate,
        trainer.batch_size,
        trainer.history.epoch.tolist(),
        trainer.history.train.tolist(),
        trainer.last_step,
        trainer.divergence,
        *[parameter.data.tolist() for parameter in trainer.parameters],
    ]


@pytest.mark.parametrize("name", TRAINERS)
def test_after_an_undone_reset_the_run_goes_on_to_the_last_digit(name):
    alone, trainer, past = TRAINERS[name](), TRAINERS[name](), Past()
    for one in (alone, trainer):
        run_of(one, 7)  # in the middle of an epoch
        one.step(capture=True)
    tensors, stand = trainer.parameters, stand_of(trainer)
    past.remember(Moment(trainer))
    trainer.reset()
    run_of(trainer, 11)
    trainer.learning_rate = 0.003
    assert past.undo(trainer) is trainer
    assert all(a is b for a, b in zip(trainer.parameters, tensors, strict=True))
    assert stand_of(trainer) == stand
    assert run_of(trainer, 9) == run_of(alone, 9)
    assert stand_of(trainer)[1:8] == stand_of(alone)[1:8]


def test_redo_brings_back_what_undo_left_and_both_as_often_as_wanted():
    trainer, past = Trainer(Spec()), Past()
    trainer.train(40)
    before = stand_of(trainer)
    past.remember(Moment(trainer))
    trainer.reset()
    trainer.train(10)
    after = stand_of(trainer)
    for _ in range(3):
        past.undo(trainer)
        assert stand_of(trainer) == before and (past.can_undo, past.can_redo) == (False, True)
        past.redo(trainer)
        assert stand_of(trainer) == after and (past.can_undo, past.can_redo) == (True, False)


def test_what_was_trained_after_an_undo_is_kept_too():
    trainer, past = Trainer(Spec()), Past()
    trainer.train(40)
    past.remember(Moment(trainer))
    trainer.reset()
    past.undo(trainer)
    trainer.train(5)
    past.redo(trainer)
    assert trainer.step_count == 0
    past.undo(trainer)
    assert trainer.step_count == 45


def test_a_trainer_comes_back_as_it_was_left_even_if_somebody_trained_it_since():
    first, second, past = Trainer(Spec()), Trainer(Spec(weight_seed=1)), Past()
    first.train(30)
    stand = stand_of(first)
    past.remember(Moment(first))
    first.train(5)
    assert past.undo(second) is first
    assert stand_of(first) == stand
    assert past.redo(first) is second


def test_another_change_ends_what_could_be_done_again():
    trainer, past = Trainer(Spec()), Past()
    trainer.train(3)
    past.remember(Moment(trainer))
    trainer.reset()
    past.undo(trainer)
    past.remember(Moment(trainer))
    assert not past.can_redo
    assert past.redo(trainer) is None and trainer.step_count == 3


def test_a_divergence_comes_back_with_the_last_good_weights():
    trainer = Trainer(Spec.suited("sine", layers=((8, "ReLU"),), learning_rate=10))
    trainer.train(200)
    stand, past = stand_of(trainer), Past()
    assert trainer.divergence is not None
    past.remember(Moment(trainer))
    trainer.reset()
    past.undo(trainer)
    assert stand_of(trainer) == stand
    trainer.learning_rate = 0.01
    trainer.train(20)
    assert trainer.divergence is None and np.isfinite(trainer.train_loss)


def test_what_lies_furthest_back_is_forgotten_first():
    trainer, past = Trainer(Spec()), Past(depth=3)
    for _ in range(5):
        trainer.train(1)
        past.remember(Moment(trainer))
    steps = []
    while past.can_undo:
        past.undo(trainer)
        steps.append(trainer.step_count)
    assert steps == [5, 4, 3]


def test_all_that_is_kept_stays_below_a_size():
    trainer = Trainer(Spec())
    size = Moment(trainer).size
    assert size > sum(parameter.data.nbytes for parameter in trainer.parameters)
    past = Past(most_bytes=3 * size + 1)
    for _ in range(8):
        past.remember(Moment(trainer))
    undone = 0
    while past.can_undo:
        past.undo(trainer)
        undone += 1
    assert undone == 3
    tiny = Past(most_bytes=size - 1)
    tiny.remember(Moment(trainer))
    assert not tiny.can_undo


def test_a_moment_does_not_keep_the_data_once_more():
    many = np.random.default_rng(0).normal(size=(20_000, 50))
    model = Sequential([Linear(50, 1)])
    optimizer = SGD(model.get_parameters(), alpha=0.01)
    trainer = Trainer.of(model, MSELoss(), optimizer, many, many[:, :1])
    trainer.step(capture=True)
    assert Moment(trainer).size < 200_000 < many.nbytes


def test_a_moment_tells_a_run_that_has_moved_from_one_that_has_not():
    trainer = Trainer(Spec())
    moment = Moment(trainer)
    trainer.reset()
    assert not moment.differs()
    trainer.step()
    assert moment.differs()
    trainer.reset()
    assert not moment.differs()
    trainer.parameters[0].data[0, 0] += 1  # a learner's own hand
    assert moment.differs()
