"""A pasted text as lines of cells: bullets, numbering and empty lines go, separators are found. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from wegmarke.atlas.touchpoints.understanding import guessed, is_header

_BULLET = re.compile(
    r"\s*(?:"
    r"[-\u2010-\u2015*+\u2022\u2023\u25aa\u25ab\u25cf\u25cb\u25e6\u25ba\u25b6\u2192\u2043\u00b7>](?=\s|$|[^\W\d_])"
    r"|\[[ xX]?\](?=\s|$)"
    r"|\(?\d{1,4}[.)](?!\d)"
    r"|[a-zA-Z]\)(?=\s)"
    r")\s*"
)
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
    rows = [(number, _cells(line)) for number, line in numbered]
    fields: tuple[str, ...] = FIELDS
    if rows and is_header(rows[0][1]):
        fields = guessed(rows.pop(0)[1])
    lines = []
    surplus = []
    for number, cells in rows:
        if any(cells[len(fields) :]):
            surplus.append(number)
        named = {field: cell for field, cell in zip(fields, cells, strict=False) if field and cell}
        lines.append(Line(number, named))
    used = max((len(cells) for _, cells in rows), default=1)
    return Pasted(tuple(lines), tuple(field for field in fields[:used] if field), tuple(surplus))


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
