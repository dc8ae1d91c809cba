"""Answers to lesson 2."""

from __future__ import annotations

INIT = '''
class Tensor(Tensor_V0):
    def __init__(self, data, creators=None, creation_op=None):
        self.data = np.array(data)
        self.creators = creators
        self.creation_op = creation_op
        self.grad = None
'''


def _add(body: str) -> str:
    return INIT + "\n    def __add__(self, other):\n" + _indented(body)


def _backward(body: str) -> str:
    return (
        "class Tensor(TensorWithCreators):\n    def backward(self, grad):\n" + _indented(body)
    )


def _indented(body: str) -> str:
    return "".join(f"        {line}\n" for line in body.strip().splitlines())


RIGHT = {
    "q1": [
        # With keywords, a tuple, and the class of the tensor itself.
        '''
class Tensor(Tensor_V0):
    def __init__(self, data, creators=None, creation_op=None):
        super().__init__(data)
        self.creators, self.creation_op, self.grad = creators, creation_op, None

    def __add__(self, other):
        return self.__class__(
            data=self.data + other.data, creation_op="add", creators=(self, other)
        )
''',
        # Without inheritance, and the result filled in afterwards.
        '''
class Tensor:
    def __init__(self, data, creators=None, creation_op=None):
        self.grad = None
        self.creation_op = creation_op
        self.creators = creators
        self.data = np.asarray(data)

    def __add__(self, other):
        total = Tensor(np.add(self.data, other.data))
        total.creators = [self, other]
        total.creation_op = "add"
        return total
''',
    ],
    "q3": [
        _backward(
            '''
self.grad = grad
for creator in self.creators or []:
    creator.backward(grad)
'''
        ),
        _backward(
            '''
self.grad = Tensor(grad.data)
if self.creators is None:
    return
left, right = self.creators
left.backward(self.grad)
right.backward(self.grad)
'''
        ),
        # Without recursion.
        _backward(
            '''
waiting = [self]
while waiting:
    tensor = waiting.pop()
    tensor.grad = grad
    if tensor.creation_op == "add":
        waiting.extend(tensor.creators)
'''
        ),
    ],
}

WRONG = {
    "q1": [
        (_add("z = Tensor(self.data + other.data)\nreturn z"), "knows nothing of where it came"),
        (
            _add("return Tensor(self.data + other.data, creators=[self, other])"),
            "does not know how it was made",
        ),
        (_add("return Tensor(self.data + other.data, (self, other), '+')"), "not its sign"),
        (
            _add(
                "x, y = self.data, other.data\nreturn Tensor(x + y, creators=[x, y],"
                " creation_op='add')"
            ),
            "an array cannot take a gradient",
        ),
        (_add("return Tensor(other.data + self.data, [other, self], 'add')"), "wrong order"),
        (
            _add(
                "self.creators = [self, other]\nself.creation_op = 'add'\n"
                "return Tensor(self.data + other.data)"
            ),
            "It was `z`, the result, that was created",
        ),
        (
            '''
class Tensor(Tensor_V0):
    def __init__(self, data, creators=None, creation_op=None):
        self.data = np.array(data)
        self.creators = None
        self.creation_op = None
        self.grad = None

    def __add__(self, other):
        return Tensor(self.data + other.data, [self, other], "add")
''',
            "Look at what your `__init__` stores",
        ),
        (
            '''
class Tensor(Tensor_V0):
    def __init__(self, data, creators=None, creation_op=None):
        self.data = np.array(data)
        self.creators = creators
        self.creation_op = creation_op

    def __add__(self, other):
        return Tensor(self.data + other.data, [self, other], "add")
''',
            "A tensor has no `grad` yet",
        ),
        (_add("z = Tensor(self.data + other.data, [self, other], 'add')"), "never leaves"),
        (_add("return Tensor(self.data + self.data, [self, other], 'add')"), "`z.data` is not"),
        (_add("return np.add(self.data, other.data)"), "without a box around it"),
        (_add("return self.data + other.data, (self, other), 'add'"), "a tuple"),
        (
            "class TensorWithCreators(Tensor_V0):\n"
            + INIT.split("\n", 2)[2]
            + "\n    def __add__(self, other):\n"
            "        return TensorWithCreators(self.data + other.data, [self, other], 'add')\n"
            "class Tensor(TensorWithCreators):\n    pass\n",
            "another class than yours",
        ),
        (
            _add("both = self + other\nreturn Tensor(both, [self, other], 'add')"),
            "what is in the two",
        ),
        (
            _add(
                "self.data = self.data + other.data\nself.creators = [self, other]\n"
                "self.creation_op = 'add'\nreturn self"
            ),
            "has changed `x`",
        ),
        (
            _add("return Tensor(self.data + other.data, [self, other], 'add')").replace(
                "self.cr", "cr"
            ).replace("self.grad", "grad"),
            "without `self.` in front",
        ),
        (
            _add("return Tensor(self.data + other.data, [self, other], 'add')")
            .replace("self.creators = creators", "self.creators = creation_op")
            .replace("self.creation_op = creation_op", "self.creation_op = creators"),
            "have changed places",
        ),
        (
            _add("return Tensor(self.data + other.data, [self, other], 'add')").replace(
                "grad = None", "grad = 0"
            ),
            "0 is a gradient, too",
        ),
        (
            _add("return Tensor(self.data + other.data, [self, other], 'add')").replace(
                "self.creators =", "self.creator ="
            ),
            "`x` has no `creators`",
        ),
        (_add("return Tensor(self.dat + other.dat, [self, other], 'add')"), "AttributeError"),
    ],
    "q3": [
        (_backward("self.grad = Tensor(grad.data)"), "the creators never get one"),
        (
            _backward(
                '''
self.grad = grad
if self.creation_op == "+":
    self.creators[0].backward(grad)
    self.creators[1].backward(grad)
'''
            ),
            "the very word that `__add__` has written",
        ),
        (
            _backward(
                '''
if self.creation_op == "add":
    self.creators[0].backward(grad)
    self.creators[1].backward(grad)
'''
            ),
            "nobody keeps it",
        ),
        (
            _backward(
                '''
if self.creation_op == "add":
    self.creators[0].backward(grad)
    self.creators[1].backward(grad)
else:
    self.grad = grad
'''
            ),
            "Only the tensors at the start keep",
        ),
        (
            _backward(
                '''
self.grad = grad
if self.creators:
    return self.creators[0].backward(grad)
'''
            ),
            "Only one of the two creators",
        ),
        (
            _backward("self.grad = grad\nif self.creators:\n    self.creators[1].backward(grad)"),
            "Only one of the two creators",
        ),
        (_backward("self.grad = self.grad + grad"), "one cannot add to `None`"),
        (_backward("self.grad = grad").replace("(self, grad)", "(grad)"), "before `grad`"),
        (_backward("self.grad = grad.data"), "is a NumPy array"),
        (_backward("self.grad = Tensor(grad)"), "a tensor instead of numbers"),
        (
            _backward(
                '''
self.grad = grad
x, y = self.creators[0], self.creators[1]
x.backward(grad)
y.backward(grad)
'''
            ),
            "there the way back ends",
        ),
        (
            _backward(
                '''
self.grad = grad
if self.creation_op == "add":
    self.creators[0].grad = grad
    self.creators[1].grad = grad
'''
            ),
            "nobody tells them to hand it on",
        ),
        (
            _backward(
                '''
self.grad = grad
if self.creation_op == "add":
    half = Tensor(0.5 * grad.data)
    self.creators[0].backward(half)
    self.creators[1].backward(half)
'''
            ),
            "shared the gradient out",
        ),
        (
            _backward(
                '''
self.grad = grad
if self.creation_op == "add":
    self.creators[0].backward(self)
    self.creators[1].backward(self)
'''
            ),
            "it is the gradient that travels",
        ),
        (
            _backward(
                '''
self.grad = grad
if self.creation_op == "add":
    left, right = self.creators
    left.backward(Tensor(right.data * grad.data))
    right.backward(Tensor(left.data * grad.data))
'''
            ),
            "the rule for a product",
        ),
        (
            _backward(
                '''
self.grad = grad
if self.creation_op == "add":
    for _ in self.creators:
        self.creators[0].backward(grad)
'''
            ),
            "Only one of the two creators",
        ),
        (
            _backward(
                '''
self.grad = grad
if self.creation_op == "add":
    self.creators[0].backward(grad)
    self.creators[1].backward(Tensor(-grad.data))
'''
            ),
            "sign",
        ),
        (_backward("self.backward(grad)"), "calls itself again and again"),
    ],
}
