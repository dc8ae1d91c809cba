"""A loss that is no longer finite is traced to what it began with, and the rate is not accused."""
from __future__ import annotations

import numpy as np
import pytest

from gradwidgets.core import SGD, Linear, MSELoss, ReLU, Sequential, Tensor
from gradwidgets.core.ops import OPS
from gradwidgets.engine.graph.snapshot import snapshot
from gradwidgets.engine.training.trainer import Trainer
from gradwidgets.engine.tutor.diverged import explain_loop, falls, rises
from gradwidgets.engine.tutor.origin import _SPELLINGS, CAUSES, find_origin
from tests.engine.textbook import (
    TextbookActivation,
    TextbookLinear,
    TextbookLoss,
    TextbookSequential,
    TextbookSGD,
    TextbookTensor,
)

TOO_LARGE = "too large: each one overshoots"
ONES = np.ones((4, 1))


def weight(*numbers):
    return Tensor(np.array(numbers, dtype=float), autograd=True)


def found_in(tensor, **names):
    with np.errstate(all="ignore"):
        return find_origin(snapshot(tensor(), names))


@pytest.mark.parametrize("made, kind, words", [
    (lambda a: (1 / a).sum(), "division", "`div(1, a)`, with a division by 0"),
    (lambda a: (a / a).sum(), "division", "`div(a, a)`, with a division by 0"),
    (lambda a: (a ** -1).sum(), "zero_power", "`pow_-1(a)`: 0 to a negative power"),
    (lambda a: a.log().sum(), "log_zero", "`log(a)`, with the logarithm of 0"),
    (lambda a: (a - 2).log().sum(), "log_negative", "the logarithm of a negative number, −2"),
    (lambda a: ((a - 3) ** 0.5).mean(), "root", "a negative number, −3, has no root"),
    (lambda a: ((a - 3) ** (a + 0.5)).mean(), "root", "a negative number, −3, has no root"),
    (lambda a: (a + 800).exp().sum(), "exp", "e to the power 801 is too large"),
    (lambda a: ((a + 1e200) * 1e200).sum(), "overflow", "numbers up to 1e+200"),
    (lambda a: ((a + 800).exp() * a).sum(), "exp", "`exp(add(…))`"),  # 0 × inf is nan: exp did it
    (lambda a: ((a + 800).exp() - (a + 801).exp()).sum(), "exp", "e to the power 801"),
    (lambda a: (a.log() * 0).sum(), "log_zero", "`log(a)`"),
    (lambda a: a.log().tanh().log().sum(), "log_negative", "`log(tanh(…))`"),  # tanh(−inf) is −1
])
def test_the_first_operation_is_named_that_makes_of_finite_numbers_one_that_is_not(
        made, kind, words):
    a = weight(0.0, 1.0)
    origin = found_in(lambda: made(a), a=a)
    assert origin.kind == kind
    assert words in origin.cause, origin.cause
    assert origin.by_size == (kind in ("exp", "overflow"))


def test_what_never_reaches_the_loss_is_not_named():
    """A mask of -inf is turned into zeros by softmax: the division that comes later did it."""
    scores, mask = weight([1.0, 2.0, 3.0]), Tensor([[0.0, 0.0, -np.inf]])
    shares = (scores + mask).softmax(1)
    assert np.isfinite(shares.data).all()
    origin = found_in(lambda: (1 / shares).sum())
    assert origin.kind == "division"
    assert find_origin(snapshot(shares)) is None


def test_a_number_that_comes_from_outside_is_told_with_its_place():
    a, mask = weight([1.0, 2.0]), Tensor([[1.0, -np.inf]])
    origin = found_in(lambda: (a * 0 * mask).sum(), a=a, mask=mask)  # 0 × inf is nan
    assert origin.kind == "constant" and "1 of 2 numbers of `mask`" in origin.cause
    origin = found_in(lambda: (a * 0 * mask).sum())
    assert origin.kind == "nameless" and "1 of the 2 numbers of a tensor without a name" in (
        origin.cause)
    origin = found_in(lambda: Tensor(np.nan))
    assert origin.kind == "hidden" and "does not say what it was made of" in origin.cause


class Half:
    """A learner's tensor with an operation that nobody knows."""

    def __init__(self, data, *creators, op=None):
        self.data, self.creators, self.creation_op, self.grad = np.asarray(data), creators, op, None


def test_an_operation_that_nobody_knows_is_named_with_what_goes_into_it():
    x = Half([-2.0, 5.0])
    origin = found_in(lambda: Half(np.nan, Half([np.nan, 1.0], x, op="wobble"), op="sum"))
    assert origin.kind == "unknown"
    assert "`wobble(…)`, although what goes into it is finite, from −2 to 5." in origin.cause


@pytest.mark.parametrize("op, inputs, result, kind", [
    ("sqrt", [[-1.0, 4.0]], [np.nan, 2.0], "root"),
    ("truediv", [[1.0], [0.0]], [np.inf], "division"),
    ("ln", [[0.0, 1.0]], [-np.inf, 0.0], "log_zero"),
    ("log", [[1.0, 2.0]], [np.nan, 0.0], "unknown"),  # theirs is no logarithm
    ("div", [[1.0]], [np.inf], "unknown"),
    ("pow", [[0.0]], [np.inf], "unknown"),
    ("log", [["no", "numbers"]], [np.nan], "unknown"),
])
def test_operations_go_by_the_names_that_learners_give_them(op, inputs, result, kind):
    assert found_in(lambda: Half(result, *map(Half, inputs), op=op)).kind == kind


def test_causes_and_spellings_speak_of_operations_that_there_are():
    assert {name for cause in CAUSES.values() for name in cause.operations} <= set(OPS)
    assert {name.partition("_")[0] for name in _SPELLINGS.values()} <= set(OPS)


class Model:
    """A single weight, and whatever `says` makes of data and weight."""

    def __init__(self, says, start=1.0):
        self.weight = Tensor([[start]], autograd=True)
        self.says = says

    def forward(self, x):
        return self.says(x, self.weight)

    def get_parameters(self):
        return [self.weight]


def trained(says, steps=50, start=1.0, alpha=0.1, x=ONES, y=0 * ONES, optimizer=None):
    model = Model(says, start)
    optimizer = optimizer or SGD(model.get_parameters(), alpha=alpha)
    trainer = Trainer.of(model, MSELoss("mean"), optimizer, x, y)
    trainer.train(steps)
    return trainer


def falling_until(step, broken):
    """Return a model's forward that goes along with x · w, and from a step on with `broken`."""
    calls = []

    def says(x, w):
        calls.append(None)
        return x.mm(w) if len(calls) < step else broken(x.mm(w))

    return says


@pytest.mark.parametrize("broken, words", [
    (lambda out: out / (out - out), "division by 0"),
    (lambda out: (out - out).log(), "logarithm of 0"),
    (lambda out: (out - 5).log(), "logarithm of a negative number"),
    (lambda out: (out - 5) ** 0.5, "has no root"),
    (lambda out: (out + 1000).exp(), "is too large for a number"),
    (lambda out: (out + 1e200) * 1e200, "is too large for a number"),
    (lambda out: (out + 1000).exp() * (out - out), "e to the power"),
])
def test_losses_that_fall_and_end_in_nan_are_not_the_rates_fault(broken, words):
    trainer = trained(falling_until(30, broken))
    found = trainer.divergence
    assert found is not None and 5 < found.step < 40
    assert TOO_LARGE not in found.message and words in found.message
    assert found.suggestion is None and not found.by_rate
    assert "learning rate" not in found.message
    assert found.message.endswith("Then press Play to go on from there.")
    assert np.isfinite(trainer.model.weight.data).all()


def test_the_layer_of_the_operation_is_named():
    np.random.seed(0)

    class Reciprocal:
        def get_parameters(self):
            return []

        def forward(self, x):
            return 1 / x.relu()

    model = Sequential([Linear(1, 3), Reciprocal(), Linear(3, 1)])
    trainer = Trainer.of(model, MSELoss(), SGD(model.get_parameters()), ONES - 1, ONES)
    trainer.train(1)
    assert "It began in `div(1, relu(…))` of Layer 1, with a division by 0." in (
        trainer.divergence.message)


@pytest.mark.parametrize("alpha", [0.1, 10.0])
def test_the_first_step_of_all_cannot_have_been_too_large(alpha):
    found = trained(lambda x, w: (x.mm(w) - 1).log(), alpha=alpha).divergence
    assert found.step == 1 and "logarithm of 0" in found.message and not found.suggestion


def test_a_rate_of_zero_moves_nothing():
    found = trained(falling_until(9, lambda out: (out + 1000).exp()), alpha=0.0).divergence
    assert "e to the power 1001" in found.message and TOO_LARGE not in found.message


def test_steps_that_are_too_large_are_still_called_so():
    np.random.seed(0)
    x = np.linspace(-3, 3, 20)[:, None]
    model = Sequential([Linear(1, 8), ReLU(), Linear(8, 1)])
    trainer = Trainer.of(model, MSELoss(), SGD(model.get_parameters(), alpha=10), x, np.sin(x))
    trainer.train(50)
    assert TOO_LARGE in trainer.divergence.message and trainer.divergence.suggestion == 1
    assert trainer.divergence.by_rate and "learning rate 10" in trainer.divergence.message


def test_a_linear_model_that_swings_further_and_further_is_called_so():
    """Each loss is only a few times the one before; in the end it is too large for a number."""
    found = trained(lambda x, w: x.mm(w) * 3, steps=2000, alpha=0.2).divergence
    assert TOO_LARGE in found.message and found.suggestion == 0.01 and found.step > 50


def test_a_single_step_that_goes_too_far_is_called_so():
    found = trained(lambda x, w: x.mm(w) ** 3, alpha=1e60).divergence
    assert found.step == 1 and TOO_LARGE in found.message


def test_where_losses_rose_before_a_logarithm_of_zero_both_are_told():
    trainer = trained(lambda x, w: (x.mm(w) * x.mm(w) + 1 - x.mm(w) * x.mm(w)).log() + x.mm(w) * 3,
                      steps=2000, alpha=0.2)
    found = trainer.divergence
    assert "with the logarithm of 0" in found.message
    assert "The losses were on their way up before" in found.message
    assert found.suggestion == 0.01 and not found.by_rate and trainer.can_go_on()


@pytest.mark.parametrize("where", ["input", "target", "Layer 1 weight"])
def test_what_was_not_finite_from_the_beginning_is_told_as_such(where):
    x, y = ONES.copy(), ONES.copy()
    model = Sequential([Linear(1, 1)])
    if where == "Layer 1 weight":
        model.layers[0].weight.data[...] = np.inf
    else:
        {"input": x, "target": y}[where][2] = np.nan
    trainer = Trainer.of(model, MSELoss(), SGD(model.get_parameters()), x, y)
    trainer.train(3)
    count = "1 of the 1 numbers" if where == "Layer 1 weight" else "1 of the 4 numbers"
    assert f"{count} of `{where}`" in trainer.divergence.message
    assert "already" in trainer.divergence.message and TOO_LARGE not in trainer.divergence.message


def test_nan_in_a_sample_is_told_in_whatever_batch_it_comes():
    x = np.ones((12, 1))
    x[7] = np.nan
    model = Sequential([Linear(1, 1)])
    trainer = Trainer.of(model, MSELoss(), SGD(model.get_parameters()), x, x * 0)
    trainer.batch_size = 3
    trainer.train(10)
    assert "1 of the 3 numbers of `input` are not finite" in trainer.divergence.message


def test_a_slope_that_is_infinite_is_told_although_the_loss_is_finite():
    """The root of 0 is 0, and its slope is infinite."""
    found = trained(lambda x, w: x.mm(w) ** 0.5, start=0.0, y=ONES).divergence
    assert "the gradient of step 1 was not" in found.message
    assert "on the way back, in `pow_0.5(mm(…))`" in found.message
    assert "the slope of a root is infinite at 0" in found.message


def test_a_gradient_that_the_optimizer_puts_right_is_nobodys_business():
    class Careful(SGD):
        def step(self, zero=True):
            for parameter in self.parameters:
                parameter.grad.data = np.nan_to_num(parameter.grad.data, posinf=0.0)
            super().step(zero)

    weight = Tensor([[0.0]], autograd=True)
    model = Model(lambda x, w: x.mm(w) ** 0.5)
    model.weight = weight
    trainer = Trainer.of(model, MSELoss(), Careful([weight]), ONES, ONES)
    trainer.train(5)
    assert trainer.divergence is None and trainer.step_count == 5


def test_an_optimizer_that_divides_by_zero_is_told():
    class Slower(SGD):
        """Its steps become smaller by a count that reaches 0."""

        left = 6

        def step(self, zero=True):
            self.left -= 1
            for parameter in self.parameters:
                parameter.data -= self.alpha * parameter.grad.data / np.float64(self.left)
            self.zero()

    weight = Tensor([[1.0]], autograd=True)
    model = Model(lambda x, w: x.mm(w))
    model.weight = weight
    trainer = Trainer.of(model, MSELoss("mean"), Slower([weight]), ONES, 0 * ONES)
    trainer.train(9)
    assert trainer.divergence.step == 6 and TOO_LARGE not in trainer.divergence.message
    assert "look in its step for a division by zero" in trainer.divergence.message


def test_a_loss_over_all_data_is_traced_too():
    """The batches leave out the last sample of the epoch, which comes with the whole data."""
    x = np.linspace(1, 4, 8)[:, None]

    def says(inputs, w):
        whole = len(inputs.data) == 8
        return (inputs.mm(w) * 0).log() if whole and calls.append(1) is None and len(calls) > 1 else (
            inputs.mm(w))

    calls = []
    model = Model(says)
    trainer = Trainer.of(model, MSELoss("mean"), SGD(model.get_parameters(), alpha=0.01), x, x)
    trainer.batch_size = 4
    trainer.train(4)
    assert trainer.divergence.message.startswith(
        "The loss over the whole data is no longer finite at step 2. It began in `log(mul(…))`")


def test_a_textbook_class_is_told_the_same():
    np.random.seed(1)
    model = TextbookSequential([TextbookLinear(1, 2), TextbookActivation("relu"),
                                TextbookLinear(2, 1)])
    x = np.array([[1.0], [np.inf], [2.0]])
    optimizer = TextbookSGD(model.get_parameters(), 0.01)
    trainer = Trainer.of(model, TextbookLoss(), optimizer, x, np.zeros((3, 1)))
    trainer.train(3)
    assert "1 of the 3 numbers of `input`" in trainer.divergence.message
    assert isinstance(model.layers[0].weight, TextbookTensor)


def test_play_goes_on_from_the_last_good_weights_once_the_model_is_mended():
    trainer = trained(falling_until(30, lambda out: (out - out).log()))
    good, stopped = trainer.model.weight.data.copy(), trainer.step_count
    assert trainer.run(5) == 1 and trainer.divergence is not None  # not mended: it says so again
    assert np.array_equal(trainer.model.weight.data, good)
    trainer.model.says = lambda x, w: x.mm(w)
    assert trainer.can_go_on() and np.array_equal(trainer.model.weight.data, good)
    assert trainer.run(5) == 5 and trainer.divergence is None
    assert trainer.step_count == stopped + 6
    assert trainer.train_loss < float(np.mean(good**2))


def test_a_class_that_is_mended_counts_as_well_also_where_the_rate_was_blamed():
    class Wild(Model):
        def forward(self, x):
            return x.mm(self.weight) * 1e4

    model = Wild(None)
    trainer = Trainer.of(model, MSELoss("mean"), SGD([model.weight], alpha=0.1), ONES, 0 * ONES)
    trainer.train(200)
    assert trainer.divergence.by_rate and not trainer.can_go_on()
    Wild.forward = lambda self, x: x.mm(self.weight)
    assert trainer.try_again() and trainer.divergence is None
    trainer.train(5)
    assert trainer.divergence is None and trainer.train_loss < 1


def test_weights_that_are_mended_by_hand_stay_so():
    model = Model(falling_until(10**9, None), start=np.nan)
    trainer = Trainer.of(model, MSELoss("mean"), SGD([model.weight], alpha=0.1), ONES, 0 * ONES)
    trainer.train(3)
    model.weight.data[...] = 0.5
    trainer.step()
    assert trainer.divergence is None and 0 < model.weight.data.item() < 0.5
    model.says = lambda x, w: (x.mm(w) * 0).log()
    trainer.step()
    assert trainer.divergence is not None and 0 < model.weight.data.item() < 0.5


def test_the_losses_of_a_loop_tell_whether_steps_were_too_large():
    falling, rising = [1 / step for step in range(1, 30)], [3.0**step for step in range(30)]
    assert falls(falling) and not rises(falling)
    assert rises(rising) and not falls(rising)
    assert not rises([1.0]) and not falls([1.0, 0.9]) and not falls([]) and not rises([])
    a = weight(0.0, 1.0)
    with np.errstate(all="ignore"):
        graph = snapshot(a.log().sum(), {"a": a})
    said = explain_loop(-np.inf, 30, 0.1, falling, graph)
    assert "It began in `log(a)`, with the logarithm of 0." in said and "too large" not in said
    assert said.endswith("Then make the weights anew, and run the loop again.")
    said = explain_loop(np.nan, 30, 0.1, falling)  # a number, without a graph
    assert "too large" not in said and "hardly the size of the steps" in said
    assert "Most often the steps are too large" in explain_loop(np.inf, 31, 0.1, rising)
    assert "Most often the steps are too large" in explain_loop(np.inf, 31, 0.1)
    both = explain_loop(np.nan, 31, 0.1, rising, graph)
    assert "`log(a)`" in both and "on their way up" in both
