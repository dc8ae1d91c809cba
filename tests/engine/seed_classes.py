"""Five tensor classes as a course grows them, with the faults they have on the way.

Each behaves as the class of that stage does: what it stores, in which order it calls whom, with
what it forgets to pass on.

===== ============================================================================================
First    addition of numbers, no gradients at all
Calls    ``add`` alone; every gradient replaces the one before; methods tell that they are used
Counts   children are counted; a sum gives one gradient object to both of its parents
More     neg, sub, mul, mm, transpose, sum, expand; most call ``backward`` without saying who calls
Curves   tanh and sigmoid too; sigmoid without autograd fails with a NameError
===== ============================================================================================
"""
from __future__ import annotations

import numpy as np


class First:
    """Addition, and nothing that a backward pass could use."""

    def __init__(self, data):
        self.data = np.array(data)

    def __add__(self, other):
        return First(self.data + other.data)

    def __repr__(self):
        return repr(self.data)


def telling(method):
    """Print the name of the method whenever it is called, as long as its tensor wants that."""
    def told(self, *args, **kwargs):
        if self.verbose:
            print("Using method", method.__name__)
        return method(self, *args, **kwargs)
    return told


class Calls:
    """Knows its creators, and overwrites its gradient with each that arrives."""

    def __init__(self, data, creators=None, creation_op=None, verbose=True):
        self.data = np.array(data)
        self.creators, self.creation_op = creators, creation_op
        self.grad = None
        self.verbose = verbose

    @telling
    def backward(self, grad):
        self.grad = grad
        if self.creation_op == "add":
            self.creators[0].backward(grad)
            self.creators[1].backward(grad)

    @telling
    def __add__(self, other):
        return Calls(self.data + other.data, [self, other], "add")

    @telling
    def __repr__(self):
        return repr(self.data)


class Counts:
    """Counts the gradients it still waits for; hands one gradient object to both parents."""

    rules = {"add"}

    def __init__(self, data, autograd=False, creators=None, creation_op=None, id=None):
        self.data = np.array(data)
        self.autograd, self.creators, self.creation_op = autograd, creators, creation_op
        self.grad = None
        self.children = {}
        self.id = np.random.randint(0, 100000) if id is None else id
        for creator in creators or ():
            creator.children[self.id] = creator.children.get(self.id, 0) + 1

    def _made(self, data, op, *creators):
        if all(tensor.autograd for tensor in creators):
            return type(self)(data, autograd=True, creators=list(creators), creation_op=op)
        return type(self)(data)

    def all_children_grads_accounted_for(self):
        return not any(self.children.values())

    def backward(self, grad=None, grad_origin=None):
        if not self.autograd:
            return
        if grad_origin is not None:
            if self.children[grad_origin.id] == 0:
                raise Exception("cannot backprop more than once")
            self.children[grad_origin.id] -= 1
        if self.grad is None:
            self.grad = grad
        else:
            self.grad += grad
        complete = self.all_children_grads_accounted_for() or grad_origin is None
        if self.creators is not None and complete:
            op, _, dim = self.creation_op.partition("_")
            if op in self.rules:
                getattr(self, f"_{op}_back")(*self.creators, *([int(dim)] if dim else []))

    def _add_back(self, a, b):
        a.backward(self.grad, self)
        b.backward(self.grad, self)

    def __add__(self, other):
        return self._made(self.data + other.data, "add", self, other)

    def __repr__(self):
        return repr(self.data)


class More(Counts):
    """Has what a linear layer needs; all but add, sub and mul call without saying who calls."""

    rules = {"add", "neg", "sub", "mul", "mm", "transpose", "sum", "expand"}

    def _neg_back(self, x):
        x.backward(-self.grad)

    def _sub_back(self, a, b):
        a.backward(type(self)(self.grad.data), self)
        b.backward(type(self)((-self.grad).data), self)

    def _mul_back(self, a, b):
        a.backward(self.grad * b, self)
        b.backward(self.grad * a, self)

    def _mm_back(self, a, b):
        a.backward(self.grad.mm(b.transpose()))
        b.backward(self.grad.transpose().mm(a).transpose())

    def _transpose_back(self, x):
        x.backward(self.grad.transpose())

    def _sum_back(self, x, dim):
        x.backward(self.grad.expand(dim, x.data.shape[dim]))

    def _expand_back(self, x, dim):
        x.backward(self.grad.sum(dim))

    def __neg__(self):
        return self._made(self.data * -1, "neg", self)

    def __sub__(self, other):
        return self._made(self.data - other.data, "sub", self, other)

    def __mul__(self, other):
        return self._made(self.data * other.data, "mul", self, other)

    def mm(self, other):
        data = self.data.dot(other.data)
        # Whether the other one takes a gradient is not asked.
        return type(self)(data, True, [self, other], "mm") if self.autograd else type(self)(data)

    def transpose(self):
        return self._made(self.data.transpose(), "transpose", self)

    def sum(self, dim):
        return self._made(self.data.sum(dim), f"sum_{dim}", self)

    def expand(self, dim, copies):
        data = np.stack([self.data] * copies, axis=dim)
        return self._made(data, f"expand_{dim}", self)


class Curves(More):
    """Adds the curves between layers, with the same early hand-on."""

    rules = More.rules | {"tanh", "sigmoid"}

    def _one(self):
        return type(self)(np.ones_like(self.grad.data))

    def _tanh_back(self, x):
        x.backward(self.grad * (self._one() - self * self))

    def _sigmoid_back(self, x):
        x.backward(self.grad * (self * (self._one() - self)))

    def tanh(self):
        return self._made(np.tanh(self.data), "tanh", self)

    def sigmoid(self):
        if not self.autograd:
            raise NameError("name 'Curves1' is not defined")
        return self._made(1 / (1 + np.exp(-self.data)), "sigmoid", self)
