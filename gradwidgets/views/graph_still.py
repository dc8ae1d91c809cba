"""The still picture of a graph, as it is kept in a notebook: folded where it would be too large."""

from __future__ import annotations

from gradwidgets.views import graph_layout
from gradwidgets.views.graph_picture import GraphPicture
from gradwidgets.views.still import LARGEST, Picture

MOST_STATIC = 200  # boxes of the still picture that is saved with a notebook


def graph_still(picture: GraphPicture) -> Picture | None:
    """Return the graph as it is now; None without a graph, a layout, or a size that can be kept."""
    if picture.graph is None:
        return None
    try:
        if picture.box_count <= MOST_STATIC:
            svg = picture.svg()
            if picture.detail == "layers" or len(svg) <= LARGEST:
                return Picture(svg, picture.says())
        folded = picture.twin("layers")
        try:
            if folded.box_count > MOST_STATIC:
                return None
            return Picture(folded.svg(), folded.says())
        finally:
            folded.close()
    except graph_layout.NoLayout:
        return None
