"""A panel passes on what is asked of it, and tells the page when that is done."""

from __future__ import annotations

import pytest

from gradwidgets.views.kit.panel import Panel
from tests.views.support import Page


@pytest.fixture
def heard():
    return []


@pytest.fixture
def page(heard):
    panel = Panel("settings", lambda *asked: heard.append((asked, list(page.messages))))
    page = Page(panel)
    return page


def test_a_question_is_answered_when_it_has_been_acted_on(page, heard):
    page.says(name="rate", value=0.1, asked="a-1")
    assert heard == [(("rate", 0.1), [])]
    assert page.messages == [{"answered": "a-1"}]


def test_a_question_is_answered_when_acting_on_it_fails(caplog):
    def fail(name, value):
        raise ValueError(f"{name} cannot be {value}")

    page = Page(Panel("settings", fail))
    page.says(name="rate", value=-1, asked="a-1")
    assert "rate cannot be -1" in caplog.text
    assert page.messages == [{"answered": "a-1"}]


def test_a_button_needs_no_answer(page, heard):
    page.says(name="play", value=None)
    assert heard == [(("play", None), [])]
    assert page.messages == []


def test_a_message_without_a_name_does_nothing(page, heard):
    page.says()
    assert heard == []
    assert page.messages == []
