"""The weights from which the course's networks start, and the losses that must come of them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np


@dataclass(frozen=True)
class SeedWeights:
    """How a network starts.

    Attributes
    ----------
    parameters : list of ndarray
        In the order of `get_parameters()`: of every layer the weight, then the bias.
    alpha : float
        The learning rate.
    losses : list of float
        The losses of the first steps, in order, to eight decimals.
    manual_losses : list of float
        In step 5, the losses of the same network with gradients derived by hand; else empty.
    """

    parameters: list[np.ndarray]
    alpha: float
    losses: list[float]
    manual_losses: list[float]


def seed_weights(name: str) -> SeedWeights:
    """Return where the network of a step starts: "step5", "step8", "step9", "step10".

    A random seed alone does not give them: which numbers come out of `np.random` also depends on
    what else has drawn from it before, and in which version of NumPy.
    """
    told = _read()
    key = next((key for key in told if key.partition("_")[0] == name), None)
    if key is None:
        known = ", ".join(sorted((key.partition("_")[0] for key in told), key=lambda k: int(k[4:])))
        raise KeyError(f"there are no weights for {name!r}; there are some for {known}")
    parameters = [np.array(values, dtype=float) for values in told[key]["initial_parameters"]]
    losses = (list(told[key].get(column, ())) for column in ("losses", "manual_losses"))
    return SeedWeights(parameters, told[key]["alpha"], *losses)


@cache
def _read() -> dict:
    return json.loads((Path(__file__).parent / "seed_losses.json").read_text(encoding="utf-8"))
