"""The builder shows a spec, and turns what is chosen into another valid spec or a reason."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradwidgets.core.losses import LOSSES
from gradwidgets.core.nn import ACTIVATIONS
from gradwidgets.core.optim import OPTIMIZERS
from gradwidgets.engine.experiment import spec as limits
from gradwidgets.engine.experiment.data.drawn import DATASETS, INPUTS
from gradwidgets.engine.experiment.spec import LayerSpec, Spec, SpecError
from gradwidgets.engine.experiment.targets import OUTPUT_ACTIVATIONS
from gradwidgets.playground import builder
from gradwidgets.playground.builder import changed, data_fields, model_fields
from tests.views.specs import fitting_pairs, leaves, specs, values_of

THREE = Spec(layers=((1, "Tanh"), (2, "ReLU"), (3, "Sigmoid")))


def fields(spec: Spec) -> dict[str, dict]:
    """Return every control of data and model by its name."""
    found = leaves([*data_fields(spec), *model_fields(spec)])
    assert len({field["name"] for field in found}) == len(found)
    return {field["name"]: field for field in found}


def choices(spec: Spec, name: str) -> list[str]:
    return [option["value"] for option in fields(spec)[name]["options"]]


def units(spec: Spec) -> list[int]:
    return [layer.units for layer in spec.layers]


@given(specs())
def test_every_control_has_a_name_of_its_own_for_everybody(spec):
    labels = [field["label"] for field in fields(spec).values()]
    assert len(set(labels)) == len(labels)
    assert all(label and label == label.strip() for label in labels)


def test_labels_are_the_fixed_names():
    labels = [field["label"] for field in fields(Spec(layers=((4, "Tanh"), (2, "ReLU")))).values()]
    assert labels == [
        "Data set", "Noise", "Train share", "Batch size",
        "Input x1", "Input x2", "Input x1²", "Input x2²", "Input x1x2", "Input sin x1",
        "Input sin x2",
        "Layer 1 units", "Layer 1 activation", "Move layer 1 up", "Move layer 1 down",
        "Remove layer 1",
        "Layer 2 units", "Layer 2 activation", "Move layer 2 up", "Move layer 2 down",
        "Remove layer 2",
        "Add layer", "Output activation", "Loss function", "Optimizer", "Weight seed",
    ]  # fmt: skip


@given(specs())
def test_choices_come_from_the_registries(spec):
    assert choices(spec, "data") == list(DATASETS)
    assert choices(spec, "optimizer") == list(OPTIMIZERS)
    assert choices(spec, "loss") == list(LOSSES)
    assert choices(spec, "output_activation") == list(OUTPUT_ACTIVATIONS)
    for number, layer in enumerate(spec.layers, start=1):
        assert choices(spec, f"activation-{number}") == [*ACTIVATIONS, "Linear"]
        assert layer.units in choices(spec, f"units-{number}")
    inputs = [name.removeprefix("input-") for name in fields(spec) if name.startswith("input-")]
    assert inputs == list(INPUTS)


def test_choices_read_as_people_say_them():
    shown = {name: [option["text"] for option in field["options"]]
             for name, field in fields(Spec()).items() if "options" in field}  # fmt: skip
    assert shown["data"] == [info.title for info in DATASETS.values()]
    assert shown["loss"] == ["Mean squared", "Binary cross-entropy", "Cross-entropy"]
    assert shown["activation-1"][-1] == "Linear (none)"
    assert shown["units-1"][:3] == ["1", "2", "3"]


@given(specs())
def test_controls_show_the_spec(spec):
    shown = fields(spec)
    for name in ("data", "noise", "train_share", "batch_size", "output_activation", "loss",
                 "optimizer", "weight_seed"):  # fmt: skip
        assert shown[name]["value"] == getattr(spec, name)
    for number, layer in enumerate(spec.layers, start=1):
        assert shown[f"units-{number}"]["value"] == layer.units
        assert shown[f"activation-{number}"]["value"] == layer.activation
    for name in INPUTS:
        assert shown[f"input-{name}"]["value"] == (name in spec.inputs)


@given(specs())
def test_values_lie_within_what_their_controls_can_show(spec):
    for field in fields(spec).values():
        if field["kind"] in ("range", "number"):
            assert field["min"] <= field["value"] <= field["max"]


@settings(max_examples=40)
@given(specs())
def test_each_choice_gives_a_valid_spec_or_a_reason(spec):
    for name, field in fields(spec).items():
        for value in values_of(field):
            try:
                new = changed(spec, name, value)
            except SpecError as error:
                assert len(str(error)) > 20
                continue
            assert isinstance(new, Spec)
            again = fields(new).get(name, field)
            if field["kind"] == "select":
                assert again["value"] == value
            elif field["kind"] in ("range", "number"):
                assert again["value"] == round(value)
            elif field["kind"] == "check":
                assert again["value"] is value


@settings(max_examples=40)
@given(specs())
def test_a_choice_is_greyed_out_with_a_reason_exactly_when_it_does_not_fit(spec):
    for name in ("output_activation", "loss", "optimizer", "data"):
        for option in fields(spec)[name]["options"]:
            if option.get("disabled"):
                assert option["why"].endswith(".")
                with pytest.raises(SpecError):
                    changed(spec, name, option["value"])
            else:
                assert "why" not in option
                assert isinstance(changed(spec, name, option["value"]), Spec)


def test_a_loss_that_does_not_fit_says_what_to_choose():
    options = {option["value"]: option for option in fields(Spec())["loss"]["options"]}
    assert "disabled" not in options["MSELoss"]
    assert "choose Sigmoid" in options["BCELoss"]["why"]
    assert "choose Softmax" in options["CrossEntropyLoss"]["why"]


def test_an_output_for_real_targets_is_linear_or_tanh():
    options = fields(Spec.suited("sine"))["output_activation"]["options"]
    assert [option["value"] for option in options if not option.get("disabled")] == [
        "Tanh",
        "Linear",
    ]
    assert "choose Linear or Tanh" in options[1]["why"]


@given(specs(), st.sampled_from(OUTPUT_ACTIVATIONS))
def test_an_output_activation_takes_a_fitting_loss_along(spec, output):
    fitting = [loss for one, loss in fitting_pairs(spec.data) if one == output]
    if not fitting:
        with pytest.raises(SpecError):
            changed(spec, "output_activation", output)
        return
    new = changed(spec, "output_activation", output)
    assert new.output_activation == output
    assert new.loss == (spec.loss if spec.loss in fitting else fitting[0])


def test_the_loss_stays_when_it_goes_with_the_new_output():
    spec = changed(Spec(), "output_activation", "Softmax")
    assert (spec.output_activation, spec.loss) == ("Softmax", "MSELoss")
    spec = changed(changed(spec, "loss", "CrossEntropyLoss"), "output_activation", "Sigmoid")
    assert (spec.output_activation, spec.loss) == ("Sigmoid", "MSELoss")


@given(specs(), st.sampled_from(list(DATASETS)))
def test_another_data_set_comes_with_what_suits_it(spec, data):
    new = changed(spec, "data", data)
    suited = Spec.suited(data)
    for field in ("inputs", "layers", "output_activation", "loss", "reduction", "optimizer",
                  "learning_rate", "batch_size"):  # fmt: skip
        assert getattr(new, field) == getattr(suited, field)
    for field in ("noise", "train_share", "data_seed", "weight_seed", "batch_seed"):
        assert getattr(new, field) == getattr(spec, field)


@given(specs())
def test_a_new_layer_is_like_the_last(spec):
    if len(spec.layers) == limits.LAYERS_MAX:
        assert fields(spec)["add_layer"]["disabled"]
        assert fields(spec)["add_layer"]["help"].endswith("at most 8 hidden layers")
        with pytest.raises(SpecError, match="at most 8"):
            changed(spec, "add_layer", None)
        return
    assert not fields(spec)["add_layer"]["disabled"]
    new = changed(spec, "add_layer", None)
    assert new.layers[:-1] == spec.layers
    assert new.layers[-1] == (spec.layers[-1] if spec.layers else LayerSpec(4, "Tanh"))


def test_layers_are_removed_by_their_number():
    assert units(changed(THREE, "remove-1", None)) == [2, 3]
    assert units(changed(THREE, "remove-2", None)) == [1, 3]
    assert units(changed(THREE, "remove-3", None)) == [1, 2]


def test_the_last_layer_can_be_removed_too():
    spec = changed(Spec(), "remove-1", None)
    assert spec.layers == ()
    assert builder.shape_words(spec) == "2-1"
    assert not any(name.startswith("remove") for name in fields(spec))


def test_layers_are_moved_with_their_activations():
    assert changed(THREE, "up-3", None).layers == (THREE.layers[0], THREE.layers[2], THREE.layers[1])
    assert changed(THREE, "down-1", None).layers == changed(THREE, "up-2", None).layers
    assert units(changed(THREE, "down-1", None)) == [2, 1, 3]


def test_layers_at_the_ends_move_no_further():
    shown = fields(THREE)
    ends = [name for name, field in shown.items() if field["kind"] == "button" and field["disabled"]]
    assert ends == ["up-1", "down-3"]
    assert changed(THREE, "up-1", None) == changed(THREE, "down-3", None) == THREE


@pytest.mark.parametrize("name", ["remove-4", "up-4", "down-0", "units-9", "activation-", "up-²"])
def test_a_layer_that_is_gone_is_a_sentence(name):
    """A button can be clicked a second time before the page knows that its layer is gone."""
    with pytest.raises(SpecError, match="There is no layer .*; hidden layers now: 3"):
        changed(THREE, name, 4)


def test_units_and_activation_change_one_layer():
    spec = changed(changed(THREE, "units-2", 16), "activation-3", "Linear")
    assert spec.layers == (THREE.layers[0], LayerSpec(16, "ReLU"), LayerSpec(3, "Linear"))


def test_odd_numbers_of_units_stay_choosable():
    assert 37 in choices(Spec(layers=((37, "Tanh"),)), "units-1")
    assert 37 not in choices(Spec(), "units-1")
    assert max(builder.UNITS_OFFERED) == limits.UNITS_MAX


def test_inputs_keep_their_order_and_the_last_one_stays():
    spec = changed(changed(Spec(), "input-sin x2", True), "input-x1²", True)
    assert spec.inputs == ("x1", "x2", "x1²", "sin x2")
    spec = Spec(inputs=("x2",))
    assert fields(spec)["input-x2"]["disabled"]
    assert fields(spec)["input-x2"]["help"] == "The network needs at least one input"
    with pytest.raises(SpecError, match="at least one of x1, x2"):
        changed(spec, "input-x2", False)
    assert changed(spec, "input-x2", True) == spec


def test_inputs_that_the_data_do_not_have_are_greyed_out():
    shown = fields(Spec.suited("sine"))
    able = [name for name in INPUTS if not shown[f"input-{name}"]["disabled"]]
    assert able == ["x1²", "sin x1"]  # x1 is the only one at present
    assert shown["input-x1"]["help"] == "The network needs at least one input"
    assert shown["input-x2"]["help"] == "The data set Sine has only one variable"
    with pytest.raises(SpecError, match="only one variable"):
        changed(Spec.suited("sine"), "input-x2", True)


def test_the_seed_table_has_no_noise_and_no_test_set():
    shown = fields(Spec.suited("table"))
    for name in ("noise", "train_share"):
        assert shown[name]["disabled"]
        assert shown[name]["help"] == "These four rows have no noise and no test set"
        assert not fields(Spec())[name]["disabled"]


def test_sliders_are_rounded_and_keep_their_units():
    assert changed(Spec(), "noise", 24.6).noise == 25
    shown = fields(Spec())
    assert shown["noise"]["unit"] == shown["train_share"]["unit"] == "\u2009%"
    assert (shown["noise"]["min"], shown["noise"]["max"], shown["noise"]["step"]) == (0, 50, 5)


def test_a_large_batch_of_a_spec_stays_on_the_slider():
    assert fields(Spec())["batch_size"]["max"] == 50
    assert fields(Spec(batch_size=200))["batch_size"]["max"] == 200


NONSENSE = [None, "", "abc", -1, 1e12, math.nan, math.inf, True, [1], {"a": 1}, 2.5]


@pytest.mark.parametrize("name", ["data", "noise", "train_share", "batch_size", "weight_seed",
                                  "output_activation", "loss", "optimizer", "learning_rate",
                                  "units-1", "activation-1"])  # fmt: skip
@pytest.mark.parametrize("value", NONSENSE, ids=repr)
def test_nonsense_is_refused_with_a_sentence(name, value):
    taken = value == 2.5 and name in ("batch_size", "learning_rate", "noise")
    if taken:
        assert isinstance(changed(Spec(), name, value), Spec)
        return
    with pytest.raises(SpecError, match="received .*(expected|choose)"):
        changed(Spec(), name, value)


def test_what_is_no_control_of_these_panels_is_none():
    assert changed(Spec(), "speed", "fast") is None
    assert changed(Spec(), "", None) is None


def test_the_size_of_the_model_is_told():
    (note,) = [field["text"] for field in model_fields(Spec()) if field["kind"] == "note"]
    assert note == "2 inputs → 17 parameters"
    wide = Spec(inputs=("x1",), layers=((64, "Tanh"), (64, "Tanh")))
    (note,) = [field["text"] for field in model_fields(wide) if field["kind"] == "note"]
    assert note == "1 input → 4\u2009353 parameters"


def test_a_loss_that_adds_up_says_so():
    notes = [field["text"] for field in model_fields(Spec.suited("table"))
             if field["kind"] == "note"]  # fmt: skip
    assert "This loss adds up the samples of a batch; the line on top tells the mean of all." in notes


@given(specs())
def test_shape_and_size_are_those_of_the_built_model(spec):
    assert builder.shape_words(spec) == "-".join(map(str, spec.sizes))
    assert builder.parameter_words(spec).replace("\u2009", "") == (
        f"{spec.parameter_count} parameters"
    )
