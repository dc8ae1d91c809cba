"""A page and Python are of one mind about every recipe."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from gradwidgets.engine.experiment.checks import SpecError
from gradwidgets.engine.sharing.recipe import Recipe
from tests.browser.extension_files import page_of_files
from tests.engine.recipes import FITTING, UNFIT, drawn, written

RECIPES = [*FITTING, *UNFIT, *written(), *drawn(150)]

JUDGED = """
async (recipes) => {
    const {judge} = await import("/recipe.js");
    const schema = await (await fetch("/recipe.json")).json();
    return recipes.map((recipe) => judge(recipe, schema));
}
"""

SAID = """
async ([language, verdicts]) => {
    const {loadTexts, speaker} = await import("/texts.js");
    await loadTexts();
    const say = speaker(language);
    return verdicts.map(({problem, places}) => say(problem, places));
}
"""


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    with page_of_files(browser) as page:
        yield page


def fits(recipe: str) -> bool:
    """Tell whether Python reads a recipe."""
    try:
        Recipe.from_json(recipe)
    except SpecError:
        return False
    return True


def test_the_page_takes_and_refuses_the_same_recipes_as_python(page: Page) -> None:
    verdicts = page.evaluate(JUDGED, RECIPES)
    in_python = [fits(recipe) for recipe in RECIPES]
    different = [
        (recipe[:200], verdict)
        for recipe, verdict, taken in zip(RECIPES, verdicts, in_python, strict=True)
        if taken != (verdict is None)
    ]
    assert different == []
    assert len(RECIPES) > 300
    assert 100 < sum(in_python) < len(RECIPES) - 150, "enough of both"


def test_every_verdict_is_a_whole_sentence(page: Page) -> None:
    verdicts = [one for one in page.evaluate(JUDGED, RECIPES) if one]
    for language in ("en", "de"):
        for said in page.evaluate(SAID, [language, verdicts]):
            assert said.endswith(".") and len(said) < 600, said
            assert not re.search(r"\{[a-z]+\}|undefined|\[object", said), said


@pytest.mark.parametrize(
    ("recipe", "problem", "places"),
    [
        ('{"version": 7, "x": 1}', "recipe_newer", {"received": "7", "reads": 1}),
        ('{"spec": {"noise": 5, "noise": 5}}', "recipe_twice", {"field": "noise"}),
        ('{"speed": "warp"}', "recipe_choice",
         {"field": "speed", "received": '"warp"', "choices": "slow, walk, epoch, fast"}),
        ('{"log_axis": 1}', "recipe_choice",
         {"field": "log_axis", "received": "1", "choices": "true, false"}),
        ('{"spec": {"learning_rate": 1e999}}', "recipe_number",
         {"field": "learning_rate", "received": "1e999", "least": "0.00001", "most": "10"}),
        ('{"spec": {"layers": [[4.0, "Tanh"]]}}', "recipe_whole",
         {"field": "layers", "received": "4.0", "least": "1", "most": "64"}),
        ('{"spec": {"data": "sine"}}', "recipe_together",
         {"received": "data sine, inputs x2"}),
        ('{"hide": null}', "recipe_shape", {"field": "hide", "received": "null"}),
        ('{"spec": {"layers": [{"units": 4, "bias": [1]}]}}', "recipe_field",
         {"field": "bias", "where": "layers", "known": "units, activation"}),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named(page: Page, recipe: str, problem: str, places: dict) -> None:
    [verdict] = page.evaluate(JUDGED, [recipe])
    assert verdict == {"problem": f"link.{problem}", "places": places}
