"""A recorded backward pass of a learner's class, and the walk over it."""
from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from gradwidgets.engine.graph.snapshot import Graph
from gradwidgets.engine.trace.call import Call
from gradwidgets.engine.walk.build import edge_step
from gradwidgets.engine.walk.step import CALL, ERROR, Detail, Step
from gradwidgets.engine.walk.walk import Walk


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
        steps.append(_call_step(trace, call, call.node, arrived[call.node],
                                expected.get(call.node, 1), used))
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


def _call_step(trace: Trace, call: Call, node: int, arrived: int, expected: int,
               used: dict[tuple[int, int], int]) -> Step:
    graph, source = trace.graph, call.sender
    places = [] if source is None else [place for place, creator in
                                        enumerate(graph.nodes[source].creators)
                                        if creator == node]
    position = None
    if places:
        # The first call from a caller brings what goes to the first place, and so on.
        key = (-1 if call.caller is None else call.caller, node)
        position = places[min(used.get(key, 0), len(places) - 1)]
        used[key] = used.get(key, 0) + 1
    detail: Detail = {
        "call": call.number + 1, "caller": _counted_from_1(call.caller),
        "depth": call.depth, "before": call.before, "after": call.after,
        "line": "", "waiting_before": call.waiting_before,
        "waiting_after": call.waiting_after, "should_be": None}
    step = Step(CALL, node, source, position,
                None if source is None else graph.nodes[source].op, result=call.gradient,
                total=call.after, arrived=arrived, expected=expected,
                group=graph.nodes[node].group, detail=detail)
    caller = None if call.caller is None else trace.calls[call.caller]
    if source is None or position is None or caller is None or caller.after is None or (
            caller.node != source):
        return step
    ours = edge_step(graph, source, position, caller.after)
    if ours is None or ours.result is None:
        return step
    detail["should_be"] = ours.result
    summed = ours.summed and call.gradient is not None and call.gradient.shape == ours.result.shape
    if summed:
        detail.update(ours.detail)
    same = _same(call.gradient, ours.result)
    return replace(step, summed=summed, rule=ours.rule, code=ours.code, reason=ours.reason,
                   parts=ours.parts, equation=ours.equation,
                   note="" if same else _odd(call.gradient, ours.result, ours))


def _counted_from_1(number: int | None) -> int | None:
    return None if number is None else number + 1


def _same(got: np.ndarray | None, expected: np.ndarray) -> bool:
    """Tell whether two arrays hold the same gradient, up to rounding."""
    return got is not None and got.shape == expected.shape and bool(
        np.allclose(got, expected, rtol=1e-5, atol=1e-9 * float(np.abs(expected).max(initial=0)),
                    equal_nan=True))


def _odd(got: np.ndarray | None, expected: np.ndarray, ours: Step) -> str:
    if got is None:
        return f"nothing is handed over, where the rule of {ours.op} gives {ours.rule}"
    if got.shape != expected.shape:
        return (f"what is handed over has shape {got.shape}, but the rule of {ours.op} gives "
                f"{ours.rule}, of shape {expected.shape}")
    return f"what is handed over is not what the rule of {ours.op} gives: {ours.rule}"


def _error_step(trace: Trace, broken: Call | None) -> Step:
    node = trace.graph.root if broken is None or broken.node is None else broken.node
    detail, source = Detail(line=""), None
    if broken is not None:
        source = broken.sender
        detail = {"line": broken.line, "call": broken.number + 1,
                  "caller": _counted_from_1(broken.caller), "depth": broken.depth,
                  "before": broken.before, "after": broken.after,
                  "line_number": broken.line_number}
    return Step(ERROR, node, source, op=None if source is None else trace.graph.nodes[source].op,
                group=trace.graph.nodes[node].group, note=trace.error, detail=detail)
