"""See to it that what was deleted from the database cannot be read in its files any more."""

from __future__ import annotations

from django.apps import apps
from django.db import connection

ROOMS = ("people", "capture", "insights", "atlas", "record")


def overwrite() -> bool:
    """Return whether it is done; on SQLite a reader of an old state may make that wait.

    SQLite overwrites what is deleted in its file (`secure_delete`), but where it moved rows between pages
    copies stay in the gaps (6 of 98,666 values in a run with a thousand persons), and the write-ahead log
    holds pages as they were until it is cut. So the file is written anew; writers wait meanwhile. PostgreSQL keeps deleted rows in their pages until the table is written anew;
    its own write-ahead log and its backups are outside our reach.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            busy, _pages, _moved = cursor.fetchone()
            return not busy
        for room in ROOMS:
            for model in apps.get_app_config(room).get_models():
                table = connection.ops.quote_name(model._meta.db_table)  # noqa: SLF001 - Django's public name
                cursor.execute(f"VACUUM (FULL) {table}")
    return True
