"""Lesson 7: layers, which keep their weights, say how to use them, and start them well."""

from __future__ import annotations

import numpy as np

from gradwidgets.lessons import steps
from gradwidgets.lessons.cases import Case, Numbers, gradient_case
from gradwidgets.lessons.check.questions import Choice, Option, Predict
from gradwidgets.lessons.code import Code, Mistake, Task
from gradwidgets.lessons.steps import Tensor_V5 as Tensor

TITLE = "Layers"
NOTEBOOK = "07_layers.ipynb"

NAMES = {"Tensor": Tensor, "ready": steps}

# Exercise 1: what goes wrong with a list of parameters.


class _HandsNothingOut(steps.Layer):
    def get_parameters(self):
        self.parameters  # noqa: B018 (the mistake)


class _NewListEachTime(steps.Layer):
    def get_parameters(self):
        return []


class _Counts(steps.Layer):
    def get_parameters(self):
        return len(self.parameters)


class _Nested(steps.Layer):
    def get_parameters(self):
        return [self.parameters]


q1 = Code(
    "07.q1",
    "a list for each layer",
    "Write `Layer`: it starts with an empty list in `self.parameters`, each layer with one of its "
    "own, and `get_parameters` returns this list.",
    task=Task(
        "Layer",
        steps.Layer,
        [
            Case("layer = Layer()", ("layer.get_parameters()",)),
            Case("layer = Layer()\nlayer.parameters.append(1.5)", ("layer.get_parameters()",)),
            Case(
                "one, other = Layer(), Layer()\none.parameters.append(1.5)",
                ("other.get_parameters()",),
                why="All layers share one list: what one of them appends turns up in the others. "
                "Make the list inside `__init__`, so that each layer gets a new one. (A list as a "
                "default value of an argument is made only once, too.)",
            ),
            Case(
                "class Shift(Layer):\n"
                "    def __init__(self):\n"
                "        super().__init__()\n"
                "        self.parameters.append(1.5)\n"
                "layer = Shift()",
                ("layer.get_parameters()", "Layer().get_parameters()"),
            ),
        ],
        names=NAMES,
        methods=("__init__", "get_parameters"),
        mistakes=[
            Mistake(
                "`get_parameters` looks at the list, but hands nothing out: its result is `None`. "
                "Which word hands a result back to whoever called?",
                _HandsNothingOut,
            ),
            Mistake(
                "`get_parameters` always returns an empty list, whatever has been appended. It has "
                "to return the list that the layer keeps.",
                _NewListEachTime,
            ),
            Mistake(
                "`get_parameters` returns how many parameters there are. The optimizer wants the "
                "parameters themselves.",
                _Counts,
            ),
            Mistake(
                "`get_parameters` returns a list with a list in it. `self.parameters` is a list "
                "already: return it as it is.",
                _Nested,
            ),
        ],
    ),
    hints=[
        "Two lines are missing, one in each method.",
        "In `__init__`: an empty list, kept as `self.parameters`. In `get_parameters`: one line "
        "with `return`.",
    ],
    solution='''
class Layer:
    def __init__(self):
        self.parameters = []

    def get_parameters(self):
        return self.parameters
''',
    praise="Every layer has a list of its own, and hands it to whoever asks.",
)

q2 = Predict(
    "07.q2",
    "how many numbers",
    "A layer takes 2 numbers of each sample and gives 3. It is sent 4 samples at once. How many "
    "numbers does it have to learn, in `weight` and `bias` together?",
    expected=9,
    because="2 × 3 weights, one for each pair of input and output, and 3 biases, one for each "
    "output. How many samples are sent through makes no difference: all use the same numbers.",
    wrong=[
        (6, "Those are the weights. Each output has a bias as well."),
        (8, "A bias belongs to an output, not to an input: here there are 3 of them."),
        (5, "2 + 3 would be one number for each input and output. There is one for each pair."),
        (18, "Does each of the 4 samples get biases of its own? `expand` only copies them."),
        (36, "Do the 4 samples have weights of their own? All of them use the same ones."),
        (12, "Those are the outputs of 4 samples. They are calculated, not learned."),
    ],
    hints=[
        "In the matrix product of (4, 2) and `weight`, the result is (4, 3). So what is the shape "
        "of `weight`?",
        "`weight` is (2, 3). And there is one bias for each of the outputs.",
    ],
)

# Exercise 3: what goes wrong in a linear layer.


class _Linear(steps.Linear):
    """The right one, with its parts in methods that can be made wrong one at a time."""

    def __init__(self, n_inputs, n_outputs):
        self.parameters = []
        self.weight = Tensor(self.numbers(n_inputs, n_outputs), autograd=True)
        self.bias = Tensor(np.zeros(n_outputs), autograd=True)
        self.parameters += [self.weight, self.bias]

    def numbers(self, n, m):
        return np.random.randn(n, m) * np.sqrt(2 / n)


class _Turned(_Linear):
    def numbers(self, n, m):
        return np.random.randn(m, n) * np.sqrt(2 / n)


class _TurnedBack(_Turned):
    def forward(self, input):
        return input.mm(self.weight.transpose()) + self.bias.expand(0, len(input.data))


class _Unscaled(_Linear):
    def numbers(self, n, m):
        return np.random.randn(n, m)


class _NoRoot(_Linear):
    def numbers(self, n, m):
        return np.random.randn(n, m) * 2 / n


class _ByOutputs(_Linear):
    def numbers(self, n, m):
        return np.random.randn(n, m) * np.sqrt(2 / m)


class _Zeros(_Linear):
    def numbers(self, n, m):
        return np.zeros((n, m))


class _OnlyPositive(_Linear):
    def numbers(self, n, m):
        return np.random.rand(n, m) * np.sqrt(2 / n)


class _NoList(_Linear):
    def __init__(self, n_inputs, n_outputs):
        super().__init__(n_inputs, n_outputs)
        self.parameters = []


class _OnlyWeight(_Linear):
    def __init__(self, n_inputs, n_outputs):
        super().__init__(n_inputs, n_outputs)
        self.parameters = [self.weight]


class _NoAutograd(_Linear):
    def __init__(self, n_inputs, n_outputs):
        super().__init__(n_inputs, n_outputs)
        self.weight.autograd = self.bias.autograd = False


class _NoBias(_Linear):
    def forward(self, input):
        return input.mm(self.weight)


class _NotExpanded(_Linear):
    def forward(self, input):
        return input.mm(self.weight) + self.bias


class _ExpandedSideways(_Linear):
    def forward(self, input):
        return input.mm(self.weight) + self.bias.expand(1, len(input.data))


class _BiasAfter(_Linear):
    def __init__(self, n_inputs, n_outputs):
        super().__init__(n_inputs, n_outputs)
        self.parameters = [self.bias, self.weight]


def _forward_case(x: Numbers, w: Numbers, b: Numbers, sent: Numbers) -> Case:
    inputs, outputs = np.array(w).shape
    return gradient_case(
        {"x": x, "w": w, "b": b},
        f"layer = Linear({inputs}, {outputs})\nlayer.weight, layer.bias = w, b\n"
        "z = layer.forward(x)",
        "z",
        sent,
    )


def _random_layer(rng: np.random.Generator, size: int) -> Case:
    samples, outputs = size, int(rng.integers(1, 4))
    x, w = rng.integers(-5, 6, (samples, size)), rng.integers(-5, 6, (size, outputs))
    sent = rng.integers(1, 5, (samples, outputs))
    return _forward_case(x, w, rng.integers(-5, 6, outputs), sent)


q3 = Code(
    "07.q3",
    "a linear layer",
    "Write `Linear(n_inputs, n_outputs)`. `weight` starts with random numbers, "
    "`np.random.randn(…) * np.sqrt(2 / n_inputs)`, and `bias` with zeros. Both are tensors with "
    "`autograd=True`, and both go into `parameters`, the weight first. `forward(input)` returns "
    "input times weight, plus the bias for each sample.",
    task=Task(
        "Linear",
        _Linear,
        [
            Case("layer = Linear(2, 3)", ("layer.weight.data.shape", "layer.bias.data")),
            Case("layer = Linear(2, 3)", ("layer.weight.autograd", "layer.bias.autograd")),
            Case(
                "layer = Linear(2, 3)",
                (
                    "len(layer.get_parameters())",
                    "layer.get_parameters()[0] is layer.weight",
                    "layer.get_parameters()[1] is layer.bias",
                ),
            ),
            Case(
                "weight = Linear(200, 800).weight.data",
                ("weight.shape", "round(float(weight.std()), 2)", "abs(weight.mean()) < 0.002"),
            ),
            Case(
                "weight = Linear(50, 800).weight.data",
                ("round(float(weight.std()), 1)",),
            ),
            Case(
                "one, other = Linear(2, 3), Linear(2, 3)",
                ("bool((one.weight.data == other.weight.data).all())",),
            ),
            _forward_case([[3]], [[2]], [10], [[1]]),
            _forward_case([[1, 2], [3, 4]], [[1], [-1]], [5], [[1], [1]]),
            _forward_case(
                [[0, 0], [0, 1], [1, 0], [1, 1]],
                [[1, 2, 3], [4, 5, 6]],
                [7, 8, 9],
                [[1, 0, 2], [1, 1, 0], [0, 1, 1], [3, 0, 1]],
            ),
        ],
        names=NAMES,
        methods=("__init__", "forward"),
        random=_random_layer,
        mistakes=[
            Mistake(
                "`weight` lies on its side. In `input.mm(self.weight)` the input has one column "
                "for each input, so `weight` needs one row for each input.",
                _Turned,
            ),
            Mistake(
                "`weight` lies on its side, and you turn it back in `forward`. That works (PyTorch "
                "does it so), but here it is to be of shape `(n_inputs, n_outputs)` from the "
                "start.",
                _TurnedBack,
            ),
            Mistake(
                "The random numbers are too large: they are as `randn` gives them. Look at what "
                "they are to be multiplied by.",
                _Unscaled,
            ),
            Mistake(
                "The random numbers are too small: you multiply by 2 / n itself. Something is to "
                "be done to it first.",
                _NoRoot,
            ),
            Mistake(
                "The size of the weights goes by the number of outputs here. But a sum grows with "
                "what is added up: the inputs.",
                _ByOutputs,
            ),
            Mistake(
                "All weights are zero. Further down you will see what becomes of such a network; "
                "start with random numbers.",
                _Zeros,
            ),
            Mistake(
                "All weights are positive. `rand` gives numbers between 0 and 1; `randn`, with an "
                "n, gives numbers on both sides of 0.",
                _OnlyPositive,
            ),
            Mistake(
                "The layer works, but `get_parameters()` is empty: the optimizer would never hear "
                "of weight and bias. Put both into `self.parameters`.",
                _NoList,
            ),
            Mistake(
                "The bias is missing in `parameters`: it would stay zero for ever.",
                _OnlyWeight,
            ),
            Mistake(
                "Weight and bias would never get a gradient: `autograd` is False. Look at the "
                "arguments of `Tensor`.",
                _NoAutograd,
            ),
            Mistake(
                "The bias is there, but `forward` does not use it.",
                _NoBias,
            ),
            Mistake(
                "NumPy lets you add a bias to a table of several rows, without a word. But your "
                "tensors know nothing of that: the gradient that arrives at the bias has the shape "
                "of the table. Which operation of lesson 04 makes a copy for each row?",
                _NotExpanded,
            ),
            Mistake(
                "The copies of the bias stand side by side, but the samples are rows: they have "
                "to lie one below the other. Which of the two numbers of `expand(dim, copies)` "
                "says so?",
                _ExpandedSideways,
            ),
            Mistake(
                "Weight and bias are in the wrong order in `parameters`: the weight comes first.",
                _BiasAfter,
            ),
        ],
    ),
    hints=[
        "Begin with `super().__init__()`, which makes the empty list. Then there are three things: "
        "a weight, a bias, and both into the list.",
        "The weight is a `Tensor` of `np.random.randn(n_inputs, n_outputs)` times "
        "`np.sqrt(2 / n_inputs)`, the bias a `Tensor` of `np.zeros(n_outputs)`. `forward` is the "
        "line of the picture above, with `self.`.",
        "`forward` needs as many copies of the bias as there are samples: `len(input.data)`. So "
        "the bias becomes `self.bias.expand(0, len(input.data))`.",
    ],
    solution='''
class Linear(ready.Layer):
    def __init__(self, n_inputs, n_outputs):
        super().__init__()
        weight = np.random.randn(n_inputs, n_outputs) * np.sqrt(2 / n_inputs)
        self.weight = Tensor(weight, autograd=True)
        self.bias = Tensor(np.zeros(n_outputs), autograd=True)
        self.parameters += [self.weight, self.bias]

    def forward(self, input):
        return input.mm(self.weight) + self.bias.expand(0, len(input.data))
''',
    praise="A layer that keeps its numbers, starts them well, and knows how to use them.",
)

q4 = Choice(
    "07.q4",
    "why not zeros",
    "Two layers, all weights and biases zero. Why does the first layer never learn anything?",
    options={
        "a": Option(
            "Its gradient is multiplied by the weights of the second layer, and these are zero.",
            "Yes. On its way back to the first layer the gradient goes through the weights of the "
            "second, and 0 times anything is 0. The second does not learn either: its gradient is "
            "multiplied by what the first one gives, 0 as well. Each waits for the other.",
        ),
        "b": Option(
            "The loss is zero, so there is nothing to learn.",
            "The loss is not zero: look at the numbers above. The network is wrong, and cannot "
            "change.",
        ),
        "c": Option(
            "The learning rate is too small for weights that are zero.",
            "A step is the learning rate times the gradient. If the gradient is 0, no rate is "
            "large enough.",
        ),
        "d": Option(
            "The optimizer skips parameters that are zero.",
            "It takes every parameter and moves it against its gradient. Look at the gradients: "
            "what would it move by?",
        ),
    },
    answer="a",
    hints=[
        "Look at the graph above once more: which gradients are zero?",
        "From lesson 04: the gradient of the left creator of `mm` is the gradient that arrives, "
        "times the other creator, transposed.",
    ],
)

q5 = Predict(
    "07.q5",
    "a sum of a hundred",
    "A layer has 100 inputs, each about 1 in size. Its weights come from `randn`, and are not made "
    "smaller: each is about 1 in size as well, with either sign. About how large is an output?",
    expected=10,
    because="A sum of 100 numbers of either sign, each about 1, is about √100 = 10: most of them "
    "cancel out. Ten such layers in a row, and 1 has become 10,000,000,000.",
    wrong=[
        (100, "That would be so if all had the same sign. Here most of them cancel out."),
        (1, "The summands are about 1. A sum of many is larger, even if much cancels out."),
        (0, "On average it is 0, as plus and minus are equally frequent. But how far off is it?"),
        (50, "Half of them positive, half negative: these would cancel out. Look at the rule "
         "above."),
    ],
    hints=[
        "Look at the little experiment above: what happened with 4 coins, what with 16?",
        "The size of a sum of n such numbers is about √n.",
    ],
    tolerance=0.15,
)

EXERCISES = (q1, q2, q3, q4, q5)
