"""A playground as it is set up, in one line of text: to be shared, and read without running it."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import MISSING, asdict, dataclass, field, fields
from difflib import get_close_matches
from itertools import chain
from typing import Any

from gradwidgets.core.answers import AnswersKeywords
from gradwidgets.core.types import Foreign
from gradwidgets.engine.experiment import checks
from gradwidgets.engine.experiment.checks import SpecError
from gradwidgets.engine.experiment.presets import preset_named, preset_of
from gradwidgets.engine.experiment.spec import Spec

GROUPS: dict[str, tuple[str, ...]] = {
    "head": ("examples", "predict", "share", "classroom", "keys"),
    "training": ("step", "reset", "new_weights", "speed", "learning_rate"),
    "data": ("data", "data_set", "noise", "train_share", "batch_size", "inputs"),
    "model": ("model", "layers", "output_activation", "loss", "optimizer", "weight_seed"),
    "pictures": ("graph", "walk", "graph_detail", "loss_plot", "log_axis", "output"),
}
"""Place on the page -> its parts; "data" and "model" are whole panels."""

HIDEABLE: tuple[str, ...] = tuple(chain(*GROUPS.values()))
"""What a teacher can take off the page."""

PICTURES: tuple[str, ...] = ("graph", "loss_plot", "output")

WITHIN: dict[str, str] = {
    **dict.fromkeys(GROUPS["data"][1:], "data"),
    **dict.fromkeys(GROUPS["model"][1:], "model"),
    "walk": "graph",
    "graph_detail": "graph",
    "log_axis": "loss_plot",
}
"""Part -> the one that it vanishes with."""

COVERABLE: tuple[str, ...] = (
    "train_loss", "test_loss", *PICTURES,
)  # fmt: skip
"""What can be covered until the class has guessed."""

SPEEDS: tuple[str, ...] = ("slow", "walk", "epoch", "fast")
DETAILS: tuple[str, ...] = ("layers", "operations", "values")
TEXT_SIZES: dict[str, int] = {"normal": 100, "large": 150, "huge": 200}
TEXT_SIZE_MIN, TEXT_SIZE_MAX = 75, 300
TITLE_MAX = 120
TEXT_MAX = 20_000  # characters of JSON; the longest recipe that makes sense has 2,000
VERSION = 1  # raised with every field, name or value that an older gradwidgets would not know
VERSION_MAX = 9999
TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # a text's direction


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe(AnswersKeywords):
    """What a playground begins with, and how it is shown.

    Attributes
    ----------
    spec : Spec
    title : str
        A heading above the playground; at most 120 characters.
    hide : tuple of str
        Names of `HIDEABLE`.
    text_size : int
        Percent of the usual size; the names of `TEXT_SIZES` are taken too.
    cover : tuple of str
        Names of `COVERABLE`.
    speed : {"slow", "walk", "epoch", "fast"}
    detail : {"layers", "operations", "values"}
        How much of the graph is shown.
    log_axis : bool
        Whether the loss plot's axis is logarithmic.

    Raises
    ------
    SpecError
        On any value that does not fit.
    """

    spec: Spec = field(default_factory=Spec)
    title: str = ""
    hide: tuple[str, ...] = ()
    text_size: int = 100
    cover: tuple[str, ...] = ()
    speed: str = "epoch"
    detail: str = "layers"
    log_axis: bool = False

    def __post_init__(self) -> None:
        _require_spec(self.spec)
        keep = object.__setattr__
        keep(self, "title", _title(self.title))
        _require_flag("log_axis", self.log_axis)
        checks.choice("speed", self.speed, SPEEDS)
        checks.choice("detail", self.detail, DETAILS)
        keep(self, "text_size", _percent(self.text_size))
        keep(self, "hide", _names("hide", self.hide, HIDEABLE))
        keep(self, "cover", _names("cover", self.cover, COVERABLE))

    def replace(self, **changes: Any) -> Recipe:
        """Return a recipe with some fields changed."""
        return Recipe(**({one.name: getattr(self, one.name) for one in fields(self)} | changes))

    def to_json(self) -> str:
        """Return the recipe as JSON; what is as usual is left out. `from_json` gives it back."""
        found = {"version": VERSION, **self._differences()}
        return json.dumps(found, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str | bytes) -> Recipe:
        """Read a recipe from JSON, which is parsed and never evaluated.

        Besides the fields above it may hold ``preset``, the name of an experiment; ``spec`` then
        holds what is different from it. ``version`` is 1 where it is left out, as in recipes that
        were made before there was one.

        Raises
        ------
        SpecError
            If the text is not a JSON object, or has unknown, doubled or unfitting fields, or was
            made by a newer gradwidgets.
        """
        if isinstance(text, (str, bytes)) and len(text) > TEXT_MAX:
            raise SpecError("recipe", f"recipe: received {len(text)} characters; expected at most "
                            f"{TEXT_MAX}")
        given = checks.json_object(text)
        _readable(given.pop("version", VERSION))
        checks.known("recipe", given, ("version", "preset", *_FIELDS))
        spec = _spec_of(given.pop("preset", None), given.pop("spec", {}))
        return cls(spec=spec, **given)

    def line(self) -> str:
        """Return the call that makes this playground in a notebook, as one line of Python."""
        given = self._differences()
        changes = given.pop("spec", {})
        arguments = [f"{name}={value!r}" for name, value in given.items()]
        if changes:
            inside = ", ".join(f"{name}={_literal(value)}" for name, value in changes.items())
            arguments.insert(0, f"gradwidgets.Spec({inside})")
        return f"gradwidgets.Playground({', '.join(arguments)})"

    def _differences(self) -> dict[str, Any]:
        """Return what is not as usual: a preset by its name, else what the spec changes."""
        found: dict[str, Any] = {}
        preset = preset_of(self.spec)
        if preset is not None and self.spec != Spec():
            found["preset"] = preset.name
        elif self.spec != Spec():
            usual, own = asdict(Spec()), asdict(self.spec)
            found["spec"] = {name: own[name] for name in own if own[name] != usual[name]}
        for one in fields(self)[1:]:
            value = getattr(self, one.name)
            if value != (one.default if one.default is not MISSING else None):
                found[one.name] = list(value) if isinstance(value, tuple) else value
        return found


_FIELDS = tuple(one.name for one in fields(Recipe))


def is_gone(part: str, hidden: Collection[str]) -> bool:
    """Tell whether a part is left out, by itself or with the one around it."""
    return part in hidden or WITHIN.get(part) in hidden


def recipe_of(
    spec: Spec | None = None, preset: str | None = None, recipe: Foreign = None, **shown: Any
) -> Recipe:
    """Return the recipe that the arguments of a playground ask for.

    Raises
    ------
    TypeError
        When more than one of spec, preset and recipe is given, or a recipe with anything else.
    SpecError
        When a value does not fit.
    """
    given = [name for name, value in (("spec", spec), ("preset", preset), ("recipe", recipe))
             if value is not None]
    if len(given) > 1:
        raise TypeError(f"Playground takes {' or '.join(given)}, not both; leave out one")
    if recipe is None:
        if preset is not None:
            spec = preset_named(preset).spec
        return Recipe(spec=Spec() if spec is None else spec, **shown)
    if shown:
        raise TypeError(f"Playground: a recipe holds {', '.join(shown)} already; leave that out, "
                        "or leave out the recipe")
    if isinstance(recipe, Recipe):
        return recipe
    if not isinstance(recipe, (str, bytes)):
        raise TypeError(f"Playground: recipe is a {type(recipe).__name__}; expected the text that "
                        "Copy link or Recipe.to_json() gives")
    return Recipe.from_json(recipe)


def _require_spec(given: Foreign) -> None:
    if not isinstance(given, Spec):
        shown = type(given).__name__
        raise SpecError("spec", f"spec: received a {shown}; expected a Spec")


def _require_flag(field: str, given: Foreign) -> None:
    if not isinstance(given, bool):
        raise SpecError(field, f"{field}: received {given!r}; expected True or False")


def _title(given: Foreign) -> str:
    if not isinstance(given, str) or len(given) > TITLE_MAX:
        raise SpecError("title", f"title: expected a text of at most {TITLE_MAX} characters")
    return _one_line(given)


def _percent(given: Foreign) -> int:
    """Return a size of text, of which the names are taken too."""
    if isinstance(given, str):
        checks.choice("text_size", given, TEXT_SIZES)
        given = TEXT_SIZES[given]
    return checks.whole("text_size", given, TEXT_SIZE_MIN, TEXT_SIZE_MAX)


def _readable(version: Foreign) -> None:
    """Raise if a recipe is of a later version, before anything else in it is judged."""
    if checks.whole("version", version, 1, VERSION_MAX) > VERSION:
        raise SpecError(
            "version",
            f"recipe: version {version} is made by a newer gradwidgets: update this one, which "
            f"reads version {VERSION}",
        )


def _spec_of(preset: Foreign, changes: Foreign) -> Spec:
    if isinstance(changes, Spec):
        return changes
    if not isinstance(changes, dict):
        raise SpecError("spec", "spec: expected a JSON object such as {\"data\": \"circle\"}")
    base = Spec() if preset is None else preset_named(preset).spec
    return base.replace(**changes)


def _one_line(title: str) -> str:
    """Return a title without what could not be shown, or would turn the page around it about."""
    shown = (
        " " if unicodedata.category(one) in ("Cc", "Cs") or one in TURNING else one
        for one in title
    )
    return " ".join("".join(shown).split())


def _names(what: str, given: Foreign, allowed: tuple[str, ...]) -> tuple[str, ...]:
    """Return names in the order of the table, each once."""
    if isinstance(given, (str, Mapping)) or not isinstance(given, Iterable):
        raise SpecError(what, f"{what}: received {given!r}; expected a list of names such as "
                        f"[{allowed[0]!r}]")
    names = list(given)
    for name in names:
        if name not in allowed:
            close = get_close_matches(str(name), allowed, n=1)
            advice = f"did you mean {close[0]!r}?" if close else f"choose of {', '.join(allowed)}"
            raise SpecError(what, f"{what}: received {str(name)[:60]!r}; {advice}")
    return tuple(name for name in allowed if name in names)


def _literal(value: Foreign) -> str:
    """Return a value of a spec as Python, layers as pairs."""
    if isinstance(value, (tuple, list)) and value and isinstance(value[0], dict):
        return repr([(layer["units"], layer["activation"]) for layer in value])
    return repr(list(value) if isinstance(value, tuple) else value)
