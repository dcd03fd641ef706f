"""What can be done about consent: write down what was said, name purposes, erase. One transaction each.

A fact is written once. `by` needs the role of an editor for facts and of an administrator for purposes,
wordings and categories, else `NotAllowedError`; None is the system itself.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from wegmarke.people.consent import models
from wegmarke.people.consent.contracts import (
    Basis,
    Channel,
    Erased,
    How,
    NoSuchPurposeError,
    PurposeKeyTakenError,
    Says,
    Shown,
)
from wegmarke.people.consent.learning import learn
from wegmarke.people.consent.queries import who
from wegmarke.team.contracts import PERSONS, Role, require_role

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wegmarke.team.models import User

__all__ = [
    "add_purpose",
    "add_wording",
    "change_purpose",
    "drop_old_proofs",
    "erase_of",
    "give",
    "keep_evidence",
    "learn",
    "mean",
    "refuse",
    "unmean",
]

MOST_IDENTIFIER: Final = 300
LANGUAGES: Final = ("de", "en")
YEARS_KEPT: Final = 3
"""Claims of § 195 BGB end three years after the end of the year in which they arose (§ 199 BGB)."""
_KEY: Final = re.compile(r"[a-z][a-z0-9_-]{0,39}")


@transaction.atomic
def give(  # noqa: PLR0913 - the proof, all but the first by keyword
    identifier: str,
    *,
    purpose: str,
    channel: Channel,
    at: datetime,
    how: How,
    wording: int,
    by: User | None,
    now: datetime,
    requested_at: datetime | None = None,
    place: str = "",
    note: str = "",
) -> int:
    """Write down a consent with its proof and return its number.

    Raises `ValidationError` where a part of the proof is missing or cannot be true, `NoSuchPurposeError`.
    """
    require_role(by, *PERSONS)
    _past(at, now)
    if how == How.DOUBLE_OPT_IN and (requested_at is None or requested_at > at):
        raise ValidationError(_("Say when the confirmation was asked for; that was before it was confirmed."))
    meant = _purpose(purpose)
    if meant.basis == Basis.CONTRACT:
        raise ValidationError(_("This purpose needs no consent."))
    shown = _wording(wording, meant, Shown.CONSENT)
    row = models.ConsentFact(
        identifier=_identifier(identifier),
        says=Says.GIVEN,
        purpose=meant,
        channel=Channel(channel),
        at=at,
        recorded_at=now,
        how=how,
        requested_at=requested_at if how == How.DOUBLE_OPT_IN else None,
        wording=shown,
        place=_short(place, 300),
        note=_short(note, 500),
        by=by,
    )
    row.save(force_insert=True)
    return row.pk


@transaction.atomic
def refuse(  # noqa: PLR0913 - the proof, all but the first by keyword
    identifier: str,
    *,
    purpose: str | None,
    channel: Channel | None,
    at: datetime,
    by: User | None,
    now: datetime,
    objected: bool = False,
    how: How = How.BY_HAND,
    place: str = "",
    note: str = "",
) -> int:
    """Write down that somebody withdrew or objected; no purpose or channel means all of them."""
    require_role(by, *PERSONS)
    _past(at, now)
    row = models.ConsentFact(
        identifier=_identifier(identifier),
        says=Says.OBJECTED if objected else Says.WITHDRAWN,
        purpose=_purpose(purpose) if purpose else None,
        channel=Channel(channel) if channel else "",
        at=at,
        recorded_at=now,
        how=how,
        place=_short(place, 300),
        note=_short(note, 500),
        by=by,
    )
    row.save(force_insert=True)
    return row.pk


@transaction.atomic
def keep_evidence(  # noqa: PLR0913 - the proof, all but the first by keyword
    identifier: str,
    *,
    purpose: str,
    by: User | None,
    now: datetime,
    sale: str = "",
    sold_at: datetime | None = None,
    goods: str = "",
    told_at_collection: int | None = None,
    told_at_use: int | None = None,
    note: str = "",
) -> int:
    """Write down what speaks for § 7 (3) UWG; what is missing stays missing, and the gate says so."""
    require_role(by, *PERSONS)
    meant = _purpose(purpose)
    if meant.basis != Basis.ADVERTISING:
        raise ValidationError(_("§ 7 (3) UWG is about advertising only."))
    if sold_at:
        _past(sold_at, now)
    told = [
        _wording(one, meant, Shown.OBJECTION) if one else None for one in (told_at_collection, told_at_use)
    ]
    row = models.ExistingCustomer(
        identifier=_identifier(identifier),
        purpose=meant,
        recorded_at=now,
        sale=_short(sale, 200),
        sold_at=sold_at,
        goods=_short(goods, 200),
        told_at_collection=told[0],
        told_at_use=told[1],
        note=_short(note, 500),
        by=by,
    )
    row.save(force_insert=True)
    return row.pk


@transaction.atomic
def add_purpose(  # noqa: PLR0913 - all by keyword
    *, key: str, name_de: str, name_en: str, basis: Basis, by: User | None, valid_days: int | None = None
) -> int:
    """Name something people can agree to. Raises `PurposeKeyTakenError`, `ValidationError`."""
    require_role(by, Role.OFFICER)
    if not _KEY.fullmatch(key):
        raise ValidationError(_("A key has small letters, digits, - and _, and begins with a letter."))
    names = {"name_de": _named(name_de), "name_en": _named(name_en)}
    try:
        with transaction.atomic():
            row = models.Purpose(key=key, basis=Basis(basis), valid_days=valid_days or None, **names)
            row.save(force_insert=True)
    except IntegrityError as error:
        raise PurposeKeyTakenError(_("Another purpose has this key.")) from error
    return row.pk


@transaction.atomic
def change_purpose(key: str, *, name_de: str, name_en: str, valid_days: int | None, by: User | None) -> None:
    """Rename a purpose, or change how long a consent holds; what allows it is never changed."""
    require_role(by, Role.OFFICER)
    row = _purpose(key)
    row.name_de, row.name_en, row.valid_days = _named(name_de), _named(name_en), valid_days or None
    row.save(update_fields=["name_de", "name_en", "valid_days"])


@transaction.atomic
def add_wording(  # noqa: PLR0913 - all by keyword
    *, purpose: str, shown: Shown, language: str, text: str, by: User | None, now: datetime
) -> int:
    """Keep a text as it is shown, as the next version; return its number, the same for the same text."""
    require_role(by, Role.OFFICER)
    text = text.replace("\0", "").replace("\r\n", "\n").strip()
    if not text:
        raise ValidationError(_("The text is missing."))
    if language not in LANGUAGES:
        raise ValidationError(_("German or English."))
    meant = models.Purpose.objects.select_for_update().filter(pk=_purpose(purpose).pk).get()
    alike = models.Wording.objects.filter(purpose=meant, shown=Shown(shown), language=language)
    same = alike.filter(text=text).first()
    if same is not None:
        return same.pk
    last = alike.aggregate(last=Max("version"))["last"] or 0
    row = models.Wording(
        purpose=meant,
        shown=shown,
        language=language,
        version=last + 1,
        text=text,
        made_at=now,
        made_by=by,
    )
    row.save(force_insert=True)
    return row.pk


@transaction.atomic
def mean(  # noqa: PLR0913 - all by keyword
    *, category: str, purpose: str, channel: Channel, wording: int | None, by: User | None, now: datetime
) -> None:  # fmt: skip
    """Say what a category of consent in messages means; a second time for the same replaces the wording."""
    require_role(by, Role.OFFICER)
    name = category.replace("\0", "").strip()
    if not name or len(name) > MOST_NAME:
        raise ValidationError(_("The name of the category is missing or too long."))
    meant = _purpose(purpose)
    shown = _wording(wording, meant, Shown.CONSENT) if wording else None
    row, _made = models.Category.objects.get_or_create(name=name, defaults={"first_at": now})
    models.CategoryMeaning.objects.update_or_create(
        category=row, purpose=meant, channel=Channel(channel), defaults={"wording": shown}
    )


MOST_NAME: Final = 100


@transaction.atomic
def unmean(*, meaning: int, by: User | None) -> None:
    """Let a category mean this no more; what was learned so far stays."""
    require_role(by, Role.OFFICER)
    gone, _of = models.CategoryMeaning.objects.filter(pk=meaning).delete()
    if not gone:
        raise NoSuchPurposeError(meaning)


@transaction.atomic
def erase_of(identifiers: Iterable[str], *, now: datetime) -> Erased:
    """Erase what is kept about consent under some identifiers, and keep proof without a name.

    Kept are: of each no that it was said, for good, so that it goes on being honoured; of each consent when
    and how it was given and with which wording, until claims about it have ended. Evidence of a sale goes.
    What is kept allows nothing any more.
    """
    listed = list(identifiers)
    rows = list(models.ConsentFact.objects.filter(identifier__in=listed))
    models.KeptProof.objects.bulk_create(_proof(row, now) for row in rows)
    facts, _of = models.ConsentFact.objects.filter(identifier__in=listed).delete()
    sales, _of = models.ExistingCustomer.objects.filter(identifier__in=listed).delete()
    return Erased(facts=facts + sales, proofs=len(rows))


def drop_old_proofs(*, now: datetime) -> int:
    """Delete proofs of erased persons that no claim needs any more; return how many."""
    gone, _of = models.KeptProof.objects.filter(until__lte=now).delete()
    return gone


def _proof(row: models.ConsentFact, now: datetime) -> models.KeptProof:
    until = datetime(now.year + YEARS_KEPT + 1, 1, 1, tzinfo=UTC) if row.says == Says.GIVEN else None
    return models.KeptProof(
        who=who(row.identifier),
        says=row.says,
        purpose_id=row.purpose_id,
        channel=row.channel,
        at=row.at,
        recorded_at=row.recorded_at,
        how=row.how,
        wording_id=row.wording_id,
        until=until,
    )


def _past(at: datetime, now: datetime) -> None:
    if at > now + timedelta(minutes=1):
        raise ValidationError(_("This moment lies in the future."))


def _identifier(identifier: str) -> str:
    if not identifier.strip() or len(identifier) > MOST_IDENTIFIER or "\0" in identifier:
        raise ValidationError(_("An id is needed."))
    return identifier


def _short(text: str, most: int) -> str:
    text = text.replace("\0", "").strip()
    if len(text) > most:
        raise ValidationError(_("A text is too long."))
    return text


def _named(name: str) -> str:
    text = " ".join(name.replace("\0", "").split())
    if not text or len(text) > 80:  # noqa: PLR2004 - as the column
        raise ValidationError(_("A name is missing or too long."))
    return text


def _purpose(key: str) -> models.Purpose:
    row = models.Purpose.objects.filter(key=key).first()
    if row is None:
        raise NoSuchPurposeError(key)
    return row


def _wording(number: int, purpose: models.Purpose, shown: Shown) -> models.Wording:
    row = models.Wording.objects.filter(Q(purpose=purpose) & Q(shown=shown), pk=number).first()
    if row is None:
        raise ValidationError(_("Choose the wording that was shown."))
    return row
