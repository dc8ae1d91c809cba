"""Lesson 3: a tensor that is used twice gets two gradients: add them up, and wait for all."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gradwidgets.lessons import mistakes_03
from gradwidgets.lessons.cases import Case, gradient_case
from gradwidgets.lessons.check.questions import FindNode, Predict, Puzzle
from gradwidgets.lessons.code import Code, Task
from gradwidgets.lessons.halfway import AddsUp, Counting, Numbered
from gradwidgets.lessons.steps import Tensor_V1, Tensor_V3

TITLE = "Used twice"
NOTEBOOK = "03_used_twice.ipynb"

q1 = Predict(
    "03.q1",
    "the gradient of b",
    "`d = a + b`, `e = b + c` and `f = d + e`, with five numbers in each. A gradient of "
    "`[1, 1, 1, 1, 1]` is sent into `f`. What is the gradient of `b`?",
    expected=[2, 2, 2, 2, 2],
    because="If a number of `b` grows by 1, `d` grows by 1 and `e` grows by 1, so `f` grows by 2. "
    "Where two ways lead to the result, their gradients add up.",
    wrong=[
        ([1, 1, 1, 1, 1], "That is the gradient of `a`. But how many ways lead from `b` to `f`?"),
        ([2], "The right number, but `b` has five numbers, and each has its own gradient."),
        (
            [4, 4, 4, 4, 4],
            "Those are the numbers in `b`, twice. The gradient of a sum does not depend on them.",
        ),
        ([0.5] * 5, "Nothing is shared out: each way counts in full."),
    ],
    hints=[
        "Let one number of `b` grow by 1. By how much does `d` grow? And `e`?",
        "`f` is the sum of the two.",
    ],
)


def _one_used_twice() -> Puzzle:
    a, b, c, d = Tensor_V1([1, 2]), Tensor_V1([0, 3]), Tensor_V1([-1, 1]), Tensor_V1([2, -2])
    e, f = a + b, c + d
    g = e + c
    total = g + f
    total.backward(Tensor_V1([1, 3]))
    names = {"a": a, "b": b, "c": c, "d": d, "e": e, "f": f, "g": g, "total": total}
    return total, names


q2 = FindNode(
    "03.q2",
    "find the wrong one",
    "`Tensor_V1` has sent `[1, 3]` into `total`. One tensor of this graph now has a wrong "
    "gradient. Which?",
    build=_one_used_twice,
    answer="c",
    because="Two arrows leave `c`: it is in `f` and in `g`. So it should have [2, 6], but the "
    "second gradient has taken the place of the first.",
    wrong={
        "total": "`total` is where we have sent [1, 3] in, and there it is.",
        **{
            name: f"Only one arrow leaves `{name}`: it is used once, and one gradient is all it "
            "gets. Look for one that is used twice."
            for name in "abdefg"
        },
    },
    hints=[
        "It goes wrong where two gradients arrive.",
        "Two gradients arrive where two arrows leave. Follow the arrows of each leaf downwards.",
    ],
)


def _several_ways(make: str) -> list[Case]:
    """Return cases in which leaves, and what is made of them, are used more than once."""
    return [
        gradient_case({"x": [1, 2]}, "z = x + x", "z", [1, 1], make),
        gradient_case(
            {"a": [1, 2], "b": [2, 2], "c": [5, 4]},
            "d = a + b\ne = b + c\nf = d + e",
            "f",
            [1, 3],
            make,
        ),
        gradient_case(
            {"x": [1, 2], "y": [3, 4]}, "h = x + y\nz = h + h", "z", [1, 1], make
        ),
        gradient_case(
            {"x": [1, 2], "y": [3, 4]}, "h = x + y\nd = h + x\ne = y + h\nz = d + e", "z", [1, 2],
            make,
        ),
        gradient_case(
            {"x": [[1, 2], [3, 4]]}, "h = x + x\nk = h + h\nz = k + h", "z", [[1, 0], [-2, 3]], make
        ),
    ]  # fmt: skip


def _random_ways(make: str) -> Callable[[np.random.Generator, int], Case]:
    def random(rng: np.random.Generator, size: int) -> Case:
        names = "abcd"[: size + 1]
        inputs = {name: rng.integers(-9, 10, size) for name in names}
        h = " + ".join(rng.choice(list(names), size + 1))
        rest = [*names, "h", *["h"] * int(rng.integers(0, 2))]
        forward = f"h = {h}\nz = {' + '.join(rng.permutation(rest))}"
        return gradient_case(inputs, forward, "z", rng.integers(1, 9, size), make)

    return random


q3 = Code(
    "03.q3",
    "add them up",
    "Write `backward` anew: the first gradient that arrives is kept, and each further one is added "
    "to it. What has just arrived, `grad`, is handed on to both creators, as before.",
    task=Task(
        "Tensor",
        AddsUp,
        _several_ways("Tensor({})"),
        methods=("backward",),
        random=_random_ways("Tensor({})"),
        mistakes=mistakes_03.Q3,
    ),
    hints=[
        "Two cases: `self.grad` is still `None`, or there is a gradient already.",
        "An `if` and an `else`. In the `else`, make a new `Tensor` of the sum of two arrays.",
        "The two arrays are `self.grad.data` and `grad.data`. Below the `if` and `else`, the "
        "last three lines of `Tensor_V1.backward` stay as they are.",
    ],
    solution='''
class Tensor(Tensor_V1):
    def backward(self, grad):
        if self.grad is None:
            self.grad = Tensor(grad.data)
        else:
            self.grad = Tensor(self.grad.data + grad.data)
        if self.creation_op == "add":
            self.creators[0].backward(grad)
            self.creators[1].backward(grad)
''',
    praise="Two ways, two gradients, one sum.",
)


_TWO_LEAVES = "x = Tensor([1, 2], autograd=True)\ny = Tensor([3, 4], autograd=True)\n"
_DIAMOND = (
    "a = Tensor([1, 2], autograd=True)\nb = Tensor([2, 2], autograd=True)\n"
    "c = Tensor([5, 4], autograd=True)\nd = a + b\ne = b + c\n"
)
_ALL_IN = "all_children_grads_accounted_for()"

q4 = Code(
    "03.q4",
    "count the children",
    "A new tensor tells each of its creators: you have a child more, and it owes you a gradient. "
    "In `creator.children`, the `id` of the child gets the number of gradients it owes; in `x + x` "
    "these are 2. And `all_children_grads_accounted_for()` says whether nothing is owed any more.",
    task=Task(
        "Tensor",
        Counting,
        [
            Case("x = Tensor([1, 2], autograd=True)", ("len(x.children)", f"x.{_ALL_IN}")),
            Case(
                _TWO_LEAVES + "z = x + y",
                (
                    "len(z.children)",
                    "len(x.children)",
                    "x.children.get(z.id)",
                    "y.children.get(z.id)",
                    f"x.{_ALL_IN}",
                    f"z.{_ALL_IN}",
                ),
            ),
            Case(
                "x = Tensor([1, 2], autograd=True)\nz = x + x",
                ("len(x.children)", "x.children.get(z.id)"),
            ),
            Case(
                _DIAMOND,
                ("len(b.children)", "b.children.get(d.id)", "b.children.get(e.id)"),
            ),
            Case(_DIAMOND + "b.children = {d.id: 0, e.id: 1}", (f"b.{_ALL_IN}",)),
            Case(_DIAMOND + "b.children = {d.id: 1, e.id: 0}", (f"b.{_ALL_IN}",)),
            Case(_DIAMOND + "b.children = {d.id: 0, e.id: 0}", (f"b.{_ALL_IN}",)),
        ],
        names={"Numbered": Numbered},
        methods=("__init__", "all_children_grads_accounted_for"),
        mistakes=mistakes_03.Q4,
    ),
    hints=[
        "Go through `creators` with a loop, if there are any. Who is the child? `self`.",
        "The count is `creator.children[self.id]`, and for the first time it begins at 0. "
        "`creator.children.get(self.id, 0)` gives the number that is there, or else 0.",
        "For the second method: `self.children.values()` gives all the numbers. `all(…)` is true "
        "if everything in it is true, and so it is when there is nothing in it.",
    ],
    solution='''
class Tensor(Numbered):
    def __init__(self, data, autograd=False, creators=None, creation_op=None):
        super().__init__(data, autograd, creators, creation_op)
        self.children = {}
        for creator in creators or []:
            creator.children[self.id] = creator.children.get(self.id, 0) + 1

    def all_children_grads_accounted_for(self):
        return all(count == 0 for count in self.children.values())
''',
    praise="Every tensor now knows how many gradients it has to wait for.",
)


q5 = Code(
    "03.q5",
    "wait for all of them",
    "Write `backward(self, grad, grad_origin=None)`; `grad_origin` is the child that the gradient "
    "comes from, or `None` if somebody has called by hand. A child that owes nothing any more is "
    'refused: `raise RuntimeError("cannot backprop more than once")`. Otherwise it owes one '
    "less. Add the gradient up; and when all are in, or it was called by hand, hand the sum on.",
    task=Task(
        "Tensor",
        Tensor_V3,
        [
            *_several_ways("Tensor({}, autograd=True)"),
            Case(
                "x = Tensor([1, 2], autograd=True)\nc = Tensor([3, 4])\nz = x + c\n"
                "z.backward(Tensor([1, 1]))",
                ("x.grad.data", "c.grad"),
                root="z",
            ),
            Case(
                _DIAMOND + "f = d + e\nd.backward(Tensor([1, 1]))",
                ("d.grad.data", "a.grad.data", "b.grad.data", "c.grad"),
                root="d",
            ),
            Case(
                "x = Tensor([1, 2], autograd=True)\ny = Tensor([1, 2], autograd=True)\nz = x + y\n"
                "h = z + x\ng = z + h\ng.backward(Tensor([1, 1]))\ng.backward(Tensor([1, 1]))",
                raises=True,
                why="The second way back through the same graph has to be refused: by then every "
                "child has paid what it owed.",
            ),
        ],
        names={"Counting": Counting},
        methods=("backward",),
        random=_random_ways("Tensor({}, autograd=True)"),
        mistakes=mistakes_03.Q5,
    ),
    hints=[
        "Three parts, one below the other: who sends it, keep it, hand it on.",
        "Who sends it: only if `grad_origin is not None`, look at "
        "`self.children[grad_origin.id]`. Is it 0? Raise. Else make it smaller by 1.",
        "Keep it: the `if` and `else` of exercise 3. Hand it on: the condition is "
        "`grad_origin is None or self.all_children_grads_accounted_for()`.",
        "Inside this condition, as before: if it was made by `add`, call both creators. But hand "
        "on `self.grad`, and as the second argument `self`.",
    ],
    solution='''
class Tensor(Counting):
    def backward(self, grad, grad_origin=None):
        if not self.autograd:
            return
        if grad_origin is not None:
            if self.children[grad_origin.id] == 0:
                raise RuntimeError("cannot backprop more than once")
            self.children[grad_origin.id] -= 1
        if self.grad is None:
            self.grad = Tensor(grad.data)
        else:
            self.grad = Tensor(self.grad.data + grad.data)
        if grad_origin is None or self.all_children_grads_accounted_for():
            if self.creation_op == "add":
                self.creators[0].backward(self.grad, self)
                self.creators[1].backward(self.grad, self)
''',
    praise="Each tensor waits until it knows all, and speaks once. This is the whole secret.",
)

EXERCISES = (q1, q2, q3, q4, q5)
