"""What is seen of a loop written by hand: its losses, the step it is at, and that step's graph."""

from __future__ import annotations

from time import monotonic

import ipywidgets
import numpy as np

from gradwidgets.engine.graph.snapshot import Graph
from gradwidgets.engine.training.history import Losses
from gradwidgets.texts import text
from gradwidgets.views.graph.still import graph_still
from gradwidgets.views.graph.view import GraphView
from gradwidgets.views.kit import numbers
from gradwidgets.views.kit.fields import Heading, Tone, Value
from gradwidgets.views.kit.live import SILENT_AFTER
from gradwidgets.views.kit.panel import Panel
from gradwidgets.views.kit.resting import Resting
from gradwidgets.views.kit.status import Message, StatusLine
from gradwidgets.views.kit.still import Picture, still_html
from gradwidgets.views.pictures import fields as picture_fields
from gradwidgets.views.pictures.loss import StepPlot
from gradwidgets.views.pictures.prepare import prepare_now
from gradwidgets.views.pictures.stills import loss_svg
from gradwidgets.views.pictures.view import FigureView

EXPECTED = 420, 430  # CSS pixels of the loss plot, as it is in JupyterLab on a laptop
ANSWERS_ASKED = 10  # a page that is silent is asked for an answer with every tenth frame
WHOLE_AT_FIRST = 50  # frames; while the kernel cannot hear whether the page has begun
WHOLE_LATER = 3  # then with every third frame


class WatchScreen(Resting):
    """Shows frames of a loop, also while nothing that the page says can be heard.

    A cell that runs may keep the kernel from hearing the page. Frames are then sent all the same,
    and such that the page can begin with any of them.

    Parameters
    ----------
    detail : {"auto", "layers", "operations", "values"}
        How much of the graph is shown.
    log : bool
        Whether the losses' axis is logarithmic.
    """

    def __init__(self, detail: str = "auto", log: bool = False) -> None:
        self.log_axis = log
        self.status = StatusLine()
        self.message = Message(self._control_changed)
        self.loss = FigureView(text("loss_plot"), StepPlot, expected=EXPECTED)
        self.graph = GraphView(detail=detail, check=False)
        self._head = Panel(text("panel.loss"), self._control_changed)
        card = ipywidgets.Box([self._head, self.loss])
        for part in (card, self.graph):
            part.add_class("gw-card")
        bar, self._main = ipywidgets.Box([self.status]), ipywidgets.Box([card])
        bar.add_class("gw-bar")
        self._main.add_class("gw-watch-main")
        super().__init__([bar, self._main, self.message])
        self.add_class("gw-watch")
        self._history: Losses | None = None
        self._frames = 0
        self._finished = False
        self._asked = 0
        for view in (self.graph.picture, self.loss):
            view.unasked = True
            view.on_error = self.say_trouble
        self.graph.picture.acknowledges = False  # the loss plot is sent last, and answers for it
        self._show_head()

    def prepare(self) -> None:
        """Load what the pictures need, which takes a second; until then only numbers are shown."""
        views = (self.graph.picture, self.loss)
        for view in views:
            view.prepared = False
        try:
            prepare_now()
        finally:
            for view in views:
                view.prepared = True

    @property
    def answers(self) -> bool:
        """Whether the kernel hears the page."""
        return monotonic() - self.loss.heard_at < SILENT_AFTER

    def ready(self) -> bool:
        """Return whether the page can take a frame; of one that is not heard it is assumed."""
        return self.loss.ready() if self.answers else not self.loss.left_alone()

    def show(
        self, step: int, loss: float, history: Losses, graph: Graph | None, caption: str
    ) -> None:
        """Show one step; a loop of plain numbers has no graph."""
        self._frames += 1
        self._history = history
        self.status.show(text("watch.status", step=step, loss=numbers.short(loss)))
        if graph is not None:
            self._show_graph(graph, caption)
        self.loss.acknowledges = self.answers or self._frames % ANSWERS_ASKED == 0
        self.show_loss()
        self._keeper.renew(passing=True)

    def finish(self) -> None:
        """Send all of the last frame once more; a screen reader hears it at once."""
        self.loss.acknowledges = True
        self.graph.picture.push_last()
        self.loss.push_last()
        self.status.show(self.status.line, announce=True)
        self._keeper.renew()
        self._finished = True
        self.rest_when_alone()

    def is_busy(self) -> bool:
        return not self._finished

    def let_go(self) -> None:
        self._keeper.stop()

    def parts(self) -> list[ipywidgets.Widget]:
        return [self.graph]

    def show_loss(self) -> None:
        """Draw the losses on the axis that is chosen now."""
        if self._history is not None:
            step, loss, none = self._history.epoch, self._history.train, self._history.test
            log = self.log_axis
            self.loss.show(
                lambda figure: figure.draw(step, loss, none, log), describe_losses(step, loss)
            )

    def say(self, words: str, tone: Tone = "note") -> None:
        """Show a sentence below the pictures."""
        self.message.say(words, tone)

    def say_trouble(self, error: Exception) -> None:
        """Say that something cannot be drawn."""
        self.say(f"{type(error).__name__}: {error}", "trouble")

    def __repr__(self) -> str:
        return f"<WatchScreen: {self.status.line}>"

    def still_html(self) -> str:
        pictures = graph_still(self.graph.picture)
        if self._history is not None:
            step, loss = self._history.epoch, self._history.train
            title = text("loss_plot")
            pictures.append(
                Picture(
                    loss_svg(step, [(text("watch.loss"), loss)], title, text("watch.x")),
                    f"{title}: {describe_losses(step, loss)}",
                )
            )
        lines = [self.status.line, self.message.words]
        return still_html(text("kept.watch"), lines, pictures)

    def _show_graph(self, graph: Graph, caption: str) -> None:
        if self.graph not in self._main.children:
            self._main.children = [*self._main.children, self.graph]
        picture = self.graph.picture
        begun, self._asked = self._asked == picture.asked, picture.asked
        if begun and not picture.asked:  # nobody has been heard of: a page may come at any time
            begun = self._frames > WHOLE_AT_FIRST and self._frames % WHOLE_LATER > 0
        picture.show(graph, caption, whole=not begun)

    def _control_changed(self, name: str, value: Value) -> None:
        if name == "log_axis":
            self.log_axis = bool(value)
            self._show_head()
            self.show_loss()

    def _show_head(self) -> None:
        heading: Heading = {"kind": "heading", "text": text("loss_plot")}
        self._head.show([heading, *picture_fields.axis_fields(self.log_axis)])


def describe_losses(step: np.ndarray, loss: np.ndarray) -> str:
    """Say in words what the curve shows."""
    known = np.flatnonzero(np.isfinite(loss))
    if not known.size:
        return text("loss_plot.empty")
    first, last, least = known[0], known[-1], known[np.argmin(loss[known])]
    return text(
        "watch.course",
        first=numbers.short(loss[first]),
        start=f"{step[first]:g}",
        last=numbers.short(loss[last]),
        end=f"{step[last]:.0f}",
        least=numbers.short(loss[least]),
        at=f"{step[least]:.0f}",
    )
