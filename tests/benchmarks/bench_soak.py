"""Let two playgrounds train and a graph change for half an hour; print what grows.

Run ``python tests/benchmarks/bench_soak.py [--minutes 30]``; Linux only. Everything stands in one
notebook of a real JupyterLab and Chromium. The kernel's memory is its share of pages (PSS), the
page's is counted by the browser: nodes of the DOM, listeners and the renderer's PSS. Figures begin
after two minutes, when everything has been loaded and drawn. JavaScript's memory goes up and down
like a saw, so of the renderer the lowest of each fifth of the time is compared.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.benchmarks.bench_live import FAST, laboratory, row  # noqa: E402
from tests.benchmarks.bench_memory import PROCESS, memory_of  # noqa: E402
from tests.browser.lab import Lab  # noqa: E402
from tests.browser.playground_page import PlaygroundPage  # noqa: E402

WARM_UP = 120  # seconds
INTERVAL = 10  # seconds between two looks
FIFTHS = 5

CELLS = (
    "import gradwidgets as gw\nplayground = gw.Playground()\nplayground",
    "second = gw.Playground(preset='spiral')\nsecond",
    """import asyncio

model = gw.Sequential([gw.Linear(2, 4), gw.Tanh(), gw.Linear(4, 1)])
data, target = gw.Tensor([[0, 0], [0, 1], [1, 0], [1, 1]]), gw.Tensor([[0], [1], [1], [0]])
criterion, optimizer = gw.MSELoss(), gw.SGD(model.get_parameters(), alpha=0.05)

def loss():
    value = criterion(model(data), target)
    value.backward()
    optimizer.step()
    return value

async def go_on():
    while True:
        view.update(loss())
        await asyncio.sleep(0.1)

view = gw.GraphView(loss())
going = asyncio.get_running_loop().create_task(go_on())
view""",
)


@dataclass(frozen=True)
class Look:
    """What was counted at one moment: memory in MB."""

    kernel: float
    renderer: float
    nodes: int
    listeners: int


def renderer() -> int:
    """Return the process that draws the page: of our Chromium's renderers the largest."""
    renderers = [process for process in psutil.Process().children(recursive=True)
                 if "--type=renderer" in process.cmdline()]
    return max(renderers, key=lambda process: process.memory_info().rss).pid


def soak(lab: Lab, minutes: float) -> list[Look]:
    """Run everything for some minutes, and look at it all the while."""
    notebook = lab.open(CELLS)
    notebook.run_all()
    for number in range(2):
        playground = PlaygroundPage(notebook, number)
        playground.wait_for_pictures()
        playground.field("Speed").select_option(FAST)
        playground.play()
    kernel, drawing = int(notebook.kernel(PROCESS)), renderer()
    devtools = notebook.page.context.new_cdp_session(notebook.page)
    notebook.page.wait_for_timeout(1000 * WARM_UP)
    looks = []
    end = time.monotonic() + 60 * minutes
    while time.monotonic() < end:
        notebook.page.wait_for_timeout(1000 * INTERVAL)
        counted = devtools.send("Memory.getDOMCounters")
        looks.append(Look(memory_of(kernel).pss, memory_of(drawing).pss, counted["nodes"],
                          counted["jsEventListeners"]))
    print("steps:", notebook.kernel("playground.trainer.step_count, second.trainer.step_count"))
    notebook.kernel("playground.pause(); second.pause(); going.cancel()")
    return looks


def lowest(looks: list[Look], name: str) -> list[float]:
    """Return the lowest value in each fifth of the time."""
    size = len(looks) // FIFTHS
    values = [getattr(look, name) for look in looks]
    return [min(values[start : start + size]) for start in range(0, FIFTHS * size, size)]


def main() -> None:
    """Soak, and print one table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=30)
    given = parser.parse_args()
    with laboratory() as lab:
        looks = soak(lab, given.minutes)
    if len(looks) < FIFTHS:
        sys.exit(f"{given.minutes:g} minutes are too short: at least {FIFTHS * INTERVAL / 60:.1f}")
    bars = {"kernel": "+4 MB at most", "renderer": "flat", "nodes": "flat", "listeners": "flat"}
    for name, bar in bars.items():
        fifths = lowest(looks, name)
        figures = " ".join(f"{value:.1f}" if isinstance(value, float) else f"{value}"
                           for value in fifths)
        row(f"{name}, lowest of each fifth", figures, bar)
        row("  the last against the first", f"{fifths[-1] - fifths[0]:+.1f}", bar)


if __name__ == "__main__":
    main()
