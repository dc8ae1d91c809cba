"""Pieces of code that are run with the learner's names and with ours, and then compared."""

from __future__ import annotations

import linecache
import sys
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias, TypeGuard

import numpy as np

from gradwidgets.core.types import Foreign

HERE = str(Path(__file__).resolve().parent.parent)
TOLERANCE = 1e-6  # relative; learners' formulas may round differently
NO_GRADIENT = "no gradient"  # where a case looks at one: not an error in the learner's code
STEP = 1e-5  # of central differences: the error is of its square, about 1e-10

Names: TypeAlias = Mapping[str, Foreign]
"""What the code of a case finds, or has left, by its name."""

Numbers: TypeAlias = float | Sequence["Numbers"] | np.ndarray
"""A number, nested lists of them, or an array."""

Plain: TypeAlias = bool | str | int | float | np.ndarray | tuple["Plain", ...] | None
"""A value that can be compared and sent."""


@dataclass(frozen=True)
class Case:
    """One thing to try.

    Attributes
    ----------
    code : str
        Lines of Python; they find the names that the exercise gives.
    compare : tuple of str
        Expressions that are evaluated afterwards, in this order.
    raises : bool
        Whether the code has to raise an error.
    why : str
        What to say when it goes wrong; by default what was got and expected tells enough.
    root : str
        The tensor whose graph is shown when it goes wrong.
    gradient : Gradient or None
        What is held against central differences.
    """

    code: str
    compare: tuple[str, ...] = ()
    raises: bool = False
    why: str = ""
    root: str = ""
    gradient: Gradient | None = None


@dataclass(frozen=True)
class Gradient:
    """How to compute a case's gradients from its values alone.

    Attributes
    ----------
    inputs : dict of str to array
        The tensors that gradients arrive at, and their data.
    make : str
        How a tensor is made of data: "Tensor({}, autograd=True)".
    forward : str
        Lines that compute `root` from the inputs.
    root : str
    weights : array
        The gradient that is sent into `root`, of its shape.
    """

    inputs: Mapping[str, np.ndarray]
    make: str
    forward: str
    root: str
    weights: np.ndarray


def gradient_case(
    inputs: Mapping[str, Numbers],
    forward: str,
    root: str,
    weights: Numbers,
    make: str = "Tensor({}, autograd=True)",
    why: str = "",
) -> Case:
    """Return a case that computes `root`, sends a gradient into it, and looks at the leaves.

    Parameters
    ----------
    inputs : mapping of str to numbers
        The data of the leaves.
    forward : str
        Lines that compute `root` from them.
    weights : numbers
        The gradient that is sent in, of the shape of `root`.
    make : str
        How a leaf is made; the gradient that is sent in is one of the same class.
    """
    data = {name: np.array(value) for name, value in inputs.items()}
    made = [f"{name} = {make.format(written(value))}" for name, value in data.items()]
    sent = np.array(weights)
    tensor = make.partition("(")[0]
    code = "\n".join([*made, forward, f"{root}.backward({tensor}({written(sent)}))"])
    return Case(
        code,
        (f"{root}.data", *(f"{name}.grad.data" for name in data)),
        why=why,
        root=root,
        gradient=Gradient(data, make, forward, root, sent),
    )


def written(value: Numbers) -> str:
    """Return an array as a learner would write it: nested lists of short numbers."""
    array = np.asarray(value)
    if array.dtype.kind == "f":
        array = np.round(array, 3)
    return repr(array.tolist())


@dataclass(frozen=True)
class Trouble:
    """An error that code has raised.

    `line` is the learner's own line, with its number in its cell; empty when the error came from
    our own lines.
    """

    kind: str
    message: str
    line: str = ""

    def __str__(self) -> str:
        return f"{self.kind}: {self.message}" if self.message else self.kind


@dataclass(frozen=True)
class Seen:
    """What came of a case: the values of its expressions, up to the first error."""

    values: tuple[Plain, ...]
    trouble: Trouble | None = None


def observe(case: Case, names: Names) -> tuple[Seen, Names]:
    """Run a case; return what came of it, and the variables it has left.

    Random numbers are the same each time, and none of the learner's are used up.
    """
    space: dict[str, Any] = {"np": np, **names}
    values: list[Plain] = []
    try:
        with np.errstate(all="ignore"), _random_numbers_aside():
            exec(compile(case.code, "<tried>", "exec"), space)  # our own code, not the learner's
            for expression in case.compare:
                tensor = expression.removesuffix(".grad.data")
                if tensor != expression and eval(f"{tensor}.grad", space) is None:
                    absent = Trouble(NO_GRADIENT, f"`{tensor}.grad` is `None`")
                    return Seen(tuple(values), absent), space
                values.append(plain(eval(expression, space)))
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        return Seen(tuple(values), trouble_of(error)), space
    return Seen(tuple(values)), space


@contextmanager
def _random_numbers_aside() -> Iterator[None]:
    outside = np.random.get_state()
    np.random.seed(0)
    try:
        yield
    finally:
        np.random.set_state(outside)


def plain(value: Foreign) -> Plain:
    """Return a value as plain data that can be compared and sent."""
    if value is None or isinstance(value, (bool, str, int, float)):
        return value
    if isinstance(value, np.ndarray) and value.dtype.kind in "biuf":
        return value
    if isinstance(value, np.generic):
        number: Plain = value.item()
        return number
    if isinstance(value, (list, tuple)):
        return tuple(plain(part) for part in value)
    data = getattr(value, "data", None)
    if isinstance(data, np.ndarray):
        return f"{type(value).__name__}({data.tolist()})"
    return f"<{type(value).__name__}>" if not isinstance(value, type) else value.__name__


def trouble_of(error: BaseException) -> Trouble:
    """Return an error with the learner's line, the last one of the traceback that is theirs."""
    line = ""
    for frame in traceback.extract_tb(error.__traceback__):
        if _is_ours(frame.filename):
            continue
        text = frame.line or linecache.getline(frame.filename, frame.lineno or 0).strip()
        if text:
            line = f"line {frame.lineno}: {text}"
    message = str(error)
    if isinstance(error, RecursionError):
        message = "a method calls itself again and again, without an end"
    return Trouble(type(error).__name__, message, line)


def _is_ours(filename: str) -> bool:
    """Whether code is not the learner's: of this package, a library, or a case."""
    if filename.startswith("<") and not filename.startswith("<ipython"):
        return True
    libraries = (HERE, sys.base_prefix, sys.prefix)
    return filename.startswith(libraries) or "site-packages" in filename


def same(one: Plain, other: Plain) -> bool:
    """Whether two plain values are equal, up to rounding."""
    if isinstance(one, np.ndarray) or isinstance(other, np.ndarray):
        if not _numeric(one) or not _numeric(other) or np.shape(one) != np.shape(other):
            return False
        return bool(np.allclose(one, other, rtol=TOLERANCE, atol=1e-9, equal_nan=True))
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if _numeric(one) and _numeric(other) and not isinstance(one, bool | np.bool_):
        return bool(np.isclose(one, other, rtol=TOLERANCE, atol=1e-9, equal_nan=True))
    return type(one) is type(other) and one == other


def _numeric(value: Plain) -> TypeGuard[float | np.ndarray]:
    return isinstance(value, (bool, int, float, np.ndarray))


def alike(one: Seen, other: Seen) -> bool:
    """Whether two observations tell of the same behaviour."""
    if not _troubles_alike(one.trouble, other.trouble):
        return False
    return len(one.values) == len(other.values) and all(map(same, one.values, other.values))


def _troubles_alike(one: Trouble | None, other: Trouble | None) -> bool:
    if one is None or other is None:
        return one is other
    if one.kind != other.kind and one.message != other.message:
        return False
    # What is not there is another mistake than what is of the wrong kind.
    return ("NoneType" in one.message) == ("NoneType" in other.message)


def told(value: Plain) -> str:
    """Return a plain value as the learner reads it."""
    if isinstance(value, np.ndarray):
        shown = np.array2string(value, separator=", ", precision=4, suppress_small=True)
        return f"{shown}" if value.size else f"{shown} of shape {value.shape}"
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, tuple):
        return "[" + ", ".join(map(told, value)) + "]"
    return value if isinstance(value, str) and value.startswith("<") else repr(value)


def numeric_gradients(gradient: Gradient, names: Names) -> dict[str, np.ndarray]:
    """Return the gradient of every input by central differences of the learner's own forward pass.

    Raises whatever the forward pass raises.
    """

    def value(changed: str, data: np.ndarray) -> float:
        space: dict[str, Any] = {"np": np, **names}
        for name, array in gradient.inputs.items():
            space["_data"] = data if name == changed else array.astype(float)
            space[name] = eval(gradient.make.format("_data"), space)
        exec(compile(gradient.forward, "<tried>", "exec"), space)
        return float(np.sum(np.asarray(space[gradient.root].data) * gradient.weights))

    found = {}
    for name, array in gradient.inputs.items():
        slopes = np.zeros(array.shape)
        for place in np.ndindex(array.shape):
            up, down = (array.astype(float) for _ in range(2))
            up[place] += STEP
            down[place] -= STEP
            slopes[place] = (value(name, up) - value(name, down)) / (2 * STEP)
        found[name] = slopes
    return found


def smallest_first(cases: Sequence[Case]) -> list[Case]:
    """Return cases by the length of their code: the first that fails is the easiest to read."""
    return sorted(cases, key=lambda case: len(case.code))
