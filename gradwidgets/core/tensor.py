"""Tensor: an array that remembers how it was made, and can pass gradients back to its makers.

Here stand its attributes and its gradient. The operations on it (`tanh`, `mm`, `sum`, ``x + y``)
are methods as well, by kind in the files of `gradwidgets.core.methods`.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy import ndarray

from gradwidgets.core.answers import AnswersNames, refuse_keywords
from gradwidgets.core.arguments import copy_numbers, first_gradient
from gradwidgets.core.backward import backward_steps
from gradwidgets.core.methods.arithmetic import Arithmetic
from gradwidgets.core.methods.as_numpy import AsNumPy
from gradwidgets.core.methods.as_python import AsPython
from gradwidgets.core.methods.reductions import Reductions
from gradwidgets.core.past import PASSED, require_as_it_was
from gradwidgets.core.recorded import as_array, constant, next_id, results_are
from gradwidgets.core.types import Foreign

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

_by_age = attrgetter("id")


@results_are
class Tensor(Arithmetic, Reductions, AsPython, AsNumPy, AnswersNames):
    """An array of numbers that records the operations it goes through.

    Parameters
    ----------
    data : number, nested sequence of numbers, or ndarray
        Copied. With ``autograd=True`` it is stored as float64, since integers cannot be moved by
        small steps.
    autograd : bool, default=False
        Whether `backward` computes a gradient for this tensor.
    creators : sequence of Tensor, optional
        The tensors this one was made of, in order; None for a leaf.
    creation_op : str, optional
        The operation that made it, with its arguments: ``"add"``, ``"sum_0"``, ``"pow_2"``.

    Attributes
    ----------
    id : int
        Counts tensors; creators always have smaller numbers than what they create.

    Raises
    ------
    TypeError, ValueError
        When `data` is not numbers, or has rows of different lengths.
    """

    __slots__ = ()

    def __init__(
        self,
        data: ArrayLike,
        autograd: bool = False,
        creators: Sequence[Tensor] | None = None,
        creation_op: str | None = None,
        **unknown: Foreign,
    ) -> None:
        if unknown:
            refuse_keywords("Tensor", unknown, ("data", "autograd", "creators", "creation_op"))
        self.data = copy_numbers(data, autograd)
        self.autograd = autograd
        self.creators = creators
        self.creation_op = creation_op
        self.id = next_id()
        self._grad = None
        self._kept = None

    # -- copies ---------------------------------------------------------------------------------

    def __setstate__(self, state: tuple[Foreign, dict[str, Foreign]]) -> None:
        """Restore a copied or unpickled tensor under an id of its own."""
        for name, value in state[1].items():
            setattr(self, name, value)
        self.id = next_id()

    def __copy__(self) -> Tensor:
        """Return a tensor with numbers of its own, made of the same creators."""
        cls = type(self)
        other = cls.__new__(cls)
        state: Any = self.__getstate__()
        other.__setstate__(state)
        other.data = np.array(self.data)
        other.grad = None if self.grad is None else constant(self.grad.data.copy())
        return other

    # -- gradients ------------------------------------------------------------------------------

    @property
    def grad(self) -> Tensor | None:
        """Return the gradient, in the shape of the data; None as long as none was computed.

        None is not zero. It may be set to a Tensor, to an array, which is copied, or to None.
        A leaf's ``grad.data`` may be written to; that of a tensor made by an operation is
        read-only, since NumPy may hold the same array for others.
        """
        grad = self._grad
        if isinstance(grad, ndarray):
            # Few look at the gradients of intermediates, so they become tensors only now.
            grad.setflags(write=False)
            self._grad = grad = constant(grad)
        return grad

    @grad.setter
    def grad(self, grad: Tensor | ndarray | None) -> None:
        if grad is None or isinstance(grad, Tensor):
            given = grad
        elif isinstance(grad, (ndarray, np.generic)):
            given = constant(copy_numbers(grad, True, "grad"))
        else:
            raise TypeError(
                f"grad: got a {type(grad).__name__}, expected a Tensor, an array or None; write "
                f"Tensor(np.zeros({self.shape})) for zeros, or None to begin anew"
            )
        if given is not None and given.data.shape != self.data.shape:
            raise ValueError(
                f"grad: the gradient has shape {given.shape} but the tensor has {self.shape}; "
                "each entry needs its own gradient, so the shapes must be equal"
            )
        self._grad = given

    def backward(self, grad: Tensor | ndarray | None = None, **unknown: Foreign) -> None:
        """Compute the gradient of every tensor this one was made of, and add it to its ``.grad``.

        Parameters
        ----------
        grad : Tensor or ndarray of this tensor's shape, optional
            What arrives here; 1 when left out, which suits any loss of one entry.

        Raises
        ------
        RuntimeError
            When this tensor takes no gradient, or when the graph was passed through before: its
            intermediate gradients would be counted twice; or when a leaf's data have changed
            since the forward pass. No gradient has changed then.
        TypeError, ValueError
            When `grad` is not numbers, has another shape, or is missing although there are several
            entries.
        """
        if unknown:
            refuse_keywords("Tensor.backward", unknown, ("grad",))
        if not self.autograd:
            raise RuntimeError(
                "backward: this tensor takes no gradient, since neither it nor anything it was "
                "made of has autograd=True; create the weights with Tensor(data, autograd=True)"
            )
        # All steps before the first write: should one of them fail, no gradient has changed.
        steps = backward_steps(self._graph(), first_gradient(grad, self.data.shape))
        received = {tensor: gradient for tensor, gradient, _ in steps}
        for tensor, gradient in received.items():
            if tensor.creators:
                tensor._grad = gradient
                tensor._kept = PASSED
            elif isinstance(held := tensor._grad, Tensor):
                held.data = as_array(held.data + gradient)
            else:
                tensor._grad = constant(gradient.copy())

    def _graph(self) -> list[Tensor]:
        """Return this tensor and all it was made of that take gradients, results first."""
        reached = {self}
        found = [self]
        for tensor in found:  # which grows while we go through it
            if tensor._kept is not None:
                require_as_it_was(tensor, tensor._kept)
            for creator in tensor.creators or ():
                if creator.autograd and creator not in reached:
                    reached.add(creator)
                    found.append(creator)
        found.sort(key=_by_age, reverse=True)
        return found
