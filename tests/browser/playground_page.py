"""A playground in a notebook, as a person uses it: by the names on its controls."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from playwright.sync_api import Locator, expect

from tests.browser.lab import Lab, LabPage

SHOW = "import gradwidgets\nplayground = gradwidgets.Playground({})\nplayground"

PICTURES = ("Backward graph", "Loss plot", "Output")

STATUS = re.compile(
    r"epoch (?P<epoch>\d+) · step (?P<step>\d+)"
    r" · train loss (?P<train>\S+) · test loss (?P<test>\S+)"
)


@dataclass(frozen=True)
class Status:
    """The numbers of the status line."""

    epoch: int
    step: int
    train: str
    test: str


class PlaygroundPage:
    """Drives the first playground of a notebook page."""

    def __init__(self, notebook: LabPage, nth: int = 0) -> None:
        self.notebook = notebook
        self.page = notebook.page
        self.root = self.page.locator(".gw-playground").nth(nth)

    def button(self, name: str) -> Locator:
        return self.root.get_by_role("button", name=name, exact=True)

    def field(self, name: str) -> Locator:
        return self.root.get_by_label(name, exact=True)

    def picture(self, name: str) -> Locator:
        role = "group" if name == "Backward graph" else "img"
        return self.root.get_by_role(role, name=re.compile(f"^{name}"))

    def frame(self, name: str) -> int:
        """Return the number of the frame that a picture shows."""
        return int(self.picture(name).get_attribute("data-frame") or 0)

    def wait_for_pictures(self) -> None:
        for name in PICTURES:
            expect(self.picture(name)).to_have_attribute("data-frame", re.compile(r"\d+"))

    def status(self) -> Status:
        text = self.root.locator(".gw-status-line").text_content()
        found = STATUS.fullmatch(text)
        assert found, f"the status line reads {text!r}"
        return Status(int(found["epoch"]), int(found["step"]), found["train"], found["test"])

    def message(self) -> Locator:
        return self.root.locator(".gw-message-text")

    def alert(self) -> Locator:
        return self.root.get_by_role("alert")

    def start_afresh(self) -> None:
        """Go back to a playground that nobody has touched."""
        self.page.bring_to_front()  # behind another, the browser draws it once a second
        self.kernel(
            "playground.pause(); playground.pump.set_speed('epoch');"
            "playground.screens.log = False;"
            "playground.screens.graph.detail = 'layers'; playground.page.show_detail('layers');"
            "playground.page.show_axis(False); playground.set_spec(gradwidgets.Spec());"
            "playground._past.clear(); playground._show_buttons()"
        )
        expect(self.button("Play")).to_be_visible()
        expect(self.field("Learning rate value")).to_have_value("0.01")
        expect(self.message()).to_have_text("")
        self.wait_until_still()

    def play(self) -> None:
        self.button("Play").click()
        expect(self.button("Pause")).to_be_visible()

    def pause(self) -> None:
        self.button("Pause").click()
        expect(self.button("Play")).to_be_visible()

    def drag(self, slider: Locator, shares: Sequence[float]) -> None:
        """Drag a slider's thumb to these shares of its width, one after the other, and let go."""
        box = slider.bounding_box()
        places = [(box["x"] + share * box["width"], box["y"] + box["height"] / 2) for share in shares]
        self.page.mouse.move(*places[0])
        self.page.mouse.down()
        for place in places[1:]:
            self.page.mouse.move(*place, steps=3)
        self.page.mouse.up()

    def wait_for_step(self, step: int) -> None:
        """Wait until the status line tells at least this step."""
        self.page.wait_for_function(
            """([root, step]) => {
                const text = root.querySelector(".gw-status-line").textContent;
                return Number(/step (\\d+)/.exec(text)[1]) >= step;
            }""",
            arg=[self.root.element_handle(), step],
        )

    def wait_until_still(self) -> None:
        """Wait until what the page shows is the last frame that the kernel sends."""
        shown, sent = [], self._sent()
        while shown != sent:  # an answer to what the page asked for may come a little later
            for name, number in zip(PICTURES, sent, strict=True):
                self.page.wait_for_function(
                    "([picture, number]) => Number(picture.dataset.frame) >= number",
                    arg=[self.picture(name).element_handle(), number],
                )
            shown, sent = sent, self._sent()

    def _sent(self) -> list[int]:
        """Return the number of the last frame that the kernel has sent for each picture."""
        return json.loads(self.kernel(
            "import json; print(json.dumps([v.sent for v in (playground.screens.graph,"
            " playground.screens.loss, playground.screens.output)]))"
        ))

    def graph_texts(self) -> dict[str, list[str]]:
        """Return the numbers in the graph: for each node its texts, in order."""
        return self.root.locator(".gw-svg").evaluate(
            """svg => Object.fromEntries([...svg.querySelectorAll("[data-node]")].map(node => [
                node.dataset.node,
                [...node.querySelectorAll(".gw-number")].map(text => text.textContent)
                    .filter(Boolean),
            ]))"""
        )

    def kernel(self, code: str) -> str:
        return self.notebook.kernel(code)

    def wait_for_kernel(self, code: str, answer: str) -> None:
        """Ask the kernel until it answers this: what the page has sent may reach it a little later."""
        for _ in range(40):
            found = self.kernel(code)
            if found == answer:
                return
            self.page.wait_for_timeout(250)
        raise AssertionError(f"{code} stays {found}, not {answer}")


def open_playground(lab: Lab, arguments: str = "", **options: object) -> PlaygroundPage:
    """Open a notebook with `Playground(arguments)` in it, run it, wait for its pictures."""
    notebook = lab.open([SHOW.format(arguments)], **options)
    notebook.run_all()
    playground = PlaygroundPage(notebook)
    playground.wait_for_pictures()
    return playground
