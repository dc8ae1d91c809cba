"""Controls as plain data: a list of fields goes to the page, names and values come back.

Every control is a native form element with an accessible name, so keyboard and screen reader work
as everywhere. One widget holds all controls of a panel: the stock widgets would need three messages
for each, cannot grey out a single choice, and their sliders have neither name nor number field.

Fields (dictionaries; `name` is what comes back, `label` the accessible name):

- ``heading``  text
- ``note``     text, role ("note")
- ``button``   label, text, primary, disabled, help, expanded, focus (it gets the keyboard, once),
  idle (disabled, but keeps the keyboard's focus), away (not seen, but keeps its place),
  back (name of the control that has the focus once this one, focused, has gone)
- ``select``   label, value, options [{value, text, disabled, why}], bare (label not shown)
- ``number``   label, value, min, max, step
- ``range``    label, value, min, max, step, unit, log, bare; number_label adds a field to type
  into
- ``check``    label, text, short (for where there is little room), value, disabled
- ``choice``   label, value, options: a row of radio buttons
- ``sentence`` text that is read aloud when it changes; names in it stand between backticks;
  question (true where it asks)
- ``message``  text, tone ("note", "trouble", "warning", "wrong"), action {name, value, text}
- ``row``      text, items: fields side by side
- ``group``    label, items: fields that belong together

A `ClassPanel` knows these too:

- ``keys``     scope (class of the element around), keys {key: name that comes back}, inside
  {class: keys that a part inside has for itself}
- ``text``     label, value, most (characters)
- ``copy``     label, text, copied, select; value, or query and binder of a link, and none (what
  is said on a page that knows no address)
- ``classroom``  scope, label, leave, settings (and ``…_help``), title, text_size (percent), short
- ``key_list``  scope, label, help, heading, close, short, rows [key, what it does]
"""

from __future__ import annotations

from collections.abc import Callable

import traitlets

from gradwidgets.views.assets import joined
from gradwidgets.views.live import Post
from gradwidgets.views.spoken import SpokenWidget


class Panel(SpokenWidget):
    """A group of controls.

    Parameters
    ----------
    label : str
        The group's accessible name.
    changed : callable taking a name and a value
        Called on the notebook's loop; the value of a button is None.
    """

    _esm = joined("panel.js")
    _css = joined("panel.css")

    label = traitlets.Unicode().tag(sync=True)
    fields = traitlets.List().tag(sync=True)

    def __init__(self, label: str, changed: Callable[[str, object], None]) -> None:
        super().__init__(label=label)
        self._changed = changed
        self._post = Post()
        self.on_msg(self._receive)
        self.add_class("gw-panel")

    def show(self, fields: list[dict]) -> None:
        """Show these fields; what the learner holds at this moment is left alone."""
        if fields != self.fields:
            self.fields = fields

    def restore(self) -> None:
        """Put the shown values back, after a change that was refused."""
        self.send({"restore": True})

    def _receive(self, _widget: object, content: dict, _buffers: object) -> None:
        if "name" in content:
            self._post(self._answer, content)

    def _answer(self, content: dict) -> None:
        """Act on what was asked, then say so: until then the page shows what it has asked for."""
        try:
            self._changed(str(content["name"]), content.get("value"))
        finally:
            if "asked" in content:
                self.send({"answered": content["asked"]})


class ClassPanel(Panel):
    """A panel with what serves a class: keys and their list, the classroom view, what to copy."""

    _esm = joined("closing.js", "keys.js", "class.js", "panel.js")
    _css = joined("panel.css", "class.css", "classroom.css")
