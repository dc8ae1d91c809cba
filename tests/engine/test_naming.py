"""A graph's tensors get the names that a notebook has for them."""
from __future__ import annotations

import math
import weakref
from types import SimpleNamespace
from unittest.mock import MagicMock

import numpy as np
import pytest

from gradwidgets.core import SGD, Linear, MSELoss, Sequential, Sigmoid, Tanh, Tensor
from gradwidgets.engine.experiment.spec import Spec
from gradwidgets.engine.graph.names import Names, find_names, parameter_paths
from gradwidgets.engine.graph.snapshot import snapshot
from gradwidgets.engine.training.trainer import Trainer


def network():
    data = Tensor([[0, 0], [0, 1], [1, 0], [1, 1]])
    target = Tensor([[0], [1], [0], [1]])
    model = Sequential([Linear(2, 3), Tanh(), Linear(3, 1), Sigmoid()])
    return model, data, target, MSELoss()(model(data), target)


def shown(namespace, root) -> list:
    """Return what each node is called when it is shown with the names found."""
    found = find_names(namespace, root)
    return [node.name for node in snapshot(root, found.names, found.groups, found.parameters,
                                           found.paths).nodes]


def test_variables_and_layers_give_the_names() -> None:
    model, data, target, loss = network()
    found = find_names({"model": model, "data": data, "target": target, "loss": loss}, loss)
    nodes = snapshot(loss, found.names, found.groups, found.parameters, found.paths).nodes
    assert [(node.name, node.path, node.group, node.kind) for node in nodes if node.name] == [
        ("data", None, None, "input"),
        ("Layer 1 weight", "0.weight", "Layer 1", "parameter"),
        ("Layer 1 bias", "0.bias", "Layer 1", "parameter"),
        ("Layer 2 weight", "2.weight", "Output", "parameter"),
        ("Layer 2 bias", "2.bias", "Output", "parameter"),
        ("target", None, "Loss", "input"),
        ("loss", None, "Loss", "result"),
    ]
    assert [node.group for node in nodes].count("Loss") == 4


def test_the_variables_own_name_wins_over_the_layers() -> None:
    model, *_, loss = network()
    weight = model.layers[0].weight
    assert find_names({"model": model, "w": weight}, loss).paths["0.weight"] is weight
    assert shown({"model": model, "w": weight}, loss)[1] == "w"


@pytest.mark.parametrize("variables, name", [
    (["long_name", "x"], "x"),
    (["b", "a"], "b"),
    (["_", "_1", "__", "_i", "value"], "value"),
    (["In", "Out", "value"], "value"),
    (["_secret"], None),
    ([], None),
    (["<img src=x onerror=alert(1)>"], "<img src=x onerror=alert(1)>"),
])
def test_a_short_name_wins_and_then_the_first(variables, name) -> None:
    x = Tensor([1.0])
    assert shown(dict.fromkeys(variables, x), x) == [name]


def test_tensors_of_other_graphs_give_no_names() -> None:
    model, data, target, loss = network()
    other = Sequential([Linear(2, 2), Tanh()])
    found = find_names({"other": other, "z": Tensor([1.0]), "data": data}, loss)
    assert (list(found.names), found.groups, found.paths, found.parameters) == (
        ["data"], {}, {}, [])


def test_lists_dictionaries_and_objects_give_names_too() -> None:
    a, b, c, d = [Tensor([float(value)], autograd=True) for value in range(4)]
    namespace = {"w": [a, "text"], "table": {"bias": b, 3: a, (1, 2): d},
                 "layer": SimpleNamespace(weight=c, _hidden=d), "pair": (1, d)}
    assert shown(namespace, a + b + c + d) == [
        "w[0]", "table['bias']", None, "layer.weight", None, "pair[1]", None]


def test_endless_lists_are_not_searched() -> None:
    x = Tensor([1.0])
    assert shown({"rows": [x] * 1001}, x) == [None]
    assert shown({"rows": [x] * 1000}, x) == ["rows[0]"]


def test_an_optimizer_tells_what_is_trained() -> None:
    data, w = Tensor([[1.0]], autograd=True), Tensor([[2.0]], autograd=True)
    y = data.mm(w)
    found = find_names({"sgd": SGD([w])}, y)
    assert found.parameters == [w]
    assert [node.kind for node in snapshot(y, parameters=found.parameters).nodes] == [
        "input", "parameter", "result"]


def test_two_models_in_one_graph_are_told_apart() -> None:
    one, two = Sequential([Linear(1, 1)]), Sequential([Tanh(), Linear(1, 1)])
    root = two(one(Tensor([[1.0]])))
    found = find_names({"one": one, "two": two, "again": one}, root)
    assert list(found.names) == ["one: Layer 1 weight", "one: Layer 1 bias",
                                 "two: Layer 1 weight", "two: Layer 1 bias"]
    assert list(found.groups) == ["one: Output", "two: Output"]
    assert list(found.paths) == ["one.0.weight", "one.0.bias", "two.1.weight", "two.1.bias"]
    assert len(found.parameters) == 4


def test_constants_in_the_model_do_not_begin_the_loss() -> None:
    model = Sequential([Linear(2, 1)])
    x, t = Tensor([[1.0, 2.0]]), Tensor([[1.0], [2.0]])
    root = ((model(x) * 2 - t) * 3).sum()
    assert find_names({"model": model, "x": x}, root).groups["Loss"] == [t]
    assert "Loss" not in find_names({"model": model, "x": x}, model(x).sum()).groups


class Explosive:
    """Raises whatever one asks of it."""

    def __getattr__(self, name):
        raise RuntimeError(name)

    def __eq__(self, other):
        raise ValueError("ambiguous")

    def __bool__(self):
        raise ValueError("ambiguous")

    __hash__ = None


class Property:
    @property
    def layers(self):
        raise OSError("not mounted")

    @property
    def parameters(self):
        raise KeyError("no")

    def get_parameters(self):
        return 5


class Slots:
    __slots__ = ("weight",)


class Vanished:
    pass


def dead_proxy():
    thing = Vanished()
    return weakref.proxy(thing)


class Recursive:
    def __init__(self):
        self.layers = [self]

    def get_parameters(self):
        return self.get_parameters()


ODD = {
    "raises whatever is asked": Explosive, "raising properties": Property, "slots": Slots,
    "a dead proxy": dead_proxy, "endless recursion": Recursive, "a mock": MagicMock,
    "a module": lambda: math, "our class": lambda: Tensor, "None": lambda: None,
    "a float": lambda: 1.5, "an array": lambda: np.zeros(3), "an empty dict": dict,
    "an empty list": list, "a set": lambda: {1, 2}, "an iterator": lambda: iter([1]),
    "a function": lambda: shown,
}


@pytest.mark.parametrize("make", ODD.values(), ids=ODD)
def test_odd_objects_among_the_variables_do_no_harm(make) -> None:
    odd = make()
    model, data, target, loss = network()
    namespace = {"odd": odd, "model": model, "data": data, "list": [odd, odd], "o": {"k": odd}}
    names = shown(namespace, loss)
    assert names[0] == "data" and names[1] == "Layer 1 weight"


@pytest.mark.parametrize("namespace", [None, 5, {3: Tensor([1.0]), None: 2}, [("x", 1)]])
def test_a_namespace_that_is_none_gives_no_names(namespace) -> None:
    found = find_names(namespace, Tensor([1.0]))
    assert isinstance(found, Names) and found.names == {}


def test_paths_are_written_as_pytorch_writes_them() -> None:
    inner = Sequential([Linear(2, 2), Tanh()])
    model = Sequential([Tanh(), inner, Linear(2, 1)])
    paths = parameter_paths(model)
    assert list(paths) == ["1.0.weight", "1.0.bias", "2.weight", "2.bias"]
    assert paths["2.weight"] is model.layers[2].weight
    assert list(parameter_paths(Linear(1, 1))) == ["weight", "bias"]


def test_the_trainers_graphs_carry_paths() -> None:
    trainer = Trainer(Spec(data="xor"))
    trainer.step(capture=True)
    paths = {node.name: node.path for node in trainer.last_step.graph.nodes if node.path}
    assert paths == {"Layer 1 weight": "0.weight", "Layer 1 bias": "0.bias",
                     "Layer 2 weight": "2.weight", "Layer 2 bias": "2.bias"}
    preview = {node.path for node in trainer.preview().graph.nodes} - {None}
    assert preview == set(paths.values())
