"""What formulas say of a product with an infinite number, where the true limit is 0."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gradwidgets.core.types import Answer


def weighed(weight: np.ndarray, product: Callable[[], Answer]) -> Answer:
    """Return what `product` computes, but 0 where `weight`, a factor of it, is 0.

    At the edge of a function its slope is infinite. A result that nothing depends on (the gradient
    that arrived is 0) hands nothing on all the same, where the formula would say 0 · ∞ = nan.
    An infinite slope that does count is no mistake, so nothing warns of it.
    """
    try:
        with np.errstate(divide="raise", invalid="raise"):
            return product()
    except FloatingPointError:
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(weight == 0, 0.0, product())
