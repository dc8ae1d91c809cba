"""Answers to lesson 3."""

from __future__ import annotations


def _adds_up(body: str) -> str:
    return "class Tensor(Tensor_V1):\n    def backward(self, grad):\n" + _indented(body)


HAND_ON = '''
if self.creation_op == "add":
    self.creators[0].backward(grad)
    self.creators[1].backward(grad)
'''


def _counts(count: str, all_in: str = "return not any(self.children.values())") -> str:
    return (
        '''
class Tensor(Numbered):
    def __init__(self, data, autograd=False, creators=None, creation_op=None):
        super().__init__(data, autograd, creators, creation_op)
        self.children = {}
'''
        + _indented(count)
        + "\n    def all_children_grads_accounted_for(self):\n"
        + _indented(all_in)
    )


COUNT = '''
if creators is not None:
    for c in creators:
        if self.id not in c.children:
            c.children[self.id] = 1
        else:
            c.children[self.id] += 1
'''

PAY = '''
if grad_origin is not None:
    if self.children[grad_origin.id] == 0:
        raise Exception("cannot backprop more than once")
    else:
        self.children[grad_origin.id] -= 1
'''
KEEP = '''
self.grad = Tensor(grad.data if self.grad is None else self.grad.data + grad.data)
'''
READY = "self.all_children_grads_accounted_for() or grad_origin is None"
SEND = '''
self.creators[0].backward(self.grad, self)
self.creators[1].backward(self.grad, self)
'''


def _waits(
    pay: str = PAY,
    keep: str = KEEP,
    ready: str = f"self.creators is not None and ({READY})",
    send: str = SEND,
) -> str:
    body = "if not self.autograd:\n    return\n" + pay + keep
    body += f"if {ready}:\n" + _indented(send, 4)
    return (
        "class Tensor(Counting):\n    def backward(self, grad, grad_origin=None):\n"
        + _indented(body)
    )


def _indented(body: str, by: int = 8) -> str:
    return "".join(f"{' ' * by}{line}\n" for line in body.strip("\n").splitlines())


RIGHT = {
    "q3": [
        _adds_up(
            "self.grad = grad if self.grad is None else Tensor(self.grad.data + grad.data)"
            + HAND_ON
        ),
        # With the plus of the tensors themselves.
        _adds_up(
            '''
if self.grad is not None:
    self.grad = self.grad + grad
else:
    self.grad = grad
for creator in self.creators or ():
    creator.backward(grad)
'''
        ),
        # A sum that begins with zeros, in an array of its own: there adding in place is harmless.
        _adds_up(
            '''
if self.grad is None:
    self.grad = Tensor(np.zeros_like(self.data))
self.grad.data += grad.data
if self.creators:
    left, right = self.creators
    left.backward(grad)
    right.backward(grad)
'''
        ),
    ],
    "q4": [
        _counts(COUNT),
        _counts(
            "for c in creators or ():\n    c.children.setdefault(self.id, 0)\n"
            "    c.children[self.id] += 1",
            '''
for id, cnt in self.children.items():
    if cnt != 0:
        return False
return True
''',
        ),
        '''
from collections import Counter

class Tensor(Numbered):
    def __init__(self, data, autograd=False, creators=None, creation_op=None):
        super().__init__(data, autograd, creators, creation_op)
        self.children = Counter()
        for creator in creators or []:
            creator.children[self.id] += 1

    def all_children_grads_accounted_for(self):
        return sum(self.children.values()) == 0
''',
    ],
    "q5": [
        _waits(),
        '''
class Tensor(Counting):
    def backward(self, grad, grad_origin=None):
        if self.autograd:
            if grad_origin is not None:
                self.children[grad_origin.id] -= 1
                if self.children[grad_origin.id] < 0:
                    raise ValueError("this child has paid already")
            self.grad = grad if self.grad is None else self.grad + grad
            waiting = grad_origin is not None and any(self.children.values())
            if not waiting:
                for creator in self.creators or []:
                    creator.backward(self.grad, grad_origin=self)
''',
        '''
class Tensor(Counting):
    def backward(self, grad, grad_origin=None):
        if not self.autograd:
            return
        if grad_origin is not None:
            owed = self.children.get(grad_origin.id, 0)
            if not owed:
                raise RuntimeError("cannot backprop more than once")
            self.children[grad_origin.id] = owed - 1
        total = np.array(grad.data)
        if self.grad is not None:
            total += self.grad.data
        self.grad = Tensor(total)
        if self.creation_op != "add":
            return
        if grad_origin is not None and not self.all_children_grads_accounted_for():
            return
        left, right = self.creators
        left.backward(Tensor(total), self)
        right.backward(Tensor(total), self)
''',
    ],
}

WRONG = {
    "q3": [
        (
            _adds_up(
                "if self.grad is None:\n    self.grad = Tensor(grad.data)\n"
                "self.grad = Tensor(self.grad.data + grad.data)" + HAND_ON
            ),
            "an `else` decides",
        ),
        (
            _adds_up(
                "if self.grad is None:\n    self.grad = grad\nelse:\n"
                "    self.grad = Tensor(self.grad + grad)" + HAND_ON
            ),
            "a tensor instead of numbers",
        ),
        (_adds_up("self.grad = Tensor(grad.data)" + HAND_ON), "only one of them is left"),
        (
            _adds_up("if not self.grad:\n    self.grad = Tensor(grad.data)" + HAND_ON),
            "nor be thrown away",
        ),
        (
            _adds_up("self.grad = Tensor(grad.data + self.grad.data)" + HAND_ON),
            "cannot add to `None`",
        ),
        (_adds_up("self.grad += grad" + HAND_ON), "The first one needs a line of its own"),
        (
            _adds_up(
                "if self.grad is None:\n    self.grad = grad\nelse:\n"
                "    np.add(self.grad.data, grad.data, out=self.grad.data)" + HAND_ON
            ),
            "other tensors hold the very same one",
        ),
        (
            _adds_up(
                "self.grad = Tensor(grad.data if self.grad is None else "
                "self.grad.data + grad.data)" + HAND_ON.replace("(grad)", "(self.grad)")
            ),
            "Hand on only what has just arrived",
        ),
        (
            _adds_up(
                "if self.grad is None:\n    self.grad = Tensor(grad.data)\n"
                + _indented(HAND_ON, 4)
                + "else:\n    self.grad = Tensor(self.grad.data + grad.data)"
            ),
            "the second one stays here",
        ),
        (
            _adds_up(
                "if self.grad is None:\n    self.grad = grad\n"
                "else:\n    self.grad = self.grad + grad"
            ),
            "not handed on any more",
        ),
        (
            _adds_up(
                "if self.grad is None:\n    self.grad = grad\nelse:\n"
                "    self.grad = Tensor(self.grad.data - grad.data)" + HAND_ON
            ),
            "`x`",
        ),
    ],
    "q4": [
        (
            _counts(
                "if creators:\n    for c in creators:\n        c.children.update({self.id: 1})"
            ),
            "In `x + x` the same child uses `x` twice",
        ),
        (
            _counts(COUNT.replace("c.children", "self.children").replace("self.id", "c.id")),
            "its own `children`",
        ),
        (_counts(COUNT.replace("self.id", "c.id")), "the creator's own `id`"),
        (
            _counts(
                "for c in creators:\n    c.children[self.id] = c.children.get(self.id, 0) + 1"
            ),
            "Count only if there are creators",
        ),
        (_counts("for c in creators or []:\n    c.children[self.id] += 1"), "`KeyError`"),
        (_counts(COUNT, "return len(self.children) == 0"), "Look at the numbers"),
        (
            _counts(COUNT, "return self.children == {} or 0 in self.children.values()"),
            "One child that has paid is not enough",
        ),
        (
            _counts(
                COUNT,
                '''
for count in self.children.values():
    if count == 0:
        return True
    else:
        return False
return True
''',
            ),
            "Only the first child decides",
        ),
        (_counts(COUNT, "return sum(self.children.values()) > 0"), "the wrong way round"),
        (_counts(COUNT.replace("c.children", "self.children")), "its own `children`"),
        (_counts(COUNT.replace("self.id", "id(self)")), "not under its number"),
        (_counts(COUNT.replace("= 1", "= 0").replace("+= 0", "+= 1")), "one too small"),
        (_counts("for c in creators or []:\n    c.children.get(self.id, 0) + 1"), "still empty"),
        (_counts(COUNT, "return 0 in self.children.values()"), "waits for nobody"),
        (_counts(COUNT, "print(not any(self.children.values()))"), "To print"),
        (
            _counts(COUNT, "for n in self.children.values():\n    if n > 0:\n        return False"),
            "but never `True`",
        ),
        (_counts(COUNT, "return all(self.children.values())"), "Compare each of them with 0"),
    ],
    "q5": [
        (_waits(ready="self.creators is not None"), "before all of its gradients had arrived"),
        (_waits(send=SEND.replace("self.grad", "grad")), "hands on only the last one"),
        (_waits(keep="self.grad = Tensor(grad.data)\n"), "as in exercise 3"),
        (_waits(keep="self.grad = Tensor(grad.data + self.grad.data)\n"), "cannot add to `None`"),
        (_waits(pay="self.children[grad_origin.id] -= 1\n"), "`None` has no `id`"),
        (_waits(pay=PAY.replace("-= 1", "= 0")), "do not set it to 0"),
        (
            _waits(
                pay=PAY + f"if {READY}:\n    if self.creators:\n" + _indented(SEND, 8),
                keep="if self.grad is None:\n    self.grad = grad\nelse:\n"
                "    self.grad = Tensor(self.grad.data + grad.data)\n",
                ready="False",
            ),
            "First keep, then hand on",
        ),
        (_waits(pay=PAY.replace("raise", "return")), "does not stop anybody"),
        (_waits(send=SEND.replace(", self)", ", self.creators[0])")), "whom do you name"),
        (
            _waits(
                keep="if self.grad is None:\n    self.grad = grad\nelse:\n"
                "    self.grad.data = np.add(self.grad.data, grad.data, out=self.grad.data)\n"
            ),
            "other tensors hold the very same one",
        ),
        (
            _waits(
                pay='''
if grad_origin is not None:
    if self.children[grad_origin.id] < 1:
        raise RuntimeError("cannot backprop more than once")
'''
            ),
            "waits for ever",
        ),
        (
            _waits(pay="if grad_origin:\n    self.children[grad_origin.id] -= 1\n"),
            "The second way back goes through",
        ),
        (_waits(send=SEND.replace(", self)", ")")), "you do not say who you are"),
        (
            _waits(ready="self.creators and self.all_children_grads_accounted_for()"),
            "in the middle of a graph",
        ),
        (_waits(ready="self.creators and not grad_origin"), "only when called by hand"),
        (_waits(ready=READY), "there the way back ends"),
        (_waits(pay=PAY.replace("grad_origin.id", "self.id")), "Whose `id`"),
        (_waits(pay=PAY.replace("== 0", "> 0")), "although the child still owes"),
        (_waits(pay=""), "waits for ever"),
    ],
}
