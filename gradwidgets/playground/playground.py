"""The playground: choose data and layers, press Play, and watch graph, loss and output change."""

from __future__ import annotations

from dataclasses import replace

import ipywidgets

from gradwidgets.core.types import Foreign
from gradwidgets.engine.experiment.spec import Spec
from gradwidgets.engine.frame import Frame
from gradwidgets.engine.learner.guard import guard
from gradwidgets.engine.sharing.recipe import Recipe
from gradwidgets.engine.training.pace import is_slow
from gradwidgets.engine.training.trainer import Trainer
from gradwidgets.engine.training.undo import Moment, Past
from gradwidgets.playground import builder, head
from gradwidgets.playground.arguments import Own, recipe_from, trainer_from
from gradwidgets.playground.commands import Commands
from gradwidgets.playground.page import Page
from gradwidgets.playground.screens import Screens
from gradwidgets.playground.setup import Setup
from gradwidgets.playground.stills import frame_pictures
from gradwidgets.playground.telling import Telling
from gradwidgets.playground.walk_place import WalkPlace
from gradwidgets.playground.words import own_words, stand_words
from gradwidgets.texts import text
from gradwidgets.views.kit.fields import Value
from gradwidgets.views.kit.pump import Pump
from gradwidgets.views.kit.resting import Resting
from gradwidgets.views.kit.still import still_html


class Playground(Resting):
    """A network to build, train and watch.

    Parameters
    ----------
    spec : Spec, optional
        The experiment to begin with; the default is a circle and one hidden layer.
    preset : str, optional
        The name of an example to begin with, instead of `spec`: see `gradwidgets.engine.experiment.presets`.
    recipe : str, optional
        The text of a `Recipe`, which holds all of this: what a link gives. It is parsed and never
        evaluated.
    hide : list of str, optional
        What is left out, by the names of `gradwidgets.engine.sharing.recipe.HIDEABLE`.
    text_size : int or {"normal", "large", "huge"}, default=100
        Percent of the usual size.
    title : str, optional
        A heading.
    cover : list of str, optional
        What is covered until the class has guessed, by the names of `recipe.COVERABLE`.
    speed : {"slow", "walk", "epoch", "fast"}, default="epoch"
    detail : {"layers", "operations", "values"}, default="layers"
        How much of the graph is shown.
    log_axis : bool, default=False
        Whether the loss plot's axis is logarithmic.
    model, criterion, optimizer, data, target : optional
        Objects of your own with the methods of this framework (`forward`, `backward`, `step`),
        given together and instead of `spec`. They are trained and shown as they are.

    Attributes
    ----------
    trainer : Trainer
        What is trained at present; a change of data or shape makes a new one.

    Raises
    ------
    TypeError
        When some, but not all, of the five objects are given, or they come together with a spec;
        or when more than one of spec, preset and recipe is given.
    SpecError
        When a value does not fit; it says what would.
    """

    pump: Pump  # a playground that was refused is closed without one

    def __init__(
        self,
        spec: Spec | None = None,
        *more: Foreign,
        preset: str | None = None,
        recipe: str | None = None,
        model: Foreign = None,
        criterion: Foreign = None,
        optimizer: Foreign = None,
        data: Foreign = None,
        target: Foreign = None,
        **shown: Foreign,
    ) -> None:
        own: Own = {
            "model": model,
            "criterion": criterion,
            "optimizer": optimizer,
            "data": data,
            "target": target,
        }
        self.setup = Setup(recipe_from(spec, more, preset, recipe, shown))
        self.trainer = trainer_from(self.recipe, own, spec or preset or recipe)
        with guard:
            self._put_together()

    def _put_together(self) -> None:
        self.screens = Screens(self._control_changed, self._say_trouble)
        self._telling = Telling(self.screens.message)
        self.screens.graph.detail = self.recipe.detail
        self.screens.log = self.recipe.log_axis
        self.page = Page(self.screens, self._control_changed, own_model=self.spec is None)
        super().__init__(self.page.children)
        self.add_class("gw-playground")
        self.pump = Pump(
            self.trainer,
            self._show,
            self.screens.ready,
            self._playing_changed,
            self.screens.watched,
            self.screens.silence,
        )
        self.pump.set_speed(self.recipe.speed)
        self._walk_place = WalkPlace(self.page, self.screens, self._may_walk)
        self._past = Past()
        shown = self._take_up, self._refresh, self._show_setup
        self._commands = Commands(self, self._telling, self._past, *shown)
        self._refresh()
        self._show_standing()
        if self.pump.can_play:
            # kept: the loop holds its tasks only weakly
            self._preparing = self.pump.post.task(self.screens.prepare())

    @property
    def recipe(self) -> Recipe:
        """What it was given or is set up with; `share_recipe` holds its present state."""
        return self.setup.recipe

    @property
    def spec(self) -> Spec | None:
        """The experiment as the controls show it; None for objects of your own."""
        return self.trainer.spec

    def play(self) -> None:
        """Start training; where it would only diverge again, say again what to do first.

        Raises
        ------
        RuntimeError
            Where no notebook runs: `train(n)` trains there.
        """
        if not self.pump.can_play:
            raise RuntimeError(text("no_loop"))
        if self._can_go_on():
            self.screens.expect_somebody()
            self.end_walk()
            self.pump.play()

    def pause(self) -> None:
        """Stop training; the last frame shows the step it stopped at."""
        self.pump.pause()

    def step(self) -> None:
        """Take one training step; while playing, pause instead."""
        if self.pump.playing:
            self.pump.pause()
        elif self._can_go_on():
            self.pump.step()
            self.screens.announce()

    def train(self, n: int) -> None:
        """Take `n` training steps without waiting for any screen, and show the last one."""
        self.pump.pause(last_frame=False)
        try:
            self._can_go_on()
            self.trainer.train(n, capture=True)
            self.trainer.measure()
            frame = self.trainer.frame()
        except BaseException as error:  # an interrupt of its cell, too
            self.pump.show_where_it_stands(error)
            raise
        self._show(frame, announce=True)

    def reset(self) -> None:
        """Pause and go back to the first weights; the same run comes again, or `undo` this one."""
        self.pump.pause(last_frame=False)
        moment = Moment(self.trainer)
        try:
            self.trainer.reset()
        except BaseException as error:  # an interrupt of its cell, too
            self.pump.show_where_it_stands(error)
            raise
        finally:
            if moment.differs():
                self._past.remember(moment)
            self._show_buttons()
        words = text("was_reset", step=moment.step) if moment.differs() else ""
        self.screens.message.say(words)
        self._show_standing()

    def walk_step(self) -> None:
        """Walk through the backward pass of the step shown, in the place of the pictures.

        The walk is of that very step: the weights, values and gradients before its update. It
        ends with the next step, with `reset`, and with every change of data or model.

        Raises
        ------
        RuntimeError
            While training runs, and before the first step.
        """
        self._walk_place.begin()

    def end_walk(self) -> None:
        """Show the pictures again; the page puts the keyboard back where the walk began."""
        self._walk_place.end()

    def _may_walk(self) -> bool:
        return not self.pump.playing and self.setup.can_walk

    def set_spec(self, spec: Spec) -> None:
        """Build the experiment `spec` and show it; when training was running, it goes on.

        Raises
        ------
        TypeError
            When this playground trains objects of your own: it has no controls for a spec.
        """
        if self.spec is None:
            raise TypeError(text("own_model.no_spec"))
        trainer = Trainer(spec)
        self._past.remember(Moment(self.trainer))
        self.screens.message.say("")
        self._take_up(trainer)

    def undo(self) -> None:
        """Go back to before the last change of data or model, or `reset`: trained as it was."""
        self._go_to(self._past.undo(self.trainer))

    def redo(self) -> None:
        """Go to what the last `undo` has left."""
        self._go_to(self._past.redo(self.trainer))

    def _go_to(self, trainer: Trainer | None) -> None:
        if trainer is None:
            return
        self.screens.message.say(stand_words(trainer))
        self.trainer = self.pump.trainer = trainer
        if trainer.epoch_position not in trainer.history.epoch[-1:]:
            trainer.measure()  # it was left in the middle of an epoch
        self._take_up(trainer)

    def close(self) -> None:
        """Stop training, take the widget off the page, and let go of all that belongs to it."""
        if hasattr(self, "pump"):
            self.pump.pause(last_frame=False)
            self._past.clear()
        super().close()

    def is_busy(self) -> bool:
        return self.pump.playing

    def let_go(self) -> None:
        if hasattr(self, "pump"):
            self.end_walk()
        self._keeper.stop()

    def parts(self) -> list[ipywidgets.Widget]:
        return self.page.parts()

    def __repr__(self) -> str:
        if self.spec is None:
            return f"<Playground of {type(self.trainer.model).__name__}>"
        return f"<Playground: {self.spec.data}, {builder.shape_words(self.spec)}>"

    def still_html(self) -> str:
        screens = self.screens
        kept_back = {*self.setup.hidden, *self.recipe.cover}
        pictures = () if screens.last is None else frame_pictures(
            screens.last, screens.graph, self.trainer.dataset, kept_back
        )  # fmt: skip
        lines = [screens.status.line, screens.message.words]
        return still_html(repr(self).strip("<>"), lines, pictures)

    def _show(self, frame: Frame, announce: bool = False) -> None:
        last = self.screens.last
        if last is None or frame.record is not last.record:  # else it only has come to know more
            self.end_walk()
        self.screens.show(frame, self.trainer.dataset, announce)
        self._walk_place.refresh()
        self._keeper.renew(passing=self.pump.playing)
        self._telling.frame(
            frame, self.trainer, self.pump.playing, covered=bool(self.recipe.cover)
        )

    def _can_go_on(self) -> bool:
        """Clear the message when training can go on; after a divergence, say it again."""
        self.trainer.try_again()
        divergence = self.trainer.divergence
        if divergence is None:
            self._telling.clear()
        else:
            self._telling.divergence(divergence, self.trainer)
        return divergence is None

    def _show_standing(self) -> None:
        """Show where training stands without taking a step; a new graph has no gradients yet."""
        frame = self.trainer.frame()
        if frame.record is None or frame.record.step != frame.step:
            if is_slow(self.trainer) and self.pump.can_play:
                self.pump.look_later(self._show_preview)
            else:
                frame = self._previewed(frame)
        self._show(frame, announce=True)

    def _show_preview(self) -> None:
        frame = self._previewed(self.trainer.frame())
        self._show(frame)
        self.pump.draw_output_later(frame)

    def _previewed(self, frame: Frame) -> Frame:
        try:
            return replace(frame, record=self.trainer.preview())
        except Exception as error:  # the learner's own code may raise anything
            self._say_trouble(error)
            return frame

    def _playing_changed(self, error: BaseException | None) -> None:
        playing = self.pump.playing
        self._show_buttons()
        self._walk_place.refresh()
        if error is not None:
            self._say_trouble(error)
        elif not playing and self.pump.reason:
            self.screens.message.say(text(f"paused.{self.pump.reason}"))
        if not playing:
            self.screens.announce()
            self._keeper.renew()
            self._rest_soon()

    def _rest_soon(self) -> None:
        """Rest if everybody has left meanwhile; where that is not certain, ask."""
        if self.pump.reason == "unwatched" and not self.audience.alone:
            self.audience.look(may_return=True)  # without a word: a page that was closed
        self.rest_when_alone()

    def _say_trouble(self, error: BaseException) -> None:
        self._telling.error(error, self.trainer.step_count)

    def reveal(self, name: str) -> None:
        """Take the cover off a number or picture, and say so."""
        self.setup.reveal(name)
        self._show_setup()
        self.screens.message.say(text("cover.revealed", what=text(f"what.{name}")))

    def share_recipe(self) -> Recipe:
        """Return what gives everybody this setup, with its first weights: `line()`, `to_json()`.

        Raises
        ------
        TypeError
            For objects of your own, which no line of text could hold.
        """
        if self.spec is None:
            raise TypeError(text("own_model.no_recipe"))
        return self.recipe.replace(
            spec=self.spec,
            speed=self.pump.speed,
            detail=self.screens.graph.detail,
            log_axis=self.screens.log,
        )

    def _show_setup(self) -> None:
        """Show title and size, leave out and cover what is to be."""
        setup = self.setup
        if not setup.can_walk:
            self.end_walk()
        shared = setup.recipe if self.spec is None else self.share_recipe()
        self.page.hide(setup.hidden)
        self._walk_place.refresh()
        shown = setup.opened, setup.hidden, setup.preview, setup.in_class
        self.page.show_head(head.head_fields(shared, self.spec, *shown))
        self.page.show_covers(head.covered_fields(shared), setup.recipe.cover)
        self.screens.look_at(*setup.pictures)
        if self.screens.covered != self.recipe.cover:
            self.screens.covered = self.recipe.cover
            self.screens.show_loss()
            self.screens.announce()

    def _show_buttons(self) -> None:
        past = self._past
        self.page.show_buttons(
            self.pump.playing, self.pump.can_play, past.can_undo, past.can_redo
        )

    def _refresh(self) -> None:
        """Make every control show the present state."""
        self._show_setup()
        self._show_buttons()
        self.page.show_settings(self.trainer.learning_rate, self.pump.speed)
        if self.spec is None:
            self.page.show_own_model(own_words(self.trainer))
        else:
            self.page.show_spec(self.spec)

    def _control_changed(self, name: str, value: Value) -> None:
        """Carry out what a control asks for; runs on the notebook's loop."""
        self._commands(name, value)

    def _take_up(self, trainer: Trainer) -> None:
        self.trainer = self.pump.trainer = trainer
        self._refresh()
        self._show_standing()
