"""The course: exercises with their checks, the classes of each step, and the learner's progress."""

from __future__ import annotations

from gradwidgets.lessons.check.attempt import blank as ____
from gradwidgets.lessons.page.difference import difference
from gradwidgets.lessons.seed import seed_weights

__all__ = ["____", "difference", "seed_weights"]
