"""Lesson 4: more operations, each of them one method, and one rule for its gradient."""

from __future__ import annotations

import itertools

import numpy as np

from gradwidgets.lessons import mistakes_04
from gradwidgets.lessons.cases import Case, gradient_case
from gradwidgets.lessons.check.questions import Predict
from gradwidgets.lessons.code import Code, Task
from gradwidgets.lessons.steps import Tensor_V4

TITLE = "More operations"
NOTEBOOK = "04_operations.ipynb"

numbers = itertools.count()


class TensorWithRules:
    """Adds; further operations need a method that computes, and one rule for the way back."""

    def __init__(self, data, autograd=False, creators=None, creation_op=None):
        self.data = np.array(data, dtype=float) if autograd else np.array(data)
        self.autograd = autograd
        self.creators = creators
        self.creation_op = creation_op
        self.grad = None
        self.id = next(numbers)
        self.children = {}
        for creator in creators or []:
            creator.children[self.id] = creator.children.get(self.id, 0) + 1

    def all_children_grads_accounted_for(self):
        return all(count == 0 for count in self.children.values())

    def backward(self, grad=None, grad_origin=None):
        if not self.autograd:
            return
        if grad is None:
            grad = type(self)(np.ones_like(self.data))
        if grad_origin is not None:
            self.count_off(grad_origin)
        self.add_up(grad)
        if grad_origin is None or self.all_children_grads_accounted_for():
            self.children.clear()  # else a weight keeps those of every step
            self.hand_on()

    def count_off(self, child):
        if self.children.get(child.id, 0) == 0:
            raise RuntimeError("cannot backprop more than once")
        self.children[child.id] -= 1

    def add_up(self, grad):
        if self.grad is None:
            self.grad = type(self)(grad.data)
        else:
            self.grad = type(self)(self.grad.data + grad.data)

    def hand_on(self):
        if self.creators is None:
            return
        rule = getattr(self, self.creation_op.split("_")[0] + "_backward")
        for creator, grad in zip(self.creators, rule(self.grad.data)):
            creator.backward(type(self)(grad), self)

    def result(self, data, creators, creation_op):
        if any(creator.autograd for creator in creators):
            return type(self)(data, True, creators, creation_op)
        return type(self)(data)

    def dim(self):
        return int(self.creation_op.split("_")[1])

    def __add__(self, other):
        return self.result(self.data + other.data, [self, other], "add")

    def add_backward(self, grad):
        return grad, grad

    def __repr__(self):
        return repr(self.data)

    def __str__(self):
        return str(self.data)


NAMES = {"TensorWithRules": TensorWithRules}

SIGNED = ("-a", "a - b", "-a - b", "b - (-a)", "-(a - b) + a", "(a - b) - (b - a) + (-b)")


def _random_signs(rng: np.random.Generator, size: int) -> Case:
    inputs = {name: rng.integers(-9, 10, size) for name in "ab"}
    forward = f"z = {SIGNED[rng.integers(1, len(SIGNED))]}"
    return gradient_case(inputs, forward, "z", rng.integers(1, 9, size))


q1 = Code(
    "04.q1",
    "minus, twice",
    "Write `-x` (the method `__neg__`, operation `neg`) and `x - y` (`__sub__`, operation `sub`), "
    "and the rule of each. A rule returns a list with one gradient for each creator, in the order "
    "of the creators.",
    task=Task(
        "Tensor",
        Tensor_V4,
        [
            gradient_case({"x": [1, 2]}, "z = -x", "z", [3, 4]),
            gradient_case({"x": [5, 6], "y": [1, 2]}, "z = x - y", "z", [3, 4]),
            gradient_case({"x": [1, 2]}, "h = -x\nz = (h + x) - h", "z", [1, 10]),
            Case("z = -Tensor([1, 2])", ("z.data", "z.autograd", "z.creators is None")),
            Case(
                "x = Tensor([7, 8], autograd=True)\ny = Tensor([1, 2])\nz = x - y",
                ("z.data", "z.creation_op == 'sub'", "z.creators[0] is x", "z.creators[1] is y"),
            ),
            Case(
                "x = Tensor([1, 2], autograd=True)\nz = -x\nz.backward(Tensor([3, 4]))",
                ("x.grad.data", "z.grad.data"),
                root="z",
            ),
        ],
        names=NAMES,
        methods=("__neg__", "neg_backward", "__sub__", "sub_backward"),
        random=_random_signs,
        mistakes=mistakes_04.Q1,
    ),
    hints=[
        "Look at `__add__` and `add_backward` in the picture above: the new methods have the same "
        "form. `-x` has one creator, `x - y` has two.",
        "Think of a nudge. When `x` goes up by 1, `-x` goes down by 1. In `x - y`, a nudge to `x` "
        "goes through as it is, and a nudge to `y` is turned round.",
        'A method: `return self.result(…, [self, other], "sub")`. A rule: `return [first, '
        "second]`, each of them `grad` or `-grad`.",
    ],
    solution='''
class Tensor(TensorWithRules):
    def __neg__(self):
        return self.result(-self.data, [self], "neg")

    def neg_backward(self, grad):
        return [-grad]

    def __sub__(self, other):
        return self.result(self.data - other.data, [self, other], "sub")

    def sub_backward(self, grad):
        return [grad, -grad]
''',
    praise="Two operations, two rules, and `backward` has not been touched.",
)

q2 = Predict(
    "04.q2",
    "through a product",
    "`x` is `[2, 3]`, `y` is `[5, -1]`, and `z = x * y`. The gradient `[1, 10]` is sent into `z`. "
    "What is the gradient of `x`?",
    expected=[5, -10],
    because="When the first number of `x` goes up by 1, that of `z` goes up by 5, the number it is "
    "multiplied by. So what arrives is multiplied by the other factor: 1 · 5 and 10 · (−1).",
    wrong=[
        ([2, 30], "You have multiplied by the values of `x` itself. Try it: how much does 2 · 5 "
         "grow when the 2 becomes a 3?"),
        ([1, 10], "That is what a sum would hand on. How much does 2 · 5 grow when the 2 becomes "
         "a 3?"),
        ([5, -1], "That is how much `z` moves when `x` does. The gradient that arrives, `[1, 10]`, "
         "has still to be multiplied in."),
        ([10, -30], "You have multiplied by the values of `z`. Try it: how much does 2 · 5 grow "
         "when the 2 becomes a 3?"),
    ],
    hints=[
        "Take the first numbers alone: 2 · 5 = 10. Now let the 2 become a 3. By how much does the "
        "product grow?",
        "That growth, times the gradient that arrives at this place: 1 in the first place, 10 in "
        "the second. Mind the sign.",
    ],
)


PRODUCTS = ("a * b", "a * a", "a * b + a", "(a + b) * a", "a * b * a + b", "(a + b) * (a * b)")


def _random_products(rng: np.random.Generator, size: int) -> Case:
    inputs = {name: rng.integers(-5, 6, size) for name in "ab"}
    forward = f"z = {PRODUCTS[rng.integers(len(PRODUCTS))]}"
    if "b" not in forward:
        del inputs["b"]
    return gradient_case(inputs, forward, "z", rng.integers(1, 5, size))


q3 = Code(
    "04.q3",
    "products",
    "Write `x * y`: the method `__mul__`, the operation `mul`, and its rule. It multiplies number "
    "by number. The rule has to work for `x * x` as well.",
    task=Task(
        "Tensor",
        Tensor_V4,
        [
            gradient_case({"x": [2, 3], "y": [5, -1]}, "z = x * y", "z", [1, 10]),
            gradient_case({"x": [3, -4]}, "z = x * x", "z", [1, 1]),
            gradient_case({"x": [1, 2], "y": [3, 4]}, "h = x * y\nz = h * x + h", "z", [1, -1]),
            gradient_case(
                {"x": [[1, 2], [3, 4]], "y": [[5, 6], [7, 8]]}, "z = x * y", "z", [[1, 0], [2, -1]]
            ),
            Case(
                "x = Tensor([1, 2], autograd=True)\ny = Tensor([3, 4])\nz = x * y",
                ("z.data", "z.creation_op == 'mul'", "z.creators[0] is x", "z.creators[1] is y"),
            ),
        ],
        names=NAMES,
        methods=("__mul__", "mul_backward"),
        random=_random_products,
        mistakes=mistakes_04.Q3,
    ),
    hints=[
        "Your prediction above is the rule: what arrives, times the other factor.",
        "Inside the rule, `self` is the product. `x, y = self.creators` gives you the factors, and "
        "`x.data` is an array.",
        "`mul_backward` returns `[grad * …, grad * …]`: first what goes to `x`, and in it stands "
        "`y.data`.",
    ],
    solution='''
class Tensor(TensorWithRules):
    def __mul__(self, other):
        return self.result(self.data * other.data, [self, other], "mul")

    def mul_backward(self, grad):
        x, y = self.creators
        return [grad * y.data, grad * x.data]
''',
    praise="And `x * x` gives 2·x, although nobody has told it about squares: `x` is its own "
    "creator twice, and the two gradients are added up.",
)


def _random_dims(rng: np.random.Generator, size: int) -> Case:
    rows, columns = int(rng.integers(2, 4)), size + 1
    dim = int(rng.integers(2))
    x = rng.integers(-9, 10, (rows, columns))
    if size % 2:
        forward, sent = f"z = x.sum({dim})", x.sum(dim)
    else:
        x = x[0]
        forward = f"z = x.expand({dim}, {rows})"
        sent = np.repeat(np.expand_dims(x, dim), rows, dim)
    return gradient_case({"x": x}, forward, "z", rng.integers(1, 9, sent.shape))


q4 = Code(
    "04.q4",
    "sums and copies",
    "Write `x.sum(dim)`, which adds up along a dimension, and `x.expand(dim, copies)`, which puts "
    "copies of `x` side by side along a new dimension; and the rule of each. The operations are "
    "called `sum_0`, `expand_1` and so on: the rule finds the number again with `self.dim()`.",
    task=Task(
        "Tensor",
        Tensor_V4,
        [
            gradient_case({"x": [[1, 2, 3], [4, 5, 6]]}, "z = x.sum(0)", "z", [1, 10, 100]),
            gradient_case({"x": [[1, 2, 3], [4, 5, 6]]}, "z = x.sum(1)", "z", [1, 10]),
            gradient_case({"x": [[1, 2], [3, 4]]}, "z = x.sum(1)", "z", [1, 10]),
            gradient_case({"x": [1, 2, 3]}, "z = x.sum(0)", "z", 5),
            gradient_case({"x": [1, 2]}, "z = x.expand(0, 3)", "z", [[1, 2], [3, 4], [5, 7]]),
            gradient_case({"x": [1, 2]}, "z = x.expand(1, 3)", "z", [[1, 2, 3], [4, 5, 7]]),
            gradient_case({"x": [1, 2]}, "z = x.expand(1, 2)", "z", [[1, 2], [3, 5]]),
            Case(
                "x = Tensor([[1, 2], [3, 4]], autograd=True)\ny = x.sum(1)\nz = x.expand(0, 2)",
                ("y.data", "y.creation_op", "z.data", "z.creation_op"),
            ),
        ],
        names=NAMES,
        methods=("sum", "sum_backward", "expand", "expand_backward"),
        random=_random_dims,
        mistakes=mistakes_04.Q4,
    ),
    hints=[
        "The two are each other's way back. What a sum has added up is copied, and what `expand` "
        "has copied is added up.",
        "`np.repeat(np.expand_dims(array, dim), copies, dim)` makes copies along a new dimension: "
        "you need it in `expand`, and in `sum_backward`.",
        "In `sum_backward`, the dimension is `self.dim()`, and the number of copies is what the "
        "sum has made disappear: `self.creators[0].data.shape[self.dim()]`.",
        "`expand_backward` is one line: `grad`, added up along `self.dim()`, in a list.",
    ],
    solution='''
class Tensor(TensorWithRules):
    def sum(self, dim):
        return self.result(self.data.sum(dim), [self], f"sum_{dim}")

    def sum_backward(self, grad):
        copies = self.creators[0].data.shape[self.dim()]
        return [np.repeat(np.expand_dims(grad, self.dim()), copies, self.dim())]

    def expand(self, dim, copies):
        data = np.repeat(np.expand_dims(self.data, dim), copies, dim)
        return self.result(data, [self], f"expand_{dim}")

    def expand_backward(self, grad):
        return [grad.sum(self.dim())]
''',
    praise="Sum and copy are two sides of one thing: each is the other's way back.",
)


def _random_matrices(rng: np.random.Generator, size: int) -> Case:
    rows, columns = (int(n) for n in rng.integers(1, 4, 2))
    inputs = {
        "x": rng.integers(-5, 6, (rows, size)),
        "w": rng.integers(-5, 6, (size, columns)),
    }
    return gradient_case(inputs, "z = x.mm(w)", "z", rng.integers(1, 5, (rows, columns)))


q5 = Code(
    "04.q5",
    "matrices",
    "Write `x.transpose()` and `x.mm(y)`, the matrix product, with their rules. The operations "
    "are called `transpose` and `mm`. Here the shapes lead the way: the gradient of a tensor "
    "always has the tensor's own shape.",
    task=Task(
        "Tensor",
        Tensor_V4,
        [
            gradient_case(
                {"x": [[1, 2, 3], [4, 5, 6]]}, "z = x.transpose()", "z", [[1, 2], [3, 4], [5, 7]]
            ),
            gradient_case({"x": [[1, 2]], "w": [[3], [4]]}, "z = x.mm(w)", "z", [[10]]),
            gradient_case(
                {"x": [[1, 2], [3, 4]], "w": [[5, 6], [7, 9]]},
                "z = x.mm(w)",
                "z",
                [[1, 10], [2, 3]],
            ),
            gradient_case(
                {"x": [[1, 2, 3], [4, 5, 6]], "w": [[1], [0], [2]]}, "z = x.mm(w)", "z", [[1], [10]]
            ),
            gradient_case(
                {"x": [[1, 2], [3, 5]]}, "z = x.mm(x.transpose()) + x", "z", [[1, 2], [3, 5]]
            ),
            Case(
                "x = Tensor([[1, 2]], autograd=True)\nw = Tensor([[3], [4]])\nz = x.mm(w)",
                ("z.data", "z.creation_op == 'mm'", "z.creators[0] is x", "z.creators[1] is w"),
            ),
        ],
        names=NAMES,
        methods=("transpose", "transpose_backward", "mm", "mm_backward"),
        random=_random_matrices,
        mistakes=mistakes_04.Q5,
    ),
    hints=[
        "`x` is (2, 3), `w` is (3, 1), so `z` and its gradient are (2, 1). Two of these three "
        "make a (2, 3), if one of them is transposed. Which?",
        "`(2, 1) @ (1, 3)` is (2, 3): that is `grad` times the transpose of `w`, and it goes to "
        "`x`. Now the same game for (3, 1).",
        "For `w`: `(3, 2) @ (2, 1)`. The (3, 2) is `x.data.transpose()`.",
    ],
    solution='''
class Tensor(TensorWithRules):
    def transpose(self):
        return self.result(self.data.transpose(), [self], "transpose")

    def transpose_backward(self, grad):
        return [grad.transpose()]

    def mm(self, other):
        return self.result(self.data @ other.data, [self, other], "mm")

    def mm_backward(self, grad):
        x, y = self.creators
        return [grad @ y.data.transpose(), x.data.transpose() @ grad]
''',
    praise="This is the rule that every layer of every network lives on.",
)

EXERCISES = (q1, q2, q3, q4, q5)
