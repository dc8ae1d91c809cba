"""See backpropagation happen: build, train and watch a small neural network in a notebook.

The names below are loaded when they are first used, so that ``import gradwidgets`` costs next to
nothing, and somebody who only wants ``gradwidgets.core`` never pays for widgets and plots.
"""

from __future__ import annotations

__version__ = "0.1.0"

# Public name -> the module that defines it. The only list of names: __all__, __dir__ and
# __getattr__ read it, and a test holds the imports for editors (TYPE_CHECKING) against it.
_HOME_OF = {
    "Tensor": "gradwidgets.core",
    "Layer": "gradwidgets.core",
    "Linear": "gradwidgets.core",
    "Sequential": "gradwidgets.core",
    "Tanh": "gradwidgets.core",
    "Sigmoid": "gradwidgets.core",
    "ReLU": "gradwidgets.core",
    "LeakyReLU": "gradwidgets.core",
    "Softmax": "gradwidgets.core",
    "Dropout": "gradwidgets.core",
    "MSELoss": "gradwidgets.core",
    "BCELoss": "gradwidgets.core",
    "CrossEntropyLoss": "gradwidgets.core",
    "SGD": "gradwidgets.core",
    "Momentum": "gradwidgets.core",
    "RMSProp": "gradwidgets.core",
    "Adam": "gradwidgets.core",
    "gradcheck": "gradwidgets.core",
    "Spec": "gradwidgets.engine.experiment.spec",
    "Trainer": "gradwidgets.engine.training.trainer",
    "trace_backward": "gradwidgets.engine.trace.trace",
    "trace_calls": "gradwidgets.engine.trace.print_calls",
    "GraphView": "gradwidgets.views.graph.view",
    "BackwardStepper": "gradwidgets.views.walk.stepper",
    "watch": "gradwidgets.views.watch.watch",
    "set_language": "gradwidgets.texts",
    "Playground": "gradwidgets.playground.playground",
    "progress": "gradwidgets.lessons.page.board",
    "save_work": "gradwidgets.command.work",
}

__all__ = ["__version__", *_HOME_OF]  # noqa: PLE0604 (computed from the one table)

TYPE_CHECKING = False  # typing's own costs an import; editors and type checkers know this name too
if TYPE_CHECKING:
    from gradwidgets.command.work import save_work
    from gradwidgets.core import (
        SGD,
        Adam,
        BCELoss,
        CrossEntropyLoss,
        Dropout,
        Layer,
        LeakyReLU,
        Linear,
        Momentum,
        MSELoss,
        ReLU,
        RMSProp,
        Sequential,
        Sigmoid,
        Softmax,
        Tanh,
        Tensor,
        gradcheck,
    )
    from gradwidgets.engine.experiment.spec import Spec
    from gradwidgets.engine.trace.print_calls import trace_calls
    from gradwidgets.engine.trace.trace import trace_backward
    from gradwidgets.engine.training.trainer import Trainer
    from gradwidgets.lessons.page.board import progress
    from gradwidgets.playground.playground import Playground
    from gradwidgets.texts import set_language
    from gradwidgets.views.graph.view import GraphView
    from gradwidgets.views.walk.stepper import BackwardStepper
    from gradwidgets.views.watch.watch import watch


def __getattr__(name: str) -> object:
    home = _HOME_OF.get(name)
    if home is None:
        raise _unknown(name)
    from importlib import import_module

    value = getattr(import_module(home), name)
    globals()[name] = value  # the next look-up does not come here any more
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME_OF})


def _answer(name: str) -> str:
    """Return what to write instead of a name from elsewhere; "" where nothing is known of it."""
    from gradwidgets.core.answers import answer

    return answer("gradwidgets", name)


def _unknown(name: str) -> AttributeError:
    """Return an error for `name` that names the closest public names, if any is close."""
    from difflib import get_close_matches
    from importlib.util import find_spec

    if name.isidentifier() and find_spec(f"{__name__}.{name}"):
        # ``from gradwidgets import ...`` asks for an attribute, and imports the module if there is
        # none. To look for advice would import NumPy, which is not there while a wheel is built.
        return AttributeError(f"module {__name__!r} has not imported {name!r} yet")
    elsewhere = "" if name.startswith("_") else _answer(name)
    by_lower = {known.lower(): known for known in _HOME_OF}
    close = [by_lower[match] for match in get_close_matches(name.lower(), by_lower, n=3)]
    if elsewhere:
        advice = elsewhere
    elif close:
        advice = f"did you mean {' or '.join(close)}?"
    else:
        advice = "dir(gradwidgets) lists its names."
    return AttributeError(f"module 'gradwidgets' has no attribute {name!r}; {advice}",
                          name=name, obj=None)
