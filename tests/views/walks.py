"""Graphs to walk through: the seed's step 10, the diamond, and some of every kind."""

from __future__ import annotations

import numpy as np

from gradwidgets.core import Tensor
from gradwidgets.engine.graph.snapshot import Graph, snapshot
from tests.views.support import Half


class SeedNetwork:
    """The network of the seed's step 10: 2-3-1, tanh then sigmoid, four rows, squared loss summed.

    Its target is the second input.
    """

    def __init__(self) -> None:
        random = np.random.default_rng(0)
        self.data = Tensor([[0.0, 0], [0, 1], [1, 0], [1, 1]], autograd=True)
        self.target = Tensor([[0.0], [1], [0], [1]], autograd=True)
        self.weight_1 = Tensor(random.normal(size=(2, 3)), autograd=True)
        self.bias_1 = Tensor(np.zeros(3), autograd=True)
        self.weight_2 = Tensor(random.normal(size=(3, 1)), autograd=True)
        self.bias_2 = Tensor(np.zeros(1), autograd=True)
        hidden = self._linear(self.data, self.weight_1, self.bias_1).tanh()
        self.pred = self._linear(hidden, self.weight_2, self.bias_2).sigmoid()
        self.loss = ((self.pred - self.target) * (self.pred - self.target)).sum(0)

    @staticmethod
    def _linear(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
        return x.mm(weight) + bias.expand(0, len(x.data))

    @property
    def graph(self) -> Graph:
        """The graph with the names that a learner gives, and layers."""
        names = {
            "data": self.data,
            "target": self.target,
            "pred": self.pred,
            "loss": self.loss,
            "Layer 1 weight": self.weight_1,
            "Layer 1 bias": self.bias_1,
            "Layer 2 weight": self.weight_2,
            "Layer 2 bias": self.bias_2,
        }
        groups = {
            "Layer 1": [self.weight_1, self.bias_1],
            "Output": [self.weight_2, self.bias_2],
            "Loss": [self.target],
        }
        return snapshot(self.loss, names=names, groups=groups)


def diamond() -> Graph:
    """Return h.sigmoid() * h, where h waits for two gradients."""
    h = Tensor([0.5, -1.0], autograd=True)
    return snapshot(h.sigmoid() * h, names={"h": h})


def chain(steps: int) -> Graph:
    """Return a graph with this many tensors in one chain, none of them named."""
    x = Tensor([0.5], autograd=True)
    for _ in range(steps):
        x = x.tanh()
    return snapshot(x)


def unknown() -> Graph:
    """Return a learner's graph in which one operation has no rule."""
    x = Half([1.0, 2.0])
    middle = Half([0.5, 0.7], x, creation_op="softplus")
    return snapshot(Half([1.5, 2.7], middle, x, creation_op="add"), names={"x": x})


def fields(stepper):
    """Return all control fields by name, whatever rows they stand in."""
    return _by_name(stepper._controls.fields)


def top_fields(stepper):
    """Return what stands between the controls and the picture, in the same way."""
    return _by_name(stepper._top.fields)


def _by_name(fields):
    found = {}
    waiting = list(fields)
    while waiting:
        field = waiting.pop()
        found[field["name"]] = field
        waiting += field.get("items", [])
    return found


def press(stepper, name, value=None):
    """Do what the page does when a control is used."""
    stepper._controls._receive(None, {"name": name, "value": value}, [])
