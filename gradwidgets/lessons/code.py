"""Exercises in which something is written: a method, a class, a function."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from gradwidgets.core.types import Foreign
from gradwidgets.engine.graph.snapshot import Graph, snapshot
from gradwidgets.engine.learner.careful import safely
from gradwidgets.engine.verdict.verdict import Verdict, judge
from gradwidgets.lessons.cases import (
    NO_GRADIENT,
    Case,
    Names,
    Seen,
    alike,
    numeric_gradients,
    observe,
    plain,
    same,
    smallest_first,
    told,
)
from gradwidgets.lessons.check import limits
from gradwidgets.lessons.check.attempt import missing
from gradwidgets.lessons.check.outcome import Result, not_attempted, not_checked, not_yet, right
from gradwidgets.lessons.exercise import Exercise, from_notebook, guarded
from gradwidgets.lessons.page.source import Definition
from gradwidgets.texts import text

GRADIENT = ".grad.data"  # how a case looks at a gradient
SEED = 0  # of the random cases: the same for everybody, so that two learners can compare notes


@dataclass(frozen=True)
class Mistake:
    """A mistake that is known by what it does.

    An answer that behaves as `wrong` does, on every case, is told `message`.

    Attributes
    ----------
    message : str
        What has gone wrong and where to look, without giving the solution away.
    wrong : class or function
        The answer with this mistake in it.
    """

    message: str
    wrong: Definition


@dataclass(frozen=True)
class Task:
    """What a `Code` exercise checks.

    Attributes
    ----------
    name : str
        What is asked for, as the notebook calls it.
    answer : class, function or value
        A right one, ours.
    cases : sequence of Case
    names : mapping of str to object
        What else the code of the cases may use.
    methods : tuple of str
        What of a class the learner is to write.
    random : callable taking a Generator and a size from 1 to 4, optional
        Makes further cases.
    mistakes : sequence of Mistake
    """

    name: str
    answer: Foreign
    cases: Sequence[Case]
    names: Names = field(default_factory=dict)
    methods: tuple[str, ...] = ()
    random: Callable[[np.random.Generator, int], Case] | None = None
    mistakes: Sequence[Mistake] = ()


class Code(Exercise):
    """Something to be written; it is tried on cases, and held against ours and against numbers.

    Parameters
    ----------
    task : Task
    praise : str
        What to say when it is right.
    seconds : float, default=10
        After which the learner's code is stopped.
    """

    def __init__(
        self,
        key: str,
        title: str,
        statement: str,
        *,
        task: Task,
        hints: Sequence[str],
        solution: str,
        praise: str,
        seconds: float = limits.SECONDS,
    ) -> None:
        super().__init__(key, title, statement, hints, solution)
        self.task = task
        self.praise = praise
        self.seconds = seconds

    @cached_property
    def cases(self) -> list[Case]:
        """All cases, the shortest first."""
        made = list(self.task.cases)
        if self.task.random is not None:
            rng = np.random.default_rng(SEED)
            made += [self.task.random(rng, size) for size in (1, 1, 2, 2, 3, 4)]
        return smallest_first(made)

    def given(self) -> Foreign | Result:
        return from_notebook(self.task.name)

    def yours(self, ready: Foreign) -> Foreign:
        """Return what the notebook calls by the name asked for if it is right, else `ready`.

        It says which: so a notebook goes on with the learner's own class, and never with half of
        one. Nothing is written to the progress file.
        """
        answer = self.given()
        is_right = self.examine(answer).is_right
        number, name = self.call.removeprefix("q"), self.task.name
        if is_right:
            print(f"This is your own {name}, from exercise {number}.")
        else:
            print(f"This is the ready-made {name}; solve exercise {number}, and it will be yours.")
        return answer if is_right else ready

    def worth(self, answer: Foreign) -> Result:
        lacking = missing(self.task.name, answer, self.task.methods)
        if lacking:
            return not_attempted(lacking)
        if isinstance(self.task.answer, type) and not isinstance(answer, type):
            return not_checked(
                f"`{self.call}.check` takes the class itself, but got "
                f"{_article(type(answer).__name__)}: write `{self.call}.check({self.task.name})`."
            )
        if not callable(answer):
            return not_checked(
                f"`{self.task.name}` is {_article(type(answer).__name__)}, and nothing that can be "
                "called: write a function of that name."
            )
        try:
            return self.limited(lambda: self._try(answer))
        except limits.Stopped as stopped:
            return not_yet(str(stopped))

    def limited(self, check: Callable[[], Result]) -> Result:
        """Return what a check finds that runs the learner's code; raise Stopped when it must be."""
        result = limits.run_limited(lambda: guarded(check), self.seconds)
        if limits.HOW == "none":
            words = f"{result.message} {text('exercise.unlimited')}"
            return replace(result, message=words)
        return result

    def names(self, answer: Foreign) -> Names:
        """Return the names that cases find, with `answer` among them."""
        return {**self.task.names, self.task.name: answer}

    def _try(self, answer: Foreign) -> Result:
        names, ours = self.names(answer), self.names(self.task.answer)
        for case in self.cases:
            expected, _ = observe(case, ours)
            seen, space = observe(case, names)
            found = _compare(case, expected, seen) or _numbers_differ(case, names, seen)
            if found is not None:
                return self._explain(answer, case, found, expected, seen, space)
        return right(self.praise)

    def _explain(
        self,
        answer: Foreign,
        case: Case,
        found: _Difference,
        expected: Seen,
        seen: Seen,
        space: Names,
    ) -> Result:
        graph, verdict = _graph_of(case, space)
        if seen.trouble is not None and seen.trouble.line:  # what comes after it is not known
            verdict = None
        node = None if verdict is None else verdict.node
        if graph is not None and node is not None and found.expression.endswith(GRADIENT):
            found = _gradient_of(graph.nodes[node].name, case, expected, space) or found
        sure = found.message if found.is_sure else ""
        judged = "" if verdict is None else verdict.message
        message = self._known(answer) or case.why or sure or judged or found.message
        return not_yet(
            message,
            case="\n".join(filter(None, (case.code, found.expression))),
            got=found.got,
            expected=found.expected,
            line=seen.trouble.line if seen.trouble else "",
            graph=graph,
            node=node,
            is_warning=verdict is not None and verdict.warning,
        )

    def _known(self, answer: Foreign) -> str:
        """Return the message of the mistake that behaves as the answer does; empty if none.

        One whose errors have the same words comes before one whose errors are of the same kind.
        """
        behaviour = [observe(case, self.names(answer))[0] for case in self.cases]
        near = ""
        for mistake in self.task.mistakes:
            names = self.names(mistake.wrong)
            pairs = [
                (case, seen, observe(case, names)[0])
                for case, seen in zip(self.cases, behaviour, strict=True)
            ]
            if all(_alike(*pair) for pair in pairs):
                if all(_words(one, answer) == _words(two, mistake.wrong) for _, one, two in pairs):
                    return mistake.message
                near = near or mistake.message
        return near


def _words(seen: Seen, answer: Foreign) -> str:
    """Return the words of an error, whatever the class is called that they speak of."""
    name = getattr(answer, "__name__", "")
    words = "" if seen.trouble is None else seen.trouble.message
    return re.sub(rf"\b{re.escape(name)}\b", "Tensor", words) if name else words


def _alike(case: Case, one: Seen, other: Seen) -> bool:
    if case.raises and one.trouble is not None and other.trouble is not None:
        return True  # which error is raised, and with what words, is free
    return alike(one, other)


@dataclass(frozen=True)
class _Difference:
    message: str
    got: str
    expected: str
    expression: str = ""
    is_sure: bool = False  # it tells more than what a look at the graph can tell


def _compare(case: Case, expected: Seen, seen: Seen) -> _Difference | None:
    """Return the first thing that is not as it should be."""
    if case.raises:
        if seen.trouble is None:
            return _Difference(
                "This has to raise an error, but it went through.", "no error", "an error"
            )
        return None
    for expression, one, other in zip(case.compare, expected.values, seen.values, strict=False):
        if not same(one, other):
            return _differs(expression, told(other), told(one))
    if seen.trouble is not None:
        place = len(seen.values)
        if seen.trouble.kind == NO_GRADIENT:
            awaited = told(expected.values[place]) if place < len(expected.values) else "no error"
            return _no_gradient(case.compare[place], awaited)
        by_expression = seen.trouble.line == "" and place < len(case.compare)
        known = not seen.trouble.line and place < len(expected.values)
        awaited = told(expected.values[place]) if known else "no error"
        if by_expression and (lacking := _lacks(case.compare[place], seen.trouble.message)):
            return _Difference(lacking, str(seen.trouble), awaited, case.compare[place])
        return _Difference(
            f"Your code has raised an error: {seen.trouble}.",
            str(seen.trouble),
            awaited,
            case.compare[place] if by_expression and seen.values else "",
        )
    return None


def _no_gradient(expression: str, expected: str) -> _Difference:
    tensor = expression.removesuffix(GRADIENT)
    return _Difference(
        f"`{tensor}.grad` is `None`: no gradient has arrived there.",
        f"{tensor}.grad is None",
        expected,
        expression,
    )


def _gradient_of(
    name: str | None, case: Case, expected: Seen, space: Names
) -> _Difference | None:
    """Return how the gradient of the marked tensor differs, where the case looks at it.

    Else the graph would show one tensor, and the numbers beside it be those of another.
    """
    expression = f"{name}{GRADIENT}"
    values = dict(zip(case.compare, expected.values, strict=False))
    if name is None or expression not in values:
        return None
    grad = getattr(space[name], "grad", None)
    if grad is None:
        return _no_gradient(expression, told(values[expression]))
    got = plain(getattr(grad, "data", None))
    if same(values[expression], got):
        return None
    return _differs(expression, told(got), told(values[expression]))


def _differs(expression: str, got: str, expected: str) -> _Difference:
    """Return what is to be said of a value that is not as it should be."""
    owner = expression.removesuffix(".data")
    if got == "<memoryview>":  # the `data` of an array is that
        message = f"`{owner}` is a NumPy array, where a `Tensor` is wanted."
        return _Difference(message, "a NumPy array", expected, expression, is_sure=True)
    if got == "<ndarray>":
        message = (
            f"`{expression}` holds a tensor instead of numbers. A `Tensor` is made of numbers; "
            "those of another tensor are in its `data`."
        )
        return _Difference(message, "an array of tensors", expected, expression, is_sure=True)
    return _Difference(f"`{expression}` is not what it should be.", got, expected, expression)


_NO_ATTRIBUTE = re.compile(r"'(\w+)' object has no attribute '(\w+)'")


def _lacks(expression: str, error: str) -> str:
    """Return a sentence on an attribute that a case looks for, and that is not there; or ""."""
    found = _NO_ATTRIBUTE.search(error)
    if found is None:
        return ""
    kind, name = found.groups()
    owner = re.search(rf"([\w.\[\]]+)\.{name}\b", expression)
    if owner is None:
        return ""
    if kind == "NoneType":
        return (
            f"`{owner[1]}` is `None`, which Python calls a `NoneType`: is there a `return` "
            "missing?"
        )
    if kind in ("list", "tuple", "dict", "int", "float", "str", "bool", "function", "method"):
        return f"`{owner[1]}` is {_article(kind)}, and no tensor."
    return (
        f"`{owner[1]}` has no `{name}`. It has to be stored in `self.{name}`: with `self.` in "
        "front, with one `=`, and spelled exactly so."
    )


def _numbers_differ(case: Case, names: Names, seen: Seen) -> _Difference | None:
    """Hold the gradients of a case against central differences of the learner's own values."""
    if case.gradient is None:
        return None
    numeric = numeric_gradients(case.gradient, names)
    values = dict(zip(case.compare, seen.values, strict=True))
    for name, slopes in numeric.items():
        expression = f"{name}.grad.data"
        got = values.get(expression)
        if not np.allclose(np.asarray(got, dtype=float), slopes, rtol=1e-4, atol=1e-6):
            return _Difference(
                f"`{expression}` does not agree with how `{case.root}` changes when `{name}` does.",
                told(got),
                told(np.round(slopes, 6)),
                expression,
            )
    return None


def _graph_of(case: Case, space: Names) -> tuple[Graph | None, Verdict | None]:
    """Return the graph of a case, and what is wrong with its gradients."""
    root = space.get(case.root) if case.root else None
    if root is None:
        return None, None
    names = {
        name: value
        for name, value in space.items()
        if hasattr(value, "data") and hasattr(type(value), "backward") and name.isidentifier()
    }
    # Of a half-finished class the case's code and numbers still tell enough.
    return safely(_judged, root, names, otherwise=(None, None))


def _judged(root: object, names: Mapping[str, object]) -> tuple[Graph, Verdict | None]:
    graph = snapshot(root, names)
    return graph, judge(graph)


def _article(noun: str) -> str:
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} `{noun}`"
