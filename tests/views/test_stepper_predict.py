"""In a walk what comes out of a step is covered until the class has guessed."""

from __future__ import annotations

import numpy as np
import pytest

from gradwidgets.core import Tensor
from gradwidgets.engine.trace.trace import trace_backward
from gradwidgets.views.walk import stepper as module
from gradwidgets.views.walk.stepper import BackwardStepper
from tests.views.support import on_a_loop, until
from tests.views.walks import SeedNetwork, fields, press, top_fields


def product():
    """Return 3 × 5 + 7 with a walk in which every number tells where it is from."""
    a, b, c = (Tensor([number], autograd=True) for number in (3.0, 5.0, 7.0))
    names = {"a": a, "b": b, "c": c, "ab": (ab := a * b), "result": (result := ab + c)}
    return BackwardStepper(result, names=names, predict=True)


def question(stepper):
    """Return the question on the page, if there is one."""
    asked = top_fields(stepper).get("question")
    return None if asked is None else asked["text"]


def gradient_of(stepper, name):
    """Return the gradient that the picture shows of a tensor, None where it shows none."""
    (node,) = [node for node in stepper.picture.graph.nodes if node.name == name]
    return None if node.grad is None else float(node.grad[0])


def told(stepper):
    """Return all numbers of the sheet beside the picture, and what stands for a missing one."""
    found = []
    for block in stepper.sheet.blocks:
        for item in [block, *block.get("items", [])]:
            if isinstance(item, dict):
                found += [cell for row in item.get("rows", []) for cell in row]
                found += [item["part"]] if item.get("part") else []
        found += block.get("lines", [])
    return found


def to_the_step_of(stepper, name):
    """Go to the step in which a tensor receives its gradient."""
    for index, step in enumerate(stepper.walk.steps):
        if stepper.walk.graph.nodes[step.node].name == name:
            stepper.go_to(index + 1)
            return
    raise AssertionError(f"{name} receives nothing")


def test_the_beginning_is_given_and_not_guessed():
    shown = product()
    assert (shown.position, shown.covered, question(shown)) == (1, False, None)


def test_a_step_is_covered_in_picture_sheet_and_still_until_it_is_revealed():
    shown = product()
    to_the_step_of(shown, "a")
    assert shown.covered
    assert question(shown) == "Guess first: which gradient is handed on to `a`?"
    assert gradient_of(shown, "a") is None
    assert "+5.00" in told(shown), "the factor is what the guess is made from"
    assert told(shown).count("+5.00") == 1, "and the outcome, which is the same number, is away"
    assert "not yet" in told(shown)
    assert not any("now: +5.00" in line for line in told(shown))
    shown.reveal()
    assert (shown.covered, question(shown)) == (False, None)
    assert gradient_of(shown, "a") == 5.0
    assert told(shown).count("+5.00") == 2
    assert any("now: +5.00" in line for line in told(shown))


def test_a_sum_of_gradients_keeps_what_was_there_before():
    x = Tensor([2.0], autograd=True)
    shown = BackwardStepper(x * x, names={"x": x}, predict=True)
    shown.last()
    assert shown.covered
    assert gradient_of(shown, "x") == 2.0, "the first of two gradients is known"
    shown.reveal()
    assert gradient_of(shown, "x") == 4.0


def test_next_reveals_before_it_goes_on():
    shown = product()
    seen = []
    for _ in range(6):
        shown.next()
        seen.append((shown.position, shown.covered))
    assert seen == [(2, True), (2, False), (3, True), (3, False), (4, True), (4, False)]
    shown.previous()
    assert not shown.covered, "what was revealed stays so"


def test_the_button_for_the_next_step_says_that_it_reveals():
    shown = product()
    assert fields(shown)["next"]["label"] == "Next step"
    shown.last()
    button = fields(shown)["next"]
    assert (button["label"], button["disabled"]) == ("Reveal", False)
    assert not fields(shown)["play"]["primary"], "the button that reveals stands out"
    press(shown, "next")
    button = fields(shown)["next"]
    assert (button["label"], button["disabled"]) == ("Next step", True)


def test_the_page_turns_it_on_and_off_and_reveals():
    shown = BackwardStepper(SeedNetwork().graph)
    assert fields(shown)["predict"]["value"] is False
    press(shown, "next")
    assert not shown.covered
    press(shown, "predict", True)
    assert (shown.covered, fields(shown)["predict"]["value"]) == (True, True)
    before = shown.sentence
    assert top_fields(shown)["reveal"]["label"] == "Reveal"
    press(shown, "reveal")
    assert (shown.covered, shown.sentence) == (False, before)
    press(shown, "predict", False)
    press(shown, "predict", True)
    assert shown.covered, "it begins anew"


def test_going_forward_the_value_is_guessed():
    shown = product()
    press(shown, "forward", True)
    shown.first()
    assert question(shown) == "Guess first: which value does `ab` get?"
    (node,) = [node for node in shown.picture.graph.nodes if node.name == "ab"]
    assert node.data is None
    shown.reveal()
    (node,) = [node for node in shown.picture.graph.nodes if node.name == "ab"]
    np.testing.assert_array_equal(node.data, [15.0])


def test_a_gradient_that_is_added_up_is_not_betrayed_before_the_sum():
    x = Tensor(np.ones((3, 2)), autograd=True)
    b = Tensor([10.0, 20.0], autograd=True)
    shown = BackwardStepper(x + b, names={"b": b}, predict=True)
    to_the_step_of(shown, "b")
    assert shown.walk.steps[shown.position - 1].summed
    assert "+3.00" not in told(shown)
    assert "not yet" in told(shown)
    shown.reveal()
    assert "+3.00" in told(shown)


def test_playing_asks_waits_and_answers(monkeypatch):
    monkeypatch.setitem(module.SPEEDS, "fast", 0.001)

    async def watch():
        shown = product()
        shown.speed = "fast"
        seen = []
        shown._top.observe(lambda _: seen.append((shown.position, shown.covered)), "fields")
        shown.play()
        await until(lambda: not shown.playing)
        return shown, seen

    shown, seen = on_a_loop(watch)
    asked = [(step, covered) for step in (2, 3, 4, 5) for covered in (True, False)]
    assert list(dict.fromkeys(seen)) == asked
    assert (len(shown.tour), shown.position, shown.covered) == (5, 5, False)


class Simple:
    """A learner's tensor whose calls are recorded."""

    def __init__(self, data, creators=None, creation_op=None):
        self.data, self.creators, self.creation_op = np.asarray(data, float), creators, creation_op
        self.grad = None

    def __neg__(self):
        return Simple(-self.data, [self], "neg")

    def backward(self, grad):
        self.grad = grad
        for creator in self.creators or ():
            creator.backward(-self.grad)


def test_calls_that_were_recorded_are_not_guessed():
    shown = BackwardStepper(trace_backward(-Simple([2.0]), np.ones(1)), predict=True)
    shown.last()
    assert not shown.covered
    assert fields(shown)["predict"]["disabled"]


@pytest.mark.parametrize("wrong", ["reveal", "predict"])
def test_where_there_is_nothing_to_walk_nothing_is_covered(wrong):
    x = Tensor([1.0], autograd=True)
    y = x.tanh()
    x.data = np.array([2.0])
    shown = BackwardStepper(y, predict=True)
    press(shown, wrong, True)
    assert (shown.covered, question(shown)) == (False, None)
