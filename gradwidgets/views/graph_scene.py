"""A graph of tensors as boxes and arrows, before anybody decides where they stand.

A scene has a fixed part (boxes, edges, sizes), which depends on the topology alone, and texts,
which change with every frame. Sizes are in pixels at scale 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from unicodedata import east_asian_width

import numpy as np

from gradwidgets.views import numbers
from gradwidgets.views.texts import text

FULL = 16  # arrays of up to this many numbers are shown in full
WRAP = 4  # numbers in one row of a vector
CELL_WIDTH, CELL_HEIGHT = 37, 16
SUMMARY_WIDTH = 48  # a cell with a sign for min, mean or max before its number
ABSENT_WIDTH = 72  # room for "no gradient"
TITLE_HEIGHT, PADDING, GAP = 18, 5, 8
PART_WIDTH = 34  # the words "data" and "grad" before their rows
CHARACTER = 6.6  # width of a character, see `_length`
LONGEST = 40  # characters of a name; the rest is only read aloud
BADGE = 22  # diameter of the circle that holds an operation's symbol
BADGE_CHARACTER, BADGE_PADDING = 7.5, 8  # of longer symbols
SUMMARY = (("↓", "min"), ("ø", "mean"), ("↑", "max"))


@dataclass(frozen=True)
class Block:
    """A little table of numbers: one tensor's data or gradient.

    `first` counts its texts in the scene: rows × columns cells, then one text for the whole block
    ("not yet", "no gradient"), empty when there are numbers.
    """

    x: float
    y: float
    rows: int
    columns: int
    cell_width: float
    scale: str  # "data" or "gradient"
    first: int

    @property
    def width(self) -> float:
        """Pixels, with room for "no gradient"."""
        cells = self.columns * self.cell_width
        return max(cells, ABSENT_WIDTH) if self.scale == "gradient" else cells

    @property
    def height(self) -> float:
        """Pixels."""
        return self.rows * CELL_HEIGHT


@dataclass
class Box:
    """One rectangle: a tensor, or a layer with several tensors in it."""

    name: str  # our own, never a user's text
    kind: str
    titles: list[tuple[float, float, str, str]] = field(default_factory=list)  # x, y, class, text
    blocks: list[Block] = field(default_factory=list)
    badge: str = ""
    says: str = ""
    width: float = 0.0
    height: float = 0.0


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
    """Boxes and edges, and for each block the node whose numbers it shows."""

    boxes: list[Box]
    edges: list[Edge]
    sources: list[tuple[int, str]]  # (node index, "data" or "gradient"), in the order of the texts
    count: int  # of texts


def build_scene(graph: object, detail: str) -> Scene:
    """Return the scene of an engine `Graph` at a detail: "layers" or "operations"."""
    return (_Layers if detail == "layers" else _Operations)(graph).scene()


def scene_texts(graph: object, scene: Scene) -> list[str]:
    """Return every text of the scene that changes with the numbers, in the blocks' order."""
    texts: list[str] = []
    for index, part in scene.sources:
        texts.extend(_block_texts(graph.nodes[index], part))
    return texts


def title_of(node: object) -> str:
    """Return what a tensor is called: its name, or else the operation that made it."""
    return node.name or symbol_of(node.op) or text("kind." + node.kind)


def symbol_of(creation_op: str | None) -> str:
    """Return the sign of an operation, or its own name when no rule is known for it."""
    if not creation_op:
        return ""
    from gradwidgets.core.ops import find_op

    known = find_op(creation_op)
    return known[0].symbol if known else creation_op


def _table(node: object) -> tuple[int, int, bool]:
    """Return rows and columns of a tensor's table, and whether it holds all its numbers."""
    shape = node.shape
    size = int(np.prod(shape)) if shape else 1
    if node.data is None or not 0 < size <= FULL or len(shape) > 2:
        return 1, 3, False
    if size in shape or not shape:  # a vector, in whatever direction: wrapped into short rows
        columns = min(size, WRAP)
        return -(-size // columns), columns, True
    return shape[0], shape[1], True


def _block_texts(node: object, part: str) -> Iterator[str]:
    rows, columns, full = _table(node)
    values = node.data if part == "data" else node.grad
    if part == "gradient" and not node.autograd:
        yield ""
        yield text("no_gradient")
        return
    if values is None or values.dtype.kind not in "fiub" or values.size == 0:
        yield from [""] * (rows * columns)
        yield text("not_yet" if values is None and part == "gradient" else "no_values")
        return
    word = ""
    if full and values.size <= rows * columns:
        yield from numbers.cells(values)
        yield from [""] * (rows * columns - values.size)  # the rest of a vector's last row
    elif rows * columns < len(SUMMARY):  # no room for a gradient much larger than its tensor
        yield from [""] * (rows * columns)
        word = text("other_shape", shape=numbers.shape(values.shape))
    else:
        with np.errstate(all="ignore"):  # infinities have no mean
            least, mean, most = values.min(), values.mean(), values.max()
        for (sign, _), value in zip(SUMMARY, (least, mean, most), strict=True):
            yield sign + numbers.cell(value)
        yield from [""] * (rows * columns - len(SUMMARY))  # a gradient of another shape
    yield word


class _Builder:
    """Hands out the tables of a scene and counts their texts."""

    def __init__(self, graph: object) -> None:
        self.graph = graph
        self.sources: list[tuple[int, str]] = []
        self.count = 0

    def block(self, node: object, part: str, x: float, y: float) -> Block:
        rows, columns, full = _table(node)
        width = CELL_WIDTH if full else SUMMARY_WIDTH
        if part == "gradient" and not node.autograd:
            rows, columns, width = 1, 1, ABSENT_WIDTH
        block = Block(x, y, rows, columns, width, part, self.count)
        self.sources.append((node.index, part))
        self.count += rows * columns + 1
        return block

    def finish(self, boxes: list[Box], edges: list[Edge]) -> Scene:
        return Scene(boxes, edges, self.sources, self.count)


class _Operations(_Builder):
    """Every tensor is a box; the operation that made it sits as a circle on its upper edge."""

    def scene(self) -> Scene:
        boxes, edges = [], []
        for node in self.graph.nodes:
            boxes.append(self._box(node))
            # The first creator stands above its result; parameters and targets come from the side.
            edges += [
                Edge(f"n{creator}", f"n{node.index}", main=position == 0)
                for position, creator in enumerate(node.creators)
            ]
        return self.finish(boxes, edges)

    def _box(self, node: object) -> Box:
        called = node.name or node.op or text("kind." + node.kind)
        title = _shortened(called)
        box = Box(f"n{node.index}", node.kind, badge=_shortened(symbol_of(node.op)))
        y = BADGE / 2 + 2 if box.badge else 0.0
        shape = numbers.shape(node.shape)
        after_title = PADDING + CHARACTER * (_length(title) + 1.6)
        box.titles = [
            (PADDING, y + 13, "gw-title", title),
            (after_title, y + 13, "gw-shape", shape),
        ]
        box.width = max(
            after_title + CHARACTER * len(shape) + PADDING,
            BADGE_PADDING + BADGE_CHARACTER * len(box.badge),
        )
        y += TITLE_HEIGHT
        for part in ("data", "gradient"):
            block = self.block(node, part, PADDING + PART_WIDTH, y)
            box.blocks.append(block)
            box.titles.append((PADDING, y + 12, "gw-part", text(f"graph.part.{part}")))
            box.width = max(box.width, PADDING + PART_WIDTH + block.width + PADDING)
            y += block.height + 1
        box.height = y + PADDING
        box.says = _node_says(node, called)
        if node.creators:
            made_of = ", ".join(title_of(self.graph.nodes[i]) for i in node.creators)
            box.says += " " + text("node.made", op=node.op or "?", creators=made_of)
        if node.note:
            box.says += " " + node.note
        return box


class _Layers(_Builder):
    """One box a layer: a table with a row for each parameter and for the output.

    Columns are data and gradient; shapes stand on the edges.
    """

    def __init__(self, graph: object) -> None:
        super().__init__(graph)
        self._numbers: dict[str, int] = {}

    def scene(self) -> Scene:
        nodes = self.graph.nodes
        place = [self._place(node) for node in nodes]
        members: dict[str, list] = {}
        for node, name in zip(nodes, place, strict=True):
            members.setdefault(name, []).append(node)
        boxes = [self._box(name, group, place) for name, group in members.items()]
        edges: dict[tuple[str, str], Edge] = {}
        for node in nodes:
            for creator in node.creators:
                pair = place[creator], place[node.index]
                if pair[0] != pair[1]:
                    edges.setdefault(pair, Edge(*pair, numbers.shape(nodes[creator].shape)))
        return self.finish(boxes, list(edges.values()))

    def _place(self, node: object) -> str:
        if node.group is None:
            return f"n{node.index}"
        return f"g{self._numbers.setdefault(node.group, len(self._numbers))}"

    def _box(self, name: str, group: list, place: list[str]) -> Box:
        if name.startswith("n"):
            node = group[0]
            return self._table_box(Box(name, node.kind, says=_node_says(node, title_of(node))),
                                   "", "", group)  # fmt: skip
        given = [node for node in group if not node.creators or node.kind == "parameter"]
        made = [node for node in group if node.creators and node.kind != "parameter"]
        shown = given + [node for node in made if self._leaves(node, place)]
        signs = [symbol_of(node.op) for node in group if node.op]
        result = any(node.kind == "result" for node in group)
        heading = _heading(group)
        box = Box(name, "result" if result else "layer")
        box.says = text("layer.says", name=heading, operations=" ".join(signs) or "–")
        signs = signs if len(signs) <= 6 else [*signs[:5], "…"]
        return self._table_box(box, _shortened(heading), _shortened(" ".join(signs)), shown)

    def _leaves(self, node: object, place: list[str]) -> bool:
        """Whether a result is used outside its layer, or is the end of the graph."""
        if node.kind == "result":
            return True
        return any(
            node.index in other.creators and place[other.index] != place[node.index]
            for other in self.graph.nodes
        )

    def _table_box(self, box: Box, heading: str, signs: str, nodes: list) -> Box:
        titles = [self._row_title(node, heading) for node in nodes]
        shapes = [numbers.shape(node.shape) for node in nodes]
        widest = max(_length(a) + len(b) for a, b in zip(titles, shapes, strict=True)) + 2.5
        left = PADDING + max(CHARACTER * widest, 7.4 * (_length(heading) + 1.2))
        tables = [_table(node) for node in nodes]
        column = max(n * (CELL_WIDTH if full else SUMMARY_WIDTH) for _, n, full in tables)
        right = left + max(column, 30) + GAP
        if heading:
            box.titles.append((PADDING, 14, "gw-heading", heading))
        box.titles.append((left, 13, "gw-part", text("graph.legend.data")))
        box.titles.append((right, 13, "gw-part", text("graph.legend.gradient")))
        y = float(TITLE_HEIGHT)
        for node, title, shape in zip(nodes, titles, shapes, strict=True):
            data = self.block(node, "data", left, y)
            gradient = self.block(node, "gradient", right, y)
            box.blocks += [data, gradient]
            box.titles.append((PADDING, y + 12, "gw-title", title))
            after_title = PADDING + CHARACTER * (_length(title) + 1.2)
            box.titles.append((after_title, y + 12, "gw-shape", shape))
            box.width = max(box.width, right + gradient.width + PADDING)
            y += max(data.height, gradient.height) + 3
        if signs:
            captions = _length(text("graph.legend.gradient")) + 1 + _length(signs)
            box.width = max(box.width, right + CHARACTER * captions + PADDING)
            box.titles.append((box.width - PADDING, 13, "gw-signs", signs))
        box.height = y + 2
        return box

    @staticmethod
    def _row_title(node: object, heading: str) -> str:
        """Return a name without the layer's, which stands above it."""
        if node.creators and not node.name:
            return _shortened(text("layer_output") if heading else node.op)
        name = title_of(node)
        return _shortened(name.removeprefix(heading).strip() or name)


def _heading(group: list) -> str:
    """Return a layer's name as its parameters have it: the output's are those of the last layer."""
    name = group[0].group
    named = [node.name for node in group if node.kind == "parameter" and node.name]
    if not named or named[0].startswith(name):
        return name
    return named[0].rpartition(" ")[0] or name


def _shortened(words: str) -> str:
    return words if len(words) <= LONGEST else words[: LONGEST - 1] + "…"


def _length(words: str) -> float:
    """Return how many characters' width a text takes: capitals and Chinese take more than one."""
    return sum(
        2 if east_asian_width(letter) in "WF" else 1.3 if letter.isupper() else 1
        for letter in words
    )


def _node_says(node: object, title: str) -> str:
    return text(
        "node.says",
        name=title,
        kind=text("kind." + node.kind),
        shape=numbers.shape(node.shape),
    )
