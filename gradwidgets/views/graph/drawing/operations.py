"""The scene of a graph with one box a tensor."""

from __future__ import annotations

from dataclasses import replace

from gradwidgets.engine.graph.snapshot import Graph, Node
from gradwidgets.texts import text
from gradwidgets.views.graph.drawing.boxes import (
    BADGE,
    BADGE_CHARACTER,
    BADGE_PADDING,
    CHARACTER,
    GAP,
    LONGEST,
    PADDING,
    TITLE_HEIGHT,
    Box,
    Edge,
    Scene,
    Tables,
    length,
)
from gradwidgets.views.graph.drawing.tables import CELL_HEIGHT, Scale, table_of
from gradwidgets.views.graph.words import node_says, shortened, symbol_of, title_of, with_note
from gradwidgets.views.kit import numbers

PART_WIDTH = 34  # the words "data" and "grad" before their rows
BADGE_ROOM = 6  # by which a line of text goes down to be clear of a badge
TALL = 6  # rows; the gradient of a taller table stands beside it


class Operations:
    """Every tensor is a box; the operation that made it sits as a circle on its upper edge.

    With `values`, the tables are larger, and what is larger still becomes a heat strip.
    """

    def __init__(self, graph: Graph, values: bool = False) -> None:
        self.graph = graph
        self.values = values
        self.tables = Tables(values)

    def scene(self) -> Scene:
        """Return the scene."""
        boxes: list[Box] = []
        edges: list[Edge] = []
        edge_of: dict[tuple[int, int], int] = {}
        for node in self.graph.nodes:
            boxes.append(self._box(node))
            for position, creator in enumerate(node.creators):
                edge_of[node.index, position] = len(edges)
                # The first creator stands above its result; parameters come from the side.
                edges.append(Edge(f"n{creator}", f"n{node.index}", main=position == 0))
        return self.tables.scene(boxes, edges, edge_of)

    def _box(self, node: Node) -> Box:
        called = node.name or node.op or text("kind." + node.kind)
        title = shortened(called, LONGEST)
        badge = shortened(symbol_of(node.op), LONGEST)
        box = Box(f"n{node.index}", node.kind, badge=badge, members=(node.index,))
        y = BADGE / 2 + 2 if box.badge else 0.0
        shape = numbers.shape(node.shape)
        badge_width = max(BADGE, BADGE_PADDING + BADGE_CHARACTER * len(badge))
        after_title = PADDING + CHARACTER * (length(title) + 1.6)
        box.titles = [
            (PADDING, y + 13, "gw-title", title),
            (after_title, y + 13, "gw-shape", shape),
        ]
        box.width = max(after_title + CHARACTER * len(shape) + PADDING, badge_width)
        self._numbers(box, node, y + TITLE_HEIGHT)
        if badge and after_title + CHARACTER * len(shape) > (box.width - badge_width) / 2:
            _lower(box, BADGE_ROOM)  # the badge hangs into the middle of the first line
        creators = [title_of(self.graph.nodes[index]) for index in node.creators]
        box.says = with_note(node_says(node, called, node.op or "", creators), node)
        return box

    def _numbers(self, box: Box, node: Node, y: float) -> None:
        """Put data and gradient into a box, from `y` on downwards."""
        left, top = float(PADDING), y
        parts: tuple[Scale, Scale] = ("data", "gradient")
        for part in parts:
            x = left + PART_WIDTH
            box.titles.append((left, y + 12, "gw-part", text(f"graph.part.{part}")))
            missing = part == "gradient" and not node.autograd
            if self.values and not missing and not table_of(node, True)[2] and not node.note:
                box.blocks.append(self.tables.strip(node, part, x, y))
                y += CELL_HEIGHT + 1
            block = self.tables.table(node, part, x, y)
            box.blocks.append(block)
            box.width = max(box.width, x + block.width + PADDING)
            box.height = max(box.height, y + block.height + 1 + PADDING)
            if block.rows > TALL:
                left, y = x + block.width + GAP, top
            else:
                y += block.height + 1


def _lower(box: Box, down: float) -> None:
    """Move everything that stands in a box."""
    box.titles = [(x, y + down, css_class, words) for x, y, css_class, words in box.titles]
    box.blocks = [replace(block, y=block.y + down) for block in box.blocks]
    box.height += down
