"""Which words are English and in no German text, to tell what has not been translated."""

from __future__ import annotations

import re
from collections.abc import Iterable

from gradwidgets.core.ops import OPS
from gradwidgets.texts import CATALOGUES, TRANSLATIONS


def words_in(texts: Iterable[str]) -> set[str]:
    """Return the words of at least three letters, but not of places, code and paths."""
    bare = (re.sub(r"\{[^}]*\}|`[^`]*`|/\S+", " ", text) for text in texts)
    return {word for text in bare for word in re.findall(r"[a-zäöüß]{3,}", text.lower())}


GERMAN = words_in([*TRANSLATIONS["de"].values(), *OPS, *[op.symbol for op in OPS.values()]])
# "train" and "loss" stand in pieces of code in German texts too.
ENGLISH = words_in(CATALOGUES["en"].values()) - GERMAN | {"train", "loss"}


def english_words(text: str) -> list[str]:
    """Return the words of a text that are English."""
    return sorted(words_in([text]) & ENGLISH)
