"""Keep a body that could not even be opened, so that whoever wrote its client can see what came."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Final

from django.db import Error as DatabaseError
from django.db import connection, transaction

from wegmarke.capture.counting import Tally
from wegmarke.capture.inbox import RefusedEvent
from wegmarke.capture.receiving.envelope import without_addresses

if TYPE_CHECKING:
    from datetime import datetime

SHOWN_BYTES: Final = 4_096


def whole_body(source: int, body: bytes, *, kind: str, reason: str, now: datetime) -> RefusedEvent:
    """Return the row for a body that is no JSON; only its beginning is kept."""
    kept = without_addresses(body)
    return RefusedEvent(
        source_id=source,
        received_at=now,
        type=kind,
        whole=True,
        reason="malformed",
        detail=reason[:500],
        content=kept[:SHOWN_BYTES],
        size=len(kept),
    )


def keep(row: RefusedEvent) -> None:
    """Save the row if that is possible now."""
    with contextlib.suppress(DatabaseError):
        save(row)
    connection.close()  # the thread is one of many, and none shall hold a connection


def save(row: RefusedEvent) -> None:
    """Save the row and count it; raises what the database raises."""
    tally = Tally()
    tally.add(row.source_id, row.received_at.date(), received=1, refused=1)
    with transaction.atomic():
        row.save()
        tally.save()
