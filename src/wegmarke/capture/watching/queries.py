"""Ask what is wrong with the receiving side."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.core.cache import cache
from django.db.models import Min

from wegmarke.capture.counting import accounts
from wegmarke.capture.inbox import InboxBatch
from wegmarke.capture.watching.contracts import Problem, Trouble
from wegmarke.capture.watching.disk import NEARLY, free_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

LONG: Final = timedelta(minutes=5)
KEPT_SECONDS: Final = 60
_KEPT: Final = "capture.watching.problems"


def problems(*, now: datetime) -> tuple[Problem, ...]:
    """Return what is wrong at this moment."""
    return (*_disk(), *_events(now))


def problems_lately(*, now: datetime) -> tuple[Problem, ...]:
    """Return the same for every page: the disk as it is now, the events as of the last minute."""
    events: Sequence[Problem] | None = cache.get(_KEPT)
    if events is None:
        events = tuple(_events(now))
        cache.set(_KEPT, events, KEPT_SECONDS)
    return (*_disk(), *events)


def _disk() -> Iterator[Problem]:
    try:
        free = free_bytes()
    except OSError:
        return
    if free < settings.DISK_RESERVE_BYTES:
        yield Problem(Trouble.DISK_FULL, free)
    elif free < NEARLY * settings.DISK_RESERVE_BYTES:
        yield Problem(Trouble.DISK_NEARLY_FULL, free)


def _events(now: datetime) -> Iterator[Problem]:
    # Counts and inbox are read one after the other: what moves in between is missing for that moment only.
    missing = accounts().missing and accounts().missing and accounts().missing
    if missing:
        yield Problem(Trouble.MISSING, missing)
    oldest = InboxBatch.objects.aggregate(oldest=Min("received_at"))["oldest"]
    if oldest is not None and now - oldest >= LONG:
        yield Problem(Trouble.WAITING, int((now - oldest).total_seconds() // 60))
