"""Lesson 12: a spiral, on your own; and the same network in PyTorch."""

from __future__ import annotations

from gradwidgets.engine.experiment.spec import LayerSpec, Spec
from gradwidgets.lessons.cases import Case
from gradwidgets.lessons.check.questions import Choice, Option, Predict
from gradwidgets.lessons.check.reach import Reach
from gradwidgets.lessons.code import Code, Mistake, Task
from gradwidgets.lessons.steps import Linear, Sequential, Sigmoid, Tanh, Tensor_V5

TITLE = "On your own"
NOTEBOOK = "12_on_your_own.ipynb"

START = Spec(data="spiral", layers=(LayerSpec(4, "Tanh"),))
TARGET = 0.1
EPOCHS = 300


def spiral_data() -> tuple[Tensor_V5, Tensor_V5]:
    """Return the points of the spiral to train on, and their targets: -1 or 1."""
    spiral = START.build().dataset
    labels = spiral.labels[spiral.train].reshape(-1, 1)
    return Tensor_V5(spiral.points[spiral.train]), Tensor_V5(2.0 * labels - 1.0)


q1 = Predict(
    "12.q1",
    "how many numbers",
    "A network for the spiral: 2 inputs, a layer of 8 units, another one of 8, and 1 output. How "
    "many numbers does the optimizer have to find, weights and biases together?",
    expected=105,
    because="2·8 + 8 for the first layer, 8·8 + 8 for the second, 8·1 + 1 for the last: "
    "24 + 72 + 9 = 105. Bends add nothing to it.",
    wrong=[
        (88, "Those are the weights alone: 16 + 64 + 8. Each unit has a bias, too."),
        (19, "That is the number of units. Between two layers there is a weight for each pair."),
        (17, "Those are the biases alone: 8 + 8 + 1."),
        (104, "Almost: the last unit has a bias, too."),
        (107, "The two inputs have no biases: they are data, and not to be learnt."),
    ],
    hints=[
        "A `Linear(n, m)` has a weight for each pair, n·m, and a bias for each output, m.",
        "The first layer is `Linear(2, 8)`: 16 weights and 8 biases. There are two more.",
    ],
)

q2 = Reach(
    "12.q2",
    "reach the target",
    f"Find a `Spec` that brings the test loss below {TARGET} within {EPOCHS} epochs. You choose "
    "`layers`, `optimizer`, `learning_rate`, `batch_size` and `weight_seed`. Data, inputs, output "
    "and loss stay as they are; 500 parameters and a batch of 5 are the limits. The check trains "
    "your network from its first weights.",
    start=START,
    target=TARGET,
    epochs=EPOCHS,
    parameters=500,
    batch=5,
    hints=[
        "One layer of 4 units can fold the plane four times. How often does the border wind "
        "between the two arms? Try more units, and a second layer.",
        "With `SGD` every parameter is moved at one and the same rate. `Adam` finds a rate for each "
        "parameter. A good start for it is 0.01.",
        "Two layers of 12 to 16 units, `Adam` at 0.01: then compare Tanh with ReLU.",
    ],
    solution='''
spec = Spec(
    data="spiral",
    layers=[(12, "ReLU"), (12, "ReLU")],
    optimizer="Adam",
    learning_rate=0.01,
)
''',
    praise="Found on your own: the two arms are told apart, also where it has never seen a point.",
)

# Exercise 3: the same in code.


def build():
    """Return the network of the spiral."""
    return Sequential(
        [Linear(2, 12), Tanh(), Linear(12, 12), Tanh(), Linear(12, 1), Tanh()]
    )


def _no_bends():
    return Sequential([Linear(2, 12), Linear(12, 12), Linear(12, 1)])


def _no_last_bend():
    return Sequential([Linear(2, 12), Tanh(), Linear(12, 12), Tanh(), Linear(12, 1)])


def _one_hidden():
    return Sequential([Linear(2, 12), Tanh(), Linear(12, 1), Tanh()])


def _sigmoid_end():
    return Sequential([Linear(2, 12), Tanh(), Linear(12, 12), Tanh(), Linear(12, 1), Sigmoid()])


def _swapped():
    return Sequential([Linear(12, 2), Tanh(), Linear(12, 12), Tanh(), Linear(1, 12), Tanh()])


def _bare_list():
    return build().layers


def _one_tanh_only():
    return Sequential([Linear(2, 12), Linear(12, 12), Linear(12, 1), Tanh()])


KINDS = ("[type(layer).__name__ for layer in model.layers]",)

q3 = Code(
    "12.q3",
    "write it down",
    "Write `build()`, which returns the network as a `Sequential`: from 2 inputs to 12 units, from "
    "12 to 12, from 12 to 1 output, and a `Tanh` behind each of the three.",
    task=Task(
        "build",
        build,
        [
            Case(
                "model = build()",
                ("[parameter.data.shape for parameter in model.get_parameters()]",),
            ),
            Case("model = build()\n", KINDS),
            Case(
                "np.random.seed(0)\nmodel = build()\npoints = Tensor([[1.0, 2.0], [0.0, -3.0]])\n"
                "output = model.forward(points)",
                ("output.data",),
            ),
        ],
        names={
            "Linear": Linear,
            "Sequential": Sequential,
            "Tanh": Tanh,
            "Sigmoid": Sigmoid,
            "Tensor": Tensor_V5,
        },
        mistakes=[
            Mistake(
                "There is no bend in it: three `Linear` layers in a row are no more than one. "
                "A `Tanh()` has to stand behind each.",
                _no_bends,
            ),
            Mistake(
                "The last `Tanh` is missing: the targets are −1 and 1, and the output should stay "
                "between them.",
                _no_last_bend,
            ),
            Mistake(
                "One layer is missing: between the 12 units of the first one and the output, there "
                "is another one from 12 to 12.",
                _one_hidden,
            ),
            Mistake(
                "The last bend is a sigmoid, which cannot say −1: it ends at 0. The targets are "
                "−1 and 1.",
                _sigmoid_end,
            ),
            Mistake(
                "`Linear(n_inputs, n_outputs)`: the number of inputs comes first.", _swapped
            ),
            Mistake(
                "What you return is a list of layers. Put it into a `Sequential`, which knows how "
                "to send an input through them.",
                _bare_list,
            ),
            Mistake(
                "Only the output is bent. In front of it, three `Linear` layers in a row are no "
                "more than one: a `Tanh()` has to stand behind each.",
                _one_tanh_only,
            ),
        ],
    ),
    hints=[
        "You have seen one like it in lesson 10: `Sequential([Linear(2, 3), Tanh(), …])`.",
        "Six layers in a list: `Linear`, `Tanh`, `Linear`, `Tanh`, `Linear`, `Tanh`. What one gives "
        "out, the next one takes in.",
        "`Linear(2, 12)`, then `Linear(12, 12)`, then `Linear(12, 1)`.",
    ],
    solution='''
def build():
    return Sequential([
        Linear(2, 12), Tanh(),
        Linear(12, 12), Tanh(),
        Linear(12, 1), Tanh(),
    ])
''',
    praise="Six lines for a network of 205 parameters, every part of it your own.",
)

q4 = Choice(
    "12.q4",
    "a line left out",
    "In PyTorch, somebody forgets the line `optim.zero_grad()`. There is no error. What happens?",
    options={
        "a": Option(
            "Nothing: `backward()` puts the new gradients in place of the old ones.",
            "It adds them, as your tensor does: that is what a tensor needs that is used twice.",
        ),
        "b": Option(
            "The gradients of all steps so far are added up, and each step goes by their sum.",
            "Yes. It is the same rule as in your own tensor, `self.grad + grad`, and the same "
            "bug as with our `step(zero=False)`. The steps get too long, and go by old news.",
        ),
        "c": Option(
            "Nothing moves any more, because the gradients are all 0.",
            "The other way round: they are not set to 0, so they go on growing.",
        ),
        "d": Option(
            "`backward()` raises an error: cannot backprop more than once.",
            "Each step builds a graph of its own, and each graph is gone through once. The "
            "parameters are the same ones, though, with their gradients still in them.",
        ),
    },
    answer="b",
    hints=[
        "Think of your own `backward`: what does it do when there is a `grad` already?",
        "It adds. Nothing takes the old sum away, unless somebody sets it to 0.",
    ],
)

EXERCISES = (q1, q2, q3, q4)
