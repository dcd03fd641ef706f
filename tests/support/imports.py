"""A small file of events, and which of its columns is what."""

from __future__ import annotations

from datetime import UTC, datetime

from wegmarke.capture.files.mapping import ColumnMapping

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
CSV = b"""customer_id,timestamp,event,segment
K-1,2026-01-05 10:00,Order,Business
K-1,2026-01-06 11:30,Delivery late,Business
K-2,2026-01-07 09:15,Order,Private
K-2,2026-01-09 12:00,Cancellation,Private
K-3,2026-01-09 12:00,Order,Private
K-3,2026-01-10 08:00,Delivery,Private
"""
MAPPING = ColumnMapping(
    person="customer_id", time="timestamp", event="event", timezone="Europe/Berlin", complete=True
)
