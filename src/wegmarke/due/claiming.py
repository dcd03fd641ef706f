"""Claim due rows one at a time, and give them back done, to be tried again, or dead.

Every change is one conditional update, so it works alike on SQLite and PostgreSQL and needs no locks: whoever
changes the row first has it. A worker that lost its hold (it slept longer than its lease) is told so by
`LeaseLostError`; raised inside the transaction of the work, it takes the work's writes back as well.
"""

from __future__ import annotations

import secrets
import time
import traceback
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, TypeVar

from django.db.models import F, Q, QuerySet

from wegmarke.due.models import DueRow

if TYPE_CHECKING:
    from collections.abc import Callable

RowT = TypeVar("RowT", bound=DueRow)

FIRST_WAIT: Final = timedelta(seconds=15)
LONGEST_WAIT: Final = timedelta(hours=6)
ERROR_LENGTH: Final = 4000
_VANISHED: Final = "The last attempt never came back: its process ended or lost its lease."


class LeaseLostError(RuntimeError):
    """The row is held by somebody else by now; nothing may be written in its name."""


def claim(queryset: QuerySet[RowT], *, now: datetime, lease: timedelta) -> RowT | None:
    """Take the row that is due longest, or None. The attempt is counted before anything is tried.

    Rows whose last allowed attempt never came back are marked dead on the way.
    """
    free = queryset.filter(_claimable(now)).order_by("due_at", "pk")
    while (row := free.first()) is not None:
        if row.attempts >= row.MAX_ATTEMPTS:
            _change(queryset, row, dead_at=now, lease_until=None, lease_token="", last_error=_VANISHED)
            continue
        token = secrets.token_hex(16)
        if _change(queryset, row, attempts=F("attempts") + 1, lease_token=token, lease_until=now + lease):
            return queryset.model._default_manager.get(pk=row.pk)  # noqa: SLF001 - Django's public name for it
    return None


def extend(row: DueRow, *, now: datetime, lease: timedelta) -> None:
    """Keep a row for longer work; raises `LeaseLostError`."""
    _change_held(row, lease_until=now + lease)


def finish(row: DueRow, *, now: datetime) -> None:
    """Close a row; call it inside the transaction of the work. Raises `LeaseLostError`."""
    _change_held(row, done_at=now, lease_until=None, lease_token="", last_error="")


def put_off(row: DueRow, *, due_at: datetime) -> None:
    """Give a row back that has more to do later and did not fail; its attempts start anew."""
    _change_held(row, due_at=due_at, attempts=0, lease_until=None, lease_token="", last_error="")


def retry(row: DueRow, *, now: datetime, error: str) -> None:
    """Give a failed row back: later each time, and dead after its last attempt. Raises `LeaseLostError`."""
    if row.attempts >= row.MAX_ATTEMPTS:
        bury(row, now=now, error=error)
        return
    _change_held(
        row,
        due_at=now + back_off(row.attempts),
        lease_until=None,
        lease_token="",
        last_error=error[-ERROR_LENGTH:],
    )


def bury(row: DueRow, *, now: datetime, error: str) -> None:
    """Mark a row dead at once, where another attempt cannot help. Raises `LeaseLostError`."""
    _change_held(row, dead_at=now, lease_until=None, lease_token="", last_error=error[-ERROR_LENGTH:])


def revive(row: DueRow, *, now: datetime) -> bool:
    """Let a dead row be tried again from the start; False where it is not dead (any more)."""
    dead = type(row)._default_manager.filter(pk=row.pk, dead_at__isnull=False)  # noqa: SLF001 - Django's name
    return bool(dead.update(dead_at=None, due_at=now, attempts=0, lease_token="", lease_until=None))


def back_off(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts: 15 seconds, doubled each time, at most 6 hours."""
    doublings = min(max(attempts - 1, 0), 20)
    return min(timedelta(seconds=FIRST_WAIT.total_seconds() * 2.0**doublings), LONGEST_WAIT)


def work_one(
    queryset: QuerySet[RowT],
    *,
    now: datetime,
    lease: timedelta,
    work: Callable[[RowT], None],
    clock: Callable[[], float] = time.monotonic,
) -> bool:
    """Claim one row and work it; return whether there was one.

    `work` ends the row itself (`finish`, `put_off`, `bury`), in its own transaction. When it raises, the row
    moves forward with back-off, counted from when it failed (`clock` tells the seconds that went by), and the
    error stands in it; a lost lease leaves the row to its new holder.
    """
    row = claim(queryset, now=now, lease=lease)
    if row is None:
        return False
    began = clock()
    try:
        work(row)
    except LeaseLostError:
        return True
    except Exception:  # noqa: BLE001 - whatever fails must not stop the worker
        try:
            # from when it failed: after long work, a wait counted from its beginning would be over already
            failed_at = now + timedelta(seconds=clock() - began)
            retry(row, now=failed_at, error=traceback.format_exc())
        except LeaseLostError:
            return True
    return True


def _claimable(now: datetime) -> Q:
    free = Q(lease_until__isnull=True) | Q(lease_until__lte=now)
    return Q(due_at__lte=now, done_at__isnull=True, dead_at__isnull=True) & free


def _change(queryset: QuerySet[RowT], row: RowT, **values: object) -> bool:
    """Change a row only if nobody touched its hold since it was read."""
    untouched = queryset.model._default_manager.filter(  # noqa: SLF001 - Django's public name for it
        pk=row.pk,
        lease_token=row.lease_token,
        attempts=row.attempts,
        done_at__isnull=True,
        dead_at__isnull=True,
    )
    return untouched.update(**values) == 1


def _change_held(row: DueRow, **values: object) -> None:
    held = type(row)._default_manager.filter(  # noqa: SLF001 - Django's public name for it
        pk=row.pk, lease_token=row.lease_token, done_at__isnull=True, dead_at__isnull=True
    )
    if not row.lease_token or held.update(**values) != 1:
        msg = f"{type(row).__name__} {row.pk} is not held any more"
        raise LeaseLostError(msg)
    for name, value in values.items():
        setattr(row, name, value)
