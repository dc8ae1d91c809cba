"""Measure how long a learner waits: from the request for a kernel to the first picture of a graph.

Run ``python tests/benchmarks/bench_start.py``. As in ``bench_memory.py``, JupyterLab and kernel run
in the Python that ``GRADWIDGETS_LAB_PYTHON`` names. The page is open and has no kernel; then one is
asked for, the cell is run, and the first frame of the graph is waited for. Cold is the very first
kernel of a fresh home: no compiled layout module, no list of fonts. Medians of five. The kernel's
processor time tells cold from warm on a busy machine too.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.benchmarks.bench_live import laboratory  # noqa: E402
from tests.browser.lab import Lab  # noqa: E402
from tests.browser.playground_page import SHOW  # noqa: E402

REPETITIONS = 5

# Restart the kernel, which is asking for a new one, and run all cells; seconds to each of them.
START = """
async () => {
    const start = performance.now();
    const until = async (there) => {
        while (!there()) await new Promise(resolve => requestAnimationFrame(resolve));
        return (performance.now() - start) / 1000;
    };
    const panel = window.jupyterapp.shell.currentWidget;
    await panel.sessionContext.session.changeKernel({name: "python3"});
    await panel.sessionContext.session.kernel.info;
    const kernel = (performance.now() - start) / 1000;
    window.jupyterapp.commands.execute("notebook:run-all-cells");
    const root = () => document.querySelector(".gw-playground");
    const controls = await until(
        () => root()?.querySelector("[aria-label=Play]")?.getBoundingClientRect().width > 0);
    const graph = await until(() => root().querySelector(".gw-graph-root[data-frame]"));
    const pictures = await until(() => root().querySelectorAll("[data-frame]").length >= 3);
    return [kernel, controls, graph, pictures];
}
"""

PROCESSOR = "import time; print(time.process_time())"

NAMES = ("kernel answers", "controls on screen", "picture of the graph", "all three pictures",
         "  processor time of the kernel by then")


def start(lab: Lab) -> list[float]:
    """Return the seconds to each of NAMES, on a page that has loaded JupyterLab's own parts."""
    notebook = lab.open([SHOW.format("")])
    times = notebook.page.evaluate(START)
    times.append(float(notebook.kernel(PROCESSOR)))
    notebook.close()
    lab.pages.clear()
    return times


def main() -> None:
    """Measure with and without what the image has prepared."""
    with tempfile.TemporaryDirectory() as directory:
        home = Path(directory)
        os.environ["GRADWIDGETS_CACHE"] = str(home / "compiled")
        os.environ["MPLCONFIGDIR"] = str(home / "fonts")
        found: dict[str, list[list[float]]] = {"cold": [], "warm": []}
        with laboratory() as lab:
            start(lab)  # the browser's first page, and the files of the environment
            for _ in range(REPETITIONS):
                for name in ("compiled", "fonts"):
                    shutil.rmtree(home / name, ignore_errors=True)
                found["cold"].append(start(lab))
                found["warm"].append(start(lab))
    print(f"{'seconds from the request for a kernel until':<46}{'cold':>8}{'warm':>8}")
    for number, name in enumerate(NAMES):
        figures = [median(times[number] for times in found[which]) for which in found]
        print(f"{name:<46}{figures[0]:8.2f}{figures[1]:8.2f}")


if __name__ == "__main__":
    main()
