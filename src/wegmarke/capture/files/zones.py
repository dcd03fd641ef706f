"""Local times to UTC, with the time zones Python ships, so that every system gives the same answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SECOND = 1_000_000
_QUARTER = 900 * _SECOND  # no zone has changed its clocks within a quarter of an hour since 1970
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC).replace(tzinfo=None)


@lru_cache(maxsize=64)
def known_zone(name: str) -> ZoneInfo | None:
    """Return the time zone of that name; None where there is none."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def to_utc(local: NDArray[np.int64], zone: ZoneInfo) -> NDArray[np.int64]:
    """Return local microseconds as UTC.

    The hour that comes twice in autumn counts as its first pass; one that is skipped in spring moves on.
    """
    quarters, where = np.unique(local // _QUARTER, return_inverse=True)
    shifts = np.fromiter(
        (_shift(int(quarter), zone) for quarter in quarters), dtype=np.int64, count=len(quarters)
    )
    return local - shifts[where]


def _shift(quarter: int, zone: ZoneInfo) -> int:
    moment = (_EPOCH + timedelta(seconds=quarter * 900)).replace(tzinfo=zone)
    offset = moment.utcoffset() or timedelta()
    return int(offset.total_seconds()) * _SECOND
