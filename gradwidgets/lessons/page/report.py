"""How results and hints look in the output of a cell."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from gradwidgets.lessons.check.outcome import Outcome, Result

if TYPE_CHECKING:
    from gradwidgets.views.graph.view import GraphView

SIGNS = {
    Outcome.RIGHT: "✓",
    Outcome.NOT_YET: "✗",
    Outcome.NOT_ATTEMPTED: "○",
    Outcome.NOT_CHECKED: "!",
}
TONES = {
    Outcome.RIGHT: "#2e7d32",
    Outcome.NOT_YET: "#c77700",
    Outcome.NOT_ATTEMPTED: "#5f6368",
    Outcome.NOT_CHECKED: "#b3261e",
}
BOX = (
    "border-left: 4px solid {tone}; padding: 6px 12px; margin: 4px 0; max-width: 760px; "
    "color: var(--jp-content-font-color1, #212121); "
    "background: var(--jp-layout-color1, #fff);"
)
CODE = (
    "margin: 2px 0 6px; padding: 4px 8px; overflow-x: auto; white-space: pre; "
    "background: var(--jp-layout-color2, #eee); color: inherit;"
)


# Words between asterisks, which neither touch another word nor have a space inside them at an end:
# neither a product nor the stars of an argument list. The panel has the same rule.
EMPHASIS = re.compile(r"(?<![\w*])\*([^\s*](?:[^*]*[^\s*])?)\*(?![\w*])")


def with_code(text: str) -> str:
    """Return escaped HTML of sentences: code between backticks, emphasis between asterisks."""
    parts = text.split("`")
    if len(parts) % 2 == 0:  # a backtick without a partner is an ordinary sign
        parts[-2:] = ["`".join(parts[-2:])]
    return "".join(
        f"<code>{escape(part)}</code>" if number % 2 else _with_emphasis(part)
        for number, part in enumerate(parts)
    )


def _with_emphasis(text: str) -> str:
    return EMPHASIS.sub(r"<em>\1</em>", escape(text))


def _pre(text: str) -> str:
    return f'<pre style="{CODE}">{escape(text)}</pre>'


@dataclass(frozen=True)
class Words:
    """A few sentences, and code below them."""

    text: str
    code: str = ""

    def __str__(self) -> str:
        return f"{self.text}\n\n{self.code}" if self.code else self.text

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        code = _pre(self.code) if self.code else ""
        return f'<div style="{BOX.format(tone="#5f6368")}">{with_code(self.text)}{code}</div>'


@dataclass(frozen=True, repr=False)
class Report:
    """What a check has found, as it is shown below a cell; with the graph where there is one."""

    result: Result

    @property
    def outcome(self) -> Outcome:
        """One of Outcome's four."""
        return self.result.outcome

    @property
    def message(self) -> str:
        """What is said to the learner."""
        return self.result.message

    def __repr__(self) -> str:
        return str(self.result)

    def _repr_html_(self) -> str:
        return result_html(self.result)

    def _ipython_display_(self) -> None:
        from IPython.display import display

        display({"text/plain": repr(self), "text/html": self._repr_html_()}, raw=True)
        if self.result.graph is not None:
            display(graph_of(self.result))


def result_html(result: Result) -> str:
    """Return a result as HTML; everything in it is escaped."""
    tone = TONES[result.outcome]
    head = (
        f'<b style="color: {tone};">{SIGNS[result.outcome]}</b> '
        f"<b>{escape(result.outcome.words.capitalize())}.</b> "
    )
    rest = "".join(f"<div>{name}:{_pre(text)}</div>" for name, text in result.lines())
    return f'<div style="{BOX.format(tone=tone)}">{head}{with_code(result.message)}{rest}</div>'


def graph_of(result: Result) -> GraphView:
    """Return the graph of the case, with the wrong tensor marked."""
    from gradwidgets.views.graph.view import GraphView  # widgets only where there is a page

    view = GraphView(result.graph)
    if result.node is not None:
        view.picture.mark(wrong=result.node, warning=result.is_warning)
    return view
