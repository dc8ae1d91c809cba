"""Undo and redo as a person meets them: in one place, by mouse and by keyboard."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.playground_page import PlaygroundPage


def test_a_reset_is_undone_also_after_play_and_nothing_moves(playground: PlaygroundPage) -> None:
    undo, redo = playground.button("Undo"), playground.button("Redo")
    expect(undo).to_have_count(0)  # there is nothing to undo, and so nothing to see
    playground.play()
    playground.wait_for_step(60)
    playground.pause()
    playground.wait_until_still()
    trained, texts = playground.status(), playground.graph_texts()
    places = "bar => [...bar.querySelectorAll('*')].map(one => one.getBoundingClientRect().x)"
    bar = playground.root.locator(".gw-bar .gw-panel-root").first
    before = bar.evaluate(places), playground.root.locator(".gw-bar").bounding_box()
    playground.button("Reset").click()
    expect(playground.message()).to_contain_text(f"Undo brings back the training up to step {trained.step}")
    expect(undo).to_be_enabled()
    expect(redo).to_be_disabled()
    assert (bar.evaluate(places), playground.root.locator(".gw-bar").bounding_box()) == before
    playground.play()
    playground.wait_for_step(20)
    expect(undo).to_be_enabled()
    playground.pause()
    undo.click()
    expect(playground.root.locator(".gw-status-line")).to_contain_text(f"step {trained.step} ")
    playground.wait_until_still()
    assert playground.status() == trained
    assert playground.graph_texts() == texts
    expect(redo).to_be_enabled()


def test_keys_undo_and_redo_but_not_in_a_text_field(playground: PlaygroundPage) -> None:
    cells = playground.page.locator(".jp-Notebook .jp-Cell")
    count = cells.count()
    keyboard = playground.page.keyboard
    units = playground.field("Layer 1 units")
    units.focus()
    for undo, redo in (("u", "y"), ("ControlOrMeta+z", "ControlOrMeta+y"),
                       ("ControlOrMeta+z", "ControlOrMeta+Shift+z")):  # fmt: skip
        units.select_option("6")
        expect(playground.message()).to_contain_text("New model: 2-6-1")
        if undo == "u":
            playground.button("Step").focus()  # a list takes letters itself
        else:
            units.focus()
        keyboard.press(undo)
        expect(playground.message()).to_contain_text("Back to 2-4-1")
        expect(units).to_have_value("4")
        keyboard.press(redo)
        expect(playground.message()).to_contain_text("Back to 2-6-1")
        keyboard.press(undo)
        expect(units).to_have_value("4")
    expect(cells).to_have_count(count)
    units.select_option("6")
    expect(playground.message()).to_contain_text("New model: 2-6-1")
    rate = playground.field("Learning rate value")
    rate.focus()
    for key in ("u", "y", "ControlOrMeta+z"):  # these are the field's
        keyboard.press(key)
    playground.button("Step").focus()
    keyboard.press(".")
    playground.wait_for_step(1)
    expect(units).to_have_value("6")
    assert playground.kernel("playground.spec.sizes") == "(2, 6, 1)"
