"""Answers to lesson 11."""

from __future__ import annotations

import re

NAMES = {"Tensor_Bugs8": "Tensor6", "Tensor_Bugs6": "Tensor4", "Tensor_Bugs4": "Tensor1"}


def _cell(base: str, *methods: str) -> str:
    """Return a class with methods, each as its lines, the first of them the signature.

    Its name is that of its exercise; in the methods it may be called `Tensor`.
    """
    name = NAMES.get(base, "Tensor0")
    lines = [f"class {name}({base}):"]
    for method in methods:
        head, *body = method.strip("\n").splitlines()
        lines += [f"    def {head}:", *(f"        {line}" for line in body), ""]
    head = "import itertools, random, sys\nnumbers = itertools.count()\n\n"
    return head + re.sub(r"\bTensor\b", name, "\n".join(lines))


def _hand_on(body: str) -> str:
    return _cell("Tensor_Bugs8", "hand_on(self)\n" + body.strip("\n"))


def _store(stored: str, next_id: str = "return next(numbers)") -> str:
    return _cell("Tensor_Bugs6", f"stored(self, data)\n{stored}", f"next_id(self)\n{next_id}")


HALVED = 'return self.result((1 + np.tanh(self.data / 2)) / 2, [self], "sigmoid")'
ANY = """if any(creator.autograd for creator in creators):
    return Tensor(data, True, creators, creation_op)
return Tensor(data)"""


def _result(result: str = ANY, sigmoid: str = HALVED) -> str:
    return _cell(
        "Tensor_Bugs4",
        f"result(self, data, creators, creation_op)\n{result}",
        f"sigmoid(self)\n{sigmoid}",
    )


def _backward(body: str, head: str = "backward(self, grad)") -> str:
    return _cell("Tensor_Bugs1", f"{head}\n" + body.strip("\n"))


def _sgd(zero: str, step: str) -> str:
    lines = ["class SGD(SGD_Bug):", "    def zero(self):"]
    lines += [f"        {line}" for line in zero.strip("\n").splitlines()]
    lines += ["", "    def step(self, zero=True):"]
    lines += [f"        {line}" for line in step.strip("\n").splitlines()]
    return "\n".join(lines) + "\n"


ZERO = """
for parameter in self.parameters:
    if parameter.grad is not None:
        parameter.grad.data *= 0
"""
STEP = """
for parameter in self.parameters:
    if parameter.grad is not None:
        parameter.data -= self.alpha * parameter.grad.data
if zero:
    self.zero()
"""

RIGHT = {
    "q2": [
        _hand_on("""
for pair in self.parts():
    pair[0].backward(grad=Tensor(np.copy(pair[1].data)), grad_origin=self)
"""),
        _hand_on("""
creators = [creator for creator, _ in self.parts()]
gradients = [type(self)(grad.data + 0) for _, grad in self.parts()]
for number in range(len(creators)):
    creators[number].backward(gradients[number], self)
"""),
    ],
    "q3": [
        # Floats for everybody, and a counter in the class.
        '''
class Tensor4(Tensor_Bugs6):
    made = 0

    def stored(self, data):
        return np.array(data).astype(float)

    def next_id(self):
        Tensor4.made += 1
        return Tensor4.made
''',
        '''
import uuid

class Tensor4(Tensor_Bugs6):
    def stored(self, data):
        array = np.array(data)
        if self.autograd and array.dtype.kind != "f":
            array = array.astype(float)
        return array

    def next_id(self):
        return uuid.uuid1().int
''',
    ],
    "q4": [
        # With a sigmoid that looks at the sign.
        _result(
            """wanted = False
for creator in creators:
    wanted = wanted or creator.autograd
return Tensor(data, True, creators, creation_op) if wanted else Tensor(data)""",
            """small = np.exp(-np.abs(self.data))
values = np.where(self.data < 0, small / (1 + small), 1 / (1 + small))
return self.result(values, [self], "sigmoid")""",
        ),
        _result(
            """if sum(creator.autograd for creator in creators) == 0:
    return type(self)(data)
return type(self)(data, autograd=True, creators=creators, creation_op=creation_op)""",
            """values = 1 / (1 + np.exp(-np.clip(self.data, -500, 500)))
if not self.autograd:
    return Tensor(values)
return Tensor(values, True, [self], "sigmoid")""",
        ),
    ],
    "q5": [
        # From the front of the list, so that the first in is the first out.
        _backward("""
from collections import deque
waiting = deque([(self, grad, None)])
while len(waiting) > 0:
    tensor, gradient, origin = waiting.popleft()
    if not tensor.take(gradient, origin):
        continue
    waiting.extend((creator, Tensor(g.data), tensor) for creator, g in tensor.parts())
"""),
        # A list of tensors that are ready, instead of one of gradients on their way.
        _backward("""
self.take(grad, None)
ready = [self]
for tensor in ready:
    for creator, part in tensor.parts():
        if creator.take(type(self)(part.data), tensor):
            ready.append(creator)
"""),
    ],
    "q7": [
        # Skipping, and with new arrays instead of changed ones.
        _sgd(
            """
for p in self.parameters:
    if p.grad is None:
        continue
    p.grad.data = np.zeros_like(p.grad.data)
""",
            """
for p in self.parameters:
    if p.grad is None:
        continue
    p.data = p.data - p.grad.data * self.alpha
    if zero:
        p.grad.data *= 0
""",
        ),
        # Forgetting the gradient instead of setting it to zero.
        _sgd(
            "for p in self.parameters:\n    p.grad = None",
            """
moving = [p for p in self.parameters if p.grad is not None]
for p in moving:
    p.data -= self.alpha * p.grad.data
if zero:
    self.zero()
""",
        ),
    ],
}

WRONG = {
    "q2": [
        (
            _hand_on("for to, g in self.parts():\n    to.backward(Tensor(g.data.copy()))"),
            "Nobody is told who sends",
        ),
        (
            _hand_on("for to, g in self.parts():\n    to.backward(g, grad_origin=self)"),
            "one and the same array",
        ),
        (
            _hand_on("""
for to, g in self.parts():
    new = Tensor([0.0])
    new.data = g.data
    to.backward(new, self)
"""),
            "one and the same array",
        ),
        (
            _hand_on("for to, g in self.parts():\n    to.backward(Tensor(g.data), to)"),
            "the tensor that sends",
        ),
        (
            _hand_on("""
for to in self.creators or []:
    to.backward(Tensor(self.grad.data), self)
"""),
            "so the rules are not applied",
        ),
        (
            _hand_on("""
known = self.creation_op in {"mul", "add", "sub"}
for to, g in self.parts():
    to.backward(Tensor(g.data), self if known else None)
"""),
            "only three of the operations",
        ),
        (_hand_on("for to, g in self.parts():\n    to.backward(Tensor(-g.data), self)"), "sign"),
        (_hand_on("for to, g in self.parts():\n    to.backward(Tensor(g.dat), self)"), "'dat'"),
    ],
    "q3": [
        (_store("return data"), "shares its array"),
        (_store("self.data = np.array(data, dtype=float)"), "gives back nothing"),
        (
            _store("return np.array(data, dtype=float) if self.autograd else None"),
            "without autograd has no array",
        ),
        (
            _store("return np.array(data) * 1.0", "return np.random.randint(0, 100000)"),
            "still drawn from `np.random`",
        ),
        (
            _store("return np.array(data, float)", "return random.randrange(100000)"),
            "Python's own `random`",
        ),
        (_store("return np.array(data, copy=True)"), "Whole numbers stay whole"),
        (
            _store("return data if isinstance(data, np.ndarray) else np.array(data, float)"),
            "shares its array",
        ),
        (_store("return np.array(data, dtype=np.float64)", "return id(self)"), "an address"),
        (_store("return np.array(data, dtype=float)", "return 7"), "the same number"),
        (_store("return data.astype(float)"), "AttributeError"),
    ],
    "q4": [
        (
            _result("""wanted = creators[0].autograd or creators[1].autograd
return Tensor(data, True, creators, creation_op) if wanted else Tensor(data)"""),
            "Not every operation has two creators",
        ),
        (
            _result("""if False in [creator.autograd for creator in creators]:
    return Tensor(data)
return Tensor(data, True, creators, creation_op)"""),
            "One creator with autograd has to be enough",
        ),
        (
            _result("""if self.autograd:
    return Tensor(data, True, creators, creation_op)
return Tensor(data)"""),
            "You ask the first creator only",
        ),
        (
            _result("""asking = list(filter(lambda creator: creator.autograd, creators))
if asking:
    return Tensor(data, True, asking, creation_op)
return Tensor(data)"""),
            "keep both creators in the list",
        ),
        (
            _result("return Tensor(data, True, creators=creators, creation_op=creation_op)"),
            "Now everything has a graph",
        ),
        (
            _result(
                sigmoid='v = 1.0 / (1.0 + np.exp(-1 * self.data))\n'
                'return self.result(v, [self], "sigmoid")'
            ),
            "too large for a float when `x` is -1000",
        ),
        (
            _result(
                sigmoid="v = np.exp(self.data) / (np.exp(self.data) + 1)\n"
                'return self.result(v, [self], "sigmoid")'
            ),
            "no number",
        ),
        (
            _result(sigmoid="return Tensor((np.tanh(self.data * 0.5) + 1) * 0.5)"),
            "but without a graph",
        ),
        (
            _result(
                sigmoid='return self.result(0.5 + 0.5 * np.tanh(self.data), [self], "sigmoid")'
            ),
            "has to be halved",
        ),
    ],
    "q5": [
        (
            _backward("""
todo = [(self, grad, None)]
while todo:
    tensor, gradient, origin = todo.pop()
    if tensor.take(gradient, origin):
        todo += [(creator, Tensor(part.data), creator) for creator, part in tensor.parts()]
"""),
            "always `tensor`",
        ),
        (
            _backward(
                """
if self.take(grad, grad_origin):
    for creator, part in self.parts():
        creator.backward(Tensor(part.data), self)
""",
                "backward(self, grad, grad_origin=None)",
            ),
            "a chain of 3000 additions is too deep",
        ),
        (
            _backward(
                """
sys.setrecursionlimit(500_000)
if self.take(grad, grad_origin):
    for creator, part in self.parts():
        creator.backward(Tensor(part.data), self)
""",
                "backward(self, grad, grad_origin=None)",
            ),
            "the wall is only further away",
        ),
        (
            _backward("""
waiting = [(self, grad, None)]
for tensor, grad, origin in list(waiting):
    if tensor.take(grad, origin):
        for creator, part in tensor.parts():
            creator.take(Tensor(part.data), tensor)
"""),
            "It stops after one step",
        ),
        (
            _backward("""
todo = [(self, grad, None)]
while todo:
    tensor, gradient, origin = todo.pop()
    tensor.take(gradient, origin)
    todo += [(creator, Tensor(part.data), tensor) for creator, part in tensor.parts()]
"""),
            "whether or not all gradients have come",
        ),
        (
            _backward("""
todo = [(self, grad, None)]
while todo:
    tensor, gradient, origin = todo.pop()
    if tensor.take(gradient, origin):
        todo += [(creator, Tensor(part.data), None) for creator, part in tensor.parts()]
"""),
            "That was bug 1",
        ),
        (
            _backward("""
todo = [(self, grad, None)]
while todo:
    tensor, gradient, origin = todo.pop()
    if tensor.take(gradient, origin):
        todo += [(creator, Tensor(part.data), self) for creator, part in tensor.parts()]
"""),
            "where it all began",
        ),
        (
            _backward("""
todo = [(self, grad, None)]
while todo:
    tensor, gradient, origin = todo.pop()
    if tensor.take(gradient, origin):
        todo += [(creator, part, tensor) for creator, part in tensor.parts()]
"""),
            "Bug 2 is back",
        ),
    ],
    "q7": [
        (_sgd(ZERO, STEP.replace("-= ", "=- ")), "The old value is gone"),
        (_sgd(ZERO, STEP.replace("if zero:\n    ", "    if zero:\n        ")), "behind the loop"),
        (
            _sgd(ZERO, STEP.replace("if parameter.grad is not None:\n        ",
                                    "if parameter.grad is None:\n        break\n    ")),
            "you stop, and all those behind it",
        ),
        (_sgd("for p in self.parameters:\n    p.grad.data *= 0", STEP), "`zero` reads the same"),
        (
            _sgd(
                ZERO,
                "for p in self.parameters:\n    p.data -= self.alpha * p.grad.data\n"
                "if zero:\n    self.zero()",
            ),
            "`step` still reads",
        ),
        (
            _sgd(
                ZERO,
                """
try:
    for p in self.parameters:
        p.data -= self.alpha * p.grad.data
except AttributeError:
    return
if zero:
    self.zero()
""",
            ),
            "you stop, and all those behind it",
        ),
        (
            _sgd("for p in self.parameters:\n    p.grad = Tensor(p.data * 0)", STEP),
            "should not make it up",
        ),
        (_sgd(ZERO, STEP.replace("-= self", "-= -self")), "uphill"),
        (_sgd(ZERO, STEP.replace("self.alpha * ", "")), "what has become of `alpha`"),
        (_sgd(ZERO, STEP.replace("if zero:\n    self", "self")), "`step(zero=False)`"),
        (_sgd(ZERO, STEP.replace("self.zero()", "pass")), "After `step()`"),
    ],
}
