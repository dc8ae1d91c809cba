"""The weights from which the course's networks start, and the losses that must come of them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NotRequired, TypedDict

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


class Table(TypedDict):
    """What the file of losses tells of a step, beside where the numbers come from."""

    initial_parameters: list[list[float] | list[list[float]]]
    alpha: float
    losses: list[float]
    manual_losses: NotRequired[list[float]]


def seed_weights(name: str) -> SeedWeights:
    """Return where the network of a step starts: "step5", "step6", "step8", "step9", "step10".

    `np.random.seed(0)` alone does not give those of steps 8 to 10. The seed's tensors drew their
    ids from `np.random` as well, and so moved on the numbers that the weights are made of; here
    ids are counted, and nothing but weights is drawn.

    Raises
    ------
    KeyError
        For any other name; the message tells which there are.
    """
    tables = _read()
    if name not in tables:
        raise KeyError(f"there are no weights for {name!r}; there are some for {', '.join(tables)}")
    table = tables[name]
    parameters = [np.array(values, dtype=float) for values in table["initial_parameters"]]
    manual = list(table.get("manual_losses", ()))
    return SeedWeights(parameters, table["alpha"], list(table["losses"]), manual)


@cache
def _read() -> dict[str, Table]:
    """Return the tables by the step's name, in the order of the steps."""
    text = (Path(__file__).parent / "seed_losses.json").read_text(encoding="utf-8")
    tables = {key.partition("_")[0]: table for key, table in json.loads(text).items()}
    # Step 6 trains the network of step 5 once more, by an optimizer.
    tables["step6"] = {key: tables["step5"][key] for key in tables["step5"] if "manual" not in key}
    return {name: tables[name] for name in sorted(tables, key=lambda name: int(name[4:]))}
