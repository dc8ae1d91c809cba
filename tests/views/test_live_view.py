"""A view is never sent more than its page can take, and nothing before a page has asked."""

from __future__ import annotations

import ast
import asyncio
import threading
from pathlib import Path

import pytest

from gradwidgets.views.kit import live
from gradwidgets.views.kit.live import LiveView, Post
from tests.views.support import Page, on_a_loop, until


class View(LiveView):
    """Sends an empty picture whenever it is asked for one."""

    def push_last(self) -> None:
        if self.wanted:
            self.push({"picture": True})


@pytest.fixture
def clock(monkeypatch):
    """Return a list of one moment that stands for the clock."""
    now = [1000.0]
    monkeypatch.setattr(live, "monotonic", lambda: now[0])
    return now


@pytest.fixture
def view():
    return View()


@pytest.fixture
def page(view):
    page = Page(view)
    page.says(hello=True)
    return page


def test_nothing_is_sent_before_a_page_says_hello(view):
    page = Page(view)
    view.push_last()
    assert page.messages == []
    assert not view.wanted
    page.says(hello=True)
    assert page.messages == [{"picture": True, "n": 1, "ack": True}]


def test_nothing_is_drawn_while_the_libraries_are_loaded(view):
    page = Page(view)
    view.prepared = False
    page.says(hello=True)
    assert page.messages == []
    view.prepared = True
    view.push_last()
    assert len(page.messages) == 1


def test_frames_are_counted_from_one(view, page):
    for _ in range(3):
        view.push({})
    assert [message["n"] for message in page.messages] == [1, 2, 3, 4]


def test_a_view_is_left_alone_when_its_page_took_it_away_and_none_came_back(view, page, clock):
    assert not view.left_alone()
    page.says(bye=True)
    assert not view.left_alone()  # a page that is drawn anew comes back within seconds
    clock[0] += live.LEFT_ALONE_AFTER + 0.1
    assert view.left_alone()
    page.says(hello=True)
    assert not view.left_alone()


@pytest.mark.parametrize("sign", ["another page", "somebody who asks"])
def test_a_sign_of_life_counts_after_a_page_has_left(view, page, clock, sign):
    page.says(bye=True)
    clock[0] += live.LEFT_ALONE_AFTER + 0.1
    if sign == "another page":
        page.says(ack=view.sent)
    else:
        view.expect_somebody()
    assert not view.left_alone()


def test_a_page_that_answers_nothing_for_minutes_is_lost(clock, view, page):
    view.push_last()
    clock[0] += live.LOST_AFTER
    assert not view.lost()
    clock[0] += 0.1
    assert view.lost()
    view.expect_somebody()  # Play, from another cell
    assert not view.lost()
    clock[0] += live.LOST_AFTER + 0.1
    page.says(ack=view.sent)
    assert not view.lost()
    clock[0] += live.LOST_AFTER + 0.1
    assert not view.lost(), "nothing was sent that could be answered"


def test_a_view_that_no_page_has_asked_for_is_not_lost(view, clock):
    view.unasked = True
    view.push_last()
    clock[0] += live.LOST_AFTER + 0.1
    assert not view.lost()


def test_only_so_many_frames_are_in_flight(view, page, clock):
    page.says(ack=1)
    sent = 0
    while view.ready():
        view.push({})
        sent += 1
    assert sent == live.MOST_FRAMES_IN_FLIGHT == 3
    page.says(ack=2)
    assert view.ready()


def test_each_acknowledgement_makes_room_for_the_frames_before_it(view, page, clock):
    for _ in range(5):
        view.push({})
    assert view.sent == 6
    page.says(ack=3)
    assert not view.ready()
    page.says(ack=4)
    assert view.ready()


def test_an_acknowledgement_that_comes_late_takes_nothing_back(view, page, clock):
    for _ in range(3):
        view.push({})
    page.says(ack=4)
    page.says(ack=2)
    assert view.acknowledged == 4


def test_a_silent_page_counts_as_ready_every_two_seconds(view, page, clock):
    for _ in range(3):
        view.push({})
    assert not view.ready()
    clock[0] += live.SILENT_AFTER
    assert not view.ready()
    clock[0] += 0.01
    assert view.ready()
    view.push({})
    assert not view.ready()
    clock[0] += 2.01
    assert view.ready()


def test_no_browser_at_all_counts_as_ready(view):
    assert view.ready()


def test_a_hello_forgives_what_is_in_flight_and_gets_the_picture(view, page, clock):
    for _ in range(3):
        view.push({})
    assert not view.ready()
    page.says(hello=True)
    assert view.ready()
    assert view.sent - view.acknowledged == 1
    assert page.messages[-1]["picture"] is True


def test_a_view_that_another_answers_for_is_always_ready(view, page, clock):
    view.acknowledges = False
    for _ in range(20):
        view.push({})
        assert view.ready()
    assert page.messages[-1]["ack"] is False


def test_pages_may_say_things_that_nobody_knows(view, page):
    page.says(something="else")
    assert len(page.messages) == 1


def test_post_without_a_loop_calls_at_once():
    called = []
    Post()(called.append, 1)
    assert called == [1]


def test_post_calls_on_its_loop_from_any_thread():
    async def body() -> None:
        called = []
        post = Post()
        thread = threading.Thread(
            target=post, args=(lambda: called.append(threading.get_ident()),)
        )
        thread.start()
        thread.join()
        assert called == []  # posted, not called
        await until(lambda: called)
        assert called == [threading.get_ident()]

    on_a_loop(body)


def test_post_calls_in_the_context_in_which_it_was_made():
    """Prints of a callback then go where the widget was shown."""
    import contextvars

    cell = contextvars.ContextVar("cell", default="none")

    async def body() -> None:
        cell.set("the widget's")
        post = Post()
        cell.set("another")
        found = []
        post(lambda: found.append(cell.get()))
        await until(lambda: found)
        assert found == ["the widget's"]

    on_a_loop(body)


def test_post_keeps_the_order_of_what_is_posted():
    async def body() -> None:
        post, called = Post(), []
        for number in range(50):
            post(called.append, number)
        await until(lambda: len(called) == 50)
        assert called == list(range(50))

    on_a_loop(body)


def test_post_calls_at_once_when_its_loop_has_gone():
    async def body() -> Post:
        await asyncio.sleep(0)
        return Post()

    post, called = on_a_loop(body), []
    post(called.append, 1)
    assert called == [1]


def test_a_page_that_speaks_from_another_thread_is_answered_on_the_loop():
    async def body() -> None:
        view = View()
        page = Page(view)
        threads = []
        view.push_last = lambda: threads.append(threading.get_ident())
        await asyncio.to_thread(page.says, hello=True)
        await until(lambda: threads)
        assert threads == [threading.get_ident()]

    on_a_loop(body)


def turns(view, clock, seconds, by=0.25):
    """Let the loop turn for so many seconds."""
    for _ in range(round(seconds / by)):
        clock[0] += by
        view.turn()


def test_the_silence_of_a_page_that_once_answered_is_counted(clock, view, page):
    view.turn()
    assert view.silence() == 0
    page.says(ack=view.sent)
    turns(view, clock, 30)
    assert view.silence() == 0, "nothing was sent that could be answered"
    page.says(ack=view.sent)
    view.push_last()
    turns(view, clock, 12)
    assert view.silence() == pytest.approx(12)
    page.says(ack=view.sent - 1)  # any page that shows the view
    assert view.silence() == pytest.approx(0)
    turns(view, clock, 3)
    assert view.silence() == pytest.approx(3)


def test_what_never_had_a_page_is_never_silent(view, clock):
    view.unasked = True
    view.push_last()
    turns(view, clock, 60)
    assert view.silence() == 0


def test_a_hidden_page_that_answers_is_not_silent(clock, view, page):
    for _ in range(40):
        view.push_last()
        turns(view, clock, 1)
        page.says(ack=view.sent)
        assert view.silence() == 0
    assert not view.lost()


def test_while_a_cell_holds_the_loop_up_nobody_is_silent(clock, view, page):
    view.push_last()
    turns(view, clock, 2)
    clock[0] += 400  # a cell, longer than it takes for a page to be lost
    view.turn()
    assert view.silence() == pytest.approx(2 + live.LONGEST_TURN)
    assert not view.lost()
    turns(view, clock, 5)
    assert view.silence() == pytest.approx(7 + live.LONGEST_TURN)


def test_an_answer_that_came_while_a_cell_ran_ends_the_silence(clock, view, page):
    view.push_last()
    turns(view, clock, 20)
    clock[0] += 100
    page.says(ack=view.sent - 1)  # on another thread
    clock[0] += 100
    view.turn()
    assert view.silence() == pytest.approx(live.LONGEST_TURN)


def test_the_loop_is_asked_for_nothing_but_through_a_post():
    """A callback that goes round `Post` could end the kernel, and could not be interrupted."""
    asks = {"call_soon", "call_soon_threadsafe", "call_later", "call_at", "create_task",
            "ensure_future", "add_callback", "run_coroutine_threadsafe"}  # fmt: skip
    package = Path(live.__file__).parents[2]
    found = [
        f"{path.relative_to(package)}:{node.lineno}"
        for part in ("views", "lessons", "playground")
        for path in (package / part).rglob("*.py")
        if path != Path(live.__file__)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in asks
    ]
    assert found == []
