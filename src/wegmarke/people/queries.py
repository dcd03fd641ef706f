"""What can be asked about who is who: the state, the resolution, facts about somebody."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from django.db.models import Q

from wegmarke.people.contracts import SAYS, Fact, Facts, Kind, Resolution, Says
from wegmarke.people.identifiers import KNOWN, VISITOR
from wegmarke.people.models import Fact as FactRow
from wegmarke.people.models import State
from wegmarke.people.rules import resolve

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.db.models import QuerySet

    from wegmarke.record.contracts import Persons


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
    return Facts.of((pk, says[kind], one, other) for pk, kind, one, other in rows.iterator(10_000))


def facts_about(identifiers: Iterable[str], *, limit: int = 200) -> tuple[Fact, ...]:
    """Return the facts that name any of some identifiers, withdrawn ones too, the newest first."""
    listed = list(identifiers)
    rows = FactRow.objects.filter(Q(one__in=listed) | Q(other__in=listed))
    return _shown(rows.order_by("-pk")[:limit])


def decisions(*, limit: int = 200) -> tuple[Fact, ...]:
    """Return what was done by hand, taken back or not, the newest first."""
    rows = FactRow.objects.filter(kind__in=[kind for kind in Kind if kind.by_hand])
    return _shown(rows.order_by("-pk")[:limit])


def _shown(rows: QuerySet[FactRow]) -> tuple[Fact, ...]:
    return tuple(_fact(row) for row in rows.select_related("by", "withdrawn_by"))


def _fact(row: FactRow) -> Fact:
    return Fact(
        number=row.pk,
        kind=Kind(row.kind),
        one=row.one,
        other=row.other,
        source=row.source_name,
        messages=row.messages,
        made_at=row.made_at,
        last_at=row.last_at,
        by=row.by.get_username() if row.by else "",
        reason=row.reason,
        withdrawn_at=row.withdrawn_at,
        withdrawn_by=row.withdrawn_by.get_username() if row.withdrawn_by else "",
    )


def found(text: str, *, limit: int = 20) -> Sequence[str]:
    """Return identifiers that facts name and that begin with a text, as their sender wrote them."""
    begins = [text, f"{VISITOR}{text}", f"{KNOWN}{text}"]
    names: set[str] = set()
    for column in ("one", "other"):
        matching = Q(**{f"{column}__startswith": begins[0]})
        for begin in begins[1:]:
            matching |= Q(**{f"{column}__startswith": begin})
        rows = FactRow.objects.filter(matching).order_by(column).values_list(column, flat=True)
        names |= set(rows.distinct()[:limit])
    return sorted(names)[:limit]
