"""Count what became of events, by source and day: always in the transaction in which it becomes so."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import F, Q, Sum

from wegmarke.capture.inbox import InboxBatch, SourceDay

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from wegmarke.capture.inbox import RefusedEvent

COUNTED = ("received", "moved", "known", "refused", "erased", "declined")


@dataclass(frozen=True, slots=True)
class Accounts:
    """Where every received event is: in the log, known before, refused, erased, declined, or waiting."""

    received: int
    moved: int
    known: int
    refused: int
    erased: int
    declined: int
    waiting: int

    @property
    def missing(self) -> int:
        """How many events are nowhere; anything but 0 is an alarm."""
        found = self.moved + self.known + self.refused + self.erased + self.declined + self.waiting
        return self.received - found


@dataclass(slots=True)
class Tally:
    """Counts to add, by source and day of arrival."""

    _counts: defaultdict[tuple[int, date], Counter[str]]

    def __init__(self) -> None:
        """Start with nothing."""
        self._counts = defaultdict(Counter)

    def add(self, source: int, day: date, **counts: int) -> None:
        """Add counts, by the names of `COUNTED`; they may be negative."""
        self._counts[source, day].update(counts)

    def save(self) -> None:
        """Add everything to the table; call it inside the transaction of what is counted."""
        for (source, day), counts in sorted(self._counts.items()):
            _add(source, day, counts)


def _add(source: int, day: date, counts: Mapping[str, int]) -> None:
    row = SourceDay.objects.filter(source_id=source, day=day)
    if not row.exists():
        SourceDay.objects.bulk_create([SourceDay(source_id=source, day=day)], ignore_conflicts=True)
    row.update(**{name: F(name) + count for name, count in counts.items() if count})


def no_longer_refused(rows: Sequence[RefusedEvent], *, erased: bool = False) -> None:
    """Count events out of the refused ones: they are sent on, or erased."""
    tally = Tally()
    for row in rows:
        tally.add(
            row.source_id, row.received_at.date(), refused=-row.events, erased=row.events if erased else 0
        )
    tally.save()


def accounts() -> Accounts:
    """Return where every event is that was ever received."""
    counted = SourceDay.objects.aggregate(**{name: Sum(name, default=0) for name in COUNTED})
    # One look into the inbox: between two, events might come that would then seem to be missing.
    inbox = InboxBatch.objects.aggregate(
        waiting=Sum("events", default=0), first=Sum("events", default=0, filter=Q(again=False))
    )
    received = counted["received"] + inbox["first"]
    return Accounts(**{**counted, "received": received}, waiting=inbox["waiting"])
