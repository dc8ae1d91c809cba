"""Whatever a learner's code does, it ends, and the process that asked for it lives."""

from __future__ import annotations

import os
import threading
from time import monotonic

import numpy as np
import pytest

from gradwidgets.lessons.check import limits
from gradwidgets.lessons.check.limits import Stopped, run_limited

HERE = [how for how in ("fork", "thread") if how == limits.HOW or how == "thread"]
every_way = pytest.mark.parametrize("how", HERE)


def loop_for_ever():
    while True:
        pass


def catch_everything_for_ever():
    while True:
        try:
            sum(range(100))
        except:  # noqa: E722 (a learner's own)
            pass


def call_itself_for_ever():
    return call_itself_for_ever()


@every_way
def test_what_ends_in_time_is_returned(how):
    value = run_limited(lambda: {"a": np.arange(3), "b": "c"}, 5, how)
    assert value["b"] == "c"
    assert value["a"].tolist() == [0, 1, 2]


@every_way
def test_an_error_is_raised_again(how):
    with pytest.raises(ZeroDivisionError, match="by zero"):
        run_limited(lambda: 1 / 0, 5, how)


@every_way
@pytest.mark.parametrize("code", [loop_for_ever, catch_everything_for_ever])
def test_an_endless_loop_is_stopped(how, code):
    started = monotonic()
    with pytest.raises(Stopped, match=r"still running after 0\.3 seconds.*never ends"):
        run_limited(code, 0.3, how)
    assert monotonic() - started >= 0.3
    assert not [t for t in threading.enumerate() if t.name == "a learner's code"]


@every_way
def test_a_recursion_without_end_is_an_error_as_everywhere(how):
    with pytest.raises(RecursionError):
        run_limited(call_itself_for_ever, 5, how)


@pytest.mark.parametrize("how", [how for how in HERE if how == "fork"])
def test_a_breakdown_ends_only_the_process_of_the_learner(how):
    with pytest.raises(Stopped, match=r"broken down the process it ran in \(SIGABRT\)"):
        run_limited(os.abort, 8, how)


@pytest.mark.parametrize("how", [how for how in HERE if how == "fork"])
def test_memory_without_end_is_an_error(how):
    with pytest.raises(MemoryError):
        run_limited(lambda: bytearray(8 * 2**30), 8, how)


@pytest.mark.parametrize("how", [how for how in HERE if how == "fork"])
def test_what_a_learner_prints_and_changes_stays_there(how, capfd):
    changed = []
    run_limited(lambda: (print("noise"), changed.append(1))[0], 5, how)
    assert changed == []
    assert capfd.readouterr().out == ""


def test_without_limits_it_just_runs():
    assert run_limited(lambda: 3, 0.0, "none") == 3
