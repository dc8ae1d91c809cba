"""What a backward pass has to know of the forward pass, and what it says when they do not fit.

A rule computes with the inputs of its operation as they are when it runs. Were a leaf changed in
place in between (``x.data[0] = 100``), the gradient would be that of other numbers. So an operation
keeps a fingerprint of those leaves that a rule is going to read, and the pass compares.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy import ndarray

from gradwidgets.core.ops.registry import Op
from gradwidgets.core.recorded import Fingerprint, Kept, Recorded
from gradwidgets.core.types import Foreign

if TYPE_CHECKING:
    from gradwidgets.core.tensor import Tensor

PASSED: Kept = ()
"""Stands in place of what was kept, once a backward pass has been through."""

FEW_NUMBERS = 2**10
"""Up to here the fingerprint is a copy, which takes 0.1 µs; hashing it would take twice as long,
and ten times for larger ones. Above it is the sum of squares, four times as fast as a copy: it
does not see turned signs and entries that changed places."""

PIECE = 2**13
"""So many squares are summed at once. From 10,000 numbers on, OpenBLAS would wake its threads for
them, and wait for each: on a busy machine that takes a thousand times as long as the sum."""

MOST_BYTES = 2**18
"""Larger leaves have no fingerprint: reading them twice more would be felt. A walk notices a change
in any case, since it computes every value again."""

UPDATES = ("add", "sub", "mul", "div")
"""What a weight is bound anew with: ``w = w - alpha * w.grad``."""


def fingerprint(data: ndarray) -> Fingerprint:
    """Return what tells whether the numbers have changed; equal ones have equal fingerprints."""
    try:
        if data.size <= FEW_NUMBERS:
            return data.tobytes()
        if data.nbytes <= MOST_BYTES and data.dtype.kind == "f":
            return _squares(data)
    except AttributeError:  # it was set to something that is no array
        pass
    return None


def _squares(data: ndarray) -> float:
    """Return the sum of the squares of an array's numbers."""
    flat = data.ravel(order="K")
    total = 0.0
    for start in range(0, flat.size, PIECE):
        piece = flat[start : start + PIECE]
        total += float(np.vdot(piece, piece))
    return total


@lru_cache(maxsize=None)
def keeper(op: Op) -> Callable[..., Kept | None]:
    """Return a function of an operation's inputs.

    It returns the leaves among them that a rule is going to read, each followed by its
    fingerprint; None where there are none.
    """
    if op.readers == ((1,), (0,)):
        return _keep_factors
    readers = op.readers[:2]

    def keep(*inputs: Recorded) -> Kept | None:
        kept: tuple[Any, ...] = ()
        for leaf, rules in zip(inputs, readers):
            if leaf.creators is None and any([inputs[rule].autograd for rule in rules]):
                kept += (leaf, fingerprint(leaf.data))
        return kept or None

    return keep


def _keep_factors(a: Recorded, b: Recorded) -> Kept | None:
    """Keep the factors of a product: the rule of each reads the other."""
    # Spelled out, and the shorter way of `fingerprint` again, since this runs for every product in
    # a network: together with the comparison it may take 3 % of a training step.
    kept: tuple[Recorded, Fingerprint] | None = None
    try:
        if a.creators is None and b.autograd:
            data = a.data
            kept = (a, data.tobytes() if data.size <= FEW_NUMBERS else fingerprint(data))
        if b.creators is None and a.autograd:
            data = b.data
            pair = (b, data.tobytes() if data.size <= FEW_NUMBERS else fingerprint(data))
            return pair if kept is None else kept + pair
    except AttributeError:  # it was set to something that is no array
        pass
    return kept


def require_as_it_was(result: Tensor, kept: Kept) -> None:
    """Raise when a pass went through `result` before, or when one of the leaves kept has changed."""
    if not kept:  # but PASSED
        raise RuntimeError(_passed_twice(result))
    for leaf, before in (kept,) if len(kept) == 2 else (kept[:2], kept[2:]):
        data = leaf.data
        if data.__class__ is ndarray and before.__class__ is bytes and data.tobytes() == before:
            continue  # as nearly always
        now = fingerprint(data)
        if now != before and _differ(before, now, data):
            raise RuntimeError(_changed(result, leaf, before))


def _differ(before: Fingerprint, now: Fingerprint, data: ndarray) -> bool:
    """Tell whether numbers with two fingerprints differ for certain."""
    then = _numbers(before, data)
    if then is not None:  # -0.0 is 0.0, in other bytes
        return not np.array_equal(then, data, equal_nan=data.dtype.kind == "f")
    if before is None:
        return False
    if isinstance(before, bytes) or not isinstance(now, float):
        return True
    # Rounding depends on the order in memory; nan is equal to nothing.
    return bool(np.isfinite(before) and not np.isclose(now, before, rtol=1e-10, atol=0))


def _numbers(before: Fingerprint, data: Foreign) -> ndarray | None:
    """Return the numbers of a fingerprint that holds them all, as the data are kept now."""
    if not isinstance(before, bytes) or not isinstance(data, ndarray):
        return None
    fits = len(before) == data.nbytes and data.dtype.kind in "fiub"
    return np.frombuffer(before, data.dtype).reshape(data.shape) if fits else None


def _changed(result: Tensor, leaf: Recorded, before: Fingerprint) -> str:
    op, place = result.creation_op, [each is leaf for each in result.creators or ()].index(True)
    data, where = leaf.data, ""
    then = _numbers(before, data)
    if then is not None:
        entry = np.argwhere((then != data) & ~((then != then) & (data != data)))[0].tolist()
        old, new = then[tuple(entry)], data[tuple(entry)]
        where = f": it was {old:.6g}{f' at {entry}' if entry else ''} then, and is {new:.6g} now"
    kind = "leaf" if leaf.autograd else "constant"
    return (
        f"backward: creators[{place}] of the result of {op!r}, a {kind} of shape "
        f"{np.shape(data)}, was changed after {op!r} had used it{where}. The gradients would belong "
        "to other numbers than the loss. Change .data only after backward(), or compute the loss "
        "again (a new forward pass) after the change"
    )


def _passed_twice(tensor: Tensor) -> str:
    """Return why no second pass goes through a tensor, and what to do."""
    told = (
        f"backward: the result of {tensor.creation_op!r}, shape {tensor.data.shape}, was already "
        "passed through by a backward(); a second pass would count its gradient twice. "
    )
    again = "ompute the loss again (a new forward pass), then call backward() once"
    if not _is_update(tensor):
        return f"{told}C{again}"
    sign = "+" if tensor.creation_op == "add" else "-"
    return (
        f"{told}If it is a weight w that was moved with w = w {sign} ... (or w {sign}= ...): that "
        f"made w the result of {tensor.creation_op!r}, which is no leaf any more, and each loss "
        "reaches back through all moves before. Move the numbers of the leaf instead: "
        f"w.data -= alpha * w.grad.data, or let an optimizer do it: SGD([w]).step(). Else c{again}"
    )


def _is_update(tensor: Tensor) -> bool:
    """Tell whether a tensor is a leaf that was changed by constants, number by number."""
    shape = tensor.data.shape
    while tensor.creators:
        if tensor.creation_op not in UPDATES or tensor.data.shape != shape:
            return False
        moved = [creator for creator in tensor.creators if creator.autograd]
        if len(moved) != 1:
            return False
        (tensor,) = moved
    return bool(tensor.data.shape == shape)
