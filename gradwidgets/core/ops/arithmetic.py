"""Operations element by element, with broadcasting, and the matrix product."""

from __future__ import annotations

import numpy as np
from numpy import ndarray

from gradwidgets.core.ops.edges import weighed
from gradwidgets.core.ops.registry import Op
from gradwidgets.core.types import Answer

ADD = Op(
    name="add",
    symbol="+",
    forward=np.add,
    gradients=(lambda g, y, a, b: g, lambda g, y, a, b: g),
    rules=("g", "g"),
    formula="a + b",
    reason="Whatever is added to one summand is added to the sum, so each receives g unchanged.",
)

SUB = Op(
    name="sub",
    symbol="−",
    forward=np.subtract,
    gradients=(lambda g, y, a, b: g, lambda g, y, a, b: -g),
    rules=("g", "-g"),
    formula="a - b",
    reason="The difference grows with its first term and shrinks as fast with its second.",
)

MUL = Op(
    name="mul",
    symbol="×",
    forward=np.multiply,
    gradients=(lambda g, y, a, b: g * b, lambda g, y, a, b: g * a),
    rules=("g * b", "g * a"),
    formula="a * b",
    reason="Each factor moves the product by as much as the other factor is large.",
)

DIV = Op(
    name="div",
    symbol="÷",
    forward=np.divide,
    gradients=(
        lambda g, y, a, b: weighed(g, lambda: g / b),
        lambda g, y, a, b: weighed(g, lambda: -g * y / b),
    ),
    rules=("g / b", "-g * y / b"),
    formula="a / b",
    reason="The quotient a / b changes by 1 / b with a, and by -a / b², which is -y / b, with b.",
)

WEIGH = Op(
    name="weigh",
    symbol="×",
    forward=lambda x, t: weighed(t, lambda: x * t),
    gradients=(lambda g, y, x, t: g * t, lambda g, y, x, t: weighed(g, lambda: g * x)),
    rules=("g * t", "g * x"),
    formula="x * t",
    reason="Each entry counts by its weight; one of weight 0 is left out, even if it is infinite.",
)

NEG = Op(
    name="neg",
    symbol="−",
    forward=np.negative,
    gradients=(lambda g, y, x: -g,),
    rules=("-g",),
    formula="-x",
    reason="The result moves against its input, at the same speed.",
)


def _power(x: ndarray, exponent: float) -> Answer:
    # NumPy refuses negative powers of whole numbers, although 2⁻¹ is ½.
    return x**exponent if exponent >= 0 or x.dtype.kind == "f" else 1 / x**-exponent


def _power_slope(g: ndarray, y: ndarray, x: ndarray, exponent: float) -> Answer:
    # The slope of x⁰ is 0 everywhere; the formula would say 0 · ∞ at x = 0.
    if exponent == 0:
        return np.zeros_like(g)
    return weighed(g, lambda: g * exponent * x ** (exponent - 1))


POW = Op(
    name="pow",
    symbol="xⁿ",
    forward=_power,
    gradients=(_power_slope,),
    rules=("g * exponent * x ** (exponent - 1)",),
    formula="x**exponent",
    reason="The power rule: the exponent comes down as a factor and is lowered by one.",
)


def _power_of_each(a: ndarray, b: ndarray) -> Answer:
    # As above; powers that are not negative stay whole numbers.
    fraction = b.dtype.kind == "i" and b.min(initial=0) < 0
    return np.power(a, b.astype(np.float64) if fraction else b)


def _power_slope_of_base(g: ndarray, y: ndarray, a: ndarray, b: ndarray) -> Answer:
    # As above, where b is 0.
    return weighed(g, lambda: g * np.where(b == 0, 0.0, b * a ** (b - 1)))


def _power_slope_of_exponent(g: ndarray, y: ndarray, a: ndarray, b: ndarray) -> Answer:
    # Where y is 0, the limit is 0 as well: it shrinks faster than log a grows.
    return weighed(g, lambda: g * np.where(y == 0, 0.0, y * np.log(a)))


POWER = Op(
    name="power",
    symbol="aᵇ",
    forward=_power_of_each,
    gradients=(_power_slope_of_base, _power_slope_of_exponent),
    rules=("g * b * a ** (b - 1)", "g * y * np.log(a)"),
    formula="a**b",
    reason="In the base it is the power rule; in the exponent it grows like exp(b · log a), a > 0.",
)

EXP = Op(
    name="exp",
    symbol="exp",
    forward=np.exp,
    gradients=(lambda g, y, x: weighed(g, lambda: g * y),),
    rules=("g * y",),
    formula="np.exp(x)",
    reason="The exponential function is its own slope, so its value y is the factor.",
)

LOG = Op(
    name="log",
    symbol="log",
    forward=np.log,
    gradients=(lambda g, y, x: weighed(g, lambda: g / x),),
    rules=("g / x",),
    formula="np.log(x)",
    reason="The logarithm counts relative change: the same step weighs less where x is large.",
)


def _matrix_product(a: ndarray, b: ndarray) -> Answer:
    if a.ndim != 2 or b.ndim != 2:
        raise ValueError
    return a.dot(b)


MM = Op(
    name="mm",
    symbol="@",
    forward=_matrix_product,
    gradients=(lambda g, y, a, b: g.dot(b.T), lambda g, y, a, b: a.T.dot(g)),
    rules=("g @ b.T", "a.T @ g"),
    formula="a @ b",
    reason="Each entry of y is a row of a times a column of b, so g comes back through the other.",
    shapes="both must be matrices, and a's columns must equal b's rows",
)
