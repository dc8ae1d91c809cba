"""Lesson 11: ten bugs of textbook frameworks, to be found and mended."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable
from functools import partial

import numpy as np

from gradwidgets.core.types import Foreign
from gradwidgets.lessons import mistakes_11
from gradwidgets.lessons.buggy import (
    SGD_Bug,
    Tensor_Bugs0,
    Tensor_Bugs1,
    Tensor_Bugs4,
    Tensor_Bugs6,
    Tensor_Bugs8,
)
from gradwidgets.lessons.cases import Case, gradient_case
from gradwidgets.lessons.check.questions import FindNode, Predict, Puzzle
from gradwidgets.lessons.code import Code, Task
from gradwidgets.lessons.steps import SGD

TITLE = "Bug hunt"
NOTEBOOK = "11_bug_hunt.ipynb"

# Exercise 1: where does it go wrong?


def puzzle() -> Puzzle:
    """Return a graph of whole numbers in which a tensor is used twice, and is in a hurry."""
    x = Tensor_Bugs8([1, -2], autograd=True)
    a = x + x
    h = -a
    n = -h
    z = n * h
    z.backward(Tensor_Bugs8([1, 1]))
    return z, {"x": x, "a": a, "h": h, "n": n, "z": z}


q1 = FindNode(
    "11.q1",
    "find the wrong gradient",
    "Here `a = x + x`, `h = -a`, `n = -h` and `z = n * h`, and ones are sent into `z`. The "
    "gradient of `x` ought to be `[-8, 16]`, but it is not. Go back from `z`, arrow by arrow. "
    "Which is the first tensor whose gradient is wrong?",
    build=puzzle,
    answer="a",
    because="Yes. `h` has all of its gradient, `[4, -8]`, so that `a` ought to get `[-4, 8]` "
    "through the minus. But it has `[-2, 4]`: only the part that had come to `h` by way of `n`. So "
    "`h` handed on before its second part was there.",
    wrong={
        "x": "Its gradient is wrong, but it did what it should: it added up the two it got. "
        "The mistake came to it from further up.",
        "h": "Do the sum. `h` is used twice: from the product it gets `n`, and through the minus "
        "it gets `-h`. Together that is `[4, -8]`, which is what it has.",
        "n": "`z = n * h`, so `n` has to get `h` times 1. It did.",
        "z": "That is the 1 we have sent in ourselves.",
    },
    hints=[
        "For each arrow, take the gradient above it and the rule of the operation, and work out "
        "what has to arrive below. Click a tensor to see its rule.",
        "In the product each side gets the other one. Minus turns the sign. Plus hands its "
        "gradient to both sides, unchanged.",
        "`n` gets `h`, which is `[-2, 4]`. `h` gets `-n.grad + n`, which is `[4, -8]`. Now turn "
        "the sign, and compare with the next one.",
    ],
)

# Exercise 2: handing on, in time and separately.


_case6 = partial(gradient_case, make="Tensor6(np.array({}, dtype=float), autograd=True)")


def _random_diamond(rng: np.random.Generator, size: int) -> Case:
    """Return a case in which a tensor in the middle is used two times, through two operations."""
    middle = str(rng.choice(["x.tanh()", "-x", "x + x", "x * x"]))
    branch = str(rng.choice(["-h", "h.tanh()", "h.sigmoid()", "h + h", "h - x"]))
    forward = f"h = {middle}\ns = {branch}\nz = s * h"
    data, weights = rng.normal(size=size), rng.integers(1, 5, size)
    return _case6({"x": np.round(data, 2)}, forward, "z", weights)


q2 = Code(
    "11.q2",
    "hand on in time, and separately",
    "Write `hand_on` so that bugs 1 and 2 are gone. `self.parts()` gives pairs of a creator and "
    "its gradient. Call each creator's `backward` with two things: a gradient that is a new "
    "tensor, and the tensor that sends it.",
    task=Task(
        "Tensor6",
        Tensor_Bugs6,
        [
            _case6({"x": [1.0, 2.0]}, "z = -x", "z", [1, 1]),
            _case6({"x": [3.0], "y": [4.0]}, "z = x * y", "z", [1]),
            _case6({"x": [2.0]}, "h = -x\nz = (-h) * h", "z", [1]),
            _case6(
                {"x": [0.3, -0.7]}, "h = x.tanh()\nz = h.sigmoid() * h", "z", [1, 1]
            ),
            _case6(
                {"x": [[1.0, 2.0], [3.0, 4.0]]},
                "h = x.transpose()\nz = h.mm(h.transpose()) + h",
                "z",
                [[1, 2], [3, 4]],
            ),
            _case6(
                {"x": [1.0, -2.0]},
                "h = x.expand(0, 3).sum(0)\nz = h.expand(0, 2).sum(0) * h",
                "z",
                [1, 1],
            ),
            Case(
                "a = Tensor6([1.0, 2.0], autograd=True)\nb = Tensor6([3.0, 4.0], autograd=True)\n"
                "z = a + b\nz.backward(Tensor6([1.0, 1.0]))\na.grad.data *= 0",
                ("a.grad.data", "b.grad.data", "z.grad.data"),
                root="z",
            ),
        ],
        names={"Tensor_Bugs8": Tensor_Bugs8},
        methods=("hand_on",),
        random=_random_diamond,
        mistakes=mistakes_11.Q2,
    ),
    hints=[
        "The `if` in the faulty version is the very place of bug 1: what does one branch do that "
        "the other does not?",
        "One call for all operations is enough. Its second argument is the tensor whose method "
        "you are writing.",
        "A new tensor with the same numbers is `Tensor6(grad.data)`: `np.array` copies them.",
    ],
    solution='''
class Tensor6(Tensor_Bugs8):
    def hand_on(self):
        for creator, grad in self.parts():
            creator.backward(Tensor6(grad.data), self)
''',
    praise="Every tensor now waits until all has come, and holds a gradient that is its alone. "
    "Bugs 1 and 2 are gone.",
)

# Exercise 3: what a tensor stores, and how it is numbered.


q3 = Code(
    "11.q3",
    "floats, and numbers in a row",
    "Write the two methods that `__init__` calls. `stored(data)` returns the array to keep: a "
    "copy, of floats, if the tensor has autograd. `next_id()` returns a number that no tensor has "
    "had before, and draws nothing from `np.random`.",
    task=Task(
        "Tensor4",
        Tensor_Bugs4,
        [
            Case(
                "x = Tensor4([1, 2], autograd=True)\nx.data -= 0.1 * np.array([1.0, 1.0])",
                ("x.data",),
            ),
            Case(
                "mine = np.array([1.0, 2.0])\nx = Tensor4(mine, autograd=True)\nx.data -= 1.0",
                ("mine", "x.data"),
            ),
            Case(
                "np.random.seed(0)\nx = Tensor4([1.0, 2.0], autograd=True)\n"
                "after = np.random.rand()",
                ("after",),
            ),
            Case(
                "kept = [Tensor4([n], autograd=True) for n in range(3000)]\n"
                "ids = [tensor.id for tensor in kept]",
                ("len(ids) == len(set(ids))",),
            ),
            Case(
                "ids = []\nfor n in range(10):\n    ids.append(Tensor4([n], autograd=True).id)",
                ("len(ids) == len(set(ids))",),
            ),
            Case(
                "x = Tensor4([[1, 2], [3, 4]], autograd=True)\ny = x + x\n"
                "y.backward(Tensor4([[1, 1], [1, 1]]))",
                ("x.data", "x.grad.data"),
                root="y",
            ),
        ],
        names={"Tensor_Bugs6": Tensor_Bugs6, "itertools": itertools},
        methods=("stored", "next_id"),
        mistakes=mistakes_11.Q3,
    ),
    hints=[
        "`np.array(data)` looks at the numbers and chooses their kind by itself. You can tell it "
        "which: `dtype=…`.",
        "`numbers` in the cell is a counter: `next(numbers)` gives 0, then 1, then 2 …",
        "In `stored`: `return np.array(data, dtype=float)`. And in `next_id`, return what the "
        "counter gives.",
    ],
    solution='''
numbers = itertools.count()

class Tensor4(Tensor_Bugs6):
    def stored(self, data):
        return np.array(data, dtype=float) if self.autograd else np.array(data)

    def next_id(self):
        return next(numbers)
''',
    praise="It can be trained whatever you type in, and your seed is yours again. "
    "Bugs 3 and 4 are gone.",
)

# Exercise 4: one side without autograd, and sigmoid.


_case1 = partial(gradient_case, make="Tensor1({}, autograd=True)")


def _random_sides(rng: np.random.Generator, size: int) -> Case:
    """Return a case in which one side of an operation has autograd."""
    sign = str(rng.choice(["+", "-", "*"]))
    sides = ["x", f"Tensor1({rng.integers(1, 9, size).tolist()})"]
    if rng.random() < 0.5:
        sides.reverse()
    forward = f"z = ({f' {sign} '.join(sides)}).sigmoid()"
    return _case1(
        {"x": np.round(rng.normal(size=size), 2)}, forward, "z", rng.integers(1, 5, size)
    )


PLAIN = ("y.autograd", "y.creators is None")
CALM = 'with np.errstate(over="raise", invalid="raise"):\n    '

q4 = Code(
    "11.q4",
    "keep the graph, and a calm sigmoid",
    "Write two methods. `result` makes a tensor with a graph if one of the creators has autograd, "
    "and a plain one if none has. `sigmoid` works with and without autograd, and for numbers of "
    "any size: "
    "`sigmoid(x) = (1 + tanh(x / 2)) / 2`.",
    task=Task(
        "Tensor1",
        Tensor_Bugs1,
        [
            Case("y = Tensor1([0.0, 2.0]).sigmoid()", ("y.data", *PLAIN)),
            Case("y = Tensor1([1.0]) + Tensor1([2.0])", ("y.data", *PLAIN)),
            _case1({"x": [0.5, -2.0]}, "y = x.sigmoid()", "y", [1, 1]),
            _case1({"x": [3.0]}, "z = x * Tensor1([2.0])", "z", [1]),
            _case1({"x": [3.0]}, "z = Tensor1([2.0]) * x", "z", [1]),
            _case1({"x": [3.0], "y": [4.0]}, "z = x - y", "z", [1]),
            _case1(
                {"w": [[1.0], [2.0]]}, "z = Tensor1([[1, 2], [3, 4]]).mm(w)", "z", [[1], [1]]
            ),
            Case(f"{CALM}y = Tensor1([1000.0], autograd=True).sigmoid()", ("y.data",)),
            Case(f"{CALM}y = Tensor1([-1000.0, 0.0]).sigmoid()", ("y.data",)),
        ],
        names={"Tensor_Bugs4": Tensor_Bugs4},
        methods=("result", "sigmoid"),
        random=_random_sides,
        mistakes=mistakes_11.Q4,
    ),
    hints=[
        "In `result`, one word is wrong: it asks whether all the creators have autograd.",
        "The opposite of Python's `all` is `any`. And `sigmoid` need not ask for autograd at all: "
        "`result` does.",
        '`sigmoid` is one line: `return self.result(…, [self], "sigmoid")`, with the formula of '
        "the exercise, `np.tanh` and `self.data` in place of the dots.",
    ],
    solution='''
class Tensor1(Tensor_Bugs4):
    def result(self, data, creators, creation_op):
        if any(creator.autograd for creator in creators):
            return Tensor1(data, True, creators, creation_op)
        return Tensor1(data)

    def sigmoid(self):
        return self.result((1 + np.tanh(self.data / 2)) / 2, [self], "sigmoid")
''',
    praise="Constants may stand on either side, and sigmoid bears any number. "
    "Bugs 5, 6 and 7 are gone.",
)

# Exercise 5: back through a deep graph.

_case0 = partial(gradient_case, make="Tensor0({}, autograd=True)")
CHAIN = (
    f"x = Tensor0([1.0], autograd=True)\ny = x\nfor _ in range({mistakes_11.DEPTH}):\n"
    "    y = y + Tensor0([1.0])\ny.backward(Tensor0([1.0]))"
)


def recursion_limit_kept(work: Callable[[], Foreign]) -> bool:
    """Run something; return whether Python's limit of recursion is as it was. It is put back."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(before + 1)  # so that a limit set earlier is noticed, too
    try:
        work()
        return sys.getrecursionlimit() == before + 1
    finally:
        sys.setrecursionlimit(before)


q5 = Code(
    "11.q5",
    "a list instead of recursion",
    "Write `backward(grad)` as a loop. A list holds what is still to be done, as `(tensor, grad, "
    "origin)`. Take one out; `tensor.take(grad, origin)` adds the gradient up and says whether "
    "all have come. If so, put in what `tensor.parts()` gives: each creator, its gradient as a "
    "new tensor, and who sends it.",
    task=Task(
        "Tensor0",
        Tensor_Bugs0,
        [
            _case0({"x": [1.0, 2.0]}, "z = x + x", "z", [1, 1]),
            _case0({"x": [3.0], "y": [4.0]}, "z = x * y", "z", [1]),
            _case0({"x": [0.3, -0.7]}, "h = x.tanh()\nz = h.sigmoid() * h", "z", [1, 1]),
            _case0(
                {"x": [[1.0, 2.0]], "w": [[1.0, 0.5], [2.0, -1.0]]},
                "h = x.mm(w).tanh()\nz = (h * h + h).sum(0)",
                "z",
                [1, 1],
            ),
            Case(
                "a = Tensor0([1.0], autograd=True)\nb = Tensor0([3.0], autograd=True)\n"
                "z = a + b\nz.backward(Tensor0([1.0]))\na.grad.data *= 0",
                ("a.grad.data", "b.grad.data", "z.grad.data"),
                root="z",
            ),
            Case(CHAIN, ("x.grad.data",)),
            Case(
                "x = Tensor0([1.0], autograd=True)\n"
                "kept = recursion_limit_kept(lambda: (x + x).backward(Tensor0([1.0])))",
                ("kept", "x.grad.data"),
            ),
        ],
        names={"Tensor_Bugs1": Tensor_Bugs1, "recursion_limit_kept": recursion_limit_kept},
        methods=("backward",),
        mistakes=mistakes_11.Q5,
    ),
    hints=[
        "Begin with one entry: `waiting = [(self, grad, None)]`. Nobody has sent it, hence the "
        "`None`.",
        "Then `while waiting:`. Take one entry out with `tensor, grad, origin = waiting.pop()`, "
        "and ask `tensor.take(grad, origin)`.",
        "If the answer is `True`, go through `for creator, part in tensor.parts():` and append "
        "an entry for each: the creator, `Tensor0(part.data)`, and who sends it.",
    ],
    solution='''
class Tensor0(Tensor_Bugs1):
    def backward(self, grad):
        waiting = [(self, grad, None)]
        while waiting:
            tensor, grad, origin = waiting.pop()
            if tensor.take(grad, origin):
                for creator, part in tensor.parts():
                    waiting.append((creator, Tensor0(part.data), tensor))
''',
    praise="However deep the graph, it never calls itself. Bug 8 is gone, and with it the last one "
    "in the tensor.",
)

q6 = Predict(
    "11.q6",
    "whose layers are these",
    "`first = Sequential_Bug()` and `second = Sequential_Bug()`. Then two layers are added, both "
    "to `first`. What is `len(second.layers)`?",
    expected=2,
    because="Yes: there is only one list. Python makes a default value once, when it reads the "
    "`def`, and every call without an argument gets that very list.",
    wrong=[
        (0, "So one would think. But look at the line with `def __init__`: how often is the list "
         "in it made?"),
        (1, "Two layers were added, and they do not share them out."),
        (4, "No layer is doubled. Think about how many lists there are."),
    ],
    hints=[
        "The faulty line is `def __init__(self, layers=[])`. When does Python run the `[]`?",
        "Once, when it reads the class, and not at every call. So how many lists are there?",
    ],
)

# Exercise 7: an optimizer that bears a parameter without gradient.


ABC = "\n".join(f"{name} = Tensor([1.0], autograd=True)" for name in "abc")
MOVED = ("a.data", "b.data", "c.data", "b.grad")

q7 = Code(
    "11.q7",
    "step over what has no gradient",
    "Write `zero()` and `step(zero=True)` so that a parameter whose `grad` is `None` is left as it "
    "is, and all others are moved, or set to 0, as before.",
    task=Task(
        "SGD",
        SGD,
        [
            Case(
                "a = Tensor([1.0], autograd=True)\na.backward(Tensor([3.0]))\n"
                "SGD([a], alpha=0.5).step()",
                ("a.data",),
            ),
            Case(
                f"{ABC}\na.backward(Tensor([1.0]))\nSGD([a, b, c], alpha=0.5).zero()",
                MOVED,
            ),
            Case(
                f"{ABC}\n(a * c).backward(Tensor([1.0]))\nSGD([a, b, c], alpha=0.5).step()",
                MOVED,
            ),
            Case(
                f"{ABC}\n(a * c).backward(Tensor([1.0]))\n"
                "optim = SGD([a, b, c], alpha=0.5)\noptim.step()\n"
                "a.backward(Tensor([1.0]))\noptim.step()",
                MOVED,
            ),
            Case(
                f"{ABC}\n(a * c).backward(Tensor([1.0]))\n"
                "optim = SGD([a, b, c], alpha=0.5)\noptim.step(zero=False)\noptim.step()",
                MOVED,
            ),
            Case(
                f"{ABC}\n(a * c).backward(Tensor([1.0]))\n"
                "optim = SGD([a, b, c], alpha=0.5)\noptim.zero()\n"
                "a.backward(Tensor([1.0]))\noptim.step()",
                MOVED,
            ),
        ],
        names={"Tensor": Tensor_Bugs0, "SGD_Bug": SGD_Bug},
        methods=("zero", "step"),
        mistakes=mistakes_11.Q7,
    ),
    hints=[
        "Before a line reads `parameter.grad.data`, it has to know that there is a `grad`.",
        "`if parameter.grad is not None:` belongs inside the loop, in both methods.",
        "In `step`: in the loop, move a parameter if it has a gradient. After the loop, "
        "`if zero: self.zero()`.",
    ],
    solution='''
class SGD(SGD_Bug):
    def zero(self):
        for parameter in self.parameters:
            if parameter.grad is not None:
                parameter.grad.data *= 0

    def step(self, zero=True):
        for parameter in self.parameters:
            if parameter.grad is not None:
                parameter.data -= self.alpha * parameter.grad.data
        if zero:
            self.zero()
''',
    praise="A layer that took no part is left in peace. That was the last of the ten.",
)

EXERCISES = (q1, q2, q3, q4, q5, q6, q7)
