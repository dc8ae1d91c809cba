"""Copy any tensor graph, ours or a learner's, into plain nodes that nothing can change any more.

Everything is read by duck typing: ``data``, ``grad``, ``creators``, ``creation_op``, ``autograd``.
What is missing or odd in a half-finished class is said in the node's note, and never an error.
"""
from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal, TypeAlias

import numpy as np

from gradwidgets.core.types import Foreign, Shape
from gradwidgets.engine.learner.careful import read, safely

NodeKind: TypeAlias = Literal["parameter", "input", "intermediate", "result"]

MOST_TENSORS = 100_000
"""Where more are found, the rest is left out; an object may invent its creators without end."""

MOST_SHARES = 20
"""As many neighbours to each side are looked at for a gradient in the same memory."""


@dataclass(frozen=True, slots=True)
class Node:
    """One tensor of a graph, with copies of its numbers.

    Attributes
    ----------
    index : int
        Place in topological order: creators before results.
    op : str or None
        Its ``creation_op`` as text; None for a leaf.
    data, grad : ndarray or None
        Own copies. A gradient of None is not computed yet, which is not zero.
    creators : tuple of int
        Indices in order, duplicates kept: ``x * x`` has two.
    autograd : bool
        False when the tensor takes no gradient.
    note : str
        What is missing or odd, in words; empty when nothing is.
    path : str or None
        Place of a parameter in its model, as PyTorch writes it: ``"0.weight"``.
    shares : tuple of int
        Indices of the other nodes whose gradient was held in the same memory, where a change of
        one changes the others.
    """

    index: int
    op: str | None
    shape: Shape
    data: np.ndarray | None
    grad: np.ndarray | None
    creators: tuple[int, ...]
    name: str | None
    kind: NodeKind
    autograd: bool
    group: str | None
    note: str
    path: str | None = None
    shares: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Graph:
    """The nodes of one graph, and the index of its root, the last one."""

    nodes: tuple[Node, ...]
    root: int

    @property
    def topology(self) -> Hashable:
        """Two graphs have the same one when only their numbers differ."""
        return tuple((node.op, node.shape, node.creators, node.name, node.kind, node.autograd,
                      node.group) for node in self.nodes)


def snapshot(root: Foreign, names: Mapping[str, Foreign] | None = None,
             groups: Mapping[str, Iterable[Foreign]] | None = None,
             parameters: Iterable[Foreign] = (),
             paths: Mapping[str, Foreign] | None = None) -> Graph:
    """Return the graph that ends in `root`, copied.

    Parameters
    ----------
    root : a tensor of any class
    names : name -> tensor. The first of two names for one tensor holds.
    groups : group name -> the tensors that start it, in order. Any other node belongs to the
        latest of these groups found among its creators: so a layer's activation is with its
        weights, and everything that depends on the target is with the loss.
    parameters : the tensors that are trained. Without any, every leaf that takes a gradient
        counts as one.
    paths : path -> tensor, such as ``"0.weight"``
    """
    name_of, path_of = _by_id(names or {}), _by_id(paths or {})
    groups = groups or {}
    group_names = tuple(groups)
    rank_of = {id(tensor): rank for rank, tensors in enumerate(groups.values())
               for tensor in tensors}
    trained = {id(parameter) for parameter in parameters}
    order, made_of, notes = _topological(root)
    index_of: dict[int, int] = {}
    ranks: list[int] = []
    shares = _shares(order)
    nodes: list[Node] = []
    for index, tensor in enumerate(order):
        key = id(tensor)
        index_of[key] = index
        # A creator that comes later can only be part of a circle; _topological noted it.
        creators = tuple([index_of[id(creator)] for creator in made_of[key]
                          if id(creator) in index_of and creator is not tensor])
        rank = rank_of.get(key, -1)
        if rank < 0 and creators:
            rank = max([ranks[creator] for creator in creators])
        ranks.append(rank)
        note = notes.get(key, "")
        op, op_note = _op_text(read(tensor, "creation_op"), bool(made_of[key]))
        data, data_note = _data_of(tensor)
        grad, grad_note = _grad_of(tensor, data)
        if op_note or data_note or grad_note:
            note = "; ".join([part for part in (note, op_note, data_note, grad_note) if part])
        autograd = _flag(tensor)
        kind: NodeKind
        if key in trained:
            kind = "parameter"
        elif index == len(order) - 1 and op is not None:
            kind = "result"
        elif op is not None:
            kind = "intermediate"
        else:
            kind = "parameter" if autograd and not trained and is_tensor(tensor) else "input"
        nodes.append(Node(index, op, () if data is None else data.shape, data, grad, creators,
                          name_of.get(key), kind, autograd,
                          group_names[rank] if rank >= 0 else None, note,
                          path_of.get(key), shares.get(index, ())))
    return Graph(tuple(nodes), len(nodes) - 1)


def _by_id(named: Mapping[str, Foreign]) -> dict[int, str]:
    """Return the name of each tensor, the first of several."""
    names: dict[int, str] = {}
    for name, tensor in named.items():
        names.setdefault(id(tensor), name)
    return names


def tensors_in(root: Foreign) -> list[Foreign]:
    """Return the tensors themselves, in the order of the nodes that `snapshot` makes of them."""
    return _topological(root)[0]


def creators_of(tensor: Foreign) -> tuple[Foreign, ...]:
    """Return what a tensor says it was made of, in order; a leaf's are none."""
    return _creators(tensor)[0]


def _topological(root: Foreign) -> tuple[list[Foreign], dict[int, tuple[Foreign, ...]],
                                         dict[int, str]]:
    """Return the tensors, creators first, the creators of each, and notes, without recursion."""
    order: list[Foreign] = []
    made_of: dict[int, tuple[Foreign, ...]] = {}
    notes: dict[int, str] = {}
    done: set[int] = set()
    stack: list[tuple[Foreign, Iterator[Foreign] | None]] = [(root, None)]
    while stack:
        tensor, waiting = stack[-1]
        key = id(tensor)
        if waiting is None:
            if key in done:
                stack.pop()
                continue
            creators, note = _creators(tensor)
            if len(made_of) + len(creators) > MOST_TENSORS:
                creators, note = (), f"the graph goes on: only {MOST_TENSORS:,} tensors are shown"
            made_of[key] = creators
            if note:
                notes[key] = note
            waiting = iter(creators)
            stack[-1] = (tensor, waiting)
        for creator in waiting:
            creator_key = id(creator)
            if creator_key in done:
                continue
            if creator_key in made_of:
                notes[key] = "the graph runs in a circle here: a creator is made from this tensor"
                continue
            stack.append((creator, None))
            break
        else:
            done.add(key)
            order.append(tensor)
            stack.pop()
    return order, made_of, notes


def _creators(tensor: Foreign) -> tuple[tuple[Foreign, ...], str]:
    creators = read(tensor, "creators")
    if creators is None:
        return (), ""
    if type(creators) is tuple or type(creators) is list:
        return tuple(creators), ""
    if is_tensor(creators):
        return (creators,), "creators is a single tensor, not a list"
    listed = safely(lambda: tuple(islice(creators, MOST_TENSORS + 1)))
    if listed is None:
        return (), f"creators is a {type(creators).__name__}, not a list of tensors"
    return listed, ""


def _op_text(op: Foreign, has_creators: bool) -> tuple[str | None, str]:
    if op is None or type(op) is str and not op:
        return ("?", "creation_op is missing") if has_creators else (None, "")
    if issubclass(type(op), str):
        text = op if type(op) is str else str.__str__(op)
    else:
        name = read(op, "__name__")
        text = name if type(name) is str and name else type(op).__name__
    return text, "" if has_creators else f"creation_op is {text}, but creators is missing"


def is_tensor(value: Foreign) -> bool:
    """Tell whether it has ``data``, be it unreadable; an array is not a tensor."""
    # By type, since isinstance asks the object.
    if issubclass(type(value), (np.ndarray, np.generic, memoryview)):
        return False
    try:  # and not by way of `safely`: a snapshot asks this several times of every tensor
        return hasattr(value, "data")
    except KeyboardInterrupt:
        raise
    except BaseException:  # noqa: BLE001 - a learner's property may raise anything
        return True


def _flag(tensor: Foreign) -> bool:
    """Whether it takes a gradient; a class that does not say is taken to do so."""
    if not is_tensor(tensor):
        return False
    flag = read(tensor, "autograd")
    if flag is None:
        flag = read(tensor, "requires_grad", True)
    if type(flag) is bool:
        return flag
    return safely(bool, flag, otherwise=True)  # an array, say, is neither true nor false


def _numbers(value: Foreign) -> np.ndarray | None:
    """Return an own copy of an array, number or nested list; None when it holds no numbers."""
    if is_tensor(value):  # its numbers would be had, but what holds it is not as it should be
        return None
    array = value if type(value) is np.ndarray else safely(np.asarray, value)
    return array.copy() if array is not None and array.dtype.kind in "fiub" else None


def _data_of(tensor: Foreign) -> tuple[np.ndarray | None, str]:
    if not is_tensor(tensor):
        data = _numbers(tensor)
        kind = type(tensor).__name__
        return data, f"not a tensor but a {kind}" if data is not None else (
            f"not a tensor but a {kind} without numbers")
    data = _numbers(read(tensor, "data"))
    return data, "" if data is not None else "data holds no numbers"


def _grad_of(tensor: Foreign, data: np.ndarray | None) -> tuple[np.ndarray | None, str]:
    grad = read(tensor, "grad")
    if grad is None:
        return None, ""
    grad = _numbers(read(grad, "data") if is_tensor(grad) else grad)
    if grad is None:
        return None, "grad holds no numbers"
    if data is not None and grad.shape != data.shape:
        return grad, f"grad has shape {grad.shape}, but data has {data.shape}"
    return grad, ""


def _shares(order: list[Foreign]) -> dict[int, tuple[int, ...]]:
    """Return, for each index whose gradient is held in others' memory too, the others' indices."""
    held_by: dict[int, list[int]] = {}
    arrays: list[Any] = []
    for index, tensor in enumerate(order):
        grad = read(tensor, "grad")
        if grad is not None and not issubclass(type(grad), (np.ndarray, list)):
            grad = read(grad, "data")
        arrays.append(grad)
        if issubclass(type(grad), np.ndarray):
            owner = grad.base if isinstance(grad.base, np.ndarray) else grad
            held_by.setdefault(id(owner), []).append(index)
        elif issubclass(type(grad), list):
            held_by.setdefault(id(grad), []).append(index)
    found: dict[int, tuple[int, ...]] = {}
    for together in held_by.values():
        if len(together) == 1:
            continue
        for place, index in enumerate(together):
            # A long sum hands one array to all: then the nearest tell enough.
            near = together[max(0, place - MOST_SHARES):place + MOST_SHARES + 1]
            # Two pieces cut from one array have an owner in common, and yet nothing to share.
            others = tuple([other for other in near if other != index and (
                issubclass(type(arrays[index]), list)
                or np.may_share_memory(arrays[index], arrays[other]))])
            if others:
                found[index] = others
    return found
