"""Loss functions: how far predictions are from targets, as a tensor to go backward from.

All reduce in the same way. ``"sum"`` adds over the samples and keeps one entry per output, as the
seed of this framework did; ``"mean"`` averages over the samples and adds over the outputs, one
number that does not grow with the batch.
"""

from __future__ import annotations

import numpy as np

from gradwidgets.core.nn import Layer
from gradwidgets.core.tensor import Tensor
from gradwidgets.core.types import Operand, Shape

REDUCTIONS = ("mean", "sum")


class _Loss(Layer):
    """What the losses share: the check of shapes and the reduction over samples."""

    def __init__(self, reduction: str) -> None:
        super().__init__()
        if reduction not in REDUCTIONS:
            raise ValueError(
                f"{type(self).__name__}: reduction is {reduction!r}; choose 'sum' or 'mean'"
            )
        self.reduction = reduction

    def _target(self, pred: Tensor, target: Operand) -> Tensor:
        """Return the target as a tensor, after checking that there are predictions for it."""
        if not isinstance(pred, Tensor):
            raise TypeError(
                f"{type(self).__name__}: the prediction is a {type(pred).__name__}, expected a "
                "Tensor; pass what model.forward(x) returned, not its data"
            )
        shape = pred.data.shape
        if not shape or shape[0] == 0:
            raise ValueError(
                f"{type(self).__name__}: the prediction has shape {shape}, expected "
                "(n_samples, n_outputs) with at least one sample"
            )
        return target if isinstance(target, Tensor) else Tensor(target)

    def _target_alike(self, pred: Tensor, target: Operand) -> Tensor:
        """Return the target as a tensor of the shape of the prediction."""
        target = self._target(pred, target)
        if pred.data.shape != target.data.shape:
            # NumPy would broadcast (4, 1) against (4,) to (4, 4), and the loss would be nonsense.
            raise ValueError(
                f"{type(self).__name__}: the prediction is {pred.shape} but the target is "
                f"{target.shape}; {_how_to_fit(pred.data.shape, target.data.shape)}"
            )
        return target

    def _reduce(self, loss: Tensor) -> Tensor:
        """Reduce losses of shape (n_samples,) or (n_samples, n_outputs)."""
        if self.reduction == "sum":
            return loss.sum(0)
        per_output = loss.mean(0)
        return per_output.sum() if per_output.ndim else per_output

    def __repr__(self) -> str:
        return f"{type(self).__name__}(reduction={self.reduction!r})"


def _how_to_fit(pred: Shape, target: Shape) -> str:
    """Return what to do about a target of another shape than the prediction."""
    wanted = "give the target the shape of the prediction"
    if np.prod(pred, dtype=int) == np.prod(target, dtype=int):
        # -1 for the number of samples, so that the line also fits another batch.
        shape = ", ".join(str(length) for length in (-1, *pred[1:]))
        return f"{wanted}: target.reshape({shape})"
    if target[:1] != pred[:1]:
        return (
            f"{wanted}: here are {pred[0]} predictions for {target[0] if target else 1} targets, "
            "so pass the targets of the very samples that the model was given"
        )
    return (
        f"{wanted}, which has {np.prod(pred[1:], dtype=int)} numbers for each sample where the "
        f"target has {np.prod(target[1:], dtype=int)}, or let the model end in as many outputs "
        "(np.eye(n_classes)[numbers] makes such rows of class numbers)"
    )


class MSELoss(_Loss):
    """Squared differences between prediction and target.

    Parameters
    ----------
    reduction : {'sum', 'mean'}, default='sum'
        Sum over the samples, shape (n_outputs,); or mean over the samples and sum over the
        outputs, one number.
    """

    label = "Mean squared"

    def __init__(self, reduction: str = "sum") -> None:
        super().__init__(reduction)

    def forward(self, pred: Tensor, target: Operand) -> Tensor:
        """Return the loss of predictions of shape (n_samples, n_outputs)."""
        target = self._target_alike(pred, target)
        difference = pred - target
        return self._reduce(difference * difference)


class BCELoss(_Loss):
    """Binary cross-entropy: the surprise at a yes (1) or no (0), given its probability.

    Parameters
    ----------
    from_logits : bool, default=False
        Whether the predictions are logits, before a sigmoid. That is stable however large they
        are; probabilities are kept 1e-12 away from 0 and 1.
    reduction : {'sum', 'mean'}, default='mean'
        As for `MSELoss`.

    Raises
    ------
    ValueError
        When targets, or predictions that are no logits, lie outside 0 to 1 by more than rounding.
    """

    label = "Binary cross-entropy"

    def __init__(self, from_logits: bool = False, reduction: str = "mean") -> None:
        super().__init__(reduction)
        self.from_logits = from_logits

    def forward(self, pred: Tensor, target: Operand) -> Tensor:
        """Return the loss of predictions of shape (n_samples, n_outputs), targets from 0 to 1."""
        target = self._target_alike(pred, target)
        if _leaves_0_to_1(target.data):
            raise ValueError(
                f"BCELoss: targets lie {_from_to(target.data)}, expected 0 for no, 1 for yes, "
                "or a probability between; turn -1 and 1 into 0 and 1 with (target + 1) / 2"
            )
        if self.from_logits:
            return self._reduce(pred.bce_logits(target))
        if _leaves_0_to_1(pred.data):
            raise ValueError(
                f"BCELoss: predictions lie {_from_to(pred.data)}, expected probabilities from 0 "
                "to 1; end the model with Sigmoid(), or use BCELoss(from_logits=True)"
            )
        return self._reduce(pred.bce(target))

    def __repr__(self) -> str:
        return f"BCELoss(from_logits={self.from_logits}, reduction={self.reduction!r})"


ROUNDING = 1e-6
"""Probabilities come out of sums, which may end at 1 + 2e-16, or in float32 at 1 + 1e-7."""


def _leaves_0_to_1(data: np.ndarray) -> bool:
    return bool(data.min(initial=0) < -ROUNDING or data.max(initial=1) > 1 + ROUNDING)


def _from_to(data: np.ndarray) -> str:
    """Return the range in words, with as many digits as it takes to see where it leaves 0 to 1."""
    low, high = float(data.min()), float(data.max())
    return f"from {_digits(low)} to {_digits(high)}"


def _digits(number: float) -> str:
    short = f"{number:.4g}"
    return repr(number) if (0 <= float(short) <= 1) != (0 <= number <= 1) else short


class CrossEntropyLoss(_Loss):
    """Cross-entropy between the softmax of logits and the right class.

    Parameters
    ----------
    reduction : {'sum', 'mean'}, default='mean'
        Sum or mean over the samples; one number either way.

    A class may be masked for a sample with a logit of -inf: it has no share, and costs nothing
    where it is not the target.
    """

    label = "Cross-entropy"

    def __init__(self, reduction: str = "mean") -> None:
        super().__init__(reduction)

    def forward(self, pred: Tensor, target: Operand) -> Tensor:
        """Return the loss of logits of shape (n_samples, n_classes).

        `target` holds class numbers, shape (n_samples,), or probabilities of the shape of `pred`
        (one-hot rows, for example).
        """
        target = self._target(pred, target)
        if pred.ndim != 2:
            raise ValueError(
                f"CrossEntropyLoss: the logits have shape {pred.shape}, expected "
                "(n_samples, n_classes)"
            )
        if pred.shape[1] == 1:
            raise ValueError(
                f"CrossEntropyLoss: the logits have shape {pred.shape}, so there is one class, "
                "whose probability is always 1: there is nothing to learn. Give the model an "
                "output for each class, or use BCELoss for yes and no"
            )
        if target.ndim == 1:
            target = Tensor(self._one_hot(target.data, pred.shape))
        elif target.size == pred.shape[0]:
            raise ValueError(
                f"CrossEntropyLoss: the logits are {pred.shape} but the class numbers are "
                f"{target.shape}; expected one number for each sample, in a row of their own: "
                "target.reshape(-1)"
            )
        target = self._target_alike(pred, target)
        return self._reduce(-pred.log_softmax(1).weigh(target).sum(1))

    @staticmethod
    def _one_hot(classes: np.ndarray, shape: Shape) -> np.ndarray:
        with np.errstate(invalid="ignore"):  # of nan, which is refused below
            numbers = classes.astype(int)
        if len(numbers) != shape[0]:
            raise ValueError(
                f"CrossEntropyLoss: {len(numbers)} class numbers for {shape[0]} samples; give one "
                "for each"
            )
        if np.any(numbers != classes) or np.any(numbers < 0) or np.any(numbers >= shape[1]):
            raise ValueError(
                f"CrossEntropyLoss: the logits have {shape[1]} classes, so class numbers must be "
                f"whole, from 0 to {shape[1] - 1}; got {np.unique(classes)}"
            )
        rows: np.ndarray = np.eye(shape[1])[numbers]
        return rows


LOSSES = {"MSELoss": MSELoss, "BCELoss": BCELoss, "CrossEntropyLoss": CrossEntropyLoss}
"""The losses to choose from, by class name."""
