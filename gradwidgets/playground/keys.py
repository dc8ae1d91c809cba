"""The keys of the playground: one table for the page, for the list, and for the hints of buttons.

They act only where the playground has the focus, and never in a field that takes keys itself.
"""

from __future__ import annotations

from gradwidgets.engine.sharing.recipe import is_gone
from gradwidgets.texts import text
from gradwidgets.views.kit.fields import KeysField
from gradwidgets.views.walk.keys import KEYS as WALK_KEYS

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
