"""Times in any common form, read by the column: every shape of text is understood once, then all at once.

A *shape* is a text with each digit replaced by 0: `2024-03-01 07:30` has the shape `0000-00-00 00:00`. A
column has few shapes, so a regular expression over the shape says where year, month and the rest stand, and
the figures are then computed for all rows of that shape together.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from numpy.typing import NDArray

UNREADABLE = np.iinfo(np.int64).min
SECOND = 1_000_000
DAY = 86_400 * SECOND
_WIDTH = 64  # longer texts are no times
_SLICE = 65_536
_MOST_SHAPES = 2_000  # a column of times has a few; more are noise, and noise must not take forever
_CENTURY_PIVOT = 70  # two-digit years 70..99 are 1970..1999, 00..69 are 2000..2069
_NOON = 12

_MONTHS = (
    ("jan", "januar", "january", "jän", "jänner"),
    ("feb", "februar", "february"),
    ("mar", "mär", "mrz", "märz", "march"),
    ("apr", "april"),
    ("may", "mai"),
    ("jun", "juni", "june"),
    ("jul", "juli", "july"),
    ("aug", "august"),
    ("sep", "sept", "september"),
    ("oct", "okt", "oktober", "october"),
    ("nov", "november"),
    ("dec", "dez", "dezember", "december"),
)
_MONTH_OF = {name: month for month, names in enumerate(_MONTHS, start=1) for name in names}
_NAMES = "|".join(sorted(_MONTH_OF, key=len, reverse=True))

_CLOCK = r"""
    (?P<hour>0{1,2}):(?P<minute>00)(?::(?P<second>00)(?:[.,](?P<fraction>0{1,9}))?)?
    (?:\s?(?P<half>[ap]\.?m\.?)|\s?uhr)?
    (?:\s?(?P<zone>z|utc|gmt|(?P<sign>[+-])(?P<zone_hour>00):?(?P<zone_minute>00)?)(?:\[[^\]]*\])?)?
"""
_LAYOUT = re.compile(
    rf"""
    (?:[a-zäöü]{{2,3}}\.?,?\s)?                                                  # weekday
    (?:
      (?P<year>0000)(?P<s1>[-/.])(?P<month>0{{1,2}})(?P=s1)(?P<day>0{{1,2}})     # 2024-03-01
    | (?P<day_d>0{{1,2}})\.\s?(?P<month_d>0{{1,2}})\.\s?(?P<year_d>0000|00)      # 01.03.2024
    | (?P<a>0{{1,2}})(?P<s2>[/-])(?P<b>0{{1,2}})(?P=s2)(?P<year_o>0000|00)       # 01/03/2024
    | (?P<day_n>0{{1,2}})[-.\s/]{{1,2}}(?P<name_n>{_NAMES})[-.,\s/]{{1,2}}(?P<year_n>0000|00)
    | (?P<name_u>{_NAMES})\.?\s(?P<day_u>0{{1,2}}),?\s(?P<year_u>0000)
    )
    (?:(?:t|\s|,\s|\sat\s|\sum\s){_CLOCK})?
    """,
    re.VERBOSE,
)
_COMPACT = re.compile(
    r"(?P<year>0000)(?P<month>00)(?P<day>00)"
    r"(?:t?(?P<hour>00)(?P<minute>00)(?P<second>00)(?:[.,](?P<fraction>0{1,9}))?)?"
    r"(?P<zone>z|(?P<sign>[+-])(?P<zone_hour>00):?(?P<zone_minute>00)?)?"
)
_NUMBER = re.compile(r"(?P<whole>0{9,10}|0{12,13}|0{15,16}|0{18,19})(?:[.,](?P<fraction>0{1,9}))?")


@dataclass(frozen=True, slots=True)
class Reading:
    """Times of some rows in microseconds since 1970, `UNREADABLE` where there is none.

    `micros` reads what could be day/month or month/day with the day first, `month_first` the other way round
    (None where no row leaves it open). Where `zoned` is False the time is a local one.
    """

    micros: NDArray[np.int64]
    month_first: NDArray[np.int64] | None
    zoned: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Layout:
    spans: dict[str, tuple[int, int]]
    open_order: bool = False
    month: int | None = None
    afternoon: bool | None = None
    zoned: bool = False
    west: bool = False
    number: bool = False


def read_times(column: pa.Array) -> Reading:
    """Read a column of texts, timestamps, dates or Unix seconds, milli-, micro- or nanoseconds."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return read_times(column.cast(kind.value_type))
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        return _native(column)
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return _unix(column)
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return _texts(pc.utf8_trim_whitespace(column.cast(pa.string())))
    n = len(column)
    return Reading(np.full(n, UNREADABLE), None, np.zeros(n, bool))


def _native(column: pa.Array) -> Reading:
    kind = column.type
    zoned = pa.types.is_timestamp(kind) and kind.tz is not None
    if pa.types.is_date(kind):
        days = column.cast(pa.date32()).cast(pa.int32()).cast(pa.int64())
        micros, unit = _numpy(days), DAY
    else:
        micros, unit = (
            _numpy(column.cast(pa.int64())),
            {"s": SECOND, "ms": 1_000, "us": 1, "ns": 0}[kind.unit],
        )
    missing = micros == UNREADABLE
    out = micros // 1_000 if unit == 0 else micros * max(unit, 1)
    if unit > 1:  # what would not fit into 64 bits is no time either
        missing |= np.abs(micros.astype(np.float64)) * unit > np.iinfo(np.int64).max / 2
    out[missing] = UNREADABLE
    return Reading(out, None, np.full(len(out), zoned))


def _unix(column: pa.Array) -> Reading:
    """Read Unix times; the number of digits tells seconds from the finer units."""
    if pa.types.is_integer(column.type):
        figures = _numpy(column.cast(pa.int64(), safe=False))
        micros = np.full(len(figures), UNREADABLE)
        for digits, factor, divisor in ((8, SECOND, 1), (11, 1_000, 1), (14, 1, 1), (17, 1, 1_000)):
            rows = (figures >= 10**digits) & (figures // 100 < 10**digits)
            micros[rows] = figures[rows] * factor // divisor
        _compact_dates(figures, micros)
        zoned = (micros != UNREADABLE) & (figures >= 10**8)
        return Reading(micros, None, zoned)
    floats = column.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
    micros = np.full(len(floats), UNREADABLE)
    finite = np.isfinite(floats)
    for low, high, unit in ((1e8, 1e10, 1e6), (1e11, 1e13, 1e3), (1e14, 1e16, 1.0), (1e17, 9e18, 1e-3)):
        rows = finite & (floats >= low) & (floats < high)
        micros[rows] = np.round(floats[rows] * unit).astype(np.int64)
    return Reading(micros, None, np.ones(len(floats), bool))


def _compact_dates(figures: NDArray[np.int64], micros: NDArray[np.int64]) -> None:
    """Fill in whole numbers that are dates such as 20240301."""
    rows = (figures >= 19_000_101) & (figures <= 21_991_231)  # noqa: PLR2004 - yyyymmdd
    if rows.any():
        found = figures[rows]
        micros[rows] = _days(found // 10_000, found // 100 % 100, found % 100)


def _numpy(column: pa.Array) -> NDArray[np.int64]:
    if column.null_count:
        column = pc.fill_null(column, int(UNREADABLE))
    figures: NDArray[np.int64] = column.to_numpy(zero_copy_only=False).copy()
    return figures


def _texts(column: pa.StringArray) -> Reading:
    n = len(column)
    micros, zoned = np.full(n, UNREADABLE), np.zeros(n, bool)
    other: NDArray[np.int64] | None = None
    for start in range(0, n, _SLICE):
        part = _Slice(column.slice(start, _SLICE))
        stop = start + len(part.micros)
        micros[start:stop], zoned[start:stop] = part.micros, part.zoned
        if part.month_first is not None:
            if other is None:
                other = micros.copy()
            other[start:stop] = part.month_first
        elif other is not None:
            other[start:stop] = part.micros
    return Reading(micros, other, zoned)


class _Slice:
    """Some rows of text as a matrix of characters, grouped by shape."""

    def __init__(self, column: pa.StringArray) -> None:
        self.matrix, fits = _characters(column)
        n = len(self.matrix)
        self.micros, self.zoned = np.full(n, UNREADABLE), np.zeros(n, bool)
        self.month_first: NDArray[np.int64] | None = None
        digits = (self.matrix >= ord("0")) & (self.matrix <= ord("9"))
        shapes = np.where(digits, np.uint8(ord("0")), self.matrix)
        words = shapes.view(np.uint64)
        for rows in _groups(words, fits):
            first = rows[0]
            layout = _layout(shapes[first].tobytes().rstrip(b"\0"))
            if layout is not None:
                same = (words[rows] == words[first]).all(axis=1)
                self._fill(layout, rows[same])

    def _fill(self, layout: _Layout, rows: NDArray[np.int64]) -> None:
        if layout.number:
            self.micros[rows] = self._number(layout, rows)
            self.zoned[rows] = True
            return
        clock = self._clock(layout, rows)
        year = self._figure(layout, "year", rows)
        if layout.spans["year"][1] - layout.spans["year"][0] == 2:  # noqa: PLR2004 - two digits
            year += np.where(year >= _CENTURY_PIVOT, 1900, 2000)
        if layout.open_order:
            a, b = self._figure(layout, "a", rows), self._figure(layout, "b", rows)
            if self.month_first is None:
                self.month_first = self.micros.copy()
            self.micros[rows] = _plus(_days(year, b, a), clock)
            self.month_first[rows] = _plus(_days(year, a, b), clock)
        else:
            month = (
                self._figure(layout, "month", rows)
                if layout.month is None
                else np.full(len(rows), layout.month)
            )
            self.micros[rows] = _plus(_days(year, month, self._figure(layout, "day", rows)), clock)
            if self.month_first is not None:
                self.month_first[rows] = self.micros[rows]
        self.zoned[rows] = layout.zoned

    def _figure(self, layout: _Layout, name: str, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        span = layout.spans.get(name)
        total = np.zeros(len(rows), np.int64)
        if span is not None:
            for place in range(*span):
                total *= 10
                total += self.matrix[rows, place] - np.uint8(ord("0"))
        return total

    def _micros_of_fraction(self, layout: _Layout, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        if "fraction" not in layout.spans:
            return np.zeros(len(rows), np.int64)
        start, stop = layout.spans["fraction"]
        shift = 6 - (stop - start)
        figure = self._figure(layout, "fraction", rows)
        power = np.int64(10 ** abs(shift))
        return figure * power if shift >= 0 else figure // power

    def _number(self, layout: _Layout, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        digits = layout.spans["whole"][1] - layout.spans["whole"][0]
        whole = self._figure(layout, "whole", rows)
        if digits <= 10:  # noqa: PLR2004 - seconds
            return whole * SECOND + self._micros_of_fraction(layout, rows)
        if digits <= 13:  # noqa: PLR2004 - milliseconds
            return whole * 1_000 + self._micros_of_fraction(layout, rows) // 1_000
        micros: NDArray[np.int64] = whole if digits <= 16 else whole // 1_000  # noqa: PLR2004 - micro, nano
        return micros

    def _clock(self, layout: _Layout, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the time of the day in microseconds UTC (or local), `UNREADABLE` where there is none."""
        hour, minute = self._figure(layout, "hour", rows), self._figure(layout, "minute", rows)
        second = self._figure(layout, "second", rows)
        wrong = (hour >= 24) | (minute >= 60) | (second >= 60)  # noqa: PLR2004
        if layout.afternoon is not None:
            wrong |= (hour == 0) | (hour > _NOON)
            hour = hour % _NOON + (_NOON if layout.afternoon else 0)
        east = self._figure(layout, "zone_hour", rows) * 60 + self._figure(layout, "zone_minute", rows)
        wrong |= east > 18 * 60
        east = -east if layout.west else east
        seconds = (hour * 60 + minute - east) * 60 + second
        clock = seconds * SECOND + self._micros_of_fraction(layout, rows)
        clock[wrong] = UNREADABLE
        return clock


def _characters(column: pa.StringArray) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """Return the texts as rows of bytes, in lower case, filled up with zeros, and which of them fit."""
    column = pc.fill_null(pc.utf8_lower(column), "")
    n = len(column)
    buffers = column.buffers()
    offsets = np.frombuffer(buffers[1], np.int32)[column.offset : column.offset + n + 1].astype(np.int64)
    lengths = np.diff(offsets)
    fits = (lengths > 0) & (lengths <= _WIDTH)
    matrix = np.zeros((n, _WIDTH), np.uint8)
    if not fits.any():
        return matrix, fits
    data = np.frombuffer(buffers[2], np.uint8)
    if fits.all() and (lengths == lengths[0]).all():
        matrix[:, : lengths[0]] = data[offsets[0] : offsets[-1]].reshape(n, lengths[0])
        return matrix, fits
    widest = int(lengths[fits].max())
    places = np.arange(widest)
    wanted = np.minimum(offsets[:-1, None] + places, len(data) - 1)
    matrix[:, :widest] = np.where(places < lengths[:, None], data[wanted], 0)
    return matrix, fits


def _groups(words: NDArray[np.uint64], fits: NDArray[np.bool_]) -> list[NDArray[np.int64]]:
    """Return the rows of each shape, by a hash of it; the caller checks that they are the same indeed."""
    rows = np.flatnonzero(fits)
    if not len(rows):
        return []
    hashed = np.zeros(len(words), np.uint64)
    for place in range(words.shape[1]):
        hashed = (hashed ^ words[:, place]) * np.uint64(0x9E3779B97F4A7C15)
        hashed ^= hashed >> np.uint64(29)
    hashed = hashed[rows]
    if (hashed == hashed[0]).all():
        return [rows]
    order = np.argsort(hashed, kind="stable")
    borders = np.flatnonzero(np.diff(hashed[order])) + 1
    return np.split(rows[order], borders)[:_MOST_SHAPES]


@lru_cache(maxsize=4_096)
def _layout(shape: bytes) -> _Layout | None:
    """Return where the parts of a time stand in texts of this shape; None where it is no time.

    Spans count bytes, so month names with umlauts are matched in Latin-1, one character a byte.
    """
    try:
        text = shape.decode()
    except UnicodeDecodeError:
        return None
    numeric = _NUMBER.fullmatch(text)
    if numeric:
        return _Layout(_spans(numeric, text), number=True)
    match = _LAYOUT.fullmatch(text) or _COMPACT.fullmatch(text)
    if match is None:
        return None
    parts = match.groupdict()
    name = parts.get("name_n") or parts.get("name_u")
    return _Layout(
        _spans(match, text),
        open_order=parts.get("a") is not None,
        month=_MONTH_OF[name] if name else None,
        afternoon=parts["half"].startswith("p") if parts.get("half") else None,
        zoned=parts["zone"] is not None,
        west=parts["sign"] == "-",
    )


def _spans(match: re.Match[str], text: str) -> dict[str, tuple[int, int]]:
    """Return the places of the named parts in bytes; `year_d`, `year_n` … all count as `year`."""
    spans = {}
    for name, found in match.groupdict().items():
        if found is not None:
            start, stop = (len(text[:place].encode()) for place in match.span(name))
            plain = name.partition("_")[0] if not name.startswith("zone") else name
            spans[plain] = (start, stop)
    return spans


def _days(year: NDArray[np.int64], month: NDArray[np.int64], day: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return midnight of each date in microseconds, `UNREADABLE` where there is no such date."""
    fine = (month >= 1) & (month <= 12) & (day >= 1)  # noqa: PLR2004 - months
    months = (year - 1970) * 12 + np.where(fine, month, 1) - 1
    first = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    after = (months + 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    fine &= day <= after - first
    return np.where(fine, (first + day - 1) * DAY, UNREADABLE)


def _plus(days: NDArray[np.int64], clock: NDArray[np.int64]) -> NDArray[np.int64]:
    fine = (days != UNREADABLE) & (clock != UNREADABLE)
    return np.where(fine, np.where(fine, days, 0) + np.where(fine, clock, 0), UNREADABLE)
