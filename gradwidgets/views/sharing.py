"""What a teacher sets before handing a playground on, and the line and the links to copy."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from importlib import metadata
from urllib.parse import quote

from gradwidgets.engine.recipe import TEXT_SIZES, TITLE_MAX, Recipe
from gradwidgets.views.texts import text

BINDER = "https://mybinder.org/v2"
PICTURES = ("graph", "loss_plot", "output")

# Group of boxes to tick -> its parts. "data" and "model" leave out a whole panel.
GROUPS: dict[str, tuple[str, ...]] = {
    "head": ("examples", "predict", "share", "classroom", "keys"),
    "training": ("step", "reset", "new_weights", "speed", "learning_rate"),
    "data": ("data", "data_set", "noise", "train_share", "batch_size", "inputs"),
    "model": ("model", "layers", "output_activation", "loss", "optimizer", "weight_seed"),
    "pictures": ("graph", "walk", "graph_detail", "loss_plot", "log_axis", "output"),
}

# Part -> the one that it vanishes with.
WITHIN: dict[str, str] = {
    **dict.fromkeys(GROUPS["data"][1:], "data"),
    **dict.fromkeys(GROUPS["model"][1:], "model"),
    "walk": "graph",
    "graph_detail": "graph",
    "log_axis": "loss_plot",
}


def share_fields(recipe: Recipe, preview: bool) -> list[dict]:
    """Return what can be set before a line or a link is copied, and these; for a `ClassPanel`."""
    sizes = sorted({*TEXT_SIZES.values(), recipe.text_size})
    look = [
        {
            "kind": "text",
            "name": "title",
            "label": text("share.title"),
            "value": recipe.title,
            "most": TITLE_MAX,
        },
        {
            "kind": "select",
            "name": "text_size",
            "label": text("share.text_size"),
            "value": recipe.text_size,
            "options": [
                {"value": size, "text": text("share.size", percent=size)} for size in sizes
            ],
        },
        *([] if preview else [_preview()]),
    ]
    return [
        {"kind": "heading", "text": text("share.heading")},
        {"kind": "row", "name": "shown-as", "items": look},
        {"kind": "note", "name": "share-note", "text": text("share.hide.note")},
        *(_group(name, parts, recipe.hide) for name, parts in GROUPS.items()),
        _copy("line", value=f"import gradwidgets; {recipe.line()}"),
        *_links(link_query(recipe)),
    ]


def link_query(recipe: Recipe) -> str:
    """Return what stands after the question mark of a link that opens this very playground."""
    found = recipe.to_json()
    return "gradwidgets=playground" + (f"&recipe={quote(found, safe='')}" if found != "{}" else "")


def binder_of_this_kernel(environ: Mapping[str, str]) -> str:
    """Return what a link to this kernel's own image on Binder begins with; "" anywhere else."""
    host, request = environ.get("BINDER_LAUNCH_HOST", ""), environ.get("BINDER_REQUEST", "")
    if not re.match(r"https?://[^/\s]", host) or not request:
        return ""
    return f"{host.rstrip('/')}/{request.lstrip('/')}"


def binder_of_repository(address: str) -> str:
    """Return what a link that starts a repository on Binder begins with; "" if there is none."""
    address = address.strip().rstrip("/").removesuffix(".git")
    if found := re.fullmatch(r"https?://github\.com/([\w.-]+)/([\w.-]+)", address):
        return f"{BINDER}/gh/{found[1]}/{found[2]}/HEAD"
    if found := re.fullmatch(r"https?://gitlab\.com/([\w.-]+(?:/[\w.-]+)+)", address):
        return f"{BINDER}/gl/{quote(found[1], safe='')}/HEAD"
    if re.match(r"https?://[^/\s]+/\S", address):
        return f"{BINDER}/git/{quote(address, safe='')}/HEAD"
    return ""


def repository_address() -> str:
    """Return the repository's address from the installed package's metadata, or "".

    There it comes from ``project.urls`` of pyproject.toml, the only place where it stands.
    """
    try:
        urls = metadata.metadata("gradwidgets").get_all("Project-URL") or []
    except metadata.PackageNotFoundError:
        return ""
    named = dict(line.split(", ", 1) for line in urls if ", " in line)
    return named.get("Repository", "")


def _preview() -> dict:
    return {
        "kind": "button",
        "name": "preview",
        "label": text("share.preview"),
        "help": text("share.preview.help"),
    }


def _group(name: str, parts: tuple[str, ...], hidden: tuple[str, ...]) -> dict:
    return {
        "kind": "group",
        "name": f"hiding-{name}",
        "label": text(f"share.group.{name}"),
        "items": [_tick(part, hidden) for part in parts],
    }


def _tick(part: str, hidden: tuple[str, ...]) -> dict:
    words, why = text(f"hide.{part}"), ""
    if WITHIN.get(part) in hidden:
        why = text("share.hide.within", part=text(f"hide.{WITHIN[part]}"))
    elif part in PICTURES and set(PICTURES) - set(hidden) == {part}:
        why = text("share.hide.last")
    return {
        "kind": "check",
        "name": f"hide-{part}",
        "label": text("share.hide", part=words),
        "text": words,
        "value": part in hidden,
        "disabled": bool(why),
        "help": why,
    }


def _links(query: str) -> list[dict]:
    """Return a link to the page's own server, and one to Binder where its address is known."""
    here = binder_of_this_kernel(os.environ)
    link = {"query": query, "none": text("share.link.none")}
    if here:
        return [_copy("link", **link, binder=here), _note("share.link.binder")]
    binder = binder_of_repository(repository_address())
    if binder:
        return [
            _copy("link", **link),
            _copy("binder", **link, binder=binder),
            _note("share.link.both"),
        ]
    return [_copy("link", **link), _note("share.link.here")]


def _copy(name: str, **what: str) -> dict:
    return {
        "kind": "copy",
        "name": name,
        "label": text(f"share.copy.{name}"),
        "text": text(f"share.do.{name}"),
        "copied": text("share.copied"),
        "select": text("share.select"),
        **what,
    }


def _note(key: str) -> dict:
    return {"kind": "note", "name": "link-note", "text": text(key)}
