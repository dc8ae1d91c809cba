"""For every operation: inputs to try it on. `test_ops` fails for one that has none here."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from gradwidgets.core import Tensor

Case = tuple[Callable[..., Tensor], list[np.ndarray]]

ONE_SHAPE = [(2, 3), (3,), (), (1,), (1, 1), (0,), (0, 3), (2, 0)]
TWO_SHAPES = [
    ((2, 3), (2, 3)), ((2, 3), (3,)), ((3,), (2, 3)), ((2, 1), (1, 3)), ((2, 3), ()), ((), (3,)),
    ((), ()), ((1,), (4,)), ((1, 1), (2, 3)), ((2, 1, 3), (4, 1)), ((1,), ()), ((1,), (1,)),
    ((0, 3), (3,)), ((0,), (1,)), ((2, 0), (2, 1)), ((0,), ()),
]  # fmt: skip
REDUCIBLE = [((2, 3), 0), ((2, 3), 1), ((2, 3), -1), ((2, 3), None), ((3,), 0), ((1,), 0),
             ((), None), ((1, 1), 1), ((2, 3, 2), 1), ((2, 1, 3), None), ((3, 0), 1),
             ((0, 3), 1)]  # fmt: skip


def numbers(shape: tuple[int, ...], low: float = -2.0, high: float = 2.0) -> np.ndarray:
    """Return numbers that stay away from 0 and from each other, where slopes may jump."""
    size = int(np.prod(shape))
    steps = np.random.default_rng(size + 1).permutation(size)
    return np.asarray(low + (steps + 0.37) * (high - low) / max(size, 1)).reshape(shape)


def one_input(function, low=-2.0, high=2.0) -> list[Case]:
    return [(function, [numbers(shape, low, high)]) for shape in ONE_SHAPE]


def two_inputs(function, low=-2.0, high=2.0) -> list[Case]:
    return [
        (function, [numbers(a, low, high), numbers(b, low + 0.11, high)]) for a, b in TWO_SHAPES
    ]


def along(name: str) -> list[Case]:
    return [
        (lambda x, dim=dim: getattr(x, name)(dim), [numbers(shape)]) for shape, dim in REDUCIBLE
    ]


CASES: dict[str, list[Case]] = {
    "add": two_inputs(lambda a, b: a + b),
    "sub": two_inputs(lambda a, b: a - b),
    "mul": two_inputs(lambda a, b: a * b),
    "div": two_inputs(lambda a, b: a / b, 0.5, 2.0),
    "weigh": two_inputs(lambda x, t: x.weigh(t)),
    "neg": one_input(lambda x: -x),
    "pow": [
        *one_input(lambda x: x**2),
        *one_input(lambda x: x**3),
        *one_input(lambda x: x**1),
        *one_input(lambda x: x**0),
        *one_input(lambda x: x**-1, 0.5, 2.0),
        *one_input(lambda x: x**0.5, 0.5, 2.0),
        *one_input(lambda x: x**-1.5, 0.5, 2.0),
    ],
    "power": two_inputs(lambda a, b: a**b, 0.5, 2.0),
    "exp": one_input(lambda x: x.exp()),
    "log": one_input(lambda x: x.log(), 0.5, 3.0),
    "mm": [
        (lambda a, b: a.mm(b), [numbers(a), numbers(b)])
        for a, b in [((2, 3), (3, 4)), ((1, 3), (3, 1)), ((1, 1), (1, 1)), ((0, 3), (3, 2)),
                     ((2, 3), (3, 0)), ((2, 0), (0, 3))]
    ],
    "tanh": one_input(lambda x: x.tanh()),
    "sigmoid": one_input(lambda x: x.sigmoid()),
    "relu": one_input(lambda x: x.relu()),
    "leaky_relu": [*one_input(lambda x: x.leaky_relu()), *one_input(lambda x: x.leaky_relu(0.3))],
    "softmax": [
        (lambda x, dim=dim: x.softmax(dim), [numbers(shape)])
        for shape, dim in REDUCIBLE if dim is not None and shape[dim]  # no shares of nothing
    ],
    "log_softmax": [
        (lambda x, dim=dim: x.log_softmax(dim), [numbers(shape)])
        for shape, dim in REDUCIBLE if dim is not None and shape[dim]  # no shares of nothing
    ],
    "sum": [*along("sum"), (lambda x: x.sum(0), [numbers((0, 3))])],
    "mean": [case for case in along("mean") if case[1][0].size],
    "max": [case for case in along("max") if case[1][0].size]
    + [(lambda x: x.max(1), [numbers((0, 3))])],
    "expand": [
        (lambda x, dim=dim, copies=copies: x.expand(dim, copies), [numbers(shape)])
        for shape, dim, copies in [((3,), 0, 4), ((3,), 1, 2), ((2, 3), 1, 4), ((2, 3), -1, 2),
                                   ((), 0, 3), ((1,), 0, 1), ((3,), 0, 0), ((0, 2), 1, 3)]
    ],
    "transpose": one_input(lambda x: x.transpose())
    + [(lambda x: x.transpose(), [numbers((2, 3, 4))])],
    "reshape": [
        (lambda x, new=new: x.reshape(*new), [numbers(shape)])
        for shape, new in [((2, 3), (3, 2)), ((2, 3), (-1,)), ((6,), (1, 6, 1)), ((), (1, 1)),
                           ((1,), ()), ((0, 3), (3, 0)), ((2, 3), (2, 3))]
    ],
    "index": [
        (lambda x, chosen=chosen: x[chosen], [numbers(shape)])
        for shape, chosen in [((4,), 1), ((4,), -1), ((3, 4), 0), ((3, 4), (slice(None), 2)),
                              ((3, 4), slice(0, 2)), ((3, 4), (1, 2)), ((4,), [0, 2, 2, 2]),
                              ((3, 4), ([0, 1, 1], [3, 3, 3])), ((4,), slice(2, 2)),
                              ((4,), np.array([True, False, True, False])), ((2, 3), None),
                              ((), ()), ((0, 3), slice(None)), ((4,), slice(None, None, -2))]
    ],
    "concat": [
        (lambda a, b, dim=dim: a.concat(b, dim), [numbers(a), numbers(b)])
        for a, b, dim in [((2, 3), (1, 3), 0), ((2, 3), (2, 4), 1), ((2, 3), (2, 1), -1),
                          ((1,), (1,), 0), ((0, 3), (2, 3), 0), ((2,), (0,), 0)]
    ],
    "bce": two_inputs(lambda p, t: p.bce(t), 0.1, 0.8),
    "bce_logits": two_inputs(lambda z, t: z.bce_logits(t)),
}  # fmt: skip


def all_cases() -> Iterator[tuple[str, Callable[..., Tensor], list[np.ndarray]]]:
    """Yield every case with its operation's name."""
    for name, cases in CASES.items():
        for function, arrays in cases:
            yield name, function, arrays


def case_name(value: object) -> str | None:
    """Return what a test's name says of one part of a case."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "×".join(str(array.shape) for array in value)
    return ""
