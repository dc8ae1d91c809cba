"""What a trainer hands to the pictures: plain data that later steps do not change."""
from __future__ import annotations

from dataclasses import dataclass

from gradwidgets.engine.graph.snapshot import Graph
from gradwidgets.engine.training.history import Losses
from gradwidgets.engine.training.output import Output
from gradwidgets.engine.tutor.diverged import Divergence
from gradwidgets.engine.tutor.not_learning import Finding


@dataclass(frozen=True, slots=True)
class StepRecord:
    """One step, caught after ``backward`` and before the optimizer moved anything.

    Attributes
    ----------
    step : int
        Counted from 1.
    epoch : int
        Epochs that were complete before this step.
    learning_rate : float or None
    loss : float
        The criterion's own number for this batch.
    samples : int
        Rows of this batch.
    """

    step: int
    epoch: int
    learning_rate: float | None
    graph: Graph
    loss: float
    samples: int


@dataclass(frozen=True, slots=True)
class Frame:
    """Everything the screens show of one moment. Losses are per-sample means over whole sets.

    `seconds` is what a step takes where that is long; None where it is not.
    """

    step: int
    epoch: int
    train_loss: float | None
    test_loss: float | None
    learning_rate: float | None
    record: StepRecord | None
    history: Losses
    output: Output
    divergence: Divergence | None
    finding: Finding | None = None
    seconds: float | None = None
