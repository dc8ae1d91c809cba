"""Measure what is left of a playground whose cell is run again: a real kernel and Chromium.

Run ``python tests/benchmarks/bench_reruns.py [--times 30]``; Linux only. The time that an old
playground is given before it rests is made short, and the last one is always there.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.benchmarks.bench_live import laboratory  # noqa: E402
from tests.benchmarks.bench_memory import PROCESS, memory_of  # noqa: E402
from tests.browser.lab import Lab, LabPage  # noqa: E402
from tests.browser.playground_page import PlaygroundPage  # noqa: E402

PREPARE = (
    "import gradwidgets\n"
    "from ipywidgets.widgets.widget import _instances\n"
    "from gradwidgets.views.kit import resting\n"
    "resting.LEFT_ALONE_AFTER, resting.ANSWER_WITHIN = 0.2, 0.3"
)
CELL = "p = gradwidgets.Playground(); p"
KEPT = ("Nodes", "JSEventListeners")


def kept_by_the_page(notebook: LabPage) -> tuple[int, ...]:
    """Return how many nodes and listeners the page holds, without its garbage."""
    session = notebook.page.context.new_cdp_session(notebook.page)
    session.send("Performance.enable")
    for _ in range(3):
        session.send("HeapProfiler.collectGarbage")
        notebook.page.wait_for_timeout(200)
    metrics = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
    session.detach()
    return tuple(int(metrics[name]) for name in KEPT)


def row(notebook: LabPage, process: int, runs: int, started: float) -> None:
    """Print one line of the table."""
    widgets = notebook.kernel("import gc; gc.collect(); print(len(_instances))")
    nodes, listeners = kept_by_the_page(notebook)
    pss = memory_of(process).pss
    print(f"{runs:4d} runs   kernel {pss:6.1f} MB ({pss - started:+5.1f})   {widgets:>4} widgets   "
          f"{nodes:6d} nodes   {listeners:6d} listeners", flush=True)


def measure(lab: Lab, times: int) -> None:
    """Run the cell again and again."""
    notebook = lab.open([PREPARE, CELL])
    notebook.run_all()
    playground = PlaygroundPage(notebook)
    playground.wait_for_pictures()
    live = notebook.kernel("len(_instances)")
    process = int(notebook.kernel(PROCESS))
    started = memory_of(process).pss
    row(notebook, process, 1, started)
    for number in range(2, times + 1):
        notebook.page.evaluate(
            "() => { jupyterapp.shell.currentWidget.content.activeCellIndex = 1; }"
        )
        notebook.command("notebook:run-cell")
        playground.wait_for_pictures()
        playground.wait_for_kernel("len(_instances)", live)
        if number % 10 == 0 or number == times:
            row(notebook, process, number, started)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=30, help="that the cell is run, 30 by default")
    given = parser.parse_args()
    with laboratory() as lab:
        measure(lab, given.times)


if __name__ == "__main__":
    main()
