"""Lesson 4: more operations, each of them one method, and one rule for its gradient."""

from __future__ import annotations

import itertools

import numpy as np

from gradwidgets.lessons.cases import Case, gradient_case
from gradwidgets.lessons.code import Code, Mistake, Task
from gradwidgets.lessons.questions import Predict
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

# Messages that several exercises share.
OTHER_NAME = (
    "The way back looks for a rule by the name of the operation, and does not find it: the "
    "string you give to `result` and the name in front of `_backward` have to be the same word."
)
TENSORS = (
    "A rule is given an array and returns arrays; yours returns something else. `hand_on` makes "
    "tensors of them afterwards. Take `.data` where you use a tensor, and wrap nothing."
)


# Exercise 1: what goes wrong with signs.


class _NegKeepsSign(Tensor_V4):
    def neg_backward(self, grad):
        return [grad]


class _NegNoList(Tensor_V4):
    def neg_backward(self, grad):
        return -grad


class _NegOfData(Tensor_V4):
    def neg_backward(self, grad):
        return [-self.creators[0].data]


class _NegInPlace(Tensor_V4):
    def neg_backward(self, grad):
        grad *= -1
        return [grad]


class _NegCut(Tensor_V4):
    def __neg__(self):
        return type(self)(-self.data)


class _NegAlways(Tensor_V4):
    def __neg__(self):
        return type(self)(-self.data, True, [self], "neg")


class _NegOtherName(Tensor_V4):
    def __neg__(self):
        return self.result(-self.data, [self], "minus")


class _NegTensor(Tensor_V4):
    def neg_backward(self, grad):
        return [type(self)(-grad)]


class _SubSame(Tensor_V4):
    def sub_backward(self, grad):
        return grad, grad


class _SubSwapped(Tensor_V4):
    def sub_backward(self, grad):
        return -grad, grad


class _SubTurned(Tensor_V4):
    def __sub__(self, other):
        return self.result(other.data - self.data, [self, other], "sub")


class _SubOtherName(Tensor_V4):
    def __sub__(self, other):
        return self.result(self.data - other.data, [self, other], "minus")


class _SubAsSum(Tensor_V4):
    def __sub__(self, other):
        return self + (-other)


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
        mistakes=[
            Mistake(
                "The gradient runs through `-x` with its sign unchanged. When `x` goes up by 1, "
                "which way does `-x` go? Look at `neg_backward`.",
                _NegKeepsSign,
            ),
            Mistake(
                "`neg_backward` returns an array, but `hand_on` goes through what it gets as a "
                "list with one entry for each creator, so `x` gets only the first number. `-x` has "
                "one creator: return a list of one array.",
                _NegNoList,
            ),
            Mistake(
                "`neg_backward` returns the values of `x`. On the way back it is the gradient "
                "that travels: use `grad`, which the rule is given.",
                _NegOfData,
            ),
            Mistake(
                "The gradient of `x` is right, but that of `z` has changed as well: `grad` is the "
                "array that `z` keeps, and you write into it. Make a new array instead.",
                _NegInPlace,
            ),
            Mistake(
                "The values of `-x` are right, but no gradient comes through: the new tensor does "
                "not know its creator. Make it with `self.result(…)`.",
                _NegCut,
            ),
            Mistake(
                "The result has `autograd`, although none of its creators has. `self.result(…)` "
                "looks at them and decides: use it in place of the class itself.",
                _NegAlways,
            ),
            Mistake(OTHER_NAME, _NegOtherName),
            Mistake(OTHER_NAME, _SubOtherName),
            Mistake(TENSORS, _NegTensor),
            Mistake(
                "Both creators of `x - y` get the same gradient. That is the rule of a sum: when "
                "`y` goes up by 1, `x - y` goes down by 1. Look at `sub_backward`.",
                _SubSame,
            ),
            Mistake(
                "The two gradients of `x - y` are the wrong way round: the first one that "
                "`sub_backward` returns goes to the first creator, `x`.",
                _SubSwapped,
            ),
            Mistake(
                "`x - y` comes out as `y - x`. In `__sub__`, `self` is the one on the left.",
                _SubTurned,
            ),
            Mistake(
                "The numbers are right, but you have made a difference of a sum and a minus: two "
                "boxes in the graph, and `sub_backward` is never asked. Let `x - y` be one "
                "operation of its own, `sub`, with the creators `x` and `y`.",
                _SubAsSum,
            ),
        ],
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

# Exercise 3: what goes wrong with products.


class _MulOwn(Tensor_V4):
    def mul_backward(self, grad):
        x, y = self.creators
        return grad * x.data, grad * y.data


class _MulNoGrad(Tensor_V4):
    def mul_backward(self, grad):
        x, y = self.creators
        return y.data, x.data


class _MulAsSum(Tensor_V4):
    def mul_backward(self, grad):
        return grad, grad


class _MulOfResult(Tensor_V4):
    def mul_backward(self, grad):
        return grad * self.data, grad * self.data


class _MulTensors(Tensor_V4):
    def mul_backward(self, grad):
        x, y = self.creators
        return grad * y, grad * x


class _MulOne(Tensor_V4):
    def mul_backward(self, grad):
        x, y = self.creators
        return [grad * y.data]


class _MulAdds(Tensor_V4):
    def mul_backward(self, grad):
        x, y = self.creators
        return grad + y.data, grad + x.data


class _MulOtherName(Tensor_V4):
    def __mul__(self, other):
        return self.result(self.data * other.data, [self, other], "times")


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
        mistakes=[
            Mistake(
                "Each creator gets its own values times the gradient. When `x` goes up by 1, `z` "
                "goes up by the factor `x` is multiplied by. Which one is that?",
                _MulOwn,
            ),
            Mistake(
                "The factors are right, but what arrives from above gets lost: multiply each of "
                "them by `grad`. (With a gradient of ones you would not have noticed.)",
                _MulNoGrad,
            ),
            Mistake(
                "That is the rule of a sum. How much does 2 · 5 grow when the 2 becomes a 3? Not "
                "by 1.",
                _MulAsSum,
            ),
            Mistake(
                "You have multiplied by the values of the product, `self.data`. In a rule `self` "
                "is the result; the factors are `self.creators`.",
                _MulOfResult,
            ),
            Mistake(
                "An array is multiplied by a whole tensor there. Inside a rule there are only "
                "arrays: take the `.data` of the creators.",
                _MulTensors,
            ),
            Mistake(
                "Only one of the two factors gets a gradient: the rule has to return two, in the "
                "order of the creators.",
                _MulOne,
            ),
            Mistake(
                "You have added the other factor to `grad`. A rule multiplies what arrives by "
                "how much the result moves.",
                _MulAdds,
            ),
            Mistake(OTHER_NAME, _MulOtherName),
        ],
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

# Exercise 4: what goes wrong with sums and copies.


class _SumNotExpanded(Tensor_V4):
    def sum_backward(self, grad):
        return [grad]


class _SumNoDim(Tensor_V4):
    def sum(self, dim):
        return self.result(self.data.sum(dim), [self], "sum")


class _SumAlwaysFirst(Tensor_V4):
    def sum_backward(self, grad):
        copies = self.creators[0].data.shape[0]
        return [np.repeat(np.expand_dims(grad, 0), copies, 0)]


class _SumShares(Tensor_V4):
    def sum_backward(self, grad):
        copies = self.creators[0].data.shape[self.dim()]
        return [np.repeat(np.expand_dims(grad, self.dim()), copies, self.dim()) / copies]


class _SumOnes(Tensor_V4):
    def sum_backward(self, grad):
        return [np.ones_like(self.creators[0].data)]


class _SumAll(Tensor_V4):
    def sum(self, dim):
        return self.result(self.data.sum(), [self], f"sum_{dim}")


class _ExpandNotSummed(Tensor_V4):
    def expand_backward(self, grad):
        return [grad]


class _ExpandSumsAll(Tensor_V4):
    def expand_backward(self, grad):
        return [grad.sum()]


class _ExpandAlwaysFirst(Tensor_V4):
    def expand_backward(self, grad):
        return [grad.sum(0)]


class _ExpandMean(Tensor_V4):
    def expand_backward(self, grad):
        return [grad.mean(self.dim())]


class _ExpandForwardFirst(Tensor_V4):
    def expand(self, dim, copies):
        data = np.repeat(np.expand_dims(self.data, 0), copies, 0)
        return self.result(data, [self], f"expand_{dim}")


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
        mistakes=[
            Mistake(
                "The gradient of `x` has the shape of the sum. `x` has more numbers than that, "
                "and each of them moves the sum: each wants a copy of what arrives.",
                _SumNotExpanded,
            ),
            Mistake(
                "The operation is called `sum`, without its dimension, so `self.dim()` finds no "
                'number in it. Put it into the string: `f"sum_{dim}"`.',
                _SumNoDim,
            ),
            Mistake(
                "`sum_backward` always puts the copies along dimension 0. If the sum went along 1, "
                "they belong there: ask `self.dim()`.",
                _SumAlwaysFirst,
            ),
            Mistake(
                "You have shared the gradient out among the numbers of `x`. But when one of them "
                "goes up by 1, the sum goes up by 1: each gets all of it. (Shared out, it would be "
                "the rule of a mean.)",
                _SumShares,
            ),
            Mistake(
                "Every number of `x` gets a 1, whatever arrives. A rule has to use `grad`.",
                _SumOnes,
            ),
            Mistake(
                "`sum` adds up everything. It should add up along `dim` alone: NumPy's `sum` takes "
                "it as well.",
                _SumAll,
            ),
            Mistake(
                "The gradient of `x` has the shape of the copies. All of them were made of the "
                "one `x`, so what arrives at the copies has to come together again.",
                _ExpandNotSummed,
            ),
            Mistake(
                "`expand_backward` adds up everything into one number. Add up along the dimension "
                "of the copies alone: `self.dim()`.",
                _ExpandSumsAll,
            ),
            Mistake(
                "`expand_backward` always adds up along dimension 0. If the copies lie along 1, "
                "add up there: ask `self.dim()`.",
                _ExpandAlwaysFirst,
            ),
            Mistake(
                "You have taken the mean of what the copies get. When `x` goes up by 1, all of its "
                "copies do, so their gradients are added up, as for a tensor used several times.",
                _ExpandMean,
            ),
            Mistake(
                "`expand` always lays the copies along dimension 0. `dim` says where the new "
                "dimension goes, in `np.expand_dims` and in `np.repeat`.",
                _ExpandForwardFirst,
            ),
        ],
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

# Exercise 5: what goes wrong with matrices.


class _TransposeNot(Tensor_V4):
    def transpose_backward(self, grad):
        return [grad]


class _MmStar(Tensor_V4):
    def mm(self, other):
        return self.result(self.data * other.data, [self, other], "mm")


class _MmNotTransposed(Tensor_V4):
    def mm_backward(self, grad):
        x, y = self.creators
        return grad @ y.data, x.data @ grad


class _MmSwapped(Tensor_V4):
    def mm_backward(self, grad):
        x, y = self.creators
        return x.data.T @ grad, grad @ y.data.T


class _MmOrder(Tensor_V4):
    def mm_backward(self, grad):
        x, y = self.creators
        return y.data.T @ grad, grad @ x.data.T


class _MmLying(Tensor_V4):
    def mm_backward(self, grad):
        x, y = self.creators
        return grad @ y.data.T, grad.T @ x.data


class _MmAsMul(Tensor_V4):
    def mm_backward(self, grad):
        x, y = self.creators
        return grad * y.data, grad * x.data


class _MmTurned(Tensor_V4):
    def mm(self, other):
        return self.result(other.data @ self.data, [self, other], "mm")


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
        mistakes=[
            Mistake(
                "`transpose_backward` hands the gradient on as it lies. `x` lies the other way: "
                "the gradient has to be turned back.",
                _TransposeNot,
            ),
            Mistake(
                "`mm` multiplies number by number. The matrix product, row by column, is written "
                "`@` in NumPy.",
                _MmStar,
            ),
            Mistake(
                "The right matrices in the right places, but one has to be transposed in each "
                "product. Write the shapes of `grad`, `x` and `w` side by side: how do they fit "
                "together so that the shape of `x` comes out?",
                _MmNotTransposed,
            ),
            Mistake(
                "Both gradients are right, but each goes to the wrong creator: the first one that "
                "`mm_backward` returns belongs to `x`, on the left.",
                _MmSwapped,
            ),
            Mistake(
                "For matrices the order counts: `grad @ …` is not `… @ grad`. `w` stood to the "
                "right of `x`, and it does so again when its transpose meets `grad`.",
                _MmOrder,
            ),
            Mistake(
                "The gradient of the second factor lies on its side: its numbers are right, but "
                "it is transposed. Compare its shape with that of `w`.",
                _MmLying,
            ),
            Mistake(
                "That is the rule for the product number by number. In a matrix product each "
                "number of `x` meets a whole row of `w`: on the way back there are matrix products "
                "again.",
                _MmAsMul,
            ),
            Mistake(
                "`x.mm(w)` comes out as `w` times `x`. In `mm`, `self` is the one on the left.",
                _MmTurned,
            ),
        ],
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
