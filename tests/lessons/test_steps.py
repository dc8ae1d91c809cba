"""The classes of the course do what each of its steps promises."""

from __future__ import annotations

import ast
import inspect
import io
import re
from pathlib import Path

import numpy as np
import pytest

from gradwidgets import GraphView, trace_calls
from gradwidgets.engine.graph.snapshot import snapshot
from gradwidgets.engine.verdict.verdict import judge
from gradwidgets.lessons import steps
from gradwidgets.lessons.steps import (
    SGD,
    Layer,
    Linear,
    MSELoss,
    Sequential,
    Sigmoid,
    Tanh,
    Tensor_V0,
    Tensor_V1,
    Tensor_V3,
    Tensor_V4,
    Tensor_V5,
)

STEP = 1e-6
LONGEST = 12  # lines of a method that is read in one look

OPERATIONS = {
    "add": (lambda x, y: x + y, (2, 3), (2, 3)),
    "sub": (lambda x, y: x - y, (2, 3), (2, 3)),
    "mul": (lambda x, y: x * y, (2, 3), (2, 3)),
    "square": (lambda x: x * x, (2, 3)),
    "neg": (lambda x: -x, (2, 3)),
    "sum_0": (lambda x: x.sum(0), (2, 3)),
    "sum_1": (lambda x: x.sum(1), (2, 3)),
    "expand_0": (lambda x: x.expand(0, 4), (3,)),
    "expand_1": (lambda x: x.expand(1, 4), (2, 3)),
    "transpose": (lambda x: x.transpose(), (2, 3)),
    "mm": (lambda x, y: x.mm(y), (2, 3), (3, 4)),
    "sum_-1": (lambda x: x.sum(-1), (2, 3)),
    "sum of one row": (lambda x: x.sum(0), (3,)),
    "diamond": (lambda x, y: (x + y) * x - (x + y), (2, 3), (2, 3)),
    "neg twice": (lambda x, y: -(x + y) * (x + y), (2, 3), (2, 3)),
    "sum twice": (lambda x: x.sum(0) * x.sum(0), (2, 3)),
    "expand used twice": (lambda x: (lambda e: e * e)((x * x).expand(0, 2)), (3,)),
    "transpose used twice": (lambda x: (lambda t: t.mm(x) + t.mm(x))((x + x).transpose()), (2, 3)),
    "mm used twice": (lambda x, y: (lambda m: m * m + m)(x.mm(y)), (2, 3), (3, 2)),
}
CURVES = {
    "tanh": (lambda x: x.tanh(), (2, 3)),
    "sigmoid": (lambda x: x.sigmoid(), (2, 3)),
    "diamond of curves": (lambda x: x.tanh().sigmoid() * x.tanh(), (2, 3)),
}
CASES = [
    *((Tensor_V4, name, parts) for name, parts in OPERATIONS.items()),
    *((Tensor_V5, name, parts) for name, parts in (OPERATIONS | CURVES).items()),
]


@pytest.mark.parametrize(
    ("cls", "name", "parts"), CASES, ids=[f"{cls.__module__}-{name}" for cls, name, _ in CASES]
)
def test_gradients_agree_with_central_differences(cls, name, parts):
    function, *shapes = parts
    rng = np.random.default_rng(1)
    arrays = [rng.normal(size=shape) for shape in shapes]
    weights = rng.normal(size=function(*map(cls, arrays)).data.shape)

    leaves = [cls(array, autograd=True) for array in arrays]
    result = function(*leaves)
    result.backward(cls(weights))
    assert judge(snapshot(result)) is None
    for number, array in enumerate(arrays):
        for place in np.ndindex(array.shape):
            ends = []
            for sign in (1, -1):
                moved = [other.copy() for other in arrays]
                moved[number][place] += sign * STEP
                ends.append(np.sum(function(*map(cls, moved)).data * weights))
            slope = (ends[0] - ends[1]) / (2 * STEP)
            assert leaves[number].grad.data[place] == pytest.approx(slope, abs=1e-7)


def test_the_first_tensor_is_an_array_in_a_box():
    x = Tensor_V0([1, 2, 3, 4, 5])
    assert repr(x) == "array([1, 2, 3, 4, 5])"
    assert str(x + x) == "[ 2  4  6  8 10]"


def test_the_second_overwrites_a_gradient_and_the_third_adds_it():
    for cls, expected in ((Tensor_V1, [1, 1]), (Tensor_V3, [2, 2])):
        given = {"autograd": True} if cls is Tensor_V3 else {}
        a, b, c = (cls([1, 2], **given) for _ in range(3))
        f = (a + b) + (b + c)
        f.backward(cls([1, 1]))
        assert b.grad.data.tolist() == expected
        verdict = judge(snapshot(f, {"b": b}))
        assert (verdict is None) == (cls is Tensor_V3)


@pytest.mark.parametrize("cls", [Tensor_V3, Tensor_V4, Tensor_V5])
def test_a_second_backward_is_refused(cls):
    x = cls([1.0, 2.0], autograd=True)
    z = (x + x) + x
    z.backward(cls([1.0, 1.0]))
    with pytest.raises(RuntimeError, match="cannot backprop more than once"):
        z.backward(cls([1.0, 1.0]))


@pytest.mark.parametrize("cls", [Tensor_V3, Tensor_V4, Tensor_V5])
def test_gradients_share_no_memory_and_ids_draw_from_no_seed(cls):
    np.random.seed(3)
    before = np.random.rand()
    np.random.seed(3)
    x, y = cls([1.0], autograd=True), cls([2.0], autograd=True)
    assert np.random.rand() == before
    assert x.id != y.id
    (x + y).backward(cls([1.0]))
    x.grad.data *= 0
    assert y.grad.data.tolist() == [1.0]


@pytest.mark.parametrize("cls", [Tensor_V3, Tensor_V4, Tensor_V5])
def test_one_side_with_autograd_is_enough(cls):
    x = cls([1.0], autograd=True)
    z = x + cls([2.0])
    z.backward(cls([1.0]))
    assert x.grad.data.tolist() == [1.0]


@pytest.mark.parametrize("cls", [Tensor_V0, Tensor_V1, Tensor_V3, Tensor_V4, Tensor_V5])
def test_results_are_of_the_learners_own_class(cls):
    class Mine(cls):
        pass

    assert type(Mine([1]) + Mine([2])) is Mine


def test_a_sigmoid_of_large_numbers_is_finite():
    with np.errstate(all="raise"):
        assert Tensor_V5([-1000.0, 1000.0]).sigmoid().data.tolist() == [0.0, 1.0]


# The results of adding, from what has been computed so far; the later steps know all of these.
ADDS = {"add": lambda a, b: a + b}
MORE = ADDS | {
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "neg": lambda a, b: -a,
    "transpose": lambda a, b: a.transpose(),
    "mm": lambda a, b: a.mm(b),
    "sum and expand": lambda a, b: a.sum(0).expand(1, 3),
}
BENDS = MORE | {"tanh": lambda a, b: a.tanh(), "sigmoid": lambda a, b: b.sigmoid()}
KNOWN = {Tensor_V3: ADDS, Tensor_V4: MORE, Tensor_V5: BENDS}


def random_graph(cls, known, rng):
    """Return leaves, and a tensor made of them in which nearly every other is used repeatedly."""
    arrays = rng.normal(scale=0.5, size=(3, 3, 3))
    leaves = [cls(array, autograd=number != 2) for number, array in enumerate(arrays)]
    tensors = list(leaves)
    for operation in rng.choice(list(known), size=9):
        a, b = (tensors[place] for place in rng.integers(len(tensors), size=2))
        tensors.append(known[operation](a, b))
    total = tensors[0] + tensors[1]
    for tensor in tensors:
        total = total + tensor
    return leaves, total


@pytest.mark.parametrize("number", range(20))
@pytest.mark.parametrize("cls", [Tensor_V3, Tensor_V4, Tensor_V5])
def test_nothing_is_wrong_with_the_gradients_of_random_graphs(cls, number):
    leaves, total = random_graph(cls, KNOWN[cls], np.random.default_rng(number))
    total.backward(cls(np.ones((3, 3))))
    graph = snapshot(total)
    assert all(node.grad is not None for node in graph.nodes if node.autograd)
    assert judge(graph) is None
    assert [leaf.grad is None for leaf in leaves] == [False, False, True]


@pytest.mark.parametrize("cls", [Tensor_V3, Tensor_V4, Tensor_V5])
def test_the_graph_on_the_page_finds_nothing_wrong(cls):
    _, total = random_graph(cls, KNOWN[cls], np.random.default_rng(3))
    total.backward(cls(np.ones((3, 3))))
    view = GraphView(total)
    assert view.verdict is None
    view.close()


def test_the_overwritten_gradient_of_the_second_step_is_found_and_named():
    a, b, c = Tensor_V1([1, 2]), Tensor_V1([3, 4]), Tensor_V1([5, 6])
    f = (a + b) + (b + c)
    f.backward(Tensor_V1([1, 1]))
    verdict = judge(snapshot(f, {"b": b}))
    assert verdict.got.tolist() == [1, 1]
    assert verdict.expected.tolist() == [2, 2]
    assert verdict.cause == "overwritten"


def test_the_second_step_prints_what_the_seed_does():
    x, y = Tensor_V1([1, 2, 3, 4, 5]), Tensor_V1([1, 2, 3, 4, 5])
    told = io.StringIO()
    with trace_calls(Tensor_V1, out=told):
        z = x + y
        z.backward(Tensor_V1([1, 1, 1, 1, 1]))
    assert repr(z.creators) == "[array([1, 2, 3, 4, 5]), array([1, 2, 3, 4, 5])]"
    assert (z.creation_op, x.creators, x.creation_op) == ("add", None, None)
    assert str(x.grad) == str(y.grad) == "[1 1 1 1 1]"
    calls = re.findall(r"(\w+)\(", told.getvalue())
    assert calls == ["__add__", "backward", "backward", "backward"]


@pytest.mark.parametrize("cls", [Tensor_V3, Tensor_V4, Tensor_V5])
def test_a_tensor_used_twice_waits_for_both_gradients(cls):
    x = cls([1.0, 2.0], autograd=True)
    h = x + x
    left, right = h + x, h + h
    left.backward(cls([1.0, 1.0]))
    assert not h.all_children_grads_accounted_for()
    assert h.grad.data.tolist() == [1.0, 1.0]
    assert x.grad.data.tolist() == [1.0, 1.0]  # from left alone: h still waits
    right.backward(cls([1.0, 1.0]))
    assert h.grad.data.tolist() == [3.0, 3.0]
    assert x.grad.data.tolist() == [7.0, 7.0]


@pytest.mark.parametrize("cls", [Tensor_V3, Tensor_V4, Tensor_V5])
def test_a_second_backward_leaves_the_gradients_of_the_leaves_alone(cls):
    x, y = cls([1.0], autograd=True), cls([2.0], autograd=True)
    z = (x + y) + y
    z.backward(cls([1.0]))
    with pytest.raises(RuntimeError, match="cannot backprop more than once"):
        z.backward(cls([1.0]))
    assert (x.grad.data.tolist(), y.grad.data.tolist()) == ([1.0], [2.0])


@pytest.mark.parametrize("cls", [Tensor_V3, Tensor_V4, Tensor_V5])
def test_backward_without_a_gradient_starts_from_ones(cls):
    x = cls([1.0, 2.0], autograd=True)
    (x + x).backward()
    assert x.grad.data.tolist() == [2.0, 2.0]


@pytest.mark.parametrize("cls", [Tensor_V3, Tensor_V4, Tensor_V5])
def test_a_leaf_adds_up_the_gradients_of_several_graphs(cls):
    x = cls([1.0], autograd=True)
    for _ in range(3):
        (x + x).backward(cls([1.0]))
    assert x.grad.data.tolist() == [6.0]


@pytest.mark.parametrize("cls", [Tensor_V4, Tensor_V5])
def test_a_weight_forgets_the_children_of_past_steps(cls):
    weight = cls([1.0], autograd=True)
    for _ in range(5):
        (weight * weight).backward(cls([1.0]))
    assert weight.children == {}


@pytest.mark.parametrize("cls", [Tensor_V3, Tensor_V4, Tensor_V5])
def test_without_autograd_no_graph_is_kept(cls):
    z = cls([1.0]) + cls([2.0])
    assert (z.autograd, z.creators, z.creation_op) == (False, None, None)
    assert Tensor_V5([0.0]).sigmoid().creators is None


@pytest.mark.parametrize("cls", [Tensor_V4, Tensor_V5])
def test_whole_numbers_with_autograd_can_be_moved_by_an_optimizer(cls):
    x = cls([1, 2], autograd=True)
    (x * x).backward(cls([1, 1]))
    SGD([x], alpha=0.25).step()
    assert x.data.tolist() == [0.5, 1.0]
    assert x.grad.data.tolist() == [0.0, 0.0]


def test_all_results_and_gradients_are_of_the_learners_own_class():
    class Mine(Tensor_V5):
        pass

    x, y = Mine(np.eye(2), autograd=True), Mine(np.ones((2, 2)), autograd=True)
    results = [x + y, x - y, x * y, -x, x.sum(0), x.expand(0, 2), x.transpose(), x.mm(y)]
    for result in [*results, x.tanh(), x.sigmoid()]:
        assert type(result) is Mine
        result.backward()
        assert type(result.grad) is type(x.grad) is Mine


def test_one_method_can_be_rewritten_in_a_class_of_ones_own():
    class Adding(Tensor_V1):
        def backward(self, grad):
            self.grad = grad if self.grad is None else self.grad + grad
            for creator in self.creators or []:
                creator.backward(grad)

    b = Adding([1, 2])
    ((b + b) + b).backward(Adding([1, 1]))
    assert b.grad.data.tolist() == [3, 3]


@pytest.mark.parametrize("cls", [Tensor_V4, Tensor_V5])
def test_an_operation_is_added_by_two_small_methods(cls):
    class Mine(cls):
        def relu(self):
            return self.result(np.maximum(self.data, 0), [self], "relu")

        def relu_backward(self, grad):
            return [grad * (self.data > 0)]

    x = Mine([-1.0, 2.0], autograd=True)
    (x.relu() * x).backward()
    assert x.grad.data.tolist() == [0.0, 4.0]


def test_the_weights_of_a_linear_layer_are_of_the_class_that_it_is_told():
    class Mine(Tensor_V4):
        pass

    class Own(Linear):
        tensor = Mine

    layer = Own(2, 3)
    assert [type(parameter) for parameter in layer.get_parameters()] == [Mine, Mine]
    assert [parameter.data.shape for parameter in layer.get_parameters()] == [(2, 3), (3,)]
    assert layer.bias.data.tolist() == [0.0, 0.0, 0.0]
    assert type(layer.forward(Mine([[1.0, 2.0]]))) is Mine


def test_weights_start_as_the_seeds_do():
    np.random.seed(7)
    expected = np.random.randn(50, 40) * np.sqrt(2 / 50)
    np.random.seed(7)
    assert np.array_equal(Linear(50, 40).weight.data, expected)


def test_models_share_no_list_of_layers():
    first, second = Sequential(), Sequential()
    first.add(Linear(1, 1))
    assert (len(first.get_parameters()), len(second.get_parameters())) == (2, 0)


def test_containers_hold_containers_and_layers_without_parameters():
    model = Sequential([Sequential([Linear(2, 3), Tanh()]), Linear(3, 1), Sigmoid(), MSELoss()])
    assert [p.data.shape for p in model.get_parameters()] == [(2, 3), (3,), (3, 1), (1,)]
    with pytest.raises(NotImplementedError, match="what its forward does"):
        Layer().forward(None)


def test_a_parameter_without_a_gradient_is_left_where_it_is():
    optimizer = SGD([Tensor_V5([1.0], autograd=True)])
    optimizer.zero()
    optimizer.step()
    assert optimizer.alpha == 0.1
    assert optimizer.parameters[0].data.tolist() == [1.0]


def test_a_step_without_zero_keeps_the_gradients():
    x = Tensor_V5([1.0], autograd=True)
    (x * x).backward()
    SGD([x], alpha=0.5).step(zero=False)
    assert (x.data.tolist(), x.grad.data.tolist()) == ([0.0], [2.0])


def methods():
    for name in steps.__all__:
        for method in vars(getattr(steps, name)).values():
            if inspect.isfunction(method):
                yield method


@pytest.mark.parametrize("method", methods(), ids=lambda method: method.__qualname__)
def test_every_method_can_be_read_in_one_look(method):
    assert len(inspect.getsource(method).splitlines()) <= LONGEST


def test_a_step_needs_numpy_alone_and_no_other_step():
    for file in Path(steps.__file__).parent.glob("tensor_*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        imported = {
            getattr(node, "module", None) or node.names[0].name
            for node in ast.walk(tree)
            if isinstance(node, (ast.Import, ast.ImportFrom))
        }
        assert imported <= {"__future__", "itertools", "numpy"}, file.name
