"""The pictures take what a learner has half finished, and say what is missing."""
from __future__ import annotations

import numpy as np
import pytest

from gradwidgets import BackwardStepper, GraphView, trace_backward
from tests.engine.half_finished import Answering, Bare, Hostile, Inventing, Raising, Unreadable


def holding(data, **attributes):
    """Return a tensor whose data is no array."""
    tensor = Bare(None, **attributes)
    tensor.data = data
    return tensor


def circle():
    a, b = Bare([1.0], creation_op="neg"), Bare([1.0], creation_op="neg")
    a.creators, b.creators = [b], [a]
    return a


ROOTS = {
    "no gradient": lambda: Bare([4.0], creators=[Bare([1.0]), Bare([3.0])], creation_op="add"),
    "no operation": lambda: Bare([4.0], creators=[Bare([1.0]), Bare([3.0])]),
    "lists": lambda: Bare([2.0], creators=[[1, 3], [2]], creation_op="test"),
    "lists that add up": lambda: Bare([4.0], creators=[[1], [3]], creation_op="add",
                                      grad=np.ones(1)),
    "None": lambda: Bare([2.0], creators=None, creation_op=None),
    "a tuple": lambda: Bare([4.0], creators=(Bare([1.0]), Bare([3.0])), creation_op="add"),
    "a list as data": lambda: holding([1.0, 2.0], creators=[holding([1, 2])], creation_op="neg"),
    "a number as data": lambda: holding(3, creators=[holding(-3)], creation_op="neg"),
    "text as data": lambda: Bare("abc", creators=[Bare("abc")], creation_op="neg", grad="soon"),
    "a tensor as data": lambda: Bare(Bare([1.0]), creators=[Bare([1.0])], creation_op="neg"),
    "rows of different lengths": lambda: holding([[1], [1, 2]]),
    "attributes that raise": Raising,
    "nothing can be read": Unreadable,
    "answers None": lambda: Answering([1.0], creators=[Answering([1.0])], creation_op="neg"),
    "answers None to all": lambda: Answering(None),
    "special methods that raise": lambda: Hostile(
        [4.0], creators=[Hostile([1.0]), Hostile([3.0])], creation_op="add", grad=Hostile([1.0])),
    "a circle": circle,
    "arguments that are none": lambda: Bare([1.0], creators=[Bare([1.0])], creation_op="sum_x"),
}


@pytest.mark.parametrize("case", ROOTS)
def test_a_graph_and_a_walk_are_shown(case):
    for view in (GraphView(ROOTS[case]()), BackwardStepper(ROOTS[case]())):
        view.close()


@pytest.mark.parametrize("case", ROOTS)
def test_a_pass_is_recorded_whatever_the_class_lacks(case):
    root = ROOTS[case]()
    cls = type(root)

    def backward(self, grad=None):
        for creator in self.creators:
            creator.backward(grad)

    traced = trace_backward(_with(root, type(cls.__name__, (cls,), {"backward": backward})))
    view = BackwardStepper(traced)
    view.close()


def _with(root, cls):
    """Return the same object as one of another class, which has a backward."""
    object.__setattr__(root, "__class__", cls)
    return root


def test_what_a_class_invents_has_an_end(monkeypatch):
    monkeypatch.setattr("gradwidgets.engine.graph.snapshot.MOST_TENSORS", 30)
    GraphView(Inventing(None)).close()
