"""What can be asked about erasure and retention."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from wegmarke.people import queries as people
from wegmarke.people.erasure.contracts import (
    Erasing,
    ErasureState,
    Ground,
    Held,
    NoSuchErasureError,
    RetentionState,
    Stage,
    StoreState,
)
from wegmarke.people.erasure.joined import keepers, stores
from wegmarke.people.erasure.tables import Erasure, Retention, RetentionRun
from wegmarke.people.erasure.tombstones import erased
from wegmarke.people.identifiers import known, visitor
from wegmarke.record import services as record

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from wegmarke.people.erasure.contracts import Keeper

MOST_FOUND: Final = 50

__all__ = ["candidates", "days_of", "erased", "erasure", "erasures", "held_of", "is_logged", "retention"]


def held_of(identifiers: Iterable[str], *, now: datetime) -> tuple[StoreState, ...]:
    """Say what each store holds of somebody."""
    asked = Erasing("", tuple(identifiers), now, now)
    return tuple(StoreState(store.label, store.count(asked), done=False) for store in stores())


def candidates(text: str) -> tuple[list[str], set[str]]:
    """Return all ids that may be meant by one as its sender writes it, and those of whoever has this one."""
    who = people.resolution()
    own: dict[str, None] = {}
    for exact in (known(text), visitor(text)):
        members = who.members(who.person_of(exact))
        if len(members) > 1 or exact == known(text) or is_logged(exact):
            own |= dict.fromkeys(members)
    others: dict[str, None] = {}
    for one in people.found(text)[:MOST_FOUND]:
        others |= dict.fromkeys(who.members(who.person_of(one)))
    return list(own | others), set(own)


def is_logged(identifier: str) -> bool:
    """Say whether the log has an event or trait that came with an identifier."""
    return record.rows_of([identifier]) > 0


def erasures(*, limit: int = 100) -> tuple[ErasureState, ...]:
    """Return the erasures, newest first."""
    return tuple(map(_state, Erasure.objects.select_related("requested_by")[:limit]))


def erasure(number: int) -> ErasureState:
    """Return one erasure; raises `NoSuchErasureError`."""
    row = Erasure.objects.select_related("requested_by").filter(pk=number).first()
    if row is None:
        raise NoSuchErasureError(number)
    return _state(row)


def _state(row: Erasure) -> ErasureState:
    labels = {store.key: store.label for store in stores()}
    return ErasureState(
        id=row.pk,
        stage=Stage(row.stage),
        ground=Ground(row.ground),
        reference=row.reference,
        requested_at=row.requested_at,
        requested_by=row.requested_by.get_full_name() if row.requested_by else "",
        identifiers=tuple(row.identifiers),
        digests=tuple(row.digests),
        stores=tuple(
            StoreState(labels.get(key, key), Held(one["rows"], one["files"], one["by_hand"]), one["done"])
            for key, one in row.stores.items()
        ),
        erased_at=row.erased_at,
        done_at=row.done_at,
        due_at=row.due_at,
        failed=row.last_error.strip().rpartition("\n")[2][:300] if row.dead_at or row.attempts else "",
    )


def days_of(keeper: Keeper) -> int | None:
    """Return how long one kind of data is kept: as somebody decided, else as it is by default."""
    found = Retention.objects.filter(kind=keeper.key).values_list("days", flat=True)
    return found[0] if found else keeper.days


def retention(*, now: datetime, count: bool = False) -> tuple[RetentionState, ...]:
    """Return how long each kind of data is kept; with `count` also what a run would do now (may be slow)."""
    return tuple(_kept(keeper, now, count=count) for keeper in keepers())


def _kept(keeper: Keeper, now: datetime, *, count: bool) -> RetentionState:
    last = RetentionRun.objects.filter(kind=keeper.key, done_at__isnull=False).first()
    days = days_of(keeper)
    would = None
    if count:
        would = 0 if days is None else keeper.would(now - timedelta(days=days))
    return RetentionState(
        keeper.key, keeper.label, days, last.done_at if last else None, last.rows if last else 0, would
    )
