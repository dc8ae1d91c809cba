"""Controls as plain data: a list of fields goes to the page, names and values come back.

Every control is a native form element with an accessible name, so keyboard and screen reader work
as everywhere. One widget holds all controls of a panel: the stock widgets would need three messages
for each, cannot grey out a single choice, and their sliders have neither name nor number field.

What fields there are stands in `gradwidgets.views.kit.fields`; some of them only a `ClassPanel` knows.
"""

from __future__ import annotations

import traitlets

from gradwidgets.views.kit.assets import joined
from gradwidgets.views.kit.fields import Changed, Field
from gradwidgets.views.kit.live import FromPage, Post
from gradwidgets.views.kit.spoken import SpokenWidget


class Panel(SpokenWidget):
    """A group of controls.

    Parameters
    ----------
    label : str
        The group's accessible name.
    changed : callable taking a name and a value
    """

    _esm = joined("views/kit/panel.js")
    _css = joined("views/kit/panel.css")

    label = traitlets.Unicode().tag(sync=True)
    fields: traitlets.List[Field] = traitlets.List().tag(sync=True)

    def __init__(self, label: str, changed: Changed) -> None:
        super().__init__(label=label)
        self._changed = changed
        self._post = Post()
        self.on_msg(self._receive)
        self.add_class("gw-panel")

    def show(self, fields: list[Field]) -> None:
        """Show these fields; what the learner holds at this moment is left alone."""
        if fields != self.fields:
            self.fields = fields

    def restore(self) -> None:
        """Put the shown values back, after a change that was refused."""
        self.send({"restore": True})

    def _receive(self, _widget: Panel, content: FromPage, _buffers: list[memoryview]) -> None:
        if "name" in content:
            self._post(self._answer, content)

    def _answer(self, content: FromPage) -> None:
        """Act on what was asked, then say so: until then the page shows what it has asked for."""
        try:
            self._changed(str(content["name"]), content.get("value"))
        finally:
            if "asked" in content:
                self.send({"answered": content["asked"]})


class ClassPanel(Panel):
    """A panel with what serves a class: keys and their list, the classroom view, what to copy."""

    _esm = joined("views/kit/closing.js", "views/kit/keys.js", "views/kit/classroom.js", "views/kit/panel.js")
    _css = joined("views/kit/panel.css", "views/kit/classroom_bar.css", "views/kit/classroom.css")
