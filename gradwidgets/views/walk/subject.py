"""What is walked, for any of the things that a stepper takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from gradwidgets.core import Tensor
from gradwidgets.core.types import Foreign
from gradwidgets.engine.graph.snapshot import Graph, is_tensor
from gradwidgets.engine.trace.walk import Trace
from gradwidgets.engine.verdict.verdict import Verdict, judge
from gradwidgets.engine.walk.build import walk_backward, walk_forward
from gradwidgets.engine.walk.walk import Walk
from gradwidgets.texts import text
from gradwidgets.views.graph.view import checked_names, named_graph


@dataclass(frozen=True)
class Subject:
    """A walk, and what is wrong with the gradients of somebody's own class."""

    backward: Walk
    forward: Walk | None
    verdict: Verdict | None = None
    remark: str = ""  # the verdict, for whoever walks


def subject_of(
    loss: Foreign,
    gradient: Foreign,
    names: Mapping[str, Foreign] | None,
    around: Mapping[str, Foreign],
) -> Subject:
    """Return what is walked from a tensor, a Graph, a Walk or a Trace.

    Parameters
    ----------
    loss, gradient, names : as `BackwardStepper` takes them
    around : mapping
        The variables around the call, among which names are looked for.

    Raises
    ------
    TypeError, ValueError
        As `BackwardStepper` does.
    """
    finished = _finished_walk(loss)
    if finished is not None:
        if gradient is not None:
            raise TypeError(
                f"BackwardStepper got a gradient with a {type(loss).__name__}, whose gradients are "
                "known already; leave the gradient out, or give the tensor itself"
            )
        return Subject(finished, walk_forward(finished.graph), *_remark(loss, finished.graph))
    if isinstance(loss, Graph):
        graph = loss
    elif is_tensor(loss):
        graph = named_graph(loss, checked_names("BackwardStepper", names), around)
    else:
        raise TypeError(
            f"BackwardStepper walks from a tensor, or a Graph, Walk or Trace of one; it got a "
            f"{type(loss).__name__}"
        )
    given = _checked(gradient, graph)
    backward = walk_backward(graph, given)
    forward = walk_forward(graph) if not backward.trouble else None
    return Subject(backward, forward, *_remark(loss, graph, given))


def _remark(
    loss: Foreign, graph: Graph, given: np.ndarray | None = None
) -> tuple[Verdict | None, str]:
    """Return what is wrong with the gradients of somebody's own class, and a remark on it."""
    if isinstance(loss, (Tensor, Graph, Walk)):
        return None, ""
    verdict = judge(graph, gradient=given)
    if verdict is None:
        return None, ""
    kind = "calls" if isinstance(loss, Trace) else "rules"
    return verdict, text(
        f"walk.warning.{kind}" if verdict.warning else f"walk.remark.{kind}",
        verdict=verdict.message,
    )


def _finished_walk(loss: Foreign) -> Walk | None:
    if isinstance(loss, Walk):
        return loss
    if isinstance(loss, Trace):
        return loss.walk()
    return None


def _checked(gradient: Foreign, graph: Graph) -> np.ndarray | None:
    """Return a given gradient as an array of the result's shape."""
    if gradient is None:
        return None
    values = gradient if isinstance(gradient, (np.ndarray, np.generic)) else getattr(
        gradient, "data", gradient)  # fmt: skip
    values = np.array(values, dtype=float)
    shape = graph.nodes[graph.root].shape
    if values.shape != shape:
        raise ValueError(
            f"BackwardStepper: the gradient has shape {values.shape} but the tensor "
            f"{shape}; give one number of gradient for each number of the tensor"
        )
    return values

