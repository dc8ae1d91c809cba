"""Walk through a backward pass, one gradient at a time: picture, rule and numbers of every step."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import ipywidgets
import numpy as np

from gradwidgets.core import Tensor
from gradwidgets.engine.backward import walk_backward, walk_forward
from gradwidgets.engine.snapshot import Graph, is_tensor
from gradwidgets.engine.trace import Trace
from gradwidgets.engine.verdict import Verdict, judge
from gradwidgets.engine.walk import Walk
from gradwidgets.views import walk_sheet
from gradwidgets.views.assets import joined
from gradwidgets.views.classroom import classroom_field, key_list_field
from gradwidgets.views.controls import verdict_field
from gradwidgets.views.graph_picture import GraphPicture
from gradwidgets.views.graph_still import graph_still
from gradwidgets.views.graph_view import named_graph
from gradwidgets.views.live import Post
from gradwidgets.views.panel import ClassPanel, Panel
from gradwidgets.views.sheet import Sheet
from gradwidgets.views.shortcuts import walk_key_list, walk_keys_field
from gradwidgets.views.still import Keeper, still_html
from gradwidgets.views.texts import text
from gradwidgets.views.walk_predict import ASKED, Predictions, covered_words, question_fields
from gradwidgets.views.walk_tour import Tour
from gradwidgets.views.walk_words import Words

SPEEDS = {"slow": 5.0, "normal": 2.0, "quick": 0.7, "fast": 0.1}  # seconds for a step
DEFAULT_SPEED = "normal"
RETRY = 0.02  # seconds, when the page has not kept up
MOVES = ("first", "previous", "next", "last")


class _Controls(ClassPanel):
    """The panel that brings the style of the whole stepper with it."""

    _css = joined("panel.css", "class.css", "stepper.css", "classroom.css")


@dataclass(frozen=True)
class _Subject:
    """What is walked."""

    backward: Walk
    forward: Walk | None
    verdict: Verdict | None = None
    remark: str = ""


class BackwardStepper(ipywidgets.VBox):
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

    _playing: asyncio.Task | None = None  # here, since one that was refused is closed too
    _late: asyncio.TimerHandle | None = None
    _keeper: Keeper | None = None

    def __init__(
        self,
        loss: object,
        gradient: object = None,
        names: Mapping[str, object] | None = None,
        *,
        caption: str = "",
        leave: Callable[[], None] | None = None,
        predict: bool = False,
    ) -> None:
        caller = sys._getframe(1)
        around = {**caller.f_globals, **caller.f_locals}
        subject = _subject(loss, gradient, names, around)
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
        self._keeper = Keeper(self, self._still_html)
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
            self._playing = self.post.loop.create_task(self._run())
        self._show()

    def pause(self) -> None:
        """Stay at the present step."""
        playing, self._playing = self._playing, None
        if playing is not None:
            playing.cancel()
            self._show_controls()

    def close(self) -> None:
        """Stop walking and take the widget off the page."""
        self.pause()
        if self._late is not None:
            self._late.cancel()
        if self._keeper is not None:
            self._keeper.stop()
        super().close()

    def __repr__(self) -> str:
        return f"<BackwardStepper: step {self.position} of {len(self.tour)}>"

    def _repr_mimebundle_(self, **options: object) -> dict:
        """Add a still picture of this step, for wherever no kernel runs."""
        return self._keeper.bundle(super()._repr_mimebundle_(**options))

    def _still_html(self) -> str:
        still = graph_still(self.picture)
        return still_html(
            text("kept.walk", step=self.position, count=len(self.tour)),
            [self.sentence, self._subject.remark],
            [] if still is None else [still],
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

    def _control_changed(self, name: str, value: object) -> None:
        """Carry out what a control asks for; runs on the notebook's loop."""
        if name in MOVES:
            self._move(name)
        elif name == "play":
            if self.playing:
                self.pause()
            elif self.post.loop is not None:
                self.play()
        elif name in ("position", "part"):
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
            self._late = self.post.loop.call_later(RETRY, self._show)
            return
        walk, index = self.tour.here()
        words = self._words[id(walk)]
        if walk.trouble or not walk.steps:
            self.picture.show(walk.graph, self._caption)
        else:
            step = walk.steps[index]
            self.picture.show(walk.graph_at(index - self.covered), self._caption)
            edge = None if step.source is None or step.position is None else (
                step.source, step.position)  # fmt: skip
            verdict = self._subject.verdict
            self.picture.mark(
                walk.states_at(index),
                edge,
                None if verdict is None else verdict.node,
                verdict is not None and verdict.warning,
                "" if verdict is None else verdict.message,
            )
        question = question_fields(words, index) if self.covered else []
        self._top.show([*self._sentences(words.sentence(index)), *question])
        known = covered_words(words, index) if self.covered else words
        self.sheet.show(walk_sheet.blocks(known, index))
        self._show_controls()
        if not self.playing:
            self._keeper.renew()

    def _sentences(self, sentence: str) -> list[dict]:
        fields = [{"kind": "sentence", "name": "sentence", "text": sentence}]
        if self._subject.verdict is not None:
            fields.append(verdict_field(self._subject.verdict, self._subject.remark))
        return fields

    def _show_controls(self) -> None:
        fields = control_fields(
            self.tour,
            self.playing,
            self.speed,
            self.post.loop is not None,
            # beside a button that trains or reveals, another one stands out
            primary=self._leave is None and not self.covered,
            covered=self.covered,
            predict=self.predict,
        )
        if self._leave is not None:
            fields.append(
                {
                    "kind": "button",
                    "name": "leave",
                    "label": text("back_to_training"),
                    "help": text("back_to_training.help"),
                    "focus": self._arriving,
                }
            )
            self._arriving = False
        else:  # in a playground it is the playground that fills the window
            tools = [
                classroom_field("gw-stepper", text("walk.controls"), short=True),
                key_list_field("gw-stepper", walk_key_list(), short=True),
            ]
            fields.append({"kind": "row", "name": "tools", "items": tools})
        self._controls.show([*fields, walk_keys_field(alone=self._leave is None)])


def control_fields(
    tour: Tour,
    playing: bool,
    speed: str,
    can_play: bool,
    primary: bool = True,
    covered: bool = False,
    predict: bool = False,
) -> list[dict]:
    """Return the controls of a walk, as fields of a `Panel`."""
    count = len(tour)
    at_start, at_end = tour.position <= 0, tour.position >= count - 1
    parts = tour.parts()
    buttons = [
        _move_button("first", "⇤", at_start),
        _move_button("previous", "←", at_start),
        {
            **_move_button("pause" if playing else "play", text("pause" if playing else "play"),
                      not can_play or count < 2),
            "name": "play",
            "primary": primary,
        },
        {**_move_button("reveal" if covered else "next", "→", at_end and not covered),
         "name": "next"},
        _move_button("last", "⇥", at_end),
    ]  # fmt: skip
    slider = {
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
    part = {
        "kind": "select",
        "name": "part",
        "label": text("walk.parts"),
        "bare": True,
        "value": tour.part(),
        "options": [{"value": first, "text": name} for name, first, _ in parts],
        "disabled": len(parts) < 2,
    }
    pace = {
        "kind": "select",
        "name": "speed",
        "label": text("walk.pace"),
        "bare": True,
        "value": speed,
        "options": [{"value": name, "text": text(f"walk.pace.{name}")} for name in SPEEDS],
    }
    forward = {
        "kind": "check",
        "name": "forward",
        "label": text("walk.forward_too"),
        "short": text("walk.forward_too.short"),
        "value": tour.with_forward,
        "disabled": tour.forward is None or not tour.forward.steps,
    }
    predicting = {
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


def _move_button(name: str, sign: str, disabled: bool) -> dict:
    return {
        "kind": "button",
        "name": name,
        "label": text(f"walk.button.{name}"),
        "help": text(f"walk.hint.{name}"),
        "text": sign,
        "disabled": disabled,
    }


def _subject(
    loss: object,
    gradient: object,
    names: Mapping[str, object] | None,
    around: Mapping[str, object],
) -> _Subject:
    """Return what is walked for any of the things that a stepper takes.

    Names are looked for among the variables `around` the call.
    """
    finished = _finished_walk(loss)
    if finished is not None:
        if gradient is not None:
            raise TypeError(
                f"BackwardStepper got a gradient with a {type(loss).__name__}, whose gradients are "
                "known already; leave the gradient out, or give the tensor itself"
            )
        return _Subject(finished, walk_forward(finished.graph), *_remark(loss, finished.graph))
    if isinstance(loss, Graph):
        graph = loss
    elif is_tensor(loss):
        graph = named_graph(loss, names, around)
    else:
        raise TypeError(
            f"BackwardStepper walks from a tensor, or a Graph, Walk or Trace of one; it got a "
            f"{type(loss).__name__}"
        )
    given = _checked(gradient, graph)
    backward = walk_backward(graph, given)
    forward = walk_forward(graph) if not backward.trouble else None
    return _Subject(backward, forward, *_remark(loss, graph, given))


def _remark(
    loss: object, graph: Graph, given: np.ndarray | None = None
) -> tuple[Verdict | None, str]:
    """Return what is wrong with the gradients of somebody's own class, and a remark on it."""
    if isinstance(loss, (Tensor, Graph, Walk)):
        return None, ""
    verdict = judge(graph, gradient=given)
    if verdict is None:
        return None, ""
    kind = "calls" if isinstance(loss, Trace) else "rules"
    return verdict, text(
        f"walk.warning.{kind}" if verdict.warning else f"walk.remark.{kind}",
        verdict=verdict.message,
    )


def _finished_walk(loss: object) -> Walk | None:
    if isinstance(loss, Walk):
        return loss
    if isinstance(loss, Trace):
        return loss.walk()
    return None


def _checked(gradient: object, graph: Graph) -> np.ndarray | None:
    """Return a given gradient as an array of the result's shape."""
    if gradient is None:
        return None
    values = gradient if isinstance(gradient, (np.ndarray, np.generic)) else getattr(
        gradient, "data", gradient)  # fmt: skip
    values = np.array(values, dtype=float)
    shape = graph.nodes[graph.root].shape
    if values.shape != shape:
        raise ValueError(
            f"BackwardStepper: the gradient has shape {values.shape} but the tensor "
            f"{shape}; give one number of gradient for each number of the tensor"
        )
    return values

