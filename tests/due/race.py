"""One of several workers that race for the same errands; started by the tests as a process of its own.

Each of its threads claims until nothing is left and prints what it got. `race.py prepare N` makes the table.
"""

from __future__ import annotations

import os
import sys
import threading
from datetime import UTC, datetime, timedelta

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "wegmarke.site.settings"
django.setup()

from django.db import connection  # noqa: E402 - only after setup
from errand import Errand  # noqa: E402 - only after setup

from wegmarke.due import claiming  # noqa: E402 - only after setup

NOW = datetime(2025, 3, 1, tzinfo=UTC)


def prepare(count: int) -> None:
    """Make the table with so many errands."""
    with connection.schema_editor() as editor:
        editor.create_model(Errand)
    Errand.objects.bulk_create(Errand(due_at=NOW) for _ in range(count))


def run() -> None:
    """Claim and finish until nothing is left."""
    while True:
        row = claiming.claim(Errand.objects.all(), now=NOW, lease=timedelta(hours=1))
        if row is None:
            break
        sys.stdout.write(f"{row.pk} {row.attempts}\n")
        claiming.finish(row, now=NOW)
    connection.close()


if sys.argv[1] == "prepare":
    prepare(int(sys.argv[2]))
else:
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()  # the start shot
    threads = [threading.Thread(target=run) for _ in range(int(sys.argv[1]))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
