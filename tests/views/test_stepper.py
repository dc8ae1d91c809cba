"""The stepper walks, plays, answers keys and controls, and changes nothing in what it shows."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest

from gradwidgets.core import Tensor
from gradwidgets.engine.trace.trace import trace_backward
from gradwidgets.engine.walk.build import walk_backward
from gradwidgets.views.walk.controls import DEFAULT_SPEED, SPEEDS
from gradwidgets.views.walk.stepper import BackwardStepper
from tests.views.support import Page, changed, on_a_loop, until
from tests.views.walks import SeedNetwork, chain, diamond, fields, press


@pytest.fixture
def seed():
    return BackwardStepper(SeedNetwork().graph)


def test_it_begins_with_the_first_step(seed):
    assert repr(seed) == "<BackwardStepper: step 1 of 20>"
    assert seed.sentence.startswith("The walk begins at the end of the graph, `loss`.")


def test_buttons_walk(seed):
    press(seed, "next")
    press(seed, "next")
    assert seed.position == 3
    press(seed, "previous")
    assert seed.position == 2
    press(seed, "last")
    assert seed.position == 20
    press(seed, "first")
    assert seed.position == 1


def test_methods_walk(seed):
    seed.next()
    seed.next()
    seed.previous()
    assert seed.position == 2
    seed.last()
    assert seed.position == 20
    seed.first()
    seed.go_to(7)
    assert seed.position == 7


def test_buttons_are_greyed_out_at_the_ends(seed):
    def disabled():
        return {name for name, field in fields(seed).items()
                if field["kind"] == "button" and field["disabled"] and name != "play"}  # fmt: skip

    assert disabled() == {"first", "previous"}
    seed.next()
    assert disabled() == set()
    seed.last()
    assert disabled() == {"next", "last"}


def test_controls_have_their_names(seed):
    shown = fields(seed)
    assert [shown[name]["label"] for name in ("first", "previous", "play", "next", "last")] == [
        "First step",
        "Previous step",
        "Play the walk",
        "Next step",
        "Last step",
    ]
    assert shown["position"]["label"] == "Step of the walk"
    assert shown["speed"]["label"] == "Walk speed"
    assert shown["part"]["label"] == "Part of the walk"
    assert shown["forward"]["label"] == "Forward pass too"


def test_the_slider_counts_from_1(seed):
    press(seed, "position", 9)
    assert seed.sentence.startswith("`pred` has now received both gradients")
    slider = fields(seed)["position"]
    assert (slider["min"], slider["value"], slider["max"], slider["unit"]) == (1, 9, 20, " of 20")


def test_a_part_leads_to_its_first_step(seed):
    part = fields(seed)["part"]
    assert [option["text"] for option in part["options"]] == [
        "Loss: 1–8",
        "Output: 9–14",
        "Layer 1: 15–20",
    ]
    press(seed, "part", part["options"][2]["value"])
    assert seed.position == 15
    assert fields(seed)["part"]["value"] == part["options"][2]["value"]


def test_the_forward_pass_is_walked_before(seed):
    press(seed, "forward", True)
    assert repr(seed) == "<BackwardStepper: step 1 of 32>"
    assert seed.sentence.startswith("Forward pass: the result of `mm` in Layer 1 is computed.")
    press(seed, "position", 13)
    assert seed.sentence.startswith("The walk begins")
    press(seed, "forward", False)
    assert (seed.position, fields(seed)["forward"]["value"]) == (1, False)


def test_what_the_page_sends_by_mistake_changes_nothing(seed):
    press(seed, "speed", "sideways")
    press(seed, "leave")
    press(seed, "no such control")
    press(seed, "position", 1000)
    assert seed.position == 20
    assert fields(seed)["speed"]["value"] == DEFAULT_SPEED


def seen(stepper):
    """Put a page before the picture, and return it."""
    page = Page(stepper.picture)
    page.says(hello=True)
    return page


def test_the_same_step_gives_the_same_picture_on_the_way_back(seed):
    page = seen(seed)
    pictures = {}
    for step in [*range(1, 21), *range(20, 0, -1)]:
        seed.go_to(step)
        page.says(hello=True)  # a page that comes anew gets the whole picture
        message = {key: value for key, value in page.messages[-1].items() if key != "n"}
        assert pictures.setdefault(step, message) == message
    assert len({str(picture) for picture in pictures.values()}) == 20


def test_a_step_sends_only_what_has_changed(seed):
    page = seen(seed)
    texts = page.messages[0]["texts"]
    page.messages.clear()
    seed.next()
    assert all("scene" not in message for message in page.messages)
    (news,) = [message for message in page.messages if "texts" in message]
    after = changed(texts, news)
    assert after.count("+1.00") == texts.count("+1.00") + 4
    assert list(page.messages[-1]["marks"]["boxes"].values()).count("now") == 1


def test_walking_changes_nothing_in_the_tensors_and_counts_as_no_backward():
    network = SeedNetwork()
    seed = BackwardStepper(network.loss)
    seed.last()
    assert network.weight_1.grad is None
    network.loss.backward()
    again = BackwardStepper(network.loss)
    again.last()
    total = again.walk.steps[-1].total
    np.testing.assert_allclose(total, network.weight_1.grad.data)


def test_tensors_are_called_as_the_variables_around():
    z = Tensor([0.5], autograd=True)
    answer = z.tanh()
    shown = BackwardStepper(answer)
    shown.next()
    assert shown.sentence.startswith("`answer` has its gradient, so it may pass it on through tanh "
                                     "to `z`: multiply by 1 − `answer`².")  # fmt: skip


def test_given_names_come_before_those_of_variables():
    z = Tensor([0.5], autograd=True)
    shown = BackwardStepper(z.tanh(), names={"input": z})
    shown.next()
    assert "to `input`:" in shown.sentence


def test_a_gradient_may_be_given():
    z = Tensor([0.5, 1.0], autograd=True)
    shown = BackwardStepper(-z, gradient=[1.0, 2.0])
    np.testing.assert_array_equal(shown.walk.steps[1].result, [-1.0, -2.0])
    shown = BackwardStepper(-z, gradient=Tensor([3.0, 2.0]))
    np.testing.assert_array_equal(shown.walk.steps[1].result, [-3.0, -2.0])


def test_a_gradient_of_another_shape_is_refused():
    z = Tensor([0.5, 1.0], autograd=True)
    with pytest.raises(ValueError, match=r"shape \(3,\).*\(2,\)"):
        BackwardStepper(-z, gradient=[1.0, 2.0, 3.0])


def test_a_walk_may_be_given():
    assert repr(BackwardStepper(walk_backward(diamond()))) == "<BackwardStepper: step 1 of 4>"
    with pytest.raises(TypeError, match="gradient with a Walk"):
        BackwardStepper(walk_backward(diamond()), gradient=[1.0, 1.0])


def test_what_is_no_tensor_is_refused():
    with pytest.raises(TypeError, match="tensor.*got a list"):
        BackwardStepper([1.0, 2.0])


def test_a_stale_graph_is_told_without_numbers():
    x = Tensor([1.0], autograd=True)
    y = x.tanh()
    x.data = np.array([2.0])
    shown = BackwardStepper(y)
    assert "do not belong together" in shown.sentence
    assert shown.sheet.blocks == []
    shown.next()
    shown.last()
    press(shown, "play")
    assert all(fields(shown)[name]["disabled"] for name in ("first", "next", "play", "position"))


class Hasty:
    """A learner's tensor that passes its gradient on before all of it has arrived."""

    def __init__(self, data, creators=None, creation_op=None):
        self.data = np.asarray(data, dtype=float)
        self.creators, self.creation_op, self.grad = creators, creation_op, None

    def sigmoid(self):
        return Hasty(1 / (1 + np.exp(-self.data)), [self], "sigmoid")

    def tanh(self):
        return Hasty(np.tanh(self.data), [self], "tanh")

    def __mul__(self, other):
        return Hasty(self.data * other.data, [self, other], "mul")

    def backward(self, grad):
        self.grad = grad if self.grad is None else self.grad + grad
        if self.creation_op == "sigmoid":
            self.creators[0].backward(self.grad * self.data * (1 - self.data))
        if self.creation_op == "tanh":
            self.creators[0].backward(self.grad * (1 - self.data**2))
        if self.creation_op == "mul":
            self.creators[0].backward(self.grad * self.creators[1].data)
            self.creators[1].backward(self.grad * self.creators[0].data)


def test_the_calls_of_a_learners_own_class_are_walked():
    x = Hasty([0.5, -1.0])
    h = x.tanh()
    result = h.sigmoid() * h
    shown = BackwardStepper(trace_backward(result, np.ones(2)))
    told = []
    for step in range(1, len(shown.tour) + 1):
        shown.go_to(step)
        told.append(shown.sentence)
    assert told[0] == (
        "It begins with a call of backward() of `result`. The grad there was empty, and is now "
        "what was handed over."
    )
    assert told[3].startswith(
        "`h` calls backward() of `x` too early: it has only 1 of its 2 gradients so far."
    )
    assert told[5].startswith("`h` calls backward() of `x` once more with all that it has")
    assert len(told) == 6


def test_what_is_wrong_in_a_learners_class_is_told_beside_the_steps():
    h = Hasty([0.5, -1.0])
    x = h.tanh()
    result = x.sigmoid() * x
    assert "remark" not in {field["name"] for field in BackwardStepper(result)._top.fields}
    result.backward(np.ones(2))
    shown = BackwardStepper(result)
    remark = next(field for field in shown._top.fields if field["name"] == "remark")
    assert remark["text"].startswith("The steps are those of the rules; this class has come to")
    assert "`h`" in remark["text"] and remark["tone"] == "wrong"
    wrong = shown.walk.graph.nodes[shown._subject.verdict.node]
    assert wrong.name == "h"
    page = seen(shown)
    assert page.messages[-1]["marks"]["wrong"] == f"n{wrong.index}"


def test_an_exception_of_the_learner_is_the_last_step():
    class Broken(Hasty):
        def backward(self, grad):
            raise NameError("name 'ones' is not defined")

    x = Broken([1.0])
    shown = BackwardStepper(trace_backward(x, np.ones(1)))
    shown.last()
    assert "`x`" in shown.sentence
    assert "NameError: name 'ones' is not defined" in shown.sentence
    assert any("raise NameError" in block.get("text", "") for block in shown.sheet.blocks)


def test_playing_ends_at_the_last_step(monkeypatch):
    monkeypatch.setitem(SPEEDS, "fast", 0.001)

    async def body():
        shown = BackwardStepper(diamond())
        press(shown, "speed", "fast")
        shown.play()
        assert fields(shown)["play"]["label"] == "Pause the walk"
        await until(lambda: not shown.playing)
        assert shown.position == 4
        assert fields(shown)["play"]["label"] == "Play the walk"
        shown.play()  # at the end: once more from the beginning
        assert shown.position == 1
        await until(lambda: not shown.playing)

    on_a_loop(body)


def test_whoever_takes_over_stops_the_playing(monkeypatch):
    monkeypatch.setitem(SPEEDS, "fast", 0.001)

    async def body():
        for take_over in (
            lambda shown: shown.previous(),
            lambda shown: shown.go_to(3),
            lambda shown: press(shown, "play"),
            lambda shown: press(shown, "position", 2),
            lambda shown: shown.close(),
        ):
            shown = BackwardStepper(chain(300))
            press(shown, "speed", "fast")
            shown.play()
            await until(lambda: shown.position > 2)
            take_over(shown)
            await asyncio.sleep(0)  # a click is posted to the loop
            await until(lambda: not shown.playing)

    on_a_loop(body)


def test_without_a_running_notebook_it_does_not_play(seed):
    assert fields(seed)["play"]["disabled"]
    with pytest.raises(RuntimeError, match="next()"):
        seed.play()


def test_a_page_that_lags_gets_the_last_step_only():
    async def body():
        shown = BackwardStepper(SeedNetwork().graph)
        ready = False
        shown.picture.ready = lambda: ready
        before = shown._top.fields
        for _ in range(5):
            shown.next()
        assert shown._top.fields == before
        ready = True
        await until(lambda: shown._top.fields != before)
        assert shown._top.fields[0]["text"] == shown.sentence
        assert shown.position == 6

    on_a_loop(body)


def test_a_pass_of_500_steps_is_in_parts():
    shown = BackwardStepper(chain(500))
    parts = fields(shown)["part"]["options"]
    assert len(parts) == 20
    press(shown, "part", parts[10]["value"])
    assert shown.position == 251
