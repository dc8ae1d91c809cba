"""The graph behind a tensor on the page: laid out once per topology, then only changed texts."""

from __future__ import annotations

import traitlets

from gradwidgets.engine.snapshot import Graph, snapshot
from gradwidgets.views import graph_layout
from gradwidgets.views.graph_scene import Scene, build_scene, scene_texts
from gradwidgets.views.live import LiveView, beside
from gradwidgets.views.texts import counted, names, text

DETAILS = ("layers", "operations")


class GraphView(LiveView):
    """Shows the graph that led to a tensor, with the data and the gradient of every tensor in it.

    Parameters
    ----------
    tensor : object with `data`, `grad`, `creators`, `creation_op`, optional
        The result at the bottom of the graph: a Tensor, or one of a class of your own.
    names : mapping of str to tensor, optional
        What tensors are called.
    detail : {"operations", "layers"}, default="operations"
        One box a tensor, or one a layer. Only tensors that belong to layers can be folded.
    """

    _esm = beside(__file__, ".js")
    _css = beside(__file__, ".css")

    label = traitlets.Unicode(text("graph")).tag(sync=True)
    texts = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        tensor: object | None = None,
        names: dict[str, object] | None = None,
        detail: str = "operations",
    ) -> None:
        super().__init__(texts=_interface_texts())
        self._graph: Graph | None = None
        self.detail = detail
        self._caption = ""
        self._key: tuple | None = None
        self._scene: Scene | None = None
        self._message: dict = {}
        self._shown: list[str] = []
        self.add_class("gw-graph")
        if tensor is not None:
            self.update(tensor, names)

    def update(self, tensor: object, names: dict[str, object] | None = None) -> None:
        """Show another tensor's graph, or the same one with its present numbers."""
        self.show(snapshot(tensor, names=names))

    def show(self, graph: Graph, caption: str = "") -> None:
        """Show a snapshot; `caption` says of what moment it is."""
        self._graph, self._caption = graph, caption
        if not self.wanted:
            return  # laid out when a page asks for it
        key = graph.topology, self._detail
        if key != self._key:
            self.push_last()
            return
        texts = scene_texts(graph, self._scene)
        at = [i for i, (old, new) in enumerate(zip(self._shown, texts, strict=True)) if old != new]
        self._shown = texts
        self.push({"at": at, "texts": [texts[i] for i in at], "caption": caption})

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
        self.push({**self._message, "texts": self._shown, "caption": self._caption})

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


def _drawn(scene: Scene, layout: graph_layout.Layout) -> dict:
    """Return the scene in its places, as plain data for the page."""
    boxes = []
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
                    }
                    for block in box.blocks
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
