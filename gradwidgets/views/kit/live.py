"""Between the page and the loop: what reaches the loop, and pictures that are not sent too fast.

Callbacks of widgets may arrive on other threads: they store a plain value, or post to the loop
that was running when the widget was built.
"""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable, Coroutine, Generator, Mapping
from time import monotonic
from typing import Any, TypeAlias, TypeVar, TypeVarTuple

from gradwidgets.engine.learner.guard import from_loop
from gradwidgets.views.kit.spoken import SpokenWidget
from gradwidgets.views.kit.theme import PageLook

MOST_FRAMES_IN_FLIGHT = 3
SILENT_AFTER = 2.0  # seconds without an acknowledgement: a closed tab, or no browser at all
LEFT_ALONE_AFTER = 5.0  # seconds
LOST_AFTER = 300.0  # seconds without an answer: the page has gone without a word
LONGEST_TURN = 1.0  # seconds; when a loop takes longer to turn, nobody could be heard meanwhile

FromPage: TypeAlias = dict[str, Any]
"""What a page has sent: JSON that may hold anything; whoever is told takes what is there."""

Arguments = TypeVarTuple("Arguments")
Result = TypeVar("Result")


class Post:
    """Calls functions on the loop, and in the context, in which it was made, from any thread.

    All that the loop does for a widget goes through here, so that a learner's code in it ends
    neither the loop nor the kernel, and can be interrupted: see `gradwidgets.engine.learner.guard`.
    """

    def __init__(self) -> None:
        try:
            self.loop: asyncio.AbstractEventLoop | None = asyncio.get_running_loop()
        except RuntimeError:  # a plain script
            self.loop = None
        self.context = contextvars.copy_context()

    def __call__(self, function: Callable[[*Arguments], None], *arguments: *Arguments) -> None:
        if self.loop is None or self.loop.is_closed():
            function(*arguments)
        else:
            self.loop.call_soon_threadsafe(from_loop, function, *arguments, context=self.context)

    def later(
        self, seconds: float, function: Callable[[*Arguments], None], *arguments: *Arguments
    ) -> asyncio.TimerHandle:
        """Call a function in a while. On the loop's thread only, and where there is a loop."""
        return self._there().call_later(seconds, from_loop, function, *arguments)

    def task(self, coroutine: Coroutine[Any, Any, Result]) -> asyncio.Task[Result]:
        """Run a coroutine. On the loop's thread only, and where there is a loop."""
        return self._there().create_task(_Steps(coroutine), context=self.context)

    def _there(self) -> asyncio.AbstractEventLoop:
        if self.loop is None:
            raise RuntimeError("nothing can be called later where no loop runs")
        return self.loop


class _Steps(Coroutine[Any, Any, Result]):
    """Runs a coroutine from one `await` to the next, each time as the loop's call."""

    def __init__(self, inner: Coroutine[Any, Any, Result]) -> None:
        self._inner = inner

    def send(self, value: Any) -> Any:
        return self._go_on(self._inner.send, value)

    def throw(self, *error: Any) -> Any:
        return self._go_on(self._inner.throw, *error)

    def close(self) -> None:
        self._inner.close()

    def __await__(self) -> Generator[Any, Any, Result]:
        return self._inner.__await__()

    def _go_on(self, go_on: Callable[..., Any], *arguments: Any) -> Any:
        cancelled: list[asyncio.CancelledError] = []

        def until_it_waits() -> Any:
            try:
                return go_on(*arguments)
            except asyncio.CancelledError as error:  # the task's own, and meant in earnest
                cancelled.append(error)
                return None

        result = from_loop(until_it_waits)
        if cancelled:
            raise cancelled[0]
        return result


class LiveView(SpokenWidget):
    """A picture that acknowledges what it has shown, and is never sent more than it can take."""

    def __init__(self, **traits: str | dict[str, str]) -> None:
        super().__init__(**traits)
        self.post = Post()
        self.sent = 0
        self.acknowledged = 0
        self.seen = False  # whether any page has asked for this view
        self.asked = 0  # how often pages have asked for all of it
        self.unasked = False  # frames go out all the same: the kernel may be too busy to be asked
        self.heard_at = float("-inf")  # when the page last said anything
        self.acknowledges = True  # False where another view, sent after it, answers for it
        self._left_at = float("inf")  # when a page took the view away, if none came since
        self._expected_at = float("-inf")  # when somebody last asked for something
        self.on_error: Callable[[Exception], None] | None = None
        self.prepared = True  # False while the drawing libraries are still being loaded
        self._sent_at = float("-inf")
        self._turned_at = float("-inf")  # when the loop is known to have turned last
        self._held_up = 0.0  # seconds since a page was heard in which none could be
        self.on_msg(self._receive)

    @property
    def wanted(self) -> bool:
        """Whether there is anybody to draw for, and something to draw with."""
        return (self.seen or self.unasked) and self.prepared

    def ready(self) -> bool:
        """Return whether the browser has kept up, or is not there at all."""
        in_flight = self.sent - self.acknowledged
        return in_flight < MOST_FRAMES_IN_FLIGHT or monotonic() - self._sent_at > SILENT_AFTER

    def left_alone(self) -> bool:
        """Return whether a page took the view away a while ago, and none has answered since.

        A cell that is run again leaves such a view behind. A reloaded or closed browser page does
        not say good-bye.
        """
        return monotonic() - self._left_at > LEFT_ALONE_AFTER

    def silence(self) -> float:
        """Return for how many seconds a page that was there has not answered; 0 if it has.

        The time in which no page could be heard, as far as `turn` knows of it, is not counted.
        """
        if not self.seen or self.sent <= self.acknowledged:
            return 0.0
        return monotonic() - self._heard_or_expected_at() - self._held_up

    def turn(self) -> None:
        """Take note that the loop has turned: what a page has said meanwhile is heard by now.

        A cell that runs for minutes holds the loop up, and that is nobody's silence.
        """
        now, since = monotonic(), self._heard_or_expected_at()
        if since >= self._turned_at:
            self._turned_at, self._held_up = since, 0.0
        self._held_up += max(0.0, now - self._turned_at - LONGEST_TURN)
        self._turned_at = now

    def _heard_or_expected_at(self) -> float:
        return max(self.heard_at, self._expected_at)

    def lost(self) -> bool:
        """Return whether a page that was there has answered nothing for minutes.

        A closed tab says nothing. A server that ends the kernels of its visitors waits for them to
        do nothing, and a training that nobody sees would keep one for ever.
        """
        return self.silence() > LOST_AFTER

    def expect_somebody(self) -> None:
        """Forget that a page has left: somebody has just asked for something."""
        self._left_at = float("inf")
        self._expected_at = monotonic()

    def let_go(self) -> None:
        """Drop what is only needed while a page shows it; a page that comes asks for all of it."""
        self.seen = False
        self.acknowledged = self.sent

    def push(self, content: Mapping[str, object], buffers: list[bytes] | None = None) -> None:
        """Send one frame to every page that shows this view.

        Each answer makes the kernel busy and idle again, which all of JupyterLab takes note of: of
        views that are always sent a frame together, only the last one answers.
        """
        self.sent += 1
        self._sent_at = monotonic()
        if not self.acknowledges:
            self.acknowledged = self.sent
        self.send({**content, "n": self.sent, "ack": self.acknowledges}, buffers)

    def push_last(self) -> None:
        """Send the whole present picture again; a view that just appeared has asked for it."""
        raise NotImplementedError

    def redraw(self) -> None:
        """Do `push_last` for a page that asked; what fails then is told to `on_error`."""
        try:
            self.push_last()
        except Exception as error:  # whatever a learner's numbers make of a picture
            if self.on_error is None:
                raise
            self.on_error(error)

    def _receive(self, _widget: LiveView, content: FromPage, _buffers: list[memoryview]) -> None:
        # Any thread: plain stores and posts only.
        self.heard_at = monotonic()
        if "bye" in content:
            self._left_at = monotonic()
        if "ack" in content:
            self.acknowledged = max(self.acknowledged, int(content["ack"]))
            self.expect_somebody()
        if "page" in content:
            self.on_page(content["page"])
        if "hello" in content:
            self.acknowledged = self.sent
            self.expect_somebody()
            self.seen = True
            self.asked += 1
            self.post(self.redraw)

    def on_page(self, page: PageLook) -> None:
        """Take note of the size and theme that the page reports (any thread)."""
