"""What a model's tensors are called, also where its parameters stand in a dictionary."""
from __future__ import annotations

from types import SimpleNamespace

from gradwidgets.core import Linear, Sequential, Tensor
from gradwidgets.engine.graph.names import name_parameters, parameters_of


def test_layers_count_from_1_and_the_last_is_the_output():
    model = Sequential([Linear(2, 3), Linear(3, 1)])
    first, last = model.layers
    names, groups = name_parameters(model, model.get_parameters())
    assert names == {"Layer 1 weight": first.weight, "Layer 1 bias": first.bias,
                     "Layer 2 weight": last.weight, "Layer 2 bias": last.bias}
    assert groups == {"Layer 1": [first.weight, first.bias], "Output": [last.weight, last.bias]}


def test_a_model_that_is_one_layer_is_called_like_a_layer():
    model = Linear(2, 1)
    names, groups = name_parameters(model, model.get_parameters())
    assert names == {"Layer 1 weight": model.weight, "Layer 1 bias": model.bias}
    assert groups == {"Output": [model.weight, model.bias]}


def test_parameters_in_a_dictionary_are_its_values():
    w, b = Tensor([1.0], autograd=True), Tensor([0.0], autograd=True)
    table = {"w": w, "b": b}
    for model in (SimpleNamespace(parameters=table), SimpleNamespace(parameters=lambda: table),
                  SimpleNamespace(get_parameters=lambda: table)):
        assert parameters_of(model) == [w, b]
    assert parameters_of(SimpleNamespace(parameters={}), SimpleNamespace(parameters=[w])) == [w]


def test_without_layers_parameters_are_numbered():
    w, b = Tensor([1.0], autograd=True), Tensor([0.0], autograd=True)
    model = SimpleNamespace(parameters={"w": w, "b": b})
    names, groups = name_parameters(model, parameters_of(model))
    assert names == {"parameter 1": w, "parameter 2": b} and groups == {}
