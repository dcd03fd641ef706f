"""What pages show of sources: the list, one with its keys and days, and what was refused."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Count, Max, Q, Sum

from wegmarke.capture.inbox import InboxBatch, RefusedEvent, Source, SourceDay, WriteKey
from wegmarke.capture.sources.contracts import (
    Day,
    Key,
    NoSuchSourceError,
    Refused,
    RefusedGroup,
    RefusedPage,
    SourceState,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.db.models import QuerySet

LOOKED_BACK: Final = timedelta(days=30)
SHOWN_BYTES: Final = 2_000


def sources(*, now: datetime) -> tuple[SourceState, ...]:
    """Return all sources by name."""
    return _states(Source.objects.all(), now)


def source(number: int, *, now: datetime) -> SourceState:
    """Return one source. Raises `NoSuchSourceError`."""
    found = _states(Source.objects.filter(pk=number), now)
    if not found:
        raise NoSuchSourceError(number)
    return found[0]


def _states(rows: QuerySet[Source], now: datetime) -> tuple[SourceState, ...]:
    since = (now - LOOKED_BACK).date()
    recent = SourceDay.objects.filter(day__gt=since).order_by().values("source")
    sums = recent.annotate(
        all_received=Sum("received"), all_refused=Sum("refused"), last=Max("day", filter=Q(received__gt=0))
    )
    counted: dict[int, dict[str, Any]] = {one["source"]: dict(one) for one in sums}
    by_source = InboxBatch.objects.order_by().values("source").annotate(waiting=Sum("events"))
    waiting: dict[int, int] = {one["source"]: one["waiting"] for one in by_source}
    keyed = rows.annotate(in_force=Count("keys", filter=Q(keys__revoked_at=None)))
    return tuple(
        SourceState(
            id=row.pk,
            name=row.name,
            origins=tuple(row.origins),
            keys_in_force=row.in_force,
            received=counted.get(row.pk, {}).get("all_received", 0) + waiting.get(row.pk, 0),
            refused=counted.get(row.pk, {}).get("all_refused", 0),
            waiting=waiting.get(row.pk, 0),
            last_day=counted.get(row.pk, {}).get("last"),
            webhook=hasattr(row, "webhook"),
        )
        for row in keyed.select_related("webhook").order_by("name")
    )


def keys(number: int) -> tuple[Key, ...]:
    """Return the write keys of a source: those in force first, then by age, the newest first."""
    rows = WriteKey.objects.filter(source=number).select_related("created_by")
    made = [
        Key(
            id=row.pk,
            browser=row.kind == WriteKey.Kind.BROWSER,
            shown=row.shown,
            created_at=row.created_at,
            created_by=row.created_by.get_username() if row.created_by else "",
            revoked_at=row.revoked_at,
        )
        for row in rows
    ]
    return tuple(sorted(made, key=lambda key: key.revoked_at is not None))


def days(number: int, *, now: datetime) -> tuple[Day, ...]:
    """Return the last 30 days of a source on which something came, the newest first."""
    rows = SourceDay.objects.filter(source=number, day__gt=(now - LOOKED_BACK).date()).order_by("-day")
    return tuple(Day(row.day, row.received, row.moved, row.known, row.refused, row.erased) for row in rows)


def refused_groups(*, source: int | None = None) -> tuple[RefusedGroup, ...]:
    """Return refused events by reason, the most frequent first."""
    by_reason = _refused(source).order_by().values("reason")
    rows = by_reason.annotate(events=Sum("events"), last=Max("received_at"))
    return tuple(
        RefusedGroup(row["reason"], row["events"], row["last"]) for row in rows.order_by("-events", "reason")
    )


def refused(*, source: int | None = None, reason: str = "", skip: int = 0, limit: int = 50) -> RefusedPage:
    """Return refused events, the newest first."""
    rows = _refused(source).select_related("source").order_by("-pk")
    if reason:
        rows = rows.filter(reason=reason)
    page = list(rows[skip : skip + limit + 1])
    return RefusedPage([_shown(row) for row in page[:limit]], more=len(page) > limit)


def refused_ids(*, source: int | None = None, reason: str = "", limit: int) -> Sequence[int]:
    """Return the numbers of refused events, the oldest first."""
    rows = _refused(source)
    if reason:
        rows = rows.filter(reason=reason)
    return list(rows.order_by("pk").values_list("pk", flat=True)[:limit])


def _refused(source: int | None) -> QuerySet[RefusedEvent]:
    return RefusedEvent.objects.filter(source=source) if source else RefusedEvent.objects.all()


def _shown(row: RefusedEvent) -> Refused:
    content = bytes(row.content)
    return Refused(
        id=row.pk,
        source=row.source.name,
        source_id=row.source_id,
        received_at=row.received_at,
        reason=row.reason,
        detail=row.detail,
        content=content[:SHOWN_BYTES].decode("utf-8", "replace"),
        size=row.size,
    )
