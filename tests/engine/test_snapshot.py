"""Any tensor graph becomes plain nodes, and what is missing is said."""
from __future__ import annotations

import itertools

import numpy as np
import pytest

from gradwidgets.core import Linear, MSELoss, Sequential, Tanh, Tensor
from gradwidgets.engine.graph import snapshot as snapshot_module
from gradwidgets.engine.graph.snapshot import snapshot, tensors_in
from tests.engine.half_finished import Answering, Bare, Hostile, Inventing, Raising, Unreadable
from tests.engine.textbook import TextbookTensor


def network():
    model = Sequential([Linear(2, 3), Tanh(), Linear(3, 1)])
    x, y = Tensor(np.ones((4, 2))), Tensor(np.zeros((4, 1)))
    prediction = model.forward(x)
    loss = MSELoss().forward(prediction, y)
    first, second = model.layers[0], model.layers[2]
    names = {"input": x, "target": y, "prediction": prediction, "loss": loss,
             "Layer 1 weight": first.weight}
    groups = {"Layer 1": [first.weight, first.bias], "Output": [second.weight, second.bias],
              "Loss": [y]}
    return model, loss, names, groups


def test_nodes_come_after_their_creators_and_carry_copies():
    model, loss, names, groups = network()
    loss.backward()
    graph = snapshot(loss, names, groups, model.get_parameters())
    assert graph.root == len(graph.nodes) - 1 == graph.nodes[graph.root].index
    assert [node.index for node in graph.nodes] == list(range(len(graph.nodes)))
    assert all(creator < node.index for node in graph.nodes for creator in node.creators)
    weight = model.layers[0].weight
    node = next(node for node in graph.nodes if node.name == "Layer 1 weight")
    data, grad = weight.data.copy(), weight.grad.data.copy()
    weight.data += 1
    weight.grad.data[...] = 0
    assert np.array_equal(node.data, data) and np.array_equal(node.grad, grad)
    assert node.shape == (2, 3) and node.op is None and node.note == ""


def test_kinds_ops_and_groups():
    model, loss, names, groups = network()
    graph = snapshot(loss, names, groups, model.get_parameters())
    found = [(node.op, node.kind, node.group) for node in graph.nodes]
    assert found == [
        (None, "input", None), (None, "parameter", "Layer 1"),
        ("mm", "intermediate", "Layer 1"), (None, "parameter", "Layer 1"),
        ("add", "intermediate", "Layer 1"), ("tanh", "intermediate", "Layer 1"),
        (None, "parameter", "Output"), ("mm", "intermediate", "Output"),
        (None, "parameter", "Output"), ("add", "intermediate", "Output"),
        (None, "input", "Loss"), ("sub", "intermediate", "Loss"),
        ("mul", "intermediate", "Loss"), ("sum_0", "result", "Loss")]
    assert [node.autograd for node in graph.nodes if node.name in ("input", "target")] == [
        False, False]


def test_a_gradient_that_is_not_computed_is_none():
    _, loss, names, groups = network()
    assert all(node.grad is None for node in snapshot(loss, names, groups).nodes)


def test_x_times_x_has_two_edges():
    x = Tensor([3.0], autograd=True)
    graph = snapshot(x * x)
    assert [node.creators for node in graph.nodes] == [(), (0, 0)]


def test_a_shared_tensor_is_one_node():
    x = Tensor([0.3], autograd=True)
    h = x.tanh()
    graph = snapshot(h.sigmoid() * h)
    assert [node.op for node in graph.nodes] == [None, "tanh", "sigmoid", "mul"]
    assert graph.nodes[3].creators == (2, 1)


def test_topology_changes_with_structure_and_not_with_numbers():
    model, loss, names, groups = network()
    before = snapshot(loss, names, groups, model.get_parameters()).topology
    loss.backward()
    model.layers[0].weight.data += 1
    assert snapshot(loss, names, groups, model.get_parameters()).topology == before
    assert snapshot(loss, names, {}, model.get_parameters()).topology != before
    assert snapshot(loss, {}, groups, model.get_parameters()).topology != before
    assert hash(before) == hash(snapshot(loss, names, groups, model.get_parameters()).topology)


def test_a_long_chain_needs_no_recursion():
    tensor = Tensor([1.0], autograd=True)
    for _ in range(20000):
        tensor = tensor + 1.0
    graph = snapshot(tensor)
    assert len(graph.nodes) == 40001
    assert graph.nodes[graph.root].data == [20001.0]


def test_textbook_tensors_are_read():
    a = TextbookTensor([1.0, 2.0], autograd=True)
    b = TextbookTensor([3.0, 4.0], autograd=True)
    c = (a + b) * a
    c.backward(TextbookTensor(np.ones(2)))
    graph = snapshot(c)
    assert [node.op for node in graph.nodes] == [None, None, "add", "mul"]
    assert graph.nodes[0].grad.tolist() == [5.0, 8.0]
    assert graph.nodes[0].kind == "parameter"


def test_integers_stay_integers():
    graph = snapshot(TextbookTensor([1, 2]))
    assert graph.nodes[0].data.dtype.kind == "i" and graph.nodes[0].op is None


def test_a_tensor_without_anything_but_data_is_a_leaf():
    node = snapshot(Bare([1.0, 2.0])).nodes[0]
    assert (node.op, node.creators, node.grad, node.note) == (None, (), None, "")
    assert node.shape == (2,) and node.autograd


def test_a_lone_leaf_that_takes_no_gradient_is_an_input():
    node = snapshot(Bare([1.0], autograd=False)).nodes[0]
    assert node.kind == "input" and not node.autograd


@pytest.mark.parametrize("grad", [np.array([7.0]), [7.0], Bare([7.0]), Tensor([7.0])])
def test_a_gradient_may_be_an_array_or_a_tensor(grad):
    assert snapshot(Bare([1.0], grad=grad)).nodes[0].grad.tolist() == [7.0]


class Add:
    pass


def plus():
    pass


@pytest.mark.parametrize("op, text", [("add", "add"), (Add, "Add"), (plus, "plus"), (Add(), "Add"),
                                      (np.str_("mm"), "mm"), (np.tanh, "tanh")])
def test_a_creation_op_may_be_text_a_class_or_a_function(op, text):
    node = snapshot(Bare(creators=[Bare()], creation_op=op)).nodes[1]
    assert node.op == text and node.note == ""


@pytest.mark.parametrize("many", [list, tuple, iter])
def test_creators_may_be_any_sequence(many):
    a, b = Bare([1.0]), Bare([2.0])
    graph = snapshot(Bare(creators=many([a, b]), creation_op="add"))
    assert graph.nodes[2].creators == (0, 1)


@pytest.mark.parametrize("root, note", [
    (Bare(creators=[Bare()]), "creation_op is missing"),
    (Bare(creation_op="add"), "creation_op is add, but creators is missing"),
    (Bare(creation_op="add", creators=None), "creation_op is add, but creators is missing"),
    (Bare(creation_op="neg", creators=Bare()), "creators is a single tensor, not a list"),
    (Bare(creation_op="neg", creators=5), "creators is a int, not a list of tensors; creation_op "
                                          "is neg, but creators is missing"),
    (Bare([1.0, 2.0], grad=np.ones(3)), "grad has shape (3,), but data has (2,)"),
    (Bare(grad="soon"), "grad holds no numbers"),
    (Bare("text"), "data holds no numbers"),
    (Bare(Tensor([1.0])), "data holds no numbers"),
    (Bare([1.0], grad=Bare(None)), "grad holds no numbers"),
    (Bare(None), "not a tensor but a Bare without numbers"),
])
def test_what_is_missing_or_odd_is_said(root, note):
    graph = snapshot(root)
    assert graph.nodes[graph.root].note == note


def test_creators_that_are_no_tensors_are_shown_as_they_are():
    graph = snapshot(Bare(creators=[[1, 3], 2.5, "x", Bare()], creation_op="test"))
    assert [node.note for node in graph.nodes] == [
        "not a tensor but a list", "not a tensor but a float",
        "not a tensor but a str without numbers", "", ""]
    assert graph.nodes[0].data.tolist() == [1, 3] and graph.nodes[1].shape == ()
    assert graph.nodes[2].data is None
    assert [node.kind for node in graph.nodes[:3]] == ["input"] * 3


def test_a_circle_is_told_and_ends():
    a, b = Bare(creation_op="f"), Bare(creation_op="g")
    a.creators, b.creators = [b], [a]
    graph = snapshot(a)
    assert len(graph.nodes) == 2
    assert "runs in a circle" in graph.nodes[0].note
    itself = Bare(creation_op="f")
    itself.creators = [itself]
    assert "runs in a circle" in snapshot(itself).nodes[0].note


def test_the_first_of_two_names_holds():
    x = Tensor([1.0])
    assert snapshot(x, {"input": x, "prediction": x}).nodes[0].name == "input"


def test_a_parameter_carries_its_path():
    w = Bare([1.0])
    assert snapshot(w, {"Layer 1 weight": w}, paths={"0.weight": w}).nodes[0].path == "0.weight"
    assert snapshot(w).nodes[0].path is None


def test_gradients_in_the_same_memory_are_told():
    shared, own = np.ones(2), np.ones(2)
    a, b, c = Bare([1.0, 2.0], grad=shared), Bare([1.0, 2.0], grad=Bare(shared)), Bare([3.0])
    d = Bare([2.0, 4.0], grad=own, creators=[a, b, c], creation_op="add")
    assert [node.shares for node in snapshot(d).nodes] == [(1,), (0,), (), ()]


def test_a_view_shares_memory_but_two_pieces_of_one_array_do_not():
    whole = np.ones((2, 2))
    a, b = Bare([1.0], grad=whole), Bare([1.0], grad=whole.T)
    assert [node.shares for node in snapshot(
        Bare([2.0], creators=[a, b], creation_op="add")).nodes] == [(1,), (0,), ()]
    a, b = Bare([1.0], grad=whole[0]), Bare([1.0], grad=whole[1])
    assert [node.shares for node in snapshot(
        Bare([2.0], creators=[a, b], creation_op="add")).nodes] == [(), (), ()]


def test_the_seeds_add_gives_both_summands_one_gradient():
    a, b = TextbookTensor([1.0, 2.0], autograd=True), TextbookTensor([3.0, 4.0], autograd=True)
    c = a + b
    c.backward(TextbookTensor([1.0, 1.0]))
    assert [node.shares for node in snapshot(c).nodes] == [(1, 2), (0, 2), (0, 1)]


def test_a_long_sum_that_shares_one_gradient_stays_cheap():
    x = y = Tensor([1.0], autograd=True)
    for _ in range(5000):
        y = y + 1
    y.backward()
    assert max(len(node.shares) for node in snapshot(y).nodes) <= 40
    assert x.grad.item() == 1


def test_tensors_come_in_the_order_of_the_nodes():
    x = Tensor([1.0], autograd=True)
    h = x.tanh()
    y = h * x
    assert [id(tensor) for tensor in tensors_in(y)] == [id(x), id(h), id(y)]


class Wordless(str):
    def __str__(self):
        raise ValueError


class Nameless:
    @property
    def __name__(self):
        raise ValueError


def test_data_that_cannot_be_read_is_said():
    node = snapshot(Unreadable()).nodes[0]
    assert (node.data, node.grad, node.note) == (None, None, "data holds no numbers")


def test_special_methods_of_a_tensor_are_never_asked():
    a, b = Hostile([1.0, 2.0]), Hostile([3.0, 4.0])
    graph = snapshot(Hostile([4.0, 6.0], creators=[a, b], creation_op="add", grad=Hostile([1.0])))
    assert [node.creators for node in graph.nodes] == [(), (), (0, 1)]
    assert graph.nodes[2].grad.tolist() == [1.0]


def test_a_class_that_answers_none_to_everything_is_a_leaf():
    assert [node.op for node in snapshot(Answering(creators=[Answering()])).nodes] == [None, "?"]


def test_a_class_that_invents_its_creators_has_an_end(monkeypatch):
    monkeypatch.setattr(snapshot_module, "MOST_TENSORS", 50)
    graph = snapshot(Inventing(None))
    assert len(graph.nodes) == 51
    assert graph.nodes[0].note.startswith("the graph goes on: only 50 tensors are shown")
    endless = snapshot(Bare(creators=itertools.count(), creation_op="neg"))
    assert "the graph goes on" in endless.nodes[0].note


@pytest.mark.parametrize("op, text", [(Wordless("neg"), "neg"), (Nameless(), "Nameless"),
                                      (np.array([1, 2]), "ndarray"), ("", "?")],
                         ids=["word", "object", "array", "empty"])
def test_an_odd_creation_op_is_written_somehow(op, text):
    assert snapshot(Bare(creators=[Bare()], creation_op=op)).nodes[1].op == text


def test_an_empty_creation_op_is_that_of_a_leaf():
    node = snapshot(Bare(creators=(), creation_op="")).nodes[0]
    assert (node.op, node.note) == (None, "")


def test_a_flag_that_is_neither_true_nor_false_counts_as_true():
    assert snapshot(Bare(autograd=np.array([True, False]))).nodes[0].autograd


def test_attributes_that_raise_count_as_missing():
    node = snapshot(Raising()).nodes[0]
    assert (node.data.tolist(), node.grad, node.creators, node.op) == ([1, 1], None, (), None)
