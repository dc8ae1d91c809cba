"""Step 3: a tensor that may be used several times: it adds its gradients up, and waits for all."""

from __future__ import annotations

import itertools

import numpy as np

numbers = itertools.count()


class Tensor_V3:
    """Counts its children, and hands its gradient on when each of them has sent theirs."""

    def __init__(self, data, autograd=False, creators=None, creation_op=None):
        self.data = np.array(data)
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
        if self.creation_op == "add":
            self.creators[0].backward(self.grad, self)
            self.creators[1].backward(self.grad, self)

    def __add__(self, other):
        if self.autograd or other.autograd:
            return type(self)(self.data + other.data, True, [self, other], "add")
        return type(self)(self.data + other.data)

    def __repr__(self):
        return repr(self.data)

    def __str__(self):
        return str(self.data)
