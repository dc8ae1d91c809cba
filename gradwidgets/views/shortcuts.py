"""The keys of the playground: one table for the page, for the list, and for the hints of buttons.

They act only where the playground has the focus, and never in a field that takes keys itself.
"""

from __future__ import annotations

from gradwidgets.engine.recipe import is_gone
from gradwidgets.views.fields import KeysField
from gradwidgets.views.stepper_keys import CLASS_KEYS as WALK_CLASS_KEYS
from gradwidgets.views.stepper_keys import KEYS as WALK_KEYS
from gradwidgets.texts import text

KEYS = {
    " ": "play",
    ".": "step",
    "r": "reset",
    "u": "undo",
    "ctrl+z": "undo",
    "y": "redo",
    "ctrl+y": "redo",
    "ctrl+shift+z": "redo",
    "g": "detail_next",
    "w": "walk_step",
    "c": "classroom",
    "?": "keys",
}
"""Key as the browser calls it -> the command; each is described by the text ``keys.<command>``.

After ``ctrl+``, which stands for ⌘ too, the letter is a small one. The list has the first key of a
command, and the first such combination.
"""


def keys_field(hidden: tuple[str, ...]) -> KeysField:
    """Return the field that listens to the keys; what is left out has no key either."""
    return {
        "kind": "keys",
        "name": "shortcuts",
        "scope": "gw-playground",
        "keys": _left(hidden),
        "inside": {"gw-stepper": list(WALK_KEYS)},  # a walk in the playground has its own
    }


def walk_keys_field(alone: bool) -> KeysField:
    """Return the field that listens to the keys of a walk, which may stand in a playground."""
    keys = {**WALK_KEYS, **WALK_CLASS_KEYS} if alone else WALK_KEYS
    return {"kind": "keys", "name": "keys", "scope": "gw-stepper", "keys": keys}


def walk_key_list() -> list[tuple[str, str]]:
    """Return the same as `key_list` for a walk that stands alone."""
    return [
        (text("keys.key.space"), text("keys.walk_play")),
        *((text(f"keys.key.{name}"), text(f"keys.walk.{name}")) for name in ("arrows", "ends")),
        *((key, text(f"keys.{name}")) for key, name in WALK_CLASS_KEYS.items()),
        (text("keys.key.escape"), text("keys.escape")),
    ]


def _left(hidden: tuple[str, ...]) -> dict[str, str]:
    """Return the keys of what is not left out."""
    parts = {"walk_step": "walk", "detail_next": "graph_detail"}
    return {
        key: name for key, name in KEYS.items() if not is_gone(parts.get(name, name), hidden)
    }


def key_list(hidden: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """Return what each key is called and what it does, as the list shows it."""
    called: dict[str, list[str]] = {}
    for key, name in _left(hidden).items():
        called.setdefault(name, []).append(_called(key))
    rows = [(", ".join(keys[:2]), text(f"keys.{name}")) for name, keys in called.items()]
    return rows + [
        (text(f"keys.key.{name}"), text(f"keys.{name}")) for name in ("arrows", "ends", "escape")
    ]


def _called(key: str) -> str:
    control, _, letter = key.rpartition("+")
    if key == " ":
        return text("keys.key.space")
    return f"{text('graph.key')}+{letter.upper()}" if control else key
