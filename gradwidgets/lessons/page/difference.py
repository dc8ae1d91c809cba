"""What has changed between two steps of a class, line by line."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from html import escape

from gradwidgets.lessons.page.source import Definition, laid_over, source_of, without_docstrings
from gradwidgets.texts import counted, text

AROUND = 2  # lines of what stays, above and below what changes

# The sign as it is shown, the element, and its look. Both themes shine through the colours.
ROWS = {
    "+": ("+", "ins", "background: rgba(46, 160, 67, 0.22);"),
    "-": ("−", "del", "background: rgba(248, 81, 73, 0.20);"),
    " ": (" ", "span", ""),
    "…": ("…", "span", "font-style: italic;"),
}


@dataclass(frozen=True)
class Difference:
    """The lines of two pieces of code, each with its sign: "+" new, "-" gone, " " the same.

    A line with the sign "…" stands for lines that are the same and not shown.
    """

    before: str
    after: str
    lines: tuple[tuple[str, str], ...]

    def __repr__(self) -> str:
        head = f"- {_visible(self.before)}\n+ {_visible(self.after)}\n"
        return head + "\n".join(f"{sign} {_visible(line)}".rstrip() for sign, line in self.lines)

    def _repr_html_(self) -> str:
        before, after = (escape(_visible(name)) for name in (self.before, self.after))
        rows = "".join(map(_row, self.lines))
        return (
            '<figure style="margin: 4px 0; max-width: 880px;" role="group" '
            f'aria-label="{text("difference", before=before, after=after)}">'
            f"<figcaption>{before} → <b>{after}</b>: {text('difference.signs')}</figcaption>"
            '<pre tabindex="0" style="margin: 0; padding: 6px 0; '
            "white-space: pre; overflow-x: auto; "  # no line goes on below without its sign
            "background: var(--jp-layout-color2, #f5f5f5); "
            'color: var(--jp-content-font-color1, #212121); line-height: 1.4;">'
            # As wide as the longest line, so that the colours do not end before it.
            f'<span style="display: inline-block; min-width: 100%;">{rows}</span></pre></figure>'
        )


def _row(line: tuple[str, str]) -> str:
    sign, text = line
    shown, element, look = ROWS[sign]
    style = f"display: block; padding: 0 10px; color: inherit; text-decoration: none; {look}"
    return f'<{element} style="{style.strip()}">{shown} {escape(_visible(text))}</{element}>'


def _visible(text: str) -> str:
    """Return the text with what cannot be seen, or turns what follows, written out."""
    return "".join(
        sign if sign.isprintable() or sign == "\t" else repr(sign)[1:-1] for sign in text
    )


def difference(before: Definition, after: Definition, whole: bool = False) -> Difference:
    """Return what changes from one class, or function, to another.

    That the class is called otherwise is no change. Where one is a subclass of the other, it is
    shown as if it were written out: with the methods that it takes over.

    Parameters
    ----------
    whole : bool, default=False
        Show all lines, and not only those around a change; docstrings too.

    Raises
    ------
    TypeError
        When one of them is neither a class nor a function.
    ValueError
        When the source of one of them cannot be found, as of a class that was made without a cell
        or a file.
    """
    old, new = (_written_out(*pair) for pair in ((before, after), (after, before)))
    if not whole:
        old, new = without_docstrings(old), without_docstrings(new)
    lines: list[tuple[str, str]] = []
    # A name, and not the f in front of a text.
    name = re.compile(rf"\b{re.escape(before.__name__)}\b(?![\"'])")
    renamed = [name.sub(lambda _: after.__name__, line) for line in old]
    matcher = difflib.SequenceMatcher(None, renamed, new, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            lines += [(" ", line) for line in new[c:d]]
        else:
            lines += [("-", line) for line in old[a:b]]
            lines += [("+", line) for line in new[c:d]]
    return Difference(_title(before), _title(after), tuple(lines if whole else _shortened(lines)))


def _written_out(part: Definition, other: Definition) -> list[str]:
    """Return the lines of a class or function; of a subclass of `other`, with the inherited."""
    if not hasattr(part, "__qualname__"):
        kind = type(part).__name__
        raise TypeError(
            f"difference: received a {kind} object; expected two classes, or two functions, as in "
            f"difference({kind}, Other)"
        )
    classes = [part]
    if isinstance(part, type) and isinstance(other, type) and issubclass(part, other):
        classes = list(part.__mro__[: part.__mro__.index(other) + 1])
    lines = source_of(classes.pop())
    for cls in reversed(classes):
        lines = laid_over(lines, source_of(cls))
    return lines


def _title(part: Definition) -> str:
    return part.__qualname__.rpartition("<locals>.")[2]


def _shortened(lines: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Replace long stretches of what stays by one line that tells how long they are."""
    changed = [place for place, (sign, _) in enumerate(lines) if sign != " "]
    near = {
        place + offset for place in changed for offset in range(-AROUND, AROUND + 1)
    }
    short: list[tuple[str, str]] = []
    left_out = 0
    for place, line in enumerate([*lines, None]):
        if line is not None and place not in near:
            left_out += 1
            continue
        if left_out:
            short.append(("…", counted("difference.same", left_out)))
            left_out = 0
        if line is not None:
            short.append(line)
    return short
