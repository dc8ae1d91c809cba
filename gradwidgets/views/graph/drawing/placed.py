"""A graph in its places, and the message that tells the page of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NotRequired, TypedDict

from gradwidgets.engine.graph.snapshot import Graph
from gradwidgets.texts import text
from gradwidgets.views.graph.drawing import layout as graph_layout
from gradwidgets.views.graph.drawing.boxes import Box, BoxKind, Edge, Scene, Title
from gradwidgets.views.graph.drawing.scene import build_scene, choose_detail
from gradwidgets.views.graph.drawing.tables import Scale
from gradwidgets.views.graph.words import hint, outline


class PlacedBlock(TypedDict):
    """A table in its box; `cw` is the width of a cell, `node` whose numbers it shows."""

    x: float
    y: float
    rows: int
    columns: int
    cw: float
    scale: Scale
    first: int
    form: Literal["table", "strip"]
    node: int


class PlacedBox(TypedDict):
    """A box in its place; `main` is the node that a click selects."""

    id: str
    kind: BoxKind
    x: float
    y: float
    w: float
    h: float
    badge: str
    says: str
    hint: str
    main: int
    titles: list[Title]
    blocks: list[PlacedBlock]


class PlacedEdge(TypedDict):
    """An arrow along the points of its spline, and where its label stands."""

    tail: str
    head: str
    points: list[list[float]]
    label: str
    at: tuple[float, float] | None


class PlacedScene(TypedDict):
    """A scene in its places, and how many texts it has."""

    width: float
    height: float
    boxes: list[PlacedBox]
    edges: list[PlacedEdge]
    count: int


class Drawing(TypedDict):
    """What the page is told of a graph that is laid out; where it is not, it gets the DOT text."""

    says: str
    outline: list[str]
    scene: NotRequired[PlacedScene]
    dot: NotRequired[str]


@dataclass(frozen=True)
class Drawn:
    """A graph's boxes, their places, and the message that tells the page of them."""

    scene: Scene
    layout: graph_layout.Layout | None
    message: Drawing
    why: str  # this detail, in a sentence
    trouble: str = ""  # why there is no layout


def draw(graph: Graph, detail: str, says: str) -> Drawn:
    """Lay a graph out at a detail; `says` is what is in the picture, in words."""
    used, why = choose_detail(graph, detail)
    scene = build_scene(graph, used)
    message: Drawing = {"says": says, "outline": outline(graph)}
    try:
        layout = graph_layout.lay_out(scene)
    except graph_layout.NoLayout as error:
        message["dot"] = graph_layout.dot_source(scene)
        message["says"] = text("no_layout", reason=error)
        return Drawn(scene, None, message, why, str(error))
    message["scene"] = _placed(graph, scene, layout)
    return Drawn(scene, layout, message, why)


def _placed(graph: Graph, scene: Scene, layout: graph_layout.Layout) -> PlacedScene:
    """Return the scene in its places."""
    sources = iter(scene.sources)  # in the blocks' order
    boxes = []
    for box in scene.boxes:
        nodes = [node for _, (node, _) in zip(box.blocks, sources, strict=False)]
        boxes.append(_box(graph, box, layout.boxes[box.name], nodes))
    return {
        "width": layout.width,
        "height": layout.height,
        "boxes": boxes,
        "edges": [
            _edge(edge, points, at)
            for edge, (points, at) in zip(scene.edges, layout.edges, strict=True)
        ],
        "count": scene.count,
    }


def _box(graph: Graph, box: Box, place: tuple[float, float], nodes: list[int]) -> PlacedBox:
    """Return a box for the page; `nodes` are those whose numbers its blocks show."""
    x, y = place
    single = len(box.members) == 1
    return {
        "id": box.name,
        "kind": box.kind,
        "x": round(x, 1),
        "y": round(y, 1),
        "w": round(box.width, 1),
        "h": round(box.height, 1),
        "badge": box.badge,
        "says": box.says,
        "hint": hint(graph.nodes[box.members[0]]) if single else box.says,
        "main": box.members[-1],
        "titles": box.titles,
        "blocks": [
            {
                "x": block.x,
                "y": block.y,
                "rows": block.rows,
                "columns": block.columns,
                "cw": block.cell_width,
                "scale": block.scale,
                "first": block.first,
                "form": block.form,
                "node": node,
            }
            for block, node in zip(box.blocks, nodes, strict=True)
        ],
    }


def _edge(
    edge: Edge, points: list[tuple[float, float]], at: tuple[float, float] | None
) -> PlacedEdge:
    return {
        "tail": edge.tail,
        "head": edge.head,
        "points": [[round(x, 1), round(y, 1)] for x, y in points],
        "label": edge.label,
        "at": at,
    }
