"""The fields of a graph's panel: how much of it is shown, and what is said of a learner's class."""

from __future__ import annotations

from gradwidgets.engine.verdict.verdict import Verdict
from gradwidgets.texts import text
from gradwidgets.views.graph.drawing.scene import DETAILS
from gradwidgets.views.kit.fields import Field, Remark


def verdict_field(verdict: Verdict, words: str) -> Remark:
    """Return a verdict on a learner's class as a field; a warning looks milder than an error."""
    return {
        "kind": "message",
        "name": "remark",
        "tone": "warning" if verdict.warning else "wrong",
        "text": words,
    }


def unjudged_field(words: str) -> Remark:
    """Return what is left open of a learner's class as a field, which looks like no accusation."""
    return {"kind": "message", "name": "remark", "tone": "note", "text": words}


def detail_fields(detail: str, auto: bool = False) -> list[Field]:
    """Return the choice of how much of the graph is shown; `auto` offers to leave it to us."""
    return [
        {
            "kind": "choice",
            "name": "detail",
            "label": text("graph_detail"),
            "value": detail,
            "options": [
                {"value": name, "text": text(f"detail.{name}")}
                for name in DETAILS
                if auto or name != "auto"
            ],
        }
    ]
