"""A picture of a graph on the page: laid out once per topology, then only changed texts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import traitlets

from gradwidgets.engine.snapshot import Graph
from gradwidgets.views import graph_layout
from gradwidgets.views.graph_scene import DETAILS, Scene, build_scene, scene_texts
from gradwidgets.views.live import LiveView
from gradwidgets.views.texts import counted, names, text

COLOURS = ("value", "gradient")
STATES = ("done", "now", "partial", "ready", "waiting", "outside")


class GraphPicture(LiveView):
    """Shows a snapshot of a graph; its boxes can be selected, marked, and coloured by gradient.

    Parameters
    ----------
    detail : one of DETAILS, default="operations"
    """

    _esm = Path(__file__).with_suffix(".js")
    _css = Path(__file__).with_suffix(".css")

    label = traitlets.Unicode(text("graph")).tag(sync=True)
    texts = traitlets.Dict().tag(sync=True)

    def __init__(self, detail: str = "operations") -> None:
        super().__init__(texts=_interface_texts())
        self._graph: Graph | None = None
        self.detail = detail
        self._caption = ""
        self._key: tuple | None = None
        self._scene: Scene | None = None
        self._message: dict = {}
        self._shown: list[str] = []
        self._states: dict[int, str] = {}
        self._edge: tuple[int, int] | None = None
        self._wrong: int | None = None
        self._marks: dict = {}
        self._selected: int | None = None
        self._listeners: list[Callable[[int | None], None]] = []
        self.add_class("gw-graph")

    def show(self, graph: Graph, caption: str = "") -> None:
        """Show a snapshot; `caption` says of what moment it is.

        Of a graph of the same topology only the changed texts are sent; zoom, place, selection and
        marks stay. Another graph has no marks, and nothing in it is selected.
        """
        before, self._graph, self._caption = self._graph, graph, caption
        key = graph.topology, self._detail
        if before is not None and key != self._key and before.topology != key[0]:
            self._states, self._edge, self._wrong = {}, None, None
            self._select(None)
        if not self.wanted:
            return  # laid out when a page asks for it
        if key != self._key:
            self.push_last()
            return
        texts = scene_texts(graph, self._scene)
        at = [i for i, (old, new) in enumerate(zip(self._shown, texts, strict=True)) if old != new]
        self._shown = texts
        self.push({"at": at, "texts": [texts[i] for i in at], "caption": caption})

    def mark(
        self,
        states: dict[int, str] | None = None,
        edge: tuple[int, int] | None = None,
        wrong: int | None = None,
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
        """
        self._states, self._edge, self._wrong = dict(states or {}), edge, wrong
        if self.wanted and self._scene is not None and self._graph is not None:
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
        if self.wanted and self._scene is not None:
            self.push({"select": self._selection()})

    def on_select(self, listener: Callable[[int | None], None]) -> None:
        """Have `listener` called with the node's index, or None, whenever the selection changes."""
        self._listeners.append(listener)

    @property
    def detail(self) -> str:
        """The detail shown; one of DETAILS."""
        return self._detail

    @detail.setter
    def detail(self, detail: str) -> None:
        if detail not in DETAILS:
            raise ValueError(f"detail is {detail!r}; expected one of {', '.join(DETAILS)}")
        self._detail = detail
        if self._graph is not None:
            self.show(self._graph, self._caption)

    def push_last(self) -> None:
        if self._graph is None or not self.wanted:
            return
        key = self._graph.topology, self._detail
        if key != self._key:
            self._lay_out(key)
        self._shown = scene_texts(self._graph, self._scene)
        self._marks = self._marks_now()
        self.push(
            {
                **self._message,
                "texts": self._shown,
                "caption": self._caption,
                "marks": self._marks,
                "select": self._selection(),
            }
        )

    def _receive(self, widget: object, content: dict, buffers: object) -> None:
        super()._receive(widget, content, buffers)
        if "select" in content:
            self.post(self._page_selects, content["select"])

    def _page_selects(self, node: object) -> None:
        known = isinstance(node, int) and self._graph and 0 <= node < len(self._graph.nodes)
        self._select(node if known else None)

    def _select(self, index: int | None) -> None:
        if index != self._selected:
            self._selected = index
            for listener in self._listeners:
                listener(index)

    def _selection(self) -> dict | None:
        """Return the selected node and its box, for the page."""
        if self._selected is None:
            return None
        return {"node": self._selected, "box": self._scene.box_of[self._selected]}

    def _marks_now(self) -> dict:
        """Return the marks of boxes and edges, for the page; empty without any."""
        scene = self._scene
        if not self._states and self._wrong is None:
            return {}
        together: dict[str, list[str]] = {}
        for index, state in self._states.items():
            together.setdefault(scene.box_of[index], []).append(state)
        return {
            "boxes": {box: joint_state(states) for box, states in together.items()},
            "edge": scene.edge_of.get(self._edge) if self._edge else None,
            "wrong": None if self._wrong is None else scene.box_of[self._wrong],
        }

    def _lay_out(self, key: tuple) -> None:
        self._scene = build_scene(self._graph, self._detail)
        self._key = key
        operations = sum(node.op is not None for node in self._graph.nodes)
        says = text(
            "graph.says",
            what=self.label,
            tensors=counted("tensor_count", len(self._graph.nodes)),
            operations=counted("operation_count", operations),
        )
        try:
            layout = graph_layout.lay_out(self._scene)
        except graph_layout.NoLayout as error:
            self._message = {
                "dot": graph_layout.dot_source(self._scene),
                "says": text("no_layout", reason=error),
            }
            return
        self._message = {"scene": _drawn(self._scene, layout), "says": says}


def joint_state(states: list[str]) -> str:
    """Return the state of a box that holds nodes in these states."""
    if "now" in states:
        return "now"
    taking = set(states) - {"outside"}
    if len(taking) <= 1:
        return taking.pop() if taking else "outside"
    return "ready" if taking <= {"ready", "done"} else "partial"


def _drawn(scene: Scene, layout: graph_layout.Layout) -> dict:
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
                    for block in box.blocks
                    for node in (next(sources)[0],)
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


def _interface_texts() -> dict[str, str]:
    return {
        **names("graph"),
        "kind_parameter": text("kind.parameter"),
        "kind_input": text("no_gradient"),
        "data": text("graph.legend.data"),
        "gradient": text("graph.legend.gradient"),
    }
