"""Watch a learner's own ``backward`` at work, call by call, and leave the class as it was."""
from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from gradwidgets.core.types import Foreign
from gradwidgets.engine.graph.names import Names, find_names
from gradwidgets.engine.graph.snapshot import Graph, snapshot, tensors_in
from gradwidgets.engine.learner.careful import held_numbers, read, spoken
from gradwidgets.engine.learner.guard import guarded
from gradwidgets.engine.trace.first_call import first_arguments
from gradwidgets.engine.trace.recorder import Record
from gradwidgets.engine.trace.walk import Trace
from gradwidgets.engine.trace.wrapping import deep_enough, homes_of, wrapped


@guarded
def trace_backward(loss: Any, gradient: Foreign = None,
                   names: Mapping[str, Foreign] | Names | None = None) -> Trace:
    """Run the own ``backward`` of a learner's tensor, and record every call of it.

    The class is wrapped for as long as it runs. What ``backward`` changes, it changes; an exception
    in it, or an exit, ends up in the trace. Only an interrupt passes through.

    Parameters
    ----------
    loss : a tensor of a class with a method ``backward``
    gradient : optional
        What to pass to ``backward``, as it is. When left out, nothing is passed to a ``backward``
        that can do without, and ones, in a tensor of the same class, to any other.
    names : name -> tensor, or what `names.find_names` returns
        The variables of the caller when left out.

    Raises
    ------
    TypeError
        When the class of `loss` has no method ``backward``.
    """
    homes = homes_of(type(loss))
    if not homes:
        raise TypeError(f"trace_backward: received a {type(loss).__name__}, which has no method "
                        "backward; expected a tensor of a class that defines backward(self, ...)")
    if names is None:
        frame = sys._getframe(2)  # beyond the guard's own
        names = find_names({**frame.f_globals, **frame.f_locals}, loss)
    if not isinstance(names, Names):
        names = Names(names=dict(names))
    record = Record(tensors_in(loss))
    before = _named_snapshot(loss, names)
    arguments = first_arguments(loss, [vars(home)["backward"] for home in homes], gradient)
    error = ""
    # A graph may hold tensors of several classes, each with a backward of its own.
    classes = dict.fromkeys([type(loss), *[type(tensor) for tensor in record.tensors]])
    called = dict.fromkeys([found[0] for found in map(homes_of, classes) if found])
    with wrapped(called, record), deep_enough():
        try:
            loss.backward(*arguments)
        except KeyboardInterrupt:
            raise
        except BaseException as caught:  # noqa: BLE001 - whatever a learner's code raises is a step
            error = spoken(caught)
            if not record.calls:
                record.refused(homes[0], loss, arguments, error)
    after = _named_snapshot(loss, names)
    if len(after.nodes) != len(before.nodes):
        # The class takes its graph apart on the way back.
        after = Graph(tuple([replace(node, grad=held_numbers(read(tensor, "grad")))
                             for node, tensor in zip(before.nodes, record.tensors)]), before.root)
    return Trace(after, tuple([call.finished() for call in record.calls]), error,
                 not record.overflown)


def _named_snapshot(root: Foreign, names: Names) -> Graph:
    return snapshot(root, names.names, names.groups, names.parameters, names.paths)
