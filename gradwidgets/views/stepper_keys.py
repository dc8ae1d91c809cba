"""The keys of a walk; the playground leaves them to it."""

KEYS = {
    "ArrowRight": "next",
    "ArrowLeft": "previous",
    "Home": "first",
    "End": "last",
    " ": "play",
}
CLASS_KEYS = {"c": "classroom", "?": "keys"}
"""Those of a walk that stands alone; around one in a playground, the playground has them."""
