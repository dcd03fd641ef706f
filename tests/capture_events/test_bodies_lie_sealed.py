"""What waits in the inbox, and what was refused, is not readable in the database."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection

from wegmarke.capture.inbox import InboxBatch, RefusedEvent, Source
from wegmarke.capture.receiving.storing import content_of, inbox_batch

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, tzinfo=UTC)
BODY = b'{"email": "canary@b.example"}'


def raw(table: str) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT content FROM {table}")  # noqa: S608 - our own table
        return bytes(cursor.fetchone()[0])


@pytest.fixture
def source():
    return Source.objects.create(name="shop", created_at=NOW)


def test_a_waiting_batch_is_sealed_and_opens_as_it_came(source):
    InboxBatch.objects.bulk_create(
        [inbox_batch(source=source.pk, received_at=NOW, kind="", events=1, content=BODY)]
    )
    assert b"canary" not in raw("capture_inboxbatch")
    assert content_of(InboxBatch.objects.get()) == BODY


def test_a_refused_event_is_sealed_and_opens_as_it_came(source):
    RefusedEvent.objects.create(source=source, received_at=NOW, reason="time", content=BODY, size=len(BODY))
    assert b"canary" not in raw("capture_refusedevent")
    assert RefusedEvent.objects.get().content == BODY


def test_rows_from_before_there_was_a_key_are_read_as_they_are(source):
    row = RefusedEvent.objects.create(source=source, received_at=NOW, reason="time", content=b"", size=0)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE capture_refusedevent SET content = %s", [BODY])
    row.refresh_from_db()
    assert row.content == BODY
