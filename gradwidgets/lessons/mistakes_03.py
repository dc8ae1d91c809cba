"""What goes wrong in lesson 3, and what is said of it: a wrong answer for each message."""

from __future__ import annotations

from gradwidgets.lessons.code import Mistake
from gradwidgets.lessons.halfway import AddsUp, Counting, Numbered
from gradwidgets.lessons.steps import Tensor_V1

# Exercise 3


class _NothingToAdd(Tensor_V1):
    def backward(self, grad):
        self.grad = type(self)(self.grad.data + grad.data)


class _NothingToAddTo(Tensor_V1):
    def backward(self, grad):
        self.grad = self.grad + grad


class _InPlace(Tensor_V1):
    def backward(self, grad):
        if self.grad is None:
            self.grad = grad
        else:
            self.grad.data += grad.data
        for creator in self.creators or []:
            creator.backward(grad)


class _HandsOnSum(AddsUp):
    def backward(self, grad):
        before = 0 if self.grad is None else self.grad.data
        self.grad = type(self)(before + grad.data)
        for creator in self.creators or []:
            creator.backward(self.grad)


class _HandsOnOnce(AddsUp):
    def backward(self, grad):
        if self.grad is not None:
            self.grad = type(self)(self.grad.data + grad.data)
            return
        self.grad = type(self)(grad.data)
        for creator in self.creators or []:
            creator.backward(grad)


class _KeepsNothingElse(Tensor_V1):
    def backward(self, grad):
        before = 0 if self.grad is None else self.grad.data
        self.grad = type(self)(before + grad.data)


class _NoElse(AddsUp):
    def backward(self, grad):
        if self.grad is None:
            self.grad = grad
        self.grad = type(self)(self.grad.data + grad.data)
        for creator in self.creators or []:
            creator.backward(grad)

_NONE_YET = (
    "When the first gradient comes, `self.grad` is still `None`, and one cannot add to `None`. "
    "The first one needs a line of its own."
)


Q3 = [
    Mistake(
        "Several gradients have arrived, but only one of them is left. The second one must "
        "neither take the place of the first, nor be thrown away.",
        Tensor_V1,
    ),
    Mistake(_NONE_YET, _NothingToAdd),
    Mistake(_NONE_YET, _NothingToAddTo),
    Mistake(
        "You have changed the numbers inside a gradient, and other tensors hold the very "
        "same one: `add` hands one gradient to both creators. Make a new `Tensor` for the "
        "sum.",
        _InPlace,
    ),
    Mistake(
        "The first gradient counts twice: it is kept, and then added to itself. Only one "
        "of the two lines may run; an `else` decides which.",
        _NoElse,
    ),
    Mistake(
        "`self.grad` grows, and you hand on all of it each time: so the creators get the "
        "first gradient again with the second. Hand on only what has just arrived.",
        _HandsOnSum,
    ),
    Mistake(
        "The first gradient is handed on, but the second one stays here. The creators need "
        "both of them.",
        _HandsOnOnce,
    ),
    Mistake(
        "The gradients are added up, but not handed on any more: the creators get nothing. "
        "The end of `backward` stays as it was.",
        _KeepsNothingElse,
    ),
]

# Exercise 4


class _CountsOne(Counting):
    def __init__(self, data, autograd=False, creators=None, creation_op=None):
        Numbered.__init__(self, data, autograd, creators, creation_op)
        self.children = {}
        for creator in creators or []:
            creator.children[self.id] = 1


class _CountsOwn(Counting):
    def __init__(self, data, autograd=False, creators=None, creation_op=None):
        Numbered.__init__(self, data, autograd, creators, creation_op)
        self.children = {}
        for creator in creators or []:
            self.children[creator.id] = self.children.get(creator.id, 0) + 1


class _WrongKey(Counting):
    def __init__(self, data, autograd=False, creators=None, creation_op=None):
        Numbered.__init__(self, data, autograd, creators, creation_op)
        self.children = {}
        for creator in creators or []:
            creator.children[creator.id] = creator.children.get(creator.id, 0) + 1


class _NeedsCreators(Counting):
    def __init__(self, data, autograd=False, creators=None, creation_op=None):
        Numbered.__init__(self, data, autograd, creators, creation_op)
        self.children = {}
        for creator in creators:
            creator.children[self.id] = creator.children.get(self.id, 0) + 1


class _NoKeyYet(Counting):
    def __init__(self, data, autograd=False, creators=None, creation_op=None):
        Numbered.__init__(self, data, autograd, creators, creation_op)
        self.children = {}
        for creator in creators or []:
            creator.children[self.id] += 1


class _NobodyEver(Counting):
    def all_children_grads_accounted_for(self):
        return not self.children


class _OneIsEnough(Counting):
    def all_children_grads_accounted_for(self):
        return not self.children or any(count == 0 for count in self.children.values())


class _FirstDecides(Counting):
    def all_children_grads_accounted_for(self):
        return not next(iter(self.children.values()), 0)


class _WrongWayRound(Counting):
    def all_children_grads_accounted_for(self):
        return any(count != 0 for count in self.children.values())


class _CountsInItself(Counting):
    def __init__(self, data, autograd=False, creators=None, creation_op=None):
        Numbered.__init__(self, data, autograd, creators, creation_op)
        self.children = {}
        for _ in creators or []:
            self.children[self.id] = self.children.get(self.id, 0) + 1


class _SelfAsKey(Counting):
    def __init__(self, data, autograd=False, creators=None, creation_op=None):
        Numbered.__init__(self, data, autograd, creators, creation_op)
        self.children = {}
        for creator in creators or []:
            creator.children[self] = creator.children.get(self, 0) + 1


class _StartsAtZero(Counting):
    def __init__(self, data, autograd=False, creators=None, creation_op=None):
        Numbered.__init__(self, data, autograd, creators, creation_op)
        self.children = {}
        for creator in creators or []:
            creator.children[self.id] = creator.children.get(self.id, -1) + 1


class _CountsNothing(Counting):
    def __init__(self, data, autograd=False, creators=None, creation_op=None):
        Numbered.__init__(self, data, autograd, creators, creation_op)
        self.children = {}


class _AnyZero(Counting):
    def all_children_grads_accounted_for(self):
        return any(count == 0 for count in self.children.values())


class _SaysNothing(Counting):
    def all_children_grads_accounted_for(self):
        return None


class _NeverTrue(Counting):
    def all_children_grads_accounted_for(self):
        return False if any(self.children.values()) else None


class _AllOwe(Counting):
    def all_children_grads_accounted_for(self):
        return all(self.children.values())

_OWN_CHILDREN = (
    "The new tensor has counted in its own `children`. But it is the child here: it belongs into "
    "the `children` of its creators."
)

_ALL_OF_THEM = (
    "One child that has paid is not enough, and a tensor without children waits for nobody: "
    "all of them must have paid."
)


Q4 = [
    Mistake(
        "In `x + x` the same child uses `x` twice, so it owes two gradients; you have "
        "counted one. Do not set the number to 1: make it larger by 1.",
        _CountsOne,
    ),
    Mistake(
        _OWN_CHILDREN,
        _CountsOwn,
    ),
    Mistake(_OWN_CHILDREN, _CountsInItself),
    Mistake(
        "The count stands under a wrong key, such as the creator's own `id`. It is to "
        "stand under the child's: who is the child inside this `__init__`?",
        _WrongKey,
    ),
    Mistake(
        "Each child is counted, but not under its number. The key is to be the `id` that "
        "`Numbered` has given to the child.",
        _SelfAsKey,
    ),
    Mistake(
        "The count is one too small: when a child uses you for the first time, it owes 1 "
        "already.",
        _StartsAtZero,
    ),
    Mistake(
        "No creator has counted anything: its `children` is still empty. Go through the "
        "`creators` that `__init__` is given.",
        _CountsNothing,
    ),
    Mistake(
        "A tensor that you typed in has `creators=None`, and one cannot go through `None` "
        "in a loop. Count only if there are creators.",
        _NeedsCreators,
    ),
    Mistake(
        "When a child shows up for the first time, there is no number yet that could be "
        "made larger, and Python says `KeyError`. What is the count before the first one? "
        "A dictionary's `get` can help.",
        _NoKeyYet,
    ),
    Mistake(
        "A child stays in the dictionary when it has paid: its number is 0 then. Look at "
        "the numbers, not at whether the dictionary is empty.",
        _NobodyEver,
    ),
    Mistake(_ALL_OF_THEM, _OneIsEnough),
    Mistake(_ALL_OF_THEM, _AnyZero),
    Mistake(
        "`all_children_grads_accounted_for()` gives back nothing, which is `None`. To "
        "print the answer is not enough: which word hands it back?",
        _SaysNothing,
    ),
    Mistake(
        "It says `False` in the right places, but never `True`. What comes back when the "
        "loop has found nobody who owes anything?",
        _NeverTrue,
    ),
    Mistake(
        "`all(…)` of the numbers themselves asks whether each is different from 0, so "
        "whether everybody still owes something. Compare each of them with 0.",
        _AllOwe,
    ),
    Mistake(
        "Only the first child decides here. If it has paid, the others may still owe "
        "something: `return` inside a loop ends the loop at once.",
        _FirstDecides,
    ),
    Mistake(
        "It is the wrong way round: `True` is to say that nobody owes anything, and so a "
        "tensor without children answers `True`.",
        _WrongWayRound,
    ),
]

# Exercise 5


class _Waits(Counting):
    def backward(self, grad, grad_origin=None):
        if not self.autograd:
            return
        if grad_origin is not None:
            self.pay(grad_origin)
        self.keep(grad)
        if self.ready(grad_origin):
            self.hand_on(grad)

    def pay(self, child):
        if self.children[child.id] == 0:
            raise RuntimeError("cannot backprop more than once")
        self.children[child.id] -= 1

    def keep(self, grad):
        before = 0 if self.grad is None else self.grad.data
        self.grad = type(self)(before + grad.data)

    def ready(self, grad_origin):
        return grad_origin is None or self.all_children_grads_accounted_for()

    def hand_on(self, grad):
        for creator in self.creators or []:
            creator.backward(self.grad, self)


class _Impatient(_Waits):
    def ready(self, grad_origin):
        return True


class _HandsOnLast(_Waits):
    def hand_on(self, grad):
        for creator in self.creators or []:
            creator.backward(grad, self)


class _Overwrites(_Waits):
    def keep(self, grad):
        self.grad = grad


class _AddsInPlace(_Waits):
    def keep(self, grad):
        if self.grad is None:
            self.grad = grad
        else:
            self.grad.data += grad.data


class _NeverPaid(_Waits):
    def pay(self, child):
        if self.children[child.id] == 0:
            raise RuntimeError("cannot backprop more than once")


class _NeverRefuses(_Waits):
    def pay(self, child):
        self.children[child.id] -= 1


class _Nameless(_Waits):
    def hand_on(self, grad):
        for creator in self.creators or []:
            creator.backward(self.grad)


class _NotByHand(_Waits):
    def ready(self, grad_origin):
        return self.all_children_grads_accounted_for()


class _OnlyByHand(_Waits):
    def ready(self, grad_origin):
        return grad_origin is None


class _NoEnd(_Waits):
    def hand_on(self, grad):
        for creator in self.creators:
            creator.backward(self.grad, self)


class _OwnKey(_Waits):
    def pay(self, child):
        super().pay(self)


class _RefusesOpen(_Waits):
    def pay(self, child):
        if self.children[child.id] != 0:
            raise RuntimeError("cannot backprop more than once")
        self.children[child.id] -= 1


class _PaysAll(_Waits):
    def pay(self, child):
        if self.children[child.id] == 0:
            raise RuntimeError("cannot backprop more than once")
        self.children[child.id] = 0


class _AsksNobody(_Waits):
    def backward(self, grad, grad_origin=None):
        if self.autograd:
            self.pay(grad_origin)


class _NothingThere(_Waits):
    def keep(self, grad):
        self.grad = type(self)(self.grad.data + grad.data)


class _SendsFirst(_Waits):
    def backward(self, grad, grad_origin=None):
        if not self.autograd:
            return
        if grad_origin is not None:
            self.pay(grad_origin)
        if self.ready(grad_origin):
            self.hand_on(grad)
        self.grad = grad if self.grad is None else type(self)(self.grad.data + grad.data)


Q5 = [
    Mistake(
        "A tensor has handed on before all of its gradients had arrived. When the next one "
        "came, it handed on again, and its creators refused it. When may it hand on?",
        _Impatient,
    ),
    Mistake(
        "It waits for all gradients, but then hands on only the last one, `grad`. What has "
        "been waited for is in `self.grad`.",
        _HandsOnLast,
    ),
    Mistake(
        "The second gradient takes the place of the first. They have to be added up, "
        "as in exercise 3.",
        _Overwrites,
    ),
    Mistake(
        "You have changed the numbers inside a gradient, and other tensors hold the very "
        "same one. Make a new `Tensor` for the sum.",
        _AddsInPlace,
    ),
    Mistake(_NONE_YET, _NothingThere),
    Mistake(
        "When somebody calls by hand, `grad_origin` is `None`, and `None` has no `id`. Ask "
        "first whether there is a child at all.",
        _AsksNobody,
    ),
    Mistake(
        "A child that has used you twice owes two gradients. When the first comes, it "
        "still owes one: make the number smaller by 1, and do not set it to 0.",
        _PaysAll,
    ),
    Mistake(
        "You hand on `self.grad` before the new gradient is in it. First keep, then hand "
        "on: the order of the three comments is the order of the work.",
        _SendsFirst,
    ),
    Mistake(
        "The gradient arrives at a tensor in the middle, and stays there: the tensor "
        "waits for ever. Who makes the number in `children` smaller when a gradient has "
        "come?",
        _NeverPaid,
    ),
    Mistake(
        "The second way back goes through without an error. Before you make the count "
        "smaller, look whether this child still owes something. If not, `raise` the error: "
        "to print it, or to `return`, does not stop anybody.",
        _NeverRefuses,
    ),
    Mistake(
        "When you hand on, you do not say who you are. So the creator thinks that somebody "
        "has called by hand, and does not wait. `backward` takes a second argument.",
        _Nameless,
    ),
    Mistake(
        "When `backward` is called by hand in the middle of a graph (`grad_origin` is "
        "`None`), it has to hand on at once: nobody else is going to call.",
        _NotByHand,
    ),
    Mistake(
        "It hands on only when called by hand. When the last gradient has come from a "
        "child, it is to hand on as well. (And that gradient has to be crossed off before "
        "you ask whether all are in.)",
        _OnlyByHand,
    ),
    Mistake(
        "A tensor that you typed in has no creators: there the way back ends. Hand on only "
        "if there is somebody to hand on to.",
        _NoEnd,
    ),
    Mistake(
        "`children` has no such key: it knows the `id` of each child, and nothing else. "
        "Whose `id` do you look up? And when you hand on, whom do you name as the sender?",
        _OwnKey,
    ),
    Mistake(
        "It is refused although the child still owes a gradient. Only who owes nothing "
        "any more, so 0, is to be refused.",
        _RefusesOpen,
    ),
]
