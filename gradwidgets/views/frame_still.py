"""The pictures of a training as they are kept in a notebook: graph, losses, output."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gradwidgets.views import still_plots
from gradwidgets.views.decision_plot import DecisionPlot
from gradwidgets.views.graph_picture import GraphPicture
from gradwidgets.views.graph_still import graph_still
from gradwidgets.views.loss_plot import LossPlot
from gradwidgets.views.still import Picture
from gradwidgets.views.texts import text


def frame_pictures(
    frame: object, graph: GraphPicture, dataset: object | None
) -> Iterator[Picture]:
    """Yield what an engine `Frame` shows, one picture after the other."""
    drawn = graph_still(graph)
    if drawn is not None:
        yield drawn
    history = frame.history
    curves = [(text("loss_plot.train"), history.train)]
    if np.isfinite(history.test).any():
        curves.append((text("loss_plot.test"), history.test))
    title = text("loss_plot")
    yield Picture(
        still_plots.loss_svg(history.epoch, curves, title, text("loss_plot.x")),
        f"{title}: {LossPlot.describe(history.epoch, history.train, history.test)}",
    )
    title = text("output")
    yield Picture(
        still_plots.output_svg(frame.output, dataset, title),
        f"{title}: {DecisionPlot.describe(frame.output, dataset)}",
    )
