"""The material of the bug hunt: a framework with ten bugs that real textbook code has had.

The number in the name of a tensor class tells how many bugs are left in it. Each class mends two or
three of those in the one above.
"""

from __future__ import annotations

import itertools

import numpy as np

numbers = itertools.count()


class Tensor_Bugs8:
    """A tensor as in step 10 of the course, with eight bugs.

    For every operation `name` there is a method `name_backward`, which is given the gradient of the
    result and returns one gradient for each creator.
    """

    def __init__(self, data, autograd=False, creators=None, creation_op=None):
        self.autograd = autograd
        self.data = self.stored(data)
        self.id = self.next_id()
        self.creators = creators
        self.creation_op = creation_op
        self.grad = None
        self.children = {}
        for creator in creators or []:
            creator.children[self.id] = creator.children.get(self.id, 0) + 1

    def stored(self, data):
        return np.array(data)

    def next_id(self):
        return np.random.randint(0, 100_000)

    def backward(self, grad, grad_origin=None):
        if self.take(grad, grad_origin):
            self.hand_on()

    def take(self, grad, grad_origin):
        """Add a gradient to those that are there; return whether it is time to hand them on."""
        if not self.autograd:
            return False
        if grad_origin is not None:
            if self.children.get(grad_origin.id, 0) == 0:
                raise RuntimeError("cannot backprop more than once")
            self.children[grad_origin.id] -= 1
        if self.grad is None:
            self.grad = grad
        else:
            self.grad = type(self)(self.grad.data + grad.data)
        return grad_origin is None or all(count == 0 for count in self.children.values())

    def hand_on(self):
        for creator, grad in self.parts():
            if self.creation_op in ("add", "sub", "mul"):
                creator.backward(grad, self)
            else:
                creator.backward(grad)

    def parts(self):
        """Return a list of pairs: each creator, and the gradient that it is to get."""
        if self.creators is None:
            return []
        rule = getattr(self, self.creation_op.split("_")[0] + "_backward")
        return list(zip(self.creators, rule(self.grad)))

    def result(self, data, creators, creation_op):
        if all(creator.autograd for creator in creators):
            return type(self)(data, True, creators, creation_op)
        return type(self)(data)

    def dim(self):
        return int(self.creation_op.split("_")[1])

    def __add__(self, other):
        return self.result(self.data + other.data, [self, other], "add")

    def add_backward(self, grad):
        return [grad, grad]

    def __neg__(self):
        return self.result(-self.data, [self], "neg")

    def neg_backward(self, grad):
        return [type(self)(-grad.data)]

    def __sub__(self, other):
        return self.result(self.data - other.data, [self, other], "sub")

    def sub_backward(self, grad):
        return [type(self)(grad.data), type(self)(-grad.data)]

    def __mul__(self, other):
        return self.result(self.data * other.data, [self, other], "mul")

    def mul_backward(self, grad):
        x, y = self.creators
        return [type(self)(grad.data * y.data), type(self)(grad.data * x.data)]

    def sum(self, dim):
        return self.result(self.data.sum(dim), [self], f"sum_{dim}")

    def sum_backward(self, grad):
        copies = self.creators[0].data.shape[self.dim()]
        spread = np.repeat(np.expand_dims(grad.data, self.dim()), copies, self.dim())
        return [type(self)(spread)]

    def expand(self, dim, copies):
        data = np.repeat(np.expand_dims(self.data, dim), copies, dim)
        return self.result(data, [self], f"expand_{dim}")

    def expand_backward(self, grad):
        return [type(self)(grad.data.sum(self.dim()))]

    def transpose(self):
        return self.result(self.data.transpose(), [self], "transpose")

    def transpose_backward(self, grad):
        return [type(self)(grad.data.transpose())]

    def mm(self, other):
        return self.result(self.data @ other.data, [self, other], "mm")

    def mm_backward(self, grad):
        x, y = self.creators
        return [type(self)(grad.data @ y.data.T), type(self)(x.data.T @ grad.data)]

    def tanh(self):
        return self.result(np.tanh(self.data), [self], "tanh")

    def tanh_backward(self, grad):
        return [type(self)(grad.data * (1 - self.data**2))]

    def sigmoid(self):
        values = 1 / (1 + np.exp(-self.data))
        if self.autograd:
            return self.result(values, [self], "sigmoid")
        return Tensr(values)  # noqa: F821 (one of the bugs)

    def sigmoid_backward(self, grad):
        return [type(self)(grad.data * self.data * (1 - self.data))]

    def __repr__(self):
        return repr(self.data)

    def __str__(self):
        return str(self.data)


class Tensor_Bugs6(Tensor_Bugs8):
    """Hands each gradient on with its origin, and as an object of its own."""

    def hand_on(self):
        for creator, grad in self.parts():
            creator.backward(type(self)(grad.data), self)


class Tensor_Bugs4(Tensor_Bugs6):
    """Holds floats where it can be moved, and is numbered by a counter."""

    def stored(self, data):
        return np.array(data, dtype=float) if self.autograd else np.array(data)

    def next_id(self):
        return next(numbers)


class Tensor_Bugs1(Tensor_Bugs4):
    """Keeps the graph where one side has autograd, and has a sigmoid for every number."""

    def result(self, data, creators, creation_op):
        if any(creator.autograd for creator in creators):
            return type(self)(data, True, creators, creation_op)
        return type(self)(data)

    def sigmoid(self):
        return self.result((1 + np.tanh(self.data / 2)) / 2, [self], "sigmoid")


class Tensor_Bugs0(Tensor_Bugs1):
    """Goes back through a graph of any depth."""

    def backward(self, grad):
        waiting = [(self, grad, None)]
        while waiting:
            tensor, grad, origin = waiting.pop()
            if tensor.take(grad, origin):
                for creator, part in tensor.parts():
                    waiting.append((creator, type(self)(part.data), tensor))


class SGD_Bug:
    """An optimizer with one bug."""

    def __init__(self, parameters, alpha=0.1):
        self.parameters = parameters
        self.alpha = alpha

    def zero(self):
        for parameter in self.parameters:
            parameter.grad.data *= 0

    def step(self, zero=True):
        for parameter in self.parameters:
            parameter.data -= self.alpha * parameter.grad.data
            if zero:
                parameter.grad.data *= 0


class Sequential_Bug:
    """A list of layers with one bug."""

    def __init__(self, layers=[]):
        self.layers = layers

    def add(self, layer):
        self.layers.append(layer)

    def forward(self, input):
        for layer in self.layers:
            input = layer.forward(input)
        return input


class Sequential_Mended(Sequential_Bug):
    """A list of layers of its own."""

    def __init__(self, layers=None):
        self.layers = list(layers or [])
