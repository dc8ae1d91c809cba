"""Graphs of a task at its present weights: of a step, of all samples, of what is to come."""
from __future__ import annotations

import math
from dataclasses import replace
from typing import TypeAlias

import numpy as np

from gradwidgets.core.types import Foreign
from gradwidgets.engine.graph.snapshot import Graph, snapshot
from gradwidgets.engine.training.foreign_task import ForeignTask
from gradwidgets.engine.training.task import OwnTask
from gradwidgets.engine.tutor.origin import Origin, find_origin
from gradwidgets.texts import text

Task: TypeAlias = OwnTask | ForeignTask


def graph_of(task: Task, x: Foreign, y: Foreign, prediction: Foreign, loss: Foreign) -> Graph:
    """Return the graph of a loss that the task's model and criterion have just made."""
    names = {text("name.input"): x, text("name.target"): y, text(task.prediction_name): prediction,
             text("name.loss"): loss, **task.names}
    groups = {**task.groups, text("name.loss_layer"): [y]}
    return snapshot(loss, names, groups, task.parameters, task.paths)


def graph_ahead(task: Task, start: int, stop: int) -> tuple[Graph, float]:
    """Return graph and loss of some samples; no random number is used up, and dropout is off."""
    with task.private(), task.aside(), np.errstate(all="ignore"):
        x, y = task.batch(start, stop)
        prediction = task.model.forward(x)
        loss = task.criterion.forward(prediction, y)
        return without_gradients(graph_of(task, x, y, prediction, loss)), task.number(loss)


def graph_of_values(task: Task) -> Graph:
    """Return the graph of the prediction for every training sample."""
    with task.private(), task.aside(), np.errstate(all="ignore"):
        x, _ = task.batch(0, task.n)
        prediction = task.model.forward(x)
        return snapshot(prediction, task.names, task.groups, task.parameters, task.paths)


def origin_in_sets(task: Task) -> Origin | None:
    """Return with what the loss over all data began that is not finite."""
    with task.aside():
        for x, y in task.sets():
            prediction = task.model.forward(x)
            loss = task.criterion.forward(prediction, y)
            if not math.isfinite(task.number(loss)):
                return find_origin(graph_of(task, x, y, prediction, loss))
    return None


def without_gradients(graph: Graph) -> Graph:
    """Leave out what earlier steps have left in the parameters: zeros, or old gradients."""
    return Graph(tuple(replace(node, grad=None) for node in graph.nodes), graph.root)
