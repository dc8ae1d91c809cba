"""The framework: tensors with gradients, layers, losses and optimizers. It needs NumPy alone."""

from __future__ import annotations

from gradwidgets.core.gradcheck import gradcheck
from gradwidgets.core.losses import BCELoss, CrossEntropyLoss, MSELoss
from gradwidgets.core.nn import (
    Dropout,
    Layer,
    LeakyReLU,
    Linear,
    ReLU,
    Sequential,
    Sigmoid,
    Softmax,
    Tanh,
)
from gradwidgets.core.optim import SGD, Adam, Momentum, RMSProp
from gradwidgets.core.tensor import Tensor

__all__ = [
    "Tensor", "Layer", "Linear", "Sequential", "Tanh", "Sigmoid", "ReLU", "LeakyReLU", "Softmax",
    "Dropout", "MSELoss", "BCELoss", "CrossEntropyLoss", "SGD", "Momentum", "RMSProp", "Adam",
    "gradcheck",
]  # fmt: skip
