"""What a playground says of a change, of an error, and of a model that is not ours."""

from __future__ import annotations

import numpy as np

from gradwidgets.core.losses import LOSSES
from gradwidgets.core.optim import OPTIMIZERS
from gradwidgets.engine.experiment.spec import Spec
from gradwidgets.engine.learner.careful import interrupted, spoken
from gradwidgets.engine.learner.lines import own_line
from gradwidgets.engine.training.trainer import Trainer
from gradwidgets.playground import builder
from gradwidgets.texts import counted, text
from gradwidgets.views.kit import numbers

LABELLED = ("learning_rate", "batch_size", "weight_seed", "noise", "train_share")  # as in the spec


def error_words(error: BaseException) -> str:
    """Return what an error says, with the line of the learner's code that it comes from, if any."""
    line, number = own_line(error.__traceback__)
    words = spoken(error)
    return text("own_line", error=words.rstrip("."), number=number, line=line) if line else words


def trouble_words(error: BaseException, step: int) -> str:
    """Return why training has stopped, and the step that it stands at."""
    if not interrupted(error):
        return text("trouble", error=error_words(error).rstrip(".") + ".", step=step)
    line, number = own_line(error.__traceback__)
    if not line:
        return text("interrupted", step=step)
    return text("interrupted.line", number=number, line=line, step=step)


def own_words(trainer: Trainer) -> str:
    """Return what stands in the place of the builder: a class, and how much it trains."""
    count = sum(np.size(parameter.data) for parameter in trainer.parameters)
    return text(
        "own_model",
        name=type(trainer.model).__name__,
        parameters=text("parameter_count", count=numbers.grouped(count)),
        tensors=counted("tensor_count", len(trainer.parameters)),
    )


def stand_words(trainer: Trainer) -> str:
    """Return what is said of a model that was brought back, and where its training stands."""
    if trainer.spec is None:
        return text("undone.own", step=trainer.step_count)
    return text(
        "undone",
        shape=builder.shape_words(trainer.spec),
        title=builder.title_of(trainer.spec.info),
        step=trainer.step_count,
    )


def in_the_pages_words(error: Exception) -> str:
    """Return what does not fit, called as the control is called."""
    words, field = str(error), getattr(error, "field", "")
    if words.startswith(f"{field}: ") and field in LABELLED:
        return text(field) + words.removeprefix(field)
    return words


def _is_another_model(before: Spec, spec: Spec) -> bool:
    return (before.inputs, before.layers, before.optimizer, before.batch_size) != (
        spec.inputs, spec.layers, spec.optimizer, spec.batch_size
    )  # fmt: skip


def what_is_new(before: Spec, spec: Spec) -> str:
    """Say what a change has rebuilt, and what it changed besides."""
    seed = spec.weight_seed
    if spec.weight_seed != before.weight_seed:
        return text("weights", seed=seed)
    if spec.data != before.data:
        words = text("new_data", title=builder.title_of(spec.info), seed=seed)
        if _is_another_model(before, spec):
            words += " " + text(
                "model_follows",
                shape=builder.shape_words(spec),
                inputs=", ".join(spec.inputs),
                optimizer=builder.label_of("optimizer", OPTIMIZERS[spec.optimizer]),
                batch=spec.batch_size,
            )
    elif (spec.noise, spec.train_share) != (before.noise, before.train_share):
        words = text("other_points", noise=spec.noise, share=spec.train_share, seed=seed)
    else:
        words = text(
            "rebuilt",
            shape=builder.shape_words(spec),
            parameters=builder.parameter_words(spec),
            seed=seed,
        )
    if spec.loss != before.loss and spec.output_activation != before.output_activation:
        words += " " + text(
            "loss_follows",
            loss=builder.label_of("loss", LOSSES[spec.loss]),
            output=spec.output_activation,
        )
    if spec.learning_rate != before.learning_rate:
        words += " " + text("rate_follows", rate=spec.learning_rate)
    return words
