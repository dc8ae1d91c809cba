"""The course: exercises with their checks, the classes of each step, and the learner's progress."""

from __future__ import annotations

from gradwidgets.lessons.attempt import blank as ____



__all__ = ["____"]
