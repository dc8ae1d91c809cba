"""Every preset keeps what its sentence promises."""

from __future__ import annotations

import pytest

from gradwidgets.engine.experiment.checks import SpecError
from gradwidgets.engine.experiment.data.drawn import DATASETS
from gradwidgets.engine.experiment.presets import PRESETS, Preset, preset_named, preset_of
from gradwidgets.engine.experiment.spec import Spec
from gradwidgets.engine.training.trainer import Trainer

SOLVED = 0.2  # a loss per sample under which a data set counts as learnt


def trained(spec: Spec, epochs: int) -> Trainer:
    trainer = Trainer(spec)
    trainer.train(epochs * trainer.steps_per_epoch)
    trainer.measure()
    return trainer


@pytest.mark.parametrize("preset", PRESETS.values(), ids=list(PRESETS))
def test_training_shows_what_the_preset_says(preset: Preset) -> None:
    claim = preset.claim
    trainer = trained(preset.spec, claim.epochs)
    assert (trainer.divergence is not None) == claim.diverges
    if claim.train is not None:
        assert claim.train[0] <= trainer.train_loss <= claim.train[1]
    if claim.test is not None:
        assert claim.test[0] <= trainer.test_loss <= claim.test[1]
    assert claim.diverges or claim.train or claim.test


def test_there_is_one_that_solves_each_data_set() -> None:
    solved = {
        preset.spec.data
        for preset in PRESETS.values()
        if (preset.claim.test or preset.claim.train or (0, 9))[1] <= SOLVED
    }
    assert solved == set(DATASETS)


def test_each_has_a_title_and_a_sentence_of_its_own() -> None:
    assert len({preset.title for preset in PRESETS.values()}) == len(PRESETS)
    for preset in PRESETS.values():
        assert preset.sentence.endswith(".") and len(preset.sentence.split()) >= 8


def test_two_units_get_stuck_where_a_third_goes_on() -> None:
    stuck = preset_named("too-small").spec
    assert trained(stuck, 200).train_loss > 0.3
    assert trained(stuck.replace(layers=((3, "Tanh"),)), 200).train_loss < 0.1


def test_tanh_learns_where_sigmoids_let_the_gradient_vanish() -> None:
    vanishing = preset_named("vanishing").spec
    first_weight = trained(vanishing, 1).parameters[0]
    tanh = trained(vanishing.replace(layers=((4, "Tanh"),) * 5), 200)
    assert abs(first_weight.grad.data).max() < 1e-3
    assert tanh.train_loss < 0.2


def test_dead_layers_get_no_gradient_and_leaky_ones_learn() -> None:
    dead = preset_named("dead").spec
    parameters = trained(dead, 60).parameters
    assert all((one.grad.data == 0).all() for one in parameters[:8])  # of the four hidden layers
    leaky = trained(dead.replace(layers=((3, "LeakyReLU"),) * 4), 60)
    assert leaky.train_loss < 0.1


@pytest.mark.parametrize("name", ["circle-squares", "clouds", "spiral", "sine", "table"])
def test_new_weights_learn_it_too(name: str) -> None:
    preset = preset_named(name)
    bound = (preset.claim.test or preset.claim.train)[1]
    trainer = trained(preset.spec.replace(weight_seed=1), preset.claim.epochs)
    assert (trainer.train_loss if preset.claim.test is None else trainer.test_loss) <= bound


def test_the_low_rate_learns_once_it_is_raised() -> None:
    slow = preset_named("too-slow").spec
    assert trained(slow.replace(learning_rate=0.01), 200).train_loss < 0.1


def test_the_train_loss_falls_while_the_test_loss_rises() -> None:
    spec = preset_named("overfitting").spec
    early, late = trained(spec, 100), trained(spec, 800)
    assert late.train_loss < early.train_loss / 2
    assert late.test_loss > early.test_loss


def test_an_unknown_name_is_told_the_closest() -> None:
    with pytest.raises(SpecError, match="preset: received 'spirl'; did you mean 'spiral'?"):
        preset_named("spirl")
    with pytest.raises(SpecError, match="choose one of circle, circle-squares"):
        preset_named(7)


def test_a_spec_is_known_as_its_preset_until_it_is_changed() -> None:
    spec = preset_named("xor").spec
    assert preset_of(spec).name == "xor"
    assert preset_of(spec.replace(weight_seed=5)) is None
