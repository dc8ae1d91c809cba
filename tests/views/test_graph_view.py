"""A graph of any tensor: names, updates, and what is missing in a learner's class."""

from __future__ import annotations

import numpy as np

from gradwidgets.core import Tensor
from gradwidgets.views.graph.view import GraphView
from tests.engine.seed_classes import Calls, Curves
from tests.views.support import Page, changed


def test_a_tensor_is_shown_with_the_names_it_is_given():
    x = Tensor([1.0, 2.0], autograd=True)
    y = x * x
    view = GraphView(y, {"x": x, "square": y})
    page = Page(view.picture)
    page.says(hello=True)
    titles = [box["titles"][0][3] for box in page.messages[0]["scene"]["boxes"]]
    assert titles == ["x", "square"]
    y.backward([1.0, 1.0])
    view.update(y, {"x": x, "square": y})
    texts = changed(page.messages[0]["texts"], page.messages[1])
    assert texts == ["+1.00", "+2.00", "", "+2.00", "+4.00", ""] + [
        "+1.00", "+4.00", "", "+1.00", "+1.00", ""
    ]  # fmt: skip


def test_names_stay_when_a_graph_is_updated():
    x = Tensor([1.0, 2.0], autograd=True)
    view = GraphView(x * x, {"left": x})
    page = Page(view.picture)
    page.says(hello=True)
    x.data[0] = 3.0
    view.update(x * x)
    assert page.messages[0]["scene"]["boxes"][0]["titles"][0][3] == "left"
    assert "scene" not in page.messages[1] and "+3.00" in changed(
        page.messages[0]["texts"], page.messages[1]
    )


def test_variables_of_the_caller_give_the_names():
    height = Tensor([1.0, 2.0], autograd=True)
    page = Page((view := GraphView(height * height)).picture)
    page.says(hello=True)
    assert page.messages[0]["scene"]["boxes"][0]["titles"][0][3] == "height"
    assert view.verdict is None


def test_a_learners_gradient_of_another_shape_is_shown_and_goes_away_again():
    class Mine:
        data, grad, autograd = 3.0, None, True

    mine = Mine()
    view = GraphView(mine)
    page = Page(view.picture)
    page.says(hello=True)
    mine.grad = [[1.0] * 3] * 3
    view.update(mine)
    page.says(ack=page.messages[-1]["n"])
    mine.grad = 2.0
    view.update(mine)
    first, second, third = [message for message in page.messages if "texts" in message]
    assert first["texts"] == ["+3.00", "", "", "not yet"]
    texts = changed(first["texts"], second)
    assert texts == ["+3.00", "", "", "shape 3×3"]
    assert changed(texts, third) == ["+3.00", "", "+2.00", ""]


def test_a_name_that_is_given_wins_over_a_variable_of_that_name():
    height = Tensor([1.0, 2.0], autograd=True)
    width = Tensor([3.0, 4.0], autograd=True)
    view = GraphView(height * width, {"width": height})
    named = {node.name: node.data.tolist() for node in view.picture.graph.nodes if node.name}
    assert named == {"width": [1.0, 2.0]}


def test_the_outline_tells_where_a_long_name_goes_on():
    x = Tensor([1.0, 2.0], autograd=True)
    page = Page(GraphView(x.tanh(), {"w" * 10_000: x}).picture)
    page.says(hello=True)
    outline = page.messages[0]["outline"]
    assert outline == [
        "w" * 199 + "…, parameter, shape 2.",
        "tanh (no. 2), result, shape 2. Made by tanh of " + "w" * 199 + "….",
    ]
    assert page.messages[0]["scene"]["boxes"][0]["hint"] == "w" * 199 + "… · 2"


def test_a_wrong_gradient_is_told_as_an_error_and_marked_as_one():
    x = Curves([0.3, -0.7], autograd=True)
    h = x.tanh()
    y = h.sigmoid() * h
    y.backward(Curves(np.ones(2)))
    page = Page((view := GraphView(y)).picture)
    page.says(hello=True)
    told = view._note.fields[0]
    assert told["kind"] == "message" and told["tone"] == "wrong"
    assert told["text"].startswith("The gradient of `x` is [0.06525, −0.08765]; expected [0.589,")
    assert page.messages[0]["marks"] == {"boxes": {}, "edge": None, "wrong": "n0", "warning": False}


def test_what_is_right_so_far_is_told_as_a_warning_and_marked_as_one():
    a, b = Calls([1.0, 2.0], verbose=False), Calls([2.0, 2.0], verbose=False)
    c = a + b
    c.backward(Calls([1.0, 1.0], verbose=False))
    page = Page((view := GraphView(c)).picture)
    page.says(hello=True)
    told = view._note.fields[0]
    assert told["tone"] == "warning"
    assert told["text"].startswith("The gradient of `b` is right so far: [1, 1]. The array is shared")
    assert page.messages[0]["marks"]["wrong"] == "n1" and page.messages[0]["marks"]["warning"]
    a.grad, b.grad, c.grad = None, None, None
    view.update(c)
    assert view._note.fields == [] and page.messages[-1]["marks"] == {}
