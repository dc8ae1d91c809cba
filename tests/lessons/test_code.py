"""A check tells right from wrong, and names the mistake: of a small class of its own."""

from __future__ import annotations

import linecache
import sys

import numpy as np
import pytest

from gradwidgets.lessons import progress
from gradwidgets.lessons.cases import Case, gradient_case, observe
from gradwidgets.lessons.check.outcome import Outcome
from gradwidgets.lessons.check.questions import Predict
from gradwidgets.lessons.code import Code, Mistake, Task
from gradwidgets.lessons.exercise import NotRight
from tests.lessons.answers_of import answers, lesson, value


class Tensor:
    """Adds, and sends gradients back."""

    def __init__(self, data, autograd=False, creators=None, creation_op=None):
        self.data = np.array(data)
        self.autograd, self.creators, self.creation_op = autograd, creators, creation_op
        self.grad = None

    def __add__(self, other):
        return type(self)(self.data + other.data, True, [self, other], "add")

    def backward(self, grad):
        self.grad = grad if self.grad is None else type(self)(self.grad.data + grad.data)
        if self.creation_op == "add":
            for creator in self.creators:
                creator.backward(type(self)(grad.data))


class Overwrites(Tensor):
    def backward(self, grad):
        self.grad = grad
        if self.creation_op == "add":
            for creator in self.creators:
                creator.backward(type(self)(grad.data))


CASES = [
    gradient_case({"x": [1, 2], "y": [3, 4]}, "z = x + y", "z", [1, 1]),
    gradient_case({"x": [1, 2]}, "z = x + x", "z", [1, 1]),
]
OVERWRITTEN = "The second gradient takes the place of the first: add them up."


@pytest.fixture(autouse=True)
def directory(monkeypatch, tmp_path):
    monkeypatch.setenv(progress.DIRECTORY, str(tmp_path))


@pytest.fixture
def q1():
    return Code(
        "03.q1",
        "add up",
        "Write `backward`.",
        task=Task(
            "Tensor",
            Tensor,
            CASES,
            methods=("backward",),
            mistakes=[Mistake(OVERWRITTEN, Overwrites)],
        ),
        hints=["First.", "Second."],
        solution="def backward(self, grad): ...",
        praise="All gradients are there.",
        seconds=2,
    )


def test_a_right_answer_is_right(q1):
    report = q1.check(Tensor)
    assert report.outcome is Outcome.RIGHT
    assert report.message == "All gradients are there."
    assert progress.load()["03.q1"].outcome is Outcome.RIGHT


def test_an_error_in_the_learners_code_is_told_before_any_wrong_gradient(q1):
    code = """
class Mine(Tensor):
    def backward(self, grad):
        self.grad = grad
        if self.creation_op == "add":
            self.creators[0].bakward(grad)
"""
    linecache.cache["<ipython-input-bakward>"] = (None, None, code.splitlines(True), "")
    space = {"Tensor": Tensor, "__name__": "__main__"}
    exec(compile(code, "<ipython-input-bakward>", "exec"), space)
    result = q1.examine(space["Mine"])
    assert "no attribute 'bakward'" in result.message
    assert result.line == "line 6: self.creators[0].bakward(grad)"
    assert result.expected == "no error"
    assert result.graph is not None
    assert result.node is None


def test_a_known_mistake_is_named_and_shown_in_the_graph(q1):
    class Mine(Tensor):
        def backward(self, grad):
            self.grad = type(self)(grad.data)
            if self.creators:
                self.creators[0].backward(self.grad)
                self.creators[1].backward(self.grad)

    result = q1.check(Mine).result
    assert result.outcome is Outcome.NOT_YET
    assert result.message == OVERWRITTEN
    assert result.case.splitlines() == [
        "x = Tensor([1, 2], autograd=True)",
        "z = x + x",
        "z.backward(Tensor([1, 1]))",
        "x.grad.data",
    ]
    assert (result.got, result.expected) == ("[1, 1]", "[2, 2]")
    assert result.graph.nodes[result.node].name == "x"


def test_an_unknown_mistake_gets_the_verdict_of_the_graph(q1):
    class Mine(Tensor):
        def backward(self, grad):
            self.grad = grad if self.grad is None else type(self)(self.grad.data + grad.data)
            if self.creation_op == "add":
                self.creators[0].backward(type(self)(grad.data))
                self.creators[1].backward(type(self)(-grad.data))

    result = q1.check(Mine).result
    assert "sign" in result.message
    assert result.node is not None


def test_a_gradient_that_is_missing_is_not_told_as_an_error_of_the_learners():
    class Keeps(Tensor):
        def backward(self, grad):
            self.grad = grad

    case = Case("x = Tensor([1])\nz = x + x\nz.backward(Tensor([1]))", ("x.grad.data",))
    q1 = Code(
        "03.q1", "t", "s", hints=[], solution="", praise="",
        task=Task("Tensor", Tensor, [case]),
    )  # fmt: skip
    result = q1.examine(Keeps)
    assert result.message == "`x.grad` is `None`: no gradient has arrived there."
    assert (result.got, result.expected) == ("x.grad is None", "[2]")
    assert result.case.endswith("\nx.grad.data")


def test_an_error_tells_the_learners_line(q1):
    class Mine(Tensor):
        def backward(self, grad):
            self.grad = grad.dat

    result = q1.check(Mine).result
    assert result.line.endswith("self.grad = grad.dat")
    assert "AttributeError: 'Mine' object has no attribute 'dat'" in result.message
    assert "gradwidgets" not in str(result)


def test_an_error_is_told_before_the_gradients_that_are_missing_because_of_it(q1):
    class Mine(Tensor):
        def backward(self, grad):
            self.grad = grad
            for creator in self.creators or ():
                creator.backward(Tensor(grad.dat))

    result = q1.check(Mine).result
    assert "has no attribute 'dat'" in result.message
    assert result.line.endswith("creator.backward(Tensor(grad.dat))")


def test_an_endless_loop_is_stopped_with_a_message(q1):
    class Mine(Tensor):
        def backward(self, grad):
            while True:
                try:
                    self.grad = grad
                except:  # noqa: E722 (a learner's own)
                    pass

    assert "still running after 2 seconds" in q1.check(Mine).message


def test_a_recursion_without_end_is_explained(q1):
    class Mine(Tensor):
        def backward(self, grad):
            self.backward(grad)

    report = q1.check(Mine)
    assert "calls itself again and again" in report.message
    assert report.result.line.endswith("self.backward(grad)")


def test_untouched_is_not_wrong(q1):
    class Mine(Tensor):
        def backward(self, grad): ...

    assert q1.check(Mine).outcome is Outcome.NOT_ATTEMPTED
    assert q1.check(None).outcome is Outcome.NOT_ATTEMPTED


def test_an_instance_in_place_of_the_class_cannot_be_checked(q1):
    report = q1.check(Tensor([1]))
    assert report.outcome is Outcome.NOT_CHECKED
    assert "write `q1.check(Tensor)`" in report.message


def test_strict_raises_for_whoever_grades_and_keeps_nothing(q1):
    q1.check(Tensor, strict=True)
    with pytest.raises(NotRight, match="Not yet right.*takes the place"):
        q1.check(Overwrites, strict=True)
    assert progress.load() == {}


def test_a_notebook_goes_on_with_what_is_right_and_else_with_what_is_ready(q1, monkeypatch, capsys):
    for mine, expected in ((Tensor, Tensor), (Overwrites, "ready"), (None, "ready")):
        monkeypatch.setattr(sys.modules["__main__"], "Tensor", mine, raising=False)
        assert q1.yours("ready") == expected
        told = "your own Tensor" if expected is Tensor else "the ready-made Tensor; solve exercise 1"
        assert told in capsys.readouterr().out
    assert progress.load() == {}


def test_random_numbers_are_the_same_in_every_case_and_take_none_of_the_learners():
    np.random.seed(3)
    following = np.random.rand()
    np.random.seed(3)
    case = Case("x = np.random.rand()", ("x",))
    assert observe(case, {})[0] == observe(case, {})[0]
    assert np.random.rand() == following


def test_hints_are_counted_and_the_solution_asks_once(q1):
    assert str(q1.hint()) == "Hint 1 (one more): First."
    assert str(q1.hint()) == "Hint 2 (the last one): Second."
    assert str(q1.hint()) == "Hint 2 (the last one): Second."
    assert "def backward" not in str(q1.solution())
    assert "def backward" in str(q1.solution())


def test_a_gradient_that_disagrees_with_the_learners_own_values_is_found():
    """Where our own answer is wrong in the same way, the numbers still tell."""

    class Doubles(Tensor):
        def __add__(self, other):
            return type(self)(2 * (self.data + other.data), True, [self, other], "add")

    q1 = Code(
        "03.q1", "t", "s", hints=[], solution="", praise="",
        task=Task("Tensor", Doubles, CASES),
    )  # fmt: skip
    result = q1.examine(Doubles)
    assert result.outcome is Outcome.NOT_YET
    assert "does not agree with how `z` changes" in result.message


def test_a_mistake_is_known_whatever_error_the_learner_raises():
    def refuses(n, error=RuntimeError):
        if n < 0:
            raise error("below zero")
        return n

    doubled = Mistake("It is not to be doubled.", lambda n: refuses(2 * n))
    q1 = Code(
        "03.q1", "t", "s", hints=[], solution="", praise="",
        task=Task("f", refuses, [
            Case("f(-1)", raises=True), Case("y = f(2)", ("y",)), Case("y = f(-1)", ("y",)),
        ], mistakes=[doubled]),
    )  # fmt: skip
    assert q1.examine(lambda n: refuses(2 * n, ValueError)).message == doubled.message


def test_an_error_that_has_to_be_raised():
    def twice(n):
        if n < 0:
            raise ValueError
        return 2 * n

    case = Case("twice(-1)", raises=True, why="A negative number is to be refused.")
    q1 = Code(
        "03.q1", "t", "s", hints=[], solution="", praise="",
        task=Task("twice", twice, [case, Case("y = twice(2)", ("y",))]),
    )  # fmt: skip
    assert q1.examine(twice).is_right
    assert q1.examine(lambda n: 2 * n).message == "A negative number is to be refused."
    assert q1.examine(abs).expected in ("4", "an error")


def test_a_wrong_prediction_is_told_as_it_was_typed():
    q1 = Predict("03.q1", "t", "s", expected=[2, 2], because="", hints=[])
    assert q1.examine("3, 1").got == "[3, 1]"
    assert q1.examine("[2.5, 2]").got == "[2.5, 2. ]"
    assert Predict("03.q2", "t", "s", expected=7, because="", hints=[]).examine("3").got == "3"


@pytest.mark.parametrize("named", ["02.q3", "03.q3", "11.q2"])
def test_the_numbers_are_those_of_the_tensor_that_is_marked(named: str):
    number, _, name = named.partition(".")
    exercise = getattr(lesson(number), name)
    marked = 0
    for code, _ in answers(number).WRONG[name]:
        result = exercise.examine(value(exercise, code))
        if result.node is None or not result.case.endswith(".grad.data"):
            continue
        looked_at = result.case.splitlines()[-1].removesuffix(".grad.data")
        title = result.graph.nodes[result.node].name
        compared = next(case.compare for case in exercise.cases if case.code in result.case)
        if f"{title}.grad.data" in compared:
            assert looked_at == title, code
            marked += 1
    assert marked


def test_what_is_missing_from_a_tensor_is_told_by_its_name():
    class NoCreators(Tensor):
        def __init__(self, data, autograd=False, creators=None, creation_op=None):
            self.data, self.grad = np.array(data), None

    class ReturnsNone(Tensor):
        def __add__(self, other):
            super().__add__(other)

    asks = Code(
        "03.q1",
        "write it",
        "Write it.",
        task=Task(
            "Tensor", Tensor, [Case("z = Tensor([1]) + Tensor([2])", ("z.data", "z.creators"))]
        ),
        hints=["Look."],
        solution="",
        praise="",
    )
    message = asks.examine(NoCreators).message
    assert message.startswith("`z` has no `creators`. It has to be stored in `self.creators`")
    assert "`z` is `None`" in asks.examine(ReturnsNone).message


def test_an_array_in_place_of_a_tensor_is_told_as_such():
    class KeepsArray(Tensor):
        def backward(self, grad):
            self.grad = grad.data

    class BoxInBox(Tensor):
        def backward(self, grad):
            self.grad = Tensor(grad)

    first = Case("x = Tensor([1, 2])\nx.backward(Tensor([3, 4]))", ("x.grad.data",))
    asks = Code(
        "03.q1",
        "write it",
        "Write it.",
        task=Task("Tensor", Tensor, [first]),
        hints=["Look."],
        solution="",
        praise="",
    )
    result = asks.examine(KeepsArray)
    assert result.message.startswith("`x.grad` is a NumPy array, where a `Tensor`")
    assert result.got == "a NumPy array"
    assert "holds a tensor instead of numbers" in asks.examine(BoxInBox).message


def test_an_error_over_something_missing_is_no_other_mistake():
    class Forgets(Tensor):
        def __add__(self, other):
            super().__add__(other)

    class Two(Tensor):
        def __add__(self, other):
            return self.data, other.data

    class AddsNothing(Tensor):
        def __add__(self, other):
            return None + other.data

    asks = Code(
        "03.q1",
        "write it",
        "Write it.",
        task=Task(
            "Tensor",
            Tensor,
            [Case("z = Tensor([1]) + Tensor([2])", ("z.data",))],
            mistakes=[Mistake("It forgets.", Forgets)],
        ),
        hints=["Look."],
        solution="",
        praise="",
    )
    assert asks.examine(Forgets).message == "It forgets."
    assert asks.examine(Two).message == "`z` is a `tuple`, and no tensor."
    assert "It forgets." not in asks.examine(AddsNothing).message


def test_the_same_words_come_before_the_same_kind_of_error():
    class Reads(Tensor):
        def __add__(self, other):
            return other.date

    class ReadsElse(Tensor):
        def __add__(self, other):
            return other.daten

    asks = Code(
        "03.q1",
        "write it",
        "Write it.",
        task=Task(
            "Tensor",
            Tensor,
            [Case("z = Tensor([1]) + Tensor([2])", ("z.data",))],
            mistakes=[Mistake("The first.", Reads), Mistake("The second.", ReadsElse)],
        ),
        hints=["Look."],
        solution="",
        praise="",
    )

    class Other(Tensor):
        def __add__(self, other):
            return other.daten

    assert asks.examine(Other).message == "The second."
