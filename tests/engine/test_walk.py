"""A walk shows what `backward` does, step by step, and changes nothing."""
from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from gradwidgets.core import SGD, Linear, MSELoss, Sequential, Sigmoid, Tanh, Tensor
from gradwidgets.core.backward import unbroadcast
from gradwidgets.core.ops import OPS, Op, find_op
from gradwidgets.engine.graph.snapshot import Graph, snapshot, tensors_in
from gradwidgets.engine.walk.build import walk_backward, walk_both, walk_forward
from gradwidgets.engine.walk.formula import Part
from gradwidgets.engine.walk.step import Step
from gradwidgets.engine.walk.walk import Walk
from tests.core.cases import all_cases, case_name
from tests.core.numeric import measured_gradient
from tests.core.test_random_graphs import build, recipes
from tests.engine.textbook import TextbookTensor

every_case = pytest.mark.parametrize("name, function, arrays", list(all_cases()), ids=case_name)


class Bare:
    """A half-finished tensor: it has what it is given, and nothing else."""

    def __init__(self, data=None, **attributes):
        if data is not None:
            self.data = np.array(data)
        self.__dict__.update(attributes)


def network():
    """Return the seed's step 10: 2-3-1, tanh and sigmoid, and a target that is the second input."""
    rng = np.random.default_rng(0)
    data = Tensor([[0, 0], [0, 1], [1, 0], [1, 1]])
    target = Tensor([[0], [1], [0], [1]])
    model = Sequential([Linear(2, 3, rng=rng), Tanh(), Linear(3, 1, rng=rng), Sigmoid()])
    prediction = model(data)
    loss = MSELoss()(prediction, target)
    first, second = model.layers[0], model.layers[2]
    names = {"data": data, "target": target, "prediction": prediction, "loss": loss,
             "w1": first.weight, "b1": first.bias, "w2": second.weight, "b2": second.bias}
    groups = {"Layer 1": first.parameters, "Output": second.parameters, "Loss": [target]}
    return model, loss, names, groups


def last_totals(walk: Walk) -> dict[int, np.ndarray]:
    return {step.node: step.total for step in walk.steps}


# -- the numbers ---------------------------------------------------------------------------------


@every_case
def test_the_walk_ends_with_the_gradients_that_backward_computes(name, function, arrays) -> None:
    inputs = [Tensor(array, autograd=True) for array in arrays]
    y = function(*inputs)
    g = np.random.default_rng(4).uniform(0.5, 1.5, y.shape)
    walk = walk_backward(snapshot(y), g)
    assert walk.trouble == ""
    y.backward(g)
    totals = last_totals(walk)
    for index, tensor in enumerate(tensors_in(y)):
        if tensor.grad is None:
            assert index not in totals
        else:
            np.testing.assert_array_equal(totals[index], tensor.grad.data)


@every_case
def test_the_walk_agrees_with_central_differences(name, function, arrays) -> None:
    inputs = [Tensor(array, autograd=True) for array in arrays]
    y = function(*inputs)
    g = np.random.default_rng(5).uniform(0.5, 1.5, y.shape)
    totals = last_totals(walk_backward(snapshot(y), g))
    place = {id(tensor): index for index, tensor in enumerate(tensors_in(y))}
    for tensor in inputs:
        expected = measured_gradient(lambda: np.sum(function(*inputs).data * g), tensor.data)
        np.testing.assert_allclose(totals[place[id(tensor)]], expected, rtol=1e-6, atol=1e-8)


@every_case
def test_every_displayed_rule_gives_what_is_handed_on(name, function, arrays) -> None:
    y = function(*[Tensor(array, autograd=True) for array in arrays])
    graph = snapshot(y)
    for step in walk_backward(graph, np.ones(y.shape)).steps[1:]:
        assert step.kind == "pass" and step.rule and step.reason == OPS[name].reason
        made = graph.nodes[step.source]
        op, args = find_op(step.op)
        if (name, args) == ("pow", (0,)):
            assert (step.rule, step.result.any()) == ("g × 0", False)
            continue
        values = [graph.nodes[creator].data for creator in made.creators]
        shown = np.asarray(eval(step.code, op.namespace(np.ones(y.shape), made.data, values, args)))
        np.testing.assert_allclose(unbroadcast(shown, graph.nodes[step.node].shape), step.result,
                                   atol=1e-12)


@given(recipes())
@settings(max_examples=60, derandomize=True)
def test_random_graphs_are_walked_as_backward_runs(recipe) -> None:
    seed, shapes, steps = recipe
    rng = np.random.default_rng(seed)
    loss = build([Tensor(rng.uniform(-1.5, 1.5, shape), autograd=True) for shape in shapes], steps)
    walk = walk_backward(snapshot(loss))
    assert walk.trouble == "" and not any(step.note for step in walk.steps)
    loss.backward()
    totals = last_totals(walk)
    for index, tensor in enumerate(tensors_in(loss)):
        if tensor.grad is not None:
            np.testing.assert_allclose(totals[index], tensor.grad.data, rtol=1e-9, atol=1e-12)
    arrived = {}
    for step in walk.steps:
        arrived[step.node] = arrived.get(step.node, 0) + 1
        assert step.arrived == arrived[step.node] <= step.expected
    assert all(step.arrived == step.expected for step in
               {step.node: step for step in walk.steps}.values())


# -- the seed's network, step by step --------------------------------------------------------------


def test_the_network_of_the_seed_is_walked_from_the_loss_to_the_first_weight() -> None:
    _, loss, names, groups = network()
    walk = walk_backward(snapshot(loss, names, groups))
    told = [(step.op, walk.graph.nodes[step.node].name or walk.graph.nodes[step.node].op,
             step.rule, step.arrived, step.expected, step.summed) for step in walk.steps]
    assert told == [
        (None, "loss", "g", 1, 1, False),
        ("sum_0", "mul", "g, repeated to the shape of x", 1, 1, False),
        ("mul", "sub", "g × b", 1, 2, False),
        ("mul", "sub", "g × a", 2, 2, False),
        ("sub", "prediction", "g", 1, 1, False),
        ("sigmoid", "add", "g × y × (1 − y)", 1, 1, False),
        ("add", "mm", "g", 1, 1, False),
        ("add", "b2", "g", 1, 1, True),
        ("mm", "tanh", "g · bᵀ", 1, 1, False),
        ("mm", "w2", "aᵀ · g", 1, 1, False),
        ("tanh", "add", "g × (1 − y²)", 1, 1, False),
        ("add", "mm", "g", 1, 1, False),
        ("add", "b1", "g", 1, 1, True),
        ("mm", "w1", "aᵀ · g", 1, 1, False),
    ]
    assert walk.sections() == (("Loss", 0, 3), ("Output", 4, 7), ("Layer 1", 8, 8),
                               ("Output", 9, 9), ("Layer 1", 10, 13))


def test_each_number_of_the_seeds_network_follows_from_the_one_before() -> None:
    model, loss, names, groups = network()
    steps = walk_backward(snapshot(loss, names, groups)).steps
    data, target = names["data"].data, names["target"].data
    w2 = model.layers[2].weight.data
    hidden = np.tanh(data @ model.layers[0].weight.data + model.layers[0].bias.data)
    answer = 1 / (1 + np.exp(-(hidden @ w2 + model.layers[2].bias.data)))
    error = answer - target
    slope = 2 * error * answer * (1 - answer)
    back = slope @ w2.T * (1 - hidden**2)
    expected = [[1.0], np.ones((4, 1)), error, error, 2 * error, slope, slope, slope.sum(0),
                slope @ w2.T, hidden.T @ slope, back, back, back.sum(0), data.T @ back]
    for step, value in zip(steps, expected, strict=True):
        np.testing.assert_allclose(step.result, value, rtol=1e-12)
    np.testing.assert_allclose(steps[3].total, 2 * error)
    assert [part.symbol for part in steps[10].parts] == ["g", "1 − y²"]
    np.testing.assert_allclose(steps[10].parts[1].value, 1 - hidden**2)
    np.testing.assert_allclose(steps[12].detail["full"], back)
    assert steps[12].detail["over"] == (0,)


def test_the_letters_of_a_rule_lead_to_the_tensors() -> None:
    _, loss, names, groups = network()
    walk = walk_backward(snapshot(loss, names, groups))
    nodes = walk.graph.nodes
    letters = {letter: nodes[index].name for letter, index in walk.letters(9).items()}
    assert letters == {"y": None, "a": None, "b": "w2"}
    assert [nodes[index].op for index in walk.letters(10).values()] == ["tanh", "add"]
    assert walk.letters(0) == {}


# -- sharing ---------------------------------------------------------------------------------------


def test_a_square_hands_on_twice_to_the_same_tensor() -> None:
    x = Tensor([3.0], autograd=True)
    walk = walk_backward(snapshot(x * x))
    assert [(step.source, step.position, step.node, step.arrived, step.expected)
            for step in walk.steps] == [(None, None, 1, 1, 1), (1, 0, 0, 1, 2), (1, 1, 0, 2, 2)]
    assert [step.total.item() for step in walk.steps] == [1, 3, 6]
    assert [walk.states_at(index)[0] for index in (-1, 0, 1, 2)] == [
        "waiting", "waiting", "now", "now"]


def test_a_diamond_waits_for_both_of_its_gradients() -> None:
    x = Tensor([0.3, -0.7], autograd=True)
    h = x.tanh()
    walk = walk_backward(snapshot(h.sigmoid() * h))
    # x, h = tanh, sigmoid, mul
    assert [(step.source, step.node, f"{step.arrived} of {step.expected}")
            for step in walk.steps] == [
        (None, 3, "1 of 1"), (3, 2, "1 of 1"), (3, 1, "1 of 2"), (2, 1, "2 of 2"),
        (1, 0, "1 of 1")]
    np.testing.assert_allclose(walk.steps[-1].total, [0.589, 0.137], atol=5e-4)
    assert walk.states_at(2) == {0: "waiting", 1: "now", 2: "ready", 3: "done"}
    assert walk.states_at(3) == {0: "waiting", 1: "now", 2: "done", 3: "done"}
    assert walk.states_at(4) == {0: "now", 1: "done", 2: "done", 3: "done"}


def test_a_tensor_with_some_of_its_gradients_is_partial() -> None:
    x = Tensor([2.0], autograd=True)
    walk = walk_backward(snapshot(x + x.exp()))
    states = [walk.states_at(index)[0] for index in range(-1, len(walk.steps))]
    assert states == ["waiting", "waiting", "now", "partial", "now"]


# -- the graph at each step ------------------------------------------------------------------------


def test_the_graph_shows_the_sum_so_far_and_nothing_else() -> None:
    _, loss, names, groups = network()
    loss.backward()
    graph = snapshot(loss, names, groups)
    walk = walk_backward(graph)
    sums = {}
    assert all(node.grad is None for node in walk.graph_at(-1).nodes)
    for index, step in enumerate(walk.steps):
        sums[step.node] = step.total
        at = walk.graph_at(index)
        assert at.topology == graph.topology and at.root == graph.root
        for node in at.nodes:
            assert node.grad is sums.get(node.index)
            assert node.data is graph.nodes[node.index].data
    for node in at.nodes:
        before = graph.nodes[node.index]
        assert (node.grad is None) == (before.grad is None)
        if node.grad is not None:
            np.testing.assert_array_equal(node.grad, before.grad)


def test_states_go_from_waiting_over_now_to_done() -> None:
    _, loss, names, groups = network()
    walk = walk_backward(snapshot(loss, names, groups))
    order = ["waiting", "now", "partial", "ready", "done"]
    histories = [walk.states_at(index) for index in range(-1, len(walk.steps))]
    for node in walk.graph.nodes:
        states = [states[node.index] for states in histories]
        if node.name in ("data", "target"):
            assert set(states) == {"outside"}
            continue
        assert states[0] == "waiting"
        without = [state for state in states if state not in ("now", "partial")]
        assert without == sorted(without, key=order.index)
    assert [step.node for step in walk.steps] == [
        next(index for index, state in states.items() if state == "now")
        for states in histories[1:]]


# -- forward ---------------------------------------------------------------------------------------


def test_the_forward_walk_computes_one_value_after_the_other() -> None:
    _, loss, names, groups = network()
    walk = walk_forward(snapshot(loss, names, groups))
    assert [(step.op, step.rule, [part.symbol for part in step.parts]) for step in walk.steps] == [
        ("mm", "a · b", ["a", "b"]),
        ("add", "a + b", ["a", "b"]),
        ("tanh", "tanh(x)", ["x"]),
        ("mm", "a · b", ["a", "b"]),
        ("add", "a + b", ["a", "b"]),
        ("sigmoid", "1 / (1 + exp(−x))", ["x"]),
        ("sub", "a − b", ["a", "b"]),
        ("mul", "a × b", ["a", "b"]),
        ("sum_0", "Σ x over rows", ["x"]),
    ]
    assert walk.sections() == (("Layer 1", 0, 2), ("Output", 3, 5), ("Loss", 6, 8))
    for index, step in enumerate(walk.steps):
        at = walk.graph_at(index)
        hidden = [node.index for node in at.nodes if node.data is None]
        assert hidden == [later.node for later in walk.steps[index + 1:]]
        assert at.nodes[step.node].data is step.result
        states = walk.states_at(index)
        assert [node for node, state in states.items() if state == "waiting"] == hidden
        assert states[step.node] == "now"
        assert {walk.graph.nodes[node].op for node in walk.letters(index).values()} <= {
            node.op for node in walk.graph.nodes}
    assert all(node.grad is None for node in at.nodes)


@every_case
def test_the_formula_of_a_forward_step_gives_its_value(name, function, arrays) -> None:
    graph = snapshot(function(*[Tensor(array, autograd=True) for array in arrays]))
    *_, step = walk_forward(graph).steps
    op, args = find_op(step.op)
    node = graph.nodes[step.node]
    values = [graph.nodes[creator].data for creator in node.creators]
    shown = eval(step.code, op.namespace(None, node.data, values, args))
    np.testing.assert_allclose(shown, step.result, rtol=1e-9, atol=1e-12)


def test_forward_and_backward_in_one_walk() -> None:
    x = Tensor([0.5], autograd=True)
    walk = walk_both(snapshot((x * x).tanh()))
    assert [step.kind for step in walk.steps] == ["forward", "forward", "start", "pass", "pass",
                                                  "pass"]
    assert walk.states_at(-1) == {0: "done", 1: "waiting", 2: "waiting"}
    assert walk.states_at(0) == {0: "done", 1: "now", 2: "waiting"}
    assert walk.states_at(2) == {0: "waiting", 1: "waiting", 2: "now"}
    assert [node.data is None for node in walk.graph_at(0).nodes] == [False, False, True]
    assert [node.grad is None for node in walk.graph_at(1).nodes] == [True, True, True]
    assert [node.grad is None for node in walk.graph_at(2).nodes] == [True, True, False]
    assert walk.sections() == (("", 0, 1), ("", 2, 5))


# -- it changes nothing ----------------------------------------------------------------------------


def state_of(tensors) -> list:
    return [(tensor.data.tolist(), tensor._grad, tensor._kept, tensor.creation_op)
            for tensor in tensors]


def test_walking_changes_no_tensor_and_no_graph() -> None:
    _, loss, names, groups = network()
    tensors = tensors_in(loss)
    graph = snapshot(loss, names, groups)
    copies = [node.data.copy() for node in graph.nodes]
    before = state_of(tensors)
    walk = walk_both(graph)
    for index in range(len(walk.steps)):
        walk.graph_at(index), walk.states_at(index)
    assert state_of(tensors) == before
    for node, copy in zip(graph.nodes, copies):
        np.testing.assert_array_equal(node.data, copy)
        assert node.grad is None
    loss.backward()  # which would raise if the walk had counted as a pass
    assert names["w1"].grad is not None


def test_the_walk_is_the_same_before_and_after_backward() -> None:
    _, loss, names, groups = network()
    before = walk_backward(snapshot(loss, names, groups))
    loss.backward()
    after = walk_backward(snapshot(loss, names, groups))
    for one, other in zip(before.steps, after.steps, strict=True):
        assert (one.node, one.source, one.rule) == (other.node, other.source, other.rule)
        np.testing.assert_array_equal(one.result, other.result)
        np.testing.assert_array_equal(one.total, other.total)


def test_what_arrives_at_the_root_is_its_own_gradient_else_ones() -> None:
    x = Tensor([1.0, 2.0], autograd=True)
    y = x * 3
    assert walk_backward(snapshot(y)).steps[0].result.tolist() == [1, 1]
    assert walk_backward(snapshot(y), [2, 5]).steps[-1].total.tolist() == [6, 15]
    assert walk_backward(snapshot(y), Tensor([2, 5])).steps[-1].total.tolist() == [6, 15]
    y.backward([4.0, 7.0])
    assert walk_backward(snapshot(y)).steps[0].result.tolist() == [4, 7]
    odd = Bare([1.0, 2.0], grad=np.ones(3))
    assert walk_backward(snapshot(odd)).steps[0].result.tolist() == [1, 1]


def test_a_gradient_of_another_shape_is_refused_in_words() -> None:
    y = Tensor([1.0, 2.0], autograd=True) * 3
    with pytest.raises(ValueError, match=r"shape \(3,\) but the graph's root has \(2,\)"):
        walk_backward(snapshot(y), np.ones(3))


# -- trouble ---------------------------------------------------------------------------------------


def test_a_walk_after_the_optimizers_step_says_so_and_shows_no_numbers() -> None:
    model, loss, names, groups = network()
    loss.backward()
    SGD(model.get_parameters(), alpha=0.1).step()
    for walk in (walk_backward(snapshot(loss, names, groups)),
                 walk_forward(snapshot(loss, names, groups)),
                 walk_both(snapshot(loss, names, groups))):
        assert walk.steps == () and walk.sections() == ()
        assert walk.trouble == (
            "The result of mm is not what mm gives for its inputs now, so these numbers do not "
            "belong together. Either an input has changed since the forward pass (an optimizer "
            "stepped: build the walk before `step()`), or this class computes mm in another way.")
        assert walk.states_at(0) == {}.fromkeys(range(len(walk.graph.nodes)), "outside")


def test_the_first_tensor_that_does_not_fit_is_named() -> None:
    x = Tensor([1.0], autograd=True)
    h = x * 2
    y = h.tanh()
    x.data = np.array([1.1])
    assert walk_backward(snapshot(y, {"h": h, "y": y})).trouble.startswith("`h` is not what mul")


def test_rounding_in_another_precision_is_not_stale() -> None:
    x = Bare(np.linspace(-3, 3, 7, dtype=np.float32), creators=None)
    y = Bare((1 / (1 + np.exp(-x.data))).astype(np.float32), creators=[x], creation_op="sigmoid")
    walk = walk_backward(snapshot(y))
    assert walk.trouble == ""
    np.testing.assert_allclose(walk.steps[-1].result, y.data * (1 - y.data), rtol=1e-5)


def test_nan_and_infinity_belong_together() -> None:
    x = Tensor([np.nan, np.inf, -1.0, 0.0], autograd=True)
    with np.errstate(all="ignore"):
        y = (x.log() * x).exp()
    walk = walk_backward(snapshot(y))
    assert walk.trouble == "" and len(walk.steps) == 5


@pytest.mark.parametrize("root, sentence", [
    (Tensor([1.0]) * 2, "takes no gradient, since neither it"),
    (Bare(), "holds no numbers, so there is no gradient to begin with"),
    (Bare("text"), "holds no numbers"),
])
def test_without_a_gradient_to_begin_with_there_is_nothing_to_walk(root, sentence) -> None:
    walk = walk_backward(snapshot(root))
    assert walk.steps == () and sentence in walk.trouble


def test_a_single_tensor_is_a_walk_of_one_step() -> None:
    walk = walk_backward(snapshot(Tensor([2.0], autograd=True)))
    assert [(step.kind, step.node, step.result.tolist()) for step in walk.steps] == [
        ("start", 0, [1.0])]
    assert walk.states_at(-1) == {0: "waiting"}
    assert walk_forward(snapshot(Tensor([2.0]))).steps == ()


# -- learners' classes -----------------------------------------------------------------------------


def test_a_textbook_tensor_is_walked_like_ours() -> None:
    rng = np.random.default_rng(1)
    x = TextbookTensor(rng.normal(size=(4, 2)), autograd=True)
    w = TextbookTensor(rng.normal(size=(2, 3)), autograd=True)
    y = x.mm(w).tanh().sum(0)
    walk = walk_backward(snapshot(y), np.ones(3))
    ours_x, ours_w = Tensor(x.data, autograd=True), Tensor(w.data, autograd=True)
    ours_x.mm(ours_w).tanh().sum(0).backward(np.ones(3))
    totals = last_totals(walk)
    np.testing.assert_array_equal(totals[0], ours_x.grad.data)
    np.testing.assert_array_equal(totals[1], ours_w.grad.data)


def test_a_class_without_flag_takes_gradients_everywhere() -> None:
    a, b = Bare([2.0]), Bare([5.0])
    c = Bare([10.0], creators=(a, b), creation_op="mul")
    assert [(step.node, step.total.item()) for step in walk_backward(snapshot(c)).steps] == [
        (2, 1), (0, 5), (1, 2)]


def test_plain_numbers_among_the_creators_take_no_gradient() -> None:
    a = Bare([2.0])
    c = Bare([6.0], creators=[a, 3.0], creation_op="mul")
    walk = walk_backward(snapshot(c))
    assert [(step.node, step.total.tolist()) for step in walk.steps] == [(2, [1]), (0, [3])]
    assert walk.states_at(1)[1] == "outside"


@pytest.mark.parametrize("op, value, creators, note", [
    ("conv", [3.0], [[1.0], [2.0]], "no rule is known for conv"),
    (None, [3.0], [[1.0], [2.0]], "creation_op is missing"),
    ("add", [3.0], [[1.0], [1.0], [1.0]], "add takes 2 inputs, but"),
    ("tanh", [3.0], [[1.0], [1.0]], "tanh takes 1 input, but"),
    ("pow", [3.0], [[1.0]], "pow should read pow_exponent"),
    ("tanh_2", [3.0], [[1.0]], "tanh_2 should read tanh"),
    ("add", [3.0], [[1.0], None], "holds no numbers"),
    ("add", None, [[1.0], [2.0]], "holds no numbers"),
    ("mm", [[3.0]], [[1.0], [2.0]], "mm does not fit (1,) and (1,): both must be matrices"),
    ("add", [3.0, 3.0], [[1.0], [2.0]], "has shape (2,), but add of (1,) and (1,) gives (1,)"),
    ("sum_5", [3.0], [[1.0]], "sum does not fit (1,)"),
    ("index", [3.0], [[1.0], [0.5]], "index cannot be computed"),
])
def test_a_node_without_a_rule_receives_and_hands_nothing_on(op, value, creators, note) -> None:
    made = Bare(value, creators=[Bare(each) for each in creators], creation_op=op)
    other = Bare([1.0])
    result = Bare([3.0] if value is None else np.add(value, 1), creators=[made, other],
                  creation_op="add")
    graph = snapshot(result)
    walk = walk_backward(graph)
    assert walk.trouble == ""
    notes = [step.note for step in walk.steps if step.note]
    assert len(notes) == 1 and note in notes[0]
    receivers = {step.node for step in walk.steps}
    assert not receivers & set(range(len(creators)))
    assert all(walk.states_at(0)[index] == "outside" for index in range(len(creators)))
    assert walk_forward(graph).steps  # and goes forward as far as is known


def test_a_list_as_creator_is_walked_around() -> None:
    x = Bare([1, 2], creators=[[1, 3], [2]], creation_op="test")
    walk = walk_backward(snapshot(x))
    assert [(step.kind, step.note) for step in walk.steps] == [
        ("start", "no rule is known for test, so nothing is handed on")]
    assert walk_forward(snapshot(x)).steps[0].note == walk.steps[0].note


def test_creators_that_are_missing_are_said() -> None:
    walk = walk_backward(snapshot(Bare([1.0], creation_op="add")))
    assert "it is not known what the result of add was made of" in walk.steps[0].note


def test_what_lies_behind_an_unknown_operation_is_not_waited_for() -> None:
    x = Bare([2.0])
    y = Bare([9.0], creators=[x], creation_op="mystery")
    z = Bare([11.0], creators=[y, x], creation_op="add")
    walk = walk_backward(snapshot(z))
    assert [(step.node, step.arrived, step.expected) for step in walk.steps] == [
        (2, 1, 1), (1, 1, 1), (0, 1, 1)]
    assert walk.states_at(2) == {0: "now", 1: "done", 2: "done"}


def test_a_dimension_counted_from_the_end_is_understood() -> None:
    x = Bare(np.arange(6.0).reshape(2, 3))
    y = Bare(x.data.sum(-1), creators=[x], creation_op="sum_-1")
    walk = walk_backward(snapshot(y), [1.0, 10.0])
    assert walk.steps[-1].result.tolist() == [[1, 1, 1], [10, 10, 10]]
    assert walk.steps[-1].op == "sum_-1"


def test_a_rule_that_does_not_work_makes_an_end_and_the_others_go_on() -> None:
    def broken(g, y, x):
        raise RuntimeError("half-finished")
    op = Op("cube", "x³", lambda x: x**3, (broken,), ("3 * g * x * x",), "…")
    wrong = Op("wide", "w", lambda x: x + 0, (lambda g, y, x: np.ones(7),), ("g",), "…")
    try:
        a, b, c = Bare([2.0]), Bare([3.0]), Bare([4.0])
        cube = Bare([8.0], creators=[a], creation_op="cube")
        wide = Bare([3.0], creators=[b], creation_op="wide")
        both = Bare([11.0], creators=[cube, wide], creation_op="add")
        walk = walk_backward(snapshot(Bare([44.0], creators=[both, c], creation_op="mul")))
        notes = [step.note for step in walk.steps if step.note]
        assert notes == ["the rule of cube does not work here: half-finished",
                         "the rule of wide does not work here: it gives (7,) for an input of (1,)"]
        assert walk.steps[-1].node != 0 and len(walk.steps) == 5
        forward = walk_forward(walk.graph).steps
        assert [step.rule for step in forward] == ["", "", "a + b", "a × b"]
    finally:
        del OPS["cube"], OPS["wide"]
        find_op.cache_clear()
    assert (op.name, wrong.name) == ("cube", "wide")


def test_calls_of_a_learners_class_are_followed_by_the_same_graph_and_states() -> None:
    x = Tensor([2.0], autograd=True)
    graph = snapshot(x.tanh())
    walk = Walk(graph, (
        Step("call", 1, total=np.ones(1), arrived=1, expected=1),
        Step("call", 0, source=1, position=0, total=np.full(1, 5.0), arrived=1, expected=1),
        Step("error", 0, note="ZeroDivisionError"),
    ))
    assert walk.states_at(0) == {0: "waiting", 1: "now"}
    assert walk.states_at(2) == {0: "now", 1: "done"}
    assert walk.graph_at(2).nodes[0].grad.tolist() == [5.0]


# -- size ------------------------------------------------------------------------------------------


def test_a_chain_of_twenty_thousand_is_walked_without_recursion() -> None:
    x = y = Tensor([0.5], autograd=True)
    for _ in range(20_000):
        y = -y
    graph = snapshot(y)
    walk = walk_backward(graph)
    assert len(walk.steps) == 20_001
    assert walk.steps[-1].node == 0 and walk.steps[-1].total.tolist() == [1.0]
    assert walk.states_at(10_000)[10_000] == "now"
    assert len(walk.graph_at(10_000).nodes) == 20_001
    assert len(walk_forward(graph).steps) == 20_000
    assert x.grad is None


def test_tensors_without_entries_and_without_dimensions_are_walked() -> None:
    empty = Tensor(np.zeros((0, 3)), autograd=True)
    walk = walk_backward(snapshot((empty * empty).sum()))
    assert walk.steps[-1].total.shape == (0, 3)
    number = Tensor(2.0, autograd=True)
    walk = walk_backward(snapshot(number * number + number))
    assert walk.steps[-1].total.item() == 5 and walk.steps[-1].total.shape == ()
    assert all(isinstance(step.total, np.ndarray) for step in walk.steps)
    assert all(isinstance(part.value, np.ndarray) for step in walk.steps
               for part in step.equation if isinstance(part, Part))


def test_a_broadcast_number_receives_the_sum() -> None:
    number, x = Tensor(2.0, autograd=True), Tensor(np.ones((2, 3)), autograd=True)
    walk = walk_backward(snapshot(number * x), np.full((2, 3), 3.0))
    step = walk.steps[1]
    assert (step.summed, step.result.tolist(), step.detail["over"]) == (True, 18.0, (0, 1))
    assert step.detail["full"].tolist() == [[3.0] * 3] * 2
    assert not walk.steps[2].summed and walk.steps[2].detail == {}
    column = Tensor(np.ones((2, 1)), autograd=True)
    assert walk_backward(snapshot(column + x)).steps[1].detail["over"] == (1,)


def test_an_empty_walk_has_states_for_every_node() -> None:
    graph = Graph(snapshot(Tensor([1.0])).nodes, 0)
    assert Walk(graph, (), "…").states_at(0) == {0: "outside"}
    assert Walk(graph, (), "…").graph_at(0).nodes[0].data.tolist() == [1.0]
