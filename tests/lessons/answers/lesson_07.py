"""Answers to the exercises of lesson 7."""

from __future__ import annotations


def _layer(init: str, getter: str) -> str:
    return (
        f"class Layer:\n    def __init__(self):\n        {init}\n\n"
        f"    def get_parameters(self):\n        {getter}\n"
    )


def _linear(
    weight: str = "np.random.randn(n_inputs, n_outputs) * np.sqrt(2 / n_inputs)",
    bias: str = "np.zeros(n_outputs)",
    rest: str = "self.parameters.extend([self.weight, self.bias])",
    forward: str = "return input.mm(self.weight) + self.bias.expand(0, len(input.data))",
    autograd: str = ", autograd=True",
    first: str = "super().__init__()",
) -> str:
    return f"""
class Linear(ready.Layer):
    def __init__(self, n_inputs, n_outputs):
        {first}
        self.weight = Tensor({weight}{autograd})
        self.bias = Tensor({bias}{autograd})
        {rest}

    def forward(self, input):
        {forward}
"""


RIGHT = {
    "q1": [
        _layer("self.parameters = list()", "return self.parameters"),
        """
class Layer(object):
    def __init__(self, parameters=None):
        self.parameters = [] if parameters is None else parameters

    def get_parameters(self):
        parameters = self.parameters
        return parameters
""",
        _layer("self.parameters = []", "return [p for p in self.parameters]"),
    ],
    "q3": [
        _linear(
            "np.random.normal(0, (2 / n_inputs) ** 0.5, (n_inputs, n_outputs))",
            rest="self.parameters.append(self.weight); self.parameters.append(self.bias)",
        ),
        _linear(
            "np.random.default_rng().normal(size=(n_inputs, n_outputs)) * (2 / n_inputs) ** 0.5",
            "[0.0] * n_outputs",
            "self.parameters = [self.weight, self.bias]",
            "n = input.data.shape[0]\n        product = input.mm(self.weight)\n"
            "        return self.bias.expand(0, n) + product",
            first="pass",
        ),
        """
class Linear(ready.Layer):
    def __init__(self, n_inputs, n_outputs):
        ready.Layer.__init__(self)
        W = np.random.randn(n_inputs, n_outputs) / np.sqrt(n_inputs / 2.0)
        self.weight, self.bias = (Tensor(v, True) for v in (W, np.zeros(n_outputs)))
        self.parameters += (self.weight, self.bias)

    def forward(self, input):
        ones = Tensor(np.ones((len(input.data), 1)))
        return input.mm(self.weight) + ones.mm(self.bias.expand(0, 1))
""",
    ],
}

WRONG = {
    "q1": [
        (
            """
shared = []

class Layer:
    def __init__(self):
        self.parameters = shared

    def get_parameters(self):
        return self.parameters
""",
            "All layers share one list",
        ),
        (
            """
class Layer:
    def __init__(self, parameters=[]):
        self.parameters = parameters

    def get_parameters(self):
        return self.parameters
""",
            "All layers share one list",
        ),
        (_layer("self.parameters = []", "print(self.parameters)"), "Which word hands a result"),
        (_layer("self.parameters = []", "return list()"), "always returns an empty list"),
        (_layer("self.parameters = []", "return sum(1 for _ in self.parameters)"), "how many"),
        (_layer("self.parameters = []", "return [list(self.parameters)]"), "a list with a list"),
        (_layer("parameters = []", "return self.parameters"), "no attribute 'parameters'"),
    ],
    "q3": [
        (
            _linear("np.random.randn(n_outputs, n_inputs) * np.sqrt(2 / n_inputs)"),
            "lies on its side. In",
        ),
        (
            _linear(
                "np.random.normal(0, np.sqrt(2 / n_inputs), (n_outputs, n_inputs))",
                forward="w = self.weight.transpose()\n"
                "        return input.mm(w) + self.bias.expand(0, len(input.data))",
            ),
            "and you turn it back",
        ),
        (_linear("np.random.normal(size=(n_inputs, n_outputs))"), "too large"),
        (_linear("np.random.randn(n_inputs, n_outputs) * (2 / n_inputs)"), "too small"),
        (
            _linear("np.random.randn(n_inputs, n_outputs) * np.sqrt(2 / n_outputs)"),
            "the number of outputs",
        ),
        (_linear("[[0.0] * n_outputs] * n_inputs"), "All weights are zero"),
        (
            _linear("np.sqrt(2 / n_inputs) * np.random.random((n_inputs, n_outputs))"),
            "All weights are positive",
        ),
        (_linear(rest="pass"), "`get_parameters()` is empty"),
        (_linear(rest="self.parameters.append(self.weight)"), "would stay zero for ever"),
        (_linear(rest="self.parameters += [self.bias, self.weight]"), "in the wrong order"),
        (_linear(first="pass"), "no attribute 'parameters'"),
        (_linear(autograd=""), "`autograd` is False"),
        (_linear(forward="return input.mm(self.weight)"), "does not use it"),
        (_linear(forward="return self.bias + input.mm(self.weight)"), "has the shape of the table"),
        (
            _linear(
                forward="copies = self.bias.expand(1, input.data.shape[0])\n"
                "        return copies + input.mm(self.weight)"
            ),
            "side by side",
        ),
        (_linear("np.random.radn(n_inputs, n_outputs)"), "has no attribute 'radn'"),
    ],
}
