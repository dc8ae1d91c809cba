"""What cannot be judged is said, and accused of nothing."""
from __future__ import annotations

import numpy as np
import pytest

from gradwidgets.engine.graph.snapshot import snapshot
from gradwidgets.engine.verdict.verdict import judge, noting_missing_rules, unjudged
from gradwidgets.engine.walk.build import walk_backward
from gradwidgets.views.graph.view import GraphView
from tests.engine.learners import Learner


class Spelled:
    """Adds and multiplies, with gradients that add up; the names of its operations vary."""

    add, mul = "+", "*"

    def __init__(self, data, creators=None, creation_op=None):
        self.data, self.grad = np.array(data, float), None
        self.creators, self.creation_op = creators, creation_op

    def __add__(self, other):
        return type(self)(self.data + other.data, [self, other], self.add)

    def __mul__(self, other):
        return type(self)(self.data * other.data, [self, other], self.mul)

    def backward(self, g=None):
        g = np.ones_like(self.data) if g is None else g
        self.grad = g if self.grad is None else self.grad + g
        if self.creators:
            left, right = self.creators
            left.backward(g if self.creation_op == self.add else g * right.data)
            right.backward(g if self.creation_op == self.add else g * left.data)


class Methods(Spelled):
    add, mul = "__add__", "__mul__"


class Half(Spelled):
    mul = "mul"


def net(cls):
    a, b = cls(2.0), cls(-3.0)
    return a * b + a


@pytest.mark.parametrize("cls, rules", [
    (Spelled, "for * and +"), (Methods, "for __mul__ and __add__"), (Half, "for +"),
])
def test_operations_without_a_rule_are_named(cls, rules):
    loss = net(cls)
    assert unjudged(snapshot(loss)) == ""  # before backward there is nothing to judge
    loss.backward()
    assert judge(loss) is None
    assert unjudged(snapshot(loss)) == (
        f"There is no rule {rules}, so the gradients of what went in there cannot be judged: "
        "neither right nor wrong is said of them.")


def test_each_result_without_a_rule_has_a_note():
    graph = noting_missing_rules(snapshot(net(Half)))
    assert [node.note for node in graph.nodes] == ["", "", "", "no rule is known for +"]
    assert [node.op for node in graph.nodes] == [None, None, "mul", "+"]


def test_where_all_can_be_judged_nothing_is_said():
    x = Learner([0.5, -1.0])
    loss = (x.tanh() * x).sum(0)
    loss.backward(np.array(1.0))
    assert unjudged(snapshot(loss)) == ""
    graph = snapshot(loss)
    assert noting_missing_rules(graph).nodes == graph.nodes


def test_a_value_that_is_not_that_of_its_inputs_is_said_and_no_mistake():
    loss = net(Half)
    loss.creation_op = "add"
    loss.backward()
    loss.creators[1].data[...] = 5.0
    assert judge(loss) is None
    assert unjudged(snapshot(loss, {"loss": loss})) == (
        "The result of mul is not what mul gives for its inputs now, so the gradients of what went "
        "in there cannot be judged. Either an input has changed since the forward pass (an "
        "optimizer stepped: draw the graph before `step()`), or this class computes mul in "
        "another way.")


def test_the_page_says_what_cannot_be_judged():
    loss = net(Spelled)
    loss.backward()
    view = GraphView(loss)
    (field,) = view._note.fields
    assert view.verdict is None and field["tone"] == "note"
    assert field["text"].startswith("There is no rule for * and +, so the gradients of")
    assert field["text"] in view._repr_mimebundle_()["text/html"]
    assert view.picture.graph.nodes[-1].note == "no rule is known for +"
    view.update(net(Spelled))
    assert view._note.fields == []


def test_a_walk_says_where_it_cannot_go_on():
    walk = walk_backward(snapshot(net(Spelled)))
    assert [step.note for step in walk.steps] == [
        "no rule is known for +, so nothing is handed on"]
