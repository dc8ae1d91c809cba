"""The classes of the course do what each of its steps promises."""

from __future__ import annotations

import numpy as np
import pytest

from gradwidgets.engine.snapshot import snapshot
from gradwidgets.engine.verdict import judge
from gradwidgets.lessons import seed_weights
from gradwidgets.lessons.steps import (
    SGD,
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

DATA = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
TARGET = np.array([[0], [1], [0], [1]])
STEP = 1e-6

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
    "diamond": (lambda x, y: (x + y) * x - (x + y), (2, 3), (2, 3)),
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


@pytest.mark.parametrize(("cls", "name", "parts"), CASES, ids=lambda part: str(part)[:40])
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


def trained(model: Sequential, start: object) -> list[float]:
    for parameter, initial in zip(model.get_parameters(), start.parameters, strict=True):
        parameter.data = initial.copy()
    data, target = Tensor_V5(DATA, autograd=True), Tensor_V5(TARGET, autograd=True)
    criterion, optimizer = MSELoss(), SGD(model.get_parameters(), start.alpha)
    losses = []
    for _ in range(10):
        loss = criterion.forward(model.forward(data), target)
        loss.backward(Tensor_V5(np.ones_like(loss.data)))
        optimizer.step()
        losses.append(float(loss.data[0]))
    return losses


@pytest.mark.parametrize(
    ("name", "layers"),
    [
        ("step8", lambda: [Linear(2, 3), Linear(3, 1)]),
        ("step9", lambda: [Linear(2, 3), Linear(3, 1)]),
        ("step10", lambda: [Linear(2, 3), Tanh(), Linear(3, 1), Sigmoid()]),
    ],
)
def test_the_losses_of_each_step_come_out_to_the_printed_digits(name, layers):
    start = seed_weights(name)
    assert np.round(trained(Sequential(layers()), start), 8).tolist() == start.losses


def test_the_two_matrices_of_step_5_give_their_losses():
    start = seed_weights("step5")
    data, target = Tensor_V4(DATA, autograd=True), Tensor_V4(TARGET, autograd=True)
    weights = [Tensor_V4(array, autograd=True) for array in start.parameters]
    losses = []
    for _ in range(10):
        missing = data.mm(weights[0]).mm(weights[1]) - target
        loss = (missing * missing).sum(0)
        loss.backward(Tensor_V4(np.ones_like(loss.data)))
        for weight in weights:
            weight.data -= start.alpha * weight.grad.data
            weight.grad.data *= 0
        losses.append(float(loss.data[0]))
    assert np.round(losses, 8).tolist() == start.losses
    assert len(start.manual_losses) == 10


def test_unknown_weights_are_answered_with_those_there_are():
    with pytest.raises(KeyError, match="step5, step8, step9, step10"):
        seed_weights("step7")
