"""A pasted text as lines of cells: bullets, numbering and empty lines go, separators are found. Pure.

Headings between the lines name the phase of those below: `# Purchase`, `Purchase:`, `Phase 2: Purchase`, or,
where all other lines have bullets, a line without one.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from wegmarke.atlas.touchpoints.understanding import guessed, is_header

if TYPE_CHECKING:
    from collections.abc import Sequence

_BULLET = re.compile(
    r"\s*(?:"
    r"[-\u2010-\u2015*+\u2022\u2023\u25aa\u25ab\u25cf\u25cb\u25e6\u25ba\u25b6\u2192\u2043\u00b7>](?=\s|$|[^\W\d_])"
    r"|\[[ xX]?\](?=\s|$)"
    r"|\(?\d{1,4}[.)](?!\d)"
    r"|[a-zA-Z]\)(?=\s)"
    r")\s*"
)
_MARKED = re.compile(r"\s*(#{1,6})\s+(?=\S)")
_NAMED = re.compile(r"(?:phase|stage)\s*\d*(?:\s*:\s*|\s+[\u2013\u2014-]\s+)(?=\S)", re.IGNORECASE)
_INDENTED = "  "
_SIGNS = ("So", "Sc")
_BREAKS = re.compile(r"\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_JOINERS = "\u200c\u200d"
"""Invisible, and yet part of words and of emoji."""
FIELDS = ("name", "channel", "phases", "owners", "department")
"""What the parts of a line are, where no line says it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line with its number in the text and what it says by field."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Pasted:
    """The lines that say something; `fields` are their parts, `surplus` lines have more parts than those."""

    lines: tuple[Line, ...]
    fields: tuple[str, ...]
    surplus: tuple[int, ...] = ()


def pasted(text: str) -> Pasted:
    """Read a pasted text: one touchpoint a line, its parts separated by tabs, semicolons or bars."""
    numbered = [
        (number, line) for number, line in enumerate(_BREAKS.split(text), start=1) if has_something(line)
    ]
    headings = _headings([line for _number, line in numbered])
    phases = {
        number: phase for (number, _line), phase in zip(numbered, headings, strict=True) if phase is not None
    }
    rows = [(number, _cells(line)) for number, line in numbered if phases.get(number) != ""]
    fields: tuple[str, ...] = FIELDS
    if rows and is_header(rows[0][1]):
        fields = guessed(rows.pop(0)[1])
    lines = []
    surplus = []
    for number, cells in rows:
        if any(cells[len(fields) :]):
            surplus.append(number)
        named = {field: cell for field, cell in zip(fields, cells, strict=False) if field and cell}
        if number in phases:
            named.setdefault("phases", phases[number])
        lines.append(Line(number, named))
    used = max((len(cells) for _, cells in rows), default=1)
    return Pasted(tuple(lines), tuple(field for field in fields[:used] if field), tuple(surplus))


def _headings(lines: Sequence[str]) -> list[str | None]:
    """Return for each line the phase it stands under, None for none; a heading itself has an empty one."""
    names = [_heading(line) for line in lines]
    if not any(names) and _begins_lists(lines):
        names = [None if _is_item(line) else clean(line) for line in lines]
    found: list[str | None] = []
    last: str | None = None
    for at, name in enumerate(names):
        below = names[at + 1] if at + 1 < len(names) else ""
        if name and (below is None or (below and _is_title(lines[at], lines[at + 1]))):
            last = name if below is None else last
            found.append("")
        else:
            # A heading with nothing below it is a line like any other: nothing gets lost.
            found.append(last)
    return found


def _heading(line: str) -> str | None:
    """Return the phase a line names by its signs; None for a touchpoint."""
    marked = _MARKED.match(line)
    bare = _bare(line[marked.end() :] if marked else line)
    named = _NAMED.match(bare)
    name = clean(bare[named.end() :] if named else bare)
    if len(_cells(bare)) > 1 or not has_something(name):
        return None
    return (name.rstrip(" :") or None) if marked or named or name.endswith(":") else None


def _is_item(line: str) -> bool:
    return line.startswith(_INDENTED) or _BULLET.match(line) is not None


def _begins_lists(lines: Sequence[str]) -> bool:
    """Say whether each line without a bullet stands right above one that has one, and there are some."""
    items = [_is_item(line) for line in lines]
    if not items or items[0] or not items[-1]:
        return False
    # A line of several parts is a touchpoint; one without a bullet says that bullets mean nothing here.
    if any(not item and len(_cells(line)) > 1 for item, line in zip(items, lines, strict=True)):
        return False
    return all(one or other for one, other in pairwise(items))


def _is_title(heading: str, below: str) -> bool:
    """Say whether a marked heading right above another one is the title of the whole."""
    upper, lower = _MARKED.match(heading), _MARKED.match(below)
    return upper is not None and (lower is None or len(upper[1]) < len(lower[1]))


def has_something(text: str) -> bool:
    """Say whether a text has letters, digits or signs behind its bullets and numbers."""
    return any(
        unicodedata.category(character)[0] in "LN" or unicodedata.category(character) in _SIGNS
        for character in _bare(text)
    )


def _bare(text: str) -> str:
    """Take off bullets and numbers; several may stand together, as in “- [ ] 1.”."""
    while bullet := _BULLET.match(text):
        text = text[bullet.end() :]
    return text


def clean(text: str) -> str:
    """Return a text on one line, without control characters and direction marks, blanks made single.

    Direction marks make a text read otherwise than it is, so nobody pastes one on purpose.
    """
    kept = "".join(
        character if character.isprintable() or character in _JOINERS else " " if character.isspace() else ""
        for character in text
    )
    return re.sub(r"\s+", " ", kept).strip(f" {_JOINERS}")


def _cells(line: str) -> list[str]:
    body = _bare(line)
    separator = next((one for one in ("\t", ";", " | ") if one in body), None)
    parts = body.split(separator) if separator else [body]
    return [_unquoted(clean(part)) for part in parts]


def _unquoted(cell: str) -> str:
    """Take off the quotation marks spreadsheets set around a cell."""
    if len(cell) > 1 and cell[0] == cell[-1] == '"':
        return cell[1:-1].replace('""', '"').strip()
    return cell
