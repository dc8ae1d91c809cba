"""The line on top of a playground: example, predict first, share, classroom view, keys."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from importlib import metadata
from urllib.parse import quote

from gradwidgets.engine.presets import PRESETS, Preset, preset_of
from gradwidgets.engine.recipe import COVERABLE, HIDEABLE, TEXT_SIZES, TITLE_MAX, Recipe
from gradwidgets.engine.spec import Spec
from gradwidgets.views.classroom import classroom_field, key_list_field
from gradwidgets.views.shortcuts import key_list, keys_field
from gradwidgets.views.texts import registered, text

OWN = ""  # the value of the example's dropdown for a spec that is no preset


def head_fields(recipe: Recipe, spec: Spec | None, opened: str, preview: bool) -> list[dict]:
    """Return the line itself, and what is open below it.

    Parameters
    ----------
    recipe : Recipe
    spec : Spec or None
        As it is now; None for a learner's own objects, which no line could give to others.
    opened : {"", "share", "predict"}
    preview : bool
        Whether what is to be left out for the class is left out here too.
    """
    preset = preset_of(spec)
    title = [{"kind": "heading", "text": recipe.title}] if recipe.title else []
    example = [_example(preset), _sentence(preset)] if spec is not None else []
    tools = [
        _opener("predict", opened),
        *([_opener("share", opened)] if spec is not None else []),
        classroom_field("gw-playground", recipe.title, recipe.text_size),
        key_list_field("gw-playground", key_list()),
    ]
    fields = [
        *title,
        {"kind": "row", "name": "example-row", "items": example},
        {"kind": "row", "name": "tools", "items": tools},
        keys_field(recipe.hide),
    ]
    if preview:
        fields.append(_button("share.preview.end", "preview"))
    if opened == "predict":
        fields.append(_ticks("cover", "what", text("predict.heading"), COVERABLE, recipe.cover))
    elif opened == "share":
        fields += share_fields(recipe, spec)
    return fields


def covered_fields(recipe: Recipe) -> list[dict]:
    """Return what is covered, each with a button that reveals it."""
    if not recipe.cover:
        return []
    buttons = [reveal_button(name) for name in recipe.cover]
    return [{"kind": "row", "name": "covered", "text": text("cover.list"), "items": buttons}]


def reveal_button(name: str) -> dict:
    """Return the button that takes a cover away."""
    label = text("cover.reveal", what=text(f"what.{name}"))
    return {"kind": "button", "name": f"reveal-{name}", "label": label}


def share_fields(recipe: Recipe, spec: Spec) -> list[dict]:
    """Return what can be set before a line or a link is copied, and both of them."""
    shared = recipe.replace(spec=spec)
    sizes = sorted({*TEXT_SIZES.values(), recipe.text_size})
    base = binder_address(os.environ)
    return [
        {"kind": "heading", "text": text("share.heading")},
        {
            "kind": "row",
            "name": "shown-as",
            "items": [
                {"kind": "text", "name": "title", "label": text("share.title"),
                 "value": recipe.title, "most": TITLE_MAX},
                {"kind": "select", "name": "text_size", "label": text("share.text_size"),
                 "value": recipe.text_size,
                 "options": [{"value": size, "text": text("share.size", percent=size)}
                             for size in sizes]},
                _button("share.preview", "preview"),
            ],
        },
        _ticks("hide", "hide", text("share.hide"), HIDEABLE, recipe.hide),
        {"kind": "note", "text": text("share.hide.note")},
        {"kind": "copy", "name": "line", "label": text("share.line"), **_copied("line"),
         "value": shared.line()},
        {"kind": "copy", "name": "link", "label": text("share.link"), **_copied("link"),
         "query": link_query(shared), "binder": base},
        {"kind": "note", "text": text("share.link.binder" if base else "share.link.here")},
    ]  # fmt: skip


def link_query(recipe: Recipe) -> str:
    """Return what stands after the question mark of a link that opens this very playground."""
    found = recipe.to_json()
    return "gradwidgets=playground" + (f"&recipe={quote(found, safe='')}" if found != "{}" else "")


def binder_address(environ: Mapping[str, str]) -> str:
    """Return what a link that starts this repository on Binder begins with, or "".

    On Binder its own environment tells; elsewhere the repository's address does, which stands in
    the package's metadata (``project.urls`` of pyproject.toml) once it is known.
    """
    host, request = environ.get("BINDER_LAUNCH_HOST", ""), environ.get("BINDER_REQUEST", "")
    if host.startswith("https://") and request:
        return f"{host.rstrip('/')}/{request.lstrip('/')}"
    return binder_address_of(repository_address())


def binder_address_of(repository: str) -> str:
    """Return Binder's address of a repository on GitHub; "" for any other."""
    found = re.fullmatch(r"https://github\.com/([\w.-]+)/([\w.-]+?)(?:\.git)?/?", repository)
    return f"https://mybinder.org/v2/gh/{found[1]}/{found[2]}/HEAD" if found else ""


def repository_address() -> str:
    """Return the repository's address from the installed package's metadata, or ""."""
    try:
        urls = metadata.metadata("gradwidgets").get_all("Project-URL") or []
    except metadata.PackageNotFoundError:
        return ""
    named = dict(line.split(", ", 1) for line in urls if ", " in line)
    return named.get("Repository", "")


def title_of_preset(preset: Preset) -> str:
    """Return what an example is called."""
    return registered("preset", preset.name, preset.title)


def _example(preset: Preset | None) -> dict:
    own = {"value": OWN, "text": text("example.own"), "disabled": preset is not None}
    presets = [{"value": one.name, "text": title_of_preset(one)} for one in PRESETS.values()]
    return {
        "kind": "select",
        "name": "example",
        "label": text("example"),
        "value": preset.name if preset else OWN,
        "options": [own, *presets],
    }


def _sentence(preset: Preset | None) -> dict:
    words = (
        registered("preset", f"{preset.name}.sentence", preset.sentence)
        if preset
        else text("example.none")
    )
    return {"kind": "note", "name": "example-sentence", "text": words}


def _opener(name: str, opened: str) -> dict:
    return {**_button(name), "expanded": opened == name}


def _button(key: str, name: str = "") -> dict:
    help_text = text(f"{key}.help")
    return {"kind": "button", "name": name or key, "label": text(key), "help": help_text}


def _copied(name: str) -> dict:
    return {
        "text": text(f"share.{name}.copy"),
        "copied": text("share.copied"),
        "select": text("share.select"),
    }


def _ticks(
    name: str, texts: str, label: str, every: tuple[str, ...], ticked: tuple[str, ...]
) -> dict:
    """Return a box to tick for each name, called by the text ``<texts>.<name>``."""
    return {
        "kind": "group",
        "name": f"{name}-group",
        "label": label,
        "items": [
            {
                "kind": "check",
                "name": f"{name}-{one}",
                "label": text(f"{texts}.{one}"),
                "value": one in ticked,
            }
            for one in every
        ],
    }
