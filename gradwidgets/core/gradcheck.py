"""Compare gradients from `backward` with gradients measured by small changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import numpy as np
from numpy import ndarray

from gradwidgets.core.backward import backward_steps
from gradwidgets.core.ops import Op, find_op
from gradwidgets.core.tensor import Tensor
from gradwidgets.core.types import Arguments, Foreign, Shape

Index: TypeAlias = tuple[int, ...]
Measure: TypeAlias = Callable[[], float]
"""Computes a number again, from arrays of which an entry was moved."""

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
        at_corners = []
        for number, tensor in enumerate(tensors):
            got = np.zeros(tensor.shape) if tensor.grad is None else tensor.grad.data

            def measure() -> float:
                return float(np.sum(function(*tensors).data * weights))

            expected = central_differences(measure, tensor.data)
            for index in _differences(got, expected, rtol, atol):
                if _is_corner(measure, tensor.data, index, got[index]):
                    at_corners.append((number, index, got, expected, tensor))
                    continue
                culprit = None
                if not any(tensor is each for each in graph):
                    advice = _detached(number, bool(graph))
                elif not np.isfinite(expected[index]):
                    advice = EDGE
                else:
                    culprit = _wrong_operation(graph, weights, rtol, atol)
                    advice = COMPARE if culprit else _bypassed(number)
                name = culprit or _name(function)
                raise GradientError(_verdict(name, number, index, got, expected, tensor, advice))
        if at_corners:
            number, index, got, expected, tensor = at_corners[0]
            name = _operation_with_a_corner(graph, weights) or _name(function)
            advice = _corner(name, number, index, tensor)
            raise GradientError(_verdict(name, number, index, got, expected, tensor, advice))
    finally:
        for tensor, grad in zip(tensors, kept):
            tensor.grad = grad
    return True


def central_differences(measure: Measure, array: ndarray, step: float = STEP) -> ndarray:
    """Return the slope of `measure()` along every entry of `array`, which is moved and put back."""
    slopes = np.zeros(array.shape)
    for index in np.ndindex(array.shape):
        entry: Any = array[index]
        width = step * max(1, abs(entry))
        array[index] = entry + width
        above = measure()
        array[index] = entry - width
        below = measure()
        array[index] = entry
        slopes[index] = (above - below) / (2 * width)
    return slopes


def _require_checkable(function: Callable[..., Tensor], tensors: tuple[Foreign, ...]) -> None:
    if not tensors:
        raise ValueError("gradcheck: no tensors given; write gradcheck(function, x, w)")
    for number, tensor in enumerate(tensors):
        if isinstance(tensor, (list, tuple)):
            raise TypeError(
                f"gradcheck: input {number} is a {type(tensor).__name__}, expected a Tensor; pass "
                "the tensors one by one: gradcheck(function, x, w)"
            )
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


def _differences(got: ndarray, expected: ndarray, rtol: float, atol: float) -> list[Index]:
    """Return where two gradients differ."""
    wrong = np.argwhere(~np.isclose(got, expected, rtol, atol))
    return [tuple(index) for index in wrong.tolist()]


def _is_corner(
    measure: Measure, array: ndarray, index: Index, got: float | None = None
) -> bool:
    """Tell whether the slopes to the left and right of an entry differ, and `got` lies between.

    The distance between the two slopes shrinks with the width of the differences where a function
    is only curved, and stays where it has a corner, or jumps.
    """
    entry = array[index]
    sizes: list[float] = []
    slopes: list[float] = []
    with np.errstate(all="ignore"):
        here = measure()
        for width in STEP * max(1, abs(entry)) * np.array([1, 10, 100]):
            array[index] = entry + width
            right = (measure() - here) / width
            array[index] = entry - width
            left = (here - measure()) / width
            array[index] = entry
            slopes += [left, right]
            # What rounding alone makes of two equal slopes.
            noise = 100 * np.finfo(np.float64).eps * abs(here) / width
            apart = abs(right - left)
            sizes.append(apart if apart > max(noise, 1e-4 * (abs(left) + abs(right))) else 0.0)
    if not np.isfinite(slopes).all():
        return False
    stays = any(near > 0.3 * far > 0 for near, far in zip(sizes, sizes[1:]))
    slack = 1e-3 * max(abs(slope) for slope in slopes)
    return stays and (got is None or min(slopes) - slack <= got <= max(slopes) + slack)


def _operations(
    graph: list[Tensor], weights: ndarray
) -> Iterator[tuple[str | None, Measure, list[tuple[ndarray, ndarray]]]]:
    """Yield every step backward with a function that computes its result again, and its inputs."""
    for tensor, g, contributions in backward_steps(graph, weights) if graph else ():
        if not tensor.creators:
            continue
        found = find_op(tensor.creation_op)
        if not found:
            continue
        op, args = found
        # Copies, since measuring moves them and the same tensor may stand in two places.
        values = [np.array(creator.data, np.float64) for creator in tensor.creators]
        if None in op.gradients:  # positions are no numbers to be moved
            values = [values[0], *[creator.data for creator in tensor.creators[1:]]]

        def measure(
            op: Op = op,
            args: Arguments = args,
            values: list[ndarray] = values,
            shape: Shape = tensor.shape,
            g: ndarray = g,
        ) -> float:
            return float(np.sum(op.compute(values, args, shape) * g))

        pairs = [
            (value, contribution)
            for value, contribution in zip(values, contributions)
            if contribution is not None
        ]
        yield tensor.creation_op, measure, pairs


def _wrong_operation(
    graph: list[Tensor], weights: ndarray, rtol: float, atol: float
) -> str | None:
    """Return the operation, nearest to the result, that hands on a wrong gradient."""
    for name, measure, pairs in _operations(graph, weights):
        for value, contribution in pairs:
            expected = central_differences(measure, value)
            for index in _differences(contribution, expected, rtol, atol):
                if not _is_corner(measure, value, index, contribution[index]):
                    return name
    return None


def _operation_with_a_corner(graph: list[Tensor], weights: ndarray) -> str | None:
    """Return the operation, nearest to the result, that has a corner at its inputs."""
    for name, measure, pairs in _operations(graph, weights):
        for value, _ in pairs:
            if any(_is_corner(measure, value, index) for index in np.ndindex(value.shape)):
                return name
    return None


def _name(function: Callable[..., Tensor]) -> str:
    name: str = getattr(function, "__name__", type(function).__name__)
    return "the function" if name == "<lambda>" else name


COMPARE = "compare the operation's gradient function with its derivative"
EDGE = (
    "the measured slope is not finite, so the point lies at the edge of where the function is "
    "defined; check it at another point"
)


def _detached(number: int, reached_others: bool) -> str:
    what = f"input {number}" if reached_others else "the result"
    return (
        f"{what} is detached: no operation of Tensor leads from the result back to input {number}, "
        "although the numbers depend on it. Use the tensor itself where its .data (or NumPy) was "
        "used"
    )


def _bypassed(number: int) -> str:
    return (
        "every operation in the graph hands on what it should, so some of the numbers were "
        f"detached: the result also depends on input {number} past the graph. Use the tensor "
        "itself where its .data (or NumPy) was used"
    )


def _corner(operation: str, number: int, index: Index, tensor: Tensor) -> str:
    return (
        f"{operation} has a corner at this point (input {number} is {tensor.data[index]:.6g} "
        "there): its slope to the left is another than to the right, and any number between them "
        "may be called the gradient. Check it at another point"
    )


def _verdict(
    operation: str,
    number: int,
    index: Index,
    got: ndarray,
    expected: ndarray,
    tensor: Tensor,
    advice: str,
) -> str:
    return (
        f"gradcheck: {operation}, input {number} of shape {tensor.shape}, index {index}: "
        f"got {got[index]:.6g}, expected {expected[index]:.6g} (measured by changing that entry "
        f"a little); {advice}"
    )
