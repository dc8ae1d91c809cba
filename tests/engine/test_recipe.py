"""A recipe is read back as it was written, and whatever does not fit is told."""

from __future__ import annotations

import ast
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

import gradwidgets
from gradwidgets.engine.experiment.checks import SpecError
from gradwidgets.engine.experiment.presets import PRESETS, preset_named
from gradwidgets.engine.experiment.spec import Spec
from gradwidgets.engine.sharing.recipe import (
    COVERABLE,
    DETAILS,
    HIDEABLE,
    SPEEDS,
    TITLE_MAX,
    Recipe,
    recipe_of,
)
from gradwidgets.views.graph.drawing import scene as graph_scene
from gradwidgets.views.kit import pump

SPECS = st.one_of(
    st.sampled_from([preset.spec for preset in PRESETS.values()]),
    st.builds(
        Spec,
        layers=st.lists(st.tuples(st.integers(1, 64), st.sampled_from(["Tanh", "Linear"])),
                        max_size=8),
        learning_rate=st.floats(1e-5, 10),
        weight_seed=st.integers(0, 2**32 - 1),
        noise=st.integers(0, 50),
    ),
)
RECIPES = st.builds(
    Recipe,
    spec=SPECS,
    title=st.text(max_size=TITLE_MAX),
    hide=st.sets(st.sampled_from(HIDEABLE)),
    text_size=st.integers(75, 300),
    cover=st.sets(st.sampled_from(COVERABLE)),
    speed=st.sampled_from(SPEEDS),
    detail=st.sampled_from(DETAILS),
    log_axis=st.booleans(),
)


@given(RECIPES)
def test_a_recipe_comes_back_from_its_json(recipe: Recipe) -> None:
    assert Recipe.from_json(recipe.to_json()) == recipe


@given(RECIPES)
def test_the_line_is_one_call_that_gives_the_recipe_back(recipe: Recipe) -> None:
    line = recipe.line()
    assert len(line.splitlines()) == 1
    call = ast.parse(line, mode="eval").body
    assert isinstance(call, ast.Call) and ast.unparse(call.func) == "gradwidgets.Playground"
    seen: list[Recipe] = []

    class Stand:
        Spec = gradwidgets.Spec

        @staticmethod
        def Playground(spec: Spec | None = None, **options: object) -> None:  # noqa: N802
            seen.append(recipe_of(spec, **options))

    eval(line, {"gradwidgets": Stand})
    assert seen == [recipe]


def test_what_is_as_usual_is_left_out() -> None:
    assert Recipe().to_json() == '{"version":1}'
    assert Recipe().line() == "gradwidgets.Playground()"
    recipe = Recipe(spec=preset_named("xor").spec, hide=["share", "data"], text_size="large")
    assert recipe.to_json() == '{"version":1,"preset":"xor","hide":["share","data"],"text_size":150}'
    assert recipe.line() == (
        "gradwidgets.Playground(preset='xor', hide=['share', 'data'], text_size=150)"
    )


def test_a_preset_may_be_changed_in_a_recipe() -> None:
    recipe = Recipe.from_json('{"preset": "xor", "spec": {"learning_rate": 0.5}}')
    assert recipe.spec == preset_named("xor").spec.replace(learning_rate=0.5)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not JSON"),
        ("[]", "expected an object"),
        ("__import__('os').system('true')", "not JSON"),
        ('{"hide": ["grap"]}', "did you mean 'graph'"),
        ('{"hide": "graph"}', r"expected a list of names"),
        ('{"hide": [["graph"]]}', "hide: received"),
        ('{"hide": {"graph": true}}', "expected a list of names"),
        ('{"hide": ["' + "x" * 20_000 + '"]}', "20014 characters; expected at most 20000"),
        ("[" * 10_000, "not JSON"),
        ('{"text_size": 1e400}', "received inf; expected a whole number"),
        ('{"text_size": true}', "received True; expected a whole number"),
        ('{"cover": ["los_plot"]}', "cover: received 'los_plot'; did you mean 'loss_plot'"),
        ('{"text_size": 1000}', "expected at most 300"),
        ('{"text_size": "tiny"}', "choose one of normal, large, huge"),
        ('{"title": 7}', "title: expected a text"),
        ('{"title": "a", "title": "b"}', "given more than once"),
        ('{"preset": "exor"}', "preset: received 'exor'; did you mean 'xor'"),
        ('{"preset": {}}', "preset: received {}"),
        ('{"spec": 3}', "spec: expected a JSON object"),
        ('{"spec": {"data": "moons"}}', "choose one of"),
        ('{"colour": "red"}', "unknown 'colour'"),
        ('{"log_axis": 1}', "expected True or False"),
        ('{"speed": "warp"}', "choose one of slow"),
    ],
)
def test_what_does_not_fit_is_told(text: str, words: str) -> None:
    with pytest.raises(SpecError, match=words):
        Recipe.from_json(text)


def test_a_title_is_one_line() -> None:
    assert Recipe(title="  two\nlines ").title == "two lines"
    with pytest.raises(SpecError, match="at most 120 characters"):
        Recipe(title="x" * 121)


def test_a_title_holds_nothing_that_cannot_be_shown_or_sent() -> None:
    assert Recipe(title="a\x00b\x1b[1m").title == "a b [1m"
    assert Recipe.from_json(r'{"title": "\ud800x\u202ey"}').title == "x y"


def test_only_one_of_spec_preset_and_recipe_is_taken() -> None:
    with pytest.raises(TypeError, match="spec or preset, not both"):
        recipe_of(Spec(), preset="xor")
    with pytest.raises(TypeError, match="a recipe holds title already"):
        recipe_of(recipe="{}", title="x")
    with pytest.raises(TypeError, match="recipe is a dict; expected the text"):
        recipe_of(recipe={})
    assert recipe_of(recipe=json.dumps({"preset": "sine"})).spec == preset_named("sine").spec


def test_speeds_and_details_are_those_of_the_controls() -> None:
    assert set(SPEEDS) == set(pump.SPEEDS)
    assert set(DETAILS) == set(graph_scene.DETAILS) - {"auto"}
