"""What a teacher hands on: a line and a link that restore the state, and what is left out of it."""

from __future__ import annotations

import re
from urllib.parse import parse_qs

import ipywidgets
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradwidgets import Playground, Spec
from gradwidgets.engine.experiment.presets import PRESETS
from gradwidgets.engine.sharing import links
from gradwidgets.engine.sharing.recipe import HIDEABLE, Recipe
from gradwidgets.playground import head, sharing
from gradwidgets.views.kit.panel import Panel
from tests.views.specs import leaves, specs
from tests.views.test_playground import own_objects

# Control, up to the hyphen -> the part that it belongs to, where that is called otherwise.
PART_OF_CONTROL = {
    "example": "examples", "input": "inputs", "data": "data_set", "walk_step": "walk",
    "detail": "graph_detail", "shortcuts": "keys",
} | dict.fromkeys(("units", "activation", "up", "down", "remove", "add_layer"), "layers")


def on_the_page(playground: Playground) -> list[ipywidgets.Widget]:
    """Return all widgets that are on the page."""
    found, waiting = [], [playground]
    while waiting:
        widget = waiting.pop()
        found.append(widget)
        waiting += getattr(widget, "children", ())
    return found


def fields(playground: Playground) -> dict[str, dict]:
    """Return every control that is on the page."""
    panels = [widget for widget in on_the_page(playground) if isinstance(widget, Panel)]
    return {field["name"]: field for panel in panels for field in leaves(panel.fields)}


def opened(playground: Playground) -> dict[str, dict]:
    """Open what there is to share, and return the controls."""
    playground._control_changed("share", None)
    return fields(playground)


def executed(line: str) -> Playground:
    """Run a line as a cell would, and return the playground that it shows."""
    *statements, shown = line.split("; ", 1)
    names: dict[str, object] = {}
    for statement in statements:
        exec(statement, names)
    return eval(shown, names)


@settings(max_examples=15)
@given(
    specs(),
    st.sets(st.sampled_from(HIDEABLE)),
    st.sampled_from(["", "Spirals", 'He said "no"', "it's; x", "ünï\\cöde"]),
    st.sampled_from([100, 150, 133]),
)
def test_the_line_runs_in_an_empty_notebook_and_gives_the_same_state(spec, hide, title, size):
    playground = Playground(spec, hide=sorted(hide), title=title, text_size=size)
    line = opened(playground)["line"]["value"] if "share" not in hide else None
    if line is None:  # who may not share still has the line in code
        line = f"import gradwidgets; {playground.share_recipe().line()}"
    again = executed(line)
    assert again.spec == spec
    assert again.recipe == playground.share_recipe()
    playground.close()
    again.close()


def test_the_line_follows_what_is_changed_while_it_is_open():
    playground = Playground(preset="xor")
    assert opened(playground)["line"]["value"] == (
        "import gradwidgets; gradwidgets.Playground(preset='xor')"
    )
    playground._control_changed("learning_rate", 0.5)
    playground._control_changed("hide-model", True)
    playground._control_changed("title", "Try it")
    playground._control_changed("speed", "fast")
    again = executed(fields(playground)["line"]["value"])
    assert again.spec == PRESETS["xor"].spec.replace(learning_rate=0.5)
    assert (again.recipe.hide, again.recipe.title) == (("model",), "Try it")
    assert again.pump.speed == "fast"


def test_a_link_holds_the_recipe_in_its_query():
    playground = Playground(preset="spiral", hide=["share"], title="a & b = c?", text_size="huge")
    query = parse_qs(sharing.link_query(playground.share_recipe()), strict_parsing=True)
    assert query["gradwidgets"] == ["playground"]
    assert Recipe.from_json(query["recipe"][0]) == playground.share_recipe()
    assert sharing.link_query(Recipe()) == "gradwidgets=playground"


def test_a_tick_lets_the_links_open_the_classroom_view_and_changes_nothing_else():
    playground = Playground(preset="xor")
    opened(playground)
    before = fields(playground)
    playground._control_changed("in_class", True)
    after = fields(playground)
    assert after["in_class"]["value"] is True
    assert after["link"]["query"] == before["link"]["query"] + "&view=classroom"
    assert after["line"] == before["line"]
    playground._control_changed("hide-classroom", True)
    assert fields(playground)["in_class"]["disabled"]  # there is no such view to open
    assert "view=" not in fields(playground)["link"]["query"]
    playground._control_changed("hide-classroom", False)
    assert fields(playground) == after
    playground._control_changed("in_class", False)
    assert fields(playground) == before


@pytest.mark.parametrize("part", HIDEABLE)
def test_each_part_can_be_left_out_alone_and_comes_back(part):
    playground = Playground()
    before, widgets_before = set(fields(playground)), set(on_the_page(playground))
    given = Playground(hide=[part])
    gone = before - set(fields(given))
    assert gone or len(on_the_page(given)) < len(widgets_before)
    if part not in ("data", "model", "graph", "loss_plot", "output"):
        assert {PART_OF_CONTROL.get(name.split("-")[0], name) for name in gone} == {part}
    playground._control_changed("preview", None)
    playground._control_changed(f"hide-{part}", True)
    assert set(fields(playground)) - {"preview-end"} == before - gone | {"share"}
    playground._control_changed(f"hide-{part}", False)
    assert set(on_the_page(playground)) == widgets_before
    assert set(fields(playground)) == before | {"preview-end"}


def test_whoever_ticks_share_keeps_it_and_can_show_everything_again():
    playground = Playground()
    opened(playground)
    playground._control_changed("hide-share", True)
    playground._control_changed("hide-graph", True)
    playground._control_changed("preview", None)
    opened(playground)
    assert {"share", "preview-end", "hide-graph"} <= set(fields(playground))
    assert "detail" not in fields(playground)
    playground._control_changed("preview-end", None)
    assert "detail" in fields(playground)
    assert executed(opened(playground)["line"]["value"]).recipe.hide == ("share", "graph")


def test_one_picture_has_to_stay():
    playground = Playground(hide=["graph", "loss_plot"])
    ticks = opened(playground)
    assert ticks["hide-output"]["disabled"]
    assert ticks["hide-output"]["help"] == "One picture has to stay"
    assert ticks["hide-walk"]["help"] == "Left out already, with backward graph"
    assert not ticks["hide-graph"]["disabled"]


def test_who_is_given_a_playground_without_share_cannot_bring_back_what_is_left_out():
    names = set(fields(Playground(hide=["model", "share"])))
    assert not names & {"share", "preview", "preview-end"}
    assert "preview-end" in fields(Playground(hide=["model"]))


def test_every_part_has_a_box_to_tick_and_each_is_named_once():
    ticks = {name: field for name, field in opened(Playground()).items() if name[:5] == "hide-"}
    assert set(ticks) == {f"hide-{part}" for part in HIDEABLE}
    assert len({field["label"] for field in ticks.values()}) == len(HIDEABLE)


def test_an_example_is_taken_and_undone():
    playground = Playground()
    playground._control_changed("example", "spiral")
    assert playground.spec == PRESETS["spiral"].spec
    notes = [field["text"] for field in leaves(playground.page.head.fields) if field["kind"] == "note"]
    assert PRESETS["spiral"].sentence in notes
    playground._control_changed("undo", None)
    assert playground.spec == Spec()
    playground._control_changed("noise", 10)
    assert fields(playground)["example"]["value"] == head.OWN


def test_an_example_that_is_not_there_is_told():
    playground = Playground()
    playground._control_changed("example", "spirl")
    assert "did you mean 'spiral'?" in playground.screens.message.words
    assert playground.spec == Spec()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"preset": "exor"}, "did you mean 'xor'?"),
        ({"hide": ["grap"]}, "did you mean 'graph'?"),
        ({"hide": "graph"}, "expected a list of names"),
        ({"text_size": "enormous"}, "choose one of normal, large, huge"),
        ({"text_size": 20}, "expected at least 75"),
        ({"title": 7}, "title: expected a text"),
        ({"recipe": '{"spec": {"data": "moons"}}'}, "choose one of"),
        ({"recipe": "{"}, "not JSON"),
        ({"hidden": ["graph"]}, "unknown 'hidden'"),
    ],
)
def test_arguments_that_do_not_fit_are_told(arguments, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        Playground(**arguments)


@pytest.mark.parametrize("several", [{"preset": "xor"}, {"recipe": "{}"}])
def test_only_one_of_spec_preset_and_recipe_is_taken(several):
    with pytest.raises(TypeError, match="not both"):
        Playground(Spec(), **several)


def test_own_objects_can_be_shown_larger_and_with_less_but_not_shared():
    playground = Playground(**own_objects(), hide=["graph"], text_size="large", title="Mine")
    assert playground.spec is None
    assert not set(fields(playground)) & {"share", "example"}
    assert playground.screens.graph not in on_the_page(playground)


def test_on_binder_the_link_starts_there():
    environ = {"BINDER_LAUNCH_HOST": "https://mybinder.org/", "BINDER_REQUEST": "v2/gh/who/what/main"}
    assert links.binder_of_this_kernel(environ) == "https://mybinder.org/v2/gh/who/what/main"
    assert links.binder_of_this_kernel({}) == ""
    assert links.binder_of_this_kernel({**environ, "BINDER_LAUNCH_HOST": "javascript:x"}) == ""


@pytest.mark.parametrize(
    ("address", "binder"),
    [
        ("https://github.com/who/what", "https://mybinder.org/v2/gh/who/what/HEAD"),
        ("https://github.com/who/what.git/", "https://mybinder.org/v2/gh/who/what/HEAD"),
        ("https://gitlab.com/group/part/what",
         "https://mybinder.org/v2/gl/group%2Fpart%2Fwhat/HEAD"),
        ("https://git.example.org/what",
         "https://mybinder.org/v2/git/https%3A%2F%2Fgit.example.org%2Fwhat/HEAD"),
        ("", ""),
        ("not an address", ""),
    ],
)  # fmt: skip
def test_a_repository_has_an_address_on_binder(address, binder):
    assert links.binder_of_repository(address) == binder


def test_an_unknown_repository_is_told_plainly(monkeypatch):
    monkeypatch.setattr(sharing, "repository_address", lambda: "")
    playground = Playground()
    opened(playground)
    words = " ".join(field.get("text", "") for field in playground.page.head.fields)
    assert "repository's address is not known" in words
    assert "binder" not in fields(playground)
    monkeypatch.setattr(sharing, "repository_address", lambda: "https://github.com/who/what")
    playground._refresh()
    assert fields(playground)["binder"]["binder"] == "https://mybinder.org/v2/gh/who/what/HEAD"
    assert "binder" not in fields(playground)["link"]


def test_the_installed_package_may_not_know_its_repository():
    assert links.repository_address() == "" or links.repository_address().startswith("https://")
