"""Python's comparisons, built-in functions and operators give what is right, or say what to write."""

from __future__ import annotations

import copy
import math
import operator
import random

import numpy as np
import pytest

from gradwidgets.core import Tensor


def leaf(*data: float) -> Tensor:
    return Tensor(data, autograd=True)


def says(error, text, function):
    with pytest.raises(error) as caught:
        function()
    assert text in str(caught.value)


class TestComparing:
    @pytest.mark.parametrize(
        ("compare", "expected"),
        [
            (operator.eq, [False, True, False]),
            (operator.ne, [True, False, True]),
            (operator.lt, [True, False, False]),
            (operator.le, [True, True, False]),
            (operator.gt, [False, False, True]),
            (operator.ge, [False, True, True]),
        ],
    )
    def test_goes_entry_by_entry_and_gives_a_plain_array(self, compare, expected):
        x = leaf(1, 2, 3)
        for other in (leaf(2, 2, 2), np.array([2.0, 2.0, 2.0]), [2, 2, 2], 2, np.float64(2)):
            assert type(compare(x, other)) is np.ndarray
            np.testing.assert_array_equal(compare(x, other), expected)
        swapped = compare(np.full(3, 2.0), leaf(3, 2, 1))
        assert type(swapped) is np.ndarray
        np.testing.assert_array_equal(swapped, expected)
        np.testing.assert_array_equal(compare(np.float64(2), leaf(3, 2, 1)), expected)

    def test_the_accuracy_of_a_model_is_what_it_is(self):
        p, y = leaf(0.9, 0.2, 0.6, 0.1), Tensor([1.0, 0.0, 0.0, 0.0])
        assert np.mean(p.data.round() == y) == np.mean(round(p) == y) == 0.75
        assert ((p > 0.5) == y).mean() == 0.75

    def test_one_number_answers_yes_or_no(self):
        loss = Tensor(0.05, autograd=True)
        assert loss == 0.05 and loss < 0.1 and not loss >= 0.1 and loss != 1
        assert max([Tensor(2.0), Tensor(3.0)]).item() == 3
        assert [each.item() for each in sorted([Tensor(2.0), Tensor(1.0)])] == [1, 2]

    def test_what_is_no_number_is_not_equal(self):
        x = leaf(1, 2)
        assert (x == None) is False and (x != None) is True  # noqa: E711 - what people write
        assert (x == "a") is False and (x == [[1], [1, 2]]) is False
        with pytest.raises(TypeError, match="'<' not supported between .* 'Tensor' and 'NoneType'"):
            x < None  # noqa: B015

    def test_shapes_that_do_not_fit_are_told(self):
        says(ValueError, "==: one side has shape (2,) but the other (3,); shapes must be equal, or 1",
             lambda: leaf(1, 2) == leaf(1, 2, 3))  # fmt: skip
        says(ValueError, "<: one side has shape (2,) but the other (3,)",
             lambda: leaf(1, 2) < [1, 2, 3])  # fmt: skip

    def test_a_tensor_in_a_set_is_that_very_tensor(self):
        x, twin = leaf(1, 2), leaf(1, 2)
        held = {x: "x", twin: "twin"}
        assert len({x, twin, x}) == 2 and held[x] == "x" and held[twin] == "twin"
        assert hash(x) == object.__hash__(x) != hash(twin)
        assert [x, twin].index(x) == 0 and x in [x]

    def test_many_tensors_with_one_value_stay_apart_in_a_dict(self):
        # More of them than places in the table, so that many look-ups meet another tensor.
        tensors = [leaf(1, 2) for _ in range(5000)]
        numbers = {tensor: number for number, tensor in enumerate(tensors)}
        assert [numbers[tensor] for tensor in tensors] == list(range(5000))

    def test_a_number_is_looked_for_among_the_entries(self):
        x = Tensor([[1.0, 2.0], [3.0, 4.0]])
        assert 3 in x and 5 not in x and "a" not in x and None not in x


class TestOneNumber:
    def test_it_becomes_each_kind_of_number(self):
        for loss in (Tensor(3.5, autograd=True), leaf(3.5)):
            assert (float(loss), int(loss), complex(loss), math.trunc(loss)) == (3.5, 3, 3.5 + 0j, 3)
            assert math.floor(loss) == 3 and math.ceil(loss) == 4
            assert math.sqrt(loss) == math.sqrt(3.5) and math.isclose(loss, 3.5)
            assert f"{loss:.3f}" == "3.500" and format(loss, "6.1f") == "   3.5" and "%.2f" % loss == "3.50"
        assert round(Tensor(2.6)) == 3 and round(Tensor(2.345), 1) == 2.3
        assert type(round(Tensor(2.6))) is int

    def test_several_are_refused_with_what_to_do(self):
        x = leaf(1, 2)
        for convert, name in ((float, "float"), (int, "int"), (complex, "complex"),
                              (math.trunc, "trunc"), (math.sqrt, "float")):  # fmt: skip
            says(ValueError, f"{name}: the tensor has shape (2,), expected a tensor of one entry; "
                             "choose one, or reduce it: .sum().item()", lambda: convert(x))  # fmt: skip
        says(TypeError, "format: the tensor has shape (2,), and '.3f' writes one number; choose an "
                        "entry, or write np.round(x.data, 3)", lambda: f"{x:.3f}")  # fmt: skip
        assert f"{x}" == "[1. 2.]"

    def test_a_condition_on_several_says_how_to_ask(self):
        assert bool(Tensor(1.0)) is True and not Tensor([0.0])
        for x in (leaf(1, 2), Tensor([])):
            says(ValueError, "is neither true nor false; ask its numbers, (x.data > 0).all() or "
                             ".any(), or whether there is one: x is not None", lambda: bool(x))  # fmt: skip

    def test_whole_numbers_count_and_floats_say_how_to_round(self):
        assert list(range(Tensor(3))) == [0, 1, 2] and "abcd"[Tensor([2])] == "c"
        for use in (range, "abcd".__getitem__, operator.index):
            says(TypeError, "index: the tensor holds float64, expected a whole number; round it: "
                            "int(x.item())", lambda: use(Tensor(2.0)))  # fmt: skip

    def test_rounding_gives_a_plain_array(self):
        rounded = round(leaf(0.26, 1.74), 1)
        assert type(rounded) is np.ndarray
        np.testing.assert_array_equal(rounded, [0.3, 1.7])


class TestSequences:
    def test_length_and_order(self):
        x = Tensor([[1, 2], [3, 4]], autograd=True)
        assert len(x) == 2
        assert [row.data.tolist() for row in x] == [[1, 2], [3, 4]]
        assert [row.data.tolist() for row in reversed(x)] == [[3, 4], [1, 2]]
        first, second = x
        (first * second).sum().backward()
        np.testing.assert_array_equal(x.grad.data, [[3, 4], [1, 2]])
        assert random.Random(0).choice(Tensor([7, 7])).item() == 7

    def test_without_dimensions_there_is_nothing_to_go_along(self):
        says(TypeError, "iter: the tensor has no dimension to go along", lambda: list(Tensor(3.0)))
        says(TypeError, "iter:", lambda: iter(Tensor(3.0)))
        says(TypeError, "len: the tensor has no dimensions, so it has no length; size counts",
             lambda: len(Tensor(3.0)))  # fmt: skip

    def test_entries_are_not_set_behind_the_back_of_the_graph(self):
        x = leaf(1, 2)
        says(TypeError, "write x.data[0] = 5", lambda: operator.setitem(x, 0, 5))
        says(TypeError, "what is to be left: x[1:]", lambda: operator.delitem(x, 0))
        says(TypeError, "x.data[0] = 5", lambda: random.shuffle(x))
        np.testing.assert_array_equal(x.data, [1, 2])

    def test_the_built_in_sum_and_max_keep_the_graph(self):
        x = leaf(1, 5, 2)
        (sum(x) + max(x)).backward()
        np.testing.assert_array_equal(x.grad.data, [1, 2, 1])


class TestOperators:
    def test_absolute_values_have_a_gradient(self):
        x = leaf(-2, 3, 0)
        y = abs(x)
        np.testing.assert_array_equal(y.data, [2, 3, 0])
        y.sum().backward()
        np.testing.assert_array_equal(x.grad.data, [-1, 1, 0])
        np.testing.assert_array_equal(abs(Tensor(np.array([1, 2], np.uint8))).data, [1, 2])
        assert +x is x

    @pytest.mark.parametrize(
        ("symbol", "apply"),
        [("//", operator.floordiv), ("%", operator.mod), ("divmod", divmod)],
    )
    def test_what_has_no_rule_gives_numbers_or_says_how_to_get_them(self, symbol, apply):
        x, a = Tensor([5.0, 7.0]), np.array([5.0, 7.0])
        for got, expected in ((apply(x, 2), apply(a, 2)), (apply(9, x), apply(9, a)),
                              (apply(a, x), apply(a, a)), (apply(x, x), apply(a, a))):  # fmt: skip
            np.testing.assert_array_equal(got, expected)
            assert not isinstance(got, Tensor)
        for each in (lambda: apply(leaf(5), 2), lambda: apply(2, leaf(5)),
                     lambda: apply(np.array([2.0]), leaf(5)), lambda: apply(x, leaf(5, 7))):  # fmt: skip
            says(TypeError, f"{symbol}: the tensor takes gradients, and there is no rule for going "
                            "backward; for the numbers write ", each)  # fmt: skip

    def test_bits_are_for_whole_numbers_and_masks(self):
        n = Tensor([6, 3])
        np.testing.assert_array_equal(n & 2, [2, 2])
        np.testing.assert_array_equal(1 | n, [7, 3])
        np.testing.assert_array_equal(~Tensor([True, False]), [False, True])
        np.testing.assert_array_equal(1 << Tensor([2, 3]), [4, 8])
        x = leaf(1, 2)
        says(TypeError, "^: a power is written x ** 2", lambda: x ^ 2)
        says(TypeError, "&: write it with comparisons, which give arrays: (x > 0) & (x < 1)",
             lambda: x & x)  # fmt: skip
        says(TypeError, "~: write it with a comparison", lambda: ~x)

    def test_assignments_with_an_operator_make_a_new_tensor_and_keep_the_graph(self):
        w = leaf(1, 2)
        h = w
        h += 1
        h *= w
        h -= w
        h /= 2
        h **= 2
        h.sum().backward()
        np.testing.assert_array_equal(w.data, [1, 2])  # (w² / 2)², whose slope is w³
        np.testing.assert_allclose(w.grad.data, [1, 8])

    def test_an_array_takes_the_numbers_of_a_gradient_in_place(self):
        w = leaf(1, 2)
        (w * w).sum().backward()
        held = w.data
        w.data -= 0.25 * w.grad
        assert w.data is held
        np.testing.assert_array_equal(w.data, [0.5, 1])

    def test_an_array_cannot_keep_a_graph_and_says_so(self):
        total, w = np.zeros(2), leaf(1, 2)
        says(TypeError, "an array cannot keep the graph; write a = a + x, or a += x.data",
             lambda: operator.iadd(total, w))  # fmt: skip
        np.testing.assert_array_equal(total, [0, 0])

    def test_a_tensor_in_the_place_of_the_numbers_is_noticed(self):
        w = leaf(1, 2)
        w.data = w.data - 0.1 * Tensor([1.0, 1.0])
        says(TypeError, "is a Tensor, expected an array; take the numbers when you set it: w.data = "
                        "w.data - 0.1 * w.grad.data", lambda: w + 1)  # fmt: skip


class TestCopies:
    def test_a_shallow_copy_has_numbers_of_its_own(self):
        w = leaf(1, 2)
        (w * w).sum().backward()
        before = copy.copy(w)
        w.data -= 1
        w.grad.data *= 0
        np.testing.assert_array_equal(before.data, [1, 2])
        np.testing.assert_array_equal(before.grad.data, [2, 4])
        assert before.id != w.id

    def test_a_copy_of_a_result_knows_its_past(self):
        w = leaf(1, 2)
        copy.copy(w * 3).sum().backward()
        np.testing.assert_array_equal(w.grad.data, [3, 3])
