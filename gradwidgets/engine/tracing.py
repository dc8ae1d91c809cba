"""Watch a learner's own ``backward`` at work, call by call, and leave the class as it was.

`trace_backward` records a backward pass, to be walked; `trace_calls` prints which methods call
which, indented.
"""
from __future__ import annotations

import ast
import functools
import inspect
import linecache
import sys
import sysconfig
import textwrap
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from types import FunctionType, TracebackType
from typing import Any, TextIO

import numpy as np

from gradwidgets.engine.backward import CALL, ERROR, Step, Walk, edge_step
from gradwidgets.engine.naming import Names, find_names
from gradwidgets.engine.snapshot import Graph, snapshot, tensors_in

MOST_CALLS = 20_000
"""Later calls run, but are not recorded: nobody walks through as many."""


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """One call of a learner's ``backward``.

    Attributes
    ----------
    number : int
        Place in the order of calls, from 0.
    depth : int
        How many calls it was made inside of.
    caller : int or None
        The number of the call that it was made from; None for the first.
    node : int or None
        Whose ``backward`` it is, as an index of the trace's graph; None when it is not in there.
    sender : int or None
        Whose gradient it brings: what was passed along as the sender, else whose call it is from.
    gradient : ndarray or None
        A copy of what was passed, None when nothing was.
    before, after : ndarray or None
        Copies of the receiver's gradient: when the call began, and when the receiver had dealt with
        what arrived, that is when it made the first call of its own, or else returned.
    waiting_before, waiting_after : dict of str to int
        For each of the receiver's dictionaries that count something, such as ``children``, the sum
        of its numbers, at the same two moments.
    error : str
        The exception that ended the call, when it arose in this very call; else empty.
    line : str
        The line of the learner's code where it arose.
    line_number : int or None
    """

    number: int
    depth: int
    caller: int | None
    node: int | None
    sender: int | None
    gradient: np.ndarray | None
    before: np.ndarray | None
    after: np.ndarray | None
    waiting_before: dict[str, int]
    waiting_after: dict[str, int]
    error: str = ""
    line: str = ""
    line_number: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """A recorded backward pass of a learner's class.

    Attributes
    ----------
    graph : Graph
        The graph as the pass has left it.
    error : str
        The exception that ended the pass; empty when it came to its end.
    complete : bool
        False when more than `MOST_CALLS` calls were made; the later ones are not recorded.
    """

    graph: Graph
    calls: tuple[Call, ...]
    error: str = ""
    complete: bool = True

    def walk(self) -> Walk:
        """Return the calls as the steps of a walk; an exception is the last one."""
        return _walk(self)


def trace_backward(loss: Any, gradient: Any = None,
                   names: Mapping[str, Any] | Names | None = None) -> Trace:
    """Run the own ``backward`` of a learner's tensor, and record every call of it.

    The class is wrapped for as long as it runs. What ``backward`` changes, it changes; an exception
    in it ends up in the trace. Only an interrupt passes through.

    Parameters
    ----------
    loss : a tensor of a class with a method ``backward``
    gradient : optional
        What to pass to ``backward``, as it is. When left out, nothing is passed to a ``backward``
        that can do without, and ones, in a tensor of the same class, to any other.
    names : name -> tensor, or what `naming.find_names` returns
        The variables of the caller when left out.

    Raises
    ------
    TypeError
        When the class of `loss` has no method ``backward``.
    """
    home = _home_of(type(loss), "backward")
    if home is None:
        raise TypeError(f"trace_backward: received a {type(loss).__name__}, which has no method "
                        "backward; expected a tensor of a class that defines backward(self, ...)")
    if names is None:
        frame = sys._getframe(1)
        names = find_names({**frame.f_globals, **frame.f_locals}, loss)
    if not isinstance(names, Names):
        names = Names(names=dict(names))
    record = _Record(tensors_in(loss))
    before = _named_snapshot(loss, names)
    arguments = _first_arguments(loss, gradient)
    error = ""
    with _wrapped(home, record), _twice_the_depth():
        try:
            loss.backward(*arguments)
        except Exception as caught:  # noqa: BLE001 - whatever a learner's code raises is a step
            error = _spoken(caught)
            if not record.calls:
                record.refused(loss, arguments, caught, error)
    after = _named_snapshot(loss, names)
    if len(after.nodes) != len(before.nodes):
        # The class takes its graph apart on the way back.
        after = Graph(tuple([replace(node, grad=_numbers(_get(tensor, "grad")))
                             for node, tensor in zip(before.nodes, record.tensors)]), before.root)
    return Trace(after, tuple([call.finished() for call in record.calls]), error,
                 not record.overflown)


def _named_snapshot(root: Any, names: Names) -> Graph:
    return snapshot(root, names.names, names.groups, names.parameters, names.paths)


# -- recording -----------------------------------------------------------------------------------


class _Record:
    """The calls so far, and which are still running."""

    def __init__(self, tensors: list[Any]) -> None:
        self.tensors = tensors  # which also keeps them alive, so that ids stay theirs
        self.index_of = {id(tensor): index for index, tensor in enumerate(tensors)}
        self.calls: list[_Running] = []
        self.stack: list[_Running] = []
        self.overflown = False
        self.error: Exception | None = None

    def call(self, function: Callable, receiver: Any, args: tuple, kwargs: dict[str, Any]) -> Any:
        """Call the learner's method, and write down what happens."""
        if self.stack:
            self.stack[-1].has_received()
        if len(self.calls) >= MOST_CALLS:
            self.overflown = True
            return function(receiver, *args, **kwargs)
        running = self._begin(receiver, args, kwargs)
        self.stack.append(running)
        try:
            return function(receiver, *args, **kwargs)
        except Exception as error:
            if error is not self.error:  # else it only passes through on its way up
                self.error = error
                running.failed(error)
            raise
        finally:
            running.has_received()
            self.stack.pop()

    def refused(self, receiver: Any, args: tuple, error: Exception, spoken: str) -> None:
        """Write down a call that never came about: the arguments do not fit the method."""
        running = self._begin(receiver, args, {})
        running.error = spoken
        running.has_received()

    def _begin(self, receiver: Any, args: tuple, kwargs: dict[str, Any]) -> _Running:
        given = [*args, *kwargs.values()]
        caller = self.stack[-1] if self.stack else None
        origin = next((self.index_of[id(value)] for value in given[1:]
                       if id(value) in self.index_of), None)
        if origin is None and caller is not None:
            origin = caller.node
        running = _Running(len(self.calls), len(self.stack),
                           None if caller is None else caller.number, receiver,
                           self.index_of.get(id(receiver)), origin,
                           _numbers(given[0]) if given else None)
        self.calls.append(running)
        return running


class _Running:
    """A call that is being recorded."""

    def __init__(self, number: int, depth: int, caller: int | None, receiver: Any,
                 node: int | None, sender: int | None, gradient: np.ndarray | None) -> None:
        self.number, self.depth, self.caller = number, depth, caller
        self.receiver, self.node, self.sender, self.gradient = receiver, node, sender, gradient
        self.before, self.waiting_before = _numbers(_get(receiver, "grad")), _counts(receiver)
        self.after: np.ndarray | None = None
        self.waiting_after: dict[str, int] = {}
        self.received = False
        self.error = self.line = ""
        self.line_number: int | None = None

    def has_received(self) -> None:
        """Look at the receiver, the first time that it calls another one or returns."""
        if not self.received:
            self.received = True
            self.after = _numbers(_get(self.receiver, "grad"))
            self.waiting_after = _counts(self.receiver)

    def failed(self, error: Exception) -> None:
        """Keep what went wrong, and where."""
        self.error = _spoken(error)
        self.line, self.line_number = _own_line(error.__traceback__)

    def finished(self) -> Call:
        """Return the call as plain data."""
        return Call(self.number, self.depth, self.caller, self.node, self.sender, self.gradient,
                    self.before, self.after, self.waiting_before, self.waiting_after, self.error,
                    self.line, self.line_number)


def _own_line(trail: TracebackType | None) -> tuple[str, int | None]:
    """Return the last line of the trail that is the learner's, and not a library's."""
    lines = [(frame.f_code.co_filename, number) for frame, number in traceback.walk_tb(trail)]
    own = [entry for entry in lines if not entry[0].startswith(("<frozen", "<__array", _HERE))
           and not any(entry[0].startswith(folder) for folder in _LIBRARIES)]
    if not own:
        return "", None
    return linecache.getline(*own[-1]).strip(), own[-1][1]


_HERE = __file__
_LIBRARIES = tuple({path for path in (sysconfig.get_path(name) for name in (
    "stdlib", "platstdlib", "purelib", "platlib")) if path})


def _spoken(error: BaseException) -> str:
    if isinstance(error, RecursionError):
        return ("RecursionError: the calls went deeper than Python allows; either backward() runs "
                "in a circle, or the graph is a very long chain")
    try:
        message = str(error)
    except Exception:  # noqa: BLE001 - a learner's exception may not even be able to speak
        message = ""
    return f"{type(error).__name__}: {message}" if message else type(error).__name__


def _get(thing: Any, attribute: str) -> Any:
    try:
        return getattr(thing, attribute, None)
    except Exception:  # noqa: BLE001 - a property of half-finished code may raise anything
        return None


def _numbers(value: Any) -> np.ndarray | None:
    """Return a copy of the numbers of an array, a number, a list or a tensor of these."""
    if value is None:
        return None
    if not isinstance(value, (np.ndarray, np.generic)):
        inner = _get(value, "data")
        value = value if inner is None else inner
    try:
        array = np.array(value)
    except Exception:  # noqa: BLE001 - whatever it is, it holds no numbers
        return None
    return array if array.dtype.kind in "fiub" else None


def _counts(receiver: Any) -> dict[str, int]:
    """Return the sum of every dictionary of whole numbers, such as the seed's ``children``."""
    try:
        attributes = list(vars(receiver).items())
    except TypeError:
        return {}
    return {name: sum(value.values()) for name, value in attributes
            if isinstance(value, dict) and value
            and all(type(number) is int for number in value.values())}


# -- wrapping ------------------------------------------------------------------------------------


def _home_of(tensor_class: type, method: str) -> type | None:
    """Return the class that defines a method, going by the order in which Python looks."""
    return next((base for base in tensor_class.__mro__
                 if base is not object and callable(vars(base).get(method))), None)


@contextmanager
def _wrapped(home: type, record: _Record) -> Iterator[None]:
    function = vars(home)["backward"]

    @functools.wraps(function)
    def recorded(self, *args, **kwargs):
        return record.call(function, self, args, kwargs)

    home.backward = recorded
    try:
        yield
    finally:
        home.backward = function


@contextmanager
def _twice_the_depth() -> Iterator[None]:
    """Make room for the frames that recording adds, so that as deep a graph works as without."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(3 * limit)
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)


def _first_arguments(loss: Any, gradient: Any) -> tuple:
    """Return what to call ``backward`` with."""
    if gradient is not None:
        return (gradient,)
    function = _innermost(vars(_home_of(type(loss), "backward"))["backward"])
    try:
        parameters = list(inspect.signature(function).parameters.values())[1:]
    except (ValueError, TypeError):
        return ()
    first = next((each for each in parameters
                  if each.kind in (each.POSITIONAL_ONLY, each.POSITIONAL_OR_KEYWORD)), None)
    if first is None or first.default is not first.empty and _asks_for_none(function, first.name):
        return ()
    try:
        return (type(loss)(np.ones_like(np.asarray(loss.data))),)
    except Exception:  # noqa: BLE001 - the class may need more to be built
        return ()


def _asks_for_none(function: Callable, parameter: str) -> bool:
    """Tell whether the code looks at whether the parameter was given; yes where it is unknown."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError, SyntaxError):
        return True
    for node in ast.walk(tree):
        asked = {ast.Compare: ("left",), ast.UnaryOp: ("operand",), ast.If: ("test",),
                 ast.IfExp: ("test",)}.get(type(node), ())
        tests = [getattr(node, name) for name in asked]
        tests += node.values if isinstance(node, ast.BoolOp) else []
        if any(isinstance(test, ast.Name) and test.id == parameter for test in tests):
            return True
    return False


def _innermost(function: Any) -> Any:
    """Return the function that a decorator has wrapped, as far as it can be found."""
    for _ in range(10):
        inner = getattr(function, "__wrapped__", None)
        if inner is None:
            held = [cell.cell_contents for cell in getattr(function, "__closure__", None) or ()
                    if _is_filled(cell)]
            inner = next((each for each in held if isinstance(each, FunctionType)
                          and each.__name__ == "backward"), None)
        if inner is None:
            return function
        function = inner
    return function


def _is_filled(cell: Any) -> bool:
    try:
        cell.cell_contents  # noqa: B018 - asked for, since an empty cell raises
    except ValueError:
        return False
    return True


# -- as a walk -----------------------------------------------------------------------------------


def _walk(trace: Trace) -> Walk:
    graph = trace.graph
    expected = _edges_to(graph, trace.calls)
    arrived: dict[int, int] = {}
    used: dict[tuple[int, int], int] = {}  # (caller's number, receiver) -> calls so far
    steps: list[Step] = []
    broken = next((call for call in trace.calls if call.error), None)
    for call in trace.calls:
        if call.node is None:
            continue
        arrived[call.node] = arrived.get(call.node, 0) + 1
        steps.append(_call_step(trace, call, arrived[call.node], expected.get(call.node, 1), used))
    if trace.error:
        steps.append(_error_step(trace, broken))
    trouble = "" if steps else (
        "backward() was called for no tensor of this graph, so there is nothing to walk through.")
    return Walk(graph, tuple(steps), trouble)


def _edges_to(graph: Graph, calls: tuple[Call, ...]) -> dict[int, int]:
    """Return how many gradients each node should receive; the start brings one to the first."""
    expected = {calls[0].node: 1} if calls and calls[0].node is not None else {}
    for node in graph.nodes:
        if node.autograd:
            for creator in node.creators:
                expected[creator] = expected.get(creator, 0) + 1
    return expected


def _call_step(trace: Trace, call: Call, arrived: int, expected: int,
               used: dict[tuple[int, int], int]) -> Step:
    graph, source = trace.graph, call.sender
    places = [] if source is None else [place for place, creator in
                                        enumerate(graph.nodes[source].creators)
                                        if creator == call.node]
    position = None
    if places:
        # The first call from a caller brings what goes to the first place, and so on.
        key = (-1 if call.caller is None else call.caller, call.node)
        position = places[min(used.get(key, 0), len(places) - 1)]
        used[key] = used.get(key, 0) + 1
    detail = {"call": call.number + 1, "caller": _counted_from_1(call.caller),
              "depth": call.depth, "before": call.before, "after": call.after,
              "line": "", "waiting_before": call.waiting_before,
              "waiting_after": call.waiting_after, "should_be": None}
    step = Step(CALL, call.node, source, position,
                None if source is None else graph.nodes[source].op, result=call.gradient,
                total=call.after, arrived=arrived, expected=expected,
                group=graph.nodes[call.node].group, detail=detail)
    g = None if call.caller is None else trace.calls[call.caller].after
    if position is None or g is None or trace.calls[call.caller].node != source:
        return step
    ours = edge_step(graph, source, position, g)
    if ours is None:
        return step
    detail["should_be"] = ours.result
    return replace(step, rule=ours.rule, code=ours.code, reason=ours.reason, parts=ours.parts,
                   equation=ours.equation,
                   note="" if _same(call.gradient, ours.result) else _odd(call.gradient, ours))


def _counted_from_1(number: int | None) -> int | None:
    return None if number is None else number + 1


def _same(got: np.ndarray | None, expected: np.ndarray) -> bool:
    """Tell whether two arrays hold the same gradient, up to rounding."""
    return got is not None and got.shape == expected.shape and bool(
        np.allclose(got, expected, rtol=1e-5, atol=1e-9 * float(np.abs(expected).max(initial=0)),
                    equal_nan=True))


def _odd(got: np.ndarray | None, ours: Step) -> str:
    if got is None:
        return f"nothing is handed over, where the rule of {ours.op} gives {ours.rule}"
    if got.shape != ours.result.shape:
        return (f"what is handed over has shape {got.shape}, but the rule of {ours.op} gives "
                f"{ours.rule}, of shape {ours.result.shape}")
    return f"what is handed over is not what the rule of {ours.op} gives: {ours.rule}"


def _error_step(trace: Trace, broken: Call | None) -> Step:
    node = trace.graph.root if broken is None or broken.node is None else broken.node
    detail: dict[str, Any] = {"line": "" if broken is None else broken.line}
    source = None
    if broken is not None:
        source = broken.sender
        detail |= {"call": broken.number + 1, "caller": _counted_from_1(broken.caller),
                   "depth": broken.depth, "before": broken.before, "after": broken.after,
                   "line_number": broken.line_number}
    return Step(ERROR, node, source, op=None if source is None else trace.graph.nodes[source].op,
                group=trace.graph.nodes[node].group, note=trace.error, detail=detail)


# -- the log -------------------------------------------------------------------------------------

_QUIET = {"__init__", "__new__", "__repr__", "__str__", "__format__", "__getattribute__",
          "__getattr__", "__setattr__", "__delattr__", "__dir__", "__hash__", "__del__",
          "__init_subclass__", "__subclasshook__", "__class_getitem__", "__set_name__",
          "__getstate__", "__setstate__", "__reduce__", "__reduce_ex__", "__sizeof__",
          "__array__", "__array_ufunc__", "__array_function__", "__copy__", "__deepcopy__",
          "__iter__", "__next__", "__len__", "__bool__", "__float__", "__int__", "__contains__"}


@contextmanager
def trace_calls(tensor_class: type, out: TextIO | None = None,
                names: Mapping[str, Any] | None = None) -> Iterator[None]:
    """Print every method call of a tensor class while the block runs, indented by depth.

    ::

        with trace_calls(Tensor):
            z = x + y
            z.backward(Tensor(1))

    Methods and operators of the class and of its base classes are told; how a tensor is built,
    shown and asked for attributes is not, nor are methods whose names begin with "_". The class is put back when the block ends, also when it
    ends with an exception.

    Parameters
    ----------
    out : file, default=sys.stdout as it is when a line is printed
    names : name -> tensor
        What tensors are called; the variables of the caller when left out, as they are when a line
        is printed.
    """
    frame = sys._getframe(2)  # beyond contextlib's own

    def variables() -> Mapping[str, Any]:
        return {**frame.f_globals, **frame.f_locals} if names is None else names

    log = _Log(out, variables)
    kept: list[tuple[type, str, Any]] = []
    try:
        for base in tensor_class.__mro__:
            if base is object:
                continue
            for name, member in list(vars(base).items()):
                private = name.startswith("_") and not name.startswith("__")
                if isinstance(member, FunctionType) and not private and name not in _QUIET:
                    kept.append((base, name, member))
                    setattr(base, name, log.wrapped(name, member))
        yield
    finally:
        for base, name, member in reversed(kept):
            setattr(base, name, member)


class _Log:
    """Prints calls as they begin, what they return, and where they fail."""

    def __init__(self, out: TextIO | None, variables: Callable[[], Mapping[str, Any]]) -> None:
        self.out, self.variables = out, variables
        self.depth = 0
        self.failed: BaseException | None = None

    def wrapped(self, name: str, function: FunctionType) -> Callable:
        """Return the method with the log around it."""
        @functools.wraps(function)
        def logged(this, *args, **kwargs):
            self.tell(self.call_text(name, this, args, kwargs))
            self.depth += 1
            try:
                result = function(this, *args, **kwargs)
            except BaseException as error:
                if self.failed is not error:
                    self.failed = error
                    self.tell(f"stopped by {_spoken(error)}")
                raise
            finally:
                self.depth -= 1
            return result

        return logged

    def tell(self, line: str) -> None:
        """Print a line at the present depth."""
        print("    " * self.depth + line, file=self.out or sys.stdout)

    def call_text(self, name: str, this: Any, args: tuple, kwargs: dict[str, Any]) -> str:
        """Return a call as one reads it: ``backward([1 1]) of z (add)``."""
        called = {}
        for variable, value in self.variables().items():
            if not variable.startswith("_"):
                called.setdefault(id(value), variable)
        given = [_brief(value, called, this) for value in args]
        given += [f"{key}={_brief(value, called, this)}" for key, value in kwargs.items()]
        op = _get(this, "creation_op")
        made = f" ({op})" if isinstance(op, str) else ""
        return f"{name}({', '.join(given)}) of {_brief(this, called, this)}{made}"


def _brief(value: Any, called: Mapping[int, str], tensor: Any) -> str:
    """Return the name of a tensor, else its numbers, in a few characters."""
    if isinstance(value, (type(tensor), np.ndarray)):
        if id(value) in called:
            return called[id(value)]
        numbers = _numbers(value)
        if numbers is None:
            return f"a {type(value).__name__}"
        if numbers.size > 6:
            return f"a {type(value).__name__} of shape {numbers.shape}"
        with np.printoptions(precision=4):
            return " ".join(str(numbers).split())
    try:
        text = repr(value)
    except Exception:  # noqa: BLE001 - a learner's __repr__ may raise anything
        text = f"a {type(value).__name__}"
    return text if len(text) <= 40 else text[:37] + "..."
