"""What can be done about access. `by` is a data protection officer; None the system itself."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from wegmarke.people.access import archive as archives
from wegmarke.people.access.contracts import (
    AlreadyAnsweredError,
    NobodyMeantError,
    NoSuchRequestError,
    Telling,
)
from wegmarke.people.access.queries import digest, naming
from wegmarke.people.access.tables import AccessRequest
from wegmarke.people.processing.queries import matters
from wegmarke.team.contracts import Role, require_role

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from django.db.models import QuerySet

    from wegmarke.people.access.spooling import SealedSpool
    from wegmarke.team.models import User

LANGUAGES: Final = ("de", "en")
MOST: Final = 1_000
MOST_IDENTIFIER: Final = 300
MOST_REFERENCE: Final = 100
OLDEST: Final = timedelta(days=3_650)


@transaction.atomic
def note(  # noqa: PLR0913 - all by keyword
    *,
    identifiers: Iterable[str],
    asked_on: date,
    language: str,
    reference: str = "",
    by: User | None,
    now: datetime,
) -> int:
    """Note that somebody asked for their data, and return the number of the request.

    Raises `NobodyMeantError`, and `ValidationError` for a day, a language or a reference that cannot be.
    """
    require_role(by, Role.OFFICER)
    chosen = sorted({one for one in identifiers if one})
    if not 0 < len(chosen) <= MOST or any(len(one) > MOST_IDENTIFIER or "\0" in one for one in chosen):
        raise NobodyMeantError(_("Tick at least one id. Nothing was noted."))
    today = timezone.localtime(now).date()
    if not today - OLDEST <= asked_on <= today:
        raise ValidationError(_("Enter the day on which the request came. Nothing was noted."))
    if language not in LANGUAGES:
        raise ValidationError(_("Choose the language of the archive. Nothing was noted."))
    reference = reference.replace("\0", "").strip()
    if len(reference) > MOST_REFERENCE:
        raise ValidationError(_("The file number is too long."))
    row = AccessRequest(
        asked_on=asked_on,
        language=language,
        reference=reference,
        noted_at=now,
        noted_by=by,
        identifiers=chosen,
        digests=[digest(one) for one in chosen],
    )
    row.save(force_insert=True)
    return row.pk


def archive(*, request: int, by: User | None, now: datetime) -> SealedSpool:
    """Return everything that is kept of somebody as a ZIP file; nothing of it stays here.

    Raises `NoSuchRequestError`, and `AlreadyAnsweredError` where nobody can tell any more of whom.
    """
    require_role(by, Role.OFFICER)
    row = _open(AccessRequest.objects.all(), request)
    made = archives.write(
        Telling(tuple(row.identifiers), now),
        language=row.language,
        matters=lambda: matters(now=now),
        folder=Path(settings.DATA_DIR),
    )
    AccessRequest.objects.filter(pk=row.pk).update(made_at=now, made_by=by)
    return made


@transaction.atomic
def deliver(*, request: int, by: User | None, now: datetime) -> None:
    """Note that the person has the archive; from now on the request names nobody. Raises as `archive`."""
    require_role(by, Role.OFFICER)
    row = _open(AccessRequest.objects.select_for_update(), request)
    row.delivered_at, row.delivered_by, row.identifiers = now, by, []
    row.save(update_fields=["delivered_at", "delivered_by", "identifiers"])


def _open(rows: QuerySet[AccessRequest], number: int) -> AccessRequest:
    row = rows.filter(pk=number).first()
    if row is None:
        raise NoSuchRequestError(number)
    if not row.identifiers:
        raise AlreadyAnsweredError(_("This request was answered. Note a new one."))
    return row


@transaction.atomic
def forget(identifiers: Iterable[str], *, now: datetime) -> int:
    """Take the ids of somebody who is erased out of their requests, which end with that; return how many."""
    open_ones = [row for row in naming(identifiers) if row.identifiers]
    for row in open_ones:
        row.identifiers, row.erased_at = [], now
        row.save(update_fields=["identifiers", "erased_at"])
    return len(open_ones)


def expire(before: datetime) -> int:
    """Remove the protocol of what was answered before a moment; return how many."""
    gone, _of = old(before).delete()
    return gone


def old(before: datetime) -> QuerySet[AccessRequest]:
    """Return the requests that were answered before a moment, or ended with an erasure."""
    return AccessRequest.objects.filter(Q(delivered_at__lt=before) | Q(erased_at__lt=before))
