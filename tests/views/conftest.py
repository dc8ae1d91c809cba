"""What all tests of the views share."""

from __future__ import annotations

import signal

import pytest

from gradwidgets.views import live


@pytest.fixture(autouse=True)
def interrupts(monkeypatch):
    """Keep what a pump does to the interrupt key within one test."""
    handler = signal.getsignal(signal.SIGINT)
    fresh = live._Interrupts()
    monkeypatch.setattr(live, "_interrupts", fresh)
    yield fresh
    signal.signal(signal.SIGINT, handler)
