"""What stands in the graph: boxes, edges, numbers and words, before they get their places."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from gradwidgets.core import Tensor
from gradwidgets.engine.graph.snapshot import Graph, snapshot
from gradwidgets.views.graph.drawing.scene import DETAILS, FULL, Scene, build_scene, scene_texts
from gradwidgets.views.kit import numbers
from tests.engine.textbook import TextbookTensor
from tests.views.support import Half, graph_of_step

TWO_LAYERS = {"layers": ((4, "Tanh"), (3, "ReLU"))}


def words(graph: Graph, scene: Scene) -> dict[tuple[int, str], list[str]]:
    """Return the texts of every block by node and part: its cells, and then its one word."""
    texts = scene_texts(graph, scene)
    blocks = [block for box in scene.boxes for block in box.blocks]
    return {
        source: texts[block.first : block.first + block.count]
        for source, block in zip(scene.sources, blocks, strict=True)
    }


def texts_of(tensor: object, part: str = "data", detail: str = "operations") -> list[str]:
    """Return the texts of the root's block."""
    graph = snapshot(tensor)
    return words(graph, build_scene(graph, detail))[graph.root, part]


def titles(box: object, kind: str) -> list[str]:
    return [text for _, _, css_class, text in box.titles if css_class == kind]


def check_counts(graph: Graph, scene: Scene) -> None:
    """Hold the texts to their cells: as many, in their order, none of them twice."""
    blocks = [block for box in scene.boxes for block in box.blocks]
    place = 0
    for block in blocks:
        assert block.first == place
        place += block.count
    assert scene.count == place == len(scene_texts(graph, scene))


@pytest.mark.parametrize("detail", DETAILS)
@pytest.mark.parametrize(
    "changes",
    [
        {},
        TWO_LAYERS,
        {"layers": ()},
        {"layers": ((64, "LeakyReLU"),), "batch_size": 500},
        {"output_activation": "Sigmoid", "loss": "BCELoss"},
        {"output_activation": "Softmax", "loss": "CrossEntropyLoss"},
        {"batch_size": 1},
    ],
)
def test_every_cell_has_a_text(changes, detail):
    graph = graph_of_step(**changes)
    check_counts(graph, build_scene(graph, detail))


def test_operations_have_a_box_for_every_node_and_an_edge_for_every_creator():
    graph = graph_of_step(**TWO_LAYERS)
    scene = build_scene(graph, "operations")
    assert [box.name for box in scene.boxes] == [f"n{node.index}" for node in graph.nodes]
    assert [(edge.tail, edge.head) for edge in scene.edges] == [
        (f"n{creator}", f"n{node.index}") for node in graph.nodes for creator in node.creators
    ]


def test_a_tensor_times_itself_has_two_edges():
    x = Tensor([1.0, 2.0], autograd=True)
    scene = build_scene(snapshot(x * x), "operations")
    assert [(edge.tail, edge.head) for edge in scene.edges] == [("n0", "n1"), ("n0", "n1")]
    assert scene.boxes[1].badge == "×"
    assert "Made by mul of parameter, parameter." in scene.boxes[1].says


def test_layers_fold_into_one_box_each_under_the_builders_names():
    graph = graph_of_step(**TWO_LAYERS)
    scene = build_scene(graph, "layers")
    headings = [titles(box, "gw-heading") for box in scene.boxes]
    assert sorted(sum(headings, [])) == ["Layer 1", "Layer 2", "Layer 3", "Loss"]
    rows = {tuple(heading): titles(box, "gw-title")
            for heading, box in zip(headings, scene.boxes, strict=True)}  # fmt: skip
    assert rows == {
        (): ["input"],
        ("Layer 1",): ["weight", "bias", "output"],
        ("Layer 2",): ["weight", "bias", "output"],
        ("Layer 3",): ["weight", "bias", "prediction"],
        ("Loss",): ["target", "loss"],
    }


def test_edges_between_layers_carry_the_shape_that_flows():
    scene = build_scene(graph_of_step(**TWO_LAYERS), "layers")
    heading = {box.name: (titles(box, "gw-heading") or titles(box, "gw-title"))[0]
               for box in scene.boxes}  # fmt: skip
    flows = {(heading[edge.tail], heading[edge.head]): edge.label for edge in scene.edges}
    assert flows == {
        ("input", "Layer 1"): "10×2",
        ("Layer 1", "Layer 2"): "10×4",
        ("Layer 2", "Layer 3"): "10×3",
        ("Layer 3", "Loss"): "10×1",
    }


def test_layers_say_which_operations_they_hold():
    boxes = build_scene(graph_of_step(), "layers").boxes
    first = next(box for box in boxes if titles(box, "gw-heading") == ["Layer 1"])
    assert titles(first, "gw-signs") == ["@ + tanh"]
    assert first.says == "Layer 1. Operations: @ + tanh."


def test_a_tensor_outside_all_layers_keeps_the_name_of_its_operation():
    x = Tensor([1.0, 2.0], autograd=True)
    boxes = build_scene(snapshot(x.tanh()), "layers").boxes
    assert [titles(box, "gw-title") for box in boxes] == [["parameter"], ["tanh"]]


def test_a_parameter_that_was_computed_is_shown_with_its_layer():
    """As in `weight = Tensor(numbers) * scale`, which textbook code does."""
    raw, scale, x = Half([[1.0, 2.0]]), Half(0.1), Half([[3.0]])
    weight = Half([[0.1, 0.2]], raw, scale, creation_op="mul")
    result = Half([[0.3, 0.6]], x, weight, creation_op="mm")
    graph = snapshot(result, {"Layer 1 weight": weight}, {"Layer 1": [weight]}, [weight])
    box = next(box for box in build_scene(graph, "layers").boxes if box.name == "g0")
    assert titles(box, "gw-title") == ["weight", "output"]


@pytest.mark.parametrize("shape", [(), (1,), (5,), (16,), (1, 7), (7, 1), (4, 4), (2, 8), (1, 1)])
def test_up_to_sixteen_numbers_are_shown_in_full(shape):
    values = np.linspace(-1, 2, int(np.prod(shape))).reshape(shape)
    *cells, word = texts_of(Half(values))
    assert cells[: values.size] == numbers.cells(values)
    assert set(cells[values.size :]) <= {""}
    assert word == ""


@pytest.mark.parametrize("shape", [(17,), (3, 6), (1, 20), (2, 2, 2), (1, 1, 1)])
def test_other_arrays_are_shown_as_least_mean_and_greatest(shape):
    values = np.arange(np.prod(shape), dtype=float).reshape(shape) - 3
    assert texts_of(Half(values)) == [
        "↓" + numbers.cell(values.min()),
        "ø" + numbers.cell(values.mean()),
        "↑" + numbers.cell(values.max()),
        "",
    ]
    assert values.size > FULL or len(shape) > 2


@pytest.mark.parametrize(
    ("shape", "table"),
    [((), (1, 1)), ((3,), (1, 3)), ((7,), (2, 4)), ((7, 1), (2, 4)), ((2, 8), (2, 8)),
     ((3, 5), (3, 5)), ((100,), (1, 3))],
)  # fmt: skip
def test_vectors_are_wrapped_and_matrices_keep_their_rows(shape, table):
    block = build_scene(snapshot(Half(np.ones(shape))), "operations").boxes[0].blocks[0]
    assert (block.rows, block.columns) == table


def test_a_gradient_that_is_not_computed_is_not_a_zero():
    x = Tensor([1.0, 2.0], autograd=True)
    assert texts_of(x, "gradient") == ["", "", "not yet"]
    x.sum().backward()
    x.grad.data *= 0
    assert texts_of(x, "gradient") == ["0", "0", ""]


def test_a_tensor_without_gradient_says_so():
    assert texts_of(Tensor([1.0, 2.0]), "gradient") == ["", "no gradient"]
    assert texts_of(Half(1.0, autograd=False), "gradient") == ["", "no gradient"]


def test_gradients_are_shown_with_their_signs():
    x = Tensor([1.0, -2.0], autograd=True)
    (x * x).sum().backward()
    assert texts_of(x, "gradient") == ["+2.00", "−4.00", ""]


HALVES = {
    "nothing but data": Half([1.0, 2.0]),
    "a plain number": Half(3),
    "empty": Half(np.zeros((0, 4))),
    "empty, with a gradient": Half(np.zeros((0, 4)), grad=np.zeros((0, 4))),
    "three dimensions": Half(np.ones((2, 3, 4)), grad=np.ones((2, 3, 4))),
    "object dtype": Half(np.array([1, None], dtype=object)),
    "texts": Half("no numbers at all"),
    "ragged": Half([[1, 2], [3]]),
    "complex": Half(np.array([1j, 2])),
    "no data": Half(None),
    "gradient is an object array": Half([1.0], grad=np.array([None], dtype=object)),
    "gradient is a tensor": Half([1.0, 2.0], grad=Half([3.0, 4.0])),
    "gradient too long for a number": Half(1.0, grad=np.ones(4)),
    "gradient too long for two": Half([1.0, 2.0], grad=np.ones((2, 2))),
    "gradient much too long": Half(np.ones((2, 2)), grad=np.ones((30, 30))),
    "gradient too short": Half(np.ones((2, 2)), grad=np.float64(1)),
    "gradient without data": Half(None, grad=np.ones(2)),
    "infinities": Half(np.array([np.inf, -np.inf] * 9), grad=np.array([np.nan] * 18)),
    "a sum too large": Half(np.full(18, 1e308)),
    "booleans": Half(np.array([True, False])),
    "no creation_op": Half([1.0], Half([1.0])),
    "an unknown creation_op": Half([1.0], Half([1.0]), creation_op="my_own_operation"),
    "creation_op is a function": Half([1.0], Half([1.0]), creation_op=np.tanh),
    "a creator that is no tensor": Half([1.0], 2.0, creation_op="mul"),
    "textbook": TextbookTensor([1, 2], autograd=True) + TextbookTensor([3, 4], autograd=True),
}


@pytest.mark.parametrize("detail", DETAILS)
@pytest.mark.parametrize("tensor", HALVES.values(), ids=HALVES.keys())
def test_half_finished_tensors_have_a_text_for_every_cell(tensor, detail):
    graph = snapshot(tensor)
    scene = build_scene(graph, detail)
    check_counts(graph, scene)
    assert len(scene.boxes) == len(graph.nodes)


@pytest.mark.parametrize(
    ("tensor", "part", "shown"),
    [
        ("empty", "data", ["", "", "", "no numbers"]),
        ("empty", "gradient", ["", "", "", "not yet"]),
        ("empty, with a gradient", "gradient", ["", "", "", "no numbers"]),
        ("object dtype", "data", ["", "", "", "no numbers"]),
        ("no data", "data", ["", "", "", "no numbers"]),
        ("gradient is a tensor", "gradient", ["+3.00", "+4.00", ""]),
        ("gradient too long for a number", "gradient", ["", "shape 4"]),
        ("gradient too long for two", "gradient", ["", "", "shape 2×2"]),
        ("gradient much too long", "gradient", ["↓+1.00", "ø+1.00", "↑+1.00", "", ""]),
        ("gradient too short", "gradient", ["+1.00", "", "", "", ""]),
        ("infinities", "data", ["↓−inf", "ønan", "↑+inf", ""]),
        ("infinities", "gradient", ["↓nan", "ønan", "↑nan", ""]),
        ("booleans", "data", ["+1.00", "0", ""]),
    ],
)
def test_what_half_finished_tensors_show(tensor, part, shown):
    assert texts_of(HALVES[tensor], part) == shown


def test_what_is_odd_is_said_in_words():
    scene = build_scene(snapshot(HALVES["gradient too long for a number"]), "operations")
    assert "grad has shape (4,), but data has ()" in scene.boxes[0].says


def test_an_unknown_operation_is_drawn_under_its_own_name():
    scene = build_scene(snapshot(HALVES["an unknown creation_op"]), "operations")
    assert scene.boxes[-1].badge == "my_own_operation"


def test_a_chain_of_four_hundred_operations_becomes_a_scene():
    x = Tensor([1.0], autograd=True)
    for _ in range(400):
        x = x + 1
    scene = build_scene(snapshot(x), "operations")
    assert len(scene.edges) == 800


SHAPES = arrays.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=6)
NUMBERS = st.one_of(st.none(), SHAPES.map(np.ones), SHAPES.map(lambda s: np.ones(s, dtype=int)))


@st.composite
def halves(draw):
    """Draw a graph of tensors of a half-finished class, with anything for data and gradient."""
    tensors: list[Half] = []
    for _ in range(draw(st.integers(1, 6))):
        creators = draw(st.lists(st.sampled_from(tensors), max_size=3)) if tensors else []
        given = {"data": NUMBERS, "grad": NUMBERS, "autograd": st.booleans(),
                 "creation_op": st.sampled_from([None, "mul", "sum_0", "my own", ""])}  # fmt: skip
        attributes = draw(st.fixed_dictionaries({}, optional=given))
        tensors.append(Half(attributes.pop("data", None), *creators, **attributes))
    return tensors


@settings(max_examples=60)
@given(halves(), st.sampled_from(DETAILS), st.data())
def test_any_graph_has_a_text_for_every_cell_and_a_box_for_every_tensor(tensors, detail, data):
    start = data.draw(st.lists(st.sampled_from(tensors), max_size=2, unique_by=id))
    graph = snapshot(tensors[-1], groups={f"Layer {i}": [t] for i, t in enumerate(start)})
    scene = build_scene(graph, detail)
    check_counts(graph, scene)
    if detail != "layers":
        assert len(scene.boxes) == len(graph.nodes)
    known = {box.name for box in scene.boxes}
    assert {end for edge in scene.edges for end in (edge.tail, edge.head)} <= known
