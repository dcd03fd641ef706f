"""What mostly happens in another phase than the plan says. Pure; the method: docs/methods/placement.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wegmarke.analysis.journeys import StartedBy
from wegmarke.atlas.audit.contracts import Finding, Kind, Severity
from wegmarke.atlas.lived_places import OUTSIDE, lived_places

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wegmarke.atlas.audit.contracts import Ground

LEAST_PERSONS = 30
"""Touchpoints fewer persons met are not judged."""


def lived_elsewhere(ground: Ground) -> Iterator[Finding]:
    """Find touchpoints that demonstrably happen in another phase of the leading journey than planned.

    Where the company starts the contact it comes at the wrong time; where customers do, or nobody knows, it
    may as well be the plan that is wrong, which matters less.
    """
    if ground.analysis is None or not ground.plan.journeys:
        return
    journey = ground.plan.journeys[0]
    lived = lived_places(ground.plan, journey, ground.analysis) or {}
    for one in ground.live:
        place, planned = lived.get(one.key), journey.place_of(one)
        if place is None or planned is None or not place.elsewhere or place.persons < LEAST_PERSONS:
            continue
        if place.phase not in (OUTSIDE, planned.key):
            severity = Severity.MEDIUM if one.started_by is StartedBy.COMPANY else Severity.LOW
            values = {"place": place, "planned": planned.key}
            yield Finding(Kind.LIVED_ELSEWHERE, severity, (one.key,), values=values, field="phases")
