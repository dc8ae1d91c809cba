"""A retained figure on a page: PNG frames, a text alternative, the page's size and theme."""

from __future__ import annotations

from collections.abc import Callable

import traitlets

from gradwidgets.views.assets import joined
from gradwidgets.views.live import LiveView
from gradwidgets.views.theme import Theme


class FigureView(LiveView):
    """Shows the PNG frames of one retained figure.

    Parameters
    ----------
    label : str
        The picture's accessible name; the description of each frame follows it.
    make : callable returning a RetainedFigure
        Called when the first frame is drawn, not before (Matplotlib is slow to import).

    The page reports its size and theme; the last frame is then drawn anew to fit.
    """

    _esm = joined("figure_view.js")

    label = traitlets.Unicode().tag(sync=True)

    def __init__(self, label: str, make: Callable[[], object], **traits: object) -> None:
        super().__init__(label=label, **traits)
        self._make = make
        self._figure: object | None = None
        self._page: dict = {}
        self._draw: Callable[[object], bytes] | None = None
        self._description = ""
        self.add_class("gw-figure")

    @property
    def figure(self) -> object:
        """The retained figure, made at first use."""
        if self._figure is None:
            self._figure = self._make()
            self._fit()
        return self._figure

    def show(self, draw: Callable[[object], bytes], description: str) -> None:
        """Draw a frame by `draw(figure)`, send it, and keep how to draw it again.

        Nothing is drawn before a page has asked for it.

        `description` says in words what is to be seen.
        """
        self._draw, self._description = draw, description
        self.push_last()

    def push_last(self) -> None:
        if self._draw is not None and self.wanted:
            png = self._draw(self.figure)
            self.push({"alt": f"{self.label}: {self._description}"}, [png])

    def on_page(self, page: dict) -> None:
        self._page = page
        self.post(self._page_changed)

    def _page_changed(self) -> None:
        if self._figure is not None and self._fit():
            self.redraw()

    def _fit(self) -> bool:
        page = self._page
        if not page:
            return False
        return self._figure.set_page(
            float(page.get("width", 340)),
            float(page.get("height", 250)),
            float(page.get("ratio", 1)),
            Theme.of_page(page),
        )
