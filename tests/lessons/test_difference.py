"""The difference between two steps shows what was added, and little else."""

from __future__ import annotations

import functools
import html.parser
import itertools
import linecache
import unittest.mock

import pytest
from jupyter_client.manager import start_new_kernel

from gradwidgets.lessons import ____, difference
from gradwidgets.lessons.steps import SGD, Tensor_V0, Tensor_V1, Tensor_V3, Tensor_V4, Tensor_V5

_cells = itertools.count(1)


def cell(code: str, **names: object) -> dict:
    """Run a cell as a notebook does, where classes belong to no file; return its names."""
    filename = f"<test-cell-{next(_cells)}>"
    linecache.cache[filename] = (len(code), None, code.splitlines(keepends=True), filename)
    space = {"__name__": "__main__", **names}
    exec(compile(code, filename, "exec"), space)
    return space


def signed(shown, sign: str) -> list[str]:
    return [text.strip() for found, text in shown.lines if found == sign]


class Reader(html.parser.HTMLParser):
    """Reads what a page shows: its tags, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags, self.attributes, self.text = set(), set(), ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data):
        self.text += data


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
    shown = difference(Tensor_V4, Tensor_V5)
    added = signed(shown, "+")
    assert [line for line in added if line.startswith("def")] == [
        "def tanh(self):",
        "def tanh_backward(self, grad):",
        "def sigmoid(self):",
        "def sigmoid_backward(self, grad):",
    ]
    assert signed(shown, "-") == []
    assert any(sign == "…" and "lines the same" in text for sign, text in shown.lines)


def test_the_whole_shows_every_line_and_the_docstring_too():
    shown = difference(Tensor_V4, Tensor_V5, whole=True)
    assert signed(shown, "…") == []
    assert "class Tensor_V5:" in signed(shown, " ")
    assert len(signed(shown, "-")) == 1
    assert "tanh, sigmoid" in signed(shown, "+")[0]


def test_signs_stand_in_the_text_too():
    text = repr(difference(Tensor_V1, Tensor_V3))
    assert text.startswith("- Tensor_V1\n+ Tensor_V3\n")
    assert "\n+     def all_children_grads_accounted_for(self):" in text


def test_another_name_or_docstring_alone_is_no_change():
    first = cell(
        'class First:\n    """One."""\n\n    def make(self):\n        "Make."\n'
        "        return First()\n"
    )["First"]
    second = cell(
        'class Second:\n    """Two,\n\n    and more."""\n\n    def make(self):\n'
        '        return Second()\n'
    )["Second"]
    assert difference(first, second).lines == (("…", "3 lines the same"),)


def test_what_is_gone_is_shown_as_it_was_written():
    first = cell("class First:\n    def make(self):\n        return First(1)\n")["First"]
    second = cell("class Second:\n    def make(self):\n        return type(self)(1)\n")["Second"]
    shown = difference(first, second)
    assert signed(shown, "-") == ["return First(1)"]
    assert signed(shown, "+") == ["return type(self)(1)"]


def test_a_name_of_one_letter_leaves_texts_alone():
    f = cell("def f(x):\n    return f'{x}' if x else f(1)\n")["f"]
    g = cell("def g(x):\n    return f'{x}' if x else g(1)\n")["g"]
    assert difference(f, g).lines == (("…", "2 lines the same"),)


def test_one_line_left_out_is_told_in_the_singular():
    before = cell("def f(x):\n    a = 1\n    b = 2\n    c = 3\n    return x\n")["f"]
    after = cell("def f(x):\n    a = 1\n    b = 2\n    c = 3\n    return -x\n")["f"]
    assert difference(before, after).lines[:2] == (("…", "2 lines the same"), (" ", "    b = 2"))
    after = cell("def f(x):\n    a = 1\n    b = 2\n    c = -3\n    return x\n")["f"]
    assert difference(before, after).lines[0] == ("…", "1 line the same")


def test_methods_can_be_compared():
    shown = difference(Tensor_V1.backward, Tensor_V3.backward)
    assert (shown.before, shown.after) == ("Tensor_V1.backward", "Tensor_V3.backward")
    assert signed(shown, "+")[0] == "def backward(self, grad=None, grad_origin=None):"


def test_a_learners_subclass_is_compared_method_by_method():
    mine = cell(
        "class Tensor(Tensor_V1):\n"
        '    """Adds up."""\n'
        "    def backward(self, grad):\n"
        "        self.grad = grad\n"
        "        for creator in self.creators or []:\n"
        "            creator.backward(grad)\n"
        "\n"
        "    def __neg__(self):\n"
        "        return type(self)(-self.data)\n",
        Tensor_V1=Tensor_V1,
    )["Tensor"]
    shown = difference(Tensor_V1, mine)
    assert signed(shown, "-") == [
        "class Tensor_V1:",
        'if self.creation_op == "add":',
        "self.creators[0].backward(grad)",
        "self.creators[1].backward(grad)",
    ]
    assert signed(shown, "+") == [
        "class Tensor(Tensor_V1):",
        "for creator in self.creators or []:",
        "creator.backward(grad)",
        "",
        "def __neg__(self):",
        "return type(self)(-self.data)",
    ]
    back = difference(mine, Tensor_V1)
    assert signed(back, "-") == signed(shown, "+")
    assert signed(back, "+") == signed(shown, "-")


def test_a_subclass_of_a_subclass_is_laid_over_both():
    space = cell(
        "class A:\n    x = 1\n    def f(self):\n        return 1\n"
        "class B(A):\n    x = 2\n    def g(self):\n        return 2\n"
        "class C(B):\n    def f(self):\n        return 3\n"
    )
    shown = difference(space["A"], space["C"])
    assert signed(shown, "-") == ["class A:", "x = 1", "return 1"]
    assert signed(shown, "+") == [
        "class C(B):", "x = 2", "return 3", "", "def g(self):", "return 2"
    ]


def test_a_class_written_anew_in_a_later_cell_is_told_from_the_earlier_one():
    first = cell("class Tensor:\n    def size(self):\n        return 1\n")["Tensor"]
    second = cell("x = 1\n\nclass Tensor:\n    def size(self):\n        return 2\n")["Tensor"]
    shown = difference(first, second)
    assert (signed(shown, "-"), signed(shown, "+")) == (["return 1"], ["return 2"])


def test_classes_are_found_by_any_kind_of_method():
    def same(function):
        @functools.wraps(function)
        def wrapper(*arguments):
            return function(*arguments)

        return wrapper

    for kind in ("staticmethod", "classmethod", "property", "same"):
        made = cell(
            f"class Made:\n    size = 3\n\n    @{kind}\n    def f(self=0):\n        return 1\n",
            same=same,
        )["Made"]
        lines = difference(made, made, whole=True).lines
        assert [text for _, text in lines][0::3] == ["class Made:", f"    @{kind}"], kind
        assert len(lines) == 6


def test_a_class_with_a_blank_still_to_fill_is_compared_as_it_stands():
    code = "class Tensor(Tensor_V1):\n    kind = ____\n    def __neg__(self):\n        return ____\n"
    mine = cell(code, Tensor_V1=Tensor_V1, ____=____)["Tensor"]
    assert "kind = ____" in signed(difference(Tensor_V1, mine), "+")


def test_an_attribute_that_answers_to_every_name_does_no_harm():
    made = cell(
        "class Made:\n    seen = call\n    def f(self):\n        return 1\n", call=unittest.mock.call
    )["Made"]
    assert difference(made, made).lines == (("…", "4 lines the same"),)


def test_a_class_in_one_line_is_shown_as_it_stands():
    space = cell("class A:\n    def f(self): return 1\nclass B(A): f = lambda self: 2\n")
    shown = difference(space["A"], space["B"])
    assert signed(shown, "+") == ["class B(A): f = lambda self: 2"]


class Strange:
    def text(self):
        """Give a text that begins at the margin."""
        return """
at the margin
"""


def test_texts_that_begin_at_the_margin_do_no_harm():
    assert "at the margin" in signed(difference(SGD, Strange), "+")


HOSTILE = [
    "<script>alert(1)</script>",
    "</pre></figure><img src=x onerror=alert(1)>",
    "&lt;b&gt; &amp; \\\" ' `",
    "<!-- ]]> -->",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_code_stays_text_in_html(text):
    line = f"return '''{text}'''"
    before = cell("def before():\n    return 1\n")["before"]
    after = cell(f"def after():\n    {line}\n")["after"]
    page = Reader(difference(before, after)._repr_html_())
    assert page.tags == {"figure", "figcaption", "b", "pre", "span", "ins", "del"}
    assert page.attributes == {"style", "role", "aria-label", "tabindex"}
    assert line in page.text


def test_names_stay_text_in_html():
    made = cell("class Made:\n    def f(self):\n        return 1\n")["Made"]
    made.__name__ = made.__qualname__ = '"><img src=x onerror=alert(1)>'
    function = cell("def f():\n    return 1\n")["f"]
    function.__name__ = function.__qualname__ = '"><img src=x onerror=alert(1)>'
    page = Reader(difference(function, function)._repr_html_())
    assert page.tags == {"figure", "figcaption", "b", "pre", "span"}
    assert "onerror" not in page.attributes
    with pytest.raises(ValueError, match="cannot be found"):
        difference(Tensor_V1, made)


def test_what_cannot_be_seen_is_written_out():
    before = cell("def f():\n    return 1\n")["f"]
    after = cell("def f():\n    return '\u202eturned\x1b[31m'\n")["f"]
    shown = difference(before, after)
    for told in (repr(shown), Reader(shown._repr_html_()).text):
        assert "return '\\u202eturned\\x1b[31m'" in told


def test_the_page_tells_its_signs_without_colour_and_follows_the_theme():
    page = difference(Tensor_V0, Tensor_V1)._repr_html_()
    text = Reader(page).text
    assert "Tensor_V0 → Tensor_V1: + new, − gone" in text
    assert "−     def __init__(self, data):" in text
    assert "+         self.creators = creators" in text
    assert "… 4 lines the same" in text
    assert 'aria-label="What changes from Tensor_V0 to Tensor_V1"' in page
    assert "var(--jp-layout-color2" in page
    assert "var(--jp-content-font-color1" in page


def test_a_class_without_a_source_is_answered_with_a_sentence():
    with pytest.raises(ValueError, match="The source of Made cannot be found"):
        difference(type("Made", (), {}), Tensor_V1)
    with pytest.raises(ValueError, match="The source of int cannot be found"):
        difference(Tensor_V1, int)


def test_a_tensor_instead_of_its_class_is_answered_with_what_to_write():
    with pytest.raises(TypeError, match=r"received a Tensor_V1 object.*difference\(Tensor_V1"):
        difference(Tensor_V1([1]), Tensor_V3)
    with pytest.raises(TypeError, match="received a module object"):
        difference(Tensor_V1, linecache)


CELLS = [
    "from gradwidgets.lessons import difference\nfrom gradwidgets.lessons.steps import Tensor_V1",
    "class Tensor(Tensor_V1):\n    def backward(self, grad):\n        self.grad = 1\n",
    "Earlier = Tensor",
    "class Tensor(Tensor_V1):\n    def backward(self, grad):\n        self.grad = 2\n",
    "print(difference(Earlier, Tensor))",
    "def f(x):\n    return x",
    "def g(x):\n    return -x",
    "print(difference(f, g))",
]


def test_classes_and_functions_of_a_real_notebook_are_compared():
    manager, client = start_new_kernel()
    told = []

    def keep(message):
        content = message["content"]
        told.append(content.get("text") or "\n".join(content.get("traceback", [])))

    try:
        for code in CELLS:
            client.execute_interactive(code, output_hook=keep, timeout=60)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    assert [text for text in told if text] == [
        "- Tensor\n+ Tensor\n"
        "  class Tensor(Tensor_V1):\n      def backward(self, grad):\n"
        "-         self.grad = 1\n+         self.grad = 2\n",
        "- f\n+ g\n  def g(x):\n-     return x\n+     return -x\n",
    ]
