"""What stands in a saved notebook where a widget was: pictures and words that need no kernel.

A notebook keeps of a widget only the number of a model that died with its kernel. Beside it goes
HTML that nothing has to be loaded for: nbviewer, GitHub, nbconvert and a notebook that is not
trusted show it by themselves, JupyterLab does so through the extension (`lab/stills.js`), which
looks for `MARK` among an output's types and puts the still picture wherever there is no model.
"""

from __future__ import annotations

import asyncio
import base64
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, TypeAlias

import ipywidgets

from gradwidgets.texts import text
from gradwidgets.views.kit.live import FromPage, Post

MARK = "application/vnd.gradwidgets.still+json"
HTML = "text/html"
ASK = "still"  # the page asks for the still picture by this name, and gets it under the same
SETTLED = 0.5  # seconds without a change before a new picture is sent
LATEST = 5.0  # seconds after the first change that a new picture is sent at the latest
LARGEST = 150_000  # characters of one picture; a notebook is no place for more

FRAME = "border:1px solid #bdbdbd;border-radius:4px;padding:8px 12px;max-width:1100px"
BESIDE = "display:flex;flex-wrap:wrap;gap:12px;align-items:flex-start"
UNDRAWN = "margin:0;max-width:360px"
PICTURE = "max-width:100%;height:auto;vertical-align:top;background:#ffffff"

Bundle: TypeAlias = dict[str, Any]
"""What an output holds: by the type of each, as IPython takes it."""


@dataclass(frozen=True)
class Picture:
    """A standalone SVG, with what it shows in words."""

    svg: str
    alt: str


def still_html(
    title: str,
    lines: Iterable[str] = (),
    pictures: Iterable[Picture | str] = (),
    table: Sequence[Sequence[str]] = (),
) -> str:
    """Return HTML that stands for a widget; every text is escaped.

    Parameters
    ----------
    title : what the widget is
    lines : sentences, each a paragraph of its own; code stands between backticks
    pictures : shown side by side where there is room; a sentence says why there is none
    table : rows of cells
    """
    parts = [
        f'<div class="gw-still" style="{FRAME}">',
        f"<p><strong>{_escaped(title)}</strong><br>{_escaped(text('kept.run'))}</p>",
    ]
    parts += [f"<p>{_lines(line)}</p>" for line in lines if line]
    shown = [_image(one) if isinstance(one, Picture) else _no_image(one) for one in pictures]
    if shown:
        first, *rest = shown
        parts += [f'<div style="{BESIDE}">', first, "<div>", "<br>".join(rest), "</div>", "</div>"]
    if table:
        parts += ["<table>", *_rows(table), "</table>"]
    parts.append("</div>")
    return "\n".join(parts)


def with_still(bundle: Bundle, html: Callable[[], str]) -> Bundle:
    """Return a widget's mime bundle with its still picture."""
    try:
        return {**bundle, MARK: {}, HTML: html()}
    except Exception:  # a learner's numbers, or no layout here: the live widget matters more
        return {**bundle, MARK: {}, HTML: still_html(bundle.get("text/plain", ""))}


class Keeper:
    """Answers the page, when it asks for the still picture of a widget as it is by now.

    Parameters
    ----------
    widget : ipywidgets.Widget
        Where the question arrives.
    html : callable returning str
    """

    def __init__(self, widget: ipywidgets.Widget, html: Callable[[], str]) -> None:
        self._widget, self._html = widget, html
        self._post = Post()
        self._wanted = False  # only where the page keeps it; other pages would draw anew
        self._due: asyncio.TimerHandle | None = None
        self._latest = 0.0  # when it is sent at the latest, by the loop's clock
        widget.on_msg(self._receive)

    def bundle(self, bundle: Bundle | None) -> Bundle | None:
        """Return the widget's mime bundle with the present picture; none stays none."""
        return with_still(bundle, self._html) if bundle else bundle

    def renew(self, passing: bool = False) -> None:
        """Have the present picture sent to a page that keeps it, once nothing more has changed.

        On the loop's thread only. What is `passing`, as while training runs, is sent now and then,
        and the notebook is not marked as changed by it.
        """
        loop = self._post.loop
        if not self._wanted or loop is None or loop.is_closed():
            return
        if self._due is None:
            self._latest = loop.time() + LATEST
        elif passing:
            return  # it comes soon enough
        else:
            self._due.cancel()
        at = self._latest if passing else min(self._latest, loop.time() + SETTLED)
        self._due = self._post.later(at - loop.time(), self._send, passing)

    def stop(self) -> None:
        """Send nothing any more, unless a page asks for it: nobody sees the widget."""
        self._wanted = False
        if self._due is not None:
            self._due.cancel()
            self._due = None

    def _send(self, passing: bool) -> None:
        self._due = None
        bundle = with_still({"text/plain": repr(self._widget)}, self._html)
        self._widget.send({ASK: bundle[HTML], "passing": passing})

    def _receive(
        self, _widget: ipywidgets.Widget, content: FromPage, _buffers: list[memoryview]
    ) -> None:
        if content.get("ask") == ASK:  # any thread: a plain store and a post
            self._wanted = True
            self._post(self.renew)


def _image(picture: Picture) -> str:
    if len(picture.svg) > LARGEST:
        return _no_image(text("kept.too_large", what=picture.alt))
    data = base64.b64encode(picture.svg.encode("utf-8", "replace")).decode("ascii")
    return (
        f'<img alt="{_escaped(picture.alt)}" style="{PICTURE}" '
        f'src="data:image/svg+xml;base64,{data}">'
    )


def _no_image(words: str) -> str:
    return f'<p style="{UNDRAWN}">{_lines(words)}</p>'


def _rows(table: Sequence[Sequence[str]]) -> Iterable[str]:
    for row in table:
        yield "<tr>" + "".join(f"<td>{_escaped(cell)}</td>" for cell in row) + "</tr>"


def _lines(words: str) -> str:
    escaped = "<br>".join(map(_escaped, words.splitlines()))
    return re.sub(r"`([^`<]+)`", r"<code>\1</code>", escaped)


def _escaped(words: str) -> str:
    return escape(words.encode("utf-8", "replace").decode("utf-8"))
