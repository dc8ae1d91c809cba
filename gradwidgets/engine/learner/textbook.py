"""What training needs of objects of any class: the methods of the textbook's loop.

A learner's objects have been asked for them (`foreign.required`) before they go by these names.
"""
from __future__ import annotations

from typing import Any, Protocol


class TensorLike(Protocol):
    """A tensor of any class, as far as training touches it."""

    data: Any
    grad: Any


class Model(Protocol):
    """Answers data with a prediction."""

    def forward(self, data: Any, /) -> Any:
        """Return the prediction, a tensor."""


class Moded(Protocol):
    """Behaves in another way while it trains: a model with dropout."""

    def train(self) -> Any:
        """Enter training."""

    def eval(self) -> Any:
        """Leave training."""


class Criterion(Protocol):
    """Tells how far a prediction is from the target."""

    def forward(self, prediction: Any, target: Any, /) -> Any:
        """Return the loss, a tensor."""


class OptimizerLike(Protocol):
    """Moves the weights: an optimizer."""

    def step(self) -> Any:
        """Move every weight once, by its gradient."""
