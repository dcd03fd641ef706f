"""How many visitors a source had, estimated, by day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from wegmarke.capture.visitors.models import VisitorDay
from wegmarke.capture.visitors.sketch import ERROR

if TYPE_CHECKING:
    from datetime import date, datetime

LOOKED_BACK: Final = timedelta(days=30)
DIGITS: Final = 3


@dataclass(frozen=True, slots=True)
class Estimate:
    """Visitors of one day with an interval that holds in 19 of 20 days, to three digits; `open` is today."""

    day: date
    visitors: int
    low: int
    high: int
    open: bool


def estimates(source: int, *, now: datetime) -> tuple[Estimate, ...]:
    """Return the last 30 days of a source, the newest first."""
    rows = VisitorDay.objects.filter(source=source, day__gt=(now - LOOKED_BACK).date()).order_by("-day")
    return tuple(
        Estimate(
            day,
            _rounded(visitors),
            _rounded(visitors * (1 - 2 * ERROR)),
            _rounded(visitors * (1 + 2 * ERROR)),
            day >= now.date(),
        )
        for day, visitors in rows.values_list("day", "visitors")
    )


def _rounded(value: float) -> int:
    """Round to no more digits than an estimate supports."""
    whole = round(value)
    unit = int(f"1{'0' * max(0, len(str(whole)) - DIGITS)}")
    return round(whole / unit) * unit
