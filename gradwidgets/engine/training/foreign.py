"""How to speak with a learner's own classes: wrapping arrays, sending a gradient, reading losses.

Only the methods of the textbook loop are needed: ``model.forward``, ``criterion.forward``,
``loss.backward``, ``optimizer.step``.
"""
from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from numbers import Real
from typing import Any, TypeGuard

import numpy as np

from gradwidgets.core.tensor import Tensor
from gradwidgets.core.types import Foreign
from gradwidgets.engine.experiment.data.drawn import Task
from gradwidgets.engine.experiment.targets import Coding, coding_for
from gradwidgets.engine.learner.careful import safely
from gradwidgets.engine.learner.textbook import Criterion, TensorLike

_RATES = ("alpha", "lr", "learning_rate")


def required(role: str, thing: Foreign, method: str) -> Any:
    """Return an object that has a method; raise TypeError where it has not, saying what lacks."""
    if isinstance(thing, type):
        raise TypeError(f"{role}: received the class {thing.__name__} itself; expected one that "
                        f"is made of it: {thing.__name__}(…)")
    if not callable(getattr(thing, method, None)):
        raise TypeError(f"{role}: received a {type(thing).__name__}, which has no method "
                        f"{method}; training needs model.forward(data), "
                        "criterion.forward(prediction, target) and optimizer.step()")
    return thing


def require_result(method: str, found: Foreign) -> None:
    """Raise TypeError when a learner's method has returned nothing."""
    if found is None:
        raise TypeError(f"{method} returned None; end it with return, and the tensor that it has "
                        "made")


def is_tensor(thing: Foreign) -> TypeGuard[TensorLike]:
    """Tell whether `thing` holds an array in ``data``, as a tensor of any class does."""
    return not isinstance(thing, np.ndarray) and isinstance(getattr(thing, "data", None),
                                                            np.ndarray)


def array_of(thing: Foreign) -> np.ndarray:
    """Return the numbers of a tensor, array or list."""
    numbers: np.ndarray = thing.data if is_tensor(thing) else np.asarray(thing)
    return numbers


def rate_name(optimizer: Foreign) -> str | None:
    """Return the attribute that holds the learning rate, or None."""
    return next((name for name in _RATES if _is_number(getattr(optimizer, name, None))), None)


def rate_among(variables: Mapping[str, Foreign]) -> float | None:
    """Return the learning rate of the only optimizer among some variables; else None."""
    rates = {id(value): rate for value in variables.values()
             if (rate := safely(_rate_of, value)) is not None}
    return next(iter(rates.values())) if len(rates) == 1 else None


def _rate_of(value: Any) -> float | None:
    """Return the learning rate of an optimizer; None of anything else."""
    optimizes = not isinstance(value, type) and callable(getattr(value, "step", None))
    name = rate_name(value) if optimizes else None
    return None if name is None else float(getattr(value, name))


def _is_number(value: Foreign) -> bool:
    return isinstance(value, Real) and not isinstance(value, (bool, np.bool_))


def put_numbers(tensor: TensorLike, numbers: np.ndarray) -> None:
    """Write `numbers` into a tensor, in place where its array is still of their shape."""
    if isinstance(tensor.data, np.ndarray) and tensor.data.shape == numbers.shape:
        tensor.data[...] = numbers
    else:
        tensor.data = numbers.copy()


class Wrapper:
    """Makes tensors of the learner's class from arrays, as the given ones were made.

    In textbook classes a result only remembers its creators when *all* of them have
    ``autograd=True``; so their data carry it too.
    """

    def __init__(self, *examples: Foreign) -> None:
        tensors = [example for example in examples if is_tensor(example)]
        self.cls: type[Any] = type(tensors[0]) if tensors else Tensor
        given = tensors[0] if tensors and tensors[0] is examples[0] else None
        if given is not None:
            self._autograd = bool(getattr(given, "autograd", False))
        else:
            self._autograd = not issubclass(self.cls, Tensor)

    def __call__(self, array: np.ndarray) -> Any:
        if self._autograd:
            try:
                return self.cls(array, autograd=True)
            except TypeError:
                self._autograd = False
        return self.cls(array)

    def wrapped(self, thing: Foreign) -> Any:
        """Return a tensor as it is, and anything else wrapped."""
        return thing if is_tensor(thing) else self(np.asarray(thing))


def send_back(loss: Any) -> None:
    """Call ``loss.backward`` with ones of the loss's own class, as textbook loops do."""
    backward = getattr(loss, "backward", None)
    if not callable(backward):
        raise TypeError(f"criterion.forward returned a {type(loss).__name__}, which has no method "
                        "backward; it must return a tensor made from the prediction")
    if isinstance(loss, Tensor):
        loss.backward(np.ones_like(loss.data))
        return
    try:
        takes_gradient = bool(inspect.signature(backward).parameters)
    except (TypeError, ValueError):
        takes_gradient = True
    if takes_gradient:
        backward(type(loss)(np.ones_like(loss.data)))
    else:
        backward()


def sums_over_samples(criterion: Criterion, wrap: Wrapper, prediction: np.ndarray,
                      target: np.ndarray) -> bool | None:
    """Tell whether a loss adds the samples up instead of averaging them.

    A criterion that does not say (``reduction``) is asked: every sample twice gives twice the
    loss, or the same one. None means that this could not be told, because the loss was 0.
    """
    said = getattr(criterion, "reduction", None)
    if said in ("sum", "mean"):
        return bool(said == "sum")
    once = float(np.sum(criterion.forward(wrap(prediction), wrap(target)).data))
    twice = float(np.sum(criterion.forward(wrap(np.concatenate([prediction, prediction])),
                                           wrap(np.concatenate([target, target]))).data))
    if not np.isfinite(once) or once == 0:
        return None
    return abs(twice / once - 2) < 0.5


def scorer(target: np.ndarray, criterion: Foreign
           ) -> tuple[Task, np.ndarray, Callable[[np.ndarray], np.ndarray]]:
    """Return task, labels and a function from outputs to scores, guessed from the target.

    Parameters
    ----------
    target : ndarray of shape (n, n_outputs), or (n, 1) with class numbers
    criterion : asked whether it takes logits, which are then turned into probabilities first
    """
    target = np.asarray(target, dtype=float)
    column = target[:, 0]
    values = set(np.unique(column).tolist())
    classes = type(criterion).__name__ == "CrossEntropyLoss"
    display: Callable[[np.ndarray], np.ndarray] = lambda out: out
    if classes or getattr(criterion, "from_logits", False):
        pair = ("Softmax", "CrossEntropyLoss") if classes else ("Sigmoid", "BCELoss")
        coding = coding_for("classification", *pair)
        if isinstance(coding, Coding):
            display = coding.display
    task: Task
    low, high = -1.0, 1.0
    if target.shape[1] > 1:
        task, labels = "classification", target.argmax(axis=1)
    elif values <= {-1.0, 1.0}:
        task, labels = "classification", (column > 0).astype(int)
    elif values <= {0.0, 1.0} or classes:
        task, labels, low = "classification", column.astype(int), 0.0
    else:
        task, labels, low, high = "regression", column, column.min(), column.max()
        high = high if high > low else low + 1

    def score(out: np.ndarray) -> np.ndarray:
        out = display(out)
        scores: np.ndarray
        if out.shape[1] > 2:
            scores = 2 * out.argmax(axis=1) / (out.shape[1] - 1) - 1
        elif out.shape[1] == 2:
            scores = out[:, 1] - out[:, 0]
        else:
            scores = 2 * (out[:, 0] - low) / (high - low) - 1
        return scores

    return task, labels, score
