"""Every pair of output activation and loss has a coding that trains, or a sentence why not."""
from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from gradwidgets.core.losses import LOSSES, REDUCTIONS, MSELoss
from gradwidgets.engine.experiment.spec import Spec, SpecError
from gradwidgets.engine.experiment.targets import OUTPUT_ACTIVATIONS, Coding, coding_for
from gradwidgets.engine.training.trainer import Trainer

PAIRS = list(itertools.product(OUTPUT_ACTIVATIONS, LOSSES))
FITTING = {"classification": {("Tanh", "MSELoss"), ("Sigmoid", "MSELoss"), ("Sigmoid", "BCELoss"),
                              ("Softmax", "MSELoss"), ("Softmax", "CrossEntropyLoss"),
                              ("Linear", "MSELoss")},
           "regression": {("Linear", "MSELoss"), ("Tanh", "MSELoss")}}
DATA = {"classification": "circle", "regression": "sine"}


@pytest.mark.parametrize("task", FITTING)
@pytest.mark.parametrize("activation, loss", PAIRS)
def test_a_pair_either_fits_or_is_explained(task, activation, loss):
    found = coding_for(task, activation, loss)
    changes = {"output_activation": activation, "loss": loss}
    if (activation, loss) in FITTING[task]:
        assert isinstance(found, Coding)
        assert Spec.suited(DATA[task], **changes).n_outputs == found.n_outputs
    else:
        assert found.endswith(".") and "choose" in found
        with pytest.raises(SpecError) as caught:
            Spec.suited(DATA[task], **changes)
        assert found in str(caught.value)
        assert caught.value.field in ("loss", "output_activation")


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("task, activation, loss", [
    (task, *pair) for task in FITTING for pair in sorted(FITTING[task])])
def test_every_coding_builds_and_learns(task, activation, loss, reduction):
    trainer = Trainer(Spec.suited(DATA[task], output_activation=activation, loss=loss,
                                  reduction=reduction, optimizer="Adam",
                                  learning_rate=0.03, weight_seed=1))
    first = trainer.train_loss
    trainer.train(500)
    assert trainer.train_loss < 0.8 * first and math.isfinite(trainer.test_loss)
    trainer.step(capture=True)
    grid = trainer.output()
    assert grid.kind == ("map" if task == "classification" else "curve")


@pytest.mark.parametrize("activation, loss, targets", [
    ("Tanh", "MSELoss", [[-1], [1], [1]]),
    ("Linear", "MSELoss", [[-1], [1], [1]]),
    ("Sigmoid", "MSELoss", [[0], [1], [1]]),
    ("Sigmoid", "BCELoss", [[0], [1], [1]]),
    ("Softmax", "MSELoss", [[1, 0], [0, 1], [0, 1]]),
    ("Softmax", "CrossEntropyLoss", [[1, 0], [0, 1], [0, 1]]),
])
def test_class_numbers_become_targets(activation, loss, targets):
    found = coding_for("classification", activation, loss).encode(np.array([0, 1, 1]))
    assert found.dtype == float and found.tolist() == targets


def test_real_targets_become_a_column():
    found = coding_for("regression", "Linear", "MSELoss")
    assert found.encode(np.array([0.5, -2])).tolist() == [[0.5], [-2]]
    assert found.value(np.array([[0.5], [-2]])).tolist() == [0.5, -2]


@pytest.mark.parametrize("activation, loss, outputs, shown, values", [
    ("Tanh", "MSELoss", [[-0.5]], [[-0.5]], [-0.5]),
    ("Linear", "MSELoss", [[3.0]], [[3.0]], [1]),
    ("Sigmoid", "MSELoss", [[0.75]], [[0.75]], [0.5]),
    ("Sigmoid", "BCELoss", [[math.log(3)], [-1000]], [[0.75], [0]], [0.5, -1]),
    ("Softmax", "MSELoss", [[0.25, 0.75]], [[0.25, 0.75]], [0.5]),
    ("Softmax", "CrossEntropyLoss", [[0, math.log(3)], [1000, 0]], [[0.25, 0.75], [1, 0]],
     [0.5, -1]),
])
def test_what_is_shown_of_the_outputs(activation, loss, outputs, shown, values):
    found = coding_for("classification", activation, loss)
    assert found.display(np.array(outputs, dtype=float)) == pytest.approx(np.array(shown))
    assert found.value(np.array(outputs, dtype=float)) == pytest.approx(values)


@pytest.mark.parametrize("loss, activation", [("BCELoss", "Sigmoid"),
                                              ("CrossEntropyLoss", "Softmax")])
def test_a_loss_that_takes_logits_gets_logits(loss, activation):
    spec = Spec(loss=loss, output_activation=activation)
    last = spec.build().model.layers[-1]
    assert type(last).__name__ == "Linear" and last.n_outputs == spec.n_outputs
    trainer = Trainer(spec)
    trainer.step(capture=True)
    names = {node.name for node in trainer.last_step.graph.nodes}
    assert "logits" in names and "prediction" not in names


def test_three_classes_need_softmax():
    assert coding_for("classification", "Softmax", "CrossEntropyLoss", 3).n_outputs == 3
    assert "has 3; choose Softmax" in coding_for("classification", "Tanh", "MSELoss", 3)


@pytest.mark.parametrize("task", FITTING)
@pytest.mark.parametrize("activation", OUTPUT_ACTIVATIONS)
def test_a_new_loss_disturbs_nothing_and_says_what_it_lacks(monkeypatch, task, activation):
    monkeypatch.setitem(LOSSES, "HingeLoss", type("HingeLoss", (MSELoss,), {"label": "Hinge"}))
    found = coding_for(task, activation, "HingeLoss", 3)
    assert found == (
        f"What targets a {activation} output has with HingeLoss is not written down yet; choose "
        "another loss, or add the pair to the table in gradwidgets/engine/experiment/targets.py.")
    with pytest.raises(SpecError, match="not written down yet"):
        Spec.suited(DATA[task], output_activation=activation, loss="HingeLoss")
    assert isinstance(coding_for(task, "Linear", "MSELoss"), Coding)


def test_reductions_are_those_of_the_losses():
    for reduction in REDUCTIONS:
        assert Spec(reduction=reduction).build().criterion.reduction == reduction


def test_what_is_not_in_the_table_is_refused():
    with pytest.raises(ValueError, match="'Step' and 'MSELoss'"):
        coding_for("classification", "Step", "MSELoss")
    with pytest.raises(ValueError, match="'ranking'; expected 'classification' or 'regression'"):
        coding_for("ranking", "Tanh", "MSELoss")
