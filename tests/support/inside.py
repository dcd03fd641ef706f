"""Look into the data of a running site, as its worker does: a line of JSON asked, a line answered.

A process of its own, because Django in the tests' own process has another database.
"""

from __future__ import annotations

import json
import os
import sys


def source(*, name: str, origins: list[str]) -> dict[str, object]:
    """Add a source with a key of each kind."""
    from django.utils import timezone

    from wegmarke.capture.sources import services

    now = timezone.now()
    number = services.add_source(name=name, origins=origins, by=None, now=now)
    made = {
        kind: services.make_key(source=number, browser=kind == "browser", by=None, now=now).text
        for kind in ("server", "browser")
    }
    return {"number": number, **made}


def waiting() -> int:
    """Return how many batches are in the inbox."""
    from wegmarke.capture.inbox import InboxBatch

    return InboxBatch.objects.count()


def counted(*, number: int) -> dict[str, int]:
    """Return what became of the events of one source."""
    from django.db.models import Sum

    from wegmarke.capture.inbox import SourceDay

    names = ("received", "moved", "known", "refused")
    days = SourceDay.objects.filter(source_id=number)
    return days.aggregate(**{name: Sum(name, default=0) for name in names})


def refused(*, number: int) -> list[str]:
    """Return why events of one source were refused."""
    from wegmarke.capture.inbox import RefusedEvent

    return [f"{one.reason}: {one.detail}" for one in RefusedEvent.objects.filter(source_id=number)]


def rows(*, kind: str) -> list[dict[str, object]]:
    """Return the rows of the log: of events, or of traits, opened where they lie sealed."""
    from wegmarke.record import layout, reading
    from wegmarke.record.queries import log_state
    from wegmarke.sealing.keys import keyring

    log = layout.existing_log()
    change = log_state().change
    found = []
    for partition in range(log.partitions if log else 0):
        found += reading.read_partition(log, kind, partition, change=change).to_pylist()
    for row in found:
        if row.get("value") is not None and kind == "traits":
            row["value"] = keyring().open_text(row["value"])
    return found


ASKED = {one.__name__: one for one in (source, waiting, counted, refused, rows)}


def main() -> None:
    """Answer until nobody asks any more."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "wegmarke.site.settings"
    import django

    django.setup()
    for line in sys.stdin:
        name, given = json.loads(line)
        sys.stdout.write(json.dumps(ASKED[name](**given), default=str) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
