"""A learner's framework around the last of the course's tensor classes.

It behaves as textbook code does: random ids from NumPy's global state, a result that forgets its
creators unless all have autograd, no casting, no broadcasting, no train or eval mode, `backward`
with a gradient of its own class. It is compact, and wrong in the textbook's ways where that
does not matter for training.
"""
from __future__ import annotations

import numpy as np

from tests.engine.seed_classes import Curves


class TextbookTensor(Curves):
    """The last of the course's classes, with relu."""

    rules = Curves.rules | {"relu"}

    def _relu_back(self, x):
        x.backward(TextbookTensor(self.grad.data * (self.data > 0)))

    def relu(self):
        return self._made(np.maximum(self.data, 0), "relu", self)


class TextbookLinear:
    def __init__(self, n_inputs, n_outputs):
        self.weight = TextbookTensor(np.random.randn(n_inputs, n_outputs) * np.sqrt(2 / n_inputs),
                                     autograd=True)
        self.bias = TextbookTensor(np.zeros(n_outputs), autograd=True)

    def get_parameters(self):
        return [self.weight, self.bias]

    def forward(self, input):
        return input.mm(self.weight) + self.bias.expand(0, len(input.data))


class TextbookActivation:
    def __init__(self, name):
        self.name = name

    def get_parameters(self):
        return []

    def forward(self, input):
        return getattr(input, self.name)()


class TextbookDropout:
    """Drops by the global random state, whether the model is in training or not."""

    def get_parameters(self):
        return []

    def forward(self, input):
        mask = TextbookTensor((np.random.rand(*input.data.shape) < 0.5) * 2.0, autograd=True)
        return input * mask


class TextbookSequential:
    def __init__(self, layers):
        self.layers = layers

    def get_parameters(self):
        return [parameter for layer in self.layers for parameter in layer.get_parameters()]

    def forward(self, input):
        for layer in self.layers:
            input = layer.forward(input)
        return input


class TextbookLoss:
    def forward(self, pred, target):
        return ((pred - target) * (pred - target)).sum(0)


class TextbookMomentum:
    """Binds new arrays to its parameters, and keeps state in a dictionary of lists."""

    def __init__(self, parameters, lr):
        self.parameters, self.lr = parameters, lr
        self.state = {"velocity": [0 * parameter.data for parameter in parameters], "steps": 0}

    def step(self):
        self.state["steps"] += 1
        for place, parameter in enumerate(self.parameters):
            velocity = 0.5 * self.state["velocity"][place] + parameter.grad.data
            self.state["velocity"][place] = velocity
            parameter.data = parameter.data - self.lr * velocity
            parameter.grad = None


class TextbookSGD:
    def __init__(self, parameters, alpha=0.1):
        self.parameters, self.alpha = parameters, alpha

    def step(self, zero=True):
        for parameter in self.parameters:
            parameter.data -= parameter.grad.data * self.alpha
            if zero:
                parameter.grad.data *= 0


DATA = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
TARGET = np.array([[0], [1], [0], [1]])


def textbook_model(*extra):
    """Return two linear layers with tanh and sigmoid, drawn from the global random state."""
    return TextbookSequential([TextbookLinear(2, 3), TextbookActivation("tanh"), *extra,
                               TextbookLinear(3, 1), TextbookActivation("sigmoid")])


def set_parameters(model, values):
    """Write numbers into a model's parameters."""
    for parameter, value in zip(model.get_parameters(), values):
        parameter.data[...] = value
