"""The line on top of a playground: example, predict first, share, classroom view, keys."""

from __future__ import annotations

from gradwidgets.engine.experiment.presets import PRESETS, Preset, preset_of
from gradwidgets.engine.experiment.spec import Spec
from gradwidgets.engine.sharing.recipe import COVERABLE, PICTURES, Recipe
from gradwidgets.playground.keys import key_list, keys_field
from gradwidgets.playground.setup import Opened
from gradwidgets.playground.sharing import share_fields
from gradwidgets.texts import registered, text
from gradwidgets.views.kit.classroom import classroom_field, key_list_field
from gradwidgets.views.kit.fields import Button, Field, Group, Heading, Note, Option, Select

OWN = ""  # the value of the example's dropdown for a spec that is no preset


def head_fields(
    recipe: Recipe,
    spec: Spec | None,
    opened: Opened,
    hidden: tuple[str, ...],
    preview: bool,
    in_class: bool = False,
) -> list[Field]:
    """Return the line itself, and what is open below it.

    Parameters
    ----------
    recipe : Recipe
    spec : Spec or None
        As it is now; None for a learner's own objects, which no line could give to others.
    hidden : tuple of str
        What is left out here.
    preview : bool
        Whether what is to be left out for the class is left out here too.
    in_class : bool, default=False
        Whether a link to copy opens the classroom view.
    """
    preset = preset_of(spec)
    title: list[Heading] = [{"kind": "heading", "text": recipe.title}] if recipe.title else []
    example: list[Field] = [_example(preset), _sentence(preset)] if spec is not None else []
    tools: list[Field] = [
        _opener("predict", opened),
        *([_opener("share", opened)] if spec is not None else []),
        classroom_field("gw-playground", recipe.title, recipe.text_size),
        key_list_field("gw-playground", key_list(hidden)),
    ]
    fields: list[Field] = [
        *title,
        {"kind": "row", "name": "example-row", "items": example},
        {"kind": "row", "name": "tools", "items": tools},
        keys_field(hidden),
    ]
    if preview:
        fields.append({**_button("share.preview.end", "preview-end"), "back": "share"})
    if opened == "predict":
        fields.append(_covers(recipe.cover))
    elif opened == "share":
        fields += share_fields(recipe.replace(spec=spec), preview, in_class)
    return fields


def covered_fields(recipe: Recipe) -> list[Field]:
    """Return the numbers that are covered, each with a button that reveals it.

    A picture has such a button in its own place.
    """
    buttons = [reveal_button(name) for name in recipe.cover if name not in PICTURES]
    if not buttons:
        return []
    return [{"kind": "row", "name": "covered", "text": text("cover.list"), "items": buttons}]


def reveal_button(name: str) -> Button:
    """Return the button that takes a cover away."""
    label = text("cover.reveal", what=text(f"what.{name}"))
    return {"kind": "button", "name": f"reveal-{name}", "label": label}


def title_of_preset(preset: Preset) -> str:
    """Return what an example is called."""
    return registered("preset", preset.name, preset.title)


def _example(preset: Preset | None) -> Select:
    own: Option = {"value": OWN, "text": text("example.own"), "disabled": preset is not None}
    presets: list[Option] = [
        {"value": one.name, "text": title_of_preset(one)} for one in PRESETS.values()
    ]
    return {
        "kind": "select",
        "name": "example",
        "label": text("example"),
        "value": preset.name if preset else OWN,
        "options": [own, *presets],
    }


def _sentence(preset: Preset | None) -> Note:
    words = (
        registered("preset", f"{preset.name}.sentence", preset.sentence)
        if preset
        else text("example.none")
    )
    return {"kind": "note", "name": "example-sentence", "text": words}


def _opener(name: str, opened: Opened) -> Button:
    return {**_button(name), "expanded": opened == name}


def _button(key: str, name: str = "") -> Button:
    help_text = text(f"{key}.help")
    return {"kind": "button", "name": name or key, "label": text(key), "help": help_text}


def _covers(covered: tuple[str, ...]) -> Group:
    """Return a box to tick for each number or picture that can be covered."""
    return {
        "kind": "group",
        "name": "cover-group",
        "label": text("predict.heading"),
        "items": [
            {
                "kind": "check",
                "name": f"cover-{one}",
                "label": text(f"what.{one}"),
                "value": one in covered,
            }
            for one in COVERABLE
        ],
    }
