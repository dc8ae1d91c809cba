"""Small seeded data sets: class numbers or real targets, and the inputs made from the points.

Every data set comes from a ``numpy.random.Generator`` of its own, never from NumPy's global
state. The positions are drawn before the noise, and as many numbers whatever the noise is: so a
noise slider disturbs one and the same picture instead of shuffling a new one each time.

Source: the formulas of TensorFlow Playground, ``src/dataset.ts``.
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

import numpy as np

Task: TypeAlias = Literal["classification", "regression"]

Domain: TypeAlias = tuple[float, float, float, float]
"""What a picture should show: x_min, x_max, y_min, y_max. Of a curve, y is the target's axis."""

N_POINTS = 500
"""Points of each data set but the table, train and test together."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """Points, what they should become, and which of them are for training.

    Attributes
    ----------
    points : ndarray of shape (n, n_raw)
        Raw coordinates, before the inputs (x1², sin x1, ...) are made from them.
    labels : ndarray of shape (n,)
        Class numbers (integers from 0) or real targets (floats).
    train, test : ndarray of int
        Row numbers; together every row once. `test` may be empty.
    """

    name: str
    task: Task
    points: np.ndarray
    labels: np.ndarray
    train: np.ndarray
    test: np.ndarray
    domain: Domain
    n_classes: int = 2

    @property
    def n_raw(self) -> int:
        """Coordinates of a point: 2 for a map, 1 for a curve."""
        return int(self.points.shape[1])


@dataclass(frozen=True, slots=True)
class DatasetInfo:
    """What a menu and a spec need to know of a data set without drawing it.

    `suits` holds the changes to a spec that let a learner see this data set being learnt in about
    the same time as the others (rates measured at one epoch a frame).
    """

    name: str
    title: str
    description: str
    task: Task
    n_raw: int
    inputs: tuple[str, ...]
    domain: Domain
    suits: MappingProxyType[str, Any]
    draw: Callable[[np.random.Generator, float], tuple[np.ndarray, np.ndarray]]
    n_classes: int = 2
    fixed: bool = False


INPUTS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "x1": lambda points: points[:, 0],
    "x2": lambda points: points[:, 1],
    "x1²": lambda points: points[:, 0] ** 2,
    "x2²": lambda points: points[:, 1] ** 2,
    "x1x2": lambda points: points[:, 0] * points[:, 1],
    "sin x1": lambda points: np.sin(points[:, 0]),
    "sin x2": lambda points: np.sin(points[:, 1]),
}
"""Input name -> function from points of shape (n, n_raw) to one column of shape (n,)."""

INPUTS_OF_ONE = ("x1", "x1²", "sin x1")
"""The inputs that need the first coordinate only."""


def make_inputs(points: np.ndarray, inputs: tuple[str, ...]) -> np.ndarray:
    """Return the network's inputs, shape (n, len(inputs)), for points of shape (n, n_raw)."""
    return np.stack([INPUTS[name](points) for name in inputs], axis=1)


def make_dataset(name: str, noise: float = 0, train_share: float = 50, seed: int = 0) -> Dataset:
    """Draw the data set `name`.

    Parameters
    ----------
    noise : percent, 0 to 50
    train_share : percent of the points that are trained on; the others are the test set
    seed : seed of the points, the noise and the choice of training points

    Raises
    ------
    ValueError
        If there is no such data set.
    """
    info = DATASETS.get(name)
    if info is None:
        raise ValueError(f"data set: received {name!r}; choose one of {', '.join(DATASETS)}")
    rng = np.random.default_rng(seed)
    points, labels = info.draw(rng, noise / 100)
    n = len(points)
    if info.fixed:
        train, test = np.arange(n), np.arange(0)
    else:
        order = rng.permutation(n)
        n_train = round(n * train_share / 100)
        train, test = order[:n_train], order[n_train:]
    return Dataset(name, info.task, points, labels, train, test, info.domain, info.n_classes)


def _table(rng: np.random.Generator, noise: float) -> tuple[np.ndarray, np.ndarray]:
    points = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    return points, points[:, 1].astype(int)


def _xor(rng: np.random.Generator, noise: float) -> tuple[np.ndarray, np.ndarray]:
    points = rng.uniform(-5, 5, (N_POINTS, 2))
    points += np.where(points > 0, 0.3, -0.3)
    moved = points + rng.uniform(-5, 5, (N_POINTS, 2)) * noise
    return points, (moved[:, 0] * moved[:, 1] >= 0).astype(int)


def _circle(rng: np.random.Generator, noise: float) -> tuple[np.ndarray, np.ndarray]:
    half = N_POINTS // 2
    radius = np.concatenate([rng.uniform(0, 2.5, half), rng.uniform(3.5, 5, half)])
    angle = rng.uniform(0, 2 * np.pi, N_POINTS)
    points = np.stack([radius * np.sin(angle), radius * np.cos(angle)], axis=1)
    moved = points + rng.uniform(-5, 5, (N_POINTS, 2)) * noise
    return points, (np.hypot(moved[:, 0], moved[:, 1]) < 2.5).astype(int)


def _gauss(rng: np.random.Generator, noise: float) -> tuple[np.ndarray, np.ndarray]:
    half = N_POINTS // 2
    variance = 0.5 + (4 - 0.5) * noise / 0.5
    labels = np.repeat([1, 0], half)
    centres = np.where(labels == 1, 2.0, -2.0)[:, None]
    return centres + rng.standard_normal((N_POINTS, 2)) * np.sqrt(variance), labels


def _spiral(rng: np.random.Generator, noise: float) -> tuple[np.ndarray, np.ndarray]:
    half = N_POINTS // 2
    along = np.tile(np.arange(half) / half, 2)
    labels = np.repeat([1, 0], half)
    radius = 5 * along
    angle = 1.75 * 2 * np.pi * along + np.where(labels == 1, 0.0, np.pi)
    points = np.stack([radius * np.sin(angle), radius * np.cos(angle)], axis=1)
    return points + rng.uniform(-1, 1, (N_POINTS, 2)) * noise, labels


def _sine(rng: np.random.Generator, noise: float) -> tuple[np.ndarray, np.ndarray]:
    points = rng.uniform(-np.pi, np.pi, (N_POINTS, 1))
    return points, np.sin(points[:, 0]) + rng.uniform(-1, 1, N_POINTS) * noise


_SQUARE = (-6.0, 6.0, -6.0, 6.0)
_ALL = tuple(INPUTS)


def _suits(**changes: Any) -> MappingProxyType[str, Any]:
    """Fill in what most data sets share, so that a change of data leaves nothing behind."""
    shared = {"inputs": ("x1", "x2"), "layers": ((4, "Tanh"),), "output_activation": "Tanh",
              "loss": "MSELoss", "reduction": "mean", "optimizer": "SGD", "batch_size": 10}
    return MappingProxyType(shared | changes)


DATASETS: dict[str, DatasetInfo] = {info.name: info for info in (
    DatasetInfo(
        "table", "Seed table", "Four rows of zeros and ones; the target is the second input.",
        "classification", 2, _ALL, (-0.5, 1.5, -0.5, 1.5),
        _suits(layers=((3, "Tanh"),), output_activation="Sigmoid", reduction="sum",
               batch_size=4, learning_rate=0.03),
        _table, fixed=True),
    DatasetInfo(
        "xor", "Exclusive or", "Two opposite quarters of the square against the other two.",
        "classification", 2, _ALL, _SQUARE,
        _suits(layers=((4, "Tanh"), (4, "Tanh")), learning_rate=0.003), _xor),
    DatasetInfo(
        "circle", "Circle", "A disc inside a ring.",
        "classification", 2, _ALL, _SQUARE, _suits(learning_rate=0.01), _circle),
    DatasetInfo(
        "gauss", "Two clouds", "Two clouds of points that a straight line separates.",
        "classification", 2, _ALL, _SQUARE, _suits(learning_rate=0.0003), _gauss),
    DatasetInfo(
        "spiral", "Spiral", "Two arms wound around each other; the hardest of these.",
        "classification", 2, _ALL, _SQUARE,
        _suits(inputs=("x1", "x2", "sin x1", "sin x2"), layers=((8, "Tanh"), (8, "Tanh")),
               learning_rate=0.01),
        _spiral),
    DatasetInfo(
        "sine", "Sine", "One period of a sine; real targets of one variable.",
        "regression", 1, INPUTS_OF_ONE, (-3.5, 3.5, -1.6, 1.6),
        _suits(inputs=("x1",), layers=((8, "Tanh"),), output_activation="Linear",
               learning_rate=0.03),
        _sine),
)}
"""Name -> what is known of the data set; the one source of the menu's entries."""
