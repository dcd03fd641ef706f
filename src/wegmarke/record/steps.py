"""The worker's step of the record: keep the files of the log few."""

from __future__ import annotations

from wegmarke.record.compacting import compact_one

__all__ = ["compact_one"]
