"""The keys of the playground: one table for the page, for the list, and for the hints of buttons.

They act only where the playground has the focus, and never in a field that takes keys itself.
"""

from __future__ import annotations

from gradwidgets.views.stepper_keys import KEYS as WALK_KEYS
from gradwidgets.views.texts import text

KEYS = {
    " ": "play",
    ".": "step",
    "r": "reset",
    "g": "detail_next",
    "w": "walk_step",
    "c": "classroom",
    "?": "keys",
}
"""Key as the browser calls it -> the command; each is described by the text ``keys.<command>``."""


def keys_field(hidden: tuple[str, ...]) -> dict:
    """Return the field that listens to the keys; what is left out has no key either."""
    gone = {"step": "step", "reset": "reset", "walk_step": "walk", "detail_next": "graph_detail",
            "classroom": "classroom", "keys": "keys"}
    keys = {key: name for key, name in KEYS.items() if gone.get(name) not in hidden}
    return {
        "kind": "keys",
        "name": "shortcuts",
        "scope": "gw-playground",
        "keys": keys,
        "inside": {"gw-stepper": list(WALK_KEYS)},  # a walk in the playground has its own
    }


def key_list() -> list[tuple[str, str]]:
    """Return what each key is called and what it does, as the list shows it."""
    called = {" ": text("keys.key.space")}
    rows = [(called.get(key, key), text(f"keys.{name}")) for key, name in KEYS.items()]
    return rows + [
        (text(f"keys.key.{name}"), text(f"keys.{name}")) for name in ("arrows", "ends", "escape")
    ]
