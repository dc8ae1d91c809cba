"""The difference between two steps shows what was added, and little else."""

from __future__ import annotations

import html.parser
import linecache

import pytest

from gradwidgets.lessons import difference
from gradwidgets.lessons.steps import Tensor_V1, Tensor_V3, Tensor_V4, Tensor_V5


def test_what_is_new_has_a_plus_and_what_is_gone_a_minus():
    def before(x):
        y = x + 1
        return y

    def after(x):
        y = x + 2
        return y

    assert difference(before, after).lines == (
        (" ", "def after(x):"),
        ("-", "    y = x + 1"),
        ("+", "    y = x + 2"),
        (" ", "    return y"),
    )


def test_a_step_is_a_small_addition():
    lines = difference(Tensor_V4, Tensor_V5).lines
    added = [text.strip() for sign, text in lines if sign == "+"]
    assert "def tanh(self):" in added
    assert len([sign for sign, _ in lines if sign == "-"]) == 1, "the docstring's sentence alone"
    assert any(sign == "…" and "lines the same" in text for sign, text in lines)
    assert all(sign != "…" for sign, _ in difference(Tensor_V4, Tensor_V5, whole=True).lines)


def test_signs_stand_in_the_text_too():
    text = repr(difference(Tensor_V1, Tensor_V3))
    assert text.startswith("- Tensor_V1\n+ Tensor_V3\n")
    assert "\n+     def all_children_grads_accounted_for(self):" in text


def test_code_stays_text_in_html():
    def before():
        return "<script>alert(1)</script>"

    def after():
        return "<img src=x onerror=alert(1)>"

    tags = set()

    class Parser(html.parser.HTMLParser):
        def handle_starttag(self, tag, attrs):
            tags.add(tag)

    Parser().feed(difference(before, after)._repr_html_())
    assert tags == {"figure", "figcaption", "b", "pre", "span"}


def test_a_class_without_a_source_is_answered_with_a_sentence():
    with pytest.raises(ValueError, match="The source of Made cannot be found"):
        difference(type("Made", (), {}), Tensor_V1)


def class_of_a_cell(code, name):
    """Return a class as a notebook makes it: its module has no file, but its cell can be read."""
    filename = f"<ipython-input-{name}>"
    linecache.cache[filename] = (len(code), None, code.splitlines(keepends=True), filename)
    space = {"__name__": "a_notebook"}
    exec(compile(code, filename, "exec"), space)
    return space[name]


def test_a_class_that_was_written_into_a_cell_is_found():
    mine = class_of_a_cell("x = 1\n\n\nclass Mine:\n    def go(self):\n        return 2\n", "Mine")
    other = class_of_a_cell("class Other:\n    def go(self):\n        return 3\n", "Other")
    assert difference(mine, other).lines == (
        (" ", "class Other:"),
        (" ", "    def go(self):"),
        ("-", "        return 2"),
        ("+", "        return 3"),
    )


def test_a_class_without_source_is_named():
    with pytest.raises(ValueError, match="The source of Nowhere cannot be found"):
        difference(type("Nowhere", (), {"__module__": "a_notebook"}), Tensor_V1)
