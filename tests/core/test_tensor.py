"""Tensors: what they hold, how gradients arrive, and what they say when something is wrong."""

from __future__ import annotations

import copy
import gc
import pickle
import weakref

import numpy as np
import pytest

from gradwidgets.core import Tensor
from gradwidgets.core.backward import backward_steps


def leaf(*data: float) -> Tensor:
    return Tensor(data, autograd=True)


class TestData:
    def test_it_is_copied(self):
        given = np.array([1.0, 2.0])
        for autograd in (False, True):
            tensor = Tensor(given, autograd=autograd)
            assert not np.shares_memory(tensor.data, given)

    def test_integers_stay_integers_without_autograd(self):
        assert repr(Tensor([1, 2, 3])) == "array([1, 2, 3])"
        assert str(Tensor([1, 2, 3])) == "[1 2 3]"

    def test_a_result_without_dimensions_is_an_array(self):
        y = Tensor(2.0, autograd=True) * Tensor(3.0)
        assert type(y.data) is np.ndarray and y.shape == () and y.item() == 6 and float(y) == 6

    def test_creators_and_operation_are_spelled_as_in_the_seed(self):
        x, y = leaf(1, 2), leaf(3, 4)
        z = x + y
        assert z.creators == [x, y] and z.creation_op == "add"
        m = Tensor([[1.0, 2.0]], autograd=True)
        spelled = [x - y, -x, x * y, m.mm(m.transpose()), m.transpose(), m.sum(0), m.sum(-1),
                   m.expand(0, 4), x.tanh(), x.sigmoid(), x**2, x**2.0, x.leaky_relu(), m.max(1),
                   m.mean(0), m.sum()]  # fmt: skip
        assert [each.creation_op for each in spelled] == [
            "sub", "neg", "mul", "mm", "transpose", "sum_0", "sum_1", "expand_0", "tanh", "sigmoid",
            "pow_2", "pow_2", "leaky_relu_0.01", "max_1", "mean_0", "sum",
        ]  # fmt: skip

    def test_x_times_x_has_two_creators(self):
        x = leaf(3)
        y = x * x
        assert y.creators == [x, x]
        y.backward()
        assert x.grad.item() == 6

    def test_numbers_and_arrays_work_on_both_sides(self):
        x = leaf(1, 2)
        results = [2 * x, x * 2, 1 - x, x - 1, x / 2, 2 / x, 2**x, x**2, 3 + x,
                   np.array([1.0, 2.0]) * x, x + np.array([1.0, 2.0])]  # fmt: skip
        expected = [[2, 4], [2, 4], [0, -1], [0, 1], [0.5, 1], [2, 1], [2, 4], [1, 4], [4, 5],
                    [1, 4], [2, 4]]  # fmt: skip
        for result, numbers in zip(results, expected, strict=True):
            assert isinstance(result, Tensor) and result.autograd
            np.testing.assert_allclose(result.data, numbers, rtol=1e-15)
        assert (np.eye(2) @ Tensor(np.eye(2))).shape == (2, 2)

    def test_a_copy_is_a_tensor_of_its_own(self):
        w = leaf(1, 2)
        for other in (copy.deepcopy(w), copy.copy(w), pickle.loads(pickle.dumps(w))):
            assert other.id != w.id
            (w * other).sum().backward()
        np.testing.assert_array_equal(w.grad.data, [3, 6])

    def test_a_copied_graph_goes_backward_on_its_own(self):
        w = leaf(1, 2)
        loss = (w.tanh() * w).sum()
        other = copy.deepcopy(loss)
        other.backward()
        assert w.grad is None
        loss.backward()
        np.testing.assert_array_equal(
            w.grad.data, other.creators[0].creators[1].grad.data
        )

    def test_indexing_ends_so_that_a_loop_over_a_tensor_does(self):
        assert [row.data.tolist() for row in Tensor([[1, 2], [3, 4]])] == [[1, 2], [3, 4]]


class TestGradients:
    def test_none_is_not_zero(self):
        w, unused = leaf(1), leaf(2)
        assert w.grad is None
        (w * 0).backward()
        assert w.grad.data == [0.0] and unused.grad is None

    def test_leaves_accumulate_over_separate_graphs(self):
        w = leaf(1, 2)
        (w * 2).sum().backward()
        (w * 3).sum().backward()
        np.testing.assert_array_equal(w.grad.data, [5, 5])

    def test_a_gradient_kept_by_the_learner_does_not_change_later(self):
        w = leaf(1, 2)
        (w * 2).sum().backward()
        kept = w.grad.data
        (w * 3).sum().backward()
        np.testing.assert_array_equal(kept, [2, 2])

    def test_intermediates_keep_theirs_read_only(self):
        w = leaf(1, 2)
        h = w + w
        loss = (h * h).sum()
        loss.backward()
        np.testing.assert_array_equal(h.grad.data, [4, 8])
        assert loss.grad.item() == 1
        with pytest.raises(ValueError, match="read-only"):
            h.grad.data *= 0
        assert h.grad is h.grad

    def test_a_leaf_shares_memory_with_nothing_not_even_with_what_was_passed_in(self):
        w, v = leaf(1, 2), leaf(3, 4)
        given = np.array([1.0, 1.0])
        y = w + v
        y.backward(given)
        arrays = [given, w.grad.data, v.grad.data, y.grad.data]
        for number, array in enumerate(arrays):
            assert not any(np.shares_memory(array, other) for other in arrays[number + 1 :])
        root = leaf(1, 2)
        root.backward(given)
        root.grad.data *= 0
        np.testing.assert_array_equal(given, [1, 1])

    def test_it_has_the_shape_of_the_data_also_without_dimensions(self):
        w = Tensor(3.0, autograd=True)
        h = w * w
        (h + h).backward()
        (w * 2).backward()
        for tensor in (w, h):
            assert type(tensor.grad) is Tensor and type(tensor.grad.data) is np.ndarray
        assert w.grad.item() == 14 and h.grad.item() == 2

    def test_it_can_be_set_and_reset(self):
        w = leaf(1)
        w.grad = Tensor([5.0])
        (w * 2).backward()
        assert w.grad.item() == 7
        w.grad = None
        (w * 2).backward()
        assert w.grad.item() == 2

    def test_an_array_that_is_set_becomes_a_copy_in_floats(self):
        w, b = leaf(1, 2), Tensor(3.0, autograd=True)
        for given in (np.zeros(2), np.zeros(2, int)):
            w.grad, b.grad = given, np.float64(1)
            (w * w).sum().backward()
            (b * b).backward()
            np.testing.assert_array_equal(w.grad.data, [2, 4])
            assert b.grad.item() == 7 and not given.any()
        w.grad = given
        assert w.grad.data.dtype == np.float64

    def test_what_cannot_be_a_gradient_is_refused_and_the_old_one_stays(self):
        w = leaf(1, 2)
        w.backward([5, 6])
        for given, error, text in [
            (0, TypeError, "grad: got a int, expected a Tensor, an array or None; write "
                           "Tensor(np.zeros((2,))) for zeros, or None to begin anew"),
            ([0, 0], TypeError, "grad: got a list, expected a Tensor"),
            (np.zeros(3), ValueError, "grad: the gradient has shape (3,) but the tensor has (2,); "
                                      "each entry needs its own gradient"),
            (Tensor([[1.0, 2.0]]), ValueError, "grad: the gradient has shape (1, 2) but"),
            (np.array(["a", "b"]), TypeError, "grad: got an array of <U1, expected numbers"),
        ]:  # fmt: skip
            fails_with(error, text, lambda: setattr(w, "grad", given))
        np.testing.assert_array_equal(w.grad.data, [5, 6])

    def test_any_loss_of_one_entry_needs_no_gradient(self):
        for shape in [(), (1,), (1, 1)]:
            w = Tensor(np.full(shape, 3.0), autograd=True)
            (w * w).backward()
            np.testing.assert_array_equal(w.grad.data, np.full(shape, 6.0))

    def test_tensors_lists_and_integers_serve_as_first_gradient(self):
        for given in (Tensor([1, 2]), np.array([1, 2]), [1, 2]):
            w = leaf(1, 1)
            (w * 3).backward(given)
            np.testing.assert_array_equal(w.grad.data, [3, 6])

    def test_tensors_that_take_none_get_none(self):
        w, x = leaf(1), Tensor([2.0])
        c = x * 3
        (w * c).backward()
        assert c.grad is None and x.grad is None

    def test_a_graph_that_is_no_longer_used_dies_at_once(self):
        w = leaf(1, 2)
        gc.disable()
        try:
            h = w.tanh()
            loss = (h * h).sum()
            loss.backward()
            seen = [weakref.ref(h), weakref.ref(loss)]
            del h, loss
            assert [reference() for reference in seen] == [None, None]
        finally:
            gc.enable()


class TestSecondPass:
    def test_through_a_shared_intermediate_raises_before_any_gradient_changes(self):
        w, v = leaf(1, 2), leaf(3, 4)
        h = w * 2
        h.sum().backward()
        with pytest.raises(RuntimeError, match="'mul', shape \\(2,\\), was already passed"):
            (h * v).sum().backward()
        np.testing.assert_array_equal(w.grad.data, [2, 2])
        assert v.grad is None

    def test_with_the_used_intermediate_as_root_raises(self):
        w = leaf(1, 2)
        h = w * 2
        h.sum().backward()
        with pytest.raises(RuntimeError, match="already passed"):
            h.backward(np.ones(2))

    def test_from_a_used_root_above_raises(self):
        w = leaf(1)
        h = w * 2
        h.backward()
        with pytest.raises(RuntimeError, match="already passed"):
            (h * 3).backward()
        assert w.grad.item() == 2

    def test_on_a_leaf_adds(self):
        w = leaf(1)
        w.backward()
        w.backward()
        assert w.grad.item() == 2

    def test_a_failure_on_the_way_changes_nothing(self):
        w, v = leaf(1.0), leaf(2.0)
        strange = Tensor([1.0], autograd=True, creators=[w], creation_op="conv2d")
        loss = v * 3 + strange
        with pytest.raises(LookupError, match="no rule is known for the operation 'conv2d'"):
            loss.backward()
        assert w.grad is None and v.grad is None and loss.grad is None

    def test_creators_without_an_operation_are_named_as_the_trouble(self):
        loss = Tensor([1.0], autograd=True, creators=[leaf(1.0)])
        with pytest.raises(LookupError, match="a tensor has creators but no creation_op, so .* or "
                                              "pass creation_op=... beside creators"):  # fmt: skip
            loss.backward()


class TestSteps:
    def test_they_are_the_pass_and_write_nothing(self):
        w = leaf(0.5, -1)
        h = w.tanh()
        loss = (h * h).sum(0)
        steps = list(backward_steps([loss, loss.creators[0], h, w], np.array(1.0)))
        assert [node for node, _, _ in steps] == [loss, loss.creators[0], h, w]
        assert all(node.grad is None for node, _, _ in steps)
        assert [len(contributions) for _, _, contributions in steps] == [1, 2, 1, 0]
        loss.backward()
        for node, gradient, _ in steps:
            np.testing.assert_array_equal(node.grad.data, gradient)

    def test_they_run_on_plain_records(self):
        class Record:
            def __init__(self, data, creators=None, creation_op=None, autograd=True):
                self.data, self.creators = np.asarray(data), creators
                self.creation_op, self.autograd = creation_op, autograd

        w, x = Record([1.0, 2.0]), Record([3.0, 4.0], autograd=False)
        product = Record([3.0, 8.0], (w, x), "mul")
        total = Record(11.0, (product,), "sum_0")
        steps = list(backward_steps([total, product, x, w], np.array(1.0)))
        assert [node for node, _, _ in steps] == [total, product, w]
        np.testing.assert_array_equal(steps[-1][1], [3, 4])
        assert steps[1][2][1] is None


def fails_with(error, text, function):
    with pytest.raises(error) as caught:
        function()
    assert text in str(caught.value)


class TestErrors:
    def test_shapes(self):
        a, b = Tensor(np.ones((32, 2))), Tensor(np.ones((3, 16)))
        fails_with(
            ValueError,
            "mm: a is (32, 2) but b is (3, 16); both must be matrices, and a's columns must equal "
            "b's rows",
            lambda: a.mm(b),
        )
        fails_with(ValueError, "mm: a is (2,) but b is (3, 16)", lambda: leaf(1, 2).mm(b))
        fails_with(
            ValueError,
            "add: a is (32, 2) but b is (3, 16); shapes must be equal, or 1 where they differ",
            lambda: a + b,
        )
        fails_with(ValueError, "sum: dim is 2, but the tensor has 2 dimension(s); dim must be "
                               "from -2 to 1", lambda: a.sum(2))  # fmt: skip
        fails_with(ValueError, "sum: the tensor has no dimensions to choose from; leave dim out",
                   lambda: Tensor(1.0).sum(0))  # fmt: skip
        fails_with(ValueError, "softmax: the tensor has no dimensions to choose from; give it one: "
                               ".reshape(1)", lambda: Tensor(1.0).softmax())  # fmt: skip
        fails_with(ValueError, "concat: the tensor has no dimensions to choose from; give it one",
                   lambda: Tensor(1.0).concat(Tensor(2.0)))  # fmt: skip
        fails_with(ValueError, "expand: x is (32, 2); the number of copies must be 0 or more",
                   lambda: a.expand(0, -1))  # fmt: skip
        fails_with(TypeError, "expand: copies is 2.5, expected a whole number; round it",
                   lambda: a.expand(0, 2.5))  # fmt: skip
        fails_with(TypeError, "mean: dim is (0, 1), expected one whole number",
                   lambda: a.mean((0, 1)))  # fmt: skip
        fails_with(ValueError, "reshape: (32, 2) has 64 entries, which do not fill (5, 5)",
                   lambda: a.reshape(5, 5))  # fmt: skip
        fails_with(IndexError, "index: the tensor has shape (32, 2), so 99 does not fit",
                   lambda: a[99])  # fmt: skip
        fails_with(ValueError, "max: x is (0,); there must be an entry to choose",
                   lambda: Tensor([]).max())  # fmt: skip
        fails_with(ValueError, "concat: a is (32, 2) but b is (3, 16)", lambda: a.concat(b))
        fails_with(ValueError, "item: the tensor has shape (32, 2)", a.item)

    def test_types(self):
        fails_with(TypeError, "Tensor: got a str, expected numbers", lambda: Tensor("abc"))
        fails_with(TypeError, "Tensor: got a NoneType, expected numbers", lambda: Tensor(None))
        fails_with(TypeError, "got a Tensor, expected numbers", lambda: Tensor(leaf(1)))
        for data, text in [
            ([2**70], "got a list with an int, expected numbers or nested lists of numbers; "
             "1180591620717411303424 is too large for a whole number of 64 bits; write it as a "
             "float: 1.1805916207174113e+21"),
            ([[0.5, -(2**64)]], "-18446744073709551616 is too large for a whole number"),
            (10**400, "a number of about 400 digits is too large for a whole number of 64 bits; "
             "write it as a float: float('inf'), since it is larger"),
            ([1.0, None], "None stands for no number"),
            ([1j], "complex numbers have no place here: take .real"),
            (np.array([1, "a"], object), "got an array of objects, expected numbers"),
        ]:  # fmt: skip
            fails_with(TypeError, text, lambda data=data: Tensor(data))
        fails_with(OverflowError, "got a number of about 400 digits, which is larger than the "
                   "largest float", lambda: leaf(2.0) ** 10**400)  # fmt: skip
        fails_with(TypeError, "got a list with a Tensor", lambda: Tensor([leaf(1), leaf(2)]))
        fails_with(TypeError, "expected numbers", lambda: leaf(1) + "a")
        fails_with(TypeError, "expected numbers", lambda: None * leaf(1))
        fails_with(ValueError, "rows of the data have different lengths",
                   lambda: Tensor([[1, 2], [3]]))  # fmt: skip
        fails_with(AttributeError, "gard", lambda: setattr(leaf(1), "gard", 0))

    def test_backward_without_autograd(self):
        fails_with(
            RuntimeError,
            "backward: this tensor takes no gradient, since neither it nor anything it was made of "
            "has autograd=True; create the weights with Tensor(data, autograd=True)",
            lambda: (Tensor([1.0]) * 2).backward(),
        )

    def test_backward_of_several_entries_without_gradient(self):
        fails_with(
            ValueError,
            "backward: this tensor has shape (2,), so there are several gradients to begin with; "
            "pass them: backward(np.ones(...)), or reduce it first: .sum()",
            leaf(1, 2).backward,
        )

    def test_a_first_gradient_that_is_not_numbers(self):
        y = leaf(1, 2) * 2
        fails_with(TypeError, "backward: got a str, expected numbers", lambda: y.backward("a"))
        fails_with(TypeError, "backward: got a list with a Tensor",
                   lambda: y.backward([leaf(1), leaf(1)]))  # fmt: skip
        fails_with(ValueError, "backward: the rows of the data have different lengths; give every",
                   lambda: y.backward([[1], [1, 2]]))  # fmt: skip
        y.backward(np.ones(2))  # the failed attempts have used up nothing

    def test_a_gradient_of_the_wrong_shape(self):
        y = leaf(1, 2) * 2
        fails_with(
            ValueError,
            "backward: the gradient has shape (3,) but the tensor has (2,)",
            lambda: y.backward(np.ones(3)),
        )
        y.backward(np.ones(2))  # the failed attempt has used up nothing
