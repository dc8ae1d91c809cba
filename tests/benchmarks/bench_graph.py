"""Measure the graph in a real JupyterLab and Chromium: live updates, and large graphs.

Run it with ``python -m tests.benchmarks.bench_graph``. It takes two minutes and prints a table.
Figures are medians of five repetitions.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

from playwright.sync_api import CDPSession, WebSocket

from tests.benchmarks.bench_live import laboratory, row
from tests.browser.lab import Lab, LabPage

REPETITIONS = 5
SECONDS = 4

# A network of 40 nodes that is trained while its graph is shown, so that every number changes.
LIVE = """
import asyncio, time
import numpy as np
import gradwidgets as gw
rng = np.random.default_rng(0)
x, target = gw.Tensor(rng.normal(size=(4, 2))), gw.Tensor(rng.normal(size=(4, 2)))
parts = [gw.Linear(2, 2, rng=rng) if i % 2 == 0 else gw.Tanh() for i in range(13)]
model = gw.Sequential(parts)
optimizer = gw.SGD(model.get_parameters(), alpha=0.05)
def forward():
    loss = gw.MSELoss(reduction="mean")(model(x), target)
    loss.backward()
    return loss
loss = forward()
view = gw.GraphView(loss, detail="operations")
async def live(seconds, rate):
    await asyncio.sleep(0.5)
    start, n, cost = time.perf_counter(), 0, 0.0
    while time.perf_counter() - start < seconds:
        optimizer.step()
        loss = forward()
        before = time.perf_counter()
        view.update(loss)
        cost += time.perf_counter() - before
        n += 1
        await asyncio.sleep(max(0.002, start + n / rate - time.perf_counter()))
    return n / seconds, cost / n * 1000
view
"""

# Operations in a chain, each of them with a parameter of its own.
LARGE = """
import time
import numpy as np
import gradwidgets as gw
h = gw.Tensor(np.ones(2), autograd=True)
for i in range({steps}):
    h = (h * gw.Tensor([1.0, 0.999], autograd=True)).tanh()
loss = h.sum()
loss.backward()
"""
# A picture before it: JupyterLab and the layout program have loaded their parts.
WARM = "import gradwidgets as gw\ngw.GraphView(gw.Tensor([1.0], autograd=True) * 2)"

# Measure from now on: the milliseconds to the first picture, and the longest that the page stood
# still meanwhile and in the second after.
WAIT_FOR_GRAPH = """
() => {
    const nodes = () => document.querySelectorAll(".gw-graph-root [data-node]").length;
    const before = nodes(), start = performance.now();
    let longest = 0, last = start;
    const beat = async () => {
        await new Promise(resolve => requestAnimationFrame(resolve));
        const now = performance.now();
        longest = Math.max(longest, now - last);
        last = now;
    };
    window.measured = (async () => {
        while (nodes() === before) await beat();
        await beat();
        const shown = performance.now() - start;
        while (performance.now() - start < shown + 1000) await beat();
        return [shown, longest, nodes() - before];
    })();
}
"""


class Traffic:
    """Counts the bytes that a page receives over its web sockets."""

    def __init__(self) -> None:
        self.received = 0

    def watch(self, socket: WebSocket) -> None:
        socket.on("framereceived", self._count)

    def _count(self, payload: str | bytes) -> None:
        self.received += len(payload)


def busy_seconds(cdp: CDPSession) -> float:
    """Return the time that the page's main thread has used so far, without waiting for others."""
    metrics = cdp.send("Performance.getMetrics")["metrics"]
    return next(m["value"] for m in metrics if m["name"] == "ThreadTime")


@contextmanager
def opened(lab: Lab, cells: list[str]) -> Iterator[tuple[LabPage, Traffic, CDPSession]]:
    """Open a notebook, run it, and reload it so that its web sockets are counted."""
    notebook = lab.open(cells)
    traffic = Traffic()
    notebook.page.on("websocket", traffic.watch)
    notebook.reload()
    cdp = notebook.page.context.new_cdp_session(notebook.page)
    cdp.send("Performance.enable")
    notebook.run_all()
    notebook.page.locator(".gw-graph-root [data-node]").first.wait_for()
    yield notebook, traffic, cdp
    notebook.close()
    lab.pages.remove(notebook)


def frames_shown(notebook: LabPage) -> int:
    return int(notebook.page.locator(".gw-graph-root").first.get_attribute("data-frame"))


def live(lab: Lab, rate: float) -> None:
    """Measure a graph of 40 nodes whose tensor is updated `rate` times a second."""
    with opened(lab, [LIVE]) as (notebook, traffic, cdp):
        nodes = notebook.kernel("len(view.picture.graph.nodes)")
        figures = []
        for _ in range(REPETITIONS):
            notebook.start_cell(f"told = await live({SECONDS}, {rate})")
            notebook.page.wait_for_timeout(900)  # the cell's own output is on the page
            before = frames_shown(notebook), traffic.received, busy_seconds(cdp)
            notebook.page.wait_for_timeout(2500)
            after = frames_shown(notebook), traffic.received, busy_seconds(cdp)
            shown, received, busy = ((b - a) / 2.5 for a, b in zip(before, after, strict=True))
            asked, cost = json.loads(notebook.kernel("list(told)", 30))
            figures.append((asked, shown, received / 1000, 100 * busy, cost))
        asked, shown, kilobytes, busy, cost = (median(column) for column in zip(*figures))
        row(f"a graph of {nodes} nodes: updates a second asked for", f"{asked:.1f}", "–")
        row("updates a second shown", f"{shown:.1f}", "≥ 30")
        row("kB a second to the page", f"{kilobytes:.0f}", "≤ 60")
        row("% of the page's main thread", f"{busy:.0f}", "≤ 35")
        row("ms of an update in the kernel", f"{cost:.1f}", "–")


def large(lab: Lab, steps: int, detail: str, bar: str) -> None:
    """Measure from running a cell to the picture of a graph with about 3 · `steps` nodes."""
    show = f"view = gw.GraphView(loss, detail={detail!r})\nview"
    figures = []
    for _ in range(REPETITIONS):
        notebook = lab.open([WARM, LARGE.format(steps=steps)])
        notebook.run_all()
        notebook.page.locator(".gw-graph-root [data-node]").nth(2).wait_for(timeout=60_000)
        notebook.page.evaluate(WAIT_FOR_GRAPH)
        notebook.start_cell(show)
        figures.append(notebook.page.evaluate("window.measured"))
        nodes = notebook.kernel("len(view.picture.graph.nodes)")
        notebook.close()
        lab.pages.clear()
    shown, longest, boxes = (median(column) for column in zip(*figures))
    row(f"{nodes} nodes in {boxes:.0f} boxes ({detail}), cell run to picture, s",
        f"{shown / 1000:.2f}", bar)
    row("the longest that the page stood still, ms", f"{longest:.0f}", "–")


def main() -> None:
    """Measure everything and print the table."""
    with laboratory() as lab:
        live(lab, 30)
        large(lab, 331, "operations", "≤ 1")
        large(lab, 3333, "auto", "≤ 2")


if __name__ == "__main__":
    main()
