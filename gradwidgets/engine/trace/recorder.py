"""Write down every call of a learner's ``backward`` while it runs."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from gradwidgets.core.types import Foreign
from gradwidgets.engine.learner.careful import counts, held_numbers, read, spoken
from gradwidgets.engine.learner.lines import own_line
from gradwidgets.engine.trace.call import Call

MOST_CALLS = 20_000
"""Later calls run, but are not recorded: nobody walks through as many."""


class Record:
    """The calls so far, and which are still running."""

    def __init__(self, tensors: list[Foreign]) -> None:
        self.tensors = tensors  # which also keeps them alive, so that ids stay theirs
        self.index_of = {id(tensor): index for index, tensor in enumerate(tensors)}
        self.calls: list[_Running] = []
        self.stack: list[_Running] = []
        self.overflown = False
        self.error: BaseException | None = None

    def first_of(self, values: tuple[Foreign, ...]) -> Foreign:
        """Return the first of the values that is a tensor of the graph, else the first of all."""
        return next((value for value in values if id(value) in self.index_of),
                    values[0] if values else None)

    def call(self, function: Callable[..., Any], home: type, receiver: Foreign,
             args: tuple[Foreign, ...], kwargs: dict[str, Foreign]) -> Any:
        """Call the learner's method, found in the class `home`, and write down what happens."""
        caller = self.stack[-1] if self.stack else None
        if caller is not None:
            if caller.receiver is receiver and caller.home is not home:
                return function(*args, **kwargs)  # super().backward(...): still the same call
            caller.has_received()
        if len(self.calls) >= MOST_CALLS:
            self.overflown = True
            return function(*args, **kwargs)
        running = self._begin(home, receiver, args, kwargs)
        self.stack.append(running)
        try:
            return function(*args, **kwargs)
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            if error is not self.error:  # else it only passes through on its way up
                self.error = error
                running.failed(error)
            raise
        finally:
            running.has_received()
            self.stack.pop()

    def refused(self, home: type, receiver: Foreign, args: tuple[Foreign, ...],
                spoken: str) -> None:
        """Write down a call that never came about: the arguments do not fit the method."""
        running = self._begin(home, receiver, args, {})
        running.error = spoken
        running.has_received()

    def _begin(self, home: type, receiver: Foreign, args: tuple[Foreign, ...],
               kwargs: dict[str, Foreign]) -> _Running:
        # A method that is not called on its tensor is given it.
        given = [value for value in args if value is not receiver or len(args) == 1]
        if not given:  # backward(grad_origin=self, grad=grad): the sender is known by sight
            given = sorted(kwargs.values(), key=lambda value: id(value) in self.index_of)
        else:
            given += kwargs.values()
        caller = self.stack[-1] if self.stack else None
        origin = next((self.index_of[id(value)] for value in given[1:]
                       if id(value) in self.index_of), None)
        if origin is None and caller is not None:
            origin = caller.node
        running = _Running(len(self.calls), len(self.stack),
                           None if caller is None else caller.number, home, receiver,
                           self.index_of.get(id(receiver)), origin,
                           held_numbers(given[0]) if given else None)
        self.calls.append(running)
        return running


class _Running:
    """A call that is being recorded."""

    def __init__(self, number: int, depth: int, caller: int | None, home: type, receiver: Foreign,
                 node: int | None, sender: int | None, gradient: np.ndarray | None) -> None:
        self.number, self.depth, self.caller, self.home = number, depth, caller, home
        self.receiver, self.node, self.sender, self.gradient = receiver, node, sender, gradient
        self.before, self.waiting_before = held_numbers(read(receiver, "grad")), counts(receiver)
        self.after: np.ndarray | None = None
        self.waiting_after: dict[str, int] = {}
        self.received = False
        self.error = self.line = ""
        self.line_number: int | None = None

    def has_received(self) -> None:
        """Look at the receiver, the first time that it calls another one or returns."""
        if not self.received:
            self.received = True
            self.after = held_numbers(read(self.receiver, "grad"))
            self.waiting_after = counts(self.receiver)

    def failed(self, error: BaseException) -> None:
        """Keep what went wrong, and where."""
        self.error = spoken(error)
        self.line, self.line_number = own_line(error.__traceback__)

    def finished(self) -> Call:
        """Return the call as plain data."""
        return Call(self.number, self.depth, self.caller, self.node, self.sender, self.gradient,
                    self.before, self.after, self.waiting_before, self.waiting_after, self.error,
                    self.line, self.line_number)
