"""Step 2: a tensor that knows what it was made of, and sends a gradient back there."""

from __future__ import annotations

import numpy as np


class Tensor_V1:
    """Remembers its creators; a gradient that arrives is handed on to them."""

    def __init__(self, data, creators=None, creation_op=None):
        self.data = np.array(data)
        self.creators = creators
        self.creation_op = creation_op
        self.grad = None

    def backward(self, grad):
        self.grad = grad
        if self.creation_op == "add":
            self.creators[0].backward(grad)
            self.creators[1].backward(grad)

    def __add__(self, other):
        return type(self)(self.data + other.data, [self, other], "add")

    def __repr__(self):
        return repr(self.data)

    def __str__(self):
        return str(self.data)
