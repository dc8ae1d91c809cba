"""The numbers in the graph are the numbers in the tensors."""

from __future__ import annotations

import json

from playwright.sync_api import expect

from tests.browser.graph_page import agree
from tests.browser.lab import Lab
from tests.browser.playground_page import PlaygroundPage

# In the kernel: recompute the step by hand from the weights before its update, with NumPy alone.
RECOMPUTE = """
import json
import numpy as np
from gradwidgets.views.kit import numbers

graph = playground.trainer.last_step.graph
by_name = {node.name: node for node in graph.nodes if node.name}
x, y = by_name["input"].data, by_name["target"].data
w1, b1 = by_name["Layer 1 weight"].data, by_name["Layer 1 bias"].data
w2, b2 = by_name["Layer 2 weight"].data, by_name["Layer 2 bias"].data
hidden = np.tanh(x @ w1 + b1)
prediction = np.tanh(hidden @ w2 + b2)
loss = ((prediction - y) ** 2).mean(0).sum()
d_prediction = 2 * (prediction - y) / len(x)
d_out = d_prediction * (1 - prediction ** 2)
d_hidden = d_out @ w2.T
d_in = d_hidden * (1 - hidden ** 2)
expected = {
    "Layer 1 weight": [w1, x.T @ d_in], "Layer 1 bias": [b1, d_in.sum(0)],
    "Layer 2 weight": [w2, hidden.T @ d_out], "Layer 2 bias": [b2, d_out.sum(0)],
    "prediction": [prediction, d_prediction], "target": [y], "loss": [loss, np.ones(())],
    "input": [x],
}
print(json.dumps({
    "nodes": {name: node.index for name, node in by_name.items()},
    "values": {name: [np.ravel(a).tolist() for a in arrays] for name, arrays in expected.items()},
}))
"""


# A class whose author has forgotten nothing but a sign.
LEARNERS = """
import numpy as np
import gradwidgets

class Mine:
    def __init__(self, data, creators=None, creation_op=None):
        self.data, self.creators, self.creation_op = np.array(data), creators, creation_op
        self.grad = None
    def __add__(self, other):
        return Mine(self.data + other.data, [self, other], "add")
    def backward(self, grad):
        self.grad = grad
        if self.creation_op == "add":
            self.creators[0].backward(Mine(-grad.data))
            self.creators[1].backward(grad)

x, y = Mine([1.0, 2.0]), Mine([3.0, 4.0])
z = x + y
z.backward(Mine([1.0, 1.0]))
gradwidgets.GraphView(z)
"""


def test_every_number_in_the_graph_is_that_of_the_step(playground: PlaygroundPage) -> None:
    playground.root.get_by_text("Operations", exact=True).click()
    playground.play()
    playground.wait_for_step(300)
    playground.pause()
    playground.wait_until_still()
    told = json.loads(playground.kernel(RECOMPUTE))
    texts = playground.graph_texts()
    for name, arrays in told["values"].items():
        shown = texts[f"n{told['nodes'][name]}"]
        expected_count = sum(len(a) if len(a) <= 16 else 3 for a in arrays)
        assert len(shown) == expected_count, name
        for values in arrays:
            count = len(values) if len(values) <= 16 else 3
            assert agree(shown[:count], values), f"{name}: {shown[:count]} but {values}"
            shown = shown[count:]


def test_all_nodes_of_the_graph_agree_with_the_snapshot(playground: PlaygroundPage) -> None:
    playground.kernel("playground.set_spec(gradwidgets.Spec.suited('xor'))")
    playground.root.get_by_text("Operations", exact=True).click()
    playground.play()
    playground.wait_for_step(100)
    playground.pause()
    playground.wait_until_still()
    nodes = json.loads(playground.kernel(
        "import json, numpy as np\n"
        "print(json.dumps([[np.ravel(a).tolist() for a in (n.data, n.grad) if a is not None]"
        " for n in playground.trainer.last_step.graph.nodes]))"
    ))
    texts = playground.graph_texts()
    assert len(texts) == len(nodes)
    for index, arrays in enumerate(nodes):
        shown = texts[f"n{index}"]
        for values in arrays:
            count = len(values) if len(values) <= 16 else 3
            assert agree(shown[:count], values)
            shown = shown[count:]
        assert shown == []


def test_layers_show_the_parameters_as_the_builder_counts(playground: PlaygroundPage) -> None:
    graph = playground.picture("Backward graph")
    expect(graph.get_by_text("Layer 1", exact=True)).to_be_visible()
    expect(graph.get_by_text("Layer 2", exact=True)).to_be_visible()
    playground.root.get_by_text("Operations", exact=True).click()
    expect(graph.get_by_text("Layer 2 weight", exact=True)).to_be_attached()
    expect(graph.get_by_text("prediction", exact=True)).to_be_attached()


def test_nodes_are_read_with_the_arrow_keys(playground: PlaygroundPage) -> None:
    playground.button("Step").click()
    playground.wait_for_step(1)
    nodes = playground.picture("Backward graph").locator("[data-node]")
    playground.root.get_by_text("Operations", exact=True).click()
    expect(nodes).to_have_count(16)
    playground.picture("Backward graph").locator("[data-node][tabindex='0']").focus()
    said = []
    for _ in range(nodes.count() - 1):
        playground.page.keyboard.press("ArrowDown")
        said.append(playground.page.evaluate("document.activeElement.getAttribute('aria-label')"))
    assert len(set(said)) == len(said)
    assert any(label.startswith("loss, result") and "gradient: +1.00" in label for label in said)


def test_zoom_pan_and_fit(playground: PlaygroundPage) -> None:
    layer = playground.root.locator(".gw-svg > g")
    fitted = layer.get_attribute("transform")
    box = playground.root.locator(".gw-stage").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    mouse = playground.page.mouse
    mouse.move(x, y)
    playground.page.keyboard.down("Control")  # without it the wheel scrolls the page
    mouse.wheel(0, -300)
    playground.page.keyboard.up("Control")
    expect(layer).not_to_have_attribute("transform", fitted)
    zoomed = layer.get_attribute("transform")
    mouse.down()
    mouse.move(x + 60, y + 30, steps=4)
    mouse.up()
    expect(layer).not_to_have_attribute("transform", zoomed)
    playground.button("Fit the graph").click()
    expect(layer).to_have_attribute("transform", fitted)


def test_a_graph_of_any_tensor(lab: Lab) -> None:
    notebook = lab.open([
        "import gradwidgets\nx = gradwidgets.Tensor([1.0, -2.0], autograd=True)\n"
        "y = (x * x).sum()\ny.backward()\nview = gradwidgets.GraphView(y, names={'x': x})\nview",
    ])
    notebook.run_all()
    graph = notebook.page.get_by_role("group", name="Backward graph")
    expect(graph.locator("[data-node]")).to_have_count(3)
    expect(graph.locator(".gw-edge")).to_have_count(3)
    shown = PlaygroundPage(notebook)
    shown.root = notebook.page.locator("body")
    assert shown.graph_texts()["n0"] == ["+1.00", "−2.00", "+2.00", "−4.00"]


def test_a_click_opens_the_inspector_with_the_numbers_of_the_step(
    playground: PlaygroundPage,
) -> None:
    playground.button("Step").click()
    playground.wait_for_step(1)
    playground.wait_until_still()
    drawer = playground.root.locator(".gw-drawer")
    expect(drawer).not_to_be_visible()
    playground.picture("Backward graph").locator("[data-node]").nth(1).click()
    expect(drawer).to_be_visible()
    expect(drawer).to_contain_text("Layer 1 weight")
    expect(drawer).to_contain_text("0.weight")
    values, gradient = json.loads(playground.kernel(
        "import json; from gradwidgets.views.kit import numbers\n"
        "node = next(n for n in playground.trainer.last_step.graph.nodes"
        " if n.name == 'Layer 1 weight')\n"
        "print(json.dumps([numbers.cells(node.data), numbers.cells(node.grad)]))"
    ))
    tables = drawer.locator("table")
    assert tables.nth(0).locator("td").all_text_contents() == values
    assert tables.nth(1).locator("td").all_text_contents() == gradient
    drawer.get_by_role("button", name="Close").click()
    expect(drawer).not_to_be_visible()


def test_a_long_number_stays_within_its_cell(playground: PlaygroundPage) -> None:
    playground.kernel(
        "playground.trainer.model.get_parameters()[0].data[0, 0] = -5.1e-111; playground.step()"
    )
    playground.wait_for_step(1)
    number = playground.root.locator(".gw-number", has_text="−5e-111")
    box, cell = number.bounding_box(), number.locator("xpath=preceding-sibling::*[1]").bounding_box()
    assert cell["x"] <= box["x"] and box["x"] + box["width"] <= cell["x"] + cell["width"]


def test_a_wrong_gradient_of_a_learners_class_is_marked_and_explained(lab: Lab) -> None:
    notebook = lab.open([LEARNERS])
    notebook.run_all()
    graph = notebook.page.get_by_role("group", name="Backward graph")
    wrong = graph.locator(".gw-wrong")
    expect(wrong).to_have_count(1)
    expect(wrong).to_contain_text("x")
    words = notebook.page.get_by_text("Likeliest: the sign is turned in the rule of add")
    expect(words).to_contain_text("The gradient of x is [−1, −1]; expected [1, 1].")
