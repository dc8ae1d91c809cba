"""Stand-ins for the page, for the learner's own tensors, and for eyes."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Awaitable, Callable, Iterable, Sequence

import numpy as np
from PIL import Image

from gradwidgets.engine.experiment.spec import Spec
from gradwidgets.engine.graph.snapshot import Graph
from gradwidgets.engine.training.trainer import Trainer


class Page:
    """Stands in for the page that shows a view: it records what is sent, and it can speak.

    `messages` are the contents in the order of sending, `pictures` their buffers.
    """

    def __init__(self, view: object) -> None:
        self.view = view
        self.messages: list[dict] = []
        self.pictures: list[bytes | None] = []
        view.send = self._take

    def _take(self, content: dict, buffers: list[bytes] | None = None) -> None:
        self.messages.append(content)
        self.pictures.append(buffers[0] if buffers else None)

    def says(self, **content: object) -> None:
        """Send a message to the view, as its JavaScript would."""
        self.view._handle_custom_msg(content, [])


def changed(texts: Sequence[str], message: dict) -> list[str]:
    """Return the texts of a graph after a message's changes, as the page makes them."""
    texts, news, place = list(texts), message["texts"].split("\n"), -1
    for letter in message["at"]:
        step = int(letter, 36)
        place += step or 35
        if step:
            stays, *others = news.pop(0)
            texts[place] = texts[place][: int(stays, 36)] + "".join(others)
    assert news in ([], [""]), "every text belongs to a place"
    return texts


class Half:
    """A tensor as a learner has it half-way through: it has what it was given, and nothing else."""

    def __init__(self, data: object, *creators: Half, **attributes: object) -> None:
        self.data = data
        if creators:
            self.creators = list(creators)
        self.__dict__.update(attributes)


def pixels(png: bytes) -> np.ndarray:
    """Return a PNG as int array of shape (height, width, 3)."""
    with Image.open(io.BytesIO(png)) as image:
        assert image.format == "PNG"
        return np.asarray(image.convert("RGB"), dtype=int)


def near(image: np.ndarray, colour: Iterable[float], tolerance: int = 14) -> np.ndarray:
    """Tell of each pixel whether it has a colour (0–1); PNGs of 256 colours are not exact."""
    wanted = np.array([round(255 * part) for part in colour])
    return np.abs(image - wanted).max(axis=2) <= tolerance


def graph_of_step(steps: int = 1, **changes: object) -> Graph:
    """Return the graph that a trainer keeps of a step."""
    trainer = Trainer(Spec().replace(**changes))
    trainer.run(steps, capture=True)
    return trainer.last_step.graph


def on_a_loop(body: Callable[[], Awaitable[object]], seconds: float = 100) -> object:
    """Run `body` on a loop of its own, as in a notebook; fail when it does not end."""

    async def limited() -> object:
        async with asyncio.timeout(seconds):
            return await body()

    return asyncio.run(limited())


async def until(true: Callable[[], bool]) -> None:
    """Wait for something to become true; the time limit of `on_a_loop` ends it."""
    while not true():
        await asyncio.sleep(0.001)
