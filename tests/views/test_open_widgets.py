"""A page that is loaded again asks for every open widget: none may hold one that is closed."""

from __future__ import annotations

import ipywidgets
import pytest

from gradwidgets import Playground

ACTIONS = {
    "a walk": lambda one: (one.step(), one.walk_step(), one.end_walk()),
    "two walks": lambda one: (one.step(), one.walk_step(), one.walk_step(), one.step()),
    "a cover": lambda one: (one._control_changed("cover-graph", True), one.reveal("graph")),
    "a preview": lambda one: [
        one._control_changed(name, True) for name in ("hide-output", "preview", "preview-end")
    ],
    "changes undone": lambda one: (one._control_changed("units-1", 6), one.undo(), one.redo()),
    "closing": lambda one: (one.step(), one.walk_step(), one.close()),
}


def holding_closed_ones(before: set[str]) -> list[str]:
    """Return the open widgets, beside those of `before`, that hold closed ones."""
    opened = {key: one for key, one in ipywidgets.widgets.widget._instances.items()
              if key not in before}  # fmt: skip
    return [
        repr(one) for one in opened.values()
        if any(child.comm is None for child in getattr(one, "children", ()))
    ]  # fmt: skip


@pytest.mark.parametrize("action", ACTIONS)
def test_after_any_action_no_open_widget_holds_a_closed_one(action):
    before = set(ipywidgets.widgets.widget._instances)
    ACTIONS[action](Playground())
    assert holding_closed_ones(before) == []
