"""The losses printed in the seed notebook, to all its digits."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from gradwidgets.core import SGD, Linear, MSELoss, Sequential, Sigmoid, Tanh, Tensor

TABLES = json.loads((Path(__file__).parents[1] / "data" / "seed_losses.json").read_text())
DATA = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
TARGET = np.array([[0], [1], [0], [1]])


def assert_losses(losses: list[float], table: str, column: str = "losses") -> None:
    expected = TABLES[table][column]
    assert len(losses) == len(expected) == 10
    np.testing.assert_array_equal(np.round(losses, 8), np.round(expected, 8))


def start_at(model: Sequential, table: str) -> None:
    for parameter, initial in zip(
        model.get_parameters(), TABLES[table]["initial_parameters"], strict=True
    ):
        parameter.data[...] = initial


def assert_end(model: Sequential, table: str) -> None:
    for parameter, final in zip(
        model.get_parameters(), TABLES[table]["final_parameters"], strict=True
    ):
        np.testing.assert_allclose(parameter.data, final, rtol=0, atol=1e-12)


def test_step_5_two_matrices_and_an_update_written_out():
    table = TABLES["step5_two_matrices"]
    data, target = Tensor(DATA, autograd=True), Tensor(TARGET, autograd=True)
    w = [Tensor(initial, autograd=True) for initial in table["initial_parameters"]]
    losses = []
    for _ in range(10):
        pred = data.mm(w[0]).mm(w[1])
        loss = ((pred - target) * (pred - target)).sum(0)
        loss.backward(Tensor(np.ones_like(loss.data)))
        for each in w:
            each.data -= each.grad.data * table["alpha"]
            each.grad.data *= 0
        losses.append(loss.item())
    assert_losses(losses, "step5_two_matrices")


def test_step_6_sgd_gives_the_same_losses():
    table = TABLES["step5_two_matrices"]
    w = [Tensor(initial, autograd=True) for initial in table["initial_parameters"]]
    optimizer = SGD(parameters=w, alpha=table["alpha"])
    losses = []
    for _ in range(10):
        difference = Tensor(DATA).mm(w[0]).mm(w[1]) - Tensor(TARGET)
        loss = (difference * difference).sum(0)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert_losses(losses, "step5_two_matrices")


def hand_derived_losses(factor: float) -> list[float]:
    """Train the two matrices of step 5 by hand, the slope of d² taken as factor · d."""
    table = TABLES["step5_two_matrices"]
    w1, w2 = (np.array(initial) for initial in table["initial_parameters"])
    losses = []
    for _ in range(10):
        h = DATA @ w1
        difference = h @ w2 - TARGET
        losses.append(np.sum(difference * difference))
        d_pred = factor * difference
        d_w2 = h.T @ d_pred
        d_w1 = DATA.T @ (d_pred @ w2.T)
        w2 -= table["alpha"] * d_w2
        w1 -= table["alpha"] * d_w1
    return losses


def test_step_5_by_hand_differs_by_the_factor_2_that_the_notebook_left_out():
    # The notebook's hand-derived column takes d for the slope of d²; it is 2·d. Its losses
    # therefore begin alike and then fall half as fast. With the 2, hand and framework agree.
    assert_losses(hand_derived_losses(factor=1), "step5_two_matrices", "manual_losses")
    assert_losses(hand_derived_losses(factor=2), "step5_two_matrices", "losses")


def test_step_5_by_hand_is_the_framework_at_half_the_learning_rate():
    table = TABLES["step5_two_matrices"]
    w = [Tensor(initial, autograd=True) for initial in table["initial_parameters"]]
    optimizer = SGD(w, alpha=table["alpha"] / 2)
    losses = []
    for _ in range(10):
        loss = MSELoss()(Tensor(DATA).mm(w[0]).mm(w[1]), TARGET)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert_losses(losses, "step5_two_matrices", "manual_losses")


@pytest.mark.parametrize(
    "table, layers",
    [
        ("step8_sequential", lambda: [Linear(2, 3), Linear(3, 1)]),
        ("step9_mseloss", lambda: [Linear(2, 3), Linear(3, 1)]),
        ("step10_tanh_sigmoid", lambda: [Linear(2, 3), Tanh(), Linear(3, 1), Sigmoid()]),
    ],
)
@pytest.mark.parametrize("data_takes_gradients", [True, False])
def test_steps_8_to_10_networks(table, layers, data_takes_gradients):
    data = Tensor(DATA, autograd=data_takes_gradients)
    target = Tensor(TARGET, autograd=data_takes_gradients)
    model = Sequential(layers())
    start_at(model, table)
    criterion = MSELoss()
    optimizer = SGD(parameters=model.get_parameters(), alpha=TABLES[table]["alpha"])
    losses = []
    for _ in range(10):
        pred = model.forward(data)
        if table == "step8_sequential":
            loss = ((pred - target) * (pred - target)).sum(0)
        else:
            loss = criterion.forward(pred, target)
        loss.backward(Tensor(np.ones_like(loss.data)))
        optimizer.step()
        losses.append(loss.item())
    assert_losses(losses, table)
    assert_end(model, table)
