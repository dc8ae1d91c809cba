"""Lesson 2: a tensor that knows what it was made of, and sends a gradient back there."""

from __future__ import annotations

import numpy as np

from gradwidgets.lessons import mistakes_02
from gradwidgets.lessons.cases import Case, gradient_case, written
from gradwidgets.lessons.check.questions import Choice, Option, Predict
from gradwidgets.lessons.code import Code, Task
from gradwidgets.lessons.halfway import TensorWithCreators
from gradwidgets.lessons.steps import Tensor_V1

TITLE = "The way back"
NOTEBOOK = "02_backward.ipynb"


def _random_chain(rng: np.random.Generator, size: int) -> Case:
    names = "abcdef"[: size + 1]
    lines = [f"{name} = Tensor({written(rng.integers(-9, 10, size))})" for name in names]
    code = "\n".join([*lines, f"z = {' + '.join(names)}"])
    compare = ("z.data", "z.creation_op", f"z.creators[1] is {names[-1]}", "z.creators[0].data")
    return Case(code, compare)


q1 = Code(
    "02.q1",
    "remember where it came from",
    "Let `Tensor` keep its `creators` and its `creation_op`, and start with `grad` as `None`. "
    "A sum has two creators, the left one first, and its operation is called `add`. "
    "A tensor that you type in has neither: both stay `None`.",
    task=Task(
        "Tensor",
        TensorWithCreators,
        [
            Case(
                "x = Tensor([1, 2])",
                ("x.data", "x.creators", "x.creation_op", "x.grad"),
            ),
            Case(
                "x = Tensor([1, 2])\ny = Tensor([3, 4])\nz = x + y",
                (
                    "z.data",
                    "x.creation_op",
                    "z.creation_op",
                    "len(z.creators)",
                    "z.creators[0] is x",
                    "z.creators[1] is y",
                    "z.grad",
                ),
            ),
            Case(
                "x = Tensor([1, 2])\nz = x + x",
                (
                    "z is None",
                    "isinstance(z, Tensor)",
                    "z.data",
                    "len(z.creators)",
                    "z.creators[0] is x",
                    "z.creators[1] is x",
                ),
            ),
            Case(
                "x = Tensor([1, 2, 3], creators=[[1, 3], [2]], creation_op='test')",
                ("x.creators", "x.creation_op"),
            ),
        ],
        methods=("__init__", "__add__"),
        random=_random_chain,
        mistakes=mistakes_02.Q1,
    ),
    hints=[
        "`__init__` gets three things. So far only `data` is stored in `self`.",
        "Three lines are missing in `__init__`, each of the form `self.… = …`: for `creators`, "
        "`creation_op` and `grad`. In `__add__`, the new `Tensor` wants three arguments.",
        "In `__add__`, `self` is the tensor on the left and `other` the one on the right. The "
        "second argument of the new tensor is the list `[self, other]`.",
    ],
    solution='''
class Tensor(Tensor_V0):
    def __init__(self, data, creators=None, creation_op=None):
        self.data = np.array(data)
        self.creators = creators
        self.creation_op = creation_op
        self.grad = None

    def __add__(self, other):
        return Tensor(self.data + other.data, [self, other], "add")
''',
    praise="Every sum now knows the two tensors it was made of. The graph draws itself.",
)

q2 = Predict(
    "02.q2",
    "how many calls",
    "`g = (a + b) + (c + d)`. You call `g.backward(…)` once. How many times does `backward` run "
    "in all, this first call included?",
    expected=7,
    because="One call for each tensor of the graph: `g`, then `e`, `a`, `b`, then `f`, `c`, `d`. "
    "The log below shows them in this order.",
    wrong=[
        (3, "Three is the number of additions. But the tensors you typed in are called as well."),
        (4, "Four is the number of tensors you typed in. On the way to them others are called."),
        (6, "Those are the calls that `g` sets off. Count the one you make yourself, too."),
        (1, "You make one call, but `backward` calls the creators' `backward` in turn."),
    ],
    hints=[
        "Each tensor that is called calls both of its creators, if it has any.",
        "Nobody is called twice here. So count the boxes in the graph above.",
    ],
)


def _random_sums(rng: np.random.Generator, size: int) -> Case:
    """Return a case in which two to five leaves are added up, in groups."""
    names = "abcde"[: size + 1]
    inputs = {name: rng.integers(-9, 10, size) for name in names}
    cut = int(rng.integers(1, size + 1))
    left, right = (" + ".join(part) for part in (names[:cut], names[cut:]))
    forward = f"z = {left} + ({right})" if "+" in right else f"z = {left} + {right}"
    return gradient_case(inputs, forward, "z", rng.integers(1, 9, size), "Tensor({})")


q3 = Code(
    "02.q3",
    "send the gradient back",
    "Write `backward(self, grad)`: keep the gradient in `self.grad`, and if the tensor was made by "
    "`add`, hand the same gradient on to both creators, by calling their `backward`.",
    task=Task(
        "Tensor",
        Tensor_V1,
        [
            Case(
                "x = Tensor([1, 2])\nx.backward(Tensor([3, 4]))",
                ("x.grad.data",),
                root="x",
            ),
            gradient_case(
                {"x": [1, 2, 3], "y": [4, 5, 6]}, "z = x + y", "z", [1, 1, 1], "Tensor({})"
            ),
            gradient_case(
                {"x": [[1, 2], [3, 4]], "y": [[5, 6], [7, 8]]},
                "z = x + y",
                "z",
                [[1, 0], [-2, 3]],
                "Tensor({})",
            ),
            Case(
                "x = Tensor([1, 2])\ny = Tensor([3, 4])\nz = x + y\nz.backward(Tensor([5, 6]))",
                ("y.grad.data", "x.grad.data"),
                root="z",
            ),
            Case(
                "a = Tensor([1, 2])\nb = Tensor([2, 2])\nc = Tensor([5, 4])\nd = Tensor([-1, -2])\n"
                "e = a + b\nf = c + d\ng = e + f\ng.backward(Tensor([1, 10]))",
                tuple(f"{name}.grad.data" for name in "gefabcd"),
                root="g",
            ),
        ],
        names={"TensorWithCreators": TensorWithCreators},
        methods=("backward",),
        random=_random_sums,
        mistakes=mistakes_02.Q3,
    ),
    hints=[
        "Three things: keep it, ask how this tensor was made, hand it on.",
        "Keeping it is one line. Then an `if` on `self.creation_op`: a tensor that was typed in "
        "has `None` there, and has nobody to hand anything to.",
        "The two creators are `self.creators[0]` and `self.creators[1]`. Each of them has a method "
        "`backward` as well, and it wants `grad`.",
    ],
    solution='''
class Tensor(TensorWithCreators):
    def backward(self, grad):
        self.grad = grad
        if self.creation_op == "add":
            self.creators[0].backward(grad)
            self.creators[1].backward(grad)
''',
    praise="The gradient finds its way through any sum, however deep.",
)

q4 = Choice(
    "02.q4",
    "dynamic or static",
    "You add up the words of a sentence in a Python loop. One sentence has 3 words, the next one "
    "30. How does your `Tensor` come to the right graph for each?",
    options={
        "a": Option(
            "Python reads the loop first, and draws a graph that is long enough.",
            "Nobody reads your loop. The class only sees each addition at the moment it happens.",
        ),
        "b": Option(
            "The graph is fixed in advance, and short sentences are filled up with zeros.",
            "That is what one does with a static graph, which has to be there before the numbers.",
        ),
        "c": Option(
            "The graph comes into being while the additions run, anew for each sentence.",
            "Yes: every `+` adds one box at the moment it runs. Three words give two additions, "
            "thirty give twenty-nine, and the code is the same.",
        ),
        "d": Option(
            "`backward` builds the graph when it is called.",
            "`backward` only walks back along creators that are there already: "
            "`__add__` has written them down on the way forward.",
        ),
    },
    answer="c",
    hints=[
        "At what moment does a tensor learn who its creators are?",
        "Look for the line that writes `creators` down. Is it run before the additions, during "
        "them, or after?",
    ],
)

EXERCISES = (q1, q2, q3, q4)
