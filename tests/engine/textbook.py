"""A learner's framework: tensors that know their children, and wait for all of their gradients.

It behaves as textbook code does: random ids from NumPy's global state, a result that forgets its
creators unless all have autograd, no casting, no broadcasting, no train or eval mode, `backward`
with a gradient of its own class. It is compact, and wrong in the textbook's ways where that
does not matter for training.
"""
from __future__ import annotations

import numpy as np


class TextbookTensor:
    def __init__(self, data, autograd=False, creators=None, creation_op=None, id=None):
        self.data = np.array(data)
        self.autograd, self.creators, self.creation_op = autograd, creators, creation_op
        self.grad = None
        self.children = {}
        self.id = np.random.randint(0, 100000) if id is None else id
        for creator in creators or ():
            creator.children[self.id] = creator.children.get(self.id, 0) + 1

    def _make(self, data, op, *others):
        if all(tensor.autograd for tensor in (self, *others)):
            return TextbookTensor(data, True, [self, *others], op)
        return TextbookTensor(data)

    def backward(self, grad=None, grad_origin=None):
        if not self.autograd:
            return
        if grad_origin is not None:
            if self.children[grad_origin.id] == 0:
                raise RuntimeError("this child has sent its gradient already")
            self.children[grad_origin.id] -= 1
        self.grad = grad if self.grad is None else self.grad + grad
        waiting = any(self.children.values()) and grad_origin is not None
        if self.creators is not None and not waiting:
            self._hand_on(self.grad)

    def _hand_on(self, grad):
        op, _, dim = self.creation_op.partition("_")
        made_of = self.creators
        one = TextbookTensor(np.ones_like(grad.data))
        if op == "add":
            made_of[0].backward(grad, self)
            made_of[1].backward(grad, self)
        elif op == "sub":
            made_of[0].backward(TextbookTensor(grad.data), self)
            made_of[1].backward(TextbookTensor(-grad.data), self)
        elif op == "mul":
            made_of[0].backward(grad * made_of[1], self)
            made_of[1].backward(grad * made_of[0], self)
        elif op == "mm":
            made_of[0].backward(grad.mm(made_of[1].transpose()))
            made_of[1].backward(grad.transpose().mm(made_of[0]).transpose())
        elif op == "sum":
            made_of[0].backward(grad.expand(int(dim), made_of[0].data.shape[int(dim)]))
        elif op == "expand":
            made_of[0].backward(grad.sum(int(dim)))
        elif op == "tanh":
            made_of[0].backward(grad * (one - self * self))
        elif op == "sigmoid":
            made_of[0].backward(grad * (self * (one - self)))
        elif op == "relu":
            made_of[0].backward(TextbookTensor(grad.data * (self.data > 0)))

    def __add__(self, other):
        return self._make(self.data + other.data, "add", other)

    def __sub__(self, other):
        return self._make(self.data - other.data, "sub", other)

    def __mul__(self, other):
        return self._make(self.data * other.data, "mul", other)

    def mm(self, other):
        return self._make(self.data.dot(other.data), "mm", other)

    def transpose(self):
        return self._make(self.data.transpose(), "transpose")

    def sum(self, dim):
        return self._make(self.data.sum(dim), f"sum_{dim}")

    def expand(self, dim, copies):
        return self._make(np.stack([self.data] * copies, axis=dim), f"expand_{dim}")

    def tanh(self):
        return self._make(np.tanh(self.data), "tanh")

    def relu(self):
        return self._make(np.maximum(self.data, 0), "relu")

    def sigmoid(self):
        if not self.autograd:
            raise NameError("name 'TextbookTensr' is not defined")  # as a textbook had it
        return self._make(1 / (1 + np.exp(-self.data)), "sigmoid")


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
