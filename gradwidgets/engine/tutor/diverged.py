"""What is said when a loss is no longer finite."""
from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from gradwidgets.engine.graph.snapshot import Graph
from gradwidgets.engine.tutor.origin import Origin, find_origin
from gradwidgets.texts import text

Broken: TypeAlias = Literal["loss", "weights", "gradient", "data"]
"""Which numbers are no longer finite: the loss of a step, the weights after it, those of which the
gradient was the cause, or the loss over the whole data.
"""

LEARNING_RATES = (1e-5, 1e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
"""The rates to suggest from. Source: TensorFlow Playground's learning rate menu."""

RECENT = 20
"""As many losses tell how training went lately."""
FAR_ABOVE = 10
"""Times the usual loss: what comes here is on its way up."""
STEADY = 2
"""Times the usual loss: what stays below is not."""
OUTGROWN = 10
"""Times the weights that were good: no step of a rate that suits goes as far."""


@dataclass(frozen=True, slots=True)
class Divergence:
    """When training broke down, and what to do.

    Attributes
    ----------
    step : int
        The step, counted from 1, that gave numbers which are not finite.
    learning_rate : float or None
        The rate of that step; None when the optimizer does not tell it.
    suggestion : float or None
        A lower learning rate to try.
    message : str
        What happened, where, and what to try.
    by_rate : bool
        Whether steps that are too large explain it, so that the same would only come again.
    origin : Origin or None
        The tensor with which it began, where that can be told.
    """

    step: int
    learning_rate: float | None
    suggestion: float | None
    message: str
    by_rate: bool = True
    origin: Origin | None = None


def suggest_rate(learning_rate: float, known: float | None, lowest: float = 0.0) -> float | None:
    """Return a tenth of `learning_rate` or less; less than `known`, a rate that suits the data.

    The rates that suit were measured with Tanh layers; ReLU needs smaller ones. None when that
    would be less than `lowest`.
    """
    limit = learning_rate / 10 if known is None else min(learning_rate / 10, known / 3)
    # 0.1 / 10 and 0.01 need not be the same float.
    found = next((rate for rate in reversed(LEARNING_RATES) if rate <= limit * 1.01), limit)
    return found if found >= lowest else None


def rises(losses: Sequence[float]) -> bool:
    """Tell whether losses, of which the last one is the latest, were on their way up.

    One batch's loss goes up and down by chance: it has to stand far above what was usual.
    """
    latest, before = losses[-1:], losses[-RECENT:-1]
    return bool(len(before)) and latest[0] > FAR_ABOVE * float(np.median(before))


def falls(losses: Sequence[float]) -> bool:
    """Tell whether there are losses enough to say that they were not on their way up."""
    before = losses[-RECENT:-1]
    return len(before) >= 2 and losses[-1] <= STEADY * float(np.median(before))


def explain_loop(value: float, step: int, learning_rate: float | None,
                 losses: Sequence[float] = (), graph: Graph | None = None) -> str:
    """Put into words that the loss of a loop written by hand became `value`, nan or inf.

    Parameters
    ----------
    learning_rate : None when it is not known
    losses : those of the steps before, the latest ones at least
    graph : that of the loss itself, where it is a tensor
    """
    origin = None if graph is None else find_origin(graph)
    moved = step > 1 and learning_rate != 0
    if origin is not None and not (moved and origin.by_size and not falls(losses)):
        cause, advice = [origin.cause], [origin.advice, text("diverged.try.again")]
        if moved and rises(losses):
            cause.append(text("diverged.cause.rate_too"))
    elif not moved:
        cause, advice = [text("diverged.cause.no_step")], [text("diverged.try.again.mend")]
    elif falls(losses):
        cause, advice = [text("diverged.cause.falling")], [text("diverged.try.again.mend")]
    else:
        cause = [text("diverged.cause.likely_rate")]
        suggestion = suggest_rate(learning_rate, None) if learning_rate else None
        advice = [text("diverged.try.again.lower") if suggestion is None else
                  text("diverged.try.again.rate", rate=f"{suggestion:g}")]
    happened = _happened("loss", step, learning_rate, value)
    return " ".join([happened, *cause, text("diverged.loop_goes_on"), *advice])


def explain(what: Broken, step: int, learning_rate: float | None, good_step: int,
            known: float | None = None, lowest: float = 0.0, from_start: bool = False,
            value: float | None = None, origin: Origin | None = None,
            losses: Sequence[float] = (), growth: float = math.inf) -> Divergence:
    """Put a breakdown into words.

    Parameters
    ----------
    good_step : the step whose weights are kept
    known : a learning rate known to suit the data
    lowest : the lowest learning rate that can be set
    from_start : whether the first weights, which no step had moved, gave no finite loss either
    value : what the loss of the step became
    origin : with what it began, where that can be told
    losses : of the steps that were taken at this rate before, the latest ones at least
    growth : how many times larger the weights have become since those that are kept
    """
    kept = (text("diverged.kept.first") if good_step == 0 else
            text("diverged.kept.step", step=good_step))
    moved = learning_rate != 0 and not from_start and (
        rises(losses) or growth > OUTGROWN and not falls(losses))
    by_rate = moved and (learning_rate is not None if origin is None else origin.by_size)
    suggestion = suggest_rate(learning_rate, known, lowest) if moved and learning_rate else None
    if by_rate:
        cause = [text("diverged.cause.rate")]
        advice = [text("diverged.try.lower") if learning_rate is None else
                  text("diverged.try.model") if suggestion is None else
                  text("diverged.try.rate", rate=f"{suggestion:g}")]
    elif origin is not None:
        cause, advice = [origin.cause], [origin.advice, text("diverged.try.play")]
        if moved:
            cause.append(text("diverged.cause.rate_too"))
    else:
        cause = [text("diverged.cause.first") if from_start else
                 text("diverged.cause.unknown") if not learning_rate else
                 text("diverged.cause.optimizer") if what == "weights" else
                 text("diverged.cause.falling")]
        advice = [text("diverged.try.mend")]
    # A rate that is not the cause is not mentioned.
    happened = _happened(what, step, learning_rate if by_rate else None, value)
    return Divergence(step, learning_rate, suggestion, " ".join([happened, *cause, kept, *advice]),
                      by_rate, origin)


def _happened(what: Broken, step: int, learning_rate: float | None, value: float | None) -> str:
    if learning_rate is None or what == "gradient":
        return text(f"diverged.{what}", step=step, value=value)
    return text(f"diverged.{what}.rate", step=step, value=value, rate=f"{learning_rate:g}")
