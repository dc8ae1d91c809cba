"""From the weights that the course ships, every network gives the seed's losses to its digits."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

import gradwidgets.core
from gradwidgets.core import Tensor
from gradwidgets.engine.training.trainer import Trainer
from gradwidgets.engine.verdict.verdict import judge
from gradwidgets.lessons import seed_weights, steps
from gradwidgets.lessons.steps import Tensor_V4, Tensor_V5

TABLES = json.loads((Path(__file__).parents[1] / "data" / "seed_losses.json").read_text())
DATA = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
TARGET = np.array([[0], [1], [0], [1]])
LAYERS = {
    "step8": "Linear Linear",
    "step9": "Linear Linear",
    "step10": "Linear Tanh Linear Sigmoid",
}


def tables() -> dict[str, dict]:
    return {key.partition("_")[0]: table for key, table in TABLES.items()}


def model_of(home, name, tensor):
    """Return the network of a step, made of the layers of `home`, at the seed's weights."""
    sizes = iter([(2, 3), (3, 1)])
    layers = []
    for kind in LAYERS[name].split():
        layer = getattr(home, kind)
        if kind == "Linear" and home is steps:
            layer = type("Linear", (layer,), {"tensor": tensor})
        layers.append(layer(*next(sizes)) if kind == "Linear" else layer())
    model = home.Sequential(layers)
    for parameter, array in zip(
        model.get_parameters(), seed_weights(name).parameters, strict=True
    ):
        assert type(parameter) is tensor
        parameter.data = array
    return model


@pytest.mark.parametrize(
    ("home", "tensor", "name"),
    [
        *((steps, Tensor_V4, name) for name in ("step8", "step9")),
        *((steps, Tensor_V5, name) for name in LAYERS),
        *((gradwidgets.core, Tensor, name) for name in LAYERS),
    ],
)
def test_the_losses_of_each_step_come_out_to_the_printed_digits(home, tensor, name):
    start = seed_weights(name)
    model = model_of(home, name, tensor)
    data, target = tensor(DATA, autograd=True), tensor(TARGET, autograd=True)
    criterion = home.MSELoss()
    optimizer = home.SGD(parameters=model.get_parameters(), alpha=start.alpha)
    losses = []
    for _ in range(10):
        loss = criterion.forward(model.forward(data), target)
        loss.backward(tensor(np.ones_like(loss.data)))
        optimizer.step()
        losses += loss.data.tolist()
    assert np.round(losses, 8).tolist() == start.losses
    for parameter, end in zip(
        model.get_parameters(), tables()[name]["final_parameters"], strict=True
    ):
        np.testing.assert_allclose(parameter.data, end, rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", ["step8", "step9", "step10"])
def test_the_playgrounds_trainer_takes_them_and_finds_the_same_losses(name):
    start = seed_weights(name)
    model = model_of(steps, name, Tensor_V5)
    optimizer = steps.SGD(model.get_parameters(), start.alpha)
    trainer = Trainer.of(model, steps.MSELoss(), optimizer, DATA, TARGET)
    losses = []
    for _ in range(10):
        trainer.train(1, capture=True)
        graph = trainer.last_step.graph
        assert judge(graph) is None
        losses += graph.nodes[graph.root].data.tolist()
    assert np.round(losses, 8).tolist() == start.losses


def by_hand(weights, alpha):
    for weight in weights:
        weight.data -= weight.grad.data * alpha
        weight.grad.data *= 0


@pytest.mark.parametrize("tensor", [Tensor_V4, Tensor_V5, Tensor])
@pytest.mark.parametrize("step", ["by hand", "SGD"])
def test_the_two_matrices_of_steps_5_and_6_give_their_losses(tensor, step):
    start = seed_weights("step5")
    home = gradwidgets.core if tensor is Tensor else steps
    data, target = tensor(DATA, autograd=True), tensor(TARGET, autograd=True)
    weights = [tensor(array, autograd=True) for array in start.parameters]
    optimizer = home.SGD(weights, start.alpha)
    losses = []
    for _ in range(10):
        pred = data.mm(weights[0]).mm(weights[1])
        loss = ((pred - target) * (pred - target)).sum(0)
        loss.backward(tensor(np.ones_like(loss.data)))
        optimizer.step() if step == "SGD" else by_hand(weights, start.alpha)
        losses += loss.data.tolist()
    assert np.round(losses, 8).tolist() == start.losses


def test_the_column_derived_by_hand_in_step_5_has_half_the_gradient():
    start = seed_weights("step5")
    first, second = start.parameters
    losses = []
    for _ in range(10):
        hidden = DATA @ first
        missing = hidden @ second - TARGET
        losses.append(np.sum(missing * missing))
        into_first, into_second = DATA.T @ (missing @ second.T), hidden.T @ missing
        first, second = first - start.alpha * into_first, second - start.alpha * into_second
    np.testing.assert_allclose(losses, start.manual_losses, rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", ["step5", "step8", "step9", "step10"])
def test_what_is_shipped_is_what_the_seed_holds(name):
    start, table = seed_weights(name), tables()[name]
    assert [array.tolist() for array in start.parameters] == table["initial_parameters"]
    assert all(array.dtype == float for array in start.parameters)
    assert (start.alpha, start.losses) == (table["alpha"], table["losses"])
    assert start.manual_losses == table.get("manual_losses", [])


def test_each_call_gives_weights_of_its_own():
    start = seed_weights("step8")
    start.parameters[0] *= 0
    start.losses.clear()
    assert seed_weights("step8").parameters[0].any()
    assert len(seed_weights("step8").losses) == 10
    with pytest.raises(dataclasses.FrozenInstanceError):
        start.alpha = 1


@pytest.mark.parametrize("name", ["step7", "", "step8_sequential", "Step8", 8, None])
def test_unknown_weights_are_answered_with_those_there_are(name):
    with pytest.raises(KeyError, match="step5, step6, step8, step9, step10"):
        seed_weights(name)


def test_step_6_starts_where_step_5_does():
    five, six = seed_weights("step5"), seed_weights("step6")
    assert all(map(np.array_equal, five.parameters, six.parameters))
    assert (six.alpha, six.losses, six.manual_losses) == (five.alpha, five.losses, [])


def test_ids_that_draw_from_the_seed_move_the_weights_on():
    np.random.seed(0)
    five = [np.random.rand(2, 3), np.random.rand(3, 1)]
    assert all(map(np.array_equal, five, seed_weights("step5").parameters))
    start = seed_weights("step10").parameters
    for ids, same in ((2, True), (0, False)):
        np.random.seed(0)
        np.random.randint(0, 100000, ids)  # of the data and the target
        first = np.random.randn(2, 3)
        np.random.randint(0, 100000, ids)  # of the first layer's weight and bias
        second = np.random.randn(3, 1) * np.sqrt(2 / 3)
        assert np.allclose(first, start[0], rtol=0, atol=1e-12) == same
        assert np.allclose(second, start[2], rtol=0, atol=1e-12) == same
