"""A whole experiment as one frozen, validated value that can be written as JSON."""
from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

from gradwidgets.core.answers import AnswersKeywords
from gradwidgets.core.losses import LOSSES, REDUCTIONS
from gradwidgets.core.nn import ACTIVATIONS
from gradwidgets.core.optim import OPTIMIZERS
from gradwidgets.core.types import Foreign
from gradwidgets.engine.experiment import checks
from gradwidgets.engine.experiment.checks import SpecError
from gradwidgets.engine.experiment.data.drawn import DATASETS, INPUTS, DatasetInfo
from gradwidgets.engine.experiment.targets import OUTPUT_ACTIVATIONS, Coding, coding_for

if TYPE_CHECKING:
    from gradwidgets.engine.experiment.build import Experiment

UNITS_MIN, UNITS_MAX = 1, 64
LAYERS_MAX = 8
LEARNING_RATE_MIN, LEARNING_RATE_MAX = 1e-5, 10.0
BATCH_MIN, BATCH_MAX = 1, 500
NOISE_MIN, NOISE_MAX, NOISE_STEP = 0, 50, 5
TRAIN_SHARE_MIN, TRAIN_SHARE_MAX, TRAIN_SHARE_STEP = 10, 90, 10
SEED_MAX = 2**32 - 1
HIDDEN_ACTIVATIONS = (*ACTIVATIONS, "Linear")

CHOICES: dict[str, Collection[str]] = {
    "data": DATASETS,
    "output_activation": OUTPUT_ACTIVATIONS,
    "loss": LOSSES,
    "reduction": REDUCTIONS,
    "optimizer": OPTIMIZERS,
}
"""Field -> the names of which it is one; the registries themselves, which may grow."""

WHOLES: dict[str, tuple[int, int]] = {
    "batch_size": (BATCH_MIN, BATCH_MAX),
    "noise": (NOISE_MIN, NOISE_MAX),
    "train_share": (TRAIN_SHARE_MIN, TRAIN_SHARE_MAX),
    "data_seed": (0, SEED_MAX),
    "weight_seed": (0, SEED_MAX),
    "batch_seed": (0, SEED_MAX),
}
"""Field -> least and greatest of its whole numbers."""


@dataclass(frozen=True, slots=True)
class LayerSpec(AnswersKeywords):
    """One hidden layer: its number of units, and its activation ("Linear" for none)."""

    units: int
    activation: str = "Tanh"

    def __post_init__(self) -> None:
        object.__setattr__(self, "units",
                           checks.whole("units", self.units, UNITS_MIN, UNITS_MAX))
        checks.choice("activation", self.activation, HIDDEN_ACTIVATIONS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec(AnswersKeywords):
    """What is learnt, by what network, and how.

    Attributes
    ----------
    layers : tuple of LayerSpec
        The hidden layers; also accepted as pairs ``(4, "Tanh")`` or as dictionaries.
    noise, train_share : int
        Percent.
    learning_rate : float
        The optimizer's ``alpha``, per step. The default was measured: with the default data and
        layers it takes 190 to 330 epochs to bring the loss under 0.05, whatever the weight seed.
    batch_size : int
        Samples a step; one larger than the training set means the whole of it.
    data_seed, weight_seed, batch_seed : int
        Of the points and their split, of the first weights, and of the order of the batches.

    Raises
    ------
    SpecError
        On any value that does not fit; its ``field`` tells which.
    """

    data: str = "circle"
    inputs: tuple[str, ...] = ("x1", "x2")
    layers: tuple[LayerSpec, ...] = (LayerSpec(4, "Tanh"),)
    output_activation: str = "Tanh"
    loss: str = "MSELoss"
    reduction: str = "mean"
    optimizer: str = "SGD"
    learning_rate: float = 0.01
    batch_size: int = 10
    noise: int = 0
    train_share: int = 50
    data_seed: int = 0
    weight_seed: int = 0
    batch_seed: int = 0

    def __post_init__(self) -> None:
        for field, names in CHOICES.items():
            checks.choice(field, getattr(self, field), names)
        self._keep("layers", _layers(self.layers))
        self._keep("inputs", self._checked_inputs(self.inputs))
        self._keep("learning_rate", checks.number("learning_rate", self.learning_rate,
                                                  LEARNING_RATE_MIN, LEARNING_RATE_MAX))
        for field, (low, high) in WHOLES.items():
            self._keep(field, checks.whole(field, getattr(self, field), low, high))
        self._fit()

    def _keep(self, field: str, value: Any) -> None:
        object.__setattr__(self, field, value)

    def _fit(self) -> Coding:
        """Return how output activation and loss go together on the data set, if they do."""
        info = self.info
        fit = coding_for(info.task, self.output_activation, self.loss, info.n_classes)
        if isinstance(fit, str):
            raise SpecError("loss" if info.task == "classification" else "output_activation",
                            f"output activation {self.output_activation} with {self.loss} on "
                            f"{self.data}: {fit}")
        return fit

    def _checked_inputs(self, given: Foreign) -> tuple[str, ...]:
        given = (given,) if isinstance(given, str) else given
        if not isinstance(given, (list, tuple)) or not given:
            raise SpecError("inputs", f"inputs: received {given!r}; expected a list of at least "
                                      f"one of {', '.join(self.info.inputs)}")
        for name in given:
            checks.choice("inputs", name, INPUTS)
            if name not in self.info.inputs:
                raise SpecError("inputs", f"inputs: received {name!r}, but the data set "
                                          f"{self.data!r} has only one variable; choose from "
                                          f"{', '.join(self.info.inputs)}")
        return tuple(name for name in INPUTS if name in given)

    @property
    def info(self) -> DatasetInfo:
        """What is known of the data set."""
        return DATASETS[self.data]

    @property
    def coding(self) -> Coding:
        """Number of outputs and coding of the targets."""
        return self._fit()

    @property
    def n_inputs(self) -> int:
        """Columns that the network reads."""
        return len(self.inputs)

    @property
    def n_outputs(self) -> int:
        """Units of the output layer, by the coding of the targets."""
        return self.coding.n_outputs

    @property
    def sizes(self) -> tuple[int, ...]:
        """Widths from the inputs through the hidden layers to the outputs."""
        return (self.n_inputs, *(layer.units for layer in self.layers), self.n_outputs)

    @property
    def parameter_count(self) -> int:
        """Weights and biases together."""
        return sum((n_in + 1) * n_out for n_in, n_out in zip(self.sizes, self.sizes[1:]))

    def replace(self, **changes: Any) -> Spec:
        """Return a spec with some fields changed, checked as a whole."""
        checks.known("spec", changes, _FIELDS)
        return Spec(**({name: getattr(self, name) for name in _FIELDS} | changes))

    @classmethod
    def suited(cls, data: str, **changes: Any) -> Spec:
        """Return a spec that learns the data set `data` well, then changed by `changes`."""
        checks.choice("data", data, DATASETS)
        return cls().replace(**({"data": data} | dict(DATASETS[data].suits) | changes))

    def to_json(self) -> str:
        """Return the spec as a JSON object; `from_json` gives an equal spec."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str | bytes) -> Spec:
        """Read a spec from JSON, which is parsed and never evaluated.

        Fields that are not there take their defaults.

        Raises
        ------
        SpecError
            If the text is not a JSON object, or has unknown, doubled or unfitting fields.
        """
        changes = checks.json_object(text)
        checks.known("spec", changes, _FIELDS)
        return cls(**changes)

    def build(self) -> Experiment:
        """Return model, criterion, optimizer, data set and coding, all made new."""
        from gradwidgets.engine.experiment.build import build
        return build(self)


_FIELDS = tuple(field.name for field in fields(Spec))


def _layers(given: Foreign) -> tuple[LayerSpec, ...]:
    expected = 'a list of layers such as [4, "Tanh"]'
    if not isinstance(given, (list, tuple)):
        raise SpecError("layers", f"layers: received {given!r}; expected {expected}")
    if len(given) > LAYERS_MAX:
        raise SpecError("layers", f"layers: received {len(given)} hidden layers; expected at most "
                                  f"{LAYERS_MAX}; remove some")
    return tuple(_layer(number, layer, expected) for number, layer in enumerate(given, start=1))


def _layer(number: int, given: Foreign, expected: str) -> LayerSpec:
    if isinstance(given, LayerSpec):
        return given
    try:
        if isinstance(given, Mapping):
            checks.known("layers", given, ("units", "activation"))
            if "units" not in given:
                raise SpecError("layers", f"received {dict(given)!r}; its units are missing")
            return LayerSpec(**given)
        if isinstance(given, (list, tuple)) and len(given) == 2:
            return LayerSpec(*given)
    except SpecError as error:
        raise SpecError("layers", f"layer {number}: {error}") from None
    raise SpecError("layers", f"layer {number}: received {given!r}; expected {expected}")
