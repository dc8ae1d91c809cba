"""Lesson 8: a layer that is made of layers, and the loop that trains it."""

from __future__ import annotations

import numpy as np

from gradwidgets.lessons import steps
from gradwidgets.lessons.cases import Case
from gradwidgets.lessons.check.questions import Choice, Option, Predict
from gradwidgets.lessons.code import Code, Mistake, Task
from gradwidgets.lessons.steps import Tensor_V5 as Tensor

TITLE = "One after the other"
NOTEBOOK = "08_sequential.ipynb"


class Plus(steps.Layer):
    """Adds a number: a layer whose result is easy to follow."""

    def __init__(self, number):
        super().__init__()
        self.number = Tensor(number, autograd=True)
        self.parameters = [self.number]

    def forward(self, input):
        return input + self.number


class Times(Plus):
    """Multiplies by a number."""

    def forward(self, input):
        return input * self.number


NAMES = {"Tensor": Tensor, "ready": steps, "Plus": Plus, "Times": Times}

q1 = Predict(
    "08.q1",
    "how many tensors",
    "A network has the layers `Linear(2, 5)`, `Linear(5, 4)` and `Linear(4, 1)`. How many tensors "
    "are in the list that the optimizer needs?",
    expected=6,
    because="Three layers with a weight and a bias each. There are 44 numbers in them, but the "
    "optimizer moves tensors, each as a whole.",
    wrong=[
        (3, "There are 3 layers, but each has two tensors."),
        (44, "So many numbers there are. How many tensors are they in?"),
        (39, "You have counted the numbers in the weights. The question is for tensors."),
        (12, "Those are the inputs and outputs of the layers. What is in a layer's list?"),
        (17, "Those are the inputs and outputs of the layers. What is in a layer's list?"),
    ],
    hints=[
        "What does `get_parameters()` of a single `Linear` layer return? Look at the cell above.",
        "A weight and a bias for each layer.",
    ],
)

# Exercise 2: what goes wrong in a chain of layers.


class _NotFedOn(steps.Sequential):
    def forward(self, input):
        output = input
        for layer in self.layers:
            output = layer.forward(input)
        return output


class _FirstOnly(steps.Sequential):
    def forward(self, input):
        for layer in self.layers:
            return layer.forward(input)
        return input


class _Backwards(steps.Sequential):
    def forward(self, input):
        for layer in reversed(self.layers):
            input = layer.forward(input)
        return input


class _KeepsIt(steps.Sequential):
    def forward(self, input):
        super().forward(input)


class _UsesUp(steps.Sequential):
    def forward(self, input):
        while self.layers:
            input = self.layers.pop(0).forward(input)
        return input


class _ListOfLists(steps.Sequential):
    def get_parameters(self):
        return [layer.get_parameters() for layer in self.layers]


class _LayersThemselves(steps.Sequential):
    def get_parameters(self):
        return self.layers


class _LastOnly(steps.Sequential):
    def get_parameters(self):
        return self.layers[-1].get_parameters() if self.layers else []


class _CollectedOnce(steps.Sequential):
    def __init__(self, layers=None):
        super().__init__(layers)
        self.parameters = super().get_parameters()

    def get_parameters(self):
        return self.parameters


class _Replaces(steps.Sequential):
    def add(self, layer):
        self.layers = [layer]


class _InFront(steps.Sequential):
    def add(self, layer):
        self.layers.insert(0, layer)


class _IgnoresWhatIsGiven(steps.Sequential):
    def __init__(self, layers=None):
        super().__init__()


def _random_chain(rng: np.random.Generator, size: int) -> Case:
    kinds = rng.choice(["Plus", "Times"], size + 1)
    layers = ", ".join(f"{kind}({number})" for kind, number in zip(kinds, rng.integers(-5, 6, 9)))
    return Case(
        f"model = Sequential([{layers}])",
        ("model.forward(Tensor([1.0, 2.0])).data", "len(model.get_parameters())"),
    )


q2 = Code(
    "08.q2",
    "a layer made of layers",
    "Write `Sequential`. It keeps its layers in a list `self.layers`, which starts empty if it is "
    "given none. `add(layer)` puts one more at the end. `forward(input)` sends the input through "
    "all layers, each of which gets what the one before has returned. `get_parameters()` returns "
    "one list with the parameters of all layers, in order.",
    task=Task(
        "Sequential",
        steps.Sequential,
        [
            Case("model = Sequential()", ("len(model.layers)", "model.get_parameters()")),
            Case(
                "model = Sequential([Plus(1), Times(10)])",
                ("model.forward(Tensor([1, 2])).data",),
            ),
            Case(
                "model = Sequential()\nmodel.add(Plus(1))\nmodel.add(Times(10))",
                ("len(model.layers)", "model.forward(Tensor([1, 2])).data"),
            ),
            Case(
                "one, other = Sequential(), Sequential()\none.add(Plus(1))",
                ("len(other.layers)",),
                why="Two networks share one list: a layer that is added to one turns up in the "
                "other. A list as a default value of an argument is made only once, when Python "
                "reads the `def`. Take `None` as the default, and make a new list inside.",
            ),
            Case(
                "model = Sequential([Plus(1), Times(10)])\n"
                "first = model.forward(Tensor([1, 2]))\nsecond = model.forward(Tensor([1, 2]))",
                ("first.data", "second.data"),
            ),
            Case(
                "plus, times = Plus(1), Times(10)\nmodel = Sequential([plus])\nmodel.add(times)",
                (
                    "[type(part).__name__ for part in model.get_parameters()]",
                    "model.get_parameters()[0] is plus.number",
                    "model.get_parameters()[1] is times.number",
                ),
            ),
            Case(
                "first, second = ready.Linear(2, 3), ready.Linear(3, 1)\n"
                "model = Sequential([first, second])",
                (
                    "len(model.get_parameters())",
                    "model.get_parameters()[0] is first.weight",
                    "model.get_parameters()[3] is second.bias",
                    "model.forward(Tensor([[1, 2], [3, 4]])).data.shape",
                ),
            ),
            Case(
                "inner = Sequential([Plus(1), Times(10)])\nouter = Sequential([inner, Plus(3)])",
                ("outer.forward(Tensor([1, 2])).data", "len(outer.get_parameters())"),
            ),
        ],
        names=NAMES,
        methods=("__init__", "add", "forward", "get_parameters"),
        random=_random_chain,
        mistakes=[
            Mistake(
                "Every layer gets the first input, and only the last result is kept. What one "
                "layer returns has to be the input of the next.",
                _NotFedOn,
            ),
            Mistake(
                "Only the first layer is asked: `return` ends the loop. Look how far it is "
                "indented.",
                _FirstOnly,
            ),
            Mistake(
                "The layers run in the wrong order: the first of the list has to be the first.",
                _Backwards,
            ),
            Mistake(
                "`forward` sends the input through all layers, and then keeps the result for "
                "itself: it returns `None`.",
                _KeepsIt,
            ),
            Mistake(
                "It works once: `pop` takes the layers out of the list, and the second time there "
                "are none left. Walk through the list without changing it.",
                _UsesUp,
            ),
            Mistake(
                "`get_parameters` returns a list of lists, one for each layer. The optimizer wants "
                "one flat list. Compare what `append` and `+=` do with a list.",
                _ListOfLists,
            ),
            Mistake(
                "`get_parameters` returns the layers. The optimizer wants the tensors in them: ask "
                "each layer for its own.",
                _LayersThemselves,
            ),
            Mistake(
                "Only the parameters of the last layer are in the list; the others would never be "
                "trained. Collect them over the whole loop.",
                _LastOnly,
            ),
            Mistake(
                "The parameters are collected when the network is made. A layer that is added "
                "later is missing: collect them when `get_parameters` is called.",
                _CollectedOnce,
            ),
            Mistake(
                "`add` throws away the layers that were there before. A list has a method that "
                "puts one thing at its end.",
                _Replaces,
            ),
            Mistake(
                "`add` puts the new layer in front of all others. It has to come last.",
                _InFront,
            ),
            Mistake(
                "The layers that are given to `Sequential([…])` are forgotten: look at what "
                "`__init__` does with them.",
                _IgnoresWhatIsGiven,
            ),
        ],
    ),
    hints=[
        "There are two loops over `self.layers`: one sends something through, the other collects "
        "something.",
        "`forward` can use one variable over and over: `input = layer.forward(input)`. "
        "`get_parameters` starts with an empty list; `+=` appends another list to it.",
        "In `__init__`, with the default `layers=None`: `self.layers = list(layers or [])`. In "
        "`get_parameters`: `parameters += layer.get_parameters()`, for each layer.",
    ],
    solution='''
class Sequential(ready.Layer):
    def __init__(self, layers=None):
        super().__init__()
        self.layers = list(layers or [])

    def add(self, layer):
        self.layers.append(layer)

    def forward(self, input):
        for layer in self.layers:
            input = layer.forward(input)
        return input

    def get_parameters(self):
        parameters = []
        for layer in self.layers:
            parameters += layer.get_parameters()
        return parameters
''',
    praise="However many layers: one `forward`, and one list of parameters. And a `Sequential` may "
    "stand within another one.",
)

# Exercise 3: what goes wrong in a training loop.


def train(model, optimizer, data, target, steps, shape=lambda x: x * x, zero=True):
    """Return the losses of some steps of training."""
    losses = []
    for _ in range(steps):
        pred = model.forward(data)
        loss = shape(pred - target).sum(0)
        loss.backward(Tensor(np.ones_like(loss.data)))
        optimizer.step(zero)
        losses.append(float(loss.data[0]))
    return losses


def _same_sum_again(model, optimizer, data, target, steps):
    pred = model.forward(data)
    losses = []
    for _ in range(steps):
        loss = ((pred - target) * (pred - target)).sum(0)
        loss.backward(Tensor(np.ones_like(loss.data)))
        optimizer.step()
        losses.append(float(loss.data[0]))
    return losses


def _looks_only(model, optimizer, data, target, steps):
    missing = model.forward(data) - target
    return [float((missing * missing).sum(0).data[0])] * steps


def _never_moves(model, optimizer, data, target, steps):
    losses = []
    for _ in range(steps):
        missing = model.forward(data) - target
        loss = (missing * missing).sum(0)
        loss.backward(Tensor(np.ones_like(loss.data)))
        losses.append(float(loss.data[0]))
    return losses


def _moves_first(model, optimizer, data, target, steps):
    losses = []
    for _ in range(steps):
        missing = model.forward(data) - target
        loss = (missing * missing).sum(0)
        optimizer.step()
        loss.backward(Tensor(np.ones_like(loss.data)))
        losses.append(float(loss.data[0]))
    return losses


def _adds_up(*given):
    return train(*given, zero=False)


def _not_squared(*given):
    return train(*given, shape=lambda x: x)


def _last_loss(*given):
    return train(*given)[-1]


def _nothing(*given):
    train(*given)


def _one_step(model, optimizer, data, target, steps):
    return train(model, optimizer, data, target, 1)


def _tensors(*given):
    return [Tensor([loss], True) for loss in train(*given)]


def _arrays(*given):
    return [np.array([loss]) for loss in train(*given)]


_SMALL = (
    "layer = ready.Linear(1, 1)\nlayer.weight.data[:] = 2\n"
    "optimizer = ready.SGD(layer.get_parameters(), alpha=0.1)\n"
    "losses = train(layer, optimizer, Tensor([[1]]), Tensor([[0]]), {})"
)

q3 = Code(
    "08.q3",
    "the loop that trains",
    "Write `train(model, optimizer, data, target, steps)`. In each step: predict; compare, with "
    "the sum of the squared differences over the samples, `.sum(0)`; send a gradient of 1 back "
    "from the loss; let the optimizer take a step. Return the list of all losses, as plain "
    "numbers.",
    task=Task(
        "train",
        train,
        [
            Case(_SMALL.format(1), ("losses", "layer.weight.data")),
            Case(_SMALL.format(3), ("losses", "layer.weight.data", "layer.weight.grad is None")),
            Case(
                "model = ready.Sequential([ready.Linear(2, 3), ready.Linear(3, 1)])\n"
                "for number, tensor in enumerate(model.get_parameters()):\n"
                "    tensor.data[:] = 0.1 * number\n"
                "optimizer = ready.SGD(model.get_parameters(), alpha=0.05)\n"
                "data = Tensor([[0, 0], [0, 1], [1, 0], [1, 1]])\n"
                "target = Tensor([[0], [1], [0], [1]])\n"
                "losses = train(model, optimizer, data, target, 5)",
                ("losses", "model.layers[0].weight.data"),
            ),
        ],
        names=NAMES,
        mistakes=[
            Mistake(
                "The second step goes back through the same graph as the first. Predict inside "
                "the loop: each step needs a fresh graph, made with the new weights.",
                _same_sum_again,
            ),
            Mistake(
                "The loss stays what it is, and no weight has a gradient: nobody has called "
                "`backward` on the loss.",
                _looks_only,
            ),
            Mistake(
                "The gradients are there, but no weight moves. Who is it that moves the weights?",
                _never_moves,
            ),
            Mistake(
                "The optimizer moves the weights before this step's gradients are there. Which "
                "comes first, `backward` or `step`?",
                _moves_first,
            ),
            Mistake(
                "The gradients of all steps add up, because nobody sets them to zero in between. "
                "`optimizer.step()` does that by itself, unless it is told not to.",
                _adds_up,
            ),
            Mistake(
                "The differences are not squared. So one sample that is too high can hide another "
                "that is too low, and the loss has no lowest point.",
                _not_squared,
            ),
            Mistake(
                "Only the last loss is returned. Begin with an empty list, and append each of "
                "them.",
                _last_loss,
            ),
            Mistake(
                "The training works, but `train` returns nothing: `None`. Hand the list out.",
                _nothing,
            ),
            Mistake(
                "After the first step it is over: `return` ends the loop. Look how far it is "
                "indented.",
                _one_step,
            ),
            Mistake(
                "The list holds tensors, and each drags its whole graph along. Take the number "
                "out: `float(loss.data[0])`.",
                _tensors,
            ),
            Mistake(
                "The list holds arrays with one number in each. Take the number out: "
                "`float(loss.data[0])`.",
                _arrays,
            ),
        ],
    ),
    hints=[
        "It is the loop of the cell above, with `model.forward` in place of two layers.",
        "Four lines in the loop: `pred = …`, `loss = …`, `loss.backward(…)`, `optimizer.step()`. "
        "And one more that appends the loss to a list.",
        "`loss = ((pred - target) * (pred - target)).sum(0)`, and then "
        "`loss.backward(Tensor(np.ones_like(loss.data)))`. What is appended is "
        "`float(loss.data[0])`.",
    ],
    solution='''
def train(model, optimizer, data, target, steps):
    losses = []
    for _ in range(steps):
        pred = model.forward(data)
        loss = ((pred - target) * (pred - target)).sum(0)
        loss.backward(Tensor(np.ones_like(loss.data)))
        optimizer.step()
        losses.append(float(loss.data[0]))
    return losses
''',
    praise="Predict, compare, send back, step: this loop trains any network, of one layer or a "
    "hundred.",
)

q4 = Choice(
    "08.q4",
    "what two layers can do",
    "Two `Linear` layers, one straight after the other. What can they do that a single `Linear` "
    "layer could not?",
    options={
        "a": Option(
            "They can learn more complicated tasks, because there are more numbers in them.",
            "There are more numbers, 13 in place of 3. But multiply out what the two do to `x`: "
            "what form has the result?",
        ),
        "b": Option(
            "Nothing: for any two there is a single one that gives the very same answers.",
            "Yes. (x·W + b)·V + c = x·(W·V) + (b·V + c): a product and a sum again, as in one "
            "layer. The next cells calculate it. What is missing is something in between that "
            "bends: lesson 10.",
        ),
        "c": Option(
            "They can draw a curved line between the samples.",
            "Each of them multiplies and adds. However often you do that in a row, straight lines "
            "stay straight: look at the picture of the output in the playground.",
        ),
        "d": Option(
            "They can only work together if the second has as many outputs as the first.",
            "The inputs of the second must be as many as the outputs of the first. But what the "
            "two can do is another question.",
        ),
    },
    answer="b",
    hints=[
        "Write it down: h = x·W + b, then y = h·V + c. Put the first into the second.",
        "y = (x·W + b)·V + c. Multiply out the bracket: which part still has an x in it?",
    ],
)

EXERCISES = (q1, q2, q3, q4)
