"""Run the whole suite again and again in the background, and keep a tally of the runs by commit.

    python tests/benchmarks/run_again.py [--times 8] [--busy 4] [--cores 0] [--random]
    python tests/benchmarks/run_again.py --tally

It works on a clone of the present commit with an environment of its own, so that the checkout can
be worked on meanwhile; both are kept below ``test-results/again`` and used by the next call of the
same commit. The first run is of all tests, the others leave out those that install environments.
``--busy`` runs beside so many processes that never rest, ``--cores`` on these processors alone
(Linux), ``--random`` in a random order. ``--wait`` stays in the foreground. Each run adds a line to
``test-results/again/tally.jsonl``: when and how it ran, what passed and failed, in how many
seconds, and which processes it has left behind.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import subprocess
import sys
import time
import venv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import psutil

ROOT = Path(__file__).resolve().parents[2]
HOME = ROOT / "test-results" / "again"
TALLY = HOME / "tally.jsonl"

ONCE = ["-m", "not installs"]  # what installs environments needs no second run of the same commit
NEVER_RESTS = "while True: pass"
PR_SET_CHILD_SUBREAPER = 36  # Linux: processes that lose their parent become children of this one
A_MOMENT = 5.0  # seconds in which a process that was told to end may do so


@dataclass(frozen=True)
class Run:
    """One run of the suite, as the tally keeps it.

    Attributes
    ----------
    commit, began : str
        The commit that was tested, and when, in UTC.
    kind : str
        How it ran: ``"quiet"``, ``"4 busy"``, ``"cores 0"``, ``"random"``, or several of these.
    whole : bool
        Whether the tests that install environments were among them.
    passed : int
    failed : list of str
        The names of the tests that failed, or ended in an error.
    seconds : float
    left : list of str
        The command lines of processes that were still there afterwards.
    code : int
        Pytest's exit code.
    """

    commit: str
    began: str
    kind: str
    whole: bool
    passed: int
    failed: list[str]
    seconds: float
    left: list[str]
    code: int

    @property
    def is_green(self) -> bool:
        """Whether everything passed and nothing was left behind."""
        return self.code == 0 and not self.failed and not self.left


def clone_of(commit: str) -> tuple[Path, Path]:
    """Return a clone of a commit and the Python of its environment; make both where missing."""
    checkout, environment = HOME / commit / "gradwidgets", HOME / commit / "environment"
    python = environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not checkout.exists():
        subprocess.run(["git", "clone", "--quiet", ROOT, checkout], check=True)
        subprocess.run(["git", "-C", checkout, "checkout", "--quiet", commit], check=True)
    if not (environment / "complete").exists():
        venv.create(environment, with_pip=True)
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, ".[test]"], cwd=checkout, check=True)
        (environment / "complete").touch()
    return checkout, python


@contextmanager
def busy(count: int) -> Iterator[None]:
    """Keep so many processes running that never rest."""
    running = [subprocess.Popen([sys.executable, "-c", NEVER_RESTS]) for _ in range(count)]
    try:
        yield
    finally:
        for process in running:
            process.kill()
            process.wait()


def run(
    commit: str, kind: str, options: Sequence[str], cores: Sequence[int], others: int
) -> Run:
    """Run the suite once on a clone of `commit`, beside `others` busy processes."""
    checkout, python = clone_of(commit)
    report = HOME / commit / "report.xml"
    report.unlink(missing_ok=True)
    command = [str(python), "-m", "pytest", "-q", f"--junit-xml={report}", *options]
    environ = {name: value for name, value in os.environ.items()
               if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    began, started = datetime.now(UTC), time.monotonic()
    with busy(others), (HOME / commit / "output.txt").open("ab") as output:
        process = subprocess.Popen(command, cwd=checkout, env=environ, stdin=subprocess.DEVNULL,
                                   stdout=output, stderr=output)
        if cores:
            psutil.Process(process.pid).cpu_affinity(list(cores))
        code = process.wait()
    seconds = time.monotonic() - started
    passed, failed = results(report)
    return Run(commit, began.isoformat(timespec="seconds"), kind, "-m" not in options, passed,
               failed, round(seconds, 1), left_behind(), code)


def results(report: Path) -> tuple[int, list[str]]:
    """Read pytest's report: how many tests passed, and the names of those that did not."""
    if not report.exists():
        return 0, ["no report"]
    passed, failed = 0, []
    for case in ElementTree.parse(report).iter("testcase"):
        if case.find("failure") is None and case.find("error") is None:
            passed += 1
        else:
            failed.append(f"{case.get('classname')}::{case.get('name')}")
    return passed, failed


def adopt_orphans() -> None:
    """Become the parent of processes below this one that lose theirs (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)


def left_behind() -> list[str]:
    """Return the command lines of what still runs below this process, and end it."""
    found = psutil.Process().children(recursive=True)
    _, alive = psutil.wait_procs(found, timeout=A_MOMENT)
    lines = []
    for process in alive:
        try:
            lines.append(" ".join(process.cmdline())[:200])
            process.kill()
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(alive, timeout=A_MOMENT)
    return lines


def print_tally() -> None:
    """Print the runs of each commit, oldest first."""
    lines = TALLY.read_text(encoding="utf-8").splitlines() if TALLY.exists() else []
    runs = [Run(**json.loads(line)) for line in lines]
    if not runs:
        print(f"No run yet: {TALLY} is empty.")
    for commit in dict.fromkeys(run.commit for run in runs):
        these = [run for run in runs if run.commit == commit]
        print(f"{commit[:10]}: {sum(run.is_green for run in these)} of {len(these)} runs green")
        for one in these:
            word = "green" if one.is_green else f"NOT GREEN (exit {one.code})"
            scope = "" if one.whole else ", without installations"
            print(f"  {one.began}  {one.kind:<14} {one.passed:>6} passed  {one.seconds:7.1f} s  "
                  f"{word}{scope}")
            for name in one.failed:
                print(f"      failed: {name}")
            for line in one.left:
                print(f"      left running: {line}")


def in_background() -> int:
    """Start this call again as a process that outlives the terminal; return its id."""
    HOME.mkdir(parents=True, exist_ok=True)
    with (HOME / "background.txt").open("ab") as output:
        command = [sys.executable, __file__, *sys.argv[1:], "--wait"]
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                                   start_new_session=True)
    return process.pid


def main() -> int:
    """Run as often as asked; return 1 when any run was not green."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=8, help="how many runs, 8 by default")
    parser.add_argument("--busy", type=int, default=0, metavar="N", help="beside N busy processes")
    parser.add_argument("--cores", type=int, nargs="+", default=[], help="on these alone")
    parser.add_argument("--random", action="store_true", help="in a random order")
    parser.add_argument("--again", action="store_true", help="leave installations out at once")
    parser.add_argument("--wait", action="store_true", help="stay in the foreground")
    parser.add_argument("--tally", action="store_true", help="print the runs so far")
    given = parser.parse_args()
    if given.tally:
        print_tally()
        return 0
    if not given.wait:
        print(f"process {in_background()}; see --tally, and {HOME}")
        return 0
    kinds = [f"{given.busy} busy"] * bool(given.busy)
    kinds += ["cores " + ",".join(map(str, given.cores))] * bool(given.cores)
    kinds += ["random"] * given.random
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True,
                            check=True).stdout.strip()
    adopt_orphans()
    green = True
    for number in range(given.times):
        options = ONCE if number or given.again else []
        options = [*options, *(["-p", "randomly"] if given.random else [])]
        one = run(commit, " and ".join(kinds) or "quiet", options, given.cores, given.busy)
        with TALLY.open("a", encoding="utf-8") as tally:
            tally.write(json.dumps(asdict(one)) + "\n")
        green = green and one.is_green
    return 0 if green else 1


if __name__ == "__main__":
    sys.exit(main())
