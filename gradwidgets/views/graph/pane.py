"""A picture of a graph with an inspector: a drawer that tells of the tensor selected."""

from __future__ import annotations

import asyncio
from time import monotonic

import ipywidgets

from gradwidgets.texts import text
from gradwidgets.views.graph import inspector
from gradwidgets.views.graph.picture import GraphPicture
from gradwidgets.views.kit.sheet import Sheet

FOLLOW_INTERVAL = 0.2  # seconds between two updates of the drawer while training runs


class GraphPane(ipywidgets.Box):
    """Holds a picture and its drawer; the drawer is filled only while it is open.

    Attributes
    ----------
    picture : GraphPicture
    drawer : Sheet
    """

    _later: asyncio.TimerHandle | None = None  # here, since one that was refused is closed too

    def __init__(self, picture: GraphPicture) -> None:
        self.picture = picture
        self.drawer = Sheet(text("inspector"), went=self._go, closed=self._close)
        self.drawer.add_class("gw-drawer")
        self.drawer.shown = False
        super().__init__([picture, self.drawer])
        self.add_class("gw-graph-pane")
        self._told_at = float("-inf")
        picture.on_select(self._selected)
        picture.on_show(self._follow)

    def close(self) -> None:
        """Take the pane off the page."""
        self.let_go()
        for part in self.children:
            part.close()
        super().close()

    def let_go(self) -> None:
        """Tell no more of the tensor selected until the next graph is shown."""
        self._cancel()

    def _selected(self, index: int | None) -> None:
        if index is None:
            self._cancel()
            self.drawer.shown = False
        else:
            self._tell()
            self.drawer.shown = True

    def _follow(self) -> None:
        """Show the present numbers: at once, or a moment later when that has just been done."""
        if self.picture.selected is None or self._later is not None:
            return
        wait = self._told_at + FOLLOW_INTERVAL - monotonic()
        post = self.picture.post
        if wait <= 0 or post.loop is None or post.loop.is_closed():
            self._tell()
        else:
            self._later = post.later(wait, self._tell)

    def _tell(self) -> None:
        self._cancel()
        picture = self.picture
        if picture.graph is not None and picture.selected is not None:
            self._told_at = monotonic()
            self.drawer.show(
                inspector.blocks(picture.graph, picture.selected, beside=picture.beside())
            )

    def _cancel(self) -> None:
        if self._later is not None:
            self._later.cancel()
            self._later = None

    def _go(self, index: int) -> None:
        self.picture.selected = index

    def _close(self) -> None:
        self.picture.selected = None
