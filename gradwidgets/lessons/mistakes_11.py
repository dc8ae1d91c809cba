"""What goes wrong in lesson 11, and what is said of it: a wrong answer for each message."""

from __future__ import annotations

import random
import sys

import numpy as np

from gradwidgets.lessons.buggy import (
    Tensor_Bugs0,
    Tensor_Bugs1,
    Tensor_Bugs4,
    Tensor_Bugs6,
    Tensor_Bugs8,
)
from gradwidgets.lessons.code import Mistake
from gradwidgets.lessons.steps import SGD

# Exercise 2


class _NoOrigin(Tensor_Bugs8):
    def hand_on(self):
        for creator, grad in self.parts():
            creator.backward(type(self)(grad.data))


class _SameObject(Tensor_Bugs8):
    def hand_on(self):
        for creator, grad in self.parts():
            creator.backward(grad, self)


class _SameArray(Tensor_Bugs8):
    def hand_on(self):
        for creator, grad in self.parts():
            own = type(self)(0)
            own.data = grad.data
            creator.backward(own, self)


class _CreatorAsOrigin(Tensor_Bugs8):
    def hand_on(self):
        for creator, grad in self.parts():
            creator.backward(type(self)(grad.data), creator)


class _OwnGradient(Tensor_Bugs8):
    def hand_on(self):
        for creator, _ in self.parts():
            creator.backward(type(self)(self.grad.data), self)


class _OnlyForAdd(Tensor_Bugs8):
    def hand_on(self):
        for creator, grad in self.parts():
            if self.creation_op in ("add", "sub", "mul"):
                creator.backward(type(self)(grad.data), self)
            else:
                creator.backward(type(self)(grad.data))

_SHARED = (
    "The numbers are right, but two tensors hold one and the same array as their gradient: set one "
    "to 0 in place, and the other is 0 as well. `add_backward` gives both of them the same "
    "object. Make a new tensor of its data before you hand it on."
)


Q2 = [
    Mistake(
        "Nobody is told who sends the gradient: so a tensor that waits for two cannot "
        "count them, and hands on the first at once. `backward` has a second argument, "
        "`grad_origin`.",
        _NoOrigin,
    ),
    Mistake(_SHARED, _SameObject),
    Mistake(_SHARED, _SameArray),
    Mistake(
        "The origin is the tensor that sends the gradient. You pass the one that gets "
        "it, and that is no child of itself: so it says that nothing more is to come.",
        _CreatorAsOrigin,
    ),
    Mistake(
        "Every creator is sent `self.grad`, whatever the operation: so the rules are "
        "not applied. The gradient to hand on is the second one of each pair in "
        "`self.parts()`.",
        _OwnGradient,
    ),
    Mistake(
        "Each gradient is a new object now. But only three of the operations say who "
        "sends it; the others still call `backward` with one argument. No operation is an "
        "exception.",
        _OnlyForAdd,
    ),
]

# Exercise 3


class _RandomStill(Tensor_Bugs6):
    def stored(self, data):
        return np.array(data, dtype=float)


class _PythonRandom(Tensor_Bugs4):
    def next_id(self):
        return random.randint(0, 100_000)


class _WholeStill(Tensor_Bugs4):
    def stored(self, data):
        return np.array(data)


class _SharesArray(Tensor_Bugs4):
    def stored(self, data):
        return np.asarray(data, dtype=float)


class _Address(Tensor_Bugs4):
    def next_id(self):
        return id(self)


class _AlwaysZero(Tensor_Bugs4):
    def next_id(self):
        return 0


class _AsGiven(Tensor_Bugs4):
    def stored(self, data):
        return data


class _StoresNothing(Tensor_Bugs4):
    def stored(self, data):
        return None


class _OnlyWithAutograd(Tensor_Bugs4):
    def stored(self, data):
        return np.array(data, dtype=float) if self.autograd else None

_COPY = (
    "The tensor now shares its array with whoever gave it: an optimizer would change your data, "
    "too. Is there a way to make floats that always copies?"
)


Q3 = [
    Mistake(
        "The floats are there. But an `id` is still drawn from `np.random`: it moves the "
        "learner's seed, and two tensors may draw the same. Take numbers in a row.",
        _RandomStill,
    ),
    Mistake(
        "Python's own `random` leaves the seed of NumPy alone, but two tensors can still "
        "draw the same number: among 3000 of them it is almost sure. Count instead.",
        _PythonRandom,
    ),
    Mistake(
        "Whole numbers stay whole: an array of integers cannot take a step of -0.1. "
        "`np.array` has an argument for the kind of number.",
        _WholeStill,
    ),
    Mistake(_COPY, _SharesArray),
    Mistake(_COPY, _AsGiven),
    Mistake(
        "`stored` gives back nothing, and so `data` is `None`. `__init__` puts into "
        "`self.data` what `stored` returns.",
        _StoresNothing,
    ),
    Mistake(
        "A tensor without autograd has no array at all now: `stored` returns one only if "
        "`self.autograd` is true. What should the others get?",
        _OnlyWithAutograd,
    ),
    Mistake(
        "`id(self)` is an address in memory, and Python uses it again as soon as a tensor "
        "is gone: then a new one has the number of an old one. Count instead.",
        _Address,
    ),
    Mistake(
        "All tensors have the same number, or none: then a tensor cannot tell its children "
        "apart. Each call has to return the next one.",
        _AlwaysZero,
    ),
]

# Exercise 4


class _AllStill(Tensor_Bugs1):
    def result(self, data, creators, creation_op):
        if all(creator.autograd for creator in creators):
            return type(self)(data, True, creators, creation_op)
        return type(self)(data)


class _FirstDecides(Tensor_Bugs1):
    def result(self, data, creators, creation_op):
        if creators[0].autograd:
            return type(self)(data, True, creators, creation_op)
        return type(self)(data)


class _LeavesOut(Tensor_Bugs1):
    def result(self, data, creators, creation_op):
        creators = [creator for creator in creators if creator.autograd]
        if creators:
            return type(self)(data, True, creators, creation_op)
        return type(self)(data)


class _AlwaysGraph(Tensor_Bugs1):
    def result(self, data, creators, creation_op):
        return type(self)(data, True, creators, creation_op)


class _Overflows(Tensor_Bugs1):
    def sigmoid(self):
        return self.result(1 / (1 + np.exp(-self.data)), [self], "sigmoid")


class _OverflowsUp(Tensor_Bugs1):
    def sigmoid(self):
        grown = np.exp(self.data)
        return self.result(grown / (1 + grown), [self], "sigmoid")


class _NoGraph(Tensor_Bugs1):
    def sigmoid(self):
        return type(self)((1 + np.tanh(self.data / 2)) / 2)


class _NotHalved(Tensor_Bugs1):
    def sigmoid(self):
        return self.result((1 + np.tanh(self.data)) / 2, [self], "sigmoid")


class _TwoAlways(Tensor_Bugs1):
    def result(self, data, creators, creation_op):
        if creators[0].autograd or creators[1].autograd:
            return type(self)(data, True, creators, creation_op)
        return type(self)(data)


Q4 = [
    Mistake(
        "The graph is still dropped as soon as one side has no autograd: a gradient for "
        "`x` gets lost in `x * 2`. One creator with autograd has to be enough.",
        _AllStill,
    ),
    Mistake(
        "You ask the first creator only. `x * c` works, but `c * x` loses its graph: the "
        "one with autograd may stand on either side.",
        _FirstDecides,
    ),
    Mistake(
        "Not every operation has two creators: `sigmoid` and `tanh` have one. Ask as many "
        "as there are.",
        _TwoAlways,
    ),
    Mistake(
        "A creator without autograd wants no gradient, but the rules still need its "
        "numbers, and its place: keep both creators in the list.",
        _LeavesOut,
    ),
    Mistake(
        "Now everything has a graph, even a sum of two tensors that nobody wants a "
        "gradient for: that costs memory for nothing. At least one has to ask for it.",
        _AlwaysGraph,
    ),
    Mistake(
        "`np.exp(-x)` is too large for a float when `x` is -1000: it overflows. The "
        "formula with `tanh` in the exercise never does.",
        _Overflows,
    ),
    Mistake(
        "`np.exp(x)` is too large for a float when `x` is 1000, and infinity divided by "
        "infinity is no number. The formula with `tanh` in the exercise never overflows.",
        _OverflowsUp,
    ),
    Mistake(
        "`sigmoid` returns the right numbers, but without a graph: no gradient comes back "
        "through it. Let `self.result(…)` make the tensor, as all the others do.",
        _NoGraph,
    ),
    Mistake(
        "Look at the values of `sigmoid` once more: inside the tanh, `x` has to be halved.",
        _NotHalved,
    ),
]

# Exercise 5

DEPTH = 3000  # of the chain that a recursion cannot go back through


class _Recursive(Tensor_Bugs1):
    pass


class _RaisesLimit(Tensor_Bugs1):
    def backward(self, grad, grad_origin=None):
        sys.setrecursionlimit(1_000_000)
        super().backward(grad, grad_origin)


class _OneStep(Tensor_Bugs0):
    def backward(self, grad):
        if self.take(grad, None):
            for creator, part in self.parts():
                creator.take(type(self)(part.data), self)


class _NeverWaits(Tensor_Bugs0):
    def backward(self, grad):
        waiting = [(self, grad, None)]
        while waiting:
            tensor, grad, origin = waiting.pop()
            tensor.take(grad, origin)
            for creator, part in tensor.parts():
                waiting.append((creator, type(self)(part.data), tensor))


class _ForgetsOrigin(Tensor_Bugs0):
    def backward(self, grad):
        waiting = [(self, grad)]
        while waiting:
            tensor, grad = waiting.pop()
            if tensor.take(grad, None):
                for creator, part in tensor.parts():
                    waiting.append((creator, type(self)(part.data)))


class _WrongOrigin(Tensor_Bugs0):
    def backward(self, grad):
        waiting = [(self, grad, None)]
        while waiting:
            tensor, grad, origin = waiting.pop()
            if tensor.take(grad, origin):
                for creator, part in tensor.parts():
                    waiting.append((creator, type(self)(part.data), self))


class _SharesAgain(Tensor_Bugs0):
    def backward(self, grad):
        waiting = [(self, grad, None)]
        while waiting:
            tensor, grad, origin = waiting.pop()
            if tensor.take(grad, origin):
                for creator, part in tensor.parts():
                    waiting.append((creator, part, tensor))


class _SelfTakes(Tensor_Bugs0):
    def backward(self, grad):
        waiting = [(self, grad, None)]
        while waiting:
            tensor, grad, origin = waiting.pop()
            if self.take(grad, origin):
                for creator, part in self.parts():
                    waiting.append((creator, type(self)(part.data), self))


Q5 = [
    Mistake(
        f"Small graphs are right, but a chain of {DEPTH} additions is too deep: "
        "`backward` still calls `backward`, and Python allows about 1000 calls inside "
        "each other. Let a list remember what is left to do.",
        _Recursive,
    ),
    Mistake(
        "With a higher limit the wall is only further away, and for all of the program: "
        "the next graph may be deeper still. A list of what is left to do needs no limit.",
        _RaisesLimit,
    ),
    Mistake(
        "It stops after one step: the creators have got their gradient, but theirs have "
        "not. As long as there is something in the list, go on.",
        _OneStep,
    ),
    Mistake(
        "You hand on whether or not all gradients have come. `take` returns `True` when "
        "they have: ask it.",
        _NeverWaits,
    ),
    Mistake(
        "The origin gets lost: `take` is told `None` each time, so nobody waits for a "
        "second gradient. That was bug 1. Keep the sender in the list as well.",
        _ForgetsOrigin,
    ),
    Mistake(
        "The origin is not `self`, where it all began, but the tensor that you have just "
        "taken out of the list: that one sends the gradient.",
        _WrongOrigin,
    ),
    Mistake(
        "Bug 2 is back: two tensors hold one gradient object. What goes into the list has "
        "to be a new tensor, made of the data of the part.",
        _SharesAgain,
    ),
    Mistake(
        "A gradient is refused, because the sender is no child of the one who takes it. "
        "Inside the loop it is always `tensor`, the one just taken out, that takes, has "
        "parts, and sends.",
        _SelfTakes,
    ),
]

# Exercise 7


class _StepOnly(SGD):
    def zero(self):
        for parameter in self.parameters:
            parameter.grad.data *= 0


class _ZeroOnly(SGD):
    def step(self, zero=True):
        for parameter in self.parameters:
            parameter.data -= self.alpha * parameter.grad.data
        if zero:
            self.zero()


class _GivesUp(SGD):
    def step(self, zero=True):
        for parameter in self.parameters:
            if parameter.grad is None:
                return
            parameter.data -= self.alpha * parameter.grad.data
        if zero:
            self.zero()


class _Invents(SGD):
    def zero(self):
        for parameter in self.parameters:
            parameter.grad = type(parameter)(np.zeros_like(parameter.data))


class _Uphill(SGD):
    def step(self, zero=True):
        for parameter in self.parameters:
            if parameter.grad is not None:
                parameter.data += self.alpha * parameter.grad.data
        if zero:
            self.zero()


class _NoRate(SGD):
    def step(self, zero=True):
        for parameter in self.parameters:
            if parameter.grad is not None:
                parameter.data -= parameter.grad.data
        if zero:
            self.zero()


class _AlwaysZeroes(SGD):
    def step(self, zero=True):
        super().step(True)


class _NeverZeroes(SGD):
    def step(self, zero=True):
        super().step(False)


class _Breaks(SGD):
    def step(self, zero=True):
        for parameter in self.parameters:
            if parameter.grad is None:
                break
            parameter.data -= self.alpha * parameter.grad.data
        if zero:
            self.zero()


class _ZeroesInTheLoop(SGD):
    def step(self, zero=True):
        for parameter in self.parameters:
            if parameter.grad is not None:
                parameter.data -= self.alpha * parameter.grad.data
            if zero:
                self.zero()


class _OldIsGone(SGD):
    def step(self, zero=True):
        for parameter in self.parameters:
            if parameter.grad is not None:
                parameter.data = -self.alpha * parameter.grad.data
        if zero:
            self.zero()

_STOPS = (
    "At the first parameter without a gradient you stop, and all those behind it are not moved. Go "
    "on with the next one instead."
)


Q7 = [
    Mistake(
        "`step` is mended, but it calls `zero`, and `zero` reads the same `grad` that is "
        "`None`: it needs the same question.",
        _StepOnly,
    ),
    Mistake(
        "`zero` is mended, but `step` still reads `.data` of a `grad` that is `None`.",
        _ZeroOnly,
    ),
    Mistake(_STOPS, _GivesUp),
    Mistake(_STOPS, _Breaks),
    Mistake(
        "When the first parameter has moved, all gradients are set to 0, and those behind "
        "it stand still. `zero` belongs behind the loop.",
        _ZeroesInTheLoop,
    ),
    Mistake(
        "The old value is gone: a parameter is made smaller by the step, and does not "
        "become it. Look at `-=`: the minus stands first.",
        _OldIsGone,
    ),
    Mistake(
        "A parameter that had no gradient has one of 0 now. `None` says: not computed; "
        "that is different from 0, and the optimizer should not make it up.",
        _Invents,
    ),
    Mistake(
        "The parameters move with the gradient: uphill, the loss grows.", _Uphill
    ),
    Mistake("The step is too long: what has become of `alpha`?", _NoRate),
    Mistake(
        "`step(zero=False)` has to leave the gradients as they are: somebody may want to "
        "add to them.",
        _AlwaysZeroes,
    ),
    Mistake(
        "After `step()` the old gradients are still there, and the next ones are added to "
        "them. With `zero=True` they have to be set to 0.",
        _NeverZeroes,
    ),
]
