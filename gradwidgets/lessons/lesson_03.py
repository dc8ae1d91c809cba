"""Lesson 3: a tensor that is used twice gets two gradients: add them up, and wait for all."""

from __future__ import annotations

import itertools

import numpy as np

from gradwidgets.lessons.cases import Case, gradient_case
from gradwidgets.lessons.code import Code, Mistake, Task
from gradwidgets.lessons.questions import FindNode, Predict
from gradwidgets.lessons.steps import Tensor_V1, Tensor_V3

TITLE = "Used twice"
NOTEBOOK = "03_used_twice.ipynb"

numbers = itertools.count()


class AddsUp(Tensor_V1):
    """Adds its gradients up, and hands on each of them as soon as it has come."""

    def backward(self, grad):
        if self.grad is None:
            self.grad = type(self)(grad.data)
        else:
            self.grad = type(self)(self.grad.data + grad.data)
        if self.creation_op == "add":
            self.creators[0].backward(grad)
            self.creators[1].backward(grad)


class Numbered:
    """Has a number of its own, and says whether it wants a gradient."""

    def __init__(self, data, autograd=False, creators=None, creation_op=None):
        self.data = np.array(data)
        self.autograd = autograd
        self.creators = creators
        self.creation_op = creation_op
        self.grad = None
        self.id = next(numbers)

    def __add__(self, other):
        if self.autograd or other.autograd:
            return type(self)(self.data + other.data, True, [self, other], "add")
        return type(self)(self.data + other.data)

    def __repr__(self):
        return repr(self.data)

    def __str__(self):
        return str(self.data)


class Counting(Numbered):
    """Counts how many gradients each of its children still owes it."""

    def __init__(self, data, autograd=False, creators=None, creation_op=None):
        super().__init__(data, autograd, creators, creation_op)
        self.children = {}
        for creator in creators or []:
            creator.children[self.id] = creator.children.get(self.id, 0) + 1

    def all_children_grads_accounted_for(self):
        return all(count == 0 for count in self.children.values())


q1 = Predict(
    "03.q1",
    "the gradient of b",
    "`d = a + b`, `e = b + c` and `f = d + e`, with five numbers in each. A gradient of "
    "`[1, 1, 1, 1, 1]` is sent into `f`. What is the gradient of `b`?",
    expected=[2, 2, 2, 2, 2],
    because="If a number of `b` grows by 1, `d` grows by 1 and `e` grows by 1, so `f` grows by 2. "
    "Where two ways lead to the result, their gradients add up.",
    wrong=[
        ([1, 1, 1, 1, 1], "That is the gradient of `a`. But how many ways lead from `b` to `f`?"),
        ([2], "The right number, but `b` has five numbers, and each has its own gradient."),
        (
            [4, 4, 4, 4, 4],
            "Those are the numbers in `b`, twice. The gradient of a sum does not depend on them.",
        ),
        ([0.5] * 5, "Nothing is shared out: each way counts in full."),
    ],
    hints=[
        "Let one number of `b` grow by 1. By how much does `d` grow? And `e`?",
        "`f` is the sum of the two.",
    ],
)


def _one_used_twice() -> tuple[Tensor_V1, dict[str, Tensor_V1]]:
    a, b, c, d = Tensor_V1([1, 2]), Tensor_V1([0, 3]), Tensor_V1([-1, 1]), Tensor_V1([2, -2])
    e, f = a + b, c + d
    g = e + c
    total = g + f
    total.backward(Tensor_V1([1, 3]))
    names = {"a": a, "b": b, "c": c, "d": d, "e": e, "f": f, "g": g, "total": total}
    return total, names


q2 = FindNode(
    "03.q2",
    "find the wrong one",
    "`Tensor_V1` has sent `[1, 3]` into `total`. One tensor of this graph now has a wrong "
    "gradient. Which?",
    build=_one_used_twice,
    answer="c",
    because="Two arrows leave `c`: it is in `f` and in `g`. So it should have [2, 6], but the "
    "second gradient has taken the place of the first.",
    wrong={
        "total": "`total` is where we have sent [1, 3] in, and there it is.",
        **{
            name: f"Only one arrow leaves `{name}`: it is used once, and one gradient is all it "
            "gets. Look for one that is used twice."
            for name in "abdefg"
        },
    },
    hints=[
        "It goes wrong where two gradients arrive.",
        "Two gradients arrive where two arrows leave. Follow the arrows of each leaf downwards.",
    ],
)

# Exercise 3: what goes wrong when gradients are added up.


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


def _several_ways(make: str) -> list[Case]:
    """Return cases in which leaves, and what is made of them, are used more than once."""
    return [
        gradient_case({"x": [1, 2]}, "z = x + x", "z", [1, 1], make),
        gradient_case(
            {"a": [1, 2], "b": [2, 2], "c": [5, 4]},
            "d = a + b\ne = b + c\nf = d + e",
            "f",
            [1, 3],
            make,
        ),
        gradient_case(
            {"x": [1, 2], "y": [3, 4]}, "h = x + y\nz = h + h", "z", [1, 1], make
        ),
        gradient_case(
            {"x": [1, 2], "y": [3, 4]}, "h = x + y\nd = h + x\ne = y + h\nz = d + e", "z", [1, 2],
            make,
        ),
        gradient_case(
            {"x": [[1, 2], [3, 4]]}, "h = x + x\nk = h + h\nz = k + h", "z", [[1, 0], [-2, 3]], make
        ),
    ]  # fmt: skip


def _random_ways(make: str):
    def random(rng: np.random.Generator, size: int) -> Case:
        names = "abcd"[: size + 1]
        inputs = {name: rng.integers(-9, 10, size) for name in names}
        h = " + ".join(rng.choice(list(names), size + 1))
        rest = [*names, "h", *["h"] * int(rng.integers(0, 2))]
        forward = f"h = {h}\nz = {' + '.join(rng.permutation(rest))}"
        return gradient_case(inputs, forward, "z", rng.integers(1, 9, size), make)

    return random


_NONE_YET = (
    "When the first gradient comes, `self.grad` is still `None`, and one cannot add to `None`. "
    "The first one needs a line of its own."
)

q3 = Code(
    "03.q3",
    "add them up",
    "Write `backward` anew: the first gradient that arrives is kept, and each further one is added "
    "to it. What has just arrived, `grad`, is handed on to both creators, as before.",
    task=Task(
        "Tensor",
        AddsUp,
        _several_ways("Tensor({})"),
        methods=("backward",),
        random=_random_ways("Tensor({})"),
        mistakes=[
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
        ],
    ),
    hints=[
        "Two cases: `self.grad` is still `None`, or there is a gradient already.",
        "An `if` and an `else`. In the `else`, make a new `Tensor` of the sum of two arrays.",
        "The two arrays are `self.grad.data` and `grad.data`. Below the `if` and `else`, the "
        "last three lines of `Tensor_V1.backward` stay as they are.",
    ],
    solution='''
class Tensor(Tensor_V1):
    def backward(self, grad):
        if self.grad is None:
            self.grad = Tensor(grad.data)
        else:
            self.grad = Tensor(self.grad.data + grad.data)
        if self.creation_op == "add":
            self.creators[0].backward(grad)
            self.creators[1].backward(grad)
''',
    praise="Two ways, two gradients, one sum.",
)

# Exercise 4: what goes wrong with counting.


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


_TWO_LEAVES = "x = Tensor([1, 2], autograd=True)\ny = Tensor([3, 4], autograd=True)\n"
_DIAMOND = (
    "a = Tensor([1, 2], autograd=True)\nb = Tensor([2, 2], autograd=True)\n"
    "c = Tensor([5, 4], autograd=True)\nd = a + b\ne = b + c\n"
)
_OWN_CHILDREN = (
    "The new tensor has counted in its own `children`. But it is the child here: it belongs into "
    "the `children` of its creators."
)
_ALL_OF_THEM = (
    "One child that has paid is not enough, and a tensor without children waits for nobody: "
    "all of them must have paid."
)
_ALL_IN = "all_children_grads_accounted_for()"

q4 = Code(
    "03.q4",
    "count the children",
    "A new tensor tells each of its creators: you have a child more, and it owes you a gradient. "
    "In `creator.children`, the `id` of the child gets the number of gradients it owes; in `x + x` "
    "these are 2. And `all_children_grads_accounted_for()` says whether nothing is owed any more.",
    task=Task(
        "Tensor",
        Counting,
        [
            Case("x = Tensor([1, 2], autograd=True)", ("len(x.children)", f"x.{_ALL_IN}")),
            Case(
                _TWO_LEAVES + "z = x + y",
                (
                    "len(z.children)",
                    "len(x.children)",
                    "x.children.get(z.id)",
                    "y.children.get(z.id)",
                    f"x.{_ALL_IN}",
                    f"z.{_ALL_IN}",
                ),
            ),
            Case(
                "x = Tensor([1, 2], autograd=True)\nz = x + x",
                ("len(x.children)", "x.children.get(z.id)"),
            ),
            Case(
                _DIAMOND,
                ("len(b.children)", "b.children.get(d.id)", "b.children.get(e.id)"),
            ),
            Case(_DIAMOND + "b.children = {d.id: 0, e.id: 1}", (f"b.{_ALL_IN}",)),
            Case(_DIAMOND + "b.children = {d.id: 1, e.id: 0}", (f"b.{_ALL_IN}",)),
            Case(_DIAMOND + "b.children = {d.id: 0, e.id: 0}", (f"b.{_ALL_IN}",)),
        ],
        names={"Numbered": Numbered},
        methods=("__init__", "all_children_grads_accounted_for"),
        mistakes=[
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
        ],
    ),
    hints=[
        "Go through `creators` with a loop, if there are any. Who is the child? `self`.",
        "The count is `creator.children[self.id]`, and for the first time it begins at 0. "
        "`creator.children.get(self.id, 0)` gives the number that is there, or else 0.",
        "For the second method: `self.children.values()` gives all the numbers. `all(…)` is true "
        "if everything in it is true, and so it is when there is nothing in it.",
    ],
    solution='''
class Tensor(Numbered):
    def __init__(self, data, autograd=False, creators=None, creation_op=None):
        super().__init__(data, autograd, creators, creation_op)
        self.children = {}
        for creator in creators or []:
            creator.children[self.id] = creator.children.get(self.id, 0) + 1

    def all_children_grads_accounted_for(self):
        return all(count == 0 for count in self.children.values())
''',
    praise="Every tensor now knows how many gradients it has to wait for.",
)

# Exercise 5: what goes wrong with waiting. Each has one part of the method wrong.


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


q5 = Code(
    "03.q5",
    "wait for all of them",
    "Write `backward(self, grad, grad_origin=None)`; `grad_origin` is the child that the gradient "
    "comes from, or `None` if somebody has called by hand. A child that owes nothing any more is "
    'refused: `raise RuntimeError("cannot backprop more than once")`. Otherwise it owes one '
    "less. Add the gradient up; and when all are in, or it was called by hand, hand the sum on.",
    task=Task(
        "Tensor",
        Tensor_V3,
        [
            *_several_ways("Tensor({}, autograd=True)"),
            Case(
                "x = Tensor([1, 2], autograd=True)\nc = Tensor([3, 4])\nz = x + c\n"
                "z.backward(Tensor([1, 1]))",
                ("x.grad.data", "c.grad"),
                root="z",
            ),
            Case(
                _DIAMOND + "f = d + e\nd.backward(Tensor([1, 1]))",
                ("d.grad.data", "a.grad.data", "b.grad.data", "c.grad"),
                root="d",
            ),
            Case(
                "x = Tensor([1, 2], autograd=True)\ny = Tensor([1, 2], autograd=True)\nz = x + y\n"
                "h = z + x\ng = z + h\ng.backward(Tensor([1, 1]))\ng.backward(Tensor([1, 1]))",
                raises=True,
                why="The second way back through the same graph has to be refused: by then every "
                "child has paid what it owed.",
            ),
        ],
        names={"Counting": Counting},
        methods=("backward",),
        random=_random_ways("Tensor({}, autograd=True)"),
        mistakes=[
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
        ],
    ),
    hints=[
        "Three parts, one below the other: who sends it, keep it, hand it on.",
        "Who sends it: only if `grad_origin is not None`, look at "
        "`self.children[grad_origin.id]`. Is it 0? Raise. Else make it smaller by 1.",
        "Keep it: the `if` and `else` of exercise 3. Hand it on: the condition is "
        "`grad_origin is None or self.all_children_grads_accounted_for()`.",
        "Inside this condition, as before: if it was made by `add`, call both creators. But hand "
        "on `self.grad`, and as the second argument `self`.",
    ],
    solution='''
class Tensor(Counting):
    def backward(self, grad, grad_origin=None):
        if not self.autograd:
            return
        if grad_origin is not None:
            if self.children[grad_origin.id] == 0:
                raise RuntimeError("cannot backprop more than once")
            self.children[grad_origin.id] -= 1
        if self.grad is None:
            self.grad = Tensor(grad.data)
        else:
            self.grad = Tensor(self.grad.data + grad.data)
        if grad_origin is None or self.all_children_grads_accounted_for():
            if self.creation_op == "add":
                self.creators[0].backward(self.grad, self)
                self.creators[1].backward(self.grad, self)
''',
    praise="Each tensor waits until it knows all, and speaks once. This is the whole secret.",
)

EXERCISES = (q1, q2, q3, q4, q5)
