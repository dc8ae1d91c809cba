"""Optimizers: how parameters move, once their gradients are known.

`alpha` is the learning rate per step. It may be changed while training; every other state lives in
plain attributes, so that a deep copy of an optimizer is a full backup of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from math import isfinite

import numpy as np
from numpy import ndarray

from gradwidgets.core.answers import AnswersKeywords, AnswersNames, refuse_name
from gradwidgets.core.arguments import is_number
from gradwidgets.core.tensor import Tensor
from gradwidgets.core.types import Foreign, Parameter

_FLOAT64 = np.dtype(np.float64)


class Optimizer(AnswersNames, AnswersKeywords):
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
        When there are no parameters, when one of them can never be moved (no tensor of floats, the
        result of an operation, without ``autograd``), or when `alpha` is not a finite number of at
        least 0.
    """

    label = ""
    states: tuple[str, ...] = ()
    """The lists with one array for each parameter that an optimizer keeps from step to step."""

    def __init__(self, parameters: Iterable[Parameter], alpha: float) -> None:
        self.parameters = self._checked(parameters)
        self.alpha = alpha

    def __setattr__(self, name: str, value: Foreign) -> None:
        if type(self).__module__ == __name__:  # a class of one's own may call its rate as it likes
            refuse_name(self, name)
        super().__setattr__(name, value)

    @property
    def alpha(self) -> float:
        """Return the learning rate, per step."""
        return self._alpha

    @alpha.setter
    def alpha(self, alpha: float) -> None:
        if not is_number(alpha) or isinstance(alpha, bool):
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
            grad = parameter.grad
            if grad is not None:
                try:
                    (grad if grad.__class__ is ndarray else grad.data).fill(0)
                except ValueError:
                    self._replace_by_zeros(parameter)

    def step(self, zero: bool = True) -> None:
        """Move every parameter that has a gradient, then set the gradients to zeros.

        Parameters
        ----------
        zero : bool, default=True
            False keeps the gradients, so that the next backward pass adds to them.

        Raises
        ------
        TypeError, ValueError
            When a parameter cannot be moved. None has moved then.
        """
        moving = []
        for index, parameter in enumerate(self.parameters):
            grad = parameter.grad
            if grad is None:
                continue
            data = parameter.data
            gradient = grad if grad.__class__ is ndarray else grad.data
            if not (
                gradient.__class__ is data.__class__ is ndarray
                and gradient.dtype is data.dtype is _FLOAT64
                and gradient.shape == data.shape
                and data.flags.writeable
            ):
                self._check_move(index, data, gradient)
            moving.append((index, data, gradient))
        # States only have to fit where data was replaced, so they are looked at once for all.
        for state in self.states:
            arrays = getattr(self, state)
            for index, data, _ in moving:
                if arrays[index].shape != data.shape:
                    raise ValueError(
                        f"{self._name(index)} has shape {data.shape}, but had "
                        f"{arrays[index].shape} when the optimizer was made, and {state} are kept "
                        "in that shape; make the optimizer again after replacing the data"
                    )
        for index, data, gradient in moving:
            self._move(index, data, gradient)
        # Only now, since two parameters may hold one gradient.
        if zero:
            for index, _, gradient in moving:
                try:
                    gradient.fill(0)
                except ValueError:  # a read-only array, which others may hold as well
                    self._replace_by_zeros(self.parameters[index])

    def _move(self, index: int, data: ndarray, gradient: ndarray) -> None:
        """Move the parameter number `index` in place."""
        raise NotImplementedError

    @staticmethod
    def _replace_by_zeros(parameter: Parameter) -> None:
        zeros = np.zeros(parameter.data.shape)
        parameter.grad = zeros if parameter.grad.__class__ is ndarray else Tensor(zeros)

    def _check_move(self, index: int, data: ndarray, gradient: Foreign) -> None:
        """Raise an error that says why the parameter number `index` cannot be moved, if so."""
        name = self._name(index)
        self._check_numbers(index, data)
        if not isinstance(gradient, ndarray) or gradient.dtype.kind not in "fiub":
            kind = (
                f"an array of {gradient.dtype}"
                if isinstance(gradient, ndarray)
                else f"a {type(gradient).__name__}"
            )
            raise TypeError(
                f"{name} has a gradient whose data is {kind}, expected an array of numbers; let "
                "backward() compute it, or write parameter.grad = Tensor(numbers)"
            )
        if gradient.shape != data.shape:
            raise ValueError(
                f"{name} has shape {data.shape} but its gradient {gradient.shape}; each entry "
                "needs its own gradient. If its data was replaced since backward(), compute the "
                "loss again (a new forward pass), and call backward() before step()"
            )

    def _name(self, index: int) -> str:
        return f"{type(self).__name__}: parameter {index}"

    def _checked(self, parameters: Iterable[Parameter]) -> list[Parameter]:
        name = type(self).__name__
        if hasattr(parameters, "data"):
            kind = "array" if isinstance(parameters, ndarray) else "tensor"
            make = "[Tensor(array, autograd=True)]" if kind == "array" else "[tensor]"
            raise TypeError(f"{name}: got one {kind}, expected a list of tensors; write {make}")
        if isinstance(parameters, (Mapping, str)):
            write = "list(parameters.values())" if isinstance(parameters, Mapping) else "[w, b]"
            raise TypeError(
                f"{name}: got a {type(parameters).__name__}, expected a list of tensors; write "
                f"{write}"
            )
        if not isinstance(parameters, list if callable(parameters) else Iterable):
            raise TypeError(
                f"{name}: got a {type(parameters).__name__}, expected a list of tensors; pass "
                "model.get_parameters(), with the parentheses"
            )
        once = isinstance(parameters, Iterator)
        parameters = list({id(parameter): parameter for parameter in parameters}.values())
        if not parameters and once:
            raise ValueError(
                f"{name}: the iterator gave no parameters, so nothing could learn; one that was "
                "gone through before is used up: make it again, or pass a list"
            )
        if not parameters:
            raise ValueError(
                f"{name}: the list of parameters is empty, so nothing could learn; pass "
                "model.get_parameters() of a model that has a Linear layer"
            )
        for index, parameter in enumerate(parameters):
            self._check_parameter(index, parameter)
        return parameters

    def _check_parameter(self, index: int, parameter: Foreign) -> None:
        name = self._name(index)
        data = getattr(parameter, "data", None)
        if not isinstance(data, ndarray) or not hasattr(parameter, "grad"):
            hint = ""
            if isinstance(parameter, (list, tuple)):
                hint = "; join the lists of several layers: a.get_parameters() + b.get_parameters()"
            elif hasattr(parameter, "get_parameters"):
                hint = "; pass what its get_parameters() returns"
            elif isinstance(parameter, ndarray):
                hint = "; make it one: Tensor(array, autograd=True)"
            kind = "list" if isinstance(parameter, list) else type(parameter).__name__
            raise TypeError(f"{name} is a {kind}, expected a Tensor{hint}")
        # Of a learner's own class it is not known what its flags and creators mean.
        if isinstance(parameter, Tensor):
            if parameter.creators:
                raise ValueError(
                    f"{name} is the result of {parameter.creation_op}, no leaf: each forward pass "
                    "would have to compute it again, which undoes what a step has moved. Let the "
                    "numbers be computed before: Tensor(result.data, autograd=True)"
                )
            if not parameter.autograd:
                raise ValueError(
                    f"{name} has autograd=False, so backward() gives it no gradient and it never "
                    "moves; create it with Tensor(data, autograd=True), or leave it out of the "
                    "list if it shall stay as it is"
                )
        self._check_numbers(index, data)

    def _check_numbers(self, index: int, data: Foreign) -> None:
        name = self._name(index)
        if not isinstance(data, ndarray):
            raise TypeError(
                f"{name} has a {type(data).__name__} as its data, expected an array; write "
                "parameter.data = np.array(numbers), and parameter.data -= alpha * "
                "parameter.grad.data to move it"
            )
        if data.dtype.kind != "f":
            raise TypeError(
                f"{name} holds {data.dtype}, which cannot move by small "
                "steps; create it with autograd=True, or from floats"
            )
        if not data.flags.writeable:
            raise ValueError(
                f"{name} holds a read-only array, which cannot be moved in place; give it one of "
                "its own: parameter.data = parameter.data.copy()"
            )

    def _zeros(self) -> list[ndarray]:
        return [np.zeros_like(parameter.data) for parameter in self.parameters]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({len(self.parameters)} parameters, alpha={self.alpha})"


class SGD(Optimizer):
    """Gradient descent: one step of length alpha times the gradient, downhill."""

    label = "SGD"

    def __init__(self, parameters: Iterable[Parameter], alpha: float = 0.1) -> None:
        super().__init__(parameters, alpha)

    def _move(self, index: int, data: ndarray, gradient: ndarray) -> None:
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
    states = ("velocities",)

    def __init__(
        self, parameters: Iterable[Parameter], alpha: float = 0.1, momentum: float = 0.9
    ) -> None:
        super().__init__(parameters, alpha)
        self.momentum = _share(self, "momentum", momentum)
        self.velocities = self._zeros()

    def _move(self, index: int, data: ndarray, gradient: ndarray) -> None:
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
    states = ("mean_squares",)

    def __init__(
        self,
        parameters: Iterable[Parameter],
        alpha: float = 0.01,
        decay: float = 0.9,
        epsilon: float = 1e-8,
    ) -> None:
        super().__init__(parameters, alpha)
        self.decay = _share(self, "decay", decay)
        self.epsilon = _not_negative(self, "epsilon", epsilon)
        self.mean_squares = self._zeros()

    def _move(self, index: int, data: ndarray, gradient: ndarray) -> None:
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
    states = ("means", "mean_squares")

    def __init__(
        self,
        parameters: Iterable[Parameter],
        alpha: float = 0.001,
        beta1: float = 0.9,
        beta2: float = 0.999,
        epsilon: float = 1e-8,
    ) -> None:
        super().__init__(parameters, alpha)
        self.beta1 = _share(self, "beta1", beta1)
        self.beta2 = _share(self, "beta2", beta2)
        self.epsilon = _not_negative(self, "epsilon", epsilon)
        self.means = self._zeros()
        self.mean_squares = self._zeros()
        # One count for each parameter: one that had no gradient yet is still at its start.
        self.counts = [0] * len(self.parameters)

    def _move(self, index: int, data: ndarray, gradient: ndarray) -> None:
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
    if not is_number(value) or not 0 <= value < 1:
        raise ValueError(
            f"{type(optimizer).__name__}: {name} is {value!r}, expected a number from 0 to below 1"
        )
    return value


def _not_negative(optimizer: Optimizer, name: str, value: float) -> float:
    if not is_number(value) or not isfinite(value) or value < 0:
        raise ValueError(
            f"{type(optimizer).__name__}: {name} is {value!r}, expected a finite number of at "
            "least 0, such as 1e-8"
        )
    return value


OPTIMIZERS = {"SGD": SGD, "Momentum": Momentum, "RMSProp": RMSProp, "Adam": Adam}
"""The optimizers to choose from, by class name."""
