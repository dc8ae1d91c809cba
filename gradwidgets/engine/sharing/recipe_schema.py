"""What a recipe may say, as a schema that a page can judge by before any kernel runs.

    python -m gradwidgets.engine.sharing.recipe_schema gradwidgets/lab/static/recipe.json

It is drawn from `Spec`, the presets and `Recipe`, so that nothing is listed twice: names and bounds
from their tables, and which values fit together by trying them. The words are those of JSON Schema,
with three more: ``longest`` (characters of the whole text), ``bases`` (what a spec begins with, for
each preset) and ``together`` (fields, and the only rows of values that they may have).
"""

from __future__ import annotations

import itertools
import json
import sys
from collections.abc import Iterable
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any, TypeAlias

from gradwidgets.engine.experiment import spec
from gradwidgets.engine.experiment.checks import SpecError
from gradwidgets.engine.experiment.data.drawn import DATASETS, INPUTS
from gradwidgets.engine.experiment.presets import PRESETS
from gradwidgets.engine.experiment.spec import LayerSpec, Spec
from gradwidgets.engine.sharing import recipe
from gradwidgets.engine.sharing.recipe import Recipe

Schema: TypeAlias = dict[str, Any]
"""A JSON Schema, or a part of one."""

BOOLEAN: Schema = {"type": "boolean"}

PAIR = ("data", "output_activation", "loss")
READ = ("data", "inputs")
"""Fields of a spec that may not have any values beside each other."""


def schema() -> Schema:
    """Return the schema of recipes, as JSON would give it back."""
    return {
        "title": "recipe",
        "longest": recipe.TEXT_MAX,
        "version": recipe.VERSION,
        **_object({
            "version": _whole(1, recipe.VERSION_MAX),
            "preset": {"anyOf": [_choice(PRESETS), {"type": "null"}]},
            **_all_of(Recipe, {
                "spec": _object(_of_spec()),
                "title": {"type": "string", "maxLength": recipe.TITLE_MAX},
                "hide": _list(_choice(recipe.HIDEABLE)),
                "text_size": {"anyOf": [
                    _whole(recipe.TEXT_SIZE_MIN, recipe.TEXT_SIZE_MAX),
                    _choice(recipe.TEXT_SIZES),
                ]},
                "cover": _list(_choice(recipe.COVERABLE)),
                "speed": _choice(recipe.SPEEDS),
                "detail": _choice(recipe.DETAILS),
                "log_axis": BOOLEAN,
            }),
        }),
        "bases": {"": _begins(Spec()), **{one.name: _begins(one.spec) for one in PRESETS.values()}},
        "together": [
            {"fields": list(PAIR), "rows": _pairs()},
            {"fields": list(READ), "rows": _inputs()},
        ],
    }  # fmt: skip


def write(path: Path) -> None:
    """Write the schema to a file."""
    text = json.dumps(schema(), indent=1, ensure_ascii=False)
    path.write_text(f"{text}\n", encoding="utf-8")


def _of_spec() -> dict[str, Schema]:
    layer = _all_of(LayerSpec, {
        "units": _whole(spec.UNITS_MIN, spec.UNITS_MAX),
        "activation": _choice(spec.HIDDEN_ACTIVATIONS),
    })  # fmt: skip
    needed = [one.name for one in fields(LayerSpec) if one.default is MISSING]
    pair = {"type": "array", "minItems": len(layer), "prefixItems": list(layer.values()),
            "items": False}  # fmt: skip
    one_input = _choice(INPUTS)
    return _all_of(Spec, {
        **{field: _choice(names) for field, names in spec.CHOICES.items()},
        **{field: _whole(*bounds) for field, bounds in spec.WHOLES.items()},
        "inputs": {"anyOf": [_list(one_input, minItems=1), one_input]},
        "layers": _list(
            {"anyOf": [pair, {**_object(layer), "required": needed}]}, maxItems=spec.LAYERS_MAX
        ),
        "learning_rate": {
            "type": "number",
            "minimum": spec.LEARNING_RATE_MIN,
            "maximum": spec.LEARNING_RATE_MAX,
        },
    })  # fmt: skip


def _all_of(kind: type, known: dict[str, Schema]) -> dict[str, Schema]:
    """Return what is known of a class's fields, in their order.

    Raises
    ------
    LookupError
        For a field of which nothing is known here: pages would refuse it.
    """
    names = [one.name for one in fields(kind)]
    if set(names) != set(known):
        raise LookupError(f"{kind.__name__} has the fields {', '.join(names)}, but the schema "
                          f"{', '.join(known)}; say here what each may hold")
    return {name: known[name] for name in names}


def _object(properties: dict[str, Schema]) -> Schema:
    return {"type": "object", "additionalProperties": False, "properties": properties}


def _list(items: Schema, **limits: int) -> Schema:
    return {"type": "array", "items": items, **limits}


def _choice(names: Iterable[str]) -> Schema:
    return {"type": "string", "enum": list(names)}


def _whole(least: int, most: int) -> Schema:
    return {"type": "integer", "minimum": least, "maximum": most}


def _begins(base: Spec) -> dict[str, str | list[str]]:
    """Return what a spec holds of the fields that have to fit together."""
    values = {name: getattr(base, name) for name in dict.fromkeys((*PAIR, *READ))}
    return {name: list(value) if isinstance(value, tuple) else value
            for name, value in values.items()}


def _pairs() -> list[list[str]]:
    """Return the rows of data set, output activation and loss that a spec takes."""
    rows = itertools.product(*(spec.CHOICES[field] for field in PAIR))
    return [list(row) for row in rows
            if _is_taken(inputs=DATASETS[row[0]].inputs, **dict(zip(PAIR, row, strict=True)))]


def _inputs() -> list[list[str]]:
    """Return the rows of data set and one of its inputs that a spec takes."""
    return [[data, name] for data, name in itertools.product(DATASETS, INPUTS)
            if _is_taken(**{**DATASETS[data].suits, "data": data, "inputs": (name,)})]


def _is_taken(**changes: Any) -> bool:
    try:
        Spec(**changes)
    except SpecError:
        return False
    return True


if __name__ == "__main__":
    write(Path(sys.argv[1]))
