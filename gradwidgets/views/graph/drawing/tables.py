"""The numbers in a graph's boxes: how large a tensor's table is, and what stands in its cells.

What a table holds is decided once, by the shape; its texts come anew with every frame.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Literal, TypeAlias

import numpy as np

from gradwidgets.engine.graph.snapshot import Node
from gradwidgets.texts import text
from gradwidgets.views.kit import numbers

FULL = 16  # arrays of up to this many numbers are shown in full
FULL_VALUES = 64  # the same where values are what is looked at
MOST_SIDE = 16  # rows and columns of a table in full; a longer one is not read any more
WRAP, WRAP_VALUES = 4, 8  # numbers in one row of a vector
BINS = 32  # cells of a heat strip
CELL_WIDTH, CELL_HEIGHT = 37, 16
SUMMARY_WIDTH = 48  # a cell with a sign for min, mean or max before its number
ABSENT_WIDTH = 72  # room for "no gradient"
SUMMARY = (("↓", "min"), ("ø", "mean"), ("↑", "max"))
LEVELS = 12  # strengths of colour to each side of a strip's zero
STRIP_ZERO = ord("a") + LEVELS  # "m"
STRIP_BAD = ord("a") + 2 * LEVELS + 1  # "z"

Scale: TypeAlias = Literal["data", "gradient"]
"""Which numbers of a tensor a table shows, and so by which scale it is coloured."""


@dataclass(frozen=True)
class Block:
    """A little table of numbers: one tensor's data or gradient.

    `first` counts its texts in the scene. A table has rows × columns of them, one a cell, and then
    one for the whole block ("not yet", "no gradient"), empty when there are numbers.

    A strip is one row of cells without numbers, and has one text: a letter a cell, from "a" (−, full
    colour) over "m" (zero, grey) to "y" (+, full colour), in equal steps of the share of the
    colour; "z" stands for what is no number. A shorter text leaves the rest of the cells away.
    """

    x: float
    y: float
    rows: int
    columns: int
    cell_width: float
    scale: Scale
    first: int
    form: Literal["table", "strip"] = "table"
    full: bool = True  # has a cell for every number, instead of least, mean and greatest

    @property
    def count(self) -> int:
        """How many texts it has."""
        return 1 if self.form == "strip" else self.rows * self.columns + 1

    @property
    def width(self) -> float:
        """Pixels, with room for "no gradient"."""
        cells = self.columns * self.cell_width
        return max(cells, ABSENT_WIDTH) if self.scale == "gradient" else cells

    @property
    def height(self) -> float:
        """Pixels."""
        return self.rows * CELL_HEIGHT


def table_of(node: Node, values: bool = False) -> tuple[int, int, bool]:
    """Return rows and columns of a tensor's table, and whether it holds all its numbers.

    With `values`, tables may be larger.
    """
    shape = node.shape
    size = prod(shape)
    if node.data is None and node.note:  # a class that has no numbers there has no shape either
        return 1, 3, False
    if not 0 < size <= (FULL_VALUES if values else FULL) or len(shape) > 2:
        return 1, 3, False
    if size in shape or not shape:  # a vector, in whatever direction: wrapped into short rows
        columns = min(size, WRAP if size <= FULL else WRAP_VALUES)
        return -(-size // columns), columns, True
    if max(shape) > MOST_SIDE:
        return 1, 3, False
    return shape[0], shape[1], True


def block_texts(node: Node, block: Block) -> list[str]:
    """Return the texts of a block, as many as it counts, for a node's present numbers."""
    gradient = block.scale == "gradient"
    values = node.grad if gradient else node.data
    if block.form == "strip":
        return [strip(values, block.columns, block.scale)]
    cells = block.rows * block.columns
    if gradient and not node.autograd:
        return [""] * cells + [text("no_gradient")]
    if values is None or values.dtype.kind not in "fiub" or values.size == 0:
        # A value can be missing for two reasons: its turn comes, or the class has none.
        waits = values is None and (gradient or not node.note)
        return [""] * cells + [text("not_yet" if waits else "no_values")]
    if block.full and values.size <= cells:
        rest = cells - values.size  # of a vector's last row
        return [*numbers.cells(values), *[""] * rest, ""]
    if cells < len(SUMMARY):  # no room for a gradient much larger than its tensor
        return [""] * cells + [text("other_shape", shape=numbers.shape(values.shape))]
    with np.errstate(all="ignore"):  # infinities have no mean
        found = values.min(), values.mean(), values.max()
    texts = [sign + numbers.cell(value) for (sign, _), value in zip(SUMMARY, found, strict=True)]
    return [*texts, *[""] * (cells - len(SUMMARY)), ""]  # a gradient of another shape leaves some


def strip(values: np.ndarray | None, cells: int, scale: Scale) -> str:
    """Return the letters of a heat strip: each cell has the mean of a stretch of the numbers.

    The scales are those of the tables: data are linear up to 1, gradients logarithmic from 0.0001.
    """
    if values is None or values.dtype.kind not in "fiub" or values.size == 0:
        return ""
    flat = values.ravel().astype(float)
    cells = min(cells, flat.size)
    starts = np.arange(cells) * flat.size // cells
    with np.errstate(all="ignore"):
        means = np.add.reduceat(flat, starts) / np.diff(starts, append=flat.size)
        size = np.abs(means)
        if scale == "data":
            levels = np.rint(np.minimum(size, 1) * LEVELS)
        else:  # what is not zero does not look like zero
            share = (np.log10(size, where=size > 0, out=np.full(cells, -9.0)) + 4) / 4
            levels = np.where(size > 0, np.rint(np.clip(share, 1 / LEVELS, 1) * LEVELS), 0)
    bad = ~np.isfinite(means)
    letters = STRIP_ZERO + np.where(bad, 0, np.sign(means) * levels)
    letters[bad] = STRIP_BAD
    return letters.astype(np.uint8).tobytes().decode("ascii")
