"""Remember the state of objects of any class, and bring it back into the same objects.

A plain ``deepcopy`` would give new parameters, layers and optimizers, while pictures and the
learner's own variables still hold the old ones. So the state is put back in place.
"""
from __future__ import annotations

import random
from collections import deque
from collections.abc import Iterable
from typing import Any

import numpy as np

from gradwidgets.core.nn import Parameters
from gradwidgets.core.types import Foreign


def _home(cls: type) -> str:
    """Return the package a class comes from; of our own, the part (core, lessons, ...) as well."""
    parts = cls.__module__.split(".")
    return ".".join(parts[:2]) if parts[0] == "gradwidgets" else parts[0]


class Memento:
    """The state of everything reachable from some objects, restored in place.

    Arrays get their numbers back, lists and dictionaries their entries, random generators their
    position, and objects their attributes. Entered are objects of our classes, of classes typed
    into a notebook, and of the packages the given objects' classes come from: so a Matplotlib
    figure or a widget that a learner's model happens to hold is left alone.

    Parameters
    ----------
    roots : the objects to remember
    keep : objects that are not entered, but still belong where they are
    """

    def __init__(self, roots: Iterable[Foreign], keep: Iterable[Foreign] = ()) -> None:
        roots = list(roots)
        packages = {"gradwidgets.core", "__main__"} | {_home(type(root)) for root in roots}
        self._saved: list[tuple[Foreign, Any]] = []
        # Also keeps the objects alive, so that an id cannot be used a second time.
        kept = list(keep)
        seen = {id(thing) for thing in kept}
        pending = list(reversed(roots))
        while pending:
            thing = pending.pop()
            if id(thing) in seen:
                continue
            seen.add(id(thing))
            state, inside = _state_of(thing, packages)
            if state is not None:
                self._saved.append((thing, state))
                pending.extend(inside)
        self._kept = kept

    def restore(self) -> None:
        """Put everything back as it was; may be called again and again."""
        for thing, state in self._saved:
            _put_back(thing, state)

    @property
    def size(self) -> int:
        """Bytes of the numbers that are kept."""
        return sum(state.nbytes for _, state in self._saved if isinstance(state, np.ndarray))

    def generators(self) -> list[np.random.Generator | np.random.RandomState]:
        """Return the random generators found."""
        return [thing for thing, _ in self._saved
                if isinstance(thing, (np.random.Generator, np.random.RandomState))]


def _state_of(thing: Any, packages: set[str]) -> tuple[Any, list[Foreign]]:
    """Return the state to save (None for what is not entered), and what to look at next."""
    if isinstance(thing, np.ndarray):
        inside = list(thing.flat) if thing.dtype.hasobject else []
        return (thing.copy(), inside) if thing.flags.writeable else (None, [])
    if isinstance(thing, np.random.Generator):
        return thing.bit_generator.state, []
    if isinstance(thing, np.random.RandomState):
        return thing.get_state(legacy=False), []
    if isinstance(thing, random.Random):
        return thing.getstate(), []
    if type(thing) in (list, deque, set, Parameters):
        return list(thing), list(thing)
    if isinstance(thing, dict):
        return dict(thing), list(thing.values())
    if type(thing) is tuple:
        return (), list(thing)
    if isinstance(thing, type) or _home(type(thing)) not in packages:
        return None, []
    attributes = _attributes(thing)
    return (attributes, list(attributes.values())) if attributes is not None else (None, [])


def _slots(thing: Foreign) -> list[str]:
    names: list[str] = []
    for cls in type(thing).__mro__:
        slots = cls.__dict__.get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else slots:
            if name.startswith("__") and not name.endswith("__"):
                name = f"_{cls.__name__.lstrip('_')}{name}"
            if name not in ("__dict__", "__weakref__"):
                names.append(name)
    return names


def _attributes(thing: Foreign) -> dict[str, Foreign] | None:
    slots = _slots(thing)
    own = getattr(thing, "__dict__", None)
    if own is None and not slots:
        return None
    missing = object()
    found = {name: getattr(thing, name, missing) for name in slots}
    return {name: value for name, value in found.items() if value is not missing} | dict(own or {})


def _put_back(thing: Foreign, state: Any) -> None:
    if isinstance(thing, np.ndarray):
        thing[...] = state
    elif isinstance(thing, np.random.Generator):
        thing.bit_generator.state = state
    elif isinstance(thing, np.random.RandomState):
        thing.set_state(state)
    elif isinstance(thing, random.Random):
        thing.setstate(state)
    elif isinstance(thing, list):
        thing[:] = state
    elif isinstance(thing, (deque, set, dict)):
        thing.clear()
        thing.extend(state) if isinstance(thing, deque) else thing.update(state)
    elif not isinstance(thing, tuple):
        _put_attributes_back(thing, state)


def _put_attributes_back(thing: Foreign, state: dict[str, Foreign]) -> None:
    slots = _slots(thing)
    for name in slots:
        if name in state:
            object.__setattr__(thing, name, state[name])
        elif hasattr(thing, name):
            object.__delattr__(thing, name)
    own = getattr(thing, "__dict__", None)
    if own is not None:
        own.clear()
        own.update({name: value for name, value in state.items() if name not in slots})
