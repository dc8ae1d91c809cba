"""Answers to lesson 10."""

from __future__ import annotations

TANH = 'return self.result(np.tanh(self.data), [self], "tanh")'
TANH_BACK = "return [grad * (1 - self.data ** 2)]"
SIGMOID = 'return self.result(1 / (1 + np.exp(-self.data)), [self], "sigmoid")'
SIGMOID_BACK = "return [grad * self.data * (1 - self.data)]"


def _tensor(
    tanh: str = TANH,
    tanh_back: str = TANH_BACK,
    sigmoid: str = SIGMOID,
    sigmoid_back: str = SIGMOID_BACK,
) -> str:
    methods = {
        "tanh(self)": tanh,
        "tanh_backward(self, grad)": tanh_back,
        "sigmoid(self)": sigmoid,
        "sigmoid_backward(self, grad)": sigmoid_back,
    }
    lines = ["class Tensor(Tensor_V4):"]
    for head, body in methods.items():
        lines += [f"    def {head}:", *(f"        {line}" for line in body.splitlines())]
    return "\n".join(lines) + "\n"


def _layer(body: str) -> str:
    lines = "".join(f"        {line}\n" for line in body.splitlines())
    return f"class Tanh(Layer):\n    def forward(self, input):\n{lines}"


RIGHT = {
    "q3": [
        # By way of what went in.
        _tensor(
            tanh_back="x = self.creators[0].data\nreturn [grad / np.cosh(x) ** 2]",
            sigmoid_back="x = self.creators[0].data\n"
            "s = 1 / (1 + np.exp(-x))\nreturn (grad * s * (1 - s),)",
        ),
        # Without np.tanh, and with the other formula of sigmoid.
        _tensor(
            tanh="e = np.exp(2 * self.data)\n"
            'return self.result(data=(e - 1) / (e + 1), creators=[self], creation_op="tanh")',
            tanh_back="t = self.data\nslope = (1 - t) * (1 + t)\nreturn [np.multiply(grad, slope)]",
            sigmoid='return self.result((1 + np.tanh(self.data / 2)) / 2, [self], "sigmoid")',
            sigmoid_back="s = self.data\nreturn [(s - s * s) * grad]",
        ),
    ],
    "q4": [
        '''
class Tanh(Layer):
    def __init__(self):
        super().__init__()

    def forward(self, input):
        output = input.tanh()
        return output
''',
        '''
class Tanh(Layer):
    forward = lambda self, x: x.tanh()
''',
    ],
}

WRONG = {
    "q3": [
        (_tensor(tanh_back="t = self.data\nreturn [1 - t * t]"), "gradient times slope"),
        (_tensor(tanh_back="return [(1 - self.data) * grad]"), "the square of the result"),
        (
            _tensor(tanh_back="t = np.tanh(self.data)\nreturn [grad * (1 - t * t)]"),
            "In `tanh_backward`, `self.data` is the result",
        ),
        (
            _tensor(tanh_back="x = self.creators[0]\nreturn [grad - grad * x.data * x.data]"),
            "the number that went into tanh",
        ),
        (
            _tensor(
                tanh_back="return (1 - self.data ** 2) * grad",
                sigmoid_back="s = self.data\nreturn grad * (s - s * s)",
            ),
            "has to return a list",
        ),
        (
            _tensor(
                sigmoid_back="s = (1 + np.tanh(self.data / 2)) / 2\nreturn [grad * (s - s**2)]"
            ),
            "In `sigmoid_backward`, `self.data` is the result",
        ),
        (
            _tensor(sigmoid_back="x = self.creators[0].data\nreturn [(1 - x) * x * grad]"),
            "the number that went into sigmoid",
        ),
        (_tensor(sigmoid_back="return [self.data * grad]"), "One of the two factors"),
        (
            _tensor(sigmoid='return self.result(1 / (np.exp(self.data) + 1), [self], "sigmoid")'),
            "falls where it should rise",
        ),
        (
            _tensor(
                tanh="return Tensor(np.tanh(self.data))",
                sigmoid="return Tensor(1 / (1 + np.exp(-self.data)))",
            ),
            "does not know where it came from",
        ),
        (_tensor(tanh='return self.result(np.tan(self.data), [self], "tanh")'), "`y.data` is not"),
        (_tensor(tanh_back="return [grad * (1 - self.dat ** 2)]"), "has no attribute 'dat'"),
    ],
    "q4": [
        (_layer("return np.array(np.tanh(input.data))"), "a bare array"),
        (
            _layer("values = np.tanh(input.data)\nreturn Tensor(values, True)"),
            "it has forgotten its creators",
        ),
        (_layer("return input.sigmoid()"), "this is sigmoid"),
        (_layer("output = input.tanh()"), "hands nothing back"),
        (_layer("x = input\nreturn x"), "nothing has been bent"),
        (_layer("for _ in range(2):\n    input = input.tanh()\nreturn input"), "taken twice"),
    ],
}
