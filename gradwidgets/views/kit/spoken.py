"""Widgets say in which language their texts are, so that a screen reader pronounces them right."""

from __future__ import annotations

from typing import Any

import anywidget
import traitlets

from gradwidgets.texts import language


def shared(trait: traitlets.TraitType[Any, Any]) -> Any:
    """Return a trait whose value the page has too.

    Whoever declares it says what it holds, where traitlets itself cannot: the keys of a dictionary.
    """
    return trait.tag(sync=True)


class SpokenWidget(anywidget.AnyWidget):
    """A widget whose element on the page has the language of the interface.

    Source: WCAG 2.2, success criterion 3.1.2.
    """

    lang = traitlets.Unicode().tag(sync=True)

    @traitlets.default("lang")
    def _language_now(self) -> str:
        return language()
