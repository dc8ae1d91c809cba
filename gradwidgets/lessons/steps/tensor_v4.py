"""Step 4: more operations, each of them one method, and one rule for its gradient."""

from __future__ import annotations

import itertools

import numpy as np

numbers = itertools.count()


class Tensor_V4:
    """Knows addition, negation, differences, products, sums, copies, transposes.

    An operation `name` is a method that computes, and a method `name_backward` that is given the
    gradient of the result, an array, and returns one gradient for each creator.
    """

    def __init__(self, data, autograd=False, creators=None, creation_op=None):
        self.data = np.array(data, dtype=float) if autograd else np.array(data)
        self.autograd = autograd
        self.creators = creators
        self.creation_op = creation_op
        self.grad = None
        self.id = next(numbers)
        self.children = {}
        for creator in creators or []:
            creator.children[self.id] = creator.children.get(self.id, 0) + 1

    def all_children_grads_accounted_for(self):
        return all(count == 0 for count in self.children.values())

    def backward(self, grad=None, grad_origin=None):
        if not self.autograd:
            return
        if grad is None:
            grad = type(self)(np.ones_like(self.data))
        if grad_origin is not None:
            self.count_off(grad_origin)
        self.add_up(grad)
        if grad_origin is None or self.all_children_grads_accounted_for():
            self.children.clear()  # else a weight keeps those of every step
            self.hand_on()

    def count_off(self, child):
        if self.children.get(child.id, 0) == 0:
            raise RuntimeError("cannot backprop more than once")
        self.children[child.id] -= 1

    def add_up(self, grad):
        if self.grad is None:
            self.grad = type(self)(grad.data)
        else:
            self.grad = type(self)(self.grad.data + grad.data)

    def hand_on(self):
        if self.creators is None:
            return
        rule = getattr(self, self.creation_op.split("_")[0] + "_backward")
        for creator, grad in zip(self.creators, rule(self.grad.data)):
            creator.backward(type(self)(grad), self)

    def result(self, data, creators, creation_op):
        if any(creator.autograd for creator in creators):
            return type(self)(data, True, creators, creation_op)
        return type(self)(data)

    def dim(self):
        return int(self.creation_op.split("_")[1])

    def __add__(self, other):
        return self.result(self.data + other.data, [self, other], "add")

    def add_backward(self, grad):
        return grad, grad

    def __neg__(self):
        return self.result(-self.data, [self], "neg")

    def neg_backward(self, grad):
        return [-grad]

    def __sub__(self, other):
        return self.result(self.data - other.data, [self, other], "sub")

    def sub_backward(self, grad):
        return grad, -grad

    def __mul__(self, other):
        return self.result(self.data * other.data, [self, other], "mul")

    def mul_backward(self, grad):
        x, y = self.creators
        return grad * y.data, grad * x.data

    def sum(self, dim):
        return self.result(self.data.sum(dim), [self], f"sum_{dim}")

    def sum_backward(self, grad):
        copies = self.creators[0].data.shape[self.dim()]
        return [np.repeat(np.expand_dims(grad, self.dim()), copies, self.dim())]

    def expand(self, dim, copies):
        data = np.repeat(np.expand_dims(self.data, dim), copies, dim)
        return self.result(data, [self], f"expand_{dim}")

    def expand_backward(self, grad):
        return [grad.sum(self.dim())]

    def transpose(self):
        return self.result(self.data.transpose(), [self], "transpose")

    def transpose_backward(self, grad):
        return [grad.transpose()]

    def mm(self, other):
        return self.result(self.data @ other.data, [self, other], "mm")

    def mm_backward(self, grad):
        x, y = self.creators
        return grad @ y.data.transpose(), x.data.transpose() @ grad

    def __repr__(self):
        return repr(self.data)

    def __str__(self):
        return str(self.data)
