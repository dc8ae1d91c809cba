"""What a playground may be given: an experiment, or five objects of a learner's own."""

from __future__ import annotations

from dataclasses import fields
from difflib import get_close_matches
from typing import TypedDict

from gradwidgets.core.types import Foreign
from gradwidgets.engine.experiment.checks import known
from gradwidgets.engine.experiment.presets import PRESETS
from gradwidgets.engine.experiment.spec import Spec
from gradwidgets.engine.learner.lines import own_line
from gradwidgets.engine.sharing.recipe import Recipe, recipe_of
from gradwidgets.engine.training.trainer import Trainer
from gradwidgets.playground.words import error_words
from gradwidgets.texts import text

RECIPE_FIELDS = tuple(one.name for one in fields(Recipe) if one.name != "spec")


class Own(TypedDict):
    """Objects of a learner's own, which are given together."""

    model: Foreign
    criterion: Foreign
    optimizer: Foreign
    data: Foreign
    target: Foreign


def recipe_from(
    spec: Foreign,
    more: tuple[Foreign, ...],
    preset: str | None,
    recipe: str | None,
    shown: dict[str, Foreign],
) -> Recipe:
    """Return the recipe that it begins with; `more` are the values that came without a name."""
    known("Playground", shown, RECIPE_FIELDS)
    return recipe_of(_spec_or_none(spec, more), preset, recipe, **shown)


def trainer_from(recipe: Recipe, own: Own, experiment: Spec | str | None) -> Trainer:
    """Return what trains the recipe's spec, or a learner's `own` objects where there are any.

    `experiment` is the spec, preset or recipe that was given; it goes with no objects.
    """
    if all(value is None for value in own.values()):
        return Trainer(recipe.spec)
    _check_own(experiment, own)
    return _trainer_of_own(own)


def _spec_or_none(spec: Foreign, more: tuple[Foreign, ...]) -> Spec | None:
    if not more and (spec is None or isinstance(spec, Spec)):
        return spec
    advice = ""
    if isinstance(spec, str):
        presets = get_close_matches(spec, PRESETS, n=1)
        advice = f"; write Playground(preset={presets[0]!r})" if presets else (
            f"; an example is called for by name, preset=, one of {', '.join(PRESETS)}"
        )
    elif more or callable(getattr(spec, "forward", None)):
        advice = "; objects of your own go in by name: Playground(model=…, criterion=…, " \
                 "optimizer=…, data=…, target=…)"
    if more:
        raise TypeError(
            f"Playground: received {1 + len(more)} values without a name; expected a Spec{advice}"
        )
    raise TypeError(f"Playground: received a {type(spec).__name__}; expected a Spec{advice}")


def _check_own(spec: Spec | str | None, own: Own) -> None:
    missing = [name for name, value in own.items() if value is None]
    if isinstance(own["data"], str) and missing:
        raise TypeError(
            f"Playground: data are those of a model of your own, but got {own['data']!r}; write "
            f"Playground(Spec(data={own['data']!r})) for a data set"
        )
    if isinstance(own["optimizer"], str) and missing:
        raise TypeError(
            f"Playground: optimizer is that of a model of your own, but got {own['optimizer']!r}; "
            f"write Playground(Spec(optimizer={own['optimizer']!r}))"
        )
    if spec is not None:
        raise TypeError("Playground takes a spec or objects of your own, not both; leave out one")
    if missing:
        raise TypeError(
            f"Playground needs model, criterion, optimizer, data and target together; "
            f"{', '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing"
        )


def _trainer_of_own(own: Own) -> Trainer:
    """Return the trainer; what the learner's own code raises is told with their line."""
    try:
        return Trainer.of(**own)
    except Exception as error:
        # Python refuses a call that does not fit the method in the caller's line, which is ours.
        if not own_line(error.__traceback__)[0] and "positional argument" not in str(error):
            raise
        failed = RuntimeError(text("own_model.failed", error=error_words(error)))
    raise failed
