"""A graph of any tensor: names, updates, and what is missing in a learner's class."""

from __future__ import annotations

from gradwidgets.core import Tensor
from gradwidgets.views.graph_view import GraphView
from tests.views.support import Page


def test_a_tensor_is_shown_with_the_names_it_is_given():
    x = Tensor([1.0, 2.0], autograd=True)
    y = x * x
    view = GraphView(y, {"x": x, "square": y})
    page = Page(view)
    page.says(hello=True)
    titles = [box["titles"][0][3] for box in page.messages[0]["scene"]["boxes"]]
    assert titles == ["x", "square"]
    y.backward([1.0, 1.0])
    view.update(y, {"x": x, "square": y})
    assert page.messages[1]["texts"] == ["+2.00", "+4.00", "", "+1.00", "+1.00", ""]


def test_a_tensor_that_is_updated_without_names_is_another_picture():
    x = Tensor([1.0, 2.0], autograd=True)
    view = GraphView(x * x, {"x": x})
    page = Page(view)
    page.says(hello=True)
    view.update(x * x)
    assert page.messages[1]["scene"]["boxes"][0]["titles"][0][3] == "parameter"


def test_a_learners_gradient_of_another_shape_is_shown_and_goes_away_again():
    class Mine:
        data, grad, autograd = 3.0, None, True

    mine = Mine()
    view = GraphView(mine)
    page = Page(view)
    page.says(hello=True)
    mine.grad = [[1.0] * 3] * 3
    view.update(mine)
    mine.grad = 2.0
    view.update(mine)
    assert [message["texts"] for message in page.messages] == [
        ["+3.00", "", "", "not yet"],
        ["shape 3×3"],
        ["+2.00", ""],
    ]
