"""A spec is checked when it is made, cannot be changed, and survives JSON."""
from __future__ import annotations

import json
from dataclasses import FrozenInstanceError, fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradwidgets.core.optim import OPTIMIZERS
from gradwidgets.engine.experiment import spec as limits
from gradwidgets.engine.experiment.data.drawn import DATASETS
from gradwidgets.engine.experiment.spec import HIDDEN_ACTIVATIONS, LayerSpec, Spec, SpecError
from gradwidgets.engine.experiment.targets import OUTPUT_ACTIVATIONS, coding_for


@st.composite
def specs(draw):
    data = draw(st.sampled_from(list(DATASETS)))
    info = DATASETS[data]
    pairs = [(activation, loss) for activation in OUTPUT_ACTIVATIONS for loss in limits.LOSSES
             if not isinstance(coding_for(info.task, activation, loss), str)]
    activation, loss = draw(st.sampled_from(pairs))
    layer = st.builds(LayerSpec, st.integers(1, 64), st.sampled_from(HIDDEN_ACTIVATIONS))
    seed = st.integers(0, limits.SEED_MAX)
    return Spec(
        data=data, inputs=tuple(draw(st.lists(st.sampled_from(info.inputs), min_size=1))),
        layers=draw(st.lists(layer, max_size=8)), output_activation=activation, loss=loss,
        reduction=draw(st.sampled_from(["mean", "sum"])),
        optimizer=draw(st.sampled_from(list(OPTIMIZERS))),
        learning_rate=draw(st.floats(1e-5, 10)), batch_size=draw(st.integers(1, 500)),
        noise=draw(st.integers(0, 50)), train_share=draw(st.integers(10, 90)),
        data_seed=draw(seed), weight_seed=draw(seed), batch_seed=draw(seed))


@settings(max_examples=150)
@given(specs())
def test_json_gives_the_same_spec_back(spec):
    text = spec.to_json()
    assert Spec.from_json(text) == spec
    assert set(json.loads(text)) == {field.name for field in fields(Spec)}
    assert hash(Spec.from_json(text)) == hash(spec)


@settings(max_examples=25)
@given(specs())
def test_a_valid_spec_builds_what_it_says(spec):
    built = spec.build()
    parameters = built.model.get_parameters()
    assert sum(parameter.data.size for parameter in parameters) == spec.parameter_count
    assert parameters[0].data.shape[0] == spec.n_inputs == len(spec.inputs)
    assert parameters[-1].data.shape == (spec.n_outputs,) == (built.coding.n_outputs,)
    assert built.optimizer.alpha == spec.learning_rate


@settings(max_examples=150)
@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.integers(),
                    lambda inner: st.lists(inner, max_size=3)
                    | st.dictionaries(st.sampled_from(["data", "layers", "units", "noise"]),
                                      inner, max_size=3), max_leaves=6))
def test_any_other_json_is_refused_with_a_sentence_or_read(value):
    try:
        spec = Spec.from_json(json.dumps(value))
    except SpecError as error:
        assert len(str(error)) > 20 and error.field
    else:
        assert isinstance(value, dict) and spec.data == value.get("data", "circle")


def test_the_start_is_the_agreed_one():
    spec = Spec()
    assert (spec.data, spec.inputs, spec.layers) == ("circle", ("x1", "x2"),
                                                     (LayerSpec(4, "Tanh"),))
    assert (spec.train_share, spec.noise, spec.batch_size) == (50, 0, 10)
    assert spec.parameter_count == 17


def test_layers_are_taken_as_pairs_lists_or_dictionaries():
    spec = Spec(layers=[(3, "ReLU"), [2, "Linear"], {"units": 5, "activation": "Sigmoid"},
                        {"units": np.int64(6)}])
    assert spec.layers == (LayerSpec(3, "ReLU"), LayerSpec(2, "Linear"), LayerSpec(5, "Sigmoid"),
                           LayerSpec(6, "Tanh"))
    assert spec.sizes == (2, 3, 2, 5, 6, 1)
    assert [type(layer).__name__ for layer in spec.build().model.layers] == [
        "Linear", "ReLU", "Linear", "Linear", "Sigmoid", "Linear", "Tanh", "Linear", "Tanh"]


def test_inputs_stand_in_one_order_and_once():
    assert Spec(inputs=["sin x1", "x2", "x1", "x2"]).inputs == ("x1", "x2", "sin x1")


@pytest.mark.parametrize("changes, field, message", [
    ({"data": "moons"}, "data", "data: received 'moons'; choose one of table, xor"),
    ({"data": 3}, "data", "received 3; choose one of"),
    ({"inputs": []}, "inputs", r"received \[\]; expected a list of at least one"),
    ({"inputs": ["x3"]}, "inputs", "received 'x3'; choose one of x1, x2"),
    ({"data": "sine", "output_activation": "Linear"}, "inputs",
     "received 'x2', but the data set 'sine' has only one variable; choose from x1, x1², sin x1"),
    ({"layers": 4}, "layers", "layers: received 4; expected a list of layers"),
    ({"layers": [4]}, "layers", "layer 1: received 4; expected a list of layers such as"),
    ({"layers": [(4, "Tanh"), (0, "Tanh")]}, "layers", "layer 2: units: received 0; expected at "
                                                       "least 1"),
    ({"layers": [(65, "Tanh")]}, "layers", "layer 1: units: received 65; expected at most 64"),
    ({"layers": [(4, "Softmax")]}, "layers", "layer 1: activation: received 'Softmax'; choose one"),
    ({"layers": [{"size": 4}]}, "layers", "layer 1: unknown 'size'; expected units, activation"),
    ({"layers": [{"activation": "Tanh"}]}, "layers", "layer 1: .*its units are missing"),
    ({"layers": [(4, "Tanh")] * 9}, "layers", "received 9 hidden layers; expected at most 8"),
    ({"output_activation": "ReLU"}, "output_activation", "received 'ReLU'; choose one of Tanh"),
    ({"loss": "L1"}, "loss", "received 'L1'; choose one of MSELoss"),
    ({"loss": "BCELoss"}, "loss", "output activation Tanh with BCELoss on circle: Binary"),
    ({"reduction": "none"}, "reduction", "received 'none'; choose one of mean, sum"),
    ({"optimizer": "LBFGS"}, "optimizer", "received 'LBFGS'; choose one of SGD"),
    ({"learning_rate": 0}, "learning_rate", "received 0; expected a number from 0.00001 to 10"),
    ({"learning_rate": float("nan")}, "learning_rate", "received nan; expected a number"),
    ({"learning_rate": "0.1"}, "learning_rate", "received '0.1'; expected a number"),
    ({"learning_rate": True}, "learning_rate", "received True; expected a number"),
    ({"batch_size": 0}, "batch_size", "received 0; expected at least 1"),
    ({"batch_size": 2.0}, "batch_size", "received 2.0; expected a whole number from 1 to 500"),
    ({"batch_size": True}, "batch_size", "received True; expected a whole number"),
    ({"noise": 51}, "noise", "received 51; expected at most 50"),
    ({"train_share": 100}, "train_share", "received 100; expected at most 90"),
    ({"data_seed": -1}, "data_seed", "received -1; expected at least 0"),
    ({"weight_seed": 2**32}, "weight_seed", "expected at most 4294967295"),
])
def test_what_does_not_fit_is_told(changes, field, message):
    with pytest.raises(SpecError, match=message) as caught:
        Spec(**changes)
    assert caught.value.field == field


@pytest.mark.parametrize("text, message", [
    ("circle", "text that is not JSON"),
    ("[1]", r"received \[1\]; expected an object"),
    ('{"learning_rate": NaN}', "received NaN, which is not a JSON number"),
    ('{"noise": 5, "noise": 6}', "noise given more than once"),
    ('{"colour": 1}', "unknown 'colour'; expected data, inputs, layers"),
    ('{"data": "__import__(\'os\').getcwd()"}', "choose one of table"),
    ("[" * 100000, "not JSON"),
    ('{"weight_seed": ' + "9" * 5000 + "}", "not JSON"),
])
def test_json_that_is_no_spec_is_told(text, message):
    with pytest.raises(SpecError, match=message):
        Spec.from_json(text)


def test_fields_left_out_of_json_have_their_defaults():
    assert Spec.from_json('{"noise": 5}') == Spec(noise=5)


def test_a_spec_cannot_be_changed_but_replaced():
    spec = Spec()
    with pytest.raises(FrozenInstanceError):
        spec.noise = 5
    assert spec.replace(noise=5).noise == 5 and spec.noise == 0
    with pytest.raises(SpecError, match="unknown 'nois'"):
        spec.replace(nois=5)
    with pytest.raises(SpecError, match="expected at most 50"):
        spec.replace(noise=99)


@pytest.mark.parametrize("data", DATASETS)
def test_suits_leaves_nothing_of_another_data_set_behind(data):
    strange = Spec(inputs=("x1x2",), layers=[], output_activation="Softmax", learning_rate=7,
                   loss="CrossEntropyLoss", reduction="sum", optimizer="Adam", batch_size=1)
    changed = strange.replace(data=data, **DATASETS[data].suits)
    assert changed == Spec.suited(data)


def test_the_start_is_what_suits_its_data():
    assert Spec() == Spec.suited("circle")


def test_weights_depend_on_their_seed_alone():
    def weights(**changes):
        return Spec(**changes).build().model.get_parameters()[0].data.tolist()

    np.random.seed(0)
    first = weights(weight_seed=3)
    np.random.seed(1)
    assert weights(weight_seed=3, data_seed=9, batch_seed=9, noise=20) == first
    assert weights(weight_seed=4) != first
