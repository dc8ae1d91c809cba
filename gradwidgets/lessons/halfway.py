"""What learners have half-way between two steps, so that any exercise can be skipped."""

from __future__ import annotations

import itertools

import numpy as np

from gradwidgets.lessons.steps import Tensor_V0, Tensor_V1

numbers = itertools.count()


class TensorWithCreators(Tensor_V0):
    """Remembers its creators, and how it was made of them; it cannot send anything back yet."""

    def __init__(self, data, creators=None, creation_op=None):
        self.data = np.array(data)
        self.creators = creators
        self.creation_op = creation_op
        self.grad = None

    def __add__(self, other):
        return type(self)(self.data + other.data, [self, other], "add")


class AddsUp(Tensor_V1):
    """Adds its gradients up, and hands on each of them as soon as it has come."""

    def backward(self, grad):
        if self.grad is None:
            self.grad = type(self)(grad.data)
        else:
            self.grad = type(self)(self.grad.data + grad.data)
        if self.creation_op == "add":
            self.creators[0].backward(grad)
            self.creators[1].backward(grad)


class Numbered:
    """Has a number of its own, and says whether it wants a gradient."""

    def __init__(self, data, autograd=False, creators=None, creation_op=None):
        self.data = np.array(data)
        self.autograd = autograd
        self.creators = creators
        self.creation_op = creation_op
        self.grad = None
        self.id = next(numbers)

    def __add__(self, other):
        if self.autograd or other.autograd:
            return type(self)(self.data + other.data, True, [self, other], "add")
        return type(self)(self.data + other.data)

    def __repr__(self):
        return repr(self.data)

    def __str__(self):
        return str(self.data)


class Counting(Numbered):
    """Counts how many gradients each of its children still owes it."""

    def __init__(self, data, autograd=False, creators=None, creation_op=None):
        super().__init__(data, autograd, creators, creation_op)
        self.children = {}
        for creator in creators or []:
            creator.children[self.id] = creator.children.get(self.id, 0) + 1

    def all_children_grads_accounted_for(self):
        return all(count == 0 for count in self.children.values())
