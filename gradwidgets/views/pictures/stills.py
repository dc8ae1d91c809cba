"""Loss plot and output picture as small SVG: drawn without Matplotlib, in a millisecond or two."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator

import numpy as np

from gradwidgets.engine.experiment.data.drawn import Dataset
from gradwidgets.engine.training.output import Output
from gradwidgets.views.graph.drawing.svg import BACKGROUND, FAINT, FRAME, INK, _escaped, _size
from gradwidgets.views.kit import numbers
from gradwidgets.views.kit.theme import Theme
from gradwidgets.views.pictures.decision import SHADES, shades

WIDTH, HEIGHT = 300, 270  # a map of two inputs is square
LEFT, RIGHT, TOP, BOTTOM = 52, 38, 26, 34
MOST_POINTS = 160  # of a curve
COARSE = 2  # every second point of the map: the browser smoothes between them
MOST_DOTS = 60  # of each kind


def loss_svg(
    x: np.ndarray,
    curves: list[tuple[str, np.ndarray]],
    title: str,
    x_label: str,
) -> str:
    """Return curves over the same `x`; what is not finite is left out."""
    theme = Theme()
    colours = (theme.train, theme.test)
    lines = list(_opening(title))
    finite = [values[np.isfinite(values)] for _, values in curves]
    known = np.concatenate([*finite, np.zeros(1)])
    top, bottom = float(known.max()), float(known.min())
    top = top if top > bottom else bottom + 1.0
    end = float(x[-1]) if len(x) and x[-1] > 0 else 1.0
    lines += _axes(x_label, "0", f"{end:.0f}", _shortly(bottom), _shortly(top))
    for number, (name, values) in enumerate(curves):
        colour = colours[number % len(colours)]
        dash = ' stroke-dasharray="5 3"' if number else ""
        points = _thinned(x / end, (values - bottom) / (top - bottom))
        if points:
            lines.append(
                f'<polyline points="{points}" fill="none" stroke="{colour}" '
                f'stroke-width="2" stroke-linejoin="round"{dash}/>'
            )
        at = LEFT + 90 * number + 60
        lines.append(
            f'<path d="M{at},16 h22" stroke="{colour}" stroke-width="2"{dash}/>'
            + _words(at + 27, 20, name, INK)
        )
    return "\n".join([*lines, "</svg>"]) + "\n"


def output_svg(output: Output, dataset: Dataset | None, title: str) -> str:
    """Return what the network says over its domain, with the points, as an SVG picture."""
    lines = list(_opening(title))
    if output.extent is None:  # there is neither a map nor a curve
        return "\n".join([*lines, _words(12, 60, output.reason, INK), "</svg>"]) + "\n"
    left, right, bottom, top = map(float, output.extent)
    if output.grid is not None:
        lines.append(_map(output.grid))
    elif output.xs is not None and output.ys is not None:
        low, high = _range(output.ys if dataset is None else dataset.labels)
        bottom, top = low - 0.25 * (high - low), high + 0.25 * (high - low)
        points = _thinned(
            (output.xs - left) / (right - left), (output.ys - bottom) / (top - bottom)
        )
        lines.append(f'<polyline points="{points}" fill="none" stroke="{INK}" stroke-width="2"/>')
    if dataset is not None:
        lines += _points(output.kind, dataset, left, right, bottom, top)
    lines += _axes("x" if output.kind == "curve" else "x₁", *(
        f"{end:g}".replace("-", "−") for end in (left, right, bottom, top)))  # fmt: skip
    return "\n".join([*lines, "</svg>"]) + "\n"


def _opening(title: str) -> Iterator[str]:
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" version="1.1" role="img" width="{WIDTH}" '
        f'height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="system-ui, sans-serif" '
        'font-size="11">'
    )
    yield f"<title>{_escaped(title)}</title>"
    yield f'<rect width="100%" height="100%" fill="{BACKGROUND}"/>'
    yield f'<text x="4" y="16" font-weight="600" fill="{INK}">{_escaped(title)}</text>'


def _axes(x_label: str, left: str, right: str, bottom: str, top: str) -> Iterator[str]:
    low, far = HEIGHT - BOTTOM, WIDTH - RIGHT
    yield f'<path d="M{LEFT},{TOP} V{low} H{far}" fill="none" stroke="{FRAME}"/>'
    for x, y, words, anchor in (
        (LEFT, low + 14, left, "middle"),
        (far, low + 14, right, "middle"),
        ((LEFT + far) / 2, low + 14, x_label, "middle"),
        (LEFT - 5, low, bottom, "end"),
        (LEFT - 5, TOP + 9, top, "end"),
    ):
        yield _words(x, y, words, FAINT, anchor)


def _words(x: float, y: float, words: str, fill: str, anchor: str = "start") -> str:
    return (
        f'<text x="{_size(x)}" y="{_size(y)}" text-anchor="{anchor}" fill="{fill}">'
        f"{_escaped(words)}</text>"
    )


def _shortly(value: float) -> str:
    return numbers.short(value) if value else "0"


def _across(share: np.ndarray) -> np.ndarray:
    return LEFT + share * (WIDTH - LEFT - RIGHT)


def _up(share: np.ndarray) -> np.ndarray:
    return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)


def _thinned(across: np.ndarray, up: np.ndarray) -> str:
    """Return a curve's points for a polyline, some of them, the first and the last among these."""
    known = np.flatnonzero(np.isfinite(across) & np.isfinite(up))
    if len(known) > MOST_POINTS:
        known = known[np.linspace(0, len(known) - 1, MOST_POINTS).round().astype(int)]
    xs, ys = _across(across[known]), _up(np.clip(up[known], -0.05, 1.05))
    return " ".join(f"{_size(x)},{_size(y)}" for x, y in zip(xs, ys, strict=True))


def _map(grid: np.ndarray) -> str:
    from PIL import Image

    scores = np.nan_to_num(grid[::COARSE, ::COARSE][::-1], nan=0.0, posinf=1.0, neginf=-1.0)
    index = (np.clip(scores, -1, 1) * (SHADES // 2) + SHADES // 2).round().astype(np.intp)
    stream = io.BytesIO()
    image = Image.fromarray(shades(Theme())[index]).quantize(64, dither=Image.Dither.NONE)
    image.save(stream, "PNG", optimize=True)
    data = base64.b64encode(stream.getvalue()).decode("ascii")
    return (
        f'<image x="{LEFT}" y="{TOP}" width="{WIDTH - LEFT - RIGHT}" '
        f'height="{HEIGHT - TOP - BOTTOM}" preserveAspectRatio="none" '
        f'href="data:image/png;base64,{data}"/>'
    )


def _points(
    kind: str, dataset: Dataset, left: float, right: float, bottom: float, top: float
) -> Iterator[str]:
    """Yield train points filled and test points as rings, each kind as one path of dots."""
    theme = Theme()
    labels = np.asarray(dataset.labels, dtype=float).reshape(-1)
    points = np.asarray(dataset.points, dtype=float)
    ys = labels if kind == "curve" else points[:, -1]
    across = _across((points[:, 0] - left) / (right - left))
    up = _up((ys - bottom) / (top - bottom))
    signs = np.zeros(len(labels), dtype=bool) if kind == "curve" else labels > 0
    for rows, ring in ((dataset.test, True), (dataset.train, False)):
        for sign, colour in ((False, theme.negative), (True, theme.positive)):
            if kind == "curve":
                colour = theme.test if ring else theme.train
            chosen = [row for row in rows if signs[row] == sign][:MOST_DOTS]
            if not chosen:
                continue
            dots = "".join(f"M{_size(across[row])},{_size(up[row])}h0" for row in chosen)
            layers = ((colour, 5.5), (BACKGROUND, 3.2)) if ring else ((INK, 6.4), (colour, 5))
            for ink, wide in layers:
                yield (
                    f'<path d="{dots}" fill="none" stroke="{ink}" stroke-width="{wide}" '
                    'stroke-linecap="round"/>'
                )


def _range(values: np.ndarray) -> tuple[float, float]:
    finite = np.asarray(values, dtype=float)
    finite = finite[np.isfinite(finite)]
    if not finite.size:
        return 0.0, 1.0
    low, high = float(finite.min()), float(finite.max())
    return (low, high) if high > low else (low - 0.5, high + 0.5)
