"""Measure how long the first action takes after a notebook with a playground is opened again.

Run ``python tests/benchmarks/bench_reopen.py``; figures are medians of nine, with the least and the
most, from the click in the page to the changed step in its status line.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.benchmarks.bench_live import laboratory, row  # noqa: E402
from tests.browser.lab import LabPage  # noqa: E402
from tests.browser.playground_page import SHOW, PlaygroundPage  # noqa: E402

REPETITIONS = 9

# Press a button as soon as it is there, as it may stand; the times until it is, and until the step
# in the status line is another one.
FIRST_ACTION = """
async (name) => {
    const start = performance.now();
    const until = async (there) => {
        let found;
        while (!(found = there())) await new Promise(resolve => requestAnimationFrame(resolve));
        return found;
    };
    const line = () => document.querySelector(".gw-playground .gw-status-line")?.textContent;
    const button = await until(() => {
        const one = document.querySelector(`.gw-playground [aria-label="${name}"]`);
        return line() && one?.getBoundingClientRect().width > 0 && !one.disabled && one;
    });
    const pressed = performance.now();
    const before = line();
    button.click();
    await until(() => line() !== before);
    return [pressed - start, performance.now() - pressed];
}
"""


def reopened(notebook: LabPage) -> None:
    """Close the notebook's tab, and open the file again; its kernel lives on."""
    notebook.command("docmanager:save")
    notebook.page.evaluate("() => jupyterapp.shell.currentWidget.dispose()")
    notebook.command("docmanager:open", path=notebook.name)


def reloaded(notebook: LabPage) -> None:
    """Load the page again."""
    notebook.command("docmanager:save")
    notebook.page.reload(wait_until="commit")
    notebook.page.wait_for_function("() => window.jupyterapp?.shell?.currentWidget?.content")


def restarted(notebook: LabPage) -> None:
    """Restart the kernel and run all cells."""
    session = "jupyterapp.shell.currentWidget.sessionContext.session"
    notebook.page.evaluate(f"() => {session}.kernel.restart()")
    notebook.wait_until_ready()
    notebook.page.evaluate("() => { jupyterapp.commands.execute('notebook:run-all-cells'); }")


WAYS: dict[str, Callable[[LabPage], None]] = {
    "tab closed and opened again": reopened,
    "page loaded again": reloaded,
    "kernel restarted, all cells run": restarted,
}


def first_actions(notebook: LabPage, again: Callable[[LabPage], None], name: str) -> list[float]:
    """Return the milliseconds of the first action, each time after opening it `again`."""
    times = []
    for _ in range(REPETITIONS):
        again(notebook)
        times.append(notebook.page.evaluate(FIRST_ACTION, name)[1])
        playground = PlaygroundPage(notebook)
        if name == "Play":
            playground.pause()
        playground.wait_for_pictures()
    return times


def main() -> None:
    """Measure every way of opening it again, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.parse_args()
    with laboratory() as lab:
        notebook = lab.open([SHOW.format("")])
        notebook.run_all()
        PlaygroundPage(notebook).wait_for_pictures()
        for way, again in WAYS.items():
            for name in ("Step", "Play"):
                times = first_actions(notebook, again, name)
                figure = f"{median(times):.0f} ({min(times):.0f} to {max(times):.0f})"
                row(f"{way}: {name} to another step, ms", figure, "≤ 300")


if __name__ == "__main__":
    main()
