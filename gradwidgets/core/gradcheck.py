"""Compare gradients from `backward` with gradients measured by small changes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gradwidgets.core.backward import backward_steps
from gradwidgets.core.ops import find_op
from gradwidgets.core.tensor import Tensor

STEP = 1e-6
"""Half the width of a central difference, for entries of size 1."""


class GradientError(AssertionError):
    """A gradient differs from the measured one; the message says where."""


def gradcheck(
    function: Callable[..., Tensor],
    *tensors: Tensor,
    rtol: float = 1e-5,
    atol: float = 1e-7,
) -> bool:
    """Check the gradients of `function` against central differences in float64.

    Parameters
    ----------
    function : callable
        ``function(*tensors) -> Tensor`` of any shape, the same at every call.
    *tensors : Tensor
        Inputs with ``autograd=True``. Their data and gradients are left as they were.
    rtol, atol : float
        A gradient passes when ``|got - expected| <= atol + rtol * |expected|``.

    Returns
    -------
    bool
        True. A failure raises.

    Raises
    ------
    GradientError
        Naming the operation, the input, the index, what was got and what was expected.
    TypeError, ValueError
        When the function or the tensors cannot be checked.
    """
    _require_checkable(function, tensors)
    kept = [tensor.grad for tensor in tensors]
    try:
        for tensor in tensors:
            tensor.grad = None
        result = function(*tensors)
        # Random weights: with ones, errors of opposite sign would cancel.
        weights = np.random.default_rng(0).uniform(0.5, 1.5, result.shape)
        graph = result._graph() if result.autograd else []
        if result.autograd:
            result.backward(weights)
        for number, tensor in enumerate(tensors):
            got = np.zeros(tensor.shape) if tensor.grad is None else tensor.grad.data
            expected = central_differences(
                lambda: np.sum(function(*tensors).data * weights), tensor.data
            )
            index = _first_difference(got, expected, rtol, atol)
            if index is not None:
                culprit = _wrong_operation(graph, weights, rtol, atol)
                raise GradientError(
                    _verdict(culprit or _name(function), number, index, got, expected, tensor)
                )
    finally:
        for tensor, grad in zip(tensors, kept):
            tensor.grad = grad
    return True


def central_differences(
    measure: Callable[[], float], array: np.ndarray, step: float = STEP
) -> np.ndarray:
    """Return the slope of `measure()` along every entry of `array`, which is moved and put back."""
    slopes = np.zeros(array.shape)
    for index in np.ndindex(array.shape):
        entry = array[index]
        width = step * max(1, abs(entry))
        array[index] = entry + width
        above = measure()
        array[index] = entry - width
        below = measure()
        array[index] = entry
        slopes[index] = (above - below) / (2 * width)
    return slopes


def _require_checkable(function, tensors) -> None:
    if not tensors:
        raise ValueError("gradcheck: no tensors given; write gradcheck(function, x, w)")
    for number, tensor in enumerate(tensors):
        if not isinstance(tensor, Tensor) or not tensor.autograd or tensor.creators:
            raise TypeError(
                f"gradcheck: input {number} must be a Tensor with autograd=True that no operation "
                "has made; create it with Tensor(data, autograd=True)"
            )
    first, second = function(*tensors), function(*tensors)
    if not isinstance(first, Tensor):
        raise TypeError(
            f"gradcheck: the function returned a {type(first).__name__}, expected a Tensor"
        )
    if not np.array_equal(first.data, second.data, equal_nan=True):
        raise ValueError(
            "gradcheck: the function gave two different results for the same inputs; switch off "
            "what is random, for example with model.eval()"
        )


def _first_difference(got, expected, rtol, atol) -> tuple[int, ...] | None:
    wrong = np.argwhere(~np.isclose(got, expected, rtol, atol))
    return tuple(wrong[0].tolist()) if len(wrong) else None


def _wrong_operation(graph, weights, rtol, atol) -> str | None:
    """Return the operation, nearest to the result, that hands on a wrong gradient."""
    steps = backward_steps(graph, weights) if graph else ()
    for tensor, g, contributions in steps:
        if not tensor.creators:
            continue
        op, args = find_op(tensor.creation_op)
        # Copies, since measuring moves them and the same tensor may stand in two places.
        values = [creator.data.copy() for creator in tensor.creators]
        for value, contribution in zip(values, contributions):
            if contribution is None:
                continue
            expected = central_differences(
                lambda: np.sum(op.compute(values, args, tensor.shape) * g), value
            )
            if _first_difference(contribution, expected, rtol, atol) is not None:
                return tensor.creation_op
    return None


def _name(function) -> str:
    return getattr(function, "__name__", type(function).__name__)


def _verdict(operation, number, index, got, expected, tensor) -> str:
    return (
        f"gradcheck: {operation}, input {number} of shape {tensor.shape}, index {index}: "
        f"got {got[index]:.6g}, expected {expected[index]:.6g} (measured by changing that entry "
        "a little); compare the operation's gradient function with its derivative"
    )
