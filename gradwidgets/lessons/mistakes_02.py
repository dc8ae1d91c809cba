"""What goes wrong in lesson 2, and what is said of it: a wrong answer for each message."""

from __future__ import annotations

import numpy as np

from gradwidgets.lessons.code import Mistake
from gradwidgets.lessons.halfway import TensorWithCreators
from gradwidgets.lessons.steps import Tensor_V1

# Exercise 1


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


Q1 = [
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
]

# Exercise 3


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


Q3 = [
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
]
