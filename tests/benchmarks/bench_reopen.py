"""Measure how long the first action takes after a notebook with a playground is opened again.

Run ``python tests/benchmarks/bench_reopen.py``; figures are medians of nine, with the least and the
most, from the click in the page to the changed step in its status line. It is pressed as soon as
the button is there, and up to two seconds later: at first, what draws is still being loaded.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import expect  # noqa: E402

from tests.benchmarks.bench_live import laboratory, row  # noqa: E402
from tests.browser.lab import LabPage  # noqa: E402
from tests.browser.playground_page import SHOW, PlaygroundPage  # noqa: E402

REPETITIONS = 9
PATIENCE = 2250  # ms, in which it is pressed sooner or later

# Press a button some milliseconds after it is there; the time until what is asked for is seen:
# another step in the status line, or a walk.
FIRST_ACTION = """
async ([name, wait]) => {
    const until = async (there) => {
        let found;
        while (!(found = there())) await new Promise(resolve => requestAnimationFrame(resolve));
        return found;
    };
    const line = () => document.querySelector(".gw-playground .gw-status-line")?.textContent;
    const walk = () => Boolean(document.querySelector(".gw-playground .gw-sentence"));
    const seen = name === "Walk this step" ? walk : line;
    const button = await until(() => {
        const one = document.querySelector(`.gw-playground [aria-label="${name}"]`);
        return line() && one?.getBoundingClientRect().width > 0 && !one.disabled && one;
    });
    await new Promise(resolve => setTimeout(resolve, wait));
    const pressed = performance.now();
    const before = seen();
    button.click();
    await until(() => seen() !== before);
    return performance.now() - pressed;
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
    playground = PlaygroundPage(notebook)
    for turn in range(REPETITIONS):
        if name == "Walk this step":
            playground.button("Step").click()
            expect(playground.button(name)).to_be_enabled()
        again(notebook)
        times.append(notebook.page.evaluate(FIRST_ACTION, [name, turn * PATIENCE / REPETITIONS]))
        if name == "Play":
            playground.pause()
        elif name == "Walk this step":
            playground.button("Back to training").click()
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
            for name in ("Step", "Play", "Walk this step"):
                if again is restarted and name == "Walk this step":
                    continue  # no step has been taken then
                times = first_actions(notebook, again, name)
                figure = f"{median(times):.0f} ({min(times):.0f} to {max(times):.0f})"
                row(f"{way}: {name}, ms", figure, "≤ 300")
        notebook.take_errors()  # JupyterLab's, on the debugger of a notebook that was closed


if __name__ == "__main__":
    main()
