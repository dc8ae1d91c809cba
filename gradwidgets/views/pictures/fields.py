"""The fields of a picture."""

from __future__ import annotations

from gradwidgets.texts import text
from gradwidgets.views.kit.fields import Field


def axis_fields(log: bool) -> list[Field]:
    """Return the switch of the loss plot's axis."""
    return [
        {"kind": "check", "name": "log_axis", "label": text("log_axis"), "value": log},
    ]
