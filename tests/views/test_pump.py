"""The pump trains on the notebook's own loop: it pauses at once, and shows where it stopped."""

from __future__ import annotations

import asyncio
import contextvars
import math
import signal
import threading
from collections.abc import Callable
from time import monotonic, process_time
from types import SimpleNamespace

import pytest

from gradwidgets.engine.experiment.spec import Spec
from gradwidgets.engine.training.trainer import Trainer
from gradwidgets.views.kit.pump import SPEEDS, UNHEARD_AFTER, Pump, Speed
from tests.views.support import on_a_loop, until

PARTIAL = Spec(batch_size=16)  # of 250 samples: the last batch of an epoch has ten
SLICE_STEPS = 30  # of 2 ms each, more than fit between two turns of the loop, and far from an epoch
AN_HOUR = 3600.0  # seconds: a test that waited for the next slow step would not end
DIVERGING = Spec.suited("sine", layers=((8, "ReLU"),), learning_rate=10)


class FakeTrainer:
    """Takes `seconds` for a step, and does what `at` says at certain steps."""

    steps_per_epoch = 10

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds = seconds
        self.step_count = 0
        self.divergence = self.last_step = None
        self.at: dict[int, Callable[[], None]] = {}
        self.measured_at: list[int] = []

    @property
    def epoch_count(self) -> int:
        return self.step_count // self.steps_per_epoch

    @property
    def steps_left_in_epoch(self) -> int:
        return self.steps_per_epoch - self.step_count % self.steps_per_epoch

    def step(self, capture: bool = False) -> None:
        self.run(1, capture=capture)

    def run(self, steps: int, seconds: float = math.inf, capture: bool = False) -> int:
        end, done = monotonic() + seconds, 0
        while done < steps and (done == 0 or monotonic() < end):
            self.step_count += 1
            done += 1
            wait = monotonic() + self.seconds
            while monotonic() < wait:
                pass
            if self.step_count in self.at:
                self.at.pop(self.step_count)()
        if capture:
            self.last_step = SimpleNamespace(step=self.step_count)
        return done

    def measure(self) -> None:
        self.measured_at.append(self.step_count)

    def frame(self) -> object:
        return SimpleNamespace(step=self.step_count, record=self.last_step, by=self,
                               divergence=self.divergence)  # fmt: skip


class Watched:
    """A pump, and everything that it hands out."""

    def __init__(self, trainer: object) -> None:
        self.frames: list[object] = []
        self.changes: list[tuple[bool, BaseException | None]] = []
        self.is_ready = True
        self.pump = Pump(trainer, self.frames.append, lambda: self.is_ready, self._changed)

    def _changed(self, error: BaseException | None) -> None:
        self.changes.append((self.pump.playing, error))

    async def stopped(self) -> None:
        """Wait until the pump has said that it plays no more."""
        await until(lambda: self.changes and not self.changes[-1][0])


def test_play_and_pause_are_told():
    async def body() -> None:
        watched = Watched(Trainer(Spec()))
        assert not watched.pump.playing
        watched.pump.play()
        assert watched.changes == [(True, None)]
        watched.pump.play()  # does nothing: it plays already
        await until(lambda: len(watched.frames) >= 3)
        watched.pump.pause()
        await watched.stopped()
        assert watched.changes == [(True, None), (False, None)]

    on_a_loop(body)


@pytest.mark.parametrize("spec", [Spec(), PARTIAL], ids=["full batches", "a partial last batch"])
@pytest.mark.parametrize("speed", SPEEDS)
def test_the_last_frame_is_the_step_at_which_it_stopped(speed, spec):
    async def body() -> None:
        trainer = Trainer(spec)
        watched = Watched(trainer)
        watched.pump.set_speed(speed)
        watched.pump.play()
        await until(lambda: watched.frames)
        watched.pump.pause()
        await watched.stopped()
        count, step = len(watched.frames), trainer.step_count
        last = watched.frames[-1]
        assert last.step == last.record.step == step > 0
        assert last.record.samples == spec.batch_size
        assert last.train_loss == trainer.train_loss == last.history.train[-1]
        assert last.history.epoch[-1] == pytest.approx(trainer.epoch_position)
        await asyncio.sleep(0.03)
        assert (len(watched.frames), trainer.step_count) == (count, step)

    on_a_loop(body)


@pytest.mark.parametrize("after", [1, 4, 15, 16, 17, 31])
def test_a_pause_in_the_middle_of_an_epoch_shows_a_full_batch(after):
    """The captured step is the paused one, wherever in the epoch the pause comes."""

    async def body() -> None:
        trainer = Trainer(PARTIAL)
        trainer.train(after)
        watched = Watched(trainer)
        watched.pump.play()
        watched.pump.pause()
        await watched.stopped()
        (last,) = watched.frames
        assert last.step == last.record.step == trainer.step_count
        assert after < last.step <= after + 2
        assert last.record.samples == 16

    on_a_loop(body)


def test_one_epoch_a_frame_shows_every_epoch():
    async def body() -> None:
        watched = Watched(Trainer(PARTIAL))
        watched.pump.play()
        await until(lambda: len(watched.frames) >= 5)
        assert [frame.epoch for frame in watched.frames[:5]] == [1, 2, 3, 4, 5]
        assert [frame.step for frame in watched.frames[:5]] == [16, 32, 48, 64, 80]
        watched.pump.pause()
        await watched.stopped()

    on_a_loop(body)


def test_it_pauses_when_nobody_watches_any_more():
    async def body() -> None:
        watched = Watched(Trainer(Spec()))
        there = True
        watched.pump.watched = lambda: there
        watched.pump.play()
        await until(lambda: watched.frames)
        there = False
        await watched.stopped()
        assert watched.pump.reason == "unwatched"
        there = True
        watched.pump.play()
        assert watched.pump.reason == ""
        watched.pump.pause()
        await watched.stopped()

    on_a_loop(body)


def test_slow_speeds_show_every_step():
    async def body() -> None:
        trainer = FakeTrainer()
        watched = Watched(trainer)
        watched.pump.set_speed("walk")
        started = monotonic()
        watched.pump.play()
        await until(lambda: len(watched.frames) == 3)
        assert 0.35 < monotonic() - started
        assert [frame.step for frame in watched.frames] == [1, 2, 3] == trainer.measured_at
        watched.pump.pause()
        await watched.stopped()

    on_a_loop(body)


def test_no_more_than_twenty_frames_a_second_are_asked_for():
    async def body() -> None:
        watched = Watched(FakeTrainer())
        watched.pump.play()
        started = monotonic()
        await until(lambda: len(watched.frames) == 6)
        assert monotonic() - started > 4.5 / 20
        watched.pump.pause()
        await watched.stopped()

    on_a_loop(body)


@pytest.mark.parametrize("speed", ["epoch", "fast"])
def test_a_pause_is_heard_while_a_long_epoch_runs(speed):
    async def body() -> None:
        trainer = FakeTrainer(seconds=0.002)
        trainer.steps_per_epoch = 100_000
        watched = Watched(trainer)
        watched.pump.set_speed(speed)
        watched.pump.play()
        await until(lambda: trainer.step_count > 20)
        before = trainer.step_count
        watched.pump.pause()
        await watched.stopped()
        assert trainer.step_count - before <= SLICE_STEPS
        assert watched.frames[-1].step == trainer.step_count == watched.frames[-1].record.step

    on_a_loop(body)


def test_frames_are_dropped_while_the_screens_are_behind_and_training_goes_on():
    async def body() -> None:
        trainer = Trainer(Spec())
        watched = Watched(trainer)
        watched.is_ready = False
        watched.pump.set_speed("fast")
        watched.pump.play()
        await until(lambda: trainer.step_count > 500)
        assert watched.frames == []
        watched.is_ready = True
        await until(lambda: watched.frames)
        assert watched.frames[0].step > 500
        watched.is_ready = False
        await asyncio.sleep(0.1)
        shown = len(watched.frames)
        watched.pump.pause()
        await watched.stopped()
        assert len(watched.frames) == shown + 1  # the last one is shown in any case
        assert watched.frames[-1].step == trainer.step_count

    on_a_loop(body)


def test_the_loop_stays_free_while_it_trains():
    async def body() -> None:
        trainer = FakeTrainer(seconds=0.002)
        watched = Watched(trainer)
        watched.pump.set_speed("fast")
        watched.pump.play()
        await until(lambda: trainer.step_count)
        for _ in range(10):
            before = trainer.step_count
            await asyncio.sleep(0)
            assert trainer.step_count - before <= SLICE_STEPS
        watched.pump.pause()
        await watched.stopped()

    on_a_loop(body)


@pytest.mark.parametrize("speed", ["fast", "epoch", "walk"])
def test_another_speed_applies_at_once(speed, monkeypatch):
    monkeypatch.setitem(SPEEDS, "slow", Speed("step", 1 / AN_HOUR))

    async def body() -> None:
        watched = Watched(Trainer(Spec()))
        watched.pump.set_speed("slow")
        watched.pump.play()
        await until(lambda: watched.frames)
        await asyncio.sleep(0.01)
        watched.pump.set_speed(speed)
        await until(lambda: len(watched.frames) >= 2)
        watched.pump.pause()
        await watched.stopped()
        assert watched.pump.speed == speed

    on_a_loop(body)


def test_a_pause_is_heard_while_it_waits_for_the_next_slow_step(monkeypatch):
    monkeypatch.setitem(SPEEDS, "slow", Speed("step", 1 / AN_HOUR))

    async def body() -> None:
        watched = Watched(Trainer(Spec()))
        watched.pump.set_speed("slow")
        watched.pump.play()
        await until(lambda: watched.frames)
        watched.pump.pause()
        await watched.stopped()

    on_a_loop(body)


def test_an_unknown_speed_is_refused_and_training_goes_on():
    async def body() -> None:
        watched = Watched(Trainer(Spec()))
        watched.pump.play()
        with pytest.raises(ValueError, match="'warp'; expected one of slow, walk, epoch, fast"):
            watched.pump.set_speed("warp")
        await until(lambda: len(watched.frames) >= 2)
        assert watched.pump.playing and watched.pump.speed == "epoch"
        watched.pump.pause()
        await watched.stopped()

    on_a_loop(body)


def fail() -> None:
    raise ValueError("shapes do not fit")


@pytest.mark.parametrize("speed", SPEEDS)
def test_an_error_is_told_and_play_works_again(speed):
    async def body() -> None:
        trainer = FakeTrainer()
        trainer.at[1] = fail
        watched = Watched(trainer)
        watched.pump.set_speed(speed)
        watched.pump.play()
        await watched.stopped()
        playing, error = watched.changes[-1]
        assert not playing and not watched.pump.playing
        assert isinstance(error, ValueError) and str(error) == "shapes do not fit"
        assert watched.frames == []
        watched.pump.play()
        await until(lambda: watched.frames)
        watched.pump.pause()
        await watched.stopped()
        assert watched.changes[-1] == (False, None)

    on_a_loop(body)


@pytest.mark.parametrize("where", ["show", "ready", "measure"])
def test_an_error_in_a_picture_is_told_too(where):
    async def body() -> None:
        trainer = Trainer(Spec())
        watched = Watched(trainer)
        setattr(trainer if where == "measure" else watched.pump, where, lambda *_: fail())
        watched.pump.set_speed("walk")
        watched.pump.play()
        await watched.stopped()
        assert str(watched.changes[-1][1]) == "shapes do not fit"

    on_a_loop(body)


def test_an_error_in_a_single_step_is_told():
    trainer = FakeTrainer()
    trainer.at[2] = fail
    watched = Watched(trainer)
    watched.pump.step()
    assert watched.changes == []
    watched.pump.step()
    assert str(watched.changes[0][1]) == "shapes do not fit"
    watched.pump.step()
    assert [frame.step for frame in watched.frames] == [1, 3]


def test_a_step_shows_itself_with_its_losses():
    trainer = Trainer(Spec())
    watched = Watched(trainer)
    for _ in range(3):
        watched.pump.step()
    assert [frame.step for frame in watched.frames] == [1, 2, 3]
    assert [frame.record.step for frame in watched.frames] == [1, 2, 3]
    assert watched.frames[-1].history.epoch.tolist() == pytest.approx([0, 0.04, 0.08, 0.12])


def test_a_step_while_it_plays_is_a_pause():
    async def body() -> None:
        watched = Watched(Trainer(Spec()))
        watched.pump.play()
        await until(lambda: watched.frames)
        watched.pump.step()
        await watched.stopped()
        assert watched.frames[-1].step == watched.pump.trainer.step_count

    on_a_loop(body)


@pytest.mark.parametrize("speed", SPEEDS)
def test_a_pause_without_last_frame_shows_nothing(speed):
    """Reset does this: what was trained last is of no interest any more."""

    async def body() -> None:
        trainer = Trainer(Spec())
        watched = Watched(trainer)
        watched.pump.set_speed(speed)
        watched.pump.play()
        await until(lambda: watched.frames)
        watched.pump.pause(last_frame=False)
        trainer.reset()
        shown = len(watched.frames)
        await watched.stopped()
        await asyncio.sleep(0.02)
        assert len(watched.frames) == shown
        assert trainer.step_count == 0

    on_a_loop(body)


def test_play_right_after_a_pause_goes_on():
    async def body() -> None:
        trainer = Trainer(Spec())
        watched = Watched(trainer)
        watched.pump.play()
        await until(lambda: watched.frames)
        watched.pump.pause(last_frame=False)
        watched.pump.play()
        before = trainer.step_count
        await until(lambda: trainer.step_count > before + 100)
        watched.pump.pause()
        await watched.stopped()
        assert watched.frames[-1].step == trainer.step_count
        assert sum(1 for playing, _ in watched.changes if not playing) == 1

    on_a_loop(body)


def test_play_can_be_pressed_many_times():
    async def body() -> None:
        trainer = Trainer(Spec())
        watched = Watched(trainer)
        for round_ in range(1, 4):
            before = trainer.step_count
            watched.pump.play()
            await until(lambda: trainer.step_count > before)
            watched.pump.pause()
            await watched.stopped()
            assert len(watched.changes) == 2 * round_

    on_a_loop(body)


@pytest.mark.parametrize("speed", SPEEDS)
def test_a_divergence_stops_it_and_one_frame_shows_it(speed):
    async def body() -> None:
        trainer = Trainer(DIVERGING)
        watched = Watched(trainer)
        if speed == "slow":
            trainer.train(1_000)  # seconds are dear: it has diverged before Play is pressed
        watched.pump.set_speed(speed)
        watched.pump.play()
        await watched.stopped()
        assert watched.changes[-1] == (False, None)
        last = watched.frames[-1]
        assert last.divergence is trainer.divergence is not None
        assert sum(frame.divergence is not None for frame in watched.frames) == 1
        assert last.step == trainer.divergence.step
        assert math.isfinite(last.train_loss)

    on_a_loop(body)


def test_after_a_divergence_a_lower_rate_goes_on():
    async def body() -> None:
        trainer = Trainer(DIVERGING)
        watched = Watched(trainer)
        watched.pump.play()
        await watched.stopped()
        step = trainer.step_count
        trainer.learning_rate = 0.01
        watched.pump.play()
        await until(lambda: trainer.step_count > step + 100)
        watched.pump.pause()
        await watched.stopped()
        assert watched.frames[-1].divergence is None

    on_a_loop(body)


@pytest.mark.parametrize("speed", ["epoch", "fast"])
def test_the_trainer_may_be_replaced_while_it_runs(speed):
    async def body() -> None:
        old, new = FakeTrainer(0.001), FakeTrainer(0.001)
        old.steps_per_epoch = 1_000
        watched = Watched(old)
        watched.pump.set_speed(speed)
        watched.pump.play()
        await until(lambda: old.step_count > 10)
        watched.pump.trainer = new
        taken, shown = old.step_count, len(watched.frames)
        await until(lambda: new.step_count > 20)
        watched.pump.pause()
        await watched.stopped()
        assert old.step_count == taken
        assert {frame.by for frame in watched.frames[shown:]} == {new}
        assert watched.frames[-1].step == new.step_count

    on_a_loop(body)


def test_two_pumps_train_side_by_side():
    async def body() -> None:
        one, other = Watched(Trainer(Spec())), Watched(Trainer(PARTIAL))
        one.pump.play()
        other.pump.play()
        await until(lambda: len(one.frames) > 2 and len(other.frames) > 2)
        one.pump.pause()
        await one.stopped()
        shown = len(one.frames)
        more = len(other.frames) + 2
        await until(lambda: len(other.frames) >= more)
        assert len(one.frames) == shown
        other.pump.pause()
        await other.stopped()

    on_a_loop(body)


def test_callbacks_of_another_thread_steer_it():
    async def body() -> None:
        watched = Watched(Trainer(Spec()))
        pump = watched.pump
        await asyncio.to_thread(pump.post, pump.play)
        await until(lambda: watched.frames)
        await asyncio.to_thread(pump.post, pump.set_speed, "fast")
        await until(lambda: pump.speed == "fast")
        await asyncio.to_thread(pump.post, pump.pause)
        await watched.stopped()
        assert watched.frames[-1].step == pump.trainer.step_count

    on_a_loop(body)


def test_it_trains_on_its_loops_thread_and_in_the_context_of_its_cell():
    cell = contextvars.ContextVar("cell", default="none")

    async def body() -> None:
        trainer, found = FakeTrainer(), []
        trainer.at[3] = lambda: found.append((threading.get_ident(), cell.get()))
        cell.set("the widget's")
        watched = Watched(trainer)
        cell.set("another")
        watched.pump.play()
        await until(lambda: found)
        assert found == [(threading.get_ident(), "the widget's")]
        watched.pump.pause()
        await watched.stopped()

    on_a_loop(body)


def test_without_a_loop_it_cannot_play_but_it_can_step():
    watched = Watched(Trainer(Spec()))
    assert not watched.pump.can_play
    watched.pump.play()
    assert not watched.pump.playing
    assert watched.changes == []
    watched.pump.step()
    assert watched.frames[0].step == 1


def test_when_its_loop_has_gone_it_cannot_play_any_more():
    async def body() -> Watched:
        watched = Watched(Trainer(Spec()))
        assert watched.pump.can_play
        return watched

    watched = on_a_loop(body)
    assert not watched.pump.can_play
    watched.pump.play()
    assert not watched.pump.playing


@pytest.fixture
def between_cells():
    """Let the signal be ignored, as the kernel does between cells."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def test_an_interrupt_while_no_cell_runs_pauses_it(interrupts, between_cells):
    async def body() -> None:
        one, other = Watched(Trainer(Spec())), Watched(Trainer(PARTIAL))
        one.pump.play()
        other.pump.play()
        await until(lambda: signal.getsignal(signal.SIGINT) == interrupts.handle)
        signal.raise_signal(signal.SIGINT)
        for watched in (one, other):
            await watched.stopped()
            assert watched.pump.reason == "interrupted"
            assert watched.frames[-1].step == watched.pump.trainer.step_count
        one.pump.play()
        assert one.pump.reason == ""
        one.pump.pause()
        await one.stopped()

    on_a_loop(body)


def test_an_interrupt_while_nothing_trains_is_ignored_as_before(interrupts, between_cells):
    async def body() -> None:
        watched = Watched(Trainer(Spec()))
        watched.pump.play()
        await until(lambda: signal.getsignal(signal.SIGINT) == interrupts.handle)
        watched.pump.pause()
        await watched.stopped()
        signal.raise_signal(signal.SIGINT)
        assert watched.pump.reason == ""

    on_a_loop(body)


def _own_handler(*_: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("handler", [signal.default_int_handler, _own_handler],
                         ids=["a plain cell", "an asynchronous cell"])  # fmt: skip
def test_a_cell_that_runs_keeps_its_own_interrupt(interrupts, handler):
    async def body() -> None:
        signal.signal(signal.SIGINT, handler)
        watched = Watched(Trainer(Spec()))
        watched.pump.play()
        await asyncio.sleep(0.35)
        assert signal.getsignal(signal.SIGINT) is handler
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        assert watched.pump.playing
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the cell ends
        await until(lambda: signal.getsignal(signal.SIGINT) == interrupts.handle)
        signal.raise_signal(signal.SIGINT)
        await watched.stopped()
        assert watched.pump.reason == "interrupted"

    on_a_loop(body)


def test_an_epoch_that_begins_anew_is_shown_soon():
    """A reset in the middle of an epoch must not wait for the epoch that was."""

    async def body() -> None:
        trainer = Trainer(Spec.suited("spiral", batch_size=1))
        trainer.train(20 * trainer.steps_per_epoch + 3)
        watched = Watched(trainer)
        watched.pump.play()
        watched.pump.pause(last_frame=False)
        trainer.reset()
        watched.pump.play()
        await until(lambda: watched.frames)
        assert watched.frames[0].epoch <= 1
        watched.pump.pause()
        await watched.stopped()

    on_a_loop(body)


class Unheard(Watched):
    """A pump whose page has not answered for `silence` seconds."""

    def __init__(self, trainer: object) -> None:
        super().__init__(trainer)
        self.silence = 0.0
        self.pump.silence = lambda: self.silence


@pytest.mark.parametrize("speed", ["walk", "epoch", "fast"])
def test_without_a_page_that_answers_it_takes_a_twentieth_of_a_core_at_most(monkeypatch, speed):
    monkeypatch.setattr("gradwidgets.views.kit.pump.SLICE", 0.005)

    async def body() -> None:
        trainer = Trainer(Spec())
        watched = Unheard(trainer)
        watched.silence = UNHEARD_AFTER + 0.1
        watched.pump.set_speed(speed)
        run, began, ended = trainer.run, [], []

        def noted(*arguments: object, **named: object) -> int:
            began.append((monotonic(), process_time()))
            return run(*arguments, **named)

        trainer.run = noted
        watched.pump.show = lambda frame: (watched.frames.append(frame), ended.append(process_time()))
        watched.pump.play()
        await until(lambda: len(began) == 4)
        for slice_, (start, used) in enumerate(began[:3]):
            assert ended[slice_] - used <= 0.05 * (began[slice_ + 1][0] - start)
        assert trainer.step_count >= 3
        assert all(frame.step == frame.record.step for frame in watched.frames)
        watched.pump.pause()
        await watched.stopped()
        assert watched.frames[-1].step == trainer.step_count

    on_a_loop(body)


def test_it_goes_at_full_speed_again_as_soon_as_a_page_answers():
    async def body() -> None:
        trainer = Trainer(Spec())
        watched = Unheard(trainer)
        watched.pump.set_speed("fast")
        watched.silence = UNHEARD_AFTER + 0.1
        watched.pump.play()
        await until(lambda: watched.frames)
        step = trainer.step_count
        await asyncio.sleep(0.1)
        assert trainer.step_count == step, "it rests"
        watched.silence = 0.0
        await until(lambda: len(watched.frames) >= 5)
        watched.pump.pause()
        await watched.stopped()

    on_a_loop(body)


def test_a_page_that_is_silent_for_a_short_time_slows_nothing_down():
    async def body() -> None:
        trainer = Trainer(Spec())
        watched = Unheard(trainer)
        watched.pump.set_speed("fast")
        watched.silence = UNHEARD_AFTER
        watched.pump.play()
        await until(lambda: len(watched.frames) >= 5)
        watched.pump.pause()
        await watched.stopped()

    on_a_loop(body)


def test_a_silence_that_begins_in_a_long_epoch_is_noticed_there():
    async def body() -> None:
        trainer = FakeTrainer(seconds=0.002)
        trainer.steps_per_epoch = 100_000
        watched = Unheard(trainer)
        watched.pump.play()
        await until(lambda: trainer.step_count > 20)
        watched.silence = UNHEARD_AFTER + 0.1
        await until(lambda: watched.frames)
        step = trainer.step_count
        await asyncio.sleep(0.2)
        assert trainer.step_count <= step + 16, "a slice of 30 ms at most, and then a rest"
        watched.pump.pause()
        await watched.stopped()

    on_a_loop(body)


def test_a_rest_ends_with_a_pause_and_when_nobody_watches_any_more():
    async def body() -> None:
        trainer = FakeTrainer(seconds=0.05)
        watched = Unheard(trainer)
        there = True
        watched.pump.watched = lambda: there
        watched.silence = UNHEARD_AFTER + 0.1
        for ended in ("pause", "unwatched"):
            watched.frames.clear()
            watched.pump.play()
            await until(lambda: watched.frames)
            if ended == "pause":
                watched.pump.pause()
            else:
                there = False
            await watched.stopped()
            assert watched.pump.reason == ("unwatched" if ended == "unwatched" else "")

    on_a_loop(body)
