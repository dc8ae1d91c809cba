"""The framework explains itself, and needs NumPy alone."""

from __future__ import annotations

import ast
import importlib
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import gradwidgets.core as core

FOLDER = Path(core.__file__).parent
FILES = sorted(FOLDER.rglob("*.py"))
NAMES = [".".join(file.relative_to(FOLDER.parents[1]).with_suffix("").parts) for file in FILES]
MODULES = [importlib.import_module(name.removesuffix(".__init__")) for name in NAMES]


def public_things():
    """Yield every public class and function of the framework, and the methods of the classes."""
    for module in MODULES:
        yield module.__name__, module
        for name, thing in vars(module).items():
            ours = getattr(thing, "__module__", "") == module.__name__
            if name.startswith("_") or not ours:
                continue
            if inspect.isfunction(thing) or inspect.isclass(thing):
                yield f"{module.__name__}.{name}", thing
            if inspect.isclass(thing):
                for part, member in vars(thing).items():
                    if callable(member) or isinstance(member, property):
                        if not part.startswith("_"):
                            yield f"{module.__name__}.{name}.{part}", member


@pytest.mark.parametrize("thing", [pytest.param(t, id=name) for name, t in public_things()])
def test_every_public_name_has_a_docstring_that_begins_with_a_sentence(thing):
    first = (thing.__doc__ or "").strip().split("\n\n")[0].strip()
    assert first and first[0].isupper() and first.endswith((".", ":")), first


def test_all_lists_what_there_is():
    assert set(core.__all__) == {
        "Tensor", "Layer", "Linear", "Sequential", "Tanh", "Sigmoid", "ReLU", "LeakyReLU",
        "Softmax", "Dropout", "MSELoss", "BCELoss", "CrossEntropyLoss", "SGD", "Momentum",
        "RMSProp", "Adam", "gradcheck",
    }  # fmt: skip
    assert all(callable(getattr(core, name)) for name in core.__all__)
    assert core.gradcheck is sys.modules["gradwidgets.core.gradcheck"].gradcheck


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(FOLDER)))
def test_files_are_small_and_import_only_numpy_and_each_other(file):
    text = file.read_text(encoding="utf-8")
    assert len(text.splitlines()) < 400
    for node in ast.walk(ast.parse(text)):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            names = [node.module]
        for name in names:
            top = name.split(".")[0]
            assert (
                top == "numpy"
                or name.startswith("gradwidgets.core")
                or top in sys.stdlib_module_names
            ), f"{file.name} imports {name}"


def test_importing_it_loads_no_other_package():
    code = (
        "import numpy, sys; before = set(sys.modules); import gradwidgets.core; "
        "print(*{name.split('.')[0] for name in set(sys.modules) - before})"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=FOLDER.parents[1], capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    assert set(ran.stdout.split()) <= {"gradwidgets", "__future__"}
