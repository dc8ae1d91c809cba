"""Kernel → Interrupt reaches a learner's code also where no cell runs it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.kernel.kernel import Kernel

PLACES = ["forward", "criterion", "backward", "optimizer", "alpha"]
ENDLESS = {
    "a loop": "while True: pass",
    "a sleep": "time.sleep(3600)",
    "a loop that catches errors": (
        "while True:\n        try: len(5)\n        except Exception: pass"
    ),
    "a loop over our tensors": (
        "x = Tensor(np.ones(3))\n    while True: x = x + x - x"
    ),
}


def prepare(kernel: Kernel, do: str = ENDLESS["a loop"]) -> None:
    kernel.run(
        f"def trap():\n    print('inside', flush=True)\n    {do}\n\nhere = None\n"
        "playground = Playground(**objects())\nplayground.train(3)\n"
        "twin = Trainer.of(**objects())\ntwin.run(3)"
    )


def interrupt_when_inside(kernel: Kernel) -> None:
    kernel.wait_for_print("inside")
    kernel.interrupt()


def assert_interrupted_and_goes_on(kernel: Kernel, do: str = ENDLESS["a loop"]) -> None:
    assert kernel.run("1 + 1") == "2"
    kernel.wait_until("'interrupted' in playground.screens.message.words")
    words = kernel.run("print(playground.screens.message.words)")
    assert words.startswith("Training was interrupted in line "), words
    assert any(f" of your code: {line.strip()}. It" in words for line in do.split("\n")), words
    assert "It stands at step 3, and nothing is lost" in words
    assert kernel.value("playground.pump.playing, playground.trainer.step_count") == "(False, 3)"
    assert kernel.value("playground.screens.last.step") == "3"
    kernel.run("here = None")
    kernel.press("play")
    kernel.wait_until("playground.trainer.step_count > 10")
    kernel.press("play")
    kernel.wait_until("not playground.pump.playing")
    assert kernel.value("playground.screens.message.words") == "''"
    kernel.run("twin.run(playground.trainer.step_count - twin.step_count)")
    assert kernel.value(
        "[bool((a.data == b.data).all()) for a, b in "
        "zip(playground.trainer.parameters, twin.parameters, strict=True)]"
    ) == str([True] * 4)
    kernel.run("playground.close()")


@pytest.mark.parametrize("do", ENDLESS)
def test_it_ends_whatever_never_ends(kernel: Kernel, do: str) -> None:
    prepare(kernel, ENDLESS[do])
    kernel.run("here = 'forward'")
    kernel.press("play")
    interrupt_when_inside(kernel)
    assert_interrupted_and_goes_on(kernel, ENDLESS[do])


@pytest.mark.parametrize("way", ["play", "step"])
@pytest.mark.parametrize("place", PLACES)
def test_it_ends_an_endless_loop_anywhere_in_a_step(kernel: Kernel, place: str, way: str) -> None:
    prepare(kernel)
    kernel.run(f"here = {place!r}")
    kernel.press(way)
    interrupt_when_inside(kernel)
    assert_interrupted_and_goes_on(kernel)


@pytest.mark.parametrize(
    ("name", "value", "place", "panel"),
    [
        ("reset", None, "forward", "buttons"),
        ("speed", "slow", "alpha", "settings"),
        ("learning_rate", 0.05, "alpha", "settings"),
    ],
)
def test_it_ends_any_control_of_a_playground(
    kernel: Kernel, name: str, value: object, place: str, panel: str
) -> None:
    prepare(kernel)
    kernel.run(f"here = {place!r}")
    kernel.press(name, value, f"playground.page.{panel}")
    interrupt_when_inside(kernel)
    kernel.wait_until("'interrupted' in playground.screens.message.words")
    kernel.run("here = None; playground.step()")
    assert kernel.value("playground.screens.message.words") == "''"


def test_it_ends_the_picture_of_a_model(kernel: Kernel) -> None:
    prepare(kernel)
    kernel.run("here = 'picture'")
    kernel.press("play")
    interrupt_when_inside(kernel)
    kernel.wait_until("'interrupted' in playground.screens.message.words")
    assert kernel.value("playground.screens.last.output.kind") == "'none'"
    assert kernel.value("playground.screens.last.step == playground.trainer.step_count") == "True"


def test_it_ends_an_error_that_never_ends_to_speak(kernel: Kernel) -> None:
    prepare(kernel)
    kernel.run(
        "endless = trap\n\n"
        "class Silent(Exception):\n    __str__ = lambda self: endless()\n\n"
        "def trap():\n    global here\n    here = None\n    raise Silent\n\n"
        "here = 'forward'"
    )
    kernel.press("step")
    interrupt_when_inside(kernel)
    assert_interrupted_and_goes_on(kernel)


@pytest.fixture
def patient(kernel: Kernel) -> Iterator[Kernel]:
    """Wait for as long as a slice of a busy machine takes: what does no harm ends by itself."""
    kernel.run("guard.GRACE, grace = 3600, guard.GRACE")
    yield kernel
    kernel.run("guard.GRACE = grace")


def test_it_pauses_a_training_that_does_no_harm(patient: Kernel) -> None:
    kernel = patient
    prepare(kernel)
    kernel.press("play")
    kernel.wait_until("playground.trainer.step_count > 20")
    kernel.interrupt()
    kernel.wait_until("not playground.pump.playing")
    assert kernel.value("playground.pump.reason") == "'interrupted'"
    assert "Paused by an interrupt" in kernel.value("playground.screens.message.words")
    assert kernel.value("playground.screens.last.step == playground.trainer.step_count") == "True"


def test_nothing_happens_where_nothing_runs(kernel: Kernel) -> None:
    prepare(kernel)
    kernel.run("here = None")
    kernel.press("step")
    kernel.wait_until("playground.trainer.step_count == 4")
    kernel.interrupt()
    assert kernel.run("1 + 1") == "2"
    assert kernel.value("playground.screens.message.words") == "''"


def test_beside_a_cell_that_waits_it_ends_both(kernel: Kernel) -> None:
    prepare(kernel)
    kernel.run("ended = None")
    kernel.begin(
        "here = 'forward'\nplayground.play()\ntry: await asyncio.sleep(3600)\n"
        "except BaseException as error: ended = type(error).__name__"
    )
    interrupt_when_inside(kernel)
    assert kernel.value("ended") == "'CancelledError'"
    assert_interrupted_and_goes_on(kernel)


def test_a_cell_that_waits_is_interrupted_alone_beside_a_training_that_does_no_harm(
    patient: Kernel,
) -> None:
    kernel = patient
    prepare(kernel)
    kernel.run("ended = None")
    kernel.begin(
        "playground.play()\ntry:\n    await asyncio.sleep(0.1)\n    print('waiting', flush=True)\n"
        "    await asyncio.sleep(3600)\n"
        "except BaseException as error: ended = type(error).__name__"
    )
    kernel.wait_for_print("waiting")
    kernel.interrupt()
    assert kernel.value("ended, playground.pump.playing") == "('CancelledError', True)"
    kernel.press("play")
    kernel.wait_until("not playground.pump.playing")


@pytest.mark.parametrize("call", ["playground.step()", "playground.train(5)", "playground.reset()"])
def test_in_a_cell_it_reaches_the_cell(kernel: Kernel, call: str) -> None:
    prepare(kernel)
    kernel.run("ended = None")
    kernel.begin(
        f"here = 'forward'\ntry: {call}\n"
        "except BaseException as error: ended = type(error).__name__"
    )
    interrupt_when_inside(kernel)
    assert kernel.value("ended") == "'KeyboardInterrupt'"
    assert kernel.value("playground.screens.last.step == playground.trainer.step_count") == "True"
    kernel.run("here = None; playground.step()")
