"""NumPy's functions on tensors: the right value, or the method to write; nothing lost in silence."""

from __future__ import annotations

import inspect

import numpy as np
import pytest

from gradwidgets.core import Tensor
from gradwidgets.core.methods.as_numpy import NEEDS_NO_GRAPH

X = np.array([[1.0, 2.0], [3.0, 4.0]])


def plain() -> Tensor:
    return Tensor(X)


def leaf() -> Tensor:
    return Tensor(X, autograd=True)


def refusal(function) -> str:
    with pytest.raises(TypeError) as caught:
        function()
    return str(caught.value)


def same(got, expected) -> None:
    assert not isinstance(got, Tensor)
    assert np.asarray(got).dtype != object
    np.testing.assert_array_equal(got, expected)


NO_GRAPH = [
    np.argmax, np.argmin, np.argsort, np.zeros_like, np.ones_like, np.shape, np.ndim, np.size,
    np.isnan, np.isfinite, np.isinf, np.sign, np.floor, np.ceil, np.trunc, np.rint, np.round,
    np.around, np.any, np.all, np.unique, np.count_nonzero, np.flatnonzero, np.signbit,
    np.logical_not, np.nonzero, np.where, lambda x: np.argmax(x, axis=1),
    lambda x: np.array_equal(x, X), lambda x: np.allclose(X, x), lambda x: np.isclose(x, 2.0),
    lambda x: np.full_like(x, 7.0), lambda x: np.isin(x, [1.0]), lambda x: np.where(x > 2, 1, 0),
    lambda x: np.where(x, 1, 0), lambda x: np.equal(x, 2), lambda x: np.less(X, x),
    lambda x: np.searchsorted([1.5, 2.5], x), np.array2string,
]  # fmt: skip


@pytest.mark.parametrize("function", NO_GRAPH, ids=lambda f: getattr(f, "__name__", "f"))
@pytest.mark.parametrize("make", [plain, leaf])
def test_what_needs_no_graph_gives_the_value(function, make):
    got, expected = function(make()), function(X)
    for one, other in zip(*([each] if not isinstance(each, tuple) else each
                            for each in (got, expected)), strict=True):  # fmt: skip
        same(one, other)


NUMBERS = [
    np.mean, np.sum, np.max, np.std, np.tanh, np.exp, np.sin, np.sqrt, np.cumsum, np.linalg.norm,
    np.linalg.inv, np.fft.fft, np.ravel, np.median, np.square, np.log1p, np.transpose,
    lambda x: np.dot(X, x), lambda x: np.stack([x, x]), lambda x: np.concatenate([x, X]),
    lambda x: np.vstack((x, x)), lambda x: np.where(X > 2, x, 0), lambda x: np.maximum(x, 2),
    lambda x: np.clip(x, 2, 3), lambda x: np.einsum("ij->i", x), lambda x: np.add.reduce(x),
    lambda x: np.multiply.outer(x, x), lambda x: np.percentile(x, 50), lambda x: np.interp(2, [1, 3], x[0]),
]  # fmt: skip


@pytest.mark.parametrize("function", NUMBERS, ids=lambda f: getattr(f, "__name__", "f"))
def test_of_a_tensor_without_gradients_numpy_gets_the_numbers(function):
    same(function(plain()), function(X))


@pytest.mark.parametrize("function", NUMBERS, ids=lambda f: getattr(f, "__name__", "f"))
def test_of_a_tensor_with_gradients_it_is_told_how_to_keep_them(function):
    told = refusal(lambda: function(leaf()))
    assert "the tensor takes gradients" in told and "x.data" in told


@pytest.mark.parametrize(
    ("function", "method"),
    [
        (np.tanh, "np.tanh: the tensor takes gradients, and NumPy's answer would lose them; write "
                  "x.tanh(); for the numbers alone pass x.data to np.tanh"),
        (np.exp, "write x.exp()"),
        (np.mean, "write x.mean(), or with a dimension dim x.mean(0)"),
        (np.sum, "write x.sum()"),
        (lambda x: np.maximum(x, 0), "x.relu() for np.maximum(x, 0)"),
        (lambda x: np.dot(X, x), "write x @ y"),
        (lambda x: np.concatenate([x, x]), "write x.concat(y, dim=0)"),
        (np.linalg.norm, "write (x * x).sum() ** 0.5"),
        (np.abs, "write abs(x)"),
        (lambda x: np.add.reduce(x), "np.add.reduce: the tensor takes gradients"),
        (np.sin, "there is no such operation here; for the numbers alone pass x.data to np.sin"),
        (np.linalg.inv, "for the numbers alone pass x.data to np.linalg.inv"),
    ],
)  # fmt: skip
def test_the_method_here_is_named(function, method):
    assert method in refusal(lambda: function(leaf()))


def test_numpy_and_arrays_on_the_left_keep_the_graph():
    for apply in (
        lambda x: X @ x, lambda x: np.matmul(X, x), lambda x: X * x, lambda x: np.float64(2) * x,
        lambda x: X - x, lambda x: X / x, lambda x: np.add(X, x), lambda x: np.multiply(x, X),
        lambda x: np.negative(x), lambda x: np.power(x, 2), lambda x: np.float32(2) ** x,
        lambda x: [[1.0, 0.0], [0.0, 1.0]] @ x,
    ):  # fmt: skip
        x = leaf()
        result = apply(x)
        assert isinstance(result, Tensor)
        np.testing.assert_allclose(result.data, np.asarray(apply(X)), rtol=1e-7)
        result.backward(np.ones((2, 2)))
        assert x.grad is not None and x.grad.data.any()


def test_the_numbers_come_out_as_an_array():
    x = plain()
    same(np.asarray(x), X)
    same(np.array([x, x]), [X, X])
    assert np.asarray(x, dtype=np.float32).dtype == np.float32
    assert not np.shares_memory(np.array(x), x.data)
    same(np.random.default_rng(0).permutation(x), np.random.default_rng(0).permutation(X))
    same(np.full(2, Tensor(3.0)), [3, 3])
    np.testing.assert_allclose(x, X)


def test_they_do_not_come_out_where_a_graph_would_be_lost_on_the_way():
    x, loss = leaf(), Tensor(1.0, autograd=True) * 2
    for lose in (
        lambda: np.asarray(x), lambda: np.array([x, x]), lambda: np.sum([loss, loss]),
        lambda: np.mean([loss, loss]), lambda: np.random.permutation(x),
    ):  # fmt: skip
        told = refusal(lose)
        assert "write x.data for the numbers" in told and "sum(tensors)" in told
    assert sum([loss, loss]).creation_op == "add"


def test_a_plot_shows_the_numbers_of_tensors_that_take_gradients():
    from matplotlib.figure import Figure

    losses = [Tensor(value, autograd=True) * 2 for value in (3.0, 1.0)]
    axes = Figure().subplots()
    (line,) = axes.plot(losses)
    np.testing.assert_array_equal(line.get_ydata(orig=False), [6, 2])
    (line,) = axes.plot(X[0], leaf()[1])
    np.testing.assert_array_equal(line.get_ydata(orig=False), [3, 4])


@pytest.mark.parametrize(
    "draw, projection",
    [
        (lambda axes, x: axes.bar(X[0], x[0]), None),
        (lambda axes, x: axes.quiver(x[0], x[1], x[0], x[1]), None),
        (lambda axes, x: axes.stackplot(X[0], x), None),
        (lambda axes, x: axes.arrow(x[0, 0], x[0, 1], x[1, 0], x[1, 1]), None),
        (lambda axes, x: axes.scatter(x[0], x[1], x[1]), "3d"),
    ],
    ids=["bar", "quiver", "stackplot", "arrow", "scatter in space"],
)
def test_no_plot_is_refused_whatever_it_asks_numpy_for(draw, projection):
    from matplotlib.figure import Figure

    axes = Figure().add_subplot(projection=projection)
    draw(axes, leaf())
    axes.figure.canvas.draw()
    assert axes.has_data() or axes.patches


def test_numpy_testing_judges_the_numbers_of_tensors_that_take_gradients():
    np.testing.assert_allclose(leaf(), X)
    np.testing.assert_array_equal(leaf(), X)
    with pytest.raises(AssertionError, match="Mismatched elements: 4 / 4"):
        np.testing.assert_allclose(leaf(), X + 1)


def test_a_tensor_is_not_made_of_tensors():
    x = leaf()
    array = np.empty(2, dtype=object)
    array[0] = array[1] = x
    for data, got in [(x, "a Tensor"), ([x, x], "a list with a Tensor"), (array, "an array with a"),
                      ([[1.0, 2.0], [3.0, x[0, 0]]], "a list with a Tensor"),
                      ((1.0, x[0, 0]), "a tuple with a Tensor")]:  # fmt: skip
        told = refusal(lambda: Tensor(data))
        assert f"Tensor: got {got}" in told and "t.data" in told and "t.concat(other)" in told


def test_of_tensors_without_gradients_it_takes_the_numbers():
    np.testing.assert_array_equal(Tensor([plain(), plain()]).data, [X, X])
    x = plain()
    assert not np.shares_memory(Tensor(x).data, x.data)


def test_a_list_within_itself_is_no_data():
    endless: list = []
    endless.append(endless)
    with pytest.raises((TypeError, ValueError), match="Tensor: "):
        Tensor(endless)


def test_results_do_not_go_into_a_tensor():
    told = refusal(lambda: np.add(X, X, out=leaf()))
    assert "np.add: out is a Tensor" in told and "out=x.data" in told
    assert "out is a Tensor" in refusal(lambda: np.cumsum(X, out=plain()))
    out = np.zeros((2, 2))
    assert np.add(plain(), X, out=out) is out
    same(out, 2 * X)


def test_the_list_of_functions_without_a_graph_names_functions_that_are_there():
    missing = {name for name in NEEDS_NO_GRAPH if not callable(getattr(np, name, None))}
    assert not missing


OF_OTHER_THINGS = ("save", "info", "test", "bmat", "from_dlpack", "frombuffer",
                   "isfortran")
"""Functions that write, print, read text, or want the memory itself, and say so."""


def test_no_function_makes_an_object_of_a_tensor():
    """Every public function of NumPy that takes one array and nothing else."""
    tried = 0
    for name in sorted(set(np.__all__)):
        function = getattr(np, name)
        if inspect.isclass(function) or not callable(function) or name in OF_OTHER_THINGS:
            continue
        try:
            expected = function(X)
        except Exception:  # noqa: BLE001 - it takes something else, or more
            continue
        if not isinstance(expected, (np.ndarray, np.generic, bool, int, float)):
            continue
        tried += 1
        got = function(plain())
        got = got.data if isinstance(got, Tensor) else got
        assert np.asarray(got).dtype != object, name
        if not name.startswith("empty"):
            np.testing.assert_array_equal(got, expected, err_msg=name)
        try:
            got = function(leaf())
        except TypeError as error:
            assert ".data" in str(error), name
        else:
            assert isinstance(got, Tensor) or name in NEEDS_NO_GRAPH | {"isscalar", "iterable"}, name
    assert tried > 100
