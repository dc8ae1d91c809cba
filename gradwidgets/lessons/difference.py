"""What has changed between two steps of a class, line by line."""

from __future__ import annotations

import ast
import difflib
import inspect
import linecache
import re
import textwrap
from dataclasses import dataclass
from html import escape

AROUND = 2  # lines of what stays, above and below what changes

STYLES = {
    "+": "background: rgba(46, 160, 67, 0.22);",
    "-": "background: rgba(248, 81, 73, 0.20); text-decoration: none;",
    " ": "",
    "…": "color: var(--jp-content-font-color2, #5f6368);",
}
NAMES = {"+": "added", "-": "removed"}


@dataclass(frozen=True)
class Difference:
    """The lines of two pieces of code, each with its sign: "+" new, "-" gone, " " the same.

    A line with the sign "…" stands for lines that are the same and not shown.
    """

    before: str
    after: str
    lines: tuple[tuple[str, str], ...]

    def __repr__(self) -> str:
        head = f"- {self.before}\n+ {self.after}\n"
        return head + "\n".join(f"{sign} {text}".rstrip() for sign, text in self.lines)

    def _repr_html_(self) -> str:
        rows = "".join(map(_row, self.lines))
        return (
            '<figure style="margin: 4px 0; max-width: 880px;" role="group" '
            f'aria-label="What changes from {escape(self.before, quote=True)} to '
            f'{escape(self.after, quote=True)}"><figcaption>{escape(self.before)} → '
            f"<b>{escape(self.after)}</b>: + new, − gone</figcaption>"
            '<pre style="margin: 0; padding: 6px 0; overflow-x: auto; '
            "background: var(--jp-layout-color2, #f5f5f5); "
            'color: var(--jp-content-font-color1, #212121); line-height: 1.4;">'
            f"{rows}</pre></figure>"
        )


def _row(line: tuple[str, str]) -> str:
    sign, text = line
    shown = {"-": "−"}.get(sign, sign)
    name = f' title="{NAMES[sign]}"' if sign in NAMES else ""
    return (
        f'<span style="display: block; padding: 0 10px; {STYLES[sign]}"{name}>'
        f"{escape(shown)} {escape(text)}</span>"
    )


def difference(before: object, after: object, whole: bool = False) -> Difference:
    """Return what changes from one class, or function, to another.

    Parameters
    ----------
    before, after : class or function
    whole : bool, default=False
        Show all lines, and not only those around a change.

    Raises
    ------
    ValueError
        When the source of one of them cannot be found, as of a class that was made without a cell
        or a file.
    """
    names = _name(before), _name(after)
    old, new = (_source(part, name) for part, name in zip((before, after), names, strict=True))
    old = [re.sub(rf"\b{re.escape(names[0])}\b", names[1], line) for line in old]  # its own name
    lines: list[tuple[str, str]] = []
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            lines += [(" ", line) for line in new[c:d]]
        else:
            lines += [("-", line) for line in old[a:b]]
            lines += [("+", line) for line in new[c:d]]
    return Difference(*names, tuple(lines if whole else _shortened(lines)))


def _name(part: object) -> str:
    return getattr(part, "__name__", type(part).__name__)


def _source(part: object, name: str) -> list[str]:
    try:
        return textwrap.dedent(inspect.getsource(part)).splitlines()
    except (OSError, TypeError):
        lines = _class_in_a_cell(part)
        if lines:
            return lines
        raise ValueError(
            f"The source of {name} cannot be found: write it into a cell, and run that cell."
        ) from None


def _class_in_a_cell(part: object) -> list[str]:
    """Return the lines of a notebook's class: its methods tell the cell, which `inspect` asks for
    in vain.
    """
    for method in vars(part).values() if isinstance(part, type) else ():
        code = getattr(method, "__code__", None)
        lines = linecache.getlines(code.co_filename) if code is not None else []
        for node in ast.walk(_parsed("".join(lines))):
            if isinstance(node, ast.ClassDef) and node.name == part.__name__:
                if node.lineno <= code.co_firstlineno <= node.end_lineno:
                    found = "".join(lines[node.lineno - 1 : node.end_lineno])
                    return textwrap.dedent(found).splitlines()
    return []


def _parsed(source: str) -> ast.AST:
    try:
        return ast.parse(source)
    except SyntaxError:  # a cell with magics in it
        return ast.Module([], [])


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
            count = "1 line" if left_out == 1 else f"{left_out} lines"
            short.append(("…", f"{count} the same"))
            left_out = 0
        if line is not None:
            short.append(line)
    return short
