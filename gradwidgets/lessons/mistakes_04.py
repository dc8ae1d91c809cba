"""What goes wrong in lesson 4, and what is said of it: a wrong answer for each message."""

from __future__ import annotations

import numpy as np

from gradwidgets.lessons.code import Mistake
from gradwidgets.lessons.steps import Tensor_V4

# Exercise 1

OTHER_NAME = (
    "The way back looks for a rule by the name of the operation, and does not find it: the "
    "string you give to `result` and the name in front of `_backward` have to be the same word."
)

TENSORS = (
    "A rule is given an array and returns arrays; yours returns something else. `hand_on` makes "
    "tensors of them afterwards. Take `.data` where you use a tensor, and wrap nothing."
)


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


Q1 = [
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
]

# Exercise 3


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


Q3 = [
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
]

# Exercise 4


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


Q4 = [
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
]

# Exercise 5


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


Q5 = [
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
]
