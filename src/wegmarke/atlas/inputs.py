"""What people type and browsers send, read with care: texts, whole numbers, numbers with decimals."""

from __future__ import annotations

import re

from django import forms
from django.utils.formats import get_format

LONGEST_TEXT = 20_000
"""Characters of a purpose or of notes, on a card as in a list that is imported."""
MOST_DIGITS = 9
"""Of a whole number: no version, place or count has more, and Python refuses to read thousands of digits."""


def storable(text: str) -> str:
    """Return a sent text with the line ends of this house and without what no database keeps."""
    return text.replace("\r\n", "\n").replace("\0", "")


def whole(text: str, otherwise: int = 0) -> int:
    """Read a whole number of plain digits; `otherwise` where it is none, or a sillily long one."""
    plain = text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS
    return int(text) if plain else otherwise


def with_point(bare: str, usual: str) -> str:
    """Return a number without its thousands marks and with a point before the decimals.

    The later of both marks begins the decimals. A single one does so as well, unless it stands as thousands
    marks do while the usual decimal mark (empty: not known) is the other one: 1.000 is a thousand where
    people write 1,5.
    """
    mark = _decimal_mark(bare, usual)
    return bare.replace("." if mark == "," else ",", "").replace(mark, ".")


def _decimal_mark(bare: str, usual: str) -> str:
    if "," in bare and "." in bare:
        return "," if bare.rfind(",") > bare.rfind(".") else "."
    for mark in (",", "."):
        if bare.count(mark) > 1:
            return "." if mark == "," else ","
        if mark in bare:
            thousands = re.fullmatch(rf"[-+\u2212]?[1-9]\d{{0,2}}{re.escape(mark)}\d{{3}}", bare)
            return ("." if mark == "," else ",") if thousands and usual not in ("", mark) else mark
    return "."


def in_reader_format(text: str) -> str:
    """Return a number typed in the reader's format as Python reads it; what is none stays none."""
    bare = re.sub(r"[\s'\u2019]", "", text).replace("\u2212", "-")
    return with_point(bare, str(get_format("DECIMAL_SEPARATOR")))


class NumberField(forms.FloatField):
    """A number in the reader's format, shown and read: in German 1.000 is a thousand.

    Django's own field takes a point for the decimal mark in every language.
    """

    def __init__(self, **kwargs: object) -> None:
        """Show values in the reader's format."""
        super().__init__(localize=True, **kwargs)  # type: ignore[arg-type] # handed on

    def to_python(self, value: object) -> float | None:  # type: ignore[override]  # as Django's own
        """Read what was typed."""
        return super().to_python(in_reader_format(value) if isinstance(value, str) else value)
