"""Whatever a learner's code raises, the kernel lives, the page says so, and training is whole."""

from __future__ import annotations

import pytest

from tests.kernel.kernel import Kernel

# What is written in the trap -> how it is told.
EXITS = {
    "sys.exit()": "SystemExit",
    "sys.exit('good-bye')": "SystemExit: good-bye",
    "quit()": "SystemExit",
    "exit()": "SystemExit",
    "get_ipython().ask_exit()": "SystemExit",
    "raise KeyboardInterrupt": "KeyboardInterrupt",
    "raise GeneratorExit": "GeneratorExit",
    "raise asyncio.CancelledError": "CancelledError",
    "raise BaseException('odd')": "BaseException: odd",
    "raise type('Mine', (BaseException,), {})": "Mine",
    "raise MemoryError": "MemoryError",
    "trap()": "RecursionError: the calls went deeper than Python allows; either a method calls "
              "itself without an end",
}
PLACES = ["forward", "criterion", "backward", "optimizer"]
WAYS = ["play", "step"]


def prepare(kernel: Kernel, do: str) -> None:
    kernel.run(
        f"def trap():\n    {do}\n\nhere = None\nplayground = Playground(**objects())\n"
        "playground.trainer.run(3)\ntwin = Trainer.of(**objects())\ntwin.run(3)"
    )


def assert_it_stopped_and_goes_on(kernel: Kernel, told: str, line: str) -> None:
    words = kernel.run("print(playground.screens.message.words)")
    assert words.startswith(f"Training stopped: {told}"), words
    assert f"in line 2 of your code: {line}. It stands at step 3," in words
    assert kernel.value("playground.pump.playing, playground.trainer.step_count") == "(False, 3)"
    assert kernel.value("playground.screens.last.step") == "3"
    # Nothing half done is left: it goes on as one does that never failed.
    kernel.run("here = None")
    kernel.press("step")
    kernel.wait_until("playground.trainer.step_count == 4")
    assert kernel.value("playground.screens.message.words") == "''"
    kernel.run("playground.trainer.run(5); twin.run(6)")
    assert kernel.value(
        "[bool((a.data == b.data).all()) for a, b in "
        "zip(playground.trainer.parameters, twin.parameters, strict=True)]"
    ) == str([True] * 4)
    kernel.run("playground.close()")


@pytest.mark.parametrize("do", EXITS)
def test_an_exit_in_forward_while_playing_is_a_sentence(kernel: Kernel, do: str) -> None:
    prepare(kernel, do)
    kernel.run("here = 'forward'")
    kernel.press("play")
    kernel.wait_until("'stopped' in playground.screens.message.words")
    assert_it_stopped_and_goes_on(kernel, EXITS[do], do)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("do", ["sys.exit()", "quit()", "raise KeyboardInterrupt"])
def test_an_exit_anywhere_in_a_step_undoes_the_step(
    kernel: Kernel, do: str, place: str, way: str
) -> None:
    prepare(kernel, do)
    kernel.run(f"here = {place!r}")
    kernel.press(way)
    kernel.wait_until("'stopped' in playground.screens.message.words")
    assert_it_stopped_and_goes_on(kernel, EXITS[do], do)
