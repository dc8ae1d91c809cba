"""The kinds of mistakes that make a gradient wrong."""
from __future__ import annotations

from typing import Final, Literal, TypeAlias, get_args

Cause: TypeAlias = Literal[
    "shared", "early", "overwritten", "sign", "factor forgotten", "swapped", "wrong value",
    "transposed", "not summed", "missing", "shape", "scaled", "leftover", "rule"]
"""All causes; of two that explain as much, the earlier one is the likelier."""

CAUSES: tuple[Cause, ...] = get_args(Cause)

SHARED: Final = "shared"
EARLY: Final = "early"
OVERWRITTEN: Final = "overwritten"
SIGN: Final = "sign"
FACTOR: Final = "factor forgotten"
SWAPPED: Final = "swapped"
VALUE: Final = "wrong value"
TRANSPOSED: Final = "transposed"
NOT_SUMMED: Final = "not summed"
MISSING: Final = "missing"
SHAPE: Final = "shape"
SCALED: Final = "scaled"
LEFTOVER: Final = "leftover"
RULE: Final = "rule"
