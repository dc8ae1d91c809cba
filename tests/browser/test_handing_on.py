"""A teacher sets a playground up and hands it on; a class gets it with what it needs and no more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.lab import Lab, LabServer, errors_text
from tests.browser.playground_page import PlaygroundPage, open_playground

# A page without https has no clipboard at all, and this old way may be closed too.
REFUSE = """() => {
    Object.defineProperty(navigator, "clipboard", {value: undefined, configurable: true});
    document.execCommand = () => false;
}"""
ALLOW = "() => { delete navigator.clipboard; delete document.execCommand; }"

HELD = """el => [...el.querySelectorAll(".gw-card, .gw-left")].map(card => {
    const box = card.getBoundingClientRect();
    return {width: box.width, height: box.height, left: box.left, right: box.right};
})"""


@pytest.fixture(scope="module")
def shared(lab_server: LabServer, browser_context: BrowserContext) -> Iterator[PlaygroundPage]:
    lab = Lab(lab_server, browser_context)
    browser_context.grant_permissions(["clipboard-read", "clipboard-write"])
    yield open_playground(lab)
    browser_context.clear_permissions()
    lab.close()


@pytest.fixture
def teacher(shared: PlaygroundPage) -> Iterator[PlaygroundPage]:
    """A playground as it is when it has just been opened."""
    shared.kernel(
        "playground.setup = type(playground.setup)(playground.recipe.replace("
        "title='', hide=(), text_size=100, cover=())); playground._refresh()"
    )
    shared.start_afresh()
    yield shared
    errors = shared.notebook.take_errors()
    assert not errors, errors_text(errors)


def test_an_example_shows_its_sentence_and_can_be_undone(teacher: PlaygroundPage) -> None:
    example = teacher.field("Example")
    sentence = teacher.root.get_by_text("Wound arms need more units", exact=False)
    expect(sentence).to_have_count(0)
    example.select_option("Spiral: the hardest of all")
    expect(sentence).to_be_visible()
    expect(teacher.field("Data set")).to_have_value("Spiral")
    expect(teacher.message()).to_contain_text("Example: Spiral")
    teacher.field("Layer 1 units").select_option("4")
    expect(example.locator("option:checked")).to_have_text("your own")
    teacher.button("Undo").click()
    expect(example.locator("option:checked")).to_have_text("Spiral: the hardest of all")
    teacher.button("Undo").click()
    teacher.wait_for_kernel("playground.spec == gradwidgets.Spec()", "True")


def test_the_line_is_copied_by_keyboard_and_gives_this_state(teacher: PlaygroundPage) -> None:
    keyboard = teacher.page.keyboard
    teacher.field("Noise").focus()
    keyboard.press("ArrowRight")
    expect(teacher.message()).to_contain_text("noise 5 %")
    teacher.button("Share").focus()
    keyboard.press("Enter")
    teacher.field("Title").fill("Guess first")
    keyboard.press("Tab")
    expect(teacher.root.get_by_role("heading", name="Guess first")).to_be_visible()
    keyboard.press("Tab")  # from the text size to the button
    model = teacher.field("Leave out all of model")
    model.focus()
    keyboard.press("Space")
    line = teacher.field("Line for a notebook")
    expect(line).to_have_value(re.compile("'model'"))
    teacher.button("Copy line").focus()
    keyboard.press("Enter")
    expect(teacher.root.get_by_role("status").filter(has_text="Copied")).to_be_visible()
    copied = teacher.page.evaluate("navigator.clipboard.readText()")
    assert copied == line.input_value()
    assert teacher.kernel(
        f"again = eval({copied!r}.removeprefix('import gradwidgets; '));"
        "print(again.spec == playground.spec, again.recipe == playground.share_recipe())"
    ) == "True True"


def test_a_link_has_the_address_of_the_page_and_no_token(teacher: PlaygroundPage) -> None:
    teacher.field("Example").select_option("Exclusive or: two layers")
    expect(teacher.message()).to_contain_text("Exclusive or")
    teacher.button("Share").click()
    expect(teacher.field("Link")).to_have_value(re.compile("xor"))
    teacher.button("Copy link").click()
    expect(teacher.root.get_by_role("status").filter(has_text="Copied")).to_be_visible()
    link = urlsplit(teacher.page.evaluate("navigator.clipboard.readText()"))
    here = urlsplit(teacher.page.url)
    assert (link.scheme, link.netloc, link.path) == (here.scheme, here.netloc, "/lab")
    query = parse_qs(link.query, strict_parsing=True)
    assert query == {"gradwidgets": ["playground"], "recipe": ['{"version":1,"preset":"xor"}']}
    teacher.field("Open in classroom view").check()
    expect(teacher.field("Link")).to_have_value(re.compile("xor.*&view=classroom$"))


def test_where_a_page_may_not_copy_the_text_is_selected(teacher: PlaygroundPage) -> None:
    teacher.button("Share").click()
    teacher.page.evaluate(REFUSE)
    try:
        teacher.button("Copy line").click()
        said = teacher.root.get_by_role("status").filter(has_text="Ctrl+C")
        expect(said).to_be_visible()
    finally:
        teacher.page.evaluate(ALLOW)
    line = teacher.field("Line for a notebook")
    expect(line).to_be_focused()
    selected = line.evaluate("el => el.value.slice(el.selectionStart, el.selectionEnd)")
    assert selected == line.input_value() != ""
    assert line.evaluate("el => el.readOnly")


def test_on_a_hub_a_link_leads_everybody_to_their_own_server(teacher: PlaygroundPage) -> None:
    teacher.button("Share").click()
    teacher.page.evaluate(
        """() => {
            const config = document.getElementById("jupyter-config-data");
            config.dataset.before = config.textContent;
            const hub = {hubPrefix: "/hub/", hubHost: "", baseUrl: "/user/teacher/"};
            config.textContent = JSON.stringify({...JSON.parse(config.textContent), ...hub});
        }"""
    )
    try:
        teacher.field("Text size").select_option("150 %")
        expect(teacher.field("Link")).to_have_value(
            re.compile(r"^http://[^/]+/hub/user-redirect/lab\?gradwidgets=playground&recipe=")
        )
    finally:
        teacher.page.evaluate(
            """() => {
                const config = document.getElementById("jupyter-config-data");
                config.textContent = config.dataset.before;
            }"""
        )


def test_what_is_left_out_leaves_no_gap_and_the_keyboard_skips_it(teacher: PlaygroundPage) -> None:
    teacher.button("Share").click()
    teacher.button("Preview").click()
    teacher.button("Share").click()
    for hidden in ("all of data", "all of model", "backward graph"):
        teacher.field(f"Leave out {hidden}").check()
    expect(teacher.root.locator(".gw-card")).to_have_count(2)
    expect(teacher.root.locator(".gw-left")).to_have_count(0)
    for width in (1280, 700, 480):
        teacher.page.set_viewport_size({"width": width, "height": 800})
        cards = teacher.root.evaluate(HELD)
        whole = teacher.root.bounding_box()
        assert min(card["left"] for card in cards) - whole["x"] < 12
        assert whole["x"] + whole["width"] - max(card["right"] for card in cards) < 12
        assert all(card["width"] > 150 and card["height"] > 150 for card in cards), width
    teacher.page.set_viewport_size({"width": 1280, "height": 800})
    teacher.button("Share").click()
    teacher.field("Learning rate value").focus()
    teacher.page.keyboard.press("Tab")
    expect(teacher.field("Log axis")).to_be_focused()
    teacher.play()  # the loss plot and the output answer for what is left
    teacher.wait_for_step(100)
    teacher.pause()
    teacher.button("End preview").click()
    expect(teacher.root.locator(".gw-card")).to_have_count(3)
    teacher.wait_for_pictures()


def test_large_text_fits_the_page(teacher: PlaygroundPage) -> None:
    teacher.button("Share").click()
    before = teacher.button("Play").bounding_box()["height"]
    teacher.field("Text size").select_option("200 %")
    teacher.page.wait_for_function(
        "([button, height]) => button.getBoundingClientRect().height > 1.8 * height",
        arg=[teacher.button("Play").element_handle(), before],
    )
    assert teacher.root.evaluate("el => el.scrollWidth - el.clientWidth") <= 0
    for name in ("Play", "Step", "Reset", "New weights", "Copy line", "Copy link"):
        box, whole = teacher.button(name).bounding_box(), teacher.root.bounding_box()
        assert box["x"] + box["width"] <= whole["x"] + whole["width"], name


def test_on_a_narrow_page_every_field_of_share_can_be_read(teacher: PlaygroundPage) -> None:
    teacher.page.set_viewport_size({"width": 480, "height": 800})
    teacher.button("Share").click()
    size = teacher.field("Text size")
    expect(size).to_be_visible()
    assert size.bounding_box()["width"] >= 50
    teacher.button("Share").click()
    expect(size).to_have_count(0)
    teacher.page.set_viewport_size({"width": 1280, "height": 800})


def test_a_class_gets_what_was_set_up_and_cannot_bring_the_rest_back(lab: Lab) -> None:
    arguments = "preset='xor', hide=['model', 'share', 'predict'], title='Why two layers?'"
    student = open_playground(lab, arguments)
    expect(student.root.get_by_role("heading", name="Why two layers?")).to_be_visible()
    expect(student.field("Optimizer")).to_have_count(0)
    for name in ("Share", "Predict first", "Preview", "End preview", "Add layer"):
        expect(student.button(name)).to_have_count(0)
    student.field("Noise").focus()
    student.page.keyboard.press("ArrowRight")
    expect(student.message()).to_contain_text("noise 5 %")
    student.button("Undo").click()
    expect(student.message()).to_contain_text("Back to")
    student.button("Step").click()
    student.wait_for_step(1)
    student.button("Reset").click()
    expect(student.root.locator(".gw-status-line")).to_contain_text("step 0")
