"""How a playground is set up for a class: title, size, what is left out, and what is covered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

from gradwidgets.engine.sharing.recipe import COVERABLE, PICTURES, Recipe, is_gone
from gradwidgets.views.kit.fields import Value

Opened: TypeAlias = Literal["", "share", "predict"]
"""What is open below the line on top, if anything."""


class Setup:
    """Holds the recipe that a playground was given or is being set up with; draws nothing.

    Attributes
    ----------
    recipe : Recipe
        Its spec is the one at the beginning.
    opened : Opened
    preview : bool
        Whether what is to be left out is left out here: who is given a playground sees it as it
        was meant, who sets it up sees all of it.
    in_class : bool
        Whether a link to copy opens the classroom view.
    """

    def __init__(self, recipe: Recipe) -> None:
        self.recipe = recipe
        self.opened: Opened = ""
        self.preview = bool(recipe.hide)
        self.in_class = False
        self._may_share = "share" not in recipe.hide  # who ticks it later still may

    @property
    def hidden(self) -> tuple[str, ...]:
        """What is left out here."""
        hidden = self.recipe.hide if self.preview else ()
        return tuple(part for part in hidden if part != "share" or not self._may_share)

    @property
    def pictures(self) -> tuple[str, ...]:
        """The pictures that are on the page."""
        away = {*self.hidden, *self.recipe.cover}
        return tuple(name for name in PICTURES if name not in away)

    @property
    def can_walk(self) -> bool:
        """Whether a walk would show nothing that is kept back."""
        return "graph" in self.pictures and not is_gone("walk", self.hidden)

    def change(self, **changes: Value | Sequence[str]) -> None:
        """Take over some fields of the recipe."""
        self.recipe = self.recipe.replace(**changes)

    def reveal(self, name: str) -> None:
        """Take a cover off."""
        self.change(cover=tuple(one for one in self.recipe.cover if one != name))

    def apply(self, name: str, value: Value) -> bool:
        """Carry out what a control asks for; return whether it is one of these."""
        kind, _, rest = name.partition("-")
        if name == "share":
            self._open("share")
        elif name == "predict":
            self._open("predict")
        elif name == "close":
            self.opened = ""
        elif name in ("preview", "preview-end"):
            self.preview = not self.preview
            self.opened = ""
        elif name == "in_class":
            self.in_class = bool(value)
        elif kind in ("hide", "cover") and rest:
            names = {*getattr(self.recipe, kind)} ^ {rest}
            if bool(value) == (rest in names):
                self.change(**{kind: sorted(names)})
        elif name in ("title", "text_size"):
            self.change(**{name: value})
        else:
            return False
        return True

    def _open(self, name: Opened) -> None:
        """Open it, or close it where it is open."""
        self.opened = "" if self.opened == name else name


def covered_by(name: str) -> str:
    """Return what the button `name` reveals, or ""."""
    kind, _, rest = name.partition("-")
    return rest if kind == "reveal" and rest in COVERABLE else ""
