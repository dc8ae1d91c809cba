"""The pump between a trainer and the screens.

One asyncio task trains in short slices and now and then asks for one frame. A screen is asked
whether it is ready *before* anything is rendered for it, so frames are dropped, never queued.
"""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from time import monotonic, process_time
from typing import Literal

from gradwidgets.engine.frame import Frame
from gradwidgets.engine.learner.careful import interrupted
from gradwidgets.engine.learner.guard import interrupts
from gradwidgets.engine.training.pace import is_slow
from gradwidgets.engine.training.trainer import Trainer
from gradwidgets.views.kit.live import Post

UNHEARD_AFTER = 10.0  # seconds without an answer: what is trained on goes slowly from then on
UNHEARD_SHARE = 0.04  # of the time, then, into training and pictures: with all around it 5 % at most
SLICE = 0.030  # seconds of training between two turns of the loop
BREATH = 0.002  # seconds; sleep(0) lets a message wait for several turns
LONG_BREATH = 0.02  # seconds; after a forward pass of a quarter of a second and more
FRAME_INTERVAL = 1 / 20  # seconds
FAST_INTERVAL = 1 / 18  # seconds; at full speed a little less is drawn, and more is trained
LOOK_INTERVAL = 0.25  # seconds from one look to the next at whether a page answers again
TRAINING_SHARE = 0.6  # of the time at full speed, at the least; the rest is for the pictures


@dataclass(frozen=True)
class Speed:
    """How much is trained between two frames: whole epochs, single steps, or whatever fits."""

    unit: Literal["step", "epoch", "time"]
    per_second: float


SPEEDS: dict[str, Speed] = {
    "slow": Speed("step", 1),
    "walk": Speed("step", 5),
    "epoch": Speed("epoch", 1 / FRAME_INTERVAL),
    "fast": Speed("time", 1 / FAST_INTERVAL),
}
DEFAULT_SPEED = "epoch"


class Pump:
    """Trains in slices on the notebook's own loop and hands out one frame at a time.

    Parameters
    ----------
    trainer : Trainer
        What is trained. May be replaced while paused or running.
    show : callable taking a Frame
        Draws a frame on every screen.
    ready : callable returning bool
        Says whether the screens have kept up.
    changed : callable
        Called when playing starts or ends; receives an error (or None).
    watched : callable returning bool, optional
        Says whether anybody may be looking; training pauses when nobody is.
    silence : callable returning float, optional
        Says for how many seconds a page has not answered that once did; training goes slowly then.

    Attributes
    ----------
    playing : bool
    reason : {"", "interrupted", "unwatched"}
        Why it paused by itself, if it did.
    """

    def __init__(
        self,
        trainer: Trainer,
        show: Callable[[Frame], None],
        ready: Callable[[], bool],
        changed: Callable[[BaseException | None], None],
        watched: Callable[[], bool] = lambda: True,
        silence: Callable[[], float] = lambda: 0.0,
    ) -> None:
        self.trainer = trainer
        self.show = show
        self.ready = ready
        self.changed = changed
        self.watched = watched
        self.silence = silence
        self.post = Post()
        self.speed = DEFAULT_SPEED
        self.playing = False
        self._task: asyncio.Task[None] | None = None
        self.reason: Literal["", "interrupted", "unwatched"] = ""
        self._last_frame = True
        self._wake = asyncio.Event()
        self._frame_cost = 0.0
        self._asked_to_play = False  # also when Pause came before the task could begin
        self._asked_for_a_step = False  # of a model so slow that a task takes it
        self._later: Callable[[], None] | None = None

    @property
    def can_play(self) -> bool:
        """Whether there is a loop to play on."""
        return self.post.loop is not None and not self.post.loop.is_closed()

    def play(self) -> None:
        """Start training; does nothing when it runs already. On the loop's thread only."""
        if self.playing or not self.can_play:
            return
        self.playing = self._asked_to_play = True
        self.reason = ""
        self._last_frame = True
        self._wake.clear()
        self.changed(None)
        self._start()
        _playing.add(self)

    def pause(self, last_frame: bool = True) -> None:
        """Stop after the present slice; one last frame shows the step it stopped at."""
        self.playing = False
        self._last_frame = last_frame
        self._wake.set()

    def set_speed(self, name: str) -> None:
        """Choose one of SPEEDS, also while playing."""
        if name not in SPEEDS:
            raise ValueError(f"speed is {name!r}; expected one of {', '.join(SPEEDS)}")
        self.speed = name
        self._wake.set()

    def step(self) -> None:
        """Take one step and show it; while playing, pause first."""
        if self.playing:
            self.pause()
        elif is_slow(self.trainer) and self.can_play:
            self._asked_for_a_step = True
            self._start()
        else:
            self._guarded(self._one_step)

    def look_later(self, function: Callable[[], None]) -> None:
        """Call `function` when others have been let in, unless training has gone on by then."""
        self._later = function
        self._start()

    def _start(self) -> None:
        """See to it that there is a task that does what is asked for."""
        if self._task is None or self._task.done():
            self._task = self.post.task(self._run())

    def _one_step(self) -> None:
        self.trainer.step(capture=True)
        self.trainer.measure()
        self.show(self.trainer.frame())

    def _guarded(self, function: Callable[[], None]) -> None:
        try:
            function()
        except Exception as error:  # the learner's own code may raise anything
            self.show_where_it_stands(error)
            self.changed(error)

    def show_where_it_stands(self, error: BaseException) -> None:
        """Show the last whole step after an error; code that was interrupted is not run again."""
        trainer, frame = self.trainer, None
        try:
            if trainer.spec is not None or not interrupted(error):
                try:
                    trainer.measure()
                    frame = trainer.frame()
                except Exception:  # it fails here, too
                    frame = None
            self.show(trainer.standing() if frame is None else frame)
        except Exception:  # what is to be told is the first error
            pass

    def _diverged(self) -> bool:
        """Tell whether training rests until something is changed."""
        return self.trainer.divergence is not None

    async def _run(self) -> None:
        """Play, and do piece by piece what takes long; until nothing is asked for any more."""
        while True:
            if self._asked_to_play:
                await self._play_on()
            elif self._asked_for_a_step:
                self._asked_for_a_step = self.trainer.owes
                self._later = None
                self._guarded(self.trainer.settle if self.trainer.owes else self._slow_step)
                await asyncio.sleep(LONG_BREATH)
            elif self._later is not None:
                later, self._later = self._later, None
                await asyncio.sleep(LONG_BREATH)
                if not self.playing and not self._asked_for_a_step:
                    self._guarded(later)
            else:
                return

    async def _play_on(self) -> None:
        error: BaseException | None = None
        try:
            while self.playing and not self._diverged():
                started = monotonic()
                if self._unheard():
                    await self._one_frame_at_rest(SPEEDS[self.speed])
                elif is_slow(self.trainer):
                    await self._one_slow_frame()
                else:
                    await self._one_frame(SPEEDS[self.speed])
                await asyncio.sleep(BREATH)
                if self._diverged():
                    break
                if not self.watched():
                    self.reason = "unwatched"
                    break
                await self._wait_until(started + 1 / SPEEDS[self.speed].per_second)
            if self._last_frame:
                self._finish()
        except Exception as raised:
            # A task's unhandled exception would be silent: it goes to the page instead.
            error = raised
        finally:
            self.playing = self._asked_to_play = False
            _playing.discard(self)
            if error is not None:
                self.show_where_it_stands(error)
            self.changed(error)

    async def _one_frame(self, speed: Speed) -> None:
        trainer = self.trainer
        wanted = self.ready()
        if speed.unit == "time":
            await self._train_until(monotonic() + self._training_time(speed), wanted)
        elif speed.unit == "step":
            trainer.run(1, capture=True)
            trainer.measure()
        else:
            epoch, step = trainer.epoch_count, trainer.step_count
            while trainer.run(trainer.steps_left_in_epoch, SLICE, capture=wanted):
                if trainer.epoch_count != epoch or trainer.step_count < step:  # or was reset
                    break
                await asyncio.sleep(BREATH)
                if not self.playing or trainer is not self.trainer or self._unheard():
                    break
        # a divergence is told by the last frame
        if wanted and trainer is self.trainer and self.playing and trainer.divergence is None:
            started = monotonic()
            self.show(trainer.frame())
            self._frame_cost = monotonic() - started

    async def _one_slow_frame(self) -> None:
        """Take a step, measure what is due after it, and show it: one forward pass at a time."""
        trainer = self.trainer
        trainer.run(1, 0.0, capture=True)
        await asyncio.sleep(LONG_BREATH)
        if trainer.owes and self.playing and trainer is self.trainer:
            trainer.settle()
            await asyncio.sleep(LONG_BREATH)
        if trainer is self.trainer and self.playing and trainer.divergence is None and self.ready():
            self.show(trainer.frame())

    def _slow_step(self) -> None:
        self.trainer.step(capture=True, settle=False)
        self._show_slow(self.trainer)

    def _show_slow(self, trainer: Trainer) -> None:
        """Show where it stands; the losses that are still to be measured follow."""
        if trainer is not self.trainer:
            return
        frame = trainer.frame()
        self.show(frame)
        if trainer.owes:
            self._later = partial(self._settle, trainer)
        else:
            self.draw_output_later(frame)

    def _settle(self, trainer: Trainer) -> None:
        if trainer is self.trainer:
            trainer.settle()
            frame = trainer.frame()
            self.show(frame)
            self.draw_output_later(frame)

    def draw_output_later(self, frame: Frame) -> None:
        """Show a slow model's frame with its output once others were let in, if it can be had."""
        self.look_later(partial(self._draw_output, self.trainer, frame))

    def _draw_output(self, trainer: Trainer, frame: Frame) -> None:
        if trainer is not self.trainer or not is_slow(trainer) or trainer.divergence is not None:
            return
        output = trainer.late_output()
        if output is None:
            self.draw_output_later(frame)
        else:
            self.show(replace(frame, output=output))

    def _unheard(self) -> bool:
        """Whether a page that was there has not answered for a while: a closed tab, perhaps."""
        return self.silence() > UNHEARD_AFTER

    async def _one_frame_at_rest(self, speed: Speed) -> None:
        """Train for one slice and rest for many, until a page answers again."""
        trainer, started, used = self.trainer, monotonic(), process_time()
        steps = {"step": 1, "epoch": trainer.steps_left_in_epoch}.get(speed.unit, 1_000_000)
        wanted = self.ready()
        trainer.run(steps, SLICE, capture=wanted)
        if wanted and trainer.divergence is None:
            if speed.unit == "step" and not is_slow(trainer):
                trainer.measure()
            self.show(trainer.frame())
        busy = max(monotonic() - started, process_time() - used)
        end = monotonic() + busy * (1 - UNHEARD_SHARE) / UNHEARD_SHARE
        while self.playing and monotonic() < end and self._unheard() and self.watched():
            await self._wait_until(min(end, monotonic() + LOOK_INTERVAL))

    def _training_time(self, speed: Speed) -> float:
        """Return for how long to train before the next frame, in seconds."""
        cost = self._frame_cost
        return max(1 / speed.per_second - cost, cost * TRAINING_SHARE / (1 - TRAINING_SHARE))

    async def _train_until(self, end: float, wanted: bool) -> None:
        """Train in slices until the moment `end`; the last one is captured when it is `wanted`."""
        trainer = self.trainer
        while self.playing and trainer is self.trainer and trainer.divergence is None:
            remaining = end - monotonic()
            last = remaining < 1.5 * SLICE
            trainer.run(1_000_000, max(remaining, 0.0) if last else SLICE, capture=last and wanted)
            if last:
                return
            await asyncio.sleep(BREATH)

    async def _wait_until(self, moment: float) -> None:
        remaining = moment - monotonic()
        if remaining > 0 and self.playing:
            self._wake.clear()
            try:
                await asyncio.wait_for(self._wake.wait(), remaining)
            except TimeoutError:
                pass

    def _finish(self) -> None:
        """Show exactly the step at which it stopped: its graph, its losses, its picture."""
        trainer = self.trainer
        if is_slow(trainer) and trainer.divergence is None:
            self._later = partial(self._show_slow, trainer)  # Pause is answered before
            return
        record = trainer.last_step
        if trainer.divergence is None and (record is None or record.step != trainer.step_count):
            # no time at all: it ends with the first full batch, captured, after a step or two
            trainer.run(3, 0.0, capture=True)
        if trainer.divergence is None:
            trainer.measure()
        self.show(trainer.frame())


_playing: weakref.WeakSet[Pump] = weakref.WeakSet()


def _pause_all() -> None:
    """Pause what trains, when the kernel is interrupted and no cell runs."""
    for pump in list(_playing):
        pump.reason = "interrupted"
        pump.post(pump.pause)  # posted: a plain store would not wake the sleeping loop


interrupts.listeners.append(_pause_all)
