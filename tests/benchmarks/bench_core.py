"""Measure the framework against hand-derived NumPy; print ratios from one run.

Run ``python tests/benchmarks/bench_core.py``. Every ratio is the median of the ratios of short
repetitions taken in turns, so that a busy machine slows both sides alike. Matrix products run on
one thread; the garbage collector stays on.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from inspect import isfunction
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
# Threads that wait for each other on a busy machine would be all that is measured.
os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np  # noqa: E402

from gradwidgets.core import SGD, Linear, MSELoss, Sequential, Sigmoid, Tanh, Tensor  # noqa: E402
from gradwidgets.core.ops import OPS  # noqa: E402
from tests.benchmarks.numpy_rival import Rival  # noqa: E402

REPETITIONS = 31
ALPHA = 0.1


def in_turns(
    candidates: dict[str, Callable[[], float]], repetitions: int = REPETITIONS
) -> dict[str, list[float]]:
    """Return for each candidate what it reports, repetition by repetition, taken in turns."""
    for measure in candidates.values():
        measure()
    taken: dict[str, list[float]] = {name: [] for name in candidates}
    for _ in range(repetitions):
        for name, measure in candidates.items():
            taken[name].append(measure())
    return taken


def ratio(these: list[float], those: list[float]) -> float:
    """Return the median of the ratios of repetitions that followed each other."""
    return median(this / that for this, that in zip(these, those, strict=True))


def seconds_per_call(function: Callable[[], object], calls: int) -> float:
    """Return the time of one call, averaged over some."""
    start = perf_counter()
    for _ in range(calls):
        function()
    return (perf_counter() - start) / calls


# -- training steps -----------------------------------------------------------------------------


def make_task(widths: list[int], samples: int) -> tuple[list[np.ndarray], np.ndarray, np.ndarray]:
    """Return initial weights and biases, inputs, and targets from 0 to 1."""
    rng = np.random.default_rng(0)
    parameters = []
    for n_inputs, n_outputs in zip(widths, widths[1:]):
        parameters.append(rng.standard_normal((n_inputs, n_outputs)) * np.sqrt(1 / n_inputs))
        parameters.append(np.zeros(n_outputs))
    x = rng.standard_normal((samples, widths[0]))
    return parameters, x, rng.uniform(size=(samples, widths[-1]))


def our_step(parameters, x, target, alpha) -> Callable[[], object]:
    """Return one training step in plain use of the framework."""
    model = Sequential()
    for weight in parameters[::2]:
        model.add(Linear(*weight.shape))
        model.add(Tanh())
    model.layers[-1] = Sigmoid()
    for parameter, initial in zip(model.get_parameters(), parameters):
        parameter.data[...] = initial
    criterion = MSELoss()
    optimizer = SGD(model.get_parameters(), alpha=alpha)
    x, target = Tensor(x), Tensor(target)
    ones = np.ones(target.shape[1])
    loss = None

    def step():
        nonlocal loss
        pred = model.forward(x)
        loss = criterion.forward(pred, target)
        loss.backward(ones)
        optimizer.step()
        return loss.data

    return step


def torch_step(parameters, x, target, alpha) -> Callable[[], object]:
    """Return the same step in PyTorch, eager, one thread."""
    import torch

    torch.set_num_threads(1)
    weights = [torch.tensor(parameter, requires_grad=True) for parameter in parameters]
    x, target = torch.tensor(x), torch.tensor(target)
    optimizer = torch.optim.SGD(weights, lr=alpha)

    def step():
        h = x
        for weight, bias in zip(weights[:-2:2], weights[1:-2:2]):
            h = torch.tanh(h @ weight + bias)
        y = torch.sigmoid(h @ weights[-2] + weights[-1])
        difference = y - target
        loss = (difference * difference).sum(0)
        optimizer.zero_grad()
        loss.backward(torch.ones_like(loss))
        optimizer.step()
        return loss.detach().numpy()

    return step


def autograd_step(parameters, x, target, alpha) -> Callable[[], object]:
    """Return the same step in HIPS autograd."""
    import autograd.numpy as anp
    from autograd import value_and_grad

    weights = [parameter.copy() for parameter in parameters]

    def loss_of(weights):
        h = x
        for weight, bias in zip(weights[:-2:2], weights[1:-2:2]):
            h = anp.tanh(anp.dot(h, weight) + bias)
        y = 1 / (1 + anp.exp(-(anp.dot(h, weights[-2]) + weights[-1])))
        difference = y - target
        return anp.sum(difference * difference)

    gradient_of = value_and_grad(loss_of)

    def step():
        loss, gradients = gradient_of(weights)
        for weight, gradient in zip(weights, gradients):
            weight -= alpha * gradient
        return loss

    return step


def micrograd_step(parameters, x, target, alpha) -> Callable[[], object]:
    """Return the same step in micrograd, number by number; 1 / (1 + e^-x) is tanh there, scaled."""
    from micrograd.engine import Value

    def tanh(value):
        result = Value(np.tanh(value.data), (value,), "tanh")

        def backward():
            value.grad += (1 - result.data**2) * result.grad

        result._backward = backward
        return result

    weights = [
        np.vectorize(Value, otypes=[object])(parameter) for parameter in parameters
    ]

    def step():
        h = x
        for weight, bias in zip(weights[:-2:2], weights[1:-2:2]):
            h = np.vectorize(tanh, otypes=[object])(h @ weight + bias)
        z = h @ weights[-2] + weights[-1]
        y = np.vectorize(tanh, otypes=[object])(z * 0.5) * 0.5 + 0.5
        difference = y - target
        loss = (difference * difference).sum()
        for weight in weights:
            for value in weight.ravel():
                value.grad = 0
        loss.backward()
        for weight in weights:
            for value in weight.ravel():
                value.data -= alpha * value.grad
        return loss.data

    return step


TASKS = [
    ("4×2, 2-3-1", [2, 3, 1], 4, 1.0, 2.6, 100, ("torch", "autograd", "micrograd")),
    ("32×2, 2-16-16-1", [2, 16, 16, 1], 32, 0.01, 2.1, 60, ("torch", "autograd")),
    ("256×64, 64-128-64-10", [64, 128, 64, 10], 256, 0.001, 1.4, 5, ("torch", "autograd")),
]
OTHERS = {"torch": torch_step, "autograd": autograd_step, "micrograd": micrograd_step}


def training_rows() -> None:
    for title, widths, samples, alpha, bar, calls, compared in TASKS:
        parameters, x, target = make_task(widths, samples)
        rival = Rival(parameters, alpha)
        steps = {
            "rival": partial(rival.step, x, target),
            "ours": our_step(parameters, x, target, alpha),
        }
        missing = []
        for name in compared:
            try:
                steps[name] = OTHERS[name](parameters, x, target, alpha)
            except ImportError:
                missing.append(name)
        # All sides must do the same work before their time means anything.
        losses = {name: np.sum([step() for _ in range(3)][-1]) for name, step in steps.items()}
        assert np.allclose(list(losses.values()), losses["rival"], rtol=1e-8), losses
        taken = in_turns(
            {
                name: partial(seconds_per_call, step, 3 if name == "micrograd" else calls)
                for name, step in steps.items()
            }
        )
        ratios = {name: ratio(seconds, taken["rival"]) for name, seconds in taken.items()}
        notes = [f"{median(taken['ours']) * 1e6:.0f} µs"]
        notes += [f"{name} {ratios[name]:.1f}" for name in compared if name in ratios]
        notes += [f"{name} not installed" for name in missing]
        print_row(f"training step, {title}", ratios["ours"], bar, ", ".join(notes))


# -- leaves that change in place ----------------------------------------------------------------


def set_keeping(on: bool) -> None:
    """Let operations keep fingerprints of the leaves that rules read, or not."""
    for method in (member for base in Tensor.__mro__ for member in vars(base).values()):
        while isfunction(method):
            cells = dict(zip(method.__code__.co_freevars, method.__closure__ or ()))
            if "reads" in cells:
                reads = any(OPS[cells["name"].cell_contents].readers)
                cells["reads"].cell_contents = on and reads
            # What stands around another one: ``2 * tensor``.
            method = cells["method"].cell_contents if "method" in cells else None


def keeping_rows() -> None:
    """Compare a training step with one that would not notice a leaf that changes in place."""
    for title, widths, samples, alpha, _, calls, _ in TASKS:
        step = our_step(*make_task(widths, samples), alpha)

        def seconds(on: bool, step=step, calls=calls) -> float:
            set_keeping(on)
            step()
            start = process_time()
            for _ in range(calls):
                step()
            return (process_time() - start) / calls

        # Three in a row, since a machine that slows down or hurries up would favour one side.
        taken = in_turns(
            {"before": partial(seconds, False), "on": partial(seconds, True),
             "after": partial(seconds, False)}, 101,
        )  # fmt: skip
        off = [(before + after) / 2 for before, after in zip(taken["before"], taken["after"])]
        cost = (median(taken["on"]) - median(off)) * 1e6
        print_row(f"noticing changed leaves, {title}", ratio(taken["on"], off), 1.03,
                  f"{cost:.1f} µs")  # fmt: skip
    set_keeping(True)


# -- long chains --------------------------------------------------------------------------------


def chain_row() -> None:
    def backward_per_op(length: int) -> float:
        rounds = 100_000 // length
        seconds = 0.0
        for _ in range(rounds):
            y = x = Tensor(np.ones(3), autograd=True)
            for _ in range(length):
                y = -y
            start = perf_counter()
            y.backward(np.ones(3))
            seconds += perf_counter() - start
            del x, y
        return seconds / (length * rounds)

    lengths = {"short": 1_000, "long": 100_000}
    taken = in_turns({name: partial(backward_per_op, n) for name, n in lengths.items()}, 9)
    microseconds = [f"{median(seconds) * 1e6:.2f}" for seconds in taken.values()]
    print_row(
        "backward per op, chain of 100,000 against 1,000",
        ratio(taken["long"], taken["short"]),
        2,
        " and ".join(microseconds) + " µs",
    )


# -- imports ------------------------------------------------------------------------------------


def import_rows() -> None:
    # Compiled files as an installed package has them; the first, unmeasured round writes them.
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": tempfile.mkdtemp()}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)

    def import_time(module: str) -> float:
        """Return the milliseconds that `module` takes in a fresh interpreter after numpy."""
        code = (
            "import numpy, time; start = time.perf_counter(); "
            f"import {module}; print((time.perf_counter() - start) * 1000)"
        )
        ran = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True,
            env=environment,
        )  # fmt: skip
        return float(ran.stdout)

    modules = ["gradwidgets.core", "gradwidgets"]
    taken = in_turns({name: partial(import_time, name) for name in modules}, 9)
    for module, milliseconds in taken.items():
        print_row(f"import {module}, ms above numpy", median(milliseconds), 30, "")
    shutil.rmtree(environment["PYTHONPYCACHEPREFIX"])


def print_row(what: str, figure: float, bar: float, note: str) -> None:
    """Print one line of the table."""
    print(f"{what:<50} {figure:6.3f}   bar {bar:<4}  {note}", flush=True)


if __name__ == "__main__":
    training_rows()
    keeping_rows()
    chain_row()
    import_rows()
