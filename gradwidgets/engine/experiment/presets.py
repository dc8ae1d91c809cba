"""Experiments that a class can begin with, each with a title and a sentence that comes true.

This is the only place where they stand. A test trains every one and holds it to its `claim`.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from gradwidgets.core.types import Foreign
from gradwidgets.engine.experiment.checks import SpecError
from gradwidgets.engine.experiment.spec import Spec


@dataclass(frozen=True, slots=True)
class Claim:
    """What training shows by epoch `epochs`: losses in these bounds, or none that is finite.

    Attributes
    ----------
    train, test : (float, float), optional
        Lowest and highest loss per sample; None where the preset says nothing of it.
    diverges : bool
        The loss stops being finite.
    """

    epochs: int
    train: tuple[float, float] | None = None
    test: tuple[float, float] | None = None
    diverges: bool = False


@dataclass(frozen=True, slots=True)
class Preset:
    """An experiment to begin with.

    Attributes
    ----------
    name : str
        As in ``Playground(preset=name)``.
    title, sentence : str
        In English; a translation has the keys ``preset.<name>`` and ``preset.<name>.sentence``.
    """

    name: str
    title: str
    sentence: str
    spec: Spec
    claim: Claim


def _preset(
    name: str, title: str, sentence: str, data: str, claim: Claim, **changes: Any
) -> Preset:
    return Preset(name, title, sentence, Spec.suited(data, **changes), claim)


PRESETS: dict[str, Preset] = {preset.name: preset for preset in (
    _preset(
        "circle", "Circle: a hidden layer bends the boundary",
        "Four units are enough to close a boundary around the disc. With two it stays open.",
        "circle", Claim(200, test=(0, 0.1)),
    ),
    _preset(
        "circle-squares", "Circle: the right inputs need no hidden layer",
        "Fed with the squares of its coordinates, a single layer draws the circle.",
        "circle", Claim(200, test=(0, 0.02)), layers=(), inputs=("x1²", "x2²"),
        # with tanh and squares, one start in three is saturated, and stays where it is
        output_activation="Sigmoid", loss="BCELoss", learning_rate=0.1,
    ),
    _preset(
        "clouds", "Two clouds: a straight line will do",
        "One unit without a hidden layer parts the clouds: its boundary is a straight line.",
        "gauss", Claim(200, test=(0, 0.05)), layers=(), learning_rate=0.003,
    ),
    _preset(
        "xor", "Exclusive or: two layers",
        "No straight line parts these quarters. Two small hidden layers do.",
        "xor", Claim(200, test=(0, 0.1)),
    ),
    _preset(
        "spiral", "Spiral: the hardest of all",
        "Wound arms need more units, more layers and helpful inputs. Give it 200 epochs.",
        "spiral", Claim(200, test=(0, 0.15)),
    ),
    _preset(
        "sine", "Sine: a curve instead of classes",
        "The target is a number, not a class: eight tanh units bend into a sine.",
        "sine", Claim(200, test=(0, 0.02)),
    ),
    _preset(
        "table", "Four rows: small enough to calculate by hand",
        "Four samples, three hidden units: each number in the graph can be checked on paper.",
        "table", Claim(1000, train=(0, 0.01)),
    ),
    _preset(
        "line-on-xor", "What goes wrong: a straight line for exclusive or",
        "Without a hidden layer the loss stays where it was, however long you train.",
        "xor", Claim(100, train=(0.9, 1.1)), layers=(),
    ),
    _preset(
        "too-small", "What goes wrong: too few units",
        "Two units cannot close a boundary: the loss gets stuck. Add a unit, and it goes on.",
        "circle", Claim(200, train=(0.3, 0.6)), layers=((2, "Tanh"),),
    ),
    _preset(
        "too-fast", "What goes wrong: the learning rate is too high",
        "Each step overshoots further than the one before, until the loss is no number any more.",
        "sine", Claim(5, diverges=True), layers=((8, "ReLU"),), learning_rate=10,
    ),
    _preset(
        "too-slow", "What goes wrong: the learning rate is too low",
        "It learns, but nobody can wait for it. Drag the learning rate up while it runs.",
        "circle", Claim(100, train=(1.0, 1.3)), learning_rate=0.00001,
    ),
    _preset(
        "vanishing", "What goes wrong: gradients vanish",
        "Through five layers of sigmoids hardly any gradient reaches the first one: look at the "
        "gradients of its weights. Change the layers to Tanh.",
        "circle", Claim(100, train=(0.9, 1.1)), layers=((4, "Sigmoid"),) * 5,
    ),
    _preset(
        "dead", "What goes wrong: dead units",
        "Whole layers of ReLU give zero for every point, so no gradient comes back and the curve "
        "stays flat. Change the layers to LeakyReLU.",
        "sine", Claim(60, train=(0.4, 0.5)), layers=((3, "ReLU"),) * 4, weight_seed=3,
    ),
    _preset(
        "overfitting", "What goes wrong: learnt by heart",
        "Few noisy points and a large network: the train loss falls, while the test loss rises.",
        "circle", Claim(800, train=(0, 0.3), test=(0.9, 2)),
        layers=((16, "Tanh"), (16, "Tanh")), noise=50, train_share=10,
    ),
)}  # fmt: skip
"""Name -> preset, in the order of the menu."""


def preset_named(name: Foreign) -> Preset:
    """Return the preset `name`.

    Raises
    ------
    SpecError
        When there is none; its message names the closest.
    """
    if isinstance(name, str) and name in PRESETS:
        return PRESETS[name]
    close = get_close_matches(str(name), PRESETS, n=1)
    advice = f"did you mean {close[0]!r}?" if close else f"choose one of {', '.join(PRESETS)}"
    shown = repr(name) if len(repr(name)) < 60 else repr(name)[:57] + "..."
    raise SpecError("preset", f"preset: received {shown}; {advice}")


def preset_of(spec: Spec | None) -> Preset | None:
    """Return the preset that is exactly this spec, if any."""
    return next((preset for preset in PRESETS.values() if preset.spec == spec), None)
