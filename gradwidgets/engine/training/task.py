"""What a trainer needs of an experiment made from a spec."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from math import isfinite

import numpy as np

from gradwidgets.core.tensor import Tensor
from gradwidgets.engine.experiment.data.drawn import make_inputs
from gradwidgets.engine.experiment.spec import Spec
from gradwidgets.engine.graph.names import name_parameters, parameter_paths
from gradwidgets.engine.learner.textbook import TensorLike
from gradwidgets.engine.training.output import Output, picture

_NOTHING = nullcontext()


class OwnTask:
    """Model, data and measurements of a spec. `ForeignTask` is the same for a learner's objects.

    Attributes
    ----------
    n : int
        Training samples.
    names, groups : what the graph's tensors are called, see `name_parameters`
    paths : where the parameters stand in the model, see `parameter_paths`
    prediction_name : str
        The key of what the output is called: logits when the activation belongs to the loss.
    """

    def __init__(self, spec: Spec) -> None:
        built = spec.build()
        self.model, self.criterion, self.optimizer = built.model, built.criterion, built.optimizer
        self.dataset = dataset = built.dataset
        self.parameters: list[TensorLike] = list(built.model.get_parameters())
        self.names, self.groups = name_parameters(built.model, self.parameters)
        self.paths = parameter_paths(built.model)
        self.prediction_name = "name.logits" if built.coding.logits else "name.prediction"
        self._inputs = spec.inputs
        self._coding = built.coding
        self._summed = spec.reduction == "sum"
        x = make_inputs(dataset.points, spec.inputs)
        y = built.coding.encode(dataset.labels)
        self.n = len(dataset.train)
        self._x, self._y = x[dataset.train], y[dataset.train]
        self._train = Tensor(self._x), Tensor(self._y)
        self._test = (Tensor(x[dataset.test]), Tensor(y[dataset.test])) if len(
            dataset.test) else None
        self._picture_inputs: Tensor | None = None
        self._ones = np.ones(built.coding.n_outputs)
        self.shuffle(None)

    of_others = False
    too_slow = False

    def sets(self) -> list[tuple[Tensor, Tensor]]:
        """Return inputs and targets of the sets that `measure` goes over."""
        return [self._train, *([self._test] if self._test else [])]

    def shuffle(self, order: np.ndarray | None) -> None:
        """Put the samples into `order` for the coming epoch; None leaves them as they are."""
        if order is None:
            self._epoch_x, self._epoch_y = self._x, self._y
        else:
            self._epoch_x, self._epoch_y = self._x[order], self._y[order]

    def batch(self, start: int, stop: int) -> tuple[Tensor, Tensor]:
        """Return inputs and targets of the epoch's samples from `start` up to `stop`."""
        return Tensor(self._epoch_x[start:stop]), Tensor(self._epoch_y[start:stop])

    def number(self, loss: Tensor) -> float:
        """Return the loss of a batch as one number."""
        return loss.data.item() if loss.data.size == 1 else float(loss.data.sum())

    def backward(self, loss: Tensor) -> None:
        """Send a gradient of ones backward from the loss."""
        if loss.data.size == 1:
            loss.backward()
        else:
            loss.backward(self._ones)

    def gradients_are_finite(self) -> bool:
        """Nothing to look for: no operation of a spec has a slope that is infinite."""
        return True

    def weights_are_finite(self) -> bool:
        """Tell whether no weight is inf or NaN."""
        # A sum of squares is one fast call; it overflows far above any weight of use, and then
        # the exact question is asked.
        vdot = np.vdot
        for parameter in self.parameters:
            data = parameter.data
            if not isfinite(vdot(data, data)) and not np.isfinite(data).all():
                return False
        return True

    def measure(self) -> tuple[float, float | None]:
        """Return train and test loss: per-sample means over the whole sets, in eval mode."""
        with self.aside():
            return self._loss_over(self._train), self._test and self._loss_over(self._test)

    def _loss_over(self, pair: tuple[Tensor, Tensor]) -> float:
        x, y = pair
        total = float(self.criterion.forward(self.model.forward(x), y).data.sum())
        return total / len(x.data) if self._summed else total

    def output(self) -> Output:
        """Return the network's answers over the data set's domain, at the current weights."""
        return picture(self.dataset.n_raw, self.dataset.domain, self._value)

    def late_output(self, seconds: float) -> Output:
        """Return the same: none of ours takes so long that it would have to wait."""
        return self.output()

    def _value(self, points: np.ndarray) -> np.ndarray:
        if self._picture_inputs is None:
            self._picture_inputs = Tensor(make_inputs(points, self._inputs))
        with self.aside():
            return self._coding.value(self.model.forward(self._picture_inputs).data)

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Look without leaving a trace: dropout is off."""
        self.model.eval()
        try:
            yield
        finally:
            self.model.train()

    def private(self) -> AbstractContextManager[None]:
        """Nothing to shield: all random numbers come from generators of the spec's own."""
        return _NOTHING

    def before_step(self, x: Tensor, y: Tensor) -> None:
        """Nothing to clear: each batch is made of new tensors."""

    def before_update(self) -> Callable[[], None]:
        """Return what is to be done when the update fails: no code but ours runs in it."""
        return self.forget_gradients

    def forget_gradients(self) -> None:
        """Leave out gradients of which some may have arrived and others not."""
        for parameter in self.parameters:
            parameter.grad = None

    def forget(self) -> None:
        """Nothing to rewind beyond what the trainer remembers of the objects."""
