"""The training loop: steps, epochs, losses, reset, and what happens when it breaks down."""
from __future__ import annotations

import math
from copy import deepcopy
from dataclasses import replace
from time import perf_counter
from typing import Any

import numpy as np

from gradwidgets.core.optim import Optimizer
from gradwidgets.engine import checks, foreign
from gradwidgets.engine.diagnose import Diagnosis
from gradwidgets.engine.divergence import Divergence, explain
from gradwidgets.engine.foreign_task import ForeignTask
from gradwidgets.engine.frame import Frame, StepRecord
from gradwidgets.engine.history import History
from gradwidgets.engine.memento import Memento
from gradwidgets.engine.output import Output
from gradwidgets.engine.own_task import OwnTask
from gradwidgets.engine.snapshot import Graph, snapshot
from gradwidgets.engine.spec import LEARNING_RATE_MIN, Spec
from gradwidgets.engine.words import say


class Trainer:
    """Trains a spec, or a learner's own objects, step by step. It knows nothing of screens.

    Attributes
    ----------
    spec : Spec or None
        With the present learning rate and batch size; None for a learner's own objects.
    model, criterion, optimizer, dataset
        The objects at work; ``dataset`` is None where a learner's data cannot be drawn.
    step_count, epoch_count : int
        Steps taken, and epochs completed.
    train_loss, test_loss : float or None
        Per-sample means over the whole sets at the latest `measure`, in eval mode. There is no
        test loss without a test set.
    step_loss : float or None
        The criterion's own number for the latest batch.
    history : History
        The measured losses, by epoch. It begins with those of the first weights at epoch 0.
    last_step : StepRecord or None
        The latest captured step. One whose loss is not finite is always captured; it has no
        gradients.
    divergence : Divergence or None
        Set when numbers are no longer finite. Training then rests until `reset`, or until a lower
        learning rate is set; the last good weights are back by then.
    """

    def __init__(self, spec: Spec | None = None) -> None:
        spec = Spec() if spec is None else spec
        if not isinstance(spec, Spec):
            raise TypeError(f"Trainer: received a {type(spec).__name__}; expected a Spec. For your "
                            "own objects use Trainer.of(model, criterion, optimizer, data, target)")
        self._start(OwnTask(spec), spec, spec.batch_size)

    @classmethod
    def of(cls, model: Any, criterion: Any, optimizer: Any, data: Any, target: Any) -> Trainer:
        """Train objects of any class that have the textbook's methods.

        Needed are ``model.forward(data)``, ``criterion.forward(prediction, target)``,
        ``loss.backward(gradient)`` and ``optimizer.step()``. Arrays are wrapped in the class of
        the model's parameters. All data are one batch until `batch_size` is set.
        """
        trainer = cls.__new__(cls)
        task = ForeignTask(model, criterion, optimizer, data, target)
        trainer._start(task, None, task.n)
        return trainer

    def _start(self, task: OwnTask | ForeignTask, spec: Spec | None, batch_size: int) -> None:
        self.spec = spec
        self._task = task
        self.model, self.criterion, self.optimizer = task.model, task.criterion, task.optimizer
        self.dataset = task.dataset
        self._rate_name = foreign.rate_name(task.optimizer)
        self._chosen_rate: float | None = None  # set here, not by the optimizer itself
        self._batch_size, self._batch = batch_size, min(batch_size, task.n)
        trained = [self.model, self.criterion, self.optimizer, *task.parameters]
        self._first = Memento(trained)
        self._fresh_optimizer = Memento([self.optimizer], keep=[
            self.model, self.criterion, *task.parameters])
        self.history = History()
        self._begin()

    def _begin(self) -> None:
        self._order = np.random.default_rng(self.spec.batch_seed if self.spec else 0)
        self._offset = 0
        self.step_count = self.epoch_count = 0
        self.step_loss: float | None = None
        self.last_step: StepRecord | None = None
        self.divergence: Divergence | None = None
        self._diagnosis = Diagnosis()
        self.history.clear()
        self.measure()
        self._first_loss = self.train_loss if math.isfinite(self.train_loss) else math.inf
        self._keep_weights()

    def reset(self) -> None:
        """Go back to the first weights, in the same tensors; the same losses come again.

        Weights, gradients, the optimizer's state, the order of the batches and the dropout stream
        are as they were; history, counts and divergence are cleared. A learning rate and batch
        size that were set here stay.
        """
        self._first.restore()
        self._set_rate(self._chosen_rate)
        self._task.forget()
        self._begin()

    def memento(self) -> Memento:
        """Remember where the run stands, with all that it depends on; `restore` brings it back.

        Unlike after `reset`, everything is as it was: history, counts and divergence too.
        """
        task = self._task
        trained = [self.model, self.criterion, self.optimizer, *task.parameters]
        # These are replaced in a run, never changed; what is held in them would be large.
        replaced = [self.last_step, self._first, self._fresh_optimizer, *vars(task).values()]
        entered = {id(one) for one in trained}
        return Memento([self, task, *trained], [one for one in replaced if id(one) not in entered])

    @property
    def parameters(self) -> list[Any]:
        """Return the tensors that are trained: the model's, else those that the optimizer holds."""
        return self._task.parameters

    @property
    def steps_per_epoch(self) -> int:
        """Return the number of batches, of which the last may be smaller."""
        return math.ceil(self._task.n / self._batch)

    @property
    def steps_left_in_epoch(self) -> int:
        """Return how many steps finish the present epoch; all of them at its beginning."""
        return math.ceil((self._task.n - self._offset) / self._batch)

    @property
    def epoch_position(self) -> float:
        """Return completed epochs and the share of the present one."""
        return self.epoch_count + self._offset / self._task.n

    @property
    def batch_size(self) -> int:
        """Samples a step; may be set while training. More than there are means all of them."""
        return self._batch_size

    @batch_size.setter
    def batch_size(self, value: int) -> None:
        if self.spec is not None:
            self.spec = self.spec.replace(batch_size=value)
            self._batch_size = self.spec.batch_size
        else:
            self._batch_size = checks.whole("batch_size", value, 1, 10**9)
        self._batch = min(self._batch_size, self._task.n)

    @property
    def learning_rate(self) -> float | None:
        """The optimizer's rate, per step; may be set while training.

        None when the optimizer has no ``alpha``, ``lr`` or ``learning_rate``. A lower rate than
        that of a divergence lets training go on from the last good weights.
        """
        return getattr(self.optimizer, self._rate_name) if self._rate_name else None

    @learning_rate.setter
    def learning_rate(self, value: float) -> None:
        if self._rate_name is None:
            raise AttributeError(f"learning_rate: {type(self.optimizer).__name__} has no alpha, lr "
                                 "or learning_rate; give it one of these to change it here")
        if self.spec is not None:
            self.spec = self.spec.replace(learning_rate=value)
            value = self.spec.learning_rate
        elif not isinstance(self.optimizer, Optimizer):
            value = checks.number("learning_rate", value, 0, math.inf)
        self._set_rate(value)
        self._chosen_rate = value
        self.can_go_on()

    def _set_rate(self, value: float | None) -> None:
        if self._rate_name is None or value is None:
            return
        try:
            setattr(self.optimizer, self._rate_name, value)
        except AttributeError:
            raise ValueError(f"learning_rate: {type(self.optimizer).__name__} does not let its "
                             f"{self._rate_name} be changed; set it in your code") from None

    def can_go_on(self) -> bool:
        """Tell whether a step can be taken: not after a divergence, unless the rate is lower now.

        The rate may have been lowered here, or in the learner's own optimizer.
        """
        broken, rate = self.divergence, self.learning_rate
        if broken and None not in (broken.learning_rate, rate) and rate < broken.learning_rate:
            self.divergence = None
        return self.divergence is None

    def step(self, capture: bool = False) -> None:
        """Take one step with one batch; with `capture`, keep its graph in `last_step`.

        Does nothing after a divergence.
        """
        if self.can_go_on():
            with self._task.private(), np.errstate(all="ignore"):
                self._take(capture)

    def run(self, steps: int, seconds: float = math.inf, capture: bool = False) -> int:
        """Take up to `steps` steps, fewer when `seconds` have passed; return how many were taken.

        With `capture` the graph of the last step of a full batch is kept. When time runs out
        before that, up to two more steps are taken, so that one is kept and is the last.
        """
        done = 0
        if not self.can_go_on():
            return done
        deadline = perf_counter() + seconds
        with self._task.private(), np.errstate(all="ignore"):
            while done < steps and self.divergence is None:
                late = done > 0 and perf_counter() >= deadline
                if late and not capture:
                    break
                left = steps - done
                this = capture and (late or left <= 2) and self._is_the_one(left, late, steps == 1)
                self._take(this)
                done += 1
                if late and this:
                    break
        return done

    def epoch(self, capture: bool = False) -> None:
        """Finish the present epoch, or take a whole one."""
        self.run(self.steps_left_in_epoch, capture=capture)

    def train(self, n: int, capture: bool = False) -> None:
        """Take `n` steps and measure the losses; returns when done. `capture` is as in `run`."""
        self.run(checks.whole("n", n, 0, 10**12), capture=capture)
        if self._offset:
            self.measure()

    def measure(self) -> None:
        """Measure train and test loss at the current weights, and put them into the history."""
        self._measure()
        self.history.add(self.epoch_position, self.train_loss, self.test_loss)

    def _measure(self) -> None:
        with self._task.private(), np.errstate(all="ignore"):
            self.train_loss, self.test_loss = self._task.measure()

    def output(self) -> Output:
        """Return what the network says over the domain, at the current weights."""
        with self._task.private(), np.errstate(all="ignore"):
            return self._task.output()

    def frame(self) -> Frame:
        """Return everything the screens show, as plain data."""
        losses = self.history.arrays()
        finding = None
        if self.divergence is None:
            finding = self._diagnosis.follow(losses, self._graphs_to_diagnose)
        return Frame(self.step_count, self.epoch_count, self.train_loss, self.test_loss,
                     self.learning_rate, self.last_step, losses, self.output(), self.divergence,
                     finding)

    def _graphs_to_diagnose(self) -> tuple[Graph, Graph | None]:
        """Return the graph of every training sample's values, and the latest with gradients."""
        record = self.last_step
        gradients = None if record is None else record.graph
        if gradients is not None and (record.samples, record.step) == (
                self._task.n, self.step_count):
            return gradients, gradients
        task = self._task
        with task.private(), task.aside(), np.errstate(all="ignore"):
            x, _ = task.batch(0, task.n)
            prediction = self.model.forward(x)
            values = snapshot(prediction, task.names, task.groups, task.parameters, task.paths)
        return values, gradients

    def _is_the_one(self, left: int, late: bool, only: bool) -> bool:
        """Tell whether the next step is to be captured, with `left` steps left of a run."""
        n, batch, after = self._task.n, self._batch, self._offset + self._batch
        full, next_full = after <= n, after >= n or after + batch <= n
        if left == 1:
            return full or late or only
        return full and (late or not next_full)

    def preview(self) -> StepRecord:
        """Return the graph of the coming batch's forward pass; every gradient in it is missing.

        Takes no step: no random number is used up, and dropout is off. Its step is 0.
        """
        task = self._task
        if self._offset == 0:
            task.shuffle(self._coming_order(deepcopy(self._order)))
        with task.private(), task.aside(), np.errstate(all="ignore"):
            stop = min(self._offset + self._batch, task.n)
            x, y = task.batch(self._offset, stop)
            prediction = self.model.forward(x)
            loss = self.criterion.forward(prediction, y)
            graph = _without_gradients(self._graph(x, y, prediction, loss))
            return StepRecord(0, self.epoch_count, self.learning_rate, graph, task.number(loss),
                              stop - self._offset)

    def _coming_order(self, generator: np.random.Generator) -> np.ndarray | None:
        """Draw an epoch's order; a whole-set batch keeps the rows' own, for the pictures."""
        return generator.permutation(self._task.n) if self._batch < self._task.n else None

    def _graph(self, x: Any, y: Any, prediction: Any, loss: Any) -> Graph:
        task = self._task
        names = {say("name.input"): x, say("name.target"): y,
                 say(task.prediction_name): prediction, say("name.loss"): loss,
                 **task.names}
        groups = {**task.groups, say("name.loss_layer"): [y]}
        return snapshot(loss, names, groups, task.parameters, task.paths)

    def _take(self, capture: bool) -> None:
        task, offset = self._task, self._offset
        n, batch = task.n, self._batch
        if offset == 0:
            task.shuffle(self._coming_order(self._order))
        stop = min(offset + batch, n)
        x, y = task.batch(offset, stop)
        task.before_step(x, y)
        prediction = self.model.forward(x)
        loss = self.criterion.forward(prediction, y)
        value = task.number(loss)
        finite = math.isfinite(value)
        if finite:
            task.backward(loss)
        if capture or not finite:  # a step that fails is one to look at
            graph = self._graph(x, y, prediction, loss)
            self.last_step = StepRecord(self.step_count + 1, self.epoch_count, self.learning_rate,
                                        graph if finite else _without_gradients(graph), value,
                                        stop - offset)
        if finite:
            self.optimizer.step()
        self.step_count += 1
        self.step_loss = value
        self._offset = stop if stop < n else 0
        self.epoch_count += stop == n
        if not finite:
            self._break_down("loss", value)
        elif not task.weights_are_finite():
            self._break_down("weights")
        elif stop == n:
            self._end_epoch()

    def _end_epoch(self) -> None:
        train, test = self._task.measure()
        if not math.isfinite(train) or test is not None and not math.isfinite(test):
            self._break_down("data")
            return
        self.train_loss, self.test_loss = train, test
        self.history.add(self.epoch_count, train, test)
        # Weights on their way to infinity are finite for a while; these are not worth keeping.
        if train <= 2 * self._first_loss:
            self._keep_weights()

    def _keep_weights(self) -> None:
        self._good = [np.array(parameter.data) for parameter in self._task.parameters]
        self._good_step = self.step_count

    def _break_down(self, what: str, value: float | None = None) -> None:
        rate = self.learning_rate
        for parameter, good in zip(self._task.parameters, self._good):
            foreign.put_numbers(parameter, good)
            # Also gradients may be NaN, and 0 · NaN is NaN: zeroing would not get rid of them.
            parameter.grad = None
        self._fresh_optimizer.restore()
        self._set_rate(rate)
        known, lowest = None, 0.0
        if self.spec:
            known, lowest = self.spec.info.suits["learning_rate"], LEARNING_RATE_MIN
        self.divergence = explain(what, self.step_count, rate, self._good_step, known, lowest,
                                  from_start=not math.isfinite(self._first_loss), value=value)
        train, test = self._task.measure()
        self.train_loss, self.test_loss = train, test
        self.history.add(self.epoch_position, train, test)


def _without_gradients(graph: Graph) -> Graph:
    """Leave out what earlier steps have left in the parameters: zeros, or old gradients."""
    return Graph(tuple(replace(node, grad=None) for node in graph.nodes), graph.root)
