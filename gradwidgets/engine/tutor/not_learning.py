"""What keeps a network from learning, where its loss stays up: dead units, vanishing gradients.

Nothing is said of a network that still gets better, or that has come far: small gradients are what
a good end looks like, and a few dead units do no harm.
"""
from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from gradwidgets.core.ops import find_op
from gradwidgets.engine.graph.snapshot import Graph
from gradwidgets.engine.training.history import Losses
from gradwidgets.texts import text

FindingKind: TypeAlias = Literal["dead", "vanishing"]

PATIENCE = 30
"""Epochs that a loss may stand still."""

PROGRESS = 0.02
"""The share of itself by which a loss falls in that time, if it is not standing still."""

HIGH = 0.5
"""The share of the first loss below which a network counts as one that has learnt something."""

FADED = 0.01
"""Where gradients vanish, the first layer's are less than this many times the last layer's.

In the presets they came below 0.006 where five sigmoids kept a network from learning, and stayed
above 0.07 in all others whose loss stood still.
"""

OVER = 0.8
"""A finding is over when the loss is below this share of what it was when it was found."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What keeps a network from learning.

    Attributes
    ----------
    layer : str
        The layer it is seen in, as the graph calls it.
    message : str
        What was found, with its numbers, and what to try.
    """

    kind: FindingKind
    layer: str
    message: str


@dataclass(frozen=True, slots=True)
class DeadUnits:
    """The units of a layer that answer 0 for every sample."""

    layer: str
    dead: int
    units: int


@dataclass(frozen=True, slots=True)
class Fading:
    """How the gradients of the first layer's weights compare with those of the last.

    Attributes
    ----------
    ratio : float
        The first layer's root mean square through the last one's.
    """

    first: str
    last: str
    ratio: float


class Diagnosis:
    """Follows one run: looks once an epoch where the loss stands still, and holds what it finds.

    It is held until the loss has really fallen: one batch has smaller or larger gradients than the
    next by chance.
    """

    def __init__(self) -> None:
        self._found: Finding | None = None
        self._loss = math.inf  # when it was found
        self._epoch = -1.0  # when it was last looked for

    def follow(self, losses: Losses,
               look: Callable[[], tuple[Graph, Graph | None]]) -> Finding | None:
        """Return what keeps the network from learning by now.

        `look` gives the graphs that `diagnose` takes, and is only called when they are needed.
        """
        if self._found is not None:
            if losses.train[-1] < OVER * self._loss:
                self._found = None
        elif stands_still(losses) and self._epoch != losses.epoch[-1]:
            self._epoch, self._loss = losses.epoch[-1], losses.train[-1]
            self._found = diagnose(losses, *look())
        return self._found


def stands_still(losses: Losses) -> bool:
    """Tell whether the train loss has not fallen for `PATIENCE` epochs."""
    if not len(losses.epoch):
        return False
    before = losses.epoch <= losses.epoch[-1] - PATIENCE
    if not before.any() or not np.isfinite(losses.train).all():
        return False
    return bool(losses.train[~before].min() > (1 - PROGRESS) * losses.train[before][-1])


def is_high(losses: Losses) -> bool:
    """Tell whether the train loss is not far below the one that training began with."""
    return bool(losses.train[-1] > HIGH * losses.train[0])


def diagnose(losses: Losses, values: Graph, gradients: Graph | None) -> Finding | None:
    """Return what keeps a network, whose loss `stands_still`, from learning; None for no finding.

    Parameters
    ----------
    losses : since the first weights
    values : a graph with the values of every training sample, such as a forward pass gives
    gradients : a graph with the gradients of a step, if there is one
    """
    dead = dead_units(values)
    # A layer without a living unit stops every gradient, however low the loss is by then.
    worst = next((one for one in dead if one.dead == one.units), None)
    if worst is None and is_high(losses):
        worst = next((one for one in dead if 2 * one.dead >= one.units), None)
    if worst is not None:
        return Finding("dead", worst.layer, _dead_words(worst))
    faded = fading(gradients) if gradients is not None and is_high(losses) else None
    if faded is not None and faded.ratio < FADED:
        squeezed = any(_operation(node.op) == "sigmoid" and node.group != faded.last
                       for node in values.nodes)
        return Finding("vanishing", faded.first, _vanishing_words(faded, squeezed))
    return None


def dead_units(graph: Graph) -> list[DeadUnits]:
    """Return the layers with ReLU units that answer 0 for every sample of the graph.

    A unit that is 0 for each sample lets no gradient through for any of them, so its weights stay
    as they are: Lu et al., "Dying ReLU and Initialization", 2019, definition 1.
    """
    found = []
    for node in graph.nodes:
        if node.data is None or np.ndim(node.data) != 2 or not np.size(node.data):
            continue
        if _operation(node.op) != "relu":
            continue
        dead = int(np.count_nonzero(np.all(node.data == 0, axis=0)))
        if dead:
            layer = node.group or text("diagnosis.a_layer")
            found.append(DeadUnits(layer, dead, node.data.shape[1]))
    return found


def fading(graph: Graph) -> Fading | None:
    """Return how much smaller the gradients of the first layer's weights are than the last one's.

    None where there are not two layers with gradients.

    Source: Hochreiter, "Untersuchungen zu dynamischen neuronalen Netzen", 1991; Glorot and Bengio,
    "Understanding the difficulty of training deep feedforward neural networks", 2010, section 4.2.
    """
    sizes: dict[str, float] = {}
    for node in graph.nodes:
        if node.kind == "parameter" and node.group and node.grad is not None:
            gradient = np.asarray(node.grad, dtype=float)
            if gradient.ndim == 2 and gradient.size:  # a bias is no way for a gradient to go
                sizes.setdefault(node.group, float(np.sqrt(np.mean(gradient**2))))
    if len(sizes) < 2:
        return None
    (first, least), *_, (last, most) = sizes.items()
    if not np.isfinite([least, most]).all() or most == 0:
        return None
    return Fading(first, last, least / most)


def _operation(op: str | None) -> str | None:
    found = find_op(op)
    return found[0].name if found else None


def _dead_words(found: DeadUnits) -> str:
    whole = found.dead == found.units
    happened = text("diagnosis.dead.all" if whole else "diagnosis.dead.some",
                   layer=found.layer, dead=found.dead, units=found.units)
    return " ".join([happened, text("diagnosis.dead.try")])


def _vanishing_words(found: Fading, squeezed: bool) -> str:
    if found.ratio == 0:
        happened = text("diagnosis.vanishing.zero", first=found.first, epochs=PATIENCE)
    else:
        happened = text("diagnosis.vanishing", first=found.first, last=found.last,
                       times=_rounded(1 / found.ratio), epochs=PATIENCE)
    why = [text("diagnosis.vanishing.sigmoid")] if squeezed else []
    return " ".join([happened, *why, text("diagnosis.vanishing.try")])


def _rounded(times: float) -> str:
    """Return a number of times with one digit that counts, in a way that all languages read."""
    power = 10 ** int(np.floor(np.log10(times)))
    return f"{round(times / power) * power:,}".replace(",", "\u202f")
