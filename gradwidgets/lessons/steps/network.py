"""Steps 6 to 10: an optimizer, layers, a loss, made of tensors alone."""

from __future__ import annotations

import numpy as np

from gradwidgets.lessons.steps.tensor_v5 import Tensor_V5


class SGD:
    """Moves every parameter against its gradient, `alpha` times as far."""

    def __init__(self, parameters, alpha=0.1):
        self.parameters = parameters
        self.alpha = alpha

    def zero(self):
        for parameter in self.parameters:
            if parameter.grad is not None:
                parameter.grad.data *= 0

    def step(self, zero=True):
        for parameter in self.parameters:
            if parameter.grad is not None:
                parameter.data -= self.alpha * parameter.grad.data
        if zero:
            self.zero()


class Layer:
    """What has parameters, and a way from its input to its output."""

    def __init__(self):
        self.parameters = []

    def get_parameters(self):
        return self.parameters

    def forward(self, input):
        raise NotImplementedError("a layer has to say what its forward does")


class Linear(Layer):
    """A weight for each pair of input and output, and a bias for each output."""

    tensor = Tensor_V5  # the class that weight and bias are made of

    def __init__(self, n_inputs, n_outputs):
        super().__init__()
        weight = np.random.randn(n_inputs, n_outputs) * np.sqrt(2.0 / n_inputs)
        self.weight = self.tensor(weight, autograd=True)
        self.bias = self.tensor(np.zeros(n_outputs), autograd=True)
        self.parameters = [self.weight, self.bias]

    def forward(self, input):
        return input.mm(self.weight) + self.bias.expand(0, len(input.data))


class Sequential(Layer):
    """Layers one after the other: each gets what the one before gives."""

    def __init__(self, layers=None):
        super().__init__()
        self.layers = list(layers or [])

    def add(self, layer):
        self.layers.append(layer)

    def forward(self, input):
        for layer in self.layers:
            input = layer.forward(input)
        return input

    def get_parameters(self):
        return [parameter for layer in self.layers for parameter in layer.get_parameters()]


class MSELoss(Layer):
    """The squares of what is missing to the target, summed over the samples."""

    def forward(self, pred, target):
        return ((pred - target) * (pred - target)).sum(0)


class Tanh(Layer):
    """tanh of every number: between −1 and 1."""

    def forward(self, input):
        return input.tanh()


class Sigmoid(Layer):
    """The sigmoid of every number: between 0 and 1."""

    def forward(self, input):
        return input.sigmoid()
