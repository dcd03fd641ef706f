"""Values of access: whom an archive is about, what a store tells of them, and the request for it."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import ValidationError

from wegmarke.people.erasure.contracts import Named

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from django.utils.functional import Promise

    from wegmarke.people.erasure.contracts import StoreState

    Row = Mapping[str, Any]
    Text = Promise | str

WITHHELD: Final[Row] = {}
"""Stands in the rows of a section for one that is left out, for it is about somebody else as well."""


class NobodyMeantError(ValidationError):
    """No id was chosen, or one that cannot be kept; nothing was noted."""


class NoSuchRequestError(LookupError):
    """There is no such request for access."""


class AlreadyAnsweredError(ValidationError):
    """The request was answered: its ids are gone, and there is nothing left to tell of whom it was."""


@dataclass(frozen=True, slots=True)
class Telling(Named):
    """Whom an archive is about, by the identifiers of the log, and when it is made."""

    identifiers: tuple[str, ...]
    now: datetime


@dataclass(frozen=True, slots=True)
class Section:
    """What one store tells, row by row, so that nobody has to hold all of it.

    `key` and the names in `fields` stand in `data.json` and never change; the texts beside them are for
    people. A value of a row is a text, a number, a truth, a moment, None, or lists and mappings of these.
    A row may be `WITHHELD`: such rows are only counted, and `withheld_because` says why.
    """

    key: str
    title: Text
    fields: Mapping[str, Text]
    rows: Iterable[Row]
    note: Text = ""
    withheld_because: Text = ""


@dataclass(frozen=True, slots=True)
class Matter:
    """One matter Art. 15 (1) GDPR wants told beside the data: a heading and what is to be said of it."""

    key: str
    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """An id that may be the person's; `ticked` where it is known to be."""

    identifier: str
    ticked: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """Who may be meant by what the officer typed, and what each place holds of those ticked."""

    candidates: tuple[Candidate, ...]
    held: tuple[StoreState, ...]


@dataclass(frozen=True, slots=True)
class AccessState:
    """One request as pages show it; without a single id once it was answered."""

    id: int
    asked_on: date
    due_on: date
    language: str
    reference: str
    noted_at: datetime
    noted_by: str
    identifiers: tuple[str, ...]
    digests: tuple[str, ...]
    made_at: datetime | None
    made_by: str
    delivered_at: datetime | None
    delivered_by: str
    erased_at: datetime | None

    @property
    def open(self) -> bool:
        """Whether it has still to be answered."""
        return self.delivered_at is None and self.erased_at is None


def due(asked_on: date) -> date:
    """Return the last day on which a request can be answered: one month after it came (Art. 12 (3) GDPR).

    The last day of the month where it has no such day, as in Regulation 1182/71, Art. 3 (2) (c).
    """
    year, month = asked_on.year + asked_on.month // 12, asked_on.month % 12 + 1
    return asked_on.replace(
        year=year, month=month, day=min(asked_on.day, calendar.monthrange(year, month)[1])
    )
