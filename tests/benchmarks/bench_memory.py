"""Measure what one learner takes of a machine's memory: a real kernel, JupyterLab and Chromium.

Run ``python tests/benchmarks/bench_memory.py [--minutes 2]``; Linux only. JupyterLab and kernel run
in the Python that ``GRADWIDGETS_LAB_PYTHON`` names, if any: for Binder's image, in the environment
``DIRECTORY/binder`` that ``tests/old_environment/run.py --environment DIRECTORY`` makes. What a
page needs in the browser is the learner's own memory and not counted. The figures for a class are
in ``binder/jupyterhub.yaml``.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.benchmarks.bench_live import FAST, laboratory  # noqa: E402
from tests.browser.lab import Lab, lab_python  # noqa: E402
from tests.browser.playground_page import SHOW, PlaygroundPage  # noqa: E402

BAR = 150  # MB of a kernel with everything loaded, where the layout module is compiled already
PROCESS = "import os; print(os.getpid())"


@dataclass(frozen=True)
class Memory:
    """A process' memory in MB: in all, with shared pages counted in part, and its own alone."""

    rss: float
    pss: float
    own: float

    def __str__(self) -> str:
        return f"RSS {self.rss:6.1f}   PSS {self.pss:6.1f}   private {self.own:6.1f} MB"


def memory_of(process: int) -> Memory:
    """Return the memory of a process, from what Linux knows of its pages."""
    text = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii")
    kilobytes = {name: int(size) for name, size in re.findall(r"^(\w+):\s+(\d+) kB", text, re.M)}
    own = kilobytes["Private_Clean"] + kilobytes["Private_Dirty"]
    return Memory(*(n * 1024 / 1e6 for n in (kilobytes["Rss"], kilobytes["Pss"], own)))


def processor_share(process: int, page: object, seconds: float = 10.0) -> float:
    """Return which part of one processor a process uses for some seconds, in percent."""

    def used() -> int:
        fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return int(fields[11]) + int(fields[12])

    before, started = used(), time.monotonic()
    page.wait_for_timeout(seconds * 1000)
    ticks = (used() - before) / (time.monotonic() - started)
    return 100 * ticks / os.sysconf("SC_CLK_TCK")


def row(what: str, memory: Memory, bar: str = "") -> None:
    """Print one line of the table."""
    print(f"{what:<58} {memory}   {bar}", flush=True)


def kernel(lab: Lab, name: str, minutes: float) -> None:
    """Print the memory of a kernel, from its start to some minutes of training."""
    notebook = lab.open([SHOW.format("")])
    process = int(notebook.kernel(PROCESS))
    row(f"{name}: kernel just started", memory_of(process))
    notebook.run_all()
    playground = PlaygroundPage(notebook)
    playground.wait_for_pictures()
    row(f"{name}: playground and its three pictures shown", memory_of(process), f"bar ≤ {BAR}")
    if minutes > 1:
        shares = []
        for speed in (None, FAST):
            if speed:
                playground.field("Speed").select_option(speed)
            playground.play()
            shares.append(processor_share(process, playground.page))
            playground.pause()
        print(f"{name}: part of one processor, playing at the speed it has at first, and at full "
              f"speed   {shares[0]:.0f} %, {shares[1]:.0f} %")
    playground.field("Speed").select_option(FAST)
    playground.play()
    playground.page.wait_for_timeout(minutes * 60_000)
    row(f"{name}: after {minutes:g} minutes of training", memory_of(process), f"bar ≤ {BAR}")
    playground.pause()
    notebook.close()
    lab.pages.clear()


def measure(name: str, cache: Path, minutes: float) -> None:
    """Print the table for one cache directory."""
    os.environ["GRADWIDGETS_CACHE"] = str(cache)
    with laboratory() as lab:
        row(f"{name}: JupyterLab's server just started", memory_of(lab.server.process.pid))
        kernel(lab, name, minutes)
        row(f"{name}: JupyterLab's server then", memory_of(lab.server.process.pid))


def main() -> None:
    """Measure with and without the compiled module on disk."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=2, help="of training, 2 by default")
    given = parser.parse_args()
    versions = ("import json, sys\n"
                "from importlib.metadata import version\n"
                "print(json.dumps([sys.version.split()[0]] + [f'{n} {version(n)}' for n in "
                "('jupyterlab', 'ipykernel', 'numpy', 'matplotlib', 'wasmtime')]))")
    done = subprocess.run([lab_python(), "-c", versions], capture_output=True, text=True, check=True)
    print("Python", *json.loads(done.stdout), sep=", ")
    with tempfile.TemporaryDirectory() as directory:
        cache = Path(directory) / "cache"
        measure("cold", cache, minutes=0.1)
        assert list(cache.iterdir()), "the first kernel has kept no compiled module"
        measure("warm", cache, given.minutes)


if __name__ == "__main__":
    main()
