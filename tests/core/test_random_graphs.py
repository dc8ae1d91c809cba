"""Random expressions, with tensors used again and again, against central differences."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from gradwidgets.core import Tensor
from tests.core.numeric import measured_gradient

SHAPES = [(), (1,), (3,), (2, 1), (2, 3)]

# Bounded on purpose: long expressions of exp or products would leave what float64 can measure.
ONE = {
    "neg": lambda x: -x,
    "tanh": lambda x: x.tanh(),
    "sigmoid": lambda x: x.sigmoid(),
    "square": lambda x: x.tanh() ** 2,
    "exp": lambda x: x.tanh().exp(),
    "log": lambda x: (x * x + 1).log(),
    "reflected": lambda x: 1 - x / 2,
    "sum": lambda x: x.sum(),
    "mean": lambda x: x.mean(x.ndim - 1 if x.ndim else None),
    "transpose": lambda x: x.transpose(),
    "flat": lambda x: x.reshape(-1),
    "expand": lambda x: x.expand(0, 2).mean(0),
    "choose": lambda x: x.reshape(-1)[[0, 0]],
    "softmax": lambda x: x.reshape(1, -1).softmax(1),
    "product": lambda x: x.reshape(1, -1).mm(x.reshape(-1, 1)).tanh(),
}
TWO = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: (a * b).tanh(),
    "div": lambda a, b: a / (b * b + 1),
    "concat": lambda a, b: a.reshape(-1).concat(b.reshape(-1)).sigmoid(),
}


def fit(a: Tensor, b: Tensor) -> bool:
    try:
        return np.broadcast_shapes(a.shape, b.shape) is not None
    except ValueError:
        return False


@st.composite
def recipes(draw):
    """Draw leaves and a list of steps; a step names an operation and earlier tensors."""
    count = draw(st.integers(1, 3))
    seeds = draw(st.integers(0, 2**16))
    shapes = [draw(st.sampled_from(SHAPES)) for _ in range(count)]
    steps = draw(
        st.lists(
            st.tuples(st.sampled_from([*ONE, *TWO]), st.integers(0, 99), st.integers(0, 99)),
            min_size=1,
            max_size=12,
        )
    )
    return seeds, shapes, steps


def build(leaves: list[Tensor], steps) -> Tensor:
    """Follow a recipe; nearly every step takes up what others have used already."""
    tensors = list(leaves)
    for name, i, j in steps:
        # Half of the time the newest, so that deep graphs come about.
        a = tensors[-1] if i % 2 else tensors[i % len(tensors)]
        b = tensors[j % len(tensors)]
        if name in ONE:
            tensors.append(ONE[name](a))
        else:
            tensors.append(TWO[name](a, b if fit(a, b) or name == "concat" else a))
    total = tensors[-1].sum()
    for tensor in tensors:
        total = total + tensor.mean()
    return total


@given(recipes())
@settings(max_examples=150, derandomize=True)
def test_all_leaf_gradients_equal_central_differences(recipe):
    seed, shapes, steps = recipe
    rng = np.random.default_rng(seed)
    leaves = [Tensor(rng.uniform(-1.5, 1.5, shape), autograd=True) for shape in shapes]
    loss = build(leaves, steps)
    loss.backward()
    for leaf in leaves:
        expected = measured_gradient(lambda: build(leaves, steps).item(), leaf.data)
        np.testing.assert_allclose(leaf.grad.data, expected, rtol=1e-5, atol=1e-6)


@given(recipes())
@settings(max_examples=50, derandomize=True)
def test_two_separate_graphs_give_twice_the_gradient(recipe):
    seed, shapes, steps = recipe
    rng = np.random.default_rng(seed)
    leaves = [Tensor(rng.uniform(-1.5, 1.5, shape), autograd=True) for shape in shapes]
    build(leaves, steps).backward()
    once = [leaf.grad.data.copy() for leaf in leaves]
    build(leaves, steps).backward()
    for leaf, gradient in zip(leaves, once):
        np.testing.assert_array_equal(leaf.grad.data, 2 * gradient)


def test_a_ladder_of_diamonds_counts_every_path():
    x = y = Tensor([1.0], autograd=True)
    for _ in range(40):
        y = y + y
    y.backward()
    assert x.grad.item() == 2.0**40
