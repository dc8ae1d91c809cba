"""A learner's model that takes its time, and counts how often it was asked."""

from __future__ import annotations

from time import sleep

import numpy as np

from gradwidgets.core import SGD, Linear, MSELoss, Sequential


class SlowModel(Sequential):
    """A layer whose forward pass takes `seconds`; `began` is called at each one's beginning.

    What all of them have taken is in `spent`, whatever else the machine was doing.
    """

    def __init__(self, seconds: float, began: object = None) -> None:
        super().__init__([Linear(2, 1, rng=np.random.default_rng(0))])
        self.seconds, self.began, self.passes, self.spent = seconds, began, 0, 0.0

    def forward(self, x: object) -> object:
        self.passes += 1
        if self.began is not None:
            self.began(self.passes)
        sleep(self.seconds)
        self.spent += self.seconds
        return super().forward(x)


def slow_objects(seconds: float, began: object = None) -> dict[str, object]:
    """Return the five objects that a playground takes instead of a spec."""
    model = SlowModel(seconds, began)
    data = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    return {
        "model": model,
        "criterion": MSELoss("mean"),
        "optimizer": SGD(model.get_parameters(), alpha=0.01),
        "data": data,
        "target": data[:, :1],
    }
