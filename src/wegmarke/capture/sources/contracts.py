"""Values of sources that pages may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime


class NoSuchSourceError(LookupError):
    """There is no such source, key or refused event (any more)."""


class SourceNameTakenError(ValidationError):
    """Another source has this name."""


@dataclass(frozen=True, slots=True)
class Key:
    """One write key; `shown` is all of a web page's key and the end of a server's."""

    id: int
    browser: bool
    shown: str
    created_at: datetime
    created_by: str
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key just made; `text` exists in plain words only here, once."""

    text: str
    browser: bool


@dataclass(frozen=True, slots=True)
class Day:
    """What came on one day (UTC), as `SourceDay` counts it."""

    day: date
    received: int = 0
    moved: int = 0
    known: int = 0
    refused: int = 0
    erased: int = 0


@dataclass(frozen=True, slots=True)
class SourceState:
    """One source as lists show it; counts are of the last 30 days, `waiting` lies in the inbox now."""

    id: int
    name: str
    origins: tuple[str, ...]
    keys_in_force: int
    received: int
    refused: int
    waiting: int
    last_day: date | None
    webhook: bool = False


@dataclass(frozen=True, slots=True)
class RefusedGroup:
    """Refused events of one source and reason."""

    reason: str
    events: int
    last: datetime


@dataclass(frozen=True, slots=True)
class Refused:
    """One refused event; `content` is its beginning as text."""

    id: int
    source: str
    source_id: int
    received_at: datetime
    reason: str
    detail: str
    content: str
    size: int


@dataclass(frozen=True, slots=True)
class RefusedPage:
    """A page of refused events, newest first, and whether there are older ones."""

    events: Sequence[Refused]
    more: bool
