"""What is said when a loss is no longer finite."""
from __future__ import annotations

from dataclasses import dataclass

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
    rate = "" if learning_rate is None else f" with learning rate {learning_rate:g}"
    if step == 1:
        cause = ("No step had been taken by then: look for nan or inf in the data or the weights, "
                 "a division by zero, or a logarithm of zero.")
        advice = "Mend that"
    else:
        cause = ("Most often the steps are too large: each one overshoots further than the one "
                 "before.")
        suggestion = suggest_rate(learning_rate, None) if learning_rate else None
        advice = ("Lower the learning rate" if suggestion is None else
                  f"Lower the learning rate, for example to {suggestion:g}")
    return (f"The loss is no longer finite: it became {value} at step {step}{rate}. {cause} The "
            f"drawing has stopped here; the loop itself goes on. {advice}, make the weights anew, "
            "and run the loop again.")


def explain(what: str, step: int, learning_rate: float | None, good_step: int,
            known: float | None = None, lowest: float = 0.0, from_start: bool = False
            ) -> Divergence:
    """Put a breakdown into words.

    Parameters
    ----------
    what : the sentence's beginning: which numbers are no longer finite, without a full stop
    good_step : the step whose weights are kept
    known : a learning rate known to suit the data
    lowest : the lowest learning rate that can be set
    from_start : whether the first weights, which no step had moved, gave no finite loss either
    """
    rate = "" if learning_rate is None else f" with learning rate {learning_rate:g}"
    kept = "the first weights" if good_step == 0 else f"the weights of step {good_step}"
    suggestion = None
    if from_start:
        cause = ("It was not finite with the first weights either: look for nan or inf in the "
                 "data, a division by zero, or a logarithm of zero.")
        advice = "Mend that, then reset"
    elif not learning_rate:
        cause = "Look for a division by zero, a logarithm of zero, or steps that are too large."
        advice = "Mend that, then reset"
    else:
        cause = "The steps are too large: each one overshoots further than the one before."
        suggestion = suggest_rate(learning_rate, known, lowest)
        advice = ("Take fewer or smaller layers, or other inputs" if suggestion is None else
                  f"Lower the learning rate, for example to {suggestion:g}, then go on")
    return Divergence(step, learning_rate, suggestion,
                      f"{what} at step {step}{rate}. {cause} Training has stopped and {kept} are "
                      f"back. {advice}.")
