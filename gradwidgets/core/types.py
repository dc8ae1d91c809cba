"""Types that several rooms share."""

from __future__ import annotations

from typing import TypeAlias

Foreign: TypeAlias = object
"""An object of a learner's own: anything may be missing in it, and reading it may fail."""

Shape: TypeAlias = tuple[int, ...]
"""The lengths of an array's dimensions."""
