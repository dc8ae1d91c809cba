"""A learner's own backward pass is recorded call by call, and the class is left as it was."""
from __future__ import annotations

import io
import sys

import numpy as np
import pytest

import gradwidgets
from gradwidgets.core import Tensor
from gradwidgets.engine.trace import recorder as recording
from gradwidgets.engine.trace.print_calls import trace_calls
from gradwidgets.engine.trace.trace import trace_backward
from tests.engine.learners import Learner, Unsummed
from tests.engine.seed_classes import Calls, Counts, Curves, More


def diamond():
    x = Curves([0.3, -0.7], autograd=True)
    h = x.tanh()
    s = h.sigmoid()
    return x, h, s, s * h


def test_every_call_is_recorded_in_order_with_who_called_whom():
    x, h, s, y = diamond()
    trace = trace_backward(y, Curves([1.0, 1.0]), {"x": x, "h": h, "s": s, "y": y})
    assert [node.name for node in trace.graph.nodes] == ["x", "h", "s", "y"]
    assert [(call.number, call.depth, call.caller, call.node, call.sender)
            for call in trace.calls] == [
        (0, 0, None, 3, None), (1, 1, 0, 2, 3), (2, 2, 1, 1, 2), (3, 3, 2, 0, 1), (4, 1, 0, 1, 3)]
    assert trace.error == "" and trace.complete


def test_gradients_before_and_after_are_copies_of_what_was_there_then():
    x, h, s, y = diamond()
    trace = trace_backward(y, Curves([1.0, 1.0]))
    first, second = trace.calls[2], trace.calls[4]
    assert first.before is None
    np.testing.assert_array_equal(first.after, first.gradient)
    np.testing.assert_array_equal(second.before, first.after)
    np.testing.assert_array_equal(second.after, first.gradient + second.gradient)
    h.grad.data[...] = 99
    np.testing.assert_array_equal(second.after, trace.graph.nodes[1].grad)


def test_what_a_tensor_has_received_is_seen_before_it_hands_on():
    x = Learner([1.0, 2.0])
    y = x.tanh()
    trace = trace_backward(y.exp())
    assert [call.waiting_before for call in trace.calls] == [{}, {"children": 1}, {"children": 1}]
    assert [call.waiting_after for call in trace.calls] == [{}, {"children": 0}, {"children": 0}]


def test_the_pass_does_what_it_does_without_the_trace():
    x, h, s, y = diamond()
    y.backward(Curves([1.0, 1.0]))
    x2, h2, s2, y2 = diamond()
    trace = trace_backward(y2, Curves([1.0, 1.0]))
    for plain, traced, node in zip((x, h, s, y), (x2, h2, s2, y2), trace.graph.nodes):
        np.testing.assert_array_equal(plain.grad.data, traced.grad.data)
        np.testing.assert_array_equal(node.grad, traced.grad.data)


def test_the_variables_of_the_caller_are_the_names():
    inp, hid, s, out = diamond()
    del s
    assert [node.name for node in trace_backward(out).graph.nodes] == ["inp", "hid", None, "out"]


@pytest.mark.parametrize("cls", [Calls, Counts, More, Curves, Learner])
def test_a_pass_can_begin_without_a_gradient(cls, capsys):
    flag = {} if cls in (Calls, Learner) else {"autograd": True}
    a, b = cls([1.0, 2.0], **flag), cls([3.0, 4.0], **flag)
    trace = trace_backward(a + b)
    assert trace.error == "" and len(trace.calls) == 3
    assert [node.grad.tolist() for node in trace.graph.nodes] == [[1, 1]] * 3


def test_the_class_is_put_back_also_after_an_error():
    before = dict(vars(Counts)), dict(vars(Curves))
    x = Curves([0.3], autograd=True)
    h = x + x
    limit = sys.getrecursionlimit()
    trace = trace_backward(h.sigmoid() + h.tanh())
    assert trace.error == "Exception: cannot backprop more than once"
    assert (dict(vars(Counts)), dict(vars(Curves))) == before
    assert sys.getrecursionlimit() == limit


def test_an_error_is_the_last_step_with_the_learners_own_line():
    x = Curves([0.3], autograd=True)
    h = x + x
    trace = trace_backward(h.sigmoid() + h.tanh())
    step = trace.walk().steps[-1]
    assert (step.kind, step.note) == ("error", "Exception: cannot backprop more than once")
    assert step.detail["line"] == 'raise Exception("cannot backprop more than once")'
    assert trace.graph.nodes[step.node].op is None and step.total is None
    assert [bool(call.error) for call in trace.calls].count(True) == 1


def test_an_error_deep_in_numpy_is_shown_where_the_learner_called_it():
    class Broken(Learner):
        def back_tanh(self, g, x):
            return g @ np.ones((7, 7))

    x = Broken([1.0, 2.0])
    step = trace_backward(x.tanh() * x).walk().steps[-1]
    assert step.kind == "error" and step.note.startswith("ValueError: matmul")
    assert step.detail["line"] == "return g @ np.ones((7, 7))"


def test_a_backward_that_cannot_take_the_arguments_is_an_error_step_too():
    class Without(Learner):
        def backward(self):
            pass

    trace = trace_backward(Without([1.0]), np.ones(1))
    assert "takes 1 positional argument but 2 were given" in trace.error
    assert [step.kind for step in trace.walk().steps] == ["call", "error"]


def test_an_interrupt_passes_through_and_leaves_the_class_as_it_was():
    class Interrupted(Learner):
        def receive(self, grad):
            raise KeyboardInterrupt

    method = Learner.backward
    with pytest.raises(KeyboardInterrupt):
        trace_backward(Interrupted([1.0]))
    assert Learner.backward is method


def test_a_circle_of_calls_ends_as_an_error_step():
    class Circle(Learner):
        def hand_on(self):
            self.backward(self.grad)

    x = Circle([1.0])
    trace = trace_backward(x.tanh())
    assert trace.error.startswith("RecursionError: the calls went deeper than Python allows")
    assert "a method calls itself without an end, perhaps by way of others" in trace.error
    assert trace.walk().steps[-1].kind == "error"


def test_a_graph_that_is_deep_but_works_also_works_when_traced():
    x = y = Curves([1.0], autograd=True)
    for _ in range(250):
        y = y + x
    y.backward(Curves([1.0]))
    x2 = y2 = Curves([1.0], autograd=True)
    for _ in range(250):
        y2 = y2 + x2
    assert trace_backward(y2).error == ""
    np.testing.assert_array_equal(x2.grad.data, x.grad.data)


def test_the_record_ends_at_its_limit_and_the_pass_goes_on(monkeypatch):
    monkeypatch.setattr(recording, "MOST_CALLS", 3)
    x, h, s, y = diamond()
    trace = trace_backward(y)
    assert len(trace.calls) == 3 and not trace.complete
    assert x.grad is not None


def test_a_class_that_takes_its_graph_apart_is_shown_whole():
    class Freeing(Learner):
        def hand_on(self):
            super().hand_on()
            self.creators = None

    x = Freeing([1.0, 2.0])
    h = x.tanh()
    trace = trace_backward(h.exp(), names={"x": x, "h": h})
    assert [node.op for node in trace.graph.nodes] == [None, "tanh", "exp"]
    assert all(node.grad is not None for node in trace.graph.nodes)


def test_a_tensor_without_backward_is_refused_in_words():
    with pytest.raises(TypeError, match="received a ndarray, which has no method backward"):
        trace_backward(np.ones(3))


def test_the_frameworks_own_pass_is_one_call():
    x = Tensor([1.0, 2.0], autograd=True)
    trace = trace_backward((x * x).sum())
    assert len(trace.calls) == 1 and trace.error == ""
    np.testing.assert_array_equal(trace.graph.nodes[0].grad, [2, 4])


# -- as a walk -----------------------------------------------------------------------------------


def test_the_walk_has_a_step_for_each_call_with_rule_and_counts():
    x, h, s, y = diamond()
    walk = trace_backward(y, Curves([1.0, 1.0])).walk()
    assert walk.trouble == ""
    assert [(step.kind, step.node, step.source, step.position, step.rule, step.arrived,
             step.expected) for step in walk.steps] == [
        ("call", 3, None, None, "", 1, 1), ("call", 2, 3, 0, "g × b", 1, 1),
        ("call", 1, 2, 0, "g × y × (1 − y)", 1, 2), ("call", 0, 1, 0, "g × (1 − y²)", 1, 1),
        ("call", 1, 3, 1, "g × a", 2, 2)]
    assert [step.detail["caller"] for step in walk.steps] == [None, 1, 2, 3, 1]
    assert all(step.note == "" for step in walk.steps)
    np.testing.assert_array_equal(walk.steps[4].total, h.grad.data)
    np.testing.assert_array_equal(walk.graph_at(2).nodes[1].grad, walk.steps[2].result)
    assert walk.graph_at(2).nodes[0].grad is None


def test_x_times_x_is_walked_over_both_of_its_edges():
    x = Learner([3.0])
    walk = trace_backward(x * x).walk()
    assert [(step.node, step.source, step.position) for step in walk.steps] == [
        (1, None, None), (0, 1, 0), (0, 1, 1)]
    assert [step.total.tolist() for step in walk.steps] == [[1], [3], [6]]


def test_a_step_tells_when_what_is_handed_over_is_not_what_the_rule_gives():
    class Slopeless(Learner):
        def back_tanh(self, g, x):
            return g

    x = Slopeless([0.5])
    step = trace_backward(x.tanh()).walk().steps[-1]
    assert step.note == "what is handed over is not what the rule of tanh gives: g × (1 − y²)"
    np.testing.assert_allclose(step.detail["should_be"], 1 - np.tanh(0.5) ** 2)
    assert step.result.tolist() == [1.0]


def test_a_step_over_what_was_repeated_tells_what_is_added_up():
    x, b = Learner([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), Learner([1.0, 2.0])
    step = trace_backward(x * b).walk().steps[-1]
    assert step.summed and step.detail["over"] == (0,)
    assert step.detail["full"].tolist() == x.data.tolist()
    assert step.result.tolist() == [9, 12]


def test_a_step_that_forgot_to_add_up_shows_what_is_handed_over_as_it_is():
    x, b = Unsummed([[1.0, 2.0], [3.0, 4.0]]), Unsummed([1.0, 2.0])
    step = trace_backward(x * b).walk().steps[-1]
    assert not step.summed and step.result.shape == (2, 2)
    assert step.note == ("what is handed over has shape (2, 2), but the rule of mul gives g × a, "
                         "of shape (2,)")


# -- the log -------------------------------------------------------------------------------------


def test_the_log_shows_calls_indented_under_their_callers():
    out = io.StringIO()
    with trace_calls(Calls, out):
        x, y = Calls([1, 2], verbose=False), Calls([3, 4], verbose=False)
        z = x + y
        z.backward(Calls([1, 1], verbose=False))
    assert out.getvalue() == (
        "__add__(y) of x\n"
        "backward([1 1]) of z (add)\n"
        "    backward([1 1]) of x\n"
        "    backward([1 1]) of y\n")


def test_the_log_goes_to_where_print_goes(capsys):
    x = Learner([1.0])
    with trace_calls(Learner):
        -x
    assert capsys.readouterr().out.splitlines()[0] == "__neg__() of x"


def test_the_log_says_where_it_stopped_and_puts_the_class_back():
    before = dict(vars(Curves)), dict(vars(Counts))
    out = io.StringIO()
    x = Curves([1.0])
    with pytest.raises(NameError), trace_calls(Curves, out):
        x.sigmoid()
    assert out.getvalue() == ("sigmoid() of x\n"
                              "    stopped by NameError: name 'Curves1' is not defined\n")
    assert (dict(vars(Curves)), dict(vars(Counts))) == before


def test_logs_may_be_nested():
    outer, inner = io.StringIO(), io.StringIO()
    x = Learner([1.0])
    with trace_calls(Learner, outer):
        with trace_calls(Learner, inner):
            x.tanh()
        x.exp()
    assert "tanh() of x" in inner.getvalue() and "exp" not in inner.getvalue()
    assert "tanh() of x" in outer.getvalue() and "exp() of x" in outer.getvalue()
    assert Learner.tanh.__name__ == "tanh" and not hasattr(Learner.tanh, "__wrapped__")


def test_large_tensors_and_odd_arguments_stay_short():
    class Plain:
        def __init__(self, data):
            self.data = np.array(data)

        def take(self, *args, **kwargs):
            return self

    class Silent:
        def __repr__(self):
            raise ValueError

    out = io.StringIO()
    with trace_calls(Plain, out, names={}):
        Plain(np.ones((30, 40))).take(Plain(1.5), "w" * 200, Silent(), dim=np.arange(3))
    assert out.getvalue() == (f"take(1.5, '{'w' * 36}..., a Silent, dim=[0 1 2]) of a Plain of "
                              "shape (30, 40)\n")


def test_only_a_class_can_be_logged():
    with pytest.raises(TypeError, match="received a Learner; expected a class"):
        with trace_calls(Learner([1.0])):
            pass


def test_what_is_written_over_several_lines_is_told_in_one():
    class Wide:
        def __repr__(self):
            return "first\n  second"

        def take(self, other):
            return self

    out = io.StringIO()
    with trace_calls(Wide, out, names={}):
        Wide().take(("a", Wide()))
    assert out.getvalue() == "take(('a', first second)) of a Wide\n"


def test_both_are_public():
    assert gradwidgets.trace_backward is trace_backward
    assert gradwidgets.trace_calls is trace_calls


# -- every way to write it -----------------------------------------------------------------------


class Slotted:
    """Has no dictionary of attributes; its counts are in a slot."""

    __slots__ = ("data", "grad", "creators", "creation_op", "children")

    def __init__(self, data, creators=None, creation_op=None):
        self.data, self.creators, self.creation_op = np.array(data), creators, creation_op
        self.grad = None
        self.children = {}
        for creator in creators or ():
            creator.children[id(self)] = creator.children.get(id(self), 0) + 1

    def __neg__(self):
        return Slotted(-self.data, [self], "neg")

    def backward(self, grad=None, *, grad_origin=None):
        grad = np.ones_like(self.data) if grad is None else grad
        self.grad = grad if self.grad is None else self.grad + grad
        if grad_origin is not None:
            self.children[id(grad_origin)] -= 1
        for creator in self.creators or ():
            creator.backward(grad_origin=self, grad=-self.grad)


def test_a_class_with_slots_is_recorded_and_its_counts_too():
    x = Slotted([1.0, 2.0])
    trace = trace_backward(-(-x))
    assert [(call.node, call.sender) for call in trace.calls] == [(2, None), (1, 2), (0, 1)]
    assert [call.gradient if call.gradient is None else call.gradient.tolist()
            for call in trace.calls] == [None, [-1, -1], [1, 1]]
    assert (trace.calls[2].waiting_before, trace.calls[2].waiting_after) == (
        {"children": 1}, {"children": 0})


def test_an_inherited_backward_is_put_back_where_it_was():
    class Heir(Learner):
        pass

    before = dict(vars(Learner)), dict(vars(Heir))
    trace = trace_backward(Heir([1.0]).tanh())
    assert len(trace.calls) == 2
    assert (dict(vars(Learner)), dict(vars(Heir))) == before
    assert "backward" in vars(Learner) and "backward" not in vars(Heir)


def test_a_backward_that_calls_the_one_it_overrides_is_one_call():
    class Loud(Learner):
        def backward(self, grad=None, sender=None):
            self.said = "backward"
            super().backward(grad, sender)

    before = dict(vars(Learner)), dict(vars(Loud))
    a, b = Learner([1.0]), Loud([2.0])
    trace = trace_backward(Loud([3.0], [a, b], "add"))
    assert [(call.node, call.depth, call.sender) for call in trace.calls] == [
        (2, 0, None), (0, 1, 2), (1, 1, 2)]
    assert (dict(vars(Learner)), dict(vars(Loud))) == before


def test_a_static_method_is_recorded_and_stays_one():
    class Static:
        def __init__(self, data, creators=(), creation_op=None):
            self.data, self.creators, self.creation_op = np.array(data), creators, creation_op
            self.grad = None

        @staticmethod
        def backward(tensor, grad):
            tensor.grad = grad
            for creator in tensor.creators:
                Static.backward(creator, -grad)

    before = dict(vars(Static))
    x = Static([1.0])
    y = Static([-1.0], [x], "neg")

    class Root(Static):
        def backward(self, grad):
            Static.backward(self, grad)

    trace = trace_backward(Root([-1.0], [y], "neg"), np.ones(1))
    assert trace.error == ""
    assert [(call.node, call.gradient.tolist()) for call in trace.calls] == [
        (2, [1]), (1, [-1]), (0, [1])]
    assert dict(vars(Static)) == before and isinstance(vars(Static)["backward"], staticmethod)


def test_an_exit_is_an_error_step_and_an_interrupt_passes_through_and_both_put_the_class_back():
    for leaving in (KeyboardInterrupt, SystemExit, GeneratorExit):
        class Leaving(Learner):
            raised = leaving

            def receive(self, grad):
                raise self.raised

        before, limit = dict(vars(Learner)), sys.getrecursionlimit()
        if leaving is KeyboardInterrupt:
            with pytest.raises(leaving):
                trace_backward(Leaving([1.0]))
        else:
            last = trace_backward(Leaving([1.0])).walk().steps[-1]
            assert (last.kind, last.note) == ("error", leaving.__name__)
            assert last.detail["line"] == "raise self.raised"
        assert dict(vars(Learner)) == before and "backward" not in vars(Leaving)
        assert sys.getrecursionlimit() == limit


def test_traces_may_be_nested():
    class Curious(Learner):
        inner = None

        def receive(self, grad):
            if Curious.inner is None:
                Curious.inner = False
                x = Learner([0.5])
                Curious.inner = trace_backward(x.tanh())
            super().receive(grad)

    before = dict(vars(Learner))
    outer = trace_backward(Curious([1.0]).tanh())
    assert outer.error == "" and Curious.inner.error == ""
    assert [call.node for call in Curious.inner.calls] == [1, 0]
    assert [call.node for call in outer.calls if call.node is not None] == [1, 0]
    assert dict(vars(Learner)) == before


def test_a_trace_inside_a_log_shows_in_both():
    x, out = Learner([1.0]), io.StringIO()
    y = x.tanh()
    before = dict(vars(Learner))
    with trace_calls(Learner, out, {"x": x, "y": y}):
        trace = trace_backward(y)
    assert len(trace.calls) == 2 and "backward() of y (tanh)" in out.getvalue()
    assert dict(vars(Learner)) == before


def test_a_class_that_cannot_be_changed_is_refused_in_words():
    class Stubborn(type):
        def __setattr__(cls, name, value):
            raise TypeError("no")

    class Fixed(Learner, metaclass=Stubborn):
        def backward(self, grad=None):
            self.grad = grad

    with pytest.raises(TypeError, match="backward of Fixed cannot be recorded.* written in Python"):
        trace_backward(Fixed([1.0]))


def test_a_circle_of_calls_ends_in_words_whatever_the_limit_of_recursion():
    class Circle(Learner):
        def hand_on(self):
            self.backward(0 * self.grad)

    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(1_000_000)
    try:
        trace = trace_backward(Circle([1.0]).tanh())
    finally:
        sys.setrecursionlimit(limit)
    assert trace.error.startswith("RecursionError") and trace.walk().steps[-1].kind == "error"
