"""`import gradwidgets` offers the public names, and costs nothing until one of them is used."""

from __future__ import annotations

import ast
import importlib
import json

import pytest

import gradwidgets
from tests.packaging.project import ROOT, run_python

PROMISED = {
    "Tensor", "Layer", "Linear", "Sequential", "Tanh", "Sigmoid", "ReLU", "LeakyReLU", "Softmax",
    "Dropout", "MSELoss", "BCELoss", "CrossEntropyLoss", "SGD", "Momentum", "RMSProp", "Adam",
    "gradcheck", "Spec", "Trainer", "Playground", "GraphView",
    "trace_backward", "trace_calls", "BackwardStepper", "progress", "watch", "set_language",
    "save_work",
}

LOADED = """
import json, sys
before = set(sys.modules)
import {module}
print(json.dumps(sorted({{name.split(".")[0] for name in set(sys.modules) - before}})))
"""


def loaded_by(module: str) -> set[str]:
    """Return the top-level modules, beside the standard library, that importing `module` loads."""
    from sys import stdlib_module_names

    loaded = set(json.loads(run_python(LOADED.format(module=module)))) - stdlib_module_names
    # the standard library's own, too, under a name that each platform has of its own
    return {name for name in loaded if not name.startswith("_sysconfigdata")}


def test_every_promised_name_is_there() -> None:
    assert set(gradwidgets.__all__) == PROMISED | {"__version__"}
    assert PROMISED <= set(dir(gradwidgets))


@pytest.mark.parametrize("name", sorted(PROMISED))
def test_a_public_name_is_the_thing_its_module_defines(name: str) -> None:
    home = importlib.import_module(gradwidgets._HOME_OF[name])
    assert getattr(gradwidgets, name) is getattr(home, name)
    assert getattr(gradwidgets, name).__name__ == name


def test_editors_are_told_the_same_names_and_modules() -> None:
    tree = ast.parse((ROOT / "gradwidgets" / "__init__.py").read_text(encoding="utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    assert isinstance(block.test, ast.Name) and block.test.id == "TYPE_CHECKING"
    told = {alias.name: line.module for line in block.body for alias in line.names}
    assert told == gradwidgets._HOME_OF


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("tensor", r"write Tensor\(\[1\.0, 2\.0\]\)"),
        ("Tensr", r"did you mean Tensor\?"),
        ("Leakyrelu", "did you mean LeakyReLU"),
        ("Qqqqqq", r"dir\(gradwidgets\) lists its names"),
        ("no.name", r"dir\(gradwidgets\) lists its names"),
    ],
)
def test_an_unknown_name_gets_advice(name: str, advice: str) -> None:
    with pytest.raises(AttributeError, match=advice):
        getattr(gradwidgets, name)


def test_importing_the_package_loads_nothing_else() -> None:
    assert loaded_by("gradwidgets") == {"gradwidgets"}


def test_importing_the_framework_loads_numpy_alone() -> None:
    assert loaded_by("gradwidgets.core") == {"gradwidgets"} | loaded_by("numpy")


def test_training_needs_no_widgets_and_no_plots() -> None:
    assert loaded_by("gradwidgets.engine.training.trainer") == {"gradwidgets"} | loaded_by("numpy")


def test_a_module_of_the_package_is_imported_without_numpy() -> None:
    """As while a wheel is built."""
    run_python("import sys; sys.modules['numpy'] = None; from gradwidgets.command import notebook_files")
