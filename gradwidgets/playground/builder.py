"""The controls of data and model as a function of the spec, and the spec as changed by a control.

Choices come from the registries of core and engine; nothing is listed a second time.
"""

from __future__ import annotations

import math
from typing import Any, Protocol

from gradwidgets.core.losses import LOSSES
from gradwidgets.core.nn import ACTIVATIONS
from gradwidgets.core.optim import OPTIMIZERS
from gradwidgets.engine.experiment import spec as limits
from gradwidgets.engine.experiment.checks import SpecError
from gradwidgets.engine.experiment.data.drawn import DATASETS, INPUTS, DatasetInfo
from gradwidgets.engine.experiment.spec import LayerSpec, Spec
from gradwidgets.engine.experiment.targets import OUTPUT_ACTIVATIONS, coding_for
from gradwidgets.texts import counted, registered, text
from gradwidgets.views.kit import numbers
from gradwidgets.views.kit.fields import Button, Field, Option, Range, Row, Select, Value

UNITS_OFFERED = (1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 16, 24, 32, 48, 64)
NEW_LAYER = LayerSpec(4, "Tanh")
PERCENT = "\u2009%"
DRAGGED = ("noise", "train_share")  # sliders whose every value makes a new model
BATCH_ON_SLIDER = 50  # larger ones can be typed into a spec; a slider of 500 could not be aimed


class Labelled(Protocol):
    """A layer, loss or optimizer of a registry of `core`."""

    label: str


def data_fields(spec: Spec) -> list[Field]:
    """Return the controls of data set, noise, split, batch and inputs."""
    fixed = DATASETS[spec.data].fixed
    largest_batch = max(BATCH_ON_SLIDER, spec.batch_size)
    return [
        {"kind": "heading", "text": text("data_heading")},
        _select(
            "data", spec.data, [_option(name, title_of(info)) for name, info in DATASETS.items()]
        ),
        {
            **_range("noise", spec.noise, limits.NOISE_MIN, limits.NOISE_MAX, limits.NOISE_STEP),
            "unit": PERCENT,
            "disabled": fixed,
            "help": text("fixed_data") if fixed else "",
        },
        {
            **_range(
                "train_share",
                spec.train_share,
                limits.TRAIN_SHARE_MIN,
                limits.TRAIN_SHARE_MAX,
                limits.TRAIN_SHARE_STEP,
            ),
            "unit": PERCENT,
            "disabled": fixed,
            "help": text("fixed_data") if fixed else "",
        },
        _range("batch_size", spec.batch_size, limits.BATCH_MIN, largest_batch, 1),
        {
            "kind": "group",
            "name": "inputs",
            "label": text("inputs"),
            "items": [
                {
                    "kind": "check",
                    "name": f"input-{name}",
                    "label": text("input", name=name),
                    "text": name,
                    "value": name in spec.inputs,
                    "disabled": bool(_why_fixed(spec, name)),
                    "help": _why_fixed(spec, name),
                }
                for name in INPUTS
            ],
        },
    ]


def model_fields(spec: Spec) -> list[Field]:
    """Return the controls of layers, output, loss, optimizer and first weights."""
    summed: list[Field] = []
    if spec.reduction == "sum":
        summed.append({"kind": "note", "text": text("loss_is_summed")})
    rows = [_layer_row(spec, index) for index in range(len(spec.layers))]
    return [
        {"kind": "heading", "text": text("model_heading")},
        {
            "kind": "note",
            "text": text(
                "model_size",
                inputs=counted("input_count", spec.n_inputs),
                parameters=parameter_words(spec),
            ),
        },
        *rows,
        {
            "kind": "button",
            "name": "add_layer",
            "label": text("add_layer"),
            "text": "+ " + text("add_layer"),
            "disabled": len(spec.layers) >= limits.LAYERS_MAX,
            "help": text("add_layer.limit", count=limits.LAYERS_MAX),
        },
        _select("output_activation", spec.output_activation, _output_choices(spec)),
        _select("loss", spec.loss, _loss_choices(spec)),
        *summed,
        _select(
            "optimizer",
            spec.optimizer,
            [_option(name, label_of("optimizer", kind)) for name, kind in OPTIMIZERS.items()],
        ),
        {
            "kind": "number",
            "name": "weight_seed",
            "label": text("weight_seed"),
            "value": spec.weight_seed,
            "min": 0,
            "max": limits.SEED_MAX,
            "step": 1,
        },
    ]


def changed(spec: Spec, name: str, value: Value) -> Spec | None:
    """Return the spec that a control asks for, or None when the control is not of this panel.

    Raises
    ------
    SpecError
        When the value does not fit; its message is for the learner.
    """
    name, _, rest = name.partition("-")
    layers = list(spec.layers)
    asked: Any = value  # whatever it is, the spec says what does not fit
    if name == "data":
        known = isinstance(value, str) and value in DATASETS
        return spec.replace(data=asked, **(DATASETS[asked].suits if known else {}))
    if name == "input":
        wanted = set(spec.inputs) ^ {rest} if (rest in spec.inputs) != bool(value) else spec.inputs
        return spec.replace(inputs=tuple(one for one in INPUTS if one in wanted))
    if name == "add_layer":
        return spec.replace(layers=(*layers, layers[-1] if layers else NEW_LAYER))
    if name in ("units", "activation", "remove", "up", "down"):
        index = _place(spec, rest)
        if name == "remove":
            del layers[index]
        elif name == "units":
            layers[index] = LayerSpec(asked, layers[index].activation)
        elif name == "activation":
            layers[index] = LayerSpec(layers[index].units, asked)
        else:
            other = max(index - 1, 0) if name == "up" else min(index + 1, len(layers) - 1)
            layers[index], layers[other] = layers[other], layers[index]
        return spec.replace(layers=tuple(layers))
    if name in ("noise", "train_share", "batch_size"):
        slid = isinstance(value, float) and math.isfinite(value)
        return spec.replace(**{name: round(asked) if slid else asked})
    if name == "output_activation":
        return spec.replace(output_activation=value, loss=_loss_that_fits(spec, value))
    if name in ("loss", "optimizer", "learning_rate", "weight_seed"):
        return spec.replace(**{name: value})
    return None


def _why_fixed(spec: Spec, name: str) -> str:
    """Return why an input cannot be chosen or left out, or ""."""
    if name not in spec.info.inputs:
        return text("no_input", title=title_of(spec.info))
    return text("last_input") if spec.inputs == (name,) else ""


def _place(spec: Spec, number: str) -> int:
    """Return the place of a layer. It may be gone: a button can be clicked twice."""
    if number.isdecimal() and 1 <= int(number) <= len(spec.layers):
        return int(number) - 1
    raise SpecError("layers", text("no_layer", number=number, count=len(spec.layers)))


def _loss_that_fits(spec: Spec, output: Value) -> str:
    """Return the present loss when it goes with the output, else the first one that does."""
    if not isinstance(output, str) or output not in OUTPUT_ACTIVATIONS:
        return spec.loss
    for loss in (spec.loss, *LOSSES):
        if not _why_not(spec, [(output, loss)]):
            return loss
    return spec.loss


def shape_words(spec: Spec) -> str:
    """Return the widths of the network: 2-4-1."""
    return "-".join(map(str, spec.sizes))


def parameter_words(spec: Spec) -> str:
    """Return how many parameters the network has, in words."""
    return text("parameter_count", count=numbers.grouped(spec.parameter_count))


def title_of(info: DatasetInfo) -> str:
    """Return what a data set is called."""
    return registered("data", info.name, info.title)


def label_of(kind: str, entry: type[Labelled]) -> str:
    """Return what a layer, loss or optimizer is called; most keep their name in every language."""
    return registered(kind, entry.__name__, entry.label)


def _layer_row(spec: Spec, index: int) -> Row:
    number = index + 1
    layer = spec.layers[index]
    units = sorted({*UNITS_OFFERED, layer.units})

    def button(name: str, sign: str, label: str, disabled: bool) -> Button:
        return {
            "kind": "button",
            "name": f"{name}-{number}",
            "label": text(label, number=number),
            "text": sign,
            "small": True,
            "disabled": disabled,
        }

    return {
        "kind": "row",
        "name": f"layer-{number}",
        "text": text("layer", number=number),
        "items": [
            {
                **_select(f"units-{number}", layer.units, [_option(n, str(n)) for n in units]),
                "label": text("units", number=number),
                "bare": True,
            },
            {
                **_select(f"activation-{number}", layer.activation, _activation_choices()),
                "label": text("activation", number=number),
                "bare": True,
            },
            button("up", "↑", "move_up", index == 0),
            button("down", "↓", "move_down", index == len(spec.layers) - 1),
            button("remove", "×", "remove_layer", False),
        ],
    }


def _activation_choices() -> list[Option]:
    named = [_option(name, label_of("activation", kind)) for name, kind in ACTIVATIONS.items()]
    return [*named, _option("Linear", text("activation.none"))]


def _output_choices(spec: Spec) -> list[Option]:
    """Offer an output when some loss goes with it; the loss then follows."""
    return [
        _option(name, name, _why_not(spec, [(name, loss) for loss in LOSSES]))
        for name in OUTPUT_ACTIVATIONS
    ]


def _loss_choices(spec: Spec) -> list[Option]:
    return [
        _option(name, label_of("loss", kind), _why_not(spec, [(spec.output_activation, name)]))
        for name, kind in LOSSES.items()
    ]


def _why_not(spec: Spec, pairs: list[tuple[str, str]]) -> str:
    """Return "" when one of the pairs fits the data, else the reason against the first."""
    info = spec.info
    fits = [coding_for(info.task, output, loss, info.n_classes) for output, loss in pairs]
    reasons = [fit for fit in fits if isinstance(fit, str)]
    return reasons[0] if len(reasons) == len(fits) else ""


def _option(value: Value, words: str, why: str = "") -> Option:
    """Return a choice, disabled where there is a reason against it."""
    option: Option = {"value": value, "text": words}
    return {**option, "disabled": True, "why": why} if why else option


def _select(name: str, value: Value, options: list[Option]) -> Select:
    return {
        "kind": "select",
        "name": name,
        "label": text(name) if "-" not in name else "",
        "value": value,
        "options": options,
    }


def _range(name: str, value: float, low: float, high: float, step: float) -> Range:
    return {
        "kind": "range",
        "name": name,
        "label": text(name),
        "value": value,
        "min": low,
        "max": high,
        "step": step,
    }
