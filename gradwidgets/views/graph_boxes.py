"""What stands in the boxes of a graph: one box a tensor, or one for many of them.

Sizes are in pixels at scale 1.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from unicodedata import east_asian_width

from gradwidgets.views import numbers
from gradwidgets.views.graph_fold import Part, fold
from gradwidgets.views.graph_tables import (
    ABSENT_WIDTH,
    BINS,
    CELL_HEIGHT,
    CELL_WIDTH,
    SUMMARY_WIDTH,
    Block,
    table_of,
)
from gradwidgets.views.texts import counted, text

TITLE_HEIGHT, PADDING, GAP = 18, 5, 8
PART_WIDTH = 34  # the words "data" and "grad" before their rows
CHARACTER = 6.6  # width of a character, see `_length`
WIDE = frozenset("mwMW@%")
LONGEST = 40  # characters of a name; the rest is only read aloud
LONGEST_SIGNS = 30  # of a layer's operations, which stand beside its name
BADGE = 22  # diameter of the circle that holds an operation's symbol
BADGE_CHARACTER, BADGE_PADDING = 7.5, 8  # of longer symbols
BADGE_ROOM = 6  # by which a line of text goes down to be clear of a badge
TALL = 6  # rows; the gradient of a taller table stands beside it
MOST_GIVEN, MOST_MADE = 8, 4  # rows of a box for inputs and parameters, and for results
MOST_FOLDED = {"repeat": 2, "stretch": 1}  # rows of a folded box
MOST_NAMES = 12  # of the tensors in a folded box, read aloud


@dataclass
class Box:
    """One rectangle: a tensor, or a layer with several tensors in it.

    `kind` is a node's, or "layer", or "fold" for what repeats or was put together for its number.
    `members` are the indices of the nodes that it stands for, shown or not.
    """

    name: str  # our own, never a user's text
    kind: str
    titles: list[tuple[float, float, str, str]] = field(default_factory=list)  # x, y, class, text
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
    sources: list[tuple[int, str]]  # (node index, "data" or "gradient"), in the order of the texts
    count: int  # of texts
    box_of: list[str] = field(default_factory=list)
    edge_of: dict[tuple[int, int], int] = field(default_factory=dict)


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


class _Builder:
    """Hands out the tables of a scene and counts their texts."""

    def __init__(self, graph: object, values: bool = False) -> None:
        self.graph = graph
        self.values = values
        self.sources: list[tuple[int, str]] = []
        self.count = 0
        self.box_of = [""] * len(graph.nodes)
        self.edge_of: dict[tuple[int, int], int] = {}

    def table(self, node: object, part: str, x: float, y: float) -> Block:
        """Return the table of a tensor's data or gradient."""
        rows, columns, full = table_of(node, self.values)
        width = CELL_WIDTH if full else SUMMARY_WIDTH
        if part == "gradient" and not node.autograd:
            rows, columns, width = 1, 1, ABSENT_WIDTH
        return self._counted(node, Block(x, y, rows, columns, width, part, self.count, full=full))

    def strip(self, node: object, part: str, x: float, y: float) -> Block:
        """Return a heat strip, as wide as the summary that stands below it."""
        width = 3 * SUMMARY_WIDTH / BINS
        return self._counted(
            node, Block(x, y, 1, BINS, width, part, self.count, form="strip", full=False)
        )

    def _counted(self, node: object, block: Block) -> Block:
        self.sources.append((node.index, block.scale))
        self.count += block.count
        return block

    def finish(self, boxes: list[Box], edges: list[Edge]) -> Scene:
        for box in boxes:
            for index in box.members:
                self.box_of[index] = box.name
        return Scene(boxes, edges, self.sources, self.count, self.box_of, self.edge_of)


class Operations(_Builder):
    """Every tensor is a box; the operation that made it sits as a circle on its upper edge.

    With `values`, the tables are larger, and what is larger still becomes a heat strip.
    """

    def scene(self) -> Scene:
        """Return the scene."""
        boxes, edges = [], []
        for node in self.graph.nodes:
            boxes.append(self._box(node))
            for position, creator in enumerate(node.creators):
                self.edge_of[node.index, position] = len(edges)
                # The first creator stands above its result; parameters come from the side.
                edges.append(Edge(f"n{creator}", f"n{node.index}", main=position == 0))
        return self.finish(boxes, edges)

    def _box(self, node: object) -> Box:
        called = node.name or node.op or text("kind." + node.kind)
        title = _shortened(called)
        badge = _shortened(symbol_of(node.op))
        box = Box(f"n{node.index}", node.kind, badge=badge, members=(node.index,))
        y = BADGE / 2 + 2 if box.badge else 0.0
        shape = numbers.shape(node.shape)
        badge_width = max(BADGE, BADGE_PADDING + BADGE_CHARACTER * len(badge))
        after_title = PADDING + CHARACTER * (_length(title) + 1.6)
        box.titles = [
            (PADDING, y + 13, "gw-title", title),
            (after_title, y + 13, "gw-shape", shape),
        ]
        box.width = max(
            after_title + CHARACTER * len(shape) + PADDING,
            badge_width,
        )
        self._numbers(box, node, y + TITLE_HEIGHT)
        if badge and after_title + CHARACTER * len(shape) > (box.width - badge_width) / 2:
            _lower(box, BADGE_ROOM)  # the badge hangs into the middle of the first line
        box.says = _node_says(node, called)
        if node.creators:
            made_of = ", ".join(title_of(self.graph.nodes[i]) for i in node.creators)
            box.says += " " + text("node.made", op=node.op or "?", creators=made_of)
        if node.note:
            box.says += " " + node.note
        return box

    def _numbers(self, box: Box, node: object, y: float) -> None:
        """Put data and gradient into a box, from `y` on downwards."""
        left, top = PADDING, y
        for part in ("data", "gradient"):
            x = left + PART_WIDTH
            box.titles.append((left, y + 12, "gw-part", text(f"graph.part.{part}")))
            missing = part == "gradient" and not node.autograd
            if self.values and not missing and not table_of(node, True)[2] and not node.note:
                box.blocks.append(self.strip(node, part, x, y))
                y += CELL_HEIGHT + 1
            block = self.table(node, part, x, y)
            box.blocks.append(block)
            box.width = max(box.width, x + block.width + PADDING)
            box.height = max(box.height, y + block.height + 1 + PADDING)
            if block.rows > TALL:
                left, y = x + block.width + GAP, top
            else:
                y += block.height + 1


class Layers(_Builder):
    """One box a layer: a table with a row for each parameter and for the output.

    Columns are data and gradient; shapes stand on the edges. What has no layer is folded where it
    repeats, or is too much.
    """

    def scene(self) -> Scene:
        """Return the scene."""
        nodes = self.graph.nodes
        parts = fold(self.graph)
        place = [""] * len(nodes)
        kinds: dict[str, str] = {}
        for name, part in zip(_names(parts), parts, strict=True):
            kinds[name] = part.kind
            for index in part.members:
                place[index] = name
        used_outside = {
            creator
            for node in nodes
            for creator in node.creators
            if place[creator] != place[node.index]
        }
        boxes = [
            self._box(name, part, used_outside) for name, part in zip(kinds, parts, strict=True)
        ]
        edges: dict[tuple[str, str], int] = {}
        drawn: list[Edge] = []
        for node in nodes:
            for position, creator in enumerate(node.creators):
                pair = place[creator], place[node.index]
                if pair[0] == pair[1]:
                    continue
                if pair not in edges:
                    edges[pair] = len(drawn)
                    many = kinds[pair[0]] == "stretch" or kinds[pair[1]] == "stretch"
                    label = "" if many else numbers.shape(nodes[creator].shape)
                    drawn.append(Edge(*pair, label))
                self.edge_of[node.index, position] = edges[pair]
        return self.finish(boxes, drawn)

    def _box(self, name: str, part: Part, used_outside: set[int]) -> Box:
        members = [self.graph.nodes[index] for index in part.members]
        results = [node for node in members if node.index in used_outside or node.kind == "result"]
        if part.kind == "one":
            (node,) = members
            box = Box(name, node.kind, says=_node_says(node, title_of(node)), members=part.members)
            return self._table_box(box, "", "", members)
        if part.kind == "group":
            return self._layer(name, members, results, part.members)
        return self._folded(name, part, members, results)

    def _layer(self, name: str, group: list, results: list, members: tuple[int, ...]) -> Box:
        given = [node for node in group if not node.creators or node.kind == "parameter"]
        made = [node for node in results if node.creators and node.kind != "parameter"]
        shown = given[:MOST_GIVEN] + made[-MOST_MADE:]
        left_out = len(given) + len(made) - len(shown)
        signs = [symbol_of(node.op) for node in group if node.op]
        heading = _heading(group)
        kind = "result" if any(node.kind == "result" for node in group) else "layer"
        box = Box(name, kind, members=members)
        box.says = text("layer.says", name=heading, operations=_listed(signs, 100) or "–")
        foot = text("fold.more", tensors=counted("tensor_count", left_out)) if left_out else ""
        return self._table_box(box, _shortened(heading), _listed(signs, 6), shown, foot)

    def _folded(self, name: str, part: Part, members: list, results: list) -> Box:
        kind = "result" if members[-1].kind == "result" else "fold"
        box = Box(name, kind, members=part.members)
        each = len(members) // part.times
        first = members[:each] if part.kind == "repeat" else members
        signs = [symbol_of(node.op) for node in first if node.op]
        if part.kind == "stretch":
            signs = list(dict.fromkeys(signs))
        count = numbers.grouped(len(members))
        tensors = counted("tensor_count", len(members)).replace(str(len(members)), count)
        ends = {"first": members[0].index + 1, "last": members[-1].index + 1}
        what = _listed(signs, 100) or text("kind." + members[0].kind)
        if part.kind == "repeat":
            heading = text("fold.times", count=part.times)
            box.says = text("fold.says.repeat", count=part.times, operations=what, **ends)
        else:
            heading = text("fold.tensors", **ends)
            box.says = text("fold.says.stretch", operations=what, **ends)
        named = [node.name for node in members if node.name]
        if named:
            box.says += " " + text("fold.names", names=_listed(named, MOST_NAMES, ", "))
        foot = tensors if part.kind == "repeat" else ""
        signs = signs or [text("kind." + members[0].kind)]
        shown = results[-MOST_FOLDED[part.kind] :]
        return self._table_box(box, heading, _listed(signs, 6), shown, foot)

    def _table_box(self, box: Box, heading: str, signs: str, nodes: list, foot: str = "") -> Box:
        titles = [self._row_title(node, heading) for node in nodes]
        shapes = [numbers.shape(node.shape) for node in nodes]
        widths = [_length(a) + len(b) for a, b in zip(titles, shapes, strict=True)]
        widest = max(widths, default=0) + 2.5
        left = PADDING + max(CHARACTER * widest, 7.4 * (_length(heading) + 1.2))
        tables = [table_of(node) for node in nodes]
        column = max((n * (CELL_WIDTH if full else SUMMARY_WIDTH) for _, n, full in tables),
                     default=0)  # fmt: skip
        right = left + max(column, 30) + GAP
        if heading:
            box.titles.append((PADDING, 14, "gw-heading", heading))
        captions = 0.0
        if nodes:
            box.titles.append((left, 13, "gw-part", text("graph.legend.data")))
            box.titles.append((right, 13, "gw-part", text("graph.legend.gradient")))
            captions = right + CHARACTER * (_length(text("graph.legend.gradient")) + 1)
        y = float(TITLE_HEIGHT)
        for node, title, shape in zip(nodes, titles, shapes, strict=True):
            data = self.table(node, "data", left, y)
            gradient = self.table(node, "gradient", right, y)
            box.blocks += [data, gradient]
            box.titles.append((PADDING, y + 12, "gw-title", title))
            after_title = PADDING + CHARACTER * (_length(title) + 1.2)
            box.titles.append((after_title, y + 12, "gw-shape", shape))
            box.width = max(box.width, right + gradient.width + PADDING)
            y += max(data.height, gradient.height) + 3
        if signs:
            box.width = max(box.width, (captions or left) + CHARACTER * _length(signs) + PADDING)
            box.titles.append((box.width - PADDING, 13, "gw-signs", signs))
        if foot:
            box.width = max(box.width, CHARACTER * _length(foot) + 2 * PADDING)
            box.titles.append((PADDING, y + 11, "gw-shape", foot))
            y += CELL_HEIGHT
        box.height = y + 2
        return box

    @staticmethod
    def _row_title(node: object, heading: str) -> str:
        """Return a name without the layer's, which stands above it."""
        if node.creators and not node.name:
            return _shortened(text("layer_output") if heading else node.op)
        name = title_of(node)
        return _shortened(name.removeprefix(heading).strip() or name)


def _names(parts: list[Part]) -> list[str]:
    """Return a name for each part's box: groups are counted by their own, single nodes by index."""
    groups = 0
    found = []
    for part in parts:
        if part.kind == "group":
            found.append(f"g{groups}")
            groups += 1
        else:
            found.append(f"{'n' if part.kind == 'one' else 'f'}{part.members[0]}")
    return found


def _heading(group: list) -> str:
    """Return a layer's name as its parameters have it: the output's are those of the last layer."""
    name = group[0].group
    named = [node.name for node in group if node.kind == "parameter" and node.name]
    if not named or named[0].startswith(name):
        return name
    return named[0].rpartition(" ")[0] or name


def _listed(words: list[str], most: int, between: str = " ") -> str:
    """Return words in a line, the last ones left out when there are more than `most`."""
    shown = words if len(words) <= most else [*words[: most - 1], "…"]
    line = between.join(shown)
    return _shortened(line, LONGEST_SIGNS) if between == " " and most < 10 else line


def _lower(box: Box, down: float) -> None:
    """Move everything that stands in a box."""
    box.titles = [(x, y + down, css_class, words) for x, y, css_class, words in box.titles]
    box.blocks = [replace(block, y=block.y + down) for block in box.blocks]
    box.height += down


def _shortened(words: str, most: int = LONGEST) -> str:
    return words if len(words) <= most else words[: most - 1] + "…"


def _length(words: str) -> float:
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


def _node_says(node: object, title: str) -> str:
    return text(
        "node.says",
        name=title,
        kind=text("kind." + node.kind),
        shape=numbers.shape(node.shape),
    )
