"""What a graph is drawn as: boxes with tables in them, and arrows from one to another.

Sizes are in pixels at scale 1.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias
from unicodedata import east_asian_width

from gradwidgets.engine.graph.snapshot import Node, NodeKind
from gradwidgets.views.graph.drawing.tables import (
    ABSENT_WIDTH,
    BINS,
    CELL_WIDTH,
    SUMMARY_WIDTH,
    Block,
    Scale,
    table_of,
)

TITLE_HEIGHT, PADDING, GAP = 18, 5, 8
CHARACTER = 6.6  # width of a character, see `length`
WIDE = frozenset("mwMW@%")
LONGEST = 40  # characters of a name; the rest is only read aloud
BADGE = 22  # diameter of the circle that holds an operation's symbol
BADGE_CHARACTER, BADGE_PADDING = 7.5, 8  # of longer symbols

BoxKind: TypeAlias = NodeKind | Literal["layer", "fold"]
"""Of a box: a tensor's; or a layer, or what repeats or was put together for its number."""

Title: TypeAlias = tuple[float, float, str, str]
"""x, y, class, text."""


@dataclass
class Box:
    """One rectangle: a tensor, or a layer with several tensors in it.

    `members` are the indices of the nodes that it stands for, shown or not.
    """

    name: str  # our own, never a user's text
    kind: BoxKind
    titles: list[Title] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    badge: str = ""
    says: str = ""
    width: float = 0.0
    height: float = 0.0
    members: tuple[int, ...] = ()


@dataclass(frozen=True)
class Edge:
    """An arrow from one box to another; `label` is a shape, or empty.

    The `main` ones lead from result to result and are drawn as straight as can be.
    """

    tail: str
    head: str
    label: str = ""
    main: bool = False


@dataclass
class Scene:
    """Boxes and edges, and for each block the node whose numbers it shows.

    `box_of` names the box of each node, by its index. `edge_of` finds the edge by which a node's
    creator reaches it: (index of the node, position of the creator) -> index in `edges`; where both
    are in one box there is none.
    """

    boxes: list[Box]
    edges: list[Edge]
    sources: list[tuple[int, Scale]]  # node index and which numbers, in the order of the texts
    count: int  # of texts
    box_of: list[str] = field(default_factory=list)
    edge_of: dict[tuple[int, int], int] = field(default_factory=dict)


class Tables:
    """Hands out the tables of a scene, and counts their texts."""

    def __init__(self, values: bool = False) -> None:
        self.values = values
        self.sources: list[tuple[int, Scale]] = []
        self.count = 0

    def table(self, node: Node, part: Scale, x: float, y: float) -> Block:
        """Return the table of a tensor's data or gradient."""
        rows, columns, full = table_of(node, self.values)
        width = CELL_WIDTH if full else SUMMARY_WIDTH
        if part == "gradient" and not node.autograd:
            rows, columns, width = 1, 1, ABSENT_WIDTH
        return self._counted(node, Block(x, y, rows, columns, width, part, self.count, full=full))

    def strip(self, node: Node, part: Scale, x: float, y: float) -> Block:
        """Return a heat strip, as wide as the summary that stands below it."""
        width = 3 * SUMMARY_WIDTH / BINS
        return self._counted(
            node, Block(x, y, 1, BINS, width, part, self.count, form="strip", full=False)
        )

    def _counted(self, node: Node, block: Block) -> Block:
        self.sources.append((node.index, block.scale))
        self.count += block.count
        return block

    def scene(
        self, boxes: list[Box], edges: list[Edge], edge_of: dict[tuple[int, int], int]
    ) -> Scene:
        """Return the scene of these boxes, which hold all the tables handed out."""
        box_of = {index: box.name for box in boxes for index in box.members}
        names = [box_of[index] for index in range(len(box_of))]
        return Scene(boxes, edges, self.sources, self.count, names, edge_of)


def length(words: str) -> float:
    """Return how many characters' width a text takes: capitals and Chinese take more than one."""
    return sum(
        2
        if east_asian_width(letter) in "WF"
        else 1.5
        if letter in WIDE
        else 1.3
        if letter.isupper()
        else 1
        for letter in words
    )
