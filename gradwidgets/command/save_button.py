"""A button that downloads what somebody has done."""

from __future__ import annotations

from collections.abc import Callable

import traitlets

from gradwidgets.texts import names, text
from gradwidgets.views.kit.assets import joined
from gradwidgets.views.kit.live import FromPage, Post
from gradwidgets.views.kit.spoken import SpokenWidget


class SaveButton(SpokenWidget):
    """Lets the browser save a file that is made when it is asked for.

    Parameters
    ----------
    make : callable returning bytes
        Called on the notebook's loop.
    name : callable returning str
        The file's name.
    expected : type of Exception
        What `make` raises with a sentence for whoever pressed the button.
    """

    _esm = joined("command/save_button.js")
    _css = joined("command/save_button.css")

    texts = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        make: Callable[[], bytes],
        name: Callable[[], str],
        expected: type[Exception] = OSError,
    ) -> None:
        super().__init__(texts=names("save_work"))
        self._make, self._name, self._expected = make, name, expected
        self.post = Post()
        self.on_msg(self._receive)

    def save(self) -> None:
        """Make the file, and let the browser save it; or say why that cannot be."""
        try:
            data, name = self._make(), self._name()
        except self._expected as error:
            self.send({"trouble": str(error)})
        except Exception as error:  # a button that does nothing would be worse
            self.send({"trouble": text("save_work.trouble", error=f"{error!r}")})
        else:
            size = text("save_work.size", size=f"{max(len(data), 1000) / 1e6:.3g}")
            says = text("save_work.saved", name=name, size=size)
            self.send({"name": name, "says": says}, [data])

    def _receive(self, _widget: SaveButton, content: FromPage, _buffers: list[memoryview]) -> None:
        if content.get("do") == "save":
            self.post(self.save)
