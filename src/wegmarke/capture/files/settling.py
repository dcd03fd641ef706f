"""What only a whole column can say: day or month first, zone or none, point or comma."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from django.utils.translation import gettext as _

from wegmarke.capture.files.errors import FileError
from wegmarke.capture.files.times import UNREADABLE
from wegmarke.capture.files.zones import known_zone, to_utc

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from wegmarke.capture.files.numbers import Figures
    from wegmarke.capture.files.times import Reading

    LineOf = Callable[[int], int]

NEVER = -1


@dataclass(slots=True)
class TimeColumn:
    """Gathers the readings of a column of times and settles them at its end."""

    file: str
    column: str
    parts: list[Reading] = field(default_factory=list)
    rows: int = 0
    only_day_first: int = NEVER
    only_month_first: int = NEVER
    either: int = NEVER
    first_zoned: int = NEVER
    first_local: int = NEVER

    def add(self, reading: Reading) -> None:
        """Take the next rows; note the first row that speaks for either side."""
        readable = reading.micros != UNREADABLE
        if reading.month_first is not None:
            other = reading.month_first != UNREADABLE
            self._note("only_day_first", readable & ~other)
            self._note("only_month_first", other & ~readable)
            self._note("either", readable & other & (reading.micros != reading.month_first))
            readable = readable | other
        self._note("first_zoned", readable & reading.zoned)
        self._note("first_local", readable & ~reading.zoned)
        self.parts.append(reading)
        self.rows += len(reading.micros)

    def _note(self, what: str, holds: NDArray[np.bool_]) -> None:
        if getattr(self, what) == NEVER and holds.any():
            setattr(self, what, self.rows + int(np.argmax(holds)))

    def settle(
        self, *, day_first: bool | None, timezone: str | None, line_of: LineOf
    ) -> tuple[NDArray[np.int64], list[str]]:
        """Return all times in microseconds UTC and what was settled, in words.

        Raises `FileError` where the column leaves open what the answer depends on.
        """
        notes: list[str] = []
        zone = known_zone(timezone or "UTC")
        if zone is None:
            message = _("there is no time zone named “%(zone)s”.") % {"zone": timezone}
            raise FileError(
                self.file, message, column=self.column, hint=_("Example: --timezone Europe/Berlin")
            )
        month_first = self._month_first(day_first, line_of, notes)
        self._check_zones(timezone, line_of)
        micros = np.concatenate(
            [
                part.month_first if month_first and part.month_first is not None else part.micros
                for part in self.parts
            ]
        )
        if self.first_local == NEVER:
            return micros, notes
        notes.append(
            _("times without a zone are taken as %(zone)s") % {"zone": timezone}
            if timezone
            else _("times without a zone are taken as UTC (--timezone NAME says otherwise)")
        )
        if timezone not in {None, "UTC"}:
            local = (micros != UNREADABLE) & ~np.concatenate([part.zoned for part in self.parts])
            local &= np.abs(micros) < 2**52  # the years 1827 to 2112; others are refused by their year
            micros[local] = to_utc(micros[local], zone)
        return micros, notes

    def _month_first(self, day_first: bool | None, line_of: LineOf, notes: list[str]) -> bool:  # noqa: FBT001
        if day_first is not None:
            return not day_first
        day, month = self.only_day_first != NEVER, self.only_month_first != NEVER
        hint = _("Say which with --day-first or --month-first.")
        if day and month:
            message = _(
                "the date can only be read with the month first, that of line %(other)s only with the day "
                "first."
            ) % {"other": line_of(self.only_day_first)}
            raise FileError(
                self.file, message, line=line_of(self.only_month_first), column=self.column, hint=hint
            )
        if self.either != NEVER and not day and not month:
            message = _("every date can be read with the day first or with the month first.")
            raise FileError(self.file, message, line=line_of(self.either), column=self.column, hint=hint)
        if day or month:
            notes.append(
                _("dates have the month first, as line %(line)s shows")
                % {"line": line_of(self.only_month_first)}
                if month
                else _("dates have the day first, as line %(line)s shows")
                % {"line": line_of(self.only_day_first)}
            )
        return month

    def _check_zones(self, timezone: str | None, line_of: LineOf) -> None:
        if timezone is not None or NEVER in {self.first_zoned, self.first_local}:
            return
        message = _("the time has no zone, that of line %(other)s has one.") % {
            "other": line_of(self.first_zoned)
        }
        hint = _("Say where times without a zone were written down, for example --timezone Europe/Berlin.")
        raise FileError(self.file, message, line=line_of(self.first_local), column=self.column, hint=hint)


@dataclass(slots=True)
class NumberColumn:
    """Gathers the readings of a column of numbers and settles on point or comma at its end."""

    parts: list[Figures] = field(default_factory=list)
    only_point: int = 0
    only_comma: int = 0
    differ: bool = False

    def add(self, figures: Figures) -> None:
        """Take the next rows."""
        if figures.point is not figures.comma:
            point, comma = ~np.isnan(figures.point), ~np.isnan(figures.comma)
            self.only_point += int((point & ~comma).sum())
            self.only_comma += int((comma & ~point).sum())
            self.differ = self.differ or bool((point & comma & (figures.point != figures.comma)).any())
        self.parts.append(figures)

    def settle(
        self, *, decimal: str | None, likely: str
    ) -> tuple[NDArray[np.float32], NDArray[np.bool_], str]:
        """Return the numbers, which rows could not be read, and the mark in use (empty where none was).

        `likely` is the mark where the column itself says nothing: what is usual in such a file.
        """
        mark = decimal or self._mark(likely)
        parts = [part.comma if mark == "," else part.point for part in self.parts]
        figures = np.concatenate(parts) if parts else np.zeros(0, np.float32)
        empty = np.concatenate([part.empty for part in self.parts]) if self.parts else np.zeros(0, bool)
        in_use = mark if self.differ or self.only_comma else ""
        return figures, np.isnan(figures) & ~empty, in_use

    def _mark(self, likely: str) -> str:
        if self.only_point == self.only_comma:
            return likely
        return "." if self.only_point > self.only_comma else ","
