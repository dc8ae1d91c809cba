"""Curves in the output of a cell: drawn in the page's own colours, and told in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TypeAlias

import numpy as np

from gradwidgets.core.types import Foreign
from gradwidgets.engine.training.foreign import array_of, is_tensor
from gradwidgets.views.pictures.loss import step_down, step_up

WIDTH, HEIGHT = 640, 260
LEFT, RIGHT, TOP, BOTTOM = 66, 24, 12, 42
COLOURS = ("#8e6ad0", "#2f9468", "#a8771a", "#5f7d95")  # readable on white and on black
DASHES = ("", "7 4", "2 4", "10 3 2 3")
TICKS = 5
MOST_DOTS = 40
INK = "var(--jp-content-font-color1, #212121)"
FAINT = "var(--jp-border-color2, #bdbdbd)"


Place: TypeAlias = Callable[[float], float]
"""Where on the picture a number lies, along one axis."""


@dataclass(frozen=True)
class Curves:
    """Lines by their names: of each the points, as x and y."""

    lines: Mapping[str, tuple[np.ndarray, np.ndarray]]
    x: str
    y: str
    log: bool = False

    def __repr__(self) -> str:
        return "\n".join(self._told(name) for name in self.lines)

    def _told(self, name: str) -> str:
        xs, ys = self.lines[name]
        return (
            f"{name}: {self.y} from {ys[0]:.4g} at {self.x} {xs[0]:.4g} "
            f"to {ys[-1]:.4g} at {self.x} {xs[-1]:.4g}"
        )

    def _repr_html_(self) -> str:
        to_x, ticks_x = _axis([xs for xs, _ in self.lines.values()], LEFT, WIDTH - RIGHT)
        to_y, ticks_y = _axis(
            [ys for _, ys in self.lines.values()], HEIGHT - BOTTOM, TOP, self.log
        )
        parts = [_label(WIDTH / 2, HEIGHT - 6, self.x), _label(14, HEIGHT / 2 - 15, self.y, -90)]
        for value in ticks_x:
            parts.append(_label(to_x(value), HEIGHT - BOTTOM + 16, f"{value:g}"))
        for value in ticks_y:
            height = to_y(value)
            parts.append(
                f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{height:.1f}" y2="{height:.1f}" '
                f'style="stroke: {FAINT}; stroke-width: 0.7;"/>'
            )
            parts.append(_label(LEFT - 6, height + 4, f"{value:g}", anchor="end"))
        for number, (xs, ys) in enumerate(self.lines.values()):
            parts.append(_line(xs, ys, to_x, to_y, number))
        keys = "".join(_key(name, number) for number, name in enumerate(self.lines))
        return (
            '<figure style="margin: 4px 0; max-width: 760px;">'
            f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
            f'aria-label="{escape(repr(self), quote=True)}" '
            f'style="width: 100%; display: block;">{"".join(parts)}</svg>'
            f'<figcaption style="display: flex; flex-wrap: wrap; gap: 4px 18px; '
            f'padding-left: 8px; color: {INK};">{keys}</figcaption></figure>'
        )


def curves(
    lines: Mapping[str, Sequence[float] | tuple[Sequence[float], Sequence[float]]],
    x: str = "step",
    y: str = "loss",
    log: bool = False,
) -> Curves:
    """Draw lines through the numbers of each name, against 0, 1, 2 … or against given x.

    Parameters
    ----------
    lines : mapping of str to numbers, or to a pair of x and y
        Of a line that leaves the finite numbers, only the points before are drawn.
    x, y : str
        What the axes are called.
    log : bool, default=False
        Let each step of the upright axis be a multiple, so that small numbers can be told apart.
    """
    return Curves({name: _points(line, log) for name, line in lines.items()}, x, y, log)


def _points(line: Foreign, log: bool) -> tuple[np.ndarray, np.ndarray]:
    if isinstance(line, tuple) and len(line) == 2 and np.ndim(line[0]) == 1:
        xs, ys = _numbers(line[0]), _numbers(line[1]).ravel()
    else:
        ys = _numbers(line).ravel()
        xs = np.arange(len(ys))
    good = np.isfinite(ys) & (ys > 0 if log else True)
    end = len(ys) if good.all() else int(np.argmin(good))
    return xs[:end], ys[:end]


def _numbers(line: Foreign) -> np.ndarray:
    """Return the numbers of a line, of tensors too: what is drawn needs no gradient."""
    if isinstance(line, (list, tuple)):
        line = [array_of(each) if is_tensor(each) else each for each in line]
    return np.asarray(array_of(line), dtype=float)


def _axis(
    values: Sequence[np.ndarray], start: float, end: float, log: bool = False
) -> tuple[Place, list[float]]:
    """Return how numbers lie between two places of the picture, and which ones to write there."""
    numbers = np.concatenate(values)
    low, high = float(numbers.min()), float(numbers.max())
    if log:
        low, high = np.log10(step_down(low)), np.log10(step_up(high))
        high = max(high, low + 1)
        first, last = int(np.ceil(low)), int(np.floor(high + 1e-9))
        every = max(1, -(-(last - first) // TICKS))
        ticks = [10.0**n for n in range(first, last + 1, every)]
    else:
        low, high = min(0.0, low), max(high, 0.0)
        high = high if high > low else low + 1
        step = _round_step((high - low) / TICKS)
        if all(float(value).is_integer() for value in numbers):
            step = max(1.0, step)
        first, last = int(np.floor(low / step + 1e-9)), int(np.ceil(high / step - 1e-9))
        ticks = [step * n for n in range(first, last + 1)]
        low, high = min(low, ticks[0]), max(high, ticks[-1])

    def place(value: float) -> float:
        shown = np.log10(value) if log else value
        return start + (end - start) * (shown - low) / (high - low)

    return place, ticks


def _round_step(least: float) -> float:
    """Return the next of …, 0.1, 0.2, 0.5, 1, 2, 5, 10, … that is not below `least`."""
    scale = 10.0 ** np.floor(np.log10(least))
    return float(next(n * scale for n in (1, 2, 5, 10) if n * scale >= least * 0.999999))


def _label(x: float, y: float, words: str, turn: int = 0, anchor: str = "middle") -> str:
    turned = f' transform="rotate({turn} {x:.1f} {y:.1f})"' if turn else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{turned} '
        f'style="font-size: 12px; fill: {INK};">{escape(words)}</text>'
    )


def _line(xs: np.ndarray, ys: np.ndarray, to_x: Place, to_y: Place, number: int) -> str:
    points = [(to_x(x), to_y(y)) for x, y in zip(xs, ys, strict=True)]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    drawn = f'<polyline points="{path}" fill="none" style="{_stroke(number)}"/>'
    if len(points) <= MOST_DOTS:
        colour = COLOURS[number % len(COLOURS)]
        drawn += "".join(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" style="fill: {colour};"/>' for x, y in points
        )
    return drawn


def _key(name: str, number: int) -> str:
    sample = (
        '<svg width="34" height="10" aria-hidden="true"><line x1="0" x2="34" y1="5" y2="5" '
        f'style="{_stroke(number)}"/></svg>'
    )
    return f"<span>{sample} {escape(name)}</span>"


def _stroke(number: int) -> str:
    colour, dash = COLOURS[number % len(COLOURS)], DASHES[number % len(DASHES)]
    return f"stroke: {colour}; stroke-width: 2; stroke-dasharray: {dash or 'none'};"
