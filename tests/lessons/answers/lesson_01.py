"""Answers to lesson 1."""

from __future__ import annotations


def _box(init: str, add: str) -> str:
    return (
        "class Tensor:\n    def __init__(self, data):\n"
        + _indented(init)
        + "\n    def __add__(self, other):\n"
        + _indented(add)
    )


def _texts(official: str, readable: str) -> str:
    return (
        "class Tensor(Box):\n    def __repr__(self):\n"
        + _indented(official)
        + "\n    def __str__(self):\n"
        + _indented(readable)
    )


def _indented(body: str) -> str:
    return "".join(f"        {line}\n" for line in body.strip().splitlines())


KEEP = "self.data = np.array(data)"

RIGHT = {
    "q1": [
        _box(
            "array = np.asarray(data)\nself.data = array.copy()",
            "total = np.add(self.data, other.data)\nreturn self.__class__(total)",
        ),
        _box(
            KEEP,
            '''
result = Tensor(self.data)
result.data = other.data + result.data
return result
''',
        ),
        '''
class Tensor:
    """An array in a box."""

    def __init__(self, data):
        setattr(self, "data", np.array(data))

    __add__ = lambda x, y: type(x)(x.data + y.data)
''',
    ],
    "q3": [
        _texts("return self.data.__repr__()", "return self.data.__str__()"),
        _texts('return f"{self.data!r}"', 'return f"{self.data}"'),
        '''
class Tensor:
    def __init__(self, data):
        self.data = np.array(data)

    def __add__(self, other):
        return Tensor(self.data + other.data)

    def __repr__(self):
        return str(repr(self.data))

    def __str__(self):
        return np.array2string(self.data)
''',
    ],
}

WRONG = {
    "q1": [
        (_box("self.data = data", "return Tensor(self.data + other.data)"), "strings them"),
        (_box("data = np.array(data)", "return Tensor(self.data + other.data)"), "no `data`"),
        (_box(KEEP, "return np.add(self.data, other.data)"), "a bare array"),
        (_box(KEEP, "total = Tensor(self.data + other.data)"), "never leaves"),
        (_box(KEEP, "self.data += other.data\nreturn self"), "has changed `x`"),
        (_box(KEEP, "return Tensor(self.data + other)"), "Take the array out of the other box"),
        (_box(KEEP, "return Tensor(np.sum(self.data) + np.sum(other.data))"), "one single number"),
        (
            _box(KEEP, "return Tensor(np.array([*self.data, *other.data]))"),
            "one behind the other",
        ),
        (_box(KEEP, "return Tensor(self.data + self.data)"), "`z.data` is not"),
        (_box(KEEP, "return Tensor(self + other)"), "calls itself again and again"),
        (_box(KEEP, "return Tensor(self.data + other.dta)"), "AttributeError"),
    ],
    "q3": [
        (_texts('return f"{self.data}"', "return str(self.data)"), "begins with `array(`"),
        (_texts("return repr(self.data)", "return repr(self.data)"), "in `__str__`"),
        (_texts("return str(self.data)", "return repr(self.data)"), "the wrong way round"),
        (_texts("return self.data", "return self.data"), "wants a text"),
        (_texts("print(repr(self.data))", "print(self.data)"), "Which word is missing"),
        (_texts("return self.__repr__()", "return self.__str__()"), "Ask the array instead"),
        (
            _texts('return "Tensor(" + str(self.data.tolist()) + ")"', "return str(self.data)"),
            "would make a Tensor again",
        ),
    ],
}
