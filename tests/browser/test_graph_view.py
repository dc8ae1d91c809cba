"""A graph view outside of a playground: its controls, the wheel, live updates, colours, sizes."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import expect

from tests.browser.graph_page import GraphPage, check_numbers

# Every operation once, each with a scalar of its own in the sum at the end.
EVERY_OPERATION = """
from gradwidgets.core.ops import OPS, find_op
p = Tensor([[0.5, 1.5, 0.75], [1.25, 0.25, 2.0]], autograd=True)
q = Tensor([[1.5, 0.5, 1.25], [0.75, 2.5, 1.0]], autograd=True)
share = Tensor([[0.2, 0.9, 0.4], [0.6, 0.1, 0.7]], autograd=True)
target = Tensor([[0.0, 1.0, 1.0], [1.0, 0.0, 1.0]])

def every_operation():
    made = [
        p + q, p - q, p * q, p / q, -p, p ** 2, p ** q, p.exp(), q.log(), p.mm(q.transpose()),
        p.tanh(), p.sigmoid(), (p - q).relu(), (p - q).leaky_relu(), p.softmax(1),
        q.log_softmax(1), p.sum(0), q.mean(1), p.max(1), p.expand(0, 4), q.reshape(3, 2), p[0],
        p.concat(q, 0), share.bce(target), q.weigh(share).bce_logits(target),
    ]
    total = made[0].mean()
    for one in made[1:]:
        total = total + one.mean()
    return total

total = every_operation()
total.backward()
view.detail = "operations"
view.update(total)
"""

ANOTHER_STEP = """
for tensor in (p, q, share):
    tensor.data = tensor.data * 0.875
    tensor.grad = None
total = every_operation()
total.backward()
view.update(total)
"""

# What the inspector should show of a node: shape, reason, values, gradient.
TOLD = """
from gradwidgets.engine.graph.snapshot import tensors_in
told = {}
def rows(array):
    return numbers.cells(array.reshape(-1, array.shape[-1] if array.ndim else 1)[:8])
for index, tensor in enumerate(tensors_in(total)):
    if tensor.creation_op is not None:
        told[tensor.creation_op] = [
            index, find_op(tensor.creation_op)[0].reason,
            rows(tensor.data), rows(tensor.grad.data),
        ]
print(json.dumps(told))
"""

REPEATED = """
def repeated(times):
    value = start = Tensor([0.5, -1.0], autograd=True)
    for _ in range(times):
        value = (value * 0.5 + start).tanh()
    return value.sum()
"""

# Nothing in it repeats, so nothing can be put together. Two of its leaves are not used.
IRREGULAR = """
def irregular(count):
    rng = np.random.default_rng(0)
    made = [Tensor(rng.normal(size=2), autograd=True) for _ in range(4)]
    while len(made) < count - 1:
        left = made[-1]
        kind = rng.integers(4)
        made.append(left.tanh() if kind == 0 else left.sigmoid() if kind == 1
                    else left + made[-int(rng.integers(2, 5))] if kind == 2
                    else left * made[-int(rng.integers(2, 5))])
    return made[-1].sum()
"""


# Keys of somebody who waits for nothing: no answer of the kernel comes between them.
PRESS = """
(keys) => {
    for (const key of keys)
        document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true}));
}
"""


def test_the_detail_that_is_shown_stands_out(graph: GraphPage) -> None:
    background = "el => getComputedStyle(el).backgroundColor"
    chosen = graph.root.locator(".gw-choice-item", has_text="Auto")
    other = graph.root.locator(".gw-choice-item", has_text="Layers")
    assert chosen.evaluate(background) != other.evaluate(background) == "rgba(0, 0, 0, 0)"
    other.click()
    expect(chosen).to_have_css("background-color", "rgba(0, 0, 0, 0)")
    assert other.evaluate(background) != "rgba(0, 0, 0, 0)"
    undefined = graph.root.evaluate(
        "el => ['accent', 'on-accent', 'line', 'text', 'muted', 'ground'].filter("
        "name => !getComputedStyle(el).getPropertyValue(`--gw-${name}`))"
    )
    assert undefined == []


def test_the_wheel_alone_scrolls_the_page_and_a_hint_says_how_to_zoom(graph: GraphPage) -> None:
    notebook = graph.page.locator(".jp-WindowedPanel-outer:visible")
    notebook.evaluate("el => { el.scrollTop = 0; }")
    before = graph.layer.get_attribute("transform")
    hint = graph.root.locator(".gw-wheel-hint")
    expect(hint).to_be_hidden()
    box = graph.stage.bounding_box()
    graph.page.mouse.move(box["x"] + 30, box["y"] + 30)
    graph.page.mouse.wheel(0, 60)
    expect(hint).to_be_visible()
    expect(hint).to_have_text(re.compile(r"^(Ctrl|⌘) \+ wheel zooms"))
    graph.page.wait_for_function("el => el.scrollTop > 30", arg=notebook.element_handle())
    assert graph.layer.get_attribute("transform") == before
    expect(hint).to_be_hidden()


def test_the_wheel_with_a_key_zooms_around_the_pointer(graph: GraphPage) -> None:
    before = graph.layer.get_attribute("transform")
    graph.nodes.first.hover()
    box = graph.nodes.first.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    graph.page.mouse.move(x, y)
    graph.page.keyboard.down("Control")
    graph.page.mouse.wheel(0, -200)
    graph.page.keyboard.up("Control")
    expect(graph.layer).not_to_have_attribute("transform", before)
    after = graph.nodes.first.bounding_box()
    assert after["width"] / box["width"] == pytest.approx(2.718281828 ** (200 * 0.0016), rel=0.02)
    assert after["x"] + after["width"] / 2 == pytest.approx(x, abs=1.5)
    assert after["y"] + after["height"] / 2 == pytest.approx(y, abs=1.5)
    expect(graph.root.locator(".gw-wheel-hint")).to_be_hidden()


@pytest.mark.parametrize("way", ["a click beside the boxes", "Tab"])
def test_the_wheel_zooms_where_somebody_works_in_the_graph(graph: GraphPage, way: str) -> None:
    before = graph.layer.get_attribute("transform")
    if way == "Tab":
        graph.root.get_by_role("radio", name="Auto").focus()
        graph.page.keyboard.press("Tab")
    else:
        graph.stage.click(position={"x": 12, "y": 60})
    expect(graph.nodes.and_(graph.page.locator(":focus"))).to_have_count(1)  # no stop before it
    expect(graph.drawer).to_be_hidden()
    graph.stage.hover(position={"x": 12, "y": 60})
    graph.page.mouse.wheel(0, -200)
    expect(graph.layer).not_to_have_attribute("transform", before)


def test_the_buttons_say_how_the_wheel_zooms(graph: GraphPage) -> None:
    for name in ("Zoom in", "Zoom out"):
        title = graph.button(name).get_attribute("title")
        assert re.match(rf"{name} \((Ctrl|⌘) \+ wheel", title)


def test_the_tools_can_be_used_while_the_inspector_is_open(graph: GraphPage) -> None:
    graph.node("mm").click()
    expect(graph.drawer).to_be_visible()
    before = graph.layer.get_attribute("transform")
    graph.button("Zoom in").click()
    expect(graph.layer).not_to_have_attribute("transform", before)
    graph.choose("Colour by size of the gradient")
    expect(graph.root.locator(".gw-by-gradient")).to_have_count(1)
    drawer, legend = graph.drawer.bounding_box(), graph.root.locator(".gw-legend").bounding_box()
    assert drawer["y"] + drawer["height"] <= legend["y"] + 1


def test_an_update_keeps_zoom_place_and_selection(graph: GraphPage) -> None:
    graph.node("w").click()
    expect(graph.drawer).to_contain_text("10×3")
    graph.button("Zoom in").click()
    graph.button("Zoom in").click()
    box = graph.stage.bounding_box()
    graph.page.mouse.move(box["x"] + 40, box["y"] + 80)
    graph.page.mouse.down()
    graph.page.mouse.move(box["x"] + 90, box["y"] + 60, steps=4)
    graph.page.mouse.up()
    place, shown = graph.layer.get_attribute("transform"), graph.tables()
    graph.update(
        "w.data[...] = w.data - 0.5; w.grad = b.grad = None\n"
        "h, y = forward(); y.backward(); view.update(y)"
    )
    values = json.loads(graph.kernel("print(json.dumps(numbers.cells(w.data[:8])))"))
    gradient = json.loads(graph.kernel("print(json.dumps(numbers.cells(w.grad.data[:8])))"))
    graph.page.wait_for_function(
        "([el, first]) => el.querySelector('td').textContent === first",
        arg=[graph.drawer.element_handle(), values[0]],
    )
    assert graph.tables()[:2] == [values, gradient] != shown[:2]
    assert graph.layer.get_attribute("transform") == place
    assert graph.root.locator(".gw-selected .gw-title").text_content() == "w"
    check_numbers(graph)


def test_another_graph_is_shown_whole_with_nothing_selected(graph: GraphPage) -> None:
    graph.node("w").click()
    expect(graph.drawer).to_be_visible()
    graph.update("view.update((b * b).sum())")
    expect(graph.nodes).to_have_count(3)
    expect(graph.drawer).to_be_hidden()
    expect(graph.root.locator(".gw-selected")).to_have_count(0)


def test_the_numbers_of_every_operation_are_those_of_the_tensors(graph: GraphPage) -> None:
    graph.update(EVERY_OPERATION)
    there = json.loads(graph.kernel(
        "from gradwidgets.engine.graph.snapshot import tensors_in\n"
        "print(json.dumps(sorted({find_op(t.creation_op)[0].name for t in tensors_in(total)"
        " if t.creation_op})))"
    ))
    assert there == sorted(json.loads(graph.kernel("print(json.dumps(list(OPS)))")))
    before = check_numbers(graph)
    graph.update(ANOTHER_STEP)
    assert check_numbers(graph) == before


def test_the_inspector_tells_of_every_operation(graph: GraphPage) -> None:
    graph.update(EVERY_OPERATION)
    for op, (index, reason, values, gradient) in json.loads(graph.kernel(TOLD)).items():
        graph.update(f"view.picture.selected = {index}")
        expect(graph.fact("made by")).to_have_text(op)
        expect(graph.drawer.get_by_text(reason, exact=True)).to_be_visible()
        expect(graph.drawer.locator(".gw-formula")).to_contain_text("y = ")
        expect(graph.drawer.locator(".gw-formula")).to_contain_text("receives")
        assert graph.tables()[:2] == [values, gradient], op
    graph.update(ANOTHER_STEP)
    _, _, values, gradient = json.loads(graph.kernel(TOLD))[op]
    graph.page.wait_for_function(
        "([el, first]) => el.querySelector('td').textContent === first",
        arg=[graph.drawer.element_handle(), values[0]],
    )
    assert graph.tables()[:2] == [values, gradient]


def test_the_mouse_selects_and_hovering_names_a_tensor(graph: GraphPage) -> None:
    assert graph.node("w").locator("> title").text_content() == "w · 10×3"
    assert graph.node("h").locator("> title").text_content() == "h · tanh · 12×3"
    graph.node("h").click()
    title = graph.drawer.locator(".gw-sheet-title").first
    expect(title).to_have_text("h")
    expect(graph.node("h")).to_have_attribute("aria-current", "true")
    expect(graph.fact("kind")).to_have_text("intermediate")
    expect(graph.fact("shape")).to_have_text("12×3")
    expect(graph.fact("type of number")).to_have_text("float64")
    # the values, the gradient, the two contributions to it and their sum
    expect(graph.drawer.get_by_text("rows 1–8 of 12")).to_have_count(5)
    told = json.loads(graph.kernel(
        "print(json.dumps([numbers.cell(v) for v in"
        " (h.data.min(), h.data.mean(), h.data.max(), h.data.std())]))"
    ))
    expect(graph.fact("min, mean, max")).to_have_text(re.compile(r"\s+".join(
        re.escape(number) for number in told[:3]
    )))
    expect(graph.fact("standard deviation")).to_have_text(told[3].lstrip("+"))
    expect(graph.drawer.locator(".gw-formula")).to_contain_text("y = tanh(x)")
    expect(graph.drawer.locator(".gw-formula")).to_contain_text("x receives g × (1 − y²)")


def test_the_gradients_that_arrived_are_listed_and_add_up(graph: GraphPage) -> None:
    graph.update(
        "u = Tensor([0.3, -0.7], autograd=True)\n"
        "v = (u.sigmoid() * u).sum()\nv.backward()\nview.update(v)"
    )
    graph.node("u").click()
    lines = graph.drawer.locator(".gw-lines li")
    expect(lines).to_have_count(2)
    told = json.loads(graph.kernel(
        "s = 1 / (1 + np.exp(-u.data))\n"
        "print(json.dumps([numbers.cells(a) for a in"
        " (s * (1 - s) * u.data, s, u.grad.data)]))"
    ))
    expect(lines.nth(0)).to_contain_text(", ".join(told[0]))
    expect(lines.nth(1)).to_contain_text(", ".join(told[1]))
    expect(graph.drawer.get_by_text("Added up, these are its gradient.")).to_be_visible()
    equation = graph.drawer.locator(".gw-equation")
    assert equation.locator(".gw-sign").all_text_contents() == ["+", "="]
    shown = equation.locator("table")
    assert [shown.nth(i).locator("td").all_text_contents() for i in range(3)] == told


def test_arrow_keys_go_through_the_tensors_and_the_inspector_follows(graph: GraphPage) -> None:
    graph.stage.click(position={"x": 12, "y": 60})
    graph.page.keyboard.press("Home")
    seen = []
    for _ in range(graph.nodes.count()):
        focus = graph.page.locator(":focus")
        seen.append(focus.locator(".gw-title").text_content())
        graph.page.keyboard.press("ArrowDown")
    assert sorted(seen) == sorted(graph.nodes.locator(".gw-title").all_text_contents())
    graph.page.keyboard.press("End")
    graph.page.keyboard.press("Enter")
    expect(graph.drawer.locator(".gw-sheet-title").first).to_have_text("y")
    graph.page.keyboard.press("ArrowUp")
    expect(graph.fact("made by")).to_have_text("sum_0")
    graph.page.keyboard.press("Escape")
    expect(graph.drawer).to_be_hidden()


def test_the_inspector_follows_keys_that_come_before_it_is_there(graph: GraphPage) -> None:
    graph.stage.click(position={"x": 12, "y": 60})
    graph.page.evaluate(PRESS, ["End", "Enter", "ArrowUp"])
    expect(graph.fact("made by")).to_have_text("sum_0")
    graph.page.evaluate(PRESS, ["Escape"])
    expect(graph.drawer).to_be_hidden()


def test_a_link_in_the_inspector_leads_to_the_tensor(graph: GraphPage) -> None:
    graph.node("h").click()
    graph.drawer.get_by_role("group", name="Made of").get_by_role("button").first.click()
    expect(graph.fact("made by")).to_have_text("add")
    assert graph.root.locator(".gw-selected .gw-title").text_content() == "add"


def test_the_outline_tells_the_graph_in_the_order_of_computation(graph: GraphPage) -> None:
    outline = graph.graph.get_by_role("list", name="Outline of the graph")
    lines = outline.get_by_role("listitem").all_text_contents()
    assert lines == [
        "x, input without gradient, shape 12×10.",
        "w, parameter, shape 10×3.",
        "mm (no. 3), intermediate, shape 12×3. Made by mm of x, w.",
        "b, parameter, shape 3.",
        "add (no. 5), intermediate, shape 12×3. Made by add of mm (no. 3), b.",
        "h, intermediate, shape 12×3. Made by tanh of add (no. 5).",
        "sigmoid (no. 7), intermediate, shape 12×3. Made by sigmoid of h.",
        "mul (no. 8), intermediate, shape 12×3. Made by mul of sigmoid (no. 7), h.",
        "sum_0 (no. 9), intermediate, shape 3. Made by sum_0 of mul (no. 8).",
        "y, result, shape 1 number. Made by mean of sum_0 (no. 9).",
    ]


FILLS = """
root => [...root.querySelectorAll("[data-node]")].map(
    box => getComputedStyle(box.querySelector(".gw-frame:not(.gw-stack)")).fill)
"""


def test_boxes_are_coloured_by_the_size_of_their_gradient(graph: GraphPage) -> None:
    legend = graph.root.locator(".gw-legend")
    by_value = graph.root.evaluate(FILLS)
    expect(legend.get_by_text("+1", exact=True)).to_be_visible()
    graph.choose("Colour by size of the gradient")
    expect(legend.get_by_text("10⁻⁶")).to_be_visible()
    expect(legend.get_by_text("+1", exact=True)).to_be_hidden()
    assert "none" not in by_value and by_value[1] == by_value[3] != by_value[0]  # parameters
    by_gradient = graph.root.evaluate(FILLS)
    assert by_gradient[0] == "none"  # x takes no gradient
    assert all(one != other for one, other in zip(by_value, by_gradient, strict=True))
    graph.button("More").click()
    checked = graph.root.get_by_role("menuitemradio", checked=True)
    expect(checked).to_have_text("Colour by size of the gradient")
    graph.page.keyboard.press("Escape")
    graph.update("view.update(40 * y)")  # no gradient has come to this one yet
    assert graph.root.evaluate(FILLS)[-1] == "none"
    graph.update("view.update(y)")
    assert graph.root.evaluate(FILLS) == by_gradient
    graph.choose("Colour by value")
    expect(legend.get_by_text("10⁻⁶")).to_be_hidden()
    assert graph.root.evaluate(FILLS) == by_value


LOOKS = """
root => {
    const colour = (name, property) => {
        const el = root.querySelector(name);
        return el ? getComputedStyle(el)[property] : "";
    };
    return {
        ground: getComputedStyle(root.ownerDocument.body).getPropertyValue("--jp-layout-color0"),
        title: colour(".gw-title", "fill"), frame: colour(".gw-input .gw-frame", "stroke"),
        parameter: colour(".gw-parameter .gw-frame", "stroke"),
        text: colour(".gw-drawer h4", "color"),
        cell: colour(".gw-drawer td", "backgroundColor"),
    };
}
"""


def test_the_graph_follows_the_theme(graph: GraphPage) -> None:
    graph.node("w").click()
    expect(graph.drawer).to_be_visible()
    light = graph.root.evaluate(LOOKS)
    try:
        graph.notebook.set_theme("dark")
        graph.page.wait_for_function(
            "([root, before]) => getComputedStyle(root.querySelector('.gw-title')).fill !== before",
            arg=[graph.root.element_handle(), light["title"]],
        )
        dark = graph.root.evaluate(LOOKS)
        assert all(light[part] != dark[part] for part in light), (light, dark)
        assert _lightness(dark["title"]) > 180 > 80 > _lightness(light["title"])
    finally:
        graph.notebook.set_theme("light")


def _lightness(colour: str) -> float:
    red, green, blue = map(float, re.findall(r"[\d.]+", colour)[:3])
    return (red + green + blue) / 3


def test_full_screen_shows_the_whole_graph_and_escape_comes_back(graph: GraphPage) -> None:
    size = graph.stage.bounding_box()
    button = graph.button("Full screen")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    graph.page.wait_for_function("document.fullscreenElement?.matches('.gw-graph-view')")
    graph.page.wait_for_function(
        "([el, height]) => el.getBoundingClientRect().height > height + 50",
        arg=[graph.stage.element_handle(), size["height"]],
    )
    graph.node("w").click()
    expect(graph.drawer).to_be_visible()
    graph.page.keyboard.press("Escape")
    expect(graph.drawer).to_be_hidden()  # first what is open in it
    graph.page.keyboard.press("Escape")
    expect(button).to_have_attribute("aria-pressed", "false")
    assert graph.page.evaluate("document.fullscreenElement") is None
    assert graph.stage.bounding_box()["height"] == pytest.approx(size["height"], abs=1)


def test_a_thousand_tensors_are_drawn_and_the_page_answers(graph: GraphPage) -> None:
    graph.update(IRREGULAR + "view.detail = 'operations'\nview.update(irregular(1002))")
    expect(graph.nodes).to_have_count(1000)
    graph.nodes.first.click()
    expect(graph.drawer).to_be_visible()
    expect(graph.fact("shape")).to_have_text("2")
    check_numbers(graph, in_sight=5)
    graph.page.keyboard.press("End")
    expect(graph.nodes.last.locator(".gw-title")).to_have_text("sum")
    check_numbers(graph, in_sight=5)


def test_ten_thousand_tensors_are_folded_and_the_fold_can_be_read(graph: GraphPage) -> None:
    graph.update(REPEATED + "view.update(repeated(2500))")
    caption = graph.root.locator(".gw-caption")
    expect(caption).to_contain_text("10 002 tensors. What repeats is folded: × 12 means")
    fold = graph.root.locator(".gw-fold")
    expect(fold).to_have_count(1)
    expect(fold.locator(".gw-heading")).to_have_text("× 2500")
    expect(fold).to_contain_text("10 000 tensors")
    expect(fold).to_have_attribute("aria-label", re.compile("^2500 times the same: "))
    fold.click()
    expect(graph.drawer).to_be_visible()
    expect(graph.fact("made by")).to_have_text("tanh")
    graph.update("view.detail = 'layers'; view.update(repeated(12))")
    expect(fold.locator(".gw-heading")).to_have_text("× 12")
    expect(graph.drawer).to_be_hidden()


def test_a_small_graph_takes_no_more_height_than_it_needs(graph):
    large = graph.stage.bounding_box()["height"]
    graph.kernel("view.update(Tensor([1.0, 2.0]))")
    expect(graph.stage.locator("[data-node]")).to_have_count(1)
    graph.notebook.page.wait_for_function(
        "([el, height]) => el.getBoundingClientRect().height < height - 50",
        arg=[graph.stage.element_handle(), large],
    )
    small = graph.stage.bounding_box()
    box = graph.stage.locator("[data-node]").bounding_box()
    assert small["height"] >= 200
    assert box["y"] >= small["y"]
    assert box["y"] + box["height"] <= small["y"] + small["height"]
