"""A webhook, and a way to post to it as its sender does."""

from __future__ import annotations

import json

import pytest
from django.utils import timezone

from wegmarke.capture.events import moving
from wegmarke.capture.hooks import queries, services
from wegmarke.capture.hooks.contracts import HookMapping, Scheme

MAPPING = HookMapping(
    person="customer.id | customer.number",
    event="status",
    event_name="Ticket",
    time="at",
    value="cost",
    properties=(("ticket", "id"), ("tag", "tags.0")),
)
BODY = {
    "id": 7,
    "status": "solved",
    "at": "2026-01-05T10:00:00Z",
    "cost": "12.5",
    "customer": {"number": "K-1"},
    "tags": ["late"],
}


@pytest.fixture
def hook(db):
    """Return a maker of webhooks: the address and the secret."""

    def make(scheme=Scheme.STANDARD, *, name="Tickets", mapping=MAPPING, **more):
        number, secret = services.add_webhook(
            name=name, scheme=scheme, mapping=mapping, by=None, now=timezone.now(), **more
        )
        return queries.webhook(number), secret

    return make


@pytest.fixture
def work(db):
    """Return what lets the worker do all there is to do."""

    def until_done():
        while moving.move_some(timezone.now()):
            pass

    return until_done


@pytest.fixture
def events(work):
    """Return what reads all events of the log as dictionaries, after the worker has moved them."""

    def read():
        from wegmarke.record.layout import existing_log
        from wegmarke.record.models import LogFile
        from wegmarke.record.reading import read_partition

        work()
        partitions = LogFile.objects.filter(kind="events").values_list("partition", flat=True).distinct()
        rows = [
            row
            for one in partitions
            for row in read_partition(existing_log(), "events", one, change=10**9).to_pylist()
        ]
        for row in rows:
            row["properties"] = json.loads(row["properties"] or "{}")
        return sorted(rows, key=lambda row: (row["time"], row["name"]))

    return read
