"""A loop written by hand passes its losses on unchanged, and is drawn now and then."""

from __future__ import annotations

import asyncio
import math
import tracemalloc
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from gradwidgets import SGD, Linear, MSELoss, Sequential, Tanh, Tensor, watch
from gradwidgets.views.watch import watch as watching
from gradwidgets.views.watch.screen import WatchScreen
from tests.engine.learners import Learner
from tests.engine.textbook import (
    DATA,
    TARGET,
    TextbookLoss,
    TextbookSGD,
    TextbookTensor,
    textbook_model,
)
from tests.views.support import Page, on_a_loop, pixels, until


class Clock:
    """A clock that only moves when it is told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def screens(monkeypatch):
    """Show widgets as in a notebook; returns the screens shown, each with pages in `pages`."""
    shown = []

    def display(screen, display_id=False):
        screen.pages = {"graph": Page(screen.graph.picture), "loss": Page(screen.loss)}
        shown.append(screen)

    monkeypatch.setattr("IPython.display.display", display)
    monkeypatch.setattr(watching, "_page_is_there", lambda: True)
    return shown


@pytest.fixture
def clock(monkeypatch):
    """Stand still, so that only the first and the last step are drawn."""
    clock = Clock()
    for module in ("watch.watch", "watch.screen", "kit.live"):
        monkeypatch.setattr(f"gradwidgets.views.{module}.monotonic", clock)
    return clock


@pytest.fixture
def prepared(monkeypatch):
    """Have the libraries of the pictures loaded before the first step."""

    class AtOnce:
        def __init__(self, target, daemon):
            self.start, self.join = target, lambda: None

    monkeypatch.setattr(watching, "Thread", AtOnce)


class Loop:
    """The training loop of the course, with our classes or a learner's."""

    def __init__(self, own=False, rate=0.5):
        np.random.seed(0)
        if own:
            self.model, self.criterion, kind = textbook_model(), TextbookLoss(), TextbookTensor
            self.optimizer = TextbookSGD(self.model.get_parameters(), rate)
        else:
            self.model, self.criterion, kind = Sequential([Linear(2, 3), Tanh()]), MSELoss(), Tensor
            self.optimizer = SGD(self.model.get_parameters(), rate)
        self.kind = kind
        self.x = kind(DATA, autograd=True)
        self.target = kind(TARGET if own else np.zeros((4, 3)), autograd=True)

    def steps(self, count=10):
        model, x, target = self.model, self.x, self.target
        for _ in range(count):
            prediction = model.forward(x)
            loss = self.criterion.forward(prediction, target)
            loss.backward(self.kind(np.ones_like(loss.data)))
            self.optimizer.step()
            yield loss


def names_in(screen):
    return {node.name for node in screen.graph.picture.graph.nodes if node.name}


@pytest.mark.parametrize("own", [False, True], ids=["ours", "own"])
def test_losses_are_handed_on_unchanged_and_the_last_is_shown(screens, own):
    handed = []

    def steps():
        for loss in Loop(own).steps():
            handed.append(loss)
            yield loss

    assert [loss for loss in watch(steps())] == handed
    (screen,) = screens
    assert screen.status.line == f"step 10 · loss {float(handed[-1].data.sum()):.4f}"
    graph = screen.graph.picture.graph
    assert np.array_equal(graph.nodes[graph.root].data, handed[-1].data)
    assert screen.pages["graph"].messages[-1]["caption"].startswith("step 10, at the end")
    assert "to {} at step 10".format(screen.status.line.split()[-1]) in (
        screen.pages["loss"].messages[-1]["alt"])


@pytest.mark.parametrize("own", [False, True], ids=["ours", "own"])
def test_tensors_are_called_as_variables_of_the_loop_and_of_the_generator(screens, own):
    loop = Loop(own)
    first = loop.model.layers[0].weight  # noqa: F841 - this is its name
    called = {"x", "prediction", "target", "loss", "first", "Layer 1 bias"}
    for _ in watch(loop.steps()):
        assert screens[0].graph.detail == "layers"
        assert called <= names_in(screens[0])
    assert called <= names_in(screens[0])


def test_given_names_come_first(screens):
    loop = Loop()
    for _ in watch(loop.steps(2), {"the data": loop.x}, detail="operations"):
        pass
    assert "the data" in names_in(screens[0])
    assert screens[0].graph.detail == "operations"


def test_the_graph_has_the_gradients_of_the_moment(screens, clock):
    w = Tensor([2.0], autograd=True)

    def steps():
        loss = w * w
        yield loss
        loss.backward()
        yield loss

    seen = []
    for _ in watch(steps()):
        seen.append(screens[0].graph.picture.graph.nodes[0].grad)
        clock.now += 1
    assert seen[0] is None
    assert seen[1] == pytest.approx([4.0])


@pytest.mark.parametrize("loss", [0.5, 1, np.float32(0.25), np.array([0.5]), [0.5]])
def test_plain_numbers_are_plotted_and_have_no_graph(screens, loss):
    assert list(watch([loss, loss])) == [loss, loss]
    screen = screens[0]
    assert screen.status.line == f"step 2 · loss {float(np.sum(loss)):.4f}"
    assert screen.graph.picture.graph is None
    assert len(screen._main.children) == 1


def test_the_sum_of_a_loss_of_several_numbers_is_plotted_and_said(screens):
    list(watch([Tensor([[1.0, 2.0], [3.0, 4.0]])]))
    assert screens[0].status.line == "step 1 · loss 10.00"
    assert screens[0].message.words == (
        "Each loss holds 4 numbers, of shape 2 × 2; their sum is plotted.")


def test_a_generator_function_is_called_and_can_be_watched_again(screens):
    watched = watch(Loop().steps)
    assert [len(list(watched)), len(list(watched))] == [10, 10]
    assert len(screens) == 2


@pytest.mark.parametrize("steps, words", [
    (range(200), r"received range\(0, 200\) \(a range\); .*for _ in range\(200\):"),
    (np.array(0.5), "received an? ndarray; .*It is the loss of one step"),
    (200, r"received 200 \(an int\); .*for _ in range\(200\):\n.*yield loss"),
    (Tensor([1.0]), r"received a Tensor; .*It is the loss of one step\. Write"),
    (0.5, r"received 0\.5 \(a float\)"),
    ("steps", r"received 'steps' \(a str\)"),
    (None, "received None"),
    (object(), "received an object"),
], ids=["range", "array", "int", "tensor", "float", "text", "None", "object"])
def test_what_is_no_loop_is_refused_with_what_to_write(steps, words):
    with pytest.raises(TypeError, match=f"(?s)watch: {words}"):
        watch(steps)


def test_a_function_without_yield_is_refused():
    def step():
        return Tensor([1.0])

    with pytest.raises(TypeError, match="the function step; .* returned a Tensor: it has no yield"):
        list(watch(step))


def test_an_asynchronous_generator_asks_for_async_for():
    async def steps():
        yield 1.0

    with pytest.raises(TypeError, match="async for loss in watch"):
        list(watch(steps()))


def test_an_unknown_detail_is_refused():
    with pytest.raises(ValueError, match="detail is 'much'; expected one of auto"):
        watch([], detail="much")


def test_a_plain_script_gets_the_losses_and_prints_nothing(capsys):
    loop = Loop()
    first, *others = watch(loop.steps())
    assert isinstance(first, Tensor) and len(others) == 9
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_loss_that_is_not_finite_ends_the_drawing_and_not_the_loop(screens, bad):
    optimizer = SGD([Tensor([1.0], autograd=True)], alpha=0.3)  # noqa: F841 - found by its rate
    seen = list(watch([1.0, 2.0, bad, 4.0]))
    assert seen[3] == 4.0 and len(seen) == 4
    screen = screens[0]
    assert screen.status.line == f"step 3 · loss {'∞' if bad == math.inf else 'nan'}"
    assert screen.message.words.startswith(
        f"The loss is no longer finite: it became {bad} at step 3 with learning rate 0.3. Most "
        "often the steps are too large")
    assert "The drawing has stopped here; the loop itself goes on." in screen.message.words
    assert "for example to 0.03" in screen.message.words
    assert "to 2.0000 at step 2" in screen.pages["loss"].messages[-1]["alt"]


def test_falling_losses_that_end_in_nan_are_not_blamed_on_the_rate(screens):
    optimizer = SGD([Tensor([1.0], autograd=True)], alpha=0.3)  # noqa: F841 - found by its rate
    list(watch([4.0, 3.0, 2.0, 1.5, 1.0, 0.5, math.nan]))
    words = screens[0].message.words
    assert "became nan at step 7" in words
    assert "steps are too large" not in words and "0.03" not in words


def test_the_operation_that_made_a_tensors_loss_nan_is_named(screens):
    def steps():
        for value in (0.8, 0.4, 0.2, 0.1, 0.0):
            x = Tensor([value], autograd=True)
            yield x * x.log()

    with np.errstate(all="ignore"):
        list(watch(steps()))
    words = screens[0].message.words
    assert "log" in words and "steps are too large" not in words
    graph = screens[0].graph.picture.graph
    assert np.isnan(graph.nodes[graph.root].data).all()


def test_a_first_loss_that_is_not_finite_points_at_the_data(screens):
    list(watch([math.nan]))
    assert "look for nan or inf in the data or the weights" in screens[0].message.words


@pytest.mark.parametrize("thing, found", [
    (None, "None"), ((0.5, 0.9, "x"), "(0.5, 0.9, 'x') (a tuple)"), ("0.5", "'0.5' (a str)"),
])
def test_what_is_no_loss_is_said_and_handed_on(screens, thing, found):
    assert list(watch([1.0, thing, 2.0])) == [1.0, thing, 2.0]
    assert screens[0].message.words.startswith(f"Step 2 handed on {found}, and not a loss")
    assert "yield loss" in screens[0].message.words


@pytest.mark.parametrize("last", ["0.1", None, (4, 0.25), 1 + 2j, np.array(["a"])])
def test_the_picture_ends_with_the_last_step_that_was_a_loss(screens, clock, last):
    assert len(list(watch([3.0, 2.0, 1.0, 0.5, last, 7.0]))) == 6
    screen = screens[0]
    assert screen.status.line == "step 4 · loss 0.5000"
    assert "to 0.5000 at step 4" in screen.pages["loss"].messages[-1]["alt"]
    assert screen.message.words.startswith("Step 5 handed on ")


def test_the_graph_of_the_last_loss_stays_when_a_text_follows(screens, clock):
    losses = [Tensor([2.0 / step], autograd=True) * 2.0 for step in range(1, 5)]
    list(watch([*losses, f"{losses[-1].data}"]))
    graph = screens[0].graph.picture.graph
    assert graph.nodes[graph.root].data == pytest.approx([1.0])
    assert screens[0].pages["graph"].messages[-1]["caption"].startswith("step 4")


class Torchlike:
    """Holds its number where only `item()` gives it out, as on another device."""

    def __init__(self, number):
        self.number, self.data = number, object()

    def item(self):
        return self.number


@pytest.mark.parametrize("loss", [
    Decimal("0.5"), Fraction(1, 2), np.array(0.5), np.float16(0.5), Torchlike(0.5)])
def test_numbers_of_other_kinds_are_plotted(screens, loss):
    assert list(watch([loss])) == [loss]
    assert screens[0].status.line == "step 1 · loss 0.5000"


@pytest.mark.parametrize("steps, advice", [
    (zip([0, 1], [0.5, 0.4], strict=True), "Hand on the loss alone: yield loss."),
    (enumerate([0.5, 0.4]), "Count outside: for step, loss in enumerate(watch(losses))."),
])
def test_a_loss_in_a_tuple_is_not_added_to_what_stands_beside_it(screens, steps, advice):
    assert list(watch(steps)) == [(0, 0.5), (1, 0.4)]
    assert screens[0].message.words.startswith("Step 1 handed on (0, 0.5) (a tuple), and not a ")
    assert advice in screens[0].message.words


@pytest.mark.parametrize("names, words", [
    (["x"], "watch: names is a list; expected a mapping from a name to its tensor"),
    ({Tensor([1.0]): "x"}, "watch: names has a Tensor for a name; expected a mapping"),
])
def test_names_that_name_nothing_are_refused(names, words):
    with pytest.raises(TypeError, match=words):
        watch([1.0], names)


def test_a_generator_function_with_arguments_is_to_be_called():
    def steps(count):
        yield from range(count)

    with pytest.raises(TypeError, match=r"call it yourself: watch\(steps\(…\)\)"):
        list(watch(steps))


def test_a_loop_without_steps_says_so(screens):
    assert list(watch([])) == []
    assert screens[0].message.words == "There was no step: the loop ended before its first loss."


def test_break_leaves_the_last_state_drawn(screens, clock):
    for step, loss in enumerate(watch(Loop().steps()), start=1):
        if step == 4:
            break
    assert screens[0].status.line == f"step 4 · loss {float(loss.data.sum()):.4f}"


@pytest.mark.parametrize("error", [ZeroDivisionError, KeyboardInterrupt])
@pytest.mark.parametrize("place", ["body", "generator"])
def test_an_exception_passes_through_and_the_last_state_is_drawn(screens, clock, error, place):
    def steps():
        for loss in (3.0, 2.0, 1.0):
            yield loss
        if place == "generator":
            raise error

    def body():
        for loss in watch(steps()):
            if loss == 1.0 and place == "body":
                raise error

    with pytest.raises(error):
        body()
    assert screens[0].status.line == "step 3 · loss 1.0000"


def test_a_half_finished_class_is_drawn_as_far_as_it_goes(screens):
    class Half:
        def __init__(self, data):
            self.data = data

    kept = [Half([1.0, 2.0]), Half(3.0)]
    assert list(watch(kept)) == kept
    assert screens[0].status.line == "step 2 · loss 3.0000"


def test_a_learners_class_without_layers_is_drawn(screens):
    w = Learner([[1.0, 2.0]])
    for _ in watch([(w * w).sum(0).sum(0)]):
        assert screens[0].graph.detail == "auto"
    assert "w" in names_in(screens[0])


def test_a_blocked_kernel_sends_five_frames_a_second_whoever_answers(screens, clock, prepared):
    for _ in watch(Loop().steps(100)):
        clock.now += 0.02
    plots = [m for m in screens[0].pages["loss"].messages if "alt" in m]
    graphs = screens[0].pages["graph"].messages
    assert 9 <= len(plots) <= 12  # in two seconds, and the last one
    assert [m for m in graphs if "scene" not in m] == []  # a page can begin with any of them
    assert [m["ack"] for m in plots[:9]] == [False] * 9


def test_a_page_that_is_heard_gets_changes_and_is_not_overrun(screens, clock, prepared):
    for count, _ in enumerate(watch(Loop().steps(200))):
        page = screens[0].pages["loss"]
        if count == 0:
            for one in screens[0].pages.values():
                one.says(hello=True)
            page.says(page={"width": 400, "height": 300, "dark": True})
            before = len(page.messages)
        page.says(other="heard, and yet no answer")
        after = len(page.messages)
        clock.now += 0.009
    assert after - before == 3  # so many may be under way
    assert "scene" not in screens[0].pages["graph"].messages[3]
    assert pixels(screens[0].pages["loss"].pictures[-1]).shape[:2] == (300, 400)


def test_a_page_of_unknown_theme_gets_a_light_and_a_dark_picture(screens, monkeypatch, prepared):
    monkeypatch.setattr("gradwidgets.views.pictures.view.FigureView.latest_theme", {})
    sent = []
    for _ in watch([1.0]):
        screens[0].loss.send = lambda content, buffers: sent.append(buffers)
    light, dark = (pixels(picture)[0, 0].mean() for picture in sent[-1])
    assert light > 250 and dark < 20


def test_a_long_loop_keeps_its_memory(screens):
    def steps():
        for _ in range(40_000):
            yield 0.5

    watched = iter(watch(steps()))
    for _ in range(5_000):
        next(watched)
    tracemalloc.start()
    for _ in watched:
        pass
    grown, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert grown < 2_000_000
    assert len(screens[0].loss.figure.train.get_xdata()) <= 2000


def test_tensors_are_let_go_of_when_the_loop_is_over(screens):
    import gc
    import weakref

    def steps():
        yield Tensor([1.0], autograd=True) * 2.0

    (loss,) = watch(steps())
    gone = weakref.ref(loss)
    del loss
    gc.collect()
    assert gone() is None


def test_the_log_axis_is_switched_after_the_loop(screens):
    list(watch([8.0, 4.0, 2.0], log=True))
    screen = screens[0]
    assert screen._head.fields[1]["value"] is True
    assert screen.loss.figure.axes.get_yscale() == "log"
    screen._head._handle_custom_msg({"name": "log_axis", "value": False}, [])
    assert screen._head.fields[1]["value"] is False
    assert screen.loss.figure.axes.get_yscale() == "linear"


@pytest.mark.parametrize("asynchronous", [False, True])
def test_async_for_lets_others_act_in_between(screens, asynchronous):
    async def pauses():
        for loss in Loop().steps(2000):
            yield loss

    acted = []

    async def other():
        while True:
            acted.append(len(screens) and screens[0].status.line)
            await asyncio.sleep(0)

    async def body():
        task = asyncio.create_task(other())
        count = 0
        async for _ in watch(pauses() if asynchronous else Loop().steps(2000)):
            count += 1
        task.cancel()
        return count

    assert on_a_loop(body) == 2000
    assert len(acted) > 3
    assert screens[0].status.line.startswith("step 2000 · ")


def test_leaving_async_for_draws_the_last_state(screens):
    async def body():
        async for loss in watch([3.0, 2.0, 1.0]):
            if loss == 2.0:
                break
        await until(lambda: "step 2" in screens[0].status.line)

    on_a_loop(body)


def test_async_for_in_a_plain_script_hands_the_losses_on(capsys):
    async def body():
        return [loss async for loss in watch([3.0, 2.0])]

    assert on_a_loop(body) == [3.0, 2.0]
    assert capsys.readouterr() == ("", "")


def test_a_picture_that_fails_does_not_stop_the_loop(screens, monkeypatch):
    def fail(*_):
        raise ArithmeticError("too much")

    monkeypatch.setattr(WatchScreen, "show", fail)
    assert list(watch([1.0, 2.0])) == [1.0, 2.0]
    assert screens[0].message.words == (
        "The drawing has stopped at step 1: ArithmeticError: too much. The loop itself goes on.")
