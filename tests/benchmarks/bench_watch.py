"""Measure what `watch` costs a loop; print one table.

Run ``python tests/benchmarks/bench_watch.py``. Figures are medians of seven repetitions.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import IPython.display  # noqa: E402
import numpy as np  # noqa: E402

from gradwidgets import SGD, Linear, MSELoss, Sequential, Sigmoid, Tanh, Tensor  # noqa: E402
from gradwidgets.views.watch import watch as watching  # noqa: E402

REPETITIONS = 7
LOSSES = 100_000
STEPS = 10_000


def best(measure: Callable[[], float]) -> float:
    """Return the median of some repetitions."""
    return median(measure() for _ in range(REPETITIONS))


def microseconds_of_a_step(loss: object) -> float:
    """Return what is added to a step when no frame is due."""
    run = watching.Run(iter(()), None, None, False)
    run.take(loss)
    run.end()
    run._resting, run._look_at = False, float("inf")

    def once() -> float:
        started = perf_counter()
        for _ in range(LOSSES):
            run.take(loss)
        return (perf_counter() - started) / LOSSES * 1e6

    return best(once)


def training_steps(count: int) -> object:
    """Yield the losses of the course's last network."""
    np.random.seed(0)
    x = Tensor([[0, 0], [0, 1], [1, 0], [1, 1]], autograd=True)
    target = Tensor([[0], [1], [0], [1]], autograd=True)
    model = Sequential([Linear(2, 3), Tanh(), Linear(3, 1), Sigmoid()])
    criterion, optimizer = MSELoss(), SGD(model.get_parameters(), alpha=0.1)
    for _ in range(count):
        loss = criterion.forward(model.forward(x), target)
        loss.backward(Tensor(np.ones_like(loss.data)))
        optimizer.step()
        yield loss


def seconds(losses: Callable[[], object]) -> float:
    """Return how long it takes to go through losses."""

    def once() -> float:
        started = perf_counter()
        for _ in losses():
            pass
        return perf_counter() - started

    return best(once)


def main() -> None:
    """Measure everything and print the table."""
    IPython.display.display = lambda _screen: None
    for name, loss in (("a tensor", Tensor([0.5])), ("a number", 0.5)):
        print(f"added to a step when no frame is due, {name}, µs   "
              f"{microseconds_of_a_step(loss):.2f}   bar < 5")
    alone = seconds(lambda: training_steps(STEPS))
    watching._page_is_there = lambda: True
    drawn = seconds(lambda: watching.watch(training_steps(STEPS)))
    print(f"{STEPS} steps of the last network, drawn against alone   {drawn / alone:.2f}")


if __name__ == "__main__":
    main()
