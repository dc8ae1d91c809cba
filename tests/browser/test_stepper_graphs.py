"""What the walk says of graphs other than a plain network: shared, stale, broken, long, hostile."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Locator, expect

from tests.browser.fixtures import FAILED, RESULTS
from tests.browser.lab import Lab, LabPage, LabServer, errors_text
from tests.browser.stepper_page import StepperPage

SETUP = """
import numpy as np
from gradwidgets import BackwardStepper, GraphView, Linear, MSELoss, Sequential, Tanh, Tensor
from gradwidgets import trace_backward
stepper = None
"""

# The seed's class, with the fault that makes a diamond go wrong.
DIAMOND = """
from tests.engine.seed_classes import Curves
x = Curves([0.3, -0.7], autograd=True)
h = x.tanh()
y = h.sigmoid() * h
y.backward(Curves(np.ones(2)))
"""

# The seed's first backward pass: right, but one array is the gradient of three tensors.
SHARED = """
from tests.engine.seed_classes import Calls
a, b = Calls([1.0, 2.0], verbose=False), Calls([2.0, 2.0], verbose=False)
c = a + b
c.backward(Calls([1.0, 1.0], verbose=False))
view = GraphView(c)
view
"""

BROKEN = """
class Mine:
    def __init__(self, data, creators=None, creation_op=None):
        self.data, self.creators, self.creation_op = np.array(data), creators, creation_op
        self.grad = None
    def tanh(self):
        return Mine(np.tanh(self.data), [self], "tanh")
    def backward(self, grad):
        self.grad = grad
        if self.creation_op == "tanh":
            self.creators[0].backward(grad * (ones - self.data ** 2))  # forgot to import it

a = Mine([0.5, 1.0])
b = a.tanh()
"""

# 101 layers of five steps each.
LONG = """
layers = []
for _ in range(101):
    layers += [Linear(1, 1), Tanh()]
model = Sequential(layers)
data, target = Tensor([[0.5], [1.0]], autograd=True), Tensor([[0.1], [0.2]], autograd=True)
loss = MSELoss()(model(data), target)
"""


@pytest.fixture(scope="module")
def notebook(lab_server: LabServer, browser_context: BrowserContext) -> Iterator[LabPage]:
    lab = Lab(lab_server, browser_context)
    notebook = lab.open([SETUP])
    notebook.run_all()
    yield notebook
    lab.close()


@pytest.fixture
def show(request: pytest.FixtureRequest, notebook: LabPage) -> Iterator[Callable[..., StepperPage]]:
    """Run code that makes a `stepper`, and show that alone."""

    def run(code: str) -> StepperPage:
        notebook.run_cell(f"{code}\nstepper")
        shown = StepperPage(notebook)
        expect(shown.root.locator("[data-node]")).not_to_have_count(0)
        return shown

    yield run
    if request.node.stash.get(FAILED, False):
        notebook.screenshot(RESULTS / f"{request.node.name}.png")
    notebook.kernel("if stepper is not None: stepper.close()")
    expect(notebook.page.locator(".gw-stepper")).to_have_count(0)
    errors = notebook.take_errors()
    assert not errors, errors_text(errors)


def test_a_tensor_with_three_users_waits_for_all_of_its_gradients(
    show: Callable[..., StepperPage],
) -> None:
    walk = show(
        "x = Tensor([2.0], autograd=True)\n"
        "y = x * x + x\n"
        "stepper = BackwardStepper(y)"
    )
    walk.focus()
    seen = []
    for step in range(1, 6):
        walk.expect_step(step, 5)
        if "Gradients of x" in walk.sheet.text_content():
            seen.append((walk.sheet.locator(".gw-sheet-text").first.text_content(),
                         walk.box(0).locator(".gw-number").all_text_contents()[-1],
                         "gw-partial" in walk.box(0).get_attribute("class")))  # fmt: skip
        walk.press("ArrowRight")
    assert [words for words, _, _ in seen] == [
        "1 of 3: waits for 2 more", "2 of 3: waits for one more", "3 of 3: complete"
    ]
    assert [total for _, total, _ in seen] == ["+1.00", "+3.00", "+5.00"]
    expect(walk.sentence).to_contain_text("Now all 3 gradients of x are in, and they are added.")
    lines = walk.sheet.locator(".gw-lines li").all_text_contents()
    assert [line[0] for line in lines] == ["✓", "✓", "●"]


def test_data_changed_since_the_forward_pass_is_said(show: Callable[..., StepperPage]) -> None:
    walk = show(
        "w = Tensor([2.0], autograd=True)\n"
        "loss = (w * w).sum(0)\n"
        "w.data = w.data - 0.1  # as an optimizer does\n"
        "stepper = BackwardStepper(loss)"
    )
    expect(walk.sentence).to_contain_text("numbers do not belong together")
    for name in ("First step", "Next step", "Play the walk", "Last step"):
        expect(walk.button(name)).to_be_disabled()
    expect(walk.slider).to_be_disabled()
    expect(walk.sheet.locator("table")).to_have_count(0)


def test_an_exception_of_the_learner_is_the_last_step_with_their_line(
    show: Callable[..., StepperPage],
) -> None:
    walk = show(f"{BROKEN}\nstepper = BackwardStepper(trace_backward(b, np.ones(2)))")
    walk.button("Last step").click()
    expect(walk.sentence).to_contain_text("NameError: name 'ones' is not defined")
    expect(walk.sentence).to_contain_text("b")
    line = walk.sheet.locator(".gw-formula").last
    expect(line).to_contain_text("self.creators[0].backward(grad * (ones - self.data ** 2))")
    expect(walk.button("Next step")).to_be_disabled()


def test_a_long_pass_is_in_layers_with_a_way_into_each(show: Callable[..., StepperPage]) -> None:
    walk = show(f"{LONG}\nstepper = BackwardStepper(loss)")
    count = int(walk.notebook.kernel("print(len(stepper.tour))"))
    assert count >= 500
    part = walk.root.get_by_label("Part of the walk")
    names = part.locator("option").all_text_contents()
    wanted = next(name for name in names if name.startswith("Layer 36:"))
    part.select_option(wanted)
    first = int(wanted.split(": ")[1].split("–")[0])
    walk.expect_step(first, count)
    expect(walk.sheet).to_contain_text("Layer 36")
    walk.button("Next step").click()
    walk.expect_step(first + 1, count)
    walk.button("Last step").click()
    walk.expect_step(count, count)
    expect(walk.sentence).to_contain_text("Layer 1 weight")


def test_a_long_pass_without_layers_is_in_stretches(show: Callable[..., StepperPage]) -> None:
    walk = show(
        "x = Tensor([0.5], autograd=True)\n"
        "y = x\nfor _ in range(500):\n    y = y.tanh()\n"
        "stepper = BackwardStepper(y)"
    )
    walk.root.get_by_label("Part of the walk").select_option("Steps: 251–275")
    walk.expect_step(251, 501)
    expect(walk.sentence).to_contain_text("it may pass it on through tanh")


@pytest.mark.parametrize("name", [
    "<img src=x onerror=alert(1)>",
    "\"]; evil",
    "{a|b}",
    "🙂 ثلاثة",
    "`${alert(1)}`",
])  # fmt: skip
def test_names_from_a_notebook_stay_text(show: Callable[..., StepperPage], name: str) -> None:
    walk = show(
        "x = Tensor([1.0], autograd=True)\n"
        "y = x.tanh()\n"
        f"stepper = BackwardStepper(y * x, names={{{name!r}: x, 'y': y}})"
    )
    told = name.replace("`", "'")
    walk.button("Last step").click()
    walk.expect_step(4, 4)
    for place in (walk.sentence, walk.sheet.locator(".gw-sheet-title").first):
        expect(place.locator(".gw-name", has_text=told).first).to_have_text(told)
    expect(walk.box(0)).to_contain_text(name)
    expect(walk.root.locator("img, script")).to_have_count(0)


def test_a_name_of_10_000_letters_leaves_room_for_the_sentence(
    show: Callable[..., StepperPage],
) -> None:
    walk = show(
        "x = Tensor([1.0], autograd=True)\n"
        "stepper = BackwardStepper(x.tanh(), names={'name' * 2500: x})"
    )
    walk.button("Next step").click()
    walk.expect_step(2, 2)
    expect(walk.sentence).to_contain_text("namename")
    assert walk.sentence.bounding_box()["height"] < 120


def test_the_seeds_diamond_shows_where_it_goes_wrong(
    show: Callable[..., StepperPage], notebook: LabPage
) -> None:
    walk = show(f"{DIAMOND}\nstepper = BackwardStepper(y)")
    wrong = walk.root.locator(".gw-wrong")
    expect(wrong).to_have_count(1)
    expect(wrong).to_contain_text("x")
    expect(wrong).to_contain_text("✗")
    remark = walk.root.locator(".gw-message-text")
    expect(remark).to_contain_text("[0.06525, −0.08765]; expected [0.589, 0.1366]")
    expect(remark).to_contain_text("passed on too early")
    expect(remark).to_contain_text("h handed its gradient on through tanh before both of its")
    walk.button("Last step").click()
    walk.expect_step(5, 5)
    right = walk.box(0).locator(".gw-number").all_text_contents()
    assert right[-2:] == ["+0.59", "+0.14"], "the steps are those of the rules"


def test_the_seeds_diamond_shows_in_a_graph_too(notebook: LabPage) -> None:
    notebook.run_cell(f"{DIAMOND}\nview = GraphView(y)\nview")
    view = notebook.page.locator(".gw-graph-view").last
    wrong = view.locator(".gw-wrong")
    expect(wrong).to_have_count(1)
    assert wrong.locator(".gw-number").all_text_contents() == ["+0.30", "−0.70", "+0.07", "−0.09"]
    expect(view).to_contain_text("The gradient of x is [0.06525, −0.08765]; expected")
    expect(view).to_contain_text("passed on too early")
    bar = view.locator(".gw-wrong-box")
    expect(bar.locator(".gw-message-sign")).to_have_text("✗")
    assert bar.evaluate("one => getComputedStyle(one).fontSize") == "13px"
    assert colour(bar, "borderLeftColor") == colour(wrong.locator(".gw-frame"), "stroke")
    assert bar.bounding_box()["y"] < view.locator(".gw-stage").bounding_box()["y"]
    where = view.locator(".gw-stage").bounding_box()
    assert wrong.locator(".gw-state").bounding_box()["y"] > where["y"], "the sign is not cut off"


def test_what_is_about_to_go_wrong_looks_otherwise(notebook: LabPage) -> None:
    notebook.run_cell(SHARED)
    view = notebook.page.locator(".gw-graph-view").last
    warned = view.locator(".gw-warned")
    expect(warned).to_have_count(1)
    expect(warned).to_contain_text("!")
    expect(view.locator(".gw-wrong, .gw-wrong-box")).to_have_count(0)
    bar = view.locator(".gw-warning-box")
    expect(bar).to_contain_text("The gradient of b is right so far: [1, 1]. The array is shared")
    expect(bar.locator(".gw-message-sign")).to_have_text("!")
    assert colour(bar, "borderLeftColor") == colour(warned.locator(".gw-frame"), "stroke")


def colour(part: Locator, name: str) -> str:
    return part.evaluate("(one, name) => getComputedStyle(one)[name]", name)
