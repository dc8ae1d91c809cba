"""How a data set's labels become targets, for each output activation and loss function.

One table (`coding_for`) is the source for the builder, the spec and the pictures: it answers with
a `Coding`, or with the sentence that says why the two do not fit together and what to choose.
A pair that has no row in the table yet, because its loss is new, does not fit either.
"""
from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from gradwidgets.core.losses import LOSSES
from gradwidgets.core.ops.activations import SIGMOID, SOFTMAX
from gradwidgets.engine.experiment.data.drawn import Task
from gradwidgets.texts import text

Targets: TypeAlias = Literal["-1/+1", "0/1", "one-hot", "real"]

OUTPUT_ACTIVATIONS = ("Tanh", "Sigmoid", "Softmax", "Linear")


@dataclass(frozen=True, slots=True)
class Coding:
    """Number of outputs, coding of the targets, and how outputs are shown.

    Attributes
    ----------
    n_outputs : int
    logits : bool
        The loss takes logits: the model ends without the activation, which `display` adds for
        the pictures only.
    """

    task: Task
    output_activation: str
    loss: str
    n_outputs: int
    targets: Targets
    logits: bool = False

    @property
    def final_activation(self) -> str:
        """Activation that is a layer of the model; "Linear" when the loss takes logits."""
        return "Linear" if self.logits else self.output_activation

    def encode(self, labels: np.ndarray) -> np.ndarray:
        """Return the targets, float of shape (n, n_outputs), for labels of shape (n,)."""
        labels = np.asarray(labels)
        targets: np.ndarray
        if self.targets == "one-hot":
            targets = np.eye(self.n_outputs)[labels]
        elif self.targets == "-1/+1":
            targets = 2 * labels.astype(float)[:, None] - 1
        else:
            targets = labels.astype(float)[:, None]
        return targets

    def display(self, outputs: np.ndarray) -> np.ndarray:
        """Return what the learner is shown for the model's outputs of shape (n, n_outputs)."""
        shown = outputs
        if self.logits and self.output_activation == "Sigmoid":
            shown = SIGMOID.forward(outputs)
        elif self.logits:
            shown = SOFTMAX.forward(outputs, 1)
        return shown

    def value(self, outputs: np.ndarray) -> np.ndarray:
        """Return scores of shape (n,): −1 is class 0, +1 the last class; real targets as they are.

        Scores of classes lie in [−1, 1]. They are for two classes; with more, the score is the
        place of the likeliest class between the first and the last.
        """
        shown = self.display(outputs)
        score: np.ndarray
        if self.targets == "real":
            score = shown[:, 0]
        elif self.targets == "one-hot" and self.n_outputs > 2:
            score = 2 * shown.argmax(axis=1) / (self.n_outputs - 1) - 1
        elif self.targets == "one-hot":
            score = np.clip(shown[:, 1] - shown[:, 0], -1, 1)
        else:
            score = np.clip(shown[:, 0] if self.targets == "-1/+1" else 2 * shown[:, 0] - 1, -1, 1)
        return score


_Row: TypeAlias = tuple[Literal[1, "k"], Targets, bool]

# (output activation, loss) -> (outputs, targets, logits), or the key of the text that says why
# not. "k" is one per class.
_CLASSES: dict[tuple[str, str], _Row | str] = {
    ("Tanh", "MSELoss"): (1, "-1/+1", False),
    ("Tanh", "BCELoss"): "pair.tanh_bce",
    ("Tanh", "CrossEntropyLoss"): "pair.tanh_cross",
    ("Sigmoid", "MSELoss"): (1, "0/1", False),
    ("Sigmoid", "BCELoss"): (1, "0/1", True),
    ("Sigmoid", "CrossEntropyLoss"): "pair.sigmoid_cross",
    ("Softmax", "MSELoss"): ("k", "one-hot", False),
    ("Softmax", "BCELoss"): "pair.softmax_bce",
    ("Softmax", "CrossEntropyLoss"): ("k", "one-hot", True),
    ("Linear", "MSELoss"): (1, "-1/+1", False),
    ("Linear", "BCELoss"): "pair.linear_bce",
    ("Linear", "CrossEntropyLoss"): "pair.linear_cross",
}

_REAL: dict[tuple[str, str], _Row | str] = {
    **dict.fromkeys(
        itertools.product(OUTPUT_ACTIVATIONS, ("BCELoss", "CrossEntropyLoss")),
        "pair.cross_real"),
    ("Linear", "MSELoss"): (1, "real", False),
    ("Tanh", "MSELoss"): (1, "real", False),
    ("Sigmoid", "MSELoss"): "pair.sigmoid_real",
    ("Softmax", "MSELoss"): "pair.softmax_real",
}


def coding_for(task: Task, output_activation: str, loss: str, n_classes: int = 2) -> Coding | str:
    """Return the coding for an output activation and a loss, or why they do not fit together.

    Parameters
    ----------
    n_classes : number of classes, when there are classes

    Raises
    ------
    ValueError
        If there is no such task, activation or loss.
    """
    if task not in ("classification", "regression"):
        raise ValueError(f"task: received {task!r}; expected 'classification' or 'regression'")
    if output_activation not in OUTPUT_ACTIVATIONS or loss not in LOSSES:
        raise ValueError(f"no such pair of output activation and loss: {output_activation!r} and "
                         f"{loss!r}; activations are {', '.join(OUTPUT_ACTIVATIONS)}, losses are "
                         f"{', '.join(LOSSES)}")
    table = _REAL if task == "regression" else _CLASSES
    entry = table.get((output_activation, loss), "pair.unknown")
    if task == "classification" and n_classes > 2 and entry[0] == 1:
        entry = "pair.many_classes"
    if isinstance(entry, str):
        return text(entry, output=output_activation, loss=loss, count=n_classes)
    n_outputs, targets, logits = entry
    return Coding(task, output_activation, loss, n_classes if n_outputs == "k" else n_outputs,
                  targets, logits)
