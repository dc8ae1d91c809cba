"""Valid specs of every kind, for Hypothesis."""

from __future__ import annotations

from hypothesis import strategies as st

from gradwidgets.core.losses import LOSSES
from gradwidgets.core.optim import OPTIMIZERS
from gradwidgets.engine.experiment import spec as limits
from gradwidgets.engine.experiment.data.drawn import DATASETS, INPUTS
from gradwidgets.engine.experiment.spec import HIDDEN_ACTIVATIONS, LayerSpec, Spec
from gradwidgets.engine.experiment.targets import OUTPUT_ACTIVATIONS, coding_for

LAYERS = st.builds(
    LayerSpec, st.integers(limits.UNITS_MIN, limits.UNITS_MAX), st.sampled_from(HIDDEN_ACTIVATIONS)
)


def fitting_pairs(data: str) -> list[tuple[str, str]]:
    """Return every output activation and loss that go together on a data set."""
    info = DATASETS[data]
    return [(output, loss) for output in OUTPUT_ACTIVATIONS for loss in LOSSES
            if not isinstance(coding_for(info.task, output, loss, info.n_classes), str)]  # fmt: skip


@st.composite
def specs(draw) -> Spec:
    """Draw any spec that is valid."""
    data = draw(st.sampled_from(list(DATASETS)))
    output, loss = draw(st.sampled_from(fitting_pairs(data)))
    inputs = draw(st.sets(st.sampled_from(DATASETS[data].inputs), min_size=1))
    return Spec(
        data=data,
        inputs=tuple(name for name in INPUTS if name in inputs),
        layers=tuple(draw(st.lists(LAYERS, max_size=limits.LAYERS_MAX))),
        output_activation=output,
        loss=loss,
        optimizer=draw(st.sampled_from(list(OPTIMIZERS))),
        learning_rate=draw(st.floats(limits.LEARNING_RATE_MIN, limits.LEARNING_RATE_MAX)),
        batch_size=draw(st.integers(limits.BATCH_MIN, limits.BATCH_MAX)),
        noise=draw(st.integers(limits.NOISE_MIN, limits.NOISE_MAX)),
        train_share=draw(st.integers(limits.TRAIN_SHARE_MIN, limits.TRAIN_SHARE_MAX)),
        weight_seed=draw(st.integers(0, limits.SEED_MAX)),
    )


def leaves(fields: list[dict]) -> list[dict]:
    """Return the controls among fields, also those within rows and groups."""
    found = []
    for field in fields:
        if "items" in field:
            found += leaves(field["items"])
        elif "name" in field:
            found.append(field)
    return found


def values_of(field: dict) -> list[object]:
    """Return values that the page may send for a control: the ends of a range, every option."""
    if "options" in field:
        return [option["value"] for option in field["options"]]
    if field["kind"] in ("range", "number"):
        middle = (field["min"] + field["max"]) / 2
        return [field["min"], field["max"], middle, field["value"]]
    return [True, False] if field["kind"] == "check" else [None]
