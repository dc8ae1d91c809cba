"""The scene of a graph with one box a layer, folded where it repeats or is too much."""

from __future__ import annotations

from gradwidgets.engine.graph.snapshot import Graph, Node
from gradwidgets.texts import counted, text
from gradwidgets.views.graph.drawing.boxes import (
    CHARACTER,
    GAP,
    LONGEST,
    PADDING,
    TITLE_HEIGHT,
    Box,
    BoxKind,
    Edge,
    Scene,
    Tables,
    length,
)
from gradwidgets.views.graph.drawing.fold import Part, PartKind, fold
from gradwidgets.views.graph.drawing.tables import CELL_HEIGHT, CELL_WIDTH, SUMMARY_WIDTH, table_of
from gradwidgets.views.graph.words import node_says, shortened, symbol_of, title_of
from gradwidgets.views.kit import numbers

HEADING_CHARACTER = 7.4  # width of a character
NARROWEST = 30  # column
MOST_SIGNS, LONGEST_SIGNS = 6, 30  # operations of a layer beside its name, and their characters
MOST_SPOKEN = 100  # operations of a layer, read aloud
MOST_GIVEN, MOST_MADE = 8, 4  # rows of a box for inputs and parameters, and for results
MOST_FOLDED: dict[PartKind, int] = {"repeat": 2, "stretch": 1}  # rows of a folded box
MOST_NAMES = 12  # of the tensors in a folded box, read aloud


class Layers:
    """One box a layer: a table with a row for each parameter and for the output.

    Columns are data and gradient; shapes stand on the edges. What has no layer is folded where it
    repeats, or is too much.
    """

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.tables = Tables()

    def scene(self) -> Scene:
        """Return the scene."""
        found = fold(self.graph)
        parts = dict(zip(_names(found), found, strict=True))
        place = {index: name for name, part in parts.items() for index in part.members}
        used_outside = {
            creator
            for node in self.graph.nodes
            for creator in node.creators
            if place[creator] != place[node.index]
        }
        boxes = [self._box(name, part, used_outside) for name, part in parts.items()]
        return self.tables.scene(boxes, *self._edges(parts, place))

    def _edges(
        self, parts: dict[str, Part], place: dict[int, str]
    ) -> tuple[list[Edge], dict[tuple[int, int], int]]:
        """Return one edge for each pair of boxes, and how to find it; `place` names their boxes."""
        nodes = self.graph.nodes
        edges: list[Edge] = []
        between: dict[tuple[str, str], int] = {}
        edge_of: dict[tuple[int, int], int] = {}
        for node in nodes:
            for position, creator in enumerate(node.creators):
                tail, head = pair = place[creator], place[node.index]
                if tail == head:
                    continue
                if pair not in between:
                    between[pair] = len(edges)
                    many = "stretch" in (parts[tail].kind, parts[head].kind)
                    label = "" if many else numbers.shape(nodes[creator].shape)
                    edges.append(Edge(tail, head, label))
                edge_of[node.index, position] = between[pair]
        return edges, edge_of

    def _box(self, name: str, part: Part, used_outside: set[int]) -> Box:
        members = [self.graph.nodes[index] for index in part.members]
        results = [node for node in members if node.index in used_outside or node.kind == "result"]
        if part.kind == "one":
            (node,) = members
            box = Box(name, node.kind, says=node_says(node, title_of(node)), members=part.members)
            return self._table_box(box, "", "", members)
        if part.kind == "group":
            return self._layer(name, members, results, part.members)
        return self._folded(name, part, members, results)

    def _layer(
        self, name: str, group: list[Node], results: list[Node], members: tuple[int, ...]
    ) -> Box:
        given = [node for node in group if not node.creators or node.kind == "parameter"]
        made = [node for node in results if node.creators and node.kind != "parameter"]
        shown = given[:MOST_GIVEN] + made[-MOST_MADE:]
        left_out = len(given) + len(made) - len(shown)
        signs = [symbol_of(node.op) for node in group if node.op]
        heading = _heading(group)
        kind: BoxKind = "result" if any(node.kind == "result" for node in group) else "layer"
        box = Box(name, kind, members=members)
        box.says = text("layer.says", name=heading, operations=_listed(signs, MOST_SPOKEN) or "–")
        foot = text("fold.more", tensors=counted("tensor_count", left_out)) if left_out else ""
        return self._table_box(box, shortened(heading, LONGEST), _beside(signs), shown, foot)

    def _folded(self, name: str, part: Part, members: list[Node], results: list[Node]) -> Box:
        kind: BoxKind = "result" if members[-1].kind == "result" else "fold"
        box = Box(name, kind, members=part.members)
        each = len(members) // part.times
        first = members[:each] if part.kind == "repeat" else members
        signs = [symbol_of(node.op) for node in first if node.op]
        if part.kind == "stretch":
            signs = list(dict.fromkeys(signs))
        count = numbers.grouped(len(members))
        tensors = counted("tensor_count", len(members)).replace(str(len(members)), count)
        ends = {"first": members[0].index + 1, "last": members[-1].index + 1}
        what = _listed(signs, MOST_SPOKEN) or text("kind." + members[0].kind)
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
        return self._table_box(box, heading, _beside(signs), shown, foot)

    def _table_box(
        self, box: Box, heading: str, signs: str, nodes: list[Node], foot: str = ""
    ) -> Box:
        """Put a line with names of columns, a row for each node, and a last line into a box."""
        titles = [self._row_title(node, heading) for node in nodes]
        left, right = _columns(heading, titles, nodes)
        if heading:
            box.titles.append((PADDING, 14, "gw-heading", heading))
        captions = left
        if nodes:
            last = text("graph.legend.gradient")
            box.titles.append((left, 13, "gw-part", text("graph.legend.data")))
            box.titles.append((right, 13, "gw-part", last))
            captions = right + CHARACTER * (length(last) + 1)
        y = float(TITLE_HEIGHT)
        for node, title in zip(nodes, titles, strict=True):
            data = self.tables.table(node, "data", left, y)
            gradient = self.tables.table(node, "gradient", right, y)
            box.blocks += [data, gradient]
            box.titles.append((PADDING, y + 12, "gw-title", title))
            after_title = PADDING + CHARACTER * (length(title) + 1.2)
            box.titles.append((after_title, y + 12, "gw-shape", numbers.shape(node.shape)))
            box.width = max(box.width, right + gradient.width + PADDING)
            y += max(data.height, gradient.height) + 3
        if signs:
            box.width = max(box.width, captions + CHARACTER * length(signs) + PADDING)
            box.titles.append((box.width - PADDING, 13, "gw-signs", signs))
        if foot:
            box.width = max(box.width, CHARACTER * length(foot) + 2 * PADDING)
            box.titles.append((PADDING, y + 11, "gw-shape", foot))
            y += CELL_HEIGHT
        box.height = y + 2
        return box

    @staticmethod
    def _row_title(node: Node, heading: str) -> str:
        """Return a name without the layer's, which stands above it."""
        if node.creators and not node.name:
            return shortened(text("layer_output") if heading else node.op or "?", LONGEST)
        name = title_of(node)
        return shortened(name.removeprefix(heading).strip() or name, LONGEST)


def _columns(heading: str, titles: list[str], nodes: list[Node]) -> tuple[float, float]:
    """Return where the columns of data and of gradients begin."""
    widths = [
        length(title) + len(numbers.shape(node.shape))
        for title, node in zip(titles, nodes, strict=True)
    ]
    widest = max(widths, default=0) + 2.5
    left = PADDING + max(CHARACTER * widest, HEADING_CHARACTER * (length(heading) + 1.2))
    tables = [table_of(node) for node in nodes]
    column = max(
        (count * (CELL_WIDTH if full else SUMMARY_WIDTH) for _, count, full in tables), default=0
    )
    return left, left + max(column, NARROWEST) + GAP


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


def _heading(group: list[Node]) -> str:
    """Return a layer's name as its parameters have it: the output's are those of the last layer."""
    name = group[0].group or ""
    named = [node.name for node in group if node.kind == "parameter" and node.name]
    if not named or named[0].startswith(name):
        return name
    return named[0].rpartition(" ")[0] or name


def _listed(words: list[str], most: int, between: str = " ") -> str:
    """Return words in a line, the last ones left out when there are more than `most`."""
    return between.join(words if len(words) <= most else [*words[: most - 1], "…"])


def _beside(signs: list[str]) -> str:
    """Return signs in a line that is short enough to stand beside a name."""
    return shortened(_listed(signs, MOST_SIGNS), LONGEST_SIGNS)
