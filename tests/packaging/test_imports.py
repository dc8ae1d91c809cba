"""Imports run one way: texts, core <- engine <- views <- playground."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import gradwidgets
from tests.packaging.project import ROOT

PACKAGE = ROOT / "gradwidgets"

# Part -> the parts that it may import.
ALLOWED = {
    "texts": set(),
    "core": set(),
    "engine": {"core", "texts"},
    "views": {"core", "engine", "texts"},
    "playground": {"core", "engine", "texts", "views"},
    "lessons": {"core", "engine", "texts", "views"},
    "lab": {"command", "texts"},
    "command": {"lessons", "texts", "views"},
    "__main__": {"command"},
}

# Part -> the other packages that it may import; those not listed here may import any dependency.
OTHERS = {"texts": set(), "core": {"numpy"}, "engine": {"numpy"}}


def imported_modules(source: str, module: str, is_package: bool = False) -> Iterator[str]:
    """Yield the absolute name of every module that `source`, the code of `module`, imports.

    Imports inside functions count too. A public name taken from ``gradwidgets`` itself counts as
    an import of the module that defines it.
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parents = module.split(".")
                kept = parents[: len(parents) - node.level + is_package]
                base = ".".join([*kept, *filter(None, [node.module])])
            if base == "gradwidgets":
                for alias in node.names:
                    yield gradwidgets._HOME_OF.get(alias.name, f"gradwidgets.{alias.name}")
            else:
                yield base


def complaints(source: str, module: str, is_package: bool = False) -> list[str]:
    """Return a sentence for each import of `module` that its part may not have."""
    part = module.split(".")[1]
    found = []
    for name in imported_modules(source, module, is_package):
        top, _, rest = name.partition(".")
        if top == "gradwidgets":
            other = rest.split(".")[0]
            # the package itself loads nothing
            if other not in {part, "", "__version__"} and other not in ALLOWED[part]:
                found.append(f"{module} imports {name}, but {part} may not import {other}")
        elif top not in sys.stdlib_module_names and top not in OTHERS.get(part, {top}):
            found.append(f"{module} imports {name}, but {part} may not import {top}")
    return found


def modules() -> list[tuple[str, Path]]:
    """Return name and path of all modules of the package below its top."""
    paths = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")
    return [
        (".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"), path)
        for path in paths
    ]


def test_every_part_of_the_package_is_known_here() -> None:
    assert {module.split(".")[1] for module, _ in modules()} == set(ALLOWED)


@pytest.mark.parametrize("part", ALLOWED)
def test_imports_run_one_way(part: str) -> None:
    found, seen = [], 0
    for module, path in modules():
        if module.split(".")[1] == part:
            seen += 1
            source = path.read_text(encoding="utf-8")
            found += complaints(source, module, is_package=path.name == "__init__.py")
    assert seen > 0
    assert found == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("gradwidgets.core.tensor", "import numpy as np\nfrom gradwidgets.core import ops"),
        ("gradwidgets.core.tensor", "from .ops import OPS\nfrom . import nn\nimport math"),
        ("gradwidgets.engine.experiment.spec", "from gradwidgets.core import nn\nfrom ..core import optim"),
        ("gradwidgets.engine.experiment.spec", "from gradwidgets import Tensor, __version__"),
        ("gradwidgets.views.kit.live", "import ipywidgets\nfrom gradwidgets.engine.training import trainer"),
        ("gradwidgets.playground.playground", "from gradwidgets.views.kit import live"),
    ],
)
def test_what_may_be_imported_is_let_through(module: str, source: str) -> None:
    assert complaints(source, module) == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("gradwidgets.core.tensor", "import matplotlib.figure"),
        ("gradwidgets.core.tensor", "from gradwidgets.engine.experiment.spec import Spec"),
        ("gradwidgets.core.tensor", "from ..engine import spec"),
        ("gradwidgets.core.tensor", "from gradwidgets import Trainer"),
        ("gradwidgets.core.tensor", "def late():\n    from gradwidgets import views"),
        ("gradwidgets.engine.experiment.spec", "import ipywidgets"),
        ("gradwidgets.engine.experiment.spec", "from gradwidgets.views.kit import live"),
        ("gradwidgets.views.kit.live", "from gradwidgets.playground.playground import Playground"),
        ("gradwidgets.views.kit.live", "from ... import playground"),
    ],
)
def test_what_may_not_be_imported_is_found(module: str, source: str) -> None:
    assert len(complaints(source, module)) == 1
