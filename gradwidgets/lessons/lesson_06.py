"""Lesson 6: an optimizer, and how large its steps may be."""

from __future__ import annotations

import numpy as np

from gradwidgets.core.types import Foreign
from gradwidgets.engine.training.foreign import array_of
from gradwidgets.lessons.cases import Case, Numbers, written
from gradwidgets.lessons.check.questions import Choice, Option, Predict
from gradwidgets.lessons.code import Code, Mistake, Task
from gradwidgets.lessons.steps import SGD, Tensor_V4

TITLE = "Descent"
NOTEBOOK = "06_descent.ipynb"


def two_matrices(data, target, weights, alpha, count):
    """Train two matrices of weights; yield the loss of every step, before the weights move."""
    optimizer = SGD(weights, alpha)
    for _ in range(count):
        diff = data.mm(weights[0]).mm(weights[1]) - target
        loss = (diff * diff).sum(0)
        loss.backward(Tensor_V4(np.ones_like(loss.data)))
        yield loss
        optimizer.step()


# Exercise 1: what goes wrong in an optimizer.


class _Uphill(SGD):
    def step(self, zero=True):
        for parameter in self.parameters:
            if parameter.grad is not None:
                parameter.data += self.alpha * parameter.grad.data
        if zero:
            self.zero()


class _NoAlpha(SGD):
    def step(self, zero=True):
        for parameter in self.parameters:
            if parameter.grad is not None:
                parameter.data -= parameter.grad.data
        if zero:
            self.zero()


class _FixedAlpha(SGD):
    def step(self, zero=True):
        for parameter in self.parameters:
            if parameter.grad is not None:
                parameter.data -= 0.1 * parameter.grad.data
        if zero:
            self.zero()


class _NeverZero(SGD):
    def step(self, zero=True):
        super().step(zero=False)


class _AlwaysZero(SGD):
    def step(self, zero=True):
        super().step(zero=True)


class _ZeroFirst(SGD):
    def step(self, zero=True):
        if zero:
            self.zero()
        super().step(zero=False)


class _FirstOnly(SGD):
    def step(self, zero=True):
        for parameter in self.parameters[:1]:
            if parameter.grad is not None:
                parameter.data -= self.alpha * parameter.grad.data
        if zero:
            self.zero()


class _ZeroData(SGD):
    def zero(self):
        for parameter in self.parameters:
            parameter.data *= 0


class _NeedsGrad(SGD):
    def zero(self):
        for parameter in self.parameters:
            parameter.grad.data *= 0

    def step(self, zero=True):
        for parameter in self.parameters:
            parameter.data -= self.alpha * parameter.grad.data
        if zero:
            self.zero()


class _MovesNothing(SGD):
    def step(self, zero=True):
        if zero:
            self.zero()


DONE = "w.grad is None or not w.grad.data.any()"  # None is another right way to forget a gradient
MADE = "w = Tensor([1, 2], autograd=True)\nw.grad = Tensor([10.0, -10.0])\n"


def _random_descent(rng: np.random.Generator, size: int) -> Case:
    data = written(rng.integers(-5, 6, size))
    alpha = rng.integers(1, 40) / 100
    code = [
        f"w = Tensor({data}, autograd=True)",
        f"optimizer = SGD([w], alpha={alpha})",
        f"for _ in range({size}):",
        f"    (w * w).backward(Tensor({[1] * size}))",
        "    optimizer.step()",
    ]
    return Case("\n".join(code), ("w.data", DONE))


q1 = Code(
    "06.q1",
    "an optimizer",
    "Write the class `SGD`. `step` moves the data of every parameter against its gradient, `alpha` "
    "times as far, and then sets the gradients back to zero, unless it is called with "
    "`zero=False`. `zero` sets them back without moving anything. A parameter whose `grad` is "
    "`None` has taken no part in the loss: it stays where it is.",
    task=Task(
        "SGD",
        SGD,
        [
            Case(MADE + "SGD([w], alpha=0.1).step()", ("w.data", DONE)),
            Case(MADE + "SGD([w], alpha=0.5).step()", ("w.data", DONE)),
            Case(MADE + "SGD([w]).step()", ("w.data",)),
            Case(MADE + "SGD([w], alpha=0.2).step(zero=False)", ("w.data", "w.grad.data")),
            Case(MADE + "SGD([w], alpha=0.2).zero()", ("w.data", DONE)),
            Case(
                "w = Tensor([1, 2], autograd=True)\noptimizer = SGD([w])\n"
                "optimizer.step()\noptimizer.zero()",
                ("w.data",),
            ),
            Case(
                MADE + "v = Tensor([[3], [4]], autograd=True)\nv.grad = Tensor([[1.0], [2.0]])\n"
                "optimizer = SGD([w, v], alpha=0.1)\noptimizer.step()",
                ("w.data", "v.data", "optimizer.alpha"),
            ),
        ],
        names={"Tensor": Tensor_V4},
        methods=("zero", "step"),
        random=_random_descent,
        mistakes=[
            Mistake(
                "The parameters climb: the gradient points to where the loss grows, so one has to "
                "go the other way.",
                _Uphill,
            ),
            Mistake(
                "The parameters move by the whole gradient. How far they go is `alpha` times that.",
                _NoAlpha,
            ),
            Mistake(
                "It works for one learning rate alone: use the `alpha` that the optimizer has been "
                "given, `self.alpha`.",
                _FixedAlpha,
            ),
            Mistake(
                "After `step` the old gradients are still there. The next `backward` adds its own "
                "to them, and the parameters run too far.",
                _NeverZero,
            ),
            Mistake(
                "`step(zero=False)` is to leave the gradients alone, but yours sets them back.",
                _AlwaysZero,
            ),
            Mistake(
                "The gradients are set back before they have been used: first move, then zero.",
                _ZeroFirst,
            ),
            Mistake(
                "Only the first parameter moves. The loop has to reach all of them: is there a "
                "`return` inside it, or an index?",
                _FirstOnly,
            ),
            Mistake(
                "`zero` has set the parameters themselves to 0: all that has been learnt is gone. "
                "It is their gradients that are to be set back.",
                _ZeroData,
            ),
            Mistake(
                "A parameter that has taken no part has `None` for a gradient, and `None` has no "
                "`data`. Ask before you use it, in `step` and in `zero`.",
                _NeedsGrad,
            ),
            Mistake(
                "Nothing moves. `p = p - …` only gives the name `p` to something new; the "
                "parameter itself has to change: its `data`.",
                _MovesNothing,
            ),
        ],
    ),
    hints=[
        "You have written these lines before: they are the last ones of the training loop in "
        "lesson 05.",
        "`for p in self.parameters:` and in it the data of `p` is moved by `self.alpha` times the "
        "data of its gradient. Ask first `if p.grad is not None:`.",
        "In `step`, when all have moved: `if zero:` and then call your own method `self.zero()`.",
    ],
    solution='''
class SGD:
    def __init__(self, parameters, alpha=0.1):
        self.parameters = parameters
        self.alpha = alpha

    def zero(self):
        for p in self.parameters:
            if p.grad is not None:
                p.grad.data *= 0

    def step(self, zero=True):
        for p in self.parameters:
            if p.grad is not None:
                p.data -= self.alpha * p.grad.data
        if zero:
            self.zero()
''',
    praise="Any number of parameters, of any shape: the optimizer does not care.",
)

q2 = Predict(
    "06.q2",
    "two steps down",
    "The loss is `w * w`, and its gradient is 2·`w`. You start at `w` = 4 with `alpha` = 0.25. "
    "Where is `w` after one step, and where after two?",
    expected=[2, 1],
    because="The gradient at 4 is 8, so `w` moves by 0.25 · 8 = 2, to 2. There the gradient is "
    "only 4, and `w` moves by 1. Steps get shorter by themselves where it is less steep.",
    wrong=[
        ([3, 2.25], "That is with `w` for a gradient. The gradient of `w * w` is twice as large."),
        ([2, 0], "The first step is right. For the second one the gradient has to be computed "
         "anew: at 2 it is not 8 any more."),
        ([6, 9], "You have gone uphill: the step goes against the gradient."),
        ([0, 0], "A step is `alpha` times the gradient, which is 2·4 = 8. You have used the loss "
         "itself, 16."),
        ([2, 2], "The first step is right. But the second step moves `w` again."),
    ],
    hints=[
        "First step: the gradient at 4 is 2·4. How much is a quarter of it?",
        "Second step: begin where the first one has ended, with the gradient at that place.",
    ],
)

q3 = Predict(
    "06.q3",
    "jumping on the spot",
    "The same loss, `w * w`, from `w` = 4. With one learning rate `w` jumps from 4 to −4, back to "
    "4, and so on for ever. Which one?",
    expected=1,
    because="From 4 to −4 is a step of 8, and the gradient at 4 is 8. With a smaller rate `w` "
    "comes closer to 0, with a larger one it is thrown further out each time.",
    wrong=[
        (0.5, "With 0.5 the step is 0.5 · 8 = 4, and `w` lands right in the middle, at 0."),
        (2, "With 2 the step is 2 · 8 = 16, from 4 to −12. And then further out."),
        (8, "8 is the length of the step. How many times the gradient is that?"),
        (-1, "A negative rate goes uphill."),
    ],
    hints=[
        "How long is the step from 4 to −4?",
        "8 long. And the gradient at 4 is 2·4. So `alpha` times 8 has to be 8.",
    ],
)

q4 = Choice(
    "06.q4",
    "what would you do?",
    "You train a network, and the loss goes 2.1, 0.9, 3.4, 0.8, 4.0, 0.9, 3.1 … What would you do?",
    options={
        "a": Option(
            "Train longer: it will calm down.",
            "It may jump like that for ever, as `w` did between 4 and −4. More steps of the same "
            "length do not help.",
        ),
        "b": Option(
            "Take a larger learning rate, so that it gets out of there.",
            "The jumps get wider then, until the loss explodes.",
        ),
        "c": Option(
            "Take a smaller learning rate, a third or a tenth.",
            "Yes. Up and down means that every step goes beyond the bottom, to the other side of "
            "the valley. Shorter steps come down.",
        ),
        "d": Option(
            "Look for a wrong sign: the gradient goes uphill.",
            "With a wrong sign the loss would rise at every step. Here it falls again and again, "
            "and is thrown out.",
        ),
    },
    answer="c",
    hints=[
        "Draw the parabola, and a ball that jumps from one side to the other.",
        "It goes beyond the bottom at each step. Are the steps too long, or too short?",
    ],
)

# Exercise 5: what goes wrong in a training loop.


def _no_step(data, target, weights, alpha, count):
    return two_matrices(data, target, weights, 0, count)


def _keeps_gradients(data, target, weights, alpha, count):
    optimizer = SGD(weights, alpha)
    for _ in range(count):
        diff = data.mm(weights[0]).mm(weights[1]) - target
        loss = (diff * diff).sum(0)
        loss.backward(Tensor_V4(np.ones_like(loss.data)))
        yield loss
        optimizer.step(zero=False)


def _a_list(data, target, weights, alpha, count):
    return list(two_matrices(data, target, weights, alpha, count))


def _only_last(data, target, weights, alpha, count):
    yield list(two_matrices(data, target, weights, alpha, count))[-1]


def _other_alpha(data, target, weights, alpha, count):
    return two_matrices(data, target, weights, 0.1, count)


def _other_count(data, target, weights, alpha, count):
    return two_matrices(data, target, weights, alpha, 10)


def _own_weights(data, target, weights, alpha, count):
    copies = [Tensor_V4(weight.data, autograd=True) for weight in weights]
    return two_matrices(data, target, copies, alpha, count)


def _second_only(data, target, weights, alpha, count):
    optimizer = SGD(weights[1:], alpha)
    for _ in range(count):
        diff = data.mm(weights[0]).mm(weights[1]) - target
        loss = (diff * diff).sum(0)
        loss.backward(Tensor_V4(np.ones_like(loss.data)))
        yield loss
        optimizer.step()


def _training_case(
    data: Numbers,
    target: Numbers,
    first: Numbers,
    second: Numbers,
    alpha: float,
    count: int,
) -> Case:
    code = [
        f"data = Tensor({written(data)})",
        f"target = Tensor({written(target)})",
        f"weights = [Tensor({written(first)}, autograd=True), "
        f"Tensor({written(second)}, autograd=True)]",
        f"training = steps(data, target, weights, {alpha}, {count})",
    ]
    compare = (
        "iter(training) is training",
        "[number(loss) for loss in training]",
        "weights[0].data",
        "weights[1].data",
    )
    return Case("\n".join(code), compare)


def _random_training(rng: np.random.Generator, size: int) -> Case:
    shapes = ((size, 2), (size, 1), (2, size), (size, 1))
    data, target, first, second = (rng.integers(-2, 3, shape) for shape in shapes)
    return _training_case(data, target, first, second, 0.01, size)


def _number(loss: Foreign) -> float:
    """Return the number in a loss: a tensor, an array, or a number already."""
    return float(np.sum(array_of(loss)))


TRUTH = ([[0, 0], [0, 1], [1, 0], [1, 1]], [[0], [1], [0], [1]])

q5 = Code(
    "06.q5",
    "a loop that can be watched",
    "Write `steps(data, target, weights, alpha, count)`: it trains the two matrices in `weights` "
    "for `count` steps with `ReadySGD`, and gives the loss of each step with `yield`.",
    task=Task(
        "steps",
        two_matrices,
        [
            _training_case([[1]], [[5]], [[2]], [[3]], 0.01, 1),
            _training_case([[1]], [[5]], [[2]], [[3]], 0.01, 3),
            _training_case(*TRUTH, [[0.5, 0.7], [0.6, 0.5]], [[0.4], [0.9]], 0.05, 12),
            _training_case(*TRUTH, [[0.5, 0.7], [0.6, 0.5]], [[0.4], [0.9]], 0.1, 2),
        ],
        names={
            "Tensor": Tensor_V4,
            "Tensor_V4": Tensor_V4,
            "ReadySGD": SGD,
            "number": _number,
        },
        random=_random_training,
        mistakes=[
            Mistake(
                "The loss is the same at every step: the weights never move. Who moves them?",
                _no_step,
            ),
            Mistake(
                "The first loss is right, then the steps get too long: the gradients of all steps "
                "so far are added up. They have to be set back in between.",
                _keeps_gradients,
            ),
            Mistake(
                "The losses are right, but they come all at once, in a list, when the training is "
                "over. With `yield` in the loop each comes as soon as it is known.",
                _a_list,
            ),
            Mistake(
                "Only one loss comes out: `yield` has to stand inside the loop.",
                _only_last,
            ),
            Mistake(
                "It works with one learning rate alone: hand `alpha` to the optimizer.",
                _other_alpha,
            ),
            Mistake(
                "The number of steps is not the one that was asked for: `count`.",
                _other_count,
            ),
            Mistake(
                "The losses are right, but the weights outside are what they were: you have "
                "trained copies. Train the tensors that were given.",
                _own_weights,
            ),
            Mistake(
                "Only the second matrix learns: give the optimizer all of `weights`.",
                _second_only,
            ),
        ],
    ),
    hints=[
        "The loop of lesson 05 does it; its last lines are one call now. And `print` becomes "
        "`yield`.",
        "Before the loop: `optimizer = ReadySGD(weights, alpha)`. In it: predict, compute the "
        "loss, `backward`, `yield`, `step`.",
        "The prediction is `data.mm(weights[0]).mm(weights[1])`, and the loss "
        "`(diff * diff).sum(0)`. After `backward` comes `yield loss`, then `optimizer.step()`.",
    ],
    solution='''
def steps(data, target, weights, alpha, count):
    optimizer = ReadySGD(weights, alpha)
    for i in range(count):
        diff = data.mm(weights[0]).mm(weights[1]) - target
        loss = (diff * diff).sum(0)
        loss.backward(Tensor_V4(np.ones_like(loss.data)))
        yield loss
        optimizer.step()
''',
    praise="A training that gives its losses one by one can be watched while it runs.",
)

EXERCISES = (q1, q2, q3, q4, q5)
