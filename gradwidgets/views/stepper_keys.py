"""The keys of a walk; the playground leaves them to it."""

KEYS = {
    "ArrowRight": "next",
    "ArrowLeft": "previous",
    "Home": "first",
    "End": "last",
    " ": "play",
}
