"""The blocks of a `Sheet`: text, formulas and little tables of numbers, as plain data.

What holds numbers is generic: they are floats, and on the page text, as they are written there.
"""

from __future__ import annotations

from typing import Generic, Literal, NotRequired, TypeAlias, TypedDict, TypeVar

from gradwidgets.views.graph.drawing.tables import Scale

Cell = TypeVar("Cell")


class Title(TypedDict):
    """A title; at level 2 a smaller one."""

    kind: Literal["title"]
    text: str
    level: NotRequired[int]


class Text(TypedDict):
    """A paragraph, perhaps of something wrong."""

    kind: Literal["text"]
    text: str
    tone: NotRequired[Literal["trouble"]]


class Formula(TypedDict):
    """A formula, or several lines of them."""

    kind: Literal["formula"]
    text: str


class Facts(TypedDict):
    """Pairs: what, and how much."""

    kind: Literal["facts"]
    pairs: list[list[str]]


class Table(TypedDict, Generic[Cell]):
    """Rows of numbers; `part` is a sentence on what is left out.

    Its colours are those of the graph, by the scale of data where there is no other.
    """

    kind: Literal["table"]
    rows: list[list[Cell]]
    caption: str
    part: str
    scale: NotRequired[Scale]


class Equation(TypedDict, Generic[Cell]):
    """Tables and, between them, signs."""

    kind: Literal["equation"]
    items: list[Table[Cell] | str]


class Lines(TypedDict):
    """Sentences, each in a line."""

    kind: Literal["lines"]
    lines: list[str]


class Link(TypedDict):
    """Another tensor to look at."""

    node: int
    text: str


class Links(TypedDict):
    """Other tensors to look at."""

    kind: Literal["links"]
    label: str
    items: list[Link]


Block: TypeAlias = (
    Title | Text | Formula | Facts | Table[float] | Equation[float] | Lines | Links
)
Written: TypeAlias = Title | Text | Formula | Facts | Table[str] | Equation[str] | Lines | Links
"""A block as the page gets it."""
