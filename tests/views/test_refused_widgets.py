"""A widget that is refused leaves the error alone: no second traceback when it is thrown away."""

from __future__ import annotations

import gc
import importlib
import pkgutil
import sys

import ipywidgets
import pytest

import gradwidgets
from gradwidgets import BackwardStepper, GraphView, Playground, Tensor, watch


def widget_classes() -> list[type]:
    """Return every widget class of ours."""
    for module in pkgutil.walk_packages(gradwidgets.__path__, "gradwidgets."):
        # What builds the package is not installed with it.
        if not module.name.endswith(("__main__", "hatch_build")):
            importlib.import_module(module.name)
    found, waiting = set(), [ipywidgets.Widget]
    for cls in waiting:
        waiting += cls.__subclasses__()
        if cls.__module__.startswith("gradwidgets."):
            found.add(cls)
    return sorted(found, key=lambda cls: (cls.__module__, cls.__name__))


@pytest.fixture
def ignored(monkeypatch) -> list[str]:
    """Collect what Python would print of errors in destructors."""
    errors: list[str] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda each: errors.append(repr(each.exc_value)))
    return errors


@pytest.mark.parametrize("cls", widget_classes(), ids=lambda cls: cls.__name__)
def test_a_widget_whose_constructor_never_ran_can_be_closed(cls, ignored):
    widget = cls.__new__(cls)
    widget.close()
    del widget
    gc.collect()
    assert ignored == []


def test_the_classes_are_found():
    assert {"Playground", "GraphView", "BackwardStepper", "WatchScreen", "Board",
            "ExerciseView"} <= {cls.__name__ for cls in widget_classes()}  # fmt: skip


@pytest.mark.parametrize(
    "make, text",
    [
        (lambda loss: GraphView(loss, detail="all"), "detail"),
        (lambda loss: GraphView(loss, colour="red"), "colour"),
        (lambda loss: GraphView(loss, names=["x"]), "names"),
        (lambda loss: BackwardStepper(5), "int"),
        (lambda loss: BackwardStepper(loss, [1.0, 2.0, 3.0]), "shape"),
        (lambda loss: BackwardStepper(loss, names=["x"]), "names"),
        (lambda loss: Playground(colour="red"), "colour"),
        (lambda loss: Playground(preset="none such"), "none such"),
        (lambda loss: Playground(model=loss), "model"),
        (lambda loss: list(watch([loss], detail="all")), "detail"),
    ],
)  # fmt: skip
def test_an_argument_that_is_refused_leaves_one_error(make, text, ignored):
    x = Tensor([1.0], autograd=True)
    with pytest.raises((TypeError, ValueError)) as caught:
        make(x * x)
    assert text in str(caught.value)
    del caught
    gc.collect()
    assert ignored == []
