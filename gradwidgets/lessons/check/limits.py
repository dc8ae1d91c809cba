"""Runs a learner's code for a limited time, and keeps the kernel alive whatever that code does.

On Linux it runs in a forked process: a loop that catches every exception, a recursion without end,
a number of a billion digits or a crash end that process, and not the kernel. Elsewhere it runs in a
thread that is interrupted again and again until it gives up; what NumPy does in one call cannot be
interrupted there. Under Pyodide there are neither processes nor threads: nothing is limited.
"""

from __future__ import annotations

import faulthandler
import io
import os
import pickle
import select
import signal
import sys
import threading
import warnings
from collections.abc import Callable
from time import monotonic
from typing import Literal, NoReturn, TypeAlias, TypeVar

from gradwidgets.engine.learner.guard import guard, interrupts, raise_in

SECONDS = 10.0
MEMORY = 2 * 2**30  # bytes that the code may take in addition
GIVES_UP = 5.0  # seconds in which a thread is interrupted again and again

How: TypeAlias = Literal["fork", "thread", "none"]
HOW: How = (
    "fork" if sys.platform == "linux" else "none" if sys.platform == "emscripten" else "thread"
)

Found = TypeVar("Found")

_running: set[Callable[[], None]] = set()  # what stops each check that runs now


def _stop_all() -> None:
    for stop in list(_running):
        stop()


interrupts.listeners.append(_stop_all)


class Stopped(Exception):
    """The code did not come to an end, or took its process with it."""


class Interrupted(Exception):
    """Somebody has interrupted the kernel while no cell ran."""


def run_limited(function: Callable[[], Found], seconds: float = SECONDS, how: How = HOW) -> Found:
    """Return what `function()` returns, or raise what it raises.

    Parameters
    ----------
    function : callable
        What it returns must be plain data: arrays, texts, data classes.
    seconds : float

    Raises
    ------
    Interrupted
        When the kernel was interrupted, and this is no cell's doing.
    Stopped
        When it has not come to an end in time, or its process has broken down.
    """
    if how == "none":
        with guard:
            return function()
    return _forked(function, seconds) if how == "fork" else _threaded(function, seconds)


def endless(seconds: float) -> Stopped:
    """Return the error of code that runs and runs."""
    return Stopped(
        f"Your code was still running after {seconds:g} seconds, so it was stopped. Look for a "
        "loop that never ends, or a method that calls itself without end."
    )


# -- a process of its own


def _forked(function: Callable[[], Found], seconds: float) -> Found:
    reader, writer = os.pipe()
    sys.stdout.flush()
    with warnings.catch_warnings():
        # Python warns that a fork copies the locks that other threads hold. The child runs the
        # learner's code and ours, neither of which waits for another thread.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        _be_the_child(function, writer)
    os.close(writer)
    stopped: list[bool] = []

    def stop() -> None:
        stopped.append(True)
        os.kill(child, signal.SIGKILL)

    _running.add(stop)
    try:
        answer = _read(reader, monotonic() + seconds)
    finally:
        _running.discard(stop)  # before its number may belong to another process
        os.close(reader)
        status = _ended(child)
    if stopped:
        raise Interrupted("The check was interrupted, so it has found out nothing.")
    if answer is None:
        raise endless(seconds)
    if not answer:
        raise Stopped(_breakdown(status))
    error: Exception | None
    found: Found
    error, found = pickle.loads(answer)  # written by our own process, a moment ago
    if error is not None:
        raise error
    return found


def _be_the_child(function: Callable[[], Found], writer: int) -> NoReturn:
    """Run, write down what comes of it, and end without a word to anybody else."""
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # it is the parent's to be interrupted
        sys.stdout = sys.stderr = io.StringIO()
        faulthandler.disable()  # how it breaks down is told by its parent
        _limit_memory()
        try:
            with guard:
                answer = pickle.dumps((None, function()))
        except Exception as error:
            answer = pickle.dumps((_plain(error), None))
        with os.fdopen(writer, "wb") as pipe:
            pipe.write(answer)
    finally:
        os._exit(0)


def _plain(error: Exception) -> Exception:
    """Return an error that can be sent: one of the learner's own class may be unknown elsewhere."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error


def _limit_memory() -> None:
    import resource

    with open("/proc/self/statm") as file:
        used = int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, most))


def _read(reader: int, until: float) -> bytes | None:
    """Return all that comes through a pipe until it is closed; None when that takes too long."""
    parts: list[bytes] = []
    while True:
        ready, _, _ = select.select([reader], [], [], max(0.0, until - monotonic()))
        if not ready:
            return None
        part = os.read(reader, 1 << 16)
        if not part:
            return b"".join(parts)
        parts.append(part)


def _ended(child: int) -> int:
    """End a process, if it has not ended by itself; return its status."""
    done, status = os.waitpid(child, os.WNOHANG)
    if done:
        return status
    # It has closed its pipe and is about to exit, or it never will.
    os.kill(child, signal.SIGKILL)
    return os.waitpid(child, 0)[1]


def _breakdown(status: int) -> str:
    how = ""
    if os.WIFSIGNALED(status):
        how = f" ({signal.Signals(os.WTERMSIG(status)).name})"
    return (
        f"Your code has broken down the process it ran in{how}. Look for a method that calls "
        "itself without end, or an array that is far too large."
    )


# -- a thread of its own


class _Interruption(BaseException):
    """Raised in a thread from outside."""


def _threaded(function: Callable[[], Found], seconds: float) -> Found:
    found: list[Found] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            try:
                with guard:
                    found.append(function())
            except BaseException as error:
                errors.append(error)
        except _Interruption:  # one more, on the way out
            pass
        leave()

    def leave() -> None:
        """End only when nothing more is raised here: it would hit what ends a thread."""
        while True:
            try:
                left.set()
                over.set()
                may_end.wait()
                return
            except _Interruption:
                pass

    thread = threading.Thread(target=run, daemon=True, name="a learner's code")
    stopped: list[bool] = []

    def stop() -> None:
        stopped.append(True)
        over.set()

    over, left, may_end = threading.Event(), threading.Event(), threading.Event()
    _running.add(stop)
    thread.start()
    try:
        over.wait(seconds)
    finally:
        _running.discard(stop)
        late = not (found or errors)
        if late:
            _interrupt(thread, left)
        may_end.set()
        if left.is_set() or not late:
            thread.join()
    if stopped:
        raise Interrupted("The check was interrupted, so it has found out nothing.")
    if late or not (found or errors):
        raise endless(seconds)
    if found:
        return found[0]
    raise errors[0]


def _interrupt(thread: threading.Thread, left: threading.Event) -> None:
    """Raise one in a thread until `left` is set: a bare `except:` catches the first ones."""
    number = thread.ident
    if number is None:  # it has never begun
        return
    until = monotonic() + GIVES_UP
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-4)
    try:
        while not left.is_set() and monotonic() < until:
            raise_in(number, _Interruption)
            left.wait(0.0005)
    finally:
        raise_in(number, None)
        sys.setswitchinterval(interval)
