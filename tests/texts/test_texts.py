"""One catalogue holds every text: nothing is missing in it, and nothing in it is unused."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from string import Formatter

import pytest

import gradwidgets
from gradwidgets.texts import CATALOGUES, counted, names, text
from gradwidgets.views.graph.drawing.scene import DETAILS
from gradwidgets.views.kit.pump import SPEEDS

PACKAGE = Path(gradwidgets.__file__).parent
# What JupyterLab's extension says is held by the test of the extension.
ENGLISH = {key: words for key, words in CATALOGUES["en"].items() if not key.startswith("lab.")}
SOURCES = [
    path for path in sorted(PACKAGE.rglob("*.py")) if PACKAGE / "texts" not in path.parents
]
SCRIPTS = "\n".join(
    path.read_text(encoding="utf-8")
    for path in sorted(PACKAGE.rglob("*.js"))
    if PACKAGE / "lab" not in path.parents
)
# Functions that look a text up by its key.
LOOKUPS = ("text", "counted", "names", "_button", "_opener")


class Calls(ast.NodeVisitor):
    """Collects the calls that look texts up, and every string besides the keys of the catalogue."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, ast.Call]] = []
        self.strings: set[str] = set()

    def visit_Call(self, node: ast.Call) -> None:
        name = getattr(node.func, "id", "")
        if name in LOOKUPS and node.args:
            self.calls.append((name, node))
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str):
            self.strings.add(node.value)


@pytest.fixture(scope="module")
def code() -> Calls:
    found = Calls()
    for path in SOURCES:
        found.visit(ast.parse(path.read_text(encoding="utf-8")))
    return found


def pattern(key: ast.expr) -> str | None:
    """Return a regular expression for the keys that an expression may stand for, or None."""
    if isinstance(key, ast.Constant):
        return re.escape(key.value)
    if isinstance(key, ast.IfExp):
        ends = pattern(key.body), pattern(key.orelse)
        return None if None in ends else "|".join(ends)
    if isinstance(key, ast.JoinedStr):
        return "".join(re.escape(part.value) if isinstance(part, ast.Constant) else "[a-z_]+"
                       for part in key.values)  # fmt: skip
    if isinstance(key, ast.BinOp):
        return f"{pattern(key.left) or ''}[a-z_]+"
    return None


def places(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def test_every_text_that_is_asked_for_is_there(code):
    asked = 0
    for name, call in code.calls:
        keys = pattern(call.args[0])
        if name not in ("text", "counted") or keys is None:
            continue
        asked += 1
        ends = (".one", ".many") if name == "counted" else ("",)
        wanted = [f"(?:{keys}){end}" for end in ends]
        for one in wanted:
            assert any(re.fullmatch(one, key) for key in ENGLISH), ast.unparse(call)
    assert asked > 50


def test_every_place_in_a_text_is_filled(code):
    for name, call in code.calls:
        if name == "text" and isinstance(call.args[0], ast.Constant):
            given = {keyword.arg for keyword in call.keywords}
            wanted = places(ENGLISH[call.args[0].value])
            if None in given:  # some come as **values
                assert given - {None} <= wanted, ast.unparse(call)
            else:
                assert given == wanted, ast.unparse(call)


def test_places_are_filled_where_the_key_is_put_together_too(code):
    for name, call in code.calls:
        keys = pattern(call.args[0])
        if name == "text" and not isinstance(call.args[0], ast.Constant) and keys:
            for key, template in ENGLISH.items():
                given = {k.arg for k in call.keywords}
                if re.fullmatch(keys, key) and None not in given:
                    assert places(template) <= given, ast.unparse(call)


def test_no_text_is_unused(code):
    used = set(code.strings)
    patterns: list[str] = []
    for name, call in code.calls:
        keys = pattern(call.args[0])
        if keys is None:
            continue
        assert not re.fullmatch(keys, "any.key"), f"{ast.unparse(call)} may ask for every text"
        if name == "counted":
            patterns += [f"(?:{keys}).(?:one|many)"]
        elif name == "text":
            patterns += [keys]
        elif name in ("_button", "_opener"):
            patterns += [f"(?:{keys})(?:.help)?"]
        elif name == "names":
            start = call.args[0].value + "."
            used |= {key for key in ENGLISH if key.startswith(start)
                     and (key[len(start):] in code.strings
                          or re.search(rf"\b{re.escape(key[len(start):])}\b", SCRIPTS))}  # fmt: skip
    used |= {key for key in ENGLISH if any(re.fullmatch(one, key) for one in patterns)}
    assert [key for key in ENGLISH if key not in used] == []


def test_every_kind_speed_and_detail_has_a_text_and_there_are_no_others():
    kinds = ("parameter", "input", "intermediate", "result")  # see `snapshot.Node`
    for prefix, wanted in (("speed", SPEEDS), ("detail", DETAILS), ("kind", kinds)):
        assert set(names(prefix)) == set(wanted)


def test_places_are_filled():
    assert text("remove_layer", number=3) == "Remove layer 3"
    assert text("rate_follows", rate=0.003) == (
        "The learning rate is now 0.003, which suits these data."
    )


def test_braces_in_a_value_stay_as_they_are():
    assert text("node.says", name="{a|b}", kind="{0}", shape="{}") == "{a|b}, {0}, shape {}."


def test_a_text_that_is_not_there_is_an_error():
    with pytest.raises(KeyError, match="no_such_text"):
        text("no_such_text")


@pytest.mark.parametrize(("count", "words"), [(0, "0 tensors"), (1, "1 tensor"), (2, "2 tensors")])
def test_one_is_singular(count, words):
    assert counted("tensor_count", count) == words


def test_texts_below_a_prefix_lose_it():
    assert names("speed")["fast"] == "as fast as possible"


def test_texts_are_tidy():
    for key, template in ENGLISH.items():
        assert template == template.strip() != "", key
        assert "  " not in template or key in ("graph.legend", "graph.states"), key
