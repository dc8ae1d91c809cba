"""Make things go wrong around a playground, one after the other; say of each what came of it.

Run ``python tests/benchmarks/bench_faults.py [NAME ...]``; Linux only. Each trial has a notebook of
its own in a real JupyterLab and Chromium. It ends well when afterwards the page does what it is
asked for, the kernel answers, and nothing that was trained is lost but by the fault itself. One
line a trial: ``ok`` or ``short`` with what was seen; the exit code is 1 when any is short.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Error, expect

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.benchmarks.bench_live import FAST, NO_DELAY, WIDE, laboratory  # noqa: E402
from tests.benchmarks.bench_memory import PROCESS  # noqa: E402
from tests.browser.lab import CellError, Lab  # noqa: E402
from tests.browser.playground_page import PlaygroundPage, open_playground  # noqa: E402
from tests.browser.slow_line import SlowLine  # noqa: E402

PAUSED = 10  # seconds for which something stands still

OWN = """
import gradwidgets as gw

class Mine:
    def __init__(self):
        self.inner = gw.Sequential([gw.Linear(2, 3), gw.Tanh(), gw.Linear(3, 1)])
        self.fault = None
    def forward(self, x):
        if self.fault is not None:
            self.fault()
        return self.inner.forward(x)
    def get_parameters(self):
        return self.inner.get_parameters()

def fall(error):
    raise error

def endless():
    while True:
        pass

def recurse():
    recurse()

model = Mine()
playground = gw.Playground(
    model=model, criterion=gw.MSELoss(),
    optimizer=gw.SGD(model.get_parameters(), alpha=0.01),
    data=gw.Tensor([[0, 0], [0, 1], [1, 0], [1, 1]]), target=gw.Tensor([[0], [1], [1], [0]]),
)
playground
"""

NONSENSE = (None, "text", [1], {"ack": "x"}, {"ack": float("inf")}, {"page": None}, {"hello": {}},
            {"do": "close"}, {"set": "learning_rate", "value": "nan"}, {"n": -1})  # fmt: skip

TRIALS: dict[str, Callable[[Lab], None]] = {}


def trial(function: Callable[[Lab], None]) -> Callable[[Lab], None]:
    """Enter a trial under its name; its docstring says what is right."""
    TRIALS[function.__name__] = function
    return function


def training(lab: Lab, **options: object) -> PlaygroundPage:
    """Return a playground that trains as fast as it can."""
    playground = open_playground(lab, **options)
    playground.field("Speed").select_option(FAST)
    playground.play()
    playground.wait_for_step(500)
    return playground


def own_model(lab: Lab) -> PlaygroundPage:
    """Return a playground that trains a model of the learner's own."""
    notebook = lab.open([OWN])
    notebook.run_all()
    playground = PlaygroundPage(notebook)
    playground.wait_for_pictures()
    playground.play()
    playground.wait_for_step(50)
    return playground


def still_works(playground: PlaygroundPage) -> None:
    """Hold that the page trains and pauses, shows the kernel's step, and the kernel answers."""
    step = playground.status().step
    if playground.button("Play").count():
        playground.play()
    playground.wait_for_step(step + 50)
    playground.pause()
    playground.wait_until_still()
    assert str(playground.status().step) == playground.kernel("playground.trainer.step_count")
    assert playground.notebook.run_cell("6 * 7") == "42"


def breaks(playground: PlaygroundPage, fault: str, words: str) -> None:
    """Let the learner's model fall over; hold that it is said, and that all goes on once mended."""
    playground.kernel(f"model.fault = lambda: {fault}")
    expect(playground.alert()).to_contain_text(re.compile(words))
    expect(playground.button("Play")).to_be_visible()
    playground.button("Step").click()
    expect(playground.alert()).to_contain_text(re.compile(words))
    playground.kernel("model.fault = None")
    still_works(playground)


@trial
def forward_raises(lab: Lab) -> None:
    """The error stands on the page; mended, training goes on."""
    breaks(own_model(lab), "fall(ValueError('fell over'))", "ValueError: fell over")


@trial
def forward_exits(lab: Lab) -> None:
    """The kernel lives; the page says SystemExit."""
    breaks(own_model(lab), "fall(SystemExit(1))", "SystemExit")


@trial
def forward_raises_an_interrupt(lab: Lab) -> None:
    """The kernel lives; the page says KeyboardInterrupt."""
    breaks(own_model(lab), "fall(KeyboardInterrupt())", "KeyboardInterrupt|interrupt")


@trial
def forward_quits(lab: Lab) -> None:
    """The kernel lives; the page says what quit() did."""
    breaks(own_model(lab), "quit()", "SystemExit|quit|exit")


@trial
def forward_recurses(lab: Lab) -> None:
    """The error stands on the page."""
    breaks(own_model(lab), "recurse()", "RecursionError")


@trial
def forward_never_ends(lab: Lab) -> None:
    """Kernel, Interrupt stops it; the page says so; mended, training goes on."""
    playground = own_model(lab)
    playground.kernel("model.fault = endless")
    playground.page.wait_for_timeout(1000)
    playground.notebook.interrupt()
    expect(playground.button("Play")).to_be_visible()
    playground.kernel("model.fault = None")
    still_works(playground)


@trial
def interrupted_five_times(lab: Lab) -> None:
    """Training pauses; a cell answers; it goes on."""
    playground = training(lab)
    for _ in range(5):
        playground.notebook.interrupt()
    expect(playground.button("Play")).to_be_visible()
    still_works(playground)


@trial
def a_cell_blocks_the_kernel(lab: Lab) -> None:
    """The pictures go on after it."""
    playground = training(lab)
    assert playground.notebook.run_cell("import time; time.sleep(8); 'awake'") == "'awake'"
    still_works(playground)


@trial
def the_kernel_stands_still(lab: Lab) -> None:
    """A computer that slept: everything goes on."""
    playground = training(lab)
    process = int(playground.kernel(PROCESS))
    os.kill(process, signal.SIGSTOP)
    time.sleep(PAUSED)
    os.kill(process, signal.SIGCONT)
    still_works(playground)


@trial
def the_server_stands_still(lab: Lab) -> None:
    """Everything goes on."""
    playground = training(lab)
    os.kill(lab.server.process.pid, signal.SIGSTOP)
    time.sleep(PAUSED)
    os.kill(lab.server.process.pid, signal.SIGCONT)
    still_works(playground)


@trial
def the_page_is_frozen(lab: Lab) -> None:
    """A browser that saves energy: frames are not piled up, and the newest is shown."""
    playground = training(lab)
    devtools = playground.page.context.new_cdp_session(playground.page)
    devtools.send("Page.setWebLifecycleState", {"state": "frozen"})
    time.sleep(PAUSED)
    devtools.send("Page.setWebLifecycleState", {"state": "active"})
    still_works(playground)


@trial
def the_page_is_reloaded(lab: Lab) -> None:
    """Training goes on where it was."""
    playground = training(lab)
    playground.notebook.command("docmanager:save")
    step = playground.status().step
    playground.notebook.reload()
    playground.wait_for_pictures()
    playground.wait_for_step(step + 50)
    still_works(playground)


@trial
def the_kernel_is_killed(lab: Lab) -> None:
    """JupyterLab starts another; run again, the playground is there."""
    playground = training(lab)
    os.kill(int(playground.kernel(PROCESS)), signal.SIGKILL)
    page = playground.page
    dialog = page.locator(".jp-Dialog").get_by_role("button", name=re.compile("Ok", re.I))
    dialog.click(timeout=60_000)
    playground.notebook.wait_until_ready()
    playground.notebook._kernel.close()
    playground.notebook._kernel = None
    playground.notebook.run_all()
    playground.wait_for_pictures()
    still_works(playground)


@trial
def run_again_while_it_trains(lab: Lab) -> None:
    """Thirty times: the last one works."""
    playground = training(lab)
    for _ in range(30):
        playground.notebook.run_all()
    playground.wait_for_pictures()
    still_works(playground)


@trial
def the_line_is_silent(lab: Lab) -> None:
    """After twenty seconds it catches up."""
    cut(lab, break_off=False)


@trial
def the_line_is_broken(lab: Lab) -> None:
    """After twenty seconds it catches up."""
    cut(lab, break_off=True)


def cut(lab: Lab, break_off: bool) -> None:
    """Cut the line between page and server for a while."""
    with SlowLine(lab.server.port, NO_DELAY, WIDE) as line:
        playground = training(lab, port=line.port)
        line.cut(break_off)
        time.sleep(2 * PAUSED)
        line.restore()
        dialog = playground.page.locator(".jp-Dialog")
        if dialog.count():
            dialog.get_by_role("button").last.click()
        step = int(playground.kernel("playground.trainer.step_count"))
        playground.wait_for_step(step)
        still_works(playground)
        playground.notebook.close()
        lab.pages.clear()


@trial
def the_page_talks_nonsense(lab: Lab) -> None:
    """Messages that no page of ours sends change nothing."""
    playground = training(lab)
    playground.kernel(
        "from contextlib import suppress\n"
        "from math import inf\n"
        "for widget in (playground.screens.output, playground.screens.graph):\n"
        f"    for content in {NONSENSE!r}:\n"
        "        with suppress(Exception):  # ipywidgets writes it into the log\n"
        "            widget._receive(widget, content, [])\n"
    )
    still_works(playground)


@trial
def numbers_explode(lab: Lab) -> None:
    """The last good weights are kept, and a lower rate goes on."""
    playground = open_playground(lab)
    playground.kernel("playground.set_spec(gradwidgets.Spec.suited('sine', layers=[(8, 'ReLU')],"
                      " learning_rate=10))")
    playground.button("Play").click()
    playground.button("Try 0.01").click()
    still_works(playground)


@trial
def a_task_of_the_learners_fails(lab: Lab) -> None:
    """Training does not notice."""
    playground = training(lab)
    playground.notebook.run_cell("import asyncio\nasync def fail(): raise ValueError\n"
                                 "failing = asyncio.get_running_loop().create_task(fail())")
    still_works(playground)


@trial
def the_theme_changes_all_the_time(lab: Lab) -> None:
    """Pictures follow, and nothing is lost."""
    playground = training(lab)
    for theme in ("dark", "light", "dark", "light"):
        playground.notebook.set_theme(theme)
    still_works(playground)


@trial
def nothing_can_be_written(lab: Lab) -> None:
    """A full disk, as far as the notebook's own folder goes: the playground does not need one."""
    notebook = lab.open(["import os, tempfile\nos.chdir(folder := tempfile.mkdtemp())\n"
                         "os.rmdir(folder)\nimport gradwidgets\n"
                         "playground = gradwidgets.Playground()\nplayground"])
    notebook.run_all()
    playground = PlaygroundPage(notebook)
    playground.wait_for_pictures()
    still_works(playground)


def run(name: str, lab: Lab) -> bool:
    """Run one trial and print its line; tell whether it ended well."""
    started = time.monotonic()
    seen = ""
    try:
        TRIALS[name](lab)
    except (AssertionError, CellError, Error, TimeoutError, RuntimeError) as error:
        lines = str(error).strip().splitlines() or [type(error).__name__]
        seen = f"{lines[0]}: {lines[-1]}"[:200] + f" / {TRIALS[name].__doc__}"
    for page in lab.pages:
        page.close()
    lab.pages.clear()
    words = f"short: {seen}" if seen else "ok"
    print(f"{name:<32} {time.monotonic() - started:6.1f} s  {words}", flush=True)
    return not seen


def main() -> int:
    """Run the trials that are named, or all."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(TRIALS))
    given = parser.parse_args()
    unknown = [name for name in given.names if name not in TRIALS]
    if unknown:
        parser.error(f"no trial is called {unknown[0]}; choose of {', '.join(TRIALS)}")
    with laboratory() as lab:
        results = [run(name, lab) for name in given.names or TRIALS]
    print(f"{sum(results)} of {len(results)} ended well")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
