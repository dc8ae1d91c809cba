"""What a teacher leaves out of a playground: fields by the names of `recipe.HIDEABLE`."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from gradwidgets.views.kit.fields import Field

# Name of a control, up to the first hyphen -> what hides it, where that is called otherwise.
PART_OF = {
    "preview": "share",  # a class that was not given it cannot bring back what is left out
    "example": "examples",
    "data": "data_set",
    "layer": "layers",
    "add_layer": "layers",
    "walk_step": "walk",
    "detail": "graph_detail",
}


def part_of(name: str) -> str:
    """Return the part that a control belongs to: its own name, if it is a part by itself."""
    start = name.partition("-")[0]
    return PART_OF.get(start, start)


def without(fields: Sequence[Field], hidden: Collection[str]) -> list[Field]:
    """Return the fields that are left, rows and groups with what is left of them."""
    left: list[Field] = []
    for field in fields:
        if part_of(str(field.get("name", ""))) in hidden:
            continue
        if (field["kind"] == "row" or field["kind"] == "group") and field["items"]:
            items = without(field["items"], hidden)
            if items:
                rest = field.copy()
                rest["items"] = items
                left.append(rest)
        else:
            left.append(field)
    return left
