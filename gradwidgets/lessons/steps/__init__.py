"""The classes that grow in the course, as a learner could have written them, one file a step."""

from __future__ import annotations

from gradwidgets.lessons.steps.network import SGD, Layer, Linear, MSELoss, Sequential, Sigmoid, Tanh
from gradwidgets.lessons.steps.tensor_v0 import Tensor_V0
from gradwidgets.lessons.steps.tensor_v1 import Tensor_V1
from gradwidgets.lessons.steps.tensor_v3 import Tensor_V3
from gradwidgets.lessons.steps.tensor_v4 import Tensor_V4
from gradwidgets.lessons.steps.tensor_v5 import Tensor_V5

__all__ = [
    "SGD",
    "Layer",
    "Linear",
    "MSELoss",
    "Sequential",
    "Sigmoid",
    "Tanh",
    "Tensor_V0",
    "Tensor_V1",
    "Tensor_V3",
    "Tensor_V4",
    "Tensor_V5",
]
