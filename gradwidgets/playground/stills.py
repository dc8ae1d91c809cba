"""The pictures of a training as they are kept in a notebook: graph, losses, output."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import numpy as np

from gradwidgets.engine.experiment.data.drawn import Dataset
from gradwidgets.engine.frame import Frame
from gradwidgets.texts import text
from gradwidgets.views.graph.picture import GraphPicture
from gradwidgets.views.graph.still import graph_still
from gradwidgets.views.kit.still import Picture
from gradwidgets.views.pictures import stills as still_plots
from gradwidgets.views.pictures.decision import DecisionPlot
from gradwidgets.views.pictures.loss import LossPlot


def frame_pictures(
    frame: Frame,
    graph: GraphPicture,
    dataset: Dataset | None,
    kept_back: Collection[str] = (),
) -> Iterator[Picture | str]:
    """Yield what a frame shows, one picture after the other, or why one is not drawn.

    What is covered or left out is kept back: the names of pictures, "train_loss", "test_loss".
    """
    if "graph" not in kept_back:
        yield from graph_still(graph)
    history = frame.history
    train, test = (
        np.full_like(losses, np.nan) if name in kept_back else losses
        for name, losses in (("train_loss", history.train), ("test_loss", history.test))
    )
    named = ((text("loss_plot.train"), train), (text("loss_plot.test"), test))
    curves = [(name, losses) for name, losses in named if np.isfinite(losses).any()]
    if curves and "loss_plot" not in kept_back:
        title = text("loss_plot")
        yield Picture(
            still_plots.loss_svg(history.epoch, curves, title, text("loss_plot.x")),
            f"{title}: {LossPlot.describe(history.epoch, train, test)}",
        )
    if "output" not in kept_back:
        title = text("output")
        yield Picture(
            still_plots.output_svg(frame.output, dataset, title),
            f"{title}: {DecisionPlot.describe(frame.output, dataset)}",
        )
