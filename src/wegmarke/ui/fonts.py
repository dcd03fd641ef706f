"""The fonts served and printed with: Inter, in two weights, and how wide its words are."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = Path(__file__).parent / "static" / "vendor" / "inter"
"""Where the package holds its fonts; programs that print are told to look here."""
FAMILY = "Inter"
_FILES = {False: "Inter-Regular.ttf", True: "Inter-SemiBold.ttf"}
_NO_GLYPH = 1.0
_SEGMENTS = 4


@dataclass(frozen=True, slots=True)
class Face:
    """One weight of a font: the advance of each character it has, in units of the font size.

    Kerning is left out: it mostly draws letters together, so that words come out a little narrower than said.
    """

    advances: Mapping[int, float]

    def width(self, text: str, size: float) -> float:
        """Return how wide a text is; a character the font has not counts as wide as it is high."""
        advances = self.advances
        return size * sum([advances.get(ord(character), _NO_GLYPH) for character in text])


@cache
def face(*, bold: bool = False) -> Face:
    """Read one weight from its TrueType file."""
    data = (FOLDER / _FILES[bold]).read_bytes()
    tables = _tables(data)
    (units,) = struct.unpack_from(">H", data, tables["head"] + 18)
    (metrics,) = struct.unpack_from(">H", data, tables["hhea"] + 34)
    widths = struct.unpack_from(">" + "Hh" * metrics, data, tables["hmtx"])[::2]
    glyphs = _characters(data, tables["cmap"])
    return Face({code: widths[min(glyph, metrics - 1)] / units for code, glyph in glyphs.items()})


def _tables(data: bytes) -> dict[str, int]:
    """Return where each table of a TrueType file begins."""
    (count,) = struct.unpack_from(">H", data, 4)
    entries = (struct.unpack_from(">4sIII", data, 12 + 16 * k) for k in range(count))
    return {name.decode("ascii"): offset for name, _sum, offset, _length in entries}


def _characters(data: bytes, start: int) -> dict[int, int]:
    """Read the table from characters to glyphs in its form for the basic plane (format 4)."""
    (count,) = struct.unpack_from(">H", data, start + 2)
    for k in range(count):
        (offset,) = struct.unpack_from(">I", data, start + 8 + 8 * k)
        at = start + offset
        (form,) = struct.unpack_from(">H", data, at)
        if form == _SEGMENTS:
            return _segments(data, at)
    msg = "the font has no table of characters of format 4"
    raise ValueError(msg)


def _segments(data: bytes, at: int) -> dict[int, int]:
    (twice,) = struct.unpack_from(">H", data, at + 6)
    number = f">{twice // 2}H"
    ends = struct.unpack_from(number, data, at + 14)
    starts = struct.unpack_from(number, data, at + 16 + twice)
    deltas = struct.unpack_from(number, data, at + 16 + 2 * twice)
    places = at + 16 + 3 * twice
    ranges = struct.unpack_from(number, data, places)
    found = {}
    for k, (first, last, delta, reach) in enumerate(zip(starts, ends, deltas, ranges, strict=True)):
        for code in range(first, min(last, 0xFFFE) + 1):
            glyph = code
            if reach:
                (glyph,) = struct.unpack_from(">H", data, places + 2 * k + reach + 2 * (code - first))
            if glyph := (glyph + delta) & 0xFFFF if glyph or not reach else 0:
                found[code] = glyph
    return found
