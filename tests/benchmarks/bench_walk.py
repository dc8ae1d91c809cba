"""Measure the walk: from a key press to the new picture, and a long pass.

Run it with ``python -m tests.benchmarks.bench_walk``. It starts a JupyterLab and a browser, takes a
minute, and prints a table.
"""

from __future__ import annotations

import json
import time
from statistics import median

from tests.benchmarks.bench_live import laboratory, row
from tests.browser.lab import Lab, LabPage

# Layers of three parameters each until there are as many tensors, and a loss.
NETWORK = """
import time
import numpy as np
from gradwidgets import BackwardStepper, Tensor
random = np.random.default_rng(0)
x = Tensor(random.normal(size=(10, 4)))
target = Tensor(random.normal(size=(10, 4)))
h = x
for _ in range({layers}):
    w = Tensor(random.normal(size=(4, 4)) / 2, autograd=True)
    b = Tensor(np.zeros(4), autograd=True)
    h = (h.mm(w) + b).tanh()
loss = ((h - target) * (h - target)).mean()
started = time.perf_counter()
stepper = BackwardStepper(loss)
built = time.perf_counter() - started
stepper
"""

# Press a key, and wait until slider, sentence and picture show the next step; in milliseconds.
PRESS = """
async ([key, times]) => {
    const root = document.querySelector(".gw-stepper");
    const slider = root.querySelector("input[type=range]");
    const picture = root.querySelector(".gw-graph-root");
    const sentence = root.querySelector(".gw-sentence");
    const state = () => [slider.getAttribute("aria-valuetext"), picture.dataset.frame,
        sentence.textContent];
    const results = [];
    for (let i = 0; i < times; i += 1) {
        const before = state();
        const start = performance.now();
        sentence.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true}));
        while (state().some((one, index) => one === before[index]))
            await new Promise(resolve => requestAnimationFrame(resolve));
        results.push(performance.now() - start);
        await new Promise(resolve => setTimeout(resolve, 60));
    }
    return results;
}
"""


def shown(lab: Lab, layers: int) -> tuple[LabPage, float]:
    """Open a stepper, and return its page and the seconds from running the cell to the picture."""
    notebook = lab.open([NETWORK.format(layers=layers)])
    started = time.monotonic()
    notebook.run_all()
    notebook.page.locator(".gw-stepper [data-node]").first.wait_for(state="attached", timeout=60_000)
    return notebook, time.monotonic() - started


def main() -> None:
    """Measure everything and print the table."""
    with laboratory() as lab:
        for layers, name, bar in ((7, "at 40 nodes", "≤ 50"), (99, "in a pass of 500 steps", "–")):
            notebook, seconds = shown(lab, layers)
            nodes, steps, built = json.loads(notebook.kernel(
                "import json\n"
                "print(json.dumps([len(stepper.walk.graph.nodes), len(stepper.tour), built]))"
            ))
            print(f"{nodes} nodes, {steps} steps")
            row("cell run to picture, s", f"{seconds:.2f}", "–")
            row("of it building the walk, s", f"{built:.3f}", "–")
            times = notebook.page.evaluate(PRESS, ["ArrowRight", 25])
            row(f"key press to new picture {name}, ms", f"{median(times):.0f}", bar)
            row("the slowest of 25, ms", f"{max(times):.0f}", "–")
            kernel = float(notebook.kernel(
                "stepper.picture.ready = lambda: True\n"
                "a = time.perf_counter()\n"
                "for _ in range(20):\n    stepper.next()\n"
                "print((time.perf_counter() - a) / 20 * 1000)"
            ))
            row("of it in the kernel, ms", f"{kernel:.1f}", "–")
            notebook.close()
            lab.pages.clear()


if __name__ == "__main__":
    main()
