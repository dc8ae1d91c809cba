"""Names that people bring along are answered with names that are there."""

from __future__ import annotations

import copy
import re
from copy import deepcopy

import numpy as np
import pytest

import gradwidgets
from gradwidgets import (
    SGD,
    Adam,
    BCELoss,
    CrossEntropyLoss,
    Dropout,
    Layer,
    LeakyReLU,
    Linear,
    Momentum,
    MSELoss,
    Playground,
    ReLU,
    RMSProp,
    Sequential,
    Softmax,
    Spec,
    Tanh,
    Tensor,
    Trainer,
)  # fmt: skip
from gradwidgets.core.answers import answer
from gradwidgets.core.elsewhere import ELSEWHERE
from gradwidgets.core.nn import Parameters
from gradwidgets.engine.experiment.checks import SpecError
from gradwidgets.engine.graph.names import parameters_of
from gradwidgets.engine.sharing.recipe import Recipe
from gradwidgets.engine.training.foreign import rate_name

FIRST_NAME = {
    sentence: f"{place} {name}"
    for place, table in reversed(ELSEWHERE.items())
    for name, sentence in reversed(table.items())
}
def weight() -> Tensor:
    return Tensor([1.0], autograd=True)


SENTENCES = [pytest.param(sentence, id=name) for sentence, name in FIRST_NAME.items()]
"""Each sentence once, called after the first name that it answers."""


def examples() -> dict[str, object]:
    """Return what the names in the sentences stand for."""
    x = Tensor([[0.5, 1.0], [2.0, 3.0]], autograd=True)
    layer = Linear(2, 1)
    model = Sequential([layer, Tanh()])
    return {
        **{name: getattr(gradwidgets, name) for name in gradwidgets.__all__},
        "np": np, "copy": copy, "x": x, "w": x, "y": Tensor([[4.0, 3.0], [2.0, 1.0]]),
        "a": np.zeros((2, 2)), "layer": layer, "model": model, "loss": (x * x).sum(),
        "optimizer": SGD(model.get_parameters()),
    }  # fmt: skip


@pytest.mark.parametrize("sentence", SENTENCES)
def test_all_code_in_a_sentence_runs(sentence):
    names = examples()
    if "a += x.data" in sentence:
        names["x"] = Tensor(np.ones((2, 2)))
    if "target=y" in sentence or "MSELoss(), optimizer, x, y" in sentence:
        names["y"] = Tensor(np.ones((2, 1)))
    for code in re.findall("`(.*?)`", sentence):
        exec(code, names)  # noqa: S102 - our own table


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_says_something(sentence):
    assert sentence.count("`") % 2 == 0
    assert "`" in sentence or "leave it out" in sentence or "write" in sentence or "super()" in sentence
    assert not sentence.endswith(".")


OBJECTS = {
    "Tensor": lambda: Tensor(1.0), "Layer": lambda: Linear(2, 1), "Optimizer": lambda: SGD([weight()]),
    "Trainer": Trainer, "gradwidgets": lambda: gradwidgets,
}  # fmt: skip


@pytest.mark.parametrize("place", OBJECTS)
def test_what_is_elsewhere_is_not_here_and_hasattr_says_so(place):
    thing = OBJECTS[place]()
    for name in ELSEWHERE[place]:
        if (place, name) == ("Layer", "parameters"):  # which is missing only before super()
            continue
        assert not hasattr(thing, name), name
        with pytest.raises(AttributeError) as caught:
            getattr(thing, name)
        assert repr(name) in str(caught.value)
        assert str(caught.value).endswith(answer(place, name))


CALLS = {
    "Tensor()": lambda **own: Tensor(1.0, **own),
    "Tensor.backward()": lambda **own: Tensor(1.0, autograd=True).backward(**own),
    "Tensor.sum()": lambda **own: Tensor([1.0]).mean(**own),
    "Layer()": ReLU, "Linear()": lambda **own: Linear(2, 3, **own), "LeakyReLU()": LeakyReLU,
    "Softmax()": Softmax, "Dropout()": Dropout, "_Loss()": MSELoss, "BCELoss()": BCELoss,
    "CrossEntropyLoss()": CrossEntropyLoss,
    "Optimizer()": lambda **own: SGD([weight()], **own),
    "Spec()": Spec, "Recipe()": Recipe, "Playground()": Playground, "Trainer()": Trainer,
    "Trainer.of()": Trainer.of,
}  # fmt: skip


@pytest.mark.parametrize("place", CALLS)
def test_a_keyword_from_elsewhere_is_answered(place):
    for name in ELSEWHERE[place]:
        with pytest.raises((TypeError, SpecError)) as caught:
            CALLS[place](**{name: 0.1})
        assert repr(name) in str(caught.value)
        assert answer(place, name) in str(caught.value)


def test_every_place_of_the_table_is_asked_above_or_is_an_operators_or_numpys():
    assert set(ELSEWHERE) == {*OBJECTS, *CALLS, "operator", "np"}


def test_a_function_of_numpy_in_the_table_is_one():
    for name in ELSEWHERE["np"]:
        if name in ("expit", "matrix_transpose", "linalg.matmul"):  # SciPy's; not in NumPy 1.26
            continue
        thing = np
        for part in name.split("."):
            thing = getattr(thing, part)
        assert callable(thing)


def test_the_learning_rate_by_another_name():
    told = "the learning rate is called alpha: SGD(model.get_parameters(), alpha=0.1)"
    for cls in (SGD, Momentum, RMSProp, Adam):
        for name in ("lr", "learning_rate"):
            with pytest.raises(TypeError) as caught:
                cls([weight()], **{name: 0.1})
            assert str(caught.value) == (
                f"{cls.__name__}() got an unexpected keyword argument {name!r}; {told}"
            )
    optimizer = SGD([weight()])
    with pytest.raises(AttributeError, match=r"SGD: there is no lr; write optimizer\.alpha"):
        optimizer.lr = 0.01
    assert rate_name(optimizer) == "alpha"


def test_an_optimizer_of_ones_own_calls_its_rate_as_it_likes():
    class Mine(SGD):
        def __init__(self, parameters, lr):
            super().__init__(parameters, alpha=lr)
            self.lr = lr

    assert Mine([weight()], lr=0.5).lr == 0.5


def test_a_near_miss_is_told_what_it_is_near_to():
    for call, near in [
        (lambda: Tensor(1.0, autogard=True), "did you mean autograd?"),
        (lambda: Linear(n_inputs=2, n_output=3), "did you mean n_outputs?"),
        (lambda: Spec(learning_rat=0.1), "did you mean learning_rate?"),
        (lambda: Recipe(titel="a"), "did you mean title?"),
        (lambda: Tanh(1e9, x=2), "it takes none; leave it out"),
        (lambda: Trainer.of(model=1, critrion=2), "did you mean criterion?"),
        (lambda: Tensor([1.0]).sum(axs=0), "did you mean axis?"),
    ]:
        with pytest.raises(TypeError) as caught:
            call()
        assert near in str(caught.value)
    for change in (lambda: Spec().replace(learning_rat=1), lambda: Spec.from_json('{"learning_rat":1}')):
        with pytest.raises(SpecError, match=r"did you mean learning_rate\?"):
            change()


def test_a_spec_takes_names_only_and_says_which():
    with pytest.raises(TypeError, match=r"Spec takes its values by name; write Spec\(data='xor'\)"):
        Spec("xor")


def test_setting_a_name_that_does_nothing_is_refused():
    x = Tensor(1.0)
    with pytest.raises(AttributeError, match="it is called autograd"):
        x.requires_grad = True
    assert not hasattr(x, "requires_grad") and not hasattr(Tensor, "requires_grad")


def test_python_still_tells_what_a_property_of_ones_own_lacks():
    class Mine(Layer):
        @property
        def weights(self):
            return self.weigth

    with pytest.raises(AttributeError, match="'Mine' object has no attribute 'weigth'"):
        Mine().weights  # noqa: B018
    with pytest.raises(AttributeError) as caught:
        Tensor(1.0).gard  # noqa: B018
    assert caught.value.name == "gard"  # from which Python makes "Did you mean: 'grad'?"


def test_a_layer_of_ones_own_is_told_where_its_list_comes_from():
    class Mine(Layer):
        def __init__(self):
            self.parameters += [Tensor(1.0)]

    with pytest.raises(AttributeError, match=r"begins with super\(\).__init__\(\)"):
        Mine()


class TestParameters:
    def test_the_list_is_no_method_and_names_the_one_there_is(self):
        model = Sequential([Linear(2, 1)])
        for layer in (model, model.layers[0]):
            with pytest.raises(TypeError, match=r"write model.get_parameters\(\)"):
                layer.parameters()

    def test_it_is_a_list_like_any_other(self):
        layer = Linear(2, 1)
        assert layer.parameters == [layer.weight, layer.bias] and type(deepcopy(layer).parameters) is Parameters
        assert parameters_of(layer) == [layer.weight, layer.bias]
        assert parameters_of(Tanh()) == [] == parameters_of(Sequential())

    def test_a_reset_of_training_brings_back_what_stands_in_it_alone(self):
        class Shift(Layer):
            def __init__(self):
                super().__init__()
                self.parameters += [Tensor([0.0], autograd=True)]

            def forward(self, input):
                return input + self.parameters[0]

        model = Shift()
        x = Tensor([[1.0], [2.0]])
        trainer = Trainer.of(model, MSELoss(), SGD(model.get_parameters()), x, x * 3)
        trainer.train(3)
        assert model.parameters[0].data != [0.0]
        trainer.reset()
        assert model.parameters[0].data == [0.0]


class TestSequential:
    @pytest.mark.parametrize(
        ("layers", "told"),
        [
            (lambda: (Linear(2, 1), Tanh()), "got 2 layers without a list around, expected one list; "
                                             "write Sequential([Linear(2, 1), ...])"),
            (lambda: (Linear(2, 1),), "got one layer without a list around, expected one list; "
                                      "write Sequential([Linear(2, 1)])"),
            (lambda: ([Linear(2, 1), Tanh],), "layer 2 is the class Tanh itself; write it with "
                                              "parentheses: Tanh()"),
            (lambda: (["tanh"],), "layer 1 is the text 'tanh'; write the layer itself: Tanh()"),
            (lambda: (["leaky relu"],), "write the layer itself: LeakyReLU()"),
            (lambda: (["dense"],), "layer 1 is the text 'dense'; write a layer such as Tanh()"),
            (lambda: ("relu",), "layer 1 is the text 'relu'; write the layer itself: ReLU()"),
            (lambda: ([np.tanh],), "layer 1 is a ufunc, which has no method forward; write a class "
                                   "with forward(self, input) that inherits from Layer"),
            (lambda: (5,), "got a int, expected a list of layers"),
        ],
    )  # fmt: skip
    def test_what_is_no_layer_is_refused_where_it_is_given(self, layers, told):
        with pytest.raises(TypeError) as caught:
            Sequential(*layers())
        assert told in str(caught.value)

    def test_also_when_it_is_added(self):
        model = Sequential([Linear(2, 1)])
        with pytest.raises(TypeError, match=r"layer 2 is the class Tanh itself"):
            model.add(Tanh)
        assert len(model.layers) == 1

    def test_anything_with_a_method_forward_is_a_layer(self):
        class Twice:
            def forward(self, input):
                return input * 2

        assert Sequential((Twice(), Sequential([Twice()]))).forward(Tensor(1.0)).item() == 4


class TestPlayground:
    @pytest.mark.parametrize(
        ("call", "told"),
        [
            (lambda: Playground("xor"), "write Playground(preset='xor')"),
            (lambda: Playground("spirals"), "write Playground(preset='spiral')"),
            (lambda: Playground("zzz"), "preset=, one of circle, "),
            (lambda: Playground(Sequential([Tanh()])), "by name: Playground(model=…, criterion=…"),
            (lambda: Playground(Sequential([Tanh()]), MSELoss()), "received 2 values without a name"),
            (lambda: Playground(data="xor"), "write Playground(Spec(data='xor'))"),
            (lambda: Playground(optimizer="Adam"), "write Playground(Spec(optimizer='Adam'))"),
            (lambda: Trainer("xor"), "expected a Spec, such as Spec(data='xor')"),
            (lambda: Trainer(Sequential(), MSELoss(), 1, 2, 3), "own objects use Trainer.of(model, "),
        ],
    )  # fmt: skip
    def test_what_is_in_the_wrong_place_is_told_the_right_one(self, call, told):
        with pytest.raises(TypeError) as caught:
            call()
        assert told in str(caught.value)


class TestNumPysSpelling:
    def test_axis_and_keepdims_are_understood(self):
        x = Tensor([[1.0, 5.0], [3.0, 2.0]], autograd=True)
        for name in ("sum", "mean", "max"):
            ours, theirs = getattr(x, name), getattr(x.data, name)
            for axis in (0, 1, -1, None):
                for keepdims in (False, True):
                    got = ours(axis=axis, keepdims=keepdims)
                    np.testing.assert_array_equal(got.data, theirs(axis=axis, keepdims=keepdims))
        (x / x.sum(axis=1, keepdims=True)).sum().backward()
        np.testing.assert_allclose(x.grad.data, np.zeros((2, 2)), atol=1e-15)
        np.testing.assert_array_equal(x.softmax(axis=0).data, x.softmax(0).data)
        np.testing.assert_array_equal(x.log_softmax(axis=0).data, x.log_softmax(0).data)
        np.testing.assert_array_equal(x.concat(x, axis=1).data, np.concatenate([x.data] * 2, axis=1))

    def test_the_transpose_is_also_called_t(self):
        x = Tensor([[1.0, 2.0, 3.0]], autograd=True)
        assert x.T.shape == (3, 1) and x.T.creation_op == "transpose"
        (x.T * Tensor([[1.0], [2.0], [3.0]])).sum().backward()
        np.testing.assert_array_equal(x.grad.data, [[1, 2, 3]])
