"""An exercise on the page: its panel, and the graph that belongs to it or to the last check."""

from __future__ import annotations

import asyncio
from typing import Any

import ipywidgets

from gradwidgets.lessons import progress
from gradwidgets.lessons.check import limits
from gradwidgets.lessons.check.outcome import Outcome, Result
from gradwidgets.lessons.check.questions import FindNode
from gradwidgets.lessons.exercise import Exercise, guarded
from gradwidgets.lessons.page.exercise_panel import Asked, ExercisePanel, Shown, Solution, Tone
from gradwidgets.lessons.page.report import SIGNS, graph_of
from gradwidgets.texts import text
from gradwidgets.views.graph.still import graph_still
from gradwidgets.views.graph.view import GraphView
from gradwidgets.views.kit.live import Post
from gradwidgets.views.kit.still import Bundle, Keeper, still_html

TONES: dict[Outcome, Tone] = {
    Outcome.RIGHT: "right",
    Outcome.NOT_YET: "wrong",
    Outcome.NOT_ATTEMPTED: "open",
    Outcome.NOT_CHECKED: "trouble",
}


class ExerciseView(ipywidgets.VBox):
    """Shows an exercise with Check, Hint and Solution.

    The check runs beside the notebook's loop, so that other cells and a training go on meanwhile.

    Parameters
    ----------
    exercise : Exercise
    """

    _graph: GraphView | None = None
    _keeper: Keeper  # one that was refused is closed without it

    def __init__(self, exercise: Exercise) -> None:
        self.exercise = exercise
        self.panel = ExercisePanel(self._asked)
        self.result: Result | None = None
        self._post = Post()
        self._answer = ""
        self._busy = False
        self._task: asyncio.Task[None] | None = None
        self._names: dict[int, str] = {}
        super().__init__([self.panel])
        self._keeper = Keeper(self, self._still_html)
        if isinstance(exercise, FindNode):
            self._show_puzzle(exercise)
        exercise.views.add(self)
        self.refresh()

    def close(self) -> None:
        """Take the widget off the page."""
        if hasattr(self, "_keeper"):
            self.exercise.views.discard(self)
            self._keeper.stop()
        for part in self.children:  # the panel, and a graph that is shown below it
            part.close()
        super().close()

    def check(self, answer: str | None = None) -> None:
        """Check what is typed or chosen, or what the notebook calls by the name asked for."""
        if self._busy:
            return
        self._busy = True
        if answer is not None:
            self._answer = answer
        self.refresh()
        if self._post.loop is None or not self._post.loop.is_running():
            self._take(self._examine())
        else:
            self._task = self._post.task(self._check_beside())

    async def _check_beside(self) -> None:
        self._take(await asyncio.to_thread(self._examine))

    def _examine(self) -> Result:
        exercise = self.exercise
        asks = exercise.kind != "code"
        return guarded(lambda: exercise.examine(self._answer if asks else exercise.given()))

    def _take(self, result: Result) -> None:
        self._busy = False
        self.result = result
        progress.record(self.exercise.key, result.outcome)
        try:
            if self.exercise.kind != "find":
                self._show_graph(None if result.graph is None else graph_of(result))
        finally:
            self.refresh()

    def _asked(self, what: Asked, answer: str | None) -> None:
        if what == "check":
            self.check(answer)
        elif what == "hint":
            self.exercise.hint()
        else:
            self.exercise.solution()

    def _show_puzzle(self, exercise: FindNode) -> None:
        tensor, names = exercise.build()
        view = GraphView(tensor, names=names, detail="values", check=False)
        graph = view.picture.graph
        if graph is not None:
            self._names = {node.index: node.name for node in graph.nodes if node.name is not None}
        view.picture.on_select(self._selected)
        self._show_graph(view)

    def _selected(self, index: int | None) -> None:
        self._answer = self._names.get(index, "") if index is not None else ""
        self.refresh()

    def _show_graph(self, view: GraphView | None) -> None:
        before, self._graph = self._graph, view
        parts: list[ipywidgets.Widget] = [self.panel]
        self.children = parts if view is None else [*parts, view]
        if before is not None:
            before.close()

    def refresh(self) -> None:
        """Show how things stand."""
        exercise, result = self.exercise, self.result
        outcome = Outcome.NOT_ATTEMPTED if result is None else result.outcome
        solution: Solution = {
            "text": text("exercise.solution.shown"), "code": exercise.solution_text
        }  # fmt: skip
        left = len(exercise.hints) - exercise.hints_given
        shown: Shown = {
            "kind": exercise.kind,
            "title": text(
                "exercise.title", number=exercise.call.removeprefix("q"), title=exercise.title
            ),
            "statement": exercise.statement,
            "label": text(exercise.label) if exercise.label else "",
            "options": [
                {"letter": letter, "text": option.text}
                for letter, option in exercise.options.items()
            ],
            "answer": self._answer,
            "sign": SIGNS[outcome],
            "tone": TONES[outcome],
            "outcome": outcome.words,
            "message": "" if result is None else result.message,
            "details": [
                {"name": name, "text": words}
                for name, words in ([] if result is None else result.lines())
            ],
            "hints": [exercise.hint_words(number + 1) for number in range(exercise.hints_given)],
            "left": left,
            "selected": text("exercise.selected", name=self._answer),
            "buttons": {
                "check": text("exercise.check"),
                "checking": text("exercise.checking"),
                "hint": text("exercise.hint", left=left),
                "solution": text("exercise.solution"),
                "sure": text("exercise.solution.asked"),
            },
            "asked": exercise.solution_asked > 0,
            "solution": solution if exercise.has_solution else None,
            "busy": self._busy,
            "note": text("exercise.unlimited") if limits.HOW == "none" else _trouble(),
        }
        self.panel.show(shown)
        if not self._busy:
            self._keeper.renew()

    def _still_html(self) -> str:
        shown = self.panel.shown
        told = [f"{shown['sign']} {shown['outcome']}", shown["message"]]
        told += [f"{detail['name']}: {detail['text']}" for detail in shown["details"]]
        graph = [] if self._graph is None else graph_still(self._graph.picture)
        lines = [shown["statement"], "\n".join(filter(None, told)), *shown["hints"]]
        return still_html(shown["title"], lines, graph)

    def __repr__(self) -> str:
        exercise = self.exercise
        return (
            f"{text('exercise.title', number=exercise.key, title=exercise.title)}\n"
            f"{exercise.statement}\n{exercise.call}.check(…), {exercise.call}.hint(), {exercise.call}.solution()"
        )

    def _repr_mimebundle_(self, **options: Any) -> Bundle | None:
        """Tell all of it as text, which ipywidgets would cut short."""
        bundle = self._keeper.bundle(super()._repr_mimebundle_(**options))
        return {**bundle, "text/plain": repr(self)} if bundle else bundle


def _trouble() -> str:
    return "" if progress.trouble is None else str(progress.trouble)
