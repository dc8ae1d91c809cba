"""What all tests of the lessons share."""

from __future__ import annotations

import pytest

from gradwidgets.lessons import progress, progress_later

LONG = 100.0  # seconds; nothing here takes as long


@pytest.fixture(autouse=True)
def nothing_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep within one test what could not be written, and who follows.

    A check returns when its result is written, or was tried, however slow the machine is.
    """
    monkeypatch.setattr(progress_later, "PATIENCE", LONG)
    monkeypatch.setattr(progress, "_later", progress_later.Later(progress._note))
    monkeypatch.setattr(progress, "_followers", [])
    monkeypatch.setattr(progress, "trouble", None)
