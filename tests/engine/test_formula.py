"""Every rule is written as people write it, and its parts compute the gradient that is used."""
from __future__ import annotations

import numpy as np
import pytest

from gradwidgets.core.backward import backward_steps, unbroadcast
from gradwidgets.core.ops import OPS, Op, find_op
from gradwidgets.core.tensor import Tensor
from gradwidgets.engine.walk.formula import Part, equation, executable, parts, symbols
from tests.core.cases import CASES, all_cases, case_name

every_case = pytest.mark.parametrize("name, function, arrays", list(all_cases()), ids=case_name)

TABLE = dict.fromkeys("gyxabpzt", 2)

RULES = {
    "add": ["g", "g"],
    "sub": ["g", "−g"],
    "mul": ["g × b", "g × a"],
    "weigh": ["g × t", "g × x"],
    "div": ["g / b", "−g × y / b"],
    "neg": ["−g"],
    "pow": ["g × 4 × x³"],
    "power": ["g × b × aᵇ⁻¹", "g × y × log(a)"],
    "exp": ["g × y"],
    "log": ["g / x"],
    "mm": ["g · bᵀ", "aᵀ · g"],
    "tanh": ["g × (1 − y²)"],
    "sigmoid": ["g × y × (1 − y)"],
    "relu": ["g × (1 where x > 0, else 0)"],
    "leaky_relu": ["g × (1 where x > 0, else 0.01)"],
    "softmax": ["y × (g − Σ (g × y) over columns)"],
    "log_softmax": ["g − exp(y) × Σ g over columns"],
    "sum": ["g, repeated to the shape of x"],
    "mean": ["(g, repeated to the shape of x) / the number of columns"],
    "max": ["(g, repeated to the shape of x) × (1 where x = y, else 0) / the number of x = y"],
    "expand": ["Σ g over columns"],
    "transpose": ["gᵀ"],
    "reshape": ["g in the shape of x"],
    "index": ["for each entry of x: Σ g where positions name it", None],
    "concat": ["the piece of g in the place of a", "the piece of g behind the place of a"],
    "bce": ["g × (p − t) / (p × (1 − p))", "g × log((1 − p) / p)"],
    "bce_logits": ["g × (1 / (1 + exp(−z)) − t)", "−g × z"],
}

FORMULAS = {
    "add": "a + b",
    "sub": "a − b",
    "mul": "a × b",
    "weigh": "x × t",
    "div": "a / b",
    "neg": "−x",
    "pow": "x⁴",
    "power": "aᵇ",
    "exp": "exp(x)",
    "log": "log(x)",
    "mm": "a · b",
    "tanh": "tanh(x)",
    "sigmoid": "1 / (1 + exp(−x))",
    "relu": "max(x, 0)",
    "leaky_relu": "x where x > 0, else 0.01 × x",
    "softmax": "exp(x) / Σ exp(x) over columns",
    "log_softmax": "x − log(Σ exp(x) over columns)",
    "sum": "Σ x over columns",
    "mean": "mean of x over columns",
    "max": "largest of x over columns",
    "expand": "x, repeated to the shape of y",
    "transpose": "xᵀ",
    "reshape": "x in the shape of y",
    "index": "x at the places positions",
    "concat": "a, then b, along columns",
    "bce": "−(t × log(p) + (1 − t) × log(1 − p))",
    "bce_logits": "log(1 + exp(z)) − z × t",
}


def arguments_of(op: Op) -> dict[str, object]:
    return {argument: {"exponent": 4, "slope": 0.01}.get(argument, 1) for argument in op.arguments}


@pytest.mark.parametrize("op", OPS.values(), ids=lambda op: op.name)
def test_every_operation_is_written_in_symbols(op: Op) -> None:
    assert op.symbol and op.reason and op.formula and all(
        rule or gradient is None for rule, gradient in zip(op.rules, op.gradients))
    assert [rule and symbols(rule, arguments_of(op), ndims=TABLE) for rule in op.rules] == (
        RULES[op.name])
    assert symbols(op.formula, arguments_of(op), ndims=TABLE) == FORMULAS[op.name]


@pytest.mark.parametrize("exponent, rule, code, formula", [
    (0, "g × 0", "g * 0", "1"),
    (1, "g", "g", "x"),
    (2, "g × 2 × x", "g * 2 * x", "x²"),
    (3, "g × 3 × x²", "g * 3 * x ** 2", "x³"),
    (-1, "g × (−1) × x⁻²", "g * -1 * x ** -2", "x⁻¹"),
    (0.5, "g × 0.5 × x^(−0.5)", "g * 0.5 * x ** -0.5", "x^0.5"),
])
def test_the_exponent_of_a_power_is_put_in(exponent, rule, code, formula) -> None:
    op, arguments = OPS["pow"], {"exponent": exponent}
    assert symbols(op.rules[0], arguments) == rule
    assert executable(op.rules[0], arguments) == code
    assert symbols(op.formula, arguments) == formula


@pytest.mark.parametrize("code, text", [
    ("x ** (exponent - 1)", "xᵉˣᵖᵒⁿᵉⁿᵗ⁻¹"),
    ("np.sum(g, dim)", "Σ g over dim"),
    ("np.sum(g, 0)", "Σ g over dimension 0"),
    ("np.sum(g)", "Σ g over all entries"),
    ("a / (b / c)", "a / (b / c)"),
    ("a / b / c", "a / (b × c)"),
    ("a - (b - c)", "a − (b − c)"),
    ("a - -b * c", "a − (−b × c)"),
    ("-(a + b) * c", "−(a + b) × c"),
    ("(a + b) ** 2", "(a + b)²"),
    ("(a * b).T @ c", "(a × b)ᵀ · c"),
    ("a * a * a * b", "a³ × b"),
    ("abs(x) if x else 2", "abs(x) if x else 2"),
])
def test_brackets_stand_where_they_are_needed(code, text) -> None:
    assert symbols(code) == text


def test_letters_are_replaced_by_names() -> None:
    assert symbols("g * (1 - y * y)", names={"y": "h"}) == "g × (1 − h²)"
    assert symbols("g @ b.T", names={"b": "Layer 2 weight"}) == "g · Layer 2 weightᵀ"


def test_only_a_table_has_rows_and_columns() -> None:
    def text(dim, ndim):
        return symbols("np.sum(g, dim)", {"dim": dim}, ndims={"g": ndim})
    assert [text(0, 2), text(1, 2), text(-1, 2)] == [
        "Σ g over rows", "Σ g over columns", "Σ g over columns"]
    assert [text(0, 1), text(None, 2), text(2, 3)] == [
        "Σ g over all entries", "Σ g over all entries", "Σ g over dimension 2"]


@pytest.mark.parametrize("dim, ndim, text", [
    (0, 2, "the number of rows"), (1, 2, "the number of columns"), (-1, 2, "the number of columns"),
    (None, 2, "the number of entries of x"), (0, 1, "the number of entries of x"),
    (1, 3, "the length of dimension 1"),
])
def test_how_many_entries_a_mean_is_over_is_said(dim, ndim, text) -> None:
    assert symbols("np.size(x, dim)", {"dim": dim}, ndims={"x": ndim}) == text


def step_of(function, arrays):
    """Return operation, arguments, namespace, and what is really handed on."""
    y = function(*[Tensor(array, autograd=True) for array in arrays])
    op, args = find_op(y.creation_op)
    values = [creator.data for creator in y.creators]
    g = np.random.default_rng(3).uniform(0.5, 1.5, y.shape)
    (_, _, contributions), *_ = backward_steps(y._graph(), g)
    return op, dict(zip(op.arguments, args + (None, None))), op.namespace(
        g, y.data, values, args), contributions, values, y.data


SIGNS = {"×": np.multiply, "/": np.divide, "·": np.matmul, "+": np.add, "−": np.subtract}


def calculated(terms) -> np.ndarray:
    """Calculate an equation from left to right, as it is read."""
    terms = list(terms)
    minus = terms[0] == "−"
    value, *rest = terms[minus:]
    value = -value.value if minus else value.value
    for sign, part in zip(rest[::2], rest[1::2], strict=True):
        value = SIGNS[sign](value, part.value)
    return value


@every_case
def test_the_equation_gives_the_gradient_that_is_used(name, function, arrays) -> None:
    op, arguments, namespace, contributions, values, _ = step_of(function, arrays)
    for rule, value, contribution in zip(op.rules, values, contributions):
        if rule is None:
            continue
        shown = calculated(equation(rule, namespace, arguments))
        np.testing.assert_allclose(unbroadcast(np.broadcast_to(
            shown, np.broadcast_shapes(shown.shape, contribution.shape)), value.shape),
            contribution, rtol=1e-12, atol=1e-12)
        again = eval(executable(rule, arguments), dict(namespace))
        np.testing.assert_allclose(unbroadcast(np.asarray(again), value.shape), contribution,
                                   rtol=1e-12, atol=1e-12)


@every_case
def test_parts_begin_with_g_and_hold_its_numbers(name, function, arrays) -> None:
    op, arguments, namespace, *_ = step_of(function, arrays)
    for rule in filter(None, op.rules):
        found = parts(rule, namespace, arguments)
        assert found[0].symbol == "g"
        assert found[0].value is namespace["g"]
        assert len({part.symbol for part in found}) == len(found)
        assert all(type(part.value) is np.ndarray and part.value.dtype.kind in "fiu"
                   for part in found)


@every_case
def test_the_formula_gives_the_result(name, function, arrays) -> None:
    op, arguments, namespace, _, _, y = step_of(function, arrays)
    np.testing.assert_allclose(eval(op.formula, dict(namespace)), y, rtol=1e-9, atol=1e-12)
    if arguments.get("exponent") == 0:
        return  # x⁰ is 1, and has no inputs to speak of
    shown = calculated(equation(op.formula, {**namespace, "g": None}, arguments))
    np.testing.assert_allclose(shown, y, rtol=1e-9, atol=1e-12)
    assert {part.symbol for part in parts(op.formula, namespace, arguments)} == set(op.inputs)


@pytest.mark.parametrize("name, position, expected", [
    ("tanh", 0, ["g", "1 − y²"]),
    ("sigmoid", 0, ["g", "y × (1 − y)"]),
    ("relu", 0, ["g", "1 where x > 0, else 0"]),
    ("mm", 0, ["g", "bᵀ"]),
    ("mm", 1, ["g", "aᵀ"]),
    ("add", 0, ["g"]),
    ("mul", 0, ["g", "b"]),
    ("div", 0, ["g", "b"]),
    ("div", 1, ["g", "−y / b"]),
    ("pow", 0, ["g", "2 × x"]),
    ("bce", 0, ["g", "(p − t) / (p × (1 − p))"]),
    ("bce_logits", 1, ["g", "−z"]),
    ("sum", 0, ["g"]),
    ("index", 0, ["g", "positions"]),
    ("concat", 1, ["g"]),
    ("mean", 0, ["g", "the number of rows"]),
])
def test_the_parts_are_g_and_what_it_is_multiplied_by(name, position, expected) -> None:
    op, arguments, namespace, *_ = step_of(*CASES[name][0])
    found = parts(op.rules[position], namespace, arguments)
    assert [part.symbol for part in found] == expected


def test_a_sum_over_g_inside_a_rule_is_a_part_with_its_number() -> None:
    y, g = np.array([[0.25, 0.75]]), np.array([[4.0, 8.0]])
    namespace = OPS["softmax"].namespace(g, y, [np.zeros((1, 2))], (1,))
    found = {part.symbol: part.value.tolist()
             for part in parts(OPS["softmax"].rules[0], namespace, {"dim": 1})}
    assert found == {"g": [[4, 8]], "y": [[0.25, 0.75]], "Σ (g × y) over columns": [[7]]}


def test_a_part_of_tanh_has_the_slope_as_its_value() -> None:
    y = np.array([0.0, 0.5, -1.0])
    terms = equation("g * (1 - y * y)", {"g": np.ones(3), "y": y, "np": np})
    assert [term if isinstance(term, str) else term.symbol for term in terms] == [
        "g", "×", "1 − y²"]
    assert isinstance(terms[2], Part) and terms[2].value.tolist() == [1, 0.75, 0]


def test_the_matrix_product_keeps_its_order() -> None:
    a, g = np.ones((3, 2)), np.ones((3, 4))
    terms = equation("a.T @ g", {"g": g, "a": a})
    assert [getattr(term, "symbol", term) for term in terms] == ["aᵀ", "·", "g"]
    assert terms[0].value.shape == (2, 3)


def test_a_condition_is_a_table_of_ones_and_zeros() -> None:
    found = parts("g * (x > 0)", {"g": np.ones(2), "x": np.array([-1.0, 2.0])})
    assert found[1].value.tolist() == [0.0, 1.0]
    assert found[1].value.dtype == np.float64


def test_certain_and_wrong_probabilities_keep_the_rule_finite() -> None:
    p, t = np.array([0.0, 1.0]), np.array([1.0, 0.0])
    op, arguments, namespace, contributions, *_ = step_of(lambda p, t: p.bce(t), [p, t])
    for rule, contribution in zip(op.rules, contributions):
        np.testing.assert_allclose(calculated(equation(rule, namespace, arguments)), contribution)
        assert np.isfinite(contribution).all()
