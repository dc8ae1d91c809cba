"""The pump between a trainer and the screens.

One asyncio task trains in short slices and now and then asks for one frame. Callbacks of widgets
may arrive on other threads: they store a plain value, or post to the loop that was running when
the widget was built. A screen is asked whether it is ready *before* anything is rendered for it,
so frames are dropped, never queued.
"""

from __future__ import annotations

import asyncio
import contextvars
import weakref
from collections.abc import Callable, Coroutine, Generator
from dataclasses import dataclass
from functools import partial
from time import monotonic, process_time

from gradwidgets.engine.guard import from_loop, interrupts
from gradwidgets.engine.pace import is_slow
from gradwidgets.engine.reading import interrupted
from gradwidgets.views.spoken import SpokenWidget

MOST_FRAMES_IN_FLIGHT = 3
SILENT_AFTER = 2.0  # seconds without an acknowledgement: a closed tab, or no browser at all
LEFT_ALONE_AFTER = 5.0  # seconds
UNHEARD_AFTER = 10.0  # seconds without an answer: what is trained on goes slowly from then on
UNHEARD_SHARE = 0.04  # of the time, then, into training and pictures: with all around it 5 % at most
LOST_AFTER = 300.0  # seconds without an answer: the page has gone without a word
LONGEST_TURN = 1.0  # seconds; when a loop takes longer to turn, nobody could be heard meanwhile
SLICE = 0.030  # seconds of training between two turns of the loop
BREATH = 0.002  # seconds; sleep(0) lets a message wait for several turns
LONG_BREATH = 0.02  # seconds; after a forward pass of a quarter of a second and more
FRAME_INTERVAL = 1 / 20  # seconds
FAST_INTERVAL = 1 / 18  # seconds; at full speed a little less is drawn, and more is trained
LOOK_INTERVAL = 0.25  # seconds from one look to the next at whether a page answers again
TRAINING_SHARE = 0.6  # of the time at full speed, at the least; the rest is for the pictures


class Post:
    """Calls functions on the loop, and in the context, in which it was made, from any thread.

    All that the loop does for a widget goes through here, so that a learner's code in it ends
    neither the loop nor the kernel, and can be interrupted: see `gradwidgets.engine.guard`.
    """

    def __init__(self) -> None:
        try:
            self.loop: asyncio.AbstractEventLoop | None = asyncio.get_running_loop()
        except RuntimeError:  # a plain script
            self.loop = None
        self.context = contextvars.copy_context()

    def __call__(self, function: Callable, *arguments: object) -> None:
        if self.loop is None or self.loop.is_closed():
            function(*arguments)
        else:
            self.loop.call_soon_threadsafe(from_loop, function, *arguments, context=self.context)

    def later(self, seconds: float, function: Callable, *arguments: object) -> asyncio.TimerHandle:
        """Call a function in a while. On the loop's thread only, and where there is a loop."""
        return self.loop.call_later(seconds, from_loop, function, *arguments)

    def task(self, coroutine: Coroutine) -> asyncio.Task:
        """Run a coroutine. On the loop's thread only, and where there is a loop."""
        return self.loop.create_task(_Steps(coroutine), context=self.context)


class _Steps(Coroutine):
    """Runs a coroutine from one `await` to the next, each time as the loop's call."""

    def __init__(self, inner: Coroutine) -> None:
        self._inner = inner

    def send(self, value: object) -> object:
        return self._go_on(self._inner.send, value)

    def throw(self, *error: object) -> object:
        return self._go_on(self._inner.throw, *error)

    def close(self) -> None:
        self._inner.close()

    def __await__(self) -> Generator:
        return self._inner.__await__()

    def _go_on(self, go_on: Callable, *arguments: object) -> object:
        cancelled: list[asyncio.CancelledError] = []

        def until_it_waits() -> object:
            try:
                return go_on(*arguments)
            except asyncio.CancelledError as error:  # the task's own, and meant in earnest
                cancelled.append(error)

        result = from_loop(until_it_waits)
        if cancelled:
            raise cancelled[0]
        return result


class LiveView(SpokenWidget):
    """A picture that acknowledges what it has shown, and is never sent more than it can take."""

    def __init__(self, **traits: object) -> None:
        super().__init__(**traits)
        self.post = Post()
        self.sent = 0
        self.acknowledged = 0
        self.seen = False  # whether any page has asked for this view
        self.asked = 0  # how often pages have asked for all of it
        self.unasked = False  # frames go out all the same: the kernel may be too busy to be asked
        self.heard_at = float("-inf")  # when the page last said anything
        self.acknowledges = True  # False where another view, sent after it, answers for it
        self._left_at = float("inf")  # when a page took the view away, if none came since
        self._expected_at = float("-inf")  # when somebody last asked for something
        self.on_error: Callable[[Exception], None] | None = None
        self.prepared = True  # False while the drawing libraries are still being loaded
        self._sent_at = float("-inf")
        self._turned_at = float("-inf")  # when the loop is known to have turned last
        self._held_up = 0.0  # seconds since a page was heard in which none could be
        self.on_msg(self._receive)

    @property
    def wanted(self) -> bool:
        """Whether there is anybody to draw for, and something to draw with."""
        return (self.seen or self.unasked) and self.prepared

    def ready(self) -> bool:
        """Return whether the browser has kept up, or is not there at all."""
        in_flight = self.sent - self.acknowledged
        return in_flight < MOST_FRAMES_IN_FLIGHT or monotonic() - self._sent_at > SILENT_AFTER

    def left_alone(self) -> bool:
        """Return whether a page took the view away a while ago, and none has answered since.

        A cell that is run again leaves such a view behind. A reloaded or closed browser page does
        not say good-bye.
        """
        return monotonic() - self._left_at > LEFT_ALONE_AFTER

    def silence(self) -> float:
        """Return for how many seconds a page that was there has not answered; 0 if it has.

        The time in which no page could be heard, as far as `turn` knows of it, is not counted.
        """
        if not self.seen or self.sent <= self.acknowledged:
            return 0.0
        return monotonic() - self._heard_or_expected_at() - self._held_up

    def turn(self) -> None:
        """Take note that the loop has turned: what a page has said meanwhile is heard by now.

        A cell that runs for minutes holds the loop up, and that is nobody's silence.
        """
        now, since = monotonic(), self._heard_or_expected_at()
        if since >= self._turned_at:
            self._turned_at, self._held_up = since, 0.0
        self._held_up += max(0.0, now - self._turned_at - LONGEST_TURN)
        self._turned_at = now

    def _heard_or_expected_at(self) -> float:
        return max(self.heard_at, self._expected_at)

    def lost(self) -> bool:
        """Return whether a page that was there has answered nothing for minutes.

        A closed tab says nothing. A server that ends the kernels of its visitors waits for them to
        do nothing, and a training that nobody sees would keep one for ever.
        """
        return self.silence() > LOST_AFTER

    def expect_somebody(self) -> None:
        """Forget that a page has left: somebody has just asked for something."""
        self._left_at = float("inf")
        self._expected_at = monotonic()

    def let_go(self) -> None:
        """Drop what is only needed while a page shows it; a page that comes asks for all of it."""
        self.seen = False
        self.acknowledged = self.sent

    def push(self, content: dict, buffers: list[bytes] | None = None) -> None:
        """Send one frame to every page that shows this view.

        Each answer makes the kernel busy and idle again, which all of JupyterLab takes note of: of
        views that are always sent a frame together, only the last one answers.
        """
        self.sent += 1
        self._sent_at = monotonic()
        if not self.acknowledges:
            self.acknowledged = self.sent
        self.send({**content, "n": self.sent, "ack": self.acknowledges}, buffers)

    def push_last(self) -> None:
        """Send the whole present picture again; a view that just appeared has asked for it."""
        raise NotImplementedError

    def redraw(self) -> None:
        """Do `push_last` for a page that asked; what fails then is told to `on_error`."""
        try:
            self.push_last()
        except Exception as error:  # whatever a learner's numbers make of a picture
            if self.on_error is None:
                raise
            self.on_error(error)

    def _receive(self, _widget: object, content: dict, _buffers: object) -> None:
        # Any thread: plain stores and posts only.
        self.heard_at = monotonic()
        if "bye" in content:
            self._left_at = monotonic()
        if "ack" in content:
            self.acknowledged = max(self.acknowledged, int(content["ack"]))
            self.expect_somebody()
        if "page" in content:
            self.on_page(content["page"])
        if "hello" in content:
            self.acknowledged = self.sent
            self.expect_somebody()
            self.seen = True
            self.asked += 1
            self.post(self.redraw)

    def on_page(self, page: dict) -> None:
        """Take note of the size and theme that the page reports (any thread)."""


@dataclass(frozen=True)
class Speed:
    """How much is trained between two frames: whole epochs, single steps, or whatever fits."""

    unit: str  # "step", "epoch" or "time"
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
    reason : str
        Why it paused by itself: "interrupted", "unwatched", or empty.
    """

    def __init__(
        self,
        trainer: object,
        show: Callable[[object], None],
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
        self._task: asyncio.Task | None = None
        self.reason = ""
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
            while self.playing and self.trainer.divergence is None:
                started = monotonic()
                if self._unheard():
                    await self._one_frame_at_rest(SPEEDS[self.speed])
                elif is_slow(self.trainer):
                    await self._one_slow_frame()
                else:
                    await self._one_frame(SPEEDS[self.speed])
                await asyncio.sleep(BREATH)
                if self.trainer.divergence is not None:
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

    def _show_slow(self, trainer: object) -> None:
        """Show where it stands; the losses that are still to be measured follow."""
        if trainer is not self.trainer:
            return
        self.show(trainer.frame())
        if trainer.owes:
            self._later = partial(self._settle, trainer)

    def _settle(self, trainer: object) -> None:
        if trainer is self.trainer:
            trainer.settle()
            self.show(trainer.frame())

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
