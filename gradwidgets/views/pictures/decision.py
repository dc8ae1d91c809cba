"""What the network says over its whole domain: a map for two inputs, a curve for one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gradwidgets.engine.experiment.data.drawn import Dataset
from gradwidgets.engine.training.output import Output
from gradwidgets.texts import text
from gradwidgets.views.kit.numbers import short
from gradwidgets.views.kit.theme import Theme, on_background
from gradwidgets.views.pictures.figure import RetainedFigure

if TYPE_CHECKING:
    from matplotlib.artist import Artist

SHADES = 257  # odd, so that exactly 0 has a shade of its own


class DecisionPlot(RetainedFigure):
    """The output over the domain; the points lie on top, train filled, test as rings."""

    _kind = ""  # of the output that is drawn
    _shown: tuple[float, float, float, float] | None = None  # the limits of the axes

    def build(self) -> None:
        from matplotlib.ticker import MaxNLocator

        self._data: tuple[int, int, int, int] | None = None
        axes = self.axes
        self.map = axes.imshow(
            np.zeros((2, 2, 3), np.uint8),
            origin="lower",
            interpolation="bilinear",
            aspect="auto",
            animated=True,
            visible=False,
        )
        self.points = [axes.plot([], [], ls="", marker="o", animated=True)[0] for _ in range(4)]
        (self.curve,) = axes.plot([], [], lw=2.2, animated=True)
        self._locators = [MaxNLocator(5, steps=[1, 2, 3, 5, 10]) for _ in range(2)]
        for axis, locator in zip((axes.xaxis, axes.yaxis), self._locators, strict=True):
            axis.set_major_locator(locator)
        (self.message,) = [axes.text(0.5, 0.5, "", transform=axes.transAxes, animated=True)]
        self.message.set(ha="center", va="center", wrap=True, fontsize=9)

    def place(self, width: float, height: float) -> tuple[float, float, float, float]:
        larger = self.theme.type_scale
        left, bottom, right, top = 36 * larger, 32 * larger, 8, 8
        inner = max(40, width - left - right), max(40, height - bottom - top)
        if self._is_curve():
            return left, bottom, *inner
        side = min(inner)  # a map of two inputs is square
        return left + (inner[0] - side) / 2, bottom + (inner[1] - side) / 2, side, side

    def moving(self) -> list[Artist]:
        return [self.map, *self.points[2:], *self.points[:2], self.curve, self.message]

    def restyle(self) -> None:
        theme = self.theme
        self._shades = shades(theme)
        foreground = on_background(theme.foreground, theme.background)
        dark, light = ("#000000", "#ffffff")
        edge = light if theme.dark else dark
        small, large = (2.6, 3.6) if self.size[0] < 420 else (3.4, 4.8)
        small, large = small * theme.type_scale, large * theme.type_scale
        for locator in self._locators:
            locator.set_params(nbins=3 if theme.strong else 5)
        fills = (theme.negative, theme.positive)
        for line, colour in zip(self.points[:2], fills, strict=True):  # train
            line.set(ms=large, mfc=colour, mec=edge, mew=0.7)
        for line, colour in zip(self.points[2:], fills, strict=True):  # test
            line.set(ms=small, mfc="#ffffff" if not theme.dark else "#1b1b1b", mec=colour, mew=0.9)
        if self._is_curve():
            self.points[0].set(mfc=theme.train, mec="none", ms=small)
            self.points[2].set(mfc="none", mec=theme.test)
        self.curve.set(color=foreground, lw=2.2 * theme.line_scale)
        self.message.set(color=foreground, fontsize=9 * theme.type_scale)

    def _is_curve(self) -> bool:
        return self._kind == "curve"

    def set_data(
        self, points: np.ndarray, labels: np.ndarray, train: np.ndarray, test: np.ndarray
    ) -> None:
        """Show these points.

        Parameters
        ----------
        points : ndarray of shape (n, 2) or (n, 1)
        labels : ndarray of shape (n,)
            Class numbers for two coordinates, real targets for one.
        train, test : ndarray of int
            Rows of either set.
        """
        identity = (id(points), id(labels), id(train), id(test))
        if identity == self._data:
            return
        self._data = identity
        self._kept = (points, labels, train, test)  # keeps the identities alive
        for rows, lines in ((train, self.points[:2]), (test, self.points[2:])):
            if points.shape[1] == 1:
                lines[0].set_data(points[rows, 0], labels[rows])
                lines[1].set_data([], [])
                continue
            for line, chosen in zip(lines, (labels[rows] <= 0, labels[rows] > 0), strict=True):
                line.set_data(points[rows][chosen, 0], points[rows][chosen, 1])

    def draw(self, output: Output) -> bytes:
        """Return the picture of an output as PNG."""
        self._kind_is(output.kind)
        if output.grid is not None and output.extent is not None:
            scores = np.nan_to_num(output.grid, nan=0.0, posinf=1.0, neginf=-1.0)
            index = (np.clip(scores, -1, 1) * (SHADES // 2) + SHADES // 2).round().astype(np.intp)
            self.map.set_data(self._shades[index])
            self._limits(output.extent)
        elif output.xs is not None and output.ys is not None:
            self.curve.set_data(output.xs, output.ys)
            self._limits((*_domain(output.xs), *self._range(output.ys)))
        else:
            self.message.set_text(output.reason)
        return self.png()

    def _kind_is(self, kind: str) -> None:
        if kind == self._kind:
            return
        self._kind = kind
        self.map.set_visible(kind == "map")
        self.curve.set_visible(kind == "curve")
        self.message.set_visible(kind == "none")
        for line in self.points:
            line.set_visible(kind != "none")
        self.axes.set_axis_on() if kind != "none" else self.axes.set_axis_off()
        self.axes.set_xlabel("x" if kind == "curve" else "x₁", labelpad=1)
        self.axes.set_ylabel("y" if kind == "curve" else "x₂", labelpad=-2, rotation=0)
        self._shown = None
        self._apply_page()

    def _limits(self, limits: tuple[float, float, float, float]) -> None:
        if limits == self._shown:
            return
        self._shown = limits
        left, right, bottom, top = limits
        self.axes.set_xlim(left, right)
        self.axes.set_ylim(bottom, top)
        self.map.set_extent(limits)
        self.invalidate()

    def _range(self, ys: np.ndarray) -> tuple[float, float]:
        """Hold the points with a margin; a curve that leaves them does not move the axis."""
        low, high = _finite_range(self._kept[1] if self._data else ys) or (0.0, 0.0)
        margin = 0.25 * (high - low) or 1.0
        return low - margin, high + margin

    @staticmethod
    def describe(output: Output, dataset: Dataset | None) -> str:
        """Say in words what the picture shows."""
        if output.ys is not None:
            low, high = _finite_range(output.ys) or (np.nan, np.nan)
            words = text("output.curve", low=short(low), high=short(high))
        elif output.grid is not None:  # neither for 0, nor for what is no number
            positive, negative = float(np.mean(output.grid > 0)), float(np.mean(output.grid < 0))
            words = text(
                "output.map", positive=round(100 * positive), negative=round(100 * negative)
            )
        else:
            return output.reason
        if dataset is not None:
            words += " " + text("output.points", train=len(dataset.train), test=len(dataset.test))
        return words


def _finite_range(values: np.ndarray) -> tuple[float, float] | None:
    finite = values[np.isfinite(values)]
    return (float(finite.min()), float(finite.max())) if finite.size else None


def _domain(xs: np.ndarray) -> tuple[float, float]:
    return float(xs[0]), float(xs[-1])


def shades(theme: Theme) -> np.ndarray:
    """Return the colours from −1 over 0 to +1 as uint8 of shape (SHADES, 3)."""
    ends = [
        np.array(on_background(colour, theme.background))
        for colour in (theme.negative, theme.zero, theme.positive)
    ]
    t = np.linspace(-1, 1, SHADES)[:, None]
    mixed = ends[1] * (1 - np.abs(t)) + np.where(t < 0, ends[0], ends[2]) * np.abs(t)
    whole: np.ndarray = (mixed * 255).round().astype(np.uint8)
    return whole
