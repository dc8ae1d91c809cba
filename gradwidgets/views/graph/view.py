"""The graph behind a tensor on the page, with an inspector, and a verdict on a learner's class."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from gradwidgets.core import Tensor
from gradwidgets.core.types import Foreign
from gradwidgets.engine.graph.names import Names, find_names
from gradwidgets.engine.graph.snapshot import Graph, snapshot
from gradwidgets.engine.learner.guard import guard
from gradwidgets.engine.verdict.verdict import Verdict, judge, noting_missing_rules, unjudged
from gradwidgets.texts import text
from gradwidgets.views.graph.fields import detail_fields, unjudged_field, verdict_field
from gradwidgets.views.graph.pane import GraphPane
from gradwidgets.views.graph.picture import GraphPicture
from gradwidgets.views.graph.still import graph_still
from gradwidgets.views.kit.fields import Heading, Value
from gradwidgets.views.kit.panel import Panel
from gradwidgets.views.kit.resting import Resting
from gradwidgets.views.kit.still import still_html


class GraphView(Resting):
    """Shows the graph that led to a tensor, with the data and the gradient of every tensor in it.

    Parameters
    ----------
    tensor : object with `data`, `grad`, `creators`, `creation_op`, optional
        The result at the bottom of the graph: a Tensor, or one of a class of your own. A finished
        `Graph` (see `snapshot`) serves too.
    names : mapping of str to tensor, optional
        What tensors are called; by default as the variables of whoever calls, and as the layers of
        models among them.
    detail : {"auto", "layers", "operations", "values"}, default="auto"
        One box a layer, one a tensor, or one a tensor with more of its numbers; by itself it goes
        by the size of the graph, and says so.
    colour : {"value", "gradient"}, default="value"
        What colours mean: each number, or the size of a tensor's gradient.
    check : bool, default=True
        Of a class of your own, say which gradient is wrong, where our rules can tell.

    Attributes
    ----------
    picture : GraphPicture
    verdict : Verdict or None
    """

    def __init__(
        self,
        tensor: Foreign = None,
        names: Mapping[str, Foreign] | None = None,
        detail: str = "auto",
        colour: str = "value",
        check: bool = True,
    ) -> None:
        self.picture = GraphPicture(detail, colour)
        self.check = check
        self.verdict: Verdict | None = None
        self._unjudged = ""  # what the verdict leaves open
        self._tensor: Foreign = None
        self._names = checked_names("GraphView", names)
        self._head = Panel(text("panel.graph"), self._control_changed)
        self._note = Panel(text("panel.note"), self._control_changed)
        self._pane = GraphPane(self.picture)
        super().__init__([self._head, self._note, self._pane])
        self.add_class("gw-graph-view")
        self._show_head()
        if tensor is not None:
            self._take(tensor, variables_around())

    def update(
        self, tensor: Foreign = None, names: Mapping[str, Foreign] | None = None
    ) -> None:
        """Show the present numbers, or another tensor's graph.

        When the graph is the same but for its numbers, zoom, place and selection stay. Where it is
        called more often than the page can show, the newest numbers are shown.
        """
        if names is not None:
            self._names = checked_names("update", names)
        tensor = self._tensor if tensor is None else tensor
        if tensor is None:
            raise RuntimeError(text("graph.none"))
        self._take(tensor, variables_around())

    @property
    def detail(self) -> str:
        """The detail asked for."""
        return self.picture.detail

    @detail.setter
    def detail(self, detail: str) -> None:
        self.picture.detail = detail
        self._show_head()

    @property
    def colour(self) -> str:
        """What colours mean."""
        return self.picture.colour

    @colour.setter
    def colour(self, colour: str) -> None:
        self.picture.colour = colour

    def svg(self) -> str:
        """Return the graph as a standalone SVG picture."""
        return self.picture.svg()

    def dot(self) -> str:
        """Return the graph in Graphviz's language."""
        return self.picture.dot()

    def save(self, path: str | Path) -> None:
        """Write the picture to a file whose name ends in .svg or .dot.

        Raises
        ------
        ValueError
            When it ends in something else. The menu "More" on the page saves a PNG too.
        """
        path = Path(path)
        write = {".svg": self.svg, ".dot": self.dot, ".gv": self.dot}.get(path.suffix.lower())
        if write is None:
            raise ValueError(
                f"save writes .svg and .dot files, but the name is {path.name!r}; for a PNG use "
                "the menu More below the picture"
            )
        path.write_text(write(), encoding="utf-8")

    def let_go(self) -> None:
        self._keeper.stop()

    def __repr__(self) -> str:
        graph = self.picture.graph
        return "<GraphView>" if graph is None else f"<GraphView of {len(graph.nodes)} tensors>"

    def still_html(self) -> str:
        words = self._unjudged if self.verdict is None else self.verdict.message
        return still_html(text("graph"), [words], graph_still(self.picture))

    def _take(self, tensor: Foreign, around: Mapping[str, Foreign]) -> None:
        self._tensor = tensor
        with guard:
            graph = (
                tensor if isinstance(tensor, Graph) else named_graph(tensor, self._names, around)
            )
        self.verdict, self._unjudged = None, ""
        if self.check and not isinstance(tensor, (Tensor, Graph)):
            graph = noting_missing_rules(graph)
            self.verdict = judge(graph)
            self._unjudged = unjudged(graph)
        self.picture.show(graph, may_wait=True)
        if self.verdict is None:
            self.picture.mark()
            self._note.show([unjudged_field(self._unjudged)] if self._unjudged else [])
        else:
            wrong, warning = self.verdict.node, self.verdict.warning
            self.picture.mark(wrong=wrong, warning=warning, remark=self.verdict.message)
            self._note.show([verdict_field(self.verdict, self.verdict.message)])
        self._keeper.renew()

    def _control_changed(self, name: str, value: Value) -> None:
        if name == "detail":
            self.detail = str(value)

    def _show_head(self) -> None:
        heading: Heading = {"kind": "heading", "text": text("graph")}
        self._head.show([heading, *detail_fields(self.detail, auto=True)])


def checked_names(who: str, names: Foreign) -> Mapping[str, Foreign] | None:
    """Return what tensors are to be called; raise a TypeError that says what to write instead."""
    example = "expected a mapping from a name to its tensor, such as {'x': x}"
    if names is not None and not isinstance(names, Mapping):
        raise TypeError(f"{who}: names is a {type(names).__name__}; {example}")
    for name in names or {}:
        if not isinstance(name, str):
            raise TypeError(f"{who}: names has a {type(name).__name__} for a name; {example}")
    return names


def named_graph(
    tensor: Foreign, names: Mapping[str, Foreign] | None, around: Mapping[str, Foreign]
) -> Graph:
    """Return the graph of a tensor, with the names that are given, and those of variables."""
    found: Names = find_names(around, tensor)
    called = dict(names or {})
    for name, named in found.names.items():
        called.setdefault(name, named)
    return snapshot(tensor, called, found.groups, found.parameters, found.paths)


def variables_around() -> dict[str, Foreign]:
    """Return the variables of the code outside this package that called."""
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith(
        "gradwidgets."
    ):
        frame = frame.f_back
    return {**frame.f_globals, **frame.f_locals}
