"""The fields of a panel: what each control is told, as plain data that goes to the page.

`name` is what comes back when somebody uses a control, `label` its accessible name. Fields of the
same name keep their place on the page, and the learner's focus in it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, NotRequired, TypeAlias, TypedDict

Value: TypeAlias = str | float | bool | None
"""What a control holds, and what comes back from it; of a button it is None."""

Changed: TypeAlias = Callable[[str, Value], None]
"""Called with the name of a control and its value, on the notebook's loop."""


class Heading(TypedDict):
    """A heading."""

    kind: Literal["heading"]
    text: str


class Note(TypedDict):
    """A paragraph, for screen readers a note."""

    kind: Literal["note"]
    name: NotRequired[str]
    text: str


class Button(TypedDict):
    """A button; without a `text` it shows its label."""

    kind: Literal["button"]
    name: str
    label: str
    text: NotRequired[str]
    help: NotRequired[str]
    primary: NotRequired[bool]
    small: NotRequired[bool]
    disabled: NotRequired[bool]
    idle: NotRequired[bool]  # disabled, but keeps the keyboard's focus
    away: NotRequired[bool]  # not seen, but keeps its place
    expanded: NotRequired[bool]
    focus: NotRequired[bool]  # it gets the keyboard, once
    back: NotRequired[str]  # name of what has the focus once this one, focused, has gone


class Option(TypedDict):
    """One choice of several; `why` it is disabled."""

    value: Value
    text: str
    disabled: NotRequired[bool]
    why: NotRequired[str]


class Select(TypedDict):
    """A dropdown; the label of a bare one is not shown."""

    kind: Literal["select"]
    name: str
    label: str
    value: Value
    options: list[Option]
    bare: NotRequired[bool]
    disabled: NotRequired[bool]


class Choice(TypedDict):
    """A row of radio buttons."""

    kind: Literal["choice"]
    name: str
    label: str
    value: Value
    options: list[Option]


class Number(TypedDict):
    """A field for a number."""

    kind: Literal["number"]
    name: str
    label: str
    value: float
    min: float
    max: float
    step: float


class Range(TypedDict):
    """A slider, in steps or, with `log`, with so many positions `per_decade`."""

    kind: Literal["range"]
    name: str
    label: str
    value: float
    min: float
    max: float
    step: NotRequired[float]
    log: NotRequired[bool]
    per_decade: NotRequired[int]
    unit: NotRequired[str]
    number_label: NotRequired[str]  # of a field to type into, which it has then
    bare: NotRequired[bool]
    disabled: NotRequired[bool]
    help: NotRequired[str]


class Check(TypedDict):
    """A box to tick; `short` is its text where there is little room."""

    kind: Literal["check"]
    name: str
    label: str
    value: bool
    text: NotRequired[str]
    short: NotRequired[str]
    disabled: NotRequired[bool]
    help: NotRequired[str]


class Sentence(TypedDict):
    """A text that is read aloud when it changes; names in it stand between backticks."""

    kind: Literal["sentence"]
    name: str
    text: str
    question: NotRequired[bool]


class Action(TypedDict):
    """The button of a message: what comes back, and what it is called."""

    name: str
    value: Value
    text: str


Tone: TypeAlias = Literal["note", "warning", "wrong", "trouble"]
"""How a message looks; "trouble" is announced as an alert."""


class Remark(TypedDict):
    """A message: what has happened, and perhaps a button for what to do about it."""

    kind: Literal["message"]
    name: str
    text: str
    tone: Tone
    action: NotRequired[Action]


class Row(TypedDict):
    """Fields side by side."""

    kind: Literal["row"]
    name: str
    text: NotRequired[str]
    items: Sequence[Field]


class Group(TypedDict):
    """Fields that belong together."""

    kind: Literal["group"]
    name: str
    label: str
    items: Sequence[Field]


class KeysField(TypedDict):
    """Listens to keys, of the element with the class `scope`; for a `ClassPanel`, like the rest."""

    kind: Literal["keys"]
    name: str
    scope: str
    keys: dict[str, str]  # key -> name that comes back
    inside: NotRequired[dict[str, list[str]]]  # class -> keys that a part inside has for itself


class TextField(TypedDict):
    """A field for a text of so many characters at `most`."""

    kind: Literal["text"]
    name: str
    label: str
    value: str
    most: int


class Copy(TypedDict):
    """A button that copies a line, `value`, or a link, whose `query` follows the page's address.

    The address is that of `binder`, where it is given; `none` is said on a page that knows none.
    """

    kind: Literal["copy"]
    name: str
    label: str
    text: str
    copied: str
    select: str
    value: NotRequired[str]
    query: NotRequired[str]
    binder: NotRequired[str]
    none: NotRequired[str]


class ClassroomField(TypedDict):
    """The button of the classroom view; `text_size` is in percent."""

    kind: Literal["classroom"]
    name: str
    scope: str
    label: str
    help: str
    leave: str
    leave_help: str
    settings: str
    settings_help: str
    text_size: int
    title: str
    short: bool


class KeyList(TypedDict):
    """The button of the list of keys; each row has a key and what it does."""

    kind: Literal["key_list"]
    name: str
    scope: str
    label: str
    help: str
    heading: str
    close: str
    rows: list[list[str]]
    short: bool


Field: TypeAlias = (
    Heading | Note | Button | Select | Choice | Number | Range | Check | Sentence | Remark
    | Row | Group | KeysField | TextField | Copy | ClassroomField | KeyList
)
