"""The controls of a walk, as fields of a `Panel`."""

from __future__ import annotations

from gradwidgets.texts import text
from gradwidgets.views.kit.classroom import classroom_field, key_list_field
from gradwidgets.views.kit.fields import Button, Check, Field, Range, Select
from gradwidgets.views.walk.keys import key_list
from gradwidgets.views.walk.predict import ASKED
from gradwidgets.views.walk.tour import Tour

SPEEDS = {"slow": 5.0, "normal": 2.0, "quick": 0.7, "fast": 0.1}  # seconds for a step
DEFAULT_SPEED = "normal"
MOVES = ("first", "previous", "next", "last")


def control_fields(
    tour: Tour,
    playing: bool,
    speed: str,
    can_play: bool,
    primary: bool = True,
    covered: bool = False,
    predict: bool = False,
    focus: bool = False,
) -> list[Field]:
    """Return the controls of a walk, as fields of a `Panel`; with `focus` Play has the keyboard."""
    count = len(tour)
    at_start, at_end = tour.position <= 0, tour.position >= count - 1
    parts = tour.parts()
    buttons: list[Button] = [
        _move_button("first", "⇤", at_start),
        _move_button("previous", "←", at_start),
        {
            **_move_button("pause" if playing else "play", text("pause" if playing else "play"),
                      not can_play or count < 2),
            "name": "play",
            "primary": primary,
            "focus": focus,
        },
        {**_move_button("reveal" if covered else "next", "→", at_end and not covered),
         "name": "next"},
        _move_button("last", "⇥", at_end),
    ]  # fmt: skip
    slider: Range = {
        "kind": "range",
        "name": "position",
        "label": text("walk.slider"),
        "bare": True,
        "value": tour.position + 1,
        "min": 1,
        "max": max(count, 1),
        "step": 1,
        "unit": " " + text("walk.of", count=count),
        "disabled": count < 2,
    }
    part: Select = {
        "kind": "select",
        "name": "part",
        "label": text("walk.parts"),
        "bare": True,
        "value": tour.part(),
        "options": [{"value": first, "text": name} for name, first, _ in parts],
        "disabled": len(parts) < 2,
    }
    pace: Select = {
        "kind": "select",
        "name": "speed",
        "label": text("walk.pace"),
        "bare": True,
        "value": speed,
        "options": [{"value": name, "text": text(f"walk.pace.{name}")} for name in SPEEDS],
    }
    forward: Check = {
        "kind": "check",
        "name": "forward",
        "label": text("walk.forward_too"),
        "short": text("walk.forward_too.short"),
        "value": tour.with_forward,
        "disabled": tour.forward is None or not tour.forward.steps,
    }
    predicting: Check = {
        "kind": "check",
        "name": "predict",
        "label": text("predict"),
        "short": text("walk.predict.short"),
        "help": text("walk.predict.help"),
        "value": predict,
        "disabled": not any(step.kind in ASKED for step in tour.backward.steps),
    }
    return [
        {"kind": "row", "name": "moves", "items": buttons},
        {"kind": "row", "name": "place", "items": [slider]},
        {"kind": "row", "name": "ways", "items": [part, pace, forward, predicting]},
    ]


def leave_field() -> Button:
    """Return the button that leads back to training."""
    return {
        "kind": "button",
        "name": "leave",
        "label": text("back_to_training"),
        "help": text("back_to_training.help"),
    }


def class_fields() -> list[Field]:
    """Return what a walk that stands alone has for a class: the whole window, and its keys."""
    tools: list[Field] = [
        classroom_field("gw-stepper", text("walk.controls"), short=True),
        key_list_field("gw-stepper", key_list(), short=True),
    ]
    return [{"kind": "row", "name": "tools", "items": tools}]


def _move_button(name: str, sign: str, disabled: bool) -> Button:
    return {
        "kind": "button",
        "name": name,
        "label": text(f"walk.button.{name}"),
        "help": text(f"walk.hint.{name}"),
        "text": sign,
        "disabled": disabled,
    }
