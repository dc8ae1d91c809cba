"""What the tensors of a model are called, counted as the model builder counts.

`find_names` asks a notebook's variables, which hold anything: nothing it meets there may stop it.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from gradwidgets.core.types import Foreign
from gradwidgets.engine.graph.snapshot import creators_of, tensors_in
from gradwidgets.engine.learner.careful import safely
from gradwidgets.texts import text

_HISTORY = ("In", "Out")
"""Where IPython keeps what was typed and answered."""

_MOST_ENTRIES = 1000
"""Longer lists hold data; nobody wants a tensor to be called ``rows[4711]``."""


@dataclass(frozen=True, slots=True)
class Names:
    """What `snapshot` takes beside the root.

    Attributes
    ----------
    names : name -> tensor
        The first of several names for one tensor is the one to show.
    groups : name -> tensors
        The layers, each with the tensors it begins with.
    paths : path -> tensor
        Places in the model: ``"0.weight"``.
    parameters : tensors
        Those that are trained, as far as models and optimizers tell.
    """

    names: dict[str, Foreign] = field(default_factory=dict)
    groups: dict[str, list[Foreign]] = field(default_factory=dict)
    paths: dict[str, Foreign] = field(default_factory=dict)
    parameters: list[Foreign] = field(default_factory=list)


def find_names(namespace: Mapping[str, Foreign], root: Foreign) -> Names:
    """Return what the variables of `namespace` tell about the graph that ends in `root`.

    In the order in which they win: variables that hold a tensor of the graph (the shortest name,
    of equally long ones the first), the layers of models ("Layer 1 weight"), attributes of objects
    ("hidden.weight"), entries of lists and dictionaries ("w[0]"). Names that begin with "_" are
    left out, as are tensors that are not in the graph. Never raises.
    """
    graph = {id(tensor): tensor for tensor in tensors_in(root)}
    variables = _listed(lambda: [(name, value) for name, value in list(namespace.items())
                                 if isinstance(name, str) and not name.startswith("_")
                                 and name not in _HISTORY])
    variables.sort(key=lambda item: len(item[0]))
    found = Names()
    for name, value in variables:
        if id(value) in graph:
            found.names.setdefault(name, value)
    # By type, since isinstance asks the object, and a dead proxy raises.
    objects = [(name, value) for name, value in variables if id(value) not in graph
               and not issubclass(type(value), (type, ModuleType, str, bytes, int, float))]
    _add_models(found, objects, graph)
    for entries in (_attributes, _entries):
        for name, value in objects:
            for full, tensor in _listed(entries, name, value):
                if id(tensor) in graph:
                    found.names.setdefault(full, tensor)
    return found


def _listed(function: Callable[..., Iterable[Any]], *args: Foreign) -> list[Any]:
    """Return all that the function yields; nothing where it fails, be it on the way."""
    return safely(lambda: list(function(*args)), otherwise=[])


def _attributes(name: str, value: Foreign) -> Iterator[tuple[str, Foreign]]:
    # From the dictionary itself: asking for an attribute could run a learner's code.
    attributes = object.__getattribute__(value, "__dict__")
    for attribute, inner in list(attributes.items()):
        if not attribute.startswith("_"):
            yield f"{name}.{attribute}", inner


def _entries(name: str, value: Foreign) -> Iterator[tuple[str, Foreign]]:
    if isinstance(value, (list, tuple)) and len(value) <= _MOST_ENTRIES:
        for place, inner in enumerate(value):
            yield f"{name}[{place}]", inner
    elif isinstance(value, dict) and len(value) <= _MOST_ENTRIES:
        for key, inner in value.items():
            if isinstance(key, (str, int)):
                yield f"{name}[{key!r}]", inner


def _add_models(found: Names, objects: list[tuple[str, Foreign]],
                graph: dict[int, Foreign]) -> None:
    """Add what models and optimizers tell of the graph."""
    models: dict[int, tuple[str, Foreign, list[Foreign]]] = {}
    trained: dict[int, Foreign] = {}
    for name, value in objects:
        if not _defines(value, "get_parameters", "parameters", "step"):
            continue
        parameters = _listed(parameters_of, value)
        inside = [tensor for tensor in parameters if id(tensor) in graph]
        trained.update({id(tensor): tensor for tensor in inside})
        layers = _listed(lambda holder: holder.layers, value)
        if inside and layers and id(value) not in models:
            models[id(value)] = name, value, parameters
    found.parameters.extend(trained.values())
    for name, model, parameters in models.values():
        named = _listed(lambda: [name_parameters(model, parameters)])  # noqa: B023 - used at once
        paths = _listed(lambda: parameter_paths(model).items())  # noqa: B023
        several = len(models) > 1
        for names, groups in named:
            for label, tensor in names.items():
                if id(tensor) in graph:
                    found.names.setdefault(f"{name}: {label}" if several else label, tensor)
            for label, tensors in groups.items():
                found.groups[f"{name}: {label}" if several else label] = tensors
        for path, tensor in paths:
            if id(tensor) in graph:
                found.paths[f"{name}.{path}" if several else path] = tensor
    if found.groups:
        targets = _targets(found, graph)
        if targets:
            found.groups[text("name.loss_layer")] = targets


def _defines(value: Foreign, *attributes: str) -> bool:
    """Tell whether class or object has one of the attributes, without running a line of it."""
    own = _listed(lambda: object.__getattribute__(value, "__dict__"))
    return any(attribute in own or any(attribute in vars(base) for base in type(value).__mro__)
               for attribute in attributes)


def _targets(found: Names, graph: dict[int, Foreign]) -> list[Foreign]:
    """Return the leaves that meet the finished prediction: the loss begins with them."""
    ranks = {id(tensor): rank for rank, tensors in enumerate(found.groups.values())
             for tensor in tensors}
    last = len(found.groups) - 1
    trained = {id(tensor) for tensor in found.parameters}
    named = {id(tensor) for tensor in found.names.values()}
    made_of = {key: creators_of(tensor) for key, tensor in graph.items()}
    meets: dict[int, bool] = {}
    for key, creators in made_of.items():
        if creators and key not in ranks:
            ranks[key] = max([ranks.get(id(creator), -1) for creator in creators])
        for creator in creators:
            if made_of.get(id(creator)) or id(creator) in trained:
                continue
            finished = any(made_of.get(id(other)) and ranks.get(id(other), -1) == last
                           for other in creators)
            meets[id(creator)] = meets.get(id(creator), True) and finished
    return [graph[key] for key, always in meets.items() if always and key in graph and (
        key in named or _has_several(graph[key]))]


def _has_several(tensor: Any) -> bool:
    return any(_listed(lambda: [tensor.data.size > 1]))


def parameters_of(model: Foreign, optimizer: Foreign = None) -> list[Any]:
    """Return the tensors that are trained: the model's, else those the optimizer holds."""
    for holder in (model, optimizer):
        for attribute in ("get_parameters", "parameters"):
            found = getattr(holder, attribute, None)
            if callable(found) and not isinstance(found, list):
                found = found()
            if isinstance(found, Mapping):
                found = found.values()
            if found:
                return list(found)
    return []


def name_parameters(model: Foreign, parameters: Sequence[Foreign]
                    ) -> tuple[dict[str, Foreign], dict[str, list[Foreign]]]:
    """Return names ("Layer 2 weight" -> tensor) and groups ("Layer 2" -> its tensors).

    Layers with parameters are counted from 1, and the last of them is the group "Output". A model
    with a weight of its own is a single layer. Any other has its parameters numbered, and no
    groups.
    """
    layers = getattr(model, "layers", None)
    if not isinstance(layers, (list, tuple)):
        weight = getattr(model, "weight", None)
        layers = (model,) if any(weight is tensor for tensor in parameters) else ()
    owned = [(layer, parameters_of(layer)) for layer in layers]
    owned = [(layer, tensors) for layer, tensors in owned if tensors]
    names: dict[str, Foreign] = {}
    groups: dict[str, list[Foreign]] = {}
    for number, (layer, tensors) in enumerate(owned, start=1):
        last = number == len(owned)
        groups[text("name.output") if last else text("name.layer", number=number)] = tensors
        for place, tensor in enumerate(tensors, start=1):
            called = next((word for word in ("weight", "bias")
                           if getattr(layer, word, None) is tensor), "numbered")
            names[text(f"name.{called}", number=number, place=place)] = tensor
    named = {id(tensor) for tensor in names.values()}
    for place, tensor in enumerate(parameters, start=1):
        if id(tensor) not in named:
            names[text("name.parameter", place=place)] = tensor
    return names, groups


def parameter_paths(model: Foreign) -> dict[str, Foreign]:
    """Return paths as PyTorch writes them ("2.weight" -> tensor): the layer's place, then its name.

    Layers are counted from 0, those without parameters too, and a model within a model adds its
    own place in front. Without layers the path is the attribute alone.
    """
    paths: dict[str, Foreign] = {}
    _gather_paths(model, "", paths, set())
    return paths


def _gather_paths(holder: Foreign, prefix: str, paths: dict[str, Foreign],
                  seen: set[int]) -> None:
    if id(holder) in seen:
        return
    seen.add(id(holder))
    layers = getattr(holder, "layers", None)
    if isinstance(layers, (list, tuple)):
        for place, layer in enumerate(layers):
            _gather_paths(layer, f"{prefix}{place}.", paths, seen)
        return
    attributes = getattr(holder, "__dict__", {})
    for place, tensor in enumerate(parameters_of(holder), start=1):
        attribute = next((name for name, value in attributes.items() if value is tensor),
                         f"parameter {place}")
        paths[prefix + attribute] = tensor
