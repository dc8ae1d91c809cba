"""What is imported and compiled before the first picture, which takes a second."""

from __future__ import annotations

from gradwidgets.views.graph.drawing import layout


def prepare_now() -> None:
    """Import and compile what the pictures need; it takes a second the first time."""
    layout.warm_up()
    _import_figures()


def _import_figures() -> None:
    import matplotlib.backends.backend_agg  # noqa: F401
    import matplotlib.figure  # noqa: F401
    import PIL.PngImagePlugin  # noqa: F401
