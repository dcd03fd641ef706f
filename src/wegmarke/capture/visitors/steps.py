"""The worker's step: close days that have ended, which destroys their salt and sketch."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from wegmarke.capture.visitors.models import VisitorDay

if TYPE_CHECKING:
    from datetime import datetime

LATE: Final = timedelta(minutes=1)
"""So long after midnight the last seconds of a day may still be written."""


def close_one(now: datetime) -> bool:
    """Close a day that has ended; return whether there was one."""
    ended = VisitorDay.objects.filter(day__lt=(now - LATE).date(), salt__isnull=False)
    row = ended.order_by("day", "pk").values_list("pk", flat=True).first()
    if row is None:
        return False
    return bool(ended.filter(pk=row).update(salt=None, sketch=None))
