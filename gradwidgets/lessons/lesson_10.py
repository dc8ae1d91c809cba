"""Lesson 10: tanh and sigmoid, and what no network can do without them."""

from __future__ import annotations

import numpy as np

from gradwidgets.lessons.cases import Case, gradient_case
from gradwidgets.lessons.check.questions import Choice, Option, Predict
from gradwidgets.lessons.code import Code, Mistake, Task
from gradwidgets.lessons.steps import Layer, Tanh, Tensor_V4, Tensor_V5

TITLE = "Nonlinear"
NOTEBOOK = "10_nonlinear.ipynb"

# Exercise 1: two layers without a bend.

q1 = Predict(
    "10.q1",
    "two layers in one",
    "An input of two numbers goes through `x.mm(A)` and then through `.mm(B)`, with "
    "`A = [[1, 2], [0, 1]]` and `B = [[3], [1]]`. One single matrix does the same. Which two "
    "numbers are in it?",
    expected=[5, 1],
    because="`A` times `B`: the first number is 1·3 + 2·1 = 5, the second 0·3 + 1·1 = 1. Two "
    "layers, four and two weights, and they can do no more than two weights.",
    wrong=[
        ([3, 2], "Row by column: the first row of `A`, `[1, 2]`, is multiplied by all of `B`, "
         "and the two products are added up."),
        ([3, 1], "That is `B` alone. But `A` has changed the input before it gets there."),
        ([9, 2], "The products are right, but they go the other way: take a row of `A`, and the "
         "column of `B`, and add up two products for each row."),
        ([3, 7], "You have gone down the columns of `A`. Take its rows: `[1, 2]`, then `[0, 1]`."),
    ],
    hints=[
        "What comes out when you send in `[1, 0]`? And when you send in `[0, 1]`?",
        "`[1, 0]` becomes the first row of `A`, which is `[1, 2]`. Then 1·3 + 2·1.",
    ],
)

q2 = Predict(
    "10.q2",
    "the best that a plane can do",
    "A network without a bend is trained on xor until nothing changes any more. Then its output is "
    "0.5 for each of the four rows. What is the loss: the squares of the errors, added up?",
    expected=1,
    because="Each row is off by 0.5, and 4 × 0.25 = 1. Train as long as you like: no plane comes "
    "closer to these four targets.",
    wrong=[
        (0, "Only if every output was equal to its target. But the targets are 0 and 1, and the "
         "outputs are all 0.5."),
        (0.25, "That is the square for one row. Add up all four (our `MSELoss` sums)."),
        (2, "You have added up the errors. The loss adds up their squares: 0.5 × 0.5 each."),
        (0.5, "That is the error of one row. Square it, then add up the four rows."),
    ],
    hints=[
        "How far is 0.5 from 0, and from 1? Both times the same.",
        "The square of 0.5 is 0.25. There are four rows.",
    ],
)

# Exercise 3: two operations, two rules.


class _NoGrad(Tensor_V5):
    def tanh_backward(self, grad):
        return [1 - self.data**2]


class _NoSquare(Tensor_V5):
    def tanh_backward(self, grad):
        return [grad * (1 - self.data)]


class _TanhTwice(Tensor_V5):
    def tanh_backward(self, grad):
        return [grad * (1 - np.tanh(self.data) ** 2)]


class _InputInTanh(Tensor_V5):
    def tanh_backward(self, grad):
        return [grad * (1 - self.creators[0].data ** 2)]


class _NoList(Tensor_V5):
    def tanh_backward(self, grad):
        return grad * (1 - self.data**2)

    def sigmoid_backward(self, grad):
        return grad * self.data * (1 - self.data)


class _SigmoidOfSigmoid(Tensor_V5):
    def sigmoid_backward(self, grad):
        s = 1 / (1 + np.exp(-self.data))
        return [grad * s * (1 - s)]


class _InputInSigmoid(Tensor_V5):
    def sigmoid_backward(self, grad):
        x = self.creators[0].data
        return [grad * x * (1 - x)]


class _HalfSigmoid(Tensor_V5):
    def sigmoid_backward(self, grad):
        return [grad * self.data]


class _PlusSign(Tensor_V5):
    def sigmoid(self):
        return self.result(1 / (1 + np.exp(self.data)), [self], "sigmoid")


class _OutsideGraph(Tensor_V5):
    def tanh(self):
        return type(self)(np.tanh(self.data))

    def sigmoid(self):
        return type(self)(1 / (1 + np.exp(-self.data)))


def _random_bends(rng: np.random.Generator, size: int) -> Case:
    first, second = rng.choice(["tanh", "sigmoid"], 2)
    data = np.round(rng.normal(size=(size, 2)), 2)
    return gradient_case(
        {"x": data}, f"y = x.{first}().{second}()", "y", rng.integers(1, 6, (size, 2))
    )


q3 = Code(
    "10.q3",
    "two operations that bend",
    "Write `tanh` and `sigmoid`, each with its rule. The rule is given the gradient of the result "
    "as an array, and returns a list with one array: the gradient of the only creator. In a rule, "
    "`self` is the result: `self.data` is tanh (or sigmoid) already.",
    task=Task(
        "Tensor",
        Tensor_V5,
        [
            Case("y = Tensor([0.0, 1.0]).tanh()", ("y.data",)),
            Case("y = Tensor([0.0, 1.0, -1.0]).sigmoid()", ("y.data",)),
            Case("y = Tensor([0.0], autograd=True).tanh()", ("y.creation_op", "len(y.creators)")),
            Case("y = Tensor([0.0], autograd=True).sigmoid()", ("y.creation_op",)),
            gradient_case({"x": [0.5]}, "y = x.tanh()", "y", [1]),
            gradient_case({"x": [0.5]}, "y = x.sigmoid()", "y", [1]),
            gradient_case({"x": [0.3, -0.7, 2.0]}, "y = x.tanh()", "y", [1, 2, 3]),
            gradient_case({"x": [0.3, -0.7, 2.0]}, "y = x.sigmoid()", "y", [1, 2, 3]),
            gradient_case({"x": [0.3, -0.7]}, "h = x.tanh()\ny = h.sigmoid() * h", "y", [1, 1]),
        ],
        names={"Tensor_V4": Tensor_V4},
        methods=("tanh", "tanh_backward", "sigmoid", "sigmoid_backward"),
        random=_random_bends,
        mistakes=[
            Mistake(
                "The slope of tanh is right, but the gradient that arrives gets lost: what is "
                "handed on is always gradient times slope.",
                _NoGrad,
            ),
            Mistake(
                "Look at the slope of tanh once more: 1 minus the square of the result.",
                _NoSquare,
            ),
            Mistake(
                "In `tanh_backward`, `self.data` is the result, so tanh has been taken already. "
                "You take it a second time.",
                _TanhTwice,
            ),
            Mistake(
                "The slope of tanh is written with the result, which is in `self.data`. You have "
                "put in the number that went into tanh.",
                _InputInTanh,
            ),
            Mistake(
                "A rule has to return a list with one gradient for each creator. You return the "
                "array itself, and its first number is taken for the whole.",
                _NoList,
            ),
            Mistake(
                "In `sigmoid_backward`, `self.data` is the result, so sigmoid has been taken "
                "already. You take it a second time.",
                _SigmoidOfSigmoid,
            ),
            Mistake(
                "The slope of sigmoid is written with the result, which is in `self.data`. You "
                "have put in the number that went into sigmoid.",
                _InputInSigmoid,
            ),
            Mistake(
                "The slope of sigmoid is s·(1 − s). One of the two factors is missing.",
                _HalfSigmoid,
            ),
            Mistake(
                "Your sigmoid falls where it should rise: there is a minus in the exponent.",
                _PlusSign,
            ),
            Mistake(
                "The values are right, but the result does not know where it came from: let "
                "`self.result(data, creators, creation_op)` make it.",
                _OutsideGraph,
            ),
        ],
    ),
    hints=[
        "Look at an operation with one creator in lesson 04, such as `neg`: one method computes, "
        "with `self.result(…)`, the other returns a list with one gradient.",
        '`tanh` is `self.result(np.tanh(self.data), [self], "tanh")`, and `sigmoid` is built in '
        "the same way.",
        "For the rules, write `t = self.data` first. Then it is `grad` times the slope in the "
        "formula above, in a list.",
    ],
    solution='''
class Tensor(Tensor_V4):
    def tanh(self):
        return self.result(np.tanh(self.data), [self], "tanh")

    def tanh_backward(self, grad):
        return [grad * (1 - self.data**2)]

    def sigmoid(self):
        return self.result(1 / (1 + np.exp(-self.data)), [self], "sigmoid")

    def sigmoid_backward(self, grad):
        return [grad * self.data * (1 - self.data)]
''',
    praise="Both agree with measured slopes. The tensor of the course is complete.",
)

# Exercise 4: a layer.


class _Array(Layer):
    def forward(self, input):
        return np.tanh(input.data)


class _NewTensor(Layer):
    def forward(self, input):
        return type(input)(np.tanh(input.data), autograd=True)


class _Sigmoid(Layer):
    def forward(self, input):
        return input.sigmoid()


class _Nothing(Layer):
    def forward(self, input):
        input.tanh()


class _Straight(Layer):
    def forward(self, input):
        return input


class _Twice(Layer):
    def forward(self, input):
        return input.tanh().tanh()


q4 = Code(
    "10.q4",
    "a layer that bends",
    "Write the layer `Tanh`: its `forward(input)` gives tanh of the input, as a tensor of the same "
    "graph. It has no parameters.",
    task=Task(
        "Tanh",
        Tanh,
        [
            Case(
                "y = Tanh().forward(Tensor([0.0, 1.0, -2.0], autograd=True))",
                ("y.data",),
            ),
            Case("layer = Tanh()", ("len(layer.get_parameters())",)),
            Case(
                "x = Tensor([0.5, -1.0], autograd=True)\ny = Tanh().forward(x)\n"
                "y.backward(Tensor([1.0, 2.0]))",
                ("x.grad.data",),
                root="y",
            ),
            Case(
                "x = Tensor([[0.5, -1.0]], autograd=True)\nh = Tanh().forward(x)\n"
                "y = (h * h).sum(0)\ny.backward(Tensor([1.0, 2.0]))",
                ("y.data", "x.grad.data"),
                root="y",
            ),
        ],
        names={"Tensor": Tensor_V5, "Layer": Layer},
        methods=("forward",),
        mistakes=[
            Mistake(
                "The numbers are right, but what comes out is a bare array. The next layer wants a "
                "tensor: is there a method of the tensor that does it?",
                _Array,
            ),
            Mistake(
                "You have made a new tensor of the numbers, and it has forgotten its creators: no "
                "gradient will come back through this layer. Use the operation of the tensor.",
                _NewTensor,
            ),
            Mistake("That is a layer, but the wrong one: this is sigmoid, not tanh.", _Sigmoid),
            Mistake(
                "`forward` computes tanh, but hands nothing back: what comes out is `None`.",
                _Nothing,
            ),
            Mistake(
                "What comes out is what went in: nothing has been bent.", _Straight
            ),
            Mistake("tanh is taken twice.", _Twice),
        ],
    ),
    hints=[
        "The input is a tensor, and it can do tanh since the last exercise.",
        "One line: hand back what the input's own method gives.",
    ],
    solution='''
class Tanh(Layer):
    def forward(self, input):
        return input.tanh()
''',
    praise="It stands between two `Linear` layers as if it had always been there.",
)

q5 = Choice(
    "10.q5",
    "ten in a row",
    "Sigmoid's slope is s·(1 − s), and s lies between 0 and 1. A gradient of 1 goes back through "
    "ten sigmoids, one behind the other. What is left of it, at the very most?",
    options={
        "a": Option(
            "1: a sigmoid hands the gradient on as it is.",
            "That is what addition does. Sigmoid multiplies by its slope, which is never 1.",
        ),
        "b": Option(
            "One half: sigmoid is 0.5 in the middle.",
            "0.5 is the value in the middle. The slope there is 0.5 × 0.5, and it is taken ten "
            "times.",
        ),
        "c": Option(
            "About a millionth.",
            "Yes: the slope is 0.25 at best, and 0.25 multiplied ten times by itself is "
            "0.00000095. It is called a vanishing gradient: the first layers hardly learn. "
            "(With tanh, whose slope can be 1, it is less bad.)",
        ),
        "d": Option(
            "It grows: ten slopes are added up.",
            "Along one path slopes are multiplied. Only where two paths meet are they added up.",
        ),
    },
    answer="c",
    hints=[
        "For which s is s·(1 − s) largest? The drawing above shows it, too.",
        "0.5 × 0.5 = 0.25. Now 0.25 × 0.25 × … ten times.",
    ],
)

EXERCISES = (q1, q2, q3, q4, q5)
