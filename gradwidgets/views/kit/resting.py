"""Widgets that no page shows any more let go of what they cost, and come back when one does.

A cell that is run again leaves its old widget behind: IPython's `Out` and `_` hold it, ipywidgets
holds it, and page and kernel would pay for it until the kernel ends. So a widget that nobody sees
rests: its models are taken off the page, its figures are dropped, and what it has learnt stays in
the object. It opens again, under the same numbers, when it is shown in any cell, put into another
widget, or asked for by a page that shows its output: a cell that was deleted is there again, or a
tab that was closed. How a page tells of all this stands in `lab/static/stills.js`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import Any
from weakref import WeakValueDictionary

import ipywidgets
from comm import create_comm, get_comm_manager
from comm.base_comm import BaseComm
from ipywidgets.widgets.widget import _instances  # its public name is deprecated without another

from gradwidgets.views.graph.pane import GraphPane
from gradwidgets.views.kit.live import LEFT_ALONE_AFTER, FromPage, LiveView, Post
from gradwidgets.views.kit.still import ASK, Bundle, Keeper, still_html

ANSWER_WITHIN = 10.0  # seconds that a page on a slow line has, when it is asked whether it is there
UNSHOWN_AFTER = 10.0  # seconds; what was made in a loop, and never shown, needs no page
BELL = "gradwidgets.rest"  # the comm on which a page asks for a widget that rests


class Audience:
    """Knows of a widget whether a page shows it, by what the pages say.

    Parameters
    ----------
    widget : ipywidgets.Widget
        Where they say it.
    nobody : callable
        Called on the notebook's loop once none has answered.

    Attributes
    ----------
    alone : bool
        Whether nobody shows it any more.
    may_return : bool
        Whether it stands on a page that has gone without a word, and may be opened again.
    spoken : bool
        Whether a page has ever said anything here. Voila's never do, nor any without our lab
        extension: whoever is silent there may be looking, and nothing on the page would wake it.
    """

    def __init__(self, widget: ipywidgets.Widget, nobody: Callable[[], None]) -> None:
        self._widget, self._nobody = widget, nobody
        self.post = Post()
        self.alone = self.may_return = self.spoken = False
        self._timer: asyncio.TimerHandle | None = None
        widget.on_msg(self._receive)

    def expect(self) -> None:
        """Take it that somebody is there, or comes soon."""
        self.alone = self.may_return = False
        self._cancel()

    def look(self, may_return: bool = False) -> None:
        """Ask whether anybody is there, where there is an answer to be had."""
        if not self.spoken:
            return
        self.may_return = may_return
        self._widget.send({"anybody": True})
        self._after(ANSWER_WITHIN, self._unanswered)

    def _receive(
        self, _widget: ipywidgets.Widget, content: FromPage, _buffers: list[memoryview]
    ) -> None:
        # any thread: plain stores and posts only
        if content.get("ask") == ASK or "here" in content:
            self.spoken = True
            self.post(self.expect)
        elif "left" in content:
            self.spoken = True
            self.post(self._after, LEFT_ALONE_AFTER, self.look)

    def _unanswered(self) -> None:
        self._timer = None
        self.alone = True
        self._nobody()

    def _after(self, seconds: float, function: Callable[[], None]) -> None:
        self._cancel()
        loop = self.post.loop
        if loop is not None and not loop.is_closed():
            self._timer = self.post.later(seconds, function)

    def _cancel(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class Resting(ipywidgets.VBox):
    """A widget that rests while nobody sees it.

    Subclasses say in `is_busy` when it may not rest, in `let_go` what ends then, in `parts` what
    belongs to it and is not among its children at every moment, and in `still_html` what stands for
    it where no kernel runs: in a saved notebook, on GitHub, in nbviewer.
    """

    audience: Audience  # a widget that was refused is closed without one
    _shown = False  # whether it was ever given to a page
    _ended = False  # closed for good

    def __init__(self, children: Iterable[ipywidgets.Widget]) -> None:
        super().__init__(list(children))
        self.audience = Audience(self, self.rest_when_alone)
        self._keeper = Keeper(self, self.still_html)
        if self.audience.post.loop is not None:
            self.audience.post.later(UNSHOWN_AFTER, self._rest_unshown)

    @property
    def resting(self) -> bool:
        """Whether it has let go of its page."""
        return self.comm is None and not self._ended

    def is_busy(self) -> bool:
        """Whether it does something at present that nobody has to see."""
        return False

    def let_go(self) -> None:
        """End what needs a page."""

    def still_html(self) -> str:
        """Return the still picture of it as it is now."""
        return still_html(repr(self))

    def parts(self) -> Iterable[ipywidgets.Widget]:
        """Return what belongs to it beside its children."""
        return ()

    def rest_when_alone(self) -> None:
        """Rest, if nobody is there, nothing is going on, and nothing else on a page holds it."""
        if self.audience.alone and not self.resting and not self._ended:
            if not self.is_busy() and not self._is_held():
                self._rest()

    def wake(self) -> None:
        """Be there again as it was; a page that shows it asks for its pictures."""
        _forget(self)
        self.audience.expect()
        for widget in _all_of(self):
            widget.open()

    def open(self) -> None:
        """Have pages know of it; ipywidgets asks for its number then, and shows it to nobody."""
        shown = self._shown
        super().open()
        self._shown = shown

    def close(self) -> None:
        """Take the widget and all of its parts off the page for good."""
        there, self._ended = self.comm is not None and not self._ended, True
        _forget(self)
        if there:
            self.audience.expect()
            self.let_go()
            for widget in _all_of(self)[:-1]:
                widget.close()
        super().close()

    @property
    def model_id(self) -> str:
        """The number of the model on the page; who asks for it is about to show it."""
        self._shown = True
        if self.resting and hasattr(self, "audience"):
            self.wake()
        return str(super().model_id)

    def _repr_mimebundle_(self, **options: Any) -> Bundle | None:
        """Add the still picture."""
        self._shown = True
        if self.resting:
            self.wake()
        return self._keeper.bundle(super()._repr_mimebundle_(**options))

    def _rest(self) -> None:
        _remember(self, self.audience.may_return)
        self.let_go()
        for widget in reversed(_all_of(self)):  # the whole first: no page sees it fall apart
            if isinstance(widget, (LiveView, GraphPane)):
                widget.let_go()
            elif isinstance(widget, Resting) and widget is not self:
                widget.let_go()
            ipywidgets.Widget.close(widget)
            vars(widget).pop("_repr_mimebundle_", None)  # closing has hidden the class's own

    def _rest_unshown(self) -> None:
        if not self._shown:
            self.audience.alone = True
            self.rest_when_alone()

    def _is_held(self) -> bool:
        """Tell whether a widget that is none of its own has it among its children."""
        return any(
            self in getattr(one, "children", ()) or (isinstance(one, Resting) and self in one.parts())
            for one in list(_instances.values())
        )


def _all_of(whole: ipywidgets.Widget) -> list[ipywidgets.Widget]:
    """Return all widgets that belong to one, each after those that it holds."""
    found: dict[ipywidgets.Widget, None] = {}

    def add(widget: ipywidgets.Widget) -> None:
        parts = widget.parts() if isinstance(widget, Resting) else ()
        for part in (*parts, *getattr(widget, "children", ()), getattr(widget, "layout", None)):
            if part is not None and part not in found:
                add(part)
        found[widget] = None

    add(whole)
    return list(found)


_resting: WeakValueDictionary[str, Resting] = WeakValueDictionary()  # by the numbers of their models
_may_return: dict[str, Resting] = {}  # held by nobody else, perhaps, and a page may ask for them
_bell: BaseComm | None = None


def _remember(widget: Resting, may_return: bool) -> None:
    """Keep a widget that is about to rest findable by its number."""
    _resting[widget.model_id] = widget
    if may_return:
        _may_return[widget.model_id] = widget
    _hang_bell()


def _forget(widget: Resting) -> None:
    for known in (_resting, _may_return):
        for number in [number for number, one in list(known.items()) if one is widget]:
            del known[number]


def _hang_bell() -> None:
    """Have the comm that pages ask on; they find it by its name, and are told nothing of it.

    A page to which a comm is opened would have to know its name, and one that opens a comm would
    have every other kernel complain: so neither opens it.
    """
    global _bell
    if _bell is None:
        _bell = create_comm(target_name=BELL, primary=False)
        get_comm_manager().register_comm(_bell)
        _bell.on_msg(_ring)


def _ring(message: dict[str, Any]) -> None:
    """Wake whom a page asks for (any thread), and tell the pages."""
    number = message["content"]["data"].get("wake")
    widget = _resting.get(number) if isinstance(number, str) else None
    if widget is not None:
        widget.audience.post(_wake_for_a_page, widget, number)


def _wake_for_a_page(widget: Resting, number: str) -> None:
    if widget.resting:
        widget.wake()
    if _bell is not None:
        _bell.send({"awake": number})
