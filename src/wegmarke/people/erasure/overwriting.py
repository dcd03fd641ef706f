"""See to it that what was deleted from the database cannot be read in its files any more."""

from __future__ import annotations

from django.apps import apps
from django.db import connection

CAN_FORGET = 180_000
_FORGET = """
    SELECT pg_clear_attribute_stats(schemaname, tablename, attname, inherited)
    FROM pg_stats WHERE schemaname = current_schema() AND tablename = %s
"""
ROOMS = ("people", "capture", "insights", "atlas", "record")


def overwrite() -> bool:
    """Return whether it is done; on SQLite a reader of an old state may make that wait.

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
        models = [model for room in ROOMS for model in apps.get_app_config(room).get_models()]
        for table in (model._meta.db_table for model in models):  # noqa: SLF001 - Django's public name
            cursor.execute(f"VACUUM (FULL, ANALYZE) {connection.ops.quote_name(table)}")
            if connection.pg_version >= CAN_FORGET:  # type: ignore[attr-defined]
                cursor.execute(_FORGET, [table])
        cursor.execute("VACUUM (FULL) pg_catalog.pg_statistic")  # a warning where this is not our database
    return True
