"""Layers and Sequential."""

from __future__ import annotations

import numpy as np
import pytest

from gradwidgets.core import (
    Dropout,
    Layer,
    LeakyReLU,
    Linear,
    ReLU,
    Sequential,
    Sigmoid,
    Softmax,
    Tanh,
    Tensor,
    gradcheck,
)
from gradwidgets.core.nn import ACTIVATIONS


def test_linear_multiplies_and_adds_a_broadcast_bias():
    layer = Linear(2, 3)
    layer.bias.data[...] = [1, 2, 3]
    x = np.array([[1.0, 2.0], [3.0, 4.0]])
    y = layer(Tensor(x))
    np.testing.assert_allclose(y.data, x @ layer.weight.data + [1, 2, 3])
    assert y.creation_op == "add" and y.creators[1] is layer.bias
    assert y.creators[0].creation_op == "mm"
    assert layer.get_parameters() == [layer.weight, layer.bias]


def test_weights_come_from_numpys_global_state_as_in_the_seed():
    np.random.seed(0)
    expected = np.random.randn(4, 5) * np.sqrt(2.0 / 4)
    np.random.seed(0)
    layer = Linear(4, 5)
    np.testing.assert_array_equal(layer.weight.data, expected)
    np.testing.assert_array_equal(layer.bias.data, np.zeros(5))


def test_weights_come_from_rng_if_given():
    state = np.random.get_state()[1].copy()
    first, second = (Linear(3, 2, rng=np.random.default_rng(7)) for _ in range(2))
    np.testing.assert_array_equal(first.weight.data, second.weight.data)
    np.testing.assert_array_equal(np.random.get_state()[1], state)
    assert np.std(Linear(200, 300, rng=np.random.default_rng(0)).weight.data) == pytest.approx(
        np.sqrt(2 / 200), rel=0.01
    )


@pytest.mark.parametrize(
    "layer, expected",
    [
        (Tanh(), np.tanh([-2.0, 0.5])),
        (Sigmoid(), 1 / (1 + np.exp([2.0, -0.5]))),
        (ReLU(), [0, 0.5]),
        (LeakyReLU(), [-0.02, 0.5]),
        (LeakyReLU(0.5), [-1, 0.5]),
        (Softmax(), np.exp([-2.0, 0.5]) / np.sum(np.exp([-2.0, 0.5]))),
    ],
    ids=repr,
)
def test_activations(layer, expected):
    x = Tensor([[-2.0, 0.5]], autograd=True)
    np.testing.assert_allclose(layer(x).data, [expected], rtol=1e-14)
    assert layer.get_parameters() == []
    assert gradcheck(layer.forward, x)


def test_the_registry_offers_the_hidden_activations_by_class_name():
    assert ACTIVATIONS == {"Tanh": Tanh, "ReLU": ReLU, "LeakyReLU": LeakyReLU, "Sigmoid": Sigmoid}
    labels = [each.label for each in ACTIVATIONS.values()]
    assert labels == ["Tanh", "ReLU", "Leaky ReLU", "Sigmoid"]


@pytest.mark.filterwarnings("error")
def test_softmax_is_stable_and_does_not_care_about_a_shift():
    x = Tensor([[1000.0, 1001.0], [-1000.0, -999.0], [0.0, 1.0]], autograd=True)
    y = x.softmax(1)
    np.testing.assert_allclose(y.data, np.tile([0.26894142, 0.73105858], (3, 1)), atol=1e-8)
    np.testing.assert_allclose(x.log_softmax(1).data, np.log(y.data), rtol=1e-12)
    far = Tensor([[0.0, 2000.0]]).log_softmax(1)
    np.testing.assert_array_equal(far.data, [[-2000.0, 0.0]])
    y.backward(np.ones(y.shape))
    np.testing.assert_allclose(x.grad.data, 0, atol=1e-15)


class TestDropout:
    def test_in_training_it_drops_and_scales_up(self):
        layer = Dropout(0.25, rng=np.random.default_rng(0))
        x = Tensor(np.ones((100, 100)), autograd=True)
        y = layer(x)
        assert set(np.unique(y.data)) == {0.0, 1 / 0.75}
        assert np.mean(y.data == 0) == pytest.approx(0.25, abs=0.02)
        assert np.mean(y.data) == pytest.approx(1, abs=0.03)
        y.backward(np.ones(y.shape))
        np.testing.assert_array_equal(x.grad.data, y.data)
        mask = y.creators[1]
        assert not mask.autograd and y.creation_op == "mul"

    def test_otherwise_it_does_nothing(self):
        layer = Dropout(0.5)
        layer.eval()
        x = Tensor(np.ones(5))
        assert layer(x) is x
        layer.train()
        assert layer(x) is not x

    def test_it_follows_numpys_global_state_without_rng(self):
        x = Tensor(np.ones(50))
        masks = []
        for _ in range(2):
            np.random.seed(3)
            masks.append(Dropout(0.5)(x).data)
        np.testing.assert_array_equal(*masks)


class Net(Layer):
    """A model as learners write it, with its parts as attributes."""

    def __init__(self, **parts) -> None:
        super().__init__()
        vars(self).update(parts)


class TestModes:
    def test_sequential_hands_them_down(self):
        inner = Dropout(0.5)
        model = Sequential([Linear(2, 2), Sequential([inner])])
        model.eval()
        assert not inner.training and not model.training and not model.layers[0].training
        model.train()
        assert inner.training and model.training

    @pytest.mark.parametrize(
        "hold",
        [
            lambda layer: layer,
            lambda layer: Sequential([layer]),
            lambda layer: [Tanh(), layer],
            lambda layer: {"body": (layer,)},
            lambda layer: Net(head=[[layer]]),
        ],
        ids=["itself", "in Sequential", "in a list", "in a tuple in a dict", "in another layer"],
    )
    def test_they_reach_layers_held_as_attributes(self, hold):
        inner = Dropout(0.5)
        net = Net(name="net", body=hold(inner))
        net.eval()
        assert not inner.training and not net.training
        net.train()
        assert inner.training and net.training

    def test_a_circle_of_layers_and_lists_comes_to_an_end(self):
        inner, parts = Dropout(0.5), []
        net = Net(body=Sequential([inner]), parts=parts)
        net.body.owner = net
        net.itself = net
        parts.append(parts)
        for layer in (net, net.body):
            net.eval()
            assert [net.training, net.body.training, inner.training] == [False] * 3
            layer.train()
            assert [net.training, net.body.training, inner.training] == [True] * 3

    def test_what_a_subclass_does_when_they_change_is_done(self):
        class Loud(Layer):
            def eval(self):
                super().eval()
                self.said = "eval"

        loud = Loud()
        Net(body=loud).eval()
        assert loud.said == "eval" and not loud.training

    def test_layers_of_another_class_need_not_know_them(self):
        class Plain:
            train = True  # what it calls by the same name is its own affair

            def forward(self, input):
                return input

        class Noisy(Plain):
            mode = ""

            def train(self):
                self.mode = "train"

            def eval(self):
                self.mode = "eval"

        plain, noisy, inner = Plain(), Noisy(), Dropout(0.5)
        model = Sequential([plain, noisy, inner])
        model.eval()
        assert noisy.mode == "eval" and not inner.training
        model.train()
        assert noisy.mode == "train" and inner.training and plain.train is True

    def test_parameters_of_held_layers_are_entered_by_hand_as_in_the_seed(self):
        body = Linear(2, 1)
        net = Net(body=body)
        assert net.get_parameters() == []
        net.parameters += net.body.get_parameters()
        assert net.get_parameters() == [body.weight, body.bias]


class TestSequential:
    def model(self) -> Sequential:
        return Sequential([Linear(2, 3), Tanh(), Dropout(0.2), Linear(3, 1), Sigmoid()])

    def test_it_sends_the_input_through_all_layers(self):
        model = Sequential()
        for layer in (Linear(2, 3), Tanh(), Linear(3, 1)):
            model.add(layer)
        x = Tensor(np.ones((4, 2)))
        first, middle, last = model.layers
        np.testing.assert_array_equal(model(x).data, last(middle(first(x))).data)
        np.testing.assert_array_equal(model.forward(x).data, model(x).data)
        assert model.get_parameters() == [first.weight, first.bias, last.weight, last.bias]

    def test_a_layer_used_twice_has_its_parameters_once(self):
        shared = Linear(2, 2)
        assert len(Sequential([shared, Tanh(), shared]).get_parameters()) == 2

    def test_repr_can_be_read_and_run(self):
        text = "Sequential([Linear(2, 3), Tanh(), Dropout(0.2), Linear(3, 1), Sigmoid()])"
        assert repr(self.model()) == text
        assert repr(eval(text)) == text

    def test_summary_shows_shapes_and_numbers_of_parameters(self):
        assert self.model().summary().splitlines() == [
            "Layer           Output shape  Parameters",
            "1 Linear(2, 3)  (n, 3)                 9",
            "2 Tanh()        (n, 3)                 0",
            "3 Dropout(0.2)  (n, 3)                 0",
            "4 Linear(3, 1)  (n, 1)                 4",
            "5 Sigmoid()     (n, 1)                 0",
            "Total                                 13",
        ]
        assert repr(self.model().summary()) == str(self.model().summary())
        assert "1 Tanh()  ?" in Sequential([Tanh()]).summary()


@pytest.mark.parametrize(
    "error, text, call",
    [
        (ValueError, "Linear(2, 3): the input has shape (4, 5), expected (n_samples, 2); give the "
         "layer as many inputs as", lambda: Linear(2, 3)(Tensor(np.ones((4, 5))))),
        (ValueError, "the input has shape (2,), expected (n_samples, 2)",
         lambda: Linear(2, 3)(Tensor([1.0, 2.0]))),
        (TypeError, "Linear(2, 3): the input is a ndarray, expected a Tensor; wrap it: Tensor(x)",
         lambda: Linear(2, 3)(np.ones((4, 2)))),
        (ValueError, "Linear: n_outputs is 0, expected a whole number from 1 on",
         lambda: Linear(2, 0)),
        (ValueError, "Linear: n_inputs is 2.5", lambda: Linear(2.5, 1)),
        (ValueError, "Dropout: p is 1.0, expected a probability from 0 to below 1",
         lambda: Dropout(1.0)),
        (TypeError, "Linear: rng is 0, expected a random generator; pass np.random.default_rng(0)",
         lambda: Linear(2, 3, rng=0)),
        (TypeError, "Linear: rng is 7, expected a random generator", lambda: Linear(2, 3, rng=7)),
        (TypeError, "Dropout: rng is 0, expected a random generator; pass np.random.default_rng(0)",
         lambda: Dropout(0.5, rng=0)),
        (NotImplementedError, "Mine: write a method forward(self, input)",
         lambda: type("Mine", (Layer,), {})()(Tensor([1.0]))),
    ],
)  # fmt: skip
def test_errors_say_what_to_do(error, text, call):
    with pytest.raises(error) as caught:
        call()
    assert text in str(caught.value)


def test_a_method_that_the_list_of_parameters_would_hide_is_refused():
    class Net(Layer):
        def __init__(self):
            super().__init__()
            self.body = Linear(2, 1)

        def parameters(self):
            return self.body.get_parameters()

    with pytest.raises(TypeError, match="Net: parameters is the name of .* get_parameters"):
        Net()
