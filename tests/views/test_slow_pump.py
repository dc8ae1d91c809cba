"""A model that takes long lets others in after each forward pass, and the page says so."""

from __future__ import annotations

import asyncio
import threading

import pytest

from gradwidgets.engine.training import foreign_task, pace
from gradwidgets.engine.training.output import Growth
from gradwidgets.engine.training.trainer import Trainer
from gradwidgets.playground.playground import Playground
from gradwidgets.views.kit.pump import SPEEDS, Pump
from tests.views.slow_model import SlowModel, slow_objects
from tests.views.support import on_a_loop, until

PASS = 0.02
QUICK = [name for name in SPEEDS if name != "slow"]  # which waits for a second between steps


@pytest.fixture(autouse=True)
def slow_is_less(monkeypatch):
    """A fiftieth of a second counts as long, so that the tests do not take so."""
    monkeypatch.setattr(pace, "SLOW", PASS / 2)


def alone(monkeypatch: pytest.MonkeyPatch, own: dict[str, object]) -> dict[str, object]:
    """Have time pass for nothing but the model, as on a machine that does nothing else."""
    for module in (pace, foreign_task):
        monkeypatch.setattr(module, "perf_counter", lambda: own["model"].spent)
    return own


class Shown:
    """A pump over a slow model, and the passes that had begun when something was told."""

    def __init__(self, own: dict[str, object] | None = None) -> None:
        own = own or slow_objects(PASS)
        self.model: SlowModel = own["model"]
        self.trainer = Trainer.of(**own)
        self.frames: list[object] = []
        self.paused_after: list[int] = []
        self.pump = Pump(self.trainer, self.frames.append, lambda: True, self._changed)

    def _changed(self, error: BaseException | None) -> None:
        assert error is None
        if not self.pump.playing:
            self.paused_after.append(self.model.passes)


@pytest.mark.parametrize("speed", QUICK)
@pytest.mark.parametrize("batch", [4, 3], ids=["all data", "a smaller last batch"])
def test_pause_is_answered_after_the_pass_that_runs(speed, batch):
    async def body() -> None:
        shown = Shown()
        shown.trainer.batch_size = batch
        shown.pump.set_speed(speed)
        begun: list[int] = []

        def pause_now(count: int) -> None:
            if count == 6:  # from another thread, in the middle of a pass
                begun.append(count)
                thread = threading.Thread(target=shown.pump.post, args=(shown.pump.pause,))
                thread.start()
                thread.join()

        shown.model.began = pause_now
        shown.pump.play()
        await until(lambda: shown.paused_after)
        assert shown.paused_after == begun == [6]
        await until(lambda: shown.frames and shown.frames[-1].step == shown.trainer.step_count)

    on_a_loop(body)


@pytest.mark.parametrize("speed", QUICK)
def test_others_are_let_in_after_every_pass(speed):
    async def body() -> None:
        shown = Shown()
        shown.pump.set_speed(speed)
        shown.pump.play()
        seen: list[int] = []
        while len(seen) < 6:
            await asyncio.sleep(0)
            if not seen or seen[-1] != shown.model.passes:
                seen.append(shown.model.passes)
        assert [after - before for before, after in zip(seen, seen[1:], strict=False)] == [1] * 5
        shown.pump.pause()
        await until(lambda: shown.paused_after)

    on_a_loop(body)


def test_each_step_is_shown_with_what_it_takes_and_without_a_picture():
    async def body() -> None:
        shown = Shown()
        shown.pump.play()
        await until(lambda: len(shown.frames) >= 3)
        steps = [frame.step for frame in shown.frames]
        assert steps == list(range(1, len(steps) + 1))
        assert [frame.record.step for frame in shown.frames] == steps
        assert [len(frame.history.train) for frame in shown.frames] == [step + 1 for step in steps]
        assert all(frame.output.kind == "none" for frame in shown.frames)
        assert "waits until training stands still" in shown.frames[0].output.reason
        assert all(frame.seconds >= PASS for frame in shown.frames)
        assert shown.model.passes == 1 + 2 * len(steps), "a pass for the step, one for its losses"
        shown.pump.pause()
        await until(lambda: shown.paused_after)

    on_a_loop(body)


def test_the_losses_of_the_last_step_follow_after_the_pause():
    async def body() -> None:
        shown = Shown()
        shown.pump.play()
        await until(lambda: shown.frames)
        shown.model.began = lambda count: count == 4 and shown.pump.pause()
        await until(lambda: shown.paused_after)
        step = shown.trainer.step_count
        await until(lambda: not shown.trainer.owes)
        await until(lambda: len(shown.frames[-1].history.train) == step + 1)
        assert shown.frames[-1].step == shown.trainer.step_count == step
        assert shown.frames[-1].train_loss == shown.trainer.history.train[-1]

    on_a_loop(body)


def test_the_losses_are_those_that_a_quick_model_has():
    """What is put off is measured before the next step."""
    quick = Trainer.of(**slow_objects(0.0))
    quick.batch_size = 3
    quick.train(6)

    async def body() -> None:
        shown = Shown()
        shown.trainer.batch_size = 3
        shown.pump.play()
        await until(lambda: shown.trainer.step_count >= 5)
        shown.pump.pause()
        await until(lambda: shown.paused_after and not shown.trainer.owes)
        epochs = len(shown.trainer.history)
        assert shown.trainer.history.train.tolist() == quick.history.train[:epochs].tolist()
        assert shown.trainer.history.epoch.tolist() == quick.history.epoch[:epochs].tolist()

    on_a_loop(body)


def test_a_single_step_lets_others_in_before_its_losses():
    async def body() -> None:
        shown = Shown()
        shown.pump.step()
        assert shown.model.passes == 1, "it does not hold up whoever asked for it"
        await until(lambda: shown.frames)
        assert (shown.model.passes, shown.frames[0].step) == (2, 1)
        await until(lambda: len(shown.frames) == 2)
        assert (shown.model.passes, shown.frames[1].step) == (3, 1)
        assert len(shown.frames[1].history.train) == 2
        shown.pump.step()
        shown.pump.step()  # both are taken, or one: the second comes before the first has begun
        await until(lambda: shown.frames[-1].step == 2 and not shown.trainer.owes)

    on_a_loop(body)


def test_play_goes_on_at_once_although_losses_are_still_due():
    async def body() -> None:
        shown = Shown()
        shown.pump.step()
        await until(lambda: shown.frames)
        shown.pump.play()
        await until(lambda: shown.frames[-1].step >= 3)
        shown.pump.pause()
        await until(lambda: shown.paused_after)
        history = shown.trainer.history
        assert history.epoch[:3].tolist() == [0, 1, 2]

    on_a_loop(body)


def test_a_model_that_is_mended_to_be_quick_is_treated_as_such():
    async def body() -> None:
        shown = Shown()
        shown.pump.play()
        await until(lambda: shown.frames)
        shown.model.seconds = 0.0
        await until(lambda: shown.frames[-1].output.kind == "map")
        assert shown.frames[-1].seconds is None
        shown.pump.pause()
        await until(lambda: shown.paused_after)

    on_a_loop(body)


def test_a_playground_of_a_slow_model_is_there_after_one_pass_and_says_how_slow_it_is():
    async def body() -> None:
        own = slow_objects(PASS)
        playground = Playground(**own)
        assert own["model"].passes == 1
        assert "each step takes 0.0\u00a0s" in playground.screens.status.line
        await until(lambda: playground.screens.last.record is not None)
        assert playground.screens.last.record.step == 0
        playground.step()
        await until(lambda: playground.screens.last.step == 1 and not playground.trainer.owes)
        playground.play()
        await until(lambda: playground.screens.last.step == 3)
        playground.reset()
        assert playground.screens.last.step == 0
        await until(lambda: playground.screens.last.record is not None)
        await playground._preparing
        playground.close()

    on_a_loop(body)


def test_a_model_that_goes_through_its_rows_one_by_one_is_not_asked_about_thousands(monkeypatch):
    class RowByRow(SlowModel):
        def forward(self, x: object) -> object:
            self.seconds = len(x.data) * 0.002
            return super().forward(x)

    own = slow_objects(0.0)
    own["model"].__class__ = RowByRow
    alone(monkeypatch, own)
    trainer = Trainer.of(**own)
    output = trainer.frame().output
    while output is None or "waits" in output.reason:
        output = trainer.late_output()
    assert output.kind == "none" and "takes too long" in output.reason
    assert trainer.frame().output.reason == output.reason  # also once training goes on
    assert own["model"].passes < 12


def test_the_output_is_drawn_after_the_pause_where_it_costs_no_more_than_a_step_or_two(
    monkeypatch,
):
    async def body() -> None:
        shown = Shown(alone(monkeypatch, slow_objects(PASS)))
        shown.pump.play()
        await until(lambda: shown.frames)
        shown.pump.pause()
        await until(lambda: shown.frames[-1].output.kind == "map")
        assert shown.frames[-1].record is shown.frames[-2].record
        assert [frame.output.kind for frame in shown.frames[:-1]] == ["none"] * (
            len(shown.frames) - 1
        )
        passes, step = shown.model.passes, shown.trainer.step_count
        shown.pump.step()
        await until(lambda: shown.frames[-1].step > step and shown.frames[-1].output.kind == "map")
        assert shown.model.passes == passes + 3, "the step, its losses, the picture"

    on_a_loop(body)


def test_what_a_slow_model_is_asked_about_grows_as_the_time_allows():
    growth = Growth(rows=4, took=1.0, limit=2.0)
    assert growth.rows_to_ask(10_000) == 8
    growth.add(8, 1 + 1 / 128)
    assert growth.rows_to_ask(10_000) == 8 * 16
    growth.add(128, 1 + 1 / 128)
    assert growth.rows_to_ask(10_000) == 128 * 16
    growth.add(2048, 1 + 1 / 128)
    assert growth.rows_to_ask(10_000) == 10_000
    linear = Growth(rows=4, took=1.0, limit=2.0)
    linear.add(8, 1.9)
    assert linear.rows_to_ask(10_000) == 8, "anything may have held it up once"
    linear.add(8, 1.8)
    assert linear.rows_to_ask(10_000) == 0
    held_up = Growth(rows=4, took=1.0, limit=2.0)
    held_up.add(8, 30.0)
    held_up.add(held_up.rows_to_ask(10_000), 1 + 1 / 128)
    assert held_up.rows_to_ask(10_000) == 8 * 16


def test_a_picture_that_comes_late_does_not_end_a_walk(monkeypatch):
    async def body() -> None:
        playground = Playground(**alone(monkeypatch, slow_objects(PASS)))
        await until(lambda: playground.screens.last.record is not None)
        playground.play()
        await until(lambda: playground.screens.last.step == 1)
        playground.pause()
        await until(lambda: not playground.pump.playing)
        playground.walk_step()
        await until(lambda: playground.screens.last.output.kind == "map")
        assert playground._walk_place.stepper is not None
        playground.step()
        await until(lambda: playground._walk_place.stepper is None)
        await playground._preparing
        playground.close()

    on_a_loop(body)
