"""What the controls of a playground ask for, and how it is carried out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from gradwidgets.engine.experiment.checks import SpecError
from gradwidgets.engine.experiment.presets import preset_named
from gradwidgets.engine.experiment.spec import Spec
from gradwidgets.engine.learner.careful import interrupted
from gradwidgets.engine.learner.guard import guard
from gradwidgets.engine.sharing.recipe import DETAILS
from gradwidgets.engine.training.trainer import Trainer
from gradwidgets.engine.training.undo import Moment, Past
from gradwidgets.playground import builder, head
from gradwidgets.playground.page import Page
from gradwidgets.playground.screens import Screens
from gradwidgets.playground.setup import Setup, covered_by
from gradwidgets.playground.telling import Telling
from gradwidgets.playground.words import in_the_pages_words, what_is_new
from gradwidgets.texts import text
from gradwidgets.views.kit.fields import Value
from gradwidgets.views.kit.pump import Pump


class Commanded(Protocol):
    """What of a playground its controls need."""

    screens: Screens
    page: Page
    pump: Pump
    setup: Setup
    trainer: Trainer

    @property
    def spec(self) -> Spec | None:
        """The experiment; None for objects of a learner's own."""

    def play(self) -> None:
        """Start training."""

    def pause(self) -> None:
        """Stop training."""

    def step(self) -> None:
        """Take one training step."""

    def reset(self) -> None:
        """Go back to the first weights."""

    def undo(self) -> None:
        """Go back to before the last change."""

    def redo(self) -> None:
        """Go to what the last `undo` has left."""

    def walk_step(self) -> None:
        """Walk through the step shown."""

    def reveal(self, name: str) -> None:
        """Take a cover off."""


class Commands:
    """Carries out what a control asks for, when called with its name and value on the loop.

    Parameters
    ----------
    playground : Playground
        Has what everybody may call; what follows belongs to it too.
    telling : Telling
    past : Past
        Where the model before a change is kept.
    take_up : callable taking a Trainer
        Trains and shows another one from now on.
    refresh, show_setup : callable
        Have every control, and all that is left out or covered, show the present state.
    """

    def __init__(
        self,
        playground: Commanded,
        telling: Telling,
        past: Past,
        take_up: Callable[[Trainer], None],
        refresh: Callable[[], None],
        show_setup: Callable[[], None],
    ) -> None:
        self._playground, self._telling, self._past = playground, telling, past
        self._take_up, self._refresh, self._show_setup = take_up, refresh, show_setup
        self._buttons: dict[str, Callable[[], None]] = {
            "play": self._play_or_pause,
            "step": playground.step,
            "reset": playground.reset,
            "undo": playground.undo,
            "redo": playground.redo,
            "walk_step": playground.walk_step,
            "new_weights": self._new_weights,
            "detail_next": self._more_detail,
        }
        self._settings: dict[str, Callable[[Value], None]] = {
            "example": self._take_example,
            "speed": self._set_speed,
            "detail": self._set_detail,
            "log_axis": self._set_axis,
        }

    def __call__(self, name: str, value: Value) -> None:
        """Carry it out; what does not fit, or fails, is told below the pictures."""
        playground = self._playground
        try:
            with guard:
                self._apply(name, value)
        except (SpecError, ValueError, KeyError, TypeError, RuntimeError) as error:
            playground.screens.message.say(in_the_pages_words(error), "trouble")
            self._refresh()
            playground.page.restore()
        except Exception as error:  # the learner's own code may raise anything
            self._telling.error(error, playground.trainer.step_count)
            if not interrupted(error):  # what asks their optimizer might never end once more
                self._refresh()
            playground.page.restore()

    def _apply(self, name: str, value: Value) -> None:
        playground = self._playground
        if name in self._buttons:
            self._buttons[name]()
        elif covered_by(name):
            playground.reveal(covered_by(name))
        elif playground.setup.apply(name, value):
            self._show_setup()
        elif name in self._settings:
            self._settings[name](value)
        elif name in ("learning_rate", "batch_size"):
            self._tune(name, value)
        else:
            self._rebuild(name, value)

    def _play_or_pause(self) -> None:
        playground = self._playground
        playground.pause() if playground.pump.playing else playground.play()

    def _set_speed(self, value: Value) -> None:
        self._playground.pump.set_speed(str(value))
        self._refresh()

    def _set_detail(self, value: Value) -> None:
        self._playground.screens.graph.detail = str(value)
        self._playground.page.show_detail(str(value))
        self._show_setup()

    def _more_detail(self) -> None:
        at = DETAILS.index(self._playground.screens.graph.detail)
        self._set_detail(DETAILS[(at + 1) % len(DETAILS)])

    def _set_axis(self, value: Value) -> None:
        self._playground.screens.log = bool(value)
        self._playground.screens.show_loss()
        self._playground.page.show_axis(bool(value))
        self._show_setup()

    def _tune(self, name: str, value: Value) -> None:
        """Change what applies while training runs."""
        trainer = self._playground.trainer
        asked: Any = value  # whatever it is, spec and trainer say what does not fit
        if trainer.spec is not None:
            asked = getattr(builder.changed(trainer.spec, name, value), name)
        stopped = trainer.divergence is not None
        setattr(trainer, name, asked)
        if not stopped:
            self._telling.clear()
        elif trainer.divergence is None:
            self._playground.screens.message.say(text("go_on", rate=f"{asked:g}"))
        self._refresh()

    def _take_example(self, name: Value) -> None:
        if name == head.OWN:
            return
        preset = preset_named(name)
        self._past.remember(Moment(self._playground.trainer))
        words = text(
            "new_example", title=head.title_of_preset(preset), seed=preset.spec.weight_seed
        )
        self._playground.screens.message.say(words)
        self._take_up(Trainer(preset.spec))

    def _new_weights(self) -> None:
        if self._playground.spec is not None:
            self._rebuild("weight_seed", self._playground.spec.weight_seed + 1)

    def _rebuild(self, name: str, value: Value) -> None:
        """Train what the spec becomes; a learner's own objects have none."""
        before = self._playground.spec
        if before is None:
            return
        spec = builder.changed(before, name, value)
        if spec is None or spec == before:
            self._refresh()
            return
        slider = name if name in builder.DRAGGED else ""
        self._past.remember(Moment(self._playground.trainer), slider)
        self._playground.screens.message.say(what_is_new(before, spec))
        self._take_up(Trainer(spec))
