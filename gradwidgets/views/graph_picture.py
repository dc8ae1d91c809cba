"""A picture of a graph on the page: laid out once per topology, then only changed texts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import traitlets

from gradwidgets.engine.snapshot import Graph
from gradwidgets.views import graph_layout, numbers
from gradwidgets.views.assets import joined
from gradwidgets.views.graph_boxes import Box
from gradwidgets.views.graph_changes import changes
from gradwidgets.views.graph_scene import (
    DETAILS,
    Scene,
    build_scene,
    choose_detail,
    scene_heat,
    scene_texts,
)
from gradwidgets.views.live import LiveView
from gradwidgets.views.texts import counted, names, text

COLOURS = ("value", "gradient")
STATES = ("done", "now", "partial", "ready", "waiting", "outside")
MOST_OUTLINED = 1_000  # tensors told one by one to a screen reader
LONGEST_TOLD = 200  # characters of a name in tooltip and outline, which repeat it


class GraphPicture(LiveView):
    """Shows a snapshot of a graph; its boxes can be selected, marked, and coloured by gradient.

    Parameters
    ----------
    detail : {"auto", "layers", "operations", "values"}, default="operations"
        One box a layer, one a tensor, or one a tensor with more of its numbers.
    colour : {"value", "gradient"}, default="value"
        What colours mean: each number, or the size of a tensor's gradient.
    """

    _esm = joined("cells.js", "graph_drawing.js", "graph_tools.js", "graph_picture.js")
    _css = joined("cells.css", "graph_picture.css")

    label = traitlets.Unicode(text("graph")).tag(sync=True)
    texts = traitlets.Dict().tag(sync=True)

    def __init__(self, detail: str = "operations", colour: str = "value") -> None:
        super().__init__(texts=_interface_texts())
        self._graph: Graph | None = None
        self.detail = detail
        self._caption = ""
        self._key: tuple | None = None
        self._drawn: Drawn | None = None
        self._layouts = 0
        self._late = False  # whether the present graph waits for the page
        self._chosen: set[str] = set()  # "select", "colour": what has changed while it waits
        self._shown: list[str] = []
        self._shown_caption = ""
        self._colour = "value"
        self._heat: list[int | None] = []
        self._states: dict[int, str] = {}
        self._edge: tuple[int, int] | None = None
        self._wrong: int | None = None
        self._warning = False
        self._remark = ""
        self._marks: dict = {}
        self._selected: int | None = None
        self._listeners: list[Callable[[int | None], None]] = []
        self._followers: list[Callable[[], None]] = []
        self.colour = colour
        self.add_class("gw-graph")

    def show(
        self, graph: Graph, caption: str = "", may_wait: bool = False, whole: bool = False
    ) -> None:
        """Show a snapshot; `caption` says of what moment it is.

        Of a graph of the same topology only the changed texts are sent; zoom, place, selection and
        marks stay. Another graph has no marks, and nothing in it is selected. What `may_wait` is
        sent when the page has kept up, unless a newer one has come by then. With `whole`, all of
        it is sent: the page may have missed what went before.
        """
        before, self._graph, self._caption = self._graph, graph, caption
        key = graph.topology, self._detail
        if key != self._key and before is not None and before.topology != key[0]:
            self._states, self._edge, self._wrong, self._warning = {}, None, None, False
            self._remark = ""
            self._select(None)
        for follower in self._followers:
            follower()
        if not self.wanted:
            return  # laid out when a page asks for it
        if may_wait and not self.ready():
            self._late = True
        elif whole:
            self.push_last()
        else:
            self._send_changes()

    def _send_changes(self) -> None:
        self._late = False
        graph = self._graph
        if (graph.topology, self._detail) != self._key:
            self.push_last()
            return
        texts = scene_texts(graph, self._drawn.scene)
        message = changes(self._shown, texts)
        self._shown = texts
        caption = self._caption_now()
        if caption != self._shown_caption:
            self._shown_caption = message["caption"] = caption
        if self._colour == "gradient":
            heat = self._heat_now()
            if heat != self._heat:
                self._heat = message["heat"] = heat
        self.push(message)
        self._tell(*self._chosen)

    def _catch_up(self) -> None:
        """Send what has waited, and the marks that belong to it."""
        if self._late and self.ready():
            self._send_changes()
            self.mark(self._states, self._edge, self._wrong, self._warning, self._remark)

    @property
    def graph(self) -> Graph | None:
        """The snapshot shown."""
        return self._graph

    def mark(
        self,
        states: dict[int, str] | None = None,
        edge: tuple[int, int] | None = None,
        wrong: int | None = None,
        warning: bool = False,
        remark: str = "",
    ) -> None:
        """Mark nodes of the graph shown; what was marked before is forgotten.

        Parameters
        ----------
        states : mapping of node index to one of STATES
            A box that holds several nodes gets the state that they have together.
        edge : (node, position), optional
            The edge from this node to the creator at this position is lit.
        wrong : int, optional
            The node whose gradient is wrong.
        warning : bool, default=False
            The gradient of that node is not wrong by now, but is about to become so.
        remark : str, optional
            What is wrong, in words: it stands in the still picture.
        """
        self._states, self._edge = dict(states or {}), edge
        self._wrong, self._warning, self._remark = wrong, warning, remark
        if self._on_page:
            marks = self._marks_now()
            if marks != self._marks:
                self._marks = marks
                self.push({"marks": marks})

    @property
    def selected(self) -> int | None:
        """The index of the selected node, or None."""
        return self._selected

    @selected.setter
    def selected(self, index: int | None) -> None:
        self._select(index)
        self._tell("select")

    def _tell(self, *chosen: str) -> None:
        """Send what has been chosen, "select" or "colour"; with the graph, when that waits."""
        if not self._on_page:
            self._chosen.update(chosen)
            return
        message: dict = {}
        if "select" in chosen:
            message["select"] = self._selection()
        if "colour" in chosen:
            self._heat = self._heat_now()
            message |= {"colour": self._colour, "heat": self._heat}
        self._chosen.clear()
        if message:
            self.push(message)

    def on_select(self, listener: Callable[[int | None], None]) -> None:
        """Have `listener` called with the node's index, or None, whenever the selection changes."""
        self._listeners.append(listener)

    def on_show(self, follower: Callable[[], None]) -> None:
        """Have `follower` called whenever a graph is shown."""
        self._followers.append(follower)

    def beside(self) -> tuple[int, ...]:
        """Return the nodes in the box of the selected one."""
        if self._selected is None or self._drawn is None or self._graph is None:
            return ()
        name = self._laid_out().scene.box_of[self._selected]
        return next(box.members for box in self._drawn.scene.boxes if box.name == name)

    @property
    def box_count(self) -> int:
        """How many boxes the present graph has at this detail."""
        return len(self._laid_out().scene.boxes)

    @property
    def detail(self) -> str:
        """The detail asked for; one of DETAILS."""
        return self._detail

    @detail.setter
    def detail(self, detail: str) -> None:
        if detail not in DETAILS:
            raise ValueError(f"detail is {detail!r}; expected one of {', '.join(DETAILS)}")
        self._detail = detail
        if self._graph is not None:
            self.show(self._graph, self._caption)

    @property
    def colour(self) -> str:
        """What colours mean; one of COLOURS."""
        return self._colour

    @colour.setter
    def colour(self, colour: str) -> None:
        if colour not in COLOURS:
            raise ValueError(f"colour is {colour!r}; expected one of {', '.join(COLOURS)}")
        self._colour = colour
        self._tell("colour")

    def says(self) -> str:
        """Return what the picture shows, in words, with what is known to be wrong in it."""
        return " ".join(filter(None, [self._says(), self._remark]))

    def twin(self, detail: str) -> GraphPicture:
        """Return another picture of the same graph, with the same marks, at another detail."""
        twin = GraphPicture(detail, self._colour)
        twin.show(self._graph, self._caption)
        twin.mark(self._states, self._edge, self._wrong, self._warning, self._remark)
        return twin

    def svg(self) -> str:
        """Return the graph as a standalone SVG picture, as it is now.

        Raises
        ------
        graph_layout.NoLayout
            When no layout program runs here.
        RuntimeError
            When there is no graph yet.
        """
        from gradwidgets.views.graph_svg import Fault, static_svg  # most are never saved

        drawn = self._laid_out()
        if drawn.layout is None:
            raise graph_layout.NoLayout(drawn.trouble)
        fault = None
        if self._wrong is not None or self._remark:
            box = "" if self._wrong is None else drawn.scene.box_of[self._wrong]
            fault = Fault(box, self._remark, self._warning)
        return static_svg(
            drawn.scene,
            drawn.layout,
            scene_texts(self._graph, drawn.scene),
            self.label,
            self._says(),
            self._caption_now(),
            fault,
        )

    def dot(self) -> str:
        """Return the graph in Graphviz's language, with names, operations and shapes."""
        from gradwidgets.views.graph_svg import dot_text

        return dot_text(self._graph, self._laid_out().scene)

    def push_last(self) -> None:
        if self._graph is None or not self.wanted:
            return
        self._late = False
        self._chosen.clear()  # all of it is in here
        drawn = self._laid_out()
        self._shown = scene_texts(self._graph, drawn.scene)
        self._marks, self._heat = self._marks_now(), self._heat_now()
        self._shown_caption = self._caption_now()
        self.push(
            {
                **drawn.message,
                "texts": self._shown,
                "caption": self._shown_caption,
                "colour": self._colour,
                "heat": self._heat,
                "marks": self._marks,
                "select": self._selection(),
            }
        )

    @property
    def _on_page(self) -> bool:
        """Whether a page shows the present graph as it is laid out."""
        return (
            self.wanted and not self._late and self._drawn is not None and self._graph is not None
        )

    def _receive(self, widget: object, content: dict, buffers: object) -> None:
        super()._receive(widget, content, buffers)
        if self._late:
            self.post(self._catch_up)
        for name, act in (
            ("select", self._page_selects),
            ("colour", self._page_colours),
            ("save", lambda kind: self._page_saves(kind, content.get("ticket"))),
        ):
            if name in content:
                self.post(act, content[name])

    def _page_selects(self, node: object) -> None:
        known = type(node) is int and self._graph and 0 <= node < len(self._graph.nodes)
        self.selected = node if known else None

    def _page_colours(self, colour: object) -> None:
        if colour in COLOURS:
            self.colour = colour

    def _page_saves(self, kind: object, ticket: object) -> None:
        file, name = None, text("graph.file")
        try:
            file = self.dot() if kind == "dot" else self.svg()
        except (graph_layout.NoLayout, RuntimeError) as error:
            name = text("graph.not_saved", reason=error)
        self.send({"file": file, "name": name, "ticket": ticket})

    def _select(self, index: int | None) -> None:
        if index != self._selected:
            self._selected = index
            for listener in self._listeners:
                listener(index)

    def _selection(self) -> dict | None:
        """Return the selected node and its box, for the page."""
        if self._selected is None:
            return None
        return {"node": self._selected, "box": self._drawn.scene.box_of[self._selected]}

    def _marks_now(self) -> dict:
        """Return the marks of boxes and edges, for the page; empty without any."""
        if not self._states and self._wrong is None:
            return {}
        scene = self._drawn.scene
        together: dict[str, list[str]] = {}
        for index, state in self._states.items():
            together.setdefault(scene.box_of[index], []).append(state)
        return {
            "boxes": {box: joint_state(states) for box, states in together.items()},
            "edge": scene.edge_of.get(self._edge) if self._edge else None,
            "wrong": None if self._wrong is None else scene.box_of[self._wrong],
            "warning": self._warning,
        }

    def _heat_now(self) -> list[int | None]:
        """Return the size of each box's gradient from 0 to 100, for the page; [] if not shown."""
        if self._colour != "gradient":
            return []
        shares = scene_heat(self._graph, self._drawn.scene)
        return [None if share is None else round(100 * share) for share in shares]

    def _caption_now(self) -> str:
        why = self._drawn.why if self._drawn is not None else ""
        return " · ".join(part for part in (self._caption, why) if part)

    def _says(self) -> str:
        operations = sum(node.op is not None for node in self._graph.nodes)
        return text(
            "graph.says",
            what=self.label,
            tensors=counted("tensor_count", len(self._graph.nodes)),
            operations=counted("operation_count", operations),
        )

    def _laid_out(self) -> Drawn:
        """Return the present graph in its places; laid out anew only for another topology."""
        if self._graph is None:
            raise RuntimeError(text("graph.none"))
        key = self._graph.topology, self._detail
        if key != self._key:
            self._key, self._drawn = key, self._lay_out()
        return self._drawn

    def _lay_out(self) -> Drawn:
        self._layouts += 1
        used, why = choose_detail(self._graph, self._detail)
        scene = build_scene(self._graph, used)
        message = {"key": self._layouts, "says": self._says(), "outline": _outline(self._graph)}
        try:
            layout = graph_layout.lay_out(scene)
        except graph_layout.NoLayout as error:
            message |= {
                "dot": graph_layout.dot_source(scene),
                "says": text("no_layout", reason=error),
            }
            return Drawn(scene, None, message, why, str(error))
        message["scene"] = _placed(self._graph, scene, layout)
        return Drawn(scene, layout, message, why)


@dataclass(frozen=True)
class Drawn:
    """A graph's boxes, their places, and the message that tells the page of them."""

    scene: Scene
    layout: graph_layout.Layout | None
    message: dict
    why: str  # this detail, in a sentence
    trouble: str = ""  # why there is no layout


def joint_state(states: list[str]) -> str:
    """Return the state of a box that holds nodes in these states."""
    if "now" in states:
        return "now"
    taking = set(states) - {"outside"}
    if len(taking) <= 1:
        return taking.pop() if taking else "outside"
    return "ready" if taking <= {"ready", "done"} else "partial"


def _placed(graph: Graph, scene: Scene, layout: graph_layout.Layout) -> dict:
    """Return the scene in its places, as plain data for the page."""
    boxes = []
    sources = iter(scene.sources)  # in the blocks' order
    for box in scene.boxes:
        x, y = layout.boxes[box.name]
        boxes.append(
            {
                "id": box.name,
                "kind": box.kind,
                "x": round(x, 1),
                "y": round(y, 1),
                "w": round(box.width, 1),
                "h": round(box.height, 1),
                "badge": box.badge,
                "says": box.says,
                "hint": _hint(graph, box),
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
                    for block, (node, _) in zip(box.blocks, sources, strict=False)
                ],
            }
        )
    edges = [
        {
            "tail": edge.tail,
            "head": edge.head,
            "points": [[round(x, 1), round(y, 1)] for x, y in points],
            "label": edge.label,
            "at": at,
        }
        for edge, (points, at) in zip(scene.edges, layout.edges, strict=True)
    ]
    return {
        "width": layout.width,
        "height": layout.height,
        "boxes": boxes,
        "edges": edges,
        "count": scene.count,
    }


def _hint(graph: Graph, box: Box) -> str:
    """Return what hovering over a box tells: of one tensor its name, operation and shape."""
    if len(box.members) > 1:
        return box.says
    node = graph.nodes[box.members[0]]
    name = _told(node.name or text("kind." + node.kind))
    parts = [name, _told(node.op or ""), numbers.shape(node.shape)]
    return "\n".join(part for part in [" · ".join(filter(None, parts)), node.note] if part)


def _outline(graph: Graph) -> list[str]:
    """Return a sentence for each node, in the order in which they are computed."""
    lines = []
    for node in graph.nodes[:MOST_OUTLINED]:
        shape = numbers.shape(node.shape)
        line = text("node.says", name=called(node), kind=text("kind." + node.kind), shape=shape)
        if node.creators:
            made_of = ", ".join(called(graph.nodes[index]) for index in node.creators)
            line += " " + text("node.made", op=_told(node.op or "?"), creators=made_of)
        lines.append(" ".join(filter(None, [line, node.note])))
    if len(graph.nodes) > MOST_OUTLINED:
        rest = len(graph.nodes) - MOST_OUTLINED
        lines.append(text("fold.more", tensors=counted("tensor_count", rest)))
    return lines


def called(node: object) -> str:
    """Return a node's name; one without is told by its operation and its number."""
    if node.name:
        return _told(node.name)
    name = _told(node.op or text("kind." + node.kind))
    return text("node.numbered", name=name, number=node.index + 1)


def _told(words: str) -> str:
    return words if len(words) <= LONGEST_TOLD else words[: LONGEST_TOLD - 1] + "…"


def _interface_texts() -> dict[str, str]:
    return {
        **names("graph"),
        "kind_parameter": text("kind.parameter"),
        "kind_input": text("still.input"),
        "data": text("graph.legend.data"),
        "gradient": text("graph.legend.gradient"),
    }
