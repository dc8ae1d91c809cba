"""The schema by which pages judge recipes is that of this very Python."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

import gradwidgets.lab
from gradwidgets.engine.experiment.checks import SpecError
from gradwidgets.engine.sharing import recipe_schema
from gradwidgets.engine.sharing.recipe import VERSION, Recipe
from tests.engine.recipes import FITTING, UNFIT, written

STATIC = Path(gradwidgets.lab.__file__).parent / "static"


def test_the_pages_have_the_schema_of_today(tmp_path: Path) -> None:
    fresh = tmp_path / "recipe.json"
    recipe_schema.write(fresh)
    assert (STATIC / "recipe.json").read_bytes() == fresh.read_bytes(), (
        "python -m gradwidgets.engine.sharing.recipe_schema gradwidgets/lab/static/recipe.json renews it"
    )


def test_a_new_field_cannot_be_forgotten() -> None:
    @dataclass
    class Layer:
        units: int
        activation: str
        bias: bool

    with pytest.raises(LookupError, match="Layer has the fields units, activation, bias, but"):
        recipe_schema._all_of(Layer, {"units": {}, "activation": {}})


@pytest.mark.parametrize("text", [*FITTING, *written()])
def test_what_fits_is_read(text: str) -> None:
    Recipe.from_json(text)


@pytest.mark.parametrize("text", UNFIT, ids=lambda text: text[:40])
def test_what_does_not_fit_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(SpecError):
        Recipe.from_json(text)


def test_a_recipe_says_its_version_and_an_older_one_has_the_first() -> None:
    assert json.loads(Recipe().to_json()) == {"version": VERSION}
    assert Recipe.from_json('{"title": "x"}') == Recipe.from_json('{"version": 1, "title": "x"}')


def test_a_recipe_of_a_newer_version_is_told_whatever_else_it_holds() -> None:
    with pytest.raises(SpecError, match="version 2 is made by a newer gradwidgets: update this"):
        Recipe.from_json('{"version": 2, "colour": "red", "title": 7}')
