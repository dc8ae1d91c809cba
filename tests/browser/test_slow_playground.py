"""On a slow line frames are dropped, never queued."""

from __future__ import annotations

from playwright.sync_api import expect

from gradwidgets.views.kit.live import MOST_FRAMES_IN_FLIGHT
from tests.browser.lab import Lab
from tests.browser.playground_page import PlaygroundPage, open_playground
from tests.browser.slow_line import SlowLine

# In the kernel, while it trains: how many frames are under way, how many were shown, and how many
# turns the training took meanwhile.
WATCH = """
import asyncio
output, trainer = playground.screens.output, playground.trainer
sent, steps, most = output.sent, trainer.step_count, 0
for _ in range(100):
    await asyncio.sleep(0.05)
    most = max(most, output.sent - output.acknowledged)
print(most, output.sent - sent, trainer.step_count - steps)
"""

# In the kernel: a step whose graph never arrives, and one that does.
LOSE = """
graph, send = playground.screens.graph, playground.screens.graph.send
graph.send = lambda *content: None
playground.step()
graph.send = send
playground.step()
"""

# In the page: note, in every frame, what a slider and the number beside it show.
NOTE = """([slider, number]) => {
    window.noted = [];
    const note = () => {
        window.noted.push(`${slider.value} ${number.value}`);
        requestAnimationFrame(note);
    };
    note();
}"""


def test_nothing_piles_up_on_a_slow_line(lab: Lab) -> None:
    with SlowLine(lab.server.port, delay=0.0, bandwidth=1e9) as line:
        playground = open_playground(lab, port=line.port)
        line.change(0.15, 2e6)
        playground.field("Speed").select_option("as fast as possible")
        playground.play()
        playground.wait_for_step(100)
        most, frames, steps = map(int, playground.kernel(WATCH).split())
        assert most <= MOST_FRAMES_IN_FLIGHT
        assert 5 <= frames <= 60, "a line of 2 Mbit/s shows some frames a second, and not all"
        assert steps > 100 * frames, "training waits for no screen"
        playground.pause()
        playground.wait_until_still()
        assert str(playground.status().step) == playground.kernel("playground.trainer.step_count")
        line.change(0.0, 1e9)
        expect(playground.button("Play")).to_be_visible()
        playground.notebook.close()
        lab.pages.remove(playground.notebook)


def test_a_line_that_is_cut_for_a_while_comes_back(lab: Lab) -> None:
    with SlowLine(lab.server.port, delay=0.0, bandwidth=1e9) as line:
        playground = open_playground(lab, port=line.port)
        playground.play()
        playground.wait_for_step(50)
        line.cut()
        step = int(playground.kernel("playground.trainer.step_count"))
        playground.kernel("import asyncio; await asyncio.sleep(4)")
        assert int(playground.kernel("playground.trainer.step_count")) > step + 500
        line.restore()
        playground.wait_for_step(step + 500)
        playground.pause()
        playground.wait_until_still()
        assert str(playground.status().step) == playground.kernel("playground.trainer.step_count")
        playground.notebook.close()
        lab.pages.remove(playground.notebook)


def test_a_slider_let_go_stays_where_it_is_until_the_answer_has_come(lab: Lab) -> None:
    with SlowLine(lab.server.port, delay=0.0, bandwidth=1e9) as line:
        playground = open_playground(lab, port=line.port)
        line.change(0.15, 2e6)
        slider, number = (playground.field(name) for name in ("Learning rate", "Learning rate value"))
        playground.drag(slider, (0.5, 0.55, 0.6, 0.65, 0.7))
        playground.page.evaluate(NOTE, [slider.element_handle(), number.element_handle()])
        shown = number.input_value()
        playground.wait_for_kernel("playground.trainer.learning_rate", shown)
        playground.kernel("import asyncio; await asyncio.sleep(1)")  # the last answers arrive
        playground.page.wait_for_function("window.noted.length > 60")
        assert set(playground.page.evaluate("window.noted")) == {f"{slider.input_value()} {shown}"}
        playground.notebook.close()
        lab.pages.remove(playground.notebook)


def test_a_graph_whose_changes_were_lost_is_sent_whole(playground: PlaygroundPage) -> None:
    playground.button("Step").click()
    playground.wait_for_step(1)
    playground.kernel(LOSE)
    playground.wait_for_step(3)
    playground.wait_until_still()
    shown = playground.graph_texts()
    playground.kernel("playground.screens.graph.push_last()")
    playground.wait_until_still()
    assert playground.graph_texts() == shown
