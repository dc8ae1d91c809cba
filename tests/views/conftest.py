"""What all tests of the views share."""

from __future__ import annotations

import signal

import pytest

from gradwidgets.engine.learner import guard


@pytest.fixture(autouse=True)
def interrupts():
    """Keep what a pump does to the interrupt key within one test."""
    handler = signal.getsignal(signal.SIGINT)
    yield guard.interrupts
    signal.signal(signal.SIGINT, handler)
