"""The arrangement: bar on top, data and model left, graph in the middle, loss and output right."""

from __future__ import annotations

from collections.abc import Callable

import ipywidgets

from gradwidgets.engine.spec import Spec
from gradwidgets.views import builder, controls
from gradwidgets.views.panel import Panel
from gradwidgets.views.screens import Screens
from gradwidgets.views.texts import text


class Page:
    """Holds the panels of controls and places them and the screens; knows nothing of training.

    Parameters
    ----------
    changed : callable taking the name of a control and its value
    own_model : bool
        A sentence stands in the builder's place.
    """

    def __init__(
        self, screens: Screens, changed: Callable[[str, object], None], own_model: bool
    ) -> None:
        self._own_model = own_model
        self.buttons = Panel(text("panel.buttons"), changed)
        self.settings = Panel(text("panel.settings"), changed)
        self.data = Panel(text("data_heading"), changed)
        self.model = Panel(text("model_heading"), changed)
        self.graph_head = Panel(text("panel.graph"), changed)
        self.loss_head = Panel(text("panel.loss"), changed)
        self.output_head = Panel(text("panel.output"), changed)
        self._can_walk = False
        self.show_detail(screens.graph.detail)
        self.show_axis(screens.log)
        self.output_head.show([_heading("output"), {"kind": "note", "text": text("output.legend")}])
        bar = _box("gw-bar", [self.buttons, screens.status, self.settings])
        left = _box("gw-left", [self.data, self.model] if not own_model else [self.model])
        middle = _box("gw-card gw-middle gw-graph-view", [self.graph_head, screens.graph_pane])
        right = _box(
            "gw-right",
            [
                _box("gw-card", [self.loss_head, screens.loss]),
                _box("gw-card", [self.output_head, screens.output]),
            ],
        )
        self._main = _box("gw-main", [left, middle, right])
        self._screens = self._main.children
        self.children = [bar, self._main, screens.message]

    def show_buttons(self, playing: bool, can_play: bool) -> None:
        """Show the buttons for a running or a standing playground."""
        self.buttons.show(controls.button_fields(playing, can_play, self._own_model))

    def show_settings(self, learning_rate: float | None, speed: str) -> None:
        """Show learning rate and speed."""
        self.settings.show(controls.setting_fields(learning_rate, speed))

    def show_spec(self, spec: Spec) -> None:
        """Show the controls of data and model."""
        self.data.show(builder.data_fields(spec))
        self.model.show(builder.model_fields(spec))

    def show_own_model(self, words: str) -> None:
        """Show a sentence in the builder's place."""
        self.model.show([_heading("model_heading"), {"kind": "note", "text": words}])

    def show_detail(self, detail: str) -> None:
        """Show how much of the graph is chosen."""
        self._detail = detail
        self._show_graph_head()

    def show_can_walk(self, can_walk: bool, focus: bool = False) -> None:
        """Show whether there is a step to walk through; `focus` puts the keyboard there."""
        self._can_walk = can_walk
        self._show_graph_head(focus)

    def show_walk(self, stepper: ipywidgets.Widget | None) -> None:
        """Show a walk in the place of graph, loss and output; None: show these again.

        They stay on the page, hidden, so that they come back as they were left.
        """
        if stepper is None:
            self._main.children = self._screens
            self._main.remove_class("gw-walking")
        else:
            self._show_graph_head()  # whoever comes back finds the keyboard there once more
            # Room first: the walk scrolls itself into view as soon as it is on the page.
            self._main.add_class("gw-walking")
            self._main.children = [*self._screens, _box("gw-card gw-walk", [stepper])]

    def _show_graph_head(self, focus: bool = False) -> None:
        self.graph_head.show(
            [
                _heading("graph"),
                {
                    "kind": "row",
                    "name": "graph",
                    "items": [
                        {**controls.walk_field(self._can_walk), "focus": focus},
                        *controls.detail_fields(self._detail),
                    ],
                },
            ]
        )

    def show_axis(self, log: bool) -> None:
        """Show the loss plot's axis."""
        self.loss_head.show([_heading("loss_plot"), *controls.axis_fields(log)])

    def restore(self) -> None:
        """Put the shown values back into the controls after a change that was refused."""
        for panel in (self.settings, self.data, self.model):
            panel.restore()


def _heading(key: str) -> dict:
    return {"kind": "heading", "text": text(key)}


def _box(classes: str, children: list) -> ipywidgets.Box:
    box = ipywidgets.Box(children)
    for name in classes.split():
        box.add_class(name)
    return box
