"""What the inspector tells of a tensor: its numbers, its rule, where its gradient came from."""

from __future__ import annotations

import numpy as np
import pytest

from gradwidgets.core import Tensor
from gradwidgets.core.ops import OPS, find_op
from gradwidgets.engine.graph.snapshot import Graph, snapshot
from gradwidgets.views.graph import inspector
from gradwidgets.views.kit import numbers
from tests.core.cases import all_cases
from tests.views.support import Half, graph_of_step


def by_name(graph: Graph, name: str) -> int:
    return next(node.index for node in graph.nodes if node.name == name)


def of_kind(blocks: list[dict], kind: str) -> list[dict]:
    return [block for block in blocks if block["kind"] == kind]


def facts(blocks: list[dict]) -> dict[str, str]:
    return {name: value for block in of_kind(blocks, "facts") for name, value in block["pairs"]}


def words(blocks: list[dict]) -> str:
    return "\n".join(block["text"] for block in blocks if "text" in block)


def below(blocks: list[dict], title: str) -> list[dict]:
    """Return the blocks between a title and the next one."""
    texts = [block["text"] if block["kind"] == "title" else None for block in blocks]
    start = texts.index(title) + 1
    stop = next((i for i in range(start, len(texts)) if texts[i] is not None), len(texts))
    return blocks[start:stop]


@pytest.fixture(scope="module")
def diamond():
    h = Tensor([[0.3, -0.7], [1.1, 0.2]], autograd=True)
    y = h.sigmoid() * h
    total = y.sum(0).sum(0)
    total.backward()
    return snapshot(total, {"h": h, "y": y, "total": total})


def test_a_parameter_of_a_model_is_told_with_its_layer_and_place():
    graph = graph_of_step()
    told = inspector.blocks(graph, by_name(graph, "Layer 1 weight"))
    assert told[0] == {"kind": "title", "text": "`Layer 1 weight`"}
    assert facts(told)["kind"] == "parameter"
    assert facts(told)["layer"] == "Layer 1"
    assert facts(told)["in the model"] == "0.weight"
    assert facts(told)["type of number"] == "float64"
    assert "made by" not in facts(told)
    assert "It was made by no operation" in words(told)


def test_values_and_gradient_are_tables_with_statistics():
    x = Tensor([0.0, 2.0, -1.0, 0.0], autograd=True)
    y = (x * [1.0, 2.0, 3.0, 0.0]).sum(0)
    y.backward()
    graph = snapshot(y, {"x": x})
    told = inspector.blocks(graph, by_name(graph, "x"))
    values, gradient = below(told, "Values"), below(told, "Gradient")
    assert values[0]["rows"] == [[0.0, 2.0, -1.0, 0.0]]
    assert facts(values) == {
        "min, mean, max": "−1.00  +0.25  +2.00",
        "standard deviation": numbers.cell(np.std([0, 2, -1, 0])).lstrip("+"),
        "zeros": "2 of 4",
    }
    assert gradient[0]["rows"] == [[1.0, 2.0, 3.0, 0.0]]
    assert gradient[0]["scale"] == "gradient"
    assert facts(gradient) == {
        "min, mean, max": "0  +1.50  +3.00",
        "root mean square": numbers.cell(np.sqrt(14 / 4)).lstrip("+"),
        "zeros": "1 of 4",
    }


def test_what_is_no_number_is_counted():
    graph = snapshot(Tensor([np.nan, 1.0, np.inf, -np.inf]))
    told = facts(below(inspector.blocks(graph, 0), "Values"))
    assert (told["not a number"], told["infinite"]) == ("1 of 4", "2 of 4")


def test_a_single_number_has_no_statistics():
    graph = snapshot(Tensor(3.0, autograd=True))
    assert [block["kind"] for block in below(inspector.blocks(graph, 0), "Values")] == ["table"]


def test_a_gradient_that_is_missing_is_told_apart_from_one_that_comes():
    x, w = Tensor([1.0]), Tensor([2.0], autograd=True)
    graph = snapshot(x * w, {"x": x, "w": w})
    (taken,) = below(inspector.blocks(graph, by_name(graph, "x")), "Gradient")[:1]
    (coming,) = below(inspector.blocks(graph, by_name(graph, "w")), "Gradient")[:1]
    assert taken["text"].startswith("This tensor takes no gradient")
    assert coming["text"] == "Not computed yet. That is not zero: backward has not come here."


def test_each_user_of_a_tensor_has_a_line_and_they_add_up(diamond):
    told = below(inspector.blocks(diamond, by_name(diamond, "h")), "Where its gradient came from")
    h = diamond.nodes[by_name(diamond, "h")]
    sigmoid = 1 / (1 + np.exp(-h.data))
    parts = [sigmoid * (1 - sigmoid) * h.data, sigmoid]
    lines, added, equation = told[0]["lines"], told[1], told[2]
    assert lines == [
        f"from the result of `sigmoid`: {', '.join(numbers.cells(parts[0]))}",
        f"from `y`, through `mul`: {', '.join(numbers.cells(parts[1]))}",
    ]
    assert added["text"] == "Added up, these are its gradient."
    first, plus, second, equals, whole = equation["items"]
    assert (plus, equals) == ("+", "=")
    np.testing.assert_allclose(first["rows"], parts[0])
    np.testing.assert_allclose(second["rows"], parts[1])
    np.testing.assert_allclose(whole["rows"], h.grad)


def test_one_user_gives_the_whole_gradient(diamond):
    told = inspector.blocks(diamond, by_name(diamond, "y"))
    assert "This is its whole gradient." in words(told)
    assert not of_kind(told, "equation")


def test_the_result_says_that_its_gradient_is_given(diamond):
    told = inspector.blocks(diamond, by_name(diamond, "total"))
    assert "This is the result, where backward begins" in words(told)


def test_a_gradient_that_is_not_the_sum_is_said_to_differ():
    x = Tensor([1.0, 2.0], autograd=True)
    y = (x * x).sum(0)
    y.backward()
    x.grad.data[0] = 7.0
    graph = snapshot(y, {"x": x})
    (trouble,) = [block for block in inspector.blocks(graph, by_name(graph, "x"))
                  if block.get("tone") == "trouble"]  # fmt: skip
    assert trouble["text"].startswith(
        "Added up, these are +2.00, +4.00, but its gradient holds +7.00, +4.00."
    )


def test_a_user_whose_turn_comes_is_told_as_such():
    x = Tensor([1.0, 2.0], autograd=True)
    graph = snapshot(x.tanh().sum(0), {"x": x})
    told = below(inspector.blocks(graph, by_name(graph, "x")), "Where its gradient came from")
    assert told[0] == {"kind": "lines", "lines": ["from the result of `tanh`: not yet"]}
    assert "Added up" not in words(told)


def test_of_many_users_the_first_are_told():
    x = Tensor([1.0, 2.0], autograd=True)
    total = x.tanh()
    for _ in range(19):
        total = total + x.tanh()
    total.sum(0).backward()
    graph = snapshot(total, {"x": x})
    told = below(inspector.blocks(graph, by_name(graph, "x")), "Where its gradient came from")
    assert len(told[0]["lines"]) == 13 and told[0]["lines"][-1] == "…"
    assert told[1]["text"] == "Added up, these are its gradient."
    assert not of_kind(told, "equation")  # twenty tables would not fit


CASES = {name: (function, arrays) for name, function, arrays in reversed(list(all_cases()))}


@pytest.mark.parametrize("name", CASES)
def test_every_operation_is_told_with_its_rule_and_the_reason(name):
    function, arrays = CASES[name]
    made = function(*[Tensor(array, autograd=True) for array in arrays])
    graph = snapshot(made)
    op, _ = find_op(graph.nodes[graph.root].op)
    told = below(inspector.blocks(graph, graph.root), "How it was made, and what it hands on")
    formula, reason, letters = told[:3]
    lines = formula["text"].splitlines()
    assert lines[0].startswith("y = ")
    assert [line.split(" receives ")[0] for line in lines[1:]] == [
        letter for letter, rule in zip(op.inputs, op.rules, strict=True) if rule
    ]
    assert reason["text"] == op.reason
    assert letters["text"].startswith("y is this tensor, g its gradient, ")
    assert all(f"{letter} is " in letters["text"] for letter in op.inputs[: len(arrays)])


def test_the_cases_are_of_all_operations():
    assert set(CASES) == set(OPS)


def test_an_unknown_operation_is_said_to_be_unknown():
    x = Half([1.0, 2.0])
    graph = snapshot(Half([2.0, 4.0], x, creation_op="double", grad=[1.0, 1.0]))
    told = words(inspector.blocks(graph, 1))
    assert "No rule is known for `double`" in told
    (lines,) = of_kind(inspector.blocks(graph, 0), "lines")
    assert lines["lines"] == ["from the result of `double`: no rule is known"]


def test_what_is_odd_in_a_learners_class_is_said():
    graph = snapshot(Half("abc"))
    told = inspector.blocks(graph, 0)
    assert {"kind": "text", "text": "Data holds no numbers.", "tone": "trouble"} in told
    assert below(told, "Values")[0]["text"] == "This tensor holds no numbers."


def test_links_lead_to_what_it_was_made_of_and_to_its_users(diamond):
    told = of_kind(inspector.blocks(diamond, by_name(diamond, "h")), "links")
    assert [(link["label"], [item["text"] for item in link["items"]]) for link in told] == [
        ("Used by", ["sigmoid (2)", "y"])
    ]
    made_of = of_kind(inspector.blocks(diamond, by_name(diamond, "y")), "links")[0]
    assert [item["node"] for item in made_of["items"]] == [1, 0]


def test_links_lead_to_the_others_in_its_box(diamond):
    (link,) = [block for block in inspector.blocks(diamond, 0, beside=(0, 1, 2))
               if block.get("label") == "In the same box"]  # fmt: skip
    assert [item["node"] for item in link["items"]] == [1, 2]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"),
        ('"]; evil', '"]; evil'),
        ("`code`", "'code'"),  # backticks mark names
        ("w" * 10_000, "w" * 39 + "…"),
        ("two\nlines", "two lines"),
    ],
)
def test_names_stay_names(name, shown):
    x = Tensor([1.0], autograd=True)
    y = x.tanh()
    graph = snapshot(y, {name: x})
    assert inspector.blocks(graph, 0)[0]["text"] == f"`{shown}`"
    made = inspector.blocks(graph, 1)
    assert of_kind(made, "links")[0]["items"] == [{"node": 0, "text": shown}]
    assert f"x is `{shown}`" in words(made)
