"""The loss over the epochs: a retained figure, and the same in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from gradwidgets.texts import text
from gradwidgets.views.kit.numbers import short
from gradwidgets.views.kit.theme import on_background
from gradwidgets.views.pictures.figure import RetainedFigure

if TYPE_CHECKING:
    from matplotlib.artist import Artist

STEPS = (1, 1.5, 2, 3, 4, 5, 6, 8, 10)
FEW = 20  # points, or less, are marked; a line of a single one could not be seen
LEAST, MOST = 1e-290, 1e290  # the axes go no further, where the next float may be 0 or infinity


class LossPlot(RetainedFigure):
    """Train and test loss (per-sample means) against the epoch, on a linear or a log axis."""

    def build(self) -> None:
        self.log = False
        self._limits: tuple[float, float, float, bool] | None = None
        (self.train,) = self.axes.plot([], [], lw=2, animated=True)
        (self.test,) = self.axes.plot([], [], lw=2, ls=(0, (4, 2)), animated=True)
        self.axes.set_xlabel(text("loss_plot.x"), labelpad=1)
        self.legend = self.axes.legend(
            [self.train, self.test],
            [text("loss_plot.train"), text("loss_plot.test")],
            loc="upper right",
            frameon=False,
            fontsize=9,
            handlelength=2.6,
        )
        self._handles = [one for one in self.legend.legend_handles if one is not None]

    def place(self, width: float, height: float) -> tuple[float, float, float, float]:
        left, bottom = 50 * self.theme.type_scale, 34 * self.theme.type_scale
        # room for half of a last "1500"
        return left, bottom, max(40, width - left - 20), max(40, height - bottom - 8)

    def moving(self) -> list[Artist]:
        return [self.test, self.train]

    def restyle(self) -> None:
        theme = self.theme
        self.train.set(color=theme.train, lw=2 * theme.line_scale)
        self.test.set(color=theme.test, lw=2 * theme.line_scale)
        for handle, colour in zip(self._handles, (theme.train, theme.test), strict=True):
            handle.set(color=colour, lw=2 * theme.line_scale)
        for label in self.legend.get_texts():
            label.set_color(on_background(theme.foreground, theme.background))
            label.set_fontsize(9 * theme.type_scale)
        self.axes.grid(
            True, color=on_background(theme.grid, theme.background), lw=0.7, alpha=0.7
        )
        self.axes.set_axisbelow(True)

    def draw(
        self, epoch: np.ndarray, train: np.ndarray, test: np.ndarray, log: bool = False
    ) -> bytes:
        """Return the plot as PNG.

        Parameters
        ----------
        epoch, train, test : ndarray of shape (n_points,)
            Test losses may be NaN where there is no test set.
        log : bool
            Whether the losses' axis is logarithmic.
        """
        self.log = log
        floor = self._follow(epoch, train, test)
        shown: Callable[[np.ndarray, float], np.ndarray] = np.maximum if log else _unchanged
        self.train.set_data(epoch, shown(train, floor))
        self.test.set_data(epoch, shown(test, floor))
        self._mention_test(bool(np.isfinite(test).any()))
        return self.png()

    def _mention_test(self, there: bool) -> None:
        """Name only the curves that there are."""
        parts = (self._handles[1], self.legend.get_texts()[1])
        if parts[0].get_visible() != there:
            for part in parts:
                part.set_visible(there)
            self.invalidate()

    def _follow(self, epoch: np.ndarray, train: np.ndarray, test: np.ndarray) -> float:
        """Widen the axes in steps, so that the background is rarely drawn again.

        Returns the lower end of the losses' axis.
        """
        values = np.concatenate([train, test])
        values = values[np.isfinite(values)]
        high = step_up(float(values.max())) if values.size else 1.0
        low = -step_up(-float(values.min())) if values.size and values.min() < 0 else 0.0
        if self.log:
            positive = values[values > 0]
            low = step_down(float(positive.min())) if positive.size else high / 10
            low = max(min(low, high / 10), high * 1e-9)
        right = step_up(max(5.0, float(epoch[-1]) if epoch.size else 0.0))
        limits = (right, low, high, self.log)
        if limits == self._limits:
            return low
        self._limits = limits
        if self.axes.get_yscale() != ("log" if self.log else "linear"):
            self.axes.set_yscale("log" if self.log else "linear")
        self.axes.set_xlim(0, right)
        self.axes.set_ylim(low, high)
        self.invalidate()
        return low

    @staticmethod
    def describe(epoch: np.ndarray, train: np.ndarray, test: np.ndarray) -> str:
        """Say in words what the curves show."""
        if not epoch.size:
            return text("loss_plot.empty")
        words = [_course(text("loss_plot.train"), epoch, train)]
        if np.isfinite(test).any():
            words.append(_course(text("loss_plot.test"), epoch, test))
        return " ".join(words)


class StepPlot(LossPlot):
    """One loss against the step, of a loop written by hand; few points are marked."""

    def build(self) -> None:
        super().build()
        self.axes.set_xlabel(text("watch.x"), labelpad=1)
        self.legend.get_texts()[0].set_text(text("watch.loss"))

    def place(self, width: float, height: float) -> tuple[float, float, float, float]:
        left, bottom, inner_width, _ = super().place(width, height)
        return left, bottom, inner_width, max(40, height - bottom - 22)  # and a "1e290" on top

    def draw(
        self, epoch: np.ndarray, train: np.ndarray, test: np.ndarray, log: bool = False
    ) -> bytes:
        """Return the plot as PNG; `epoch` are the steps, `train` the losses."""
        self.train.set_marker("o" if len(epoch) <= FEW else "")
        self.train.set_markersize(4)
        return super().draw(epoch, train, test, log)


def _unchanged(values: np.ndarray, _floor: float) -> np.ndarray:
    return values


def _course(name: str, epoch: np.ndarray, values: np.ndarray) -> str:
    known = np.flatnonzero(np.isfinite(values))
    if not known.size:
        return text("loss_plot.course.none", name=name)
    first, last, least = values[known[0]], values[known[-1]], known[np.argmin(values[known])]
    return text(
        "loss_plot.course",
        name=name,
        first=short(first),
        last=short(last),
        epoch=f"{epoch[known[-1]]:g}",
        least=short(values[least]),
        at=f"{epoch[least]:g}",
    )


def step_up(value: float) -> float:
    """Return the next round number not below `value` (> 0), within LEAST and MOST."""
    if not value > 0:
        return 1.0
    value = min(max(value, LEAST), MOST)
    scale = 10.0 ** np.floor(np.log10(value))
    return float(next(step * scale for step in (*STEPS, 15) if step * scale >= value * 0.999999))


def step_down(value: float) -> float:
    """Return 1, 2 or 5 times a power of ten, the next not above `value`, within LEAST and MOST."""
    value = min(max(value, LEAST), MOST)
    scale = 10.0 ** np.floor(np.log10(value))
    return float(5 * scale if value >= 5 * scale else 2 * scale if value >= 2 * scale else scale)
