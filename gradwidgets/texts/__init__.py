"""Every sentence that people read on a page, in one catalogue for each language.

The names of buttons and fields stand here once; people, screen readers and tests use the same ones.
"""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import TypeAlias

from gradwidgets.texts import english, german

# Language -> its texts by key, each with the places in braces that the English one has. A
# translation also names what the registries of core and engine hold: see `registered`.
TRANSLATIONS: dict[str, dict[str, str]] = {"de": german.TEXTS}
# A text that is not translated yet is shown in English; a test tells of it.
CATALOGUES: dict[str, dict[str, str]] = {
    "en": english.TEXTS,
    **{name: english.TEXTS | translated for name, translated in TRANSLATIONS.items()},
}
Value: TypeAlias = str | float | tuple[int, ...] | Path | BaseException | None
"""What may fill a place of a text."""

DEFAULT = "en"  # not the language of the machine: a class sees what its teacher has chosen
VARIABLE = "GRADWIDGETS_LANGUAGE"

_language: str  # that is spoken now
_catalogue: dict[str, str]  # its texts


def set_language(language: str) -> None:
    """Choose the language, before the first widget is made: one that is there changes in part.

    The environment variable ``GRADWIDGETS_LANGUAGE`` chooses it before the first one. Numbers keep
    their decimal point in every language: they are compared with what Python prints, and copied
    into code. The course, and errors of the framework, are in English.

    Parameters
    ----------
    language : {"en", "de"}
        English, or German.

    Raises
    ------
    ValueError
        For a language without texts.
    """
    global _language, _catalogue
    if language not in CATALOGUES:
        raise ValueError(_unknown(language))
    _language, _catalogue = language, CATALOGUES[language]


def language() -> str:
    """Return the language that is spoken now: "en" for English."""
    return _language


def text(key: str, /, **values: Value) -> str:
    """Return the text named `key`, with `values` filled into its places."""
    template = _catalogue[key]
    return template.format(**values) if values else template


def registered(kind: str, name: str, english: str) -> str:
    """Return what an entry of a registry is called; `english` is what the registry says itself."""
    return _catalogue.get(f"{kind}.{name}", english)


def counted(key: str, count: int) -> str:
    """Return the singular or plural text of `key` for `count`."""
    return text(f"{key}.one") if count == 1 else text(f"{key}.many", count=count)


def names(prefix: str) -> dict[str, str]:
    """Return every text below `prefix`, keyed by the rest of its key."""
    start = prefix + "."
    return {key[len(start) :]: value for key, value in _catalogue.items() if key.startswith(start)}


def _unknown(language: str) -> str:
    known = " or ".join(f'"{one}"' for one in CATALOGUES)
    return f"the language is {language!r}; expected {known}."


def _language_of_the_environment() -> str:
    chosen = os.environ.get(VARIABLE, "").strip().lower()
    if chosen and chosen not in CATALOGUES:
        warnings.warn(f"{VARIABLE}: {_unknown(chosen)} Texts are in English.", stacklevel=2)
    return chosen if chosen in CATALOGUES else DEFAULT


set_language(_language_of_the_environment())
