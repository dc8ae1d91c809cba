"""The place where code that is not ours runs outside of a cell: it may do anything, and be stopped.

In a cell, Jupyter itself catches what a learner's code raises, and lets an interrupt reach it. What
a widget's loop calls is not so lucky: a ``SystemExit`` there ends the kernel with all its
variables, and an interrupt is ignored. Two things mend that:

- ``with guard:`` stands around every call of a learner's code. Whatever leaves it that is no
  `Exception`, such as ``sys.exit()``, comes out as an `Ended`, which is one, and ``quit()``, which
  asks the shell to end the kernel, raises ``SystemExit`` like anywhere else. Never around an
  ``await`` or a ``yield``, which raise such things in earnest.
- `from_loop` calls a function that the loop was asked to call. While it runs, an interrupt raises
  KeyboardInterrupt inside the learner's code, and the guard makes an `Ended` of that too.

Code of ours is never torn apart: the interrupt waits until theirs runs. Nor is code that is about
to be done: it has `GRACE` seconds, in which a training that is paused ends its slice.
"""
from __future__ import annotations

import _thread
import ctypes
import signal
import sys
import threading
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from time import monotonic, sleep
from types import FrameType, TracebackType
from typing import Any, ParamSpec, TypeAlias, TypeVar

from gradwidgets.engine.learner.careful import Ended
from gradwidgets.engine.learner.lines import is_foreign

Handler: TypeAlias = Callable[[int, FrameType | None], Any]
"""What is called when a signal comes."""

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")

GRACE = 0.5
"""Seconds that a learner's code may go on after an interrupt, if it ends by itself."""


class _Here(threading.local):
    """What runs on one thread."""

    def __init__(self) -> None:
        self.depth = 0  # guards around what runs now
        self.call: _Call | None = None  # what the loop has called


class _Call:
    """One call of the loop's, while it runs."""

    __slots__ = ("before", "frame", "interrupted", "outer", "since", "thread")

    def __init__(self, frame: FrameType, outer: _Call | None) -> None:
        self.frame = frame  # that of `from_loop`: what it calls runs inside
        self.outer = outer  # the call that this one was made in
        self.thread = threading.get_ident()
        self.since = monotonic()
        self.interrupted = False
        self.before: Handler | None = None  # the handler of the cell that waits meanwhile


_here = _Here()


class _Guard:
    """See `guard`."""

    def __enter__(self) -> None:
        _here.depth += 1
        if interrupts.shell is None:
            interrupts.look_for_the_shell()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trail: TracebackType | None) -> None:
        _here.depth -= 1
        if error is None or isinstance(error, Exception):
            return
        call = _here.call
        if call is None and isinstance(error, KeyboardInterrupt):
            return  # it is the cell's
        interrupted = call is not None and call.interrupted
        raise Ended(error, interrupted).with_traceback(trail) from error


guard = _Guard()
"""``with guard:`` lets nothing but an `Exception` leave its block; in a cell, interrupts do."""


def guarded(function: Callable[Arguments, Answer]) -> Callable[Arguments, Answer]:
    """Run a whole function under `guard`."""

    @wraps(function)
    def wrapped(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Answer:
        with guard:
            return function(*args, **kwargs)

    return wrapped


def from_loop(function: Callable[Arguments, Answer], *arguments: Arguments.args,
              **options: Arguments.kwargs) -> Answer:
    """Call a function of which the loop was asked to, under `guard`; an interrupt reaches it.

    Raises
    ------
    Exception
        What `function` raises; in the place of anything else, `Ended`.
    """
    outer, depth = _here.call, _here.depth  # a loop inside a cell, or inside such a call
    call = _here.call = _Call(sys._getframe(), outer)
    _here.depth = 0  # an interrupt of a cell may have torn the count
    interrupts.begin(call)
    try:
        with guard:
            return function(*arguments, **options)
    finally:
        interrupts.end(call)
        _here.call, _here.depth = outer, depth


class Interrupts:
    """Hears of an interrupt between cells, where the kernel ignores it.

    While a cell runs, the kernel has a handler of its own in place. Only where the signal is
    ignored, ours is put, and stays; while the loop calls something during an asynchronous cell,
    ours stands in for the cell's, and tells it. So cells keep their KeyboardInterrupt, and scripts
    their Ctrl-C.

    Attributes
    ----------
    listeners : list of callable
        Called, in the handler of the signal, when there is an interrupt that no cell asked for.
    """

    def __init__(self) -> None:
        self.listeners: list[Callable[[], None]] = []
        self.shell: Any = None
        self._lock = threading.Lock()
        self._calls: dict[int, _Call] = {}  # of each thread the one that runs
        self._waiting: set[_Call] = set()  # those that have been interrupted and go on
        self._insisting = False  # whether the next signal is one of our own

    def begin(self, call: _Call) -> None:
        """Let an interrupt reach what is about to be called."""
        self._calls[call.thread] = call
        if threading.current_thread() is threading.main_thread():
            call.before = self._listen(instead=True)
        elif self.shell is not None:
            self._listen_on_the_main_thread()

    def end(self, call: _Call) -> None:
        """Let go of a call that has ended."""
        self._calls.pop(call.thread, None)
        if call in self._waiting:  # whoever is about to interrupt it comes before this, or never
            with self._lock:
                self._waiting.discard(call)
            _forget_what_is_to_be_raised(call)
        if call.outer is not None:
            self._calls[call.thread] = call.outer
        if call.before is not None:
            signal.signal(signal.SIGINT, call.before)

    def look_for_the_shell(self) -> None:
        """Let the shell's ``quit()`` end the learner's code that calls it, and not the kernel."""
        ipython = sys.modules.get("IPython")
        shell: Any = getattr(ipython, "get_ipython", lambda: None)()
        self.shell = shell
        ask_exit = getattr(shell, "ask_exit", None)  # only one that can end has it
        if ask_exit is None:
            return

        def ask_unless_guarded() -> None:
            if _here.depth:
                raise SystemExit
            ask_exit()

        shell.ask_exit = ask_unless_guarded

    def _listen(self, instead: bool = False) -> Handler | None:
        """Put our handler where there is none; `instead` of another's, return that one."""
        try:
            handler = signal.getsignal(signal.SIGINT)
            if handler == self.handle:
                return None
            if handler is signal.SIG_IGN:
                signal.signal(signal.SIGINT, self.handle)
            elif instead and callable(handler):
                signal.signal(signal.SIGINT, self.handle)
                return handler
        except (ValueError, AttributeError):  # no signals here
            pass
        return None

    def _listen_on_the_main_thread(self) -> None:
        if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
            loop = getattr(getattr(self.shell, "kernel", None), "io_loop", None)
            if loop is not None:
                loop.add_callback(self._listen)

    def handle(self, number: int, frame: FrameType | None) -> None:
        """Take a signal: pause what trains, and stop a learner's code that goes on and on."""
        call = self._calls.get(threading.get_ident())
        insisting, self._insisting = self._insisting, False
        before = None if call is None else call.before
        if insisting:
            pass
        elif before is None or before is signal.default_int_handler:
            for listener in self.listeners:
                listener()
        else:
            before(number, frame)  # it is for the cell that waits
        if call is not None and self._is_due(call) and _in_foreign_code(frame, call):
            call.interrupted = True
            self._waiting.discard(call)
            raise KeyboardInterrupt
        for other in list(self._calls.values()):
            if other not in self._waiting:
                self._waiting.add(other)
                self._come_back(other, frame)

    def _is_due(self, call: _Call) -> bool:
        return monotonic() - call.since >= GRACE

    def _come_back(self, call: _Call, frame: FrameType | None) -> None:
        """Interrupt a call once more, in a while, if it still runs then."""
        try:
            # Not through `threading`: the code that is interrupted may hold a lock of its.
            _thread.start_new_thread(self._insist, (call,))
        except RuntimeError:  # no threads here
            self._waiting.discard(call)
            if _in_foreign_code(frame, call):
                call.interrupted = True
                raise KeyboardInterrupt from None

    def _insist(self, call: _Call) -> None:
        main = threading.main_thread().ident
        while True:
            sleep(GRACE)
            with self._lock:
                if call not in self._waiting:
                    return
                if call.thread == main:
                    self._insisting = True
                    _signal_the_main_thread()
                elif _in_foreign_code(sys._current_frames().get(call.thread), call):
                    call.interrupted = True
                    self._waiting.discard(call)
                    raise_in(call.thread, KeyboardInterrupt)


def _signal_the_main_thread() -> None:
    main = threading.main_thread().ident
    if main is not None and hasattr(signal, "pthread_kill"):  # which also ends a sleep
        signal.pthread_kill(main, signal.SIGINT)
    else:
        _thread.interrupt_main()


def raise_in(thread: int, error: type[BaseException] | None) -> None:
    """Have an error raised in another thread; None takes one back that is still to be raised."""
    what = None if error is None else ctypes.py_object(error)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), what)


def _forget_what_is_to_be_raised(call: _Call) -> None:
    if threading.current_thread() is threading.main_thread():
        return
    while True:  # what was to be raised may be raised here
        try:
            raise_in(call.thread, None)
            return
        except KeyboardInterrupt:
            continue


def _in_foreign_code(frame: FrameType | None, call: _Call) -> bool:
    """Tell whether a learner's code runs inside of `call`, or is called on the way to `frame`."""
    if frame is None or frame.f_code.co_filename == _HERE:
        return False
    while frame is not None and frame is not call.frame:
        if is_foreign(frame.f_code.co_filename):
            return True
        frame = frame.f_back
    return False


_HERE = str(Path(__file__))
interrupts = Interrupts()
