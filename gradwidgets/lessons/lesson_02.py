"""Lesson 2: a tensor that knows what it was made of, and sends a gradient back there."""

from __future__ import annotations

import numpy as np

from gradwidgets.lessons.cases import Case, gradient_case, written
from gradwidgets.lessons.code import Code, Mistake, Task
from gradwidgets.lessons.questions import Choice, Option, Predict
from gradwidgets.lessons.steps import Tensor_V0, Tensor_V1

TITLE = "The way back"
NOTEBOOK = "02_backward.ipynb"


class TensorWithCreators(Tensor_V0):
    """Remembers its creators, and how it was made of them; it cannot send anything back yet."""

    def __init__(self, data, creators=None, creation_op=None):
        self.data = np.array(data)
        self.creators = creators
        self.creation_op = creation_op
        self.grad = None

    def __add__(self, other):
        return type(self)(self.data + other.data, [self, other], "add")


# Exercise 1: what goes wrong with creators.


class _Forgets(TensorWithCreators):
    def __add__(self, other):
        return type(self)(self.data + other.data)


class _NoOperation(TensorWithCreators):
    def __add__(self, other):
        return type(self)(self.data + other.data, [self, other])


class _OtherName(TensorWithCreators):
    def __add__(self, other):
        return type(self)(self.data + other.data, [self, other], "+")


class _Arrays(TensorWithCreators):
    def __add__(self, other):
        return type(self)(self.data + other.data, [self.data, other.data], "add")


class _WrongOrder(TensorWithCreators):
    def __add__(self, other):
        return type(self)(self.data + other.data, [other, self], "add")


class _IntoSelf(TensorWithCreators):
    def __add__(self, other):
        self.creators, self.creation_op = [self, other], "add"
        return type(self)(self.data + other.data)


class _DropsArguments(TensorWithCreators):
    def __init__(self, data, creators=None, creation_op=None):
        super().__init__(data)


class _NoGrad(TensorWithCreators):
    def __init__(self, data, creators=None, creation_op=None):
        super().__init__(data, creators, creation_op)
        del self.grad


class _Unfinished(TensorWithCreators):
    def __add__(self, other):
        type(self)(self.data + other.data, [self, other], "add")


class _BareArray(TensorWithCreators):
    def __add__(self, other):
        return self.data + other.data


class _Tuple(TensorWithCreators):
    def __add__(self, other):
        return self.data + other.data, [self, other], "add"


class _OtherClass(TensorWithCreators):
    def __add__(self, other):
        return TensorWithCreators(self.data + other.data, [self, other], "add")


class _WithoutEnd(TensorWithCreators):
    def __add__(self, other):
        return type(self)(self + other, [self, other], "add")


class _ChangesLeft(TensorWithCreators):
    def __add__(self, other):
        self.data = self.data + other.data
        self.creators, self.creation_op = [self, other], "add"
        return self


class _ForgetsSelf(TensorWithCreators):
    def __init__(self, data, creators=None, creation_op=None):
        self.data = np.array(data)


class _Swapped(TensorWithCreators):
    def __init__(self, data, creators=None, creation_op=None):
        super().__init__(data, creation_op, creators)


_Swapped.__name__ = "Tensor"  # tensors in a list are compared by the name of their class, too


class _Zero(TensorWithCreators):
    def __init__(self, data, creators=None, creation_op=None):
        super().__init__(data, creators, creation_op)
        self.grad = 0


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
        mistakes=[
            Mistake(
                "The sum is right, but it knows nothing of where it came from: its `creators` are "
                "`None`. Look at what `__add__` hands to the new `Tensor`.",
                _Forgets,
            ),
            Mistake(
                "The creators are there, but `creation_op` is missing: the sum does not know "
                "how it was made. Look at the arguments in `__add__` once more.",
                _NoOperation,
            ),
            Mistake(
                "`creation_op` is the name of the operation as a word, not its sign: it has to be "
                "spelled exactly as the exercise says.",
                _OtherName,
            ),
            Mistake(
                "The creators are arrays, but an array cannot take a gradient. Keep the two "
                "tensors themselves, not what is in them.",
                _Arrays,
            ),
            Mistake(
                "The creators are in the wrong order. In `x + y` the one on the left, `x`, is the "
                "first; inside `__add__` it is called `self`.",
                _WrongOrder,
            ),
            Mistake(
                "You have written the creators into `x`, the tensor on the left. It was `z`, "
                "the result, that was created: the creators belong to the new tensor.",
                _IntoSelf,
            ),
            Mistake(
                "`__init__` is given `creators` and `creation_op`, but the tensor does not have "
                "them afterwards. Look at what your `__init__` stores in `self`.",
                _DropsArguments,
            ),
            Mistake(
                "A tensor has no `grad` yet. It has to be there from the start, as `None`, which "
                "says: not computed so far.",
                _NoGrad,
            ),
            Mistake(
                "`x + y` is `None`: the new tensor is made, but it never leaves `__add__`. "
                "Which word hands a result back to whoever called?",
                _Unfinished,
            ),
            Mistake(
                "`x + y` is only an array, without a box around it. Put it into a new `Tensor`, "
                "together with its creators and `creation_op`.",
                _BareArray,
            ),
            Mistake(
                "`x + y` is three things with commas between them (a tuple), and no tensor yet. "
                "These three are what a new `Tensor` wants between its brackets.",
                _Tuple,
            ),
            Mistake(
                "The sum is made by another class than yours, so it does not have your methods. "
                "Which name stands behind `class` in your cell?",
                _OtherClass,
            ),
            Mistake(
                "`__add__` calls itself: Python turns every `+` between two tensors into a call "
                "of `__add__`, so there is no end. Add up what is in the two boxes.",
                _WithoutEnd,
            ),
            Mistake(
                "`x + y` has changed `x`. A sum leaves both as they are, and returns a new tensor.",
                _ChangesLeft,
            ),
            Mistake(
                "Only `data` is left when `__init__` has ended. A name without `self.` in front "
                "belongs to the method alone, and is gone with it.",
                _ForgetsSelf,
            ),
            Mistake(
                "`creators` and `creation_op` have changed places. Compare each line of your "
                "`__init__` with the order of the arguments.",
                _Swapped,
            ),
            Mistake(
                "`grad` is 0, but 0 is a gradient, too: it says that the result does not change. "
                "As long as nobody knows, it has to be `None`.",
                _Zero,
            ),
        ],
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

# Exercise 3: what goes wrong on the way back.


class _KeepsOnly(Tensor_V1):
    def backward(self, grad):
        self.grad = grad


class _NeverKeeps(Tensor_V1):
    def backward(self, grad):
        for creator in self.creators or []:
            creator.backward(grad)


class _LeavesOnly(Tensor_V1):
    def backward(self, grad):
        if self.creators is None:
            self.grad = grad
        for creator in self.creators or []:
            creator.backward(grad)


class _FirstOnly(Tensor_V1):
    def backward(self, grad):
        self.grad = grad
        if self.creation_op == "add":
            self.creators[0].backward(grad)


class _NoEnd(Tensor_V1):
    def backward(self, grad):
        self.grad = grad
        self.creators[0].backward(grad)
        self.creators[1].backward(grad)


class _OneLevel(Tensor_V1):
    def backward(self, grad):
        self.grad = grad
        for creator in self.creators or []:
            creator.grad = grad


class _Halves(Tensor_V1):
    def backward(self, grad):
        self.grad = grad
        for creator in self.creators or []:
            creator.backward(type(self)(grad.data / 2))


class _Values(Tensor_V1):
    def backward(self, grad):
        self.grad = grad
        for creator in self.creators or []:
            creator.backward(type(self)(self.data))


class _Products(Tensor_V1):
    def backward(self, grad):
        self.grad = grad
        if self.creation_op == "add":
            x, y = self.creators
            x.backward(type(self)(grad.data * y.data))
            y.backward(type(self)(grad.data * x.data))


class _SecondOnly(Tensor_V1):
    def backward(self, grad):
        self.grad = grad
        if self.creation_op == "add":
            self.creators[1].backward(grad)


class _AddsToNone(Tensor_V1):
    def backward(self, grad):
        self.grad += grad


class _AddsAnew(Tensor_V1):
    def backward(self, grad):
        self.grad = self.grad + grad


class _NoSelf(Tensor_V1):
    def backward(grad):  # noqa: N805 (the mistake)
        pass


_NOTHING_YET = (
    "`self.grad` is still `None` when the gradient comes, and one cannot add to `None`. In this "
    "lesson a gradient is simply put there."
)
_ONE_OF_TWO = (
    "Only one of the two creators gets a gradient. A sum moves with each of its summands, so both "
    "are to be told."
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
        mistakes=[
            Mistake(
                "The gradient stops where it is: the creators never get one. If you ask for the "
                'operation, compare with the very word that `__add__` has written, `"add"`, and '
                "then call `backward` of both creators.",
                _KeepsOnly,
            ),
            Mistake(
                "The gradient runs through the graph, but nobody keeps it: `grad` is still "
                "`None`. What has to happen before it is handed on?",
                _NeverKeeps,
            ),
            Mistake(
                "Only the tensors at the start keep their gradient. Those in between, such as `e`, "
                "have to keep theirs as well: we want to see it, and need it later.",
                _LeavesOnly,
            ),
            Mistake(_ONE_OF_TWO, _FirstOnly),
            Mistake(_ONE_OF_TWO, _SecondOnly),
            Mistake(
                "A tensor that you typed in has no creators: there the way back ends. Hand on only "
                "if there is somebody to hand on to.",
                _NoEnd,
            ),
            Mistake(_NOTHING_YET, _AddsToNone),
            Mistake(_NOTHING_YET, _AddsAnew),
            Mistake(
                "Every method gets the tensor itself as its first argument: `self` has to stand "
                "in the brackets behind `def backward`, before `grad`.",
                _NoSelf,
            ),
            Mistake(
                "It works for one addition, but not for two in a row: you give the creators a "
                "`grad`, but nobody tells them to hand it on. Call a method of theirs instead.",
                _OneLevel,
            ),
            Mistake(
                "You have shared the gradient out between the two creators. But if `x` moves by "
                "1, `x + y` moves by 1, not by a half: each of them gets all of it.",
                _Halves,
            ),
            Mistake(
                "What you hand on are the values of the tensor, its `data`. On the way back it is "
                "the gradient that travels.",
                _Values,
            ),
            Mistake(
                "You have multiplied by the other creator's values: that is the rule for a "
                "product. How much does `x + y` move when `x` moves by 1?",
                _Products,
            ),
        ],
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
