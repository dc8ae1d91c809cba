"""Optimizers: how parameters move, once their gradients are known.

`alpha` is the learning rate per step. It may be changed while training; every other state lives in
plain attributes, so that a deep copy of an optimizer is a full backup of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import isfinite
from numbers import Real

import numpy as np

from gradwidgets.core.tensor import Tensor


class Optimizer:
    """Move parameters against their gradients; the subclass says how far.

    Parameters
    ----------
    parameters : iterable of Tensor
        What to move, as ``model.get_parameters()`` gives it. A tensor listed twice moves once.
    alpha : float
        Learning rate, finite and not negative.

    Raises
    ------
    TypeError, ValueError
        When there are no parameters, when one of them is no tensor of floats, or when `alpha` is
        not a finite number of at least 0.
    """

    label = ""

    def __init__(self, parameters: Iterable[Tensor], alpha: float) -> None:
        self.parameters = self._checked(parameters)
        self.alpha = alpha

    @property
    def alpha(self) -> float:
        """Return the learning rate, per step."""
        return self._alpha

    @alpha.setter
    def alpha(self, alpha: float) -> None:
        if not isinstance(alpha, Real) or isinstance(alpha, bool):
            raise TypeError(
                f"{type(self).__name__}: alpha is {alpha!r}, expected a number such as 0.1"
            )
        if not isfinite(alpha) or alpha < 0:
            raise ValueError(
                f"{type(self).__name__}: alpha is {alpha}, expected a finite learning rate of at "
                "least 0; try 0.1"
            )
        self._alpha = alpha

    def zero(self) -> None:
        """Set the gradients to zeros; one that was never computed stays None."""
        for parameter in self.parameters:
            if parameter.grad is not None:
                parameter.grad.data.fill(0)

    def step(self, zero: bool = True) -> None:
        """Move every parameter that has a gradient, then set the gradients to zeros.

        Parameters
        ----------
        zero : bool, default=True
            False keeps the gradients, so that the next backward pass adds to them.
        """
        for index, parameter in enumerate(self.parameters):
            grad = parameter.grad
            if grad is not None:
                self._move(index, parameter.data, grad.data)
                if zero:
                    grad.data.fill(0)

    def _move(self, index: int, data: np.ndarray, gradient: np.ndarray) -> None:
        """Move the parameter number `index` in place."""
        raise NotImplementedError

    def _checked(self, parameters: Iterable[Tensor]) -> list[Tensor]:
        name = type(self).__name__
        if hasattr(parameters, "data"):
            raise TypeError(f"{name}: got one tensor, expected a list of them; write [tensor]")
        if callable(parameters) or not isinstance(parameters, Iterable):
            raise TypeError(
                f"{name}: got a {type(parameters).__name__}, expected a list of tensors; pass "
                "model.get_parameters(), with the parentheses"
            )
        parameters = list({id(parameter): parameter for parameter in parameters}.values())
        if not parameters:
            raise ValueError(
                f"{name}: the list of parameters is empty, so nothing could learn; pass "
                "model.get_parameters() of a model that has a Linear layer"
            )
        for index, parameter in enumerate(parameters):
            data = getattr(parameter, "data", None)
            if not isinstance(data, np.ndarray) or not hasattr(parameter, "grad"):
                raise TypeError(
                    f"{name}: parameter {index} is a {type(parameter).__name__}, expected a Tensor"
                )
            if data.dtype.kind != "f":
                raise TypeError(
                    f"{name}: parameter {index} holds {data.dtype}, which cannot move by small "
                    "steps; create it with autograd=True, or from floats"
                )
        return parameters

    def _zeros(self) -> list[np.ndarray]:
        return [np.zeros_like(parameter.data) for parameter in self.parameters]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({len(self.parameters)} parameters, alpha={self.alpha})"


class SGD(Optimizer):
    """Gradient descent: one step of length alpha times the gradient, downhill."""

    label = "SGD"

    def __init__(self, parameters: Iterable[Tensor], alpha: float = 0.1) -> None:
        super().__init__(parameters, alpha)

    def _move(self, index, data, gradient):
        data -= gradient * self._alpha


class Momentum(Optimizer):
    """Gradient descent with inertia: a velocity that gradients push and friction slows.

    Source: Sutskever, Martens, Dahl, Hinton (2013), "On the importance of initialization and
    momentum in deep learning", equations 1 and 2: v ← µ v − α g, θ ← θ + v.

    Parameters
    ----------
    parameters, alpha
        As for `Optimizer`.
    momentum : float, default=0.9
        The share µ of the velocity that is kept at each step, from 0 to below 1.
    """

    label = "Momentum"

    def __init__(
        self, parameters: Iterable[Tensor], alpha: float = 0.1, momentum: float = 0.9
    ) -> None:
        super().__init__(parameters, alpha)
        self.momentum = _share(self, "momentum", momentum)
        self.velocities = self._zeros()

    def _move(self, index, data, gradient):
        velocity = self.velocities[index]
        velocity *= self.momentum
        velocity -= self._alpha * gradient
        data += velocity


class RMSProp(Optimizer):
    """Gradient descent with a step size for every entry, by the recent size of its gradients.

    Source: Tieleman, Hinton (2012), "Neural Networks for Machine Learning", lecture 6.5:
    m ← ρ m + (1 − ρ) g², θ ← θ − α g / (√m + ε).

    Parameters
    ----------
    parameters, alpha
        As for `Optimizer`.
    decay : float, default=0.9
        The share ρ of the mean square that is kept at each step, from 0 to below 1.
    epsilon : float, default=1e-8
        Keeps the divisor away from 0.
    """

    label = "RMSProp"

    def __init__(
        self,
        parameters: Iterable[Tensor],
        alpha: float = 0.01,
        decay: float = 0.9,
        epsilon: float = 1e-8,
    ) -> None:
        super().__init__(parameters, alpha)
        self.decay = _share(self, "decay", decay)
        self.epsilon = epsilon
        self.mean_squares = self._zeros()

    def _move(self, index, data, gradient):
        mean_square = self.mean_squares[index]
        mean_square *= self.decay
        mean_square += (1 - self.decay) * gradient * gradient
        data -= self._alpha * gradient / (np.sqrt(mean_square) + self.epsilon)


class Adam(Optimizer):
    """Momentum and step sizes for every entry together, corrected for their start at zero.

    Source: Kingma, Ba (2015), "Adam: a method for stochastic optimization", algorithm 1:
    m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g²,
    θ ← θ − α · m / (1 − β₁ᵗ) / (√(v / (1 − β₂ᵗ)) + ε).

    Parameters
    ----------
    parameters, alpha
        As for `Optimizer`.
    beta1, beta2 : float, default=0.9 and 0.999
        The shares of the mean and of the mean square that are kept, from 0 to below 1.
    epsilon : float, default=1e-8
        Keeps the divisor away from 0.
    """

    label = "Adam"

    def __init__(
        self,
        parameters: Iterable[Tensor],
        alpha: float = 0.001,
        beta1: float = 0.9,
        beta2: float = 0.999,
        epsilon: float = 1e-8,
    ) -> None:
        super().__init__(parameters, alpha)
        self.beta1 = _share(self, "beta1", beta1)
        self.beta2 = _share(self, "beta2", beta2)
        self.epsilon = epsilon
        self.means = self._zeros()
        self.mean_squares = self._zeros()
        # One count for each parameter: one that had no gradient yet is still at its start.
        self.counts = [0] * len(self.parameters)

    def _move(self, index, data, gradient):
        mean, mean_square = self.means[index], self.mean_squares[index]
        self.counts[index] += 1
        mean *= self.beta1
        mean += (1 - self.beta1) * gradient
        mean_square *= self.beta2
        mean_square += (1 - self.beta2) * gradient * gradient
        corrected_mean = mean / (1 - self.beta1 ** self.counts[index])
        corrected_square = mean_square / (1 - self.beta2 ** self.counts[index])
        data -= self._alpha * corrected_mean / (np.sqrt(corrected_square) + self.epsilon)


def _share(optimizer: Optimizer, name: str, value: float) -> float:
    if not isinstance(value, Real) or not 0 <= value < 1:
        raise ValueError(
            f"{type(optimizer).__name__}: {name} is {value!r}, expected a number from 0 to below 1"
        )
    return value


OPTIMIZERS = {"SGD": SGD, "Momentum": Momentum, "RMSProp": RMSProp, "Adam": Adam}
"""The optimizers to choose from, by class name."""
