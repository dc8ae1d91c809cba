"""Everything public says what it is for."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import sys
from collections.abc import Iterator
from types import ModuleType

import pytest

import gradwidgets

PARTS = ("gradwidgets.core", "gradwidgets.engine", "gradwidgets.views", "gradwidgets.playground")


def modules(part: str) -> Iterator[ModuleType]:
    """Yield the module `part` and all modules below it."""
    module = importlib.import_module(part)
    yield module
    if hasattr(module, "__path__"):
        for info in pkgutil.walk_packages(module.__path__, f"{part}."):
            yield importlib.import_module(info.name)


def undocumented(module: ModuleType) -> Iterator[str]:
    """Yield the names in `module`, itself included, that are public and have no docstring."""
    if not (module.__doc__ or "").strip():
        yield module.__name__
    for name, thing in vars(module).items():
        defined_here = getattr(thing, "__module__", None) == module.__name__
        if name.startswith("_") or not defined_here:
            continue
        if inspect.isfunction(thing) and not inspect.getdoc(thing):
            yield f"{module.__name__}.{name}"
        elif inspect.isclass(thing):
            yield from undocumented_in_class(thing)


def undocumented_in_class(cls: type) -> Iterator[str]:
    """Yield `cls` and its public methods and properties that have no docstring.

    A method that does what its parent's docstring says needs no docstring of its own, but a class
    does: what Python writes for a dataclass, or hands down from a parent, tells nothing.
    """
    doc = cls.__dict__.get("__doc__") or ""
    if not doc.strip() or doc.startswith(f"{cls.__name__}("):
        yield f"{cls.__module__}.{cls.__qualname__}"
    for name, member in vars(cls).items():
        is_code = inspect.isroutine(member) or isinstance(member, (property, classmethod))
        if not name.startswith("_") and is_code and not inspect.getdoc(getattr(cls, name)):
            yield f"{cls.__module__}.{cls.__qualname__}.{name}"


@pytest.mark.parametrize("name", sorted(set(gradwidgets.__all__) - {"__version__"}))
def test_a_public_name_has_a_docstring_of_its_own(name: str) -> None:
    doc = getattr(gradwidgets, name).__doc__ or ""
    assert doc.strip() and not doc.startswith(f"{name}(")


@pytest.mark.parametrize("part", PARTS)
def test_everything_public_has_a_docstring(part: str) -> None:
    assert [name for module in modules(part) for name in undocumented(module)] == []


def test_the_course_has_docstrings_but_for_the_methods_of_its_learners() -> None:
    """What a learner could have written is as short as a learner writes it."""
    learners = re.compile(
        r"gradwidgets\.lessons\.(steps|buggy|halfway|(lesson|mistakes)_\d\d)\.(\w+\.)+[a-z_]+$"
    )
    found = [name for module in modules("gradwidgets.lessons") for name in undocumented(module)]
    assert [name for name in found if not learners.match(name)] == []


def test_what_has_no_docstring_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("example")
    monkeypatch.setitem(sys.modules, "example", module)
    code = (
        "from dataclasses import dataclass\n"
        "class Told:\n    '''Told.'''\n    def told(self):\n        '''Told.'''\n"
        "    def untold(self): pass\n    def _private(self): pass\n"
        "class Child(Told):\n    '''Told.'''\n    def told(self): pass\n"
        "class Untold: pass\n"
        "@dataclass\nclass Data:\n    x: int\n"
        "def untold(): pass\n"
        "def told():\n    '''Told.'''\n"
    )
    exec(code, vars(module))
    assert set(undocumented(module)) == {
        "example", "example.Told.untold", "example.Untold", "example.Data", "example.untold",
    }
