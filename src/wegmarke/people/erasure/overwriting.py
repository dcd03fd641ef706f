"""See to it that what was deleted from the database cannot be read in its files any more."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import connection

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper

CAN_FORGET = 180_000
_FORGET = """
    SELECT pg_clear_attribute_stats(schemaname, tablename, attname, inherited)
    FROM pg_stats WHERE schemaname = current_schema() AND tablename = %s
"""
_NOW = "SELECT pg_current_xact_id()::text"
_READERS = """
    SELECT pg_snapshot_xmin(pg_current_snapshot()) <= %(now)s::xid8
        OR EXISTS (
            SELECT FROM pg_stat_activity
            WHERE coalesce(datname, current_database()) = current_database() AND pid <> pg_backend_pid()
                AND age(backend_xmin) > age(%(now)s::xid8::xid)
        )
        OR EXISTS (SELECT FROM pg_replication_slots WHERE age(xmin) > age(%(now)s::xid8::xid))
"""
ATTEMPTS = 20
PAUSE_SECONDS = 0.1
ROOMS = ("people", "capture", "insights", "atlas", "record")


def overwrite() -> bool:
    """Return whether it is done; a reader of an old state of the database may make that wait.

    SQLite overwrites what is deleted in its file (`secure_delete`), but where it moved rows between pages
    copies stay in the gaps (6 of 98,666 values in a run with a thousand persons), and the write-ahead log
    holds pages as they were until it is cut. So the file is written anew; writers wait meanwhile.

    PostgreSQL keeps deleted rows in their pages until the table is written anew, and frequent values in what
    it notes of each column for planning, which only version 18 can forget. Its own write-ahead log and its
    backups are outside our reach.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            busy, _pages, _moved = cursor.fetchone()
            return not busy
        if not _nobody_reads_the_past(cursor):
            return False
        models = [model for room in ROOMS for model in apps.get_app_config(room).get_models()]
        for table in (model._meta.db_table for model in models):  # noqa: SLF001 - Django's public name
            cursor.execute(f"VACUUM (FULL, ANALYZE) {connection.ops.quote_name(table)}")
            if connection.pg_version >= CAN_FORGET:  # type: ignore[attr-defined]
                cursor.execute(_FORGET, [table])
        if not _nobody_reads_the_past(cursor):  # what ANALYZE replaced is a deleted row as well
            return False
        cursor.execute("VACUUM (FULL) pg_catalog.pg_statistic")  # a warning where this is not our database
    return True


def _nobody_reads_the_past(cursor: CursorWrapper) -> bool:
    """Wait a moment until nobody may read what was deleted: such rows would be copied into the new table.

    A transaction open in another database of the same server holds them back as well: VACUUM FULL looks at
    the table with a snapshot of its own, which is as old as the oldest transaction that runs anywhere.
    """
    cursor.execute(_NOW)
    (now,) = cursor.fetchone()
    for _attempt in range(ATTEMPTS):
        cursor.execute(_READERS, {"now": now})
        if cursor.fetchone() == (False,):
            return True
        time.sleep(PAUSE_SECONDS)
    return False
