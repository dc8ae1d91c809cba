"""What a trainer needs of a learner's own model, criterion, optimizer and data."""
from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Any, TypeAlias, TypeGuard

import numpy as np

from gradwidgets.core.nn import Layer
from gradwidgets.core.types import Foreign
from gradwidgets.engine.experiment.data.drawn import Dataset, Domain
from gradwidgets.engine.graph.names import name_parameters, parameter_paths, parameters_of
from gradwidgets.engine.learner.careful import held_numbers, read, safely, spoken
from gradwidgets.engine.learner.textbook import Criterion, Moded, Model, OptimizerLike, TensorLike
from gradwidgets.engine.training import foreign
from gradwidgets.engine.training.optimized import require_own_tensors
from gradwidgets.engine.training.output import (
    LONGEST,
    Growth,
    Output,
    picture,
    picture_points,
    quick_enough,
)
from gradwidgets.engine.training.pace import LATELY
from gradwidgets.engine.training.saved_state import Memento
from gradwidgets.texts import text

_Streams: TypeAlias = tuple[dict[str, Any], tuple[Any, ...]]
"""How far the global random numbers are, those of NumPy and those of Python."""

LARGEST_DRAWN = 1e100
"""Matplotlib multiplies the ends of an axis, which would overflow."""


class ForeignTask:
    """The same face as `OwnTask`, over objects of any class with the textbook's methods.

    The learner's code may draw from NumPy's global state (random ids, dropout). It does so from a
    stream of its own here, which starts as a copy of the global one: so training neither disturbs
    the learner's other cells nor is disturbed by them, and it can be rewound.
    """

    of_others = True
    prediction_name = "name.prediction"

    def __init__(self, model: Foreign, criterion: Foreign, optimizer: Foreign, data: Foreign,
                 target: Foreign) -> None:
        self.model: Model = foreign.required("model", model, "forward")
        self.criterion: Criterion = foreign.required("criterion", criterion, "forward")
        self.optimizer: OptimizerLike = foreign.required("optimizer", optimizer, "step")
        self.parameters: list[TensorLike] = parameters_of(model, optimizer)
        self.names, self.groups = name_parameters(model, self.parameters)
        self.paths = parameter_paths(model)
        self._wrap = foreign.Wrapper(data, target, *self.parameters)
        self._first_stream = self._stream = _streams()
        with self.private():
            self._data, self._target = self._wrap.wrapped(data), self._wrap.wrapped(target)
        self._x, self._y = foreign.array_of(self._data), foreign.array_of(self._target)
        if self._x.shape[:1] != self._y.shape[:1] or not self._x.size:
            raise ValueError(f"data has shape {self._x.shape} and target {self._y.shape}; both "
                             "need the same number of rows, one for each sample")
        self.n = len(self._x) if self._x.ndim else 1
        self._generators = Memento([model, criterion]).generators()
        self._moded = model if _has_modes(model) else None
        self._summed: bool | None = None
        self._optimizer_fits = False  # until a graph of the model has been seen
        self._took = 0.0  # seconds that the model took for all data
        self._quick: bool | None = None  # whether it seems to answer soon for a picture
        self._pictures: deque[float] = deque(maxlen=LATELY)  # seconds that the latest ones took
        self._growth: Growth | None = None  # of the time, if a picture of a slow model is asked for
        self.too_slow = False  # for a picture, even while training stands still
        self.dataset = self._guess_dataset()
        self.shuffle(None)

    @contextmanager
    def private(self) -> Iterator[None]:
        """Draw global random numbers from this task's own stream meanwhile."""
        outside = _streams()
        _set_streams(self._stream)
        try:
            yield
        finally:
            self._stream = _streams()
            _set_streams(outside)

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Look without leaving a trace: no random number is used up, dropout is off."""
        outside, own = _streams(), Memento(self._generators)
        if self._moded is not None:
            self._moded.eval()
        try:
            yield
        finally:
            _set_streams(outside)
            own.restore()
            if self._moded is not None:
                self._moded.train()

    def sets(self) -> list[tuple[Any, Any]]:
        """Return data and target that `measure` goes over."""
        return [(self._data, self._target)]

    def forget(self) -> None:
        """Rewind the random stream, and find out anew what takes long."""
        self._stream = self._first_stream
        self._quick = self._growth = None
        self.too_slow = False
        self._pictures.clear()

    def shuffle(self, order: np.ndarray | None) -> None:
        """Put the samples into `order` for the coming epoch; None leaves them as they are."""
        self._order = order

    def batch(self, start: int, stop: int) -> tuple[Any, Any]:
        """Return inputs and targets; the learner's own tensors when it is the whole data."""
        if self._order is None and stop - start == self.n:
            return self._data, self._target
        rows = slice(start, stop) if self._order is None else self._order[start:stop]
        return self._wrap(self._x[rows]), self._wrap(self._y[rows])

    def before_step(self, x: TensorLike, y: TensorLike) -> None:
        """Clear what earlier graphs left behind on tensors that are used again.

        Else the data's gradient would be the sum of all steps', and a table of children, as
        textbook tensors keep it, would grow for ever.
        """
        for tensor in (x, y):
            if getattr(tensor, "grad", None) is not None:
                tensor.grad = None
        # Losses over all data are measured in between.
        for tensor in (x, y, self._data, self._target, *self.parameters):
            children = getattr(tensor, "children", None)
            if isinstance(children, (dict, list, set)):
                children.clear()

    def before_update(self) -> Callable[[], None]:
        """Return what brings weights and optimizer back when the update stops in the middle."""
        held = [(parameter, parameter.data) for parameter in self.parameters]
        arrays = [data for _, data in held]
        state = Memento([self.optimizer, *arrays],
                        keep=[self.model, self.criterion, *self.parameters])

        def undo() -> None:
            state.restore()
            for parameter, data in held:
                if parameter.data is not data:  # it had been given a new one
                    parameter.data = data
            self.forget_gradients()

        return undo

    def forget_gradients(self) -> None:
        """Leave out gradients of which some may have arrived and others not."""
        for parameter in self.parameters:
            parameter.grad = None

    def number(self, loss: Foreign) -> float:
        """Return the loss of a batch as one number."""
        return float(np.sum(foreign.array_of(getattr(loss, "data", loss))))

    def backward(self, loss: Foreign) -> None:
        """Send a gradient of ones backward from the loss."""
        foreign.send_back(loss)

    def gradients_are_finite(self) -> bool:
        """Tell whether no weight's gradient holds inf or NaN, as far as it can be read."""
        return all(gradient is None or bool(np.isfinite(gradient).all()) for gradient in [
            held_numbers(read(parameter, "grad")) for parameter in self.parameters])

    def weights_are_finite(self) -> bool:
        """Tell whether no weight is inf or NaN."""
        return all(np.isfinite(np.asarray(parameter.data, dtype=float)).all()
                   for parameter in self.parameters)

    def measure(self) -> tuple[float, float | None]:
        """Return the loss per sample over all data; there is no test set."""
        with self.aside():
            started = perf_counter()
            prediction = self.model.forward(self._data)
            self._took = perf_counter() - started
            foreign.require_result(f"{type(self.model).__name__}.forward", prediction)
            loss = self.criterion.forward(prediction, self._target)
            foreign.require_result(f"{type(self.criterion).__name__}.forward", loss)
            if not self._optimizer_fits:
                require_own_tensors(self.model, self.optimizer, loss)
                self._optimizer_fits = True
            loss = self.number(loss)
            if self._summed is None and np.isfinite(loss):
                self._summed = self._ask_whether_summed(prediction)
        return (loss / self.n if self._summed else loss), None

    def _ask_whether_summed(self, prediction: Foreign) -> bool | None:
        # Learners' code may fail in any way on twice the rows.
        return safely(
            lambda: foreign.sums_over_samples(
                self.criterion, self._wrap, foreign.array_of(prediction), self._y
            ),
            otherwise=False,
        )

    def output(self) -> Output:
        """Return the model's answers over the data's range, or why there is no picture."""
        if self.dataset is None:
            return Output("none", reason=self._why_no_picture())
        n_raw, domain = self.dataset.n_raw, self.dataset.domain
        try:
            with self.aside():
                if not self._is_quick(picture_points(n_raw, domain)):
                    return Output("none", reason=text("no_picture.slow"))
                started = perf_counter()
                found = picture(n_raw, domain, self._value)
                self._pictures.append(perf_counter() - started)
                return found
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001 - learners' code; it must not stop training
            reason = text("no_picture.failed", error=spoken(error))
            return Output("none", reason=reason)

    def late_output(self, seconds: float) -> Output | None:
        """Return the picture of a slow model if it takes about two steps of `seconds`, or why not.

        None: it has been asked about some points, to find out, and is to be asked again.
        """
        if self.dataset is None:
            return Output("none", reason=self._why_no_picture())
        points = picture_points(self.dataset.n_raw, self.dataset.domain)
        self._growth = self._growth or Growth(self.n, self._took, 2 * seconds)
        rows = self._growth.rows_to_ask(len(points))
        self.too_slow = not rows
        if self.too_slow:
            return Output("none", reason=text("no_picture.slow"))
        try:
            with self.aside():
                if rows == len(points):
                    return picture(self.dataset.n_raw, self.dataset.domain, self._value)
                started = perf_counter()
                self._value(points[:rows])
                self._growth.add(rows, perf_counter() - started)
                return None
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001 - learners' code; it must not stop training
            return Output("none", reason=text("no_picture.failed", error=spoken(error)))

    def _is_quick(self, points: np.ndarray) -> bool:
        """Tell whether the model answers for so many points soon; asked only in case of doubt."""
        if self._quick is None:
            self._quick = self._took / self.n * len(points) < LONGEST or quick_enough(
                self._value, points, self.n)
        # The fastest of several counts: anything may hold up one of them.
        few = len(self._pictures) < LATELY
        return self._quick and (few or min(self._pictures) < LONGEST)

    def _value(self, points: np.ndarray) -> np.ndarray:
        found = foreign.array_of(self.model.forward(self._wrap(points)))
        found = np.asarray(found, dtype=float)
        found = found[:, None] if found.ndim == 1 else found
        if self._x.shape[1] > 1:
            return self._score(found)
        curve: np.ndarray = found[:, 0]
        return curve

    def _why_no_picture(self) -> str:
        if self._x.ndim == 2 and self._y.ndim in (1, 2):
            if self._x.shape[1] in (1, 2):
                return text("no_picture.not_finite")
            return text("no_picture.columns", count=self._x.shape[1])
        return text("no_picture.shapes", data=self._x.shape, targets=self._y.shape)

    def _guess_dataset(self) -> Dataset | None:
        if self._x.ndim != 2 or self._x.shape[1] not in (1, 2) or self._y.ndim not in (1, 2):
            return None
        target = self._y if self._y.ndim == 2 else self._y[:, None]
        task, labels, self._score = foreign.scorer(target, self.criterion)
        points = np.array(self._x, dtype=float)
        up = points[:, 1] if points.shape[1] == 2 else target[:, 0]
        domain: Domain = (*_edges(points[:, 0]), *_edges(up))
        if not np.abs(domain).max() < LARGEST_DRAWN:  # nor are NaNs
            return None
        return Dataset("own data", task, points, labels, np.arange(self.n), np.arange(0), domain,
                       max(2, target.shape[1]))


def _has_modes(model: Foreign) -> TypeGuard[Moded]:
    # A learner's own train(x, y) is something else.
    return (isinstance(model, Layer) or hasattr(model, "training")) and all(
        callable(getattr(model, mode, None)) for mode in ("train", "eval"))


def _edges(values: np.ndarray) -> tuple[float, float]:
    """Return the range of some values with a margin of a quarter on each side."""
    low, high = float(values.min()), float(values.max())
    margin = (high - low) / 4 or 1.0
    return low - margin, high + margin


def _streams() -> _Streams:
    return np.random.get_state(legacy=False), random.getstate()


def _set_streams(states: _Streams) -> None:
    np.random.set_state(states[0])
    random.setstate(states[1])
