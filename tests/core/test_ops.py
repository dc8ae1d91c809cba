"""Every operation, found in the registry: gradients, rules, and what it leaves alone."""

from __future__ import annotations

import numpy as np
import pytest

from gradwidgets.core import Tensor
from gradwidgets.core.backward import backward_steps, unbroadcast
from gradwidgets.core.ops import OPS, Op, find_op, spell
from tests.core.cases import CASES, all_cases, case_name
from tests.core.numeric import measured_gradient

every_case = pytest.mark.parametrize("name, function, arrays", list(all_cases()), ids=case_name)


def leaves(arrays: list[np.ndarray]) -> list[Tensor]:
    return [Tensor(array, autograd=True) for array in arrays]


def test_every_operation_has_cases():
    assert set(CASES) == set(OPS), "write cases in tests/core/cases.py for every operation"


@pytest.mark.parametrize("op", OPS.values(), ids=lambda op: op.name)
def test_a_declaration_is_complete(op: Op):
    assert op.symbol and op.formula and op.reason.endswith(".") and "\n" not in op.reason
    assert 1 <= len(op.inputs) == len(op.gradients) == len(op.rules) <= 2
    for gradient, rule in zip(op.gradients, op.rules):
        assert (gradient is None) == (rule is None)
        if gradient:
            code = gradient.__code__
            names = code.co_varnames[: code.co_argcount]
            assert names == ("g", "y", *op.inputs, *op.arguments)
    assert find_op(op.name) == (op, ())


@every_case
def test_gradients_equal_central_differences(name, function, arrays):
    inputs = leaves(arrays)
    y = function(*inputs)
    assert find_op(y.creation_op)[0].name == name
    weights = np.random.default_rng(1).uniform(0.5, 1.5, y.shape)
    y.backward(weights)
    for tensor in inputs:
        expected = measured_gradient(lambda: np.sum(function(*inputs).data * weights), tensor.data)
        assert tensor.grad.shape == tensor.shape
        assert tensor.grad.data.dtype == np.float64
        np.testing.assert_allclose(tensor.grad.data, expected, rtol=1e-6, atol=1e-8)


@every_case
def test_the_rule_that_learners_see_gives_the_gradient_that_runs(name, function, arrays):
    inputs = leaves(arrays)
    y = function(*inputs)
    op, args = find_op(y.creation_op)
    values = [creator.data for creator in y.creators]
    g = np.random.default_rng(2).uniform(0.5, 1.5, y.shape)
    (_, received, contributions), *_ = backward_steps(y._graph(), g)
    assert received is g
    for rule, value, contribution in zip(op.rules, values, contributions, strict=True):
        if rule is None:
            assert contribution is None
            continue
        if name == "pow" and args == (0,):
            assert not contribution.any()  # the formula is 0 · x⁻¹ there
        shown = np.asarray(eval(rule, op.namespace(g, y.data, values, args)))
        np.testing.assert_allclose(unbroadcast(shown, value.shape), contribution, atol=1e-12)


@every_case
def test_the_result_can_be_computed_again_from_what_the_graph_keeps(name, function, arrays):
    y = function(*leaves(arrays))
    op, args = find_op(y.creation_op)
    again = op.compute([creator.data for creator in y.creators], args, y.shape)
    np.testing.assert_array_equal(again, y.data)
    assert spell(op.name, *args) == y.creation_op


@every_case
def test_arrays_belong_to_one_tensor_only(name, function, arrays):
    inputs = leaves(arrays)
    y = function(*inputs)
    assert type(y.data) is np.ndarray
    y.backward(np.ones(y.shape))
    owned = [x.data for x in inputs] + [x.grad.data for x in inputs] + [y.data, y.grad.data]
    for number, array in enumerate(owned):
        assert type(array) is np.ndarray
        assert not any(np.shares_memory(array, other) for other in owned[number + 1 :])
    for tensor in inputs:
        tensor.grad.data[...] = 0  # a leaf's gradient may be written to


@every_case
def test_without_autograd_nothing_is_recorded(name, function, arrays):
    y = function(*[Tensor(array) for array in arrays])
    assert (y.autograd, y.creators, y.creation_op) == (False, None, None)


@every_case
def test_whole_numbers_give_what_floats_give(name, function, arrays):
    whole = [np.ceil(array).astype(np.int64) for array in arrays]
    with np.errstate(divide="ignore"):
        y = function(*map(Tensor, whole))
        expected = function(*[Tensor(array.astype(float)) for array in whole])
    np.testing.assert_allclose(y.data, expected.data, rtol=1e-14)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    "function",
    [
        lambda x: x.softmax(),
        lambda x: x.log_softmax(0),
        lambda x: x.sigmoid(),
        lambda x: x.relu(),
        lambda x: x.leaky_relu(0.3),
        lambda x: x.sum(0),
        lambda x: x.mean(),
        lambda x: x.max(1),
        lambda x: x * 2,
        lambda x: 1 - x,
        lambda x: x.bce(x),
        lambda x: (x - 0.5).bce_logits(x),
    ],
)
def test_truth_values_count_as_0_and_1(function):
    yes_or_no = np.array([[True, False, True], [False, False, True]])
    y, expected = function(Tensor(yes_or_no)), function(Tensor(yes_or_no.astype(float)))
    np.testing.assert_allclose(y.data, expected.data, rtol=1e-14)


def test_a_softmax_of_floats_keeps_their_kind():
    x = Tensor(np.array([1, 2], np.float32))
    assert x.softmax().data.dtype == x.log_softmax().data.dtype == np.float32


def test_a_negative_power_of_whole_numbers_is_a_fraction():
    for y in (2 ** Tensor([-1, 0, 3]), Tensor([2, 2, 2]) ** Tensor([-1, 0, 3])):
        np.testing.assert_array_equal(y.data, [0.5, 1, 8])
    assert (2 ** Tensor([0, 3])).data.dtype.kind == "i"


@pytest.mark.parametrize("name", [op.name for op in OPS.values() if len(op.gradients) == 2])
@pytest.mark.parametrize("side", [0, 1])
def test_a_constant_beside_a_tensor_with_autograd_keeps_the_graph(name, side):
    # The seed dropped the graph silently unless both took gradients.
    function, arrays = CASES[name][0]
    if len(arrays) == 1:  # index: its positions are always constant
        y = function(Tensor(arrays[0], autograd=True))
        assert [creator.autograd for creator in y.creators] == [True, False]
        return
    inputs = [Tensor(array, autograd=number == side) for number, array in enumerate(arrays)]
    y = function(*inputs)
    y.backward(np.ones(y.shape))
    assert inputs[side].grad is not None
    assert inputs[1 - side].grad is None


def test_equally_large_entries_share_the_gradient_of_max():
    x = Tensor([[1.0, 3.0, 3.0], [2.0, 2.0, 2.0]], autograd=True)
    x.max(1).backward([6.0, 6.0])
    np.testing.assert_array_equal(x.grad.data, [[0, 3, 3], [2, 2, 2]])


def test_the_slope_of_the_power_zero_is_zero_also_at_zero():
    x = Tensor([0.0, 2.0], autograd=True)
    (x**0).sum().backward()
    np.testing.assert_array_equal(x.grad.data, [0, 0])


@pytest.mark.parametrize(
    "creation_op, name, args",
    [("sum_0", "sum", (0,)), ("sum", "sum", ()), ("pow_-1", "pow", (-1,)),
     ("pow_1e-05", "pow", (1e-05,)), ("leaky_relu_0.01", "leaky_relu", (0.01,)),
     ("log_softmax_1", "log_softmax", (1,)), ("log", "log", ())],
)  # fmt: skip
def test_find_op_reads_name_and_arguments(creation_op, name, args):
    assert find_op(creation_op) == (OPS[name], args)


@pytest.mark.parametrize("creation_op", ["", "conv", "sum_x", "my_add", "add_", "_", None])
def test_find_op_answers_none_for_what_it_does_not_know(creation_op):
    assert find_op(creation_op) is None


def test_a_new_declaration_is_found_by_its_name():
    op = Op("cube", "x³", lambda x: x**3, (lambda g, y, x: 3 * g * x * x,), ("3 * g * x * x",), "…")
    try:
        x = Tensor([2.0], autograd=True)
        y = Tensor(op.forward(x.data), autograd=True, creators=[x], creation_op="cube")
        y.backward()
        assert x.grad.item() == 12
    finally:
        del OPS["cube"]
        find_op.cache_clear()
