"""The arrangement: bar on top, data and model left, graph in the middle, loss and output right."""

from __future__ import annotations

from collections.abc import Collection

import ipywidgets

from gradwidgets.engine.experiment.spec import Spec
from gradwidgets.playground import bar as controls
from gradwidgets.playground import builder
from gradwidgets.playground.head import reveal_button
from gradwidgets.playground.hiding import without
from gradwidgets.playground.screens import Screens
from gradwidgets.texts import text
from gradwidgets.views.graph import fields as graph_fields
from gradwidgets.views.kit.fields import Changed, Field, Heading, Note
from gradwidgets.views.kit.panel import ClassPanel, Panel
from gradwidgets.views.pictures import fields as picture_fields


class Page:
    """Holds the panels of controls and places them and the screens; knows nothing of training.

    Parameters
    ----------
    changed : callable taking the name of a control and its value
    own_model : bool
        A sentence stands in the builder's place.
    """

    _walk_card: ipywidgets.Box  # while there is a walk

    def __init__(
        self,
        screens: Screens,
        changed: Changed,
        own_model: bool,
    ) -> None:
        self._own_model = own_model
        self._hidden: tuple[str, ...] = ()
        self._fields: dict[Panel, list[Field]] = {}  # of each panel, with what is hidden
        self.head = ClassPanel(text("panel.head"), changed)
        self.head.add_class("gw-head")
        self.covered = Panel(text("panel.covered"), changed)
        self.covered.add_class("gw-covered-line")
        self.buttons = Panel(text("panel.buttons"), changed)
        self.settings = Panel(text("panel.settings"), changed)
        self.settings.add_class("gw-settings")
        self.data = Panel(text("data_heading"), changed)
        self.model = Panel(text("model_heading"), changed)
        self.graph_head = Panel(text("panel.graph"), changed)
        self.loss_head = Panel(text("panel.loss"), changed)
        self.output_head = Panel(text("panel.output"), changed)
        self._can_walk = False
        self._walking = False
        self.show_detail(screens.graph.detail)
        self.show_axis(screens.log)
        legend: Note = {"kind": "note", "text": text("output.legend")}
        self._put(self.output_head, [_heading("output"), legend])
        self._bar = _box("gw-bar", [self.buttons, screens.status, self.settings])
        self._left = _box("gw-left", [])
        self._right = _box("gw-right", [])
        # name of a picture -> its card: the head, and the picture or its cover
        self._cards = {
            name: Card(name, head, view, changed)
            for name, head, view in (
                ("graph", self.graph_head, screens.graph_pane),
                ("loss_plot", self.loss_head, screens.loss),
                ("output", self.output_head, screens.output),
            )
        }
        self._cards["graph"].box.add_class("gw-middle").add_class("gw-graph-view")
        self._main = _box("gw-main", [])
        self._screens: tuple[ipywidgets.Widget, ...] = ()
        self._place()
        self.children = [self.head, self._bar, self.covered, self._main, screens.message]

    def parts(self) -> list[ipywidgets.Widget]:
        """Return all that the page is made of, also what is hidden or covered."""
        cards = [part for card in self._cards.values() for part in card.parts()]
        boxes = [self._left, self._right, self._main]
        return [*self.children, *self._fields, self.data, self.model, *cards, *boxes]

    def show_head(self, fields: list[Field]) -> None:
        """Show the line on top."""
        self._put(self.head, fields)

    def show_covers(self, fields: list[Field], cover: Collection[str]) -> None:
        """Cover the pictures named, and show what is covered with the buttons to reveal it."""
        self._put(self.covered, fields)
        for name, card in self._cards.items():
            card.cover(name in cover)

    def hide(self, hidden: tuple[str, ...]) -> None:
        """Leave out the parts named, and nothing else; what is left uses their room."""
        if hidden == self._hidden:
            return
        self._hidden = hidden
        for panel, fields in self._fields.items():
            panel.show(without(fields, hidden))
        self._place()

    def _put(self, panel: Panel, fields: list[Field]) -> None:
        self._fields[panel] = fields
        panel.show(without(fields, self._hidden))

    def _place(self) -> None:
        """Put on the page what is not hidden."""
        hidden = self._hidden
        panels = [("model", self.model)] if self._own_model else [
            ("data", self.data), ("model", self.model)
        ]  # fmt: skip
        self._left.children = [panel for name, panel in panels if name not in hidden]
        cards = [self._cards[name] for name in ("loss_plot", "output") if name not in hidden]
        self._right.children = [card.box for card in cards]
        middle = () if "graph" in hidden else (self._cards["graph"].box,)
        sides = [box for box in (self._left, self._right) if box.children]
        self._screens = (*sides[: self._left in sides], *middle, *sides[self._left in sides :])
        if not self._walking:
            self._main.children = self._screens
        for name, there in (
            ("gw-no-left", self._left.children),
            ("gw-no-middle", middle),
            ("gw-no-right", self._right.children),
        ):
            self._main.remove_class(name) if there else self._main.add_class(name)

    def show_buttons(
        self, playing: bool, can_play: bool, can_undo: bool = False, can_redo: bool = False
    ) -> None:
        """Show the buttons for a running or a standing playground."""
        fields = controls.button_fields(playing, can_play, self._own_model, can_undo, can_redo)
        self._put(self.buttons, fields)

    def show_settings(self, learning_rate: float | None, speed: str) -> None:
        """Show learning rate and speed."""
        self._put(self.settings, controls.setting_fields(learning_rate, speed))

    def show_spec(self, spec: Spec) -> None:
        """Show the controls of data and model."""
        self._put(self.data, builder.data_fields(spec))
        self._put(self.model, builder.model_fields(spec))

    def show_own_model(self, words: str) -> None:
        """Show a sentence in the builder's place."""
        self._put(self.model, [_heading("model_heading"), {"kind": "note", "text": words}])

    def show_detail(self, detail: str) -> None:
        """Show how much of the graph is chosen."""
        self._detail = detail
        self._show_graph_head()

    def show_can_walk(self, can_walk: bool) -> None:
        """Show whether there is a step to walk through."""
        self._can_walk = can_walk
        self._show_graph_head()

    def show_walk(self, stepper: ipywidgets.Widget | None) -> None:
        """Show a walk in the place of graph, loss and output; None: show these again.

        They stay on the page, hidden, so that they come back as they were left.
        """
        self._walking = stepper is not None
        if stepper is None:
            self._main.children = self._screens
            self._main.remove_class("gw-walking")
            take_away(self._walk_card)  # or no page could load it: it holds a walk that is closed
        else:
            # Room first: the walk scrolls itself into view as soon as it is on the page.
            self._main.add_class("gw-walking")
            self._walk_card = _box("gw-card gw-walk", [stepper])
            self._main.children = [*self._screens, self._walk_card]

    def _show_graph_head(self) -> None:
        self._put(
            self.graph_head,
            [
                _heading("graph"),
                {
                    "kind": "row",
                    "name": "graph",
                    "items": [
                        controls.walk_field(self._can_walk),
                        *graph_fields.detail_fields(self._detail),
                    ],
                },
            ],
        )

    def show_axis(self, log: bool) -> None:
        """Show the loss plot's axis."""
        self._put(self.loss_head, [_heading("loss_plot"), *picture_fields.axis_fields(log)])

    def restore(self) -> None:
        """Put the shown values back into the controls after a change that was refused."""
        for panel in (self.settings, self.data, self.model):
            panel.restore()


class Card:
    """The place of a picture: its head, and the picture, or a cover with a button to reveal it.

    A picture that is covered is not on the page at all: neither its numbers nor the text that
    describes it can be found there.
    """

    def __init__(
        self,
        name: str,
        head: Panel,
        picture: ipywidgets.Widget,
        changed: Changed,
    ) -> None:
        self._parts = [head, picture]
        self._name, self._changed = name, changed
        self._cover: Panel | None = None
        self.box = _box("gw-card", self._parts)

    def parts(self) -> list[ipywidgets.Widget]:
        """Return all that it holds."""
        return [*self._parts, *filter(None, [self._cover]), self.box]

    def cover(self, covered: bool) -> None:
        """Cover the picture, or show it again."""
        if covered == (self._cover is not None):
            return
        if covered:
            self._cover = Panel(text("panel.covered"), self._changed)
            self._cover.add_class("gw-cover")
            note: Note = {"kind": "note", "text": text("cover.here")}
            self._cover.show([note, reveal_button(self._name)])
            self.box.children = [self._parts[0], self._cover]
        else:
            self.box.children = self._parts
            take_away(self._cover)
            self._cover = None


def _heading(key: str) -> Heading:
    return {"kind": "heading", "text": text(key)}


def take_away(widget: ipywidgets.Widget) -> None:
    """Close a widget with its layout, which ipywidgets would keep."""
    widget.close()
    widget.layout.close()


def _box(classes: str, children: list[ipywidgets.Widget]) -> ipywidgets.Box:
    box = ipywidgets.Box(children)
    for name in classes.split():
        box.add_class(name)
    return box
