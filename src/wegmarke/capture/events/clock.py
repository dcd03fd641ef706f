"""When a message happened: what its client says, set right by how wrong that client's clock is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

EARLIEST: Final = datetime(1970, 1, 2, tzinfo=UTC)
LATEST: Final = datetime(2038, 1, 18, tzinfo=UTC)
"""The years the log holds, less a day for the correction."""

TRUSTED: Final = timedelta(seconds=5)
"""A client whose clock is off by no more is believed: the difference is the way through the network."""

AHEAD: Final = timedelta(minutes=5)
"""So far in the future a corrected time may lie; it then counts as now."""


class TimeError(ValueError):
    """A time that cannot be used; the text says why."""


def parsed(text: str) -> datetime:
    """Read an ISO 8601 time; one without a zone is UTC. Raises `TimeError`."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        msg = f"{text[:40]!r} is not a time of the form 2026-03-01T12:30:00Z"
        raise TimeError(msg) from None
    try:
        return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except OverflowError:
        msg = f"{text[:40]!r} is outside the years that can be kept"
        raise TimeError(msg) from None


def skew_of(sent_at: datetime | None, received_at: datetime) -> timedelta:
    """Return how far the client's clock is behind ours (negative: ahead); zero where it may be trusted.

    A batch is stamped when it is sent, so the stamp and our own clock should agree. Source: the Segment
    specification, `timestamp = receivedAt - (sentAt - originalTimestamp)`.
    """
    if sent_at is None:
        return timedelta()
    skew = received_at - sent_at
    return timedelta() if abs(skew) <= TRUSTED else skew


def happened_at(stamped: datetime | None, *, sent_at: datetime | None, received_at: datetime) -> datetime:
    """Return when a message happened by our clock. Raises `TimeError`.

    Without a stamp that is when it came. A time a little in the future is now; one far in it is an error.
    """
    if stamped is None:
        return received_at
    if not EARLIEST <= stamped <= LATEST:
        msg = f"{stamped:%Y-%m-%d} is outside the years 1970 to 2037"
        raise TimeError(msg)
    time = stamped + skew_of(sent_at, received_at)
    if time > received_at:
        if time - received_at > AHEAD:
            msg = f"{time:%Y-%m-%dT%H:%M:%SZ} lies in the future"
            raise TimeError(msg)
        return received_at
    if time < EARLIEST:
        msg = f"{time:%Y-%m-%d} is outside the years 1970 to 2037"
        raise TimeError(msg)
    return time


def sent(text: object) -> datetime | None:
    """Read the stamp of a batch; None where there is none that could be true, so nothing is corrected."""
    if not isinstance(text, str):
        return None
    try:
        time = parsed(text)
    except TimeError:
        return None
    return time if EARLIEST <= time <= LATEST else None
