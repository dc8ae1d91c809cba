"""A small drawing of functions of one number, for the text of a lesson."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import numpy as np

WIDTH, HEIGHT, MARGIN = 480, 190, 26
# Told apart by colour-blind eyes, in both themes, and by their dashes.
STROKES = (("#0b7fc4", ""), ("#c2410c", "7 4"), ("#7c6a00", "2 3"))


class Curves:
    """Functions drawn over one axis.

    Parameters
    ----------
    functions : mapping of str to callable
        By what they are called in the legend; each takes an array and returns one.
    span : float
        The axis goes from -span to span.
    """

    def __init__(
        self, functions: dict[str, Callable[[np.ndarray], np.ndarray]], span: float = 5
    ) -> None:
        if not 1 <= len(functions) <= len(STROKES):
            raise ValueError(
                f"curves: received {len(functions)} functions; expected one to {len(STROKES)}"
            )
        self.span = span
        self.x = np.linspace(-span, span, 121)
        self.values = {name: np.asarray(f(self.x), float) for name, f in functions.items()}

    def __repr__(self) -> str:
        lines = [
            f"{name}: " + ", ".join(f"{values[place]:.2f}" for place in (0, 30, 60, 90, 120))
            for name, values in self.values.items()
        ]
        at = ", ".join(f"{self.x[place]:g}" for place in (0, 30, 60, 90, 120))
        return "\n".join([f"at {at}", *lines])

    def _repr_html_(self) -> str:
        both = np.concatenate(list(self.values.values()))
        low, high = min(both.min(), 0.0), max(both.max(), 0.0)

        def across(x: float) -> float:
            return MARGIN + (x + self.span) / (2 * self.span) * (WIDTH - 2 * MARGIN)

        def down(y: float) -> float:
            return HEIGHT - MARGIN - (y - low) / (high - low or 1) * (HEIGHT - 2 * MARGIN)

        parts = [
            _line(across(-self.span), down(0), across(self.span), down(0)),
            _line(across(0), down(low), across(0), down(high)),
            _text(across(self.span), down(0) + 15, f"{self.span:g}", "end"),
            _text(across(-self.span), down(0) + 15, f"−{self.span:g}", "start"),
            *(_text(across(0) - 5, down(y) + 4, f"{y:.3g}".replace("-", "−"), "end")
              for y in {low, high} - {0.0}),
        ]
        legend = []
        for (name, values), (colour, dash) in zip(self.values.items(), STROKES, strict=False):
            points = " ".join(
                f"{across(x):.1f},{down(y):.1f}" for x, y in zip(self.x, values, strict=True)
            )
            stroke = f'stroke="{colour}" stroke-width="2.2" stroke-dasharray="{dash}"'
            parts.append(f'<polyline points="{points}" fill="none" {stroke}/>')
            legend.append(
                '<svg width="30" height="10" aria-hidden="true">'
                f'<line x1="0" y1="5" x2="30" y2="5" {stroke}/></svg> {escape(name)}'
            )
        said = escape("Curves of " + ", ".join(self.values), quote=True)
        return (
            '<figure style="margin: 4px 0; color: var(--jp-content-font-color1, #212121);">'
            f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" role="img" aria-label="{said}" '
            f'style="max-width: 100%;">{"".join(parts)}</svg>'
            f'<figcaption>{" &nbsp; ".join(legend)}</figcaption></figure>'
        )


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="currentColor" '
        'stroke-opacity="0.35"/>'
    )


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="12" '
        f'fill="currentColor">{escape(text)}</text>'
    )
