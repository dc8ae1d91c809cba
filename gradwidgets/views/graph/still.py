"""The still picture of a graph, as it is kept in a notebook: folded where it would be too large."""

from __future__ import annotations

from gradwidgets.texts import text
from gradwidgets.views.graph.drawing import layout as graph_layout
from gradwidgets.views.graph.picture import GraphPicture
from gradwidgets.views.kit.still import LARGEST, Picture

MOST_STATIC = 200  # boxes of the still picture that is saved with a notebook


def graph_still(picture: GraphPicture) -> list[Picture | str]:
    """Return the graph as it is now, or a sentence that says why it is not drawn; [] without one."""
    if picture.graph is None:
        return []
    try:
        return [_drawn(picture) or text("kept.too_large", what=picture.says())]
    except graph_layout.NoLayout as error:
        return [text("no_layout.still", reason=error)]


def _drawn(picture: GraphPicture) -> Picture | None:
    if picture.box_count <= MOST_STATIC:
        svg = picture.svg()
        if len(svg) <= LARGEST:
            return Picture(svg, picture.says())
    if picture.detail == "layers":
        return None
    folded = picture.twin("layers")
    try:
        return _drawn(folded)
    finally:
        folded.close()
