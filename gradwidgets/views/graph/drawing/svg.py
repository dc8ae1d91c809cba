"""A graph as a picture that stands for itself: SVG for a saved notebook or a paper, DOT for people.

Nothing in the SVG comes from outside: no style sheet, no script, no font, no id. Every text is
escaped, and what XML does not allow at all is replaced.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import hypot, isfinite, log10

from gradwidgets.engine.graph.snapshot import Graph
from gradwidgets.texts import text
from gradwidgets.views.graph.drawing.boxes import BADGE, BADGE_CHARACTER, BADGE_PADDING, BoxKind
from gradwidgets.views.graph.drawing.layout import Layout
from gradwidgets.views.graph.drawing.scene import Block, Box, Scene
from gradwidgets.views.graph.drawing.tables import (
    ABSENT_WIDTH,
    CELL_HEIGHT,
    LEVELS,
    STRIP_BAD,
    STRIP_ZERO,
    Scale,
)
from gradwidgets.views.kit.theme import Theme, on_background

MARGIN, LINE, SMALL_LINE = 10, 15, 14
CHARACTER, SMALL_CHARACTER = 6.6, 6.0
NARROWEST = 460  # so that the lines below a small graph are not broken word by word
BACKGROUND, INK, FAINT, FRAME, NOW = "#ffffff", "#212121", "#5f6368", "#8a9096", "#d6266f"
BADGE_FILL, LAYER_FILL, IN_CELL = "#5f6368", "#fafafa", "#111111"
WRONG, WARNED = "#b3261e", "#8f5a00"
WRONG_SIGN, WARNED_SIGN = "✗", "!"
ARROW = 8.4  # length of an arrow's head

_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

TITLE_STYLE = {
    "gw-title": f'font-weight="600" fill="{INK}"',
    "gw-heading": f'font-weight="600" font-size="12" fill="{INK}"',
    "gw-signs": f'text-anchor="end" fill="{FAINT}"',
}


@dataclass(frozen=True)
class Fault:
    """The first box whose gradient is wrong, or about to be (a warning), and why in words."""

    box: str
    words: str
    warning: bool = False

    @property
    def ink(self) -> str:
        """The colour of its mark."""
        return WARNED if self.warning else WRONG

    @property
    def sign(self) -> str:
        """The mark itself."""
        return WARNED_SIGN if self.warning else WRONG_SIGN


def static_svg(
    scene: Scene,
    layout: Layout,
    texts: Sequence[str],
    title: str,
    says: str,
    caption: str = "",
    fault: Fault | None = None,
) -> str:
    """Return the scene in its places as a standalone SVG picture, readable on white.

    Parameters
    ----------
    texts : what `scene_texts` gives for the scene
    title : a short name of the picture, for a screen reader
    says : what is in it, in words
    caption : a line below the picture, such as the moment that it shows; may be empty
    fault : the first box whose gradient is wrong, and the verdict in words
    """
    words = fault.words if fault is not None else ""
    graph_width = max(layout.width, NARROWEST)
    shift = MARGIN + (graph_width - layout.width) / 2
    top = layout.height + MARGIN + 26
    foot = list(_foot(graph_width, top, caption, fault))
    width = graph_width + 2 * MARGIN
    height = top + sum(step for step, _ in foot) + MARGIN
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" version="1.1" role="img" '
        f'width="{_size(width)}" height="{_size(height)}" '
        f'viewBox="0 0 {_size(width)} {_size(height)}" '
        'font-family="system-ui, sans-serif" font-size="11">',
        f"<title>{_escaped(title)}</title>",
        f"<desc>{_escaped(' '.join(filter(None, [says, words])))}</desc>",
        f'<rect width="100%" height="100%" fill="{BACKGROUND}"/>',
        f'<g transform="translate({_size(shift)},{MARGIN})">',
    ]
    for edge, (points, place) in zip(scene.edges, layout.edges, strict=True):
        lines += _edge(points, edge.label, place)
    for box in scene.boxes:
        blamed = fault if fault is not None and fault.box == box.name else None
        lines += _box(box, layout.boxes[box.name], texts, blamed)
    lines += ["</g>", *(drawn for _, drawn in foot), "</svg>"]
    return "\n".join(lines) + "\n"


def dot_text(graph: Graph, scene: Scene) -> str:
    """Return the scene as DOT with names, operations and shapes, for any Graphviz program."""
    import graphviz

    picture = graphviz.Digraph(
        graph_attr={"rankdir": "TB"},
        node_attr={"shape": "box", "style": "rounded", "fontname": "sans-serif"},
        edge_attr={"fontname": "sans-serif", "fontsize": "10"},
    )
    looks: dict[BoxKind, dict[str, str]] = {
        "parameter": {"color": Theme().positive, "penwidth": "2"},
        "input": {"style": "rounded,dashed"},
        "result": {"penwidth": "3"},
        "fold": {"peripheries": "2"},
    }
    for box in scene.boxes:
        rows: dict[float, list[str]] = {0: [box.badge]} if box.badge else {}
        shown = ("gw-heading", "gw-title", "gw-shape", "gw-signs")
        for _, y, css_class, words in box.titles:
            if css_class in shown and words:
                row = next((known for known in rows if abs(known - y) < 3), y)
                rows.setdefault(row, []).append(words)
        label = "\\n".join(
            graphviz.escape(_in_one_line("  ".join(words))) for _, words in sorted(rows.items())
        )
        picture.node(box.name, label=graphviz.nohtml(label), **looks.get(box.kind, {}))
    for edge in scene.edges:
        picture.edge(edge.tail, edge.head, label=graphviz.escape(edge.label) or None)
    return str(picture.source)


def _in_one_line(words: str) -> str:
    return re.sub(r"\s+", " ", _NOT_IN_XML.sub("\ufffd", words))


def _escaped(words: str) -> str:
    words = _NOT_IN_XML.sub("\ufffd", words)
    for letter, name in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        words = words.replace(letter, name)
    return words


def _size(pixels: float) -> str:
    return f"{pixels:.1f}".removesuffix(".0")


def _text(x: float, y: float, words: str, style: str) -> str:
    return f'<text x="{_size(x)}" y="{_size(y)}" {style}>{_escaped(_in_one_line(words))}</text>'


def _rect(x: float, y: float, width: float, height: float, rest: str, radius: float = 1.5) -> str:
    return (
        f'<rect x="{_size(x)}" y="{_size(y)}" width="{_size(width)}" height="{_size(height)}" '
        f'rx="{_size(radius)}" {rest}/>'
    )


def _edge(
    points: list[tuple[float, float]], label: str, place: tuple[float, float] | None
) -> Iterator[str]:
    (x, y), *rest = points
    curve = " ".join(f"{_size(a)},{_size(b)}" for a, b in rest)
    yield (
        f'<path d="M{_size(x)},{_size(y)} C{curve}" fill="none" stroke="{FRAME}" '
        'stroke-width="1.2"/>'
    )
    end_x, end_y = points[-1]
    apart = [(end_x - x, end_y - y) for x, y in reversed(points[:-1])]
    dx, dy = next((way for way in apart if hypot(*way) > 0.5), (0.0, 1.0))
    dx, dy = dx / hypot(dx, dy), dy / hypot(dx, dy)
    half = ARROW / 2
    corners = (
        (end_x + ARROW * dx, end_y + ARROW * dy),
        (end_x - half * dy, end_y + half * dx),
        (end_x + half * dy, end_y - half * dx),
    )
    tips = " ".join(f"{_size(a)},{_size(b)}" for a, b in corners)
    yield f'<polygon points="{tips}" fill="{FRAME}"/>'
    if label and place:
        yield _text(place[0] + 6, place[1] + 4, label, f'text-anchor="middle" fill="{FAINT}"')


def _box(
    box: Box, place: tuple[float, float], texts: Sequence[str], fault: Fault | None = None
) -> Iterator[str]:
    yield f'<g transform="translate({_size(place[0])},{_size(place[1])})">'
    top = BADGE / 2 + 2 if box.badge else 0
    frame = _frame(box.kind)
    if box.kind == "fold":  # a second sheet behind: more than one is meant
        yield _rect(3, top + 3, box.width, box.height - top, frame, 4)
    yield _rect(0, top, box.width, box.height - top, frame, 4)
    if box.badge:
        wide = max(BADGE, BADGE_PADDING + BADGE_CHARACTER * len(box.badge))
        left = (box.width - wide) / 2
        yield _rect(left, 0, wide, BADGE, f'fill="{BADGE_FILL}"', BADGE / 2)
        style = f'text-anchor="middle" font-weight="600" fill="{BACKGROUND}"'
        yield _text(box.width / 2, BADGE / 2 + 4.5, box.badge, style)
    for x, y, css_class, words in box.titles:
        if words:
            yield _text(x, y, words, TITLE_STYLE.get(css_class, f'fill="{FAINT}"'))
    for block in box.blocks:
        drawn = _strip if block.form == "strip" else _table
        yield from drawn(block, texts[block.first : block.first + block.count])
    if fault is not None:
        yield _rect(0, top, box.width, box.height - top,
                    f'fill="none" stroke="{fault.ink}" stroke-width="3"', 4)  # fmt: skip
        style = f'text-anchor="middle" font-size="16" font-weight="700" fill="{fault.ink}" '
        halo = f'stroke="{BACKGROUND}" stroke-width="4" paint-order="stroke"'
        yield _text(box.width - 1, top + 6, fault.sign, style + halo)
    yield "</g>"


def _frame(kind: BoxKind) -> str:
    plus = Theme().positive
    if kind == "parameter":
        return f'fill="{_mixed(0.08, plus, BACKGROUND)}" stroke="{plus}" stroke-width="1.6"'
    if kind == "input":
        return f'fill="{BACKGROUND}" stroke="{FRAME}" stroke-dasharray="4 3"'
    if kind == "result":
        return f'fill="{BACKGROUND}" stroke="{INK}" stroke-width="2.4"'
    return f'fill="{LAYER_FILL if kind in ("layer", "fold") else BACKGROUND}" stroke="{FRAME}"'


def _table(block: Block, texts: Sequence[str]) -> Iterator[str]:
    *cells, word = texts
    for number, shown in enumerate(cells):
        if not shown:
            continue
        row, column = divmod(number, block.columns)
        x, y = block.x + column * block.cell_width, block.y + row * CELL_HEIGHT
        fill, ink = _cell_colours(shown, block.scale)
        yield _rect(x, y, block.cell_width - 1, CELL_HEIGHT - 1, fill)
        yield _text(x + block.cell_width - 4, y + 12, shown, f'text-anchor="end" fill="{ink}"')
    if word:
        cells_width = block.columns * block.cell_width
        width = max(cells_width, ABSENT_WIDTH) if block.scale == "gradient" else cells_width
        veil = f'fill="none" stroke="{FRAME}" stroke-dasharray="2 2"'
        yield _rect(block.x, block.y, width - 1, block.height - 1, veil)
        yield _text(block.x + 4, block.y + 12, word, f'font-style="italic" fill="{FAINT}"')


def _strip(block: Block, texts: Sequence[str]) -> Iterator[str]:
    (letters,) = texts
    for number, letter in enumerate(letters):
        level = (ord(letter) - STRIP_ZERO) / LEVELS
        fill = f'fill="{_heat(level)}"' if ord(letter) != STRIP_BAD else f'fill="{NOW}"'
        x = block.x + number * block.cell_width
        yield _rect(x, block.y, block.cell_width + 0.1, CELL_HEIGHT - 1, fill, 0)


def _cell_colours(shown: str, scale: Scale) -> tuple[str, str]:
    """Return the fill of a cell, as attributes, and the colour of its text."""
    value = float(shown.lstrip("↓ø↑").replace("−", "-"))
    if not isfinite(value):
        return f'fill="none" stroke="{NOW}" stroke-width="1.5"', INK
    share = min(1.0, abs(value))
    if scale == "gradient" and value:  # logarithmic from 0.0001, so that small ones show
        share = min(1.0, max(0.04, (log10(abs(value)) + 4) / 4))
    return f'fill="{_heat(share if value > 0 else -share)}"', IN_CELL


def _heat(level: float) -> str:
    """Return the colour between full − (−1), zero and full + (1)."""
    theme = Theme()
    return _mixed(abs(level), theme.positive if level > 0 else theme.negative, theme.zero)


def _mixed(share: float, colour: str, under: str) -> str:
    red, green, blue = on_background(colour, under)
    mixed = on_background(f"rgba({255 * red},{255 * green},{255 * blue},{share})", under)
    return "#" + "".join(f"{round(255 * part):02x}" for part in mixed)


def _foot(
    width: float, top: float, caption: str, fault: Fault | None
) -> Iterator[tuple[float, str]]:
    """Yield the lines below the graph from `top` on: the space that each takes, and its SVG."""
    y = top
    yield LINE + 3, _legend(MARGIN, y)
    y += LINE + 3
    if fault is not None:
        words = f"{fault.sign} {_in_one_line(fault.words)}"
        for line in textwrap.wrap(words, int(width / CHARACTER)):
            yield LINE, _text(MARGIN, y, line, f'fill="{fault.ink}"')
            y += LINE
    for line in textwrap.wrap(_in_one_line(caption), int(width / CHARACTER)):
        yield LINE, _text(MARGIN, y, line, f'fill="{INK}"')
        y += LINE
    for line in textwrap.wrap(text("still.live"), int(width / SMALL_CHARACTER)):
        yield SMALL_LINE, _text(MARGIN, y, line, f'font-size="10" fill="{FAINT}"')
        y += SMALL_LINE


def _legend(x: float, y: float) -> str:
    """Return what colours and frames mean, in a line."""
    faint, drawn = f'fill="{FAINT}"', []
    drawn.append(_text(x, y, "−", faint))
    x += 10
    for step in range(-4, 5):
        drawn.append(_rect(x, y - 9, 8.1, 10, f'fill="{_heat(step / 4)}"', 0))
        x += 8
    drawn.append(_text(x + 4, y, "+", faint))
    x += 24
    kinds: tuple[BoxKind, ...] = ("parameter", "input")
    for kind in kinds:
        words = text(f"still.{kind}")
        drawn.append(_rect(x, y - 9, 14, 10, _frame(kind), 2))
        drawn.append(_text(x + 19, y, words, faint))
        x += 19 + CHARACTER * len(words) + 14
    drawn.append(_text(x, y, text("graph.legend"), faint))
    return "\n".join(drawn)
