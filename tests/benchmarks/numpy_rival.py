"""The rival of the framework: training steps derived by hand, in plain NumPy.

float64, a fresh array for every result, the same loss and the same update as the framework does;
nothing fused, nothing left out.
"""

from __future__ import annotations

import numpy as np


class Rival:
    """One hidden layer or two of tanh, a sigmoid at the end, squared loss, gradient descent."""

    def __init__(self, parameters: list[np.ndarray], alpha: float) -> None:
        self.parameters = [parameter.copy() for parameter in parameters]
        self.alpha = alpha
        self.step = self.step_two_layers if len(parameters) == 4 else self.step_three_layers

    def step_two_layers(self, x: np.ndarray, target: np.ndarray) -> np.ndarray:
        """Take one step of Linear, Tanh, Linear, Sigmoid; return the loss."""
        w1, b1, w2, b2 = self.parameters
        alpha = self.alpha

        h = np.tanh(x @ w1 + b1)
        y = 1 / (1 + np.exp(-(h @ w2 + b2)))
        difference = y - target
        loss = (difference * difference).sum(0)

        d_y = 2 * difference
        d_z2 = d_y * y * (1 - y)
        d_w2 = h.T @ d_z2
        d_b2 = d_z2.sum(0)
        d_h = d_z2 @ w2.T
        d_z1 = d_h * (1 - h * h)
        d_w1 = x.T @ d_z1
        d_b1 = d_z1.sum(0)

        w1 -= alpha * d_w1
        b1 -= alpha * d_b1
        w2 -= alpha * d_w2
        b2 -= alpha * d_b2
        return loss

    def step_three_layers(self, x: np.ndarray, target: np.ndarray) -> np.ndarray:
        """Take one step of Linear, Tanh, Linear, Tanh, Linear, Sigmoid; return the loss."""
        w1, b1, w2, b2, w3, b3 = self.parameters
        alpha = self.alpha

        h1 = np.tanh(x @ w1 + b1)
        h2 = np.tanh(h1 @ w2 + b2)
        y = 1 / (1 + np.exp(-(h2 @ w3 + b3)))
        difference = y - target
        loss = (difference * difference).sum(0)

        d_y = 2 * difference
        d_z3 = d_y * y * (1 - y)
        d_w3 = h2.T @ d_z3
        d_b3 = d_z3.sum(0)
        d_h2 = d_z3 @ w3.T
        d_z2 = d_h2 * (1 - h2 * h2)
        d_w2 = h1.T @ d_z2
        d_b2 = d_z2.sum(0)
        d_h1 = d_z2 @ w2.T
        d_z1 = d_h1 * (1 - h1 * h1)
        d_w1 = x.T @ d_z1
        d_b1 = d_z1.sum(0)

        w1 -= alpha * d_w1
        b1 -= alpha * d_b1
        w2 -= alpha * d_w2
        b2 -= alpha * d_b2
        w3 -= alpha * d_w3
        b3 -= alpha * d_b3
        return loss
