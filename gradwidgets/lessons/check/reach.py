"""An exercise whose answer is a whole experiment: it is trained, and has to reach a target."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from gradwidgets.core.types import Foreign
from gradwidgets.engine.experiment.spec import Spec
from gradwidgets.engine.training.trainer import Trainer
from gradwidgets.lessons.check import limits
from gradwidgets.lessons.check.attempt import missing
from gradwidgets.lessons.check.outcome import Result, not_attempted, not_checked, not_yet, right
from gradwidgets.lessons.code import Code, Task

LOOK = 10  # epochs from one look at the test loss to the next
STILL_FALLING = 0.9  # of what the training loss was at three quarters of the way

# What keeps the yardstick the same for all, and why it must not be turned.
FIXED = {
    "data": "This is about the {expected}: leave `data` as it is.",
    "inputs": "The network is to see the two coordinates only, `x1` and `x2`: with inputs that "
    "bend already, the layers have little left to do.",
    "output_activation": "Leave the output at {expected}, so that all are measured alike.",
    "loss": "Leave the loss at {expected}, so that all are measured alike.",
    "noise": "Leave `noise` at {expected}: the points are to stay as they are.",
    "train_share": "Leave `train_share` at {expected}: the points to train on, and those to be "
    "tested on, are to stay as they are.",
    "data_seed": "Leave `data_seed` at {expected}: the points are to stay as they are.",
}


class Reach(Code):
    """A `Spec` that brings the test loss under a target, in so many epochs.

    Parameters
    ----------
    start : Spec
        What must not be changed is as in this one: data, inputs, output, loss.
    target : float
        What the test loss, the mean over the samples, has to fall below.
    epochs : int
    parameters, batch : int
        The most parameters, and the smallest batch: they keep the training short.
    """

    def __init__(
        self,
        key: str,
        title: str,
        statement: str,
        *,
        start: Spec,
        target: float,
        epochs: int,
        parameters: int,
        batch: int,
        hints: Sequence[str],
        solution: str,
        praise: str,
        seconds: float = 60,
    ) -> None:
        task = Task("spec", start, (), names={"Spec": Spec})
        super().__init__(
            key, title, statement, task=task, hints=hints, solution=solution, praise=praise,
            seconds=seconds,
        )
        self.start, self.target, self.epochs = start, target, epochs
        self.parameters, self.batch = parameters, batch

    def worth(self, answer: Foreign) -> Result:
        lacking = missing(self.task.name, answer)
        if lacking:
            return not_attempted(lacking)
        spec = answer if isinstance(answer, Spec) else getattr(answer, "spec", None)
        if not isinstance(spec, Spec):
            return not_checked(
                f"`spec` is a `{type(answer).__name__}`: write `spec = Spec(…)`, or take that of "
                "your playground, `spec = playground.spec`."
            )
        refused = self._refused(spec)
        if refused:
            return not_yet(refused, case=_shown(spec))
        try:
            return self.limited(lambda: self._train(spec))
        except limits.Stopped:
            return not_yet(
                f"After {self.seconds:g} seconds the training was not over, so it was stopped. "
                "Take fewer units, or a larger batch.",
                case=_shown(spec),
            )

    def _refused(self, spec: Spec) -> str:
        """Return what is not allowed in a spec; empty if all of it is."""
        for field, words in FIXED.items():
            expected = getattr(self.start, field)
            if getattr(spec, field) != expected:
                return words.format(expected=expected)
        if spec.parameter_count > self.parameters:
            return (
                f"This network has {spec.parameter_count} parameters, and {self.parameters} are "
                "allowed: it can be done with fewer. Take smaller layers, or fewer of them."
            )
        if spec.batch_size < self.batch:
            return f"Take a batch of {self.batch} or more: with smaller ones training takes ages."
        return ""

    def _train(self, spec: Spec) -> Result:
        trainer = Trainer(spec)
        late = self.epochs * 3 // 4
        then = now = _measured(trainer.train_loss)
        while trainer.epoch_count < self.epochs:
            for _ in range(LOOK):
                trainer.epoch()
                if trainer.divergence is not None:
                    return not_yet(
                        f"The training broke down. {trainer.divergence.message}",
                        case=_shown(spec),
                    )
            trainer.measure()
            now = _measured(trainer.train_loss)
            if _measured(trainer.test_loss) < self.target:
                return replace(right(self.praise), got=_reached(spec, trainer))
            if trainer.epoch_count <= late:
                then = now
        return not_yet(
            self._advice(spec, now, then),
            case=_shown(spec),
            got=_reached(spec, trainer),
            expected=f"test loss under {self.target:g} within {self.epochs} epochs",
        )

    def _advice(self, spec: Spec, now: float, then: float) -> str:
        """Return what kept the loss up, as far as the numbers tell.

        `now` is the training loss in the end, `then` that when a quarter of the epochs was left.
        """
        if all(layer.activation == "Linear" for layer in spec.layers):
            return (
                "There is no bend in these layers, so they draw one straight border, and arms "
                "that are wound around each other cannot be told apart by that."
            )
        if now > 1.05:
            return (
                f"The loss is above 1, which is worse than saying 0 to everything: with a "
                f"learning rate of {spec.learning_rate:g} the steps jump over the valley. Take a "
                "smaller one."
            )
        if now < self.target:
            return (
                f"On the points it has trained on the loss is low ({now:.3g}), but not on those it "
                "has never seen: it has learnt the points by heart rather than the arms. Try "
                "another kind of layer, or fewer units."
            )
        if spec.parameter_count < 60:
            return (
                f"A network with {spec.parameter_count} parameters cannot bend often enough for "
                "this spiral. Give it more units, and perhaps a second layer."
            )
        if now < STILL_FALLING * then:
            return (
                "It is on its way, but too slow: the loss was still falling when the epochs were "
                "over. A larger learning rate, or another optimizer, gets further in the same "
                "time."
            )
        return (
            "The loss hardly moves any more: this optimizer, at this rate, is stuck half way. Try "
            "another optimizer, or a rate that is three times as large, or a third of it."
        )


def _measured(loss: float | None) -> float:
    """Return a loss; one that could not be measured is below no target."""
    return math.nan if loss is None else loss


def _reached(spec: Spec, trainer: Trainer) -> str:
    train, test = _measured(trainer.train_loss), _measured(trainer.test_loss)
    return (
        f"test loss {test:.3g} (train {train:.3g}) after {trainer.epoch_count} epochs, "
        f"with {spec.parameter_count} parameters"
    )


def _shown(spec: Spec) -> str:
    layers = ", ".join(f'({layer.units}, "{layer.activation}")' for layer in spec.layers)
    return (
        f'Spec(data="{spec.data}", layers=[{layers}],\n'
        f'     optimizer="{spec.optimizer}", learning_rate={spec.learning_rate:g}, '
        f"batch_size={spec.batch_size})"
    )
