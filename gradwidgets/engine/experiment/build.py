"""From a spec to the objects that train."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gradwidgets.core.losses import LOSSES
from gradwidgets.core.nn import ACTIVATIONS, Layer, Linear, Sequential, Softmax
from gradwidgets.core.optim import OPTIMIZERS, Optimizer
from gradwidgets.engine.experiment.data.drawn import Dataset, make_dataset
from gradwidgets.engine.experiment.spec import Spec
from gradwidgets.engine.experiment.targets import Coding
from gradwidgets.engine.learner.textbook import Criterion


@dataclass(frozen=True, slots=True)
class Experiment:
    """Everything a training run needs."""

    model: Sequential
    criterion: Criterion
    optimizer: Optimizer
    dataset: Dataset
    coding: Coding


def _activation(name: str) -> list[Layer]:
    if name == "Linear":
        return []
    return [Softmax() if name == "Softmax" else ACTIVATIONS[name]()]


def build(spec: Spec) -> Experiment:
    """Return new objects for `spec`; the same spec gives the same numbers."""
    coding = spec.coding
    rng = np.random.default_rng(spec.weight_seed)
    activations = [layer.activation for layer in spec.layers] + [coding.final_activation]
    layers: list[Layer] = []
    for n_in, n_out, activation in zip(spec.sizes, spec.sizes[1:], activations):
        layers += [Linear(n_in, n_out, rng=rng), *_activation(activation)]
    model = Sequential(layers)
    options = {"from_logits": True} if spec.loss == "BCELoss" else {}
    criterion = LOSSES[spec.loss](reduction=spec.reduction, **options)
    optimizer = OPTIMIZERS[spec.optimizer](model.get_parameters(), alpha=spec.learning_rate)
    dataset = make_dataset(spec.data, spec.noise, spec.train_share, spec.data_seed)
    return Experiment(model, criterion, optimizer, dataset, coding)
