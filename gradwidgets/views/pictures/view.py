"""A retained figure on a page: PNG frames, a text alternative, the page's size and theme."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

import traitlets

from gradwidgets.views.kit.assets import joined
from gradwidgets.views.kit.live import LiveView
from gradwidgets.views.kit.theme import PageLook, Theme
from gradwidgets.views.pictures.figure import RetainedFigure

SHARP = 1.5  # device pixels in one of CSS, before the page has told how many there are

UNTOLD = 340, 250  # CSS pixels of a picture of which neither the page nor anybody else has told

Figure = TypeVar("Figure", bound=RetainedFigure)


class FigureView(LiveView, Generic[Figure]):
    """Shows the PNG frames of one retained figure.

    Parameters
    ----------
    label : str
        The picture's accessible name; the description of each frame follows it.
    make : callable returning a RetainedFigure
        Called when the first frame is drawn, not before (Matplotlib is slow to import).
    expected : tuple of two int, optional
        Width and height to draw for before the page has told its own, in the theme that another
        picture was last shown in. Where there is none either, a page that cannot be asked is sent
        a light and a dark picture to choose from.

    The page reports its size and theme; the last frame is then drawn anew to fit.
    """

    _esm = joined("views/pictures/view.js")

    label = traitlets.Unicode().tag(sync=True)

    latest_theme: PageLook = {}  # as some page last reported it; of all pictures of this kernel

    def __init__(
        self,
        label: str,
        make: Callable[[], Figure],
        expected: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(label=label)
        self._make = make
        self._expected = expected
        self._figure: Figure | None = None
        self._twin: Figure | None = None  # the same figure for a dark page
        self._page: PageLook = {}
        self._draw: Callable[[Figure], bytes] | None = None
        self._description = ""
        self.add_class("gw-figure")

    @property
    def figure(self) -> Figure:
        """The retained figure, made at first use."""
        if self._figure is None:
            self._figure = self._make()
            self._fit(self._figure)
        return self._figure

    def made_aside(self) -> Figure | None:
        """Return the figure, made and drawn once, for `take`; None where it is not wanted yet.

        What is done for the first time takes a second: this may be called beside the loop.
        """
        if self._figure is not None or not self.seen:
            return None
        figure, draw = self._make(), self._draw
        self._fit(figure)
        if draw is not None:
            draw(figure)
        return figure

    def take(self, figure: Figure | None) -> None:
        """Take a figure over that was made aside, on the loop, which has drawn none meanwhile."""
        if figure is not None and self._figure is None:
            self._figure = figure

    def show(self, draw: Callable[[Figure], bytes], description: str) -> None:
        """Draw a frame by `draw(figure)`, send it, and keep how to draw it again.

        Nothing is drawn before a page has asked for it.

        `description` says in words what is to be seen.
        """
        self._draw, self._description = draw, description
        self.push_last()

    def let_go(self) -> None:
        super().let_go()
        self._figure = self._twin = None

    def push_last(self) -> None:
        if self._draw is not None and self.wanted:
            figure = self.figure
            self._fit(figure)  # the page may have spoken while the loop was held up
            pictures = [self._draw(figure)]
            if not self._page and not self.latest_theme and self.unasked:
                pictures.append(self._draw(self._dark_twin()))
            self.push({"alt": f"{self.label}: {self._description}"}, pictures)

    def _dark_twin(self) -> Figure:
        if self._twin is None:
            self._twin = self._make()
            width, height = self._expected or UNTOLD
            self._twin.set_page(width, height, SHARP, Theme.of_page({"dark": True}))
        return self._twin

    def on_page(self, page: PageLook) -> None:
        self._page = page
        theme = page.copy()  # without what is said of this one picture
        theme.pop("width", None)
        theme.pop("height", None)
        theme.pop("strong", None)
        FigureView.latest_theme = theme
        self.post(self._page_changed)

    def _page_changed(self) -> None:
        if self._figure is not None and self._fit(self._figure):
            self.redraw()

    def _fit(self, figure: Figure) -> bool:
        page = self._page
        if not page and self._expected:
            width, height = self._expected
            page = {"ratio": SHARP, **self.latest_theme, "width": width, "height": height}
        if not page:
            return False
        return figure.set_page(
            float(page.get("width", UNTOLD[0])),
            float(page.get("height", UNTOLD[1])),
            float(page.get("ratio", 1)),
            Theme.of_page(page),
        )
