"""What a teacher sets before handing a playground on, and the line and the links to copy."""

from __future__ import annotations

import os

from gradwidgets.engine.sharing.links import (
    binder_of_repository,
    binder_of_this_kernel,
    query_of,
    repository_address,
)
from gradwidgets.engine.sharing.recipe import (
    GROUPS,
    PICTURES,
    TEXT_SIZES,
    TITLE_MAX,
    WITHIN,
    Recipe,
)
from gradwidgets.texts import text
from gradwidgets.views.kit.fields import Button, Check, Copy, Field, Group, Note


def share_fields(recipe: Recipe, preview: bool, in_class: bool = False) -> list[Field]:
    """Return what can be set before a line or a link is copied, and these; for a `ClassPanel`.

    Parameters
    ----------
    recipe : Recipe
    preview : bool
        Whether what is to be left out is left out here too.
    in_class : bool, default=False
        Whether a link opens the classroom view.
    """
    sizes = sorted({*TEXT_SIZES.values(), recipe.text_size})
    look: list[Field] = [
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
        {**_copy("line"), "value": f"import gradwidgets; {recipe.line()}"},
        _in_class(recipe, in_class),
        *_links(link_query(recipe, in_class)),
    ]


def link_query(recipe: Recipe, in_class: bool = False) -> str:
    """Return what stands after the question mark of a link that opens this very playground."""
    in_class = in_class and "classroom" not in recipe.hide
    return query_of("playground", "" if recipe == Recipe() else recipe.to_json(), in_class)


def _in_class(recipe: Recipe, in_class: bool) -> Check:
    away = "classroom" in recipe.hide
    gone = text("share.hide.within", part=text("hide.classroom"))
    return {
        "kind": "check",
        "name": "in_class",
        "label": text("share.in_class"),
        "value": in_class and not away,
        "disabled": away,
        "help": gone if away else text("share.in_class.help"),
    }


def _preview() -> Button:
    return {
        "kind": "button",
        "name": "preview",
        "label": text("share.preview"),
        "help": text("share.preview.help"),
        "back": "share",
    }


def _group(name: str, parts: tuple[str, ...], hidden: tuple[str, ...]) -> Group:
    return {
        "kind": "group",
        "name": f"hiding-{name}",
        "label": text(f"share.group.{name}"),
        "items": [_tick(part, hidden) for part in parts],
    }


def _tick(part: str, hidden: tuple[str, ...]) -> Check:
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


def _links(query: str) -> list[Field]:
    """Return a link to the page's own server, and one to Binder where its address is known."""
    here = binder_of_this_kernel(os.environ)
    link: Copy = {**_copy("link"), "query": query, "none": text("share.link.none")}
    if here:
        return [{**link, "binder": here}, _note("share.link.binder")]
    binder = binder_of_repository(repository_address())
    if binder:
        by_binder: Copy = {**link, **_copy("binder"), "binder": binder}
        return [link, by_binder, _note("share.link.both")]
    return [link, _note("share.link.here")]


def _copy(name: str) -> Copy:
    """Return a button that copies, without what it copies."""
    return {
        "kind": "copy",
        "name": name,
        "label": text(f"share.copy.{name}"),
        "text": text(f"share.do.{name}"),
        "copied": text("share.copied"),
        "select": text("share.select"),
    }


def _note(key: str) -> Note:
    return {"kind": "note", "name": "link-note", "text": text(key)}
