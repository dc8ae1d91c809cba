"""Lesson 5: the gradients of a network of two matrices, by hand and beside the framework."""

from __future__ import annotations

import numpy as np

from gradwidgets.lessons.cases import Case, Numbers, written
from gradwidgets.lessons.check.questions import Choice, Option, Predict
from gradwidgets.lessons.code import Code, Mistake, Task

TITLE = "By hand"
NOTEBOOK = "05_by_hand.ipynb"


def gradients_by_hand(data, layer_1, weights_1_2, grad):
    """Send `grad`, which arrives at the prediction, back to both matrices of weights."""
    layer_1_grad = grad @ weights_1_2.transpose()
    return data.transpose() @ layer_1_grad, layer_1.transpose() @ grad


def step_by_hand(data, target, weights_0_1, weights_1_2, alpha):
    """Return the loss, and move both matrices of weights against their gradients."""
    layer_1 = data @ weights_0_1
    diff = layer_1 @ weights_1_2 - target
    grads = gradients_by_hand(data, layer_1, weights_1_2, 2 * diff)
    weights_0_1 -= alpha * grads[0]
    weights_1_2 -= alpha * grads[1]
    return np.sum(diff * diff)


q1 = Predict(
    "05.q1",
    "one sample",
    "One sample alone: `layer_1` is `[1, 2, 3]`, the weights are `10`, `20`, `30`, so the "
    "prediction is 1·10 + 2·20 + 3·30 = 140. The gradient 0.5 arrives at the prediction. What is "
    "the gradient of `layer_1`?",
    expected=[5, 10, 15],
    because="When the first number of `layer_1` goes up by 1, the prediction goes up by its "
    "weight, 10. So it gets 0.5 · 10, and the others 0.5 · 20 and 0.5 · 30.",
    wrong=[
        ([0.5, 1, 1.5], "That is the gradient of the three weights: each of them is multiplied "
         "by a number of `layer_1`. Here it is the other way round."),
        ([10, 20, 30], "Those are the weights: how far the prediction moves. What arrives, 0.5, "
         "has still to be multiplied in."),
        ([0.5, 0.5, 0.5], "That would be right for a sum without weights. How far does the "
         "prediction move when the 1 becomes a 2?"),
    ],
    hints=[
        "Let the 1 become a 2. By how much does 1·10 + 2·20 + 3·30 grow?",
        "By 10, the weight that belongs to it. Now multiply by what arrives: 0.5. The same for "
        "the other two.",
    ],
)

# Exercise 2: what goes wrong with the two matrices.


def _swapped(data, layer_1, weights_1_2, grad):
    return gradients_by_hand(data, layer_1, weights_1_2, grad)[::-1]


def _not_transposed(data, layer_1, weights_1_2, grad):
    return data @ (grad @ weights_1_2), layer_1 @ grad


def _past_the_weights(data, layer_1, weights_1_2, grad):
    return data.T @ grad, layer_1.T @ grad


def _of_layer_1(data, layer_1, weights_1_2, grad):
    return grad @ weights_1_2.T, layer_1.T @ grad


def _layer_1_twice(data, layer_1, weights_1_2, grad):
    return layer_1.T @ (grad @ weights_1_2.T), layer_1.T @ grad


def _lying(data, layer_1, weights_1_2, grad):
    return data.T @ (grad @ weights_1_2.T), grad.T @ layer_1


def _averaged(data, layer_1, weights_1_2, grad):
    first, second = gradients_by_hand(data, layer_1, weights_1_2, grad)
    return first / len(data), second / len(data)


def _data_twice(data, layer_1, weights_1_2, grad):
    return data.T @ (grad @ weights_1_2.T), data.T @ grad


def _back_case(
    data: Numbers, first: Numbers, second: Numbers, grad: Numbers
) -> Case:
    lines = [
        f"data = np.array({written(data)})",
        f"layer_1 = data @ np.array({written(first)})",
        f"weights_1_2 = np.array({written(second)})",
        f"grad = np.array({written(grad)})",
        "for_0_1, for_1_2 = send_back(data, layer_1, weights_1_2, grad)",
    ]
    return Case("\n".join(lines), ("for_0_1", "for_1_2"))


def _random_back(rng: np.random.Generator, size: int) -> Case:
    samples, hidden = int(rng.integers(1, 4)), int(rng.integers(2, 4))
    shapes = ((samples, size), (size, hidden), (hidden, 1), (samples, 1))
    return _back_case(*(rng.integers(-4, 5, shape) for shape in shapes))


q2 = Code(
    "05.q2",
    "send it back by hand",
    "Write `send_back`, without tensors, with arrays alone. `grad` is what arrives at the "
    "prediction. Return two gradients: first that of `weights_0_1`, then that of `weights_1_2`.",
    task=Task(
        "send_back",
        gradients_by_hand,
        [
            _back_case([[1, 2]], [[1, 0], [3, -1]], [[2], [5]], [[1]]),
            _back_case([[0, 1], [1, 1]], [[1, 2], [3, 4]], [[2], [-1]], [[1], [10]]),
            _back_case([[1, 2, 3], [4, 5, 6]], [[1, 2]] * 3, [[3], [5]], [[1], [-1]]),
            _back_case([[1, 2], [3, 4], [5, 7]], [[1, 0], [0, 1]], [[2], [3]], [[1], [0], [2]]),
            _back_case([[2]], [[3]], [[5]], [[7]]),
        ],
        random=_random_back,
        mistakes=[
            Mistake(
                "Both gradients are right, but in the wrong order: first that of `weights_0_1`, "
                "the matrix that the data meets first.",
                _swapped,
            ),
            Mistake(
                "The right matrices, but each product needs one of them transposed: otherwise the "
                "shapes do not fit. Write the shapes into a comment beside each line.",
                _not_transposed,
            ),
            Mistake(
                "What you send to `weights_0_1` has jumped over `weights_1_2`. On the way back the "
                "gradient first passes through the second product, and arrives at `layer_1`.",
                _past_the_weights,
            ),
            Mistake(
                "The first one is the gradient of `layer_1`, with one row for each sample. One "
                "more product leads from there to `weights_0_1`.",
                _of_layer_1,
            ),
            Mistake(
                "For `weights_0_1` you have multiplied by `layer_1`. But it was `data` that these "
                "weights have met on the way forward.",
                _layer_1_twice,
            ),
            Mistake(
                "For `weights_1_2` you have multiplied by `data`. But it was `layer_1` that these "
                "weights have met on the way forward.",
                _data_twice,
            ),
            Mistake(
                "The gradient of `weights_1_2` lies on its side: it has to have the shape of "
                "`weights_1_2`, one column.",
                _lying,
            ),
            Mistake(
                "You have divided by the number of samples. The loss is a sum over the samples, "
                "so their gradients are added up, and nothing is shared out.",
                _averaged,
            ),
        ],
    ),
    hints=[
        "Twice the rule of the matrix product from lesson 04. Begin at the end, with "
        "`layer_1 @ weights_1_2`.",
        "Three products in all: the gradient of `layer_1`, that of `weights_1_2`, and from the "
        "first of them that of `weights_0_1`. In each, one matrix is transposed.",
        "`layer_1_grad = grad @ weights_1_2.transpose()` is the first. For the weights the "
        "transposed one stands on the left.",
    ],
    solution='''
def send_back(data, layer_1, weights_1_2, grad):
    layer_1_grad = grad @ weights_1_2.transpose()
    for_1_2 = layer_1.transpose() @ grad
    for_0_1 = data.transpose() @ layer_1_grad
    return for_0_1, for_1_2
''',
    praise="Three matrix products, and a two-layer network has its gradients.",
)

q3 = Choice(
    "05.q3",
    "why one half?",
    "All gradients by hand are exactly half of those of the framework. Why?",
    options={
        "a": Option(
            "The framework has a mistake: `pred - target` is used twice, so it counts everything "
            "twice.",
            "It does add up two gradients there, but that is right: `diff * diff` moves with each "
            "of its two factors. Central differences agree with the framework, not with us.",
        ),
        "b": Option(
            "The loss is the square of `diff`, and a square moves by 2 · `diff`. By hand we have "
            "sent back `diff`, without the 2.",
            "Yes. The derivative of d² is 2·d. The framework cannot forget it: `diff` is a factor "
            "of the product twice, and two gradients are added up.",
        ),
        "c": Option(
            "Rounding: the computer has only about 16 digits.",
            "Rounding changes the last of 16 digits. It never makes exactly one half.",
        ),
        "d": Option(
            "The two start from different weights.",
            "They start from the same ones: the losses of step 0 are equal, to all digits.",
        ),
    },
    answer="b",
    hints=[
        "Every gradient is affected, also that of the prediction itself. So it must have happened "
        "before the first product.",
        "What is the derivative of d²? And what have we sent in at the end?",
    ],
)

q4 = Predict(
    "05.q4",
    "the rate that makes up for it",
    "Leave the gradients by hand as they are: half of the true ones. With which learning rate "
    "would the column by hand be the same as that of the framework, which uses 0.1?",
    expected=0.2,
    because="A step is the learning rate times the gradient: 0.2 · ½ is the same as 0.1 · 1. A "
    "wrong factor in a gradient looks just like another learning rate, and that is why it can hide "
    "for a long time.",
    wrong=[
        (0.05, "Half the gradient and half the rate: that makes a quarter of the step."),
        (0.1, "That is what we had, and the columns were different."),
        (2, "Twice as large, yes: but twice what?"),
    ],
    hints=[
        "A weight moves by the learning rate times its gradient.",
        "The gradient is half as large. What has to become of the rate, so that the product stays "
        "the same?",
    ],
)

# Exercise 5: what goes wrong in a step.


def _forgets_two(data, target, weights_0_1, weights_1_2, alpha):
    return _stepped(data, target, weights_0_1, weights_1_2, alpha / 2)


def _stepped(data, target, weights_0_1, weights_1_2, alpha):
    return step_by_hand(data, target, weights_0_1, weights_1_2, alpha)


def _moved_too_early(data, target, weights_0_1, weights_1_2, alpha):
    layer_1 = data @ weights_0_1
    diff = layer_1 @ weights_1_2 - target
    weights_1_2 -= alpha * (layer_1.T @ (2 * diff))
    weights_0_1 -= alpha * (data.T @ (2 * diff @ weights_1_2.T))
    return np.sum(diff * diff)


def _uphill(data, target, weights_0_1, weights_1_2, alpha):
    return _stepped(data, target, weights_0_1, weights_1_2, -alpha)


def _new_arrays(data, target, weights_0_1, weights_1_2, alpha):
    return _stepped(data, target, weights_0_1.copy(), weights_1_2.copy(), alpha)


def _mean(data, target, weights_0_1, weights_1_2, alpha):
    return _stepped(data, target, weights_0_1, weights_1_2, alpha) / len(data)


def _loss_after(data, target, weights_0_1, weights_1_2, alpha):
    _stepped(data, target, weights_0_1, weights_1_2, alpha)
    return np.sum((data @ weights_0_1 @ weights_1_2 - target) ** 2)


def _says_nothing(data, target, weights_0_1, weights_1_2, alpha):
    _stepped(data, target, weights_0_1, weights_1_2, alpha)


def _whole_gradient(data, target, weights_0_1, weights_1_2, alpha):
    return _stepped(data, target, weights_0_1, weights_1_2, 1.0)


def _second_only(data, target, weights_0_1, weights_1_2, alpha):
    return _stepped(data, target, weights_0_1.copy(), weights_1_2, alpha)


def _step_case(
    data: Numbers,
    target: Numbers,
    first: Numbers,
    second: Numbers,
    alpha: float,
    steps: int = 1,
) -> Case:
    call = "step(data, target, weights_0_1, weights_1_2, alpha)"
    lines = [
        f"data = np.array({written(data)})",
        f"target = np.array({written(target)})",
        f"weights_0_1 = np.array({written(np.array(first, dtype=float))})",
        f"weights_1_2 = np.array({written(np.array(second, dtype=float))})",
        f"alpha = {alpha}",
        f"loss = {call}" if steps == 1 else f"losses = [{call} for _ in range({steps})]",
    ]
    told = "loss" if steps == 1 else "losses"
    return Case("\n".join(lines), (told, "weights_0_1", "weights_1_2"))


def _random_step(rng: np.random.Generator, size: int) -> Case:
    shapes = ((size, 2), (size, 1), (2, size), (size, 1))
    data, target, first, second = (rng.integers(-3, 4, shape) for shape in shapes)
    return _step_case(data, target, first, second, alpha=0.01)


TRUTH = ([[0, 0], [0, 1], [1, 0], [1, 1]], [[0], [1], [0], [1]])

q5 = Code(
    "05.q5",
    "one step, with the true gradient",
    "Write `step`: predict, compute the loss (the sum of the squares), send back the true "
    "gradient, and move both matrices against it, in place, `alpha` times as far. Return the loss "
    "from before the move.",
    task=Task(
        "step",
        step_by_hand,
        [
            _step_case([[1]], [[5]], [[2]], [[3]], 0.1),
            _step_case([[1, 2]], [[3]], [[1, 0], [0, 1]], [[2], [1]], 0.01),
            _step_case(*TRUTH, [[0.5, 0.7, 0.6], [0.5, 0.4, 0.6]], [[0.4], [0.9], [1.0]], 0.1),
            _step_case(*TRUTH, [[0.5, 0.1], [0.5, 0.4]], [[0.4], [0.9]], 0.1, steps=3),
        ],
        names={"gradients_by_hand": gradients_by_hand},
        random=_random_step,
        mistakes=[
            Mistake(
                "The loss is right, but both matrices have moved half as far as they should. What "
                "is the derivative of `diff` squared?",
                _forgets_two,
            ),
            Mistake(
                "`weights_1_2` has moved before `weights_0_1` has got its gradient, which needs "
                "the weights of the way forward. Compute both gradients first, then move.",
                _moved_too_early,
            ),
            Mistake(
                "The weights move the wrong way: the gradient points to where the loss grows.",
                _uphill,
            ),
            Mistake(
                "The loss is right, but the two arrays are what they were before. "
                "`w = w - …` makes a new array inside the function; `w -= …` changes the one that "
                "was given.",
                _new_arrays,
            ),
            Mistake(
                "The weights are right, but the loss that you return is a mean. Here it is the "
                "sum over the samples.",
                _mean,
            ),
            Mistake(
                "The weights are right, but the loss that you return is the one after the move. "
                "Compute it from the prediction that the gradients were made of.",
                _loss_after,
            ),
            Mistake(
                "The weights move, but `step` returns `None`: return the loss at its end.",
                _says_nothing,
            ),
            Mistake(
                "The weights move by the whole gradient: multiply it by `alpha`.",
                _whole_gradient,
            ),
            Mistake(
                "Only `weights_1_2` has moved. `weights_0_1` learns as well.",
                _second_only,
            ),
        ],
    ),
    hints=[
        "Four parts, as in the loop above: predict, compare, send back, move.",
        "You may call `gradients_by_hand(data, layer_1, weights_1_2, …)`. What has to be sent in, "
        "so that the gradient is the true one?",
        "Keep both gradients in variables before you move anything. Then "
        "`weights_0_1 -= alpha * …`, and the same for the other.",
    ],
    solution='''
def step(data, target, weights_0_1, weights_1_2, alpha):
    layer_1 = data @ weights_0_1
    diff = layer_1 @ weights_1_2 - target
    for_0_1, for_1_2 = gradients_by_hand(data, layer_1, weights_1_2, 2 * diff)
    weights_0_1 -= alpha * for_0_1
    weights_1_2 -= alpha * for_1_2
    return np.sum(diff * diff)
''',
    praise="By hand and by framework: the same losses now, to all digits.",
)

EXERCISES = (q1, q2, q3, q4, q5)
