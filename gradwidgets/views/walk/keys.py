"""The keys of a walk; the playground leaves them to it."""

from __future__ import annotations

from gradwidgets.texts import text
from gradwidgets.views.kit.fields import KeysField

KEYS = {
    "ArrowRight": "next",
    "ArrowLeft": "previous",
    "Home": "first",
    "End": "last",
    " ": "play",
}
CLASS_KEYS = {"c": "classroom", "?": "keys"}
"""Those of a walk that stands alone; around one in a playground, the playground has them."""


def keys_field(alone: bool) -> KeysField:
    """Return the field that listens to the keys of a walk, which may stand in a playground."""
    keys = {**KEYS, **CLASS_KEYS} if alone else KEYS
    return {"kind": "keys", "name": "keys", "scope": "gw-stepper", "keys": keys}


def key_list() -> list[tuple[str, str]]:
    """Return what each key of a walk that stands alone is called, and what it does."""
    return [
        (text("keys.key.space"), text("keys.walk_play")),
        *((text(f"keys.key.{name}"), text(f"keys.walk.{name}")) for name in ("arrows", "ends")),
        *((key, text(f"keys.{name}")) for key, name in CLASS_KEYS.items()),
        (text("keys.key.escape"), text("keys.escape")),
    ]
