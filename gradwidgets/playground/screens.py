"""Everything that shows a frame: status line, graph, loss plot, output picture."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Callable, Collection
from typing import Any

import numpy as np

from gradwidgets.engine.experiment.data.drawn import Dataset
from gradwidgets.engine.frame import Frame, StepRecord
from gradwidgets.texts import text
from gradwidgets.views.graph.pane import GraphPane
from gradwidgets.views.graph.picture import GraphPicture
from gradwidgets.views.kit import numbers
from gradwidgets.views.kit.fields import Changed
from gradwidgets.views.kit.live import LiveView
from gradwidgets.views.kit.pump import BREATH
from gradwidgets.views.kit.status import Message, StatusLine
from gradwidgets.views.pictures.decision import DecisionPlot
from gradwidgets.views.pictures.loss import LossPlot
from gradwidgets.views.pictures.prepare import prepare_now
from gradwidgets.views.pictures.view import FigureView


class Screens:
    """The pictures of one playground; each frame goes to all of them, so they agree.

    Parameters
    ----------
    changed : callable taking a name and a value
        Called when the button of a message is pressed.
    failed : callable taking an exception
        Called when a picture cannot be drawn for a page that has asked for it.
    """

    def __init__(
        self, changed: Changed, failed: Callable[[Exception], None]
    ) -> None:
        self.status = StatusLine()
        self.message = Message(changed)
        self.graph = GraphPicture(detail="layers")
        self.graph_pane = GraphPane(self.graph)
        self.loss = FigureView(text("loss_plot"), LossPlot)
        self.output = FigureView(text("output"), DecisionPlot)
        self._answering: LiveView | None = None
        self.look_at("graph", "loss_plot", "output")
        self.covered: tuple[str, ...] = ()
        for view in (self.graph, self.loss, self.output):
            view.on_error = failed
        self.log = False
        self.last: Frame | None = None

    def look_at(self, *pictures: str) -> None:
        """Say which pictures are on the page: the one of them that is sent last answers for all."""
        views = {"graph": self.graph, "loss_plot": self.loss, "output": self.output}
        there = [view for name, view in views.items() if name in pictures]
        self._answering = there[-1] if there else None
        for view in views.values():
            view.acknowledges = view is self._answering
        if self._answering is not None:
            self._answering.expect_somebody()

    def ready(self) -> bool:
        """Return whether every page has kept up with what it was sent."""
        return self._answering is None or self._answering.ready()

    def watched(self) -> bool:
        """Return whether anybody may be looking: False once the last page has left for good."""
        view = self._answering
        return view is None or not (view.left_alone() or view.lost())

    def silence(self) -> float:
        """Return for how many seconds a page has not answered that once did; asked at each turn."""
        view = self._answering
        if view is None:
            return 0.0
        view.turn()
        return view.silence()

    def expect_somebody(self) -> None:
        """Take it that somebody looks, as Play has been asked for."""
        if self._answering is not None:
            self._answering.expect_somebody()

    def show(self, frame: Frame, dataset: Dataset | None, announce: bool = False) -> None:
        """Show a frame; `announce` has the status read aloud at once."""
        self.last = frame
        self.status.show(status_line(frame, self.covered), announce)
        record = frame.record
        if record is not None:
            broken = frame.divergence
            failed = broken is not None and record.step == broken.step
            self.graph.show(record.graph, caption(record, failed))
        self.show_loss()
        self.output.show(
            lambda figure: _draw_output(figure, frame, dataset),
            DecisionPlot.describe(frame.output, dataset),
        )

    def show_loss(self) -> None:
        """Draw the loss plot of the last frame, on the axis that is chosen now."""
        if self.last is None:
            return
        history, log = self.last.history, self.log
        train, test = (
            np.full_like(losses, np.nan) if name in self.covered else losses
            for name, losses in (("train_loss", history.train), ("test_loss", history.test))
        )
        self.loss.show(
            lambda figure: figure.draw(history.epoch, train, test, log),
            LossPlot.describe(history.epoch, train, test),
        )

    def announce(self) -> None:
        """Have the status line read aloud at once."""
        if self.last is not None:
            self.status.show(status_line(self.last, self.covered), announce=True)

    async def prepare(self) -> None:
        """Import and compile what the pictures need, away from the loop, and then draw.

        It takes a second the first time; until then the widgets are on screen without pictures.
        Whatever somebody presses meanwhile is answered: nothing here holds the loop up for long.
        """
        views: tuple[LiveView, ...] = (self.graph, self.loss, self.output)
        for view in views:
            view.prepared = False
        try:
            await asyncio.to_thread(prepare_now)
            for figure in (self.loss, self.output):
                await self._make_aside(figure)
        finally:
            for view in views:
                view.prepared = True
        for view in views:
            view.redraw()
            await asyncio.sleep(BREATH)
        # the first walk is not to wait for it
        await asyncio.to_thread(importlib.import_module, "gradwidgets.views.walk.stepper")

    async def _make_aside(self, view: FigureView[Any]) -> None:
        try:
            view.take(await asyncio.to_thread(view.made_aside))
        except Exception:  # noqa: BLE001 - it is drawn again for the page, which is told of it
            return


def status_line(frame: Frame, covered: Collection[str] = ()) -> str:
    """Return the frame's numbers in one line; a loss that is covered is not among them."""
    def loss(name: str, value: float | None) -> str:
        return text("cover.number") if name in covered else numbers.short(value)

    line = text(
        "status",
        epoch=frame.epoch,
        step=frame.step,
        train=loss("train_loss", frame.train_loss),
        test=loss("test_loss", frame.test_loss),
    )
    if frame.seconds is None:
        return line
    return f"{line} · {text('status.slow', seconds=numbers.seconds(frame.seconds))}"


def caption(record: StepRecord, failed: bool = False) -> str:
    """Return of which moment the graph is; after a step that `failed`, losses are of another."""
    if failed:
        return text("graph.of_failed", step=record.step)
    return text(
        "graph.of_step" if record.step else "graph.of_forward",
        step=record.step,
        samples=record.samples,
    )


def _draw_output(figure: DecisionPlot, frame: Frame, dataset: Dataset | None) -> bytes:
    if dataset is not None:
        figure.set_data(dataset.points, dataset.labels, dataset.train, dataset.test)
    return figure.draw(frame.output)
