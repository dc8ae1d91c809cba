"""The sheet shows the rule of a step with its numbers, and what still misses."""

from __future__ import annotations

import numpy as np
import pytest

from gradwidgets.core import Tensor
from gradwidgets.engine.graph.snapshot import snapshot
from gradwidgets.engine.walk.build import walk_backward, walk_forward
from gradwidgets.views.walk.sheet import blocks
from gradwidgets.views.walk.words.sentence import Words
from tests.views.walks import SeedNetwork, diamond, unknown


def sheet(graph, index, forward=False):
    walk = (walk_forward if forward else walk_backward)(graph)
    return blocks(Words(walk), index)


def of_kind(told, kind):
    return [block for block in told if block["kind"] == kind]


def test_it_tells_which_gradients_are_in_and_which_are_missing():
    told = sheet(diamond(), 2)
    assert of_kind(told, "text")[0]["text"] == "1 of 2: waits for one more"
    assert of_kind(told, "lines")[0]["lines"] == [
        "● from the result of `mul` through mul (×), now: +0.62, +0.27",
        "○ from the result of `sigmoid` through sigmoid (σ): still missing, comes in step 4",
    ]
    told = sheet(diamond(), 3)
    assert of_kind(told, "text")[0]["text"] == "2 of 2: complete"
    assert of_kind(told, "lines")[0]["lines"] == [
        "✓ from the result of `mul` through mul (×), in step 3: +0.62, +0.27",
        "● from the result of `sigmoid` through sigmoid (σ), now: +0.12, −0.20",
    ]


def test_it_shows_rule_letters_and_reason():
    told = sheet(diamond(), 3)
    assert of_kind(told, "formula")[0]["text"] == "handed on = g × y × (1 − y)"
    assert of_kind(told, "facts")[0]["pairs"] == [
        ["g", "the gradient of the result of `sigmoid`"],
        ["y", "the value of the result of `sigmoid`"],
    ]
    assert any("slope of the sigmoid" in block["text"] for block in of_kind(told, "text"))


def test_the_equation_of_every_step_has_the_numbers_of_the_step():
    graph = SeedNetwork().graph
    walk = walk_backward(graph)
    words = Words(walk)
    for index, step in enumerate(walk.steps[1:], start=1):
        equations = of_kind(blocks(words, index), "equation")
        tables = [item for item in equations[0]["items"] if isinstance(item, dict)]
        assert len(tables) >= 2
        np.testing.assert_allclose(
            np.reshape(tables[-1]["rows"], step.result.shape), step.result, rtol=1e-12
        )
    tanh = next(i for i, step in enumerate(walk.steps) if step.op == "tanh")
    signs = [item for item in of_kind(blocks(words, tanh), "equation")[0]["items"]
             if isinstance(item, str)]  # fmt: skip
    assert signs == ["×", "="]


# What stands before an arrow leads to its end so; all other rules are read from left to right.
ARROWS = {
    "sum_0": lambda g: np.repeat(g, 4, axis=0),
    "expand_0": lambda g: g.sum(0, keepdims=True),
}
SIGNS = {"×": "*", "·": "@", "−": "-", "+": "+"}
FACTORS = {
    "g": "g",
    "a": "a",
    "b": "b",
    "aᵀ": "a.T",
    "bᵀ": "b.T",
    "1 − y²": "1 - y**2",
    "y × (1 − y)": "y * (1 - y)",
}


def calculated(items, op):
    """Calculate what stands before the last sign of an equation, with the numbers shown."""
    *left, sign, result = items
    tables = [np.array(item["rows"]) for item in left if isinstance(item, dict)]
    if sign == "→":
        return ARROWS[op](*tables), np.array(result["rows"])
    code = "".join(SIGNS[item] if isinstance(item, str) else "next(tables)" for item in left)
    return eval(code, {"tables": iter(tables)}), np.array(result["rows"])


def test_the_numbers_of_the_seeds_network_follow_from_those_shown():
    walk = walk_backward(SeedNetwork().graph)
    words, nodes = Words(walk), walk.graph.nodes
    assert len(walk.steps) == 20
    shown = {walk.graph.root: np.ones((1, 1))}  # the gradients that have been shown so far
    for index, step in enumerate(walk.steps[1:], start=1):
        equations = of_kind(blocks(words, index), "equation")
        for equation in equations:
            got, result = calculated(equation["items"], step.op)
            np.testing.assert_allclose(got, result, rtol=1e-12, err_msg=f"step {index + 1}")
        source = nodes[step.source]
        values = {"g": shown[step.source], "y": source.data}
        values |= dict(zip("ab", [nodes[at].data for at in source.creators], strict=False))
        for item in equations[0]["items"][:-1]:
            if isinstance(item, dict):
                expected = eval(FACTORS[item["caption"]], {}, values)
                np.testing.assert_allclose(item["rows"], np.atleast_2d(expected), rtol=1e-12)
        if len(equations) == 2:
            before = equations[1]["items"][0]["rows"]
            np.testing.assert_array_equal(before, shown[step.node])
        shown[step.node] = np.array(equations[-1]["items"][-1]["rows"])
    named = {node.name: index for index, node in enumerate(nodes) if node.name}
    network = SeedNetwork()
    network.loss.backward()
    for name, tensor in [("Layer 1 weight", network.weight_1), ("Layer 1 bias", network.bias_1),
                         ("Layer 2 weight", network.weight_2), ("Layer 2 bias", network.bias_2),
                         ("data", network.data), ("target", network.target)]:  # fmt: skip
        np.testing.assert_allclose(shown[named[name]], np.atleast_2d(tensor.grad.data), rtol=1e-12)


def test_the_sum_so_far_adds_up():
    told = sheet(diamond(), 3)
    before, plus, this, equals, total = of_kind(told, "equation")[1]["items"]
    assert (plus, equals) == ("+", "=")
    np.testing.assert_allclose(np.add(before["rows"], this["rows"]), total["rows"])


def test_a_first_gradient_has_no_sum():
    assert len(of_kind(sheet(diamond(), 2), "equation")) == 1


def test_what_broadcasting_has_repeated_is_shown_before_and_after_adding_up():
    b = Tensor([1.0, 2.0], autograd=True)
    x = Tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    told = sheet(snapshot(x + b, names={"b": b, "x": x}), 1)
    items = of_kind(told, "equation")[0]["items"]
    assert "added up" in items
    assert items[-1]["rows"] == [[3.0, 3.0]]


def test_the_beginning_explains_what_a_gradient_is():
    told = sheet(diamond(), 0)
    assert of_kind(told, "table")[0]["rows"] == [[1.0, 1.0]]
    assert "grows by half" in of_kind(told, "text")[0]["text"]


def test_a_parameter_is_told_to_be_the_end():
    told = sheet(SeedNetwork().graph, 19)
    assert of_kind(told, "text")[-1]["text"].startswith("`Layer 1 weight` is a parameter")


def test_a_leaf_of_no_layer_is_not_said_to_be_trained():
    target = Tensor([1.0], autograd=True)
    told = sheet(snapshot(target * 2, {"target": target}), 1)
    assert of_kind(told, "text")[-1]["text"].startswith(
        "`target` was made of nothing, so this gradient goes no further. If an optimizer has"
    )


def test_an_input_without_gradient_is_told():
    x, w = Tensor([2.0]), Tensor([3.0], autograd=True)
    h = w * x
    told = sheet(snapshot(h.tanh() * x, names={"x": x, "w": w, "h": h}), 1)
    assert of_kind(told, "text")[-1]["text"] == (
        "`x`, from which the result of `mul` was made too, takes no gradient."
    )


def test_forward_shows_inputs_and_result():
    told = sheet(SeedNetwork().graph, 0, forward=True)
    assert of_kind(told, "formula")[0]["text"] == "y = a · b"
    signs = [item for item in of_kind(told, "equation")[0]["items"] if isinstance(item, str)]
    assert signs == ["·", "="]


@pytest.mark.parametrize("forward", [False, True])
def test_a_graph_with_an_unknown_operation_has_a_sheet_for_every_step(forward):
    graph = unknown()
    walk = (walk_forward if forward else walk_backward)(graph)
    words = Words(walk)
    for index in range(len(walk.steps)):
        assert blocks(words, index)


def test_there_is_no_sheet_where_there_are_no_numbers():
    x = Tensor([1.0], autograd=True)
    y = x.tanh()
    x.data = np.array([2.0])
    assert sheet(snapshot(y), 0) == []
