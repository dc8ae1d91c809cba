"""Nothing that a learner's object does when it is read stops the reading, but for an interrupt."""
from __future__ import annotations

import sys

import pytest

from gradwidgets.engine.learner.careful import read, safely


class Odd:
    """An object with a property that raises what it is told to."""

    def __init__(self, error: BaseException) -> None:
        self.error = error

    @property
    def data(self) -> object:
        raise self.error


def test_what_a_function_returns_is_handed_on():
    assert safely(divmod, 7, 2, otherwise="nothing") == (3, 1)


def test_where_a_function_fails_the_default_stands_in():
    assert safely(divmod, 7, 0) is None
    assert safely(divmod, 7, 0, otherwise=()) == ()


def test_an_exit_is_a_failure_like_any_other():
    assert safely(sys.exit, 3, otherwise="still here") == "still here"


def test_an_attribute_that_is_missing_or_cannot_be_read_is_the_default():
    assert read(3, "data") is None
    assert read(3, "data", "nothing") == "nothing"
    assert read(Odd(SystemExit()), "data", "nothing") == "nothing"
    assert read(3, "real", "nothing") == 3


def test_an_interrupt_passes():
    odd = Odd(KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        safely(getattr, odd, "data")
    with pytest.raises(KeyboardInterrupt):
        read(odd, "data")
