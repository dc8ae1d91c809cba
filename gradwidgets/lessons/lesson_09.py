"""Lesson 9: how wrong a prediction is, as a layer; and whether to sum or to average."""

from __future__ import annotations

import numpy as np

from gradwidgets.lessons import steps
from gradwidgets.lessons.cases import Case, Numbers, gradient_case
from gradwidgets.lessons.check.questions import FindNode, Predict, Puzzle
from gradwidgets.lessons.code import Code, Mistake, Task
from gradwidgets.lessons.steps import Layer
from gradwidgets.lessons.steps import Tensor_V5 as Tensor

TITLE = "How wrong is it?"
NOTEBOOK = "09_loss.ipynb"

NAMES = {"Tensor": Tensor, "ready": steps}

q1 = Predict(
    "09.q1",
    "a loss in your head",
    "The predictions are 0.5, 0.5, 1 and 0, the targets 0, 1, 0 and 1. What is the sum of the "
    "squared differences?",
    expected=2.5,
    because="The differences are 0.5, −0.5, 1 and −1, their squares 0.25, 0.25, 1 and 1. The two "
    "samples that are twice as wrong count four times as much.",
    wrong=[
        (0, "That is the sum of the differences: plus and minus have cancelled out. Square first."),
        (3, "That is the sum of the differences without their signs. Square them."),
        (0.625, "That is the mean of the squares. The question is for their sum."),
        (9, "You have added up first, and then squared. Each sample is squared by itself."),
        (1.5, "Is the square of 0.5 perhaps smaller than you think? And −1 squared is +1."),
    ],
    hints=[
        "Four differences first: 0.5 − 0, 0.5 − 1, 1 − 0, 0 − 1.",
        "0.5² = 0.25, and (−0.5)² = 0.25, too.",
    ],
)


# Exercise 2: what goes wrong in a loss.


class _NotSquared(Layer):
    def forward(self, pred, target):
        return (pred - target).sum(0)


class _SquaredApart(Layer):
    def forward(self, pred, target):
        return (pred * pred - target * target).sum(0)


class _SummedFirst(Layer):
    def forward(self, pred, target):
        total = (pred - target).sum(0)
        return total * total


class _NotSummed(Layer):
    def forward(self, pred, target):
        return (pred - target) * (pred - target)


class _AlongTheRows(Layer):
    def forward(self, pred, target):
        return ((pred - target) * (pred - target)).sum(1)


class _JustNumbers(Layer):
    def forward(self, pred, target):
        return ((pred.data - target.data) ** 2).sum(0)


class _CutOff(Layer):
    def forward(self, pred, target):
        return Tensor(((pred.data - target.data) ** 2).sum(0), autograd=True)


class _KeepsIt(steps.MSELoss):
    def forward(self, pred, target):
        super().forward(pred, target)


class MeanLoss(Layer):
    """The squares of what is missing to the target, averaged over the samples."""

    def forward(self, pred, target):
        loss = ((pred - target) * (pred - target)).sum(0)
        return loss * Tensor(1 / len(pred.data))


def _loss_case(loss: str, pred: Numbers, target: Numbers) -> Case:
    return gradient_case(
        {"pred": pred, "target": target},
        f"loss = {loss}().forward(pred, target)",
        "loss",
        np.ones(np.array(pred).shape[1]),
    )


def _random_case(loss: str, rng: np.random.Generator, size: int) -> Case:
    shape = size, int(rng.integers(1, 3))
    return _loss_case(loss, rng.integers(-5, 6, shape), rng.integers(-5, 6, shape))


q2 = Code(
    "09.q2",
    "a loss is a layer",
    "Write `MSELoss`, a layer whose `forward(pred, target)` returns the squared differences, "
    "summed over the samples (the rows). It has no parameters.",
    task=Task(
        "MSELoss",
        steps.MSELoss,
        [
            Case("loss = MSELoss()", ("loss.get_parameters()",)),
            Case(
                "loss = MSELoss().forward(Tensor([[3]]), Tensor([[1]]))",
                ("type(loss).__name__", "loss.data"),
            ),
            _loss_case("MSELoss", [[3]], [[1]]),
            _loss_case("MSELoss", [[0.5], [0.5], [1], [0]], [[0], [1], [0], [1]]),
            _loss_case("MSELoss", [[1, 2], [3, 4], [5, 7]], [[0, 0], [1, 1], [2, 2]]),
        ],
        names=NAMES,
        methods=("forward",),
        random=lambda rng, size: _random_case("MSELoss", rng, size),
        mistakes=[
            Mistake(
                "The differences are added up without being squared: one that is too high and one "
                "that is too low would look like no mistake at all.",
                _NotSquared,
            ),
            Mistake(
                "You have squared prediction and target, each by itself. Take the difference "
                "first, and square that: (3 − 1)² is 4, but 3² − 1² is 8.",
                _SquaredApart,
            ),
            Mistake(
                "You have added up first, and squared the total. Then plus and minus have "
                "cancelled out already: square each difference by itself.",
                _SummedFirst,
            ),
            Mistake(
                "The squares are right, but nobody adds them up: there is one number for each "
                "sample, and not one for all of them.",
                _NotSummed,
            ),
            Mistake(
                "The sum goes along each row. The samples are the rows, so they are to be added up "
                "from top to bottom. What is the number of that direction?",
                _AlongTheRows,
            ),
            Mistake(
                "The numbers are right, but they are an array. An array cannot send a gradient "
                "back: calculate with the tensors themselves, not with their `data`.",
                _JustNumbers,
            ),
            Mistake(
                "The loss is a tensor, but it does not know where it came from: with `.data` you "
                "have left the graph, and no gradient finds the way back to `pred`.",
                _CutOff,
            ),
            Mistake(
                "`forward` calculates the loss, and then keeps it for itself: it returns `None`.",
                _KeepsIt,
            ),
            Mistake(
                "That is the mean over the samples. It comes in exercise 4; here the squares are "
                "only added up.",
                MeanLoss,
            ),
        ],
    ),
    hints=[
        "It is the line of the loop that compares, with a `return` in front.",
        "Your tensors know no `**`. The square of a tensor is the tensor times itself.",
        "`missing = pred - target` is the difference. Multiply it by itself, and `.sum(0)`.",
    ],
    solution='''
class MSELoss(ready.Layer):
    def forward(self, pred, target):
        return ((pred - target) * (pred - target)).sum(0)
''',
    praise="Prediction and target go in, one number comes out, and the gradient finds its way "
    "back.",
)


# Exercise 3: a loss in which a gradient is lost.


class _Overwrites(Tensor):
    """Keeps only the last of several gradients."""

    def backward(self, grad, grad_origin=None):
        self.grad = None
        super().backward(grad, grad_origin)


def _faulty_loss() -> Puzzle:
    x = _Overwrites([[1, 2], [3, 1]])
    target = _Overwrites([[4], [9]])
    w = _Overwrites([[2], [3]], autograd=True)
    pred = x.mm(w)
    left = pred - target
    right = pred - target
    squares = left * right
    loss = squares.sum(0)
    loss.backward(_Overwrites([1]))
    names = {
        "x": x,
        "target": target,
        "w": w,
        "pred": pred,
        "left": left,
        "right": right,
        "squares": squares,
        "loss": loss,
    }
    return loss, names


q3 = FindNode(
    "09.q3",
    "find the lost half",
    "Here is the loss of two samples, made by a `Tensor` with a fault in it. On the way back, from "
    "`loss` upwards, which tensor is the first whose gradient is wrong?",
    build=_faulty_loss,
    answer="pred",
    because="`pred` is used twice, in `left` and in `right`, and each sends it [4, 0]. Together "
    "that is [8, 0], which is 2 · (pred − target). This class lets the second gradient overwrite "
    "the first: the fault of lesson 03.",
    wrong={
        "loss": "`loss` has the gradient that was sent in: 1. That is right.",
        "squares": "The rule of the sum: each square gets a copy of the 1. That is right.",
        "left": "The rule of the product: 1 times the other factor, `right`. That is right.",
        "right": "The rule of the product: 1 times the other factor, `left`. That is right.",
        "w": "The gradient of `w` is wrong, too. But it was calculated from another one, which was "
        "wrong already: go one step back towards `loss`.",
        "target": "`target` is not to be learned, and needs no gradient.",
        "x": "`x` is an input. It is not to be learned, and needs no gradient.",
    },
    hints=[
        "Begin at `loss`, go upwards, and calculate for each tensor what should arrive.",
        "Which tensor has two lines that lead away from it? It should receive two gradients.",
        "`left` and `right` have the gradient [4, 0] each. What should arrive where both lead to?",
    ],
)


# Exercise 4: what goes wrong in a mean.


class _Sum(MeanLoss):
    def forward(self, pred, target):
        return ((pred - target) * (pred - target)).sum(0)


class _ByAllNumbers(MeanLoss):
    def forward(self, pred, target):
        return ((pred - target) * (pred - target)).sum(0) * Tensor(1 / pred.data.size)


class _ByColumns(MeanLoss):
    def forward(self, pred, target):
        return ((pred - target) * (pred - target)).sum(0) * Tensor(1 / pred.data.shape[1])


class _ScaledBefore(MeanLoss):
    def forward(self, pred, target):
        missing = (pred - target) * Tensor(1 / len(pred.data))
        return (missing * missing).sum(0)


class _MeanCutOff(MeanLoss):
    def forward(self, pred, target):
        return Tensor(super().forward(pred, target).data, autograd=True)


class _TimesNumber(MeanLoss):
    def forward(self, pred, target):
        return ((pred - target) * (pred - target)).sum(0) * Tensor(len(pred.data))


class _AlwaysFour(MeanLoss):
    def forward(self, pred, target):
        return ((pred - target) * (pred - target)).sum(0) * Tensor(1 / 4)


q4 = Code(
    "09.q4",
    "the mean over the samples",
    "Write `MeanLoss`, as `MSELoss`, but divided by the number of samples. Your tensors cannot "
    "divide: multiply by a `Tensor` of 1 / n.",
    task=Task(
        "MeanLoss",
        MeanLoss,
        [
            Case(
                "loss = MeanLoss().forward(Tensor([[3]]), Tensor([[1]]))",
                ("type(loss).__name__", "loss.data"),
            ),
            _loss_case("MeanLoss", [[3], [5]], [[1], [1]]),
            _loss_case("MeanLoss", [[0.5], [0.5], [1], [0]], [[0], [1], [0], [1]]),
            _loss_case("MeanLoss", [[1, 2], [3, 4], [5, 7]], [[0, 0], [1, 1], [2, 2]]),
        ],
        names=NAMES,
        methods=("forward",),
        random=lambda rng, size: _random_case("MeanLoss", rng, size),
        mistakes=[
            Mistake("That is the sum still: nothing is divided by the number of samples.", _Sum),
            Mistake(
                "You have divided by the number of all numbers in `pred`. If there are several "
                "outputs, that is more than there are samples: count the rows.",
                _ByAllNumbers,
            ),
            Mistake(
                "You have divided by the number of columns, which are the outputs. The samples are "
                "the rows.",
                _ByColumns,
            ),
            Mistake(
                "You have divided before squaring, so that 1 / n is squared as well. Divide the "
                "sum of the squares.",
                _ScaledBefore,
            ),
            Mistake(
                "The numbers are right, but no gradient comes back: with `.data` you have left the "
                "graph. Multiply the loss by a `Tensor` instead.",
                _MeanCutOff,
            ),
            Mistake(
                "You have multiplied by the number of samples. Divide: multiply by 1 / n.",
                _TimesNumber,
            ),
            Mistake(
                "You always divide by 4. Here there are four samples, but another time there may "
                "be 400: let `pred` tell you how many.",
                _AlwaysFour,
            ),
        ],
    ),
    hints=[
        "Take the sum of exercise 2, and multiply it by something.",
        "The number of samples is the number of rows, `len(pred.data)`.",
        "The factor is `Tensor(1 / len(pred.data))`.",
    ],
    solution='''
class MeanLoss(ready.Layer):
    def forward(self, pred, target):
        loss = ((pred - target) * (pred - target)).sum(0)
        return loss * Tensor(1 / len(pred.data))
''',
    praise="However many samples there are, the loss and its gradients stay of the same size.",
)

q5 = Predict(
    "09.q5",
    "the same steps",
    "With the sum over four samples the network learned at a rate of 0.05. Which rate makes it "
    "take exactly the same steps with the mean?",
    expected=0.2,
    because="The mean is a quarter of the sum, and so is each of its gradients. A step is the rate "
    "times the gradient: with four times the rate it is the same again.",
    wrong=[
        (0.0125, "The gradients are a quarter already. With a quarter of the rate the steps would "
         "be a sixteenth."),
        (0.05, "The gradients of the mean are smaller, so with the same rate the steps are, too."),
        (0.8, "Four times four is too much: it is only the gradient that has become smaller."),
        (0.1, "That would be right for two samples."),
    ],
    hints=[
        "By how much are the gradients of the mean smaller than those of the sum?",
        "A step is `alpha` times the gradient. If the gradient is divided by 4, `alpha` has to be "
        "…",
    ],
)

EXERCISES = (q1, q2, q3, q4, q5)
