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

    def backward(self, grad, grad_origin=None):
        if not self.autograd:
            return
        if grad_origin is not None:
            if self.children[grad_origin.id] == 0:
                raise RuntimeError("cannot backprop more than once")
            self.children[grad_origin.id] -= 1
        if self.grad is None:
            self.grad = type(self)(grad.data)
        else:
            self.grad = type(self)(self.grad.data + grad.data)
        if grad_origin is None or self.all_children_grads_accounted_for():
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
