"""The demo company's clock: seasons, weekdays, opening hours, summer time. Local days in, UTC out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

DAYS: Final = 730
ZONE: Final = ZoneInfo("Europe/Berlin")
SEASON: Final = np.array([0.95, 0.95, 1.0, 1.0, 0.95, 0.92, 0.88, 0.88, 1.0, 1.05, 1.2, 1.3])
"""How much happens, by month: coffee is drunk in winter and given at Christmas."""
WEEKDAY: Final = np.array([1.1, 1.0, 0.95, 0.95, 0.95, 0.95, 1.1])
HOLIDAYS: Final = ((1, 1), (5, 1), (10, 3), (12, 25), (12, 26))
"""The nationwide holidays with a fixed date; nobody works on them."""

OPENING: Final = {
    # days of the week on which it happens, first hour, last hour
    "desk": (5, 8.0, 18.0),
    "store": (6, 9.5, 18.5),
    "field": (5, 9.0, 16.5),
    "parcel": (6, 8.5, 19.0),
    "mail": (7, 7.0, 11.0),
}
_WEB_HOURS: Final = np.array(
    [1, 0.5, 0.3, 0.2, 0.2, 0.4, 1, 2, 3, 3.5, 4, 4, 4.5, 4, 3.5, 3.5, 4, 5, 6, 7, 8, 7.5, 5, 2.5]
)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Two years that end with `ends_on`; days are counted from 0, fractions are the time of day."""

    ends_on: date

    @property
    def starts_on(self) -> date:
        """The first day."""
        return self.ends_on - timedelta(days=DAYS - 1)

    def dates(self) -> NDArray[np.datetime64]:
        """Return all days."""
        return np.datetime64(self.starts_on) + np.arange(DAYS)

    def busy_days(self, even: NDArray[np.float64]) -> NDArray[np.float64]:
        """Move evenly spread days to where more happens: seasons and weekdays."""
        days = self.dates()
        months = days.astype("datetime64[M]").astype(np.int64) % 12
        weight = SEASON[months] * WEEKDAY[self.weekdays()]
        reached = np.concatenate([[0.0], np.cumsum(weight)])
        reached *= DAYS / reached[-1]
        return np.asarray(np.interp(even, reached, np.arange(DAYS + 1.0)))

    def weekdays(self) -> NDArray[np.int64]:
        """Return the weekday of each day, Monday 0."""
        monday = (np.arange(DAYS) + self.starts_on.weekday()) % 7
        return monday.astype(np.int64)

    def closed(self, open_days: int) -> NDArray[np.bool_]:
        """Return for each day whether nobody works: after the `open_days` of the week, and on holidays."""
        shut = self.weekdays() >= open_days
        if open_days < 7:  # noqa: PLR2004 - machines know no holidays
            holidays = [(d.month, d.day) in HOLIDAYS for d in self.dates().tolist()]
            shut |= np.array(holidays)
        return shut

    def at_hours(
        self, days: NDArray[np.float64], hours: str, rng: np.random.Generator
    ) -> NDArray[np.float64]:
        """Give days a time of day that fits; what falls on a closed day moves to the next open one."""
        whole = np.clip(days, 0, DAYS - 1e-6).astype(np.int64)
        if hours == "web":
            edges = np.concatenate([[0.0], np.cumsum(_WEB_HOURS) / _WEB_HOURS.sum()])
            return np.asarray(whole + np.interp(rng.random(len(days)), edges, np.arange(25.0)) / 24)
        open_days, first, last = OPENING[hours]
        next_open = self._next_open(open_days)
        moved = next_open[whole]
        return np.asarray(moved + (first + (last - first) * rng.random(len(days))) / 24)

    def _next_open(self, open_days: int) -> NDArray[np.int64]:
        shut = self.closed(open_days)
        following = np.where(shut, DAYS + 7, np.arange(DAYS))
        return np.minimum.accumulate(following[::-1])[::-1]

    def utc_seconds(self, days: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return Unix seconds of local days."""
        local = np.floor(days * 86_400).astype(np.int64)
        hours = np.clip(local // 3600, 0, DAYS * 24 - 1)
        return local + self._offsets()[hours // 24, hours % 24]

    def _offsets(self) -> NDArray[np.int64]:
        """Return what to add to local seconds since the first day, per day and hour of the day."""
        rows = []
        for day in self.dates().tolist():
            noon, night = (self._seconds_to_add(day, hour) for hour in (12, 1))
            rows.append([night] * 3 + [noon] * 21)
        return np.array(rows, np.int64)

    def _seconds_to_add(self, day: date, hour: int) -> int:
        local = datetime(day.year, day.month, day.day, hour, tzinfo=ZONE)
        gone = (day - self.starts_on).days * 86_400 + hour * 3600
        return int(local.astimezone(UTC).timestamp()) - gone
