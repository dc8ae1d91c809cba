"""A learner's own classes train, and show, like ours."""
from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from gradwidgets.core import (
    SGD,
    BCELoss,
    CrossEntropyLoss,
    Dropout,
    Linear,
    MSELoss,
    Sequential,
    Sigmoid,
    Tanh,
    Tensor,
)
from gradwidgets.engine.training.trainer import Trainer
from tests.engine.textbook import (
    DATA,
    TARGET,
    TextbookActivation,
    TextbookDropout,
    TextbookLinear,
    TextbookLoss,
    TextbookMomentum,
    TextbookSequential,
    TextbookSGD,
    TextbookTensor,
    set_parameters,
    textbook_model,
)

TABLE = json.loads((Path(__file__).parents[1] / "data" / "seed_losses.json").read_text())[
    "step10_tanh_sigmoid"]


def textbook_trainer(data=None, target=None, optimizer=TextbookSGD, rate=1.0, model=None):
    model = model or textbook_model()
    if data is None:
        data, target = TextbookTensor(DATA, autograd=True), TextbookTensor(TARGET, autograd=True)
    return Trainer.of(model, TextbookLoss(), optimizer(model.get_parameters(), rate), data, target)


def losses_of(trainer, steps):
    found = []
    for _ in range(steps):
        trainer.step()
        found.append(trainer.step_loss)
    return found


@pytest.mark.parametrize("as_arrays", [False, True])
def test_the_textbook_losses_come_out(as_arrays):
    model = textbook_model()
    set_parameters(model, TABLE["initial_parameters"])
    trainer = textbook_trainer(*((DATA, TARGET) if as_arrays else ()), model=model)
    assert losses_of(trainer, 10) == pytest.approx(TABLE["losses"], abs=5e-9)
    for parameter, final in zip(model.get_parameters(), TABLE["final_parameters"]):
        assert parameter.data == pytest.approx(np.array(final), abs=1e-12)


def test_losses_shown_are_per_sample_although_the_criterion_sums():
    model = textbook_model()
    set_parameters(model, TABLE["initial_parameters"])
    trainer = textbook_trainer(model=model)
    assert trainer.train_loss == pytest.approx(TABLE["losses"][0] / 4, abs=2e-9)
    assert trainer.test_loss is None
    trainer.step()
    assert trainer.train_loss == pytest.approx(TABLE["losses"][1] / 4, abs=2e-9)


def test_a_criterion_that_averages_is_not_divided_again():
    class Averaging(TextbookLoss):
        def forward(self, pred, target):
            quarter = TextbookTensor(np.array([1 / len(pred.data)]), autograd=True)
            return super().forward(pred, target) * quarter

    model = textbook_model()
    trainer = Trainer.of(model, Averaging(), TextbookSGD(model.get_parameters()), DATA, TARGET)
    trainer.step()
    first = trainer.history.train[0]
    assert first == pytest.approx(trainer.step_loss, rel=1e-12)


def test_training_leaves_the_global_random_state_alone():
    trainer = textbook_trainer()
    np.random.seed(3)
    expected = np.random.rand(5)
    np.random.seed(3)
    trainer.train(5)
    trainer.output()
    trainer.reset()
    assert np.array_equal(np.random.rand(5), expected)


@pytest.mark.parametrize("optimizer", [TextbookSGD, TextbookMomentum])
def test_reset_gives_the_same_losses_in_the_same_tensors(optimizer):
    np.random.seed(0)
    trainer = textbook_trainer(model=textbook_model(TextbookDropout()), optimizer=optimizer,
                               rate=0.5)
    tensors = trainer.model.get_parameters()
    weights = [tensor.data.copy() for tensor in tensors]
    first = losses_of(trainer, 30)
    np.random.rand(7)
    trainer.output()
    trainer.reset()
    assert [id(tensor) for tensor in trainer.model.get_parameters()] == list(map(id, tensors))
    assert all(np.array_equal(tensor.data, weight) for tensor, weight in zip(tensors, weights))
    assert trainer.step_count == 0 and len(trainer.history) == 1
    again = losses_of(trainer, 15)
    trainer.output()
    trainer.measure()
    assert again + losses_of(trainer, 15) == first


def test_reset_rewinds_state_held_in_custom_objects():
    class Annealing(TextbookMomentum):
        """Its rate falls, by a counter and a generator of its own."""

        def __init__(self, parameters, lr):
            super().__init__(parameters, lr)
            self.rng = np.random.default_rng(1)

        def step(self):
            self.lr = 0.5 / (1 + self.state["steps"]) * self.rng.uniform(0.5, 1)
            super().step()

    trainer = textbook_trainer(optimizer=Annealing, rate=0.5)
    first = losses_of(trainer, 20)
    trainer.reset()
    assert losses_of(trainer, 20) == first


def test_the_graph_of_a_learners_step_has_names_groups_and_its_own_gradient():
    trainer = textbook_trainer()
    trainer.train(3)
    trainer.step(capture=True)
    graph = trainer.last_step.graph
    names = [node.name for node in graph.nodes if node.name]
    assert set(names) == {"input", "target", "prediction", "loss", "Layer 1 weight",
                          "Layer 1 bias", "Layer 2 weight", "Layer 2 bias"}
    by_name = {node.name: node for node in graph.nodes if node.name}
    assert by_name["Layer 1 weight"].group == "Layer 1"
    assert by_name["prediction"].group == "Output"
    assert by_name["loss"].group == "Loss"
    assert by_name["loss"].kind == "result"
    # One step's gradient, not the sum of all steps'.
    prediction, target = by_name["prediction"], by_name["target"]
    assert target.grad == pytest.approx(-2 * (prediction.data - target.data))


def test_bookkeeping_of_children_does_not_grow():
    trainer = textbook_trainer()
    trainer.train(100)
    tensors = [*trainer.model.get_parameters(), trainer._task._data]
    assert max(len(tensor.children) for tensor in tensors) < 10


def test_bookkeeping_does_not_grow_in_minibatches_either():
    trainer = textbook_trainer()
    trainer.batch_size = 2
    trainer.train(200)
    for tensor in (trainer._task._data, trainer._task._target):
        assert len(tensor.children) <= 4


class Decay(SGD):
    """Lowers its own rate from step to step."""

    def step(self, zero=True):
        super().step(zero)
        self.alpha *= 0.9


def test_reset_rewinds_a_rate_that_the_optimizer_changes_itself():
    model = Sequential([Linear(2, 3, rng=np.random.default_rng(0)), Tanh(),
                        Linear(3, 1, rng=np.random.default_rng(1))])  # fmt: skip
    trainer = Trainer.of(model, MSELoss(), Decay(model.get_parameters(), alpha=0.1), DATA, TARGET)
    first = losses_of(trainer, 5)
    trainer.reset()
    assert trainer.learning_rate == 0.1
    assert losses_of(trainer, 5) == first
    trainer.learning_rate = 0.05
    trainer.reset()
    assert trainer.learning_rate == 0.05


def test_what_is_called_like_a_rate_but_is_none_is_left_alone():
    class Odd:
        def __init__(self, parameters):
            self.parameters = parameters

        def lr(self):
            return 0.1

        def step(self):
            for parameter in self.parameters:
                parameter.data -= self.lr() * parameter.grad.data
                parameter.grad = None

    model = Sequential([Linear(2, 1)])
    trainer = Trainer.of(model, MSELoss(), Odd(model.get_parameters()), DATA, TARGET)
    assert trainer.learning_rate is None
    trainer.train(3)
    trainer.reset()
    assert trainer.step_count == 0


def test_a_rate_that_can_only_be_read_is_told():
    class Fixed(SGD):
        @property
        def alpha(self):
            return 0.1

        @alpha.setter
        def alpha(self, value):
            if value != 0.1:
                raise AttributeError("can't set attribute")

    model = Sequential([Linear(2, 1)])
    trainer = Trainer.of(model, MSELoss(), Fixed(model.get_parameters(), alpha=0.1), DATA, TARGET)
    with pytest.raises(ValueError, match="Fixed does not let its alpha be changed; set it in"):
        trainer.learning_rate = 0.2
    trainer.reset()
    assert trainer.learning_rate == 0.1


def test_a_learners_own_train_is_not_called():
    class Net(TextbookSequential):
        def train(self, x, y):
            raise AssertionError("not asked for")

        def eval(self, x):
            raise AssertionError("not asked for")

    trainer = textbook_trainer(model=Net(textbook_model().layers))
    trainer.train(3)
    assert trainer.step_count == 3


@pytest.mark.parametrize("number", [np.nan, np.inf, 1e308])
def test_data_that_cannot_be_drawn_have_no_picture_and_say_why(number):
    model = Sequential([Linear(2, 1)])
    trainer = Trainer.of(model, MSELoss(), SGD(model.get_parameters()),
                         np.array([[number, 1.0], [0.0, 1.0]]), np.ones((2, 1)))
    assert trainer.dataset is None
    assert "not finite, or too large to be drawn" in trainer.output().reason


def test_divergence_of_a_learners_model_restores_its_weights():
    np.random.seed(1)
    model = TextbookSequential([TextbookLinear(2, 8), TextbookActivation("relu"),
                                TextbookLinear(8, 1)])
    data = np.random.default_rng(0).uniform(-5, 5, (40, 2))
    trainer = Trainer.of(model, TextbookLoss(), TextbookSGD(model.get_parameters(), 10.0),
                         data, data[:, :1] * data[:, 1:])
    weights = [parameter.data.copy() for parameter in model.get_parameters()]
    trainer.train(50)
    assert "learning rate 10" in trainer.divergence.message
    assert trainer.divergence.suggestion == 1.0
    assert all(np.array_equal(parameter.data, weight)
               for parameter, weight in zip(model.get_parameters(), weights))
    trainer.learning_rate = 1e-5
    trainer.train(50)
    assert trainer.divergence is None
    assert trainer.train_loss < trainer.history.train[0]


def test_output_of_two_inputs_is_a_map_in_scores():
    trainer = textbook_trainer()
    trainer.train(200)
    output = trainer.output()
    assert output.kind == "map" and output.grid.shape == (100, 100)
    assert output.extent == (-0.25, 1.25, -0.25, 1.25)
    assert output.grid[50, 5] < 0.9 and output.grid.min() >= -1 and output.grid.max() <= 1
    # The target is the second input: low at the bottom, high on top.
    assert output.grid[5].max() < -0.5 and output.grid[95].min() > 0.5
    assert trainer.dataset.labels.tolist() == [0, 1, 0, 1] and len(trainer.dataset.test) == 0


def test_output_of_one_input_is_a_curve():
    model = Sequential([Linear(1, 4), Tanh(), Linear(4, 1)])
    x = np.linspace(-1, 1, 20)[:, None]
    trainer = Trainer.of(model, MSELoss("mean"), SGD(model.get_parameters()), x, x**2)
    output = trainer.output()
    assert output.kind == "curve" and output.xs.shape == output.ys.shape == (200,)
    middle = model.forward(Tensor([[output.xs[7]]])).data.item()
    assert output.ys[7] == pytest.approx(middle)


def test_output_of_three_inputs_says_why_there_is_none():
    model = Sequential([Linear(3, 1)])
    trainer = Trainer.of(model, MSELoss(), SGD(model.get_parameters()), np.ones((5, 3)),
                         np.ones((5, 1)))
    assert trainer.output().kind == "none"
    assert "3 columns" in trainer.output().reason
    assert trainer.dataset is None


def test_an_error_in_the_learners_model_does_not_stop_output():
    class FourRowsOnly(TextbookSequential):
        def forward(self, input):
            if len(input.data) != 4:
                raise RuntimeError("I only know four rows")
            return super().forward(input)

    model = FourRowsOnly(textbook_model().layers)
    trainer = textbook_trainer(model=model)
    output = trainer.output()
    assert output.kind == "none" and "RuntimeError: I only know four rows" in output.reason
    trainer.train(10)
    assert trainer.step_count == 10


def test_batches_of_a_learners_data_use_every_row_once():
    trainer = textbook_trainer()
    assert trainer.batch_size == 4 and trainer.steps_per_epoch == 1
    trainer.batch_size = 3
    assert trainer.steps_per_epoch == 2
    rows = []
    for samples in (3, 1):
        trainer.step(capture=True)
        assert trainer.last_step.samples == samples
        rows += [node.data for node in trainer.last_step.graph.nodes if node.name == "input"]
    assert sorted(map(tuple, np.concatenate(rows))) == sorted(map(tuple, DATA))
    assert trainer.epoch_count == 1


def test_dropout_of_our_own_is_off_when_measured_and_comes_again_after_reset():
    np.random.seed(0)
    model = Sequential([Linear(2, 16), Tanh(), Dropout(0.5), Linear(16, 1), Sigmoid()])
    trainer = Trainer.of(model, BCELoss(), SGD(model.get_parameters(), 0.1), DATA, TARGET)
    assert trainer.train_loss == trainer.frame().train_loss
    before = trainer.train_loss
    trainer.measure()
    assert trainer.train_loss == before
    first = losses_of(trainer, 20)
    assert first[0] != pytest.approx(before, rel=1e-6)
    trainer.reset()
    assert losses_of(trainer, 20) == first


def test_class_numbers_and_logits_are_drawn_as_probabilities():
    model = Sequential([Linear(2, 2)])
    model.layers[0].weight.data[...] = [[0, 0], [0, 100]]
    trainer = Trainer.of(model, CrossEntropyLoss(), SGD(model.get_parameters()), DATA,
                         np.array([0, 1, 0, 1]))
    grid = trainer.output().grid
    assert grid[-1].min() == pytest.approx(1) and grid[0].max() == pytest.approx(-1)


@pytest.mark.parametrize("change, message", [
    ({"model": object()}, "model: received a object, which has no method forward"),
    ({"criterion": 3}, "criterion: received a int, which has no method forward"),
    ({"optimizer": None}, "optimizer: received a NoneType, which has no method step"),
])
def test_missing_methods_are_named(change, message):
    model = textbook_model()
    parts = {"model": model, "criterion": TextbookLoss(),
             "optimizer": TextbookSGD(model.get_parameters())} | change
    with pytest.raises(TypeError, match=message):
        Trainer.of(**parts, data=DATA, target=TARGET)


def test_a_loss_that_is_no_tensor_is_told():
    class Plain:
        def forward(self, pred, target):
            return float(((pred.data - target.data) ** 2).sum())

    model = textbook_model()
    trainer = Trainer.of(model, Plain(), TextbookSGD(model.get_parameters()), DATA, TARGET)
    with pytest.raises(TypeError, match="returned a float, which has no method backward"):
        trainer.step()
    assert trainer.step_count == 0


def test_rows_that_do_not_match_are_told():
    with pytest.raises(ValueError, match=r"\(4, 2\) and target \(3, 1\)"):
        textbook_trainer(DATA, TARGET[:3])


def test_an_optimizer_without_a_rate_has_none_to_change():
    class Fixed:
        def __init__(self, parameters, rate):
            self.parameters = parameters

        def step(self):
            for parameter in self.parameters:
                parameter.data -= 0.5 * parameter.grad.data
                parameter.grad.data *= 0

    trainer = textbook_trainer(optimizer=Fixed)
    assert trainer.learning_rate is None
    with pytest.raises(AttributeError, match="Fixed has no alpha, lr or learning_rate"):
        trainer.learning_rate = 0.1
    trainer.train(20)
    assert trainer.train_loss < trainer.history.train[0]
