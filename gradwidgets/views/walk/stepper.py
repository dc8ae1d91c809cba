"""Walk through a backward pass, one gradient at a time: picture, rule and numbers of every step."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Mapping

import ipywidgets

from gradwidgets.core.types import Foreign
from gradwidgets.engine.learner.guard import guard
from gradwidgets.engine.walk.walk import Walk
from gradwidgets.texts import text
from gradwidgets.views.graph.fields import verdict_field
from gradwidgets.views.graph.picture import GraphPicture
from gradwidgets.views.graph.still import graph_still
from gradwidgets.views.kit.assets import joined
from gradwidgets.views.kit.fields import Field, Value
from gradwidgets.views.kit.live import Post
from gradwidgets.views.kit.panel import ClassPanel, Panel
from gradwidgets.views.kit.resting import Resting
from gradwidgets.views.kit.sheet import Sheet
from gradwidgets.views.kit.still import still_html
from gradwidgets.views.walk import sheet as walk_sheet
from gradwidgets.views.walk.controls import (
    DEFAULT_SPEED,
    MOVES,
    SPEEDS,
    class_fields,
    control_fields,
    leave_field,
)
from gradwidgets.views.walk.keys import keys_field
from gradwidgets.views.walk.predict import Predictions, covered_words, question_fields
from gradwidgets.views.walk.subject import subject_of
from gradwidgets.views.walk.tour import Tour
from gradwidgets.views.walk.words.sentence import Words

RETRY = 0.02  # seconds, when the page has not kept up


class _Controls(ClassPanel):
    """The panel that brings the style of the whole stepper with it."""

    _css = joined("views/kit/panel.css", "views/kit/classroom_bar.css", "views/walk/stepper.css", "views/kit/classroom.css")


class BackwardStepper(Resting):
    """Walks the backward pass that begins at a tensor, and changes nothing in it.

    Parameters
    ----------
    loss : tensor, Graph, Walk or Trace
        Where the pass begins: a Tensor or one of a class of your own, before or after its
        `backward()`; or a snapshot, a walk, or the record of `trace_backward`.
    gradient : array, number or tensor, optional
        What the result receives; by default the gradient it has, else 1 for each number.
    names : mapping of str to tensor, optional
        What tensors are called; by default as the variables of whoever calls.
    caption : str, optional
        Of what moment the graph is.
    leave : callable, optional
        What a button "Back to training" does; without it there is no such button.
    predict : bool, default=False
        Whether what comes out of each step is covered until it is revealed. `next` then reveals
        before it goes on.

    Attributes
    ----------
    picture : GraphPicture
    sheet : Sheet

    Raises
    ------
    TypeError
        When `loss` is nothing of these, or a gradient comes with a finished walk.
    ValueError
        When the gradient has not the shape of the tensor.
    """

    _playing: asyncio.Task[None] | None = None  # here, since one that was refused is closed too
    _late: asyncio.TimerHandle | None = None

    def __init__(
        self,
        loss: Foreign,
        gradient: Foreign = None,
        names: Mapping[str, Foreign] | None = None,
        *,
        caption: str = "",
        leave: Callable[[], None] | None = None,
        predict: bool = False,
    ) -> None:
        caller = sys._getframe(1)
        around = {**caller.f_globals, **caller.f_locals}
        with guard:
            subject = subject_of(loss, gradient, names, around)
        self._subject, self._caption, self._leave = subject, caption, leave
        self.tour = Tour(subject.backward, subject.forward)
        walks = subject.backward, subject.forward
        self._words = {id(walk): Words(walk) for walk in walks if walk is not None}
        self._predictions = Predictions(predict)
        self.speed = DEFAULT_SPEED
        self._arriving = True  # whoever has opened this with a button finds the keyboard here
        self.post = Post()
        self.picture = GraphPicture(detail="operations")
        self.sheet = Sheet(text("walk.sheet"))
        self._controls = _Controls(text("walk.controls"), self._control_changed)
        self._controls.add_class("gw-walk-controls")
        self._top = Panel(text("walk.sentence"), self._control_changed)
        beside = ipywidgets.Box([self.picture, self.sheet])
        beside.add_class("gw-stepper-main")
        super().__init__([self._controls, self._top, beside])
        self.add_class("gw-stepper")
        self._show()

    @property
    def walk(self) -> Walk:
        """The backward walk."""
        return self._subject.backward

    @property
    def position(self) -> int:
        """The present step, counted from 1."""
        return self.tour.position + 1

    @property
    def sentence(self) -> str:
        """What happens in the present step, in words."""
        walk, index = self.tour.here()
        return self._words[id(walk)].sentence(index)

    @property
    def playing(self) -> bool:
        """Whether it walks by itself."""
        return self._playing is not None

    @property
    def predict(self) -> bool:
        """Whether what comes out of a step is covered until it is revealed."""
        return self._predictions.wanted

    @predict.setter
    def predict(self, wanted: bool) -> None:
        self._predictions.wanted = wanted
        self._show()

    @property
    def covered(self) -> bool:
        """Whether what comes out of the present step is covered."""
        return self._predictions.covers(*self.tour.here())

    def reveal(self) -> None:
        """Show what comes out of the present step."""
        self._predictions.reveal(*self.tour.here())
        self._show()

    def first(self) -> None:
        """Go to the first step."""
        self._move("first")

    def previous(self) -> None:
        """Go one step back."""
        self._move("previous")

    def next(self) -> None:
        """Go one step on; where this one is covered, reveal it first."""
        self._move("next")

    def last(self) -> None:
        """Go to the last step."""
        self._move("last")

    def go_to(self, step: int) -> None:
        """Go to a step, counted from 1."""
        self.pause()
        self.tour.go_to(int(step) - 1)
        self._show()

    def play(self) -> None:
        """Walk by itself, from the beginning when it stands at the end.

        Raises
        ------
        RuntimeError
            Where no notebook runs.
        """
        if self.post.loop is None:
            raise RuntimeError(text("walk.no_loop"))
        if self._playing is None and len(self.tour) > 1:
            if self._at_end():
                self._predictions.wanted = self.predict  # all is to be guessed once more
                self.tour.go("first")
            self._playing = self.post.task(self._run())
        self._show()

    def pause(self) -> None:
        """Stay at the present step."""
        playing, self._playing = self._playing, None
        if playing is not None:
            playing.cancel()
            self._show_controls()

    def is_busy(self) -> bool:
        return self.playing

    def let_go(self) -> None:
        self.pause()
        if self._late is not None:
            self._late.cancel()
        self._keeper.stop()

    def __repr__(self) -> str:
        return f"<BackwardStepper: step {self.position} of {len(self.tour)}>"

    def still_html(self) -> str:
        return still_html(
            text("kept.walk", step=self.position, count=len(self.tour)),
            [self.sentence, self._subject.remark],
            graph_still(self.picture),
        )

    def _at_end(self) -> bool:
        return self.tour.position >= len(self.tour) - 1 and not self.covered

    def _go_on(self) -> None:
        """Reveal what is covered, else go to the next step."""
        if self.covered:
            self._predictions.reveal(*self.tour.here())
        else:
            self.tour.go("next")
        self._show()

    async def _run(self) -> None:
        try:
            while not self._at_end():
                await asyncio.sleep(SPEEDS[self.speed])
                while not self.picture.ready():
                    await asyncio.sleep(RETRY)
                self._go_on()
        finally:
            if self._playing is asyncio.current_task():
                self._playing = None
                self._show_controls()
                self.rest_when_alone()

    def _control_changed(self, name: str, value: Value) -> None:
        """Carry out what a control asks for; runs on the notebook's loop."""
        if name in MOVES:
            self._move(name)
        elif name == "play":
            if self.playing:
                self.pause()
            elif self.post.loop is not None:
                self.play()
        elif name in ("position", "part") and isinstance(value, (int, float)):
            self.go_to(int(value) + (name == "part"))
        elif name == "speed" and value in SPEEDS:
            self.speed = str(value)
            self._show_controls()
        elif name == "leave" and self._leave is not None:
            self._leave()
        elif name == "forward":
            self.pause()
            self.tour.with_forward = bool(value)
            self._show()
        elif name == "predict":
            self.pause()
            self.predict = bool(value)
        elif name == "reveal":
            self.pause()
            self.reveal()

    def _move(self, move: str) -> None:
        self.pause()
        if move == "next":
            self._go_on()
        else:
            self.tour.go(move)
            self._show()

    def _show(self) -> None:
        """Show the present step; when the page is still busy with others, a moment later."""
        if self._late is not None:
            self._late.cancel()
            self._late = None
        if self.post.loop is not None and not self.picture.ready():
            self._late = self.post.later(RETRY, self._show)
            return
        walk, index = self.tour.here()
        words = self._words[id(walk)]
        if walk.trouble or not walk.steps:
            self.picture.show(walk.graph, self._caption)
        else:
            self.picture.show(walk.graph_at(index - self.covered), self._caption)
            self._mark(walk, index)
        question = question_fields(words, index) if self.covered else []
        self._top.show([*self._sentences(words.sentence(index)), *question])
        told = covered_words(words, index) if self.covered else words
        self.sheet.show(walk_sheet.blocks(told, index))
        self._show_controls()
        self._keeper.renew(passing=self.playing)

    def _mark(self, walk: Walk, index: int) -> None:
        """Mark how far each tensor is, the edge that is walked, and what is wrong in the graph."""
        step, verdict, edge = walk.steps[index], self._subject.verdict, None
        if step.source is not None and step.position is not None:
            edge = step.source, step.position
        states = walk.states_at(index)
        if verdict is None:
            self.picture.mark(states, edge)
        else:
            self.picture.mark(states, edge, verdict.node, verdict.warning, verdict.message)

    def _sentences(self, sentence: str) -> list[Field]:
        fields: list[Field] = [{"kind": "sentence", "name": "sentence", "text": sentence}]
        if self._subject.verdict is not None:
            fields.append(verdict_field(self._subject.verdict, self._subject.remark))
        return fields

    def _show_controls(self) -> None:
        alone = self._leave is None  # in no playground
        fields = control_fields(
            self.tour,
            self.playing,
            self.speed,
            self.post.loop is not None,
            # beside a button that trains or reveals, another one stands out
            primary=alone and not self.covered,
            covered=self.covered,
            predict=self.predict,
            focus=not alone and self._arriving,
        )
        if alone:
            fields += class_fields()
        else:  # it is the playground that fills the window
            fields.append(leave_field())
            self._arriving = False
        self._controls.show([*fields, keys_field(alone=alone)])
