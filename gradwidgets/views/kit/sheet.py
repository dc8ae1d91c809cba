"""A sheet of text, formulas and little tables of numbers, beside or over a picture.

What blocks there are stands in `gradwidgets.views.kit.blocks`.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import traitlets

from gradwidgets.texts import names, text
from gradwidgets.views.graph.drawing.tables import Scale
from gradwidgets.views.kit import numbers
from gradwidgets.views.kit.assets import joined
from gradwidgets.views.kit.blocks import Block, Table, Written
from gradwidgets.views.kit.live import FromPage, Post
from gradwidgets.views.kit.spoken import SpokenWidget

MOST = 8  # rows, and columns, of a table


class Sheet(SpokenWidget):
    """Shows a list of blocks.

    Parameters
    ----------
    label : str, optional
        Its accessible name.
    went : callable taking a node's index, optional
        Called on the notebook's loop when somebody follows a link.
    closed : callable, optional
        Called when somebody closes it; without it there is no such button.
    """

    _esm = joined("views/graph/cells.js", "views/kit/sheet.js")
    _css = joined("views/graph/cells.css", "views/kit/sheet.css")

    label = traitlets.Unicode().tag(sync=True)
    blocks: traitlets.List[Written] = traitlets.List().tag(sync=True)
    closable = traitlets.Bool(False).tag(sync=True)
    shown = traitlets.Bool(True).tag(sync=True)
    texts = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        label: str | None = None,
        went: Callable[[int], None] | None = None,
        closed: Callable[[], None] | None = None,
    ) -> None:
        label = text("sheet") if label is None else label
        super().__init__(label=label, closable=closed is not None, texts=names("sheet"))
        self._went, self._closed = went, closed
        self._post = Post()
        self.on_msg(self._receive)
        self.add_class("gw-sheet")

    def show(self, blocks: list[Block]) -> None:
        """Show these blocks; those that stay the same are left as they are on the page."""
        shown = [_written(block) for block in blocks]
        if shown != self.blocks:
            self.blocks = shown

    def _receive(self, _widget: Sheet, content: FromPage, _buffers: list[memoryview]) -> None:
        if "go" in content and self._went is not None:
            self._post(self._went, int(content["go"]))
        if "close" in content and self._closed is not None:
            self._post(self._closed)


def table(values: np.ndarray | None, caption: str = "", scale: Scale = "data") -> Table[float]:
    """Return an array as a table block: of a large one the first rows and columns, and a word on it.

    What has more than two dimensions is flattened to rows of its last one.
    """
    if values is None:
        return {"kind": "table", "rows": [], "caption": caption, "part": text("not_yet")}
    values = np.asarray(values)
    if values.size == 0:
        return {"kind": "table", "rows": [], "caption": caption, "part": text("no_values")}
    flat = values.reshape(-1, values.shape[-1]) if values.ndim > 1 else values.reshape(1, -1)
    if values.ndim < 2 and values.size > MOST:  # a long vector, wrapped
        first = min(values.size, MOST * MOST)
        rows = [flat[0, at : min(at + MOST, first)] for at in range(0, first, MOST)]
        left_out = first < values.size
        part = text("sheet.part.numbers", last=first, count=numbers.grouped(values.size))
    else:
        rows = list(flat[:MOST, :MOST])
        left_out = flat.shape[0] > MOST or flat.shape[1] > MOST
        part = _which(*flat.shape)
    return {
        "kind": "table",
        "rows": [[float(value) for value in row] for row in rows],
        "caption": caption,
        "part": part if left_out else "",
        "scale": scale,
    }


def _which(rows: int, columns: int) -> str:
    shown = {"rows": numbers.grouped(rows), "columns": numbers.grouped(columns)}
    if rows <= MOST:
        return text("sheet.part.columns", last=MOST, columns=shown["columns"])
    if columns <= MOST:
        return text("sheet.part.rows", last=MOST, rows=shown["rows"])
    return text("sheet.part.both", last=MOST, **shown)


def _written(block: Block) -> Written:
    """Return a block with its numbers as they are written."""
    if block["kind"] == "table":
        return _written_table(block)
    if block["kind"] == "equation":
        items = [item if isinstance(item, str) else _written_table(item) for item in block["items"]]
        return {**block, "items": items}
    return block


def _written_table(table: Table[float]) -> Table[str]:
    return {**table, "rows": [[numbers.cell(value) for value in row] for row in table["rows"]]}
