"""Measure the playground for two minutes on a slow line, and over a cut of 20 s.

Run ``python tests/benchmarks/bench_slow_line.py``; it takes four minutes. The line has 150 ms each
way and 2 Mbit/s. The lag is the time from the sending of a frame to its acknowledgement.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.benchmarks.bench_live import FAST, NO_DELAY, PAUSE, WIDE, laboratory, row  # noqa: E402
from tests.browser.playground_page import PlaygroundPage, open_playground  # noqa: E402
from tests.browser.slow_line import SlowLine  # noqa: E402

DELAY, BANDWIDTH = 0.15, 2e6
SOAK = 120  # seconds
CUT = 20  # seconds
QUIET = 1500  # milliseconds without a frame: it has paused

# In the kernel: from now on, keep how long each frame takes there and back, and how many wait.
KEEP = """
import time
output = playground.screens.output
sent_at, lags, waiting = {}, [], []
_push, _receive = output.push, output._receive
def push(*arguments, **more):
    _push(*arguments, **more)
    sent_at[output.sent] = time.monotonic()
    waiting.append(output.sent - output.acknowledged)
def receive(widget, content, buffers):
    if content.get("ack") in sent_at:
        lags.append(time.monotonic() - sent_at.pop(content["ack"]))
    _receive(widget, content, buffers)
output.push = push
output.on_msg(_receive, remove=True)
output.on_msg(receive)
"""
TOLD = "import json; print(json.dumps([lags, waiting])); lags.clear(); waiting.clear()"


def told(playground: PlaygroundPage) -> tuple[list[float], list[int]]:
    """Return the lags in seconds, and how many frames were under way at each frame."""
    lags, waiting = json.loads(playground.kernel(TOLD))
    return lags, waiting


def ninetieth(values: list[float]) -> float:
    """Return what nine of ten values do not exceed."""
    return sorted(values)[int(0.9 * (len(values) - 1))]


def soak(playground: PlaygroundPage, seconds: float) -> None:
    """Train as fast as possible for a while; print lag, frames and what piles up."""
    playground.field("Speed").select_option(FAST)
    playground.play()
    playground.page.wait_for_timeout(2_000)
    told(playground)
    halves = []
    for _ in range(2):
        playground.page.wait_for_timeout(500 * seconds)
        halves.append(told(playground))
    lags = [lag for half in halves for lag in half[0]]
    row("lag of a frame, s: median, 90 %", f"{median(lags):.2f} {ninetieth(lags):.2f}", "≤ 0.6")
    row("frames a second", f"{len(lags) / seconds:.1f}", "≥ 3")
    most = [max(half[1]) for half in halves]
    row("most frames under way, first and second minute", f"{most[0]} {most[1]}", "≤ 3")
    first, second = (median(half[0]) for half in halves)
    row("lag in the second minute against the first", f"{second / first:.2f}", "≤ 1.2")


def pause(playground: PlaygroundPage, repetitions: int) -> None:
    """Print the time from pressing Pause to the last frame."""
    times = []
    for number in range(repetitions):
        if number:
            playground.play()
            playground.page.wait_for_timeout(2_000 + QUIET)
        times.append(playground.page.evaluate(PAUSE, QUIET) / 1000)
    row("Pause to last frame, s: median, worst", f"{median(times):.2f} {max(times):.2f}", "≤ 1")


def close_dialog(playground: PlaygroundPage) -> None:
    """Do away with JupyterLab's own dialog on a lost connection, as a person does."""
    dialog = playground.page.locator(".jp-Dialog")
    if dialog.count():
        dialog.get_by_role("button").last.click()
        dialog.wait_for(state="detached")


def cut(playground: PlaygroundPage, line: SlowLine, break_off: bool) -> None:
    """Cut the line for 20 s; print how long after it the page shows what the kernel does."""
    playground.play()
    playground.page.wait_for_timeout(2_000)
    line.cut(break_off)
    playground.page.wait_for_timeout(1000 * CUT)
    line.restore()
    started = time.monotonic()
    playground.wait_for_step(int(playground.kernel("playground.trainer.step_count")))
    seconds = time.monotonic() - started
    kind = "connections broken" if break_off else "line silent"
    row(f"recovered after a cut of {CUT} s ({kind}), s", f"{seconds:.1f}", "≤ 20")
    close_dialog(playground)
    playground.page.wait_for_timeout(3_000)
    told(playground)
    playground.page.wait_for_timeout(5_000)
    lags, waiting = told(playground)
    row("  lag after it, s", f"{median(lags):.2f}", "≤ 0.6")
    row("  most frames under way after it", f"{max(waiting)}", "≤ 3")
    playground.pause()
    playground.wait_until_still()


def main() -> None:
    """Measure everything and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=SOAK, help="how long to train")
    given = parser.parse_args()
    with laboratory() as lab, SlowLine(lab.server.port, NO_DELAY, WIDE) as line:
        playground = open_playground(lab, port=line.port)
        line.change(DELAY, BANDWIDTH)
        playground.kernel(KEEP)
        soak(playground, given.seconds)
        pause(playground, 5)
        for break_off in (False, True):
            cut(playground, line, break_off)
        line.change(NO_DELAY, WIDE)
        playground.notebook.close()  # its errors are those of the cut: they are not asked for
        lab.pages.remove(playground.notebook)


if __name__ == "__main__":
    main()
