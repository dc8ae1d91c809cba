"""Lesson 1: an array in a box, which can be added and shown."""

from __future__ import annotations

import numpy as np

from gradwidgets.lessons.cases import Case, written
from gradwidgets.lessons.check.questions import Choice, Option, Predict
from gradwidgets.lessons.code import Code, Mistake, Task
from gradwidgets.lessons.steps import Tensor_V0

TITLE = "An array in a box"
NOTEBOOK = "01_tensor.ipynb"


class Box:
    """Holds an array, and can be added to another box; how it is shown is left to Python."""

    def __init__(self, data):
        self.data = np.array(data)

    def __add__(self, other):
        return type(self)(self.data + other.data)


# Exercise 1: what goes wrong with a box.


class _KeepsList(Box):
    def __init__(self, data):
        self.data = data


class _Local(Box):
    def __init__(self, data):
        data = np.array(data)


class _GivesArray(Box):
    def __add__(self, other):
        return self.data + other.data


class _Unfinished(Box):
    def __add__(self, other):
        type(self)(self.data + other.data)


class _ChangesLeft(Box):
    def __add__(self, other):
        self.data = self.data + other.data
        return self


class _AddsBox(Box):
    def __add__(self, other):
        return type(self)(self.data + other)


class _Total(Box):
    def __add__(self, other):
        return type(self)(self.data.sum() + other.data.sum())


class _Concatenates(Box):
    def __add__(self, other):
        return type(self)(np.concatenate([self.data, other.data]))


def _random_sum(rng: np.random.Generator, size: int) -> Case:
    shape = (size,) if size % 2 else (2, size)
    lines = [f"{name} = Tensor({written(rng.integers(-9, 10, shape))})" for name in "xyz"]
    return Case("\n".join([*lines, "s = x + y + z"]), ("s.data", "x.data"))


q1 = Code(
    "01.q1",
    "a box that can be added",
    "Let `Tensor(data)` make an array of `data`, with `np.array`, and keep it as `self.data`. "
    "Let `x + y` give a new `Tensor` that holds the sum of the two arrays. `x` and `y` stay as "
    "they are.",
    task=Task(
        "Tensor",
        Box,
        [
            Case(
                "x = Tensor([1, 2, 3])",
                ("x.data", "type(x.data)"),
            ),
            Case(
                "x = Tensor([1, 2, 3])\ny = Tensor([10, 20, 30])\nz = x + y",
                ("type(z) is Tensor", "z.data", "x.data", "y.data"),
            ),
            Case(
                "x = Tensor([[1, 2], [3, 4]])\nz = x + x",
                ("x.data", "z.data"),
            ),
        ],
        methods=("__init__", "__add__"),
        random=_random_sum,
        mistakes=[
            Mistake(
                "`self.data` is the list itself. Lists can be added as well, but that strings them "
                "together. Which function of NumPy makes an array of a list?",
                _KeepsList,
            ),
            Mistake(
                "The array is made, but the tensor has no `data`: a plain name inside `__init__` "
                "is gone when the method ends. What has to stand before the name, so that it "
                "stays in the tensor?",
                _Local,
            ),
            Mistake(
                "The sum is right, but it is a bare array and no `Tensor`. Put it into a box "
                "again.",
                _GivesArray,
            ),
            Mistake(
                "`x + y` is `None`: the sum is made, but it never leaves `__add__`. Which word "
                "hands a result back to whoever called?",
                _Unfinished,
            ),
            Mistake(
                "`x + y` has changed `x`. Nobody expects that of a plus: leave `self` alone, and "
                "make a new `Tensor` for the sum.",
                _ChangesLeft,
            ),
            Mistake(
                "`other` is a box, not an array; NumPy cannot add what it cannot see. Take the "
                "array out of the other box as well.",
                _AddsBox,
            ),
            Mistake(
                "You get one single number. The sum of two tensors has as many numbers as "
                "each of them: first and first, second and second …",
                _Total,
            ),
            Mistake(
                "The numbers stand one behind the other, instead of being added. With two arrays, "
                "plain `+` adds number by number.",
                _Concatenates,
            ),
        ],
    ),
    hints=[
        "Whatever is to stay in the tensor needs a name that begins with `self.`.",
        "In `__add__`, `self` is the tensor on the left of the plus, `other` the one on the right. "
        "Both have `.data`.",
        "One line each: `self.data = …` in `__init__`, and `return Tensor(…)` in `__add__`.",
    ],
    solution='''
class Tensor:
    def __init__(self, data):
        self.data = np.array(data)

    def __add__(self, other):
        return Tensor(self.data + other.data)
''',
    praise="An array in a box, and boxes can be added. All the rest grows from here.",
)

q2 = Predict(
    "01.q2",
    "the shape of a sum",
    "`x = Tensor([[1, 2, 3], [4, 5, 6]])`. What is the shape of `x + x`, that is "
    "`(x + x).data.shape`? Write it as two numbers.",
    expected=[2, 3],
    because="Two rows of three numbers: adding goes number by number, so the shape stays.",
    wrong=[
        ([3, 2], "Nearly: the rows are counted first, then the numbers in a row."),
        ([4, 3], "That would be so if the rows were put below each other. They are added."),
        ([2, 6], "That would be so if the rows were strung together. They are added."),
        ([6], "It has 6 numbers, but they stand in rows: the shape has one number for each way to "
         "count."),
    ],
    hints=[
        "Adding two arrays of the same shape does not change the shape.",
        "First the number of rows (the inner lists), then how many numbers stand in each.",
    ],
)  # fmt: skip

# Exercise 3: what goes wrong with the two texts.


class _Same(Tensor_V0):
    def __repr__(self):
        return str(self.data)


class _Swapped(Tensor_V0):
    def __repr__(self):
        return str(self.data)

    def __str__(self):
        return repr(self.data)


class _SameOfficial(Tensor_V0):
    def __str__(self):
        return repr(self.data)


class _Array(Tensor_V0):
    def __repr__(self):
        return self.data

    def __str__(self):
        return self.data


class _Prints(Tensor_V0):
    def __repr__(self):
        repr(self.data)

    def __str__(self):
        str(self.data)


class _Itself(Tensor_V0):
    def __repr__(self):
        return repr(self)

    def __str__(self):
        return str(self)


class _Named(Tensor_V0):
    def __repr__(self):
        return f"Tensor({self.data.tolist()})"


def _random_text(rng: np.random.Generator, size: int) -> Case:
    shape = (size,) if size % 2 else (2, size)
    return Case(
        f"x = Tensor({written(rng.integers(-9, 10, shape))})", ("repr(x)", "str(x)", "f'{x}'")
    )


q3 = Code(
    "01.q3",
    "two ways to be shown",
    "Write `__repr__` and `__str__`. Both return a text: `__repr__` the official one of the array, "
    "such as `array([1, 2, 3])`, and `__str__` the one that is easy to read, such as `[1 2 3]`. "
    "`repr(…)` and `str(…)` of an array give you just these.",
    task=Task(
        "Tensor",
        Tensor_V0,
        [
            Case("x = Tensor([1, 2, 3])", ("repr(x)", "str(x)")),
            Case("x = Tensor([1, 2, 3])", ("type(x.__repr__())", "type(x.__str__())")),
            Case("x = Tensor([1, 2, 3])\nmany = [x, x]", ("str(many)",)),
            Case("x = Tensor([[1.5, 2], [3, 4]])\ny = x + x", ("repr(y)", "str(y)")),
        ],
        names={"Box": Box},
        methods=("__repr__", "__str__"),
        random=_random_text,
        mistakes=[
            Mistake(
                "`repr(x)` and `str(x)` are the same now. The official text of an array begins "
                "with `array(`: look at which function you call in `__repr__`.",
                _Same,
            ),
            Mistake(
                "`repr(x)` and `str(x)` are the same now. What `print` shows is to be the short "
                "text: look at which function you call in `__str__`.",
                _SameOfficial,
            ),
            Mistake(
                "The two are the wrong way round: `__repr__` is the official text, with `array(`, "
                "and `__str__` the short one.",
                _Swapped,
            ),
            Mistake(
                "Python wants a text from `__repr__` and `__str__`, but you return the array "
                "itself. Make a text of it first.",
                _Array,
            ),
            Mistake(
                "Both methods make or print a text, but hand nothing back, and Python complains "
                "that `None` is no text. Which word is missing?",
                _Prints,
            ),
            Mistake(
                "The tensor asks for its own text, which asks for its own text … without an end. "
                "Ask the array instead, the one inside.",
                _Itself,
            ),
            Mistake(
                "A good idea: pasted into a cell, this would make a Tensor again. Here, though, we "
                "follow the array and show its own official text.",
                _Named,
            ),
        ],
    ),
    hints=[
        "The array inside, `self.data`, knows both of its texts already.",
        "Try `repr(np.array([1, 2, 3]))` and `str(np.array([1, 2, 3]))` in a cell of their own.",
        "Both methods have one line: `return …`, with one of these two functions, "
        "called with `self.data`.",
    ],
    solution='''
class Tensor(Box):
    def __repr__(self):
        return repr(self.data)

    def __str__(self):
        return str(self.data)
''',
    praise="One text for you to read, and one to type in again.",
)

q4 = Choice(
    "01.q4",
    "who is asked",
    "You have a list of tensors, and write `print([x, y])`. Which method shows `x` and `y`?",
    options={
        "a": Option(
            "`__str__`, for that is what `print` asks for",
            "`print` asks the *list* for its `__str__`. But how does a list show what is in it?",
        ),
        "b": Option(
            "`__repr__`, for a list shows what is in it by its official text",
            "Yes. Inside a list one wants to see exactly what is there: with short texts, one "
            "could not tell where one tensor ends and the next begins.",
        ),
        "c": Option(
            "`__add__`, for a list puts them together",
            "`__add__` is called for a plus alone, and there is none here.",
        ),
        "d": Option(
            "none: Python shows the arrays by itself",
            "Python knows nothing of what is in your box. It has to ask the box.",
        ),
    },
    answer="b",
    hints=[
        "Try it in a cell of its own, with texts: `print(['a', 'b'])`. Are there quotation marks?",
        "Compare what you see with `repr('a')` and with `str('a')`.",
    ],
)

EXERCISES = (q1, q2, q3, q4)
