"""A figure is made when a page asks for it, and drawn again when the page changes."""

from __future__ import annotations

import numpy as np
import pytest

from gradwidgets.views.kit.theme import Theme
from gradwidgets.views.pictures.loss import LossPlot
from gradwidgets.views.pictures.view import FigureView
from tests.views.support import Page, pixels

PAGE = {"width": 400, "height": 300, "ratio": 1, "dark": False, "background": "#ffffff"}


class Figure:
    """Counts what is done to it; its pictures are numbered."""

    made = 0

    def __init__(self) -> None:
        type(self).made += 1
        self.pages: list[tuple] = []
        self.drawn = 0

    def set_page(self, width: float, height: float, ratio: float, theme: Theme) -> bool:
        page = width, height, ratio, theme
        changed = not self.pages or self.pages[-1] != page
        if changed:
            self.pages.append(page)
        return changed

    def draw(self) -> bytes:
        self.drawn += 1
        return f"picture {self.drawn}".encode()


@pytest.fixture
def view(monkeypatch):
    monkeypatch.setattr(Figure, "made", 0)
    return FigureView("Loss plot", Figure)


@pytest.fixture
def page(view):
    return Page(view)


def show(view: FigureView, words: str = "It falls.") -> None:
    view.show(lambda figure: figure.draw(), words)


def test_nothing_is_made_or_drawn_before_a_page_says_hello(view, page):
    show(view)
    page.says(page=PAGE)
    assert Figure.made == 0
    assert page.messages == []


def test_a_hello_gets_the_last_frame_once(view, page):
    show(view, "First.")
    show(view, "Second.")
    page.says(hello=True)
    assert page.messages == [{"alt": "Loss plot: Second.", "n": 1, "ack": True}]
    assert page.pictures == [b"picture 1"]


def test_a_hello_before_the_first_frame_gets_nothing_yet(view, page):
    page.says(hello=True)
    assert page.messages == []
    show(view)
    assert page.pictures == [b"picture 1"]


def test_one_figure_serves_every_frame(view, page):
    page.says(hello=True)
    for _ in range(4):
        show(view)
    assert Figure.made == 1
    assert page.pictures == [f"picture {n}".encode() for n in (1, 2, 3, 4)]


def test_a_page_that_reported_first_gets_its_own_size_at_once(view, page):
    show(view)
    page.says(page=PAGE)
    page.says(hello=True)
    assert view.figure.pages == [(400, 300, 1, Theme())]
    assert len(page.pictures) == 1


def test_another_size_or_theme_draws_the_last_frame_again_once(view, page):
    page.says(page=PAGE)
    page.says(hello=True)
    show(view, "Only.")
    changes = [{"width": 500}, {"height": 200}, {"ratio": 2}, {"dark": True},
               {"background": "#002b36"}]  # fmt: skip
    for number, change in enumerate(changes, start=2):
        page.says(page=PAGE | change)
        assert len(page.messages) == number
        assert page.messages[-1]["alt"] == "Loss plot: Only."


def test_the_same_report_again_draws_nothing(view, page):
    page.says(page=PAGE)
    page.says(hello=True)
    show(view)
    for _ in range(3):
        page.says(page=dict(PAGE))
    assert len(page.messages) == 1


def test_what_the_page_reports_reaches_the_figure(view, page):
    page.says(hello=True)
    show(view)
    page.says(page={"width": 321, "height": 234, "ratio": 1.5, "dark": True, "grid": "#333333"})
    theme = Theme(True, "#111111", "#e0e0e0", "#333333")
    assert view.figure.pages == [(321, 234, 1.5, theme)]


def test_a_report_without_sizes_is_taken_for_a_usual_page(view, page):
    page.says(hello=True)
    show(view)
    page.says(page={"dark": True})
    assert view.figure.pages == [(340, 250, 1, Theme.of_page({"dark": True}))]


def test_a_drawing_that_fails_does_not_end_the_view(view, page):
    page.says(hello=True)
    with pytest.raises(ZeroDivisionError):
        view.show(lambda figure: 1 / 0, "Never.")
    show(view, "Again.")
    assert page.messages[-1]["alt"] == "Loss plot: Again."


def test_a_real_figure_follows_the_page():
    epochs = np.arange(3.0)
    view = FigureView("Loss plot", LossPlot)
    page = Page(view)
    page.says(page=PAGE)
    page.says(hello=True)
    view.show(lambda figure: figure.draw(epochs, epochs, epochs), "")
    page.says(page=PAGE | {"width": 300, "ratio": 2, "dark": True, "background": "#101820"})
    first, second = (pixels(png) for png in page.pictures)
    assert first.shape == (300, 400, 3) and second.shape == (600, 600, 3)
    assert (first[2, 2] >= 254).all()
    assert np.abs(second[2, 2] - [0x10, 0x18, 0x20]).max() <= 4
