"""What the tensors of a model are called, counted as the model builder counts."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def parameters_of(model: Any, optimizer: Any = None) -> list[Any]:
    """Return the tensors that are trained: the model's, else those the optimizer holds."""
    for holder in (model, optimizer):
        for attribute in ("get_parameters", "parameters"):
            found = getattr(holder, attribute, None)
            if callable(found):
                found = found()
            if isinstance(found, Mapping):
                found = found.values()
            if found:
                return list(found)
    return []


def name_parameters(model: Any, parameters: list[Any]
                    ) -> tuple[dict[str, Any], dict[str, list[Any]]]:
    """Return names ("Layer 2 weight" -> tensor) and groups ("Layer 2" -> its tensors).

    Layers with parameters are counted from 1, and the last of them is the group "Output". A model
    without layers has its parameters numbered, and no groups.
    """
    layers = getattr(model, "layers", None)
    layers = layers if isinstance(layers, (list, tuple)) else ()
    owned = [(layer, parameters_of(layer)) for layer in layers]
    owned = [(layer, tensors) for layer, tensors in owned if tensors]
    names: dict[str, Any] = {}
    groups: dict[str, list[Any]] = {}
    for number, (layer, tensors) in enumerate(owned, start=1):
        groups["Output" if number == len(owned) else f"Layer {number}"] = tensors
        for place, tensor in enumerate(tensors, start=1):
            attribute = next((word for word in ("weight", "bias")
                              if getattr(layer, word, None) is tensor), f"parameter {place}")
            names[f"Layer {number} {attribute}"] = tensor
    named = {id(tensor) for tensor in names.values()}
    for place, tensor in enumerate(parameters, start=1):
        if id(tensor) not in named:
            names[f"parameter {place}"] = tensor
    return names, groups
