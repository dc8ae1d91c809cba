"""What is said when a loss is no longer finite."""
from __future__ import annotations

from dataclasses import dataclass

from gradwidgets.engine.words import say

LEARNING_RATES = (1e-5, 1e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
"""The rates to suggest from. Source: TensorFlow Playground's learning rate menu."""


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
    """

    step: int
    learning_rate: float | None
    suggestion: float | None
    message: str


def suggest_rate(learning_rate: float, known: float | None, lowest: float = 0.0) -> float | None:
    """Return a tenth of `learning_rate` or less; less than `known`, a rate that suits the data.

    The rates that suit were measured with Tanh layers; ReLU needs smaller ones. None when that
    would be less than `lowest`.
    """
    limit = learning_rate / 10 if known is None else min(learning_rate / 10, known / 3)
    # 0.1 / 10 and 0.01 need not be the same float.
    found = next((rate for rate in reversed(LEARNING_RATES) if rate <= limit * 1.01), limit)
    return found if found >= lowest else None


def explain_loop(value: float, step: int, learning_rate: float | None) -> str:
    """Put into words that the loss of a loop written by hand became `value`, nan or inf.

    `learning_rate` is None when it is not known.
    """
    if step == 1:
        cause, advice = say("diverged.cause.no_step"), say("diverged.try.again.mend")
    else:
        cause = say("diverged.cause.likely_rate")
        suggestion = suggest_rate(learning_rate, None) if learning_rate else None
        advice = (say("diverged.try.again.lower") if suggestion is None else
                  say("diverged.try.again.rate", rate=f"{suggestion:g}"))
    happened = _happened("loss", step, learning_rate, value)
    return " ".join([happened, cause, say("diverged.loop_goes_on"), advice])


def explain(what: str, step: int, learning_rate: float | None, good_step: int,
            known: float | None = None, lowest: float = 0.0, from_start: bool = False,
            value: float | None = None) -> Divergence:
    """Put a breakdown into words.

    Parameters
    ----------
    what : {'loss', 'weights', 'data'}
        Which numbers are no longer finite: the loss of a step, the weights after it, or the loss
        over the whole data.
    good_step : the step whose weights are kept
    known : a learning rate known to suit the data
    lowest : the lowest learning rate that can be set
    from_start : whether the first weights, which no step had moved, gave no finite loss either
    value : what the loss of the step became
    """
    kept = (say("diverged.kept.first") if good_step == 0 else
            say("diverged.kept.step", step=good_step))
    suggestion = None
    if from_start:
        cause, advice = say("diverged.cause.first"), say("diverged.try.mend")
    elif not learning_rate:
        cause, advice = say("diverged.cause.unknown"), say("diverged.try.mend")
    else:
        cause = say("diverged.cause.rate")
        suggestion = suggest_rate(learning_rate, known, lowest)
        advice = (say("diverged.try.model") if suggestion is None else
                  say("diverged.try.rate", rate=f"{suggestion:g}"))
    happened = _happened(what, step, learning_rate, value)
    return Divergence(step, learning_rate, suggestion, " ".join([happened, cause, kept, advice]))


def _happened(what: str, step: int, learning_rate: float | None, value: float | None) -> str:
    if learning_rate is None:
        return say(f"diverged.{what}", step=step, value=value)
    return say(f"diverged.{what}.rate", step=step, value=value, rate=f"{learning_rate:g}")
