"""An optimizer that can move nothing of the model is refused; nothing else is."""
from __future__ import annotations

import numpy as np
import pytest

from gradwidgets.core import SGD, Adam, Linear, MSELoss, Sequential, Tanh, Tensor
from gradwidgets.engine.training.trainer import Trainer
from tests.engine.textbook import (
    DATA,
    TARGET,
    TextbookLoss,
    TextbookSGD,
    TextbookTensor,
    textbook_model,
)


def model() -> Sequential:
    return Sequential([Linear(2, 3), Tanh(), Linear(3, 1)])


def trained(net, optimizer, criterion=None) -> Trainer:
    return Trainer.of(net, criterion or MSELoss(), optimizer, np.array(DATA, float),
                      np.array(TARGET, float))


@pytest.mark.parametrize("kind", [SGD, Adam])
def test_an_optimizer_of_an_older_model_is_refused(kind):
    old, new = model(), model()
    with pytest.raises(ValueError) as caught:
        trained(new, kind(old.get_parameters(), 0.1))
    assert str(caught.value) == (
        "the optimizer holds other tensors than the model: none of the 4 in "
        f"{kind.__name__} is among the 4 of Sequential, so no step would change the model. Likely "
        "the model was made again after its optimizer; make the optimizer again too, from the "
        f"parameters of this model: {kind.__name__}(model.get_parameters(), ...)")


def test_the_same_holds_of_a_learners_own_classes():
    old, new = textbook_model(), textbook_model()
    data, target = TextbookTensor(DATA, autograd=True), TextbookTensor(TARGET, autograd=True)
    optimizer = TextbookSGD(old.get_parameters(), 0.1)
    with pytest.raises(ValueError, match="the optimizer holds other tensors .* TextbookSGD"):
        Trainer.of(new, TextbookLoss(), optimizer, data, target)
    Trainer.of(old, TextbookLoss(), optimizer, data, target).step()


def test_some_of_the_tensors_are_enough_since_others_may_be_frozen():
    net = model()
    frozen = net.layers[0].weight.data.copy()
    trainer = trained(net, SGD(net.layers[2].get_parameters(), 0.1))
    before = trainer.train_loss
    trainer.step()
    assert trainer.train_loss < before
    np.testing.assert_array_equal(net.layers[0].weight.data, frozen)


def test_a_tensor_that_the_model_does_not_list_but_uses_is_enough():
    class Shifted(Sequential):
        def __init__(self):
            super().__init__([Linear(2, 1)])
            self.shift = Tensor([0.5], autograd=True)

        def forward(self, input):
            return super().forward(input) + self.shift

    net = Shifted()
    trainer = trained(net, SGD([net.shift], 0.01))
    trainer.step()
    assert net.shift.item() != 0.5


def test_a_tensor_of_the_criterion_is_enough():
    class Weighed(MSELoss):
        scale = Tensor([2.0], autograd=True)

        def forward(self, pred, target):
            return super().forward(pred, target) * self.scale

    criterion = Weighed()
    trained(model(), SGD([criterion.scale], 0.01), criterion).step()
    assert criterion.scale.item() != 2


def test_an_optimizer_with_arrays_layers_or_a_class_of_its_own_is_never_accused():
    class Moves:
        def __init__(self, parameters):
            self.parameters = parameters

        def step(self):
            for tensor in net.get_parameters():
                tensor.data -= 0.01 * tensor.grad.data

    net = model()
    twins = []
    for parameter in net.get_parameters():
        twin = Tensor(parameter.data, autograd=True)
        twin.data = parameter.data  # one array, two tensors
        twins.append(twin)
    for held in ([parameter.data for parameter in net.get_parameters()], net.layers, [0.1], {},
                 [{"params": net.get_parameters()}], twins, [twin.data[:] for twin in twins]):
        trained(net, Moves(held)).step()


def test_a_model_whose_graph_cannot_be_read_is_never_accused():
    class Hidden(Sequential):
        """Gives results that tell nothing of what they were made of."""

        def forward(self, input):
            self.result = super().forward(input)
            return Tensor(self.result.data, autograd=True)

    class Own:
        parameters = [Tensor([1.0], autograd=True)]

        def step(self):
            pass

    trained(Hidden([Linear(2, 1)]), Own()).step()
