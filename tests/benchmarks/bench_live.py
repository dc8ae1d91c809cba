"""Measure the playground in a real JupyterLab and Chromium; print one table from one run.

Run ``python tests/benchmarks/bench_live.py``, with ``--soak`` for the memory of five minutes (six
and a half minutes more). Figures are medians of at least seven repetitions.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import sync_playwright  # noqa: E402

from tests.browser import chromium  # noqa: E402
from tests.browser.lab import Lab, LabPage, LabServer, lab_python  # noqa: E402
from tests.browser.playground_page import SHOW, PlaygroundPage, open_playground  # noqa: E402
from tests.browser.slow_line import SlowLine  # noqa: E402

REPETITIONS = 7
FAST = "as fast as possible"
NO_DELAY, WIDE = 0.0, 1e9

# In the page: how many frames each picture shows in some milliseconds.
COUNT_FRAMES = """
async (ms) => {
    const pictures = [...document.querySelectorAll(".gw-graph-root, .gw-image")];
    const counts = pictures.map(() => 0);
    const observers = pictures.map((picture, i) => {
        const observer = new MutationObserver(() => { counts[i] += 1; });
        observer.observe(picture, {attributes: true, attributeFilter: ["data-frame"]});
        return observer;
    });
    await new Promise(resolve => setTimeout(resolve, ms));
    observers.forEach(observer => observer.disconnect());
    return counts;
}
"""

# Press Pause; the time to the last change of any picture, once none has come for a while.
PAUSE = """
async (quiet) => {
    const root = document.querySelector(".gw-playground");
    let last = 0;
    const observer = new MutationObserver(() => { last = performance.now(); });
    for (const picture of root.querySelectorAll(".gw-graph-root, .gw-image"))
        observer.observe(picture, {attributes: true, attributeFilter: ["data-frame"]});
    const start = performance.now();
    root.querySelector("[aria-label=Pause]").click();
    const over = () => performance.now() - Math.max(last, start) > quiet
        && root.querySelector("[aria-label=Play]");
    while (!over()) await new Promise(resolve => setTimeout(resolve, 20));
    observer.disconnect();
    return last - start;
}
"""

# Run all cells; the times to the buttons and to the last of the three pictures.
APPEARANCE = """
async () => {
    const start = performance.now();
    const app = window.jupyterapp;
    app.commands.execute("notebook:run-all-cells");
    const until = async (there) => {
        while (!there()) await new Promise(resolve => requestAnimationFrame(resolve));
        return performance.now() - start;
    };
    const widgets = await until(() => document.querySelector(
        ".gw-playground [aria-label=Play]")?.getBoundingClientRect().width > 0
        && document.querySelector(".gw-playground [aria-label='Add layer']"));
    const pictures = await until(
        () => document.querySelectorAll(".gw-playground [data-frame]").length >= 3);
    return [widgets, pictures];
}
"""

STEPS = "import asyncio, time; t = playground.trainer"
LIVE = f"""{STEPS}
a, n = time.perf_counter(), t.step_count
await asyncio.sleep(2)
print((t.step_count - n) / (time.perf_counter() - a))"""
ALONE = f"""{STEPS}
from gradwidgets import Trainer
other = Trainer(t.spec)
other.train(500)
a = time.perf_counter()
while time.perf_counter() - a < 1:
    other.train(250)
print((other.step_count - 500) / (time.perf_counter() - a))"""
MEMORY = "import psutil; print(psutil.Process().memory_info().rss / 2**20)"


@contextmanager
def laboratory() -> Iterator[Lab]:
    """Start a JupyterLab and a browser."""
    with tempfile.TemporaryDirectory() as directory, sync_playwright() as playwright:
        server = LabServer(Path(directory) / "lab", lab_python())
        browser = playwright.chromium.launch(
            executable_path=chromium.provide(), args=chromium.launch_arguments()
        )
        try:
            server.wait_until_ready()
            lab = Lab(server, browser.new_context())
            yield lab
            lab.close()
        finally:
            browser.close()
            server.stop()


def appearance(lab: Lab) -> tuple[float, float]:
    """Return the seconds from running a cell to its widgets, and to its pictures."""
    times = []
    for _ in range(REPETITIONS + 1):
        notebook = lab.open([SHOW.format("")])
        times.append(notebook.page.evaluate(APPEARANCE))
        notebook.close()
        lab.pages.clear()
    times = times[1:]  # the first page loads JupyterLab's own parts
    return median(t[0] for t in times) / 1000, median(t[1] for t in times) / 1000


def frames_and_training(playground: PlaygroundPage) -> tuple[list[float], float]:
    """Return the frames a second of each picture, and live training against training alone."""
    counts, ratios = [], []
    playground.field("Speed").select_option(FAST)
    for _ in range(REPETITIONS):
        alone = float(playground.kernel(ALONE))
        playground.play()
        playground.wait_for_step(playground.status().step + 100)
        counts.append(playground.page.evaluate(COUNT_FRAMES, 3000))
        ratios.append(float(playground.kernel(LIVE)) / alone)
        playground.pause()
    return [median(column) / 3 for column in zip(*counts, strict=True)], median(ratios)


def pause_latency(playground: PlaygroundPage, quiet: int) -> float:
    """Return the milliseconds from pressing Pause to the last frame, at full speed."""
    playground.field("Speed").select_option(FAST)
    times = []
    for _ in range(REPETITIONS):
        playground.play()
        playground.page.wait_for_timeout(2000 + quiet)
        times.append(playground.page.evaluate(PAUSE, quiet))
    return median(times)


def other_cells(notebook: LabPage, playground: PlaygroundPage) -> float:
    """Return the milliseconds that `1+1` takes in another cell during training."""
    playground.field("Speed").select_option(FAST)
    playground.play()
    times = []
    for _ in range(2 * REPETITIONS):
        notebook.run_cell("1+1")
        times.append(notebook.last_cell_ms)
    playground.pause()
    return median(times)


def memory(playground: PlaygroundPage, minutes: float) -> float:
    """Return by how many MB the kernel grows in some minutes, after the first one."""
    playground.field("Speed").select_option(FAST)
    playground.play()
    playground.page.wait_for_timeout(60_000)
    before = float(playground.kernel(MEMORY))
    playground.page.wait_for_timeout(60_000 * minutes)
    growth = float(playground.kernel(MEMORY)) - before
    playground.pause()
    return growth


def row(what: str, figure: str, bar: str) -> None:
    """Print one line of the table."""
    print(f"{what:<66} {figure:>22}   bar {bar}", flush=True)


def main() -> None:
    """Measure everything and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--soak", action="store_true", help="also watch the memory for 6 minutes")
    given = parser.parse_args()
    started = time.monotonic()
    with laboratory() as lab:
        widgets, pictures = appearance(lab)
        row("cell run to widgets on screen, s", f"{widgets:.2f}", "≤ 1.2")
        row("cell run to all pictures, s", f"{pictures:.2f}", "≤ 3")
        playground = open_playground(lab)
        rates, ratio = frames_and_training(playground)
        row("frames a second: graph, loss, output", " ".join(f"{r:.1f}" for r in rates), "≥ 15 each")
        row("steps a second live, against train(n) without screen", f"{ratio:.2f}", "≥ 0.5")
        row("Pause to last frame, ms", f"{pause_latency(playground, 400):.0f}", "≤ 150")
        cells = other_cells(playground.notebook, playground)
        row("1+1 in another cell while training, ms", f"{cells:.0f}", "≤ 150")
        with SlowLine(lab.server.port, NO_DELAY, WIDE) as line:
            far = open_playground(lab, port=line.port)
            line.change(0.15, 2e6)
            row("the same, 150 ms each way and 2 Mbit/s, ms", f"{pause_latency(far, 1500):.0f}",
                "≤ 1000")
            line.change(NO_DELAY, WIDE)
            far.notebook.close()
            lab.pages.remove(far.notebook)
        if given.soak:
            row("kernel memory growth in 5 minutes, MB", f"{memory(playground, 5):.1f}", "≤ 5")
    print(f"measured in {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
