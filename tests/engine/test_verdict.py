"""The first wrong gradient of a learner's class is found, and its cause is named."""
from __future__ import annotations

import numpy as np
import pytest

from gradwidgets.core import Tensor
from gradwidgets.engine.graph.names import find_names
from gradwidgets.engine.graph.snapshot import snapshot, tensors_in
from gradwidgets.engine.verdict.causes import CAUSES
from gradwidgets.engine.verdict.verdict import judge
from tests.engine import learners
from tests.engine.learners import Learner, wrong
from tests.engine.seed_classes import Calls, Counts, Curves, First, More


def numbers(*shape, seed=0):
    return np.random.default_rng(seed).uniform(0.4, 1.6, shape)


class Built:
    """A graph in variables with names, after its backward pass."""

    def __init__(self, root, **named):
        self.root, self.named = root, {**named, "loss": root}
        root.backward(np.ones_like(root.data))

    def verdict(self):
        return judge(self.root, self.named)

    def name_of(self, index):
        node = snapshot(self.root, self.named).nodes[index]
        return node.name or node.op


def diamond(cls):
    """h is used twice, and made of x by tanh."""
    x = cls(numbers(3))
    h = x.tanh()
    return Built(h.sigmoid() * h, x=x, h=h)


def network(cls):
    """Two layers, a bias that is repeated, tanh, sigmoid, a squared difference."""
    x, t = cls(numbers(4, 2, seed=1)), cls(numbers(4, 1, seed=2))
    w1, b1 = cls(numbers(2, 3, seed=3)), cls(numbers(3, seed=4))
    w2 = cls(numbers(3, 1, seed=5))
    z1 = x.mm(w1) + b1
    h = z1.tanh()
    p = h.mm(w2).sigmoid()
    d = p - t
    s = d * d
    return Built(s.sum(0), x=x, t=t, w1=w1, b1=b1, w2=w2, z1=z1, h=h, p=p, d=d, s=s)


def square_network(cls):
    """Matrices of three rows and three columns, so that a wrong turn still fits."""
    x, w, v = cls(numbers(3, 3, seed=1)), cls(numbers(3, 3, seed=2)), cls(numbers(3, 3, seed=3))
    z = x.mm(w)
    y = z.tanh().mm(v)
    return Built(y * y, x=x, w=w, v=v, z=z, y=y)


def products(cls):
    """Factors, each used once, and a difference."""
    a, b, c = cls(numbers(3, seed=1)), cls(numbers(3, seed=2)), cls(numbers(3, seed=3))
    p = a * b
    return Built((p - c).tanh(), a=a, b=b, c=c, p=p)


def twice(cls):
    """b is used by two sums, each made of leaves."""
    a, b, c = cls(numbers(4, seed=1)), cls(numbers(4, seed=2)), cls(numbers(4, seed=3))
    d, e = a + b, b + c
    return Built(d * e, a=a, b=b, c=c, d=d, e=e)


def added_then_used(cls):
    """z is a sum, and one of its summands is used again."""
    a, b = cls(numbers(3, seed=1)), cls(numbers(3, seed=2))
    z = a + b
    return Built(z.tanh() * a, a=a, b=b, z=z)


def chain(cls, *calls):
    """x goes through methods with arguments, one after the other."""
    x = y = cls(numbers(3, 3))
    for name, *args in calls:
        y = getattr(y, name)(*args)
    return Built(y * cls(numbers(*y.data.shape, seed=7)), x=x, y=y)


def signed(cls):
    """relu of numbers of both signs, with gradients of both signs."""
    x, c = cls([-0.5, 0.7, -1.2, 0.3]), cls([0.5, -0.7, 1.3, 2.0])
    y = x.relu()
    return Built(y * c, x=x, y=y, c=c)


def quotient(cls):
    p, q = cls(numbers(3, seed=1)), cls(numbers(3, seed=2))
    return Built((p / q).tanh(), p=p, q=q)


def total(cls):
    a, b = cls(numbers(3, seed=1)), cls(numbers(3, seed=2))
    z = a + b
    return Built(z.tanh(), a=a, b=b, z=z)


def column_repeated(cls):
    x, b = cls(numbers(3, 4, seed=1)), cls(numbers(3, 1, seed=2))
    z = x + b
    return Built(z.tanh() * z, x=x, b=b, z=z)


def row_repeated(cls):
    """A row that is multiplied by, with as many rows as columns."""
    x, b = cls(numbers(3, 3, seed=1)), cls(numbers(3, seed=2))
    z = x * b
    return Built(z.tanh(), x=x, b=b, z=z)


def square(cls):
    x = cls(numbers(3, seed=1))
    y = x.tanh()
    return Built(y * y, x=x, y=y)


def used_at_two_depths(cls):
    """a reaches the loss at once, and through exp."""
    x = cls(numbers(3))
    a = x.tanh()
    return Built(a * a.exp(), x=x, a=a)


def early_through(op):
    """h reaches the loss through `op`, which does not say who sends, and through a product."""
    through = {
        "neg": lambda h: -h,
        "transpose": lambda h: h.transpose(),
        "sum": lambda h: h.sum(0),
        "expand": lambda h: h.expand(0, 3),
        "mm": lambda h: h.mm(type(h)(numbers(3, 3, seed=4))),
        "sigmoid": lambda h: h.sigmoid(),
        "tanh": lambda h: h.tanh(),
        "exp": lambda h: h.exp(),
        "mean": lambda h: h.mean(0),
        "relu": lambda h: h.relu(),
    }[op]

    def build(cls):
        x = cls(numbers(3, 3, seed=1))
        h = x.tanh()
        return Built(through(h).exp() * h, x=x, h=h)
    return build


@pytest.mark.parametrize("op", ["neg", "transpose", "sum", "expand", "mm", "sigmoid", "tanh", "exp",
                                "mean", "relu"])
def test_a_gradient_handed_on_early_is_found_one_tensor_further_on(op):
    built = early_through(op)(learners.early(op))
    verdict = built.verdict()
    assert (built.name_of(verdict.node), verdict.cause) == ("x", "early")
    assert built.name_of(verdict.source) == "h" and verdict.position == 0
    assert verdict.got.tolist() == built.named["x"].grad.tolist()
    right = early_through(op)(Learner)
    np.testing.assert_allclose(verdict.expected, right.named["x"].grad)
    for said in ("`x`", "`h`", "before both of its gradients had arrived", f"lines for {op} in"):
        assert said in verdict.message


WRONG_RULES = {
    "neg without minus": (wrong(neg=lambda self, g, x: g), lambda c: chain(c, ("__neg__",)),
                          "x", "sign"),
    "second term of sub without minus": (
        wrong(sub=lambda self, g, a, b: (g, g)), network, "t", "sign"),
    "minus on the first term of sub": (
        wrong(sub=lambda self, g, a, b: (-g, g)), products, "c", "sign"),
    "mm, first input, second not transposed": (
        wrong(mm=lambda self, g, a, b: (g @ b.data, a.data.T @ g)), square_network,
        "tanh", "transposed"),
    "mm, second input, first not transposed": (
        wrong(mm=lambda self, g, a, b: (g @ b.data.T, a.data @ g)), square_network,
        "v", "transposed"),
    "mm, result left transposed": (
        wrong(mm=lambda self, g, a, b: (g @ b.data.T, g.T @ a.data)), network, "w2", "transposed"),
    "transpose hands on as it is": (
        wrong(transpose=lambda self, g, x: g), lambda c: chain(c, ("transpose",)),
        "x", "transposed"),
    "mul with its own factor": (
        wrong(mul=lambda self, g, a, b: (g * a.data, g * b.data)), products, "b", "swapped"),
    "mul without a factor": (
        wrong(mul=lambda self, g, a, b: (g, g)), products, "b", "factor forgotten"),
    "mul without the incoming gradient": (
        wrong(mul=lambda self, g, a, b: (b.data, a.data)), products, "b", "factor forgotten"),
    "mul forgets the second": (
        wrong(mul=lambda self, g, a, b: (g * b.data, None)), products, "b", "missing"),
    "sub forgets the second": (
        wrong(sub=lambda self, g, a, b: (g, None)), products, "c", "missing"),
    "tanh without its slope": (
        wrong(tanh=lambda self, g, x: g), network, "z1", "factor forgotten"),
    "tanh with x for y": (
        wrong(tanh=lambda self, g, x: g * (1 - x.data ** 2)), network, "z1", "wrong value"),
    "tanh of tanh": (
        wrong(tanh=lambda self, g, x: g * (1 - np.tanh(self.data) ** 2)), network,
        "z1", "wrong value"),
    "tanh with plus": (
        wrong(tanh=lambda self, g, x: g * (1 + self.data ** 2)), network, "z1", "sign"),
    "tanh without the square": (
        wrong(tanh=lambda self, g, x: g * (1 - self.data)), network, "z1", "factor forgotten"),
    "sigmoid without 1 - y": (
        wrong(sigmoid=lambda self, g, x: g * self.data), network, "mm", "factor forgotten"),
    "sigmoid without y": (
        wrong(sigmoid=lambda self, g, x: g * (1 - self.data)), network, "mm", "factor forgotten"),
    "sigmoid with x for y": (
        wrong(sigmoid=lambda self, g, x: g * x.data * (1 - x.data)), network, "mm", "wrong value"),
    "sigmoid never hands on": (
        wrong(sigmoid=lambda self, g, x: None), network, "mm", "missing"),
    "relu lets all through": (
        wrong(relu=lambda self, g, x: g),
        lambda c: chain(c, ("__neg__",), ("exp",), ("log",), ("relu",)), "log", "factor forgotten"),
    "mean without 1/n": (
        wrong(mean=lambda self, g, x, dim: np.expand_dims(g, dim) * np.ones_like(x.data)),
        lambda c: chain(c, ("mean", 0)), "x", "factor forgotten"),
    "sum is not spread": (
        wrong(sum=lambda self, g, x, dim: g), lambda c: chain(c, ("sum", 0)), "x", "shape"),
    "sum divides": (
        wrong(sum=lambda self, g, x, dim: np.expand_dims(g, dim) * np.ones_like(x.data) / 3),
        lambda c: chain(c, ("sum", 1)), "x", "scaled"),
    "expand without a sum": (
        wrong(expand=lambda self, g, x, dim: g), lambda c: chain(c, ("expand", 0, 4)),
        "x", "not summed"),
    "expand takes the mean": (
        wrong(expand=lambda self, g, x, dim: g.mean(dim)), lambda c: chain(c, ("expand", 0, 4)),
        "x", "scaled"),
    "pow without the exponent": (
        wrong(pow=lambda self, g, x, n: g * x.data ** (n - 1)), lambda c: chain(c, ("pow", 3)),
        "x", "factor forgotten"),
    "pow does not lower the exponent": (
        wrong(pow=lambda self, g, x, n: g * n * x.data ** n), lambda c: chain(c, ("pow", 3)),
        "x", "rule"),
    "exp with x for y": (
        wrong(exp=lambda self, g, x: g * x.data), lambda c: chain(c, ("exp",)), "x", "wrong value"),
    "log multiplies": (
        wrong(log=lambda self, g, x: g * x.data), lambda c: chain(c, ("log",)), "x", "rule"),
    "div without minus": (
        wrong(div=lambda self, g, a, b: (g / b.data, g * a.data / b.data ** 2)),
        lambda c: Built((p := c(numbers(3, seed=1))) / (q := c(numbers(3, seed=2))), p=p, q=q),
        "q", "sign"),
    "mul with the first factor for both": (
        wrong(mul=lambda self, g, a, b: (g * a.data, g * a.data)), products, "a", "swapped"),
    "add hands to the first only": (
        wrong(add=lambda self, g, a, b: (g, None)), total, "b", "missing"),
    "add hands to the second only": (
        wrong(add=lambda self, g, a, b: (None, g)), total, "a", "missing"),
    "add shares out": (
        wrong(add=lambda self, g, a, b: (g / 2, g / 2)), total, "b", "scaled"),
    "sigmoid of sigmoid": (
        wrong(sigmoid=lambda self, g, x: g * Learner(self.data).sigmoid().data
              * (1 - Learner(self.data).sigmoid().data)), network, "mm", "wrong value"),
    "sigmoid passes on": (
        wrong(sigmoid=lambda self, g, x: g), network, "mm", "factor forgotten"),
    "sigmoid without the incoming gradient": (
        wrong(sigmoid=lambda self, g, x: self.data * (1 - self.data)), network,
        "mm", "factor forgotten"),
    "sigmoid with the rule of another curve": (
        wrong(sigmoid=lambda self, g, x: g * (1 - self.data ** 2)), network, "mm", "rule"),
    "tanh with the sign turned": (
        wrong(tanh=lambda self, g, x: g * (self.data ** 2 - 1)), network, "z1", "sign"),
    "tanh without the incoming gradient": (
        wrong(tanh=lambda self, g, x: 1 - self.data ** 2), network, "z1", "factor forgotten"),
    "tanh with the square alone": (
        wrong(tanh=lambda self, g, x: g * self.data ** 2), network, "z1", "rule"),
    "tanh with the rule of another curve": (
        wrong(tanh=lambda self, g, x: g * self.data * (1 - self.data)), network, "z1", "rule"),
    "exp passes on": (
        wrong(exp=lambda self, g, x: g), lambda c: chain(c, ("exp",)), "x", "factor forgotten"),
    "div does not divide": (
        wrong(div=lambda self, g, a, b: (g, -g * a.data / b.data ** 2)), quotient,
        "p", "factor forgotten"),
    "div divides once only": (
        wrong(div=lambda self, g, a, b: (g / b.data, -g * a.data / b.data)), quotient,
        "q", "factor forgotten"),
    "div multiplies": (
        wrong(div=lambda self, g, a, b: (g * b.data, -g * a.data / b.data ** 2)), quotient,
        "p", "rule"),
    "mean over all entries": (
        wrong(mean=lambda self, g, x, dim: np.expand_dims(g, dim) * np.ones_like(x.data)
              / x.data.size), lambda c: chain(c, ("mean", 0)), "x", "scaled"),
    "pow passes on": (
        wrong(pow=lambda self, g, x, n: g), lambda c: chain(c, ("pow", 2)),
        "x", "factor forgotten"),
    "relu where the gradient is positive": (
        wrong(relu=lambda self, g, x: g * (g > 0)), signed, "x", "wrong value"),
    "relu where the input is negative": (
        wrong(relu=lambda self, g, x: g * (x.data < 0)), signed, "x", "rule"),
    "mm hands to the first only": (
        wrong(mm=lambda self, g, a, b: (g @ b.data.T, None)), network, "w2", "missing"),
    "mm hands to the second only": (
        wrong(mm=lambda self, g, a, b: (None, a.data.T @ g)), network, "h", "missing"),
    "mm in the wrong order": (
        wrong(mm=lambda self, g, a, b: (b.data.T @ g, g @ a.data.T)), square_network,
        "v", "transposed"),
    "mm with its own factor": (
        wrong(mm=lambda self, g, a, b: (g @ a.data.T, b.data.T @ g)), square_network,
        "v", "swapped"),
    "mm without the incoming gradient": (
        wrong(mm=lambda self, g, a, b: (np.ones_like(g) @ b.data.T, a.data.T @ np.ones_like(g))),
        network, "w2", "factor forgotten"),
    "expand from the first copy": (
        wrong(expand=lambda self, g, x, dim: g[0]), lambda c: chain(c, ("expand", 0, 4)),
        "x", "not summed"),
    "expand over the wrong dimension": (
        wrong(expand=lambda self, g, x, dim: g.sum(1 - dim)),
        lambda c: chain(c, ("sum", 0), ("expand", 0, 3)), "sum_0", "not summed"),
    "sum without the incoming gradient": (
        wrong(sum=lambda self, g, x, dim: np.ones_like(x.data)), lambda c: chain(c, ("sum", 0)),
        "x", "factor forgotten"),
    "any other number": (
        wrong(tanh=lambda self, g, x: g * np.cos(self.data)), network, "z1", "rule"),
}


@pytest.mark.parametrize("mistake", WRONG_RULES)
def test_a_mistake_in_a_rule_is_named_at_the_tensor_that_first_has_it(mistake):
    cls, build, node, cause = WRONG_RULES[mistake]
    built = build(cls)
    verdict = built.verdict()
    assert (built.name_of(verdict.node), verdict.cause) == (node, cause), verdict.message
    right = build(Learner)
    np.testing.assert_allclose(verdict.expected, tensors_in(right.root)[verdict.node].grad)
    assert not verdict.warning
    assert built.name_of(verdict.source) in verdict.message


BOOKKEEPING = {
    "handed on with each arrival": (learners.Impatient, diamond, "x", "early"),
    "= for +=": (learners.Overwriting, twice, "b", "overwritten"),
    "= for +=, deeper": (learners.Overwriting, diamond, "h", "overwritten"),
    "= for +=, x times x": (learners.Overwriting, network, "d", "overwritten"),
    "+= on a shared array": (learners.Sharing, added_then_used, "z", "shared"),
    "leaves keep nothing": (learners.Forgetful, network, "t", "missing"),
    "every gradient twice": (learners.Doubling, products, "sub", "scaled"),
    "bias not summed": (learners.Unsummed, network, "b1", "not summed"),
    "bias averaged": (learners.Averaging, network, "b1", "not summed"),
    "bias from the first row": (learners.FirstRow, network, "b1", "not summed"),
    "bias over the wrong dimension": (learners.Sideways, row_repeated, "b", "not summed"),
    "factor not summed": (learners.Unsummed, row_repeated, "b", "not summed"),
    "column not summed": (learners.Unsummed, column_repeated, "b", "not summed"),
    "column averaged": (learners.Averaging, column_repeated, "b", "not summed"),
    "sorted by distance": (learners.BreadthFirst, used_at_two_depths, "x", "early"),
    "visited with each user": (learners.TwiceVisited, diamond, "x", "early"),
    "= for +=, sorted": (learners.Assigning, diamond, "h", "overwritten"),
    "= for +=, sorted, x times x": (learners.Assigning, square, "y", "overwritten"),
    "a set of creators": (learners.Once, square, "y", "overwritten"),
}


@pytest.mark.parametrize("mistake", BOOKKEEPING)
def test_a_mistake_in_the_bookkeeping_is_named(mistake):
    cls, build, node, cause = BOOKKEEPING[mistake]
    built = build(cls)
    verdict = built.verdict()
    assert (built.name_of(verdict.node), verdict.cause) == (node, cause), verdict.message


def test_one_array_for_both_summands_is_a_warning_as_long_as_the_numbers_are_right():
    w1, w2 = Counts([1.0, 2.0], autograd=True), Counts([3.0, 4.0], autograd=True)
    loss = w1 + w2
    loss.backward(Counts([1.0, 1.0]))
    verdict = judge(loss, {"w1": w1, "w2": w2})
    assert (verdict.node, verdict.cause, verdict.warning) == (1, "shared", True)
    assert "`w1`" in verdict.message and "copy" in verdict.message


def test_one_array_for_both_summands_is_found_when_one_is_set_to_zero():
    w1, w2 = More([[1.0], [2.0]], autograd=True), More([[3.0], [4.0]], autograd=True)
    total = w1 + w2
    loss = total.sum(0)
    loss.backward(More([1.0]))
    w1.grad.data *= 0
    verdict = judge(loss, {"w1": w1, "w2": w2, "total": total})
    assert (verdict.node, verdict.cause, verdict.warning) == (2, "shared", False)
    assert "`w1`" in verdict.message and "`w2`" in verdict.message


def test_a_part_that_counts_more_than_once_is_said_so():
    verdict = diamond(learners.Impatient).verdict()
    assert "what came first counts more than once" in verdict.message


def test_leaves_without_gradients_are_told_of_together():
    assert "No leaf has a gradient" in network(learners.Forgetful).verdict().message


def test_x_plus_x_in_place_doubles_the_root_itself():
    x = learners.Sharing(numbers(3))
    built = Built(x + x, x=x)
    verdict = built.verdict()
    assert (built.name_of(verdict.node), verdict.cause) == ("loss", "shared")


def test_where_two_parts_are_equal_it_is_not_said_which_came_first():
    x = learners.early("neg")(numbers(3))
    h = x.tanh()
    verdict = Built(-h * h, x=x, h=h).verdict()
    assert verdict.cause == "early"
    assert "the part from" not in verdict.message and "neg and mul" in verdict.message


# -- the course's classes ------------------------------------------------------------------------


def test_the_faulty_diamond_says_where_and_why():
    x = Curves([0.3, -0.7], autograd=True)
    h = x.tanh()
    y = h.sigmoid() * h
    y.backward(Curves([1, 1]))
    verdict = judge(y, {"x": x, "h": h, "y": y})
    assert verdict.message == (
        "The gradient of `x` is [0.06525, −0.08765]; expected [0.589, 0.1366]. Likeliest: passed "
        "on too early. `h` handed its gradient on through tanh before both of its gradients had "
        "arrived: the part from the result of sigmoid was in, the part from `y` (mul) was not. "
        "Count how often `h` is used, and let it hand on only when as many gradients have come. "
        "Look at the lines for sigmoid in backward(): do they tell whose gradient it is, "
        "backward(grad, self), so that the count goes down?")
    np.testing.assert_allclose(verdict.got, [0.065, -0.088], atol=5e-4)
    np.testing.assert_allclose(verdict.expected, [0.589, 0.137], atol=5e-4)


def test_a_tensor_used_by_two_sums_is_overwritten(capsys):
    a, b, c = [Calls(row, verbose=False) for row in ([1, 2], [2, 2], [5, 4])]
    loss = (a + b) + (b + c)
    loss.backward(Calls([1, 1], verbose=False))
    verdict = judge(loss, {"b": b})
    assert verdict.cause == "overwritten" and "`b` was used twice" in verdict.message
    assert verdict.got.tolist() == [1, 1] and verdict.expected.tolist() == [2, 2]
    assert "2 gradients arrive, and only one of them is there" in verdict.message


def test_the_network_of_the_course_is_right():
    rng = np.random.default_rng(0)
    data = Curves([[0, 0], [0, 1], [1, 0], [1, 1]], autograd=True)
    target = Curves([[0], [1], [0], [1]], autograd=True)
    weights = [Curves(rng.normal(size=shape), autograd=True)
               for shape in ((2, 3), (3,), (3, 1), (1,))]
    h = (data.mm(weights[0]) + weights[1].expand(0, 4)).tanh()
    p = (h.mm(weights[2]) + weights[3].expand(0, 4)).sigmoid()
    loss = ((p - target) * (p - target)).sum(0)
    loss.backward(Curves(np.ones(1)))
    assert judge(loss) is None


# -- no verdict ----------------------------------------------------------------------------------

UNARY = {
    "tanh": lambda x: x.tanh(), "sigmoid": lambda x: x.sigmoid(), "neg": lambda x: -x,
    "relu": lambda x: x.relu(), "exp": lambda x: x.tanh().exp(), "pow": lambda x: x.tanh().pow(2),
    "turn": lambda x: x.transpose(), "sum": lambda x: x.sum(0).expand(0, 3),
    "mean": lambda x: x.mean(1).expand(1, 3), "product": lambda x: x.mm(x).tanh(),
}
BINARY = {
    "add": lambda a, b: a + b, "sub": lambda a, b: a - b, "mul": lambda a, b: (a * b).tanh(),
    "div": lambda a, b: a / b.exp(), "mm": lambda a, b: a.mm(b).tanh(),
}


def random_graph(cls, seed, whole):
    """Return a root over tensors that are used again and again, with broadcasting among them."""
    rng = np.random.default_rng(seed)

    def leaf(*shape):
        data = rng.integers(-2, 3, shape) if whole else rng.normal(size=shape)
        return cls(data, autograd=True) if cls is Tensor else cls(data)

    tensors = [leaf(3, 3), leaf(3, 3), leaf(3, 3)]
    narrow = [leaf(3), leaf(1, 3), leaf(3, 1)]
    for _ in range(rng.integers(2, 14)):
        a, b = (tensors[rng.integers(len(tensors))] for _ in range(2))
        kind = rng.integers(4)
        if kind == 0:
            tensors.append(a + narrow[rng.integers(3)] * b)
        elif kind == 1:
            tensors.append(list(BINARY.values())[rng.integers(len(BINARY))](a, b))
        else:
            tensors.append(list(UNARY.values())[rng.integers(len(UNARY))](a))
    root = tensors[-1]
    for tensor in tensors[:-1]:
        if rng.integers(2):
            root = root + tensor * tensor
    return root


def reached(root):
    """Forget, as a garbage collector would, the users that did not make it into the graph."""
    inside = {id(tensor) for tensor in tensors_in(root)}
    for tensor in tensors_in(root):
        tensor.children = {key: count for key, count in tensor.children.items() if key in inside}
    return root


@pytest.mark.parametrize("cls", [Learner, learners.Topological], ids=["counting", "sorting"])
@pytest.mark.parametrize("whole", [False, True], ids=["any numbers", "whole numbers"])
def test_there_is_no_false_alarm_on_200_random_graphs_of_a_right_class(cls, whole):
    for seed in range(200):
        root = reached(random_graph(cls, seed, whole))
        root.backward(np.random.default_rng(seed).normal(size=root.data.shape))
        verdict = judge(root)
        assert verdict is None, (seed, verdict.message)


@pytest.mark.parametrize("whole", [False, True], ids=["any numbers", "whole numbers"])
def test_there_is_no_false_alarm_on_200_random_graphs_of_the_framework(whole):
    for seed in range(200):
        root = random_graph(Tensor, seed, whole)
        root.backward(np.random.default_rng(seed).normal(size=root.shape))
        verdict = judge(root)
        assert verdict is None, (seed, verdict.message)


def test_a_wrong_class_is_caught_on_random_graphs_wherever_it_matters():
    cls = learners.early("tanh", "sigmoid", "neg")
    found = []
    for seed in range(200):
        root = reached(random_graph(cls, seed, whole=False))
        try:
            root.backward(np.ones_like(root.data))
        except RecursionError:
            continue
        right = reached(random_graph(Learner, seed, whole=False))
        right.backward(np.ones_like(root.data))
        same = all(np.allclose(a.grad, b.grad) for a, b in zip(tensors_in(root), tensors_in(right))
                   if a.grad is not None)
        verdict = judge(root)
        assert same == (verdict is None) or (verdict is not None and verdict.cause == "missing")
        if verdict is not None:
            found.append(verdict.cause)
    assert len(found) > 20 and set(found) <= {"early", "missing"}


def test_before_backward_there_is_nothing_to_say():
    x = Learner(numbers(3))
    assert judge(x.tanh() * x) is None
    y = Tensor(numbers(3), autograd=True)
    assert judge(y.tanh() * y) is None


def test_gradients_that_begin_as_zeros_are_not_computed_yet():
    x = Learner(numbers(3))
    y = x.tanh() * x
    for tensor in tensors_in(y):
        tensor.grad = np.zeros(3)
    assert judge(y) is None


def test_a_class_that_keeps_gradients_of_leaves_only_is_right():
    built = network(Learner)
    for tensor in tensors_in(built.root):
        if tensor.creators is not None:
            tensor.grad = None
    assert built.verdict() is None


def test_half_finished_classes_get_no_verdict():
    class Bare:
        def __init__(self, data, **attributes):
            self.data = np.array(data)
            self.__dict__.update(attributes)

    x = Bare([1.0, 2.0])
    one = np.ones(2)
    assert judge(First([1, 2]) + First([3, 4])) is None
    assert judge(x) is None
    assert judge(Bare([2.0, 4.0], creators=[x, x], creation_op="add")) is None
    assert judge(Bare([2.0, 4.0], creators=[x, x], grad=one)) is None
    assert judge(Bare([1, 2], creators=[[1, 3], [2]], creation_op="test", grad=one)) is None
    assert judge(Bare([1, 2], creators=[[1, 3], [2]], creation_op="add", grad=one)) is None
    assert judge(Bare([4.0, 6.0], creators=[[1, 2], [3, 4]], creation_op="add", grad=one)) is None
    assert judge(Bare([1, 2], creators=7, creation_op=len, grad="soon")) is None
    assert judge(Bare("abc", creators=[x], creation_op="neg", grad=one)) is None
    assert judge(None) is None


def test_no_verdict_where_the_value_is_not_the_one_our_operation_gives():
    class Odd(learners.wrong(tanh=lambda self, g, x: g * 17)):
        def tanh(self):
            return self.made(2 * np.tanh(self.data), "tanh")

    built = chain(Odd, ("tanh",))
    assert built.verdict() is None


def test_no_verdict_after_an_optimizer_has_moved_the_data():
    built = network(learners.wrong(mm=lambda self, g, a, b: (g @ b.data.T, 2 * (a.data.T @ g))))
    assert built.verdict().cause == "scaled"
    for name in ("w1", "w2"):
        built.named[name].data = built.named[name].data - 0.1
    assert built.verdict() is None


def test_any_slope_at_a_kink_and_any_share_of_a_tie_is_right():
    class Other(learners.wrong(relu=lambda self, g, x: g * (x.data >= 0))):
        def max(self, dim):
            return self.made(self.data.max(dim), f"max_{dim}")

        def back_max(self, g, x, dim):
            first = np.zeros_like(x.data)
            first[x.data.argmax(dim), np.arange(x.data.shape[1])] = g
            return first

    x = Other([[0.0, 1.0], [0.0, -1.0]])
    assert Built((x.relu() * x).max(0), x=x).verdict() is None


def test_numbers_of_single_precision_are_compared_as_such():
    class Single(Learner):
        def __init__(self, data, creators=None, creation_op=None):
            super().__init__(data, creators, creation_op)
            self.data = self.data.astype(np.float32)

        def receive(self, grad):
            super().receive(grad.astype(np.float32))

    assert network(Single).verdict() is None
    assert network(type("W", (Single,), {"back_tanh": lambda self, g, x: g})).verdict().cause == (
        "factor forgotten")


class AsGiven(Learner):
    """Keeps the data in the type it comes in."""

    def __init__(self, data, creators=None, creation_op=None):
        super().__init__(data, creators, creation_op)
        self.data = np.array(data)


def of(cls, *arrays, build):
    """Return a graph after its backward pass, with whatever NumPy warns of left out."""
    with np.errstate(all="ignore"):
        return Built(build(*[cls(array) for array in arrays]))


ODD = {
    "not a number": ([np.nan, 1.0], lambda x: x.tanh() * x),
    "infinite": ([np.inf, 1.0], lambda x: x * x),
    "log of 0": ([0.0, 1.0, -1.0], lambda x: x.log() * x),
    "division by 0": ([0.0, 1.0], lambda x: x / (x * x)),
    "overflow": ([800.0, 1.0, -800.0], lambda x: x.exp() * x),
    "saturated": ([800.0, 1.0, -800.0], lambda x: x.sigmoid() * x),
    "relu at 0": ([0.0, 0.0, 1.0, -1.0], lambda x: x.relu() * x),
    "a plain number": (3.0, lambda x: x * x),
    "a plain number, minus itself": (3.0, lambda x: x - x),
    "minus itself": ([1.0, 2.0], lambda x: x - x),
    "by itself": ([1.0, 2.0], lambda x: x / x),
    "three times": ([1.0, 2.0], lambda x: x * x * x),
    "no entries": (np.zeros((0, 3)), lambda x: x * x),
    "no rows": (np.zeros((0, 3)), lambda x: x.sum(0) * x.sum(0)),
    "whole": ([1, 2, 3], lambda x: x * x + x),
    "whole, curved": ([1, 2, 3], lambda x: x.tanh() * x),
    "true and false": ([True, False], lambda x: x * x),
    "bytes": (np.array([200, 100], np.uint8), lambda x: x * x),
    "tiny": ([1e-300, 2e-300], lambda x: x * x + x),
    "small": ([1e-160, 2e-160], lambda x: x * x + x),
    "large": ([1e150, -2e150], lambda x: x * x + x),
    "huge": ([1e300, -2e300], lambda x: x * x + x),
}


@pytest.mark.parametrize("case", ODD)
def test_odd_numbers_raise_no_false_alarm(case):
    array, build = ODD[case]
    built = of(AsGiven, array, build=build)
    assert built.verdict() is None


@pytest.mark.parametrize("size", [np.float16, np.float32])
def test_rounding_in_a_small_precision_raises_no_false_alarm(size):
    class Small(Learner):
        def __init__(self, data, creators=None, creation_op=None):
            super().__init__(data, creators, creation_op)
            self.data = self.data.astype(size)

        def receive(self, grad):
            super().receive(grad.astype(size))

        def fit(self, grad, creator):
            return super().fit(np.asarray(grad, size), creator)

    for seed in range(30):
        rng = np.random.default_rng(seed)
        x, w, b, v, t = [Small(rng.normal(size=shape)) for shape in (
            (5, 4), (4, 3), (3,), (3, 1), (5, 1))]
        d = (x.mm(w) + b).tanh().mm(v).sigmoid() - t
        built = Built((d * d).mean(0))
        assert built.verdict() is None, (seed, built.verdict().message)


def test_behind_a_value_that_is_not_ours_the_others_are_still_judged():
    class Odd(learners.wrong(mul=lambda self, g, a, b: (g, g))):
        def tanh(self):
            return self.made(2 * np.tanh(self.data), "tanh")

    x, w = Odd(numbers(3)), Odd(numbers(3, seed=1))
    h = x * w
    built = Built(h.tanh().exp(), x=x, w=w, h=h)
    verdict = built.verdict()
    assert (built.name_of(verdict.node), verdict.cause) == ("w", "factor forgotten")


def test_the_rule_of_another_operation_is_recognized():
    message = network(WRONG_RULES["tanh with the rule of another curve"][0]).verdict().message
    assert message.endswith("They are those of g × y × (1 − y), the rule of sigmoid.")


def test_gradients_of_an_earlier_pass_are_a_warning():
    built = network(Learner)
    again = Built(built.named["x"].mm(built.named["w1"]) + built.named["b1"],
                  x=built.named["x"], w1=built.named["w1"], b1=built.named["b1"])
    verdict = judge(again.root, again.named)
    assert (verdict.cause, verdict.warning) == ("leftover", True)
    assert "zero" in verdict.message


# -- how it is said ------------------------------------------------------------------------------


def test_every_cause_is_known_and_every_message_says_what_was_got_and_expected():
    for cls, build, _, cause in WRONG_RULES.values():
        verdict = build(cls).verdict()
        assert verdict.cause == cause and cause in CAUSES
        assert verdict.message.startswith("The gradient of ")
        assert "expected" in verdict.message or "must have that shape" in verdict.message
        assert "  " not in verdict.message and "None" not in verdict.message


def test_the_rule_is_told_with_the_names_of_the_tensors():
    verdict = network(WRONG_RULES["tanh with x for y"][0]).verdict()
    assert ("`z1` receives g × (1 − y²), where g is the gradient of `h`, y is `h`."
            in verdict.message)
    assert "The numbers are those of g × (1 − x²)." in verdict.message


def test_a_large_gradient_is_told_by_its_worst_entry():
    class Slip(Learner):
        def back_tanh(self, g, x):
            right = super().back_tanh(g, x)
            right[1, 2] += 5
            return right

    verdict = chain(Slip, ("tanh",)).verdict()
    expected = verdict.expected[1, 2]
    assert verdict.message.startswith(
        f"The gradient of `x` is {expected + 5:.4g} at [1, 2]; expected {expected:.4g} (1 of 9 "
        "entries differ).")


def test_names_may_come_as_find_names_returns_them_and_a_graph_does_as_well():
    built = diamond(learners.Overwriting)
    names = find_names(dict(built.named), built.root)
    by_names, by_graph = judge(built.root, names), judge(snapshot(built.root, built.named))
    assert by_names.message == by_graph.message == built.verdict().message


def test_the_gradient_that_backward_began_with_can_be_given():
    x = Learner(numbers(3))
    y = x.tanh() * x
    y.backward(np.full(3, 2.0))
    assert judge(y, gradient=np.full(3, 2.0)) is None
    y.grad = None
    assert judge(y, gradient=np.full(3, 2.0)) is None


def test_a_thousand_tensors_are_judged_each_once():
    x = y = Learner(numbers(3))
    for _ in range(300):
        y = (y + x).tanh()
        y = y * x
    order = tensors_in(y)
    for tensor in order:
        tensor.grad = np.ones(3)
    assert judge(y) is not None  # ways through this graph are without number: it would never end
