"""Find the first tensor whose gradient is wrong, and say what probably went wrong.

Our rules can judge a tensor wherever our operations give the values that the learner's class has
computed. Where they do not, nobody is accused; `unjudged` says what is left open.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from gradwidgets.core.ops import find_op
from gradwidgets.core.types import Foreign
from gradwidgets.engine.graph.names import Names
from gradwidgets.engine.graph.operations import capital, operation_of, title
from gradwidgets.engine.graph.snapshot import Graph, snapshot
from gradwidgets.engine.verdict.cause import Suspect
from gradwidgets.engine.verdict.causes import LEFTOVER, RULE, SCALED, SHARED, Cause
from gradwidgets.engine.verdict.evidence import Evidence
from gradwidgets.engine.verdict.suspects import likeliest
from gradwidgets.engine.verdict.words import sentence

MOST_NAMED = 3
"""As many operations without a rule are named."""


@dataclass(frozen=True, slots=True, eq=False)
class Verdict:
    """What is wrong with the gradients of a graph, as far as can be told.

    Attributes
    ----------
    node : int
        The first tensor, in backward order, whose gradient is wrong: an index of the graph.
    cause : Cause
        The likeliest one.
    message : str
        What was got, what was expected, the likeliest cause and what to do, for a beginner.
    got : ndarray or None
        None when nothing was computed.
    expected : ndarray
    source, position : int or None
        The edge on which it went wrong: the user of the node, and which of its creators the node
        is. None where that is open.
    graph : Graph
    warning : bool
        True when all numbers can be right, and yet something is going to go wrong: two leaves hold
        one array as their gradient, or gradients of an earlier pass are still in there.
    """

    node: int
    cause: Cause
    message: str
    got: np.ndarray | None
    expected: np.ndarray
    source: int | None
    position: int | None
    graph: Graph
    warning: bool = False


def judge(root: Foreign | Graph, names: Mapping[str, Foreign] | Names | None = None,
          gradient: Foreign = None) -> Verdict | None:
    """Return what is wrong with the gradients of a graph; None when all agree, or nothing is known.

    Parameters
    ----------
    root : a tensor of any class, or a copied graph
    names : name -> tensor, or what `names.find_names` returns
    gradient : optional
        What ``backward`` was called with; the root's own gradient when left out, and ones when it
        keeps none.
    """
    graph = root if type(root) is Graph else _copied(root, names)
    if not any(node.autograd and node.grad is not None and node.grad.any()
               for node in graph.nodes):
        return None
    with np.errstate(all="ignore"):
        evidence, sure = _evidence(graph, gradient)
        if evidence is None:
            return None
        verdict = _judge(evidence)
    # Without a start to go by, a scale that is off may be that of the start.
    return verdict if sure or verdict is None or verdict.cause not in (SCALED, RULE) else None


def unjudged(graph: Graph) -> str:
    """Return, in a sentence, why gradients of a graph cannot be judged; "" where they can.

    Silence would be taken for praise.
    """
    if not any(node.grad is not None and node.grad.any() for node in graph.nodes):
        return ""
    made = [node for node in graph.nodes if node.creators and node.autograd]
    without = list(dict.fromkeys(node.op for node in made if node.op and not find_op(node.op)))
    if without:
        named = [each for each in without if each != "?"][:MOST_NAMED]
        what = " and ".join(filter(None, [", ".join(named[:-1]), *named[-1:]]))
        what = f"for {what}" if named else "where creation_op is missing"
        return (f"There is no rule {what}, so the gradients of what went in there cannot be "
                "judged: neither right nor wrong is said of them.")
    changed = next((node for node in made if operation_of(graph, node.index) is None), None)
    found = None if changed is None else find_op(changed.op)
    if changed is None or found is None:
        return ""
    op, _ = found
    return (f"{capital(title(changed))} is not what {op.name} gives for its inputs now, so the "
            "gradients of what went in there cannot be judged. Either an input has changed since "
            "the forward pass (an optimizer stepped: draw the graph before `step()`), or this "
            f"class computes {op.name} in another way.")


def noting_missing_rules(graph: Graph) -> Graph:
    """Return the graph with a note on each result of an operation that has no rule."""
    nodes = tuple([
        replace(node, note="; ".join(filter(None, [node.note, f"no rule is known for {node.op}"])))
        if node.creators and node.op != "?" and not find_op(node.op) else node
        for node in graph.nodes])
    return Graph(nodes, graph.root)


def _copied(root: Foreign, names: Mapping[str, Foreign] | Names | None) -> Graph:
    if isinstance(names, Names):
        return snapshot(root, names.names, names.groups, names.parameters, names.paths)
    return snapshot(root, names)


def _evidence(graph: Graph, gradient: Foreign) -> tuple[Evidence | None, bool]:
    """Return the evidence, and whether it is sure what the root has received."""
    root = graph.nodes[graph.root]
    if root.data is None or not root.autograd:
        return None, False
    if gradient is not None:
        given = np.array(getattr(gradient, "data", gradient), np.float64)
        start = given if given.shape == root.shape else np.broadcast_to(given, root.shape)
        return Evidence(graph, start), True
    if root.grad is None or root.grad.shape != root.shape or not root.grad.any():
        return Evidence(graph, np.ones(root.shape)), root.data.size == 1
    start = root.grad.astype(np.float64)
    evidence = Evidence(graph, start)
    if root.shares and not (start == 1).all():
        # Whoever holds the same array may have added to it since: then ones explain more.
        with_ones = Evidence(graph, np.ones(root.shape))
        if _first_wrong(evidence) is not None and likeliest(with_ones, root.index).cause == SHARED:
            return with_ones, True
    return evidence, True


def _judge(evidence: Evidence) -> Verdict | None:
    index = _first_wrong(evidence)
    if index is None:
        return _shared_leaves(evidence)
    suspect = likeliest(evidence, index)
    if suspect.cause in (SCALED, RULE) and _is_leftover(evidence, index) and not (
            suspect.cause == SCALED and _is_less(evidence, index)):
        suspect = Suspect(LEFTOVER, factor=suspect.factor)
    return _verdict(evidence, index, suspect, warning=suspect.cause == LEFTOVER)


def _verdict(evidence: Evidence, index: int, suspect: Suspect, warning: bool) -> Verdict:
    got, expected = evidence.nodes[index].grad, evidence.should_be(index)
    source, position = suspect.edge or (None, None)
    return Verdict(index, suspect.cause, sentence(evidence, index, suspect), got, expected, source,
                   position, evidence.graph, warning)


def _first_wrong(evidence: Evidence) -> int | None:
    """Return the first node in backward order whose gradient is wrong."""
    wrong = [node.index for node in reversed(evidence.nodes)
             if evidence.judged(node.index) and not evidence.right(node.index)]
    inner = [node for node in evidence.nodes
             if node.creators and node.autograd and node.index != evidence.graph.root]
    keeps_inner = any(node.grad is not None for node in inner)
    leaves = [node for node in evidence.nodes if not node.creators and node.autograd]
    reaches_leaves = any(node.grad is not None for node in leaves)
    for index in wrong:
        grad = evidence.nodes[index].grad
        if grad is None:
            if index == evidence.graph.root or not evidence.should_be(index).any():
                continue
            # A class may keep the gradients of leaves only, which is no mistake.
            if evidence.nodes[index].creators and not keeps_inner and reaches_leaves:
                continue
        elif index == evidence.graph.root and not grad.any():
            continue  # it does not keep what it was given
        return index
    return None


def _is_leftover(evidence: Evidence, index: int) -> bool:
    """Tell whether only leaves are off, and all of them, fed by different operations."""
    if evidence.nodes[index].creators:
        return False
    judged = [node for node in evidence.nodes if node.autograd and evidence.judged(node.index)
              and node.index != evidence.graph.root]
    leaves = [node.index for node in judged if not node.creators
              and evidence.should_be(node.index).any()]
    inner = [node.index for node in judged if node.creators]
    kinds = {(evidence.op_name(share.edge), share.edge[1])
             for leaf in leaves for share in evidence.shares[leaf]}
    return (len(leaves) > 1 and len(kinds) > 1 and bool(inner)
            and all(evidence.right(each) for each in inner)
            and not any(evidence.right(leaf) for leaf in leaves))


def _is_less(evidence: Evidence, index: int) -> bool:
    """Tell whether a gradient of the right shape is smaller than it should be."""
    got, expected = evidence.nodes[index].grad, evidence.should_be(index)
    return got is not None and float(np.sum(got * expected)) < float(np.sum(expected * expected))


def _shared_leaves(evidence: Evidence) -> Verdict | None:
    """Warn of two leaves that hold one array: an optimizer writes to it twice."""
    for node in reversed(evidence.nodes):
        others = [other for other in node.shares if evidence.is_leaf(other)
                  and evidence.nodes[other].autograd]
        if node.creators or not node.autograd or not others or not evidence.judged(node.index):
            continue
        edge = next((edge for edge in evidence.users[node.index]
                     for other in others if other in evidence.nodes[edge[0]].creators),
                    evidence.users[node.index][0])
        return _verdict(evidence, node.index, Suspect(SHARED, edge), warning=True)
    return None
