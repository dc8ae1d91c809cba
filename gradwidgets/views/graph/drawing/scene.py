"""A graph of tensors as boxes and arrows, before anybody decides where they stand.

A scene has a fixed part (boxes, edges, sizes), which depends on the topology alone, and texts,
which change with every frame.
"""

from __future__ import annotations

from math import prod

import numpy as np

from gradwidgets.engine.graph.snapshot import Graph
from gradwidgets.engine.sharing import recipe
from gradwidgets.texts import text
from gradwidgets.views.graph.drawing.boxes import BADGE, Box, Edge, Scene
from gradwidgets.views.graph.drawing.fold import MOST_NODES, tangle, why_folded
from gradwidgets.views.graph.drawing.layers import Layers
from gradwidgets.views.graph.drawing.operations import Operations
from gradwidgets.views.graph.drawing.tables import (
    ABSENT_WIDTH,
    BINS,
    CELL_HEIGHT,
    FULL,
    FULL_VALUES,
    Block,
    block_texts,
)
from gradwidgets.views.kit import numbers

__all__ = [
    "ABSENT_WIDTH",
    "BADGE",
    "BINS",
    "CELL_HEIGHT",
    "DETAILS",
    "FULL",
    "Block",
    "Box",
    "Edge",
    "Scene",
    "build_scene",
    "choose_detail",
    "scene_heat",
    "scene_texts",
]

DETAILS = ("auto", *recipe.DETAILS)
MOST_VALUES = 20  # tensors; of so few, and small ones, every number can be read
MOST_OPERATIONS = 120  # tensors; more of them one by one are too many to find one's way
MOST_TANGLE = 20_000  # more takes too long to lay out
FAINTEST = 6  # powers of ten over which the size of a gradient is told apart


def choose_detail(graph: Graph, detail: str = "auto") -> tuple[str, str]:
    """Return the detail at which a graph is drawn, and a sentence on why it is not the one asked.

    The sentence is empty when the detail is the one asked for, and shows all it should.
    """
    if detail not in DETAILS:
        raise ValueError(f"detail is {detail!r}; expected one of {', '.join(DETAILS)}")
    count = len(graph.nodes)
    shown = {"count": numbers.grouped(count)}
    if detail == "auto":
        small = all(prod(node.shape) <= FULL_VALUES for node in graph.nodes)
        if count <= MOST_VALUES and small:
            return "values", text("auto.value") if count == 1 else text("auto.values", **shown)
        if count <= MOST_OPERATIONS:
            return "operations", text("auto.operations", **shown)
    elif detail != "layers" and count <= MOST_NODES:
        if count <= MOST_OPERATIONS or tangle([n.creators for n in graph.nodes]) <= MOST_TANGLE:
            return detail, ""
    folded = why_folded(graph)
    if folded:
        return "layers", text(f"fold.{folded}", **shown)
    if any(node.group is not None for node in graph.nodes):
        return "layers", "" if detail == "layers" else text("fold.group", **shown)
    if detail == "auto":  # nothing in it can be folded
        return "operations", text("auto.operations", **shown)
    return "layers", ""


def build_scene(graph: Graph, detail: str) -> Scene:
    """Return the scene of a graph at a detail, one of DETAILS."""
    used, _ = choose_detail(graph, detail)
    return Layers(graph).scene() if used == "layers" else Operations(graph, used == "values").scene()


def scene_texts(graph: Graph, scene: Scene) -> list[str]:
    """Return every text of the scene that changes with the numbers, in the blocks' order."""
    texts: list[str] = []
    blocks = [block for box in scene.boxes for block in box.blocks]
    for (index, _), block in zip(scene.sources, blocks, strict=True):
        texts += block_texts(graph.nodes[index], block)
    return texts


def scene_heat(graph: Graph, scene: Scene) -> list[float | None]:
    """Return for each box the size of its gradient on a logarithmic scale, as a share 0–1.

    The size is the root of the mean square over all its members' numbers: 1 gives 1, a millionth
    gives 0. None where no gradient has been computed yet. What is no number counts as large.
    """
    found: list[float | None] = []
    for box in scene.boxes:
        total, count = 0.0, 0
        for index in box.members:
            grad = graph.nodes[index].grad
            if grad is not None and grad.size and grad.dtype.kind in "fiub":
                with np.errstate(all="ignore"):
                    flat = grad.ravel().astype(float, copy=False)
                    total += float(np.dot(flat, flat))
                count += grad.size
        if not count:
            found.append(None)
        elif not np.isfinite(total):
            found.append(1.0)
        elif total == 0:
            found.append(0.0)
        else:
            found.append(min(1.0, max(0.0, 1 + np.log10(total / count) / 2 / FAINTEST)))
    return found
