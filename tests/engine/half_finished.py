"""Tensor classes that are not done yet, or that answer strangely."""
from __future__ import annotations

import numpy as np


class Bare:
    """A half-finished tensor: it has what it is given, and nothing else."""

    def __init__(self, data=1.0, **attributes):
        if data is not None:
            self.data = np.array(data) if isinstance(data, (float, list)) else data
        self.__dict__.update(attributes)


class Raising:
    """A half-finished class whose properties raise when they are read."""

    data = np.ones(2)

    @property
    def grad(self):
        raise ZeroDivisionError("half-finished")

    @property
    def creators(self):
        raise KeyError("creators")

    def __getattr__(self, name):
        raise RuntimeError(name)


class Unreadable:
    """Nothing of it can be read."""

    @property
    def data(self):
        raise KeyError("data")

    grad = creators = creation_op = autograd = data


class Hostile(Bare):
    """A tensor whose special methods all fail, or answer for each entry."""

    def __bool__(self):
        raise ValueError

    __len__ = __iter__ = __repr__ = __hash__ = __array__ = __float__ = __bool__

    def __eq__(self, other):
        return np.array([True, False])


class Answering(Bare):
    """Answers None for whatever it has not."""

    def __getattr__(self, name):
        return None


class Inventing(Bare):
    """Makes up another tensor for whatever it has not."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Inventing(None)
