"""Every widget is for everyone: axe-core, the keyboard alone, a narrow page, a screen reader."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.every_widget import CELLS, EveryWidget, open_every_widget
from tests.browser.focus import focus_faults
from tests.browser.lab import Lab, LabServer, errors_text
from tests.browser.playground_page import PlaygroundPage

# What can be pressed, chosen or typed into; a label around a box is part of its target.
CONTROLS = """
root => [...root.querySelectorAll("button, select, input, a[href], [tabindex='0']")].filter(el =>
    el.checkVisibility({ visibilityProperty: true }) && !el.disabled && el.type !== "file"
    && el.tabIndex >= 0)
"""

# Controls whose target is smaller than 24 pixels, but for links in a sentence.
# Source: WCAG 2.2, success criterion 2.5.8.
SMALL = f"""
root => ({CONTROLS})(root).filter(el => el.tagName !== "A")
    .map(el => [el, el.closest("label") ?? el].map(one => one.getBoundingClientRect()))
    .filter(boxes => !boxes.some(box => Math.min(box.width, box.height) >= 23.99))
    .map(([box]) => `${{box.width}} x ${{box.height}}`)
"""

# Controls that a narrow page cuts off.
CUT_OFF = f"""
async root => {{
    root.style.width = "312px"; // of 320 pixels, without JupyterLab's own margins
    for (let i = 0; i < 3; i += 1) await new Promise(requestAnimationFrame);
    const {{ left, right }} = root.getBoundingClientRect();
    const cut = ({CONTROLS})(root).filter(el => !el.closest(".gw-stage, .gw-figure-table"))
        .filter(el => {{
            const box = el.getBoundingClientRect();
            return box.left < left - 1 || box.right > right + 1;
        }})
        .map(el => el.outerHTML.slice(0, 120));
    root.style.width = "";
    return cut;
}}
"""

# The controls in the order of the page, of a group of radio buttons the chosen one.
STOPS = f"""
root => ({CONTROLS})(root).filter(el => el.type !== "radio" || el.checked
    || !root.querySelector(`input[name="${{el.name}}"]:checked`)
       && root.querySelector(`input[name="${{el.name}}"]`) === el)
"""

# Where the focus is among these, and whether something shows it.
FOCUS = f"""
root => {{
    const el = document.activeElement;
    if (!root.contains(el)) return null;
    const ring = el.querySelector(":scope > .gw-focus");
    const shown = [el, el.closest("label")].filter(Boolean).some(one => {{
        const style = getComputedStyle(one);
        return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    }}) || ring !== null && ring.checkVisibility() && getComputedStyle(ring).stroke !== "none";
    return [({STOPS})(root).indexOf(el), shown, el.outerHTML.slice(0, 120)];
}}
"""

# Controls of which nothing shows where the system chooses the colours: neither text nor border.
UNSEEN = f"""
root => ({CONTROLS})(root).filter(el => {{
    const style = getComputedStyle(el.closest("label") ?? el);
    const native = ["checkbox", "radio", "range"].includes(el.type)
        && getComputedStyle(el).appearance !== "none" && !el.matches(".gw-hidden");
    return !native && !(el.closest("label") ?? el).textContent.trim()
        && !(style.borderTopStyle !== "none" && parseFloat(style.borderTopWidth) >= 1)
        && !el.matches("[data-node], .gw-sheet-root");
}}).map(el => el.outerHTML.slice(0, 120))
"""

# The colours of the elements that fit, as the page shows them: the ground, or another property.
COLOURS = """
([root, places, property]) => places.map(place => {
    const canvas = document.createElement("canvas").getContext("2d");
    for (const colour of [getComputedStyle(document.body).backgroundColor,
                          getComputedStyle(root.querySelector(place))[property]]) {
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
    }
    return [...canvas.getImageData(0, 0, 1, 1).data];
})
"""

# How often what a screen reader reads aloud has changed, for each of its places.
LISTEN = """
root => {
    window.gwSaid = [];
    for (const el of root.querySelectorAll("[role=status], [role=alert], [aria-live]")) {
        const said = [];
        window.gwSaid.push(said);
        new MutationObserver(() => said.push(performance.now())).observe(el,
            { childList: true, characterData: true, subtree: true });
    }
}
"""


@pytest.fixture(scope="module")
def shared_page(
    lab_server: LabServer, browser_context: BrowserContext, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[EveryWidget]:
    """One page with every widget for the tests of this module."""
    lab = Lab(lab_server, browser_context)
    yield open_every_widget(lab, tmp_path_factory.mktemp("kept"))
    lab.close()


@pytest.fixture
def every(shared_page: EveryWidget) -> Iterator[EveryWidget]:
    """The page; errors in it fail the test."""
    yield shared_page
    errors = shared_page.notebook.take_errors()
    assert not errors, errors_text(errors)


def test_axe_sees_the_widgets(every: EveryWidget) -> None:
    """A fault that is put in is found: else nothing found would mean nothing."""
    root = every.show("predict")
    root.evaluate("el => el.insertAdjacentHTML('beforeend', '<button class=planted></button>')")
    found = every.axe(root)["violations"]
    root.evaluate("el => el.querySelector('.planted').remove()")
    assert "button-name" in {one["id"] for one in found}


@pytest.mark.parametrize("name", CELLS)
def test_every_control_is_reached_by_keyboard_and_shows_it(every: EveryWidget, name: str) -> None:
    root = every.show(name)
    count = root.evaluate(f"root => ({STOPS})(root).length")
    assert count > 0
    every.page.keyboard.press("Shift")  # from here on the browser knows that a keyboard is used
    root.evaluate(f"root => ({STOPS})(root)[0].focus()")
    reached = []
    for _ in range(count + 1):
        at = root.evaluate(FOCUS)
        if at is None:
            break
        reached.append(at[0])
        assert at[1], f"nothing shows the focus of {at[2]}"
        every.page.keyboard.press("Tab")
    assert at is None, "the focus cannot leave"
    assert reached == list(range(count))


def test_a_focus_that_hardly_shows_or_is_hidden_is_noticed(every: EveryWidget) -> None:
    root = every.show("board")
    root.evaluate("""root => {
        const [pale, under] = root.querySelectorAll("button");
        pale.style.outlineColor = "rgb(200, 200, 200)";
        under.style.position = "relative";
        under.insertAdjacentHTML("afterend", "<div class=planted></div>");
        const { width, height } = under.getBoundingClientRect();
        Object.assign(under.nextSibling.style, { position: "relative", zIndex: 9,
            width: `${width}px`, height: `${height}px`, marginLeft: `-${width + 8}px` });
    }""")
    faults = focus_faults(root)
    root.evaluate("""root => {
        root.querySelector(".planted").remove();
        for (const one of root.querySelectorAll("button")) one.removeAttribute("style");
    }""")
    assert [fault.split(":")[0] for fault in faults] == [
        "the contrast is 1.67", 'hidden by <div class="planted" style="position'
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_focus_shows_clearly_and_nothing_hides_it(every: EveryWidget, theme: str) -> None:
    every.notebook.set_theme(theme)
    keyboard = every.page.keyboard
    found = [(name, focus_faults(every.show(name))) for name in CELLS]
    graph = every.show("graph")
    graph.locator("[data-node][tabindex='0']").focus()
    keyboard.press("Enter")
    expect(graph.locator(".gw-drawer")).to_be_visible()
    found += [("inspector", focus_faults(graph))]
    keyboard.press("Escape")
    expect(graph.locator(".gw-drawer")).to_be_hidden()
    graph.get_by_role("button", name="More", exact=True).click()
    found += [("menu", focus_faults(graph, least=15))]
    keyboard.press("Escape")
    playground = PlaygroundPage(every.notebook)
    every.show("playground")
    for name, inside in (("Share", "Line for a notebook"), ("Predict first", "loss plot")):
        playground.button(name).click()
        expect(playground.field(inside)).to_be_visible()
        found += [(name, focus_faults(playground.root, least=40))]
        playground.button(name).click()
        expect(playground.field(inside)).to_have_count(0)
    playground.button("Keys").focus()
    keyboard.press("Enter")
    expect(playground.root.get_by_role("dialog", name="Keys")).to_be_visible()
    found += [("keys", focus_faults(playground.root.locator(".gw-keys"), least=3))]
    keyboard.press("Escape")
    playground.button("Step").click()
    playground.button("Walk this step").click()
    expect(playground.button("Back to training")).to_be_visible()
    expect(playground.root.locator(".gw-stepper .gw-now.gw-box")).to_be_visible()
    found += [("walk in the playground", focus_faults(playground.root, least=30))]
    playground.button("Classroom view").click()
    expect(playground.button("Leave classroom view")).to_be_visible()
    found += [("walk in the classroom", focus_faults(playground.root, least=20))]
    playground.button("Back to training").click()
    expect(playground.root.locator(".gw-stepper")).to_have_count(0)
    playground.button("Settings").click()
    expect(playground.field("Loss function")).to_be_visible()
    found += [("classroom", focus_faults(playground.root, least=40))]
    playground.button("Settings").click()
    playground.button("Leave classroom view").click()
    every.notebook.set_theme("light")
    assert [one for one in found if one[1]] == []


@pytest.mark.parametrize("name", CELLS)
def test_targets_are_large_enough_and_a_narrow_page_cuts_none_off(
    every: EveryWidget, name: str
) -> None:
    root = every.show(name)
    assert root.evaluate(SMALL) == []
    assert root.evaluate(CUT_OFF) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_controls_and_states_show_in_the_systems_own_colours(
    every: EveryWidget, scheme: str
) -> None:
    every.page.emulate_media(forced_colors="active", color_scheme=scheme)
    found = []
    for name in CELLS:
        root = every.show(name)
        found += [(name, fault) for fault in root.evaluate(UNSEEN) + focus_faults(root)]

    def colours(name: str, places: Sequence[str], what: str = "backgroundColor") -> list[list[int]]:
        root = every.show(name)
        return root.evaluate(f"(root, given) => ({COLOURS})([root, ...given])", [places, what])

    item = ".gw-choice-item:has(input{})"
    rows = colours("graph", [item.format(":checked"), item.format(":not(:checked)")])
    share = every.root("playground").get_by_role("button", name="Share", exact=True)
    share.click()
    expect(share).to_have_attribute("aria-expanded", "true")
    buttons = colours("playground", [
        f".gw-head [aria-label='{name}']" for name in ("Share", "Predict first")
    ])
    share.click()
    boxes = colours("walk", [".gw-now .gw-frame", ".gw-waiting .gw-frame"], "stroke")
    bar = every.root("board").locator(".gw-board-bar")
    border = bar.evaluate("el => getComputedStyle(el).borderTopWidth")
    legend = every.root("graph").locator(".gw-legend-bar:visible").first
    gradient = legend.evaluate("el => getComputedStyle(el).backgroundImage")
    every.page.emulate_media(forced_colors="none", color_scheme="light")
    assert found == []
    for on, off in (rows, buttons, boxes):
        assert max(abs(a - b) for a, b in zip(on, off, strict=True)) > 100, (on, off)
    assert border == "1px"
    assert gradient.startswith("linear-gradient")


def test_training_is_told_aloud_every_two_seconds_at_most(every: EveryWidget) -> None:
    root = every.show("playground")
    root.get_by_role("button", name="Play", exact=True).click()
    pause = root.get_by_role("button", name="Pause", exact=True)
    expect(pause).to_be_visible()
    root.evaluate(LISTEN)
    every.page.wait_for_function("() => window.gwSaid.some(said => said.length >= 3)")
    pause.focus()
    times = every.page.evaluate("() => window.gwSaid")
    pause.click()
    for said in times:
        for before, after in zip(said, said[1:], strict=False):
            assert after - before >= 1900  # a timer may be some milliseconds early


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_to_object_to(every: EveryWidget, theme: str) -> None:
    every.notebook.set_theme(theme)
    playground, graph = every.root("playground"), every.root("graph")
    found = [(name, one) for name in CELLS for one in every.axe(every.show(name))["violations"]]
    # the inspector is open, and training goes on
    every.show("graph")
    graph.locator("[data-node][tabindex='0']").focus()
    every.page.keyboard.press("Enter")
    expect(graph.locator(".gw-drawer")).to_be_visible()
    found += [("inspector", one) for one in every.axe(graph)["violations"]]
    every.page.keyboard.press("Escape")
    every.show("playground")
    playground.get_by_role("button", name="Play", exact=True).click()
    pause = playground.get_by_role("button", name="Pause", exact=True)
    expect(pause).to_be_visible()
    found += [("playing", one) for one in every.axe(playground)["violations"]]
    pause.click()
    # exercises answered wrongly, with a hint
    for name in ("write", "predict", "pick", "find"):
        panel = every.show(name)
        panel.get_by_role("button", name="Check").click()
        expect(panel.get_by_role("status")).not_to_be_empty()
        if theme == "light":  # one hint is all there is
            panel.get_by_role("button", name="Hint").click()
        found += [(f"{name}, checked", one) for one in every.axe(panel)["violations"]]
    assert found == []
