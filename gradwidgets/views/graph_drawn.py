"""A graph in its places, and the message that tells the page of them."""

from __future__ import annotations

from dataclasses import dataclass

from gradwidgets.engine.snapshot import Graph
from gradwidgets.views import graph_layout
from gradwidgets.views.graph_boxes import Box, Edge, Scene
from gradwidgets.views.graph_scene import build_scene, choose_detail
from gradwidgets.views.graph_words import hint, outline
from gradwidgets.views.texts import text


@dataclass(frozen=True)
class Drawn:
    """A graph's boxes, their places, and the message that tells the page of them."""

    scene: Scene
    layout: graph_layout.Layout | None
    message: dict
    why: str  # this detail, in a sentence
    trouble: str = ""  # why there is no layout


def draw(graph: Graph, detail: str, says: str) -> Drawn:
    """Lay a graph out at a detail; `says` is what is in the picture, in words."""
    used, why = choose_detail(graph, detail)
    scene = build_scene(graph, used)
    message = {"says": says, "outline": outline(graph)}
    try:
        layout = graph_layout.lay_out(scene)
    except graph_layout.NoLayout as error:
        message["dot"] = graph_layout.dot_source(scene)
        message["says"] = text("no_layout", reason=error)
        return Drawn(scene, None, message, why, str(error))
    message["scene"] = _placed(graph, scene, layout)
    return Drawn(scene, layout, message, why)


def _placed(graph: Graph, scene: Scene, layout: graph_layout.Layout) -> dict:
    """Return the scene in its places, as plain data for the page."""
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


def _box(graph: Graph, box: Box, place: tuple[float, float], nodes: list[int]) -> dict:
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


def _edge(edge: Edge, points: list[tuple[float, float]], at: object) -> dict:
    return {
        "tail": edge.tail,
        "head": edge.head,
        "points": [[round(x, 1), round(y, 1)] for x, y in points],
        "label": edge.label,
        "at": at,
    }
