"""Numbers on the screen: short, and never a false zero."""

from __future__ import annotations

import math
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradwidgets.views.kit import numbers

FINITE = st.floats(allow_nan=False, allow_infinity=False)
USUAL = st.one_of(st.floats(1e-9, 9e9), st.floats(-9e9, -1e-9))
LOSSES = st.floats(0, 1e99).filter(lambda value: value == 0 or value > 1e-99)


def read(shown: str) -> Decimal:
    return Decimal(shown.replace("−", "-"))


def half_a_unit(shown: str) -> Decimal:
    """Return half of what the last written digit counts."""
    return Decimal((0, (5,), read(shown).as_tuple().exponent - 1))


@given(FINITE)
def test_a_cell_is_within_half_a_unit_of_its_last_digit(value):
    shown = numbers.cell(value)
    assert abs(read(shown) - Decimal(value)) <= half_a_unit(shown) * Decimal("1.0000001")


@given(USUAL)
def test_a_cell_of_a_usual_number_has_at_most_five_characters(value):
    assert len(numbers.cell(value)) <= 5


@given(FINITE)
def test_a_cell_never_has_more_than_seven_characters(value):
    assert len(numbers.cell(value)) <= 7


@given(FINITE.filter(bool))
def test_only_zero_is_written_as_zero(value):
    assert read(numbers.cell(value)) != 0
    assert read(numbers.short(value)) != 0


@given(FINITE.filter(bool))
def test_a_cell_carries_its_sign(value):
    assert numbers.cell(value)[0] == ("+" if value > 0 else "−")


@given(FINITE, FINITE)
def test_cells_keep_the_order_of_their_numbers(one, other):
    low, high = sorted((one, other))
    assert read(numbers.cell(low)) <= read(numbers.cell(high))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0"),
        (-0.0, "0"),
        (0.73, "+0.73"),
        (-0.004, "−4e-3"),
        (0.0094, "+9e-3"),
        (np.nextafter(0.0095, 0), "+9e-3"),
        (0.0095, "+0.01"),
        (9.9949, "+9.99"),
        (9.995, "+10.0"),
        (99.949, "+99.9"),
        (99.95, "+100"),
        (999.49, "+999"),
        (999.5, "+1e3"),
        (-12345.6, "−1e4"),
        (4e-5, "+4e-5"),
        (math.nan, "nan"),
        (math.inf, "+inf"),
        (-math.inf, "−inf"),
        (True, "+1.00"),
        (np.float32(0.1), "+0.10"),
    ],
)
def test_cells_at_the_boundaries(value, shown):
    assert numbers.cell(value) == shown


def test_the_cells_of_an_array_come_row_by_row():
    assert numbers.cells(np.array([[1, -2], [0, 3]])) == ["+1.00", "−2.00", "0", "+3.00"]
    assert numbers.cells(np.array([True, False])) == ["+1.00", "0"]
    assert numbers.cells(np.array(0.5, dtype=np.float16)) == ["+0.50"]


@given(LOSSES)
def test_a_loss_is_within_half_a_unit_of_its_last_digit(value):
    shown = numbers.short(value)
    assert abs(read(shown) - Decimal(value)) <= half_a_unit(shown) * Decimal("1.0000001")


@given(LOSSES)
def test_a_loss_has_at_most_seven_characters_and_a_usual_one_six(value):
    shown = numbers.short(value)
    assert len(shown) <= 7
    if value == 0 or value >= 1e-9:
        assert len(shown) <= 6


@given(FINITE)
def test_a_negative_number_is_the_positive_one_with_a_minus_sign(value):
    if value < 0:
        assert numbers.short(value) == "−" + numbers.short(-value)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "–"),
        (math.nan, "nan"),
        (math.inf, "∞"),
        (-math.inf, "−∞"),
        (0.0, "0.0000"),
        (0.0345, "0.0345"),
        (5e-5, "0.0001"),
        (4.999e-5, "5.0e-5"),
        (4.1e-6, "4.1e-6"),
        (9.99994, "9.9999"),
        (9.99995, "10.00"),
        (12.3, "12.30"),
        (999.99, "999.99"),
        (999.995, "1000"),
        (99999.4, "99999"),
        (99999.5, "1.0e5"),
        (4.1e5, "4.1e5"),
        (1.5e12, "1.5e12"),
        (-0.25, "−0.2500"),
    ],
)
def test_losses_at_the_boundaries(value, shown):
    assert numbers.short(value) == shown


@given(st.integers(0, 10**12))
def test_a_grouped_number_has_thin_spaces_between_its_thousands(count):
    shown = numbers.grouped(count)
    first, *rest = shown.split("\u2009")
    assert int("".join([first, *rest])) == count
    assert 1 <= len(first) <= 3
    assert all(len(group) == 3 for group in rest)


@pytest.mark.parametrize(
    ("dimensions", "shown"),
    [((), "1 number"), ((3,), "3"), ((10, 4), "10×4"), ((2, 0, 5), "2×0×5")],
)
def test_a_shape_is_written_with_crosses(dimensions, shown):
    assert numbers.shape(dimensions) == shown
