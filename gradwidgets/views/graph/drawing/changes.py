"""What has changed in a graph's texts, in as few bytes as a slow line asks for."""

from __future__ import annotations

from collections.abc import Sequence
from os.path import commonprefix
from typing import TypedDict

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
MOST = len(DIGITS) - 1


class Changes(TypedDict):
    """What has changed in a list of texts, as two strings.

    "at" tells the places in steps: each letter is a digit of base 36, and leads so many places on
    to the next text that has changed, from just before the first one. "0" leads 35 places on, to a
    text that stays. "texts" has a line for each that has changed: a digit of base 36 tells how many
    letters stay at its beginning, and the others follow.

    Most numbers change in their last digits. A list of places and a list of texts would take three
    times as many bytes.
    """

    at: str
    texts: str


def changes(before: Sequence[str], after: Sequence[str]) -> Changes:
    """Return how to make `after` of `before`."""
    steps: list[str] = []
    texts: list[str] = []
    place = -1
    for here, (old, new) in enumerate(zip(before, after, strict=True)):
        if old == new:
            continue
        far, step = divmod(here - place, MOST)
        if not step:
            far, step = far - 1, MOST
        steps.append("0" * far + DIGITS[step])
        stays = min(MOST, len(commonprefix([old, new])))
        texts.append(DIGITS[stays] + new[stays:].replace("\n", " "))
        place = here
    return {"at": "".join(steps), "texts": "\n".join(texts)}
