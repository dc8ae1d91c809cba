"""Tensor: an array that remembers how it was made, and can pass gradients back to its makers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count
from operator import attrgetter
from numbers import Real

import numpy as np

from gradwidgets.core.backward import backward_steps
from gradwidgets.core.ops import OPS, Op, spell

_next_id = count().__next__
_by_age = attrgetter("id")


class Tensor:
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
    grad : Tensor or None
        The gradient, in the shape of the data; None as long as none was computed, which is not
        zero. A leaf's ``grad.data`` may be written to, an intermediate's is read-only.
    id : int
        Counts tensors; creators always have smaller numbers than what they create.

    Raises
    ------
    TypeError, ValueError
        When `data` is not numbers, or has rows of different lengths.
    """

    __slots__ = ("data", "autograd", "grad", "creators", "creation_op", "id", "_passed",
                 "__weakref__")  # fmt: skip

    # NumPy leaves `array + tensor` to the tensor, and np.tanh(tensor) fails instead of silently
    # losing the graph.
    __array_ufunc__ = None

    def __init__(
        self,
        data,
        autograd: bool = False,
        creators: Sequence[Tensor] | None = None,
        creation_op: str | None = None,
    ) -> None:
        self.data = _copy_numbers(data, autograd)
        self.autograd = autograd
        self.grad = None
        self.creators = creators
        self.creation_op = creation_op
        self.id = _next_id()
        self._passed = False

    # -- what it is -----------------------------------------------------------------------------

    @property
    def shape(self) -> tuple[int, ...]:
        """Return the length of each dimension."""
        return self.data.shape

    @property
    def ndim(self) -> int:
        """Return the number of dimensions."""
        return self.data.ndim

    @property
    def size(self) -> int:
        """Return the number of entries."""
        return self.data.size

    def item(self) -> float:
        """Return the only entry as a Python number; ValueError when there are more."""
        if self.data.size != 1:
            raise ValueError(
                f"item: the tensor has shape {self.shape}; only a tensor of one entry is a number"
            )
        return self.data.item()

    def __float__(self) -> float:
        return float(self.item())

    def __repr__(self) -> str:
        return repr(self.data)

    def __str__(self) -> str:
        return str(self.data)

    def __setstate__(self, state: tuple) -> None:
        """Restore a copied or unpickled tensor under an id of its own."""
        for name, value in state[1].items():
            setattr(self, name, value)
        self.id = _next_id()

    # -- gradients ------------------------------------------------------------------------------

    def backward(self, grad: Tensor | np.ndarray | None = None) -> None:
        """Compute the gradient of every tensor this one was made of, and add it to its ``.grad``.

        Parameters
        ----------
        grad : Tensor or ndarray of this tensor's shape, optional
            What arrives here; 1 when left out, which suits any loss of one entry.

        Raises
        ------
        RuntimeError
            When this tensor takes no gradient, or when the graph was passed through before: its
            intermediate gradients would be counted twice. No gradient has changed then.
        ValueError
            When `grad` has another shape, or is missing although there are several entries.
        """
        if not self.autograd:
            raise RuntimeError(
                "backward: this tensor takes no gradient, because neither it nor anything it was "
                "made of has autograd=True; create the weights with Tensor(data, autograd=True)"
            )
        gradient = self._arriving(grad)
        nodes = self._graph()
        # All steps before the first write: should one of them fail, no gradient has changed.
        for tensor, gradient, _ in list(backward_steps(nodes, self, gradient)):
            if tensor.creators:
                gradient = np.asarray(gradient)
                gradient.setflags(write=False)
                tensor.grad = _constant(gradient)
                tensor._passed = True
            elif tensor.grad is None:
                tensor.grad = _constant(np.array(gradient))
            else:
                tensor.grad.data = np.asarray(tensor.grad.data + gradient)

    def _arriving(self, grad: Tensor | np.ndarray | None) -> np.ndarray:
        """Return the gradient to begin with, as an array that nobody else holds."""
        shape = self.data.shape
        if grad is None:
            if self.data.size != 1:
                raise ValueError(
                    f"backward: this tensor has shape {shape}, so there are several gradients to "
                    "begin with; pass one: backward(np.ones(...)), or reduce it first: .sum()"
                )
            return np.ones(shape)
        gradient = np.array(grad.data if isinstance(grad, Tensor) else grad, np.float64)
        if gradient.shape != shape:
            raise ValueError(
                f"backward: the gradient has shape {gradient.shape} but the tensor has {shape}; "
                "each entry needs its own gradient, so the shapes must be equal"
            )
        return gradient

    def _graph(self) -> dict[Tensor, tuple]:
        """Return everything this tensor was made of as plain nodes, creators first."""
        reached = {self}
        waiting = [self]
        while waiting:
            tensor = waiting.pop()
            if tensor._passed:
                raise RuntimeError(_passed_before(tensor))
            for creator in tensor.creators or ():
                if creator not in reached:
                    reached.add(creator)
                    if creator.autograd:
                        waiting.append(creator)
        return {
            tensor: (tensor.creation_op, tensor.data, tensor.creators, tensor.autograd)
            for tensor in sorted(reached, key=_by_age)
        }

    # -- operators ------------------------------------------------------------------------------

    def __add__(self, other):
        return _binary(OPS["add"], self, other)

    def __radd__(self, other):
        return _binary(OPS["add"], other, self)

    def __sub__(self, other):
        return _binary(OPS["sub"], self, other)

    def __rsub__(self, other):
        return _binary(OPS["sub"], other, self)

    def __mul__(self, other):
        return _binary(OPS["mul"], self, other)

    def __rmul__(self, other):
        return _binary(OPS["mul"], other, self)

    def __truediv__(self, other):
        return _binary(OPS["div"], self, other)

    def __rtruediv__(self, other):
        return _binary(OPS["div"], other, self)

    def __neg__(self):
        return self.neg()

    def __pow__(self, exponent):
        return self.pow(exponent)

    def __rpow__(self, base):
        return _binary(OPS["power"], base, self)

    def __matmul__(self, other):
        return _binary(OPS["mm"], self, other)

    # -- operations with arguments; those without become methods below the class -----------------

    def pow(self, exponent: float | Tensor) -> Tensor:
        """Raise every entry to a power: a number (``pow_2``) or a tensor (``power``)."""
        if isinstance(exponent, Real):
            return _apply(OPS["pow"], [self], (_plain(exponent),))
        return _binary(OPS["power"], self, exponent)

    def leaky_relu(self, slope: float = 0.01) -> Tensor:
        """Keep positive entries and scale the others by `slope`."""
        return _apply(OPS["leaky_relu"], [self], (_plain(slope),))

    def softmax(self, dim: int = -1) -> Tensor:
        """Turn the entries along `dim` into shares that sum to one."""
        return _apply(OPS["softmax"], [self], (self._dim(dim, "softmax"),))

    def log_softmax(self, dim: int = -1) -> Tensor:
        """Return the logarithm of `softmax`, exact also where a share is too small to be stored."""
        return _apply(OPS["log_softmax"], [self], (self._dim(dim, "log_softmax"),))

    def sum(self, dim: int | None = None) -> Tensor:
        """Add up the entries along `dim`, or all of them."""
        return _apply(OPS["sum"], [self], self._dims(dim, "sum"))

    def mean(self, dim: int | None = None) -> Tensor:
        """Average the entries along `dim`, or all of them."""
        return _apply(OPS["mean"], [self], self._dims(dim, "mean"))

    def max(self, dim: int | None = None) -> Tensor:
        """Return the largest entry along `dim`, or of all; equally large ones share the gradient."""
        return _apply(OPS["max"], [self], self._dims(dim, "max"))

    def expand(self, dim: int, copies: int) -> Tensor:
        """Put in a dimension at `dim` and repeat the tensor `copies` times along it."""
        dim = _position(dim, self.data.ndim + 1, "expand")
        shape = self.data.shape
        return _apply(OPS["expand"], [self], (dim,), shape[:dim] + (copies,) + shape[dim:])

    def reshape(self, *shape: int) -> Tensor:
        """Arrange the entries in another shape; one length may be -1 and is then computed."""
        if len(shape) == 1 and not isinstance(shape[0], (int, np.integer)):
            (shape,) = shape
        try:
            shape = np.empty(self.data.shape, np.bool_).reshape(shape).shape
        except ValueError:
            raise ValueError(
                f"reshape: {self.shape} has {self.size} entries, which do not fill {tuple(shape)}; "
                "the product of the lengths must stay the same"
            ) from None
        return _apply(OPS["reshape"], [self], shape=shape)

    def concat(self, other: Tensor, dim: int = 0) -> Tensor:
        """Put `other` behind this tensor along `dim`."""
        other = other if isinstance(other, Tensor) else Tensor(other)
        return _apply(OPS["concat"], [self, other], (self._dim(dim, "concat"),))

    def __getitem__(self, index) -> Tensor:
        """Choose entries as NumPy does: numbers, slices, lists, masks; an entry may repeat."""
        if isinstance(index, Tensor):
            index = index.data
        # Whatever kind of index it is, it comes down to the positions of the chosen entries.
        positions = np.arange(self.data.size).reshape(self.data.shape)
        try:
            positions = np.array(positions[index])
        except IndexError as error:
            raise IndexError(f"index: shape {self.shape} does not have {index!r}: {error}") from None
        return _apply(OPS["index"], [self, _constant(positions)])

    def _dim(self, dim: int, operation: str) -> int:
        return _position(dim, self.data.ndim, operation)

    def _dims(self, dim: int | None, operation: str) -> tuple:
        return () if dim is None else (_position(dim, self.data.ndim, operation),)


# -- making tensors -----------------------------------------------------------------------------


def _binary(op: Op, a, b) -> Tensor:
    """Apply an operation of two inputs; a plain number or array counts as a constant tensor."""
    if not isinstance(a, Tensor):
        a = Tensor(a)
    elif not isinstance(b, Tensor):
        b = Tensor(b)
    try:
        data = op.forward(a.data, b.data)
    except ValueError:
        raise ValueError(_misfit(op, [a, b])) from None
    return _result(data, [a, b], op.name, a.autograd or b.autograd)


def _apply(op: Op, tensors: list[Tensor], args: tuple = (), shape=None) -> Tensor:
    """Apply any operation; arguments become part of the tensor's ``creation_op``."""
    try:
        data = op.compute([tensor.data for tensor in tensors], args, shape)
    except ValueError:
        raise ValueError(_misfit(op, tensors)) from None
    autograd = any([tensor.autograd for tensor in tensors])
    return _result(data, tensors, spell(op.name, *args), autograd)


_new = Tensor.__new__


def _result(data, creators: list[Tensor], creation_op: str, autograd: bool) -> Tensor:
    """Wrap what an operation has computed, without the copy and the checks of ``Tensor(...)``."""
    tensor = _new(Tensor)
    # A ufunc of 0-dimensional arrays answers with a scalar.
    tensor.data = data if data.__class__ is np.ndarray else np.asarray(data)
    tensor.autograd = autograd
    tensor.grad = None
    tensor.creators = creators if autograd else None
    tensor.creation_op = creation_op if autograd else None
    tensor.id = _next_id()
    tensor._passed = False
    return tensor


def _constant(array: np.ndarray) -> Tensor:
    return _result(array, None, None, False)


def _method(op: Op) -> Callable[..., Tensor]:
    """Return the tensor method of an operation that has one or two inputs and no arguments."""
    if len(op.inputs) == 1:

        def method(self):
            return _result(op.forward(self.data), [self], op.name, self.autograd)
    else:

        def method(self, x):
            return _binary(op, self, x)

    method.__name__ = op.name
    method.__qualname__ = f"Tensor.{op.name}"
    method.__doc__ = f"Apply `{op.name}`. Going backward: {op.reason}"
    return method


for _op in OPS.values():
    if not hasattr(Tensor, _op.name) and not _op.arguments:
        setattr(Tensor, _op.name, _method(_op))


# -- reading what was given ---------------------------------------------------------------------


def _copy_numbers(data, as_floats: bool) -> np.ndarray:
    if isinstance(data, Tensor):
        raise TypeError(
            "Tensor: got a Tensor, expected numbers; pass tensor.data to copy its numbers"
        )
    try:
        array = np.array(data)
    except ValueError:
        raise ValueError(
            "Tensor: the rows of the data have different lengths; give every row the same number "
            "of entries"
        ) from None
    if array.dtype.kind not in "biuf":
        raise TypeError(
            f"Tensor: got {type(data).__name__} holding {array.dtype}, expected numbers or nested "
            "lists of numbers; convert the entries to int or float first"
        )
    return array.astype(np.float64) if as_floats else array


def _plain(number: Real) -> int | float:
    """Return a number whose text is short: 2 for 2.0 and for np.float64(2)."""
    number = float(number)
    return int(number) if number.is_integer() else number


def _position(dim: int, ndim: int, operation: str) -> int:
    """Return a dimension counted from the front."""
    if not isinstance(dim, (int, np.integer)):
        raise TypeError(
            f"{operation}: dim is {dim!r}, expected one whole number; "
            "apply the operation once for every dimension"
        )
    if not -ndim <= dim < ndim:
        raise ValueError(
            f"{operation}: dim is {dim}, but the tensor has {ndim} dimension(s); "
            f"dim must be from {-ndim} to {ndim - 1}"
        )
    return int(dim) % ndim


def _misfit(op: Op, tensors: list[Tensor]) -> str:
    given = " but ".join(
        f"{name} is {tensor.shape}" for name, tensor in zip(op.inputs, tensors, strict=True)
    )
    return f"{op.name}: {given}; {op.shapes}"


def _passed_before(tensor: Tensor) -> str:
    return (
        f"backward: the result of {tensor.creation_op!r}, shape {tensor.shape}, was already passed "
        "through by a backward(); a second pass would count its gradient twice. Compute the loss "
        "again (a new forward pass), then call backward() once"
    )
