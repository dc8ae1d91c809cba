"""The bar on top: play, step, reset, new weights, learning rate, speed."""

from __future__ import annotations

from gradwidgets.engine.experiment import spec as limits
from gradwidgets.texts import text
from gradwidgets.views.kit.fields import Button, Field
from gradwidgets.views.kit.pump import SPEEDS

RATES_PER_DECADE = 20  # positions of the learning rate slider for each factor of ten


def button_fields(
    playing: bool,
    can_play: bool,
    own_model: bool,
    can_undo: bool = False,
    can_redo: bool = False,
) -> list[Field]:
    """Return the buttons that steer the training.

    Undo and redo have their place from the start, and are seen once there is anything to undo.
    """
    away = not (can_undo or can_redo)
    play = "pause" if playing else "play"
    return [
        {
            "kind": "row",
            "name": "buttons",
            "items": [
                _button("play", play, primary=True, disabled=not can_play),
                _button("step", "step"),
                _button("reset", "reset"),
                *([] if own_model else [_button("new_weights", "new_weights")]),
                {**_button("undo", "undo"), "text": "↶", "idle": not can_undo, "away": away},
                {**_button("redo", "redo"), "text": "↷", "idle": not can_redo, "away": away},
            ],
        }
    ]


def setting_fields(learning_rate: float | None, speed: str) -> list[Field]:
    """Return speed and learning rate, which apply while it runs."""
    fields: list[Field] = [
        {
            "kind": "select",
            "name": "speed",
            "label": text("speed"),
            "value": speed,
            "options": [{"value": name, "text": text(f"speed.{name}")} for name in SPEEDS],
        }
    ]
    if learning_rate is not None:
        fields.append(
            {
                "kind": "range",
                "name": "learning_rate",
                "label": text("learning_rate"),
                "number_label": text("learning_rate.value"),
                "value": learning_rate,
                "min": limits.LEARNING_RATE_MIN,
                "max": limits.LEARNING_RATE_MAX,
                "log": True,
                "per_decade": RATES_PER_DECADE,
            }
        )
    return [{"kind": "row", "name": "settings", "items": fields}]


def walk_field(can_walk: bool) -> Button:
    """Return the button that opens the walk through the step shown."""
    return _button("walk_step", "walk_step", disabled=not can_walk)


def _button(name: str, label: str, primary: bool = False, disabled: bool = False) -> Button:
    return {
        "kind": "button",
        "name": name,
        "label": text(label),
        "help": text(f"{label}.help"),
        "primary": primary,
        "disabled": disabled,
    }
