"""A learner's tensor class that is right, and a family of classes with one mistake each.

`Learner` counts who used it, waits for all of their gradients, adds them up, and hands on what its
rules say. A mistake is a subclass that changes one of these things.
"""
from __future__ import annotations

import numpy as np


class Learner:
    """A tensor with array gradients, broadcasting, and a recursive backward that is right."""

    def __init__(self, data, creators=None, creation_op=None):
        self.data = np.array(data, dtype=float)
        self.creators, self.creation_op = creators, creation_op
        self.grad = None
        self.children = {}
        for creator in creators or ():
            creator.children[id(self)] = creator.children.get(id(self), 0) + 1

    # -- the backward pass -------------------------------------------------------------------

    def backward(self, grad=None, sender=None):
        grad = np.ones_like(self.data) if grad is None else np.asarray(grad, dtype=float)
        if sender is not None:
            self.children[id(sender)] -= 1
        self.receive(grad)
        if self.creators is not None and self.complete(sender):
            self.hand_on()

    def receive(self, grad):
        self.grad = grad.copy() if self.grad is None else self.grad + grad

    def complete(self, sender):
        return sender is None or not any(self.children.values())

    def hand_on(self):
        op, *args = self.creation_op.split("_")
        handed = getattr(self, f"back_{op}")(self.grad, *self.creators, *map(int, args))
        handed = handed if isinstance(handed, tuple) else (handed,)
        for creator, grad in zip(self.creators, handed):
            if grad is not None:
                creator.backward(self.fit(grad, creator), self.sender(op))

    def sender(self, op):
        return self

    def fit(self, grad, creator):
        """Add up what broadcasting has repeated."""
        shape = creator.data.shape
        if self.creation_op not in ("add", "sub", "mul", "div"):
            return grad
        while grad.ndim > len(shape):
            grad = grad.sum(axis=0)
        for axis, size in enumerate(shape):
            if grad.shape[axis] != size:
                grad = grad.sum(axis=axis, keepdims=True)
        return grad

    # -- the rules ---------------------------------------------------------------------------

    def back_add(self, g, a, b):
        return g, g

    def back_sub(self, g, a, b):
        return g, -g

    def back_mul(self, g, a, b):
        return g * b.data, g * a.data

    def back_div(self, g, a, b):
        return g / b.data, -g * a.data / b.data ** 2

    def back_neg(self, g, x):
        return -g

    def back_mm(self, g, a, b):
        return g @ b.data.T, a.data.T @ g

    def back_transpose(self, g, x):
        return g.T

    def back_sum(self, g, x, dim):
        return np.expand_dims(g, dim) * np.ones_like(x.data)

    def back_mean(self, g, x, dim):
        return np.expand_dims(g, dim) * np.ones_like(x.data) / x.data.shape[dim]

    def back_expand(self, g, x, dim):
        return g.sum(axis=dim)

    def back_tanh(self, g, x):
        return g * (1 - self.data ** 2)

    def back_sigmoid(self, g, x):
        return g * self.data * (1 - self.data)

    def back_relu(self, g, x):
        return g * (x.data > 0)

    def back_exp(self, g, x):
        return g * self.data

    def back_log(self, g, x):
        return g / x.data

    def back_pow(self, g, x, n):
        return g * n * x.data ** (n - 1)

    # -- the forward pass --------------------------------------------------------------------

    def made(self, data, op, *others):
        return type(self)(data, [self, *others], op)

    def __add__(self, other):
        return self.made(self.data + other.data, "add", other)

    def __sub__(self, other):
        return self.made(self.data - other.data, "sub", other)

    def __mul__(self, other):
        return self.made(self.data * other.data, "mul", other)

    def __truediv__(self, other):
        return self.made(self.data / other.data, "div", other)

    def __neg__(self):
        return self.made(-self.data, "neg")

    def mm(self, other):
        return self.made(self.data @ other.data, "mm", other)

    def transpose(self):
        return self.made(self.data.T, "transpose")

    def sum(self, dim):
        return self.made(self.data.sum(dim), f"sum_{dim}")

    def mean(self, dim):
        return self.made(self.data.mean(dim), f"mean_{dim}")

    def expand(self, dim, copies):
        return self.made(np.stack([self.data] * copies, axis=dim), f"expand_{dim}")

    def tanh(self):
        return self.made(np.tanh(self.data), "tanh")

    def sigmoid(self):
        return self.made(1 / (1 + np.exp(-self.data)), "sigmoid")

    def relu(self):
        return self.made(np.maximum(self.data, 0), "relu")

    def exp(self):
        return self.made(np.exp(self.data), "exp")

    def log(self):
        return self.made(np.log(self.data), "log")

    def pow(self, n):
        return self.made(self.data ** n, f"pow_{n}")


# -- mistakes in the bookkeeping -----------------------------------------------------------------


def early(*ops):
    """Return a class that hands on from some operations without saying who is sending.

    Whoever receives such a gradient hands it on at once, since it cannot be counted.
    """
    class Early(Learner):
        def sender(self, op):
            return None if op in ops else self
    return Early


class Impatient(Learner):
    """Hands on with every gradient that arrives, each time all it has so far."""

    def complete(self, sender):
        return True


class Overwriting(Learner):
    """``=`` for ``+=``."""

    def receive(self, grad):
        self.grad = grad.copy()


class Sharing(Learner):
    """Keeps the array it is given, and adds to it in place."""

    def receive(self, grad):
        if self.grad is None:
            self.grad = grad
        else:
            self.grad += grad


class Handing(Learner):
    """Keeps the array it is given, and adds properly."""

    def receive(self, grad):
        self.grad = grad if self.grad is None else self.grad + grad


class Doubling(Learner):
    """Stores the first gradient, and then adds it to itself."""

    def receive(self, grad):
        if self.grad is None:
            self.grad = grad.copy()
        self.grad = self.grad + grad


class Forgetful(Learner):
    """Stores no gradient in a leaf."""

    def receive(self, grad):
        if self.creators is not None:
            super().receive(grad)


class Unsummed(Learner):
    """Forgets that broadcasting has repeated something."""

    def fit(self, grad, creator):
        return grad


class Averaging(Learner):
    """Takes the mean over what broadcasting has repeated."""

    def fit(self, grad, creator):
        if grad.shape == creator.data.shape:
            return grad
        return super().fit(grad, creator) * creator.data.size / grad.size


class FirstRow(Learner):
    """Takes the first row of what broadcasting has repeated."""

    def fit(self, grad, creator):
        return grad[0] if grad.ndim > creator.data.ndim else grad


class Sideways(Learner):
    """Adds up over the other dimension."""

    def fit(self, grad, creator):
        return grad.sum(axis=1) if grad.ndim > creator.data.ndim else grad


def wrong(**rules):
    """Return a class in which some rules are others: ``wrong(neg=lambda self, g, x: g)``."""
    return type("Wrong", (Learner,), {f"back_{op}": rule for op, rule in rules.items()})


# -- the other usual way -------------------------------------------------------------------------


class Topological(Learner):
    """Sorts the graph first, and then adds to every creator's gradient in place."""

    def backward(self, grad=None):
        order = self.ordered()
        for tensor in order:
            tensor.grad = np.zeros_like(tensor.data)
        self.grad += 1 if grad is None else grad
        for tensor in reversed(order):
            if tensor.creators is not None:
                tensor.hand_on()

    def ordered(self):
        order, seen = [], set()

        def visit(tensor):
            if id(tensor) not in seen:
                seen.add(id(tensor))
                for creator in tensor.creators or ():
                    visit(creator)
                order.append(tensor)

        visit(self)
        return order

    def hand_on(self):
        op, *args = self.creation_op.split("_")
        handed = getattr(self, f"back_{op}")(self.grad, *self.creators, *map(int, args))
        handed = handed if isinstance(handed, tuple) else (handed,)
        for creator, grad in zip(self.creators, handed):
            if grad is not None:
                self.deliver(creator, self.fit(grad, creator))

    def deliver(self, creator, grad):
        creator.grad += grad


class BreadthFirst(Topological):
    """Takes the tensors in the order in which they are met from the result on."""

    def ordered(self):
        order = [self]
        for tensor in order:
            order += [creator for creator in dict.fromkeys(tensor.creators or ())
                      if all(creator is not other for other in order)]
        return order[::-1]


class TwiceVisited(Topological):
    """Does not look whether a tensor has had its turn already."""

    def ordered(self):
        order = []

        def visit(tensor):
            for creator in tensor.creators or ():
                visit(creator)
            order.append(tensor)

        visit(self)
        return order


class Assigning(Topological):
    """``=`` for ``+=``."""

    def deliver(self, creator, grad):
        creator.grad = grad.copy()


class Once(Topological):
    """Goes over a set of creators, in which a tensor that is there twice is there once."""

    def hand_on(self):
        made_of = self.creators
        op, *args = self.creation_op.split("_")
        handed = getattr(self, f"back_{op}")(self.grad, *made_of, *map(int, args))
        handed = handed if isinstance(handed, tuple) else (handed,)
        for creator, grad in {id(creator): (creator, grad)
                              for creator, grad in zip(made_of, handed)}.values():
            self.deliver(creator, self.fit(grad, creator))
