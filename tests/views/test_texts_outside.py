"""No text that people read stands in the code: all of them come from the catalogue."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import gradwidgets.views

VIEWS = Path(gradwidgets.views.__file__).parent
PACKAGE = VIEWS.parent
# What of the lessons is interface; their statements, hints and messages belong to the course.
PANELS = ("page/show.py", "page/board.py", "page/difference.py", "page/report.py", "exercise.py")
PYTHON = [
    *sorted(VIEWS.rglob("*.py")),
    *[PACKAGE / "lessons" / name for name in PANELS],
    *sorted((PACKAGE / "playground").glob("*.py")),
]
SCRIPTS = sorted(PACKAGE.glob("[!l]*/**/*.js"))

# Names under which fields, scenes and figures hold what people read.
READ = {
    "label", "text", "title", "help", "description", "alt", "says", "message", "caption", "hint",
    "number_label", "unit", "note", "words", "reason", "why", "tooltip", "placeholder",
}  # fmt: skip
SHOWING = {"set_xlabel", "set_ylabel", "set_label", "set_title", "say", "annotate"}
WORD = r"[A-Za-zÀ-ſ]{2,}"
SENTENCE = re.compile(rf"{WORD},? {WORD}")
KNOWN = {
    "upper right": "where Matplotlib puts a legend",
    "no WebAssembly runtime (": "why a layout failed: the program's own words",
    " and no `dot` program": "the same",
    ", and `dot` cannot be used: ": "the same",
    "positional argument": "looked for in Python's own message",
}
CODE = re.compile(r"[<>{};=]|\bgw-|^[a-z-]+: |\n")  # SVG, HTML, CSS, DOT, and pieces of code
KEYS = {"Escape", "Enter", "Tab", "Home", "End", "Space", "PageUp", "PageDown", "Infinity",
        "Arrow"}  # fmt: skip

ELEMENTS = re.compile(r"(?:(?:a|button|input|select|summary|textarea)(?:, |$))+")  # a selector


def unread(tree: ast.Module) -> set[int]:
    """Return the nodes that no page shows: docstrings, errors, and what a console prints."""
    found: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            found.add(id(node.value))
        hidden = isinstance(node, ast.Raise) or (
            isinstance(node, ast.FunctionDef) and node.name == "__repr__"
        )
        if hidden:
            found |= {id(inner) for inner in ast.walk(node)}
    return found


def literals(node: ast.expr) -> Iterator[ast.Constant]:
    """Yield the strings that are written in an expression, but none that is handed to a call."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node
    elif isinstance(node, (ast.JoinedStr, ast.BinOp, ast.IfExp)):
        for child in ast.iter_child_nodes(node):
            if child is not getattr(node, "test", None):
                yield from literals(child)


def sentences(source: str) -> Iterator[str]:
    """Yield what is written in Python and looks like words for people."""
    tree = ast.parse(source)
    hidden = unread(tree)
    for node in ast.walk(tree):
        if id(node) in hidden:
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            words = node.value
            if SENTENCE.search(words) and not CODE.search(words) and words not in KNOWN:
                yield words
        shown: list[ast.expr] = []
        if isinstance(node, ast.Dict):
            shown = [value for key, value in zip(node.keys, node.values, strict=True)
                     if isinstance(key, ast.Constant) and key.value in READ]  # fmt: skip
        elif isinstance(node, ast.Call):
            shown = [keyword.value for keyword in node.keywords if keyword.arg in READ]
            if getattr(node.func, "attr", "") in SHOWING:
                shown += node.args[:1]
        for value in shown:
            for each in literals(value):
                if re.search(WORD, each.value) and not CODE.search(each.value):
                    yield each.value


def words_of(script: str) -> Iterator[str]:
    """Yield what is written in JavaScript and looks like words for people."""
    code = re.sub(r"(^|\s)//.*|/\*.*?\*/", "", script, flags=re.MULTILINE)
    for found in re.finditer(r'"((?:[^"\\\n]|\\.)*)"|`([^`]*)`', code):
        words = re.sub(r"\$\{[^}]*\}", "", found[1] if found[1] is not None else found[2])
        if ELEMENTS.fullmatch(words) or CODE.search(words) or re.search(r"\w\(|^[.#:\[]|\[\w+\]", words):
            continue
        capital = re.match(r"[A-Z][a-z]+", words)
        if SENTENCE.search(words) or capital and capital[0] not in KEYS:
            yield words
    shows = r'(?:textContent|title|ariaLabel|alt|placeholder) = "([^"]+)"|"aria-label", "([^"]+)"'
    yield from (found[1] or found[2] for found in re.finditer(shows, code))


@pytest.mark.parametrize("path", PYTHON, ids=lambda path: path.name)
def test_python_shows_no_text_of_its_own(path):
    assert list(sentences(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_the_page_shows_no_text_of_its_own(path):
    assert list(words_of(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(("code", "found"), [
    ('field = {"label": "Speed"}', ["Speed"]),
    ('field = {"label": text("speed"), "value": "slow"}', []),
    ('show(title=f"{count} steps")', [" steps"]),
    ('axes.set_xlabel("epoch")', ["epoch"]),
    ('words = "The loss went up."', ["The loss went up."]),
    ('words += " Look at it"', [" Look at it"]),
    ('say("paused" if still else "running on")', ["running on"]),
    ('raise ValueError("there is no such name")', []),
    ('"""Say something."""', []),
    ('box.add_class("gw-card gw-walk")', []),
])  # fmt: skip
def test_a_text_in_python_is_found(code, found):
    assert sorted(set(sentences(code))) == found


@pytest.mark.parametrize(("code", "found"), [
    ('button(bar, "Export", act)', ["Export"]),
    ('bar.setAttribute("aria-label", "progress");', ["progress"]),
    ('title.textContent = "steps";', ["steps"]),
    ("hint.textContent = `Hint (${left} left)`;", ["Hint ( left)"]),
    ("send(`it is far too long`)", ["it is far too long"]),
    ('if (event.key === "Escape") return; // Leave it', []),
    ('html("div", "gw-graph-root gw-heat", el)', []),
])  # fmt: skip
def test_a_text_on_the_page_is_found(code, found):
    assert sorted(set(words_of(code))) == found
