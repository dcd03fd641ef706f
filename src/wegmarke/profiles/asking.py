"""Read from an address what of a time line is asked for, and write such addresses."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from django.utils import timezone

from wegmarke.profiles.contracts import Feel, Wanted
from wegmarke.profiles.strands import STRANDS

if TYPE_CHECKING:
    from django.http import QueryDict

MOST_TEXT: Final = 200
_LATEST: Final = 253_402_000_000_000_000
"""Microseconds from 1970 to the end of the year 9999, almost."""
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def wanted(asked: QueryDict) -> Wanted:
    """Return what an address asks for; what cannot be meant is left out."""
    before = moment(asked.get("before", ""))
    until = _day(asked.get("until", ""))
    if until is not None:
        end = until + timedelta(days=1)
        before = end if before is None else min(before, end)
    starts = (_day(asked.get("since", "")), moment(asked.get("from", "")))
    feel = asked.get("feel", "")
    return Wanted(
        strands=frozenset(asked.getlist("kind")) & {strand.key for strand in STRANDS},
        touchpoint=asked.get("touchpoint", ""),
        phase=asked.get("phase", ""),
        feel=Feel(feel) if feel in set(Feel) else None,
        text=asked.get("q", "").strip()[:MOST_TEXT],
        since=max((one for one in starts if one is not None), default=None),
        before=before,
    )


def written(at: datetime | None) -> str:
    """Write a moment into an address: microseconds since 1970."""
    return "" if at is None else str((at - EPOCH) // timedelta(microseconds=1))


def moment(text: str) -> datetime | None:
    """Read a moment as `written` writes it; None for anything else."""
    if not text.isascii() or not text.isdigit() or len(text) > len("253402300799000000"):
        return None
    return EPOCH + timedelta(microseconds=int(text)) if int(text) < _LATEST else None


def _day(text: str) -> datetime | None:
    """Read a day as the beginning of that day where this installation is."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    if not 1970 <= day.year < 9999:  # noqa: PLR2004 - the span of the log
        return None
    return datetime.combine(day, time(), timezone.get_current_timezone()).astimezone(UTC)
