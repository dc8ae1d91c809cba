"""How an operation of `ops` becomes a method, and how it is applied to tensors."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, TypeVar, cast

from gradwidgets.core.ops.registry import Op, spell
from gradwidgets.core.past import keeper
from gradwidgets.core.recorded import Recorded, constant_of, result
from gradwidgets.core.types import Arguments, Operand, Shape

if TYPE_CHECKING:
    from gradwidgets.core.tensor import Tensor

Method = TypeVar("Method", bound=Callable[..., "Tensor"])


def operation(op: Op) -> Callable[[Method], Method]:
    """Give a method its body: it applies `op`, which has one or two inputs and no arguments.

    The method says its name, its inputs and, in a sentence, what it computes; the reason for the
    rule is added to that.
    """

    def decorate(written: Method) -> Method:
        method = wraps(written)(_of_one(op) if len(op.inputs) == 1 else _of_two(op))
        method.__doc__ = f"{written.__doc__}\n\nGoing backward: {op.reason}"
        return cast(Method, method)

    return decorate


def reflected(op: Op) -> Callable[[Method], Method]:
    """Give a method its body: it applies `op` with the tensor on the right, as in ``2 * x``."""
    method = _of_two(op)

    def decorate(written: Method) -> Method:
        @wraps(written)
        def swapped(self: Recorded, other: Operand) -> Tensor:
            return method(constant_of(other), self)

        return cast(Method, swapped)

    return decorate


# All that does not depend on the tensors is looked up once, and stands in variables of the
# functions around: an operation may take 1 or 2 µs beyond NumPy's own time.


def _of_one(op: Op) -> Callable[[Recorded], Tensor]:
    name, forward, reads, keep = op.name, op.forward, any(op.readers), keeper(op)

    def method(self: Recorded) -> Tensor:
        y = result(forward(self.data), [self], name, self.autograd)
        if reads and self.creators is None:
            y._kept = keep(self)
        return y

    return method


def _of_two(op: Op) -> Callable[[Recorded, Recorded | Operand], Tensor]:
    name, forward, reads, keep = op.name, op.forward, any(op.readers), keeper(op)

    def method(self: Recorded, other: Recorded | Operand) -> Tensor:
        # A plain number or array counts as a constant.
        if not isinstance(other, Recorded):
            other = constant_of(other)
        try:
            data = forward(self.data, other.data)
        except ValueError:
            raise ValueError(_misfit(op, [self, other])) from None
        y = result(data, [self, other], name, self.autograd or other.autograd)
        if reads and (self.creators is None or other.creators is None):
            y._kept = keep(self, other)
        return y

    return method


def apply(
    op: Op, tensors: list[Recorded], args: Arguments = (), unspelled: tuple[Shape, ...] = ()
) -> Tensor:
    """Apply an operation with arguments; `args`, but not `unspelled`, stand in ``creation_op``."""
    try:
        data = op.forward(*[tensor.data for tensor in tensors], *args, *unspelled)
    except ValueError:
        raise ValueError(_misfit(op, tensors)) from None
    autograd = any([tensor.autograd for tensor in tensors])
    y = result(data, tensors, spell(op.name, *args), autograd)
    if any(op.readers):
        y._kept = keeper(op)(*tensors)
    return y


def _misfit(op: Op, tensors: list[Recorded]) -> str:
    given = " but ".join(f"{name} is {x.data.shape}" for name, x in zip(op.inputs, tensors))
    return f"{op.name}: {given}; {op.shapes}"
