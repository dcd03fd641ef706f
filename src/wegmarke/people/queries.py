"""What can be asked about who is who: the state, the resolution, facts about somebody."""

from __future__ import annotations

from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Final

from django.db.models import Q

from wegmarke.people.contracts import (
    SAYS,
    Claim,
    Conflict,
    Fact,
    Facts,
    Kind,
    Member,
    OpenConflict,
    PersonShown,
    Resolution,
    Says,
)
from wegmarke.people.identifiers import KNOWN, VISITOR
from wegmarke.people.models import Fact as FactRow
from wegmarke.people.models import State
from wegmarke.people.rules import resolve
from wegmarke.people.said import told

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from django.db.models import QuerySet

    from wegmarke.record.contracts import Persons


AT_ONCE: Final = 50_000


def state() -> int:
    """Return the number of the state of the facts: another number, other facts; 0 before the first."""
    return State.objects.filter(pk=1).values_list("number", flat=True).first() or 0


def resolution() -> Resolution:
    """Say who is who by the facts in force; each process works it out once for each state."""
    return _resolved(state())


@lru_cache(maxsize=1)
def _resolved(_state: int) -> Resolution:
    """Resolve the facts, which may be newer than the state asked for but never older."""
    return resolve(_facts())


def forget() -> None:
    """Forget what was worked out; for tests and after a restore."""
    _resolved.cache_clear()


def persons() -> Persons:
    """Return the persons of several identifiers, as journeys are built by them."""
    return resolution().persons()


def _facts() -> Facts:
    rows = FactRow.objects.filter(withdrawn_at=None).order_by().values_list("pk", "kind", "one", "other")
    says = {kind.value: int(SAYS.get(kind, Says.SEEN)) for kind in Kind}
    read = ((pk, says[kind], one, other) for pk, kind, one, other in rows.iterator(AT_ONCE))
    parts = []
    while len(part := Facts.of(islice(read, AT_ONCE))):  # a million rows at once would take half a gigabyte
        parts.append(part)
    return Facts.together(parts)


def facts_about(identifiers: Iterable[str], *, limit: int = 200) -> tuple[Fact, ...]:
    """Return the facts that name any of some identifiers, withdrawn ones too, the newest first."""
    return _shown(_naming(identifiers).order_by("-pk")[:limit])


def decisions(*, limit: int = 200) -> tuple[Fact, ...]:
    """Return what was done by hand, taken back or not, the newest first."""
    rows = FactRow.objects.filter(kind__in=[kind for kind in Kind if kind.by_hand])
    return _shown(rows.order_by("-pk")[:limit])


def conflicts(*, limit: int = 50) -> tuple[OpenConflict, ...]:
    """Return what only a person can decide, in the order in which it came up."""
    found = resolution()
    return _with_claims(found, found.conflicts[:limit])


def person(identifier: str, *, limit: int = 200) -> PersonShown:
    """Return the person an identifier belongs to; one nobody ever named has no facts."""
    found = resolution()
    name = found.person_of(identifier)
    identifiers = found.members(name)
    own = set(identifiers[:limit])
    rows = _naming(own).filter(withdrawn_at=None)
    seen = list(rows.order_by().values_list("one", "other", "messages", "made_at", "last_at"))
    open_ones = [one for one in found.conflicts if own & {*one.identifiers, *one.persons}]
    facts = facts_about(own, limit=limit)
    return PersonShown(
        name=name,
        members=tuple(_member(one, seen) for one in identifiers[:limit]),
        conflicts=_with_claims(found, open_ones[:limit]),
        facts=facts,
        shortened=len(identifiers) > limit or len(facts) == limit,
    )


def _member(identifier: str, seen: Sequence[tuple[str, str, int, datetime, datetime]]) -> Member:
    own = [row for row in seen if identifier in row[:2]]
    return Member(
        identifier,
        sum(row[2] for row in own),
        min((row[3] for row in own), default=None),
        max((row[4] for row in own), default=None),
    )


def _with_claims(found: Resolution, chosen: Sequence[Conflict]) -> tuple[OpenConflict, ...]:
    """Add what speaks for each person: the messages that named one of the identifiers and one of theirs."""
    listed = {identifier for one in chosen for identifier in one.identifiers}
    rows = _naming(listed).filter(withdrawn_at=None, key__isnull=False)
    named: dict[str, list[tuple[str, int, datetime]]] = {one: [] for one in listed}
    for one, other, messages, last_at in rows.order_by().values_list("one", "other", "messages", "last_at"):
        for own, theirs in ((one, other), (other, one)):
            if own in named:
                named[own].append((theirs, messages, last_at))
    whose = found.persons_of(theirs for seen in named.values() for theirs, _messages, _at in seen)
    return tuple(
        OpenConflict(
            one.why,
            one.identifiers,
            _claims(one, [(whose[theirs], n, at) for own in one.identifiers for theirs, n, at in named[own]]),
        )
        for one in chosen
    )


def _claims(conflict: Conflict, seen: Sequence[tuple[str, int, datetime]]) -> tuple[Claim, ...]:
    claims = []
    for name in conflict.persons:
        own = [(messages, last_at) for theirs, messages, last_at in seen if theirs == name]
        last = max((last_at for _messages, last_at in own), default=None)
        claims.append(Claim(name, sum(messages for messages, _at in own), last))
    return tuple(sorted(claims, key=lambda claim: -claim.messages))


def _naming(identifiers: Iterable[str]) -> QuerySet[FactRow]:
    listed = list(identifiers)
    return FactRow.objects.filter(Q(one__in=listed) | Q(other__in=listed))


def _shown(rows: QuerySet[FactRow]) -> tuple[Fact, ...]:
    return tuple(_fact(row) for row in rows.select_related("by", "withdrawn_by"))


def _fact(row: FactRow) -> Fact:
    return Fact(kind=Kind(row.kind), one=row.one, other=row.other, **told(row))


def found(text: str, *, limit: int = 20) -> Sequence[str]:
    """Return identifiers that facts name and that begin with a text, as their sender wrote them."""
    names: set[str] = set()
    for column in ("one", "other"):
        matching = Q()
        for begin in begins(text):
            matching |= Q(**{f"{column}__startswith": begin})
        rows = FactRow.objects.filter(matching).order_by(column).values_list(column, flat=True)
        names |= set(rows.distinct()[:limit])
    return sorted(names)[:limit]


def begins(text: str) -> tuple[str, ...]:
    """Return how identifiers may begin whose sender wrote an id that begins with a text."""
    text = text.replace("\0", "")
    return text, f"{VISITOR}{text}", f"{KNOWN}{text}"
