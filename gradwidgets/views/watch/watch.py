"""Draw a loop that is written by hand while it runs."""

from __future__ import annotations

import asyncio
import inspect
import math
import sys
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from numbers import Real
from threading import Thread
from time import monotonic
from typing import Any, TypeAlias, TypeGuard

import numpy as np

from gradwidgets.core.types import Foreign
from gradwidgets.engine.graph.names import find_names
from gradwidgets.engine.graph.snapshot import Graph, snapshot, tensors_in
from gradwidgets.engine.learner.careful import held_numbers, read, safely, spoken
from gradwidgets.engine.learner.guard import guard
from gradwidgets.engine.training.foreign import is_tensor, rate_among
from gradwidgets.engine.training.history import History
from gradwidgets.engine.tutor.diverged import explain_loop
from gradwidgets.texts import text
from gradwidgets.views.graph.drawing.scene import DETAILS
from gradwidgets.views.graph.view import checked_names, variables_around
from gradwidgets.views.kit.pump import BREATH, FRAME_INTERVAL, SLICE
from gradwidgets.views.kit.still import LATEST

BLOCKED_INTERVAL = 1 / 5  # seconds between frames while the cell keeps the kernel busy
MOST_OF_TIME = 0.3  # of a loop's time that may go into its pictures
LONGEST_FOUND = 60  # characters of what was received instead of steps
SHOWN = (int, float, complex, Decimal, str, tuple, list, range)  # as it is written
Steps: TypeAlias = Iterable[Foreign] | AsyncIterable[Foreign]
"""What gives a loss for each step."""

EXAMPLE_STEPS = 100
EXAMPLE = """

def steps():
    for _ in range({count}):
        ...  # one step of training
        yield loss

for loss in watch(steps()):
    ..."""


def watch(
    steps: Foreign,
    names: Mapping[str, Foreign] | None = None,
    *,
    detail: str | None = None,
    log: bool = False,
) -> Watch:
    """Draw a training loop of your own below its cell while it runs.

    Each loss is handed on unchanged: ``for loss in watch(steps()):``. Drawn are the losses, the
    step, and, when losses are tensors, the graph of the latest one, with gradients as they are at
    that moment. A plain script, where nothing can be drawn, runs as without `watch`.

    Parameters
    ----------
    steps : iterable, or a generator function without arguments
        Gives the loss of each step: a Tensor, one of a class of your own, or a number. Of a loss
        of several numbers the sum is plotted.
    names : mapping of str to tensor, optional
        What tensors are called; by default as the variables of the loop, and as the layers of
        models among them.
    detail : {"auto", "layers", "operations", "values"}, optional
        How much of the graph is shown; by default one box a layer, where there are layers.
    log : bool, default=False
        Whether the losses' axis is logarithmic to begin with.

    Returns
    -------
    Watch
        To be used in ``for``, or in ``async for``: then the buttons of the page, and other tasks,
        act in between.

    Raises
    ------
    TypeError
        When `steps` is something else, such as a number of steps or a single loss, or `names` is
        no mapping of texts.
    """
    return Watch(steps, names, detail, log)


class Watch:
    """The losses of a loop, drawn as they pass by; see `watch`."""

    def __init__(
        self, steps: Foreign, names: Mapping[str, Foreign] | None, detail: str | None, log: bool
    ) -> None:
        if detail not in (None, *DETAILS):
            raise ValueError(f"detail is {detail!r}; expected one of {', '.join(DETAILS)}")
        self._steps = _checked(steps)
        self._names, self._detail, self._log = checked_names("watch", names), detail, log

    def __iter__(self) -> Iterator[Foreign]:
        steps = self._begun()
        if not _iterable(steps):
            raise TypeError(text("watch.use_async", found=_found(self._steps)))
        if not _page_is_there():
            return iter(steps)
        return self._pass_on(iter(steps))

    def __aiter__(self) -> AsyncIterator[Foreign]:
        return self._pass_on_between(self._begun())

    def _begun(self) -> Steps:
        if _gives_steps(self._steps):
            return self._steps
        if not _takes_nothing(self._steps):
            raise _not_steps(self._steps, text("watch.call_it"))
        steps = self._steps()
        if _is_loss(steps) or not _gives_steps(steps):
            advice = text("watch.no_yield", found=_found(steps))
            raise _not_steps(self._steps, advice)
        return steps

    def _pass_on(self, steps: Iterator[Foreign]) -> Iterator[Foreign]:
        run = Run(steps, self._names, self._detail, self._log)
        try:
            take = run.take
            for loss in steps:
                take(loss)
                yield loss
        finally:
            run.end()

    async def _pass_on_between(self, steps: Steps) -> AsyncIterator[Foreign]:
        run = None
        if _page_is_there():
            run = Run(steps, self._names, self._detail, self._log)
        try:
            breath_at = monotonic() + SLICE
            async for loss in _asynchronous(steps):
                if run is not None:
                    run.take(loss)
                yield loss
                if monotonic() >= breath_at:
                    await asyncio.sleep(BREATH)
                    breath_at = monotonic() + SLICE
        finally:
            if run is not None:
                run.end()


class Run:
    """One pass through a loop: it counts, keeps the losses, and draws now and then.

    Parameters
    ----------
    steps : iterator
        Whose own variables name tensors too, when it is a generator.
    """

    def __init__(
        self, steps: Foreign, names: Mapping[str, Foreign] | None, detail: str | None, log: bool
    ) -> None:
        from gradwidgets.views.watch.screen import WatchScreen

        self.screen = WatchScreen(detail or "auto", log)
        self._by_itself = detail is None
        self.history = History()
        self.step = 0
        self._steps, self._names = steps, dict(names or {})
        self._around: dict[str, Foreign] = {}
        self._called: list[str | None] = []  # the names in the graph that was drawn last
        self._latest: Foreign = None  # the last loss, of what step, and its number
        self._latest_step = 0
        self._value = math.nan
        self._resting = False  # after a loss that cannot be drawn
        self._drawn_step = 0
        self._counted = False  # whether it has been said that the sum of a loss is plotted
        self._drawn_at = self._look_at = float("-inf")
        self._cost = 0.0  # seconds that the last frame took
        self._turned = False  # whether the notebook's loop has turned since the last frame
        self._post = self.screen.loss.post
        self._preparing: Thread | None = None
        self._begin()

    def take(self, loss: Foreign) -> None:
        """Count a step, and draw it when it is time for a frame."""
        self.step = step = self.step + 1
        if self._resting:
            return
        value: float | None
        if type(loss) is float:
            value = loss
        else:
            with guard:
                value = number_of(loss)
        if value is None or not math.isfinite(value):
            with guard:
                self._rest(loss, value)
            return
        self._latest, self._latest_step, self._value = loss, step, value
        self.history.add(step, value, None)
        if monotonic() >= self._look_at:
            self._look()

    def end(self) -> None:
        """Draw the last state, whatever has ended the loop, and let go of its tensors."""
        if self._preparing is not None:
            self._preparing.join()
        if self.step == 0:
            self.screen.say(text("watch.none"))
        elif not self._resting and self._drawn_step != self._latest_step:
            self._draw("watch.of_end")
        self.screen.finish()
        self._keep()
        self._resting = True
        self._latest = self._steps = None
        self._around, self._names = {}, {}

    def _begin(self) -> None:
        from IPython.display import display

        self._shown = display(self.screen, display_id=True)
        self._kept_at = monotonic()
        self._schedule_turn()
        self.screen.loss.prepared = self.screen.graph.picture.prepared = False
        self._preparing = Thread(target=self.screen.prepare, daemon=True)
        try:
            self._preparing.start()
        except RuntimeError:  # no threads here
            self._preparing = None
            self.screen.prepare()

    def _look(self) -> None:
        """Draw, if the last frame was long enough ago and the page has kept up."""
        now = monotonic()
        self._look_at = now + FRAME_INTERVAL
        live = self._turned and self.screen.answers
        interval = max(FRAME_INTERVAL if live else BLOCKED_INTERVAL, self._cost / MOST_OF_TIME)
        if now - self._drawn_at >= interval and self.screen.ready():
            self._draw()
            if now - self._kept_at >= LATEST:
                self._keep()
            self._cost = monotonic() - now

    def _keep(self) -> None:
        """Have the file keep the present picture, also where no page can ask for it."""
        self._kept_at = monotonic()
        if self._shown is not None and not self.screen.answers:
            self._shown.update(self.screen)

    def _schedule_turn(self) -> None:
        if self._post.loop is not None and not self._post.loop.is_closed():
            self._turned = False
            self._post(self._turn)

    def _turn(self) -> None:
        self._turned = True

    def _draw(self, moment: str = "watch.of_step") -> Graph | None:
        """Draw the latest step that was a loss; return its graph, where it has one."""
        step = self._latest_step
        self._drawn_at, self._drawn_step = monotonic(), step
        self._schedule_turn()
        graph, loss = None, self._latest
        try:
            with guard:
                array = held_numbers(loss)
                if array is not None and _is_tensor(loss):
                    graph = self._graph_of(loss)
            self._say_what_is_plotted(array)
            self.screen.show(step, self._value, self.history.arrays(), graph,
                             text(moment, step=step))
        except Exception as error:  # whatever a learner's numbers make of a picture
            self._resting = True
            words = spoken(error).rstrip(".")
            self.screen.say(text("watch.trouble", step=step, error=words), "trouble")
        return graph

    def _graph_of(self, loss: Foreign) -> Graph:
        """Return the graph of a loss, with the names of the loop's and of its maker's variables."""
        self._look_around()
        found = find_names(self._around, loss)
        if self._by_itself:
            self._by_itself = False
            self.screen.graph.detail = "layers" if found.groups else "auto"
        called = {**self._names, **found.names}
        tensors = tensors_in(loss)
        known = {id(tensor) for tensor in called.values()}
        if len(tensors) == len(self._called):  # what a finished generator called it, it keeps
            for tensor, name in zip(tensors, self._called, strict=True):
                if name is not None and id(tensor) not in known:
                    called.setdefault(name, tensor)
        if id(loss) not in {id(tensor) for tensor in called.values()}:
            called.setdefault(text("watch.loss"), loss)
        graph = snapshot(loss, called, found.groups, found.parameters, found.paths)
        self._called = [node.name for node in graph.nodes]
        return graph

    def _look_around(self) -> None:
        """Keep the variables of the loop, and those of the generator that it goes through."""
        frame = read(self._steps, "gi_frame") or read(self._steps, "ag_frame")
        inner = {} if frame is None else {**frame.f_globals, **frame.f_locals}
        # From inside a generator that is being closed, the loop may be out of sight.
        self._around = {**self._around, **variables_around(), **inner}

    def _say_what_is_plotted(self, array: np.ndarray | None) -> None:
        if not self._counted:
            self._counted = True
            if array is not None and array.size > 1:
                shape = " × ".join(map(str, array.shape))
                self.screen.say(text("watch.sum", count=array.size, shape=shape))

    def _rest(self, loss: Foreign, value: float | None) -> None:
        """Draw no more, and say why: of what is no loss, the step before it stays on the page."""
        if value is None:
            if self._drawn_step != self._latest_step:
                self._draw()
            words = _no_loss(loss, self.step, self._steps)
        else:
            self._latest, self._latest_step, self._value = loss, self.step, value
            losses, graph = self.history.arrays().train.tolist(), self._draw()
            self._look_around()
            words = explain_loop(value, self.step, rate_among(self._around), losses, graph)
        self._resting = True
        self.screen.say(words, "trouble")


def number_of(loss: Foreign) -> float | None:
    """Return a loss as one number: the sum of what it holds; None when it holds no numbers."""
    number = safely(_only_number, loss)  # it may be a number, or half finished
    if number is not None:
        return number
    if issubclass(type(loss), tuple):  # a step and its loss, perhaps: their sum would mean nothing
        return None
    array = held_numbers(loss)
    if array is None:
        return _as_float(loss)
    return float(array.sum()) if array.size else None


def _only_number(tensor: Any) -> float | None:
    """Return the number in a tensor of one; None where it holds more, or none."""
    data = tensor.data
    return float(data.item()) if data.size == 1 else None


def _as_float(loss: Foreign) -> float | None:
    """Return the number that an object without an array of numbers stands for, or None."""
    if _is_real(loss):
        return float(loss)
    item = read(loss, "item")  # as NumPy, PyTorch and JAX call it
    number = safely(item) if callable(item) else None
    return float(number) if _is_real(number) else None


def _is_real(thing: Foreign) -> TypeGuard[Decimal | Real]:
    return issubclass(type(thing), (Decimal, Real))  # isinstance asks the object


def _is_tensor(loss: Foreign) -> bool:
    plain = (np.ndarray, np.generic, int, float)
    return not isinstance(loss, plain) and read(loss, "data") is not None


def _is_loss(thing: Foreign) -> bool:
    """Tell whether this is the loss of one step, and no collection of such."""
    if isinstance(thing, (Real, Decimal, complex, np.generic)):
        return True
    if isinstance(thing, np.ndarray):
        return thing.ndim == 0
    return _is_tensor(thing) and is_tensor(thing)


def _takes_nothing(function: Foreign) -> TypeGuard[Callable[[], Foreign]]:
    """Tell whether a function can be called without arguments, as far as can be seen."""
    called: Any = function
    try:
        inspect.signature(called).bind()
    except TypeError:
        return False
    except ValueError:  # what is written in C may not tell
        return True
    return True


def _no_loss(thing: Foreign, step: int, steps: Foreign) -> str:
    """Put into words what a step has handed on instead of a loss."""
    found = _found(thing)
    if isinstance(steps, enumerate):
        return text("watch.enumerate", step=step, found=found)
    if issubclass(type(thing), tuple):
        return text("watch.tuple", step=step, found=found)
    return text("watch.no_loss", step=step, found=found)


def _iterable(thing: Foreign) -> TypeGuard[Iterable[Foreign]]:
    return hasattr(type(thing), "__iter__")


def _gives_steps(thing: Foreign) -> TypeGuard[Steps]:
    return _iterable(thing) or hasattr(thing, "__aiter__")


def _checked(steps: Foreign) -> Foreign:
    """Return what can be passed on; raise a TypeError that says what to write instead."""
    if isinstance(steps, int):
        raise _not_steps(steps, _example(steps))
    if isinstance(steps, range):
        raise _not_steps(steps, _example(len(steps)))
    if isinstance(steps, (str, bytes, type)) or _is_loss(steps):
        advice = text("watch.one_loss") + " " if _is_loss(steps) else ""
        raise _not_steps(steps, advice + _example())
    if not (_gives_steps(steps) or callable(steps)):
        raise _not_steps(steps, _example())
    return steps


def _example(count: int = EXAMPLE_STEPS) -> str:
    return text("watch.write") + EXAMPLE.format(count=count)


def _not_steps(steps: Foreign, advice: str) -> TypeError:
    return TypeError(text("watch.not_steps", found=_found(steps), advice=advice))


def _found(thing: Foreign) -> str:
    if thing is None:
        return "None"
    # What a collection holds may be half finished.
    shown = safely(lambda: repr(thing) if isinstance(thing, SHOWN) else "", otherwise="")
    kind = type(thing).__name__
    name = getattr(thing, "__name__", "")
    if isinstance(name, str) and name:
        return text("watch.found.named", kind=kind, name=name)
    vowel = kind[:1].lower() in "aeiou"
    found = text("watch.found.an" if vowel else "watch.found.a", kind=kind)
    fits = 0 < len(shown) <= LONGEST_FOUND
    return text("watch.found.shown", shown=shown, found=found) if fits else found


async def _asynchronous(steps: Steps) -> AsyncIterator[Foreign]:
    if hasattr(steps, "__aiter__"):
        async for loss in steps:
            yield loss
    else:
        for loss in steps:
            yield loss


def _page_is_there() -> bool:
    """Tell whether widgets can be shown: not in a plain script, nor in a terminal."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return shell is not None and "Terminal" not in type(shell).__name__
