"""A growing list of touches in columns, with the experience drawn as each is written down."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from wegmarke.demo.calendar import DAYS, Calendar
from wegmarke.demo.kinds import BAD, CODE, GOOD, KINDS, NEUTRAL

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from wegmarke.demo.people import People

NO_CAUSE: Final = -1
MENDED_ON: Final = 460
"""From this day on parcels come on time: a new carrier. Before, almost one in five was late."""
LATE_BEFORE: Final = 3.6
OUTAGE: Final = (585, 625)
"""Days on which the card payment failed more often."""
OUTAGE_FACTOR: Final = 2.4


@dataclass(frozen=True, slots=True)
class Touches:
    """Columns of touches: person, day, kind, how it was lived through, and the touch that caused it."""

    person: NDArray[np.int64]
    day: NDArray[np.float64]
    kind: NDArray[np.int64]
    felt: NDArray[np.int8]
    cause: NDArray[np.int64]

    def __len__(self) -> int:
        """Return the number of touches."""
        return len(self.person)


@dataclass
class Diary:
    """Writes touches down; keeps only what lies within the two years and after the person's first day."""

    people: People
    calendar: Calendar
    rng: np.random.Generator
    _columns: list[Touches] = field(default_factory=list)
    _count: int = 0

    def write(
        self,
        key: str,
        person: NDArray[np.int64],
        day: NDArray[np.float64],
        *,
        exact: bool = False,
        cause: NDArray[np.int64] | None = None,
    ) -> tuple[NDArray[np.bool_], Touches, NDArray[np.int64]]:
        """Write touches of one kind down; `exact` keeps the time of day.

        Returns which of them lie within the time, these touches, and their numbers.
        """
        kind = KINDS[CODE[key]]
        if not exact:
            day = self.calendar.at_hours(day, kind.hours, self.rng)
        inside = (day < DAYS) & (day >= 0)
        person, day = person[inside], day[inside]
        written = Touches(
            person=person,
            day=day,
            kind=np.full(len(person), CODE[key]),
            felt=self._felt(key, person, day),
            cause=np.full(len(person), NO_CAUSE) if cause is None else cause[inside],
        )
        numbers = np.arange(self._count, self._count + len(person))
        self._columns.append(written)
        self._count += len(person)
        return inside, written, numbers

    def _felt(self, key: str, person: NDArray[np.int64], day: NDArray[np.float64]) -> NDArray[np.int8]:
        kind = KINDS[CODE[key]]
        bad = np.full(len(person), kind.bad)
        if kind.trap != 1.0:
            bad = np.where(self.people.fickle[person], np.minimum(kind.bad * kind.trap, 0.9), bad)
        if key == "delivery":
            bad = np.where(day < MENDED_ON, kind.bad * LATE_BEFORE, bad)
        if key == "checkout_payment":
            bad = np.where((day >= OUTAGE[0]) & (day < OUTAGE[1]), kind.bad * OUTAGE_FACTOR, bad)
        drawn = self.rng.random(len(person))
        good = bad + np.minimum(kind.good, 1 - bad)
        return np.where(drawn < bad, BAD, np.where(drawn < good, GOOD, NEUTRAL)).astype(np.int8)

    def touches(self) -> Touches:
        """Return everything written so far, in the order of the numbers."""
        return Touches(
            *(
                np.concatenate([getattr(one, name) for one in self._columns])
                for name in ("person", "day", "kind", "felt", "cause")
            )
        )
