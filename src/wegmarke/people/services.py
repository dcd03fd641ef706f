"""What can be done about who is who: learn from messages, join, separate, take back. Each is one transaction.

`by` needs the role of an editor or of a data protection officer, else `NotAllowedError`;
None is the system itself.
"""

from __future__ import annotations

from collections import Counter
from hashlib import blake2b
from typing import TYPE_CHECKING, Final, TypeVar

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from wegmarke.people.contracts import Kind, NoSuchFactError, NotByHandError, NotPossibleError
from wegmarke.people.models import Fact, State
from wegmarke.team.contracts import PERSONS, require_role

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from wegmarke.people.contracts import SeenLink
    from wegmarke.team.models import User

Item = TypeVar("Item")

MOST_REASON: Final = 500
MOST_IDENTIFIER: Final = 300
AT_ONCE: Final = 500
"""So many keys are asked for in one query."""


@transaction.atomic
def learn(links: Iterable[SeenLink], *, now: datetime) -> int:
    """Keep what new messages say of two identifiers; return how many facts are new.

    The same two again, in a message of the same kind and source, count up. Called inside the transaction in
    which the messages become part of the log, so each counts exactly once; only one process moves messages.
    An identifier no database can hold (a NUL, more than 300 characters) is linked with nobody.
    """
    seen: Counter[str] = Counter()
    by_key: dict[str, SeenLink] = {}
    for link in links:
        if link.one != link.other and _fits(link.one) and _fits(link.other):
            key = _key(link)
            by_key.setdefault(key, link)
            seen[key] += link.messages
    known: set[str] = set()
    for some in _pieces(by_key):
        known |= {key or "" for key in Fact.objects.filter(key__in=some).values_list("key", flat=True)}
    new = [_row(key, link, seen[key], now) for key, link in by_key.items() if key not in known]
    Fact.objects.bulk_create(new)
    _count_up({key: seen[key] for key in by_key if key in known}, now)
    if new:
        _changed()
    return len(new)


@transaction.atomic
def join(one: str, other: str, *, by: User | None, reason: str, now: datetime) -> int:
    """Say that two identifiers are one person; return the number of the fact.

    Raises `NotPossibleError` where they are the same identifier, none at all, or already joined or separated
    by hand; `ValidationError` without a reason.
    """
    require_role(by, *PERSONS)
    return _decide(Kind.JOIN, one, other, by=by, reason=reason, now=now)


@transaction.atomic
def separate(one: str, other: str, *, by: User | None, reason: str, now: datetime) -> int:
    """Say that two identifiers are not one person, whatever messages say; else as `join`."""
    require_role(by, *PERSONS)
    return _decide(Kind.SEPARATION, one, other, by=by, reason=reason, now=now)


@transaction.atomic
def undo(fact: int, *, by: User | None, now: datetime) -> None:
    """Take back what was done by hand; a second time changes nothing.

    Raises `NoSuchFactError`, and `NotByHandError` for what messages said: that is overruled by a separation.
    """
    require_role(by, *PERSONS)
    row = Fact.objects.filter(pk=fact).first()
    if row is None:
        raise NoSuchFactError(fact)
    if not Kind(row.kind).by_hand:
        raise NotByHandError(_("What messages say cannot be taken back. Separate the two instead."))
    if Fact.objects.filter(pk=fact, withdrawn_at=None).update(withdrawn_at=now, withdrawn_by=by):
        _changed()


@transaction.atomic
def forget_facts(numbers: Iterable[int]) -> int:
    """Delete facts for good, as erasure and retention have to; return how many. The only way a fact goes."""
    gone = sum(Fact.objects.filter(pk__in=some).delete()[0] for some in _pieces(numbers))
    if gone:
        _changed()
    return gone


def _count_up(messages: Mapping[str, int], now: datetime) -> None:
    """Add messages to facts by their key: plain SQL, for the ORM has no cheap way to add to many rows."""
    at = connection.ops.adapt_datetimefield_value(now)
    statement = "UPDATE people_fact SET messages = messages + %s, last_at = %s WHERE key = %s"
    if messages:
        with connection.cursor() as cursor:
            cursor.executemany(statement, [(count, at, key) for key, count in messages.items()])


def _decide(  # noqa: PLR0913 - all but the two by keyword
    kind: Kind, one: str, other: str, *, by: User | None, reason: str, now: datetime
) -> int:
    """Write down a decision between two identifiers about which none stands."""
    reason = reason.replace("\0", "").strip()
    if not reason:
        raise ValidationError(_("Say why, for whoever reads it later."))
    if len(reason) > MOST_REASON:
        raise ValidationError(_("The reason is too long."))
    if not one or not other or not _fits(one) or not _fits(other):
        raise NotPossibleError(_("Two ids are needed."))
    if one == other:
        raise NotPossibleError(_("These are the same id."))
    _changed()  # locks the number, so that of two decisions about the same two one sees the other
    standing = Fact.objects.filter(
        Q(one=one, other=other) | Q(one=other, other=one),
        kind__in=[Kind.JOIN, Kind.SEPARATION],
        withdrawn_at=None,
    ).first()
    if standing is not None:
        raise NotPossibleError(
            _("These two were joined by hand. Take that back first.")
            if standing.kind == Kind.JOIN
            else _("These two were separated by hand. Take that back first.")
        )
    row = Fact(kind=kind, one=one, other=other, by=by, reason=reason, made_at=now, last_at=now)
    row.save(force_insert=True)
    return row.pk


def _fits(identifier: str) -> bool:
    return len(identifier) <= MOST_IDENTIFIER and "\0" not in identifier


def _changed() -> None:
    """Move the number of the state on; facts of one state never change."""
    if not State.objects.filter(pk=1).update(number=F("number") + 1):
        State.objects.bulk_create([State(pk=1, number=0)], ignore_conflicts=True)
        State.objects.filter(pk=1).update(number=F("number") + 1)


def _key(link: SeenLink) -> str:
    said = "\0".join((link.one, link.other, link.kind, str(link.source)))
    return blake2b(said.encode(), digest_size=16).hexdigest()


def _row(key: str, link: SeenLink, messages: int, now: datetime) -> Fact:
    return Fact(
        kind=link.kind,
        one=link.one,
        other=link.other,
        key=key,
        source=link.source,
        source_name=link.source_name,
        messages=messages,
        made_at=now,
        last_at=now,
    )


def _pieces(keys: Iterable[Item]) -> Iterable[list[Item]]:
    listed = list(keys)
    return (listed[at : at + AT_ONCE] for at in range(0, len(listed), AT_ONCE))
