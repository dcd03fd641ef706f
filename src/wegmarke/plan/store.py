"""Versions in the database: written as what they changed, read as a whole."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from wegmarke.plan import parts
from wegmarke.plan.models import Item, Version

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.db.models import QuerySet

    from wegmarke.plan.contracts import Plan
    from wegmarke.team.models import User

KEPT_IN_MEMORY = 16
Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Signed:
    """Who changes the plan (None: the system), when and why."""

    by: User | None
    now: datetime
    comment: str


def newest() -> Version | None:
    """Return the newest version, or None before the first one."""
    return Version.objects.select_related("saved_by").first()


def plan_at(version: Version) -> Plan:
    """Return the plan of a version; kept in memory, because every page asks for it."""
    return _plan_at(version.number, version.token)


@lru_cache(maxsize=KEPT_IN_MEMORY)
def _plan_at(number: int, token: str) -> Plan:  # noqa: ARG001 - the token tells databases apart
    rows = _holding(number).values_list("kind", "key", "content")
    return parts.plan_of({(kind, key): json.loads(content) for kind, key, content in rows})


def _holding(number: int) -> QuerySet[Item]:
    return Item.objects.filter(Q(until=None) | Q(until__gt=number), since__lte=number)


def write(plan: Plan, before: Plan | None, *, basis: int | None, signed: Signed) -> Version:
    """Write the next version as the parts that differ from the one before.

    `basis` None makes the version its own basis. Must run inside a transaction that has the newest version
    locked, or none exists.
    """
    last = newest()
    number = last.number + 1 if last else 1
    version = Version.objects.create(
        number=number,
        basis=basis or number,
        saved_at=signed.now,
        saved_by=signed.by,
        comment=signed.comment,
    )
    old = {} if before is None else parts.exact_parts(before)
    new = parts.exact_parts(plan)
    ended = [place for place, content in old.items() if new.get(place) != content]
    for kind in {kind for kind, _key in ended}:
        keys = [key for other, key in ended if other == kind]
        Item.objects.filter(kind=kind, key__in=keys, until=None).update(until=version)
    Item.objects.bulk_create(
        Item(kind=kind, key=key, content=content, since=version)
        for (kind, key), content in new.items()
        if old.get((kind, key)) != content
    )
    return version


def states_of(kind: str, key: str) -> tuple[tuple[Version, dict[str, Any] | None], ...]:
    """Return each state one part ever had with the version that brought it, oldest first; None is absence."""
    rows = list(
        Item.objects.filter(kind=kind, key=key)
        .select_related("since__saved_by", "until__saved_by")
        .order_by("since_id")  # by number: "since" alone would follow the order of versions, newest first
    )
    found: list[tuple[Version, dict[str, Any] | None]] = []
    for at, row in enumerate(rows):
        found.append((row.since, json.loads(row.content)))
        goes_on = at + 1 < len(rows) and rows[at + 1].since_id == row.until_id
        if row.until is not None and not goes_on:
            found.append((row.until, None))
    return tuple(found)


def states_at(numbers: Sequence[int]) -> dict[int, tuple[dict[Place, Any], dict[Place, Any]]]:
    """Return, by version, the states of parts it ended and the states it brought."""
    found: dict[int, tuple[dict[Place, Any], dict[Place, Any]]] = {number: ({}, {}) for number in numbers}
    rows = Item.objects.filter(Q(since__in=numbers) | Q(until__in=numbers))
    for kind, key, content, since, until in rows.values_list("kind", "key", "content", "since", "until"):
        state = json.loads(content)
        if until in found:
            found[until][0][kind, key] = state
        if since in found:
            found[since][1][kind, key] = state
    return found
