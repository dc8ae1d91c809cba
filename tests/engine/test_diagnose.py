"""What keeps a network from learning is found, and nothing is said of one that learns."""

from __future__ import annotations

import numpy as np
import pytest

from gradwidgets.core import SGD, Linear, MSELoss, ReLU, Sequential, Tensor
from gradwidgets.engine.experiment.presets import PRESETS, preset_named
from gradwidgets.engine.experiment.spec import Spec
from gradwidgets.engine.graph.snapshot import snapshot
from gradwidgets.engine.training.history import Losses
from gradwidgets.engine.training.trainer import Trainer
from gradwidgets.engine.tutor.not_learning import (
    FADED,
    PATIENCE,
    DeadUnits,
    dead_units,
    diagnose,
    fading,
    stands_still,
)

ILL = {"vanishing": "vanishing", "dead": "dead"}
SEEDS = range(1, 6)


def losses(*train, epochs=None):
    epochs = range(len(train)) if epochs is None else epochs
    return Losses(np.array(epochs, float), np.array(train, float), np.full(len(train), np.nan))


def findings(spec, epochs):
    """Return what is found while a spec is trained, looked at every few epochs."""
    trainer = Trainer(spec)
    found = {}
    for _ in range(0, epochs, 5):
        trainer.run(5 * trainer.steps_per_epoch, capture=True)
        finding = trainer.frame().finding
        if finding is not None:
            found[finding.kind, finding.layer] = finding.message
    return found


@pytest.mark.parametrize("name", [name for name in PRESETS if name not in ILL])
def test_nothing_is_said_of_a_preset_that_learns_or_has_another_trouble(name):
    preset = PRESETS[name]
    assert findings(preset.spec, preset.claim.epochs) == {}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", ["circle", "xor", "sine", "spiral"])
def test_nothing_is_said_of_networks_that_learn_from_other_weights(name, seed):
    assert findings(PRESETS[name].spec.replace(weight_seed=seed), 200) == {}


@pytest.mark.parametrize("seed", SEEDS)
def test_small_networks_of_relu_are_not_called_dead_while_they_learn(seed):
    spec = Spec.suited("circle", layers=((6, "ReLU"),), weight_seed=seed, learning_rate=0.01)
    trainer = Trainer(spec)
    trainer.train(100 * trainer.steps_per_epoch, capture=True)
    assert trainer.train_loss < 0.3
    assert trainer.frame().finding is None


def test_vanishing_gradients_are_named_with_the_layer_and_how_small_they_are():
    trainer = Trainer(preset_named("vanishing").spec)
    trainer.train(60 * trainer.steps_per_epoch, capture=True)
    found = trainer.frame().finding
    assert (found.kind, found.layer) == ("vanishing", "Layer 1")
    weights = {node.name: node for node in trainer.last_step.graph.nodes if node.kind == "parameter"}
    sizes = [np.sqrt(np.mean(np.square(weights[name].grad)))
             for name in ("Layer 1 weight", "Layer 6 weight")]  # fmt: skip
    times = sizes[1] / sizes[0]
    assert times > 1 / FADED
    told = int(found.message.split("about ")[1].split(" times")[0].replace("\u202f", ""))
    assert told / 1.5 < times < told * 1.5
    assert "The slope of a sigmoid is 1/4 at most" in found.message
    assert found.message.endswith("Try Tanh or ReLU in the hidden layers, or fewer of them.")


def test_the_advice_for_vanishing_gradients_helps():
    spec = preset_named("vanishing").spec
    for layers in (((4, "Tanh"),) * 5, ((4, "Sigmoid"),)):
        assert findings(spec.replace(layers=layers), 100) == {}


def test_a_dead_layer_is_named_with_the_number_of_its_units():
    found = findings(preset_named("dead").spec, 60)
    ((kind, layer),) = found
    assert (kind, layer) == ("dead", "Layer 3")
    assert found[kind, layer].startswith("Layer 3: all 3 ReLU units answer 0 for every training")


def test_the_advice_for_dead_units_helps():
    spec = preset_named("dead").spec
    assert findings(spec.replace(layers=((3, "LeakyReLU"),) * 4), 100) == {}


def test_it_is_taken_back_when_training_begins_anew_or_goes_on():
    trainer = Trainer(preset_named("dead").spec)
    trainer.train(60 * trainer.steps_per_epoch, capture=True)
    assert trainer.frame().finding is not None
    trainer.reset()
    assert trainer.frame().finding is None


@pytest.mark.parametrize("name", ILL)
@pytest.mark.parametrize("batch_size", [3, 10, 500])
def test_what_was_found_holds_while_nothing_gets_better(name, batch_size):
    trainer = Trainer(preset_named(name).spec.replace(batch_size=batch_size))
    seen = []
    for _ in range(150):
        trainer.epoch(capture=True)
        found = trainer.frame().finding
        seen.append(None if found is None else (found.kind, found.layer))
    changes = [one for one, before in zip(seen, [None, *seen], strict=False) if one != before]
    assert len(changes) <= 1, "told at most once, and never taken back"
    assert changes or batch_size == 500


def test_a_graph_of_an_earlier_step_is_not_taken_for_the_present_one():
    trainer = Trainer(preset_named("dead").spec.replace(batch_size=500, weight_seed=2))
    trainer.step(capture=True)
    trainer.run(100)
    found = trainer.frame().finding
    trainer.step(capture=True)
    assert found == trainer.frame().finding


def test_a_sigmoid_of_the_output_is_not_blamed():
    stuck = losses(*[1.0] * 40)
    w1, w2 = Tensor(np.ones((2, 2)), autograd=True), Tensor(np.ones((2, 1)), autograd=True)
    answer = Tensor(np.ones((3, 2))).mm(w1).mm(w2).sigmoid()
    w1.grad, w2.grad = Tensor(np.full((2, 2), 1e-5)), Tensor(np.ones((2, 1)))
    groups = {"Layer 1": [w1], "Output": [w2, answer]}
    graph = snapshot(answer, {"w1": w1, "w2": w2}, groups, [w1, w2])
    assert "sigmoid" not in diagnose(stuck, graph, graph).message


def test_looking_for_it_leaves_no_trace():
    spec = preset_named("vanishing").spec.replace(batch_size=7)
    watched, alone = Trainer(spec), Trainer(spec)
    for _ in range(12):
        for trainer in (watched, alone):
            trainer.run(5 * trainer.steps_per_epoch, capture=True)
        watched.frame()
    assert watched.frame().finding is not None
    for one, other in zip(watched.parameters, alone.parameters, strict=True):
        np.testing.assert_array_equal(one.data, other.data)
        np.testing.assert_array_equal(one.grad.data, other.grad.data)


def test_units_count_as_dead_when_no_sample_wakes_them():
    x = Tensor([[1.0, -1.0, 2.0], [3.0, -2.0, -1.0]], autograd=True)
    (found,) = dead_units(snapshot(x.relu(), groups={"Layer 1": [x.relu()]}))
    assert (found.dead, found.units) == (1, 3)
    assert dead_units(snapshot(Tensor([[1.0, 2.0]], autograd=True).relu())) == []
    assert dead_units(snapshot(Tensor(np.empty((0, 3)), autograd=True).relu())) == []
    assert dead_units(snapshot(Tensor(0.0, autograd=True).relu())) == []
    assert dead_units(snapshot((-x).tanh())) == []


def network(first, last):
    """Return a graph of two layers whose weights have gradients of these sizes."""
    w1, w2 = Tensor(np.ones((2, 2)), autograd=True), Tensor(np.ones((2, 1)), autograd=True)
    pred = Tensor(np.ones((3, 2))).mm(w1).mm(w2)
    w1.grad, w2.grad = Tensor(np.full((2, 2), first)), Tensor(np.full((2, 1), last))
    return snapshot(pred, {"w1": w1, "w2": w2}, {"Layer 1": [w1], "Output": [w2]}, [w1, w2])


@pytest.mark.parametrize(
    ("first", "last", "ratio"), [(1e-3, 1.0, 1e-3), (-0.5, 0.25, 2.0), (0.0, 2.0, 0.0)]
)
def test_gradients_are_compared_by_their_root_mean_square(first, last, ratio):
    found = fading(network(first, last))
    assert (found.first, found.last) == ("Layer 1", "Output")
    assert found.ratio == pytest.approx(ratio)


@pytest.mark.parametrize(("first", "last"), [(0.0, 0.0), (np.nan, 1.0), (1.0, np.inf)])
def test_gradients_that_cannot_be_compared_are_not(first, last):
    assert fading(network(first, last)) is None


def test_a_single_layer_has_nothing_to_compare():
    w = Tensor(np.ones((2, 1)), autograd=True)
    pred = Tensor(np.ones((3, 2))).mm(w)
    pred.sum(0).backward()
    assert fading(snapshot(pred, {"w": w}, {"Output": [w]}, [w])) is None


def test_a_gradient_of_zero_is_told_without_a_number_of_times():
    stuck = losses(*[1.0] * 40)
    found = diagnose(stuck, network(0.0, 1.0), network(0.0, 1.0))
    assert "for the weights of Layer 1 it is 0." in found.message
    assert "sigmoid" not in found.message


def test_the_limits_are_kept_on_both_sides():
    stuck = losses(*[1.0] * 40)
    just, hardly = network(FADED * 0.99, 1.0), network(FADED * 1.01, 1.0)
    assert diagnose(stuck, just, just).kind == "vanishing"
    assert diagnose(stuck, hardly, hardly) is None
    assert diagnose(losses(2.1, *[1.0] * 40), just, just) is None, "half of the loss is gone"
    assert diagnose(stuck, just, None) is None


def test_units_that_died_are_no_trouble_while_others_do_the_work():
    x = Tensor([[1.0, -1.0, -1.0], [3.0, -2.0, -1.0]], autograd=True)
    h = x.relu()
    graph = snapshot(h, groups={"Layer 1": [h]})
    assert dead_units(graph) == [DeadUnits("Layer 1", 2, 3)]
    found = diagnose(losses(*[1.0] * 40), graph, None)
    assert found.message.startswith("Layer 1: 2 of 3 ReLU units answer 0 for every training point")
    assert diagnose(losses(4.0, *[1.0] * 40), graph, None) is None


@pytest.mark.parametrize(
    ("train", "still"),
    [
        ([], False),
        ([1.0], False),
        ([1.0] * PATIENCE, False),  # not as long as that
        ([1.0] * (PATIENCE + 1), True),
        (np.linspace(1.0, 0.985, PATIENCE + 1), True),
        (np.linspace(1.0, 0.97, PATIENCE + 1), False),
        ([*np.linspace(2, 1, 50), *[1.0] * PATIENCE], True),
        ([1.0] * PATIENCE + [2.0], True),  # it rises
        ([1.0] * PATIENCE + [np.nan], False),
        ([np.inf] * (PATIENCE + 1), False),
    ],
)
def test_a_loss_stands_still_when_it_has_not_fallen_for_long(train, still):
    assert stands_still(losses(*train)) is still


def test_a_loss_that_is_kept_only_now_and_then_is_judged_all_the_same():
    assert stands_still(losses(1.0, 1.0, 1.0, epochs=[0, 40, 80]))
    assert not stands_still(losses(1.0, 0.9, 0.8, epochs=[0, 40, 80]))


def test_a_learners_own_network_is_looked_at_too():
    np.random.seed(0)
    hidden = Linear(2, 3)
    hidden.bias.data[:] = -100.0
    model = Sequential([hidden, ReLU(), Linear(3, 1)])
    trainer = Trainer.of(
        model, MSELoss(), SGD(model.get_parameters(), 1e-6),
        Tensor(np.random.rand(8, 2)), Tensor(np.random.rand(8, 1)),
    )  # fmt: skip
    trainer.train(40, capture=True)
    found = trainer.frame().finding
    assert found.kind == "dead"
    assert "all 3 ReLU units answer 0" in found.message
