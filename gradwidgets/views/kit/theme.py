"""The colours of the page, so that figures look like the notebook around them.

One grammar everywhere: orange is negative, grey is zero, blue is positive; magenta is what happens
now. Train and test have two colours of their own, and a dash.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias, TypedDict

Colour: TypeAlias = tuple[float, float, float, float]

_HEX = re.compile(r"#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})", re.IGNORECASE)
_RGB = re.compile(r"rgba?\(([^)]*)\)", re.IGNORECASE)


class PageLook(TypedDict, total=False):
    """What a page tells of a picture's place: CSS pixels, colours, and for whom they are."""

    width: float
    height: float
    ratio: float  # device pixels in one of CSS
    dark: bool
    strong: bool
    background: str
    foreground: str
    grid: str


@dataclass(frozen=True)
class Theme:
    """What a figure needs to know of the page: its colours, in CSS, and whether it is dark.

    `strong` asks for thick lines and large type, which are seen from the last row of a class.
    """

    dark: bool = False
    background: str = "#ffffff"
    foreground: str = "#212121"
    grid: str = "#e0e0e0"
    strong: bool = False

    @classmethod
    def of_page(cls, page: PageLook) -> Theme:
        """Make a theme of what the page reports; colours that cannot be read keep their default."""
        dark = bool(page.get("dark"))
        base = cls(True, "#111111", "#e0e0e0", "#424242") if dark else cls()

        def known(colour: str, default: str) -> str:
            colour = str(colour)
            return colour if parse_colour(colour) else default

        return cls(
            dark,
            known(page.get("background", ""), base.background),
            known(page.get("foreground", ""), base.foreground),
            known(page.get("grid", ""), base.grid),
            bool(page.get("strong")),
        )

    @property
    def type_scale(self) -> float:
        """How many times the usual size letters and margins are."""
        return 1.2 if self.strong else 1.0

    @property
    def line_scale(self) -> float:
        """How many times the usual width lines and points are."""
        return 1.4 if self.strong else 1.0

    @property
    def negative(self) -> str:
        """The colour of −1."""
        return "#e08214" if self.dark else "#f59322"

    @property
    def zero(self) -> str:
        """The colour of 0."""
        return "#4a4d50" if self.dark else "#e8eaeb"

    @property
    def positive(self) -> str:
        """The colour of +1."""
        return "#2b8fd6" if self.dark else "#1583cc"

    @property
    def train(self) -> str:
        """The colour of the training set's curve."""
        return "#c9a3f5" if self.dark else "#7b3fa0"

    @property
    def test(self) -> str:
        """The colour of the test set's curve (dashed)."""
        return "#5fd3a0" if self.dark else "#12805c"


@lru_cache(maxsize=64)
def parse_colour(css: str) -> Colour | None:
    """Return red, green, blue and opacity in 0–1 of a CSS colour, or None if it is unreadable."""
    css = css.strip()
    if match := _HEX.fullmatch(css):
        digits = match[1] if len(match[1]) > 4 else "".join(2 * digit for digit in match[1])
        red, green, blue, opacity = (part / 255 for part in bytes.fromhex(digits.ljust(8, "f")))
        return red, green, blue, opacity
    if match := _RGB.fullmatch(css):
        parts = [part for part in re.split(r"[,\s/]+", match[1].strip()) if part]
        if len(parts) not in (3, 4):
            return None
        try:
            red, green, blue = (_share(part, 255) for part in parts[:3])
            return red, green, blue, _share(parts[3], 1) if len(parts) == 4 else 1.0
        except ValueError:
            return None
    return None


def _share(part: str, whole: float) -> float:
    """Return a component as 0–1: a percentage, or a number of which `whole` is all."""
    share = float(part[:-1]) / 100 if part.endswith("%") else float(part) / whole
    return min(1.0, max(0.0, share))


def on_background(css: str, background: str) -> tuple[float, float, float]:
    """Return the opaque colour that `css` gives when painted over `background`."""
    *colour, opacity = parse_colour(css) or (0.0, 0.0, 0.0, 1.0)
    under = parse_colour(background) or (1.0, 1.0, 1.0, 1.0)
    red, green, blue = (
        opacity * top + (1 - opacity) * bottom
        for top, bottom in zip(colour, under[:3], strict=True)
    )
    return red, green, blue
