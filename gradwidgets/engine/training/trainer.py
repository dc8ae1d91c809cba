"""The training loop: steps, epochs, losses, reset, and what happens when it breaks down."""
from __future__ import annotations

import math
from copy import deepcopy
from time import perf_counter

import numpy as np

from gradwidgets.core.answers import AnswersKeywords, AnswersNames, answers_keywords
from gradwidgets.core.optim import Optimizer
from gradwidgets.core.types import Foreign
from gradwidgets.engine.experiment import checks
from gradwidgets.engine.experiment.spec import LEARNING_RATE_MIN, Spec
from gradwidgets.engine.frame import Frame, StepRecord
from gradwidgets.engine.graph.snapshot import Graph
from gradwidgets.engine.learner.guard import guarded
from gradwidgets.engine.learner.textbook import Criterion, Model, OptimizerLike, TensorLike
from gradwidgets.engine.training.fallback import Fallback, Pair
from gradwidgets.engine.training.foreign_task import ForeignTask
from gradwidgets.engine.training.history import History
from gradwidgets.engine.training.looking import (
    Task,
    graph_ahead,
    graph_of,
    graph_of_values,
    origin_in_sets,
    without_gradients,
)
from gradwidgets.engine.training.output import Output
from gradwidgets.engine.training.pace import Pace
from gradwidgets.engine.training.rate import Rate
from gradwidgets.engine.training.saved_state import Memento
from gradwidgets.engine.training.task import OwnTask
from gradwidgets.engine.tutor.diverged import Broken, Divergence, explain
from gradwidgets.engine.tutor.not_learning import Diagnosis, Finding
from gradwidgets.engine.tutor.origin import Origin, find_origin, find_slope
from gradwidgets.texts import text


class Trainer(AnswersNames, AnswersKeywords):
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
        Set when numbers are no longer finite; the last good weights are back by then. Where the
        steps were too large, training rests until `reset`, `try_again`, or a lower learning rate.
        Anything else may have been mended meanwhile: the next step tries.
    pace : Pace
        How long the learner's own code takes; that of a spec is quick.
    owes : bool
        Whether the losses of the epoch that has ended are still to be measured: see `settle`.
    """

    def __init__(self, spec: Spec | None = None, *more: Foreign) -> None:
        spec = Spec() if spec is None else spec
        if more or not isinstance(spec, Spec):
            raise _no_spec(spec)
        self._start(OwnTask(spec), spec, spec.batch_size)

    @classmethod
    @guarded
    @answers_keywords("Trainer.of")
    def of(cls, model: Foreign, criterion: Foreign, optimizer: Foreign, data: Foreign,
           target: Foreign) -> Trainer:
        """Train objects of any class that have the textbook's methods.

        Needed are ``model.forward(data)``, ``criterion.forward(prediction, target)``,
        ``loss.backward(gradient)`` and ``optimizer.step()``. Arrays are wrapped in the class of
        the model's parameters. All data are one batch until `batch_size` is set.
        """
        trainer = cls.__new__(cls)
        task = ForeignTask(model, criterion, optimizer, data, target)
        trainer._start(task, None, task.n)
        return trainer

    def _start(self, task: Task, spec: Spec | None, batch_size: int) -> None:
        self.spec = spec
        self._task = task
        self.model: Model = task.model
        self.criterion: Criterion = task.criterion
        self.optimizer: OptimizerLike = task.optimizer
        self.dataset = task.dataset
        self._rate = Rate(task.optimizer)
        self._batch_size, self._batch = batch_size, min(batch_size, task.n)
        trained = [self.model, self.criterion, self.optimizer, *task.parameters]
        self._first = Memento(trained)
        self._fallback = Fallback(self.model, self.criterion, self.optimizer, task.parameters)
        self.history = History()
        self.pace = Pace()
        self._begin()

    def _begin(self) -> None:
        self._order = np.random.default_rng(self.spec.batch_seed if self.spec else 0)
        self._offset = 0
        self.step_count = self.epoch_count = 0
        self.step_loss: float | None = None
        self.last_step: StepRecord | None = None
        self.divergence: Divergence | None = None
        self._diagnosis = Diagnosis()
        self._finding: Finding | None = None
        self.owes = False
        self.history.clear()
        # As long as they cannot be measured.
        self.train_loss: float | None = None
        self.test_loss: float | None = None
        self._fallback.keep(0, (math.inf, None))
        self._fallback.begin(self._measure_now())

    @guarded
    def reset(self) -> None:
        """Go back to the first weights, in the same tensors; the same losses come again.

        Weights, gradients, the optimizer's state, the order of the batches and the dropout stream
        are as they were; history, counts and divergence are cleared. A learning rate and batch
        size that were set here stay.
        """
        self._first.restore()
        self._rate.set(self._rate.chosen)
        self._task.forget()
        self._begin()

    def memento(self) -> Memento:
        """Remember where the run stands, with all that it depends on; `restore` brings it back.

        Unlike after `reset`, everything is as it was: history, counts and divergence too.
        """
        task = self._task
        trained = [self.model, self.criterion, self.optimizer, *task.parameters]
        # These are replaced in a run, never changed; what is held in them would be large.
        replaced = [self.last_step, self._first, self._fallback.optimizer, *vars(task).values()]
        entered = {id(one) for one in trained}
        return Memento([self, task, *trained], [one for one in replaced if id(one) not in entered])

    @property
    def parameters(self) -> list[TensorLike]:
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
        return self._rate.value

    @learning_rate.setter
    def learning_rate(self, value: float) -> None:
        self._rate.require()
        if self.spec is not None:
            self.spec = self.spec.replace(learning_rate=value)
            value = self.spec.learning_rate
        elif not isinstance(self.optimizer, Optimizer):
            value = checks.number("learning_rate", value, 0, math.inf)
        self._rate.choose(value)
        self.can_go_on()

    def can_go_on(self) -> bool:
        """Tell whether a step can be taken: not after steps that were too large, at the same rate.

        The rate may have been lowered here, or in the learner's own optimizer. Whatever else made
        numbers that are not finite may have been mended; only a step can tell.
        """
        broken, rate = self.divergence, self.learning_rate
        self._fallback.at_rate(rate)
        if broken is None:
            return True
        if not broken.by_rate or broken.learning_rate is None or rate is None or (
                rate < broken.learning_rate):
            self._go_on()
        return self.divergence is None

    def _go_on(self) -> None:
        self.divergence = None
        if self._fallback.left_behind() and self._task.weights_are_finite():
            self._fallback.keep(self.step_count, self._measure())

    @guarded
    def try_again(self) -> bool:
        """Go on because somebody asks for it; return whether that makes sense.

        A learner's own objects may have been mended in any way, so it does with them. A spec would
        only diverge again at the same rate.
        """
        if self.spec is None and self.divergence is not None:
            self._go_on()
        return self.can_go_on()

    @guarded
    def step(self, capture: bool = False, settle: bool = True) -> None:
        """Take one step with one batch; with `capture`, keep its graph in `last_step`.

        Without `settle`, what is slow and due at the end of an epoch is put off.

        Does nothing where it `can_go_on` no more.
        """
        self.run(1, capture=capture, seconds=math.inf if settle else 0.0)

    @guarded
    def run(self, steps: int, seconds: float = math.inf, capture: bool = False) -> int:
        """Take up to `steps` steps, fewer when `seconds` have passed; return how many were taken.

        With `capture` the graph of the last step of a full batch is kept. When time runs out
        before that, up to two more steps are taken, so that one is kept and is the last. Where
        steps are slow and time is short it is one step, or the losses of an epoch that has ended,
        and none.
        """
        done = 0
        if not self.can_go_on():
            return done
        if self.pace.slow and seconds < math.inf:
            if self.owes:
                self.settle()
                return done
            steps = min(steps, 1)
        deadline = perf_counter() + seconds
        with self._task.private(), np.errstate(all="ignore"):
            while done < steps and self.divergence is None:
                if self.owes:
                    self.owes = False
                    self._end_epoch()
                    continue
                late = done > 0 and perf_counter() >= deadline
                if late and not capture:
                    break
                left = steps - done
                this = capture and (late or left <= 2) and self._is_the_one(left, late, steps == 1)
                self._take(this)
                done += 1
                if late and this:
                    break
        if seconds == math.inf:
            self.settle()
        return done

    def epoch(self, capture: bool = False) -> None:
        """Finish the present epoch, or take a whole one."""
        self.run(self.steps_left_in_epoch, capture=capture)

    def train(self, n: int, capture: bool = False) -> None:
        """Take `n` steps and measure the losses; returns when done. `capture` is as in `run`."""
        self.run(checks.whole("n", n, 0, 10**12), capture=capture)
        if self._offset:
            self.measure()

    @guarded
    def measure(self) -> None:
        """Measure train and test loss at the current weights, and put them into the history."""
        if self.owes:
            self.settle()
        else:
            self._measure_now()

    def _measure_now(self) -> Pair:
        losses = self._measure()
        self.history.add(self.epoch_position, *losses)
        return losses

    @guarded
    def settle(self) -> None:
        """Measure the losses of an epoch that has ended, if this was put off for being slow."""
        if self.owes:
            self.owes = False
            with self._task.private(), np.errstate(all="ignore"):
                self._end_epoch()

    def _measure(self) -> Pair:
        with self._task.private(), np.errstate(all="ignore"):
            losses = self._losses()
        self.train_loss, self.test_loss = losses
        return losses

    def _losses(self) -> Pair:
        if not self._task.of_others:
            return self._task.measure()
        with self.pace.measure():
            return self._task.measure()

    @guarded
    def why_not_finite(self) -> str:
        """Say why the measured loss is not finite; empty when it is, or has grown step by step."""
        if self.train_loss is None or math.isfinite(self.train_loss):
            return ""
        with self._task.private(), np.errstate(all="ignore"):
            origin = origin_in_sets(self._task)
        if origin is None or origin.by_size and self.step_count:
            return ""
        return " ".join([text("diverged.now", value=self.train_loss), origin.cause, origin.advice])

    @guarded
    def output(self) -> Output:
        """Return what the network says over the domain, at the current weights."""
        with self._task.private(), np.errstate(all="ignore"):
            return self._task.output()

    @guarded
    def late_output(self) -> Output | None:
        """Return what a slow model says over the domain, or why it is not asked; None: ask again.

        At most one forward pass is made for each call.
        """
        with self._task.private(), np.errstate(all="ignore"):
            return self._task.late_output(self.pace.seconds or 0.0)

    @guarded
    def frame(self) -> Frame:
        """Return everything the screens show, as plain data.

        Where a forward pass is slow, none is made for it: no picture of the output, which
        `late_output` gives, and the latest finding.
        """
        losses = self.history.arrays()
        slow = self.pace.slow
        if not slow:
            self._finding = None if self.divergence else self._diagnosis.follow(
                losses, self._graphs_to_diagnose)
        output = self._no_output_yet() if slow else self.output()
        return Frame(self.step_count, self.epoch_count, self.train_loss, self.test_loss,
                     self.learning_rate, self.last_step, losses, output, self.divergence,
                     None if self.divergence else self._finding,
                     self.pace.seconds if slow else None)

    def _no_output_yet(self) -> Output:
        late = "no_picture.slow" if self._task.too_slow else "no_picture.later"
        return Output("none", reason=text(late))

    def standing(self) -> Frame:
        """Return what can be shown without running the model: after its code has failed."""
        output = Output("none", reason=text("no_picture.stopped"))
        return Frame(self.step_count, self.epoch_count, self.train_loss, self.test_loss,
                     None, self.last_step, self.history.arrays(), output, self.divergence)

    def _graphs_to_diagnose(self) -> tuple[Graph, Graph | None]:
        """Return the graph of every training sample's values, and the latest with gradients."""
        record = self.last_step
        if record is None:
            return graph_of_values(self._task), None
        if (record.samples, record.step) == (self._task.n, self.step_count):
            return record.graph, record.graph
        return graph_of_values(self._task), record.graph

    def _is_the_one(self, left: int, late: bool, only: bool) -> bool:
        """Tell whether the next step is to be captured, with `left` steps left of a run."""
        n, batch, after = self._task.n, self._batch, self._offset + self._batch
        full, next_full = after <= n, after >= n or after + batch <= n
        if left == 1:
            return full or late or only
        return full and (late or not next_full)

    @guarded
    def preview(self) -> StepRecord:
        """Return the graph of the coming batch's forward pass; every gradient in it is missing.

        Takes no step: no random number is used up, and dropout is off. Its step is 0.
        """
        task = self._task
        if self._offset == 0:
            task.shuffle(self._coming_order(deepcopy(self._order)))
        stop = min(self._offset + self._batch, task.n)
        graph, loss = graph_ahead(task, self._offset, stop)
        return StepRecord(0, self.epoch_count, self.learning_rate, graph, loss,
                          stop - self._offset)

    def _coming_order(self, generator: np.random.Generator) -> np.ndarray | None:
        """Draw an epoch's order; a whole-set batch keeps the rows' own, for the pictures."""
        return generator.permutation(self._task.n) if self._batch < self._task.n else None

    def _take(self, capture: bool) -> None:
        if not self._task.of_others:
            self._take_step(capture)
        else:
            with self.pace.step():
                self._take_step(capture)
        if self._offset == 0 and self.divergence is None:
            self.owes = self.pace.slow
            if not self.owes:
                self._end_epoch()

    def _take_step(self, capture: bool) -> None:
        """Take a step, or none at all: whatever fails in the middle of it is undone."""
        task, offset = self._task, self._offset
        n, batch = task.n, self._batch
        record, order = self.last_step, None
        if offset == 0:
            if batch < n:
                order = self._order.bit_generator.state
            task.shuffle(self._coming_order(self._order))
        stop = min(offset + batch, n)
        undo = slope = None
        try:
            x, y = task.batch(offset, stop)
            task.before_step(x, y)
            prediction = self.model.forward(x)
            loss = self.criterion.forward(prediction, y)
            value = task.number(loss)
            finite = math.isfinite(value)
            if finite:
                undo = task.forget_gradients
                task.backward(loss)
                if not task.gradients_are_finite():
                    # The optimizer may know what to do with it; where it does not, this is the
                    # graph.
                    slope = find_slope(graph_of(task, x, y, prediction, loss))
            if capture or not finite:  # a step that fails is one to look at
                graph = graph_of(task, x, y, prediction, loss)
                self.last_step = StepRecord(
                    self.step_count + 1, self.epoch_count, self.learning_rate,
                    graph if finite else without_gradients(graph), value, stop - offset)
            if finite:
                undo = task.before_update()
                self.optimizer.step()
        except BaseException:
            self.last_step = record
            if order is not None:
                self._order.bit_generator.state = order
            if undo is not None:
                undo()
            raise
        self.step_count += 1
        self.step_loss = value
        self._offset = stop if stop < n else 0
        self.epoch_count += stop == n
        if not finite:
            self._break_down("loss", value, find_origin(graph))
        elif not task.weights_are_finite():
            self._break_down("weights" if slope is None else "gradient", origin=slope)
        else:
            self._fallback.lately.append(value)

    def _end_epoch(self) -> None:
        train, test = self._losses()
        if not math.isfinite(train) or test is not None and not math.isfinite(test):
            self._break_down("data", origin=origin_in_sets(self._task))
            return
        self.train_loss, self.test_loss = train, test
        self.history.add(self.epoch_count, train, test)
        self._fallback.keep_if_good(self.step_count, (train, test))

    def _break_down(self, what: Broken, value: float | None = None,
                    origin: Origin | None = None) -> None:
        rate, fallback = self.learning_rate, self._fallback
        known, lowest = None, 0.0
        if self.spec:
            known, lowest = self.spec.info.suits["learning_rate"], LEARNING_RATE_MIN
        self.divergence = explain(what, self.step_count, rate, fallback.step, known, lowest,
                                  fallback.from_start, value, origin, list(fallback.lately),
                                  fallback.growth())
        fallback.put_back()
        self._rate.set(rate)
        self.train_loss, self.test_loss = fallback.losses
        self.history.add(self.epoch_position, *fallback.losses)


def _no_spec(given: Foreign) -> TypeError:
    wanted = f"a Spec, such as Spec(data={given!r})" if isinstance(given, str) else "a Spec"
    return TypeError(f"Trainer: received a {type(given).__name__}; expected {wanted}. For your own "
                     "objects use Trainer.of(model, criterion, optimizer, data, target)")
