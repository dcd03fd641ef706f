"""What can be asked about access: who may be meant, the requests, what each store tells of whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.crypto import salted_hmac

from wegmarke.people.access.contracts import AccessState, Asked, Candidate, NoSuchRequestError, due
from wegmarke.people.access.tables import AccessRequest
from wegmarke.people.erasure import queries as erasure

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from datetime import datetime

    from wegmarke.team.models import User


def asked(text: str, *, ticked: Collection[str] = (), now: datetime) -> Asked:
    """Say who may be meant by an id as its sender writes it, and what is held of whom.

    With nothing ticked, what is known to be the person with exactly this id is.
    """
    found, own = erasure.candidates(text)
    chosen = set(ticked) or own
    return Asked(
        tuple(Candidate(one, one in chosen) for one in found),
        erasure.held_of([one for one in found if one in chosen], now=now),
    )


def requests(*, limit: int = 100) -> tuple[AccessState, ...]:
    """Return the requests: those to be answered first, the most urgent of them first, then the newest."""
    rows = AccessRequest.objects.select_related("noted_by", "made_by", "delivered_by")
    to_answer = rows.filter(delivered_at=None, erased_at=None).order_by("asked_on", "pk")[:limit]
    answered = rows.exclude(delivered_at=None, erased_at=None)[:limit]
    return tuple(map(_state, [*to_answer, *answered][:limit]))


def request(number: int) -> AccessState:
    """Return one request; raises `NoSuchRequestError`."""
    rows = AccessRequest.objects.select_related("noted_by", "made_by", "delivered_by")
    row = rows.filter(pk=number).first()
    if row is None:
        raise NoSuchRequestError(number)
    return _state(row)


def naming(identifiers: Iterable[str]) -> Iterator[AccessRequest]:
    """Yield the requests that were about any of some identifiers, answered or not, in their order."""
    wanted = {digest(one) for one in identifiers}
    for row in AccessRequest.objects.order_by("pk").iterator(500):
        if wanted & set(row.digests):
            yield row


def digest(identifier: str) -> str:
    """Return the keyed hash that stays of an identifier once its request was answered."""
    return salted_hmac("wegmarke.people.access", identifier, algorithm="sha256").hexdigest()


def _state(row: AccessRequest) -> AccessState:
    return AccessState(
        id=row.pk,
        asked_on=row.asked_on,
        due_on=due(row.asked_on),
        language=row.language,
        reference=row.reference,
        noted_at=row.noted_at,
        noted_by=_name(row.noted_by),
        identifiers=tuple(row.identifiers),
        digests=tuple(row.digests),
        made_at=row.made_at,
        made_by=_name(row.made_by),
        delivered_at=row.delivered_at,
        delivered_by=_name(row.delivered_by),
        erased_at=row.erased_at,
    )


def _name(of: User | None) -> str:
    return of.get_full_name() if of else ""
