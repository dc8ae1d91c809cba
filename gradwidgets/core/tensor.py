"""Tensor: an array that remembers how it was made, and can pass gradients back to its makers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count
from numbers import Real
from operator import attrgetter

import numpy as np
from numpy import ndarray

from gradwidgets.core.answers import AnswersNames, refuse_keywords
from gradwidgets.core.as_numpy import AsNumPy
from gradwidgets.core.as_python import AsPython
from gradwidgets.core.backward import backward_steps
from gradwidgets.core.ops import OPS, Op, spell
from gradwidgets.core.ops.activations import LEAKY_RELU, LOG_SOFTMAX, SOFTMAX
from gradwidgets.core.ops.arithmetic import ADD, DIV, MM, MUL, NEG, POW, POWER, SUB
from gradwidgets.core.ops.reductions import EXPAND, MAX, MEAN, SUM
from gradwidgets.core.ops.shapes import CONCAT, INDEX, RESHAPE
from gradwidgets.core.past import PASSED, keeper, require_as_it_was
from gradwidgets.core.reading import (
    copy_numbers,
    first_gradient,
    full_shape,
    number_of_copies,
    plain_number,
    position,
)

_next_id = count().__next__
_by_age = attrgetter("id")


# -- how operations become methods --------------------------------------------------------------


def _method(op: Op) -> Callable[..., Tensor]:
    """Return the tensor method of an operation that has one or two inputs and no arguments."""
    name, forward, reads = op.name, op.forward, any(op.readers)
    keep = keeper(op)
    if len(op.inputs) == 1:

        def method(self):
            result = _result(forward(self.data), [self], name, self.autograd)
            if reads and self.creators is None:
                result._kept = keep(self)
            return result
    else:

        def method(self, other):
            # A plain number or array counts as a constant.
            if not isinstance(other, Tensor):
                other = Tensor(other)
            try:
                data = forward(self.data, other.data)
            except ValueError:
                raise ValueError(_misfit(op, [self, other])) from None
            result = _result(data, [self, other], name, self.autograd or other.autograd)
            if reads and (self.creators is None or other.creators is None):
                result._kept = keep(self, other)
            return result

    method.__name__ = name
    method.__qualname__ = f"Tensor.{name}"
    method.__doc__ = f"Apply the operation `{name}`. Going backward: {op.reason}"
    return method


def _reflected(op: Op) -> Callable[..., Tensor]:
    """Return the method for a plain number or array on the left: ``2 * tensor``."""
    method = _method(op)

    def reflected(self, other):
        return method(Tensor(other), self)

    reflected.__doc__ = f"Apply the operation `{op.name}` with the tensor on the right."
    return reflected


def _apply(op: Op, tensors: list[Tensor], args: tuple = (), unspelled: tuple = ()) -> Tensor:
    """Apply an operation with arguments; `args`, but not `unspelled`, stand in ``creation_op``."""
    try:
        data = op.forward(*[tensor.data for tensor in tensors], *args, *unspelled)
    except ValueError:
        raise ValueError(_misfit(op, tensors)) from None
    autograd = any([tensor.autograd for tensor in tensors])
    result = _result(data, tensors, spell(op.name, *args), autograd)
    if any(op.readers):
        result._kept = keeper(op)(*tensors)
    return result


def _misfit(op: Op, tensors: list[Tensor]) -> str:
    given = " but ".join(f"{name} is {x.shape}" for name, x in zip(op.inputs, tensors))
    return f"{op.name}: {given}; {op.shapes}"


class Tensor(AsPython, AsNumPy, AnswersNames):
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

    __slots__ = ("data", "autograd", "creators", "creation_op", "id", "_grad", "_kept",
                 "__weakref__")  # fmt: skip

    def __init__(
        self,
        data,
        autograd: bool = False,
        creators: Sequence[Tensor] | None = None,
        creation_op: str | None = None,
        **unknown: object,
    ) -> None:
        if unknown:
            refuse_keywords("Tensor", unknown, ("data", "autograd", "creators", "creation_op"))
        self.data = copy_numbers(data, autograd)
        self.autograd = autograd
        self.creators = creators
        self.creation_op = creation_op
        self.id = _next_id()
        self._grad = None
        self._kept = None

    # -- copies ---------------------------------------------------------------------------------

    def __setstate__(self, state: tuple) -> None:
        """Restore a copied or unpickled tensor under an id of its own."""
        for name, value in state[1].items():
            setattr(self, name, value)
        self.id = _next_id()

    def __copy__(self) -> Tensor:
        """Return a tensor with numbers of its own, made of the same creators."""
        other = _new(type(self))
        other.__setstate__(self.__reduce_ex__(2)[2])
        other.data = np.array(self.data)
        other.grad = None if self.grad is None else _constant(self.grad.data.copy())
        return other

    # -- gradients ------------------------------------------------------------------------------

    @property
    def grad(self) -> Tensor | None:
        """Return the gradient, in the shape of the data; None as long as none was computed.

        None is not zero. It may be set to a Tensor, to an array, which is copied, or to None.
        A leaf's ``grad.data`` may be written to; that of a tensor made by an operation is
        read-only, since NumPy may hold the same array for others.
        """
        if self._grad.__class__ is ndarray:
            # Few look at the gradients of intermediates, so they become tensors only now.
            self._grad.setflags(write=False)
            self._grad = _constant(self._grad)
        return self._grad

    @grad.setter
    def grad(self, grad: Tensor | ndarray | None) -> None:
        if grad is None or isinstance(grad, Tensor):
            given = grad
        elif isinstance(grad, (ndarray, np.generic)):
            given = _constant(copy_numbers(grad, True, "grad"))
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

    def backward(self, grad: Tensor | ndarray | None = None, **unknown: object) -> None:
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
            elif tensor._grad is None:
                tensor._grad = _constant(gradient.copy())
            else:
                held = tensor._grad
                held.data = _array(held.data + gradient)

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

    # -- operators ------------------------------------------------------------------------------

    __add__, __radd__ = _method(ADD), _reflected(ADD)
    __sub__, __rsub__ = _method(SUB), _reflected(SUB)
    __mul__, __rmul__ = _method(MUL), _reflected(MUL)
    __truediv__, __rtruediv__ = _method(DIV), _reflected(DIV)
    __matmul__, __rmatmul__ = _method(MM), _reflected(MM)
    __neg__ = _method(NEG)
    __rpow__ = _reflected(POWER)

    def __pow__(self, exponent: float | Tensor) -> Tensor:
        return self.pow(exponent)

    def __pos__(self) -> Tensor:
        return self

    def __abs__(self) -> Tensor:
        # Composed; unsigned numbers have no negative, and what takes no gradient needs no graph.
        return self.relu() + (-self).relu() if self.autograd else Tensor(np.abs(self.data))

    # -- operations with arguments; those without become methods below ---------------------------

    def pow(self, exponent: float | Tensor) -> Tensor:
        """Raise every entry to a power: a number (``pow_2``) or a tensor (``power``)."""
        if isinstance(exponent, Real):
            return _apply(POW, [self], (plain_number(exponent),))
        return self.power(exponent)

    def leaky_relu(self, slope: float = 0.01) -> Tensor:
        """Keep positive entries and scale the others by `slope`."""
        return _apply(LEAKY_RELU, [self], (plain_number(slope),))

    def softmax(self, dim: int = -1, *, axis: int | None = None) -> Tensor:
        """Turn the entries along `dim`, also called `axis`, into shares that sum to one."""
        dim = dim if axis is None else axis
        return _apply(SOFTMAX, [self], (position(dim, self.data.ndim, "softmax"),))

    def log_softmax(self, dim: int = -1, *, axis: int | None = None) -> Tensor:
        """Return the logarithm of `softmax`, exact also where a share is too small to be stored."""
        dim = dim if axis is None else axis
        return _apply(LOG_SOFTMAX, [self], (position(dim, self.data.ndim, "log_softmax"),))

    def sum(self, dim: int | None = None, **as_numpy: object) -> Tensor:
        """Add up the entries along `dim`, also called `axis`, or all of them.

        ``keepdims=True`` keeps the dimension, with length 1.
        """
        return self._reduced(SUM, dim, as_numpy)

    def mean(self, dim: int | None = None, **as_numpy: object) -> Tensor:
        """Average the entries along `dim`, or all of them; `axis` and `keepdims` as in `sum`."""
        return self._reduced(MEAN, dim, as_numpy)

    def max(self, dim: int | None = None, **as_numpy: object) -> Tensor:
        """Return the largest entry along `dim`, or of all; equally large ones share gradients.

        `axis` and `keepdims` as in `sum`.
        """
        return self._reduced(MAX, dim, as_numpy)

    def _reduced(self, op: Op, dim: int | None, as_numpy: dict[str, object]) -> Tensor:
        if as_numpy:
            return self._reduced_as_numpy(op, dim, **as_numpy)
        args = () if dim is None else (position(dim, self.data.ndim, op.name, "leave dim out"),)
        return _apply(op, [self], args)

    def _reduced_as_numpy(self, op, dim, axis=None, keepdims=False, **unknown) -> Tensor:
        takes = "dim", "axis", "keepdims"
        refuse_keywords(f"Tensor.{op.name}", unknown, takes, "Tensor.sum")
        dim = dim if axis is None else axis
        result, shape = self._reduced(op, dim, {}), self.data.shape
        if not keepdims:
            return result
        dim = None if dim is None else position(dim, len(shape), op.name)
        return result.reshape([1 if dim in (None, place) else n for place, n in enumerate(shape)])

    def expand(self, dim: int, copies: int) -> Tensor:
        """Put in a dimension at `dim` and repeat the tensor `copies` times along it."""
        shape, copies = self.data.shape, number_of_copies(copies)
        dim = position(dim, len(shape) + 1, "expand")
        return _apply(EXPAND, [self], (dim,), (shape[:dim] + (copies,) + shape[dim:],))

    def reshape(self, *shape: int) -> Tensor:
        """Arrange the entries in another shape; one length may be -1 and is then computed."""
        return _apply(RESHAPE, [self], unspelled=(full_shape(shape, self.data.shape),))

    def concat(self, other: Tensor, dim: int = 0, *, axis: int | None = None) -> Tensor:
        """Put `other` behind this tensor along `dim`, also called `axis`."""
        dim = dim if axis is None else axis
        other = other if isinstance(other, Tensor) else Tensor(other)
        return _apply(CONCAT, [self, other], (position(dim, self.data.ndim, "concat"),))

    def __getitem__(self, index) -> Tensor:
        """Choose entries as NumPy does: numbers, slices, lists, masks; an entry may repeat."""
        if isinstance(index, Tensor):
            index = index.data
        # Whatever kind of index it is, it comes down to the positions of the chosen entries.
        positions = np.arange(self.data.size).reshape(self.data.shape)
        try:
            positions = np.array(positions[index])
        except IndexError as error:
            raise IndexError(
                f"index: the tensor has shape {self.shape}, so {index!r} does not fit: {error}"
            ) from None
        return _apply(INDEX, [self, _constant(positions)])


_new = Tensor.__new__


def _result(data, creators: list[Tensor] | None, creation_op: str | None, autograd: bool) -> Tensor:
    """Wrap what an operation has computed, without the copy and the checks of ``Tensor(...)``."""
    tensor = _new(Tensor)
    tensor.data = data if data.__class__ is ndarray else _array(data)
    tensor.autograd = autograd
    tensor.creators = creators if autograd else None
    tensor.creation_op = creation_op if autograd else None
    tensor.id = _next_id()
    tensor._grad = None
    tensor._kept = None
    return tensor


def _constant(array: ndarray) -> Tensor:
    return _result(array, None, None, False)


def _array(data) -> ndarray:
    """Return an array; NumPy answers with a scalar where all operands have no dimensions."""
    if data.__class__ is ndarray:
        return data
    if isinstance(data, Tensor):
        raise TypeError(
            "the .data of this tensor, or of the other one, is a Tensor, expected an array; take "
            "the numbers when you set it: w.data = w.data - 0.1 * w.grad.data"
        )
    return np.asarray(data)


for _op in OPS.values():
    # Positions are no tensor that a learner would pass: INDEX is written tensor[...].
    if not hasattr(Tensor, _op.name) and not _op.arguments and _op is not INDEX:
        setattr(Tensor, _op.name, _method(_op))
