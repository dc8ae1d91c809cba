"""A picture of a graph on the page: laid out once per topology, then only changed texts."""

from __future__ import annotations

from collections.abc import Callable

import traitlets

from gradwidgets.engine.snapshot import Graph
from gradwidgets.views import graph_layout
from gradwidgets.views.assets import joined
from gradwidgets.views.graph_changes import changes
from gradwidgets.views.graph_drawn import Drawn, draw
from gradwidgets.views.graph_marks import Marks
from gradwidgets.views.graph_scene import DETAILS, scene_heat, scene_texts
from gradwidgets.views.graph_words import graph_says
from gradwidgets.views.live import LiveView
from gradwidgets.views.texts import names, text

COLOURS = ("value", "gradient")


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
        self._shown: dict = {}  # what the page has: key of the layout, texts, caption, heat, marks
        self._colour = "value"
        self._marks = Marks()
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
        drawn = self._laid_out()
        if self._shown.get("key") != self._layouts:
            self.push_last()
            return
        texts = scene_texts(self._graph, drawn.scene)
        message = changes(self._shown["texts"], texts)
        self._shown["texts"] = texts
        message |= self._news(caption=self._caption_now())
        if self._colour == "gradient":
            message |= self._news(heat=self._heat_now())
        self.push(message)
        self._tell(*self._chosen)

    def _news(self, **now: object) -> dict:
        """Return what is not as the page has it, and take note that the page is told."""
        news = {name: value for name, value in now.items() if value != self._shown[name]}
        self._shown |= news
        return news

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
        states: dict[int, str] | None = None,
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
        if self._on_page:
            news = self._news(marks=self._marks.on(self._drawn.scene))
            if news:
                self.push(news)

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
            self._shown["heat"] = self._heat_now()
            message |= {"colour": self._colour, "heat": self._shown["heat"]}
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
        return " ".join(filter(None, [graph_says(self._graph, self.label), self._marks.remark]))

    def twin(self, detail: str) -> GraphPicture:
        """Return another picture of the same graph, with the same marks, at another detail."""
        twin = GraphPicture(detail, self._colour)
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
        from gradwidgets.views.graph_svg import Fault, static_svg  # most are never saved

        drawn = self._laid_out()
        if drawn.layout is None:
            raise graph_layout.NoLayout(drawn.trouble)
        fault, marks = None, self._marks
        if marks.wrong is not None or marks.remark:
            box = "" if marks.wrong is None else drawn.scene.box_of[marks.wrong]
            fault = Fault(box, marks.remark, marks.warning)
        return static_svg(
            drawn.scene,
            drawn.layout,
            scene_texts(self._graph, drawn.scene),
            self.label,
            graph_says(self._graph, self.label),
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
        self._shown = {
            "key": self._layouts,
            "texts": scene_texts(self._graph, drawn.scene),
            "caption": self._caption_now(),
            "heat": self._heat_now(),
            "marks": self._marks.on(drawn.scene),
        }
        self.push(
            {
                **drawn.message,
                **self._shown,
                "colour": self._colour,
                "select": self._selection(),
            }
        )

    def let_go(self) -> None:
        super().let_go()
        self._key, self._drawn, self._shown = None, None, {}

    @property
    def _on_page(self) -> bool:
        """Whether a page shows the present graph as it is laid out."""
        return self.wanted and not self._late and self._shown.get("key") == self._layouts

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

    def _heat_now(self) -> list[int | None]:
        """Return the size of each box's gradient from 0 to 100, for the page; [] if not shown."""
        if self._colour != "gradient":
            return []
        shares = scene_heat(self._graph, self._drawn.scene)
        return [None if share is None else round(100 * share) for share in shares]

    def _caption_now(self) -> str:
        why = self._drawn.why if self._drawn is not None else ""
        return " · ".join(part for part in (self._caption, why) if part)

    def _laid_out(self) -> Drawn:
        """Return the present graph in its places; laid out anew only for another topology."""
        if self._graph is None:
            raise RuntimeError(text("graph.none"))
        key = self._graph.topology, self._detail
        if key != self._key:
            self._layouts += 1
            drawn = draw(self._graph, self._detail, graph_says(self._graph, self.label))
            self._key, self._drawn = key, drawn
        return self._drawn


def _interface_texts() -> dict[str, str]:
    return {
        **names("graph"),
        "kind_parameter": text("kind.parameter"),
        "kind_input": text("still.input"),
        "data": text("graph.legend.data"),
        "gradient": text("graph.legend.gradient"),
    }
