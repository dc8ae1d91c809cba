"""Walk through a copied graph one number at a time: backward, gradient by gradient, or forward.

The backward walk drains the generator that also runs in `Tensor.backward`, over plain records of
the graph's nodes. So what is shown is what runs; it works before and after ``backward()``, is no
second backward pass, and changes nothing.
"""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from gradwidgets.core.backward import backward_steps, unbroadcast
from gradwidgets.core.ops import Op, find_op, spell
from gradwidgets.engine.formula import Part, equation, parts, symbols
from gradwidgets.engine.snapshot import Graph, Node

FORWARD, START, PASS, CALL, ERROR = "forward", "start", "pass", "call", "error"


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One gradient that is handed to one tensor; of a forward walk, one value that is computed.

    Attributes
    ----------
    kind : {'forward', 'start', 'pass', 'call', 'error'}
        "call" and "error" are calls of a learner's own ``backward``.
    node : int
        Who receives, or whose value is computed: an index of the walk's graph.
    source : int or None
        Whose gradient is handed on; None at the start and going forward.
    position : int or None
        Which of the source's creators `node` is: together the edge ``(source, position)``.
    op : str or None
        ``creation_op`` of the source; going forward, of the node.
    rule : str
        What is computed, in symbols: ``"g × (1 − y²)"``. See `Walk.letters` for the letters.
    code : str
        The same, executable with ``Op.namespace``; empty when there is none.
    reason : str
        Why the rule holds, in a sentence.
    parts : tuple of Part
        Every named quantity of the rule with its numbers: g first, then the local factors.
    summed : bool
        The rule's result was added up over the dimensions along which broadcasting had repeated
        the receiver; ``detail["full"]`` is what it was before, ``detail["over"]`` the dimensions.
    result : ndarray or None
        What is handed on, or the computed value.
    total : ndarray or None
        The receiver's sum so far, with this step.
    arrived, expected : int
        How many of the receiver's gradients are in, with this step, and how many will come.
    group : str or None
        The receiver's layer.
    note : str
        What is missing or odd; empty when nothing is.
    detail : dict
        More about steps of one kind only.
    equation : tuple of Part or str
        The rule as parts with signs between; before adding up, where `summed`.
    """

    kind: str
    node: int
    source: int | None = None
    position: int | None = None
    op: str | None = None
    rule: str = ""
    code: str = ""
    reason: str = ""
    parts: tuple[Part, ...] = ()
    summed: bool = False
    result: np.ndarray | None = None
    total: np.ndarray | None = None
    arrived: int = 0
    expected: int = 0
    group: str | None = None
    note: str = ""
    detail: dict[str, Any] = field(default_factory=dict)
    equation: tuple[Part | str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Walk:
    """All steps over one graph, and how the graph looks after any of them.

    Attributes
    ----------
    trouble : str
        Why there are no steps, in a sentence; empty when there are.
    """

    graph: Graph
    steps: tuple[Step, ...]
    trouble: str = ""

    def graph_at(self, index: int) -> Graph:
        """Return the graph after the step `index`; -1 is before the first.

        A gradient is the sum so far, and None as long as nothing has arrived. Values that a
        forward walk has not computed yet are None. Arrays are not copied.
        """
        # A call that fails brings nothing, and takes nothing away.
        totals = {step.node: step.total for step in self.steps[:index + 1]
                  if step.kind != FORWARD and not (step.kind == ERROR and step.total is None)}
        hidden = {step.node for step in self.steps[index + 1:] if step.kind == FORWARD}
        # Spelled out, since dataclasses.replace takes five times as long.
        return Graph(tuple([
            node if node.grad is None and node.index not in totals and node.index not in hidden
            else Node(node.index, node.op, node.shape, None if node.index in hidden else node.data,
                      totals.get(node.index), node.creators, node.name, node.kind, node.autograd,
                      node.group, node.note, node.path, node.shares)
            for node in self.graph.nodes]), self.graph.root)

    def states_at(self, index: int) -> dict[int, str]:
        """Return how far each node is at the step `index`; -1 is before the first.

        "now" receives in this step, "waiting" has nothing yet, "partial" has some of its
        gradients, "ready" all of them, "done" has handed everything on (a leaf: has received
        everything), "outside" receives nothing in the whole walk. Going forward a node is
        "waiting", "now" or "done".
        """
        steps = self.steps
        if 0 <= index < len(steps) and steps[index].kind == FORWARD or (
                index < 0 and steps and steps[0].kind == FORWARD):
            waiting = {step.node for step in steps[index + 1:] if step.kind == FORWARD}
            states = {node.index: "waiting" if node.index in waiting else "done"
                      for node in self.graph.nodes}
        else:
            states = self._backward_states(index)
        if 0 <= index < len(steps):
            states[steps[index].node] = "now"
        return states

    def _backward_states(self, index: int) -> dict[int, str]:
        latest: dict[int, Step] = {}
        receives: set[int] = set()
        hands_on: set[int] = set()
        for place, step in enumerate(self.steps):
            if step.kind == FORWARD or step.kind == ERROR and step.total is None:
                continue
            receives.add(step.node)
            if place <= index:
                latest[step.node] = step
            elif step.source is not None:
                hands_on.add(step.source)
        states = {}
        for node in self.graph.nodes:
            step = latest.get(node.index)
            if node.index not in receives:
                state = "outside"
            elif step is None:
                state = "waiting"
            elif step.arrived < step.expected:
                state = "partial"
            else:
                state = "ready" if node.index in hands_on else "done"
            states[node.index] = state
        return states

    def sections(self) -> tuple[tuple[str, int, int], ...]:
        """Return runs of steps in one layer: its name ("" for none), first and last step."""
        found: list[tuple[str, int, int]] = []
        forward = None
        for index, step in enumerate(self.steps):
            name = step.group or ""
            # Where a walk turns round, a new section begins even in the same layer.
            if found and found[-1][0] == name and forward == (step.kind == FORWARD):
                found[-1] = (name, found[-1][1], index)
            else:
                found.append((name, index, index))
            forward = step.kind == FORWARD
        return tuple(found)

    def letters(self, index: int) -> dict[str, int]:
        """Return which nodes the letters of the rule of the step `index` stand for.

        ``{"y": 7, "a": 2, "b": 5}``: the result, and what it was made of. g, the gradient that
        has arrived at y, is no node.
        """
        step = self.steps[index]
        made = step.node if step.kind == FORWARD else step.source
        found = find_op(step.op) if step.op is not None and made is not None else None
        if found is None:
            return {}
        return {"y": made, **dict(zip(found[0].inputs, self.graph.nodes[made].creators))}


def walk_backward(graph: Graph, gradient: Any = None) -> Walk:
    """Return the backward pass over `graph`: the start, and one step for each edge.

    Parameters
    ----------
    gradient : array of the root's shape, optional
        What the root receives; its own gradient when left out, and ones when it has none.

    Raises
    ------
    ValueError
        When `gradient` has another shape than the root.
    """
    root = graph.nodes[graph.root]
    first = _first_gradient(root, gradient)
    with np.errstate(all="ignore"):
        known, ends, trouble = _examine(graph)
        trouble = trouble or _nothing_to_walk(graph)
        if trouble or first is None:
            return Walk(graph, (), trouble)
        return Walk(graph, tuple(_backward(graph, first, known, ends)))


def walk_forward(graph: Graph) -> Walk:
    """Return the forward pass over `graph`: one step for each tensor made by an operation."""
    with np.errstate(all="ignore"):
        known, ends, trouble = _examine(graph)
        if trouble:
            return Walk(graph, (), trouble)
        return Walk(graph, tuple([_forward_step(graph, node, known.get(node.index),
                                                ends.get(node.index, ""))
                                  for node in graph.nodes if node.op is not None]))


def walk_both(graph: Graph, gradient: Any = None) -> Walk:
    """Return the forward walk, followed by the backward walk."""
    forward, backward = walk_forward(graph), walk_backward(graph, gradient)
    trouble = forward.trouble or backward.trouble
    return Walk(graph, () if trouble else forward.steps + backward.steps, trouble)


def operation_of(graph: Graph, index: int) -> tuple[Op, tuple] | None:
    """Return the operation that gives a node's value, and its arguments; None where none does."""
    node = graph.nodes[index]
    if node.op is None:
        return None
    creators = [graph.nodes[creator] for creator in node.creators]
    found, _ = _operation(node, creators)
    if found is None:
        return None
    try:
        with np.errstate(all="ignore"):
            again = found[0].compute([each.data for each in creators], found[1], node.shape)
    except Exception:  # noqa: BLE001 - a learner's graph may hold anything
        return None
    return found if again.shape == node.shape and _same(again, node.data) else None


def edge_step(graph: Graph, source: int, position: int, g: np.ndarray) -> Step | None:
    """Return what our rule hands from `source` to one of its creators when g has arrived there.

    None where no rule is known, or where it does not work for this g.
    """
    found, y = operation_of(graph, source), graph.nodes[source]
    if found is None or found[0].gradients[position] is None:
        return None
    (op, args), node = found, graph.nodes[y.creators[position]]
    values = [graph.nodes[creator].data for creator in y.creators]
    try:
        with np.errstate(all="ignore"):
            full = np.asarray(op.gradients[position](g, y.data, *values, *args))
            result = unbroadcast(full, node.shape) if op.broadcasts else full
            rule = _Rule(op, args, op.rules[position], g, y.data, values)
    except Exception:  # noqa: BLE001 - a learner's g may have any shape
        return None
    if result.shape != node.shape:
        return None
    summed = full.shape != node.shape
    detail = {"full": full, "over": _repeated(full.shape, node.shape)} if summed else {}
    return Step(PASS, node.index, source, position, y.op, rule.text, rule.code, op.reason,
                rule.parts, summed, result, group=node.group, detail=detail,
                equation=rule.equation)


def title(node: Node) -> str:
    """Return how a sentence speaks of a node: by its name, else by how it came about."""
    if node.name is not None or node.path is not None:
        return f"`{node.name or node.path}`"
    return f"the result of {node.op}" if node.op is not None else "an unnamed tensor"


# -- what is known of a graph --------------------------------------------------------------------

_Known = tuple[Op, tuple]


def _examine(graph: Graph) -> tuple[dict[int, _Known], dict[int, str], str]:
    """Return the operation of each node that has a rule, why others have none, and trouble."""
    known: dict[int, _Known] = {}
    ends: dict[int, str] = {}
    nodes = graph.nodes
    for node in nodes:
        if not node.creators and node.op is None:
            continue
        creators = [nodes[creator] for creator in node.creators]
        found, why = _operation(node, creators)
        if found is None:
            ends[node.index] = why
            continue
        op, args = found
        try:
            again = op.compute([creator.data for creator in creators], args, node.shape)
        except Exception as error:  # noqa: BLE001 - a learner's graph may hold anything
            ends[node.index] = _misfit(op, creators, error)
            continue
        if again.shape != node.shape:
            ends[node.index] = (f"{title(node)} has shape {node.shape}, but {op.name} of "
                                f"{_shapes(creators)} gives {again.shape}, so its rule does not "
                                "fit")
        elif not _same(again, node.data):
            return {}, {}, (
                f"{_capital(title(node))} is not what {op.name} gives for its inputs now, so these "
                "numbers do not belong together. Either an input has changed since the forward "
                "pass (an optimizer stepped: build the walk before `step()`), or this class "
                f"computes {op.name} in another way.")
        else:
            known[node.index] = found
    return known, ends, ""


def _operation(node: Node, creators: list[Node]) -> tuple[_Known | None, str]:
    """Return the operation that made a node and its arguments, or why there is no rule."""
    if not creators:
        return None, f"it is not known what {title(node)} was made of, so nothing is handed on"
    if node.op == "?":
        return None, "creation_op is missing, so it is not known which rule applies"
    found = find_op(node.op)
    if found is None:
        return None, f"no rule is known for {node.op}, so nothing is handed on"
    op, args = found
    if len(creators) != len(op.inputs):
        return None, (f"{op.name} takes {_inputs(len(op.inputs))}, but {title(node)} was made of "
                      f"{len(creators)}, so its rule does not fit")
    needed = op.gradients[0].__defaults__ or ()
    if not len(op.arguments) - len(needed) <= len(args) <= len(op.arguments):
        return None, (f"{node.op} should read {'_'.join([op.name, *op.arguments])}, with numbers, "
                      "so its rule does not fit")
    for each in (node, *creators):
        if each.data is None:
            return None, f"{title(each)} holds no numbers, so the rule cannot be computed"
    return (op, _counted_from_the_front(op, args, creators[0])), ""


def _counted_from_the_front(op: Op, args: tuple, creator: Node) -> tuple:
    """Return the arguments with a dimension of -1 as the number of the last one."""
    if "dim" not in op.arguments or not args or not args[0] < 0:
        return args
    return (args[0] + len(creator.shape) + (op.name == "expand"), *args[1:])


def _same(a: np.ndarray, b: np.ndarray) -> bool:
    """Compare two results of one computation, of which one may have been made in float32."""
    if a.size == 0 or np.array_equal(a, b):
        return True
    single = any(each.dtype.kind == "f" and each.itemsize < 8 for each in (a, b))
    rtol, atol = (1e-4, 1e-5) if single else (1e-6, 1e-9)
    a, b = a.astype(np.float64), b.astype(np.float64)
    # Small differences of large numbers carry the rounding of the large ones.
    largest = float(np.abs(a[np.isfinite(a)]).max(initial=1.0))
    return bool(np.allclose(a, b, rtol, atol * largest, equal_nan=True))


def _nothing_to_walk(graph: Graph) -> str:
    root = graph.nodes[graph.root]
    if root.data is None:
        return f"{_capital(title(root))} holds no numbers, so there is no gradient to begin with."
    if not root.autograd:
        return (f"{_capital(title(root))} takes no gradient, since neither it nor anything it was "
                "made of has autograd=True; so there is nothing to walk through.")
    return ""


def _first_gradient(root: Node, gradient: Any) -> np.ndarray | None:
    if root.data is None:
        return None
    if gradient is None:
        own = root.grad is not None and root.grad.shape == root.shape
        return root.grad.astype(np.float64) if own else np.ones(root.shape)
    gradient = np.array(getattr(gradient, "data", gradient), np.float64)
    if gradient.shape != root.shape:
        raise ValueError(f"walk_backward: the gradient has shape {gradient.shape} but the graph's "
                         f"root has {root.shape}; each entry needs its own gradient, so the shapes "
                         "must be equal")
    return gradient


def _misfit(op: Op, creators: list[Node], error: Exception) -> str:
    if isinstance(error, ValueError):
        return f"{op.name} does not fit {_shapes(creators)}: {op.shapes}"
    return f"{op.name} cannot be computed from {_shapes(creators)}: {error}"


def _shapes(creators: list[Node]) -> str:
    return " and ".join([str(creator.shape) for creator in creators])


def _inputs(count: int) -> str:
    return "1 input" if count == 1 else f"{count} inputs"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


# -- the steps -----------------------------------------------------------------------------------


class _Record:
    """What the backward pass reads of a node."""

    __slots__ = ("index", "creation_op", "data", "creators", "autograd")

    def __init__(self, node: Node, found: _Known | None, records: list[_Record]) -> None:
        self.index = node.index
        self.data = node.data
        self.autograd = node.autograd
        # A node without a rule is an end: it receives, and hands nothing on.
        self.creation_op = spell(found[0].name, *found[1]) if found else None
        self.creators = [records[creator] for creator in node.creators] if found else None


_Pass = tuple[_Record, np.ndarray, list[np.ndarray | None]]


def _passes(graph: Graph, first: np.ndarray, known: dict[int, _Known], ends: dict[int, str]
            ) -> list[_Pass]:
    """Return the steps of the pass; a node whose rule turns out not to work becomes an end."""
    try:
        passes = _drained(graph, first, known)
        if all(contribution is None or contribution.shape == creator.data.shape
               for record, _, contributions in passes
               for creator, contribution in zip(record.creators or (), contributions)):
            return passes
    except Exception:  # noqa: BLE001 - found out below, node by node
        pass
    for index, (op, args) in list(known.items()):
        node = graph.nodes[index]
        values = [graph.nodes[creator].data for creator in node.creators]
        why = _why_it_fails(op, args, np.ones(node.shape), node.data, values)
        if why:
            del known[index]
            ends[index] = f"the rule of {op.name} does not work here: {why}"
    return _drained(graph, first, known)


def _drained(graph: Graph, first: np.ndarray, known: dict[int, _Known]) -> list[_Pass]:
    records: list[_Record] = []
    for node in graph.nodes:
        records.append(_Record(node, known.get(node.index), records))
    return list(backward_steps(records[graph.root::-1], first))


def _why_it_fails(op: Op, args: tuple, g: np.ndarray, y: np.ndarray, values: list[np.ndarray]
                  ) -> str:
    for rule, value in zip(op.gradients, values):
        if rule is None:
            continue
        try:
            answer = np.asarray(rule(g, y, *values, *args))
            if op.broadcasts:
                answer = unbroadcast(answer, value.shape)
        except Exception as error:  # noqa: BLE001 - a rule may fail in any way
            return str(error)
        if answer.shape != value.shape:
            return f"it gives {answer.shape} for an input of {value.shape}"
    return ""


def _backward(graph: Graph, first: np.ndarray, known: dict[int, _Known], ends: dict[int, str]
              ) -> Iterator[Step]:
    passes = _passes(graph, first, known, ends)
    expected = [0] * len(graph.nodes)
    for record, _, contributions in passes:
        for creator, contribution in zip(record.creators or (), contributions):
            expected[creator.index] += contribution is not None
    arrived = [0] * len(graph.nodes)
    totals: dict[int, np.ndarray] = {}
    root = graph.nodes[graph.root]
    yield Step(START, root.index, rule="g", reason="", parts=(Part("g", first),), result=first,
               total=first, arrived=1, expected=1, group=root.group,
               note=ends.get(root.index, ""), equation=(Part("g", first),))
    for record, g, contributions in passes:
        source = record.index
        values = [creator.data for creator in record.creators or ()]
        for position, contribution in enumerate(contributions):
            if contribution is None:
                continue
            node = graph.nodes[graph.nodes[source].creators[position]]
            receiver = node.index
            arrived[receiver] += 1
            so_far = totals.get(receiver)
            total = contribution if so_far is None else so_far + contribution
            total = totals[receiver] = np.asarray(total)
            op, args = known[source]
            rule = _Rule(op, args, op.rules[position], g, record.data, values)
            detail, summed = {}, False
            if op.broadcasts and node.shape != record.data.shape:
                full = np.asarray(op.gradients[position](g, record.data, *values, *args))
                summed = full.shape != node.shape
                if summed:
                    detail = {"full": full, "over": _repeated(full.shape, node.shape)}
            yield Step(PASS, receiver, source, position, graph.nodes[source].op, rule.text,
                       rule.code, op.reason, rule.parts, summed, contribution, total,
                       arrived[receiver], expected[receiver], node.group,
                       ends.get(receiver, ""), detail, rule.equation)


class _Rule:
    """One rule of an operation with the numbers of one step."""

    __slots__ = ("code", "text", "parts", "equation")

    def __init__(self, op: Op, args: tuple, code: str, g: np.ndarray | None, y: np.ndarray,
                 values: list[np.ndarray]) -> None:
        namespace = op.namespace(g, y, values, args)
        arguments = dict(zip(op.arguments, args + (None,) * len(op.arguments)))
        self.code = code
        self.text = symbols(code, arguments, ndims={
            name: value.ndim for name, value in namespace.items()
            if isinstance(value, np.ndarray)})
        self.parts = parts(code, namespace, arguments)
        self.equation = equation(code, namespace, arguments)


def _repeated(full: tuple[int, ...], shape: tuple[int, ...]) -> tuple[int, ...]:
    """Return the dimensions along which `shape` was repeated to become `full`."""
    new = len(full) - len(shape)
    return (*range(new), *[new + dim for dim, size in enumerate(shape) if full[new + dim] != size])


def _forward_step(graph: Graph, node: Node, found: _Known | None, note: str) -> Step:
    count = len(node.creators)
    rule = None
    if found is not None:
        op, args = found
        values = [graph.nodes[creator].data for creator in node.creators]
        rule = _Rule(op, args, op.formula, None, node.data, values) if op.formula else None
    if rule is None:
        return Step(FORWARD, node.index, op=node.op, result=node.data, arrived=count,
                    expected=count, group=node.group, note=note)
    return Step(FORWARD, node.index, op=node.op, rule=rule.text, code=rule.code,
                parts=rule.parts, result=node.data, arrived=count, expected=count,
                group=node.group, equation=rule.equation)
