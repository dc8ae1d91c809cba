# mypy: disable-error-code="empty-body"
# `operation` puts in the body of a method that has none.
"""The functions between layers, those that make probabilities, and losses of these."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradwidgets.core.arguments import plain_number, position
from gradwidgets.core.methods.operation import apply, operation
from gradwidgets.core.ops.activations import LEAKY_RELU, LOG_SOFTMAX, RELU, SIGMOID, SOFTMAX, TANH
from gradwidgets.core.ops.likelihoods import BCE, BCE_LOGITS
from gradwidgets.core.recorded import Recorded
from gradwidgets.core.types import Operand

if TYPE_CHECKING:
    from gradwidgets.core.tensor import Tensor


class Activations(Recorded):
    """The methods of `Tensor` whose operations stand in `ops.activations` and `ops.likelihoods`."""

    __slots__ = ()

    @operation(TANH)
    def tanh(self) -> Tensor:
        """Squash every entry between -1 and 1: the hyperbolic tangent."""

    @operation(SIGMOID)
    def sigmoid(self) -> Tensor:
        """Squash every entry x between 0 and 1: 1 / (1 + exp(-x))."""

    @operation(RELU)
    def relu(self) -> Tensor:
        """Keep positive entries and set the others to 0."""

    def leaky_relu(self, slope: float = 0.01) -> Tensor:
        """Keep positive entries and scale the others by `slope`."""
        return apply(LEAKY_RELU, [self], (plain_number(slope),))

    def softmax(self, dim: int = -1, *, axis: int | None = None) -> Tensor:
        """Turn the entries along `dim`, also called `axis`, into shares that sum to one."""
        dim = dim if axis is None else axis
        return apply(SOFTMAX, [self], (position(dim, self.data.ndim, "softmax"),))

    def log_softmax(self, dim: int = -1, *, axis: int | None = None) -> Tensor:
        """Return the logarithm of `softmax`, exact also where a share is too small to be stored."""
        dim = dim if axis is None else axis
        return apply(LOG_SOFTMAX, [self], (position(dim, self.data.ndim, "log_softmax"),))

    @operation(BCE)
    def bce(self, other: Operand) -> Tensor:
        """Return the binary cross-entropy of every probability and its target in `other`."""

    @operation(BCE_LOGITS)
    def bce_logits(self, other: Operand) -> Tensor:
        """Return the binary cross-entropy of every logit, the number before a sigmoid."""
