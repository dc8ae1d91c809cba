"""A picture of a graph on the page: laid out once per topology, then only changed texts."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import Any, TypeAlias, TypedDict

import traitlets

from gradwidgets.engine.graph.snapshot import Graph
from gradwidgets.engine.walk.walk import State
from gradwidgets.texts import names, text
from gradwidgets.views.graph.drawing import layout as graph_layout
from gradwidgets.views.graph.drawing.changes import changes
from gradwidgets.views.graph.drawing.marks import Marks, PlacedMarks
from gradwidgets.views.graph.drawing.placed import Drawing, Drawn, draw
from gradwidgets.views.graph.drawing.scene import DETAILS, scene_heat, scene_texts
from gradwidgets.views.graph.words import graph_says
from gradwidgets.views.kit.assets import joined
from gradwidgets.views.kit.live import FromPage, LiveView

COLOURS = ("value", "gradient")

Heat: TypeAlias = list[int | None]
"""The size of each box's gradient from 0 to 100, None where there is none; [] if not shown."""


class Selection(TypedDict):
    """The selected node, and its box."""

    node: int
    box: str


class Shown(TypedDict):
    """What the page has; `key` is the number of the layout."""

    key: int
    texts: list[str]
    caption: str
    heat: Heat
    marks: PlacedMarks


class Whole(Drawing, Shown):
    """All of the present picture, in one message."""

    colour: str
    select: Selection | None


class News(TypedDict, total=False):
    """What has changed in the picture that the page has; `at` and `texts` are `Changes`."""

    at: str
    texts: str
    caption: str
    heat: Heat
    marks: PlacedMarks
    colour: str
    select: Selection | None


class GraphPicture(LiveView):
    """Shows a snapshot of a graph; its boxes can be selected, marked, and coloured by gradient.

    Parameters
    ----------
    detail : {"auto", "layers", "operations", "values"}, default="operations"
        One box a layer, one a tensor, or one a tensor with more of its numbers.
    colour : {"value", "gradient"}, default="value"
        What colours mean: each number, or the size of a tensor's gradient.
    """

    _esm = joined("views/graph/cells.js", "views/graph/drawing.js", "views/graph/tools.js", "views/graph/picture.js")
    _css = joined("views/graph/cells.css", "views/graph/picture.css")

    label = traitlets.Unicode(text("graph")).tag(sync=True)
    texts = traitlets.Dict().tag(sync=True)

    def __init__(self, detail: str = "operations", colour: str = "value") -> None:
        super().__init__(texts=_interface_texts())
        self._graph: Graph | None = None
        self._detail = _checked("detail", detail, DETAILS)
        self._caption = ""
        self._key: Hashable = None
        self._drawn: Drawn | None = None
        self._layouts = 0
        self._late = False  # whether the present graph waits for the page
        self._chosen: set[str] = set()  # "select", "colour": what has changed while it waits
        self._shown: Shown | None = None
        self._colour = _checked("colour", colour, COLOURS)
        self._marks = Marks()
        self._selected: int | None = None
        self._listeners: list[Callable[[int | None], None]] = []
        self._followers: list[Callable[[], None]] = []
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
        if before is not None and before.topology != graph.topology:
            self._marks = Marks()
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
        graph, drawn = self._laid_out()
        shown = self._shown
        if shown is None or shown["key"] != self._layouts:
            self.push_last()
            return
        texts, caption = scene_texts(graph, drawn.scene), self._caption_now()
        changed = changes(shown["texts"], texts)
        news: News = {"at": changed["at"], "texts": changed["texts"]}
        shown["texts"] = texts
        if caption != shown["caption"]:
            news["caption"] = shown["caption"] = caption
        if self._colour == "gradient":
            heat = self._heat_now(graph, drawn)
            if heat != shown["heat"]:
                news["heat"] = shown["heat"] = heat
        self.push(news)
        self._tell(*self._chosen)

    def _catch_up(self) -> None:
        """Send what has waited, and the marks that belong to it."""
        if self._late and self.ready():
            self._send_changes()
            self._send_marks()

    @property
    def graph(self) -> Graph | None:
        """The snapshot shown."""
        return self._graph

    def mark(
        self,
        states: Mapping[int, State] | None = None,
        edge: tuple[int, int] | None = None,
        wrong: int | None = None,
        warning: bool = False,
        remark: str = "",
    ) -> None:
        """Mark nodes of the graph shown, as `Marks` describes; other marks are forgotten.

        A box that holds several nodes gets the state that they have together. The remark stands in
        the still picture.
        """
        self._marks = Marks(dict(states or {}), edge, wrong, warning, remark)
        self._send_marks()

    def _send_marks(self) -> None:
        there = self._on_page()
        if there is not None:
            _, drawn, shown = there
            marks = self._marks.on(drawn.scene)
            if marks != shown["marks"]:
                shown["marks"] = marks
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
        there = self._on_page()
        if there is None:
            self._chosen.update(chosen)
            return
        graph, drawn, shown = there
        news: News = {}
        if "select" in chosen:
            news["select"] = self._selection(drawn)
        if "colour" in chosen:
            news["colour"] = self._colour
            news["heat"] = shown["heat"] = self._heat_now(graph, drawn)
        self._chosen.clear()
        if news:
            self.push(news)

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
        _, drawn = self._laid_out()
        name = drawn.scene.box_of[self._selected]
        return next(box.members for box in drawn.scene.boxes if box.name == name)

    @property
    def box_count(self) -> int:
        """How many boxes the present graph has at this detail."""
        _, drawn = self._laid_out()
        return len(drawn.scene.boxes)

    @property
    def detail(self) -> str:
        """The detail asked for; one of DETAILS."""
        return self._detail

    @detail.setter
    def detail(self, detail: str) -> None:
        self._detail = _checked("detail", detail, DETAILS)
        if self._graph is not None:
            self.show(self._graph, self._caption)

    @property
    def colour(self) -> str:
        """What colours mean; one of COLOURS."""
        return self._colour

    @colour.setter
    def colour(self, colour: str) -> None:
        self._colour = _checked("colour", colour, COLOURS)
        self._tell("colour")

    def says(self) -> str:
        """Return what the picture shows, in words, with what is known to be wrong in it."""
        words = "" if self._graph is None else graph_says(self._graph, self.label)
        return " ".join(filter(None, [words, self._marks.remark]))

    def twin(self, detail: str) -> GraphPicture:
        """Return another picture of the same graph, with the same marks, at another detail."""
        twin = GraphPicture(detail, self._colour)
        if self._graph is not None:
            twin.show(self._graph, self._caption)
        twin._marks = self._marks
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
        from gradwidgets.views.graph.drawing.svg import Fault, static_svg  # most are never saved

        graph, drawn = self._laid_out()
        if drawn.layout is None:
            raise graph_layout.NoLayout(drawn.trouble)
        fault, marks = None, self._marks
        if marks.wrong is not None or marks.remark:
            box = "" if marks.wrong is None else drawn.scene.box_of[marks.wrong]
            fault = Fault(box, marks.remark, marks.warning)
        return static_svg(
            drawn.scene,
            drawn.layout,
            scene_texts(graph, drawn.scene),
            self.label,
            graph_says(graph, self.label),
            self._caption_now(),
            fault,
        )

    def dot(self) -> str:
        """Return the graph in Graphviz's language, with names, operations and shapes."""
        from gradwidgets.views.graph.drawing.svg import dot_text

        graph, drawn = self._laid_out()
        return dot_text(graph, drawn.scene)

    def push_last(self) -> None:
        if self._graph is None or not self.wanted:
            return
        self._late = False
        self._chosen.clear()  # all of it is in here
        graph, drawn = self._laid_out()
        self._shown = {
            "key": self._layouts,
            "texts": scene_texts(graph, drawn.scene),
            "caption": self._caption_now(),
            "heat": self._heat_now(graph, drawn),
            "marks": self._marks.on(drawn.scene),
        }
        whole: Whole = {
            **drawn.message,
            **self._shown,
            "colour": self._colour,
            "select": self._selection(drawn),
        }
        self.push(whole)

    def let_go(self) -> None:
        super().let_go()
        self._key, self._drawn, self._shown = None, None, None

    def _on_page(self) -> tuple[Graph, Drawn, Shown] | None:
        """Return the graph as it is laid out, and what the page has; None while that differs."""
        graph, drawn, shown = self._graph, self._drawn, self._shown
        if graph is None or drawn is None or shown is None or not self.wanted or self._late:
            return None
        return (graph, drawn, shown) if shown["key"] == self._layouts else None

    def _receive(
        self, widget: LiveView, content: FromPage, buffers: list[memoryview]
    ) -> None:
        super()._receive(widget, content, buffers)
        if self._late:
            self.post(self._catch_up)
        if "select" in content:
            self.post(self._page_selects, content["select"])
        if "colour" in content:
            self.post(self._page_colours, content["colour"])
        if "save" in content:
            self.post(self._page_saves, content["save"], content.get("ticket"))

    def _page_selects(self, node: Any) -> None:
        known = type(node) is int and self._graph and 0 <= node < len(self._graph.nodes)
        self.selected = node if known else None

    def _page_colours(self, colour: Any) -> None:
        if colour in COLOURS:
            self.colour = colour

    def _page_saves(self, kind: Any, ticket: Any) -> None:
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

    def _selection(self, drawn: Drawn) -> Selection | None:
        if self._selected is None:
            return None
        return {"node": self._selected, "box": drawn.scene.box_of[self._selected]}

    def _heat_now(self, graph: Graph, drawn: Drawn) -> Heat:
        if self._colour != "gradient":
            return []
        shares = scene_heat(graph, drawn.scene)
        return [None if share is None else round(100 * share) for share in shares]

    def _caption_now(self) -> str:
        why = self._drawn.why if self._drawn is not None else ""
        return " · ".join(part for part in (self._caption, why) if part)

    def _laid_out(self) -> tuple[Graph, Drawn]:
        """Return the present graph in its places; laid out anew only for another topology."""
        graph, drawn = self._graph, self._drawn
        if graph is None:
            raise RuntimeError(text("graph.none"))
        key = graph.topology, self._detail
        if drawn is None or key != self._key:
            self._layouts += 1
            drawn = draw(graph, self._detail, graph_says(graph, self.label))
            self._key, self._drawn = key, drawn
        return graph, drawn


def _checked(name: str, value: str, choices: tuple[str, ...]) -> str:
    """Return a value; raise a ValueError if it is none of the choices."""
    if value not in choices:
        raise ValueError(f"{name} is {value!r}; expected one of {', '.join(choices)}")
    return value


def _interface_texts() -> dict[str, str]:
    return {
        **names("graph"),
        "kind_parameter": text("kind.parameter"),
        "kind_input": text("still.input"),
        "data": text("graph.legend.data"),
        "gradient": text("graph.legend.gradient"),
    }
