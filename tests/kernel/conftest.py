"""One kernel for all tests of a file: if one of them ended it, all that follow would say so."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.kernel.kernel import Kernel

CLASSES = '''
import asyncio, sys, time
import numpy as np
from gradwidgets import Playground
from gradwidgets.core.losses import MSELoss
from gradwidgets.core.nn import Linear, Sequential, Tanh
from gradwidgets.core.tensor import Tensor
from gradwidgets.engine.learner import guard
from gradwidgets.engine.training.trainer import Trainer

guard.GRACE = 0.05
here = None  # where the trap is

def spring(place):
    if place == here:
        trap()

class Model(Sequential):
    def forward(self, x):
        spring("forward")
        if len(x.data) > 100:
            spring("picture")
        return super().forward(x)

    def get_parameters(self):
        spring("get_parameters")
        return super().get_parameters()

class Result(Tensor):
    def backward(self, grad=None):
        self.creators[0].backward(Tensor(0 * self.data) if here == "backward" else grad)
        spring("backward")

class Loss(MSELoss):
    def forward(self, pred, target):
        spring("criterion")
        loss = super().forward(pred, target)
        return Result(loss.data, True, [loss], "the same")

class Descent:
    def __init__(self, parameters, rate):
        self.parameters, self.rate = parameters, rate
        self.velocity = [0 * parameter.data for parameter in parameters]

    @property
    def alpha(self):
        spring("alpha")
        return self.rate

    @alpha.setter
    def alpha(self, value):
        self.rate = value

    def step(self):
        for parameter, velocity in zip(self.parameters, self.velocity):
            velocity *= 0.5
            velocity += parameter.grad.data
            parameter.data -= self.rate * velocity
            spring("optimizer")
            parameter.grad.data[...] = 0

def objects():
    rng = np.random.default_rng(1)
    x = rng.normal(size=(20, 2))
    model = Model([Linear(2, 3, rng=rng), Tanh(), Linear(3, 1, rng=rng)])
    return dict(model=model, criterion=Loss(), optimizer=Descent(model.get_parameters(), 0.01),
                data=Tensor(x, autograd=True), target=Tensor(x[:, :1] * x[:, 1:], autograd=True))
'''


@pytest.fixture(scope="module")
def kernel() -> Iterator[Kernel]:
    kernel = Kernel()
    try:
        kernel.run(CLASSES)
        yield kernel
    finally:
        kernel.close()
