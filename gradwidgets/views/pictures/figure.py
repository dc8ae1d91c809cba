"""One Matplotlib figure, kept and redrawn in part.

Drawing a whole figure takes 35–50 ms; restoring its background and drawing only what moved takes a
few. The background is drawn again when limits, size or theme change.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np

from gradwidgets.views.kit.theme import Theme, on_background

if TYPE_CHECKING:
    from matplotlib.artist import Artist


class RetainedFigure:
    """A figure of one pair of axes; subclasses build it once and then move its artists.

    Matplotlib is imported when the first figure is made, not before: it takes half a second.
    """

    def __init__(self) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        self.theme = Theme()
        self.size = (340, 250, 1.0)  # CSS pixels, and device pixels in one of them
        self.figure = Figure(dpi=96, layout=None)
        self.canvas = FigureCanvasAgg(self.figure)
        self.axes = self.figure.add_subplot()
        self._background: Any = None  # whatever the canvas has copied
        self.build()
        self._apply_page()

    def build(self) -> None:
        """Create the artists; those that move must be made with `animated=True`."""
        raise NotImplementedError

    def moving(self) -> list[Artist]:
        """Return the artists to draw on every frame, lowest first."""
        raise NotImplementedError

    def restyle(self) -> None:
        """Give the artists the colours of `self.theme`."""
        raise NotImplementedError

    def place(self, width: float, height: float) -> tuple[float, float, float, float]:
        """Return the axes' left, bottom, width and height in CSS pixels."""
        return 52, 38, max(40, width - 62), max(40, height - 48)

    def set_page(self, width: float, height: float, ratio: float, theme: Theme) -> bool:
        """Take over the page's size and theme; return whether anything changed."""
        size = (
            min(2000, max(120, round(width))),
            min(2000, max(90, round(height))),
            min(3.0, max(0.5, ratio)),
        )
        if (size, theme) == (self.size, self.theme):
            return False
        self.size, self.theme = size, theme
        self._apply_page()
        return True

    def invalidate(self) -> None:
        """Draw the background again on the next frame."""
        self._background = None

    def png(self) -> bytes:
        """Draw what has moved and return the whole picture as PNG."""
        canvas = self.canvas
        if self._background is None:
            canvas.draw()  # leaves out whatever is animated
            self._background = canvas.copy_from_bbox(self.figure.bbox)
        canvas.restore_region(self._background)
        for artist in self.moving():
            self.axes.draw_artist(artist)
        return _encode(np.asarray(canvas.buffer_rgba()))

    def _apply_page(self) -> None:
        width, height, ratio = self.size
        self.figure.set_dpi(96 * ratio)
        self.figure.set_size_inches(width / 96, height / 96)
        left, bottom, inner_width, inner_height = self.place(width, height)
        self.axes.set_position(
            (left / width, bottom / height, inner_width / width, inner_height / height)
        )
        theme, larger = self.theme, self.theme.type_scale
        foreground = on_background(theme.foreground, theme.background)
        grid = on_background(theme.grid, theme.background)
        self.figure.set_facecolor(on_background(theme.background, "#ffffff"))
        self.axes.set_facecolor("none")
        self.axes.tick_params(which="both", colors=foreground, labelsize=8.5 * larger, length=3)
        for label in (self.axes.xaxis.label, self.axes.yaxis.label):
            label.set_color(foreground)
            label.set_fontsize(9 * larger)
        for side, spine in self.axes.spines.items():
            spine.set_color(foreground if theme.strong else grid)
            spine.set_visible(side in ("left", "bottom"))
        self.restyle()
        self.invalidate()


def _encode(pixels: np.ndarray) -> bytes:
    from PIL import Image

    height, width = pixels.shape[:2]
    image = Image.frombuffer("RGBA", (width, height), pixels, "raw", "RGBA", 0, 1).convert("RGB")
    # A palette makes a third of the bytes in less than half of the time.
    image = image.quantize(
        256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE
    )
    stream = io.BytesIO()
    image.save(stream, "PNG", compress_level=1)
    return stream.getvalue()
